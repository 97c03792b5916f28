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

// Pace is how many visits a pairing should have by today, and the half year whose
// share is asked for: half of the target from two months before the end of June
// on, all of it from two months before the end of the year on. Early enough to
// go on a free day, late enough not to nag.
func Pace(want Target, today Day) (visits int, half string) {
	year := today.Year()
	switch {
	case NewDay(year, time.December, 31).Sub(today) <= speakUp:
		return want.Visits, strconv.Itoa(year) + "H2"
	case NewDay(year, time.June, 30).Sub(today) <= speakUp:
		return (want.Visits + 1) / 2, strconv.Itoa(year) + "H1"
	}
	return 0, ""
}

const speakUp = 61 // days

// VisitsBehind is how many visits a pairing lacks by the pace of the year, and
// the half year they belong to. A pairing younger than a month has time, one of
// the second half owes no first one, and where the opening figures are unknown
// nothing is claimed (users.md 一.1).
func VisitsBehind(p Pairing, t Tally, want Target, today Day) (visits int, half string) {
	need, half := Pace(want, today)
	if !p.Holds(today) || t.OpeningUnknown || p.Line != LinePairing || today.Sub(p.FromDay) < 30 {
		return 0, ""
	}
	if half == strconv.Itoa(today.Year())+"H1" && p.FromDay > NewDay(today.Year(), time.June, 30) {
		return 0, ""
	}
	return max(0, need-t.Visits), half
}
