package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
	"aixin/web/xlsx"
)

const (
	enrollDay = models.Day("2026-11-21")
	wupo      = "崆峒区/峡门乡/吴坡村"
)

var (
	cadreHead     = []any{"姓名", "手机号", "单位", "职务", "所属地区", "专业"}
	recipientHead = []any{"姓名", "身份证号", "编号", "出生日期", "类别", "供养方式", "所属地区", "住址", "别名", "监护人姓名", "监护人手机号", "需求", "残疾等级", "更正说明"}
	pairingHead   = []any{"干部手机号", "关爱对象身份证号", "编号", "条线", "开始日期"}
	openingHead   = append(slices.Clone(pairingHead), "本年已联系", "本年已走访", "本年已办实事", "截至日")
)

// idNumber makes a valid id number of a region that does not exist.
func idNumber(birth string, n int) string {
	s := "620899" + strings.ReplaceAll(birth, "-", "") + fmt.Sprintf("%03d", n)
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(s[i]-'0') * weight
	}
	return s + string("10X98765432"[sum%11])
}

// workbook is a register workbook in the making.
type workbook struct{ cadres, recipients, pairings [][]any }

func (w workbook) bytes(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if w.pairings != nil && len(w.pairings[0]) > 0 && w.pairings[0][0] != pairingHead[0] {
		w.pairings = slices.Insert(w.pairings, 0, pairingHead)
	}
	for _, s := range []struct {
		name string
		head []any
		rows [][]any
	}{{"干部", cadreHead, w.cadres}, {"关爱对象", recipientHead, w.recipients}, {"结对关系", nil, w.pairings}} {
		if _, err := f.NewSheet(s.name); err != nil {
			t.Fatal(err)
		}
		rows := s.rows
		if s.head != nil {
			rows = slices.Insert(slices.Clone(rows), 0, s.head)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(s.name, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// enroll runs a workbook through the register, first dry: both must say the same.
func enroll(t testing.TB, st *store.Store, w workbook) (xlsx.Results, desk.Summary) {
	t.Helper()
	file := w.bytes(t)
	run := func(dry bool) (xlsx.Results, desk.Summary) {
		reg, err := xlsx.ReadRegister(bytes.NewReader(file), int64(len(file)), enrollDay, models.ShippedLists())
		if err != nil {
			t.Fatal(err)
		}
		results, sum, err := desk.Enroll(context.Background(), st, reg, enrollDay, dry, func(int, int) {})
		if err != nil {
			t.Fatal(err)
		}
		return results, sum
	}
	recipients, cadres, err := st.CountPeople(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	dryResults, drySum := run(true)
	if r, c, err := st.CountPeople(context.Background()); err != nil || r != recipients || c != cadres {
		t.Fatalf("a dry run wrote: %d recipients, %d cadres, %v", r, c, err)
	}
	results, sum := run(false)
	drySum.Batch = sum.Batch // a dry run makes none
	same(t, "dry run and run: summary", drySum, sum)
	same(t, "dry run and run: results", dryResults, results)
	return results, sum
}

// same compares as a reader of the failure sees it.
func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// told is what a row got: its outcome and the codes of the register's reasons.
func told(r xlsx.Result) string {
	out := string(r.Outcome)
	for _, f := range r.Reasons {
		out += " " + f.Code
	}
	return out
}

func toldAll(m map[int]xlsx.Result) (out []string) {
	for _, row := range slices.Sorted(maps.Keys(m)) {
		out = append(out, told(m[row]))
	}
	return out
}

var (
	gu  = idNumber("1958-03-02", 1)
	ma  = idNumber("2017-05-09", 2)
	gao = idNumber("1980-01-01", 3)
)

// firstBook is a small register as an office sends it.
func firstBook() workbook {
	return workbook{
		cadres: [][]any{
			{"王敏", "19900000001", "峡门乡人民政府", "干事", "崆峒区/峡门乡", "基层"},
			{"马明", "19900000002", "峡门乡人民政府", "", wupo, ""},
			{"尉迟航", "19900000003", "城关小学", "教师", "平凉市", "教师"},
			{"高峰", "1990000000", "城关小学", "", "平凉市", ""}, // a digit short
		},
		recipients: [][]any{
			{"谷军", gu, "", "", "特困人员", "分散", wupo, "三社 7 号", "老谷、谷叔", "", "", "房顶漏雨"},
			{"马海龙", ma, "K-2", "", "孤儿;困难重度残疾人", "—", wupo, "", "海龙", "王桂兰", "19911110001", ""},
			{"脱秀芳", "", "", "1950-01-01", "其他", "", "静宁县/城关镇", "", "", "", "", ""},
			{"高有才", "620899198001010000", "", "", "其他", "", wupo, "", "", "", "", ""}, // a wrong check digit
		},
		pairings: [][]any{
			openingHead,
			{"19900000001", gu, "", "结对", "2023-05-25", 1, 2, 0, "2026-06-30"},
			{"19900000002", "", "K-2", "", "2025-03-01"},
			{"19900000003", ma, "", "帮学助教", "2025-03-01"},
			{"1990000000", gu, "", "亲情关怀", "2025-03-01"},
			{"19900000009", gu, "", "心理抚慰", "2025-03-01"},
		},
	}
}

func TestEnroll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		results, sum := enroll(t, st, firstBook())
		same(t, "cadres", toldAll(results.Cadres), []string{"导入", "导入", "导入", "错误"})
		same(t, "recipients", toldAll(results.Recipients), []string{"导入", "导入", "导入 I101", "错误"})
		same(t, "pairings", toldAll(results.Pairings), []string{"导入", "导入", "导入", "错误", "错误 I109"})
		same(t, "counts", []desk.Outcomes{sum.Cadres, sum.Recipients, sum.Pairings}, []desk.Outcomes{{New: 3, Failed: 1}, {New: 3, Failed: 1}, {New: 3, Failed: 2}})
		same(t, "new units", sum.NewUnits, []string{"峡门乡人民政府", "城关小学"})
		same(t, "new regions", sum.NewRegions, []string{"崆峒区/峡门乡", wupo, "静宁县/城关镇"})
		if len(sum.Failures) != 4 || sum.Failures[0].Sheet != "干部" || sum.Failures[0].Row != 5 || !strings.HasPrefix(sum.Failures[0].Reasons, "I113 ") {
			t.Errorf("failures: %+v", sum.Failures)
		}

		units, err := st.Units(ctx)
		if err != nil || len(units) != 2 {
			t.Fatal(units, err)
		}
		homes := map[string]string{}
		for _, u := range units {
			r, err := st.Region(ctx, u.Region)
			if err != nil {
				t.Fatal(err)
			}
			homes[u.Name] = r.Path
		}
		same(t, "units lie where all their cadres do", homes, map[string]string{"峡门乡人民政府": "崆峒区/峡门乡", "城关小学": "平凉市"})

		found, err := st.RecipientsByIndex(ctx, []string{st.IDIndex(gu)}, []string{"K-2", "L2026-000002"})
		if err != nil || len(found) != 3 {
			t.Fatalf("found %d, %v", len(found), err)
		}
		byName := map[string]models.Recipient{}
		for _, r := range found {
			byName[r.Name.Reveal()] = r
		}
		g, m, tuo := byName["谷军"], byName["马海龙"], byName["脱秀芳"]
		same(t, "谷军", []any{g.Number, g.Birth.Reveal(), g.Categories, g.CareMode, g.Address.Reveal(), g.AliasList(), g.Needs.Reveal()},
			[]any{"D2026-000001", "1958-03-02", "extreme_poverty", "scattered", "三社 7 号", []string{"老谷", "谷叔"}, "房顶漏雨"})
		same(t, "马海龙", []any{m.Categories, m.CareMode, m.IDNumber.Reveal()}, []any{"orphan,severe_disability", "", ma})
		same(t, "脱秀芳", []any{tuo.Birth.Reveal(), tuo.IDIdx == nil, tuo.IDNumber.Empty()}, []any{"1950-01-01", true, true})
		contacts, err := st.ContactsOf(ctx, []string{g.ID, m.ID, tuo.ID})
		if err != nil || len(contacts) != 1 {
			t.Fatalf("contacts %d, %v", len(contacts), err)
		}
		same(t, "guardian", []any{contacts[0].RecipientID == m.ID, contacts[0].Kind, contacts[0].Name.Reveal(), contacts[0].PhoneIdx == st.PhoneIndex("19911110001")},
			[]any{true, "guardian", "王桂兰", true})

		pairings, err := st.PairingsOf(ctx, []string{g.ID, m.ID})
		if err != nil || len(pairings) != 3 {
			t.Fatal(pairings, err)
		}
		for _, p := range pairings {
			if p.RecipientID == g.ID {
				same(t, "opening figures", []any{string(p.FromDay), p.OpeningContacts, p.OpeningVisits, p.OpeningHelps, string(p.OpeningAsOf), p.OpeningUnknown}, []any{"2023-05-25", 1, 2, 0, "2026-06-30", false})
			} else if !p.OpeningUnknown {
				t.Error("a blank row under opening columns is unknown, not zero")
			}
		}

		again, sum := enroll(t, st, firstBook())
		same(t, "again", slices.Concat(toldAll(again.Cadres), toldAll(again.Recipients), toldAll(again.Pairings)),
			[]string{"未变", "未变", "未变", "错误", "未变", "未变", "未变", "错误", "未变", "未变", "未变", "错误", "错误 I109"})
		same(t, "nothing new", len(sum.NewUnits)+len(sum.NewRegions), 0)
	})
}

// What a later workbook changes, and what its empty cells leave alone.
func TestEnrollUpdates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		enroll(t, st, firstBook())
		tuo := idNumber("1950-01-01", 9)
		later := workbook{
			cadres: [][]any{
				{"王敏", "19900000001", "城关小学", "", "崆峒区/峡门乡", ""}, // moved; post and speciality stay
				{"马铭", "19900000002", "峡门乡人民政府", "", wupo, ""},   // sounds
				{"安宁", "19900000003", "城关小学", "", "平凉市", ""},     // somebody else's number
				{"马大河", "19900000004", "城关小学", "", "平凉市", ""},
			},
			recipients: [][]any{
				{"谷军", gu, "A-1", "", "特困人员", "", wupo, "", "", "", "", ""},                                  // the office numbers him
				{"马海龙", ma, "", "", "困难重度残疾人、孤儿", "", wupo, "", "", "李兰", "19911110002", ""},                 // another guardian
				{"脱秀芳", tuo, "", "", "其他", "", "静宁县/城关镇", "", "", "", "", ""},                                // now she has an id number
				{"安大山", idNumber("1970-01-01", 8), "K-2", "", "其他", "", wupo, "", "", "", "", ""},            // another's 编号
				{"马海隆", idNumber("2017-05-09", 7), "", "", "孤儿", "", wupo, "", "", "王桂兰", "19911110001", ""}, // twice in the register?
				{"高有才", gao, "", "", "其他", "", wupo, strings.Repeat("长", 251), "", "", "", ""},               // no room
				{"高有德", idNumber("1981-01-01", 6), "", "", "其他", "", wupo + "/三社", "", "", "", "", ""},       // below the village
				{"脱秀芳", "", "L2026-000002", "1950-01-01", "其他", "", "静宁县/城关镇", "", "", "", "", ""},           // the same person again
				{"司马光", idNumber("1958-03-02", 5), "A-7", "", "特困人员", "分散", wupo, "", "", "", "", "煤"},       // 谷军's day and village
				{"安小山", idNumber("1970-01-02", 8), "L2026-000002", "", "其他", "", wupo, "", "", "", "", ""},   // a number twice in the file
				{"谷大年", idNumber("1970-01-03", 8), "", "", "其他", "", wupo, "", "", "", "", ""},               // numbered on
				{"王小丫", "", "", "1990-02-02", "其他", "", wupo, "", "", "", "", ""},                            // no id number
				{"王小丫", "", "", "1990-02-02", "其他", "", wupo, "", "", "", "", ""},                            // a namesake, or written twice
			},
			pairings: [][]any{
				openingHead,
				{"19900000001", gu, "", "结对", "2023-05-25", 2, 2, 1, "2026-08-31"},
				{"19900000002", ma, "", "结对", "2025-03-01"},
			},
		}
		results, _ := enroll(t, st, later)
		same(t, "cadres", toldAll(results.Cadres), []string{"更新", "更新", "错误 I107", "导入"})
		same(t, "recipients", toldAll(results.Recipients), []string{
			"更新", "更新 I116", "更新", "错误 I107", "导入 I108", "错误 I122",
			"导入 I114", "错误 I106", "导入", "错误", "导入", "导入 I101", "导入 I101",
		})
		same(t, "pairings", toldAll(results.Pairings), []string{"更新", "未变"})
		if text := results.Cadres[4].Reasons[0].Text; !strings.Contains(text, "尉迟*") || strings.Contains(text, "航") {
			t.Errorf("the one in the register is named masked: %s", text)
		}

		wang, err := st.CadresByPhone(ctx, []string{st.PhoneIndex("19900000001")})
		if err != nil || len(wang) != 1 {
			t.Fatal(err)
		}
		unit, err := st.Unit(ctx, wang[0].UnitID)
		same(t, "王敏", []any{unit.Name, wang[0].Post, wang[0].Speciality, err}, []any{"城关小学", "干事", "grassroots", nil})
		found, err := st.RecipientsByIndex(ctx, []string{st.IDIndex(gu), st.IDIndex(ma), st.IDIndex(tuo)}, nil)
		if err != nil || len(found) != 3 {
			t.Fatal(len(found), err)
		}
		for _, r := range found {
			switch r.Name.Reveal() {
			case "谷军":
				same(t, "谷军", []any{r.Number, r.CareMode, r.Address.Reveal(), r.Needs.Reveal()}, []any{"A-1", "scattered", "三社 7 号", "房顶漏雨"})
				pairings, err := st.PairingsOf(ctx, []string{r.ID})
				if err != nil || len(pairings) != 1 {
					t.Fatal(pairings, err)
				}
				same(t, "opening figures", []any{pairings[0].OpeningContacts, pairings[0].OpeningHelps, string(pairings[0].OpeningAsOf)}, []any{2, 1, "2026-08-31"})
			case "马海龙":
				contacts, err := st.ContactsOf(ctx, []string{r.ID})
				same(t, "guardians", []any{r.Categories, len(contacts), err}, []any{"orphan,severe_disability", 2, nil})
			default:
				same(t, "脱秀芳", []any{r.Number, r.IDNumber.Reveal()}, []any{"L2026-000002", tuo})
			}
		}

		results, _ = enroll(t, st, later)
		same(t, "cadres again", toldAll(results.Cadres), []string{"未变", "未变", "错误 I107", "未变"})
		same(t, "recipients again", toldAll(results.Recipients), []string{
			"未变", "未变", "未变", "错误 I107", "未变", "错误 I122",
			"未变 I114", "错误 I106", "未变", "错误", "未变", "未变", "未变",
		})
		same(t, "pairings again", toldAll(results.Pairings), []string{"未变", "未变"})
	})
}

