package xlsx

import (
	"fmt"
	"strings"

	"aixin/models"
)

// The headings of the sheets that a workbook may have besides.
const (
	headRelation    = "关系"
	headState       = "近况"
	headTo          = "结束日期"
	headDeputyPhone = "代管干部手机号"
)

// whom are the columns by which these sheets name a person.
var whom = []column{
	{headRecipientID, []string{"对象身份证号", "关爱对象身份证号码", "身份证号", "身份证号码"}, false},
	{headNumber, []string{"关爱对象编号", "对象编号"}, false},
}

func besideForm(name string, columns ...column) *form {
	return &form{name, append(append([]column{}, whom...), columns...)}
}

// The names of these sheets.
const (
	SheetContacts = "联系人"
	SheetStates   = "近况"
	SheetDeputies = "代管"
)

var (
	contactForm = besideForm(SheetContacts,
		column{headRelation, []string{"与对象关系", "身份"}, true},
		column{headName, []string{"联系人姓名", "联系人"}, true},
		column{headPhone, []string{"手机号码", "手机", "联系电话", "电话"}, true})
	stateForm = besideForm(SheetStates,
		column{headState, []string{"状态", "情况"}, true},
		column{headFrom, []string{"开始时间", "起"}, true},
		column{headTo, []string{"结束时间", "止", "截至日期"}, false})
	deputyForm = besideForm(SheetDeputies,
		column{headDeputyPhone, []string{"代管人手机号", "代管手机号", "代管干部"}, true},
		column{headFrom, []string{"开始时间", "起"}, true},
		column{headTo, []string{"结束时间", "止"}, true})
)

var (
	kin = choices[models.ContactKind]{
		{"本人", models.ContactSelf, []string{"自己"}},
		{"监护人", models.ContactGuardian, []string{"父亲", "母亲", "爷爷", "奶奶", "外公", "外婆", "祖父", "祖母"}},
		{"亲属", models.ContactRelative, []string{"亲戚", "兄弟", "姐妹", "叔叔", "姑姑", "舅舅", "子女", "儿子", "女儿", "侄子"}},
		{"邻居", models.ContactNeighbour, nil},
		{"村干部", models.ContactVillage, []string{"村支书", "村主任", "网格员", "社区干部"}},
		{"机构", models.ContactInstitution, []string{"照料机构", "福利院", "敬老院", "养老院", "学校"}},
	}
	states = choices[models.State]{
		{"住院", models.StateHospital, []string{"住院治疗"}},
		{"外出", models.StateAway, []string{"外出务工", "务工", "打工", "在外"}},
		{"寄宿", models.StateBoarding, []string{"寄宿在校", "住校", "寄宿上学"}},
		{"羁押", models.StateDetained, []string{"服刑", "在押"}},
	}
)

// BesideRow is a row of the sheets 联系人, 近况 or 代管: what hangs on a person
// besides. Only the fields of its sheet are filled.
type BesideRow struct {
	Place
	RecipientID, RecipientNumber string
	RecipientRow                 int // of this file, 0 where only the register can know
	Relation                     models.ContactKind
	Name, Phone                  string // of the contact
	State                        models.State
	Deputy                       string // telephone number of who stands in
	From, To                     models.Day
	remarks
}

