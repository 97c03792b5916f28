package models

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseCalendar reads the four rising days of a month by which all that follows
// the month goes: 10,13,15,18.
func ParseCalendar(s string) (Calendar, error) {
	var c Calendar
	days := []*int{&c.Draft, &c.Settle, &c.Close, &c.Sign}
	parts, last := strings.Split(s, ","), 0
	for i, p := range parts {
		n, err := strconv.Atoi(strings.TrimSpace(p))
		if err != nil || len(parts) != len(days) || n <= last || n > 28 {
			return Calendar{}, fmt.Errorf("月历要写四个从小到大的日子(1到28),如 10,13,15,18:%q", s)
		}
		*days[i], last = n, n
	}
	return c, nil
}

// String writes the calendar as it is read.
func (c Calendar) String() string {
	return fmt.Sprintf("%d,%d,%d,%d", c.Draft, c.Settle, c.Close, c.Sign)
}

// Lunar finds the day on which a day of the lunar calendar falls in a year.
type Lunar func(year, month, day int) (Day, bool)

// NextBirthday is the next birthday from a day on, by the sun or, where lunar is
// given, by the moon: the register then holds the lunar date. The 29th of
// February is kept on the 28th.
func NextBirthday(birth, from Day, lunar Lunar) (Day, bool) {
	if birth == "" {
		return "", false
	}
	b := birth.Time()
	for year := from.Year() - 1; year <= from.Year()+1; year++ {
		on, ok := NewDay(year, b.Month(), b.Day()), true
		switch {
		case lunar != nil:
			on, ok = lunar(year, int(b.Month()), b.Day())
		case on.Time().Month() != b.Month():
			on = NewDay(year, time.February, 28)
		}
		if ok && on >= from {
			return on, true
		}
	}
	return "", false
}

// PushChoice is what a person wants of unasked messages. The zero value is what
// holds for everybody.
type PushChoice struct {
	Role      Role   `gorm:"primaryKey"`
	SubjectID string `gorm:"primaryKey"`
	// Weekday (1 Monday … 7 Sunday) and Minute of the day when they are to come;
	// Weekday 0 is the common hour.
	Weekday, Minute int
	Every           int     // days from one to the next; 0: a week
	Off             bool    // none at all
	HoldUntil       Instant // none before
	Digest          string  // of an office: DigestWeek, DigestMonth, DigestNone; "" as its role has it
	ChangedAt       Instant
}

// How often an office gets its digest.
const (
	DigestWeek  = "week"
	DigestMonth = "month"
	DigestNone  = "none"
)

// Span is the least time between two unasked messages.
func (c PushChoice) Span() time.Duration {
	if c.Every > 7 {
		return time.Duration(c.Every) * 24 * time.Hour
	}
	return 7 * 24 * time.Hour
}

// Next is the first moment from t on at the hour that the person chose, or t.
func (c PushChoice) Next(t time.Time, zone *time.Location) time.Time {
	if h := c.HoldUntil.Time(); c.HoldUntil > 0 && h.After(t) {
		t = h.In(zone)
	}
	if c.Weekday == 0 {
		return t
	}
	local := t.In(zone)
	at := time.Date(local.Year(), local.Month(), local.Day(), 0, c.Minute, 0, 0, zone)
	at = at.AddDate(0, 0, (c.Weekday-isoWeekday(at.Weekday())+7)%7)
	if at.Before(t) {
		at = at.AddDate(0, 0, 7)
	}
	return at
}

// Free is the first moment from t on that lies on no day of rest, at the same hour;
// who chose the weekend is written to then.
func (c PushChoice) Free(t time.Time, zone *time.Location) time.Time {
	for c.Weekday < 6 && !Workday(DayOf(t, zone)) {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

func isoWeekday(w time.Weekday) int { return (int(w)+6)%7 + 1 }
