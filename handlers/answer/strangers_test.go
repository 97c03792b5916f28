package answer

import (
	"testing"
)

// TestStrangerQuestions measures the base on questions that were written by someone
// who had not read its wordings. What each set scored at first sight is in
// testdata/README.md; since then it was learned from, in other words.
func TestStrangerQuestions(t *testing.T) {
	base := Default()
	for _, name := range []string{"stranger_questions.jsonl", "stranger_questions2.jsonl", "stranger_questions3.jsonl", "stranger_questions4.jsonl", "stranger_questions5.jsonl", "stranger_questions6.jsonl", "stranger_questions7.jsonl", "stranger_questions8.jsonl", "stranger_questions9.jsonl"} {
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

// TestOrdinaryLogsAreCalm: the messages that handlers/understand was developed
// on are ordinary work, by whoever writes them, and next to none is an alarm.
func TestOrdinaryLogsAreCalm(t *testing.T) {
	var wolf, all int
	for _, text := range rowsOf(t, "heard_logs.txt") {
		for _, role := range []string{"cadre", "guardian"} {
			all++
			if got := Alarm(text, role); got.Level != Calm {
				wolf++
				t.Logf("%q from %s: %v", text, role, got)
			}
		}
	}
	t.Logf("false alarms %d of %d", wolf, all)
	if wolf*1000 > all {
		t.Errorf("more than 1 in 1000")
	}
}
