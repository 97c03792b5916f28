package xlsx

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"aixin/models"
)

func readHistory(t testing.TB, file []byte, columns map[string]string) *History {
	t.Helper()
	h, err := ReadHistory(bytes.NewReader(file), int64(len(file)), today, columns)
	must(t, err)
	return h
}

// A deed in short: visit, contact/phone, aid 300.
func short(d Deed) string {
	s := string(d.Kind)
	for _, part := range []string{string(d.Channel), string(d.Help), string(d.Stage)} {
		if part != "" {
			s += "/" + part
		}
	}
	if d.AmountFen != nil {
		s += " " + models.Fen(*d.AmountFen).Number()
	}
	return s
}

func shorts(deeds []Deed) string {
	var out []string
	for _, d := range deeds {
		out = append(out, short(d))
	}
	return strings.Join(out, ", ")
}

func TestHistoryWords(t *testing.T) {
	head := []any{"结对干部", "干部电话", "对象姓名", "身份证号", "类型", "联系形式", "走访日期", "金额(元)", "备注"}
	row := func(kind, way, amount any) []any {
		return []any{"王敏", "19900000001", "谷军", "", kind, way, "2026-03-01", amount, "送了米面"}
	}
	for _, c := range []struct {
		kind, way, amount any
		deeds, faults     string
		warnings          string
	}{
		{"走访", "", "", "visit", "", ""},
		{"走访慰问", "上门", 300, "visit, aid 300", "", ""},
		{"联系交流", "打电话", "", "contact/phone", "", ""},
		{"", "微信", "", "contact/wechat", "", ""},
		{"", "入户", "", "visit", "", ""},
		{"联系", "", "", "contact", "", CodeMissing},
		{"联系", "入户", "", "visit", "", CodeNotAllowed},
		{"走访", "视频", "", "contact/video", "", CodeNotAllowed},
		{"走访、帮办实事", "", "", "visit, help/deed", "", ""},
		{"走访+资助", "", "1,200.50元", "visit, aid 1200.5", "", ""},
		{"落实政策", "—", "0", "help/policy/implemented", "", ""},
		{"政策宣讲", "", "无", "help/policy/publicized", "", ""},
		{"捐款", "", "约0.3万", "aid 3000", "", ""},
		{"捐款", "", "", "aid", "", ""},
		{"捐款", "", "很多", "aid", CodeNotAllowed, ""},
		{"跳舞", "", "", "", CodeNotAllowed, ""},
		{"", "", "300", "", CodeMissing, ""},
		{"联系", "写信", "", "visit", CodeNotAllowed, CodeNotAllowed},
	} {
		h := readHistory(t, bytesOf(t, workbookOf(t, sheetOf{"台账", [][]any{head, row(c.kind, c.way, c.amount)}})), nil)
		if len(h.Rows) != 1 {
			t.Fatalf("%v: %d rows", c, len(h.Rows))
		}
		r := h.Rows[0]
		if got := shorts(r.Deeds); got != c.deeds || codes(r.Faults) != c.faults || codes(r.Warnings) != c.warnings {
			t.Errorf("%v %v %v: %q, faults %v, warnings %v", c.kind, c.way, c.amount, got, r.Faults, r.Warnings)
		}
	}
}

// A ledger as units keep them: a title, merged cells, a sheet a month, other
// headings, a total, serial dates, amounts in 万元.
func TestHistoryOfALedger(t *testing.T) {
	f := workbookOf(
		t,
		sheetOf{"3月", [][]any{
			{"峡门乡人民政府结对帮扶台账"},
			{"序号", "干部姓名", "帮扶对象", "编号", "做法", "时间", "折款(万元)", "填报日期"},
			{1, "王敏", "谷军", "K-1", "走访", 46082, "0.03", "2026-04-01"},
			{2, "", "马海龙", "", "电话", "2026年3月5日", "", "2026-04-01"},
			{"合计", "", "", "", "2", "", "0.03"},
		}},
		sheetOf{"4月", [][]any{
			{"干部姓名", "帮扶对象", "编号", "做法", "时间", "折款(万元)"},
			{"王 敏", "谷军", "K-1", "实事", "2026/4/2", ""},
			{"王敏", "", "", "实事", "2026-12-31", ""},
		}},
		sheetOf{"通讯录", [][]any{{"姓名", "电话"}, {"王敏", "19900000001"}}},
	)
	must(t, f.MergeCell("3月", "B3", "B4"))
	file := bytesOf(t, f)
	if _, err := ReadHistory(bytes.NewReader(file), int64(len(file)), today, nil); err == nil || !strings.Contains(err.Error(), "活动类别") {
		t.Fatalf("without --map: %v", err)
	}
	columns, err := ParseColumnMap("做法=类别")
	must(t, err)
	h := readHistory(t, file, columns)
	equal(t, "sheets", h.Sheets, []string{"3月", "4月"})
	equal(t, "unused", h.Unused, []string{"通讯录"})
	var got []string
	for _, r := range h.Rows {
		got = append(got, strings.Join([]string{r.Sheet, cadresOf(r), r.PersonName, r.PersonNumber, shorts(r.Deeds), string(r.Day), codes(r.Faults)}, "|"))
	}
	equal(t, "rows", strings.Join(got, "\n"), strings.Join([]string{
		"3月|王敏|谷军|K-1|visit, aid 300|2026-03-01|",
		"3月|王敏|马海龙||contact/phone|2026-03-05|",
		"4月|王敏|谷军|K-1|help/deed|2026-04-02|",
		"4月|王敏|||help/deed||I101 I112",
	}, "\n"))

	results := map[Place]Result{
		{"3月", 3}: {Outcome: OutcomeNew}, {"3月", 4}: {OutcomeSame, []Fault{{CodeInRegister, "已有"}}}, {"4月", 2}: {Outcome: OutcomeNew},
	}
	var out bytes.Buffer
	must(t, h.Report(bytes.NewReader(file), int64(len(file)), &out, results))
	book, err := excelize.OpenReader(&out)
	must(t, err)
	defer book.Close()
	cell := func(sheet, at string) string {
		v, err := book.GetCellValue(sheet, at)
		must(t, err)
		return v
	}
	equal(t, "report", []string{cell("3月", "I2"), cell("3月", "I3"), cell("3月", "I4"), cell("3月", "J4"), cell("3月", "J5"), cell("4月", "G2"), cell("4月", "G3"), cell("通讯录", "A2")},
		[]string{
			"结果", "导入", "未变", "I114 已自动整理:“干部姓名”取自上面的合并单元格;“日期”读作 2026-03-05。请看一眼对不对。\nI107 已有",
			"I119 不像一条记录(合计、说明或重复的标题),没有导入。", "导入", "错误", "王敏",
		})

	// The report comes back as a workbook: its own two columns are no data.
	again := readHistory(t, out2(t, h, file, results), columns)
	equal(t, "rows of the report", len(again.Rows), len(h.Rows))
}

