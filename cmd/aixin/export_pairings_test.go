package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// The ledger of a past day is the same before and after later changes.
func TestPairingsAsOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		unit := models.Unit{ID: st.NewID(), Name: "峡门乡人民政府", Region: "620802"}
		person := models.Recipient{ID: st.NewID(), Number: "K-1", Name: models.Conceal("谷军"), Region: "620802"}
		cadres := []models.Cadre{
			{ID: st.NewID(), Name: models.Conceal("王敏"), PhoneIdx: "1", UnitID: unit.ID}, {ID: st.NewID(), Name: models.Conceal("=李娜"), PhoneIdx: "2", UnitID: unit.ID},
		}
		for _, row := range []any{&unit, &person, &cadres} {
			if err := st.Create(ctx, row); err != nil {
				t.Fatal(err)
			}
		}
		first := models.Pairing{CadreID: cadres[0].ID, RecipientID: person.ID, Line: models.LinePairing, FromDay: "2026-01-01"}
		if err := st.StartPairing(ctx, &first); err != nil {
			t.Fatal(err)
		}
		list := func(at models.Instant, day models.Day, ended bool, format string) string {
			var out strings.Builder
			if err := exportPairings(st.LedgerAsOf(ctx, at), day, ended, format, &out); err != nil {
				t.Fatal(err)
			}
			return out.String()
		}
		then := st.Now()
		before := list(then, "2026-11-21", false, "jsonl")
		if !strings.Contains(before, `"person":"谷军"`) || !strings.Contains(before, `"cadre":"王敏"`) || !strings.Contains(before, `"to":null`) {
			t.Errorf("%s", before)
		}
		clock.Add(24 * time.Hour)
		// A change that lies back before that day, and became known after it.
		if err := st.EndPairing(ctx, first, "2026-11-09", models.ReasonTransfer, ""); err != nil {
			t.Fatal(err)
		}
		next := models.Pairing{CadreID: cadres[1].ID, RecipientID: person.ID, Line: models.LinePairing, FromDay: "2026-11-10"}
		if err := st.StartPairing(ctx, &next); err != nil {
			t.Fatal(err)
		}
		if now := list(then, "2026-11-21", false, "jsonl"); now != before {
			t.Errorf("the past has changed:\n%s\n%s", before, now)
		}
		now := list(st.Now(), "2026-11-22", true, "csv")
		if !strings.Contains(now, "王敏,"+cadres[0].ID+",峡门乡人民政府,2026-01-01,2026-11-09,换岗") || !strings.Contains(now, "'=李娜") || !strings.HasPrefix(now, "person,person_id") {
			t.Errorf("%s", now)
		}
		if n := strings.Count(list(st.Now(), "2026-11-22", false, "csv"), "\n"); n != 2 {
			t.Errorf("%d lines hold today", n)
		}
	})
}
