package store_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

func newNeed(st *store.Store) models.Need {
	return models.Need{
		Role: models.RoleCadre, AskerID: st.NewID(), RecipientID: st.NewID(), Region: "620802001001", Category: "住房", Department: "housing",
		Clock: models.ClockWeek, Words: models.Conceal("房漏雨"), State: models.NeedPassed, NextAt: models.InstantOf(storetest.Now),
	}
}

// Needs are numbered through, whoever raises them at once.
func TestNeedNumbers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		var mu sync.Mutex
		var group sync.WaitGroup
		var got []int
		for range 12 {
			group.Go(func() {
				var number int
				err := st.InTx(ctx, func(tx *store.Store) error {
					n := newNeed(st)
					err := tx.AddNeed(ctx, &n)
					number = n.Number
					return err
				})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				got = append(got, number)
			})
		}
		group.Wait()
		slices.Sort(got)
		for i, n := range got {
			if n != i+1 {
				t.Fatalf("%v", got)
			}
		}
	})
}

// Of several processes that move a need, one does; its words stay sealed and
// come back opened; others do not see it.
func TestNeedSavedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		n := newNeed(st)
		if err := st.AddNeed(ctx, &n); err != nil {
			t.Fatal(err)
		}
		now := models.InstantOf(clock.Now())
		due, err := st.DueNeeds(ctx, now)
		if err != nil || len(due) != 1 {
			t.Fatal(due, err)
		}
		var results [6]error
		var group sync.WaitGroup
		for i := range results {
			group.Go(func() {
				results[i] = st.InTx(ctx, func(tx *store.Store) error {
					after := due[0]
					after.Step, after.NextAt, after.Reason = 1, now+5, models.Conceal("没人接")
					return tx.SaveNeed(ctx, due[0], after)
				})
			})
		}
		group.Wait()
		won := 0
		for _, err := range results {
			if err == nil {
				won++
			} else if !errors.Is(err, store.ErrLost) {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d moved it", won)
		}
		back, err := db.As(models.Actor{Account: "a", Region: "620802"}).NeedNumbered(ctx, n.Number)
		if err != nil || back.Step != 1 || back.Words.Reveal() != "房漏雨" || back.Reason.Reveal() != "没人接" {
			t.Error(back.Step, back.Words.Reveal(), back.Reason.Reveal(), err)
		}
		if due, err = st.DueNeeds(ctx, now); err != nil || len(due) != 0 {
			t.Errorf("%d due, %v", len(due), err)
		}
		for name, actor := range map[string]models.Actor{
			"another county": {Account: "a", Region: "620825"}, "another cadre": {Cadre: st.NewID()}, "a unit": {Account: "a", Unit: "u"},
			"another contact": {Contact: st.NewID()}, "nobody": {},
		} {
			if _, err := db.As(actor).Need(ctx, n.ID); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s sees the need: %v", name, err)
			}
		}
		if _, err := db.As(models.Actor{Cadre: n.AskerID}).Need(ctx, n.ID); err != nil {
			t.Errorf("who asked does not see it: %v", err)
		}
	})
}

// Neighbours and village cadres are not asked for the family's word, nor is who
// has unbound.
func TestContactsBound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		recipient := st.NewID()
		var bound []string
		for _, kind := range []models.ContactKind{models.ContactNeighbour, models.ContactVillage, models.ContactRelative, models.ContactGuardian} {
			c := models.Contact{ID: st.NewID(), RecipientID: recipient, Kind: kind, Name: models.Conceal("某")}
			if err := st.Create(ctx, &c); err != nil {
				t.Fatal(err)
			}
			if err := st.Bind(ctx, "o_"+string(kind), models.RoleGuardian, c.ID); err != nil {
				t.Fatal(err)
			}
			bound = append(bound, c.ID)
			clock.Add(1e9)
		}
		rows, err := st.ContactsBound(ctx, recipient)
		if err != nil || len(rows) != 2 || rows[0].SubjectID != bound[2] || rows[1].SubjectID != bound[3] {
			t.Fatal(rows, err)
		}
		if _, err := st.Unbind(ctx, st.OpenIDIndex("o_relative")); err != nil {
			t.Fatal(err)
		}
		if rows, err = st.ContactsBound(ctx, recipient); err != nil || len(rows) != 1 || rows[0].SubjectID != bound[3] {
			t.Error(rows, err)
		}
		if rows, err = st.ContactsBound(ctx, st.NewID()); err != nil || len(rows) != 0 {
			t.Error(rows, err)
		}
	})
}