func out2(t testing.TB, h *History, file []byte, results map[Place]Result) []byte {
	t.Helper()
	var out bytes.Buffer
	must(t, h.Report(bytes.NewReader(file), int64(len(file)), &out, results))
	return out.Bytes()
}

// A column mapped by hand goes before one that bears the usual name, and is not
// read as anything else.
func TestHistoryMapped(t *testing.T) {
	file := bytesOf(t, workbookOf(t, sheetOf{"Sheet", [][]any{
		{"姓名", "日期", "去的日子", "对象", "类别"},
		{"王敏", "2026-04-01", "2026-03-01", "谷军", "走访"},
	}}))
	columns, err := ParseColumnMap("去的日子=日期, 姓名=干部姓名")
	must(t, err)
	r := readHistory(t, file, columns).Rows[0]
	equal(t, "row", []string{cadresOf(r), r.PersonName, string(r.Day)}, []string{"王敏", "谷军", "2026-03-01"})

	for text, want := range map[string]string{"日子": "列名=字段", "日子=天气": "没有“天气”这个字段", "=日期": "列名=字段"} {
		if _, err := ParseColumnMap(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	columns, err = ParseColumnMap("哪一天=日期")
	must(t, err)
	if _, err := ReadHistory(bytes.NewReader(file), int64(len(file)), today, columns); err == nil || !strings.Contains(err.Error(), "哪一天") {
		t.Errorf("a column that is not there: %v", err)
	}
}

func TestHistoryRefusals(t *testing.T) {
	for want, sheet := range map[string]sheetOf{
		"空的":   {"Sheet", nil},
		"关爱对象": {"Sheet", [][]any{{"干部姓名", "类别", "日期"}, {"王敏", "走访", "2026-03-01"}}},
		"日期":   {"Sheet", [][]any{{"干部姓名", "对象", "类别"}, {"王敏", "谷军", "走访"}}},
	} {
		file := bytesOf(t, workbookOf(t, sheet))
		_, err := ReadHistory(bytes.NewReader(file), int64(len(file)), today, nil)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := ReadHistory(strings.NewReader("王敏,谷军"), 13, today, nil); err == nil {
		t.Error("a text file was read")
	}
}

// cadresOf names the cadres of a row.
func cadresOf(r HistoryRow) string {
	var out []string
	for _, c := range r.Cadres {
		out = append(out, c.Phone+c.Name)
	}
	return strings.Join(out, "+")
}

// A row tells of one person: nobody can know how a sum was shared.
func TestHistoryOfSeveralPeople(t *testing.T) {
	h := readHistory(t, bytesOf(t, workbookOf(t, sheetOf{"台账", [][]any{
		{"干部姓名", "关爱对象", "类别", "日期"}, {"王敏", "谷军、马海龙", "走访", "2026-03-01"},
	}})), nil)
	equal(t, "faults", codes(h.Rows[0].Faults), CodeNotAllowed)
}

// Several who went together stand in one cell, by telephone or by name.
func TestHistoryOfSeveral(t *testing.T) {
	for _, c := range []struct{ phones, names, want, faults string }{
		{"19900000001", "王敏", "19900000001王敏", ""},
		{"19900000001、19900000002", "王敏,马明", "19900000001王敏+19900000002马明", ""},
		{"19900000001;19900000002", "", "19900000001+19900000002", ""},
		{"", "王 敏\n马明/李四", "王敏+马明+李四", ""},
		{"19900000001", "王敏、马明", "19900000001+王敏+马明", ""},
		{"19900000001、199", "", "19900000001+", CodePhone},
		{"", "", "", CodeMissing},
	} {
		h := readHistory(t, bytesOf(t, workbookOf(t, sheetOf{"台账", [][]any{
			{"干部姓名", "干部手机号", "关爱对象", "类别", "日期"}, {c.names, c.phones, "谷军", "走访", "2026-03-01"},
		}})), nil)
		equal(t, c.phones+" "+c.names, cadresOf(h.Rows[0])+" "+codes(h.Rows[0].Faults), c.want+" "+c.faults)
	}
}
