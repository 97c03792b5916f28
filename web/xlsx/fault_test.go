package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"aixin/models"
)

// planted is a row with the codes that must come out of it, and no others.
type planted struct {
	cells            []any
	faults, warnings string
}

func rowsOf(headings []any, rows []planted) [][]any {
	out := [][]any{headings}
	for _, r := range rows {
		out = append(out, r.cells)
	}
	return out
}

var cadreHeadings = []any{"姓名", "手机号", "单位", "职务", "所属地区", "专业"}

var plantedCadres = []planted{
	{[]any{"王敏", "19900000001", "峡门乡人民政府", "", "崆峒区/峡门乡", "基层"}, "", ""},
	{[]any{"", "19900000002", "峡门乡人民政府", "", "崆峒区/峡门乡", ""}, "I101", ""},
	{[]any{"马明", "", "", "", "崆峒区/峡门乡", ""}, "I101 I101", ""},
	{[]any{"马明", "1990000000", "城关小学", "", "平凉市", "教师"}, "I113", ""},
	{[]any{"马明", "29900000003", "城关小学", "", "平凉市", "教师"}, "I113", ""},
	{[]any{"高峰", "19900000004", "城关小学", "", "平凉市", "司机"}, "I122", ""},
	{[]any{"高2", "19900000005", "城关小学", "", "平凉市", ""}, "I122", ""},
	{[]any{"慕容雪", "19900000001", "城关小学", "", "平凉市", ""}, "I106", ""},
	{[]any{"慕容雪", "19900000006", "城关小学", "", "崆桐区/峡门乡", ""}, "I105", ""},
	{[]any{"慕容雪", "19900000007", "城关小学", "", "", ""}, "I101", ""},
	{[]any{"慕容霜", "１９９００００００８８", "城关小学", "", "平凉市", ""}, "", "I114"},
	{[]any{"王兰", "19900000009", "峡门乡人民政府", "", "崆峒区/峡门乡", ""}, "", ""},
}

var recipientHeadings = []any{"姓名", "身份证号", "编号", "出生日期", "类别", "供养方式", "所属地区", "监护人姓名", "监护人手机号"}

const village = "崆峒区/峡门乡/吴坡村"

