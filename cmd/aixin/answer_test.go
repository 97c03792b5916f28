package main

import (
	"encoding/json"
	"strings"
	"testing"

	"aixin/handlers/answer"
)

func TestAnswerLines(t *testing.T) {
	in := `{"id":"a","text":"低保怎么申请"}
{"id":7,"text":"我不想活了","role":"child"}

{"id":"c","text":"今晚的足球比分是多少","role":"cadre","more":"dropped"}
`
	var out strings.Builder
	if err := answerLines(answer.Default(), strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	for line := range strings.Lines(out.String()) {
		m := map[string]any{}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		if len(m) != 3 {
			t.Errorf("fields of %s", line)
		}
		got = append(got, m)
	}
	if len(got) != 3 {
		t.Fatalf("%d lines", len(got))
	}
	for i, want := range []struct {
		id     any
		answer string
	}{{"a", "dibao-apply"}, {7.0, "crisis"}, {"c", "none"}} {
		if got[i]["id"] != want.id || got[i]["answer"] != want.answer {
			t.Errorf("line %d: %v, want %v %s", i+1, got[i], want.id, want.answer)
		}
		if s, ok := got[i]["score"].(float64); !ok || s < 0 || s > 1 {
			t.Errorf("score of line %d: %v", i+1, got[i]["score"])
		}
	}
}

func TestAnswerLinesNamesTheFaultyLine(t *testing.T) {
	for _, in := range []string{"{\"text\":\"a\"}\nnot json", "{\"text\":\"a\"}\n{\"text\":\"b\",\"role\":\"dog\"}"} {
		err := answerLines(answer.Default(), strings.NewReader(in), &strings.Builder{})
		if err == nil || !strings.Contains(err.Error(), "第 2 行") {
			t.Errorf("%q: %v", in, err)
		}
	}
}