// beside reads a row of one of these sheets.
func (l *line) beside(f *form, today models.Day) (b BesideRow) {
	r := &b.remarks
	b.Place = Place{f.name, l.row}
	b.RecipientID, b.RecipientNumber = l.whom(r)
	switch f {
	case contactForm:
		if b.Relation = choose(l, r, headRelation, kin); l.text(headRelation) == "" {
			r.fault(CodeMissing, headRelation+"没填,请从这些里选:"+kin.words()+"。")
		}
		b.Name, b.Phone = l.name(r, headName), l.phone(r, headPhone, l.text(headPhone))
		if b.Phone == "" && !b.bad() {
			r.warning(CodeMissing, "没有手机号,只记下名字,打不了电话。")
		}
	case stateForm:
		if packed(l.text(headState)) == "去世" || packed(l.text(headState)) == "死亡" {
			r.fault(CodeNotAllowed, "去世不在这里填,请报“对象退出”,原因选亡故。")
		} else if b.State = choose(l, r, headState, states); l.text(headState) == "" {
			r.fault(CodeMissing, headState+"没填,请从这些里选:"+states.words()+"。")
		}
		b.From, b.To = l.from(r, today), l.date(r, headTo, CodeDates, endless)
	case deputyForm:
		b.Deputy = l.phone(r, headDeputyPhone, l.must(r, headDeputyPhone))
		b.From, b.To = l.from(r, endless), l.date(r, headTo, CodeDates, endless)
		if l.text(headTo) == "" {
			r.fault(CodeMissing, "代管要有"+headTo+",到期自动还给原来的干部。")
		}
	}
	if b.From != "" && b.To != "" && b.To < b.From {
		r.fault(CodeDates, fmt.Sprintf("结束日期 %s 早于开始日期 %s,前后颠倒了,请核对。", string(b.To), string(b.From)))
	}
	l.tidied(r)
	return b
}

// endless is the bound of days that may lie ahead.
const endless = models.Day("2999-12-31")

func (l *line) from(r *remarks, latest models.Day) models.Day {
	l.must(r, headFrom)
	return l.date(r, headFrom, CodeDates, latest)
}

// whom reads whom a row is about: by the id number, else by the 编号.
func (l *line) whom(r *remarks) (id, number string) {
	number = packed(l.text(headNumber))
	if s := l.text(headRecipientID); s != "" && strings.Trim(s, "-—无/") != "" {
		read, problem := idNumber(s)
		if problem != "" {
			r.fault(CodeIDNumber, problem+"。")
		}
		return read, number
	}
	if number == "" {
		r.fault(CodeMissing, "关爱对象身份证号没填,请补上;没有证的填“编号”一列。")
	}
	return "", number
}

// cells are a row as WriteRegister writes it.
func (b *BesideRow) cells() map[string]string {
	return map[string]string{
		headRecipientID: b.RecipientID, headNumber: b.RecipientNumber, headRelation: kin.word(b.Relation), headName: b.Name, headPhone: b.Phone,
		headState: states.word(b.State), headDeputyPhone: b.Deputy, headFrom: string(b.From), headTo: string(b.To),
	}
}

// checkBesides finds the persons of this file that the rows mean, and rows that
// say a thing twice.
func (reg *Register) checkBesides() {
	byID, byNumber := reg.recipientRows()
	first := map[string]int{}
	for i := range reg.Besides {
		b := &reg.Besides[i]
		who := byID[b.RecipientID]
		if b.RecipientID == "" {
			who = byNumber[b.RecipientNumber]
		}
		if who != nil {
			b.RecipientRow = who.Row
			if b.Relation == models.ContactGuardian && b.Name == who.Name {
				b.fault(CodeGuardian, "监护人写成了对象本人,关系请选“本人”或写照管的人。")
			}
		}
		if b.bad() {
			continue
		}
		key := fmt.Sprint(b.Sheet, b.RecipientID, "#", b.RecipientNumber, b.Phone, b.State, b.From, b.Deputy)
		if row := first[key]; row > 0 {
			b.fault(CodeDuplicate, fmt.Sprintf("和第 %d 行重复,请留一行。", row))
			continue
		}
		first[key] = b.Row
	}
}

// recipientRows are the rows of the sheet 关爱对象 by id number and by 编号, of
// several the first that is good.
func (reg *Register) recipientRows() (byID, byNumber map[string]*RecipientRow) {
	byID, byNumber = map[string]*RecipientRow{}, map[string]*RecipientRow{}
	for i := range reg.Recipients {
		p := &reg.Recipients[i]
		if p.IDNumber != "" && (byID[p.IDNumber] == nil || byID[p.IDNumber].bad()) {
			byID[p.IDNumber] = p
		}
		if p.Number != "" && (byNumber[p.Number] == nil || byNumber[p.Number].bad()) {
			byNumber[p.Number] = p
		}
	}
	return byID, byNumber
}
