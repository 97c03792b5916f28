package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
	"aixin/web/xlsx"
)

var historyHead = []any{"干部姓名", "干部手机号", "单位", "关爱对象", "身份证号", "编号", "类别", "方式", "日期", "金额", "内容"}

// chronicle runs a ledger through the register, first dry: both must say the same.
func chronicle(t testing.TB, st *store.Store, rows ...[]any) ([]string, desk.HistorySummary) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range slices.Insert(rows, 0, historyHead) {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	run := func(dry bool) ([]string, desk.HistorySummary) {
		h, err := xlsx.ReadHistory(bytes.NewReader(b.Bytes()), int64(b.Len()), enrollDay, nil)
		if err != nil {
			t.Fatal(err)
		}
		results, sum, err := desk.EnrollHistory(context.Background(), st, h, enrollDay, desk.DefaultRules, dry, func(int, int) {})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, r := range h.Rows {
			out = append(out, told(results[r.Place]))
		}
		return out, sum
	}
	dry, drySum := run(true)
	got, sum := run(false)
	drySum.Batch = sum.Batch // a dry run makes none
	same(t, "dry run and run", dry, got)
	same(t, "dry run and run: summary", drySum, sum)
	return got, sum
}

// ledger is what the database holds, in the words of an export.
func ledger(t testing.TB, st *store.Store) (out []string) {
	t.Helper()
	for r, err := range st.Export(context.Background(), store.ExportQuery{From: "2000-01-01", To: "2099-12-31"}) {
		if err != nil {
			t.Fatal(err)
		}
		line := fmt.Sprintf("%s %s %s %s%s%s", string(r.Day), r.Cadre, r.Person, r.Kind, r.Channel, r.Help)
		if r.AmountFen != nil {
			line += " " + models.Fen(*r.AmountFen).Number()
		}
		if r.PairingID == "" {
			line += " 不抵"
		}
		if r.Late {
			line += " 补录"
		}
		out = append(out, line+" "+r.Note.Reveal())
	}
	slices.Sort(out)
	return out
}

// pairedTown is a register with 王敏, who has 谷军 and 马海龙 since March, and two
// called 马明, of whom one has 高有才.
func pairedTown(t testing.TB, st *store.Store) desk.Summary {
	t.Helper()
	_, sum := enroll(t, st, workbook{
		cadres: [][]any{
			{"王敏", "19900000001", "峡门乡人民政府", "", "崆峒区/峡门乡", ""},
			{"马明", "19900000002", "峡门乡人民政府", "", "崆峒区/峡门乡", ""},
			{"马明", "19900000003", "城关小学", "", "平凉市", ""},
		},
		recipients: [][]any{
			{"谷军", gu, "K-1", "", "特困人员", "分散", wupo, "", "老谷", "", "", ""},
			{"马海龙", ma, "K-2", "", "孤儿", "—", wupo, "", "海龙", "王桂兰", "19911110001", ""},
			{"高有才", gao, "K-3", "", "其他", "—", wupo, "", "", "", "", ""},
		},
		pairings: [][]any{
			{"19900000001", gu, "", "结对", "2026-03-01"}, {"19900000001", ma, "", "结对", "2026-03-01"}, {"19900000002", gao, "", "结对", "2026-03-01"},
		},
	})
	if len(sum.Failures) > 0 {
		t.Fatal(sum.Failures)
	}
	return sum
}

func TestHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		st := db.System("test")
		pairedTown(t, st)
		rows := [][]any{
			{"", "19900000001", "", "", gu, "", "走访", "", "2026-11-03", "300", "送了米面"},
			{"王敏", "", "", "老谷", "", "", "走访", "", "2026-11-03", "", "炕烧得热"},         // the same visit
			{"王敏", "", "", "", "", "K-1", "资助", "", "2026-11-03", "200", "现金"},       // another gift
			{"王敏", "", "", "", "", "K-1", "资助", "", "2026-11-03", "300", ""},         // told already
			{"马明", "", "", "高有才", "", "", "", "电话", "2026-04-01", "", "问了身体"},        // who has him tells which 马明
			{"马明", "", "城关小学", "", gao, "", "实事", "", "2026-11-05", "", "修了水管"},      // by the unit; not paired
			{"王敏", "", "", "谷军", gu, "", "走访", "", "2026-02-01", "", "结对前去过"},        // before the pairing
			{"王敏", "", "", "李雷", "", "", "走访", "", "2026-11-03", "", ""},             // nobody's
			{"李雷", "", "", "谷军", gu, "", "走访", "", "2026-11-03", "", ""},             // unknown cadre
			{"马明", "", "", "", gu, "", "走访", "", "2026-11-03", "", ""},               // which of the two
			{"", "19900000009", "", "", gu, "", "走访", "", "2026-11-03", "", ""},      // unknown phone
			{"王敏", "", "", "高尔基", gu, "", "走访", "", "2026-11-03", "", ""},            // another's id number
			{"王敏", "", "", "马海龙", ma, "", "走访", "", "2016-11-03", "", ""},            // before birth
			{"王敏", "", "", "马海龙", ma, "", "走访、实事", "", "2026-11-10", "", "补课"},       // two things
			{"王敏", "", "", "马海龙", ma, "", "宣传政策", "", "2026-11-10", "", "讲了孤儿基本生活费"}, // not the same as a deed
			{"王敏", "", "", "海龙", "", "", "捐款", "", "2026-11-11", "", "一笔"},
			{"王敏", "", "", "海龙", "", "", "捐款", "", "2026-11-11", "500", "学费"}, // the sum of the one before
		}
		got, sum := chronicle(t, st, rows...)
		same(t, "results", strings.Join(got, "\n"), strings.Join([]string{
			"导入", "未变 I106", "导入", "未变 I106", "导入 I120", "导入 I112", "导入 I120 I112",
			"错误 I109", "错误 I109", "错误 I121", "错误 I109", "错误 I107", "错误 I112",
			"导入", "导入", "导入", "未变 I106",
		}, "\n"))
		same(t, "counts", fmt.Sprint(sum.Rows, sum.Activities, sum.Late, sum.Unpaired), "{8 0 3 6} 10 2 2")
		want := []string{
			"2026-02-01 王敏 谷军 visit 不抵 补录 结对前去过",
			"2026-04-01 马明 高有才 contactphone 补录 问了身体",
			"2026-11-03 王敏 谷军 aid 200 现金",
			"2026-11-03 王敏 谷军 aid 300 送了米面",
			"2026-11-03 王敏 谷军 visit 送了米面;炕烧得热",
			"2026-11-05 马明 高有才 helpdeed 不抵 修了水管",
			"2026-11-10 王敏 马海龙 helpdeed 补课",
			"2026-11-10 王敏 马海龙 helppolicy 讲了孤儿基本生活费",
			"2026-11-10 王敏 马海龙 visit 补课",
			"2026-11-11 王敏 马海龙 aid 500 一笔;学费",
		}
		same(t, "stored", strings.Join(ledger(t, st), "\n"), strings.Join(want, "\n"))

		// Once more: nothing new, whatever the chat has added.
		if got, sum := chronicle(t, st, rows...); sum.Activities != 0 || sum.Batch != "" || got[0] != "未变 I107 I107" || sum.Rows.Same != 11 {
			t.Errorf("again: %v %+v", got, sum)
		}
		same(t, "stored after a second run", strings.Join(ledger(t, st), "\n"), strings.Join(want, "\n"))
	})
}

