package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

func refused(t *testing.T, err error, words string) {
	t.Helper()
	var fault models.Fault
	if !errors.As(err, &fault) || !strings.Contains(fault.Error(), words) {
		t.Errorf("%v, should say %q", err, words)
	}
}

func (o *office) bind(openid string, role models.Role, subject string) {
	o.t.Helper()
	o.must(o.st.Bind(o.ctx, openid, role, subject))
}

func (o *office) planned(role models.Role, subject string) (kinds []string) {
	o.t.Helper()
	rows, err := o.st.DeliveriesFor(o.ctx, role, []string{subject}, 50)
	o.must(err)
	for _, d := range rows {
		if d.State == store.DeliveryPlanned {
			kinds = append(kinds, d.Kind+" "+d.Payload.Reveal())
		}
	}
	return kinds
}

// TestCadreLeaves follows one change from the township's request to its day.
func TestCadreLeaves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		o := newOffice(t, db, clock, 3, 3)
		first := o.pair(o.recipients[0], o.cadres[0], "2026-01-01")
		o.pair(o.recipients[1], o.cadres[0], "2026-02-01")
		o.bind("o_old", models.RoleCadre, o.cadres[0])
		o.bind("o_new", models.RoleCadre, o.cadres[2])
		o.bind("o_township", models.RoleAdmin, o.township.ID)
		contact := models.Contact{ID: o.st.NewID(), RecipientID: o.recipients[0], Kind: models.ContactGuardian, Name: models.Conceal("谷家")}
		o.must(o.st.Create(o.ctx, &contact))
		o.bind("o_family", models.RoleGuardian, contact.ID)
		q := models.Question{Role: models.RoleGuardian, AskerID: contact.ID, RecipientID: o.recipients[0], CadreID: o.cadres[0], Words: models.Conceal("煤咋还没来"), State: models.QuestionOpen}
		o.must(o.st.AddQuestion(o.ctx, &q))
		o.must(o.st.AddDelivery(o.ctx, "x", store.Delivery{Kind: "duty", Role: models.RoleCadre, SubjectID: o.cadres[0], OpenID: models.Conceal("o_old")}))

		a := models.Adjustment{Kind: models.AdjustCadreOut, CadreID: o.cadres[0], ToCadreID: o.cadres[2], Reason: models.ReasonRetirement, EffectiveOn: o.today().Add(3)}
		_, err := o.propose(o.account("other", models.AccountTownship, o.places[2][:9], ""), a)
		refused(t, err, "不归您")
		_, err = o.propose(o.township, a) // whose cadres are the county's
		refused(t, err, "不归您")
		unit := o.account("unit", models.AccountUnit, "620802", o.units[0])
		asked, err := o.propose(unit, a)
		o.must(err)
		_, err = o.propose(unit, a)
		refused(t, err, "已经报过")

		_, err = desk.Decide(o.ctx, db.As(unit.Actor()), unit, asked.ID, true, "", pingliang)
		refused(t, err, "县上办")
		if _, err = desk.Decide(o.ctx, db.As(models.Actor{Account: "x", Region: "620826"}), o.county, asked.ID, true, "", pingliang); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another county: %v", err)
		}
		_, err = desk.Decide(o.ctx, db.As(o.county.Actor()), o.county, asked.ID, false, "", pingliang)
		refused(t, err, "写明原因")
		got, err := desk.Decide(o.ctx, db.As(o.county.Actor()), o.county, asked.ID, true, "", pingliang)
		o.must(err)
		if got.State != models.AdjustmentApproved || got.Alone {
			t.Errorf("%+v", got)
		}
		_, err = desk.Decide(o.ctx, db.As(o.county.Actor()), o.county, asked.ID, true, "", pingliang)
		refused(t, err, "不用再办")
		o.runJobs()
		if rows, _ := o.st.LastingPairings(o.ctx, "", o.cadres[0]); len(rows) != 2 {
			t.Errorf("before the day %d pairings last", len(rows))
		}

		other := o.pair(o.recipients[2], o.cadres[1], "2026-01-01")
		deputy := models.Delegation{PairingID: other.ID, DeputyID: o.cadres[0], FromDay: "2026-11-01", ToDay: "2026-12-31"}
		o.must(o.st.AddDelegation(o.ctx, &deputy))

		clock.Set(time.Date(2026, 11, 23, 16, 0, 1, 0, time.UTC)) // the 24th begins in Pingliang
		o.runJobs()
		rows, err := o.st.LastingPairings(o.ctx, "", o.cadres[2])
		o.must(err)
		if len(rows) != 2 || rows[0].FromDay != "2026-11-24" || rows[0].BegunBy != asked.ID {
			t.Fatalf("%+v", rows)
		}
		ended, err := o.st.PairingsOf(o.ctx, []string{o.recipients[0]})
		o.must(err)
		for _, p := range ended {
			if p.ID == first.ID && (p.ToDay != "2026-11-23" || p.Reason != models.ReasonRetirement) {
				t.Errorf("%+v", p)
			}
		}
		if roster, err := o.st.Roster(o.ctx, o.cadres[0], "2026-11-24"); err != nil || len(roster) != 0 {
			t.Errorf("who left still looks after %d, %v", len(roster), err)
		}
		if n := strings.Join(o.planned(models.RoleCadre, o.cadres[0]), "\n"); strings.Contains(n, "duty") || !strings.Contains(n, `"side":"old"`) {
			t.Errorf("to who left: %s", n)
		}
		if n := strings.Join(o.planned(models.RoleCadre, o.cadres[2]), "\n"); !strings.Contains(n, `"side":"new"`) {
			t.Errorf("to who follows: %s", n)
		}
		if n := strings.Join(o.planned(models.RoleGuardian, contact.ID), "\n"); !strings.Contains(n, `"side":"family"`) {
			t.Errorf("to the family: %s", n)
		}
		if _, err := o.st.BindingOf(o.ctx, models.RoleCadre, o.cadres[0]); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the phone of who left is still tied: %v", err)
		}
		if waits, err := o.st.OpenQuestions(o.ctx, o.cadres[2]); err != nil || len(waits) != 1 || waits[0].Number != 1 {
			t.Errorf("%+v %v", waits, err)
		}
		cards, err := o.st.HandoversOf(o.ctx, asked.ID, "")
		o.must(err)
		var card desk.Card
		for _, h := range cards {
			if h.RecipientID == o.recipients[0] {
				card, err = desk.HandoverCard(o.ctx, db.As(models.Actor{Cadre: o.cadres[2]}), h.ID, pingliang)
				o.must(err)
			}
		}
		if len(cards) != 2 || card.Needs != "冬天要煤" || len(card.Asked) != 1 || card.From.Name.Reveal() != "干部0" || card.Place != "崆峒区/峡门乡/吴坡村" {
			t.Errorf("%d cards, %+v", len(cards), card)
		}
		if _, err := desk.HandoverCard(o.ctx, db.As(models.Actor{Cadre: o.cadres[1]}), card.ID, pingliang); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a stranger reads the card: %v", err)
		}
	})
}

