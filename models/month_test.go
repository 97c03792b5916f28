package models

import (
	"testing"
	"time"
)

func TestCalendarMovesBeforeRest(t *testing.T) {
	for _, tc := range []struct {
		month              Month
		draft, close, sign Day
	}{
		{"2026-10", "2026-11-10", "2026-11-13", "2026-11-18"}, // 15 November is a Sunday
		{"2026-09", "2026-10-10", "2026-10-15", "2026-10-16"}, // 10 October is a working Saturday, 18 a Sunday
		{"2026-01", "2026-02-10", "2026-02-14", "2026-02-14"}, // 14 February is a working Saturday before the holidays
		{"2026-12", "2027-01-08", "2027-01-15", "2027-01-18"},
	} {
		c := DefaultCalendar
		if got := [3]Day{c.DraftOn(tc.month), c.CloseOn(tc.month), c.SignOn(tc.month)}; got != [3]Day{tc.draft, tc.close, tc.sign} {
			t.Errorf("%s: %v", string(tc.month), got)
		}
	}
}

func TestMonthClosed(t *testing.T) {
	c := DefaultCalendar
	for _, tc := range []struct {
		day, today Day
		closed     bool
	}{
		{"2026-10-31", "2026-11-13", false},
		{"2026-10-01", "2026-11-14", true},
		{"2026-11-01", "2026-11-14", false},
	} {
		if c.MonthClosed(tc.day, tc.today) != tc.closed {
			t.Errorf("%s on %s: closed is not %t", string(tc.day), string(tc.today), tc.closed)
		}
	}
	zone := time.FixedZone("east", 8*3600)
	if got := c.ClosedAt("2026-10", zone).Time(); !got.Equal(time.Date(2026, 11, 13, 15, 59, 59, 999e6, time.UTC)) {
		t.Error(got)
	}
}

func TestMonth(t *testing.T) {
	m := Month("2026-12")
	if m.Add(1) != "2027-01" || m.Add(-12) != "2025-12" || m.Last() != "2026-12-31" || Month("2028-02").Last() != "2028-02-29" || m.Number() != 12 {
		t.Error(m.Add(1), m.Add(-12), m.Last())
	}
	if _, err := ParseMonth("2026-13"); err == nil {
		t.Error("2026-13 was taken")
	}
}
