package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
	"aixin/web/xlsx"
)

// Contacts of six kinds, states with their days and colleagues who stand in come
// with the workbook, once, and go back with the batch; what the register writes
// out is read back as no change.
func TestWhatHangsOnAPersonIsEnrolled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		old, child := idNumber("1950-01-01", 1), idNumber("2016-01-01", 2)
		enroll(t, st, workbook{
			cadres:     [][]any{{"王敏", "13800000001", "峡门乡人民政府", "", "崆峒区", ""}, {"李村", "13800000002", "峡门乡人民政府", "", "崆峒区", ""}},
			recipients: [][]any{{"谷军", old, "", "", "特困人员", "分散", wupo}, {"马海龙", child, "", "", "孤儿", "", wupo, "", "", "马爷", "13800000009"}},
			pairings:   [][]any{{"13800000001", old, "", "结对", "2026-01-01"}},
		})
		sheets := map[string][][]any{
			"联系人": {
				{"身份证号", "编号", "关系", "姓名", "手机号"},
				{old, "", "邻居", "王婶", "13800000011"},
				{old, "", "侄子", "谷小军", "13800000012"},
				{child, "", "监护人", "马爷", "13800000009"},
				{child, "", "朋友", "张三", "13800000013"},
				{idNumber("1940-01-01", 9), "", "邻居", "李婶", "13800000014"},
			},
			"近况": {
				{"身份证号", "编号", "近况", "开始日期", "结束日期"},
				{old, "", "住院", "2026-11-01", ""},
				{old, "", "外出务工", "2026-11-10", ""},
				{child, "", "寄宿", "2026-09-01", "2027-01-20"},
				{child, "", "去世", "2026-11-01", ""},
			},
			"代管": {
				{"身份证号", "编号", "代管干部手机号", "开始日期", "结束日期"},
				{old, "", "13800000002", "2026-11-20", "2026-12-10"},
				{old, "", "13800000001", "2026-11-20", "2026-12-10"},
				{child, "", "13800000002", "2026-11-20", "2026-12-10"},
				{old, "", "13800000002", "2026-12-20", ""},
			},
		}
		want := map[string][]string{
			"联系人": {"导入", "导入", "未变", "错误 I122", "错误 I109"},
			"近况":  {"导入", "错误 I112", "导入", "错误 I122"},
			"代管":  {"导入", "错误 I122", "错误 I109", "错误 I101"},
		}
		_, sum := runBesides(t, st, sheets, want)
		for sheet, rows := range want {
			for i, outcome := range rows {
				if outcome == "导入" {
					want[sheet][i] = "未变"
				}
			}
		}
		runBesides(t, st, sheets, want)
		sheets["近况"][1][4] = "2026-11-09"
		want["近况"][0] = "更新"
		want["近况"][1] = "导入"
		runBesides(t, st, sheets, want)
		people, err := st.RecipientsByIndex(ctx, []string{st.IDIndex(old)}, nil)
		if err != nil || len(people) != 1 {
			t.Fatal(people, err)
		}
		in, err := st.StatesOn(ctx, []string{people[0].ID}, "2026-11-05")
		if err != nil || in[people[0].ID].State != models.StateHospital {
			t.Error(in, err)
		}
		reg, err := desk.RegisterRows(ctx, st, enrollDay)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := xlsx.WriteRegister(&out, reg, models.ShippedLists(), enrollDay); err != nil {
			t.Fatal(err)
		}
		again, err := xlsx.ReadRegister(bytes.NewReader(out.Bytes()), int64(out.Len()), enrollDay, models.ShippedLists())
		if err != nil {
			t.Fatal(err)
		}
		_, unchanged, err := desk.Enroll(ctx, st, again, enrollDay, false, func(int, int) {})
		if err != nil || fmt.Sprint(unchanged) != fmt.Sprint(desk.Summary{Cadres: desk.Outcomes{Same: 2}, Recipients: desk.Outcomes{Same: 2}, Pairings: desk.Outcomes{Same: 1}, Besides: desk.Outcomes{Same: 6}, NewUnits: []string{}, NewRegions: []string{}}) {
			t.Errorf("what was written out comes back as %+v %v", unchanged, err)
		}
		kept, err := desk.Undo(ctx, st, sum.Batch, func(int, int) {})
		if err != nil {
			t.Fatal(err)
		}
		contacts, err := st.ContactsOf(ctx, []string{people[0].ID})
		if err != nil || len(contacts) != 0 {
			t.Errorf("after the batch was taken back: %v %v (%+v)", contacts, err, kept)
		}
	})
}

func runBesides(t *testing.T, st *store.Store, sheets map[string][][]any, want map[string][]string) (*xlsx.Register, desk.Summary) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for name, rows := range sheets {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	var reg *xlsx.Register
	var sum desk.Summary
	for _, dry := range []bool{true, false} {
		var err error
		if reg, err = xlsx.ReadRegister(bytes.NewReader(b.Bytes()), int64(b.Len()), enrollDay, models.ShippedLists()); err != nil {
			t.Fatal(err)
		}
		var results xlsx.Results
		if results, sum, err = desk.Enroll(context.Background(), st, reg, enrollDay, dry, func(int, int) {}); err != nil {
			t.Fatal(err)
		}
		for _, r := range reg.Besides {
			got := told(results.Besides[r.Place])
			for _, f := range r.Faults {
				got += " " + f.Code
			}
			if got != want[r.Sheet][r.Row-2] {
				t.Errorf("dry %t: %s row %d: %s, want %s", dry, r.Sheet, r.Row, got, want[r.Sheet][r.Row-2])
			}
		}
	}
	return reg, sum
}
