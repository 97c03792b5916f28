package xlsx

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// column is a heading that a sheet may have, under any of its names.
type column struct {
	name       string
	others     []string
	compulsory bool
}

// form is what one of the three sheets looks like.
type form struct {
	name    string
	columns []column
}

// The headings that Report writes; a workbook that comes back has them.
const (
	headOutcome = "结果"
	headReasons = "原因"
)

// headingRows is how deep a heading may lie under titles and notes.
const headingRows = 30

// table is a sheet of a workbook that was recognised as one of the forms.
type table struct {
	wb       *workbook
	form     *form
	sheet    string
	heading  int            // its row
	cols     map[string]int // heading → column, from 0
	old      []int          // columns of an earlier report
	width    int            // columns in use, those of an earlier report left out
	merges   map[int][]merge
	formulas map[string]bool // the cells that hold a formula, where they can be worked out
}

// merge is a merged range of more than one row.
type merge struct{ top, bottom, col int }

// find looks for the sheet of a form: by its name, else by its headings.
func (wb *workbook) find(f *form) (*table, error) {
	for _, sheet := range wb.sheets {
		if sheetName(sheet) == f.name {
			return wb.table(f, sheet)
		}
	}
	// By headings only where no sheet is named: beside named ones, a telephone
	// list must not pass for cadres.
	if slices.ContainsFunc(wb.sheets, func(sheet string) bool {
		return slices.ContainsFunc(forms, func(f *form) bool { return f.name == sheetName(sheet) })
	}) {
		return nil, nil
	}
	for _, sheet := range wb.sheets {
		if t, err := wb.table(f, sheet); err == nil && t != nil {
			return t, nil
		}
	}
	return nil, nil
}

var sheetNameNoise = regexp.MustCompile(`^[0-9.、\-_()附件表一二三]+|(?:表|名册|名单|信息|台账|情况|花名册)+$`)

// sheetName is a tab's name without numbers in front and words like 名册 behind.
func sheetName(s string) string {
	s, _ = clean(s)
	return sheetNameNoise.ReplaceAllString(packed(s), "")
}

// table finds the heading of a sheet. An empty sheet is no table and no fault.
func (wb *workbook) table(f *form, sheet string) (*table, error) {
	rows, err := wb.Rows(sheet)
	if err != nil {
		return nil, errBroken
	}
	defer rows.Close()
	best, bestHits, empty := (*table)(nil), 0, true
	for n := 1; n <= headingRows && rows.Next(); n++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, errBroken
		}
		t := &table{wb: wb, form: f, sheet: sheet, heading: n, cols: map[string]int{}}
		double := t.recognise(cells)
		if hits := len(t.cols); hits > bestHits {
			if double != "" {
				return nil, FileError(fmt.Sprintf("“%s”表里有两列都叫“%s”,分不清用哪一列,请改掉一列的标题再导入。", f.name, double))
			}
			best, bestHits = t, hits
		}
		empty = empty && strings.TrimSpace(strings.Join(cells, "")) == ""
	}
	if empty {
		return nil, nil
	}
	var missing []string
	for _, c := range f.columns {
		if best == nil || c.compulsory && !best.has(c.name) {
			missing = append(missing, "“"+c.name+"”")
		}
	}
	if bestHits < 2 {
		return nil, FileError(fmt.Sprintf("“%s”表里没找到标题行,标题要有%s。", f.name, strings.Join(missing, "")))
	}
	if len(missing) > 0 {
		return nil, FileError(fmt.Sprintf("“%s”表缺%s这一列,请补上标题和内容再导入。", f.name, strings.Join(missing, "")))
	}
	best.scan()
	return best, nil
}

var headingNote = regexp.MustCompile(`\(.*\)$|\*|:$`)

// heading is a heading as it is compared: no spaces, stars or notes in brackets.
func heading(s string) string {
	s, _ = clean(s)
	return headingNote.ReplaceAllString(packed(s), "")
}

