package desk_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

var pingliang = time.FixedZone("Asia/Shanghai", 8*3600)

// office is a small register with a county's and a township's account.
type office struct {
	t                *testing.T
	ctx              context.Context
	db               *store.DB
	st               *store.Store
	clock            *storetest.Clock
	county, township models.Account
	units, places    []string
	recipients       []string
	cadres           []string
}

func newOffice(t *testing.T, db *store.DB, clock *storetest.Clock, people, staff int) *office {
	o := &office{t: t, ctx: context.Background(), db: db, st: db.System("test"), clock: clock}
	for _, path := range []string{"崆峒区/峡门乡/吴坡村", "崆峒区/麻武乡/麻武村", "静宁县/威戎镇/下沟村"} {
		code, _, err := o.st.EnsureRegion(o.ctx, path)
		o.must(err)
		o.places = append(o.places, code)
	}
	for i, name := range []string{"峡门乡人民政府", "峡门乡中心小学", "麻武乡卫生院"} {
		u := models.Unit{ID: o.st.NewID(), Name: name, Region: o.places[i%2][:9]}
		o.must(o.st.Create(o.ctx, &u))
		o.units = append(o.units, u.ID)
	}
	for i := range people {
		r := models.Recipient{
			ID: o.st.NewID(), Number: fmt.Sprintf("K-%d", i), Name: models.Conceal(fmt.Sprintf("对象%d", i)), Region: o.places[i%3], EnteredOn: "2025-12-01",
			Needs: models.Conceal("冬天要煤"),
		}
		o.must(o.st.Create(o.ctx, &r))
		o.recipients = append(o.recipients, r.ID)
	}
	for i := range staff {
		c := models.Cadre{
			ID: o.st.NewID(), Name: models.Conceal(fmt.Sprintf("干部%d", i)), PhoneIdx: fmt.Sprint(i), UnitID: o.units[i%3], Region: o.places[i%2][:6],
		}
		o.must(o.st.Create(o.ctx, &c))
		o.cadres = append(o.cadres, c.ID)
	}
	o.county = o.account("county", models.AccountCounty, "620802", "")
	o.township = o.account("township", models.AccountTownship, o.places[0][:9], "")
	return o
}

func (o *office) account(login string, role models.AccountRole, region, unit string) models.Account {
	a := models.Account{Name: models.Conceal(login), Login: login, Password: "$argon2id$x", Role: role, Region: region, UnitID: unit}
	o.must(o.st.AddAccount(o.ctx, &a))
	return a
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) pair(recipient, cadre string, from models.Day) models.Pairing {
	o.t.Helper()
	p := models.Pairing{CadreID: cadre, RecipientID: recipient, Line: models.LinePairing, FromDay: from}
	o.must(o.st.StartPairing(o.ctx, &p))
	return p
}

func (o *office) today() models.Day { return models.DayOf(o.clock.Now(), pingliang) }

// propose enters a request; nil where the desk refuses it with a sentence.
func (o *office) propose(me models.Account, a models.Adjustment) (models.Adjustment, error) {
	var out models.Adjustment
	err := o.db.As(me.Actor()).InTx(o.ctx, func(tx *store.Store) (err error) {
		out, err = desk.Propose(o.ctx, tx, me, a, pingliang)
		return err
	})
	return out, err
}

// runJobs carries out the changes whose day has come.
func (o *office) runJobs() {
	jobs, err := o.st.LeaseJobs(o.ctx, "test", time.Minute, 1000)
	o.must(err)
	for _, j := range jobs {
		if j.Kind == desk.AdjustJob {
			o.must(desk.CarryOut(o.ctx, o.st, j.SubjectID, 1))
		}
		o.must(o.st.FinishJob(o.ctx, j, store.JobDone, ""))
	}
}

// TestLedgerHolds makes 500 random changes over a year and then looks at every
// day of it, beside a plain diary of who was with whom; and what the ledger said
// of the past must not have changed by what came later.
func TestLedgerHolds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		clock.Set(time.Date(2025, 12, 31, 2, 0, 0, 0, time.UTC))
		o := newOffice(t, db, clock, 60, 40)
		rnd := rand.New(rand.NewPCG(7, 11))
		city := o.account("city", models.AccountCity, models.CityCode, "")
		diary := newDiary(o)
		for i, r := range o.recipients[:50] {
			o.pair(r, o.cadres[i%30], "2025-12-01")
			diary.lead[r] = o.cadres[i%30]
		}
		diary.keep("2025-12-31")
		type seen struct {
			at     models.Instant
			ledger string
			stock  map[string]models.Stock
		}
		var past []seen
		asked, done := 0, 0
		for day := models.Day("2026-01-01"); day <= "2026-12-31"; day = day.Add(1) {
			clock.Set(day.Time().Add(2 * time.Hour)) // ten in the morning
			for range rnd.IntN(9) {
				if done == 500 {
					break
				}
				if asked++; o.randomChange(rnd, city, diary, day) {
					done++
				}
			}
			diary.keep(day)
			if day.Weekday() == time.Monday && day.Time().Day() <= 7 {
				past = append(past, seen{o.st.Now(), o.ledgerText(o.st.Now()), o.stocks(day)})
			}
		}
		if done != 500 {
			t.Fatalf("%d changes asked for, %d done", asked, done)
		}
		for _, p := range past {
			if now := o.ledgerText(p.at); now != p.ledger {
				t.Errorf("as of %s the ledger says something else now", p.at.Time())
			}
		}
		diary.compare()
		o.balances(diary)
	})
}

