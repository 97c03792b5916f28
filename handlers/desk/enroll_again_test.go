package desk_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// A row that is refused makes no later one a copy of it: what is right goes in,
// in whatever order it stands.
func TestRefusedRowsHaveNoCopies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		results, _ := enroll(t, db.System("test"), workbook{
			cadres: [][]any{
				{"王敏", "19900000001", "峡门乡人民政府", "", "崆洞县/某乡", ""},
				{"王敏", "19900000001", "峡门乡人民政府", "", "崆峒区/峡门乡", ""},
				{"王敏", "19900000001", "峡门乡人民政府", "", "崆峒区/峡门乡", ""},
				{"马明", "19900000002", "峡门乡人民政府", "", "崆峒区/峡门乡", ""},
			},
			recipients: [][]any{
				{"谷军", gu, "", "", "神仙", "分散", wupo, "", "", "", "", ""},
				{"谷军", gu, "", "", "特困人员", "分散", wupo, "", "", "", "", ""},
				{"高有才", gao, "K-3", "", "其他", "—", wupo, "", "", "", "", ""},
			},
			pairings: [][]any{
				{"19900000001", gu, "", "结对", "2027-03-01"},
				{"19900000009", gu, "", "结对", "2026-03-01"},
				{"19900000001", gu, "", "结对", "2026-03-01"},
				{"19900000001", gu, "", "结对", "2026-03-01"},
				{"19900000002", gu, "", "结对", "2026-03-01"},
				{"19900000002", "", "K-3", "结对", "2026-03-01"},
				{"19900000001", gao, "", "结对", "2026-04-01"}, // the same person, by the id number
			},
		})
		same(t, "cadres", strings.Join(toldAll(results.Cadres), ","), "错误,导入,错误,导入")
		same(t, "recipients", strings.Join(toldAll(results.Recipients), ","), "错误,导入,导入")
		same(t, "pairings", strings.Join(toldAll(results.Pairings), ","), "错误,错误 I109,导入,错误 I106,错误 I111,导入,错误 I111")
	})
}

// A pairing that has ended stands in the way of nobody who follows.
func TestEndedRowsLetOthersFollow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		book := workbook{
			cadres: [][]any{
				{"王敏", "19900000001", "峡门乡人民政府", "", "崆峒区/峡门乡", ""},
				{"马明", "19900000002", "峡门乡人民政府", "", "崆峒区/峡门乡", ""},
			},
			recipients: [][]any{{"谷军", gu, "", "", "特困人员", "分散", wupo, "", "", "", "", ""}},
			pairings:   [][]any{{"19900000001", gu, "", "结对", "2025-03-01"}},
		}
		enroll(t, st, book)
		rows, err := st.LastingPairings(ctx, "", "")
		if err == nil {
			err = st.EndPairing(ctx, rows[0], "2026-01-31", "换岗", "")
		}
		if err != nil {
			t.Fatal(err)
		}
		book.pairings = append(book.pairings, []any{"19900000002", gu, "", "结对", "2026-02-01"})
		results, _ := enroll(t, st, book)
		same(t, "pairings", strings.Join(toldAll(results.Pairings), ","), "未变 I117,导入")
	})
}

// The ledger as of a day says what was known then: names as they were, and what
// an import had brought before it was taken back.
func TestLedgerKeepsNamesAndImports(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		ledgerAt := func(at models.Instant) string {
			var out []string
			for l, err := range st.LedgerAsOf(ctx, at) {
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, fmt.Sprint(l.Recipient.Number, l.Recipient.Name.Reveal(), " ", l.Cadre.Name.Reveal(), " ", l.Unit, " ", string(l.FromDay), string(l.ToDay)))
			}
			return strings.Join(out, "\n")
		}
		var moments []models.Instant
		var said []string
		look := func() {
			clock.Add(3600e9)
			moments, said = append(moments, st.Now()), append(said, ledgerAt(st.Now()))
			clock.Add(3600e9)
		}
		look()
		pairedTown(t, st)
		look()
		_, sum := enroll(t, st, workbook{
			cadres:     [][]any{{"李新", "19900000007", "城关小学", "", "平凉市", ""}},
			recipients: [][]any{{"秦兰", idNumber("1980-08-09", 12), "K-9", "", "特困人员", "分散", wupo, "", "", "", "", ""}},
			pairings:   [][]any{{"19900000007", "", "K-9", "结对", "2026-04-01"}, {"19900000002", gu, "", "亲情关怀", "2026-04-01"}},
		})
		look()
		enroll(t, st, workbook{ // names and a number are put right
			cadres:     [][]any{{"王旻", "19900000001", "城关小学", "", "崆峒区/峡门乡", ""}},
			recipients: [][]any{{"谷君", gu, "K-11", "", "特困人员", "分散", wupo, "", "老谷", "", "", ""}},
		})
		look()
		if _, err := desk.Undo(ctx, st, sum.Batch, func(int, int) {}); err != nil {
			t.Fatal(err)
		}
		look()
		if strings.Count(said[2], "\n") != 4 || strings.Count(said[4], "\n") != 2 || said[2] == said[3] {
			t.Errorf("the steps:\n%s", strings.Join(said, "\n--\n"))
		}
		for i, at := range moments {
			if got := ledgerAt(at); got != said[i] {
				t.Errorf("as of step %d the ledger was\n%s\nand is\n%s", i, said[i], got)
			}
		}
	})
}

// Categories go forward only, but for what was entered wrongly.
func TestCategoriesGoForward(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		st := db.System("test")
		old := idNumber("2006-03-02", 5)
		row := func(name, id, category, guardian, why string) []any {
			return []any{name, id, "", "", category, "", wupo, "", "", guardian, "", "", "", why}
		}
		for _, step := range []struct{ child, grown, why, want string }{
			{"孤儿", "困难重度残疾人", "", "导入,导入"},
			{"事实无人抚养儿童", "孤儿", "", "错误 I117,错误 I117"},
			{"孤儿、事实无人抚养儿童", "困难重度残疾人", "", "更新,未变"},
			{"事实无人抚养儿童", "孤儿", "当初录错了", "更新,更新"},
			{"孤儿", "困难重度残疾人", "", "更新,更新"},
		} {
			results, _ := enroll(t, st, workbook{recipients: [][]any{
				row("马海龙", ma, step.child, "王桂兰", step.why), row("尚小满", old, step.grown, "尚大", step.why),
			}, pairings: [][]any{pairingHead}})
			same(t, step.child+" "+step.grown, strings.Join(toldAll(results.Recipients), ","), step.want)
		}
	})
}
