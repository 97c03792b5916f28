package store_test

import (
	"context"
	"fmt"
	"testing"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// A family's no is asked about among five others, days later, and nothing but
// the sealed origin tells which it was.
func TestHiddenCheck(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		today := models.Day("2026-11-21")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		for i := range 9 {
			unit := fmt.Sprintf("%026d", 500+i)
			must(st.Create(ctx, &[]models.Cadre{{ID: fmt.Sprintf("%026d", 100+i), PhoneIdx: fmt.Sprint(i), UnitID: unit}}))
			must(st.Create(ctx, &[]models.Recipient{{ID: fmt.Sprintf("%026d", 200+i), Number: fmt.Sprint(i), Region: "620802101"}}))
			rec := models.Record{CadreID: fmt.Sprintf("%026d", 100+i)}
			must(st.AddRecord(ctx, &rec, []models.Activity{{RecipientID: fmt.Sprintf("%026d", 200+i), Kind: models.KindVisit, Day: today.Add(-i)}}))
		}
		must(st.AddHiddenCheck(ctx, fmt.Sprintf("%026d", 203), fmt.Sprintf("%026d", 103), today.Add(-3), models.Conceal("confirmation X"), today))
		rows, err := st.SpotChecks(ctx, models.MonthOf(today))
		must(err)
		if len(rows) != 6 {
			t.Fatalf("%d on the list", len(rows))
		}
		hidden := 0
		for _, c := range rows {
			if c.AskFrom != today.Add(3) || c.Drawn() || c.UnitID == "" {
				t.Errorf("%+v", c)
			}
			if !c.Origin.Empty() {
				hidden++
				if c.RecipientID != fmt.Sprintf("%026d", 203) || c.UnitID != fmt.Sprintf("%026d", 503) {
					t.Errorf("%+v", c)
				}
			}
		}
		if hidden != 1 {
			t.Errorf("%d with an origin", hidden)
		}
	})
}
