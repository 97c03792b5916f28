package models

import (
	"slices"
	"testing"
	"time"
)

var pingliang = time.FixedZone("Asia/Shanghai", 8*3600)

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, pingliang)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// Limits over weekends, holidays and swapped days.
func TestSpans(t *testing.T) {
	days := func(n int) Span { return Span{Workdays: n} }
	for _, tc := range []struct {
		name, from string
		span       Span
		until      string
	}{
		{"a day in the week", "2026-11-24 10:00", days(1), "2026-11-25 10:00"},
		{"over a weekend", "2026-11-20 17:00", days(1), "2026-11-23 17:00"},
		{"said on a Saturday", "2026-11-21 10:00", days(1), "2026-11-24 08:30"},
		{"said on a Sunday night", "2026-11-22 23:00", days(7), "2026-12-02 08:30"},
		{"said before the office opens", "2026-11-24 06:00", days(1), "2026-11-25 08:30"},
		{"said after it closes", "2026-11-24 18:00", days(1), "2026-11-26 08:30"},
		{"said at the last minute", "2026-11-24 17:59", days(1), "2026-11-25 17:59"},
		{"seven days", "2026-11-24 10:00", days(7), "2026-12-03 10:00"},
		{"fifteen days", "2026-11-24 10:00", days(15), "2026-12-15 10:00"},
		{"over National Day, with a swapped Saturday after it", "2026-09-30 10:00", days(3), "2026-10-10 10:00"},
		{"a swapped Sunday before it is a working day", "2026-09-18 10:00", days(1), "2026-09-20 10:00"},
		{"over the lunar new year", "2026-02-13 10:00", days(2), "2026-02-24 10:00"},
		{"over May Day", "2026-04-30 10:00", days(2), "2026-05-07 10:00"},
		{"into a new year", "2026-12-31 10:00", days(1), "2027-01-04 10:00"},
		{"two hours by day", "2026-11-24 17:30", Span{Hours: 2}, "2026-11-24 19:30"},
		{"two hours on a holiday", "2026-10-01 10:00", Span{Hours: 2}, "2026-10-01 12:00"},
	} {
		if got := tc.span.From(moment(t, tc.from), pingliang); !got.Equal(moment(t, tc.until)) {
			t.Errorf("%s: %s + %s = %s, want %s", tc.name, tc.from, tc.span, got.Format("2006-01-02 15:04"), tc.until)
		}
	}
}

func TestPausedSpans(t *testing.T) {
	limit, paused, resumed := moment(t, "2026-12-03 10:00"), moment(t, "2026-11-24 10:00"), moment(t, "2026-11-30 09:00")
	if got := (Span{Workdays: 7}).After(limit, paused, resumed, pingliang); !got.Equal(moment(t, "2026-12-09 10:00")) {
		t.Errorf("four working days later: %s", got)
	}
	if got := (Span{Hours: 2}).After(limit, paused, paused.Add(time.Hour), pingliang); !got.Equal(limit.Add(time.Hour)) {
		t.Errorf("an hour later: %s", got)
	}
}

// A month of a table that is wrong would move every clock.
func TestWorkdays(t *testing.T) {
	if !slices.IsSorted(daysOff) || !slices.IsSorted(extraWorkdays) {
		t.Fatal("the tables are searched by halves and must be in order")
	}
	for _, d := range append(slices.Clone(daysOff), extraWorkdays...) {
		if _, err := ParseDay(string(d)); err != nil {
			t.Error(err)
		}
	}
	for day, open := range map[Day]bool{
		"2026-01-01": false, "2026-02-16": false, "2026-10-01": false, "2026-10-05": false, "2026-10-10": true, "2026-11-21": false,
		"2026-11-23": true, "2027-01-01": false, "2027-02-05": false, "2027-02-08": false, "2027-10-01": false, "2027-06-09": false,
	} {
		if Workday(day) != open {
			t.Errorf("%s: open is %t", day, !open)
		}
	}
	if n := Workdays("2026-09-30", "2026-10-10"); n != 3 {
		t.Errorf("%d working days around National Day", n)
	}
}

func TestNeedSteps(t *testing.T) {
	steps := NeedSteps("housing", "620802001003")
	var names []string
	for _, s := range steps {
		names = append(names, s.Name)
	}
	if !slices.Equal(names, []string{"住建局", "乡镇", "县上", "市上"}) {
		t.Errorf("%v", names)
	}
	n := Need{Region: "620802001003", Department: "housing"}
	for _, tc := range []struct {
		name    string
		a       Account
		handles bool
	}{
		{"its department", Account{Role: AccountDepartment, Region: "620802", Department: "崆峒区住房和城乡建设局"}, true},
		{"another department", Account{Role: AccountDepartment, Region: "620802", Department: "教育局"}, false},
		{"its department elsewhere", Account{Role: AccountDepartment, Region: "620825", Department: "住建局"}, false},
		{"the township", Account{Role: AccountTownship, Region: "620802001"}, true},
		{"the next township", Account{Role: AccountTownship, Region: "620802002"}, false},
		{"the county", Account{Role: AccountCounty, Region: "620802"}, true},
		{"an account that ended", Account{Role: AccountCounty, Region: "620802", DisabledAt: 1}, false},
		{"a unit", Account{Role: AccountUnit, Region: "620802", UnitID: "u"}, false},
		{"somebody on duty", Account{Role: AccountDuty, Region: "620802"}, false},
	} {
		if got := tc.a.HandlesNeed(n); got != tc.handles {
			t.Errorf("%s: %t", tc.name, got)
		}
	}
}