// What several did together is each one's visit, and one sum.
func TestHistoryOfSeveral(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		st := db.System("test")
		pairedTown(t, st)
		rows := [][]any{
			{"", "19900000001、19900000003", "", "谷军", "", "", "走访", "", "2026-11-03", "600", "单位慰问金"},
			{"", "19900000003", "", "", gu, "", "资助", "", "2026-11-03", "600", "单位的钱"},        // told again
			{"王敏;张局长", "", "", "海龙", "", "", "走访、实事", "", "2026-11-04", "", "补课"},             // one is not listed
			{"张局长、李科长", "", "", "谷军", gu, "", "走访", "", "2026-11-05", "", ""},                 // nobody is
			{"", "19900000001、19900000002", "", "李雷", "", "", "走访", "", "2026-11-05", "", ""}, // nobody's
		}
		got, sum := chronicle(t, st, rows...)
		same(t, "results", strings.Join(got, "\n"), "导入 I112\n未变 I106\n导入 I109\n错误 I109 I109\n错误 I109")
		same(t, "counts", fmt.Sprint(sum.Rows, sum.Activities), "{2 0 1 2} 5")
		want := []string{
			"2026-11-03 王敏 谷军 aid 600 单位慰问金;单位的钱",
			"2026-11-03 王敏 谷军 visit 单位慰问金",
			"2026-11-03 马明 谷军 visit 不抵 单位慰问金",
			"2026-11-04 王敏 马海龙 helpdeed 补课",
			"2026-11-04 王敏 马海龙 visit 补课",
		}
		same(t, "stored", strings.Join(ledger(t, st), "\n"), strings.Join(want, "\n"))
		if _, sum := chronicle(t, st, rows...); sum.Activities != 0 {
			t.Errorf("again: %+v", sum)
		}
		if undone, err := desk.Undo(context.Background(), st, sum.Batch, func(int, int) {}); err != nil || undone.Kept() > 0 || len(ledger(t, st)) > 0 {
			t.Errorf("taken back: %+v %v %v", undone, err, ledger(t, st))
		}
	})
}

// What cadres have told in the chat is not told again; a gift of unknown value
// there may be the one of the ledger.
func TestHistoryMeetsTheChat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		pairedTown(t, st)
		wang, err := st.CadresByPhone(ctx, []string{st.PhoneIndex("19900000001")})
		if err != nil {
			t.Fatal(err)
		}
		people, err := st.RecipientsByIndex(ctx, nil, []string{"K-1"})
		if err != nil {
			t.Fatal(err)
		}
		rec := models.Record{CadreID: wang[0].ID}
		err = st.AddRecord(ctx, &rec, []models.Activity{
			{RecipientID: people[0].ID, Kind: models.KindVisit, Day: "2026-11-03"}, {RecipientID: people[0].ID, Kind: models.KindAid, Day: "2026-11-03"},
		})
		if err != nil {
			t.Fatal(err)
		}
		got, sum := chronicle(t, st,
			[]any{"王敏", "", "", "谷军", "", "", "走访", "", "2026-11-03", "300", ""},
			[]any{"王敏", "", "", "谷军", "", "", "走访", "", "2026-11-04", "", ""},
		)
		same(t, "results", got, []string{"未变 I107 I107", "导入"})

		// Taking it back leaves what the chat told.
		u, err := desk.Undo(ctx, st, sum.Batch, func(int, int) {})
		if err != nil || u.Kept() != 0 || len(u.Parts) != 1 || u.Parts[0].Taken != 1 {
			t.Fatalf("%+v %v", u, err)
		}
		if rows := ledger(t, st); len(rows) != 2 {
			t.Errorf("left: %v", rows)
		}
	})
}

