package models

import (
	"strings"
	"testing"
	"time"
)

var (
	reportZone    = time.FixedZone("east", 8*3600)
	reportRegions = []Region{
		{Code: "620802", Parent: CityCode, Name: "崆峒区"},
		{Code: "620802101", Parent: "620802", Name: "峡门乡"},
		{Code: "620802102", Parent: "620802", Name: "麻武乡"},
		{Code: "620821", Parent: CityCode, Name: "泾川县"},
		{Code: "620821101", Parent: "620821", Name: "高平镇"},
	}
)

func octoberAsk(region string) ReportAsk {
	return ReportAsk{
		Period: Period{ReportMonthly, "2026-10", "2026-10"}, Region: Region{Code: region, Name: "那里"}, Calendar: DefaultCalendar, Zone: reportZone,
		Now: StartOf("2026-11-21", reportZone), Rules: DefaultRules(), Lists: ShippedLists(),
	}
}

// octoberPeople moved, came, died and stayed in October.
func octoberPeople() []ReportPerson {
	move := func(day Day, from, to string) Movement {
		return Movement{Kind: MovedPlace, MovedOn: day, FromRegion: from, ToRegion: to}
	}
	people := []ReportPerson{
		{ID: "moved county", Life: Life{Region: "620821101", Moves: []Movement{move("2026-10-09", "620802101", "620821101")}}},
		{ID: "moved township", Life: Life{Region: "620802102", Moves: []Movement{move("2026-10-20", "620802101", "620802102")}}},
		{ID: "came", Life: Life{Region: "620802101", EnteredOn: "2026-10-05"}},
		{ID: "came and died", Life: Life{Region: "620802101", EnteredOn: "2026-10-05", ExitedOn: "2026-10-25", Moves: []Movement{{Kind: MovedOut, MovedOn: "2026-10-25", FromRegion: "620802101", Reason: "亡故"}}}},
		{ID: "left on the last day", Life: Life{Region: "620821101", ExitedOn: "2026-10-31"}},
		{ID: "comes later", Life: Life{Region: "620821101", EnteredOn: "2026-11-02"}},
	}
	for _, place := range []string{"620802101", "620802102", "620821101"} {
		for range 4 {
			people = append(people, ReportPerson{ID: "stays in " + place, Life: Life{Region: place}})
		}
	}
	for i := range people {
		people[i].Household = people[i].ID
	}
	return people
}

func TestStockOfPlaces(t *testing.T) {
	b := NewReportBuilder(octoberAsk(CityCode), nil)
	for _, p := range octoberPeople() {
		b.Household([]ReportPerson{p}, nil, nil)
	}
	r, err := b.Report(reportRegions, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Headcount{
		CityCode:    {Start: 15, In: 2, Out: 2, End: 15},
		"620802":    {Start: 10, In: 2, Out: 1, MovedOut: 1, End: 10},
		"620802101": {Start: 6, In: 2, Out: 1, MovedOut: 2, End: 5},
		"620802102": {Start: 4, MovedIn: 1, End: 5},
		"620821":    {Start: 5, Out: 1, MovedIn: 1, End: 5},
	}
	for _, row := range r.Places {
		if w, ok := want[row.Code]; ok {
			w.Unpaired = w.End
			if row.Stock != w || !row.Stock.Balances() {
				t.Errorf("%s: %+v, not %+v", row.Name, row.Stock, w)
			}
			delete(want, row.Code)
		}
	}
	if len(want) > 0 || len(r.Outs) != 2 {
		t.Errorf("lines lack %v; %v", want, r.Outs)
	}
}

// Lines of fewer than three people are told together, and never alone.
func TestSmallLinesAreMerged(t *testing.T) {
	for name, tc := range map[string]struct {
		people []int
		want   []int
	}{
		"nothing small":        {[]int{3, 4}, []int{3, 4}},
		"two small":            {[]int{2, 1, 9}, []int{9, 3}},
		"one small":            {[]int{1, 5, 9}, []int{9, 6}},
		"small and still so":   {[]int{1, 1, 8}, []int{10}},
		"all of them together": {[]int{2, 4}, []int{6}},
	} {
		lines := []*line{{code: "top"}}
		for i, n := range tc.people {
			l := &line{code: string(rune('a' + i)), level: 1, parent: "top"}
			l.people, l.stock.End = n, n
			lines = append(lines, l)
		}
		var got []int
		for _, l := range mergeSmall(lines)[1:] {
			got = append(got, l.people)
			if l.people < SmallCell {
				t.Errorf("%s: a line of %d", name, l.people)
			}
		}
		if len(got) != len(tc.want) {
			t.Errorf("%s: %v, not %v", name, got, tc.want)
			continue
		}
		for i := range got {
			if got[i] != tc.want[i] {
				t.Errorf("%s: %v, not %v", name, got, tc.want)
			}
		}
	}
}

// A signed month that does not agree with its rows any more stops the report and
// is named.
func TestReportNamesWhatDoesNotAddUp(t *testing.T) {
	b := NewReportBuilder(octoberAsk(CityCode), nil)
	for _, p := range octoberPeople() {
		b.Household([]ReportPerson{p}, nil, []Activity{{ID: p.ID, RecipientID: p.ID, Kind: KindVisit, Day: "2026-09-05", RecordedAt: StartOf("2026-09-05", reportZone)}})
	}
	signed := ReportRow{Code: CityCode}
	signed.Now[VisitPersons], signed.Now[VisitHomes] = 17, 18
	_, err := b.Report(reportRegions, nil, []Frozen{{Month: "2026-09", Rows: []ReportRow{signed}}})
	if err == nil || !strings.Contains(err.Error(), "那里2026年9月的“走访探视”对不上:签发时是 17,按记录重数是 18,差 1") {
		t.Errorf("%v", err)
	}
}

func TestKnownOn(t *testing.T) {
	at := func(d Day) Instant { return StartOf(d, reportZone) + 1 }
	for _, tc := range []struct{ day, told, want Day }{
		{"2026-10-09", "2026-10-09", "2026-10-09"},
		{"2026-10-09", "2026-11-13", "2026-10-09"}, // the last day of October's entries
		{"2026-10-09", "2026-11-14", "2026-11-01"},
		{"2026-05-09", "2026-11-14", "2026-11-01"},
		{"", "2026-11-14", ""},
	} {
		if got := DefaultCalendar.KnownOn(tc.day, at(tc.told), reportZone); got != tc.want {
			t.Errorf("%s told on %s counts on %s, not %s", string(tc.day), string(tc.told), string(got), string(tc.want))
		}
	}
}