// People without an id number are told apart by the office's numbers, and by name,
// day and village where it gave none.
func TestEnrollWithoutIDNumber(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		st := db.System("test")
		li := func(id, number string) []any {
			return []any{"李秀英", id, number, "1950-01-01", "其他", "", wupo, "", "", "", "", ""}
		}
		for _, step := range []struct {
			rows [][]any
			want []string
			all  int64
		}{
			{[][]any{li("", "K-9")}, []string{"导入"}, 1},
			{[][]any{li("", "K-10")}, []string{"导入 I108"}, 2}, // numbered apart: two people
			{[][]any{li("", "")}, []string{"未变"}, 2},
			{[][]any{li("", ""), li("", "")}, []string{"未变", "未变"}, 2},
			{[][]any{li("", ""), li("", ""), li("", "")}, []string{"未变", "未变", "导入 I108 I101"}, 3},
			{[][]any{li("", "L2026-000001"), li(idNumber("1950-01-01", 3), "K-9")}, []string{"未变", "更新"}, 3},
			{[][]any{li(idNumber("1950-01-01", 3), "K-10")}, []string{"错误 I107"}, 3}, // K-9's id number
			{[][]any{li(idNumber("1950-01-01", 4), "K-9")}, []string{"错误 I107"}, 3},
			{[][]any{li(idNumber("1950-01-01", 3), "K-11")}, []string{"错误 I107"}, 3},
			{[][]any{li(idNumber("1950-01-01", 5), "L2026-000002")}, []string{"导入 I108"}, 4}, // a number nobody gave
			{[][]any{li("", "")}, []string{"未变"}, 4},
		} {
			results, _ := enroll(t, st, workbook{recipients: step.rows, pairings: [][]any{pairingHead}})
			same(t, fmt.Sprint(step.rows), toldAll(results.Recipients), step.want)
			if n, _, err := st.CountPeople(context.Background()); err != nil || n != step.all {
				t.Fatalf("%v: %d people, %v", step.rows, n, err)
			}
		}
	})
}

