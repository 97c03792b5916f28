package handlers_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"aixin/handlers"
	"aixin/handlers/understand"
	"aixin/models"
)

// Talks about needs also hold on the other database.
func TestNeedTalksOnMySQL(t *testing.T) {
	u := understand.New()
	for _, name := range []string{"need-rating", "need-climb", "need-return"} {
		raw, err := os.ReadFile(filepath.Join("testdata", "talks", name+".talk"))
		if err != nil {
			t.Fatal(err)
		}
		if heard := play(t, u, "mysql", string(raw)); heard != string(raw) {
			t.Errorf("%s went differently:\n%s", name, heard)
		}
	}
}

// needStages runs fn on a stage of each database with a family, its department,
// township and county.
func needStages(t *testing.T, fn func(t *testing.T, s *stage)) {
	u := understand.New()
	for _, driver := range []string{"sqlite", "mysql"} {
		t.Run(driver, func(t *testing.T) {
			s := newStage(t, u, driver)
			for _, line := range []string{
				"2026-11-23 10:00", "roster 王敏: 谷军(老谷) 72 吴坡村 2026-01-01", "office 住建局 department 崆峒区", "office 峡门 township 崆峒区/峡门乡",
				"office 李县 county 崆峒区", "guardian 谷婶 of 谷军",
			} {
				s.direct(line)
			}
			fn(t, s)
		})
	}
}

func (s *stage) needNumbered(n int) models.Need {
	s.t.Helper()
	need, err := s.db.System("test").NeedNumbered(s.ctx, n)
	s.must(err)
	return need
}

