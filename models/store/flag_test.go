package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

func TestFlags(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st, zone := context.Background(), db.System("test"), time.FixedZone("east", 8*3600)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		id := func(n int) string { return fmt.Sprintf("%026d", n) }
		must(st.Create(ctx, &[]models.Unit{{ID: id(9), Name: "学校", Region: "620802"}}))
		must(st.Create(ctx, &[]models.Cadre{{ID: id(1), PhoneIdx: "1", UnitID: id(9), Region: "620802101"}, {ID: id(2), PhoneIdx: "2", UnitID: id(9), Region: "620802101"}}))
		for i := range 10 {
			r := models.Recipient{ID: id(20 + i), Number: fmt.Sprint(i), Region: "620802101", Household: fmt.Sprint("H", i)}
			if i == 9 {
				r.ExitedOn = "2026-10-01"
			}
			must(st.Create(ctx, &[]models.Recipient{r}))
		}
		log := func(cadre int, day models.Day, note string, people ...int) models.Record {
			rec := models.Record{CadreID: id(cadre)}
			var acts []models.Activity
			for _, p := range people {
				acts = append(acts, models.Activity{RecipientID: id(20 + p), Kind: models.KindVisit, Day: day, Note: models.Conceal(note)})
			}
			must(st.AddRecord(ctx, &rec, acts))
			return rec
		}
		picture := func(rec models.Record, n int, hash string) {
			must(st.Create(ctx, &[]models.Photo{{
				ID: id(n), RecordID: rec.ID, CadreID: rec.CadreID, Kind: "image", State: models.PhotoStored, DHash: hash, ReceivedAt: models.Instant(n), StoredAt: st.Now(),
			}}))
		}
		log(1, "2026-11-02", "今天", 0, 1, 2, 3, 4, 5, 6) // seven homes
		a := log(1, "2026-11-03", "去老谷家看望,送了米面油,老人身体都好,吃住也都好", 0)
		log(1, "2026-11-05", "去老谷家看望,送了米面油,老人身体都好,吃住也都好。", 1) // nearly the same words
		log(1, "2026-11-06", "去老谷家看望,送了米面油,老人身体都好,吃住也都好。", 0) // of the same person: no flag on its own, but like that of the other
		b := log(2, "2026-11-07", "上门看了看", 2)
		log(2, "2026-11-08", "家里没人", 9) // after leaving
		picture(a, 300, "00ff00ff00ff00ff")
		picture(a, 301, "00ff00ff00ff00fe") // of the same record
		picture(b, 302, "00ff00ff00ff00fd") // nearly the same as an earlier one
		picture(b, 303, "0000000000000000") // a plain wall
		n, err := st.FindFlags(ctx, 0, "2026-11-21", zone)
		must(err)
		rows, err := st.Flags(ctx, models.FlagOpen, 0, 50)
		must(err)
		kinds := map[models.FlagKind]int{}
		for _, f := range rows {
			kinds[f.Kind]++
			if f.Explain() == "" || f.UnitID != id(9) || f.Kind.Innocent() == "" {
				t.Errorf("%+v", f)
			}
		}
		if want := (map[models.FlagKind]int{models.FlagSwarm: 1, models.FlagNote: 2, models.FlagAfter: 1, models.FlagPhoto: 1}); n != 5 || fmt.Sprint(kinds) != fmt.Sprint(want) {
			t.Errorf("%d flags: %v, not %v", n, kinds, want)
		}
		if n, err := st.FindFlags(ctx, 0, "2026-11-21", zone); err != nil || n != 0 {
			t.Errorf("%d found again %v", n, err)
		}
		f := rows[0]
		f.State, f.Reason = models.FlagDismissed, models.Conceal("同一趟")
		must(st.CloseFlag(ctx, f, "A"))
		if err := st.CloseFlag(ctx, f, "B"); !errors.Is(err, store.ErrLost) {
			t.Error(err)
		}
		tracks, err := st.FlagTracks(ctx)
		must(err)
		dismissed := 0
		for _, k := range tracks {
			dismissed += k.Dismissed
		}
		if dismissed != 1 {
			t.Errorf("%+v", tracks)
		}
		if rows, err := db.As(models.Actor{Account: "x", Region: "620821"}).Flags(ctx, models.FlagOpen, 0, 50); err != nil || len(rows) != 0 {
			t.Errorf("another county sees %d %v", len(rows), err)
		}
	})
}

// The rush of a unit is told once its days are over.
func TestRush(t *testing.T) {
	if models.Rush(19, 30) != true || models.Rush(18, 30) || models.Rush(29, 29) {
		t.Error("the limits have moved")
	}
}

func TestDonations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.As(models.Actor{Account: "A", Region: "620802"})
		d := models.Donation{Day: "2026-11-01", Donor: models.Conceal("一家公司"), AmountFen: 100000, Purpose: "助学", Region: "620802"}
		if err := st.AddDonation(ctx, &d); err != nil || d.Number != 1 {
			t.Fatal(d.Number, err)
		}
		u := models.DonationUse{DonationID: d.ID, Day: "2026-11-05", AmountFen: 60000, Region: "620802101", People: 3}
		if err := st.UseDonation(ctx, &u); err != nil {
			t.Fatal(err)
		}
		if err := st.UseDonation(ctx, &models.DonationUse{DonationID: d.ID, Day: "2026-11-06", AmountFen: 40001}); !errors.Is(err, store.ErrTooMuch) {
			t.Errorf("more than there is: %v", err)
		}
		if err := st.HandOver(ctx, d.ID, u.ID, "2026-11-07"); err != nil {
			t.Error(err)
		}
		if err := st.HandOver(ctx, d.ID, u.ID, "2026-11-08"); !errors.Is(err, store.ErrLost) {
			t.Errorf("handed over twice: %v", err)
		}
		lines, err := st.Donations(ctx, 0, 10)
		if err != nil || len(lines) != 1 || lines[0].Left() != 40000 || lines[0].Handed != 60000 {
			t.Errorf("%+v %v", lines, err)
		}
		other := db.As(models.Actor{Account: "B", Region: "620821"})
		if _, _, err := other.Donation(ctx, d.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another county: %v", err)
		}
		if err := other.UseDonation(ctx, &models.DonationUse{DonationID: d.ID, Day: "2026-11-06", AmountFen: 1}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another county uses it: %v", err)
		}
	})
}
