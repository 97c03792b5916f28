package understand

import (
	"os"
	"strings"
	"testing"

	"aixin/models"
)

// phrase is a line of testdata/phrases.txt: one way to tell one thing.
type phrase struct {
	Input
	want string // "deed", "contact:phone", "none"; "intent:help" where the intent counts
}

func readPhrases(t testing.TB) (out []phrase) {
	t.Helper()
	data, err := os.ReadFile("testdata/phrases.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := ""
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			want = strings.Trim(line, "[]")
		default:
			out = append(out, phrase{Input{Text: line, Today: "2026-11-21", Roster: []Person{{"谷军", []string{"老谷"}}, {"马海龙", []string{"海龙"}}}}, want})
		}
	}
	return out
}

// got is what was understood of a phrase, as the file writes it.
func (p phrase) got(r Result) string {
	if strings.HasPrefix(p.want, "intent:") {
		return "intent:" + string(r.Intent)
	}
	if len(r.Activities) == 0 {
		return "none"
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
		if who := p.person(); who != "" && a.Person != who {
			s += "(" + a.Person + ")"
		}
		got = append(got, s)
	}
	return strings.Join(got, " ")
}

// person is who a phrase is about: the one it names.
func (p phrase) person() string {
	switch {
	case strings.Contains(p.want, "("), strings.Contains(p.Text, "老谷"):
		return "谷军"
	case strings.Contains(p.Text, "海龙"):
		return "马海龙"
	}
	return ""
}

func TestPhrases(t *testing.T) {
	u := New()
	for _, p := range readPhrases(t) {
		if got := p.got(u.Understand(p.Input)); got != p.want {
			t.Errorf("%s: got %s, want %s", p.Text, got, p.want)
		}
	}
}
