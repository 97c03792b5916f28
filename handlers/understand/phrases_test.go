package understand

import (
	"os"
	"strings"
	"testing"

	"aixin/models"
)

// TestPhrases reads testdata/phrases.txt: many ways to tell one thing.
func TestPhrases(t *testing.T) {
	data, err := os.ReadFile("testdata/phrases.txt")
	if err != nil {
		t.Fatal(err)
	}
	u := New()
	kind, n, wrong := "", 0, 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case strings.HasPrefix(line, "["):
			kind = strings.Trim(line, "[]")
			continue
		}
		r := u.Understand(Input{Text: line, Today: "2026-11-21", Roster: []Person{{"谷军", []string{"老谷"}}, {"马海龙", []string{"海龙"}}}})
		if want, ok := strings.CutPrefix(kind, "intent:"); ok {
			if n++; string(r.Intent) != want {
				wrong++
				t.Errorf("%s: got %s, want %s", line, r.Intent, want)
			}
			continue
		}
		var got []string
		for _, a := range r.Activities {
			s := string(a.Kind)
			switch a.Kind {
			case models.KindContact:
				s += ":" + string(a.Channel)
			case models.KindHelp:
				s = string(a.Help)
			}
			if a.Person != "谷军" {
				s += "(" + a.Person + ")"
			}
			got = append(got, s)
		}
		want := kind
		if kind == "none" {
			want = ""
		}
		n++
		if g := strings.Join(got, " "); g != want {
			wrong++
			t.Errorf("%s: got %q, want %q", line, g, want)
		}
	}
	t.Logf("%d phrases, %d wrong", n, wrong)
}
