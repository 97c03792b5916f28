package xlsx

import (
	"fmt"
	"strings"
	"unicode"

	"aixin/models"
)

// The words of the sheets and what they mean, the proper word first.
var (
	specialities = choices[models.Speciality]{
		{"普通", models.SpecialityNone, nil},
		{"教师", models.SpecialityTeacher, []string{"老师", "教育"}},
		{"医护", models.SpecialityMedic, []string{"医生", "护士", "医疗", "医务"}},
		{"心理", models.SpecialityCounsellor, []string{"心理咨询", "心理咨询师"}},
		{"基层", models.SpecialityGrassroots, []string{"基层干部", "网格员", "驻村干部", "村干部"}},
	}
	noCareMode = choice[models.CareMode]{"—", "", []string{"-", "--", "——", "–", "/", "无", "不适用"}}
)

// words are those that the office's lists have on a day.
type words struct {
	categories choices[models.Category]
	careModes  choices[models.CareMode]
	lines      choices[models.Line]
}

func wordsOf(ls models.Lists, on models.Day) *words {
	return &words{
		offered[models.Category](ls, models.ListCategory, on), append(offered[models.CareMode](ls, models.ListCareMode, on), noCareMode),
		offered[models.Line](ls, models.ListLine, on),
	}
}

func offered[T ~string](ls models.Lists, list models.ListName, on models.Day) (out choices[T]) {
	for _, c := range ls.On(list, on) {
		out = append(out, choice[T]{c.Name, T(c.Code), c.OtherNames()})
	}
	return out
}

type choice[T any] struct {
	word   string
	value  T
	others []string
}

type choices[T any] []choice[T]

func (cs choices[T]) find(word string) (value T, ok bool) {
	for _, c := range cs {
		if word == c.word {
			return c.value, true
		}
		for _, other := range c.others {
			if word == other {
				return c.value, true
			}
		}
	}
	return value, false
}

func (cs choices[T]) words() string {
	var out []string
	for _, c := range cs {
		out = append(out, c.word)
	}
	return strings.Join(out, "、")
}

// choose reads a cell that has a fixed set of words; an empty one is the zero value.
func choose[T any](l *line, r *remarks, name string, cs choices[T]) (value T) {
	s := packed(l.text(name))
	if s == "" {
		return value
	}
	value, ok := cs.find(s)
	if !ok {
		r.fault(CodeNotAllowed, fmt.Sprintf("%s“%s”不认识,请从这些里选:%s。", name, s, cs.words()))
	}
	return value
}

// must reads a compulsory cell.
func (l *line) must(r *remarks, name string) string {
	s := l.text(name)
	if s == "" {
		r.fault(CodeMissing, name+"没填,请补上。")
	}
	return s
}

// name reads a person's name; people space out names of two characters.
func (l *line) name(r *remarks, heading string) string {
	s := packed(l.must(r, heading))
	if strings.ContainsFunc(s, unicode.IsDigit) {
		r.fault(CodeNotAllowed, heading+"里有数字,请只写名字。")
	}
	return s
}

// phone reads a phone number; "" where there is none or a wrong one.
func (l *line) phone(r *remarks, name, s string) string {
	if s == "" {
		return ""
	}
	number, ok := phone(s)
	if !ok {
		r.fault(CodePhone, name+"不对,要 11 位、1 开头的手机号。")
		return ""
	}
	return number
}

// date reads a date; code is the fault where it cannot be read.
func (l *line) date(r *remarks, name, code string, today models.Day) models.Day {
	s := l.text(name)
	if s == "" {
		return ""
	}
	if lunarDate.MatchString(s) {
		r.fault(CodeLunar, fmt.Sprintf("%s“%s”像是农历,请换成公历,写成 2025-03-01 这样。", name, s))
		return ""
	}
	d, repaired, ok := l.wb.day(s)
	switch {
	case !ok:
		r.fault(code, fmt.Sprintf("%s“%s”读不出是哪一天,请写成 2025-03-01 这样。", name, s))
		return ""
	case d > today:
		r.fault(code, fmt.Sprintf("%s %s 还没到,请核对。", name, string(d)))
		return ""
	case repaired:
		l.repaired = append(l.repaired, fmt.Sprintf("“%s”读作 %s", name, string(d)))
	}
	return d
}

// region reads a region; the suggestions for an unknown one come when all rows
// are known.
func (l *line) region(r *remarks) (path string) {
	s := l.must(r, headRegion)
	if s == "" {
		return ""
	}
	path, ok := ParseRegion(s)
	if !ok {
		r.fault(CodeRegion, s)
		return ""
	}
	return path
}

func (l *line) tidied(r *remarks) {
	if len(l.repaired) > 0 {
		r.warning(CodeRepaired, "已自动整理:"+strings.Join(l.repaired, ";")+"。请看一眼对不对。")
	}
}

func (l *line) cadre() (c CadreRow) {
	c.Row = l.row
	c.Name = l.name(&c.remarks, headName)
	c.Phone = l.phone(&c.remarks, headPhone, l.must(&c.remarks, headPhone))
	c.Unit = packed(l.must(&c.remarks, headUnit))
	c.Post = l.text(headPost)
	c.Region = l.region(&c.remarks)
	c.Speciality = choose(l, &c.remarks, headSpeciality, specialities)
	l.tidied(&c.remarks)
	return c
}