var plantedRecipients = []planted{
	{[]any{"谷军", idFor("1958-03-02", 1), "", "", "特困人员", "分散", village, "", ""}, "", ""},
	{[]any{"马海龙", idFor("2017-05-09", 2), "", "", "孤儿", "—", village, "王桂兰", "19911110001"}, "", ""},
	// 4
	{[]any{"高有才", "620899195803020019", "", "", "其他", "", village, "", ""}, "I102", ""},
	{[]any{"高有才", "62089919580302001", "", "", "其他", "", village, "", ""}, "I102", ""},
	{[]any{"高有才", "620899580302001", "", "", "其他", "", village, "", ""}, "I102", ""},
	{[]any{"高有才", idFor("1958-13-02", 3), "", "", "其他", "", village, "", ""}, "I103", ""},
	{[]any{"高有才", idFor("2027-01-01", 3), "", "", "其他", "", village, "", ""}, "I103", ""},
	{[]any{"高有才", idFor("1960-01-01", 3), "", "1960-01-02", "其他", "", village, "", ""}, "I103", ""},
	{[]any{"高有才", idFor("1960-01-03", 4), "", "2月30日", "其他", "", village, "", ""}, "I103", ""},
	{[]any{"高有才", idFor("1960-01-04", 5), "", "农历正月初三", "其他", "", village, "", ""}, "I118", ""},
	// 12
	{[]any{"安小宝", idFor("2006-01-01", 6), "", "", "孤儿", "", village, "安大", ""}, "", "I104"},
	{[]any{"安大宝", idFor("2000-01-01", 7), "", "", "事实无人抚养儿童", "", village, "安大", ""}, "I104", ""},
	{[]any{"谷军", idFor("1958-03-02", 1), "", "", "特困人员", "分散", village, "", ""}, "I106", ""},
	{[]any{"谷君", idFor("1958-03-02", 8), "", "", "特困人员", "分散", village, "", ""}, "", "I108"},
	{[]any{"马小虎", idFor("2017-06-09", 9), "", "", "孤儿", "", village, "", ""}, "I101", ""},
	{[]any{"马小燕", idFor("2017-07-09", 10), "", "", "孤儿", "", village, "马小燕", "19911110002"}, "I116", ""},
	{[]any{"马小梅", idFor("2017-08-09", 11), "", "", "孤儿", "", village, "马海龙", "19911110003"}, "I116", ""},
	{[]any{"秦兰", idFor("1980-08-09", 12), "", "", "困难重度残疾人", "", village, "本人", "19911110004"}, "", "I116"},
	{[]any{"秦兰兰", idFor("1981-08-09", 13), "", "", "困难重度残疾人", "", village, "", "19911110004"}, "I101", ""},
	{[]any{"秦岭", idFor("1982-08-09", 14), "", "", "困难重度残疾人", "", village, "秦川", "0933821234"}, "I113", ""},
	// 22
	{[]any{"脱秀芳", "", "", "", "其他", "", village, "", ""}, "", "I101"},
	{[]any{"脱秀英", "", "K-7", "", "其他", "", village, "", ""}, "", "I101"},
	{[]any{"脱秀莲", "", "K-7", "", "其他", "", village, "", ""}, "I106", "I101"},
	{[]any{"卯玲玲", idFor("1990-08-09", 15), "", "", "贫困户", "", village, "", ""}, "I122", ""},
	{[]any{"卯玲玲", idFor("1990-08-10", 16), "", "", "", "半集中", village, "", ""}, "I101 I122", ""},
	{[]any{"卯玲", idFor("1991-08-10", 17), "", "", "特困人员", "", village, "", ""}, "", "I101"},
	{[]any{"卯珑", idFor("1992-08-10", 18), "", "", "其他", "", "峡门乡/吴坡村", "", ""}, "I105", ""},
	{[]any{"卯珑", "", "K-8", "1992年8月10日", "其他", "", village, "", ""}, "", "I101 I114"},
	// 30: one phone for four
	{[]any{"王一", idFor("2015-01-01", 19), "", "", "孤儿", "", "静宁县/城关镇", "王奶奶", "19911110009"}, "", "I113"},
	{[]any{"王二", idFor("2016-01-01", 20), "", "", "孤儿", "", "静宁县/城关镇", "王奶奶", "19911110009"}, "", "I113"},
	{[]any{"王三", idFor("2017-01-01", 21), "", "", "孤儿", "", "静宁县/城关镇", "王奶奶", "19911110009"}, "", "I113"},
	{[]any{"王四", idFor("2018-01-01", 22), "", "", "孤儿", "", "静宁县/城关镇", "王奶奶", "19911110009"}, "", "I113"},
	// 34: a child whose guardian is a cadre, and a namesake of row 2 elsewhere
	{[]any{"王小兰", idFor("2018-02-01", 23), "", "", "孤儿", "集中", "静宁县/城关镇", "王兰", "19900000009"}, "", ""},
	{[]any{"谷军", idFor("1970-02-01", 24), "", "", "其他", "", "静宁县/城关镇", "", ""}, "", ""},
	{[]any{"福小", idFor("2019-02-01", 25), "", "", "孤儿", "集中", "崆峒区", "平凉市儿童福利院", ""}, "", ""},
}

var pairingHeadings = []any{"干部手机号", "关爱对象身份证号", "编号", "条线", "开始日期", "本年已联系", "本年已走访", "本年已办实事", "截至日"}