// The opening figures of users.md 一.1: unknown only where the workbook asks for
// them, and never wiped out by a blank.
func TestEnrollOpeningFigures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		book := firstBook()
		opening := func() models.Pairing {
			t.Helper()
			found, err := st.RecipientsByIndex(ctx, []string{st.IDIndex(gu)}, nil)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := st.PairingsOf(ctx, []string{found[0].ID})
			if err != nil || len(rows) != 1 {
				t.Fatal(rows, err)
			}
			return rows[0]
		}
		for _, step := range []struct {
			rows    [][]any
			told    string
			unknown bool
			visits  int
		}{
			{[][]any{pairingHead, {"19900000001", gu, "", "", "2023-05-25"}}, "导入", false, 0},
			{[][]any{openingHead, {"19900000001", gu, "", "", "2023-05-25"}}, "更新", true, 0},
			{[][]any{openingHead, {"19900000001", gu, "", "", "2023-05-25", nil, 2, nil, "2026-06-30"}}, "更新", false, 2},
			{[][]any{openingHead, {"19900000001", gu, "", "", "2023-05-25"}}, "未变", false, 2},
			{[][]any{pairingHead, {"19900000001", gu, "", "", "2023-05-25"}}, "未变", false, 2},
		} {
			book.pairings = step.rows
			results, _ := enroll(t, st, book)
			p := opening()
			same(t, fmt.Sprint(step.rows), []any{told(results.Pairings[2]), p.OpeningUnknown, p.OpeningVisits}, []any{step.told, step.unknown, step.visits})
		}
	})
}

