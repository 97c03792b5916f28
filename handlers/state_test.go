package handlers_test

import (
	"strings"
	"testing"
	"time"

	"aixin/bot"
	"aixin/handlers"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// While somebody is away nobody is reminded of visits to them; the reminder
// that was planned before falls away too.
func TestNoVisitsAskedWhileAway(t *testing.T) {
	for _, driver := range []string{"sqlite", "mysql"} {
		t.Run(driver, func(t *testing.T) {
			s := newStage(t, understand.New(), driver)
			s.direct("roster 王敏: 谷军(老谷) 72 吴坡村; 马海龙(海龙) 9 峡门村")
			s.direct("cadre 王敏")
			st, o := s.db.System("test"), s.outbox()
			duty := func() (texts []string) {
				s.must(o.Plan(s.ctx, st, s.clock.Now(), func(dues []handlers.Due) error {
					for _, d := range dues {
						if d.Kind == handlers.KindDuty {
							texts = append(texts, d.Text)
						}
					}
					return nil
				}))
				return texts
			}
			before := duty()
			s.say("老谷住院了")
			one := duty()
			s.say("海龙住校了")
			none := duty()
			if len(before) != 1 || len(one) != 1 || before[0] == one[0] || len(none) != 1 || strings.Contains(none[0], "走访") || !strings.Contains(none[0], "有2户今年还差联系") {
				t.Fatalf("due before %q, with one away %q, with both away %q", before, one, none)
			}
			pairs, err := st.Roster(s.ctx, s.codes["王敏"], "2026-11-21")
			s.must(err)
			d := store.Delivery{
				Kind: handlers.KindDuty, Role: models.RoleCadre, SubjectID: s.codes["王敏"], OpenID: models.Conceal("o_王敏"),
				Payload: models.Conceal("visit/" + pairs[0].ID + "/2026H2\nhelp/" + pairs[1].ID + "/2026"),
			}
			if out, err := o.Prepare(s.ctx, st, d); err != nil || out.Cancel == "" {
				t.Fatalf("a planned reminder goes out: %+v %v", out, err)
			}
			s.say("老谷出院了")
			if again := duty(); len(again) != 1 {
				t.Fatalf("due after the return: %q", again)
			}
		})
	}
}

// Outside the window a card calls the person in; it names nobody.
func TestCardsOfBehalfAndState(t *testing.T) {
	for _, driver := range []string{"sqlite", "mysql"} {
		t.Run(driver, func(t *testing.T) { cardsOf(t, newStage(t, understand.New(), driver)) })
	}
}

func cardsOf(t *testing.T, s *stage) {
	for _, line := range []string{
		"roster 王敏: 王桂花(王奶奶) 68 吴坡村", "roster 张三 in 王敏: 谷军(老谷) 72 吴坡村", "office 赵县 county 崆峒区", "cadre 王敏",
	} {
		s.direct(line)
	}
	s.say("替张三记:昨天去看了老谷,送了300元")
	s.say("王奶奶病故了")
	o := s.outbox()
	o.Templates["notice"] = "N"
	st := s.db.System("test")
	s.clock.Set(storetest.Now.Add(23 * time.Hour))
	rows, err := st.LeaseDeliveries(s.ctx, "test", time.Minute, 100, "")
	s.must(err)
	got := map[string]string{}
	for _, d := range rows {
		out, err := o.Prepare(s.ctx, st, d)
		s.must(err)
		if out.Card == nil {
			t.Fatalf("%s: no card: %+v", d.Kind, out)
		}
		got[d.Kind] = cardText(*out.Card)
	}
	want := map[string]string{
		handlers.KindBehalf: "有人替您记了一笔|2026年11月21日 10:00|回“看代记”看",
		handlers.KindState:  "有一户情况请核实|2026年11月21日 10:00|回“看核实”看",
	}
	for kind, words := range want {
		if got[kind] != words {
			t.Errorf("%s: card %q, want %q", kind, got[kind], words)
		}
	}
}

func cardText(c bot.Card) string {
	return c.Fields["thing1"] + "|" + c.Fields["time2"] + "|" + c.Fields["thing3"]
}
