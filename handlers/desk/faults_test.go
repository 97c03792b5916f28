package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
	"aixin/web/xlsx"
)

// planted is a row with the one code that its fault must bring; "" for a good row.
// What is only worth a look comes in all the same.
type planted struct {
	row  []any
	code string
}

func look(code string, row ...any) planted { return planted{row, "?" + code} }

// TestTwoHundredPlantedFaults: among good rows of all sheets more than 200 have one
// fault each, of every code that there is. The copy that goes back to the office
// names each by its code and invents none, and exactly the good rows are in.
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
			name, id := person()
			recipients = append(recipients, planted{[]any{name, id, fmt.Sprint("农历", i), "腊月初八", "特困人员", "分散", wupo}, xlsx.CodeLunar})
		}
		for i := range 20 {
			pairings = append(pairings, planted{[]any{keptCadres[60+i], keptPeople[70+i], "", "结对", "2026-01-01"}, ""})
		}
		wide := func(s string) string { // full-width digits
			return strings.Map(func(r rune) rune { return r - '0' + '\uff10' }, s)
		}
		for i := range 6 {
			name, id := person()
			recipients = append(recipients, planted{[]any{name, id, "", "", "特困人员", "分散", wupo}, ""})
			recipients = append(recipients, look(xlsx.CodeSimilar, name+"子", idNumber(id[6:10]+"-"+id[10:12]+"-"+id[12:14], 960+i), "", "", "特困人员", "分散", wupo))
			name, _ = person()
			recipients = append(recipients, look(xlsx.CodeMissing, name, "", fmt.Sprint("无证", i), fmt.Sprintf("1951-07-%02d", 1+i), "特困人员", "分散", wupo))
			name, id = person()
			recipients = append(recipients, look(xlsx.CodeRepaired, name, id, "", fmt.Sprintf("%s年%s月%s日", id[6:10], id[10:12], id[12:14]), "特困人员", "分散", wupo))
			name, id = person()
			recipients = append(recipients, look(xlsx.CodeDisability, name, id, "", "", "困难重度残疾人", "", wupo, "", "", "", "", "", "三级"))
			name, id = person()
			recipients = append(recipients, look(xlsx.CodeGuardian, name, id, "", "", "特困人员", "分散", wupo, "", "", "本人", phone()))
			name, _ = person()
			recipients = append(recipients, planted{[]any{name, idNumber(fmt.Sprintf("2016-05-%02d", 1+i), 400+i), "", "", "孤儿", "", wupo, "", "", name, phone()}, xlsx.CodeGuardian})
			name, _ = person()
			recipients = append(recipients, look(xlsx.CodeAge, name, idNumber(fmt.Sprintf("2006-05-%02d", 1+i), 500+i), "", "", "孤儿", "", wupo, "", "", "马三", phone()))
			cadres = append(cadres, look(xlsx.CodeRepaired, "干戊", wide(phone()), "峡门乡人民政府", "", "崆峒区", ""))
		}
		shared := phone()
		for range 5 {
			name, id := person()
			recipients = append(recipients, look(xlsx.CodePhone, name, id, "", "", "特困人员", "分散", wupo, "", "", "马四", shared))
		}
		for i := range 3 {
			recipients = append(recipients, planted{[]any{"合计", "", "", "", fmt.Sprint(100+i, "人")}, xlsx.CodeIgnored})
		}
		loose := len(pairings) // the others are told by what stands before them
		busy := keptCadres[95]
		for i := range 13 {
			row := []any{busy, keptPeople[40+i], "", "结对", "2026-01-01"}
			if i < 10 {
				pairings = append(pairings, planted{row, ""})
			} else {
				pairings = append(pairings, look(xlsx.CodeCaseload, row...))
			}
		}
		for i := range 3 { // two of one name with one cadre
			twin := "双" + string(rune(0x4e00+i*11))
			for k, code := range []string{"", "?" + xlsx.CodeSameName} {
				id := idNumber(fmt.Sprintf("1948-%02d-%02d", 1+i, 3+9*k), 200+i)
				recipients = append(recipients, planted{[]any{twin, id, "", "", "特困人员", "分散", wupo}, ""})
				pairings = append(pairings, planted{[]any{keptCadres[90+i], id, "", "结对", "2026-01-01"}, code})
			}
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
		w := workbook{cadres: sheet(cadres, 100), recipients: sheet(recipients, 100), pairings: append([][]any{pairingHead}, sheet(pairings, loose)...)}
		if count < 200 {
			t.Fatalf("only %d faults are planted", count)
		}
		found := map[string]bool{}
		report := copyOf(t, st, w)
		inPeople, inCadres := 0, 0
		for _, s := range []struct {
			name string
			rows []planted
		}{{"干部", cadres}, {"关爱对象", recipients}, {"结对关系", pairings}} {
			for i, r := range s.rows {
				got, want := report[s.name][i+2], string(xlsx.OutcomeNew)+" "
				code, look := strings.CutPrefix(r.code, "?")
				switch {
				case code == xlsx.CodeIgnored:
					want = " " + code
				case look:
					want += code
				case code != "":
					want = string(xlsx.OutcomeError) + " " + code
				}
				if got != want {
					t.Errorf("%s row %d %v: %q, want %q", s.name, i+2, r.row, got, want)
				}
				found[code] = true
				if strings.HasPrefix(want, string(xlsx.OutcomeNew)) && s.name == "干部" {
					inCadres++
				} else if strings.HasPrefix(want, string(xlsx.OutcomeNew)) && s.name == "关爱对象" {
					inPeople++
				}
			}
		}
		people, staff, err := st.CountPeople(ctx)
		if err != nil || people != int64(inPeople+3) || staff != int64(inCadres+2) {
			t.Errorf("%d people and %d cadres, want %d and %d: %v", people, staff, inPeople+3, inCadres+2, err)
		}
		// Past activities of a month that is closed, and a run that was broken off.
		told, _ := chronicle(t, st, []any{"旧干部", "13800000001", "", "有干部的", idNumber("1950-01-03", 1), "", "走访", "", "2026-08-03", "", ""})
		found[xlsx.CodeClosedMonth] = strings.Join(told, "") == string(xlsx.OutcomeNew)+" "+xlsx.CodeClosedMonth
		broken := codesOf(t, workbook{cadres: [][]any{{"干己", phone(), "峡门乡人民政府", "", "崆峒区", ""}}}, xlsx.Results{})
		found[xlsx.CodeRowNotHandled] = broken["干部"][2] == string(xlsx.OutcomeError)+" "+xlsx.CodeRowNotHandled
		source, err := os.ReadFile("../../web/xlsx/fault.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range regexp.MustCompile(`"(I1\d\d)"`).FindAllStringSubmatch(string(source), -1) {
			if !found[code[1]] {
				t.Errorf("%s is in the table of codes and was not planted, or not found", code[1])
			}
		}
	})
}

// copyOf runs a workbook and gives what the copy says beside each row of each
// sheet: its outcome and the codes of its reasons.
func copyOf(t *testing.T, st *store.Store, w workbook) map[string]map[int]string {
	t.Helper()
	results, _ := enroll(t, st, w)
	return codesOf(t, w, results)
}

func codesOf(t *testing.T, w workbook, results xlsx.Results) map[string]map[int]string {
	t.Helper()
	file := w.bytes(t)
	reg, err := xlsx.ReadRegister(bytes.NewReader(file), int64(len(file)), enrollDay, models.ShippedLists())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := reg.Report(bytes.NewReader(file), int64(len(file)), &b, results); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	out := map[string]map[int]string{}
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		out[sheet] = map[int]string{}
		for i, row := range rows {
			if i == 0 || len(row) == 0 {
				continue
			}
			at := slices.Index(rows[0], "结果")
			cell := func(n int) string {
				if n < len(row) {
					return row[n]
				}
				return ""
			}
			var codes []string
			for _, line := range strings.Split(cell(at+1), "\n") {
				code, _, _ := strings.Cut(line, " ")
				codes = append(codes, code)
			}
			out[sheet][i+1] = cell(at) + " " + strings.Join(codes, " ")
		}
	}
	return out
}