// diary is the reference: who is in the register, where and with whom, a day.
type diary struct {
	o           *office
	lead        map[string]string // recipient → cadre
	in          map[string]bool
	place, unit map[string]string
	leadOn      map[models.Day]map[string]string
	inOn        map[models.Day]map[string]string // → place
	firsts      map[models.Day]int
}

func newDiary(o *office) *diary {
	d := &diary{
		o: o, lead: map[string]string{}, in: map[string]bool{}, place: map[string]string{}, unit: map[string]string{},
		leadOn: map[models.Day]map[string]string{}, inOn: map[models.Day]map[string]string{}, firsts: map[models.Day]int{},
	}
	for i, r := range o.recipients {
		d.in[r], d.place[r] = true, o.places[i%3]
	}
	for i, c := range o.cadres {
		d.unit[c] = o.units[i%3]
	}
	return d
}

func (d *diary) keep(day models.Day) {
	d.leadOn[day] = maps.Clone(d.lead)
	here := map[string]string{}
	for r, in := range d.in {
		if in {
			here[r] = d.place[r]
		}
	}
	d.inOn[day] = here
}

// randomChange proposes and approves something that may or may not be possible,
// for today, and writes the diary by hand.
func (o *office) randomChange(rnd *rand.Rand, me models.Account, d *diary, day models.Day) bool {
	r := o.recipients[rnd.IntN(len(o.recipients))]
	c := o.cadres[rnd.IntN(len(o.cadres))]
	a := models.Adjustment{RecipientID: r, EffectiveOn: day}
	kind := []models.AdjustmentKind{
		models.AdjustSwap, models.AdjustSwap, models.AdjustRecipientOut, models.AdjustRecipientIn, models.AdjustRecipientIn, models.AdjustRecipientMove,
		models.AdjustCadreOut, models.AdjustCadreIn, models.AdjustUnitMerge, "pair", "pair", "pair",
	}[rnd.IntN(12)]
	a.Kind = kind
	if kind == "pair" {
		_, err := desk.Pair(o.ctx, o.db.As(me.Actor()), me, r, c, day)
		if ok := o.accepted(err); ok {
			d.lead[r] = c
			return true
		}
		return false
	}
	a.Reason = kind.Reasons()[rnd.IntN(len(kind.Reasons()))]
	switch kind {
	case models.AdjustSwap:
		a.CadreID, a.ToCadreID = d.lead[r], c
		if rnd.IntN(3) == 0 {
			a.ToCadreID = ""
		}
		if a.CadreID == "" {
			return false
		}
	case models.AdjustRecipientIn:
		if rnd.IntN(2) == 0 {
			a.RecipientID = ""
			a.SetDraft(models.Draft{Name: "新来的", Region: o.places[rnd.IntN(3)], ContactKind: models.ContactGuardian, ContactName: "家长"})
		}
		if rnd.IntN(2) == 0 {
			a.ToCadreID = c
		}
	case models.AdjustRecipientMove:
		a.SetDraft(models.Draft{Region: o.places[rnd.IntN(3)]})
	case models.AdjustCadreOut, models.AdjustCadreIn:
		a.RecipientID, a.CadreID = "", c
		if kind == models.AdjustCadreOut && rnd.IntN(2) == 0 {
			a.ToCadreID = o.cadres[rnd.IntN(len(o.cadres))]
		}
	case models.AdjustUnitMerge:
		a.RecipientID, a.UnitID, a.ToUnitID = "", o.units[rnd.IntN(3)], o.units[rnd.IntN(3)]
	}
	got, err := o.propose(me, a)
	if !o.accepted(err) {
		return false
	}
	o.clock.Add(31 * time.Minute)
	got, err = desk.Decide(o.ctx, o.db.As(me.Actor()), me, got.ID, true, "只有我一人在岗", pingliang)
	if !o.accepted(err) {
		o.must(desk.WithdrawAdjustment(o.ctx, o.db.As(me.Actor()), me, o.lastProposed()))
		return false
	}
	switch kind {
	case models.AdjustSwap:
		delete(d.lead, r)
		if a.ToCadreID != "" {
			d.lead[r] = a.ToCadreID
		}
	case models.AdjustRecipientOut:
		d.in[r] = false
		// The day itself still holds the pairing.
		defer func() { delete(d.lead, r) }()
		if d.lead[r] != "" {
			d.lastDay(r, day)
		}
	case models.AdjustRecipientIn:
		r = got.RecipientID
		if a.RecipientID == "" {
			o.recipients = append(o.recipients, r)
			draft, _ := a.Drafted()
			d.place[r] = draft.Region
		}
		d.in[r] = true
		if a.ToCadreID != "" {
			d.lead[r] = a.ToCadreID
		}
	case models.AdjustRecipientMove:
		draft, _ := a.Drafted()
		d.place[r] = draft.Region
	case models.AdjustCadreOut:
		for r, c := range d.lead {
			if c == a.CadreID {
				delete(d.lead, r)
				if a.ToCadreID != "" {
					d.lead[r] = a.ToCadreID
				}
			}
		}
	}
	return true
}