// Ten replicas that look at once move a need once and tell each person once.
func TestNeedsClimbOnce(t *testing.T) {
	needStages(t, func(t *testing.T, s *stage) {
		s.say("房漏雨")
		s.say("1")
		s.deliver()
		climb := func() {
			var group sync.WaitGroup
			for range 6 {
				group.Go(func() {
					if err := handlers.ClimbNeeds(context.Background(), s.db.System("test"), s.clock.Now(), zone); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
		}
		for i, level := range []struct {
			at, told string
			step     int
		}{
			{"2026-11-24 09:59", "", 0}, {"2026-11-24 10:01", "峡门", 1}, {"2026-11-25 10:02", "李县", 2}, {"2026-11-26 10:03", "", 2},
		} {
			s.direct(level.at)
			climb()
			got := s.deliver()
			for _, who := range []string{"住建局", "峡门", "李县"} {
				want := 0
				if who == level.told {
					want = 1
				}
				if sentTo(got, who) != want {
					t.Errorf("%d: %s got %d of\n%s", i, who, sentTo(got, who), got)
				}
			}
			if n := s.needNumbered(1); n.Step != level.step || n.State != models.NeedPassed {
				t.Errorf("%d: step %d, %s", i, n.Step, n.State)
			}
		}
		s.who = "住建局"
		s.say("接 1")
		s.deliver()
		if n := s.needNumbered(1); n.Step != 0 || n.NextAt != n.DueAt || models.DayOf(n.DueAt.Time(), zone) != "2026-12-17" {
			t.Errorf("taken: step %d, due %s", n.Step, n.DueAt.Time())
		}
		s.direct("2026-12-17 10:04")
		climb()
		if got := s.deliver(); sentTo(got, "峡门") != 1 || sentTo(got, "李县") != 0 || sentTo(got, "谷婶") != 1 {
			t.Errorf("late:\n%s", got)
		}
	})
}

// The family's word that does not come closes a need after seven days, not
// before, and then for good.
func TestNeedUnreached(t *testing.T) {
	needStages(t, func(t *testing.T, s *stage) {
		s.say("房漏雨")
		s.say("1")
		s.who = "住建局"
		s.say("办结 1 瓦换了")
		s.deliver()
		s.clock.Add(7*24*time.Hour - time.Minute)
		s.deliver()
		if n := s.needNumbered(1); n.State != models.NeedDone {
			t.Fatalf("closed too early: %s", n.State)
		}
		s.clock.Add(2 * time.Minute)
		got := s.deliver()
		if n := s.needNumbered(1); n.State != models.NeedClosed || n.Rating != models.RatingUnreached || n.NextAt != 0 {
			t.Errorf("%s %s", n.State, n.Rating)
		}
		if sentTo(got, "王敏") != 1 {
			t.Errorf("the cadre was not offered it:\n%s", got)
		}
		s.who = "谷婶"
		if got := s.say("不满意"); strings.Contains(got, "再办") {
			t.Errorf("reopened after the close: %s", got)
		}
	})
}

// A solved need is recorded once, however often the cadre says so, and told to be
// there where the same was recorded by hand.
func TestNeedRecordedOnce(t *testing.T) {
	needStages(t, func(t *testing.T, s *stage) {
		s.say("房漏雨")
		s.say("1")
		s.who = "住建局"
		s.say("办结 1 瓦换了")
		s.who = "王敏"
		s.say("帮老谷把房顶修好了")
		s.who = "谷婶"
		s.deliver()
		s.say("1")
		s.who = "王敏"
		if got := s.deliver(); !strings.Contains(got, "已记过一件实事") {
			t.Errorf("offered without a word of the other record:\n%s", got)
		}
		if got := s.say("记 1"); !strings.Contains(got, "记成实事了") {
			t.Error(got)
		}
		for _, again := range []string{"记 1", "1", "诉求 1"} {
			if got := s.say(again); strings.Contains(got, "记成实事") {
				t.Errorf("%s: %s", again, got)
			}
		}
		n := s.needNumbered(1)
		rows, err := s.db.System("test").ActivitiesOn(s.ctx, n.CadreID, []string{n.RecipientID}, "2026-11-01", "2026-11-30")
		if err != nil || len(rows) != 2 || n.RecordID == "" {
			t.Errorf("%d activities, record %q, %v", len(rows), n.RecordID, err)
		}
	})
}

// No card says whose need it is, what it is about or what was done.
func TestNeedCards(t *testing.T) {
	needStages(t, func(t *testing.T, s *stage) {
		s.say("房漏雨,娃没棉衣,老汉咳嗽得厉害")
		s.say("1")
		var sent strings.Builder
		s.direct("2026-11-24 10:30")
		sent.WriteString(s.deliver())
		s.who = "住建局"
		s.say("接 1")
		s.direct("2026-11-27 10:00")
		sent.WriteString(s.deliver())
		s.who = "住建局"
		s.say("办结 1 瓦换了")
		sent.WriteString(s.deliver())
		s.who = "谷婶"
		s.say("诉求 1")
		s.say("1")
		sent.WriteString(s.deliver())
		cards := 0
		for line := range strings.Lines(sent.String()) {
			if !strings.Contains(line, "[卡片") {
				continue
			}
			cards++
			_, words, _ := strings.Cut(line, "←")
			for _, w := range []string{"谷", "老谷", "王敏", "住房", "房", "漏", "棉衣", "咳嗽", "瓦", "住建", "民政", "卫健", "吴坡"} {
				if strings.Contains(words, w) {
					t.Errorf("%q in %s", w, line)
				}
			}
		}
		if cards < 4 {
			t.Errorf("only %d cards in\n%s", cards, sent.String())
		}
	})
}

// One sentence of three needs becomes three tickets, each on its own clock; one
// that is late climbs a level a period to the top; the one without the family's
// word is on the list to telephone, and a solved one is an 实事 once.
func TestNeedsOfOneSentence(t *testing.T) {
	needStages(t, func(t *testing.T, s *stage) {
		s.direct("office 民政局 department 崆峒区")
		s.direct("office 张市 city 平凉市")
		s.who = "谷婶"
		s.say("房漏雨,娃没棉衣,奶奶想住敬老院")
		if got := s.say("1"); strings.Count(got, "诉求 #") != 3 {
			t.Fatalf("not three tickets: %s", got)
		}
		for _, again := range []string{"1", "房漏雨", "娃没棉衣"} {
			s.say(again)
		}
		st := s.db.System("test")
		if rows, err := st.OpenNeeds(s.ctx, 10); err != nil || len(rows) != 3 {
			t.Fatalf("%d tickets, %v", len(rows), err)
		}

		// The coat: taken and late. Its period is a working day; Saturday is none.
		s.who = "民政局"
		s.say("接 2")
		s.deliver()
		level := s.needNumbered(2).Step
		for _, day := range []string{"2026-11-24 10:10", "2026-11-25 10:20", "2026-11-26 10:30"} {
			s.direct(day)
			s.deliver()
			n := s.needNumbered(2)
			if n.State != models.NeedTaken || n.Step > level+1 || n.Step < level {
				t.Errorf("%s: from level %d to %d, %s", day, level, n.Step, n.State)
			}
			level = n.Step
		}
		if level < 2 {
			t.Errorf("late for three periods and only at level %d", level)
		}

		// The roof: bad once, done again, then no word for a week.
		s.who = "住建局"
		s.say("办结 1 瓦换了")
		s.deliver()
		s.who = "谷婶"
		s.say("诉求 1")
		s.say("不满意")
		if n := s.needNumbered(1); n.State != models.NeedPassed {
			t.Errorf("not reopened: %s", n.State)
		}
		s.who = "住建局"
		s.say("办结 1 又补了一遍")
		s.deliver()
		s.clock.Add(7*24*time.Hour + time.Minute)
		s.deliver()
		call, err := st.NeedsShown(s.ctx, "call", 10)
		if err != nil || len(call) != 1 || call[0].Number != 1 {
			t.Errorf("to telephone: %v %v", call, err)
		}
		s.who = "王敏"
		for range 3 {
			s.say("记 1")
		}
		n := s.needNumbered(1)
		rows, err := st.ActivitiesOn(s.ctx, n.CadreID, []string{n.RecipientID}, "2026-11-01", "2026-12-31")
		if err != nil || len(rows) != 1 || n.RecordID == "" {
			t.Errorf("%d records of one solved need, %v", len(rows), err)
		}
	})
}
