package store_test

import (
	"errors"
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// States are dated rows: a new one ends the one before, one that was wrong is
// voided, and only whoever looks after the person sees them.
func TestStatesAreDatedAndScoped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		sys := db.System("test")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		who := models.Recipient{ID: sys.NewID(), Number: "1", Region: "620802001001"}
		must(sys.Create(ctx, &who))
		must(sys.Create(ctx, &models.Pairing{ID: sys.NewID(), CadreID: "cadre-a", RecipientID: who.ID, Line: models.LinePairing, FromDay: "2026-01-01"}))
		st := db.As(models.Actor{Cadre: "cadre-a"})
		on := func(day models.Day) models.State {
			t.Helper()
			now, err := st.StatesOn(ctx, []string{who.ID}, day)
			must(err)
			return now[who.ID].State
		}
		hospital := models.RecipientState{RecipientID: who.ID, State: models.StateHospital, FromDay: "2026-11-10", CadreID: "cadre-a"}
		must(st.AddState(ctx, &hospital))
		clock.Add(time.Minute)
		away := models.RecipientState{RecipientID: who.ID, State: models.StateAway, FromDay: "2026-11-20", CadreID: "cadre-a"}
		must(st.AddState(ctx, &away))
		for day, want := range map[models.Day]models.State{
			"2026-11-09": "", "2026-11-10": models.StateHospital, "2026-11-19": models.StateHospital,
			"2026-11-20": models.StateAway, "2026-12-31": models.StateAway,
		} {
			if got := on(day); got != want {
				t.Errorf("on %s: %q, want %q", string(day), got, want)
			}
		}
		must(st.EndState(ctx, away.ID, "2026-11-24"))
		if on("2026-11-24") != models.StateAway || on("2026-11-25") != "" {
			t.Error("an ended state does not end on its last day")
		}
		must(st.VoidState(ctx, hospital.ID))
		if err := st.VoidState(ctx, hospital.ID); !errors.Is(err, store.ErrLost) {
			t.Errorf("voided twice: %v", err)
		}
		if on("2026-11-12") != "" {
			t.Error("a voided state holds")
		}
		if kept, err := st.State(ctx, hospital.ID); err != nil || kept.VoidedAt == 0 {
			t.Errorf("the voided row is gone: %+v %v", kept, err)
		}
		for name, other := range map[string]models.Actor{"another cadre": {Cadre: "cadre-b"}, "another county": {Account: "x", Region: "620825"}, "nobody": {}} {
			rows, err := db.As(other).StatesOn(ctx, []string{who.ID}, "2026-11-22")
			must(err)
			if len(rows) != 0 {
				t.Errorf("%s sees the state", name)
			}
			if _, err := db.As(other).State(ctx, away.ID); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s opens the state: %v", name, err)
			}
		}
		if rows, err := db.As(models.Actor{Account: "x", Region: "620802"}).StatesTold(ctx, models.StateAway, "", 0); err != nil || len(rows) != 1 {
			t.Errorf("the county is not told: %v %v", rows, err)
		}
	})
}

// What was recorded for a colleague is listed for both until it is refused or
// its record is withdrawn.
func TestBehalf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		st := db.System("test")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		add := func() string {
			rec := models.Record{CadreID: "colleague"}
			must(st.AddRecord(ctx, &rec, nil))
			must(st.AddBehalf(ctx, &models.Behalf{RecordID: rec.ID, CadreID: "colleague", Role: models.RoleCadre, AuthorID: "author"}))
			clock.Add(time.Hour)
			return rec.ID
		}
		first, second, third := add(), add(), add()
		must(st.RefuseBehalf(ctx, first))
		must(st.WithdrawRecord(ctx, second))
		open, err := st.BehalfFor(ctx, "colleague", 0)
		must(err)
		if len(open) != 1 || open[0].RecordID != third {
			t.Errorf("open for the colleague: %+v", open)
		}
		mine, err := st.BehalfBy(ctx, "author", 0)
		must(err)
		if len(mine) != 3 || mine[0].RecordID != third || mine[2].RefusedAt == 0 {
			t.Errorf("the author's: %+v", mine)
		}
		if late, err := st.BehalfFor(ctx, "colleague", st.Now()); err != nil || len(late) != 0 {
			t.Errorf("older than the span: %+v %v", late, err)
		}
	})
}
