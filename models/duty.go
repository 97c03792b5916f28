package models

import "fmt"

// Target is what a pairing owes in a year. The numbers are data (settings);
// Default is the city's plan of action (domain.md §1.3).
type Target struct{ Contacts, Visits, Helps int }

// DefaultTarget is ≥4 contacts, ≥2 visits, ≥1 thing done.
var DefaultTarget = Target{Contacts: 4, Visits: 2, Helps: 1}

// Tally is what a pairing has in a year.
type Tally struct {
	Contacts, Visits, Helps int
	LastSeen                Day // the last visit or contact that is on record
	OpeningUnknown          bool
}

// Counts tells whether an activity counts for the duty of its kind: a policy
// only explained does not (users.md 一.12), aid is no duty.
func (a Activity) Counts() bool {
	switch a.Kind {
	case KindVisit, KindContact:
		return true
	case KindHelp:
		return a.Help != HelpPolicy || a.Stage != PolicyExplained
	}
	return false
}

// Count adds up the activities of one pairing in a year. Several visits on one
// day credit one (users.md 一.5); opening figures stand for the days up to
// their date.
func Count(p Pairing, rows []Activity, year int) Tally {
	t := Tally{OpeningUnknown: p.OpeningUnknown}
	var until Day
	if p.OpeningAsOf != "" && p.OpeningAsOf.Year() == year && !p.OpeningUnknown {
		until = p.OpeningAsOf
		t.Contacts, t.Visits, t.Helps = p.OpeningContacts, p.OpeningVisits, p.OpeningHelps
	}
	visited := map[Day]bool{}
	for _, a := range rows {
		if a.Kind == KindVisit || a.Kind == KindContact {
			t.LastSeen = max(t.LastSeen, a.Day)
		}
		if a.Day <= until || !a.Counts() {
			continue
		}
		switch a.Kind {
		case KindVisit:
			if !visited[a.Day] {
				t.Visits++
			}
			visited[a.Day] = true
		case KindContact:
			t.Contacts++
		case KindHelp:
			t.Helps++
		}
	}
	return t
}

// Line is the year in one line: 联系 1/4 走访 2/2 实事 0/1.
func (t Tally) Line(want Target) string {
	return fmt.Sprintf("联系 %d/%d 走访 %d/%d 实事 %d/%d", t.Contacts, want.Contacts, t.Visits, want.Visits, t.Helps, want.Helps)
}

// Missing is what is still to be done.
func (t Tally) Missing(want Target) Target {
	return Target{max(0, want.Contacts-t.Contacts), max(0, want.Visits-t.Visits), max(0, want.Helps-t.Helps)}
}

// Met tells whether nothing is missing.
func (t Tally) Met(want Target) bool { return t.Missing(want) == Target{} }
