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

// results says that every good row of a register was imported.
func results(reg *Register, outcome Outcome) Results {
	r := Results{Cadres: map[int]Result{}, Recipients: map[int]Result{}, Pairings: map[int]Result{}}
	for _, c := range reg.Cadres {
		r.Cadres[c.Row] = Result{Outcome: outcome}
	}
	for _, p := range reg.Recipients {
		r.Recipients[p.Row] = Result{Outcome: outcome}
	}
	for _, p := range reg.Pairings {
		r.Pairings[p.Row] = Result{Outcome: outcome}
	}
	return r
}

func report(t testing.TB, file []byte, reg *Register, results Results) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, reg.Report(bytes.NewReader(file), int64(len(file)), &b, results))
	return b.Bytes()
}

func cellsOf(t testing.TB, file []byte, sheet string) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	must(t, err)
	defer f.Close()
	rows, err := f.GetRows(sheet)
	must(t, err)
	return rows
}

func TestReport(t *testing.T) {
	f := plantedWorkbook(t)
	// A border far to the right must not end up beside the new cells twice.
	style, err := f.NewStyle(&excelize.Style{Border: []excelize.Border{{Type: "top", Style: 1, Color: "000000"}}})
	must(t, err)
	must(t, f.SetCellStyle("干部", "A1", "J14", style))
	must(t, f.SetSheetRow("干部", "A14", &[]any{"合计", "", "12人"}))
	_, err = f.NewSheet("说明")
	must(t, err)
	must(t, f.SetCellStr("说明", "A1", "别动我"))
	file := bytesOf(t, f)
	reg := read(t, file)
	res := results(reg, OutcomeNew)
	res.Cadres[13] = Result{OutcomeUpdated, []Fault{{CodeCaseload, "名下 9 户,<偏多>。"}}}
	delete(res.Recipients, 3)
	copied := report(t, file, reg, res)

	before, rows := cellsOf(t, file, "干部"), cellsOf(t, copied, "干部")
	equal(t, "heading", rows[0][6:], []string{"结果", "原因"})
	equal(t, "good row", rows[1][6:], []string{"导入"})
	equal(t, "bad row", rows[2][6:], []string{"错误", "I101 姓名没填,请补上。"})
	equal(t, "two reasons", rows[3][7], "I101 手机号没填,请补上。\nI101 单位没填,请补上。")
	equal(t, "the register's reason", rows[12][6:], []string{"更新", "I110 名下 9 户,<偏多>。"})
	equal(t, "total", strings.HasPrefix(rows[13][7], "I119 "), true)
	for i := range before {
		for j, cell := range before[i] {
			equal(t, fmt.Sprintf("cell %d,%d", i, j), rows[i][j], cell)
		}
	}
	equal(t, "a row nobody handled", cellsOf(t, copied, "关爱对象")[2][9:], []string{"错误", "I123 这一行没有处理到,请再导入一次。"})
	equal(t, "other sheet", cellsOf(t, copied, "说明"), [][]string{{"别动我"}})
	seen := map[string]bool{}
	for _, cell := range cellNames(t, copied, "xl/worksheets/sheet1.xml") {
		if seen[cell] {
			t.Errorf("cell %s stands twice", cell)
		}
		seen[cell] = true
	}

	// What comes back has the columns already: they are written anew, in place,
	// and are no data.
	again := read(t, copied)
	equal(t, "cadres read again", again.Cadres[1:], reg.Cadres[1:])
	second := report(t, copied, again, results(again, OutcomeSame))
	rows = cellsOf(t, second, "干部")
	equal(t, "heading again", rows[0][6:], []string{"结果", "原因"})
	equal(t, "good row again", rows[1][6:], []string{"未变"})
	equal(t, "no reason any more", rows[12][6:], []string{"未变"})
}

