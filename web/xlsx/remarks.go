package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// Outcome is what became of a row.
type Outcome string

// The words of the column 结果.
const (
	OutcomeNew     Outcome = "导入"
	OutcomeUpdated Outcome = "更新"
	OutcomeSame    Outcome = "未变"
	OutcomeError   Outcome = "错误"
)

// Result is what the register made of a row. Reasons are added to what the row
// itself has.
type Result struct {
	Outcome Outcome
	Reasons []Fault
}

// Results holds the results by row number.
type Results struct {
	Cadres, Recipients, Pairings map[int]Result
	Besides                      map[Place]Result
}

// note is what Report writes beside a row.
type note struct{ outcome, reasons string }

// notes gathers what stands beside the rows of a sheet, its heading included.
func (reg *Register) notes(f *form, results Results) map[int]note {
	notes := map[int]note{reg.tables[f].heading: {headOutcome, headReasons}}
	put := func(row int, r *remarks, from map[int]Result) {
		result, ok := from[row]
		switch {
		case r.bad():
			result.Outcome = OutcomeError
		case !ok:
			result = Result{OutcomeError, []Fault{{CodeRowNotHandled, "这一行没有处理到,请再导入一次。"}}}
		}
		notes[row] = note{string(result.Outcome), reasons(r.Faults, r.Warnings, result.Reasons)}
	}
	switch f {
	case cadreForm:
		for i := range reg.Cadres {
			put(reg.Cadres[i].Row, &reg.Cadres[i].remarks, results.Cadres)
		}
	case recipientForm:
		for i := range reg.Recipients {
			put(reg.Recipients[i].Row, &reg.Recipients[i].remarks, results.Recipients)
		}
	case pairingForm:
		for i := range reg.Pairings {
			put(reg.Pairings[i].Row, &reg.Pairings[i].remarks, results.Pairings)
		}
	default:
		own := map[int]Result{}
		for place, result := range results.Besides {
			if place.Sheet == f.name {
				own[place.Row] = result
			}
		}
		for i := range reg.Besides {
			if b := &reg.Besides[i]; b.Sheet == f.name {
				put(b.Row, &b.remarks, own)
			}
		}
	}
	for _, ignored := range reg.Ignored {
		if ignored.Sheet == f.name {
			notes[ignored.Row] = note{"", Fault{CodeIgnored, "不像一个人的资料(合计、说明或重复的标题),没有导入。"}.String()}
		}
	}
	return notes
}

// Report writes a copy of the workbook the register was read from, with the
// columns 结果 and 原因 behind the others. The three sheets are rewritten as a
// stream and the rest is copied as it is, so that nothing else changes and a
// large workbook needs no more memory than its largest sheet.
func (reg *Register) Report(src io.ReaderAt, size int64, w io.Writer, results Results) error {
	return annotated(src, size, w, slices.Collect(maps.Values(reg.tables)), func(t *table) map[int]note { return reg.notes(t.form, results) })
}

// annotated copies a workbook with notes behind the rows of some of its sheets.
func annotated(src io.ReaderAt, size int64, w io.Writer, tables []*table, notes func(*table) map[int]note) error {
	zr, err := zip.NewReader(src, size)
	if err != nil {
		return errNotWorkbook
	}
	wb := &workbook{zip: zr}
	if err := wb.readParts(); err != nil {
		return err
	}
	byPart := map[string]*table{}
	for _, t := range tables {
		byPart[wb.parts[t.sheet]] = t
	}
	out := zip.NewWriter(w)
	for _, e := range zr.File {
		t := byPart[entryName(e)]
		if t == nil {
			if err := out.Copy(e); err != nil {
				return fmt.Errorf("copying %s: %w", e.Name, err)
			}
			continue
		}
		part, err := readEntry(e)
		if err != nil {
			return fmt.Errorf("reading %s: %w", e.Name, err)
		}
		dst, err := out.Create(e.Name)
		if err != nil {
			return err
		}
		if err := t.annotate(part, dst, notes(t)); err != nil {
			return fmt.Errorf("writing %s: %w", e.Name, err)
		}
	}
	return out.Close()
}

func readEntry(e *zip.File) ([]byte, error) {
	r, err := e.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

var spans = regexp.MustCompile(` spans="[^"]*"`)

// annotate copies a sheet's XML and adds two cells to each noted row. Cells of
// an earlier report are left out.
func (t *table) annotate(part []byte, w io.Writer, notes map[int]note) error {
	var (
		d      = xml.NewDecoder(bytes.NewReader(part))
		copied int64 // everything before it has been written
		row    int
		col    int
		failed error
	)
	write := func(b []byte) {
		if failed == nil {
			_, failed = w.Write(b)
		}
	}
	upTo := func(offset int64) {
		write(part[copied:offset])
		copied = offset
	}
	for failed == nil {
		before := d.InputOffset()
		token, err := d.RawToken()
		if err == io.EOF {
			upTo(int64(len(part)))
			break
		}
		if err != nil {
			return err
		}
		switch el := token.(type) {
		case xml.StartElement:
			switch el.Name.Local {
			case "row":
				row, col = position(el, row), -1
				upTo(before)
				write(spans.ReplaceAll(part[before:d.InputOffset()], nil))
				copied = d.InputOffset()
			case "c":
				col = column0(el, col)
				_, noted := notes[row]
				// What is dropped at the end of a noted row is blank: a border, a colour.
				if slices.Contains(t.old, col) || noted && col >= t.width {
					upTo(before)
					if err := skip(d, "c"); err != nil {
						return err
					}
					copied = d.InputOffset()
				}
			}
		case xml.EndElement:
			if el.Name.Local != "row" {
				continue
			}
			upTo(before)
			if n, ok := notes[row]; ok && before < d.InputOffset() {
				write(cellXML(el.Name.Space, t.width, row, n.outcome))
				write(cellXML(el.Name.Space, t.width+1, row, n.reasons))
			}
		}
	}
	return failed
}

// position is a row's number: what it says, else the one after the last.
func position(el xml.StartElement, last int) int {
	for _, a := range el.Attr {
		if n, err := strconv.Atoi(a.Value); a.Name.Local == "r" && err == nil {
			return n
		}
	}
	return last + 1
}

// column0 is a cell's column, counted from 0.
func column0(el xml.StartElement, last int) int {
	for _, a := range el.Attr {
		if a.Name.Local == "r" {
			if col, _, err := excelize.CellNameToCoordinates(a.Value); err == nil {
				return col - 1
			}
		}
	}
	return last + 1
}

// skip reads to the end of an element that holds none of its own name.
func skip(d *xml.Decoder, name string) error {
	for {
		token, err := d.RawToken()
		if err != nil {
			return err
		}
		if el, ok := token.(xml.EndElement); ok && el.Name.Local == name {
			return nil
		}
	}
}

func cellXML(prefix string, col, row int, text string) []byte {
	if text == "" {
		return nil
	}
	if prefix != "" {
		prefix += ":"
	}
	cell, err := excelize.CoordinatesToCellName(col+1, row)
	if err != nil {
		return nil
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<%[1]sc r="%[2]s" t="inlineStr"><%[1]sis><%[1]st xml:space="preserve">`, prefix, cell)
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	fmt.Fprintf(&b, `</%[1]st></%[1]sis></%[1]sc>`, prefix)
	return b.Bytes()
}
