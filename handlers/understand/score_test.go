package understand

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"
)

// labelled is a line of nlu/dev.jsonl or testdata/own.jsonl.
type labelled struct {
	ID string `json:"id"`
	Input
	Intent     Intent          `json:"intent"`
	Activities []ActivityLabel `json:"activities"`
}

func readLabelled(t testing.TB, file string) []labelled {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []labelled
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		if len(sc.Bytes()) == 0 {
			continue
		}
		var l labelled
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			t.Fatalf("%s: %v: %s", file, err, sc.Text())
		}
		out = append(out, l)
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// lines renders activities so that they can be compared as a set.
func lines(acts []ActivityLabel, withHelp bool) []string {
	var out []string
	for _, a := range acts {
		who := "?"
		if a.Person != nil {
			who = *a.Person
		}
		s := fmt.Sprint(a.Kind, " ", who, " ", a.Date, " ", a.Channel)
		if withHelp {
			s += string(a.Help)
		}
		if a.Kind == "aid" {
			var v any
			_ = json.Unmarshal(a.Amount, &v)
			s += fmt.Sprint(" ", v)
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// common counts the members two sorted lists share.
func common(a, b []string) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			n, i, j = n+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return n
}

// score measures a file as the guideline is judged and logs what went wrong.
func score(t *testing.T, file string) (intent, f1, whole, help float64) {
	u := New()
	var n, intents, wholes, want, got, both, helps, helpsRight int
	for _, l := range readLabelled(t, file) {
		r := u.Understand(l.Input).Label()
		w, g := lines(l.Activities, true), lines(r.Activities, true)
		n++
		want, got, both = want+len(w), got+len(g), both+common(w, g)
		if r.Intent == l.Intent {
			intents++
		}
		hw, hg := helpsOf(l.Activities), helpsOf(r.Activities)
		helps, helpsRight = helps+len(hw), helpsRight+common(hw, hg)
		if r.Intent == l.Intent && slices.Equal(w, g) {
			wholes++
		} else {
			t.Logf("%s %s %q\n  want %s %q\n  got  %s %q", l.ID, l.Today, l.Text, l.Intent, w, r.Intent, g)
		}
	}
	ratio := func(a, b int) float64 { return float64(a) / float64(max(b, 1)) }
	intent, whole, help = ratio(intents, n), ratio(wholes, n), ratio(helpsRight, helps)
	f1 = ratio(2*both, want+got)
	t.Logf("%s: %d messages, intent %.3f, activities F1 %.3f, whole message %.3f, help sub-kind %.3f", file, n, intent, f1, whole, help)
	return
}

func helpsOf(acts []ActivityLabel) []string {
	var out []string
	for _, a := range acts {
		if a.Help != "" {
			out = append(out, lines([]ActivityLabel{a}, true)...)
		}
	}
	slices.Sort(out)
	return out
}

// floors are the least a table must score: what the contract asks of dev.jsonl,
// and less for the freest of the strangers' messages.
type floors struct{ intent, f1, whole, help float64 }

var asked = floors{0.98, 0.97, 0.93, 0.90}

func TestScores(t *testing.T) {
	for _, file := range []struct {
		name string
		floors
	}{
		{"dev", asked},
		{"own", asked},
		{"own2", asked},
		{"own3", asked},
		{"own4", asked},
		{"own5", floors{0.98, 0.96, 0.93, 0.90}},
		{"own6", asked},
		{"own8", asked},
		{"own9", floors{0.98, 0.94, 0.88, 0.80}},
		{"own7", floors{0.97, 0.94, 0.92, 0.90}},
		{"stranger", asked},
		{"stranger2", asked},
		{"stranger3", asked},
		{"stranger4", asked},
		{"stranger5", asked},
		{"stranger6", asked},
		{"stranger7", asked},
		{"stranger8", asked},
		{"stranger9", asked},
		{"stranger10", floors{0.98, 0.93, 0.92, 0.82}},
		{"stranger11", floors{0.98, 0.96, 0.96, 0.95}},
		{"stranger12", floors{0.98, 0.95, 0.93, 0.90}},
		{"stranger13", floors{0.98, 0.96, 0.95, 0.92}},
		{"stranger14", floors{0.98, 0.98, 0.97, 0.95}},
		{"names", asked},
	} {
		t.Run(file.name, func(t *testing.T) {
			intent, f1, whole, help := score(t, "testdata/"+file.name+".jsonl")
			for _, c := range []struct {
				name       string
				value, min float64
			}{{"intent", intent, file.intent}, {"activities F1", f1, file.f1}, {"whole message", whole, file.whole}, {"help sub-kind", help, file.help}} {
				if c.value < c.min {
					t.Errorf("%s %.3f, want at least %.2f", c.name, c.value, c.min)
				}
			}
		})
	}
}
