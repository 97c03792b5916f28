package models

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// madeUpYear writes what some households did in a year and just before it, some
// of it entered or taken back long after.
func madeUpYear(seed uint64) (homes [][]Activity) {
	r := rand.New(rand.NewPCG(seed, 7))
	n := 0
	for h := range 25 {
		var rows []Activity
		for range 1 + r.IntN(30) {
			n++
			day := Day("2025-11-01").Add(r.IntN(425))
			at := StartOf(day, time.UTC).Add(time.Duration(r.IntN(20)) * time.Hour)
			if r.IntN(3) == 0 {
				at = at.Add(time.Duration(r.IntN(120)) * 24 * time.Hour)
			}
			a := Activity{
				ID: fmt.Sprint("A", n), RecordID: fmt.Sprint("M", n/2), RecipientID: fmt.Sprint("R", h, "-", r.IntN(3)), CadreID: "C", Day: day, RecordedAt: at,
				Kind: []Kind{KindVisit, KindContact, KindHelp, KindAid}[r.IntN(4)],
			}
			switch a.Kind {
			case KindHelp:
				a.Help = []Help{HelpDeed, HelpDifficulty, HelpPolicy}[r.IntN(3)]
				if a.Help == HelpPolicy {
					a.Stage = []PolicyStage{PolicyExplained, PolicyApplied, PolicyObtained}[r.IntN(3)]
				}
			case KindAid:
				if r.IntN(4) > 0 {
					fen := int64(r.IntN(90000))
					a.AmountFen, a.Goods = &fen, r.IntN(2) == 0
				}
			}
			if r.IntN(5) == 0 {
				a.VoidedAt = at.Add(time.Duration(r.IntN(90)) * 24 * time.Hour)
			}
			rows = append(rows, a)
			if r.IntN(8) == 0 { // sent once more
				a.ID += "x"
				rows = append(rows, a)
			}
		}
		homes = append(homes, rows)
	}
	return homes
}

// Whatever is entered, corrected or taken back and whenever: the months with
// their late columns are the year, and a month once closed keeps its digits.
func TestMonthsAndLateColumnsAreTheYear(t *testing.T) {
	closes := func(upTo int, now Instant) (c [13]Instant) {
		for m := range c {
			c[m] = min(DefaultCalendar.ClosedAt(NewMonth(2026, m), time.UTC), now)
		}
		return c
	}
	for seed := range uint64(40) {
		homes := madeUpYear(seed)
		var before YearFigures
		for upTo := 1; upTo <= 12; upTo++ {
			var y YearFigures
			c := counting{year: 2026, upTo: upTo, closes: closes(upTo, DefaultCalendar.ClosedAt(NewMonth(2026, upTo), time.UTC))}
			for _, rows := range homes {
				var some []*Activity
				for i := range rows {
					if rows[i].Day <= NewMonth(2026, upTo).Last() {
						some = append(some, &rows[i])
					}
				}
				c.household(some, &y)
			}
			if y.Sum() != y.Total {
				t.Fatalf("seed %d, month %d: %v and not %v", seed, upTo, y.Sum(), y.Total)
			}
			for m := range upTo - 1 {
				if y.Own[m] != before.Own[m] || y.Late[m] != before.Late[m] || y.Before[m] != before.Before[m] {
					t.Fatalf("seed %d: month %d changed when month %d was counted", seed, m+1, upTo)
				}
			}
			before = y
		}
		if before.Late == ([12]Figures{}) || before.Before == ([12]Figures{}) {
			t.Fatalf("seed %d has nothing late: the test tries nothing", seed)
		}
	}
}

func TestWhatCountsAsOne(t *testing.T) {
	fen := func(n int64) *int64 { return &n }
	visit := func(who string) Activity {
		return Activity{RecipientID: who, Kind: KindVisit, Day: "2026-03-05", RecordID: "M"}
	}
	deed := func(who, record string) Activity {
		return Activity{RecipientID: who, Kind: KindHelp, Help: HelpDeed, Day: "2026-03-05", RecordID: record}
	}
	for name, tc := range map[string]struct {
		rows []Activity
		want map[Measure]int64
	}{
		"two visits in a day":             {[]Activity{visit("a"), visit("a")}, map[Measure]int64{VisitPersons: 1, VisitHomes: 1}},
		"a household of three":            {[]Activity{visit("a"), visit("b"), visit("c")}, map[Measure]int64{VisitPersons: 3, VisitHomes: 1}},
		"one deed for three":              {[]Activity{deed("a", "1"), deed("b", "1"), deed("c", "1")}, map[Measure]int64{Deeds: 1}},
		"two deeds for one":               {[]Activity{deed("a", "1"), deed("a", "1"), deed("b", "1")}, map[Measure]int64{Deeds: 2}},
		"two messages":                    {[]Activity{deed("a", "1"), deed("a", "2")}, map[Measure]int64{Deeds: 2}},
		"a policy told is told":           {[]Activity{{RecipientID: "a", Kind: KindHelp, Help: HelpPolicy, Stage: PolicyExplained, Day: "2026-03-05"}}, map[Measure]int64{PolicyTold: 1}},
		"money, goods and nothing said":   {[]Activity{{ID: "1", Kind: KindAid, AmountFen: fen(100), Day: "2026-03-05"}, {ID: "2", Kind: KindAid, AmountFen: fen(30), Goods: true, Day: "2026-03-05"}, {ID: "3", Kind: KindAid, Day: "2026-03-05"}}, map[Measure]int64{AidGifts: 3, AidMoneyFen: 100, AidGoodsFen: 30, AidUnvalued: 1}},
		"a call and another the same day": {[]Activity{{ID: "1", RecipientID: "a", Kind: KindContact, Day: "2026-03-05"}, {ID: "2", RecipientID: "a", Kind: KindContact, Day: "2026-03-05"}}, map[Measure]int64{ContactTimes: 2, ContactHomes: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			var y YearFigures
			c := counting{year: 2026, upTo: 3, closes: [13]Instant{1, 1, 1, 1}}
			var rows []*Activity
			for i := range tc.rows {
				tc.rows[i].RecordedAt = 1
				rows = append(rows, &tc.rows[i])
			}
			c.household(rows, &y)
			var want Figures
			for m, n := range tc.want {
				want[m] = n
			}
			if y.Own[2] != want || y.Total != want {
				t.Errorf("%v, not %v", y.Own[2], want)
			}
		})
	}
}
