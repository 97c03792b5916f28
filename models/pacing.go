package models

import (
	"strconv"
	"time"
)

// Window is a part of each day, as times since midnight. Where To is not after
// From it goes on past midnight.
type Window struct{ From, To time.Duration }

// Awake is the first moment from t on that lies in no quiet window.
func Awake(t time.Time, quiet []Window, zone *time.Location) time.Time {
	for range 2 * len(quiet) {
		moved := false
		for _, w := range quiet {
			local := t.In(zone)
			midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
			since := local.Sub(midnight)
			end := midnight.Add(w.To)
			switch {
			case w.From < w.To && since >= w.From && since < w.To:
			case w.From >= w.To && since >= w.From:
				end = end.AddDate(0, 0, 1)
			case w.From >= w.To && since < w.To:
			default:
				continue
			}
			t, moved = end, true
		}
		if !moved {
			break
		}
	}
	return t
}

// Milestone is a day of the year by which a share of a duty should be done. A
// cadre who is behind is spoken to so many days before it, and not in between:
// early enough to go on a free day, seldom enough not to nag.
type Milestone struct {
	Kind  Kind
	Name  string     // in the key of a reason, after the year: 2026H1
	Month time.Month // ends with its last day
	Of    [2]int     // the share of the year's number, as a fraction
	Speak []int      // days before
}

// Milestones are the pace of the year: a contact a quarter, a visit each half,
// one thing done by its end.
var Milestones = []Milestone{
	{KindContact, "Q1", time.March, [2]int{1, 4}, []int{30, 14}},
	{KindVisit, "H1", time.June, [2]int{1, 2}, []int{61, 30, 14}},
	{KindContact, "Q2", time.June, [2]int{2, 4}, []int{30, 14}},
	{KindVisit, "Q3", time.September, [2]int{1, 2}, []int{30, 14}}, // who missed the first half
	{KindContact, "Q3", time.September, [2]int{3, 4}, []int{30, 14}},
	{KindVisit, "H2", time.December, [2]int{1, 1}, []int{61, 30, 14}},
	{KindContact, "Q4", time.December, [2]int{1, 1}, []int{61, 30, 14}},
	{KindHelp, "", time.December, [2]int{1, 1}, []int{61, 30, 14}},
}

// By is the day of the milestone in a year.
func (m Milestone) By(year int) Day { return NewDay(year, m.Month+1, 0) }

func (m Milestone) share(n int) int { return (n*m.Of[0] + m.Of[1] - 1) / m.Of[1] }

// Owed is what a pairing lacks of one duty by the next milestone.
type Owed struct {
	Kind Kind
	N    int
	By   Day
	Name string // 2026H1
	Step int    // how many days before it was spoken of: 61, 30, 14
}

// Owes lists what a pairing is behind with by the pace of the year, where it is
// time to speak of it. A pairing younger than a month has time, and where the
// opening figures are unknown nothing is claimed (users.md 一.1).
func Owes(p Pairing, t Tally) (out []Owed) {
	if !p.Holds(t.On) || t.OpeningUnknown {
		return nil
	}
	year := t.On.Year()
	for _, m := range Milestones {
		duty, owed := t.Duty(m.Kind)
		if !owed || duty.Fresh || duty.State == ObligationCancelled {
			continue
		}
		need, have := m.share(duty.Number), duty.Have
		if have >= need {
			continue
		}
		by := m.By(year)
		left := by.Sub(t.On)
		if left < 0 || left > m.Speak[0] {
			continue
		}
		o := Owed{Kind: m.Kind, N: need - have, By: by, Name: strconv.Itoa(year) + m.Name}
		for _, days := range m.Speak {
			if left <= days {
				o.Step = days
			}
		}
		out = append(out, o)
	}
	return out
}

// expected is what should be done by a day at the latest, of a number of the year.
func expected(kind Kind, number int, from, today Day) (n int) {
	for _, m := range Milestones {
		if m.Kind != kind {
			continue
		}
		if by := m.By(today.Year()); from <= by && by.Sub(today) <= m.Speak[0] {
			n = max(n, m.share(number))
		}
	}
	return n
}

// GoodDay is a day to name for a visit or a call: Wednesday of next week, or the
// working day before it, but not after a day by which it must be. Where no
// working day is left before that, it is that day.
func GoodDay(today, by Day) Day {
	d := today.Monday().Add(9)
	if d > by {
		d = by
	}
	for at := d; at > today; at = at.Add(-1) {
		if Workday(at) {
			return at
		}
	}
	for at := today.Add(1); at <= by; at = at.Add(1) { // a long holiday
		if Workday(at) {
			return at
		}
	}
	return by
}
