package xlsx

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"aixin/models"
)

// WriteRegister writes the rows of a register as a workbook that ReadRegister
// reads back: one row after another, so that a city needs little memory.
func WriteRegister(w io.Writer, reg *Register, lists models.Lists, on models.Day) error {
	words := wordsOf(lists, on)
	b, err := newBook()
	if err != nil {
		return err
	}
	defer b.Close()
	for i, f := range forms {
		if i == 0 {
			err = b.SetSheetName("Sheet1", f.name)
		} else {
			_, err = b.NewSheet(f.name)
		}
		if err != nil {
			return err
		}
		if err := b.registerSheet(f, reg, words); err != nil {
			return fmt.Errorf("sheet %s: %w", f.name, err)
		}
	}
	return b.Write(w)
}

func (b *book) registerSheet(f *form, reg *Register, words *words) error {
	sheet, err := b.NewStreamWriter(f.name)
	if err != nil {
		return err
	}
	head := make([]any, len(f.columns))
	for i, c := range f.columns {
		head[i] = excelize.Cell{StyleID: b.head, Value: c.name}
	}
	if err := sheet.SetRow("A1", head); err != nil {
		return err
	}
	put := func(i int, cells map[string]string) error {
		row := make([]any, len(f.columns))
		for n, c := range f.columns {
			row[n] = cells[c.name]
		}
		return sheet.SetRow(fmt.Sprintf("A%d", i+2), row)
	}
	switch f {
	case cadreForm:
		for i := range reg.Cadres {
			if err == nil {
				err = put(i, reg.Cadres[i].cells())
			}
		}
	case recipientForm:
		for i := range reg.Recipients {
			if err == nil {
				err = put(i, reg.Recipients[i].cells(words))
			}
		}
	case pairingForm:
		for i := range reg.Pairings {
			if err == nil {
				err = put(i, reg.Pairings[i].cells(words))
			}
		}
	default:
		n := 0
		for i := range reg.Besides {
			if b := &reg.Besides[i]; b.Sheet == f.name && err == nil {
				err = put(n, b.cells())
				n++
			}
		}
	}
	if err != nil {
		return err
	}
	return sheet.Flush()
}

func (c *CadreRow) cells() map[string]string {
	return map[string]string{
		headName: c.Name, headPhone: c.Phone, headUnit: c.Unit, headPost: c.Post, headRegion: c.Region, headSpeciality: specialities.word(c.Speciality),
	}
}

func (p *RecipientRow) cells(words *words) map[string]string {
	var categories []string
	for _, c := range p.Categories {
		categories = append(categories, words.categories.word(c))
	}
	cells := map[string]string{
		headName: p.Name, headID: p.IDNumber, headNumber: p.Number, headCategories: strings.Join(categories, "、"), headCareMode: words.careModes.word(p.CareMode),
		headRegion: p.Region, headAddress: p.Address, headAliases: strings.Join(p.Aliases, "、"), headGuardian: p.GuardianName,
		headGuardianPhone: p.GuardianPhone, headNeeds: p.Needs, headHousehold: p.Household,
	}
	if p.BirthLunar {
		cells[headCalendar] = "农历"
	}
	if p.IDNumber == "" { // else it stands in the id number
		cells[headBirth] = string(p.Birth)
	}
	return cells
}

func (p *PairingRow) cells(words *words) map[string]string {
	number := func(n *int) string {
		if n == nil {
			return ""
		}
		return fmt.Sprint(*n)
	}
	asOf := string(p.OpeningAsOf)
	if p.OpeningNone {
		asOf = "—"
	}
	return map[string]string{
		headCadrePhone: p.CadrePhone, headRecipientID: p.RecipientID, headNumber: p.RecipientNumber, headLine: words.lines.word(p.Line), headFrom: string(p.From),
		headOpenedContacts: number(p.OpeningContacts), headOpenedVisits: number(p.OpeningVisits), headOpenedHelps: number(p.OpeningHelps),
		headOpenedAsOf: asOf,
	}
}

// word is the proper word for a value of a column that has a fixed set of them.
func (cs choices[T]) word(value T) string {
	for _, c := range cs {
		if any(c.value) == any(value) {
			return c.word
		}
	}
	return ""
}
