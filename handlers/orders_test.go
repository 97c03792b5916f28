package handlers_test

import (
	"strings"
	"testing"

	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// What an office does at the console is what it would have said in the chat: the
// family hears of it, a case climbs no further.
func TestOrdersWithoutAMessage(t *testing.T) {
	s := newStage(t, understand.New(), "sqlite")
	s.direct("roster 王敏: 谷军(老谷) 72 吴坡村 2026-01-01")
	for _, who := range []string{"office 住建局 department 崆峒区", "duty 值班甲 崆峒区", "duty 值班乙 崆峒区", "office 别处 county 庄浪县"} {
		s.direct(who)
		s.say("帮助")
	}
	s.direct("guardian 谷婶 of 谷军")
	s.say("房漏雨")
	s.say("1")
	s.say("我不想活了")
	st := s.db.System("test")
	n, err := st.NeedNumbered(s.ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	d, err := st.DangerNumbered(s.ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	account := func(name string) models.Account {
		a, err := st.Account(s.ctx, s.codes["@"+name])
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	order := func(name, id, word, words string, need bool) (said string) {
		err := st.InTx(s.ctx, func(tx *store.Store) (err error) {
			if need {
				said, err = s.chat.OrderNeed(s.ctx, tx, account(name), id, word, words, s.clock.Now())
			} else {
				said, err = s.chat.OrderDanger(s.ctx, tx, account(name), id, word, words, s.clock.Now())
			}
			return err
		})
		if err != nil {
			return err.Error()
		}
		return said
	}
	if got := order("别处", n.ID, "接", "", true); got != store.ErrNotFound.Error() {
		t.Errorf("another county takes it: %s", got)
	}
	if got := order("住建局", n.ID, "接", "", true); !strings.Contains(got, "#1") {
		t.Error(got)
	}
	if got := order("住建局", n.ID, "办结", "瓦换好了", true); !strings.Contains(got, "#1") {
		t.Error(got)
	}
	for _, who := range []string{"值班甲", "值班乙"} {
		if got := order(who, d.ID, "收到", "", false); !strings.Contains(got, "预警 1") {
			t.Error(got)
		}
	}
	if got := order("值班乙", d.ID, "交班", "交给夜班,明早再去", false); !strings.Contains(got, "记在预警 1") {
		t.Error(got)
	}
	heard := s.deliver()
	if !strings.Contains(heard, "瓦换好了") || !strings.Contains(heard, "值班员已经知道了") {
		t.Error(heard)
	}
	if got := order("值班甲", d.ID, "结案", "人没事", false); !strings.Contains(got, "结了") {
		t.Error(got)
	}
	if d, err = st.Danger(s.ctx, d.ID); err != nil || d.State != models.DangerClosed || !strings.Contains(d.Words.Reveal(), "交给夜班") {
		t.Errorf("%+v %v", d, err)
	}
	if got := order("值班甲", d.ID, "结案", "再", false); !strings.Contains(got, "已经结了") {
		t.Error(got)
	}
}

// 电话说过了 on the phone page closes a question and counts the call, once.
func TestSpokenWithoutAMessage(t *testing.T) {
	s := newStage(t, understand.New(), "sqlite")
	s.direct("roster 王敏: 谷军(老谷) 72 吴坡村 2026-01-01")
	s.direct("guardian 谷婶 of 谷军")
	s.say("羊圈的水管子谁给修")
	s.say("村口的路灯谁管")
	st := s.db.System("test")
	spoken := func(number int) (said string) {
		q, err := st.QuestionNumbered(s.ctx, s.codes["王敏"], number)
		if err != nil {
			t.Fatal(err)
		}
		err = st.InTx(s.ctx, func(tx *store.Store) (err error) {
			said, err = s.chat.OrderSpoken(s.ctx, tx, s.codes["王敏"], q, s.clock.Now())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return said
	}
	if got := spoken(1); !strings.Contains(got, "联系 1/4") {
		t.Error(got)
	}
	if got := spoken(2); !strings.Contains(got, "了结") || strings.Contains(got, "2/4") {
		t.Error(got)
	}
	if got := spoken(1); !strings.Contains(got, "已经回过了") {
		t.Error(got)
	}
	s.who = "谷婶"
	if got := s.say("进度"); strings.Count(got, "已经跟您说过了") != 2 {
		t.Error(got)
	}
}
