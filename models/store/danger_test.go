package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

func newDanger(t *testing.T, st *store.Store) models.Danger {
	t.Helper()
	d := models.Danger{
		Level: models.DangerRed, Kind: "selfharm", Speaker: "cadre:x", Region: "620802001", Words: models.Conceal("原话"), NextAt: models.InstantOf(storetest.Now),
	}
	if err := st.AddDanger(context.Background(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Two people who acknowledge at the same moment are two, and one of them ends
// the climbing.
func TestDangerTakenOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		d := newDanger(t, st)
		var group sync.WaitGroup
		var mu sync.Mutex
		taken, most := 0, 0
		for _, account := range []string{st.NewID(), st.NewID(), st.NewID(), st.NewID()} {
			group.Go(func() {
				var first bool
				var all int
				err := st.InTx(ctx, func(tx *store.Store) (err error) {
					if _, all, err = tx.AckDanger(ctx, d.ID, account); err != nil {
						return err
					}
					first = false
					if all >= d.Acks() {
						first, err = tx.TakeDanger(ctx, d.ID)
					}
					return err
				})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				if first {
					taken++
				}
				most = max(most, all)
			})
		}
		group.Wait()
		if taken != 1 || most != 4 {
			t.Errorf("taken %d times, %d acknowledged", taken, most)
		}
		fresh, all, err := st.AckDanger(ctx, d.ID, st.NewID())
		if err != nil || !fresh || all != 5 {
			t.Error(fresh, all, err)
		}
		acks, err := st.DangerAcks(ctx, d.ID)
		if err != nil || len(acks) != 5 {
			t.Error(acks, err)
		}
		if fresh, all, err = st.AckDanger(ctx, d.ID, acks[0]); err != nil || fresh || all != 5 {
			t.Error("the same person again:", fresh, all, err)
		}
	})
}

// A case moves up once a step, is due no more when taken, and closes once.
func TestDangerSteps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		d, other := newDanger(t, st), newDanger(t, st)
		if d.Number != 1 || other.Number != 2 {
			t.Errorf("numbers %d %d", d.Number, other.Number)
		}
		now := models.InstantOf(clock.Now())
		due, err := st.DueDangers(ctx, now)
		if err != nil || len(due) != 2 {
			t.Fatal(due, err)
		}
		if err := st.StepDanger(ctx, d, 1, now+5); err != nil {
			t.Error(err)
		}
		if err := st.StepDanger(ctx, d, 1, now+5); !errors.Is(err, store.ErrLost) {
			t.Error("stepped twice:", err)
		}
		if _, err := st.TakeDanger(ctx, other.ID); err != nil {
			t.Error(err)
		}
		if due, err = st.DueDangers(ctx, now); err != nil || len(due) != 0 {
			t.Errorf("%d due, %v", len(due), err)
		}
		if err := st.NoteDanger(ctx, d, "误报:看错了", true); err != nil {
			t.Error(err)
		}
		if err := st.NoteDanger(ctx, d, "又一次", true); !errors.Is(err, store.ErrLost) {
			t.Error("closed twice:", err)
		}
		back, err := db.As(models.Actor{Account: "a", Region: "620802"}).DangerNumbered(ctx, 1)
		if err != nil || back.Words.Reveal() != "原话\n误报:看错了" || back.State != models.DangerClosed || back.NextAt != 0 {
			t.Error(back.State, err)
		}
		for name, actor := range map[string]models.Actor{
			"another county": {Account: "a", Region: "620825"}, "a cadre": {Cadre: "x"}, "a unit": {Account: "a", Unit: "u"}, "a contact": {Contact: "c"},
		} {
			if _, err := db.As(actor).Danger(ctx, d.ID); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s sees the case: %v", name, err)
			}
		}
	})
}
