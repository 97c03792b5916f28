package models

import (
	"fmt"
	"slices"
	"time"
)

// The hours in which offices are open. A clock in working days keeps its time of
// day within them; the break at noon does not stop it.
const (
	officeOpens  = 8*time.Hour + 30*time.Minute
	officeCloses = 18 * time.Hour
)

// Workday tells whether offices are open on a day: Monday to Friday, but for
// holidays and the weekend days that are swapped for them.
func Workday(d Day) bool {
	if _, off := slices.BinarySearch(daysOff, d); off {
		return false
	}
	if _, open := slices.BinarySearch(extraWorkdays, d); open {
		return true
	}
	w := d.Weekday()
	return w != time.Saturday && w != time.Sunday
}

// AddWorkdays is the same time of day n working days later. What comes outside
// the office hours counts from the next opening.
func AddWorkdays(t time.Time, n int, zone *time.Location) time.Time {
	local := t.In(zone)
	day := DayOf(t, zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
	clock := local.Sub(midnight)
	if !Workday(day) || clock >= officeCloses {
		day, clock = nextWorkday(day), officeOpens
	}
	clock = max(clock, officeOpens)
	for range n {
		day = nextWorkday(day)
	}
	d := day.Time()
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone).Add(clock)
}

func nextWorkday(d Day) Day {
	for d = d.Add(1); !Workday(d); d = d.Add(1) {
	}
	return d
}

// Workdays counts the working days after one day up to another.
func Workdays(after, until Day) (n int) {
	for d := after.Add(1); d <= until; d = d.Add(1) {
		if Workday(d) {
			n++
		}
	}
	return n
}

// AddWorkhours is n office hours later: what does not fit into a day goes on with
// the next opening. The break at noon counts.
func AddWorkhours(t time.Time, n int, zone *time.Location) time.Time {
	t = AddWorkdays(t, 0, zone)
	for left := time.Duration(n) * time.Hour; ; {
		local := t.In(zone)
		closing := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone).Add(officeCloses)
		fits := closing.Sub(t)
		if left <= fits {
			return t.Add(left)
		}
		left -= fits
		t = AddWorkdays(closing, 0, zone)
	}
}

// Span is a time limit: hours by the clock, office hours, or working days. Limits
// by the clock run through nights and holidays, the others do not (users.md 三.3).
type Span struct{ Hours, Workdays, Workhours int }

// From is the end of the span that begins at t.
func (s Span) From(t time.Time, zone *time.Location) time.Time {
	if s.Workhours > 0 {
		return AddWorkhours(t, s.Workhours, zone)
	}
	t = t.Add(time.Duration(s.Hours) * time.Hour)
	if s.Workdays == 0 {
		return t
	}
	return AddWorkdays(t, s.Workdays, zone)
}

// After moves a limit by the time for which it was paused.
func (s Span) After(limit, paused, resumed time.Time, zone *time.Location) time.Time {
	if s.Workdays == 0 {
		return limit.Add(resumed.Sub(paused))
	}
	return AddWorkdays(limit, Workdays(DayOf(paused, zone), DayOf(resumed, zone)), zone)
}

// String says the span: 2小时, 7个工作日.
func (s Span) String() string {
	if s.Workhours > 0 {
		return fmt.Sprintf("%d个工作小时", s.Workhours)
	}
	if s.Workdays == 0 {
		return fmt.Sprintf("%d小时", s.Hours)
	}
	return fmt.Sprintf("%d个工作日", s.Workdays)
}
