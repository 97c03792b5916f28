package store_test

import (
	"context"
	"fmt"
	"testing"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// What was ticked is not asked for again until it changes; what changed after it
// was shown is not ticked.
func TestFiling(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		const until = models.Day("2026-11-21")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		cadre, person := fmt.Sprintf("%026d", 1), fmt.Sprintf("%026d", 2)
		must(st.Create(ctx, &[]models.Cadre{{ID: cadre, PhoneIdx: "x", UnitID: fmt.Sprintf("%026d", 3)}}))
		must(st.Create(ctx, &[]models.Recipient{{ID: person, Number: "D1", Region: "620802101"}}))
		log := func(day models.Day, kinds ...models.Kind) (models.Record, []models.Activity) {
			rec := models.Record{CadreID: cadre}
			var acts []models.Activity
			for _, k := range kinds {
				acts = append(acts, models.Activity{RecipientID: person, Kind: k, Day: day})
			}
			must(st.AddRecord(ctx, &rec, acts))
			acts, err := st.ActivitiesOf(ctx, rec.ID)
			must(err)
			return rec, acts
		}
		expect := func(step string, want store.FilingCount) []store.FilingRow {
			t.Helper()
			got, err := st.FilingCount(ctx, "620802", until)
			must(err)
			if got != want || !got.Balances() {
				t.Errorf("%s: %+v, not %+v", step, got, want)
			}
			rows, err := st.Filing(ctx, models.CityCode, until, 100, true)
			must(err)
			if n := map[store.FilingAction]int{}; true {
				for _, r := range rows {
					n[r.Action]++
				}
				if n[store.FilingNew] != want.New || n[store.FilingChanged] != want.Changed || n[store.FilingDeleted] != want.Deleted {
					t.Errorf("%s: the sheets hold %v", step, n)
				}
			}
			return rows
		}
		tick := func(rows []store.FilingRow, want int) {
			t.Helper()
			var ids []string
			for _, r := range rows {
				ids = append(ids, r.ID)
			}
			n, err := st.Tick(ctx, models.CityCode, until, ids)
			must(err)
			if n != want {
				t.Errorf("%d ticked, not %d", n, want)
			}
		}
		first, acts := log("2026-11-03", models.KindVisit, models.KindContact)
		second, _ := log("2026-11-04", models.KindVisit)
		third, _ := log("2026-11-05", models.KindVisit)
		shown := expect("begun", store.FilingCount{New: 4, OnRecord: 4})
		must(st.WithdrawRecord(ctx, third.ID))
		tick(shown, 3)
		expect("ticked", store.FilingCount{Entered: 3, OnRecord: 3})
		must(st.Correct(ctx, first.ID, cadre, []string{acts[0].ID}, []models.Activity{{RecipientID: person, Kind: acts[0].Kind, Day: "2026-11-02"}}))
		must(st.WithdrawRecord(ctx, second.ID))
		shown = expect("changed", store.FilingCount{Changed: 1, Deleted: 1, Entered: 1, OnRecord: 2})
		for _, r := range shown {
			if r.Action == store.FilingChanged && (r.Old == nil || r.Old.Day != "2026-11-03" || r.Day != "2026-11-02" || r.Recipient.Number != "D1") {
				t.Errorf("%+v", r)
			}
		}
		tick(shown, 2)
		expect("done", store.FilingCount{Entered: 2, OnRecord: 2})
		log("2026-11-06", models.KindVisit)
		n, err := st.TickAll(ctx, models.CityCode, until)
		must(err)
		if n != 1 {
			t.Errorf("%d ticked at once", n)
		}
		elsewhere := db.As(models.Actor{Account: "a", Region: "620821"})
		if c, err := elsewhere.FilingCount(ctx, "", until); err != nil || c != (store.FilingCount{}) {
			t.Errorf("another county sees %+v %v", c, err)
		}
	})
}
