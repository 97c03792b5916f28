package models

import (
	"fmt"
	"strings"
)

// Target is a number of each kind of duty.
type Target struct{ Contacts, Visits, Helps int }

// add counts a kind.
func (t *Target) add(k Kind, n int) {
	switch k {
	case KindContact:
		t.Contacts += n
	case KindVisit:
		t.Visits += n
	case KindHelp:
		t.Helps += n
	}
}

// Of is the number of a kind.
func (t Target) Of(k Kind) int {
	switch k {
	case KindContact:
		return t.Contacts
	case KindVisit:
		return t.Visits
	case KindHelp:
		return t.Helps
	}
	return 0
}

// ObligationState is how far an obligation is.
type ObligationState string

// The states of an obligation.
const (
	ObligationOpen      ObligationState = "open"      // there is time
	ObligationDue       ObligationState = "due"       // by the pace of the period some should be done by now
	ObligationDone      ObligationState = "done"      //
	ObligationOverdue   ObligationState = "overdue"   // the period is over and some are missing
	ObligationCancelled ObligationState = "cancelled" // not owed, with the reason
)

// Obligation is what a pairing owes by one rule in one period, and has.
type Obligation struct {
	Key      string // of the rule
	Name     string
	Kind     Kind
	Cycle    Cycle
	From, To Day // of the period
	Number   int
	Have     int
	Proxied  int // of Have, calls that stood for a visit
	Expected int // by now, by the pace of the period
	State    ObligationState
	Reason   string // why it is cancelled, or why the number is not the rule's
	Rest     State  // of the person now: only calls are asked for
	Fresh    bool   // the pairing is so young that nothing is asked for yet
	gap      int
}

// Missing is what is lacking; what is not owed lacks nothing.
func (o Obligation) Missing() int {
	if o.State == ObligationCancelled {
		return 0
	}
	return max(0, o.Number-o.Have)
}

// Met tells whether it is done; where the share is none there is nothing to do.
func (o Obligation) Met() bool { return o.Have >= o.Number }

// Word is what people call the state. Before the year is over nothing is called
// failed (users.md 五.1).
func (o Obligation) Word(seen Day) string {
	switch {
	case o.State == ObligationDone:
		return "够了"
	case o.State == ObligationCancelled:
		return "不算差"
	case o.State == ObligationOverdue && o.Cycle == CycleWeek:
		return "没见到记录"
	case o.State == ObligationOverdue && seen.Year() > o.To.Year():
		return "未达标"
	}
	return "还差"
}

// Credit tells of one activity whether it counts for a rule, or why it does not.
type Credit struct {
	Index int    // of the activity
	Key   string // of the rule; "" where no rule is about it
	Why   string // "" where it counts
}

// Tally is how a pairing stands on a day: what is owed in that year, what was
// done and what counts.
type Tally struct {
	On                      Day
	Seen                    Day // from when it is looked at: On, or after the year
	Contacts, Visits, Helps int // of the calendar year
	LastSeen                Day // the last visit or contact that is on record
	OpeningUnknown          bool
	Opened                  Target       // the opening figures that stand in it
	Duties                  []Obligation // of the year in the order of the rules; of weeks the last few
	Credits                 []Credit
}

// Counts tells whether an activity is one that counts anywhere: a policy only
// explained is told apart from help with it (users.md 一.12), aid is no duty.
func (a Activity) Counts() bool {
	switch a.Kind {
	case KindVisit, KindContact:
		return true
	case KindHelp:
		return a.Help != HelpPolicy || a.Stage != PolicyExplained
	}
	return false
}

// Current lists the obligations of the periods that hold the day.
func (t Tally) Current() (out []Obligation) {
	for i := range t.Duties {
		if t.current(i) && len(out) == i {
			out = t.Duties[: i+1 : i+1] // most have none but those
		} else if t.current(i) {
			out = append(out, t.Duties[i])
		}
	}
	return out
}

func (t *Tally) current(i int) bool { return t.Duties[i].From <= t.On && t.On <= t.Duties[i].To }

var lately = map[Cycle]string{CycleYear: "", CycleHalf: "本半年", CycleMonth: "本月", CycleWeek: "本周"}

// Line is the year in one line: 联系 1/4 走访 2/2 实事 0/1. A line of service
// without numbers tells what was done.
func (t Tally) Line() string {
	var parts []string
	yearly := false
	for _, o := range t.Current() {
		yearly = yearly || o.Cycle != CycleWeek
		parts = append(parts, fmt.Sprintf("%s%s %d/%d", lately[o.Cycle], o.Name, o.Have, o.Number))
	}
	if !yearly {
		parts = append(parts, fmt.Sprintf("今年联系%d次、走访%d次、实事%d件", t.Contacts, t.Visits, t.Helps))
	}
	return strings.Join(parts, " ")
}

// Missing is what is still to be done, by kind, in the periods that hold the day.
func (t Tally) Missing() (lack Target) {
	for _, o := range t.Current() {
		lack.add(o.Kind, o.Missing())
	}
	return lack
}

// Lack is how many acts are missing in all.
func (t Tally) Lack() int {
	m := t.Missing()
	return m.Contacts + m.Visits + m.Helps
}

// Met tells whether all is done that is owed now.
func (t Tally) Met() bool {
	for _, o := range t.Current() {
		if !o.Met() {
			return false
		}
	}
	return true
}

// Duty finds the yearly obligation of a kind.
func (t Tally) Duty(k Kind) (Obligation, bool) {
	for i := range t.Duties {
		if o := &t.Duties[i]; o.Kind == k && o.Cycle == CycleYear && t.current(i) {
			return *o, true
		}
	}
	return Obligation{}, false
}