// What the register has against a pairing, one row a reason.
func TestEnrollPairingFaults(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		enroll(t, st, firstBook())
		enroll(t, st, workbook{
			cadres:     [][]any{{"安宁", "19911110001", "城关小学", "", "平凉市", ""}, {"卯玲", "19900000008", "城关小学", "", "平凉市", ""}},
			recipients: [][]any{{"安大山", idNumber("1970-01-01", 8), "", "", "其他", "", wupo, "", "", "", "", ""}, {"秦岭", idNumber("1971-01-01", 8), "E-1", "", "其他", "", wupo, "", "", "", "", ""}},
			pairings:   [][]any{pairingHead, {"19900000003", idNumber("1970-01-01", 8), "", "", "2024-01-01"}},
		})
		// One pairing has ended, one cadre and one recipient have left.
		found, err := st.RecipientsByIndex(ctx, []string{st.IDIndex(idNumber("1970-01-01", 8))}, []string{"E-1"})
		if err != nil || len(found) != 2 {
			t.Fatal(len(found), err)
		}
		for _, r := range found {
			if r.Number == "E-1" {
				r.ExitedOn = "2026-01-31"
				if err := st.Save(ctx, &r); err != nil {
					t.Fatal(err)
				}
				continue
			}
			p, err := st.PairingsOf(ctx, []string{r.ID})
			if err != nil {
				t.Fatal(err)
			}
			p[0].ToDay = "2025-06-30"
			if err := st.Save(ctx, &p[0]); err != nil {
				t.Fatal(err)
			}
		}
		left, err := st.CadresByPhone(ctx, []string{st.PhoneIndex("19900000008")})
		if err != nil {
			t.Fatal(err)
		}
		left[0].LeftAt = st.Now()
		if err := st.Save(ctx, &left[0]); err != nil {
			t.Fatal(err)
		}

		an := idNumber("1970-01-01", 8)
		cases := []struct {
			row  []any
			want string
			says string
		}{
			{[]any{"19900000002", gu, "", "结对", "2026-01-01"}, "错误 I111", "王*"},
			{[]any{"19900000001", ma, "", "医疗康复", "2016-01-01"}, "错误 I112", "出生"},
			{[]any{"19900000001", gu, "", "亲情关怀", "2024-02-01"}, "导入", ""},
			{[]any{"19900000002", ma, "", "结对", "2025-04-01"}, "错误 I112", "2025-03-01"},
			{[]any{"19900000002", an, "", "结对", "2025-06-30"}, "错误 I112", "2025-06-30"},
			{[]any{"19900000003", "", "D2026-000003", "结对", "2024-01-01"}, "未变 I117", "2025-06-30"},
			{[]any{"19900000077", gu, "", "医疗康复", "2024-02-01"}, "错误 I109", "0077"},
			{[]any{"19900000001", idNumber("1977-01-01", 8), "", "", "2024-02-01"}, "错误 I109", "对象"},
			{[]any{"19900000001", "", "没有-1", "", "2024-02-01"}, "错误 I109", "没有-1"},
			{[]any{"19900000008", gu, "", "心理抚慰", "2024-02-01"}, "错误 I109", "离开"},
			{[]any{"19900000001", "", "E-1", "", "2024-02-01"}, "错误 I109", "退出"},
			{[]any{"19911110001", ma, "", "亲情关怀", "2024-02-01"}, "错误 I116", "监护人"},
			{[]any{"19900000044", ma, "", "心理抚慰", "2024-02-01"}, "错误 I109", "第 2 行"},
			{[]any{"19900000001", idNumber("1988-01-01", 8), "", "", "2024-02-01"}, "错误 I109", "第 2 行"},
			{[]any{"19900000077", idNumber("1977-01-01", 8), "", "帮学助教", "2024-02-01"}, "错误 I109 I109", ""},
		}
		book := workbook{
			cadres:     [][]any{{"安然", "19900000044", "城关小学", "", "没有的县", ""}},
			recipients: [][]any{{"秦兰", idNumber("1988-01-01", 8), "", "", "孤儿", "", wupo, "", "", "", "", ""}},
			pairings:   [][]any{pairingHead},
		}
		for _, c := range cases {
			book.pairings = append(book.pairings, c.row)
		}
		// The pairing that has ended is over: from the day after there may be another.
		book.pairings = append(book.pairings, []any{"19900000002", an, "", "帮学助教", "2025-07-01"})
		results, _ := enroll(t, st, book)
		for i, c := range cases {
			r := results.Pairings[i+2]
			if got := told(r); got != c.want || c.says != "" && !strings.Contains(fmt.Sprint(r.Reasons), c.says) {
				t.Errorf("%v: got %q %v, want %q that says %q", c.row, got, r.Reasons, c.want, c.says)
			}
			if strings.Contains(fmt.Sprint(r.Reasons), "王敏") || strings.Contains(fmt.Sprint(r.Reasons), gu) {
				t.Errorf("%v says too much: %v", c.row, r.Reasons)
			}
		}
		same(t, "after the end", told(results.Pairings[len(cases)+2]), "导入")
	})
}

