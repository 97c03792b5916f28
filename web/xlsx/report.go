package xlsx

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"aixin/models"
)

// ReportBook is what a report's workbook needs beside the numbers.
type ReportBook struct {
	*models.Report
	Zone     *time.Location
	SignedAt models.Instant
	SignedBy string
	Hash     string
	Notes    []ReportRemark
	// Names gives the person, the cadre, the unit and the place of a pairing that
	// stands on the list, masked or in full as the reader may see them.
	Names func(models.Short) (person, number, cadre, unit, place string)
}

// ReportRemark is a dated correction.
type ReportRemark struct {
	At    models.Instant
	Words string
}

// WriteReport writes a report as the workbook that an office hands in: the six
// figures first, then a sheet for each part, the definitions last.
func WriteReport(w io.Writer, r ReportBook) error {
	b, err := newBook()
	if err != nil {
		return err
	}
	defer b.Close()
	p := &printer{book: b, ReportBook: r}
	if err := p.styles(); err != nil {
		return err
	}
	sheets := []struct {
		name  string
		write func()
		needs bool
	}{
		{"六项指标", p.cover, true},
		{"分地区", func() { p.figures(r.Places, "地区") }, r.UnitID == ""},
		{"分单位", func() { p.figures(r.Units, "帮扶单位") }, r.UnitID == ""},
		{"任务进度", p.duties, true},
		{r.ShortTitle(), p.shorts, true},
		{"存量进出", p.stock, true},
		{"四个一对一", p.lines, true},
		{"四必查", p.found, len(r.Checklist) > 0},
		{"诉求办理", p.needs, r.UnitID == ""},
		{"捐赠", p.donations, r.UnitID == ""},
		{"抽查", p.checks, r.UnitID == ""},
		{"基层负担", p.burden, true},
		{"逐月对账", p.months, true},
		{"口径说明", p.definitions, true},
	}
	first := true
	for _, s := range sheets {
		if !s.needs {
			continue
		}
		if err := p.sheet(s.name, first, s.write); err != nil {
			return fmt.Errorf("sheet %s: %w", s.name, err)
		}
		first = false
	}
	return b.Write(w)
}

// printer writes sheets row by row; the first fault stops it.
type printer struct {
	*book
	ReportBook
	title, sub, total, number, percent, plain int
	sw                                        *excelize.StreamWriter
	row                                       int
	err                                       error
}

func (p *printer) styles() error {
	line := []excelize.Border{{Type: "left", Color: "BFBFBF", Style: 1}, {Type: "right", Color: "BFBFBF", Style: 1}, {Type: "top", Color: "BFBFBF", Style: 1}, {Type: "bottom", Color: "BFBFBF", Style: 1}}
	middle := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	for _, s := range []struct {
		into  *int
		style excelize.Style
	}{
		{&p.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 18}, Alignment: middle}},
		{&p.sub, excelize.Style{Font: &excelize.Font{Size: 11, Color: "444444"}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}}},
		{&p.head, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8F3EC"}}, Alignment: middle, Border: line}},
		{&p.plain, excelize.Style{Border: line, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}}},
		{&p.number, excelize.Style{Border: line, NumFmt: 3}},   // #,##0
		{&p.money, excelize.Style{Border: line, NumFmt: 4}},    // #,##0.00
		{&p.percent, excelize.Style{Border: line, NumFmt: 10}}, // 0.00%
		{&p.total, excelize.Style{Border: line, Font: &excelize.Font{Bold: true}}},
	} {
		id, err := p.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.into = id
	}
	return nil
}

func (p *printer) sheet(name string, first bool, write func()) (err error) {
	if first {
		err = p.SetSheetName("Sheet1", name)
	} else {
		_, err = p.NewSheet(name)
	}
	if err != nil {
		return err
	}
	landscape, a4, fit := "landscape", 9, 1
	height := 0
	if err := p.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &fit, FitToHeight: &height}); err != nil {
		return err
	}
	if p.sw, err = p.NewStreamWriter(name); err != nil {
		return err
	}
	p.row, p.err = 0, nil
	write()
	if p.err != nil {
		return p.err
	}
	return p.sw.Flush()
}

// widths sets the widths of columns, the last one for all that follow. It comes
// before the first row.
func (p *printer) widths(w ...float64) {
	for i, width := range w {
		last := i + 1
		if i == len(w)-1 {
			last = 40
		}
		if p.err == nil {
			p.err = p.sw.SetColWidth(i+1, last, width)
		}
	}
}

// put writes a row. Texts are made harmless, numbers keep their form.
func (p *printer) put(cells ...any) {
	p.row++
	out := make([]any, len(cells))
	for i, c := range cells {
		switch v := c.(type) {
		case string:
			out[i] = excelize.Cell{StyleID: p.plain, Value: harmlessText(v)}
		case int:
			out[i] = excelize.Cell{StyleID: p.number, Value: v}
		case int64:
			out[i] = excelize.Cell{StyleID: p.number, Value: v}
		case models.Fen:
			out[i] = excelize.Cell{StyleID: p.money, Value: float64(v) / 100}
		case share:
			if v.of == 0 {
				out[i] = excelize.Cell{StyleID: p.plain, Value: "—"}
			} else {
				out[i] = excelize.Cell{StyleID: p.percent, Value: float64(v.n) / float64(v.of)}
			}
		case float64:
			out[i] = excelize.Cell{StyleID: p.money, Value: v}
		default:
			out[i] = c
		}
	}
	if p.err == nil {
		p.err = p.sw.SetRow("A"+strconv.Itoa(p.row), out)
	}
}

// share is a rate, or a dash where there is nothing to divide by.
type share struct{ n, of int }

func (p *printer) heads(cells ...string) {
	p.row++
	out := make([]any, len(cells))
	for i, c := range cells {
		out[i] = excelize.Cell{StyleID: p.head, Value: c}
	}
	if p.err == nil {
		p.err = p.sw.SetRow("A"+strconv.Itoa(p.row), out, excelize.RowOpts{Height: 32})
	}
}

// banner is the title over a sheet of so many columns, and what it is about.
func (p *printer) banner(title, sub string, columns int) {
	for _, l := range []struct {
		text   string
		style  int
		height float64
	}{{title, p.title, 34}, {sub, p.sub, 22}} {
		if l.text == "" {
			continue
		}
		p.row++
		cell := "A" + strconv.Itoa(p.row)
		end, err := excelize.CoordinatesToCellName(max(2, columns), p.row)
		if p.err == nil {
			p.err = err
		}
		if p.err == nil {
			p.err = p.sw.SetRow(cell, []any{excelize.Cell{StyleID: l.style, Value: harmlessText(l.text)}}, excelize.RowOpts{Height: l.height})
		}
		if p.err == nil {
			p.err = p.sw.MergeCell(cell, end)
		}
	}
}

func (p *printer) moment(i models.Instant) string {
	return i.Time().In(p.Zone).Format("2006-01-02 15:04")
}

// standing says how final the numbers are.
func (p *printer) standing() string {
	switch {
	case p.SignedAt != 0:
		return "已签发 " + p.moment(p.SignedAt)
	case p.Closed:
		return "已关账,待签发"
	}
	return "预出,未关账,数还会变"
}