func (l *line) recipient(today models.Day) (p RecipientRow) {
	r := &p.remarks
	p.Row = l.row
	p.Name = l.name(r, headName)
	p.Number = packed(l.text(headNumber))
	l.identity(&p, today)
	p.Region = l.region(r)
	p.Address = l.text(headAddress)
	p.Aliases = list(strings.ReplaceAll(l.text(headAliases), " ", "、"))
	p.Needs = l.text(headNeeds)
	p.Household = packed(l.text(headHousehold))
	p.Correction = l.text(headCorrection)
	p.BirthLunar = strings.ContainsAny(l.text(headCalendar), "农阴")
	p.CareMode = choose(l, r, headCareMode, l.wb.words.careModes)
	for _, word := range list(l.must(r, headCategories)) {
		c, ok := l.wb.words.categories.find(word)
		if !ok {
			r.fault(CodeNotAllowed, fmt.Sprintf("类别“%s”不认识,请从这些里选:%s。", word, l.wb.words.categories.words()))
			continue
		}
		if !p.is(c) {
			p.Categories = append(p.Categories, c)
		}
	}
	if p.is(models.CategoryExtremePoverty) && p.CareMode == "" && !p.bad() {
		r.warning(CodeMissing, "特困人员请写明供养方式(分散或集中),不写就不安排每周看望。")
	}
	p.GuardianName = packed(l.text(headGuardian))
	p.GuardianPhone = l.phone(r, headGuardianPhone, l.text(headGuardianPhone))
	p.checkLevel(packed(l.text(headLevel)))
	p.checkAge(today)
	p.checkGuardian(today)
	l.tidied(r)
	return p
}

// identity reads the id number and the day of birth, which must agree.
func (l *line) identity(p *RecipientRow, today models.Day) {
	r := &p.remarks
	column := l.date(r, headBirth, CodeBirth, today)
	p.Birth = column
	s := l.text(headID)
	if s == "" || strings.Trim(s, "-—无/") == "" {
		text := "没有身份证号,会给一个临时编号,有证了请补上。"
		if p.Number != "" {
			text = "没有身份证号,先按编号认人,有证了请补上。"
		}
		r.warning(CodeMissing, text)
		return
	}
	number, problem := idNumber(s)
	if problem != "" {
		r.fault(CodeIDNumber, problem+"。")
		return
	}
	birth, ok := birthOf(number)
	if !ok || birth > today || age(birth, today) > 120 {
		r.fault(CodeBirth, "身份证号里的出生日期不对,请照证件核对。")
		return
	}
	if column != "" && column != birth {
		r.fault(CodeBirth, fmt.Sprintf("出生日期写的是 %s,身份证号里是 %s,请照证件改成一致。", string(column), string(birth)))
	}
	p.IDNumber, p.Birth = number, birth
}

func (l *line) pairing(today models.Day) (p PairingRow) {
	r := &p.remarks
	p.Row = l.row
	p.CadrePhone = l.phone(r, headCadrePhone, l.must(r, headCadrePhone))
	p.RecipientID, p.RecipientNumber = l.whom(r)
	p.Line = choose(l, r, headLine, l.wb.words.lines)
	if l.text(headLine) == "" {
		p.Line = models.LinePairing
	}
	if l.text(headFrom) == "" {
		r.fault(CodeMissing, headFrom+"没填,请补上。")
	}
	p.From = l.date(r, headFrom, CodeDates, today)
	l.opening(&p, today)
	l.tidied(r)
	return p
}

// opening reads the figures from before the service began here.
func (l *line) opening(p *PairingRow, today models.Day) {
	r := &p.remarks
	for _, figure := range []struct {
		name string
		into **int
	}{
		{headOpenedContacts, &p.OpeningContacts}, {headOpenedVisits, &p.OpeningVisits}, {headOpenedHelps, &p.OpeningHelps},
	} {
		s := l.text(figure.name)
		if s == "" {
			continue
		}
		n, ok := count(s)
		if !ok {
			r.fault(CodeNotAllowed, fmt.Sprintf("%s“%s”要写成数字,比如 2。", figure.name, s))
			continue
		}
		*figure.into = &n
	}
	if s := l.text(headOpenedAsOf); s != "" && strings.Trim(s, "-—–/") == "" {
		p.OpeningNone = true
	} else {
		p.OpeningAsOf = l.date(r, headOpenedAsOf, CodeDates, today)
	}
	known := p.OpeningContacts != nil || p.OpeningVisits != nil || p.OpeningHelps != nil
	if known && p.OpeningAsOf == "" && !p.bad() {
		p.OpeningAsOf = today
		r.warning(CodeMissing, fmt.Sprintf("%s没填,已有的次数按截至 %s 算。", headOpenedAsOf, string(today)))
	}
	if p.OpeningAsOf != "" && p.OpeningAsOf < p.From {
		r.fault(CodeDates, fmt.Sprintf("截至日 %s 早于开始日期 %s,前后颠倒了,请核对。", string(p.OpeningAsOf), string(p.From)))
	}
}
