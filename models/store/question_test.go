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

// Each cadre's questions are counted apart, whoever enters them at once.
func TestQuestionNumbers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		const each = 8
		got := map[string][]int{}
		var mu sync.Mutex
		var group sync.WaitGroup
		for _, cadre := range []string{st.NewID(), st.NewID(), ""} {
			for range each {
				group.Go(func() {
					var number int
					err := st.InTx(ctx, func(tx *store.Store) error {
						q := models.Question{AskerID: st.NewID(), RecipientID: st.NewID(), CadreID: cadre, Words: models.Conceal("问"), State: models.QuestionOpen}
						err := tx.AddQuestion(ctx, &q)
						number = q.Number
						return err
					})
					mu.Lock()
					defer mu.Unlock()
					if err != nil {
						t.Error(err)
					}
					got[cadre] = append(got[cadre], number)
				})
			}
		}
		group.Wait()
		for cadre, numbers := range got {
			slices.Sort(numbers)
			for i, n := range numbers {
				if n != i+1 {
					t.Fatalf("%q: %v", cadre, numbers)
				}
			}
		}
	})
}

// Of several answers to one question, one counts; its words come back opened.
func TestQuestionSettledOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		q := models.Question{AskerID: st.NewID(), RecipientID: st.NewID(), CadreID: st.NewID(), Words: models.Conceal("问"), State: models.QuestionOpen}
		if err := st.AddQuestion(ctx, &q); err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		results := make([]error, 6)
		for i := range results {
			group.Go(func() {
				results[i] = st.InTx(ctx, func(tx *store.Store) error { return tx.SettleQuestion(ctx, q, models.QuestionAnswered, "答") })
			})
		}
		group.Wait()
		won := 0
		for _, err := range results {
			switch {
			case err == nil:
				won++
			case !errors.Is(err, store.ErrLost):
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d answers counted", won)
		}
		back, err := db.As(models.Actor{Cadre: q.CadreID}).QuestionNumbered(ctx, q.CadreID, q.Number)
		if err != nil || back.Answer.Reveal() != "答" || back.Words.Reveal() != "问" || back.Waits() {
			t.Errorf("%v %q %v", err, back.Answer.Reveal(), back.State)
		}
		for name, actor := range map[string]models.Actor{
			"another cadre": {Cadre: st.NewID()}, "another contact": {Contact: st.NewID()}, "an office elsewhere": {Account: "a", Region: "620825"},
			"a unit elsewhere": {Account: "a", Unit: st.NewID()}, "nobody": {},
		} {
			if _, err := db.As(actor).Question(ctx, q.ID); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s sees the question: %v", name, err)
			}
		}
	})
}
