package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// However old the count of the months is, and whatever was recorded, taken back,
// entered or moved since, wide lists say what counting one by one says.
func TestWideTotalsAreExact(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		places := []string{"620802001", "620802002", "620821001"}
		cadre := st.NewID()
		must(st.Create(ctx, &[]models.Cadre{{ID: cadre, PhoneIdx: "x", UnitID: st.NewID()}}))
		people, home := []string{}, map[string]string{}
		for i := range 6 {
			id := st.NewID()
			must(st.Create(ctx, &[]models.Recipient{{ID: id, Number: fmt.Sprint("D", i), Region: places[i%3]}}))
			people, home[id] = append(people, id), places[i%3]
		}
		r := rand.New(rand.NewPCG(7, 8))
		today := func() models.Day { return models.DayOf(clock.Now(), time.UTC) }
		var records []string
		counted := 0
		for step := range 150 {
			clock.Add(time.Duration(r.IntN(9)) * time.Hour)
			switch n := r.IntN(10); {
			case n < 6:
				rec := models.Record{CadreID: cadre}
				acts := []models.Activity{{RecipientID: people[r.IntN(6)], Kind: models.KindVisit, Day: today().Add(-r.IntN(500))}}
				acts = append(acts, models.Activity{RecipientID: acts[0].RecipientID, Kind: models.KindAid, Day: acts[0].Day, AmountFen: new(int64)})
				*acts[1].AmountFen = int64(r.IntN(1000))
				must(st.AddRecord(ctx, &rec, acts))
				records = append(records, rec.ID)
			case n == 6 && len(records) > 0:
				i := r.IntN(len(records))
				must(st.WithdrawRecord(ctx, records[i]))
				records = slices.Delete(records, i, i+1)
			case n == 7:
				rows, err := st.Filing(ctx, models.CityCode, today(), 7, false)
				must(err)
				var ids []string
				for _, row := range rows {
					ids = append(ids, row.ID)
				}
				_, err = st.Tick(ctx, models.CityCode, today(), ids)
				must(err)
			case n == 8:
				id, to := people[r.IntN(6)], places[r.IntN(3)]
				must(st.SetStanding(ctx, id, to, ""))
				must(st.AddMovement(ctx, models.Movement{Noun: models.NounRecipient, SubjectID: id, Kind: models.MovedPlace, MovedOn: today(), FromRegion: home[id], ToRegion: to}))
				home[id] = to
			case n == 9 && step > 20:
				must(st.RecountTotals(ctx))
				counted++
			}
			if step%3 != 0 {
				continue
			}
			type said struct {
				Totals  [][]store.KindTotal
				Filings []store.FilingCount
				Sheets  [][]string
			}
			ask := func() (out said) {
				for _, region := range []string{"", "620802", "620802001"} {
					for _, f := range []store.ActivityFilter{
						{}, {From: "2026-01-01", To: today()}, {From: "2025-09-11", To: "2026-10-20"}, {Kind: models.KindAid, From: "2025-12-02"}, {From: "2026-11-01", To: "2026-11-30"},
					} {
						f.Region = region
						rows, err := st.ActivityTotals(ctx, f)
						must(err)
						slices.SortFunc(rows, func(a, b store.KindTotal) int { return len(a.Kind) - len(b.Kind) })
						out.Totals = append(out.Totals, append([]store.KindTotal{}, rows...))
					}
					c, err := st.FilingCount(ctx, region, today())
					must(err)
					sheet, err := st.Filing(ctx, region, today(), 1000, false)
					must(err)
					var ids []string
					for _, row := range sheet {
						ids = append(ids, string(row.Action)+row.ID)
					}
					out.Filings, out.Sheets = append(out.Filings, c), append(out.Sheets, ids)
				}
				return out
			}
			const mark = "month_total"
			had, err := st.Mark(ctx, mark)
			must(err)
			got := ask()
			must(st.SetMark(ctx, mark, ""))
			want := ask()
			must(st.SetMark(ctx, mark, had))
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("step %d, counted %d times:\n%+v\n%+v\nbut one by one\n%+v\n%+v\nsheets %v", step, counted, got.Totals, got.Filings, want.Totals, want.Filings, reflect.DeepEqual(got.Sheets, want.Sheets))
			}
		}
		if counted < 3 {
			t.Errorf("counted only %d times", counted)
		}
	})
}
