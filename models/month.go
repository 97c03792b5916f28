package models

import (
	"fmt"
	"time"
)

// Month is a calendar month: 2026-10.
type Month string

// MonthOf is the month of a day.
func MonthOf(d Day) Month { return Month(d[:7]) }

// NewMonth makes the month m of a year; m may lie outside 1 to 12.
func NewMonth(year, m int) Month {
	return Month(time.Date(year, time.Month(m), 1, 0, 0, 0, 0, time.UTC).Format("2006-01"))
}

// ParseMonth reads 2026-10.
func ParseMonth(s string) (Month, error) {
	if _, err := time.Parse("2006-01", s); err != nil {
		return "", fmt.Errorf("月份应写成 2026-10 这样:%q", s)
	}
	return Month(s), nil
}

// First is the first day of the month.
func (m Month) First() Day { return Day(m) + "-01" }

// Last is the last day of the month.
func (m Month) Last() Day { return m.Add(1).First().Add(-1) }

// Add is the month n months later.
func (m Month) Add(n int) Month { return NewMonth(m.Year(), m.Number()+n) }

// Year is the year of the month.
func (m Month) Year() int { return m.First().Year() }

// Number is the month's place in its year, from 1.
func (m Month) Number() int { return int(m.First().Time().Month()) }

// String shows the month as people read it: 2026年10月.
func (m Month) String() string {
	if m == "" {
		return "—"
	}
	return fmt.Sprintf("%d年%d月", m.Year(), m.Number())
}

// Calendar holds the days of the following month by which a month is drafted,
// settled, closed and signed off (users.md 四.3). A day of rest moves to the
// working day before it.
type Calendar struct{ Draft, Settle, Close, Sign int }

// DefaultCalendar is 10日预出、13日定稿、15日录完关账、18日签发.
var DefaultCalendar = Calendar{Draft: 10, Settle: 13, Close: 15, Sign: 18}

// DraftOn is the day on which a month's report is first drawn up.
func (c Calendar) DraftOn(m Month) Day { return c.on(m, c.Draft) }

// SettleOn is the day on which its numbers are agreed.
func (c Calendar) SettleOn(m Month) Day { return c.on(m, c.Settle) }

// CloseOn is the last day on which entries still count for the month.
func (c Calendar) CloseOn(m Month) Day { return c.on(m, c.Close) }

// SignOn is the day on which the report is signed off.
func (c Calendar) SignOn(m Month) Day { return c.on(m, c.Sign) }

func (c Calendar) on(m Month, day int) Day {
	d := m.Add(1).First().Add(day - 1)
	for !Workday(d) {
		d = d.Add(-1)
	}
	return d
}

// MonthClosed tells whether the month of a day is closed on today: what is
// entered, corrected or taken back for it from then on stands in the next
// report's column 补以前月份 (users.md 五.1).
func (c Calendar) MonthClosed(day, today Day) bool { return today > c.CloseOn(MonthOf(day)) }

// ClosedAt is the last moment that counts for a month.
func (c Calendar) ClosedAt(m Month, zone *time.Location) Instant {
	next := c.CloseOn(m).Add(1).Time()
	return InstantOf(time.Date(next.Year(), next.Month(), next.Day(), 0, 0, 0, 0, zone)) - 1
}

// KnownOn is the day on which something of a day counts that was told at a moment:
// the day itself, or the first of the month in which it became known, where its
// own was closed by then.
func (c Calendar) KnownOn(day Day, told Instant, zone *time.Location) Day {
	if day == "" || told <= c.ClosedAt(MonthOf(day), zone) {
		return day
	}
	m := MonthOf(day).Add(1)
	for told > c.ClosedAt(m, zone) {
		m = m.Add(1)
	}
	return m.First()
}
