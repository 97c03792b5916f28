package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// Survey is what the offices are to look after on a day: people and pairings, to
// be narrowed to what an account answers for. It ranks nobody.
type Survey struct {
	Today    models.Day
	At       time.Time
	Since    models.Day // adjustments of the register are counted from here on
	Close    models.Day // and entered by here
	ties     []watched
	weekly   []store.Tie // of the weekly visits, without a record for two whole weeks
	unpaired []models.Recipient
	needs    []models.Need
	moved    []store.Moves
	units    map[string]int // cadres
	bound    map[string]int // of them bound
}

// watched is a pairing with what is known of it.
type watched struct {
	store.Tie
	seen models.Day
	away bool
	owes []models.Owed
	t    models.Tally
}

// The days without a word on somebody after which offices are told.
const (
	unseenSoon = 90
	unseenLong = 180
)

// Look surveys a place. System stores only: the caller narrows it to who asks.
func Look(ctx context.Context, st *store.Store, in store.Area, now time.Time, zone *time.Location) (*Survey, error) {
	today := models.DayOf(now, zone)
	calendar, err := st.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	month := models.MonthOf(today).Add(-1)
	if today > calendar.CloseOn(month) {
		month = month.Add(1)
	}
	s := &Survey{Today: today, At: now, Since: calendar.CloseOn(month.Add(-1)).Add(1), Close: calendar.CloseOn(month)}
	if err := s.watch(ctx, st, in); err != nil {
		return nil, err
	}
	if err := s.weeks(ctx, st, in); err != nil {
		return nil, err
	}
	if s.unpaired, err = st.Unpaired(ctx, in, today); err != nil {
		return nil, err
	}
	if s.needs, err = st.LateNeeds(ctx, in, models.InstantOf(now)); err != nil {
		return nil, err
	}
	if s.moved, err = st.Moved(ctx, in, s.Since, today); err != nil {
		return nil, err
	}
	s.units, s.bound, err = st.UnitPeople(ctx)
	return s, err
}

func (s *Survey) watch(ctx context.Context, st *store.Store, in store.Area) error {
	ties, err := st.Ties(ctx, in, models.LinePairing, s.Today)
	if err != nil {
		return err
	}
	pairings, ids := make([]models.Pairing, len(ties)), make([]string, len(ties))
	for i, t := range ties {
		pairings[i], ids[i] = t.Pairing, t.RecipientID
	}
	tallies, err := st.Tallies(ctx, pairings, s.Today)
	if err != nil {
		return err
	}
	asked := ids
	if in == (store.Area{}) {
		asked = nil
	}
	seen, err := st.LastDays(ctx, asked, s.Today.Add(-unseenLong-1))
	if err != nil {
		return err
	}
	states, err := st.StatesOn(ctx, ids, s.Today)
	if err != nil {
		return err
	}
	for _, t := range ties {
		state := states[t.RecipientID].State
		if state == models.StateDeceased {
			continue
		}
		w := watched{Tie: t, seen: seen[t.RecipientID], away: state != "", t: tallies[t.ID]}
		w.owes = models.Owes(t.Pairing, tallies[t.ID])
		if w.away {
			w.owes = slices.DeleteFunc(w.owes, func(o models.Owed) bool { return o.Kind != models.KindContact })
		}
		s.ties = append(s.ties, w)
	}
	return nil
}

// weeks finds the weekly visits of which nobody has told for two whole weeks.
func (s *Survey) weeks(ctx context.Context, st *store.Store, in store.Area) error {
	ties, err := st.Ties(ctx, in, models.LineFamilyCare, s.Today)
	if err != nil {
		return err
	}
	pairings := make([]models.Pairing, len(ties))
	for i, t := range ties {
		pairings[i] = t.Pairing
	}
	tallies, err := st.Tallies(ctx, pairings, s.Today)
	if err != nil {
		return err
	}
	for _, t := range ties {
		if len(models.Quiet([]models.Standing{{Pairing: t.Pairing, Tally: tallies[t.ID]}})) > 0 {
			s.weekly = append(s.weekly, t)
		}
	}
	return nil
}

// unseen is for how many days at least nobody has told of a person: 0, 90 or
// 180. Where the years before the start are unknown nothing is said.
func (s *Survey) unseen(w watched) int {
	held := s.Today.Sub(w.FromDay)
	switch {
	case w.OpeningUnknown || w.OpeningAsOf != "" && s.Today.Sub(w.OpeningAsOf) <= unseenSoon:
		return 0
	case w.seen == "" && held > unseenLong:
		return unseenLong
	case held > unseenSoon && (w.seen == "" || s.Today.Sub(w.seen) > unseenSoon):
		return unseenSoon
	}
	return 0
}

// Counts is a survey in numbers, for one account.
type Counts struct {
	Today, Close            models.Day
	Unseen90, Unseen180     int // the second are among the first
	Visits, Contacts, Helps int // pairings that do not get there by themselves
	Behind                  int // of any of the three
	Unpaired, Needs, Moved  int
	Weekly                  int // people of the weekly visits without a record for two weeks
	Pairings, Cadres, Bound int
	SeenLately              int           // since the first day of last month
	Met, Owed               models.Target // pairings that have a yearly duty, and how many have done it
}

// AreaOf is what an account answers for.
func AreaOf(a models.Account) store.Area {
	if a.Role == models.AccountUnit {
		return store.Area{Unit: a.UnitID}
	}
	return store.Area{Region: a.Region}
}

func holds(in store.Area, unit, region string) bool {
	if in.Unit != "" {
		return in.Unit == unit
	}
	return strings.HasPrefix(region, in.Region)
}

// For counts what lies in an area.
func (s *Survey) For(in store.Area) Counts {
	c := Counts{Today: s.Today, Close: s.Close}
	units := map[string]bool{}
	for _, w := range s.ties {
		if !holds(in, w.UnitID, w.Region) {
			continue
		}
		c.Pairings++
		units[w.UnitID] = true
		if days := s.unseen(w); days > 0 {
			c.Unseen90++
			if days == unseenLong {
				c.Unseen180++
			}
		}
		if w.seen >= models.MonthOf(s.Today).Add(-1).First() {
			c.SeenLately++
		}
		c.Owed, c.Met = c.Owed.Plus(w.t.YearlyOwed()), c.Met.Plus(w.t.YearlyMet())
		if len(w.owes) > 0 {
			c.Behind++
		}
		for _, o := range w.owes {
			*map[models.Kind]*int{models.KindVisit: &c.Visits, models.KindContact: &c.Contacts, models.KindHelp: &c.Helps}[o.Kind]++
		}
	}
	for _, t := range s.weekly {
		if holds(in, t.UnitID, t.Region) {
			c.Weekly++
		}
	}
	for unit := range units {
		c.Cadres += s.units[unit]
		c.Bound += s.bound[unit]
	}
	for _, m := range s.moved {
		if holds(in, m.UnitID, m.Region) {
			c.Moved += m.N
		}
	}
	if in.Unit != "" {
		return c
	}
	for _, r := range s.unpaired {
		if holds(in, "", r.Region) {
			c.Unpaired++
		}
	}
	for _, n := range s.needs {
		if holds(in, "", n.Region) {
			c.Needs++
		}
	}
	return c
}
