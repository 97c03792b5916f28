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

// Who asked is deleted but for what must be kept, on both databases; consents go
// by purpose.
func TestErasePerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		r := models.Recipient{ID: st.NewID(), Number: "1", Name: models.Conceal("谷军"), Region: "620802101"}
		c := models.Contact{ID: st.NewID(), RecipientID: r.ID, Kind: models.ContactGuardian, Name: models.Conceal("谷婶"), Phone: models.Conceal("139")}
		must(st.Create(ctx, &r))
		must(st.Create(ctx, &c))
		must(st.Bind(ctx, "oAunt", models.RoleGuardian, c.ID))
		give := models.Consent{Role: models.RoleGuardian, SubjectID: c.ID, RecipientID: r.ID, Version: "2026-11", Way: models.ConsentChat}
		for _, p := range []models.Purpose{models.PurposeChat, models.PurposeSensitive, models.PurposeSensitive} {
			give.Purpose = p
			must(st.GiveConsent(ctx, give))
		}
		if rows, err := st.ConsentsOf(ctx, c.ID); err != nil || len(rows) != 2 {
			t.Fatal(rows, err)
		}
		must(st.WithdrawConsent(ctx, []string{c.ID}, models.PurposeSensitive))
		if ok, err := st.Consented(ctx, c.ID, models.PurposeSensitive, []string{"2026-11"}); ok || err != nil {
			t.Fatal(ok, err)
		}
		q := models.Question{Role: models.RoleGuardian, AskerID: c.ID, OpenID: models.Conceal("oAunt"), RecipientID: r.ID, State: models.QuestionOpen, Words: models.Conceal("谁给修")}
		must(st.AddQuestion(ctx, &q))
		must(st.SettleQuestion(ctx, q, models.QuestionAnswered, "村上"))
		e := models.Erasure{Role: models.RoleGuardian, SubjectID: c.ID, RecipientID: r.ID, Region: r.Region, Sender: st.OpenIDIndex("oAunt")}
		must(st.AddErasure(ctx, &e))
		again := models.Erasure{SubjectID: c.ID}
		if must(st.AddErasure(ctx, &again)); again.Number != e.Number {
			t.Error("a second wish of the same person")
		}
		elsewhere := db.As(models.Actor{Account: "a", Region: "620825"})
		if _, err := elsewhere.ErasureNumbered(ctx, e.Number); err != store.ErrNotFound {
			t.Errorf("another county: %v", err)
		}
		must(st.SettleErasure(ctx, e, models.ErasureDone, "打过登记的电话"))
		if err := st.SettleErasure(ctx, e, models.ErasureDone, "再"); err != store.ErrLost {
			t.Errorf("twice: %v", err)
		}
		must(st.ErasePerson(ctx, e, 2))
		q, err := st.Question(ctx, q.ID)
		must(err)
		c, err = st.Contact(ctx, c.ID)
		must(err)
		r, err = st.Recipient(ctx, r.ID)
		must(err)
		_, err = st.BindingOf(ctx, models.RoleGuardian, c.ID)
		if !q.Words.Empty() || !q.OpenID.Empty() || !c.Name.Empty() || !c.Phone.Empty() || r.Name.Reveal() != "谷军" || err != store.ErrNotFound {
			t.Errorf("%+v %+v %+v %v", q, c, r, err)
		}
	})
}
