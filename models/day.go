package models

import (
	"fmt"
	"time"
)

// Day is a calendar day in the programme's time zone, written 2006-01-02. The
// zero value "" means "no day". Days compare correctly as strings.
type Day string

// DayOf returns the day that t falls on in zone.
func DayOf(t time.Time, zone *time.Location) Day { return Day(t.In(zone).Format(time.DateOnly)) }

// NewDay returns the day of that year, month and day of month, normalised as
// time.Date does (so the 31st of April is the 1st of May).
func NewDay(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
}

// ParseDay reads 2006-01-02 and refuses everything else.
func ParseDay(s string) (Day, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("日期应写成 2026-11-20 这样:%q", s)
	}
	return Day(s), nil
}

// Time returns midnight UTC of the day, for calendar arithmetic only.
func (d Day) Time() time.Time {
	if len(d) != 10 {
		return time.Time{}
	}
	n := func(from, to int) (n int) { // lists do this a million times
		for _, c := range []byte(d[from:to]) {
			n = 10*n + int(c-'0')
		}
		return n
	}
	return time.Date(n(0, 4), time.Month(n(5, 7)), n(8, 10), 0, 0, 0, 0, time.UTC)
}

// Add returns the day n days later (earlier for negative n).
func (d Day) Add(n int) Day { return Day(d.Time().AddDate(0, 0, n).Format(time.DateOnly)) }

// Sub returns the number of days from e to d.
func (d Day) Sub(e Day) int { return int(d.Time().Sub(e.Time()) / (24 * time.Hour)) }

// Year returns the calendar year.
func (d Day) Year() int { return d.Time().Year() }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.Time().Weekday() }

// Monday returns the first day of the Monday-first week that holds d.
func (d Day) Monday() Day { return d.Add(-((int(d.Weekday()) + 6) % 7)) }

var weekdays = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

// String shows the day as people read it: 11月20日(周五).
func (d Day) String() string {
	if d == "" {
		return "—"
	}
	t := d.Time()
	return fmt.Sprintf("%d月%d日(%s)", t.Month(), t.Day(), weekdays[t.Weekday()])
}

// MarshalText writes the plain form 2006-01-02, so that JSON and YAML carry no
// words.
func (d Day) MarshalText() ([]byte, error) { return []byte(d), nil }

// UnmarshalText reads the plain form.
func (d *Day) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = ""
		return nil
	}
	v, err := ParseDay(string(b))
	*d = v
	return err
}

// StartOf is the first moment of a day in a zone.
func StartOf(d Day, zone *time.Location) Instant {
	t := d.Time()
	return InstantOf(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone))
}
