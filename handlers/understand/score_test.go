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

func TestScores(t *testing.T) {
	for _, file := range []string{"testdata/dev.jsonl", "testdata/own.jsonl", "testdata/own2.jsonl", "testdata/own3.jsonl", "testdata/own4.jsonl", "testdata/own5.jsonl", "testdata/stranger.jsonl", "testdata/stranger2.jsonl", "testdata/stranger3.jsonl", "testdata/stranger4.jsonl", "testdata/stranger5.jsonl", "testdata/stranger6.jsonl", "testdata/stranger7.jsonl", "testdata/stranger8.jsonl", "testdata/names.jsonl"} {
		t.Run(file, func(t *testing.T) {
			intent, f1, whole, help := score(t, file)
			for _, c := range []struct {
				name       string
				value, min float64
			}{{"intent", intent, 0.98}, {"activities F1", f1, 0.97}, {"whole message", whole, 0.93}, {"help sub-kind", help, 0.90}} {
				if c.value < c.min {
					t.Errorf("%s %.3f, want at least %.2f", c.name, c.value, c.min)
				}
			}
		})
	}
}
