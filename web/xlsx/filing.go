package xlsx

import (
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"aixin/models"
)

// FilingLine is one row of the sheets for the provincial system. Old is what
// stands there now, of a change.
type FilingLine struct {
	ActivityRow
	Place    string
	IDNumber string // only in sheets of full ones
	Old      *models.Activity
}

// FilingSheet is one of the three sheets.
type FilingSheet struct {
	Name  string
	Lines []FilingLine
}

var filingHeads = []any{"对象编号", "对象", "所在地", "结对干部", "单位", "日期", "类别", "方式", "实事", "金额(元)", "内容", "省系统现在的日期", "省系统现在的类别", "省系统现在的金额(元)", "已录"}

// WriteFiling writes what is to be entered, changed and deleted in the
// provincial system, a sheet each. With a password the file is encrypted by it,
// and only then it has a column of id numbers.
func WriteFiling(w io.Writer, sheets []FilingSheet, password string) error {
	b, err := newBook()
	if err != nil {
		return err
	}
	defer b.Close()
	for i, s := range sheets {
		if i == 0 {
			err = b.SetSheetName("Sheet1", s.Name)
		} else {
			_, err = b.NewSheet(s.Name)
		}
		if err != nil {
			return err
		}
		if err := b.filingSheet(s, password != ""); err != nil {
			return err
		}
	}
	return b.Write(w, excelize.Options{Password: password})
}

func (b *book) filingSheet(s FilingSheet, full bool) error {
	heads := filingHeads
	if full {
		heads = append(heads[:len(heads):len(heads)], "证件号")
	}
	sw, err := b.NewStreamWriter(s.Name)
	if err != nil {
		return err
	}
	if err := sw.SetColWidth(1, len(heads), 14); err != nil {
		return err
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(heads))
	for i, h := range heads {
		head[i] = excelize.Cell{StyleID: b.head, Value: h}
	}
	if err := sw.SetRow("A1", head); err != nil {
		return err
	}
	sum := func(fen *int64) any {
		if fen == nil {
			return nil
		}
		return excelize.Cell{StyleID: b.money, Value: float64(*fen) / 100}
	}
	for i, l := range s.Lines {
		row := []any{
			harmlessText(l.PersonID), harmlessText(l.Person), harmlessText(l.Place), harmlessText(l.Cadre), harmlessText(l.Unit),
			excelize.Cell{StyleID: b.date, Value: l.Day.Time()},
			l.Kind.Label(), l.Channel.Label(), l.Help.Label(), sum(l.AmountFen), harmlessText(l.Note),
		}
		if l.Old != nil {
			row = append(row, excelize.Cell{StyleID: b.date, Value: l.Old.Day.Time()}, l.Old.Kind.Label()+l.Old.Help.Label(), sum(l.Old.AmountFen))
		}
		if full {
			row = append(row, make([]any, len(heads)-1-len(row))...)
			row = append(row, harmlessText(l.IDNumber))
		}
		if err := sw.SetRow("A"+strconv.Itoa(i+2), row); err != nil {
			return err
		}
	}
	return sw.Flush()
}