// Many rows: several commits, progress, a caseload, and the same again.
func TestEnrollManyRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		book := workbook{pairings: [][]any{pairingHead}, cadres: [][]any{{"王敏", "19900000000", "城关小学", "", "平凉市", ""}}}
		for i := range 1203 {
			phone := fmt.Sprintf("199%08d", i+1)
			book.cadres = append(book.cadres, []any{"马明", phone, fmt.Sprintf("第%d小学", i%30), "", fmt.Sprintf("庄浪县/镇%d/村%d", i%9, i%40), ""})
			id := idNumber(string(models.Day("1950-01-01").Add(i)), i%999)
			book.recipients = append(book.recipients, []any{"谷军", id, "", "", "其他", "", fmt.Sprintf("庄浪县/镇%d/村%d", i%9, i%40), "", "", "马大", "19911110001", ""})
			if i < 12 {
				phone = "19900000000"
			}
			book.pairings = append(book.pairings, []any{phone, id, "", "", "2024-01-01"})
		}
		results, sum := enroll(t, st, book)
		same(t, "counts", []desk.Outcomes{sum.Cadres, sum.Recipients, sum.Pairings}, []desk.Outcomes{{New: 1204}, {New: 1203}, {New: 1203}})
		same(t, "caseload", []string{told(results.Pairings[11]), told(results.Pairings[12]), told(results.Pairings[13]), told(results.Pairings[14])}, []string{"导入", "导入 I110", "导入 I110", "导入"})
		if r, c, err := st.CountPeople(ctx); err != nil || r != 1203 || c != 1204 {
			t.Fatal(r, c, err)
		}
		file := book.bytes(t)
		reg, err := xlsx.ReadRegister(bytes.NewReader(file), int64(len(file)), enrollDay, models.ShippedLists())
		if err != nil {
			t.Fatal(err)
		}
		var steps []int
		_, sum, err = desk.Enroll(ctx, st, reg, enrollDay, false, func(done, total int) {
			if total != 3610 {
				t.Errorf("%d of %d", done, total)
			}
			steps = append(steps, done)
		})
		same(t, "again", []desk.Outcomes{sum.Cadres, sum.Recipients, sum.Pairings}, []desk.Outcomes{{Same: 1204}, {Same: 1203}, {Same: 1203}})
		same(t, "progress", []any{steps, err}, []any{[]int{500, 1000, 1204, 1704, 2204, 2407, 2907, 3407, 3610}, nil})
	})
}

