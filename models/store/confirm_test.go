package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// Who may be asked, what the rates say, and that no cadre reaches a single
// answer; on both databases.
func TestConfirmations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		today := models.Day("2026-11-21")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		id := func(n int) string { return fmt.Sprintf("%026d", n) }
		for i := range 8 {
			region := "620802101"
			if i >= 6 {
				region = "620825101"
			}
			must(st.Create(ctx, &models.Cadre{ID: id(100 + i), PhoneIdx: fmt.Sprint("phone", i), UnitID: id(500 + i)}))
			must(st.Create(ctx, &models.Recipient{ID: id(200 + i), Number: fmt.Sprint(i), Region: region}))
			must(st.Create(ctx, &models.Contact{ID: id(300 + i), RecipientID: id(200 + i), Kind: models.ContactGuardian, PhoneIdx: map[bool]string{true: "phone5"}[i == 5]}))
			must(st.Bind(ctx, fmt.Sprint("o", i), models.RoleGuardian, id(300+i)))
			rec := models.Record{CadreID: id(100 + i)}
			must(st.AddRecord(ctx, &rec, []models.Activity{{RecipientID: id(200 + i), Kind: models.KindVisit, Day: today.Add(-1)}}))
		}
		must(st.Bind(ctx, "o4", models.RoleCadre, id(104))) // the cadre's own WeChat
		frame, err := st.VisitFrame(ctx, today.Add(-7), today)
		must(err)
		if len(frame) != 8 {
			t.Fatalf("%d visits", len(frame))
		}
		said := map[int]models.Said{0: models.SaidYes, 1: models.SaidYes, 2: models.SaidNo, 6: models.SaidUnsure}
		asked := map[string]models.Confirmation{}
		for i, c := range frame {
			b, err := st.MayConfirm(ctx, c, nil)
			if i == 4 || i == 5 {
				if !errors.Is(err, store.ErrNotFound) {
					t.Errorf("%d is the cadre's own phone: %v", i, err)
				}
				continue
			}
			must(err)
			c.Role, c.SubjectID, c.Week = b.Role, b.SubjectID, today
			must(st.AddConfirmation(ctx, &c))
			asked[c.ID] = c
			if _, err := st.MayConfirm(ctx, c, nil); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%d asked twice in a month: %v", i, err)
			}
			if said[i] != "" {
				must(st.AnswerConfirmation(ctx, c, said[i], "那天不在家"))
				if err := st.AnswerConfirmation(ctx, c, models.SaidYes, ""); !errors.Is(err, store.ErrLost) {
					t.Errorf("answered twice: %v", err)
				}
			}
			if _, err := db.As(models.Actor{Cadre: c.CadreID}).Confirmation(ctx, c.ID); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("a cadre reaches an answer: %v", err)
			}
		}
		rates, err := st.ConfirmRates(ctx, 0, st.Now()+1)
		must(err)
		if len(rates) != 2 || rates[0].Region != "620802" || rates[0].Asked != 4 || rates[0].Yes != 2 || rates[0].No != 1 || rates[0].Unknown != 1 || rates[1].Unsure != 1 {
			t.Errorf("%+v", rates)
		}
		if r := rates[0].Rate; r.Share < 0.66 || r.Share > 0.67 || r.Low < 0.2 || r.Low > 0.22 || r.High < 0.93 || r.High > 0.95 {
			t.Errorf("the interval of 2 in 3: %+v", r)
		}
		if own, err := db.As(models.Actor{Account: "a", Region: "620825"}).ConfirmRates(ctx, 0, st.Now()+1); err != nil || len(own) != 1 || own[0].Asked != 2 {
			t.Errorf("another county's: %+v %v", own, err)
		}

		d := models.Dispute{ActivityID: frame[0].ActivityID, RecipientID: frame[0].RecipientID, CadreID: frame[0].CadreID, Region: "620802101", Day: frame[0].Day, Words: models.Conceal("没来")}
		must(st.OpenDispute(ctx, &d))
		if err := st.OpenDispute(ctx, &models.Dispute{ActivityID: d.ActivityID}); !errors.Is(err, store.ErrLost) {
			t.Errorf("disputed twice: %v", err)
		}
		office := db.As(models.Actor{Account: id(1), Region: "620802"})
		if rows, err := office.OpenDisputes(ctx); err != nil || len(rows) != 1 {
			t.Fatal(rows, err)
		}
		if _, err := db.As(models.Actor{Cadre: d.CadreID}).Dispute(ctx, d.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a cadre sees who disputed: %v", err)
		}
		plan := models.CarePlan{RecipientID: d.RecipientID}
		measures := []models.PlanMeasure{{Side: models.SideSpirit, Line: models.LinePairing, Words: models.Conceal("送棉被")}, {Side: models.SideSpirit, Line: models.LinePairing, Words: models.Conceal("修房顶")}}
		must(st.SavePlan(ctx, &plan, measures))
		must(st.ApprovePlan(ctx, plan, today.Add(models.PlanReviewAfter)))
		must(st.TickMeasure(ctx, measures[0].ID, d.Day, d.ActivityID))
		must(st.TickMeasure(ctx, measures[1].ID, d.Day, ""))
		must(office.CloseDispute(ctx, d, models.DisputeUpheld, "核了,没去"))
		if open, err := st.OpenMeasures(ctx, []string{d.RecipientID}); err != nil || len(open) != 1 || open[0].ID != measures[0].ID {
			t.Errorf("what a visit ticked that was none: %d open, %v", len(open), err)
		}
		if rows, err := st.VisitFrame(ctx, today.Add(-7), today); err != nil || len(rows) != 7 {
			t.Errorf("%d visits stand, %v", len(rows), err)
		}
	})
}