// lastDay notes that a pairing holds on the day of leaving too; keep sees the
// state at its end.
func (d *diary) lastDay(recipient string, day models.Day) {
	if d.leadOn["last"+day] == nil {
		d.leadOn["last"+day] = map[string]string{}
	}
	d.leadOn["last"+day][recipient] = d.lead[recipient]
}

func (o *office) lastProposed() string {
	rows, err := o.st.Adjustments(o.ctx, store.AdjustmentFilter{States: []models.AdjustmentState{models.AdjustmentProposed}}, "", 1)
	o.must(err)
	return rows[0].ID
}

// accepted tells whether the desk did it; a refusal is a sentence, anything else
// is a fault of the program.
func (o *office) accepted(err error) bool {
	o.t.Helper()
	var fault models.Fault
	if err != nil && !errors.As(err, &fault) {
		o.t.Fatal(err)
	}
	return err == nil
}

func (o *office) ledgerText(at models.Instant) string {
	var out []string
	for l, err := range o.st.LedgerAsOf(o.ctx, at) {
		o.must(err)
		out = append(out, fmt.Sprint(l.RecipientID, l.CadreID, l.Line, string(l.FromDay), string(l.ToDay), l.Reason, l.Unit))
	}
	return strings.Join(out, "\n")
}

func (o *office) stocks(to models.Day) map[string]models.Stock {
	out := map[string]models.Stock{}
	for _, region := range []string{models.CityCode, "620802", "620826", o.places[0][:9]} {
		s, err := o.st.Stock(o.ctx, region, models.NewDay(to.Year(), to.Time().Month(), 1), to)
		o.must(err)
		out[region] = s
	}
	return out
}

// compare looks at every day: one lead pairing at most, never outside the
// register, and who has none stands on the list 待匹配.
func (d *diary) compare() {
	o := d.o
	pairings, err := o.st.PairingsOf(o.ctx, o.recipients)
	o.must(err)
	for day := models.Day("2025-12-31"); day <= "2026-12-31"; day = day.Add(1) {
		held := map[string]string{}
		for _, p := range pairings {
			if p.Line != models.LinePairing || !p.Holds(day) {
				continue
			}
			if held[p.RecipientID] != "" {
				o.t.Fatalf("%s: two lead pairings of one person", string(day))
			}
			held[p.RecipientID] = p.CadreID
			if d.inOn[day][p.RecipientID] == "" && d.leadOn["last"+day][p.RecipientID] == "" {
				o.t.Fatalf("%s: a pairing of somebody who is not in the register", string(day))
			}
		}
		for r, c := range d.leadOn["last"+day] {
			if d.leadOn[day][r] == "" { // else back on the same day
				d.leadOn[day][r] = c
			}
		}
		if !maps.Equal(held, d.leadOn[day]) {
			o.t.Fatalf("%s: %d pairings hold, the diary has %d", string(day), len(held), len(d.leadOn[day]))
		}
		if day.Weekday() != time.Tuesday && day.Time().Day() != 1 {
			continue // the list is one query a day: a third of the days is enough
		}
		waiting, err := o.st.WaitingOn(o.ctx, "", day)
		o.must(err)
		var got, want []string
		for _, w := range waiting {
			got = append(got, w.ID)
			if w.Since > day {
				o.t.Errorf("waits since %s on %s", string(w.Since), string(day))
			}
		}
		for r := range d.inOn[day] {
			if held[r] == "" {
				want = append(want, r)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			o.t.Fatalf("%s: %d wait, the diary has %d", string(day), len(got), len(want))
		}
	}
}

// balances holds the stock of each month and place against the diary.
func (o *office) balances(d *diary) {
	for month := time.January; month <= time.December; month++ {
		from := models.NewDay(2026, month, 1)
		to := models.NewDay(2026, month+1, 1).Add(-1)
		for _, region := range []string{models.CityCode, "620802", "620826", o.places[0][:9]} {
			s, err := o.st.Stock(o.ctx, region, from, to)
			o.must(err)
			count := func(day models.Day) (n int) {
				for _, place := range d.inOn[day] {
					if strings.HasPrefix(place, region) {
						n++
					}
				}
				return n
			}
			if !s.Balanced() || s.Opening != count(from.Add(-1)) || s.Closing != count(to) {
				o.t.Errorf("%s %s: %+v, the diary has %d and %d", region, string(from), s, count(from.Add(-1)), count(to))
			}
			if region == models.CityCode && s.MovedIn+s.MovedOut != 0 {
				o.t.Errorf("a move inside the city counts: %+v", s)
			}
		}
	}
}
