package xlsx

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"

	"aixin/models"
)

// adultAge is where childhood ends; until schoolAge at school it may go on.
const (
	adultAge  = 18
	schoolAge = 25
	// maxTwins bounds the comparing where a whole sheet has one birthday.
	maxTwins = 20
	// sharedPhones people may have the same guardian's phone without a question.
	sharedPhones = 3
)

func (p *RecipientRow) is(c models.Category) bool { return slices.Contains(p.Categories, c) }

func (p *RecipientRow) minor(today models.Day) bool {
	return p.Birth != "" && age(p.Birth, today) < adultAge
}

// checkAge holds the age against the categories for children.
func (p *RecipientRow) checkAge(today models.Day) {
	if p.Birth == "" || !p.is(models.CategoryOrphan) && !p.is(models.CategoryDeFactoUnattended) {
		return
	}
	switch years := age(p.Birth, today); {
	case years >= schoolAge:
		p.fault(CodeAge, fmt.Sprintf("已经 %d 岁,不能再按孤儿或事实无人抚养儿童登记,请改类别。", years))
	case years >= adultAge:
		p.warning(CodeAge, fmt.Sprintf("已满18(%d 岁),仍在读请忽略,不在读请改类别。", years))
	}
}

// checkLevel holds the level of disability against the category; it is looked at
// and not kept.
func (p *RecipientRow) checkLevel(level string) {
	severe := strings.ContainsAny(level, "一二12") || strings.Contains(level, "重")
	mild := strings.ContainsAny(level, "三四34")
	switch {
	case level == "" || severe == mild:
	case p.is(models.CategorySevereDisability) && mild:
		p.warning(CodeDisability, fmt.Sprintf("类别是困难重度残疾人,残疾等级写的是“%s”;重度一般是一级、二级,请照残疾证核对。", level))
	case severe && len(p.Categories) > 0 && !p.is(models.CategorySevereDisability):
		p.warning(CodeDisability, fmt.Sprintf("残疾等级写的是“%s”,类别里没有困难重度残疾人,请看要不要加上。", level))
	}
}

var institutions = []string{"福利院", "敬老院", "养老院", "服务中心", "供养中心", "托养", "救助站", "医院", "学校"}

// checkGuardian finds out who the guardian is and whether that can be.
func (p *RecipientRow) checkGuardian(today models.Day) {
	switch {
	case p.GuardianName == "" && p.minor(today):
		p.fault(CodeMissing, "不满 18 岁要写监护人姓名,住机构的写机构名称。")
	case p.GuardianName == "" && p.GuardianPhone != "":
		p.fault(CodeMissing, "有监护人手机号,监护人姓名没填,请补上。")
	case p.GuardianName == "":
	case p.GuardianName == p.Name || p.GuardianName == "本人":
		if p.minor(today) {
			p.fault(CodeGuardian, "监护人写成了孩子本人,请写照管孩子的大人或机构。")
			return
		}
		p.GuardianName, p.GuardianKind = p.Name, models.ContactSelf
		p.warning(CodeGuardian, "监护人写的是本人,已记作本人电话;另有监护人请改。")
	case slices.ContainsFunc(institutions, func(word string) bool { return strings.Contains(p.GuardianName, word) }):
		p.GuardianKind = models.ContactInstitution
	default:
		p.GuardianKind = models.ContactGuardian
	}
}

func (reg *Register) checkCadres() {
	first := map[string]int{}
	known := reg.knownRegions()
	for i := range reg.Cadres {
		c := &reg.Cadres[i]
		known.suggest(&c.remarks)
		if c.Phone == "" {
			continue
		}
		if row := first[c.Phone]; row > 0 {
			c.fault(CodeDuplicate, fmt.Sprintf("手机号和第 %d 行重复,请留一行。", row))
		} else if !c.bad() { // a row that is refused makes no later one a copy
			first[c.Phone] = c.Row
		}
	}
}

func (reg *Register) checkRecipients(today models.Day) {
	ids, numbers := map[string]int{}, map[string]int{}
	phones, minors := map[string]int{}, map[string]int{}
	known := reg.knownRegions()
	for i := range reg.Recipients {
		p := &reg.Recipients[i]
		known.suggest(&p.remarks)
		if p.GuardianPhone != "" {
			phones[p.GuardianPhone]++
		}
		if p.minor(today) {
			minors[p.Name+p.Region] = p.Row
		}
	}
	for i := range reg.Recipients {
		p := &reg.Recipients[i]
		if n := phones[p.GuardianPhone]; n > sharedPhones && p.GuardianKind != models.ContactInstitution {
			p.warning(CodePhone, fmt.Sprintf("监护人手机号有 %d 个人共用,确是同一位监护人请忽略。", n))
		}
		if row := minors[p.GuardianName+p.Region]; row > 0 && p.GuardianKind == models.ContactGuardian {
			p.fault(CodeGuardian, fmt.Sprintf("监护人是第 %d 行的未成年人,请写照管的大人或机构。", row))
		}
		switch {
		case p.IDNumber != "" && ids[p.IDNumber] > 0:
			p.fault(CodeDuplicate, fmt.Sprintf("身份证号和第 %d 行重复,请留一行。", ids[p.IDNumber]))
		case p.Number != "" && numbers[p.Number] > 0:
			p.fault(CodeDuplicate, fmt.Sprintf("编号和第 %d 行重复,请改一个。", numbers[p.Number]))
		case !p.bad(): // a row that is refused makes no later one a copy
			if p.IDNumber != "" {
				ids[p.IDNumber] = p.Row
			}
			if p.Number != "" {
				numbers[p.Number] = p.Row
			}
		}
	}
	reg.checkSimilar()
}

