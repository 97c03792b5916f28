// Package xlsx reads the register workbook and writes workbooks: the same
// workbook with a result for each row, the template, and lists of activities.
// It knows no database and no clock.
package xlsx

import (
	"io"

	"aixin/models"
)

// The headings of the register workbook.
const (
	headName           = "姓名"
	headPhone          = "手机号"
	headUnit           = "单位"
	headPost           = "职务"
	headRegion         = "所属地区"
	headSpeciality     = "专业"
	headID             = "身份证号"
	headNumber         = "编号"
	headBirth          = "出生日期"
	headCalendar       = "生日历法"
	headLevel          = "残疾等级"
	headCategories     = "类别"
	headCareMode       = "供养方式"
	headAddress        = "住址"
	headAliases        = "别名"
	headGuardian       = "监护人姓名"
	headGuardianPhone  = "监护人手机号"
	headNeeds          = "需求"
	headHousehold      = "户编号"
	headCorrection     = "更正说明"
	headCadrePhone     = "干部手机号"
	headRecipientID    = "关爱对象身份证号"
	headLine           = "条线"
	headFrom           = "开始日期"
	headOpenedContacts = "本年已联系"
	headOpenedVisits   = "本年已走访"
	headOpenedHelps    = "本年已办实事"
	headOpenedAsOf     = "截至日"
)

var (
	cadreForm = &form{"干部", []column{
		{headName, []string{"干部姓名", "结对干部", "名字"}, true},
		{headPhone, []string{"手机号码", "手机", "联系电话", "电话", "干部手机号"}, true},
		{headUnit, []string{"工作单位", "所在单位", "帮扶单位", "单位名称"}, true},
		{headPost, []string{"职务职级", "岗位"}, false},
		{headRegion, []string{"地区", "所属区划", "所在地区"}, true},
		{headSpeciality, []string{"专业特长", "专业类别"}, false},
	}}
	recipientForm = &form{"关爱对象", []column{
		{headName, []string{"对象姓名", "关爱对象", "关爱对象姓名", "名字"}, true},
		{headID, []string{"身份证号码", "公民身份号码", "证件号码", "身份证", "关爱对象身份证号"}, true},
		{headNumber, []string{"对象编号", "关爱对象编号"}, false},
		{headBirth, []string{"出生年月日", "生日", "出生年月"}, false},
		{headCategories, []string{"对象类别", "关爱对象类别", "人员类别"}, true},
		{headCareMode, []string{"供养形式"}, false},
		{headRegion, []string{"地区", "所属区划", "所在地区"}, true},
		{headAddress, []string{"家庭住址", "详细住址", "地址", "家庭地址"}, false},
		{headAliases, []string{"称呼", "小名"}, false},
		{headGuardian, []string{"监护人", "监护人或机构"}, false},
		{headGuardianPhone, []string{"监护人电话", "监护人联系电话", "监护人手机号码", "监护人手机"}, false},
		{headNeeds, []string{"需求情况", "主要需求"}, false},
		{headHousehold, []string{"户号", "户籍编号"}, false},
		{headCalendar, []string{"历法", "生日按"}, false},
		{headLevel, []string{"残疾级别", "残疾证等级"}, false},
		{headCorrection, []string{"更正原因"}, false},
	}}
	pairingForm = &form{"结对关系", []column{
		{headCadrePhone, []string{"干部手机号码", "结对干部手机号", "干部电话", "干部手机", "手机号"}, true},
		{headRecipientID, []string{"对象身份证号", "关爱对象身份证号码", "身份证号"}, false},
		{headNumber, []string{"关爱对象编号", "对象编号"}, false},
		{headLine, []string{"服务条线", "结对条线"}, false},
		{headFrom, []string{"开始时间", "结对日期", "结对时间", "起始日期"}, true},
		{headOpenedContacts, []string{"已联系"}, false},
		{headOpenedVisits, []string{"已走访"}, false},
		{headOpenedHelps, []string{"已办实事"}, false},
		{headOpenedAsOf, []string{"截至日期", "截止日", "截止日期"}, false},
	}}
	forms = []*form{cadreForm, recipientForm, pairingForm, contactForm, stateForm, deputyForm}
)