// TestAloneOnDuty: who proposes and decides alone waits, writes why, and is listed.
func TestAloneOnDuty(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		o := newOffice(t, db, clock, 2, 2)
		o.pair(o.recipients[0], o.cadres[0], "2026-01-01")
		o.bind("o_township", models.RoleAdmin, o.township.ID)
		st := db.As(o.county.Actor())
		swap, err := o.propose(o.county, models.Adjustment{Kind: models.AdjustSwap, RecipientID: o.recipients[0], CadreID: o.cadres[0], Reason: models.ReasonBetterMatch, EffectiveOn: o.today()})
		o.must(err)
		_, err = desk.Decide(o.ctx, st, o.county, swap.ID, true, "只有我一人在岗", pingliang)
		refused(t, err, "30 分钟")
		clock.Add(models.AloneAfter)
		_, err = desk.Decide(o.ctx, st, o.county, swap.ID, true, "", pingliang)
		refused(t, err, "写明原因")
		got, err := desk.Decide(o.ctx, st, o.county, swap.ID, true, "只有我一人在岗", pingliang)
		o.must(err)
		if !got.Alone || got.State != models.AdjustmentDone {
			t.Errorf("%+v", got)
		}
		listed, err := st.Adjustments(o.ctx, store.AdjustmentFilter{Alone: true}, "", 10)
		if err != nil || len(listed) != 1 || listed[0].Decision.Reveal() != "只有我一人在岗" {
			t.Errorf("%+v %v", listed, err)
		}
		waiting, err := st.WaitingOn(o.ctx, "", o.today())
		o.must(err)
		// The other one waits since before.
		if len(waiting) != 2 || waiting[0].ID != o.recipients[0] || waiting[0].Since != o.today() || waiting[1].Since != "2025-12-01" {
			t.Errorf("%+v", waiting)
		}
		// The township hears of it a day later, if nobody was found by then.
		if n := o.planned(models.RoleAdmin, o.township.ID); len(n) != 1 || !strings.Contains(n[0], "uncovered") {
			t.Errorf("%q", n)
		}
		if _, err := desk.Pair(o.ctx, db.As(o.township.Actor()), o.township, o.recipients[1], o.cadres[1], o.today()); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another township's person: %v", err)
		}
		_, err = desk.Pair(o.ctx, db.As(o.township.Actor()), o.township, o.recipients[0], o.cadres[1], o.today())
		o.must(err)
		_, err = desk.Pair(o.ctx, db.As(o.township.Actor()), o.township, o.recipients[0], o.cadres[0], o.today())
		refused(t, err, "已经有人")
		cards, err := o.st.HandoversOf(o.ctx, "", o.cadres[1])
		if err != nil || len(cards) != 1 || cards[0].CadreID != o.cadres[0] {
			t.Errorf("the card found no taker: %+v %v", cards, err)
		}
	})
}

