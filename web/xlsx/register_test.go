package xlsx

import (
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"aixin/models"
)

// The workbook as a township really sends it: titles above, columns moved about
// and added, full-width digits, dates of every kind, merged cells, formulas and
// a total below.
func TestReadSloppyWorkbook(t *testing.T) {
	gu, ma := idFor("1958-03-02", 11), idFor("2017-05-09", 12)
	f := workbookOf(t,
		sheetOf{"干部", [][]any{
			{"崆峒区结对干部名册(2026年)"},
			{},
			{"序号", "单位", "姓 名*", "手机号码", "所属地区", "备注", "职务", "专业(普通/教师/医护/心理/基层)"},
			{1, "峡门乡人民政府", "王　敏", "１９９００００１２３４", "甘肃省平凉市崆峒区峡门乡", "老同志", "干事", ""},
			{2, nil, "马 明", 19900005678, "平凉市", "", "", "老师"},
			{},
			{"序号", "单位", "姓名", "手机号", "所属地区"},
			{3, "第一小学", "尉迟航", "+86 199-0000-9999", "崆峒区 / 峡门乡", "", "", "心理"},
			{"合计", nil, "3人"},
		}},
		sheetOf{"关爱对象", [][]any{
			{"姓名", "身份证号", "类别", "供养方式", "所属地区", "住址", "别名", "监护人姓名", "监护人手机号", "需求"},
			{"谷军", gu, "特困人员", "分散", "崆峒区/峡门乡/吴坡村", "三社", "老谷、谷叔", "", "", "房顶\n漏雨"},
			{" 马海龙\n", " " + ma + " ", "孤儿;困难重度残疾人", "—", nil, "", "海龙,龙龙", "王桂兰", "19900000001", ""},
			{"合计:2人"},
			{"填表人:张三", "审核:李四"},
		}},
		sheetOf{"结对关系", [][]any{
			{"开始日期", "干部手机号", "关爱对象身份证号", "条线", "本年已联系", "本年已走访", "本年已办实事", "截至日"},
			{time.Date(2023, 5, 25, 0, 0, 0, 0, time.UTC), "19900001234", gu, "结对", 1, "１", "0", "2026/6/30"},
			{"2025年3月1日", nil, ma, "", nil, nil, nil, nil},
			{"20250301", "19900005678", ma, "帮学助教", nil, nil, nil, nil},
			{"二〇二五年十二月二十五日", "19900005678", ma, "医疗康复", nil, nil, nil, nil},
			{"开学那天", "19900005678", ma, "心理抚慰", nil, nil, nil, nil},
		}},
	)
	must(t, f.MergeCell("干部", "A1", "H1"))
	must(t, f.MergeCell("干部", "B4", "B5"))
	must(t, f.MergeCell("结对关系", "B2", "B3"))
	must(t, f.SetCellFormula("关爱对象", "E3", `"崆峒区/"&"峡门乡/"&TRIM(" 吴坡村 ")`))
	must(t, f.SetCellFormula("结对关系", "A6", `DATE(2025,9,1)`)) // over a text, whose place in the file stays
	reg := read(t, bytesOf(t, f))

	if len(reg.Cadres) != 3 || len(reg.Recipients) != 2 || len(reg.Pairings) != 5 {
		t.Fatalf("read %d cadres, %d recipients, %d pairings", len(reg.Cadres), len(reg.Recipients), len(reg.Pairings))
	}
	for _, r := range []remarks{
		reg.Cadres[0].remarks, reg.Cadres[1].remarks, reg.Cadres[2].remarks,
		reg.Recipients[0].remarks, reg.Recipients[1].remarks, reg.Pairings[0].remarks, reg.Pairings[1].remarks, reg.Pairings[2].remarks,
	} {
		equal(t, "faults", r.Faults, []Fault{})
	}
	wang, ming, hang := reg.Cadres[0], reg.Cadres[1], reg.Cadres[2]
	equal(t, "wang", []any{wang.Row, wang.Name, wang.Phone, wang.Unit, wang.Post, wang.Region, codes(wang.Warnings)},
		[]any{4, "王敏", "19900001234", "峡门乡人民政府", "干事", "崆峒区/峡门乡", "I114"})
	equal(t, "ming", []any{ming.Row, ming.Name, ming.Phone, ming.Unit, ming.Region, ming.Speciality, codes(ming.Warnings)},
		[]any{5, "马明", "19900005678", "峡门乡人民政府", "平凉市", models.SpecialityTeacher, "I114"})
	equal(t, "hang", []any{hang.Row, hang.Name, hang.Phone, hang.Unit, hang.Region, hang.Speciality, codes(hang.Warnings)},
		[]any{8, "尉迟航", "19900009999", "第一小学", "崆峒区/峡门乡", models.SpecialityCounsellor, ""})

	jun, long := reg.Recipients[0], reg.Recipients[1]
	equal(t, "jun", []any{jun.Name, jun.IDNumber, jun.Birth.Time().Year(), jun.Categories, jun.CareMode, jun.Region, jun.Aliases, jun.Needs, jun.Warnings},
		[]any{"谷军", gu, 1958, []models.Category{models.CategoryExtremePoverty}, models.CareModeScattered, "崆峒区/峡门乡/吴坡村", []string{"老谷", "谷叔"}, "房顶 漏雨", []Fault{}})
	equal(t, "long", []any{long.Name, long.IDNumber, long.Categories, long.CareMode, long.Region, long.Aliases, long.GuardianName, long.GuardianPhone, long.GuardianKind, codes(long.Warnings)},
		[]any{"马海龙", ma, []models.Category{models.CategoryOrphan, models.CategorySevereDisability}, models.CareMode(""), "崆峒区/峡门乡/吴坡村", []string{"海龙", "龙龙"}, "王桂兰", "19900000001", models.ContactGuardian, "I114"})

	one, two, three := reg.Pairings[0], reg.Pairings[1], reg.Pairings[2]
	equal(t, "one", []any{one.CadreRow, one.RecipientRow, one.Line, string(one.From), *one.OpeningContacts, *one.OpeningVisits, *one.OpeningHelps, string(one.OpeningAsOf)},
		[]any{4, 2, models.LinePairing, "2023-05-25", 1, 1, 0, "2026-06-30"})
	equal(t, "two", []any{two.CadrePhone, two.CadreRow, two.RecipientRow, string(two.From), two.OpeningVisits == nil, codes(two.Warnings)},
		[]any{"19900001234", 4, 3, "2025-03-01", true, "I114"})
	equal(t, "in words, and worked out", []string{string(reg.Pairings[3].From), string(reg.Pairings[4].From)}, []string{"2025-12-25", "2025-09-01"})
	equal(t, "three", []any{three.CadreRow, three.Line, string(three.From)}, []any{5, models.LineTutoring, "2025-03-01"})
	equal(t, "opening columns", reg.OpeningColumns, true)
	equal(t, "ignored", reg.Ignored, []IgnoredRow{{"干部", 7}, {"干部", 9}, {"关爱对象", 4}, {"关爱对象", 5}})
}