// CadreRow is a row of the sheet 干部.
type CadreRow struct {
	Row                             int
	Name, Phone, Unit, Post, Region string
	Speciality                      models.Speciality
	remarks
}

// RecipientRow is a row of the sheet 关爱对象.
type RecipientRow struct {
	Row            int
	Name, IDNumber string
	Number         string // 编号, of those who have no id number
	Birth          models.Day
	Categories     []models.Category
	CareMode       models.CareMode
	Region         string
	Address        string
	Aliases        []string
	GuardianName   string
	GuardianPhone  string
	GuardianKind   models.ContactKind // guardian, institution, or self for grown-ups; "" where there is none
	Needs          string
	Household      string
	Correction     string // why something goes back that only goes forward
	BirthLunar     bool   // the birthday is kept by the lunar calendar
	remarks
}

// PairingRow is a row of the sheet 结对关系. CadreRow and RecipientRow point to
// the row of this file that is meant, 0 where only the register can know.
type PairingRow struct {
	Row                    int
	CadrePhone             string
	RecipientID            string
	RecipientNumber        string
	CadreRow, RecipientRow int
	Line                   models.Line
	From                   models.Day
	OpeningContacts        *int
	OpeningVisits          *int
	OpeningHelps           *int
	OpeningAsOf            models.Day
	OpeningNone            bool // — in the column: nothing was before, as against not known
	remarks
}

// IgnoredRow is a total, a footer or a repeated heading among the rows.
type IgnoredRow struct {
	Sheet string
	Row   int
}

// Register is what a workbook holds.
type Register struct {
	Cadres     []CadreRow
	Recipients []RecipientRow
	Pairings   []PairingRow
	Besides    []BesideRow // of the sheets 联系人, 近况 and 代管
	Ignored    []IgnoredRow
	// OpeningColumns tells that the workbook has the opening figures: a pairing
	// without them is then unknown, not zero (users.md 一.1).
	OpeningColumns bool

	tables map[*form]*table
}

// ReadRegister reads a register workbook by the words of the office's lists and
// checks what needs no register. The error, a FileError where the file is at fault, means that nothing was read;
// what is wrong in a row stands with the row.
func ReadRegister(r io.ReaderAt, size int64, today models.Day, lists models.Lists) (*Register, error) {
	wb, err := open(r, size)
	if err != nil {
		return nil, err
	}
	defer wb.Close()
	wb.words = wordsOf(lists, today)
	reg := &Register{tables: map[*form]*table{}}
	for _, f := range forms {
		t, err := wb.find(f)
		if err != nil {
			return nil, err
		}
		if t == nil {
			continue
		}
		reg.tables[f] = t
		err = t.each(func(l *line) { reg.read(f, l, today) }, func(row int) {
			reg.Ignored = append(reg.Ignored, IgnoredRow{f.name, row})
		})
		if err != nil {
			return nil, err
		}
	}
	if len(reg.tables) == 0 {
		return nil, FileError("这个工作簿里没有“干部”“关爱对象”“结对关系”这三张表,请下载模板照着填。")
	}
	if t := reg.tables[pairingForm]; t != nil {
		reg.OpeningColumns = t.has(headOpenedContacts) || t.has(headOpenedVisits) || t.has(headOpenedHelps)
		if !t.has(headRecipientID) && !t.has(headNumber) {
			return nil, FileError("“结对关系”表缺“关爱对象身份证号”这一列,请补上标题和内容再导入。")
		}
	}
	reg.checkCadres()
	reg.checkRecipients(today)
	reg.checkPairings()
	reg.checkBesides()
	reg.release()
	return reg, nil
}

func (reg *Register) read(f *form, l *line, today models.Day) {
	switch f {
	case cadreForm:
		reg.Cadres = append(reg.Cadres, l.cadre())
	case recipientForm:
		reg.Recipients = append(reg.Recipients, l.recipient(today))
	case pairingForm:
		reg.Pairings = append(reg.Pairings, l.pairing(today))
	default:
		reg.Besides = append(reg.Besides, l.beside(f, today))
	}
}

// release lets go of the workbook: the register outlives it by the whole import.
func (reg *Register) release() {
	for _, t := range reg.tables {
		t.wb, t.merges, t.formulas = nil, nil, nil
	}
}