// TestUnitsMerge: a unit goes into another, and back within thirty days.
func TestUnitsMerge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		o := newOffice(t, db, clock, 2, 6)
		o.pair(o.recipients[0], o.cadres[0], "2026-01-01")
		before := o.st.Now()
		text := o.ledgerText(before)
		clock.Add(time.Hour)
		city := o.account("city", models.AccountCity, models.CityCode, "")
		merge, err := o.propose(city, models.Adjustment{Kind: models.AdjustUnitMerge, UnitID: o.units[0], ToUnitID: o.units[1], Reason: models.ReasonReform, EffectiveOn: o.today()})
		o.must(err)
		merge, err = desk.Decide(o.ctx, db.As(o.county.Actor()), o.county, merge.ID, true, "", pingliang)
		o.must(err)
		staff, err := o.st.UnitCadres(o.ctx, o.units[1])
		if err != nil || len(staff) != 4 {
			t.Fatal(len(staff), err)
		}
		if now := o.ledgerText(o.st.Now()); !strings.Contains(now, "峡门乡中心小学") {
			t.Errorf("the ledger has the old unit: %s", now)
		}
		if then := o.ledgerText(before); then != text || !strings.Contains(then, "峡门乡人民政府") {
			t.Errorf("as of before: %s", then)
		}
		// One went on meanwhile and stays there.
		o.must(o.st.SetPost(o.ctx, o.cadres[3], o.units[2], o.places[0][:6], 0))
		back, kept, err := desk.UndoMerge(o.ctx, db.As(o.county.Actor()), o.county, merge.ID, o.today())
		if err != nil || back != 1 || kept != 1 {
			t.Errorf("%d back, %d kept, %v", back, kept, err)
		}
		_, _, err = desk.UndoMerge(o.ctx, db.As(o.county.Actor()), o.county, merge.ID, o.today())
		refused(t, err, "不能复原")
		if staff, _ := o.st.UnitCadres(o.ctx, o.units[0]); len(staff) != 1 || staff[0].ID != o.cadres[0] {
			t.Errorf("%+v", staff)
		}
	})
}

// TestTooLateOnItsDay: what the ledger no longer allows on the day goes back with
// the reason.
func TestTooLateOnItsDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		o := newOffice(t, db, clock, 1, 3)
		o.pair(o.recipients[0], o.cadres[0], "2026-01-01")
		swap, err := o.propose(o.township, models.Adjustment{Kind: models.AdjustSwap, RecipientID: o.recipients[0], CadreID: o.cadres[0], ToCadreID: o.cadres[1], Reason: models.ReasonTransfer, EffectiveOn: o.today().Add(5)})
		o.must(err)
		_, err = desk.Decide(o.ctx, db.As(o.county.Actor()), o.county, swap.ID, true, "", pingliang)
		o.must(err)
		out, err := o.propose(o.township, models.Adjustment{Kind: models.AdjustRecipientOut, RecipientID: o.recipients[0], Reason: models.ReasonDeath, EffectiveOn: o.today()})
		o.must(err)
		_, err = desk.Decide(o.ctx, db.As(o.county.Actor()), o.county, out.ID, true, "", pingliang)
		o.must(err)
		clock.Add(6 * 24 * time.Hour)
		o.runJobs()
		got, err := o.st.Adjustment(o.ctx, swap.ID)
		if err != nil || got.State != models.AdjustmentReturned || !strings.Contains(got.Decision.Reveal(), "不在册") {
			t.Errorf("%+v %v", got, err)
		}
		s, err := db.As(o.county.Actor()).Stock(o.ctx, "620802", "2026-11-01", "2026-11-30")
		if err != nil || !s.Balanced() || s.Opening != 1 || s.Out != 1 || s.OutWhy[models.ReasonDeath] != 1 || s.Closing != 0 {
			t.Errorf("%+v %v", s, err)
		}
		if _, err := db.As(o.county.Actor()).Stock(o.ctx, "620826", "2026-11-01", "2026-11-30"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another county's stock: %v", err)
		}
	})
}