// Sheets without the proper names are known by their headings; sheets named in
// a kindred way by their names.
func TestFindSheets(t *testing.T) {
	headings := []any{"姓名", "手机号", "单位", "所属地区"}
	row := []any{"王敏", "19900001234", "峡门乡人民政府", "平凉市"}
	for _, name := range []string{"Sheet1", "附件1.干部名册", " 干 部 ", "干部花名册"} {
		reg := read(t, bytesOf(t, workbookOf(t, sheetOf{name, [][]any{headings, row}})))
		equal(t, name, len(reg.Cadres), 1)
	}
	reg := read(t, bytesOf(t, workbookOf(t, sheetOf{"通讯录", [][]any{headings, row}}, sheetOf{"关爱对象", [][]any{{"姓名", "身份证号", "类别", "所属地区"}}})))
	equal(t, "a telephone list beside the register", len(reg.Cadres), 0)
}

// A number stored as a number keeps its digits where the file kept them.
func TestNumbersAsNumbers(t *testing.T) {
	f := workbookOf(t, sheetOf{"关爱对象", [][]any{
		{"姓名", "身份证号", "类别", "供养方式", "所属地区", "出生日期"},
		{"谷军", 6.20899195803021e17, "其他", "", "崆峒区", nil},
		{"高有才", nil, "其他", "", "崆峒区", 21246},
		{"邓福生", nil, "其他", "", "崆峒区", "1958.3.2"},
	}})
	reg := read(t, bytesOf(t, f))
	equal(t, "lost digits", codes(reg.Recipients[0].Faults), CodeIDNumber)
	equal(t, "serial birth", string(reg.Recipients[1].Birth), "1958-03-02")
	equal(t, "text birth", string(reg.Recipients[2].Birth), "1958-03-02")

	date1904 := true
	must(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &date1904}))
	reg = read(t, bytesOf(t, f))
	equal(t, "serial birth since 1904", string(reg.Recipients[1].Birth), "1962-03-03")
}