// recognise notes the columns of a heading row; double is a heading that stands
// there twice.
func (t *table) recognise(cells []string) (double string) {
	names := make([]string, len(cells))
	for i, c := range cells {
		names[i] = heading(c)
	}
	for _, c := range t.form.columns {
		for _, name := range slices.Concat([]string{c.name}, c.others) {
			i := slices.Index(names, name)
			if i < 0 {
				continue
			}
			if slices.Contains(names[i+1:], name) {
				double = name
			}
			t.cols[c.name] = i
			break
		}
	}
	if i := slices.Index(names, headOutcome); i >= 0 && i+1 < len(names) && names[i+1] == headReasons {
		t.old = []int{i, i + 1}
	}
	return double
}

func (t *table) has(name string) bool { _, ok := t.cols[name]; return ok }

var (
	mergeRef   = regexp.MustCompile(`<(?:\w+:)?mergeCell [^>]*ref="([A-Z]+[0-9]+):([A-Z]+[0-9]+)"`)
	formulaRef = regexp.MustCompile(`<(?:\w+:)?c [^>]*\br="([A-Z]+[0-9]+)"[^>]*><(?:\w+:)?f\b`)
)

// scan looks at the sheet's XML for what the row iterator does not tell: merged
// ranges, which stand behind the rows, and formulas.
func (t *table) scan() {
	loaded, _ := t.wb.Pkg.Load(t.wb.parts[t.sheet])
	part, _ := loaded.([]byte)
	t.merges = map[int][]merge{}
	for _, m := range mergeRef.FindAllSubmatch(part[max(0, bytes.LastIndex(part, []byte("sheetData>"))):], -1) {
		col, top, err1 := excelize.CellNameToCoordinates(string(m[1]))
		_, bottom, err2 := excelize.CellNameToCoordinates(string(m[2]))
		if err1 == nil && err2 == nil && top > t.heading && bottom > top {
			t.merges[top] = append(t.merges[top], merge{top, bottom, col - 1})
		}
	}
	// Working out a formula loads the whole sheet: only where that is bearable.
	if t.formulas = map[string]bool{}; len(part) <= 16<<20 && bytes.Contains(part, []byte("f>")) {
		for _, m := range formulaRef.FindAllSubmatch(part, -1) {
			t.formulas[string(m[1])] = true
		}
	}
}

// each gives every data row in order; skipped ones go to ignore. Blank rows go
// nowhere.
func (t *table) each(data func(*line), ignore func(row int)) error {
	rows, err := t.wb.Rows(t.sheet)
	if err != nil {
		return errBroken
	}
	defer rows.Close()
	type carried struct {
		bottom int
		value  string
	}
	carry, count := map[int]carried{}, 0
	for n := 1; rows.Next(); n++ {
		cells, err := rows.Columns()
		if err != nil {
			return errBroken
		}
		for i := range cells {
			if !slices.Contains(t.old, i) {
				t.width = max(t.width, i+1)
			}
		}
		if n <= t.heading {
			continue
		}
		l := &line{table: t, row: n, cells: cells}
		for _, m := range t.merges[n] {
			carry[m.col] = carried{m.bottom, l.raw(m.col)}
		}
		if l.blank() {
			continue
		}
		for _, col := range slices.Sorted(maps.Keys(carry)) {
			c := carry[col]
			if n > c.bottom {
				delete(carry, col)
			} else if c.value != "" && l.raw(col) == "" {
				l.cells = append(l.cells, make([]string, max(0, col+1-len(l.cells)))...)
				l.cells[col] = c.value
				l.repaired = append(l.repaired, fmt.Sprintf("“%s”取自上面的合并单元格", t.nameOf(col)))
			}
		}
		if l.summary() {
			ignore(n)
			continue
		}
		if count++; count > MaxRows {
			return FileError(fmt.Sprintf("“%s”表超过 %d 行,没有读;请按县区拆成几份再导入。", t.form.name, MaxRows))
		}
		data(l)
	}
	if rows.Error() != nil {
		return errBroken
	}
	return nil
}

func (t *table) nameOf(col int) string {
	for name, c := range t.cols {
		if c == col {
			return name
		}
	}
	return "其他列"
}
