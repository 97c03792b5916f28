package desk_test

import (
	"strings"
	"testing"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// A one-to-one service begins and ends by request and approval; the lead pairing
// stays, two lines go side by side, and the last day still holds.
func TestOneToOneBeginsAndEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		o := newOffice(t, db, clock, 1, 3)
		o.pair(o.recipients[0], o.cadres[0], "2026-01-01")
		o.bind("o_medic", models.RoleCadre, o.cadres[1])
		ask := func(kind models.AdjustmentKind, line models.Line, to string) models.Adjustment {
			reason := models.ReasonNeeded
			if kind == models.AdjustLineOut {
				reason = models.ReasonServed
			}
			return models.Adjustment{Kind: kind, RecipientID: o.recipients[0], Line: line, ToCadreID: to, Reason: reason, EffectiveOn: o.today()}
		}
		approve := func(a models.Adjustment) models.Adjustment {
			t.Helper()
			asked, err := o.propose(o.township, a)
			o.must(err)
			done, err := desk.Decide(o.ctx, db.As(o.county.Actor()), o.county, asked.ID, true, "", pingliang)
			o.must(err)
			if done.State != models.AdjustmentDone {
				t.Fatalf("%+v", done)
			}
			return done
		}
		_, err := o.propose(o.township, ask(models.AdjustLineIn, models.LinePairing, o.cadres[1]))
		refused(t, err, "选一条一对一的线")
		_, err = o.propose(o.township, ask(models.AdjustLineOut, models.LineRehab, ""))
		refused(t, err, "现在没有这一样")
		approve(ask(models.AdjustLineIn, models.LineRehab, o.cadres[1]))
		approve(ask(models.AdjustLineIn, models.LineCounsel, o.cadres[2]))
		if kinds := o.planned(models.RoleCadre, o.cadres[1]); len(kinds) != 1 || !strings.HasPrefix(kinds[0], desk.KindAdjust+` {"side":"line"`) {
			t.Errorf("the medic is told %v", kinds)
		}
		_, err = o.propose(o.township, ask(models.AdjustLineIn, models.LineRehab, o.cadres[2]))
		refused(t, err, "已有人做这一样")
		approve(ask(models.AdjustLineOut, models.LineRehab, ""))
		rows, err := o.st.PairingsOf(o.ctx, o.recipients)
		o.must(err)
		holds, tomorrow := map[models.Line]bool{}, map[models.Line]bool{}
		for _, p := range rows {
			holds[p.Line] = holds[p.Line] || p.Holds(o.today())
			tomorrow[p.Line] = tomorrow[p.Line] || p.Holds(o.today().Add(1))
		}
		if !holds[models.LinePairing] || !holds[models.LineRehab] || !holds[models.LineCounsel] || tomorrow[models.LineRehab] || !tomorrow[models.LineCounsel] || !tomorrow[models.LinePairing] {
			t.Errorf("today %v, tomorrow %v", holds, tomorrow)
		}
	})
}