// A record that somebody corrected since is theirs: it stays.
func TestUndoHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		pairedTown(t, st)
		_, sum := chronicle(t, st,
			[]any{"王敏", "", "", "谷军", "", "", "走访", "", "2026-11-03", "", ""},
			[]any{"王敏", "", "", "谷军", "", "", "走访", "", "2026-11-04", "", ""},
			[]any{"王敏", "", "", "谷军", "", "", "走访", "", "2026-11-05", "", ""},
		)
		var a models.Activity
		for r, err := range st.Export(ctx, store.ExportQuery{From: "2026-11-04", To: "2026-11-04"}) {
			if err != nil {
				t.Fatal(err)
			}
			a = r.Activity
		}
		moved := a
		moved.Day, moved.Source = "2026-11-06", models.SourceChat
		if err := st.Correct(ctx, a.RecordID, a.CadreID, []string{a.ID}, []models.Activity{moved}); err != nil {
			t.Fatal(err)
		}
		u, err := desk.Undo(ctx, st, sum.Batch, func(int, int) {})
		if err != nil || fmt.Sprint(u.Parts) != "[{record 2 1}]" {
			t.Fatalf("%+v %v", u, err)
		}
		if rows := ledger(t, st); len(rows) != 1 || !strings.HasPrefix(rows[0], "2026-11-06") {
			t.Errorf("left: %v", rows)
		}
		if _, err := desk.Undo(ctx, st, "nonesuch", func(int, int) {}); err != desk.ErrNoBatch {
			t.Errorf("no such batch: %v", err)
		}
		clock.Add(31 * 24 * time.Hour)
		if _, err := desk.Undo(ctx, st, sum.Batch, func(int, int) {}); err != desk.ErrBatchOld {
			t.Errorf("after a month: %v", err)
		}
	})
}

func TestUndoRegister(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		first := pairedTown(t, st)
		// A second batch leans on the first: a new cadre in an old unit, paired anew.
		clock.Add(time.Hour)
		_, second := enroll(t, st, workbook{
			cadres:     [][]any{{"尉迟航", "19900000005", "城关小学", "", "平凉市", ""}, {"王敏", "19900000001", "峡门乡人民政府", "副乡长", "崆峒区/峡门乡", ""}},
			recipients: [][]any{{"刘福", "", "K-9", "1950-01-01", "其他", "—", "崆峒区/柳湖镇/甘沟村", "", "", "", "", ""}},
			pairings:   [][]any{{"19900000005", "", "K-9", "结对", "2026-04-01"}},
		})
		if len(second.Failures) > 0 || second.Batch == "" || second.Batch == first.Batch {
			t.Fatalf("%+v", second)
		}
		clock.Add(time.Hour)
		// Somebody has logged a call to 谷军 meanwhile.
		chronicle(t, st, []any{"王敏", "", "", "谷军", "", "", "电话", "", "2026-11-03", "", ""})

		u, err := desk.Undo(ctx, st, second.Batch, func(int, int) {})
		if err != nil || fmt.Sprint(u.Parts) != "[{state 0 0} {delegation 0 0} {pairing 1 0} {contact 0 0} {recipient 1 0} {cadre 1 0} {unit 0 0} {region 2 0}]" {
			t.Fatalf("second: %+v %v", u, err)
		}
		if _, err := desk.Undo(ctx, st, second.Batch, func(int, int) {}); err != desk.ErrBatchUndone {
			t.Errorf("twice: %v", err)
		}
		// Of the first stay 王敏, who was also changed, 谷军 and their pairing, and
		// where they are.
		u, err = desk.Undo(ctx, st, first.Batch, func(int, int) {})
		if err != nil || fmt.Sprint(u.Parts) != "[{state 0 0} {delegation 0 0} {pairing 2 1} {contact 1 0} {recipient 2 1} {cadre 2 1} {unit 1 1} {region 0 2}]" {
			t.Fatalf("first: %+v %v", u, err)
		}
		recipients, cadres, err := st.CountPeople(ctx)
		if err != nil || recipients != 1 || cadres != 1 {
			t.Errorf("left: %d recipients, %d cadres, %v", recipients, cadres, err)
		}
		if rows := ledger(t, st); len(rows) != 1 {
			t.Errorf("left: %v", rows)
		}
		// The same workbook goes in again.
		if sum := pairedTown(t, st); sum.Pairings.New != 2 {
			t.Errorf("again: %+v", sum)
		}
	})
}
