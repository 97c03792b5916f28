package models

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Cycle is how often a duty returns.
type Cycle string

// The periods. Weeks are those of ISO 8601, Monday first.
const (
	CycleYear  Cycle = "year"
	CycleHalf  Cycle = "half"
	CycleMonth Cycle = "month"
	CycleWeek  Cycle = "week"
)

// Span is the period that holds a day: its first and last day.
func (p Cycle) Span(d Day) (from, to Day) {
	year, month := d.Year(), d.Time().Month()
	switch p {
	case CycleHalf:
		if month <= time.June {
			return NewDay(year, time.January, 1), NewDay(year, time.June, 30)
		}
		return NewDay(year, time.July, 1), NewDay(year, time.December, 31)
	case CycleMonth:
		return NewDay(year, month, 1), NewDay(year, month+1, 0)
	case CycleWeek:
		return d.Monday(), d.Monday().Add(6)
	}
	return NewDay(year, time.January, 1), NewDay(year, time.December, 31)
}

// Slot names a period: 2026, 2026H1, 2026-07, 2026W53.
func (p Cycle) Slot(d Day) string {
	switch p {
	case CycleHalf:
		if d.Time().Month() <= time.June {
			return strconv.Itoa(d.Year()) + "H1"
		}
		return strconv.Itoa(d.Year()) + "H2"
	case CycleMonth:
		return string(d[:7])
	case CycleWeek:
		year, week := d.Time().ISOWeek()
		return strconv.Itoa(year) + "W" + strconv.Itoa(week)
	}
	return strconv.Itoa(d.Year())
}

// Share is what becomes of a number when a pairing does not last the whole
// period.
type Share string

// The ways of sharing.
const (
	ShareWhole    Share = "whole"    // the number is owed whole
	ShareHandover Share = "handover" // whole, but divided by days among cadres who follow each other
	ShareDays     Share = "days"     // by the days of the period that the person is paired, rounded up, divided likewise
)

// RuleUnit is for whom one thing done is enough.
type RuleUnit string

// The units.
const (
	UnitPerson    RuleUnit = "person"    // each person
	UnitHousehold RuleUnit = "household" // all of a household that the cadre looks after
	UnitCadre     RuleUnit = "cadre"     // all whom the cadre looks after
)

// Rule is one version of a duty. The rules are data: an office changes them by
// adding a version that holds from a day on; nothing is overwritten. A version
// begins with the first period that starts on its day or later, or, AtOnce, with
// the one that is running: never backwards unless said.
type Rule struct {
	ID     string `gorm:"primaryKey"`
	Key    string `gorm:"column:rule_key"` // which duty this is a version of
	Name   string // what people call it: 走访
	Kind   Kind
	Number int // in a period; 0 ends the duty
	Cycle  Cycle

	// Who owes it. Empty lists narrow nothing.
	Line         Line
	Categories   string // comma separated Category values
	CareMode     CareMode
	Specialities string // of the cadre

	Share Share
	Grace int // days a new pairing has before anything is asked; with fewer left in the period it owes nothing

	// What counts.
	Spacing  int    // least days between two that count
	Channels string // of contacts
	Stages   string // of policies
	PerDay   bool   // several on one day count once
	Unit     RuleUnit
	Proxy    Channel // a contact of this channel may stand for a visit, counted apart
	Rests    string  // states of the person during which it is not asked for

	Gap int `gorm:"column:gap_days"` // days that people usually let pass between two: the outlook reckons with them

	FromDay    Day
	AtOnce     bool
	RecordedAt Instant
	Author     string // who changed it
}

// RuleSet is all versions of all duties.
type RuleSet []Rule

const visitsRest = string(StateHospital + "," + StateAway + "," + StateBoarding + "," + StateDetained)

// DefaultRules is the city's plan of action (domain.md §1.3, §1.4): ≥4 contacts,
// ≥2 visits and ≥1 thing done a year, and a look every week at people in extreme
// poverty who live scattered. What an office sets replaces a duty of the same
// key from then on.
func DefaultRules() RuleSet {
	return RuleSet{
		{
			Key: "contact", Name: "联系", Kind: KindContact, Number: 4, Cycle: CycleYear, Line: LinePairing, Share: ShareHandover, Grace: 30,
			Channels: "phone,sms,wechat,video", Gap: 7,
		},
		{
			Key: "visit", Name: "走访", Kind: KindVisit, Number: 2, Cycle: CycleYear, Line: LinePairing, Share: ShareHandover, Grace: 30,
			PerDay: true, Rests: visitsRest, Gap: 14,
		},
		{
			Key: "help", Name: "实事", Kind: KindHelp, Number: 1, Cycle: CycleYear, Line: LinePairing, Share: ShareHandover, Grace: 30,
			Stages: "applied,implemented", Unit: UnitPerson, Gap: 14,
		},
		{
			Key: "weekly", Name: "看望", Kind: KindVisit, Number: 1, Cycle: CycleWeek, Line: LineFamilyCare,
			Categories: string(CategoryExtremePoverty), CareMode: CareModeScattered, Share: ShareWhole, Grace: 3,
			PerDay: true, Proxy: ChannelPhone, Rests: visitsRest, Gap: 1,
		},
	}
}

