package xlsx

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"aixin/models"
	"aixin/models/town"
)

// register is a town as the rows of a register workbook, headings first.
func register(t town.Town) map[string][][]any {
	cadres, people := map[string]town.Cadre{}, map[string]town.Recipient{}
	rows := map[string][][]any{"干部": {cadreHeadings}, "关爱对象": {cityRecipientHeadings}, "结对关系": {pairingHeadings}}
	add := func(sheet string, cells ...any) { rows[sheet] = append(rows[sheet], cells) }
	for _, c := range t.Cadres {
		if c.LeftOn == "" {
			cadres[c.Key] = c
			add("干部", c.Name, c.Phone, c.Unit, c.Post, c.Region, wordFor(models.SpecialityNames, c.Speciality))
		}
	}
	for _, r := range t.Recipients {
		if r.ExitedOn != "" {
			continue
		}
		people[r.Key] = r
		var words []string
		for _, c := range r.Categories {
			words = append(words, wordsOf(models.ShippedLists(), today).categories.word(c))
		}
		mode := map[models.CareMode]string{models.CareModeScattered: "分散", models.CareModeCentralized: "集中", "": "—"}[r.CareMode]
		var guardian, phone string
		if len(r.Contacts) > 0 && (r.Contacts[0].Kind == models.ContactGuardian || r.Contacts[0].Kind == models.ContactInstitution) {
			guardian, phone = r.Contacts[0].Name, r.Contacts[0].Phone
		}
		birth := ""
		if r.IDNumber == "" {
			birth = string(r.Birth)
		}
		add("关爱对象", r.Name, r.IDNumber, r.Number, birth, strings.Join(words, "、"), mode, r.Region, guardian, phone, r.Address, strings.Join(r.Aliases, "、"), r.Needs, r.Household)
	}
	for _, p := range t.Pairings {
		c, r := cadres[p.Cadre], people[p.Recipient]
		if p.To == "" && c.Key != "" && r.Key != "" {
			add("结对关系", c.Phone, r.IDNumber, r.Number, models.ShippedLists().Line(p.Line, today), string(p.From))
		}
	}
	return rows
}

var cityRecipientHeadings = slices.Concat(recipientHeadings, []any{"住址", "别名", "需求", "户编号"})

func wordFor[T comparable](names map[string]T, v T) string {
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if name != "" && names[name] == v {
			return name
		}
	}
	return ""
}

