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

// Half names the half of the year that a day lies in: 2026H2.
func (d Day) Half() string {
	if d.Time().Month() <= time.June {
		return strconv.Itoa(d.Year()) + "H1"
	}
	return strconv.Itoa(d.Year()) + "H2"
}

// remindBefore is how long before the end of a half year visits that are behind
// are spoken of: early enough to go on a free day, late enough not to nag.
const remindBefore = 61

// VisitsBehind is how many visits a pairing lacks for the half year that today
// lies in, once its last two months have begun: half of the target by the end of
// June, all by the end of December. A pairing younger than a month has time, and
// where the opening figures are unknown nothing is claimed (users.md 一.1).
func VisitsBehind(p Pairing, t Tally, want Target, today Day) int {
	end, need := NewDay(today.Year(), time.June, 30), (want.Visits+1)/2
	if today > end {
		end, need = NewDay(today.Year(), time.December, 31), want.Visits
	}
	if end.Sub(today) > remindBefore || !p.Holds(today) || t.OpeningUnknown || p.Line != LinePairing {
		return 0
	}
	if today.Sub(p.FromDay) < 30 {
		return 0
	}
	return max(0, need-t.Visits)
}
