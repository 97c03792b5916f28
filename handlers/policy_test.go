package handlers_test

import (
	"strings"
	"testing"

	"aixin/handlers"
	"aixin/handlers/understand"
	"aixin/models"
)

// A new version is in force once a process has looked; what is under review is
// not told; what nothing answers is kept without names.
func TestPolicyVersions(t *testing.T) {
	s := newStage(t, understand.New(), "sqlite")
	s.direct("roster 王敏: 谷军(老谷) 72 吴坡村 2026-01-01")
	s.direct("guardian 谷婶 of 谷军")
	shelf := &handlers.Shelf{}
	s.chat.Shelf = shelf
	st := s.db.System("test")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	entry := `- {id: x, category: 低保, question: 低保咋办, variants: [低保怎么办, 办低保, 低保去哪办], answer: 新说法在这里。, source: 新办法;S1(案例), hotline: "12345"`
	_, fresh, err := st.AddPolicy(s.ctx, []byte(entry+"}\n"), "第一版")
	must(err)
	must(shelf.Refresh(s.ctx, st))
	if got := s.say("低保咋办"); !fresh || !strings.Contains(got, "新说法") || !strings.Contains(got, "依据:新办法。") || !strings.Contains(got, "12345") || !strings.Contains(got, "回1") {
		t.Error(got)
	}
	_, fresh, err = st.AddPolicy(s.ctx, []byte(entry+"}\n"), "一样的")
	if must(err); fresh {
		t.Error("the same text is a version of its own")
	}
	_, _, err = st.AddPolicy(s.ctx, []byte(entry+`, review: "2026-11-21"}`+"\n"), "复核")
	must(err)
	must(shelf.Refresh(s.ctx, st))
	if got := s.say("低保咋办"); strings.Contains(got, "新说法") || !strings.Contains(got, "正在核对") {
		t.Error(got)
	}
	_, _, err = st.AddPolicy(s.ctx, []byte(entry+`, region: "620825"}`+"\n"), "只在庄浪")
	must(err)
	must(shelf.Refresh(s.ctx, st))
	if got := s.say("低保咋办"); strings.Contains(got, "新说法") || !strings.Contains(got, "转给王干部") {
		t.Error(got)
	}
	s.say("老谷的羊圈水管子王干部啥时候给修哩,电话13912345678")
	rows, err := st.UnansweredSince(s.ctx, 0)
	must(err)
	var all string
	for _, r := range rows {
		all += r.Words.Reveal() + "\n"
	}
	if len(rows) != 2 || strings.Contains(all, "老谷") || strings.Contains(all, "王干部") || strings.Contains(all, "139") || !strings.Contains(all, "羊圈水管子") {
		t.Errorf("%d rows: %s", len(rows), all)
	}
	if rows, err := s.db.As(models.Actor{Account: "a", Region: "620825"}).UnansweredSince(s.ctx, 0); err != nil || len(rows) != 0 {
		t.Errorf("another county reads them: %v %v", rows, err)
	}
}
