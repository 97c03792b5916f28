package answer

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

type sentence struct{ Text, Role, Level string }

// TestDanger measures the recogniser on sentences written for development,
// the held third apart, as TestQuestions does.
func TestDanger(t *testing.T) {
	set := lines[sentence](t, "danger.jsonl")
	show := os.Getenv("ANSWER_SHOW_HELD") != ""
	type tally struct{ found, real, false_, calm, level int }
	var tuned, kept tally
	started := time.Now()
	for i, s := range set {
		n := &tuned
		if held(i) {
			n = &kept
		}
		got := Alarm(s.Text, s.Role)
		if s.Level == "calm" {
			n.calm++
			if got.Level != Calm {
				n.false_++
			}
		} else {
			n.real++
			if got.Level != Calm {
				n.found++
			}
			if got.Level.String() == s.Level {
				n.level++
			}
		}
		if (got.Level == Calm) != (s.Level == "calm") && (!held(i) || show) {
			t.Logf("%s: want %s, got %v %s by %q", s.Text, s.Level, got.Level, got.Kind, got.Words)
		}
	}
	each := time.Since(started) / time.Duration(len(set))
	for _, part := range []struct {
		name string
		tally
	}{{"tuned", tuned}, {"held", kept}} {
		recall := float64(part.found) / float64(part.real)
		wolf := float64(part.false_) / float64(part.calm)
		t.Logf("%s: recall %d/%d = %.3f, false alarms %d/%d = %.4f, level right %d, %v each",
			part.name, part.found, part.real, recall, part.false_, part.calm, wolf, part.level, each)
		if recall < 0.97 || wolf > 0.015 {
			t.Errorf("%s part is below 0.97 recall or above 1.5 %% false alarms", part.name)
		}
	}
}

// TestRuleExamples holds each rule of danger.yaml to the examples beside it.
func TestRuleExamples(t *testing.T) {
	for _, r := range rules().Rules {
		for _, text := range r.Hits {
			if got := Alarm(text, ""); got.Level == Calm {
				t.Errorf("%s: missed %q", r.Kind, text)
			}
		}
		for _, text := range r.Misses {
			if got := Alarm(text, ""); got.Level != Calm {
				t.Errorf("%s: false alarm on %q: %v", r.Kind, text, got)
			}
		}
	}
}

// TestOrdinaryTextsAreCalm runs the recogniser over questions of the policy
// base and over ordinary logs: nothing there is an alarm.
func TestOrdinaryTextsAreCalm(t *testing.T) {
	var texts []string
	for _, e := range Default().Entries() {
		texts = append(texts, append([]string{e.Question}, e.Variants...)...)
	}
	for _, ways := range spoken().Phrasings {
		texts = append(texts, unfold(ways)...)
	}
	for _, q := range lines[question](t, "questions.jsonl") {
		texts = append(texts, q.Text)
	}
	if path := os.Getenv("ANSWER_LOGS"); path != "" { // one {"text": …} a line
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			var m struct{ Text string }
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, m.Text)
		}
	}
	wolf := 0
	for _, text := range texts {
		if got := Alarm(text, ""); got.Level != Calm {
			wolf++
			t.Logf("%q: %v %s by %q", text, got.Level, got.Kind, got.Words)
		}
	}
	t.Logf("false alarms %d of %d ordinary texts", wolf, len(texts))
	if wolf*1000 > len(texts) {
		t.Errorf("more than 1 in 1000")
	}
}
