package handlers_test

import (
	"strings"
	"testing"

	"aixin/handlers/desk"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// A person goes from one cadre to another: both are told, and the next one reads
// the card by 交接.
func TestHandedOver(t *testing.T) {
	for _, driver := range []string{"sqlite", "mysql"} {
		s := newStage(t, understand.New(), driver)
		s.direct("roster 王敏: 谷军(老谷) 72 吴坡村 2026-01-01")
		s.direct("roster 李娜: 马海龙 9 峡门村 2026-01-01")
		s.direct("plan 谷军: 冬天前送棉被 by 王敏; 修房顶 by 住建局")
		s.direct("cadre 王敏")
		s.say("今天去看了老谷")
		s.direct("cadre 李娜")
		if reply := s.say("交接"); !strings.Contains(reply, "没有交接给您的") {
			t.Errorf("%q", reply)
		}
		st := s.db.System("test")
		roster, err := st.Roster(s.ctx, s.codes["王敏"], "2026-11-21")
		s.must(err)
		s.must(s.office("周股长", models.AccountCounty, "崆峒区"))
		county, err := st.Account(s.ctx, s.codes["@周股长"])
		s.must(err)
		city := models.Account{Name: models.Conceal("市里"), Login: "city", Password: "$argon2id$x", Role: models.AccountCity, Region: models.CityCode}
		s.must(st.AddAccount(s.ctx, &city))
		var a models.Adjustment
		s.must(s.db.As(city.Actor()).InTx(s.ctx, func(tx *store.Store) (err error) {
			a, err = desk.Propose(s.ctx, tx, city, models.Adjustment{
				Kind: models.AdjustSwap, RecipientID: roster[0].RecipientID, CadreID: s.codes["王敏"], ToCadreID: s.codes["李娜"],
				Reason: models.ReasonTransfer, EffectiveOn: "2026-11-21",
			}, zone)
			return err
		}))
		_, err = desk.Decide(s.ctx, s.db.As(county.Actor()), county, a.ID, true, "", zone)
		s.must(err)
		told := s.deliver()
		for _, words := range []string{"谷军由您来联系", "是王敏交过来的", "交给李娜了"} {
			if !strings.Contains(told, words) {
				t.Errorf("nobody was told %q:\n%s", words, told)
			}
		}
		s.direct("cadre 李娜")
		if reply := s.say("交接"); !strings.Contains(reply, "谷军") || !strings.Contains(reply, "原来是王敏") || !strings.Contains(reply, "上次联系11月21日") ||
			!strings.Contains(reply, "计划里还有:冬天前送棉被(12月31日(周四)前);修房顶(12月31日(周四)前)") {
			t.Errorf("%q", reply)
		}
		cards, err := st.HandoversOf(s.ctx, a.ID, "")
		if err != nil || len(cards) != 1 || cards[0].ReadAt == 0 {
			t.Errorf("%+v %v", cards, err)
		}
		if reply := s.say("进度"); !strings.Contains(reply, "谷军") {
			t.Errorf("%q", reply)
		}
		// What the plan had for the one before is the next one's to do.
		if reply := s.say("今天给谷军送了棉被200块"); !strings.Contains(reply, "计划里“冬天前送棉被”,这次算做到了吗") {
			t.Errorf("%q", reply)
		}
	}
}
