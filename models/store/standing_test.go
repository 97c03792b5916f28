package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// Whatever is recorded, corrected, taken back or imported, the standings kept
// step by step are those counted anew, and every list gives what the activities
// themselves give.
func TestStandingsAreTheActivities(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		for seed := range uint64(4) {
			r := rand.New(rand.NewPCG(seed, 11))
			c := newCountryside(t, db, r, seed)
			for step := range 40 {
				c.change()
				if step%20 == 19 {
					c.check()
				}
			}
		}
	})
}

const standingsNow = models.Day("2026-11-21")

type countryside struct {
	t        *testing.T
	ctx      context.Context
	db       *store.DB
	st       *store.Store
	r        *rand.Rand
	region   string
	cadres   []string
	people   []string
	pairings []models.Pairing
	records  []models.Record
}

func newCountryside(t *testing.T, db *store.DB, r *rand.Rand, seed uint64) *countryside {
	c := &countryside{t: t, ctx: context.Background(), db: db, st: db.System("test"), r: r, region: models.Counties[seed%7].Code}
	unit := models.Unit{ID: c.st.NewID(), Name: fmt.Sprint("单位", seed), Region: c.region}
	c.must(c.st.Create(c.ctx, &unit))
	for i := range 4 {
		row := models.Cadre{ID: c.st.NewID(), Name: models.Conceal("干部"), PhoneIdx: fmt.Sprint(seed, "c", i), UnitID: unit.ID, Region: c.region}
		c.must(c.st.Create(c.ctx, &row))
		c.cadres = append(c.cadres, row.ID)
	}
	for i := range 6 {
		row := models.Recipient{ID: c.st.NewID(), Number: fmt.Sprint(seed, "r", i), Name: models.Conceal("对象"), Region: c.region, Categories: string(models.CategoryExtremePoverty), CareMode: models.CareModeScattered}
		c.must(c.st.Create(c.ctx, &row))
		c.people = append(c.people, row.ID)
		first := c.cadres[r.IntN(4)]
		pair := func(cadre string, line models.Line, from, to models.Day) {
			p := models.Pairing{ID: c.st.NewID(), CadreID: cadre, RecipientID: row.ID, Line: line, FromDay: from, ToDay: to, CreatedAt: c.st.Now()}
			if r.IntN(4) == 0 {
				p.OpeningAsOf, p.OpeningContacts, p.OpeningVisits = "2026-04-30", r.IntN(3), r.IntN(2)
			}
			c.must(c.st.Create(c.ctx, &p))
			c.pairings = append(c.pairings, p)
		}
		if end := c.day(); r.IntN(2) == 0 && end.Year() == 2026 {
			pair(first, models.LinePairing, "2024-01-01", end)
			pair(c.cadres[r.IntN(4)], models.LinePairing, end.Add(1), "")
		} else {
			pair(first, models.LinePairing, "2024-01-01", "")
		}
		pair(c.cadres[r.IntN(4)], models.LineFamilyCare, "2025-06-01", "")
		if r.IntN(2) == 0 {
			c.must(c.st.AddState(c.ctx, &models.RecipientState{RecipientID: row.ID, State: models.StateHospital, FromDay: c.day(), CadreID: first}))
		}
	}
	return c
}

func (c *countryside) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *countryside) day() models.Day { return standingsNow.Add(-c.r.IntN(400)) }

func (c *countryside) activity(p models.Pairing) models.Activity {
	a := models.Activity{RecipientID: p.RecipientID, PairingID: p.ID, Day: c.day()}
	switch c.r.IntN(5) {
	case 0, 1:
		a.Kind = models.KindVisit
	case 2:
		a.Kind, a.Channel = models.KindContact, models.ChannelPhone
	case 3:
		a.Kind, a.Help, a.Stage = models.KindHelp, models.HelpPolicy, []models.PolicyStage{models.PolicyExplained, models.PolicyApplied, models.PolicyObtained}[c.r.IntN(3)]
	case 4:
		fen := int64(30000)
		a.Kind, a.AmountFen = models.KindAid, &fen
	}
	if c.r.IntN(6) == 0 {
		a.PairingID = "" // somebody who is not paired went
	}
	return a
}