// A run that is broken off has stored whole commits; the next one goes on.
func TestEnrollBrokenOff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		book := workbook{pairings: [][]any{pairingHead}}
		for i := range 1100 {
			book.cadres = append(book.cadres, []any{"马明", fmt.Sprintf("199%08d", i+1), "城关小学", "", "平凉市", ""})
		}
		file := book.bytes(t)
		reg, err := xlsx.ReadRegister(bytes.NewReader(file), int64(len(file)), enrollDay, models.ShippedLists())
		if err != nil {
			t.Fatal(err)
		}
		short, stop := context.WithCancel(ctx)
		_, sum, err := desk.Enroll(short, st, reg, enrollDay, false, func(done, _ int) {
			if done == 500 {
				stop()
			}
		})
		if err == nil || sum.Cadres.New != 500 {
			t.Fatalf("%v, %+v", err, sum.Cadres)
		}
		_, sum, err = desk.Enroll(ctx, st, reg, enrollDay, false, func(int, int) {})
		same(t, "the next run", []any{sum.Cadres, err}, []any{desk.Outcomes{New: 600, Same: 500}, nil})
	})
}

// Another office pairs the same person at the same moment: the import waits for
// it and then sees what it did.
func TestEnrollWaitsForAnother(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		enroll(t, st, workbook{
			cadres:     [][]any{{"王敏", "19900000001", "城关小学", "", "平凉市", ""}, {"安宁", "19900000002", "城关小学", "", "平凉市", ""}},
			recipients: [][]any{{"谷军", gu, "", "", "其他", "", wupo, "", "", "", "", ""}},
			pairings:   [][]any{pairingHead},
		})
		file := workbook{pairings: [][]any{pairingHead, {"19900000001", gu, "", "", "2026-01-01"}}}.bytes(t)
		reg, err := xlsx.ReadRegister(bytes.NewReader(file), int64(len(file)), enrollDay, models.ShippedLists())
		if err != nil {
			t.Fatal(err)
		}
		other, err := st.CadresByPhone(ctx, []string{st.PhoneIndex("19900000002")})
		if err != nil {
			t.Fatal(err)
		}
		person, err := st.RecipientsByIndex(ctx, []string{st.IDIndex(gu)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var results xlsx.Results
		var group sync.WaitGroup
		err = st.InTx(ctx, func(tx *store.Store) error {
			if err := tx.LockRecipients(ctx, []string{person[0].ID}); err != nil {
				return err
			}
			group.Go(func() {
				var err error
				if results, _, err = desk.Enroll(ctx, st, reg, enrollDay, false, func(int, int) {}); err != nil {
					t.Error(err)
				}
			})
			time.Sleep(300 * time.Millisecond) // the import gets as far as it can
			return tx.Create(ctx, &models.Pairing{
				ID: tx.NewID(), CadreID: other[0].ID, RecipientID: person[0].ID, Line: models.LinePairing, FromDay: "2026-02-01", CreatedAt: tx.Now(),
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		group.Wait()
		same(t, "the one who came second", told(results.Pairings[2]), "错误 I111")
	})
}
