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

// The month stands three ways, the people behind the stock's numbers are listed,
// and nobody of elsewhere is.
func TestTodayAddsUpTheMonth(t *testing.T) {
	eachWorld(t, func(w *world) {
		st := w.db.System("test")
		newcomer := models.Recipient{ID: st.NewID(), Number: "H009", Name: models.Conceal("令狐小星"), Region: w.here.region + "001001", Categories: string(models.CategoryOrphan), EnteredOn: "2026-11-05"}
		w.create(&newcomer)
		acc, err := st.AccountByLogin(ctx, "kongtong1")
		if err != nil {
			t.Fatal(err)
		}
		mine := w.db.As(acc.Actor())
		rows, err := mine.Filing(ctx, w.here.region, "2026-11-21", 100, false)
		if err != nil || len(rows) < 4 {
			t.Fatalf("%d rows: %v", len(rows), err)
		}
		var ids []string
		for _, r := range rows {
			if r.Day >= "2026-11-01" && len(ids) < 3 {
				ids = append(ids, r.ID)
			}
		}
		for _, counted := range []bool{false, true} { // by the night's count too
			if counted {
				w.clock.Add(72 * time.Hour)
				if err := st.RecountTotals(ctx); err != nil {
					t.Fatal(err)
				}
			}
			book, err := mine.MonthBook(ctx, w.here.region, "2026-11")
			entered := int64(0)
			if counted {
				entered = 3
			}
			if err != nil || !book.Balanced() || book.Detail != 4 || book.Report != 4 || book.Entered != entered || book.Wanted != 4-entered || len(book.Below) != 1 {
				t.Errorf("counted %t: %+v %v", counted, book, err)
			}
			if _, err := mine.Tick(ctx, w.here.region, "2026-11-21", ids); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := mine.StockMembers(ctx, w.there.region, "2026-11-01", "2026-11-21"); err == nil {
			t.Error("who came to another county is told")
		}
		county := w.again("kongtong1")
		w.want(w.ask("GET", "/admin/today/came", nil, county), 200, "H009", "令狐**")
		w.want(w.ask("GET", "/admin/today/book", nil, county), 200, "峡门乡", "省系统已录 <b>3</b>", "✓ 平")
		if a := w.ask("GET", "/admin/today/left", nil, county); strings.Contains(a.body, "H009") {
			t.Error("who came has left")
		}
		for _, list := range []string{"book", "came"} {
			w.want(w.ask("GET", "/admin/today/"+list, nil, w.signIn("kongtong2")), 404)
		}
		if other := w.ask("GET", "/admin/today/came", nil, w.signIn("jingchuan1")); strings.Contains(other.body, "H009") {
			t.Error("another county sees who came")
		}
	})
}