// change does one thing that people do.
func (c *countryside) change() {
	p := c.pairings[c.r.IntN(len(c.pairings))]
	kind := c.r.IntN(10)
	if len(c.records) == 0 || kind < 6 {
		rec := models.Record{CadreID: p.CadreID}
		if c.r.IntN(5) == 0 {
			rec.CadreID = c.cadres[c.r.IntN(4)] // who looks after them for a while
		}
		acts := []models.Activity{c.activity(p), c.activity(p)}
		c.must(c.st.InTx(c.ctx, func(tx *store.Store) error { return tx.AddRecord(c.ctx, &rec, acts) }))
		c.records = append(c.records, rec)
		return
	}
	i := c.r.IntN(len(c.records))
	rec := c.records[i]
	rows, err := c.st.ActivitiesOf(c.ctx, rec.ID)
	c.must(err)
	switch {
	case kind < 8 && len(rows) > 0:
		now := c.activity(p)
		now.RecipientID, now.PairingID = rows[0].RecipientID, rows[0].PairingID
		c.must(c.st.InTx(c.ctx, func(tx *store.Store) error {
			return tx.Correct(c.ctx, rec.ID, rec.CadreID, []string{rows[0].ID}, []models.Activity{now})
		}))
	case kind == 8:
		c.must(c.st.InTx(c.ctx, func(tx *store.Store) error { return tx.WithdrawRecord(c.ctx, rec.ID) }))
		c.records = append(c.records[:i], c.records[i+1:]...)
	default:
		a := c.activity(p)
		a.ID, a.RecordID, a.CadreID, a.Source, a.Status = c.st.NewID(), c.st.NewID(), p.CadreID, models.SourceImport, models.StatusActive
		whole := models.Record{ID: a.RecordID, CadreID: p.CadreID, RecordedAt: c.st.Now()}
		batch := c.st.NewBatch(store.BatchActivities)
		c.must(c.st.InTx(c.ctx, func(tx *store.Store) error {
			if err := tx.AddImported(c.ctx, []models.Record{whole}, []models.Activity{a}); err != nil {
				return err
			}
			return tx.AddToBatch(c.ctx, batch, "record", []string{whole.ID})
		}))
		if c.r.IntN(2) == 0 {
			c.must(c.st.InTx(c.ctx, func(tx *store.Store) error {
				_, err := tx.TakeBackRecords(c.ctx, batch.ID, []string{whole.ID})
				return err
			}))
		}
	}
}

// check compares what was kept with what is counted anew.
func (c *countryside) check() {
	c.t.Helper()
	tallies, err := c.st.Tallies(c.ctx, c.pairings, standingsNow)
	c.must(err)
	for _, p := range c.pairings {
		explained, _, err := c.st.Explained(c.ctx, p, standingsNow)
		c.must(err)
		have := tallies[p.ID]
		have.Credits, explained.Credits = nil, nil
		acts, err := c.st.ActivitiesAll(c.ctx, p, standingsNow)
		c.must(err)
		if !reflect.DeepEqual(have, explained) {
			c.t.Errorf("%s\n have %+v\n want %+v\n of %+v", p.ID, have, explained, acts)
		}
	}
	listed, err := c.st.Standings(c.ctx, c.region, standingsNow)
	c.must(err)
	n := 0
	for _, s := range listed {
		if want, ours := tallies[s.ID]; ours {
			n++
			s.Tally.Credits, want.Credits = nil, nil
			if !reflect.DeepEqual(s.Tally, want) {
				c.t.Errorf("list of the county: %+v, want %+v", s.Tally, want)
			}
		}
	}
	if n == 0 || n > len(c.pairings) {
		c.t.Errorf("%d of %d pairings are listed", n, len(c.pairings))
	}
	kept, err := c.st.StandingRows(c.ctx)
	c.must(err)
	c.must(c.st.SpoilStandings(c.ctx, c.people))
	c.must(c.st.RecountAll(c.ctx))
	anew, err := c.st.StandingRows(c.ctx)
	c.must(err)
	if !reflect.DeepEqual(kept, anew) {
		c.t.Errorf("kept step by step\n %v\ncounted anew\n %v", kept, anew)
	}
}
