package handlers_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"aixin/bot"
	"aixin/handlers"
	"aixin/handlers/answer"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// Three of the talks also hold on the other database.
func TestTalksOnMySQL(t *testing.T) {
	u := understand.New()
	for _, name := range []string{"danger-guardian", "question-plain", "guardian-carry", "plan-tick"} {
		raw, err := os.ReadFile(filepath.Join("testdata", "talks", name+".talk"))
		if err != nil {
			t.Fatal(err)
		}
		if heard := play(t, u, "mysql", string(raw)); heard != string(raw) {
			t.Errorf("%s went differently:\n%s", name, heard)
		}
	}
}

// bothStages runs fn on a stage of each database with a family, its cadre, two
// people on duty and the county's office.
func bothStages(t *testing.T, fn func(t *testing.T, s *stage)) {
	u := understand.New()
	for _, driver := range []string{"sqlite", "mysql"} {
		t.Run(driver, func(t *testing.T) {
			s := newStage(t, u, driver)
			for _, line := range []string{
				"roster 王敏: 谷军(老谷) 72 吴坡村 2026-01-01", "duty 值班甲 崆峒区", "duty 值班乙 崆峒区", "office 李县 county 崆峒区", "guardian 谷婶 of 谷军",
			} {
				s.direct(line)
			}
			fn(t, s)
		})
	}
}

// sentTo counts the lines of a delivery run that went to a person.
func sentTo(lines, name string) int { return strings.Count("\n"+lines, "\n* "+name+" ← ") }

