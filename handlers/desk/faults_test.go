package desk_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"aixin/models/store"
	"aixin/models/store/storetest"
	"aixin/web/xlsx"
)

// planted is a row with the one code that its fault must bring; "" for a good row.
type planted struct {
	row  []any
	code string
}

// TestTwoHundredPlantedFaults: among good rows of all three sheets 200 have one
// fault each, of the fourteen codes by which rows are turned away most. Each is found by its code, no
// other is, and exactly the good rows are in.
func TestTwoHundredPlantedFaults(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		first := workbook{
			cadres: [][]any{{"旧干部", "13800000001", "峡门乡人民政府", "", "崆峒区", ""}, {"走了的", "13800000002", "峡门乡人民政府", "", "崆峒区", ""}},
			recipients: [][]any{
				{"在册的", idNumber("1950-01-01", 1), "", "", "特困人员", "分散", wupo},
				{"退出的", idNumber("1950-01-02", 1), "", "", "特困人员", "分散", wupo},
				{"有干部的", idNumber("1950-01-03", 1), "", "", "特困人员", "分散", wupo},
			},
			pairings: [][]any{{"13800000001", idNumber("1950-01-03", 1), "", "结对", "2026-01-01"}},
		}
		enroll(t, st, first)
		gone, err := st.RecipientsByIndex(ctx, []string{st.IDIndex(idNumber("1950-01-02", 1))}, nil)
		if err != nil || len(gone) != 1 {
			t.Fatal(gone, err)
		}
		if err := st.SetStanding(ctx, gone[0].ID, gone[0].Region, "2026-05-01"); err != nil {
			t.Fatal(err)
		}
		left, err := st.CadreWithPhone(ctx, "13800000002")
		if err == nil {
			err = st.SetPost(ctx, left.ID, left.UnitID, left.Region, st.Now())
		}
		if err != nil {
			t.Fatal(err)
		}

		n := 0
		next := func() int { n++; return n }
		phone := func() string { return fmt.Sprintf("139%08d", next()) }
		person := func() (name, id string) {
			i := next()
			return "人" + string(rune(0x4e00+i*7)) + string(rune(0x5e00+i*3)), idNumber(fmt.Sprintf("19%02d-%02d-%02d", 40+i%40, 1+i%12, 1+i%28), i%900+50)
		}
		var cadres, recipients, pairings []planted
		var keptCadres, keptPeople []string // of good rows, for the pairings
		goodCadre := func() {
			p := phone()
			keptCadres = append(keptCadres, p)
			cadres = append(cadres, planted{[]any{"干" + string(rune(0x4e00+next()*5)), p, "峡门乡人民政府", "干事", "崆峒区", "普通"}, ""})
		}
		goodPerson := func() {
			name, id := person()
			keptPeople = append(keptPeople, id)
			recipients = append(recipients, planted{[]any{name, id, "", "", "特困人员", "分散", wupo}, ""})
		}
		for range 100 {
			goodCadre()
			goodPerson()
		}
		for i := range 10 {
			cadres = append(cadres,
				planted{[]any{"", phone(), "峡门乡人民政府", "", "崆峒区", ""}, xlsx.CodeMissing},
				planted{[]any{"干甲", "1390000" + fmt.Sprint(i), "峡门乡人民政府", "", "崆峒区", ""}, xlsx.CodePhone},
				planted{[]any{"干乙", phone(), "峡门乡人民政府", "", "崆洞县", ""}, xlsx.CodeRegion},
				planted{[]any{"干丙", phone(), "峡门乡人民政府", "", "崆峒区", "厨师"}, xlsx.CodeNotAllowed},
			)
			name, id := person()
			wrong := id[:17] + map[bool]string{true: "1", false: "2"}[id[17] != '1']
			child := idNumber(fmt.Sprintf("1995-03-%02d", 1+i), 300+i)
			recipients = append(recipients,
				planted{[]any{"", id, "", "", "特困人员", "分散", wupo}, xlsx.CodeMissing},
				planted{[]any{name, wrong, "", "", "特困人员", "分散", wupo}, xlsx.CodeIDNumber},
			)
			name, id = person()
			recipients = append(recipients, planted{[]any{name, id, "", "1999-09-09", "特困人员", "分散", wupo}, xlsx.CodeBirth})
			recipients = append(recipients, planted{[]any{"孩" + string(rune(0x4e10+i)), child, "", "", "孤儿", "", wupo, "", "", "马大", phone()}, xlsx.CodeAge})
			name, id = person()
			recipients = append(recipients, planted{[]any{name, id, "", "", "特困人员", "分散", "天水县/某乡/某村"}, xlsx.CodeRegion})
			name, id = person()
			recipients = append(recipients, planted{[]any{name, id, "", "", "神仙", "", wupo}, xlsx.CodeNotAllowed})
			name, id = person()
			recipients = append(recipients, planted{[]any{name, id, "", "", "特困人员", "分散", wupo, "", "", "马二", "12345"}, xlsx.CodePhone})
			pairings = append(pairings,
				planted{[]any{phone(), keptPeople[i], "", "结对", "2026-01-01"}, xlsx.CodeUnlisted},
				planted{[]any{keptCadres[i], idNumber(fmt.Sprintf("1960-06-%02d", 1+i), 700), "", "结对", "2026-01-01"}, xlsx.CodeUnlisted},
				planted{[]any{keptCadres[i], idNumber("1950-01-03", 1), "", "结对", "2026-06-01"}, xlsx.CodePaired},
				planted{[]any{keptCadres[i], keptPeople[10+i], "", "结对", "2027-06-01"}, xlsx.CodeDates},
				planted{[]any{keptCadres[i], keptPeople[20+i], "", "做饭", "2026-01-01"}, xlsx.CodeNotAllowed},
				planted{[]any{keptCadres[i], keptPeople[30+i], "", "结对", ""}, xlsx.CodeMissing},
			)
		}
		for i := range 10 {
			cadres = append(cadres, planted{[]any{"干丁", keptCadres[50+i], "峡门乡人民政府", "", "崆峒区", ""}, xlsx.CodeDuplicate})
			recipients = append(recipients, planted{[]any{"重" + string(rune(0x4e20+i)), keptPeople[50+i], "", "", "特困人员", "分散", wupo}, xlsx.CodeDuplicate})
		}
		cadres = append(cadres, planted{[]any{"走了的", "13800000002", "峡门乡人民政府", "", "崆峒区", ""}, xlsx.CodeBackwards})
		cadres = append(cadres, planted{[]any{"慕容别", "13800000001", "峡门乡人民政府", "", "崆峒区", ""}, xlsx.CodeInRegister})
		recipients = append(recipients, planted{[]any{"退出的", idNumber("1950-01-02", 1), "", "", "特困人员", "分散", wupo}, xlsx.CodeBackwards})
		recipients = append(recipients, planted{[]any{"司马别", idNumber("1950-01-01", 1), "", "", "特困人员", "分散", wupo}, xlsx.CodeInRegister})
		for i := range 6 {
			name, _ := person()
			recipients = append(recipients, planted{[]any{name, "", fmt.Sprint("农历", i), "腊月初八", "特困人员", "分散", wupo}, xlsx.CodeLunar})
		}
		for i := range 20 {
			pairings = append(pairings, planted{[]any{keptCadres[60+i], keptPeople[70+i], "", "结对", "2026-01-01"}, ""})
		}
		count := 0
		rnd := rand.New(rand.NewPCG(3, 5))
		sheet := func(rows []planted, keep int) [][]any {
			// The good rows of the first part stay where the copies follow them.
			rnd.Shuffle(keep, func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			var out [][]any
			for _, r := range rows {
				if r.code != "" {
					count++
				}
				out = append(out, r.row)
			}
			return out
		}
		w := workbook{cadres: sheet(cadres, 100), recipients: sheet(recipients, 100), pairings: append([][]any{pairingHead}, sheet(pairings, len(pairings))...)}
		if count < 200 {
			t.Fatalf("only %d faults are planted", count)
		}
		report := outcomesOf(t, st, w)
		inPeople, inCadres := 0, 0
		for _, s := range []struct {
			name string
			rows []planted
		}{{"干部", cadres}, {"关爱对象", recipients}, {"结对关系", pairings}} {
			for i, r := range s.rows {
				got := report[s.name][i+2]
				switch {
				case r.code == "" && strings.HasPrefix(got, string(xlsx.OutcomeError)):
					t.Errorf("%s row %d is good and was turned away: %s", s.name, i+2, got)
				case r.code != "" && (!strings.HasPrefix(got, string(xlsx.OutcomeError)) || !strings.Contains(got, r.code)):
					t.Errorf("%s row %d %v: %q, want %s", s.name, i+2, r.row, got, r.code)
				case r.code == "" && s.name == "干部":
					inCadres++
				case r.code == "" && s.name == "关爱对象":
					inPeople++
				}
			}
		}
		people, staff, err := st.CountPeople(ctx)
		if err != nil || people != int64(inPeople+3) || staff != int64(inCadres+2) {
			t.Errorf("%d people and %d cadres, want %d and %d: %v", people, staff, inPeople+3, inCadres+2, err)
		}
	})
}

// outcomesOf runs a workbook and gives what each row of each sheet got, with the
// codes.
func outcomesOf(t *testing.T, st *store.Store, w workbook) map[string]map[int]string {
	t.Helper()
	results, sum := enroll(t, st, w)
	out := map[string]map[int]string{"干部": {}, "关爱对象": {}, "结对关系": {}}
	for name, rows := range map[string]map[int]xlsx.Result{"干部": results.Cadres, "关爱对象": results.Recipients, "结对关系": results.Pairings} {
		for row, r := range rows {
			out[name][row] = string(r.Outcome)
		}
	}
	for _, f := range sum.Failures {
		out[f.Sheet][f.Row] += " " + f.Reasons
	}
	return out
}