func TestParseRegion(t *testing.T) {
	for _, c := range []struct {
		in, want string
		ok       bool
	}{
		{"崆峒区/峡门乡/吴坡村", "崆峒区/峡门乡/吴坡村", true},
		{"崆峒区/峡门乡/吴坡村", "崆峒区/峡门乡/吴坡村", true},
		{"平凉市/崆峒区/峡门乡", "崆峒区/峡门乡", true},
		{"甘肃省平凉市静宁县城关镇西关社区", "静宁县/城关镇/西关社区", true},
		{"甘肃省 / 平凉市 / 灵台县", "灵台县", true},
		{"崆峒区东关街道", "崆峒区/东关街道", true},
		{"华亭县/东华镇", "华亭市/东华镇", true},
		{"平凉市", "平凉市", true},
		{"甘肃省平凉市", "平凉市", true},
		{"甘肃省", "", false},
		{"崆桐区/峡门乡", "", false},
		{"兰州市/城关区", "", false},
		{"", "", false},
		{"崆峒区/a/b/c/d", "崆峒区/a/b/c/d", false},
	} {
		got, ok := ParseRegion(c.in)
		if got != c.want || ok != c.ok {
			t.Errorf("%q: got %q %v, want %q %v", c.in, got, ok, c.want, c.ok)
		}
	}
	equal(t, "nearest", NearestRegions("平凉市/崆桐区/峡门乡/吴坡村", []string{"静宁县/城关镇", "崆峒区/峡门乡/吴坡村", "崆峒区/峡门乡"}, 3),
		[]string{"崆峒区/峡门乡/吴坡村", "崆峒区", "崆峒区/峡门乡"})
}

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"谷军", "谷君", true},
		{"欧阳春梅", "欧阳梅", true},
		{"张伟", "张玮", true},
		{"马海龙", "马海虎", false},
		{"王敏", "王芳", false},
		{"李", "李明", false},
		{"马小龙", "马大龙", false},
	} {
		if Alike(c.a, c.b) != c.want || Alike(c.b, c.a) != c.want {
			t.Errorf("%s %s: want %v", c.a, c.b, c.want)
		}
	}
}

// The words that are read are those that the service writes elsewhere, and what
// an office adds to its lists is read from its day on.
func TestWordsAgree(t *testing.T) {
	for name, v := range models.SpecialityNames {
		if got, ok := specialities.find(name); name != "" && (got != v || !ok) {
			t.Errorf("%s: got %q %v", name, got, ok)
		}
	}
	lists := models.ShippedLists()
	added, err := lists.Change(models.Choice{List: models.ListCategory, Name: "安置帮教人员", Others: "安帮,帮教对象", FromDay: "2026-12-01"}, today)
	must(t, err)
	gone, err := lists.Change(models.Choice{List: models.ListCategory, Code: string(models.CategoryOther), Name: "其他", FromDay: "2026-12-01", Gone: true}, today)
	must(t, err)
	lists = append(lists, added, gone)
	for _, c := range []struct {
		word       string
		on         models.Day
		want       models.Category
		understood bool
	}{
		{"五保户", "2026-11-30", models.CategoryExtremePoverty, true},
		{"安置帮教人员", "2026-11-30", "", false},
		{"帮教对象", "2026-12-01", models.Category(added.Code), true},
		{"其他", "2026-11-30", models.CategoryOther, true},
		{"其他", "2026-12-01", "", false},
	} {
		got, ok := wordsOf(lists, c.on).categories.find(c.word)
		equal(t, c.word+" "+string(c.on), []any{got, ok}, []any{c.want, c.understood})
	}
}