// Applies tells whether a pairing owes this: its line, the person and the cadre.
func (r *Rule) Applies(f *Facts) bool {
	return r.Line == f.Pairing.Line && (r.CareMode == "" || r.CareMode == f.CareMode) &&
		(r.Categories == "" || slices.ContainsFunc(strings.Split(f.Categories, ","), func(c string) bool { return listed(r.Categories, c) })) &&
		(r.Specialities == "" || listed(r.Specialities, string(f.Speciality)))
}

// listed tells whether a comma separated list holds a word; an empty list holds
// none.
func listed(list, word string) bool {
	for part := range strings.SplitSeq(list, ",") {
		if part == word && word != "" {
			return true
		}
	}
	return false
}

// term is a version of a rule with the days on which its periods start.
type term struct {
	Rule
	from, until Day // first day of its first period, and of the next version's; until "" for the last
}

// terms lays the versions of each duty one behind the other, in the order of the
// defaults, what offices added behind them.
func (rs RuleSet) terms() []term {
	var keys []string
	versions := map[string][]Rule{}
	for _, r := range rs {
		if versions[r.Key] == nil {
			keys = append(keys, r.Key)
		}
		versions[r.Key] = append(versions[r.Key], r)
	}
	var out []term
	for _, k := range keys {
		of := versions[k]
		slices.SortStableFunc(of, func(a, b Rule) int {
			return cmp.Or(cmp.Compare(a.FromDay, b.FromDay), cmp.Compare(a.RecordedAt, b.RecordedAt))
		})
		var chain []term
		for _, r := range of {
			t := term{Rule: r}
			var ends Day
			if r.FromDay != "" {
				t.from, ends = r.begins(chain)
			}
			// A later word about the same or an earlier time replaces what was said.
			for len(chain) > 0 && chain[len(chain)-1].from >= t.from {
				chain = chain[:len(chain)-1]
			}
			if len(chain) > 0 {
				chain[len(chain)-1].until = ends
			}
			chain = append(chain, t)
		}
		out = append(out, chain...)
	}
	return out
}

// begins is the first day of the first period that a version governs, and the
// day from which the one before governs no more. It cuts no running period of
// the one before, unless it is to count at once.
func (r Rule) begins(chain []term) (from, ends Day) {
	from, to := r.Cycle.Span(r.FromDay)
	if len(chain) == 0 {
		if from < r.FromDay && !r.AtOnce {
			from = to.Add(1)
		}
		return from, from
	}
	before := chain[len(chain)-1]
	if r.AtOnce {
		running, _ := before.Cycle.Span(r.FromDay)
		if from, to = r.Cycle.Span(running); from < running && r.Cycle == CycleWeek {
			from = to.Add(1)
		}
		return from, running
	}
	if from < r.FromDay {
		from = to.Add(1)
	}
	for {
		first, last := before.Cycle.Span(from)
		earlier, _ := r.Cycle.Span(from.Add(-1))
		switch {
		case first == from, before.Cycle == CycleWeek:
			return from, from
		case earlier < first && first >= r.FromDay:
			return from, first
		}
		if from, to = r.Cycle.Span(last.Add(1)); from <= last {
			from = to.Add(1)
		}
	}
}

// Latest is the last version of a duty, to begin a change with; a new one starts as
// a yearly duty of the main line.
func (rs RuleSet) Latest(key string) Rule {
	out := Rule{Key: key, Cycle: CycleYear, Line: LinePairing, Share: ShareHandover, Grace: 30, Unit: UnitPerson, Gap: 14}
	for _, r := range rs {
		if r.Key == key {
			out = r
		}
	}
	out.ID, out.RecordedAt, out.Author = "", 0, ""
	return out
}

// Begins is the first day that a version would govern if it were set now.
func (rs RuleSet) Begins(r Rule) Day {
	r.RecordedAt = math.MaxInt64
	for _, t := range append(slices.Clone(rs), r).terms() {
		if t.Key == r.Key && t.RecordedAt == r.RecordedAt {
			return t.from
		}
	}
	return r.FromDay
}

// On lists the versions that govern a day.
func (rs RuleSet) On(d Day) (out RuleSet) {
	for _, t := range rs.terms() {
		if t.governs(d) {
			out = append(out, t.Rule)
		}
	}
	return out
}

// Target is what a pairing of the main line owes in the year of a day.
func (rs RuleSet) Target(d Day) (t Target) {
	for _, r := range rs.On(d) {
		if r.Line == LinePairing && r.Cycle == CycleYear {
			t.add(r.Kind, r.Number)
		}
	}
	return t
}

// governs tells whether the period that holds a day is one of this version's.
func (t term) governs(d Day) bool {
	from, _ := t.Cycle.Span(d)
	return from >= t.from && (t.until == "" || from < t.until)
}

// Shared tells whether something done for one person may count for others.
func (rs RuleSet) Shared() bool {
	return slices.ContainsFunc(rs, func(r Rule) bool { return r.Unit == UnitHousehold || r.Unit == UnitCadre })
}