var plantedPairings = []planted{
	{[]any{"19900000001", idFor("1958-03-02", 1), "", "结对", "2023-05-25", 1, 2, 0, "2026-06-30"}, "", ""},
	{[]any{"19900000001", idFor("1958-03-02", 1), "", "", "2023-05-25"}, "", ""},
	{[]any{"19900000009", idFor("1958-03-02", 1), "", "结对", "2024-05-25"}, "", ""},
	{[]any{"19900000009", idFor("1958-03-02", 1), "", "亲情关怀", "2024-05-25"}, "", ""},
	{[]any{"", idFor("2017-05-09", 2), "", "", ""}, "I101 I101", ""},
	{[]any{"19900000001", "", "", "", "2024-05-25"}, "I101", ""},
	{[]any{"19900000001", idFor("2017-05-09", 2), "", "", "2027-01-01"}, "I112", ""},
	{[]any{"19900000001", idFor("2015-01-01", 19), "", "", "2014-01-01"}, "I112", ""},
	{[]any{"19900000001", idFor("2016-01-01", 20), "", "", "去年春天"}, "I112", ""},
	{[]any{"19900000001", idFor("2017-01-01", 21), "", "", "腊月二十三"}, "I118", ""},
	{[]any{"19900000001", idFor("2018-01-01", 22), "", "", "2026-03-01", 1, 1, 1, "2026-02-01"}, "I112", ""},
	{[]any{"19900000001", idFor("1992-01-01", 26), "", "", "2026-03-01", "两次", nil, nil, "2026-06-01"}, "I122", ""},
	{[]any{"19900000001", idFor("1992-01-01", 27), "", "陪伴", "2026-03-01"}, "I122", ""},
	{[]any{"19900000001", "", "K-7", "", "2026-03-01", 2, nil, nil, nil}, "", "I101"},
	{[]any{"1990000", "", "K-8", "", "2026-03-01"}, "I113", ""},
	{[]any{"19900000009", idFor("2018-02-01", 23), "", "", "2026-03-01"}, "I116", ""},
	{[]any{"19900000001", idFor("1970-02-01", 24), "", "", "2026.3.1"}, "", "I114 I121"},
	{[]any{"19900000001", "62089919580302", "", "", "2026-03-01"}, "I102", ""},
}

func plantedWorkbook(t testing.TB) *excelize.File {
	return workbookOf(t,
		sheetOf{"干部", rowsOf(cadreHeadings, plantedCadres)},
		sheetOf{"关爱对象", rowsOf(recipientHeadings, plantedRecipients)},
		sheetOf{"结对关系", rowsOf(pairingHeadings, plantedPairings)})
}

// Every code that a workbook can give away by itself is planted; each is found
// and none is invented.
func TestPlantedFaults(t *testing.T) {
	reg := read(t, bytesOf(t, plantedWorkbook(t)))
	check := func(sheet string, i, row int, want planted, got remarks) {
		t.Helper()
		equal(t, fmt.Sprintf("%s row", sheet), row, i+2)
		if codes(got.Faults) != want.faults || codes(got.Warnings) != want.warnings {
			t.Errorf("%s row %d:\n got %v | %v\nwant %s | %s", sheet, row, got.Faults, got.Warnings, want.faults, want.warnings)
		}
		for _, f := range append(got.Faults, got.Warnings...) {
			if strings.Count(f.Text, "。")+strings.Count(f.Text, "?") == 0 || f.Text == "" {
				t.Errorf("%s row %d: no sentence: %q", sheet, row, f.Text)
			}
		}
	}
	equal(t, "rows", []int{len(reg.Cadres), len(reg.Recipients), len(reg.Pairings)}, []int{len(plantedCadres), len(plantedRecipients), len(plantedPairings)})
	for i, c := range reg.Cadres {
		check("干部", i, c.Row, plantedCadres[i], c.remarks)
	}
	for i, p := range reg.Recipients {
		check("关爱对象", i, p.Row, plantedRecipients[i], p.remarks)
	}
	for i, p := range reg.Pairings {
		check("结对关系", i, p.Row, plantedPairings[i], p.remarks)
	}
	text := reg.Cadres[8].Faults[0].Text
	if !strings.Contains(text, "崆桐区/峡门乡") || !strings.Contains(text, "是不是 崆峒区/峡门乡、") || strings.Count(text, "、") != 2 {
		t.Errorf("three suggestions: %s", text)
	}
	if text := reg.Cadres[7].Faults[0].Text; !strings.Contains(text, "第 2 行") {
		t.Errorf("a duplicate names its row: %s", text)
	}
}

