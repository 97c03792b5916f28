package xlsx

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"aixin/models"
)

// The headings of past activities: the province's export, or a unit's ledger.
const (
	headCadreName  = "干部姓名"
	headPersonName = "关爱对象姓名"
	headKind       = "活动类别"
	headChannel    = "方式"
	headDay        = "日期"
	headAmount     = "金额"
	headContent    = "内容"
	headFund       = "款物来源"
)

// historyColumns know the headings that offices use. What may mean another thing
// too stands last: 类别 is often the person's.
var historyColumns = []column{
	{headCadrePhone, []string{"干部手机号码", "结对干部手机号", "帮扶干部手机号", "干部电话", "干部联系电话", "干部手机", "结对干部电话", "帮扶干部电话", "责任人电话", "帮扶责任人电话"}, false},
	{headCadreName, []string{"结对干部姓名", "帮扶干部姓名", "结对干部", "帮扶干部", "干部", "帮扶责任人", "责任人", "走访人", "走访干部"}, false},
	{headUnit, []string{"干部单位", "帮扶单位", "结对单位", "工作单位", "所在单位", "单位名称"}, false},
	{headRecipientID, []string{"对象身份证号", "关爱对象身份证号码", "对象身份证号码", "身份证号", "身份证号码", "公民身份号码", "证件号码", "身份证"}, false},
	{headNumber, []string{"关爱对象编号", "对象编号", "人员编号"}, false},
	{headPersonName, []string{"对象姓名", "关爱对象", "对象", "帮扶对象姓名", "帮扶对象", "结对对象", "走访对象", "被走访人", "姓名"}, false},
	{headKind, []string{"活动类型", "记录类别", "服务类别", "服务类型", "帮扶类别", "帮扶类型", "工作类别", "事项类别", "事项", "类型", "类别"}, false},
	{headChannel, []string{"联系形式", "沟通方式", "联络方式", "走访方式", "活动方式", "帮扶方式", "形式"}, false},
	{headDay, []string{"活动日期", "活动时间", "走访日期", "走访时间", "联系日期", "联系时间", "帮扶日期", "帮扶时间", "服务日期", "服务时间", "发生日期", "开展时间", "办理日期", "时间"}, false},
	{headAmount, []string{"资助金额", "帮扶金额", "慰问金额", "折合金额", "款物金额", "折款", "金额元"}, false},
	{headFund, []string{"资金来源", "物资来源", "经费来源"}, false},
	{headContent, []string{"活动内容", "走访内容", "联系内容", "帮扶内容", "工作内容", "主要内容", "走访情况", "工作情况", "情况", "备注", "说明"}, false},
}

// HistoryFields are the fields that a column may be mapped to, in words.
func HistoryFields() string {
	names := make([]string, len(historyColumns))
	for i, c := range historyColumns {
		names[i] = c.name
	}
	return strings.Join(names, "、")
}

// ParseColumnMap reads "列名=字段,列名=字段" into field → heading.
func ParseColumnMap(text string) (map[string]string, error) {
	out := map[string]string{}
	text, _ = clean(text)
	for part := range strings.SplitSeq(strings.NewReplacer(";", ",", "、", ",").Replace(text), ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		from, to, ok := strings.Cut(part, "=")
		name, field := heading(from), packed(strings.TrimSpace(to))
		if !ok || name == "" || field == "" {
			return nil, FileError(fmt.Sprintf("“%s”没看懂,列的对应要写成 列名=字段,几个用逗号隔开。", part))
		}
		i := slices.IndexFunc(historyColumns, func(c column) bool { return c.name == field || slices.Contains(c.others, field) })
		if i < 0 {
			return nil, FileError(fmt.Sprintf("没有“%s”这个字段,可用的是 %s。", field, HistoryFields()))
		}
		out[historyColumns[i].name] = name
	}
	return out, nil
}

// Place is a row of a sheet.
type Place struct {
	Sheet string
	Row   int
}

// Deed is one thing that a row tells of.
type Deed struct {
	Kind      models.Kind
	Channel   models.Channel
	Help      models.Help
	Stage     models.PolicyStage
	AmountFen *int64
	Fund      models.Fund // whose money an aid is
}

// HistoryCadre is a cadre as a row names one: by telephone, or by name.
type HistoryCadre struct{ Phone, Name string }

// HistoryRow is a row of past activities: who, several where they went together,
// for whom, what and when.
type HistoryRow struct {
	Place
	Cadres                             []HistoryCadre
	Unit                               string
	PersonID, PersonNumber, PersonName string
	Deeds                              []Deed
	Day                                models.Day
	Note                               string
	remarks
}

// History is a workbook of past activities.
type History struct {
	Rows    []HistoryRow
	Sheets  []string // that hold activities
	Unused  []string // that do not
	ignored []Place
	tables  []*table
}