// Ten replicas that escalate at once tell each person once.
func TestEscalateOnce(t *testing.T) {
	bothStages(t, func(t *testing.T, s *stage) {
		for _, who := range []string{"值班甲", "值班乙", "李县"} {
			s.who = who
			s.say("帮助")
		}
		s.who = "谷婶"
		s.say("我不想活了")
		if got := s.deliver(); sentTo(got, "值班甲") != 1 || sentTo(got, "值班乙") != 1 || sentTo(got, "李县") != 0 {
			t.Fatalf("at once:\n%s", got)
		}
		s.clock.Add(6 * time.Minute)
		var group sync.WaitGroup
		for range 5 {
			group.Go(func() {
				if err := handlers.Escalate(context.Background(), s.db.System("test"), s.clock.Now()); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if got := s.deliver(); sentTo(got, "李县") != 1 || sentTo(got, "值班甲") != 0 {
			t.Errorf("after six minutes:\n%s", got)
		}
		d, err := s.db.System("test").DangerNumbered(s.ctx, 1)
		if err != nil || d.Step != 1 {
			t.Errorf("step %d, %v", d.Step, err)
		}
	})
}

// A retried message of danger, question or answer does its work once.
func TestRetriedOnce(t *testing.T) {
	bothStages(t, func(t *testing.T, s *stage) {
		for _, who := range []string{"值班甲", "王敏"} {
			s.who = who
			s.say("帮助")
		}
		twice := func(who, words string) {
			t.Helper()
			s.who = who
			s.n++
			m := s.message(words)
			var heard [2]string
			for i := range heard {
				a, err := s.bot.Receive(s.ctx, m)
				s.must(err)
				heard[i] = a.Text
			}
			if heard[0] != heard[1] || heard[0] == "" {
				t.Errorf("%s: %q, then %q", words, heard[0], heard[1])
			}
		}
		twice("谷婶", "羊圈边上的水管子谁给修哩")
		twice("谷婶", "我不想活了")
		twice("王敏", "回复 1 村上管")
		got := s.deliver()
		if sentTo(got, "谷婶") != 1 || sentTo(got, "值班甲") != 1 {
			t.Errorf("sent:\n%s", got)
		}
		if _, err := s.db.System("test").DangerNumbered(s.ctx, 2); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a second case: %v", err)
		}
	})
}

// A card of danger or of a question bears no name, no words, no place and no
// kind.
func TestCardsBearNothing(t *testing.T) {
	s := newStage(t, understand.New(), "sqlite")
	for _, line := range []string{"roster 王敏: 谷军(老谷) 72 吴坡村 2026-01-01", "duty 值班甲 崆峒区", "guardian 谷婶 of 谷军"} {
		s.direct(line)
	}
	s.who = "谷婶"
	s.say("孙女叫人欺负了,下身有血")
	s.say("羊圈边上的水管子谁给修哩")
	st := s.db.System("test")
	outbox := s.outbox()
	outbox.Templates["alert"] = "T2"
	rows, err := st.LeaseDeliveries(s.ctx, "test", time.Minute, 100, "")
	s.must(err)
	cards := 0
	for _, d := range rows {
		out, err := outbox.Prepare(s.ctx, st, d)
		s.must(err)
		if out.Text != "" {
			t.Errorf("words without a window: %s", out.Text)
		}
		if out.Card == nil {
			continue
		}
		cards++
		for key, v := range out.Card.Fields {
			for _, secret := range []string{"谷", "王", "敏", "马", "孙女", "欺负", "水管", "吴坡", "红色", "儿童"} {
				if strings.Contains(v, secret) {
					t.Errorf("%s of a %s card: %s", key, d.Kind, v)
				}
			}
			if fit := models.CategoryTemplate.Fit(key, v); fit != v || v == "-" {
				t.Errorf("%s does not fit: %s", key, v)
			}
		}
		if d.Kind == handlers.KindAlert && !out.Urgent {
			t.Error("a red alert is not urgent")
		}
	}
	if cards != 2 {
		t.Errorf("%d cards", cards)
	}
}

// While the database is away the words come at once and those on duty for the
// sender's place are told; the replay enters the case, gives them its number
// and repeats nothing.
func TestEmergency(t *testing.T) {
	bothStages(t, func(t *testing.T, s *stage) {
		s.direct("office 庄浪值班 duty 庄浪县")
		for _, who := range []string{"值班甲", "值班乙", "李县"} {
			s.who = who
			s.say("帮助")
		}
		st, dir := s.db.System("test"), t.TempDir()
		duty, err := handlers.OpenDuty(dir, s.db.Keys(), zone, s.clock.Now)
		s.must(err)
		s.must(duty.Refresh(s.ctx, st))
		// A process that starts while the database is away has the last snapshot.
		duty, err = handlers.OpenDuty(dir, s.db.Keys(), zone, s.clock.Now)
		s.must(err)
		s.chat.Duty = duty

		s.who, s.n = "谷婶", s.n+1
		if words, alert, text := duty.Emergency(s.ctx, s.message("低保咋办")); words != "" || alert != nil || text != "" {
			t.Errorf("a calm message: %q %v", words, alert)
		}
		s.n++
		m := s.message("孙女叫人欺负了,下身有血")
		words, alert, text := duty.Emergency(s.ctx, m)
		for _, number := range []string{"110", "120", "12345", "12356"} {
			if !strings.Contains(words, number) {
				t.Errorf("no %s in %s", number, words)
			}
		}
		if strings.Contains(words, "通知") || !strings.Contains(text, "孙女") {
			t.Errorf("%s / %s", words, text)
		}
		if want := []bot.OpenID{"o_值班甲", "o_值班乙", "o_李县"}; !slices.Equal(alert, want) {
			t.Errorf("alerted %v", alert)
		}
		duty.Told(m, "o_值班甲")
		duty.Told(m, "o_李县")
		if _, again, _ := duty.Emergency(s.ctx, m); !slices.Equal(again, []bot.OpenID{"o_值班乙"}) {
			t.Errorf("a redelivery alerts %v", again)
		}
		other := m
		other.From, other.Identity = "o_路人", "m|stranger"
		if _, all, _ := duty.Emergency(s.ctx, other); !slices.Contains(all, "o_庄浪值班") || len(all) != 3 {
			t.Errorf("of an unknown place: %v", all)
		}

		a, err := s.bot.Receive(s.ctx, m) // the replay
		s.must(err)
		if a.Text != "" {
			t.Errorf("the replay says again: %s", a.Text)
		}
		got := s.deliver()
		if sentTo(got, "值班甲") != 1 || !strings.Contains(got, "* 值班甲 ← 10:00 发过的那条,补上编号") || !strings.Contains(got, "* 值班乙 ← 【红色预警 1】") || sentTo(got, "李县") != 1 {
			t.Errorf("after the replay:\n%s", got)
		}
		s.clock.Add(6 * time.Minute)
		if got := s.deliver(); got != "" {
			t.Errorf("the office was told, yet is told again:\n%s", got)
		}
	})
}

// The files of an emergency hold nothing in the clear.
func TestDutyFilesAreSealed(t *testing.T) {
	s := newStage(t, understand.New(), "sqlite")
	s.direct("duty 值班甲 崆峒区")
	dir := t.TempDir()
	duty, err := handlers.OpenDuty(dir, s.db.Keys(), zone, s.clock.Now)
	s.must(err)
	s.must(duty.Refresh(s.ctx, s.db.System("test")))
	m := s.message("我不想活了")
	duty.Emergency(s.ctx, m)
	duty.Told(m, "o_值班甲")
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) != 2 {
		t.Fatalf("files %v", files)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		s.must(err)
		if strings.Contains(string(raw), "o_") || strings.Contains(string(raw), "6208") || strings.Contains(string(raw), "told") {
			t.Errorf("%s can be read", filepath.Base(f))
		}
	}
	s.clock.Add(30 * 24 * time.Hour)
	s.must(os.Chtimes(files[0], time.Unix(1, 0), time.Unix(1, 0)))
	s.must(os.Chtimes(files[1], time.Unix(1, 0), time.Unix(1, 0)))
	s.must(duty.Refresh(s.ctx, s.db.System("test")))
	if left, _ := filepath.Glob(filepath.Join(dir, "*.told")); len(left) != 0 {
		t.Errorf("marks stay: %v", left)
	}
}

// Torn between entries, the bot offers up to three by number; 0 goes to the
// cadre.
func TestChoices(t *testing.T) {
	base := answer.Default()
	words := ""
	for _, text := range []string{"残疾的事", "补助的事", "娃上学的事", "老人的补贴", "残疾证补贴", "低保的钱", "孤儿的补助", "医保报销", "看病花钱太多"} {
		if n := len(base.Ask(text, "guardian").Choices); n == 2 || n == 3 {
			words = text
			break
		}
	}
	if words == "" {
		t.Fatal("the base is torn by none of these: name a question that is")
	}
	s := newStage(t, understand.New(), "sqlite")
	s.direct("roster 王敏: 谷军(老谷) 72 吴坡村 2026-01-01")
	s.direct("guardian 谷婶 of 谷军")
	choices := base.Ask(words, "guardian").Choices
	offered := s.say(words)
	for i, id := range choices {
		e, _ := base.Entry(id)
		if !strings.Contains(offered, "\n"+string(rune('1'+i))+" "+e.Question) {
			t.Errorf("no choice %d in:\n%s", i+1, offered)
		}
	}
	second, _ := base.Entry(choices[1])
	if got := s.say("2"); !strings.HasPrefix(got, second.Answer[:60]) || !strings.Contains(got, "回1") {
		t.Errorf("choice 2: %s", got)
	}
	s.say(words)
	if got := s.say("0"); !strings.Contains(got, "提问 #1") {
		t.Errorf("none of them: %s", got)
	}
}