// checkSimilar looks for one person written twice: born on the same day in the
// same village, with names that sound alike or lack a character.
func (reg *Register) checkSimilar() {
	type cradle struct {
		birth  models.Day
		region string
	}
	born := map[cradle][]int{}
	for i := range reg.Recipients {
		p := &reg.Recipients[i]
		if p.Birth == "" || p.Region == "" || p.Name == "" {
			continue
		}
		key := cradle{p.Birth, p.Region}
		twins := born[key]
		for _, j := range twins[max(0, len(twins)-maxTwins):] {
			q := &reg.Recipients[j]
			if p.IDNumber != "" && p.IDNumber == q.IDNumber {
				continue // said already
			}
			if Alike(p.Name, q.Name) {
				p.warning(CodeSimilar, fmt.Sprintf("和第 %d 行同村、同一天出生、名字相近,请看是不是同一个人。", q.Row))
				break
			}
		}
		born[key] = append(born[key], i)
	}
}

// Alike tells whether two names may be one person's: they sound the same, or one
// lacks a character of the other.
func Alike(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) == len(y) {
		return a == b || sound(a) == sound(b)
	}
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) != 1 || len(x) < 2 {
		return false
	}
	i := 0
	for _, r := range y {
		if i < len(x) && x[i] == r {
			i++
		}
	}
	return i == len(x)
}

func sound(name string) string {
	args := pinyin.NewArgs()
	args.Fallback = func(r rune, _ pinyin.Args) []string { return []string{string(r)} }
	return strings.Join(pinyin.LazyPinyin(name, args), " ")
}

func (reg *Register) checkPairings() {
	cadres := map[string]*CadreRow{}
	byID, byNumber := reg.recipientRows()
	for i := range reg.Cadres {
		if c := &reg.Cadres[i]; c.Phone != "" && (cadres[c.Phone] == nil || cadres[c.Phone].bad()) {
			cadres[c.Phone] = c
		}
	}
	type namesake struct{ phone, name string }
	names := map[namesake][]*PairingRow{}
	for i := range reg.Pairings {
		p := &reg.Pairings[i]
		who := byID[p.RecipientID]
		if p.RecipientID == "" {
			who = byNumber[p.RecipientNumber]
		}
		c := cadres[p.CadrePhone]
		if c != nil {
			p.CadreRow = c.Row
		}
		if who != nil {
			p.RecipientRow = who.Row
			if who.GuardianPhone != "" && who.GuardianPhone == p.CadrePhone {
				p.fault(CodeGuardian, fmt.Sprintf("这位干部的手机号就是第 %d 行的监护人手机号,干部不能给自己的监护对象结对,请核对。", who.Row))
			}
			if p.From != "" && p.From < who.Birth {
				p.fault(CodeDates, "开始日期早于对象的出生日期,请核对。")
			}
		}
		if who != nil && !p.bad() {
			n := namesake{p.CadrePhone, who.Name}
			if !slices.ContainsFunc(names[n], func(q *PairingRow) bool { return q.RecipientRow == who.Row }) {
				names[n] = append(names[n], p)
			}
		}
	}
	for _, same := range slices.SortedFunc(maps.Values(names), func(a, b []*PairingRow) int { return a[0].Row - b[0].Row }) {
		for _, p := range same[1:] {
			p.warning(CodeSameName, fmt.Sprintf("这位干部名下有同名的对象(见第 %d 行),请在“别名”里各写一个叫法。", same[0].Row))
		}
	}
}

// regions are the townships and villages that this file has right, and what was
// suggested for the ones it has wrong.
type regions struct {
	known     []string
	suggested map[string]string
}

func (reg *Register) knownRegions() *regions {
	seen := map[string]bool{}
	for i := range reg.Cadres {
		seen[reg.Cadres[i].Region] = true
	}
	for i := range reg.Recipients {
		seen[reg.Recipients[i].Region] = true
	}
	delete(seen, "")
	delete(seen, CityName)
	return &regions{slices.Sorted(maps.Keys(seen)), map[string]string{}}
}

// suggest turns the unknown region that a row noted into a sentence.
func (g *regions) suggest(r *remarks) {
	for i := range r.Faults {
		f := &r.Faults[i]
		if f.Code != CodeRegion {
			continue
		}
		nearest, ok := g.suggested[f.Text]
		if !ok {
			nearest = strings.Join(NearestRegions(f.Text, g.known, 3), "、")
			g.suggested[f.Text] = nearest
		}
		f.Text = fmt.Sprintf("地区“%s”不认识,是不是 %s?要写成 崆峒区/峡门乡/吴坡村 这样。", f.Text, nearest)
	}
}
