package xlsx

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// line is a data row.
type line struct {
	*table
	row      int
	cells    []string
	repaired []string // what was tidied, in words
}

func (l *line) raw(col int) string {
	if col < len(l.cells) {
		return l.cells[col]
	}
	return ""
}

// blank tells that no known column of the row holds anything.
func (l *line) blank() bool {
	for _, col := range l.cols {
		if s, _ := clean(l.raw(col)); s != "" {
			return false
		}
	}
	// A total may stand in a column that is not ours, beside an index.
	return !summaryWord.MatchString(l.first())
}

var (
	summaryWord = regexp.MustCompile(`^(?:合计|总计|小计|共计|总共|本页合计)(?:[::0-9人户名].*)?$`)
	longNumber  = regexp.MustCompile(`[0-90-9]{11}`)
	footerWord  = regexp.MustCompile(`^(?:填表人|制表人?|审核人?|负责人|填报单位|填报人|填报日期|备注|说明|注|联系人)[::].*`)
)

// first is the first cell of the row that holds anything.
func (l *line) first() string {
	for i := range l.cells {
		if s, _ := clean(l.cells[i]); s != "" && !slices.Contains(l.old, i) {
			return packed(s)
		}
	}
	return ""
}

// summary tells total rows, footers and repeated headings from people, who have
// a phone or an id number.
func (l *line) summary() bool {
	for _, name := range []string{headPhone, headID, headCadrePhone, headRecipientID} {
		if col, ok := l.cols[name]; ok && longNumber.MatchString(l.raw(col)) {
			return false
		}
	}
	first := l.first()
	if summaryWord.MatchString(first) || footerWord.MatchString(first) {
		return true
	}
	if l.has(headName) {
		if s, _ := clean(l.raw(l.cols[headName])); summaryWord.MatchString(packed(s)) {
			return true
		}
	}
	again := (&table{form: l.form, cols: map[string]int{}})
	again.recognise(l.cells)
	return len(again.cols) >= 2
}

// text is the cleaned cell under a heading.
func (l *line) text(name string) string {
	col, ok := l.cols[name]
	if !ok {
		return ""
	}
	s, widened := clean(l.raw(col))
	// A program that wrote a formula over a text may have left the text's number
	// in the table of strings.
	if len(l.formulas) > 0 && (s == "" || len(s) < 7 && allDigits(s)) {
		s = cmp.Or(l.worked(col), s)
	}
	if note := fmt.Sprintf("“%s”的全角改成了半角", name); widened && !slices.Contains(l.repaired, note) {
		l.repaired = append(l.repaired, note)
	}
	if strings.HasPrefix(s, "#") && (strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") || s == "#N/A") {
		return "" // a formula's error is no value
	}
	return s
}

// harmless are the functions worked out here; a stranger's formula must not be
// able to keep the process busy.
var (
	functionName = regexp.MustCompile(`([A-Za-z0-9_.]+)\(`)
	cellName     = regexp.MustCompile(`\$?([A-Z]{1,3})\$?([0-9]+)`)
	harmless     = []string{"DATE", "TEXT", "CONCATENATE", "TRIM", "LEFT", "RIGHT", "MID", "UPPER", "VALUE", "CLEAN"}
)

// worked computes a formula that the writing program left without a value.
func (l *line) worked(col int) string {
	cell, err := excelize.CoordinatesToCellName(col+1, l.row)
	if err != nil || !l.formulas[cell] {
		return ""
	}
	formula, err := l.wb.GetCellFormula(l.sheet, cell)
	if err != nil || formula == "" || len(formula) > 200 || strings.Contains(formula, ":") {
		return ""
	}
	for _, m := range functionName.FindAllStringSubmatch(formula, -1) {
		if !slices.Contains(harmless, strings.ToUpper(m[1])) {
			return ""
		}
	}
	for _, m := range cellName.FindAllStringSubmatch(formula, -1) {
		if l.formulas[m[1]+m[2]] {
			return "" // no chains
		}
	}
	value, err := l.wb.CalcCellValue(l.sheet, cell)
	if err != nil {
		return ""
	}
	l.repaired = append(l.repaired, fmt.Sprintf("“%s”是公式,收的是算出来的值", l.nameOf(col)))
	value, _ = clean(value)
	return value
}
