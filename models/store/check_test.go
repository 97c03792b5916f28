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

// A draw needs a seed that was known of before the month ended, is the same for
// whoever asks again, and counts only what chance put on the list.
func TestDrawChecks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		zone := time.FixedZone("east", 8*3600)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		for i := range 60 {
			must(st.Create(ctx, &[]models.Cadre{{ID: fmt.Sprintf("%026d", 100+i), PhoneIdx: fmt.Sprint(i), UnitID: fmt.Sprintf("%026d", 500)}}))
			must(st.Create(ctx, &[]models.Recipient{{ID: fmt.Sprintf("%026d", 200+i), Number: fmt.Sprint(i), Region: models.Counties[i%7].Code + "101", Categories: "orphan"}}))
			rec := models.Record{CadreID: fmt.Sprintf("%026d", 100+i)}
			must(st.AddRecord(ctx, &rec, []models.Activity{{RecipientID: fmt.Sprintf("%026d", 200+i), Kind: models.KindVisit, Day: "2026-11-10"}}))
		}
		if _, err := st.DrawChecks(ctx, models.CityCode, "2026-11", 0.1, zone); !errors.Is(err, store.ErrNoSeed) {
			t.Fatalf("drawn without a seed: %v", err)
		}
		must(st.CommitCheckSeed(ctx, "2026-11"))
		before, err := st.CheckSeed(ctx, "2026-11")
		must(err)
		must(st.CommitCheckSeed(ctx, "2026-11"))
		if after, err := st.CheckSeed(ctx, "2026-11"); err != nil || after.Seed.Reveal() != before.Seed.Reveal() || after.Hash != models.SeedHash(after.Seed.Reveal()) || after.RevealedAt != 0 {
			t.Errorf("%+v %v", after, err)
		}
		clock.Set(time.Date(2026, 12, 2, 2, 0, 0, 0, time.UTC))
		n, err := st.DrawChecks(ctx, models.CityCode, "2026-11", 0.1, zone)
		must(err)
		if again, err := st.DrawChecks(ctx, models.CityCode, "2026-11", 0.01, zone); err != nil || again != n || n < 37 {
			t.Errorf("%d drawn, then %d %v", n, again, err)
		}
		must(st.CommitCheckSeed(ctx, "2026-10"))
		if _, err := st.DrawChecks(ctx, models.CityCode, "2026-10", 0.1, zone); !errors.Is(err, store.ErrNoSeed) {
			t.Errorf("a seed of after the month was taken: %v", err)
		}
		rows, err := st.SpotChecks(ctx, "2026-11")
		must(err)
		for i, c := range rows[:4] {
			c.Outcome, c.AccountID, c.AskedAt = []models.Outcome{models.OutcomeAgrees, models.OutcomeMinor, models.OutcomeFalse, models.OutcomeUnreached}[i], "A", st.Now()
			must(st.SaveCheck(ctx, c, false))
			if err := st.SaveCheck(ctx, c, false); !errors.Is(err, store.ErrLost) {
				t.Errorf("asked twice: %v", err)
			}
		}
		counts, err := st.CheckCounts(ctx, "2026-11")
		must(err)
		if c := counts[0]; c.Drawn != n || c.Agrees != 1 || c.Minor != 1 || c.False != 0 || c.Pending != 1 || c.Unreached != 1 || c.Unasked != n-4 {
			t.Errorf("%+v", c)
		}
		false1 := rows[2]
		false1.Outcome, false1.SecondOutcome, false1.SecondAccount, false1.SecondAt = models.OutcomeFalse, models.OutcomeFalse, "B", st.Now()
		must(st.SaveCheck(ctx, false1, true))
		if counts, err = st.CheckCounts(ctx, "2026-11"); err != nil || counts[0].False != 1 || counts[0].Pending != 0 {
			t.Errorf("%+v %v", counts[0], err)
		}
	})
}
