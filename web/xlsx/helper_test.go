package xlsx

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"aixin/models"
)

const today = models.Day("2026-11-21")

// idFor makes a valid id number of a region that does not exist.
func idFor(birth string, sequence int) string {
	number := "620899" + strings.ReplaceAll(birth, "-", "") + fmt.Sprintf("%03d", sequence)
	return number + string(checkDigit(number+"0"))
}

// sheetOf is a sheet in a test workbook: its rows, headings and all.
type sheetOf struct {
	name string
	rows [][]any
}

func workbookOf(t testing.TB, sheets ...sheetOf) *excelize.File {
	t.Helper()
	f := excelize.NewFile()
	t.Cleanup(func() { f.Close() })
	for i, s := range sheets {
		if i == 0 {
			must(t, f.SetSheetName("Sheet1", s.name))
		} else {
			_, err := f.NewSheet(s.name)
			must(t, err)
		}
		for r, row := range s.rows {
			must(t, f.SetSheetRow(s.name, fmt.Sprintf("A%d", r+1), &row))
		}
	}
	return f
}

func bytesOf(t testing.TB, f *excelize.File, opts ...excelize.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, f.Write(&b, opts...))
	return b.Bytes()
}

func read(t testing.TB, file []byte) *Register {
	t.Helper()
	reg, err := ReadRegister(bytes.NewReader(file), int64(len(file)), today, models.ShippedLists())
	must(t, err)
	return reg
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func codes(faults []Fault) string {
	var out []string
	for _, f := range faults {
		out = append(out, f.Code)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// equal compares printed values, which is what a reader of the failure sees.
func equal(t testing.TB, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprintf("%v", got), fmt.Sprintf("%v", want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}
