package xlsx

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// InvitationRow is one binding code on the sheet of a unit.
type InvitationRow struct{ Role, Name, Unit, PhoneEnd, Recipient, Code string }

var invitationColumns = []struct {
	heading string
	width   float64
}{{"角色", 10}, {"姓名", 14}, {"单位", 28}, {"手机尾号", 10}, {"关爱对象", 14}, {"绑定码", 14}}

// WriteInvitations writes the codes with a sheet a unit, so that each unit gets
// its own and nobody else's. The rows come unit by unit.
func WriteInvitations(w io.Writer, rows []InvitationRow) error {
	book, err := newBook()
	if err != nil {
		return err
	}
	defer book.Close()
	names := map[string]bool{}
	for from := 0; from < len(rows); {
		to := from
		for to < len(rows) && rows[to].Unit == rows[from].Unit {
			to++
		}
		name := unitSheet(rows[from].Unit, names)
		if from == 0 {
			err = book.SetSheetName("Sheet1", name)
		} else {
			_, err = book.NewSheet(name)
		}
		if err == nil {
			err = book.invitations(name, rows[from:to])
		}
		if err != nil {
			return err
		}
		from = to
	}
	return book.Write(w)
}

func (b *book) invitations(name string, rows []InvitationRow) error {
	sheet, err := b.NewStreamWriter(name)
	if err != nil {
		return err
	}
	head := make([]any, len(invitationColumns))
	for i, c := range invitationColumns {
		if err := sheet.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
		head[i] = excelize.Cell{StyleID: b.head, Value: c.heading}
	}
	if err := sheet.SetRow("A1", head); err != nil {
		return err
	}
	for i, r := range rows {
		var cells []any
		for _, v := range []string{r.Role, r.Name, r.Unit, r.PhoneEnd, r.Recipient, r.Code} {
			cells = append(cells, excelize.Cell{StyleID: b.text, Value: v})
		}
		if err := sheet.SetRow(fmt.Sprintf("A%d", i+2), cells); err != nil {
			return err
		}
	}
	return sheet.Flush()
}

// unitSheet makes a sheet's name of a unit's: at most 31 characters, none that a
// workbook forbids, no two alike.
func unitSheet(unit string, taken map[string]bool) string {
	plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return -1
		}
		return r
	}, unit)
	if plain == "" {
		plain = "没有单位"
	}
	name := []rune(plain)
	name = name[:min(len(name), 31)]
	for n := 2; taken[strings.ToLower(string(name))]; n++ {
		end := []rune(fmt.Sprintf("(%d)", n))
		name = append(append([]rune(nil), []rune(plain)[:min(len([]rune(plain)), 31-len(end))]...), end...)
	}
	taken[strings.ToLower(string(name))] = true
	return string(name)
}
