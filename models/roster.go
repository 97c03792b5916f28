package models

import (
	"cmp"
	"slices"
)

// DutyShift is a time in which an account answers for the danger of a place.
type DutyShift struct {
	ID        string `gorm:"primaryKey"`
	AccountID string
	Region    string
	FromAt    Instant
	UntilAt   Instant // zero: until somebody ends it
	AddedBy   string
	AddedAt   Instant
}

// On tells whether a shift runs at a moment.
func (d DutyShift) On(at Instant) bool {
	return d.FromAt <= at && (d.UntilAt == 0 || at < d.UntilAt)
}

// RosterLeast is how many people a place needs at a time: a red case is taken by
// two.
const RosterLeast = 2

// RosterGap is a time in which too few are on duty in a place.
type RosterGap struct {
	From, Until Instant
	People      int
}

// RosterGaps finds the times between two moments in which fewer than RosterLeast
// people have a shift.
func RosterGaps(shifts []DutyShift, from, until Instant) (gaps []RosterGap) {
	turns := []Instant{from, until}
	for _, s := range shifts {
		for _, at := range []Instant{s.FromAt, s.UntilAt} {
			if at > from && at < until {
				turns = append(turns, at)
			}
		}
	}
	slices.Sort(turns)
	turns = slices.Compact(turns)
	for i, at := range turns[:len(turns)-1] {
		n := len(OnShift(shifts, at))
		switch last := len(gaps) - 1; {
		case n >= RosterLeast:
		case last >= 0 && gaps[last].Until == at && gaps[last].People == n:
			gaps[last].Until = turns[i+1]
		default:
			gaps = append(gaps, RosterGap{at, turns[i+1], n})
		}
	}
	return gaps
}

// OnShift lists the accounts that have a shift at a moment, each once.
func OnShift(shifts []DutyShift, at Instant) (accounts []string) {
	for _, s := range shifts {
		if s.On(at) && !slices.Contains(accounts, s.AccountID) {
			accounts = append(accounts, s.AccountID)
		}
	}
	return accounts
}

// Called are whom a red case of a place reaches first: those on the roster where
// there are enough, else all who hold an account for it, with them. A roster that
// was forgotten leaves nobody uncalled.
func Called(roster, standing []Account, least int) []Account {
	called := slices.Clone(standing)
	if len(roster) >= least {
		called = slices.DeleteFunc(called, func(a Account) bool { return a.Role == AccountDuty })
	}
	called = append(called, roster...)
	slices.SortStableFunc(called, func(a, b Account) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(called, func(a, b Account) bool { return a.ID == b.ID })
}