// Whatever is wrong with a file as a whole ends in one sentence.
func TestFileErrors(t *testing.T) {
	zipOf := func(name string, size int64, fill string) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		e, err := w.Create(name)
		must(t, err)
		block := []byte(strings.Repeat(fill, 1<<20))
		for n := int64(0); n < size; n += int64(len(block)) {
			_, err = e.Write(block)
			must(t, err)
		}
		must(t, w.Close())
		return b.Bytes()
	}
	good := bytesOf(t, plantedWorkbook(t))
	without := func(headings []any, drop string) []byte {
		var kept []any
		for _, h := range headings {
			if h != drop {
				kept = append(kept, h)
			}
		}
		return bytesOf(t, workbookOf(t, sheetOf{"关爱对象", [][]any{{"标题"}, kept, {"谷军"}}}))
	}
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"text", []byte("姓名,手机号\n王敏,19900000001\n"), "不是 Excel 工作簿"},
		{"nothing", nil, "不是 Excel 工作簿"},
		{"another zip", zipOf("readme.txt", 10, "x"), "不是 Excel 工作簿"},
		{"half a workbook", good[:len(good)/2], "不是 Excel 工作簿"},
		{"old workbook", append([]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}, make([]byte, 4096)...), ".xls"},
		{"password", bytesOf(t, plantedWorkbook(t), excelize.Options{Password: "secret"}), "密码"},
		{"bomb", zipOf("xl/worksheets/sheet1.xml", 200<<20, " "), "太大"},
		{"bomb of styles", zipOf("xl/styles.xml", 9<<20, " "), "太大"},
		{"bomb of strings", zipOf("xl/sharedStrings.xml", 7<<20, "<"), "太大"},
		{"no sheet", bytesOf(t, workbookOf(t, sheetOf{"汇总", [][]any{{"一", "二"}}})), "三张表"},
		{"no category", without(recipientHeadings, "类别"), "缺“类别”这一列"},
		{"no heading", bytesOf(t, workbookOf(t, sheetOf{"干部", [][]any{{"王敏", "19900000001"}}})), "没找到标题行"},
		{"two alike", bytesOf(t, workbookOf(t, sheetOf{"干部", [][]any{{"姓名", "手机号", "手机号", "单位", "所属地区"}}})), "两列都叫“手机号”"},
		{"pairing of nobody", bytesOf(t, workbookOf(t, sheetOf{"结对关系", [][]any{{"干部手机号", "开始日期"}, {"1", "2"}}})), "缺“关爱对象身份证号”"},
	} {
		_, err := ReadRegister(bytes.NewReader(c.file), int64(len(c.file)), today, models.ShippedLists())
		if _, ok := err.(FileError); !ok || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want …%s…", c.name, err, c.want)
		}
	}
	if _, err := ReadRegister(bytes.NewReader(good), 1<<30, today, models.ShippedLists()); err != errFileSize {
		t.Errorf("1 GiB: got %v", err)
	}
}

func TestTooManyRows(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	must(t, f.SetSheetName("Sheet1", "干部"))
	sw, err := f.NewStreamWriter("干部")
	must(t, err)
	must(t, sw.SetRow("A1", cadreHeadings))
	for i := range MaxRows + 1 {
		must(t, sw.SetRow(fmt.Sprintf("A%d", i+2), []any{"王敏", fmt.Sprint(19900000000 + i), "单位", "", "平凉市"}))
	}
	must(t, sw.Flush())
	file := bytesOf(t, f)
	_, err = ReadRegister(bytes.NewReader(file), int64(len(file)), today, models.ShippedLists())
	if err == nil || !strings.Contains(err.Error(), "超过 50000 行") {
		t.Errorf("got %v", err)
	}
}
