package handlers_test

import (
	"testing"
	"time"

	"aixin/handlers"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// A cadre who unfollows is forgotten as a WeChat user; what they recorded stays.
func TestLeaving(t *testing.T) {
	for _, driver := range []string{"sqlite", "mysql"} {
		s := newStage(t, understand.New(), driver)
		st, clock := s.db.System("test"), s.clock
		s.direct("roster 王敏: 谷军(老谷) 72 吴坡村 2026-01-01")
		s.direct("cadre 王敏")
		s.say("今天去看了老谷,送了300元")
		idx := st.OpenIDIndex("o_王敏")
		s.say("[取关]")
		bound, err := st.Bindings(s.ctx, idx)
		s.must(err)
		if len(bound) != 0 {
			t.Fatal("still bound after unfollowing")
		}
		clock.Add(time.Second)
		jobs, err := st.LeaseJobs(s.ctx, "test", time.Minute, 10)
		s.must(err)
		erased := false
		for _, j := range jobs {
			if j.Kind == handlers.EraseSender {
				s.must(handlers.Erase(s.ctx, st, j.SubjectID, 1))
				erased = true
			}
		}
		if !erased {
			t.Fatal("no job to erase")
		}
		if _, err := st.Session(s.ctx, idx); err == nil {
			t.Error("the conversation is still there")
		}
		var left int
		for row, err := range st.Export(s.ctx, store.ExportQuery{From: "2026-01-01", To: "2026-12-31"}) {
			s.must(err)
			if row.Person != "谷军" {
				t.Errorf("person %q", row.Person)
			}
			left++
		}
		if left != 2 {
			t.Errorf("%d activities left, want the visit and the gift", left)
		}
		if got := s.say("你好"); got == "" {
			t.Error("who comes back is not spoken to")
		}
		// Who is back before the time keeps everything.
		s.direct("roster 李娜: 马海龙 9 峡门村 2026-01-01")
		s.direct("cadre 李娜")
		s.say("进度")
		s.must(st.Block(s.ctx, st.OpenIDIndex("o_李娜")))
		clock.Add(time.Second)
		s.say("[关注]")
		s.must(handlers.Erase(s.ctx, st, st.OpenIDIndex("o_李娜"), 1))
		if _, err := st.BindingOf(s.ctx, models.RoleCadre, s.codes["李娜"]); err != nil {
			t.Error("the tie was cut although the person came back:", err)
		}
	}
}
