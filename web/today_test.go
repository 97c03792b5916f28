package web

import (
	"strings"
	"testing"
	"time"

	"aixin/models"
)

func TestTodayBalancesOrTurnsRed(t *testing.T) {
	eachWorld(t, func(w *world) {
		county := w.signIn("kongtong1")
		page := w.ask("GET", "/admin/today", nil, county)
		w.want(page, 200, "① 对账", "② 今天办", "③ 录省系统", "④ 到年底", "崆峒区", "截至")
		if strings.Contains(page.body, "不平") {
			t.Errorf("it does not balance:\n%s", page.body)
		}
		if unit := w.ask("GET", "/admin/today", nil, w.signIn("kongtong2")); unit.StatusCode != 200 || strings.Contains(unit.body, "① 对账") {
			t.Errorf("a unit's: %d", unit.StatusCode)
		}
		// A movement that the register knows nothing of: the sum does not come out.
		w.clock.Add(2 * time.Hour)
		st := w.db.System("test")
		err := st.AddMovement(ctx, models.Movement{
			Noun: models.NounRecipient, SubjectID: w.here.people[0], Kind: models.MovedOut, MovedOn: "2026-11-10", FromRegion: w.here.region, Reason: models.ReasonMovedAway,
		})
		if err != nil {
			t.Fatal(err)
		}
		county = w.again("kongtong1")
		w.want(w.ask("GET", "/admin/today", nil, county), 200, "不平")
		// Each number opens its list, each list its people, masked.
		for list := range listTitles {
			a := w.ask("GET", "/admin/today/"+list, nil, county)
			w.want(a, 200)
			w.leaks("GET /admin/today/"+list, "own county", a)
		}
	})
}
