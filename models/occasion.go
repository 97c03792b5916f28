package models

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// MonthPlan is the month of the offices (users.md 四.3): the days on which the
// figures are first shown and settled, the province's system is filled in and
// closed, and the report is signed. It is one row of data; all follow it.
type MonthPlan struct{ Preview, Final, Close, Sign int }

// DefaultMonthPlan is the city's.
var DefaultMonthPlan = MonthPlan{Preview: 10, Final: 13, Close: 15, Sign: 18}

// ParseMonthPlan reads four rising days of a month: 10,13,15,18.
func ParseMonthPlan(s string) (m MonthPlan, err error) {
	parts := strings.Split(s, ",")
	days := []*int{&m.Preview, &m.Final, &m.Close, &m.Sign}
	last := 0
	for i, p := range parts {
		n, err := strconv.Atoi(strings.TrimSpace(p))
		if err != nil || len(parts) != len(days) || n <= last || n > 28 {
			return MonthPlan{}, fmt.Errorf("月历要写四个从小到大的日子(1—28),如 10,13,15,18:%q", s)
		}
		*days[i], last = n, n
	}
	return m, nil
}

// String writes the plan as it is read.
func (m MonthPlan) String() string {
	return fmt.Sprintf("%d,%d,%d,%d", m.Preview, m.Final, m.Close, m.Sign)
}

// MonthDays are the days of a plan in one month.
type MonthDays struct{ Preview, Final, Close, Sign Day }

// In gives the days of the plan in the month of a day. One that is a day of rest
// moves to the working day before; only where the month has none before it, to
// the one after.
func (m MonthPlan) In(month Day) MonthDays {
	day := func(n int) Day {
		t := month.Time()
		on := NewDay(t.Year(), t.Month(), n)
		for d := on; d.Time().Month() == t.Month(); d = d.Add(-1) {
			if Workday(d) {
				return d
			}
		}
		return nextWorkday(on)
	}
	return MonthDays{day(m.Preview), day(m.Final), day(m.Close), day(m.Sign)}
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
		t = h
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

func isoWeekday(w time.Weekday) int { return (int(w)+6)%7 + 1 }