// ReadHistory reads past activities. columns maps a field to the heading that
// this workbook has for it, for those whose name is not known here. The error, a
// FileError where the file is at fault, means that nothing was read.
func ReadHistory(r io.ReaderAt, size int64, today models.Day, columns map[string]string) (*History, error) {
	wb, err := open(r, size)
	if err != nil {
		return nil, err
	}
	defer wb.Close()
	f := historyForm(columns)
	h := &History{}
	var first error // why a sheet would not do
	for _, sheet := range wb.sheets {
		t, err := wb.table(f, sheet)
		tenThousands := false
		if err == nil && t != nil {
			tenThousands, err = t.settle(columns)
		}
		if err != nil || t == nil {
			if first == nil {
				first = err
			}
			h.Unused = append(h.Unused, sheet)
			continue
		}
		h.Sheets, h.tables = append(h.Sheets, sheet), append(h.tables, t)
		err = t.each(func(l *line) { h.Rows = append(h.Rows, l.history(today, tenThousands)) }, func(row int) {
			h.ignored = append(h.ignored, Place{sheet, row})
		})
		if err != nil {
			return nil, err
		}
	}
	switch {
	case len(h.tables) == 0 && first != nil:
		return nil, first
	case len(h.tables) == 0:
		return nil, FileError("这个工作簿是空的,没有活动记录。")
	}
	for _, t := range h.tables {
		t.wb, t.merges, t.formulas = nil, nil, nil // the history outlives the workbook
	}
	return h, nil
}

// historyForm leaves the headings that were mapped by hand to their field alone.
func historyForm(columns map[string]string) *form {
	f := &form{name: "活动", columns: slices.Clone(historyColumns)}
	for i, c := range f.columns {
		others := slices.Clone(c.others)
		for field, name := range columns {
			if c.name != field {
				others = slices.DeleteFunc(others, func(other string) bool { return other == name })
			} else {
				others = []string{name}
			}
		}
		f.columns[i].others = others
	}
	return f
}

// settle points the fields that were mapped by hand to their columns, asks for a
// heading of each kind that a record cannot do without, and tells whether the
// amounts stand in 万元, which a heading says in brackets.
func (t *table) settle(columns map[string]string) (tenThousands bool, err error) {
	cells, err := t.headingCells()
	if err != nil {
		return false, err
	}
	for field, name := range columns {
		i := slices.IndexFunc(cells, func(cell string) bool { return heading(cell) == name })
		if i < 0 {
			return false, FileError(fmt.Sprintf("“%s”表里没有叫“%s”的列,请看列名对不对。", t.sheet, name))
		}
		maps.DeleteFunc(t.cols, func(other string, col int) bool { return col == i && columns[other] == "" })
		t.cols[field] = i
	}
	for _, group := range [][]string{{headCadrePhone, headCadreName}, {headRecipientID, headNumber, headPersonName}, {headKind, headChannel}, {headDay}} {
		if !slices.ContainsFunc(group, t.has) {
			return false, FileError(fmt.Sprintf("“%s”表缺“%s”这一列;列名不一样的,用 --map \"列名=字段\" 说明。", t.sheet, strings.Join(group, "”或“")))
		}
	}
	return t.has(headAmount) && strings.Contains(cells[t.cols[headAmount]], "万元"), nil
}

func (t *table) headingCells() ([]string, error) {
	rows, err := t.wb.Rows(t.sheet)
	if err != nil {
		return nil, errBroken
	}
	defer rows.Close()
	for n := 1; rows.Next(); n++ {
		if cells, err := rows.Columns(); n == t.heading {
			return cells, err
		}
	}
	return nil, errBroken
}

// Report writes a copy of the workbook with the columns 结果 and 原因 behind the
// others in the sheets that hold activities; the rest is copied as it is.
func (h *History) Report(src io.ReaderAt, size int64, w io.Writer, results map[Place]Result) error {
	return annotated(src, size, w, h.tables, func(t *table) map[int]note { return h.notes(t, results) })
}

func (h *History) notes(t *table, results map[Place]Result) map[int]note {
	notes := map[int]note{t.heading: {headOutcome, headReasons}}
	for i := range h.Rows {
		r := &h.Rows[i]
		if r.Sheet != t.sheet {
			continue
		}
		result, ok := results[r.Place]
		switch {
		case r.bad():
			result.Outcome = OutcomeError
		case !ok:
			result = Result{OutcomeError, []Fault{{CodeRowNotHandled, "这一行没有处理到,请再导入一次。"}}}
		}
		notes[r.Row] = note{string(result.Outcome), reasons(r.Faults, r.Warnings, result.Reasons)}
	}
	for _, p := range h.ignored {
		if p.Sheet == t.sheet {
			notes[p.Row] = note{"", Fault{CodeIgnored, "不像一条记录(合计、说明或重复的标题),没有导入。"}.String()}
		}
	}
	return notes
}
