package answer

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestZZ(t *testing.T) {
	if os.Getenv("ZZ") == "" {
		t.Skip()
	}
	known := drilled()
	b, ear := rules(), taught()
	show := func(set string, text, level string) {
		if known[plain(text)] {
			return
		}
		told := b.readAll(text)
		if len(told) == 0 {
			return
		}
		odds := ear.hear(told)
		part := odds
		for _, w := range windows(text) {
			part = max(part, ear.hear(b.readAll(w)))
		}
		f, _, _ := b.ruled(told)
		k := 0
		for _, words := range b.Kinds {
			for _, r := range told {
				k += len(r.at[b.vocabulary.classes[strings.Join(words, "|")]])
			}
		}
		got := Alarm(text, "")
		fmt.Printf("ZZ\t%s\t%s\t%s/%s\t%.2f\t%.2f\tk%d\tfr%v\t%s\t%s\t%s\n", set, level, f.Level, f.Kind, odds, part, k, b.framedAnyhow(told), got.Level, f.Words, text)
	}
	for _, n := range []string{"danger.jsonl", "hints.jsonl", "fresh.jsonl", "stranger_danger.jsonl", "stranger_danger2.jsonl", "stranger_danger3.jsonl", "stranger_danger4.jsonl"} {
		if _, err := os.Stat("testdata/" + n); err != nil {
			continue
		}
		for _, s := range lines[sentence](t, n) {
			show(n, s.Text, s.Level)
		}
	}
	for _, p := range []string{"../understand/testdata/own.jsonl", "/work/shared/nlu/dev.jsonl"} {
		data, _ := os.ReadFile(p)
		for line := range strings.Lines(string(data)) {
			var m struct{ Text string }
			json.Unmarshal([]byte(line), &m)
			show("own", m.Text, "calm")
		}
	}
	for _, q := range lines[question](t, "questions.jsonl") {
		show("q", q.Text, "calm")
	}
	for _, q := range lines[question](t, "stranger_questions.jsonl") {
		show("sq", q.Text, "calm")
	}
}
