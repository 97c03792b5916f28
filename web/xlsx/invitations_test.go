package xlsx_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"aixin/web/xlsx"
)

func TestInvitationsHaveASheetAUnit(t *testing.T) {
	long := strings.Repeat("平凉市民政局", 6)
	rows := []xlsx.InvitationRow{
		{"干部", "王敏", "峡门乡/人民政府", "1234", "", "A3CD7EFG"},
		{"干部", "李娜", "峡门乡/人民政府", "5678", "", "B3CD7EFG"},
		{"干部", "赵军", long + "一科", "", "", "C3CD7EFG"},
		{"干部", "钱进", long + "二科", "", "", "D3CD7EFG"},
		{"监护人", "=谷某", "", "", "谷军", "E3CD7EFG"},
	}
	var out bytes.Buffer
	if err := xlsx.WriteInvitations(&out, rows); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheets := book.GetSheetList()
	if len(sheets) != 4 || sheets[0] != "峡门乡人民政府" || sheets[3] != "没有单位" || sheets[1] == sheets[2] {
		t.Fatalf("%q", sheets)
	}
	first, err := book.GetRows(sheets[0])
	if err != nil || len(first) != 3 || first[1][5] != "A3CD7EFG" || first[2][1] != "李娜" || first[0][2] != "单位" {
		t.Errorf("%q %v", first, err)
	}
	if formula, _ := book.GetCellFormula(sheets[3], "B2"); formula != "" {
		t.Errorf("a name became a formula: %s", formula)
	}
}
