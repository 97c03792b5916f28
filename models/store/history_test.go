package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

func TestExportAsOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		cadre := models.Cadre{ID: st.NewID(), Name: models.Conceal("王敏"), PhoneIdx: "1"}
		person := models.Recipient{ID: st.NewID(), Number: "K-1", Name: models.Conceal("谷军")}
		for _, row := range []any{&cadre, &person} {
			if err := st.Create(ctx, row); err != nil {
				t.Fatal(err)
			}
		}
		visit := func(day models.Day) models.Record {
			r := models.Record{CadreID: cadre.ID}
			if err := st.AddRecord(ctx, &r, []models.Activity{{RecipientID: person.ID, Kind: models.KindVisit, Day: day}}); err != nil {
				t.Fatal(err)
			}
			return r
		}
		asOf := func(at time.Time, all bool) string {
			var out []string
			want := store.ExportQuery{From: "2026-01-01", To: "2026-12-31", All: all}
			for r, err := range st.ExportAsOf(ctx, want, models.InstantOf(at)) {
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, fmt.Sprintf("%s %s %d", string(r.Day), r.Status, r.Photos))
			}
			return strings.Join(out, ", ")
		}
		first := visit("2026-11-01")
		photo := models.Photo{CadreID: cadre.ID, RecordID: first.ID, Kind: "image"}
		if err := st.AddPhoto(ctx, &photo); err != nil {
			t.Fatal(err)
		}
		photo.State, photo.StoredAt = models.PhotoStored, st.Now()
		if err := st.SavePhoto(ctx, photo); err != nil {
			t.Fatal(err)
		}
		gone := visit("2026-11-02")
		if err := st.WithdrawRecord(ctx, gone.ID); err != nil {
			t.Fatal(err)
		}
		monday := clock.Now()
		want := "2026-11-01 active 1"
		if got := asOf(monday, false); got != want {
			t.Fatalf("at once: %s", got)
		}
		wantAll := "2026-11-01 active 1, 2026-11-02 withdrawn 0"
		if got := asOf(monday, true); got != wantAll {
			t.Errorf("all: %s", got)
		}
		// Later changes of every kind leave what was known that day.
		clock.Add(24 * time.Hour)
		visit("2026-11-01") // late, for the same day
		if err := st.WithdrawRecord(ctx, first.ID); err != nil {
			t.Fatal(err)
		}
		if got := asOf(monday, false); got != want {
			t.Errorf("as of the day before: %s", got)
		}
		if got := asOf(monday, true); got != wantAll {
			t.Errorf("all, as of the day before: %s", got)
		}
		if got := asOf(clock.Now(), false); got != "2026-11-01 active 0" {
			t.Errorf("now: %s", got)
		}
		// More than a page.
		for range 3 {
			r := models.Record{CadreID: cadre.ID}
			acts := make([]models.Activity, 400)
			for i := range acts {
				acts[i] = models.Activity{RecipientID: person.ID, Kind: models.KindContact, Day: "2026-11-03"}
			}
			if err := st.AddRecord(ctx, &r, acts); err != nil {
				t.Fatal(err)
			}
		}
		if n := strings.Count(asOf(clock.Now(), false), "2026-11-03"); n != 1200 {
			t.Errorf("%d of 1200", n)
		}
		stop := 0
		for range st.ExportAsOf(ctx, store.ExportQuery{From: "2026-01-01", To: "2026-12-31"}, models.InstantOf(clock.Now())) {
			if stop++; stop == 3 {
				break
			}
		}
	})
}

func TestLoad(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		rows := make([]models.Recipient, 777)
		for i := range rows {
			idx := fmt.Sprint(i)
			rows[i] = models.Recipient{ID: st.NewID(), Number: idx, Name: models.Conceal("谷军" + idx), IDIdx: &idx, ExitedOn: "2026-01-02"}
		}
		rows[3].IDIdx = nil
		fen := int64(300)
		acts := []models.Activity{{ID: st.NewID(), RecordID: st.NewID(), RecipientID: rows[3].ID, Kind: models.KindAid, Day: "2026-11-01", AmountFen: &fen, Late: true, Note: models.Conceal("米面")}}
		stored := 0
		err := st.Load(ctx, func(yield func(any) bool) { _ = yield(&rows) && yield(&acts) }, func(n int) { stored += n })
		if err != nil || stored != 778 {
			t.Fatal(stored, err)
		}
		got, err := st.RecipientsByIndex(ctx, nil, []string{"3", "776"})
		if err != nil || len(got) != 2 {
			t.Fatal(got, err)
		}
		for _, r := range got {
			if r.Name.Reveal() != "谷军"+r.Number || (r.IDIdx == nil) != (r.Number == "3") || r.ExitedOn != "2026-01-02" {
				t.Errorf("%+v", r)
			}
		}
		back, err := st.ActivitiesOf(ctx, acts[0].RecordID)
		if err != nil || len(back) != 1 || *back[0].AmountFen != 300 || !back[0].Late || back[0].Note.Reveal() != "米面" {
			t.Errorf("%+v %v", back, err)
		}
		// The same rows again break the keys, and the producer is stopped.
		asked := 0
		err = st.Load(ctx, func(yield func(any) bool) {
			for asked = 1; asked < 1000 && yield(&rows); asked++ {
			}
		}, func(int) {})
		if err == nil || asked == 1000 {
			t.Errorf("loaded twice: %v after %d", err, asked)
		}
	})
}