// cellNames lists the cells of a part, as a reader of the XML meets them.
func cellNames(t testing.TB, file []byte, part string) (names []string) {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	must(t, err)
	for _, e := range zr.File {
		if e.Name == part {
			b, err := readEntry(e)
			must(t, err)
			for _, cell := range strings.Split(string(b), "<c r=\"")[1:] {
				name, _, _ := strings.Cut(cell, `"`)
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		t.Fatalf("no cells in %s", part)
	}
	return names
}

func TestWriteActivities(t *testing.T) {
	fen := int64(30050)
	var b bytes.Buffer
	must(t, WriteActivities(&b, func(yield func(ActivityRow) bool) {
		_ = yield(ActivityRow{
			Person: "谷军", PersonID: "R1", Cadre: "王敏", CadreID: "C1", Unit: "峡门乡人民政府", Kind: models.KindAid,
			Day: "2026-11-20", AmountFen: &fen, Photos: 2, Source: models.SourceChat, Status: models.StatusActive, Note: "=HYPERLINK(\"x\")",
		}) &&
			yield(ActivityRow{Person: "-谷军", Kind: models.KindContact, Channel: models.ChannelPhone, Day: "2026-11-19", Status: models.StatusDisputed, Note: "@all"}) &&
			yield(ActivityRow{Person: "谷军", Kind: models.KindHelp, Help: models.HelpPolicy, Note: "护理补贴办成了"})
	}))
	rows := cellsOf(t, b.Bytes(), "活动")
	equal(t, "rows", rows, [][]string{
		{"对象", "对象编号", "干部", "干部编号", "单位", "类别", "方式", "实事", "日期", "金额(元)", "照片", "来源", "状态", "备注", "钱从哪来", "四必查"},
		{"谷军", "R1", "王敏", "C1", "峡门乡人民政府", "资助", "", "", "2026-11-20", "300.50", "2", "微信", "有效", "'=HYPERLINK(\"x\")"},
		{"'-谷军", "", "", "", "", "联系", "电话", "", "2026-11-19", "", "0", "", "有异议", "'@all"},
		{"谷军", "", "", "", "", "实事", "", "落实政策", "", "", "0", "", "", "护理补贴办成了"},
	})
	f, err := excelize.OpenReader(&b)
	must(t, err)
	defer f.Close()
	panes, err := f.GetPanes("活动")
	must(t, err)
	width, err := f.GetColWidth("活动", "N")
	must(t, err)
	equal(t, "frozen heading and width", []any{panes.Freeze, panes.YSplit, width}, []any{true, 1, 50})
}

// What does not fit on one sheet goes on the next, with its own heading.
func TestManyActivities(t *testing.T) {
	defer func(n int) { sheetRows = n }(sheetRows)
	sheetRows = 2
	var b bytes.Buffer
	must(t, WriteActivities(&b, func(yield func(ActivityRow) bool) {
		for i := range 5 {
			if !yield(ActivityRow{Person: fmt.Sprint("对象", i)}) {
				return
			}
		}
	}))
	for sheet, want := range map[string]string{"活动": "[对象 对象0 对象1]", "活动2": "[对象 对象2 对象3]", "活动3": "[对象 对象4]"} {
		var first []string
		for _, row := range cellsOf(t, b.Bytes(), sheet) {
			first = append(first, row[0])
		}
		equal(t, sheet, first, want)
	}
}

// The template, filled in, is what the import reads.
func TestTemplate(t *testing.T) {
	var b bytes.Buffer
	must(t, WriteTemplate(&b, models.ShippedLists(), today))
	reg := read(t, b.Bytes())
	equal(t, "empty template", []int{len(reg.Cadres), len(reg.Recipients), len(reg.Pairings), len(reg.Ignored)}, []int{0, 0, 0, 0})
	f, err := excelize.OpenReader(&b)
	must(t, err)
	defer f.Close()
	equal(t, "sheets", f.GetSheetList(), []string{"干部", "关爱对象", "结对关系", "联系人", "近况", "代管"})
	must(t, f.SetSheetRow("关爱对象", "A3", &[]any{"谷军", idFor("1958-03-02", 1), "", "", "特困人员", "分散", village}))
	reg = read(t, bytesOf(t, f))
	equal(t, "filled in", []any{reg.Recipients[0].Name, reg.Recipients[0].CareMode, reg.Recipients[0].remarks}, []any{"谷军", models.CareModeScattered, remarks{}})
}
