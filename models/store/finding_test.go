package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// What a visit found goes where the visit goes: to another day, to another
// person, out with it; an export and a report of an earlier moment have it as it
// was.
func TestFindingsFollowTheVisit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		for i, name := range []string{"吃穿", "用药"} {
			must(st.AddChoice(ctx, &models.Choice{List: models.ListChecklist, Code: fmt.Sprint("own", i+1), Name: name, Rank: 10 * (i + 1), FromDay: "2026-01-01"}))
		}
		cadre, gu, ma := fmt.Sprintf("%026d", 1), fmt.Sprintf("%026d", 2), fmt.Sprintf("%026d", 3)
		must(st.Create(ctx, &[]models.Cadre{{ID: cadre, Name: models.Conceal("王敏"), PhoneIdx: "x", UnitID: fmt.Sprintf("%026d", 4), Region: "620802"}}))
		must(st.Create(ctx, &[]models.Recipient{
			{ID: gu, Number: "D1", Name: models.Conceal("谷军"), Region: "620802101"}, {ID: ma, Number: "D2", Name: models.Conceal("马海龙"), Region: "620802101"},
		}))
		rec := models.Record{CadreID: cadre}
		must(st.AddRecord(ctx, &rec, []models.Activity{
			{RecipientID: gu, Kind: models.KindVisit, Day: "2026-11-20"},
			{RecipientID: gu, Kind: models.KindHelp, Help: models.HelpDeed, Day: "2026-11-20"},
		}))
		var moments []models.Instant
		step := func() models.Instant {
			clock.Add(time.Hour)
			moments = append(moments, st.Now())
			clock.Add(time.Hour)
			return moments[len(moments)-1]
		}
		step()
		keep := func(fine map[string]bool, want ...string) {
			t.Helper()
			people, err := st.KeepFindings(ctx, rec.ID, fine)
			if must(err); !slices.Equal(people, want) {
				t.Errorf("of %v, not %v", people, want)
			}
		}
		keep(map[string]bool{"own1": true, "own2": false}, gu)
		step()
		keep(map[string]bool{"own1": false, "own2": true}, gu) // said otherwise
		step()
		move := func(person string, day models.Day) {
			t.Helper()
			rows, err := st.ActivitiesOf(ctx, rec.ID)
			must(err)
			var old []string
			var now []models.Activity
			for _, a := range rows {
				old, now = append(old, a.ID), append(now, models.Activity{RecipientID: person, Kind: a.Kind, Help: a.Help, Day: day})
			}
			must(st.Correct(ctx, rec.ID, cadre, old, now))
		}
		move(gu, "2026-10-30")
		step()
		move(ma, "2026-10-30")
		step()
		must(st.WithdrawRecord(ctx, rec.ID))
		step()

		told := func(at models.Instant) string {
			t.Helper()
			var out []string
			for r, err := range st.ExportAsOf(ctx, store.ExportQuery{From: "2026-01-01", To: "2026-12-31"}, at) {
				must(err)
				if r.Kind == models.KindVisit {
					out = append(out, strings.TrimSpace(string(r.Day)+" "+r.Person+" "+r.Found))
				} else if r.Found != "" {
					t.Errorf("a deed found %s", r.Found)
				}
			}
			return strings.Join(out, ";")
		}
		counted := func(at models.Instant, month string) string {
			t.Helper()
			p, err := models.ParsePeriod(models.ReportMonthly, month)
			must(err)
			r, err := st.BuildReport(ctx, models.ReportAsk{
				Period: p, Region: models.Region{Code: models.CityCode, Name: "平凉市"}, Calendar: models.DefaultCalendar, Zone: time.UTC, Now: at,
			})
			must(err)
			var out []string
			for i, item := range r.Checklist {
				out = append(out, fmt.Sprint(item.Name, r.Places[0].Found[i].Looked, "/", r.Places[0].Found[i].Bad))
			}
			return strings.Join(out, " ")
		}
		for i, want := range []struct{ export, november, october string }{
			{"2026-11-20 谷军", "吃穿0/0 用药0/0", "吃穿0/0 用药0/0"},
			{"2026-11-20 谷军 吃穿好、用药有情况", "吃穿1/0 用药1/1", "吃穿0/0 用药0/0"},
			{"2026-11-20 谷军 吃穿有情况、用药好", "吃穿1/1 用药1/0", "吃穿0/0 用药0/0"},
			{"2026-10-30 谷军 吃穿有情况、用药好", "吃穿0/0 用药0/0", "吃穿0/0 用药0/0"}, // October was closed
			{"2026-10-30 马海龙 吃穿有情况、用药好", "吃穿0/0 用药0/0", "吃穿0/0 用药0/0"},
			{"", "吃穿0/0 用药0/0", "吃穿0/0 用药0/0"},
		} {
			if got := told(moments[i]); got != want.export {
				t.Errorf("export %d: %q, not %q", i, got, want.export)
			}
			if got := counted(moments[i], "2026-11"); got != want.november {
				t.Errorf("November %d: %q, not %q", i, got, want.november)
			}
			if got := counted(moments[i], "2026-10"); got != want.october {
				t.Errorf("October %d: %q, not %q", i, got, want.october)
			}
		}
		if day, found, err := st.LastFindings(ctx, ma); err != nil || day != "" || len(found) != 0 {
			t.Errorf("of what was taken back: %v %v %v", day, found, err)
		}
	})
}
