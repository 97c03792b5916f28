package answer

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// TestStrangerDanger measures the recogniser on sentences that were written by
// someone who had not read its rules. What each set scored at first sight
// is in testdata/README.md; since then it was learned from, in other words.
func TestStrangerDanger(t *testing.T) {
	for _, name := range []string{"stranger_danger.jsonl", "stranger_danger2.jsonl", "stranger_danger3.jsonl", "stranger_danger4.jsonl", "stranger_danger5.jsonl", "stranger_danger6.jsonl", "stranger_danger7.jsonl", "stranger_danger8.jsonl"} {
		var all alarms
		known := drilled()
		for _, s := range lines[sentence](t, name) {
			if known[plain(s.Text)] {
				continue // since taught, by the turn of a template
			}
			if got, right := all.count(s); !right {
				t.Logf("%s: want %s, got %v", s.Text, s.Level, got)
			}
		}
		recall, wolf := 0.97, 0.015
		if name >= "stranger_danger7" {
			recall, wolf = 0.95, 0.045 // heard last; not all of it is learned
		}
		all.atLeast(t, name, recall, wolf)
	}
}

// TestStrangerQuestions does the same for the base.
func TestStrangerQuestions(t *testing.T) {
	base := Default()
	for _, name := range []string{"stranger_questions.jsonl", "stranger_questions2.jsonl", "stranger_questions3.jsonl", "stranger_questions4.jsonl", "stranger_questions5.jsonl", "stranger_questions6.jsonl", "stranger_questions7.jsonl"} {
		var asked, right, strangers, quiet float64
		for _, q := range lines[question](t, name) {
			got := base.Ask(q.Text, q.Role)
			if q.Answer == None {
				strangers++
			} else {
				asked++
			}
			switch {
			case got.ID != q.Answer:
				t.Logf("%s (%s): want %s, got %s %.2f %v", q.Text, q.Role, q.Answer, got.ID, got.Score, got.Choices)
			case q.Answer == None:
				quiet++
			default:
				right++
			}
		}
		t.Logf("%s: right entry first %.0f/%.0f = %.3f, left unanswered %.0f/%.0f = %.3f",
			name, right, asked, right/asked, quiet, strangers, quiet/strangers)
		if right/asked < 0.88 || quiet/strangers < 0.90 {
			t.Errorf("%s: below 0.88 right or 0.90 left unanswered", name)
		}
	}
}

// TestLogsOfTheUnderstandingAreCalm: the texts that handlers/understand was
// developed on are ordinary work, whole and by role, and none of them is an alarm.
func TestLogsOfTheUnderstandingAreCalm(t *testing.T) {
	data, err := os.ReadFile("../understand/testdata/own.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		var m struct{ Text string }
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		for _, role := range []string{"cadre", "guardian"} {
			if got := Alarm(m.Text, role); got.Level != Calm {
				t.Errorf("%q from %s: %v", m.Text, role, got)
			}
		}
	}
}