func streamed(t testing.TB, rows map[string][][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for _, form := range forms {
		_, err := f.NewSheet(form.name)
		must(t, err)
		sw, err := f.NewStreamWriter(form.name)
		must(t, err)
		for i, row := range rows[form.name] {
			must(t, sw.SetRow(fmt.Sprintf("A%d", i+1), row))
		}
		must(t, sw.Flush())
	}
	return bytesOf(t, f)
}

// found lists "sheet row: codes" for every row with a fault, or a warning that
// is not of the kinds that a sound register has too.
func found(reg *Register) map[string]string {
	out := map[string]string{}
	add := func(sheet string, row int, r remarks) {
		warnings := slices.DeleteFunc(slices.Clone(r.Warnings), func(f Fault) bool {
			return f.Code == CodeMissing || f.Code == CodeSameName || f.Code == CodeSimilar
		})
		if all := codes(append(warnings, r.Faults...)); all != "" {
			out[fmt.Sprint(sheet, row)] = all
		}
	}
	for _, c := range reg.Cadres {
		add("干部", c.Row, c.remarks)
	}
	for _, p := range reg.Recipients {
		add("关爱对象", p.Row, p.remarks)
	}
	for _, p := range reg.Pairings {
		add("结对关系", p.Row, p.remarks)
	}
	return out
}

// spoil is a fault to plant in a row; it may decline a row that it does not suit.
type spoil struct {
	sheet, code string
	plant       func(row []any, rows [][]any) bool
}

func set(column int, value any) func([]any, [][]any) bool {
	return func(row []any, _ [][]any) bool { row[column] = value; return true }
}

// from copies a cell of the first row of the sheet, which is never spoilt.
func from(column int) func([]any, [][]any) bool {
	return func(row []any, rows [][]any) bool { row[column] = rows[1][column]; return row[column] != "" }
}

func grownUp(row []any) bool {
	id := row[1].(string)
	return id != "" && id[6:10] < "2000" && row[7] == ""
}

var spoils = []spoil{
	{"干部", "I101", set(0, "")},
	{"干部", "I101", set(2, " ")},
	{"干部", "I113", set(1, "1990000000")},
	{"干部", "I106", from(1)},
	{"干部", "I105", set(4, "崆垌区/柳湖镇")},
	{"干部", "I122", set(5, "厨师")},
	{"干部", "I114", func(row []any, _ [][]any) bool {
		row[1] = strings.Map(func(r rune) rune { return r + 0xFEE0 }, row[1].(string))
		return true
	}},
	{"关爱对象", "I101", set(4, nil)},
	{"关爱对象", "I102", func(row []any, _ [][]any) bool {
		id := row[1].(string)
		if id == "" {
			return false
		}
		row[1] = id[:16] + string('0'+(id[16]-'0'+1)%10) + id[17:]
		return true
	}},
	{"关爱对象", "I103", func(row []any, _ [][]any) bool { row[3] = "1931-01-01"; return row[1] != "" }},
	{"关爱对象", "I104", func(row []any, _ [][]any) bool { row[4] = "孤儿"; return grownUp(row) }},
	{"关爱对象", "I105", set(6, "兰州市/城关区")},
	{"关爱对象", "I106", from(1)},
	{"关爱对象", "I113", set(8, "29911110000")},
	{"关爱对象", "I116", func(row []any, _ [][]any) bool {
		row[7], row[8] = row[0], ""
		return row[1] != "" && row[1].(string)[6:10] > "2010"
	}},
	{"关爱对象", "I116", func(row []any, _ [][]any) bool { ok := grownUp(row); row[7] = "本人"; return ok }},
	{"关爱对象", "I118", set(3, "农历八月十五")},
	{"关爱对象", "I122", set(4, "困难户")},
	{"关爱对象", "I122", set(5, "半集中")},
	{"结对关系", "I101", set(4, "")},
	{"结对关系", "I113", set(0, "12345")},
	{"结对关系", "I102", set(1, "62089919580302")},
	{"结对关系", "I112", set(4, "2030-01-01")},
	{"结对关系", "I112", set(4, "去年")},
	{"结对关系", "I122", set(3, "帮忙")},
	{"结对关系", "I114", set(4, "2026年11月1日")},
}

// Two hundred faults of every kind in a sound register of 1,500 people: each is
// found, none is invented, and the other rows stay good.
func TestTwoHundredPlantedFaults(t *testing.T) {
	rows := register(town.City(5, 1500, 1400, 1, today))
	if clean := found(read(t, streamed(t, rows))); len(clean) > 0 {
		t.Fatalf("faults in a sound register: %v", clean)
	}
	r := rand.New(rand.NewPCG(5, 5))
	want := map[string]string{}
	for i := 0; len(want) < 200; i++ {
		s := spoils[i%len(spoils)]
		sheet := rows[s.sheet]
		for try := 0; ; try++ {
			if try == 10_000 {
				t.Fatalf("no row to plant %s (%d) in", s.code, i%len(spoils))
			}
			n := 2 + r.IntN(len(sheet)-2)
			row := slices.Clone(sheet[n])
			if key := fmt.Sprint(s.sheet, n+1); want[key] == "" && s.plant(row, sheet) {
				sheet[n], want[key] = row, s.code
				break
			}
		}
	}
	got := found(read(t, streamed(t, rows)))
	for key, code := range want {
		if got[key] != code {
			t.Errorf("%s: planted %s, found %q", key, code, got[key])
		}
	}
	for key, code := range got {
		if want[key] == "" {
			t.Errorf("%s: invented %s", key, code)
		}
	}
}

// The demo's own register has nothing to say about but a pupil of eighteen.
func TestDemoRegister(t *testing.T) {
	reg := read(t, streamed(t, register(town.Demo(today))))
	equal(t, "faults", found(reg), map[string]string{"关爱对象29": CodeAge})
	equal(t, "recipients", len(reg.Recipients), 30)
}

// BenchmarkCity reads the register of the whole city and writes the report.
func BenchmarkCity(b *testing.B) {
	file := streamed(b, register(town.City(1, town.CityRecipients, town.CityCadres, 1, today)))
	runtime.GC()
	var peak uint64
	for b.Loop() {
		reg := read(b, file)
		peak = max(peak, heap())
		if len(reg.Recipients) != town.CityRecipients {
			b.Fatalf("%d recipients", len(reg.Recipients))
		}
		report(b, file, reg, results(reg, OutcomeNew))
		peak = max(peak, heap())
	}
	b.ReportMetric(float64(peak)/(1<<20), "MiB-heap-sys")
	b.ReportMetric(float64(len(file))/(1<<20), "MiB-file")
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapSys
}
