package models

// Chance is whether a pairing gets through its year.
type Chance string

// The chances. Every pairing has one of them.
const (
	ChanceMet     Chance = "met"     // 够了
	ChanceOne     Chance = "one"     // 再办一次
	ChanceSome    Chance = "some"    // 再办几次,来得及
	ChanceLate    Chance = "late"    // 来不及: more is missing than the days left allow at the usual pace
	ChanceExcused Chance = "excused" // 不算差: ill or away, dead, paired too late
	ChanceUnknown Chance = "unknown" // 期初未知
)

// Chance reckons with the days that people usually let pass between two acts of
// a kind: the first can be done on any day, kinds go side by side.
func (t Tally) Chance() Chance {
	lack, late := 0, false
	for _, o := range t.Current() {
		missing := o.Missing()
		lack += missing
		late = late || missing > 0 && (missing-1)*o.gap >= o.To.Sub(t.On)+1
	}
	switch {
	case t.Met():
		return ChanceMet
	case t.OpeningUnknown:
		return ChanceUnknown
	case lack == 0:
		return ChanceExcused
	case late:
		return ChanceLate
	case lack == 1:
		return ChanceOne
	}
	return ChanceSome
}

// Slow tells whether the year is missed if things go on at the pace so far: what
// was done since the pairing (or the year) began, drawn out to the end.
func (t Tally) Slow(p Pairing) bool {
	if c := t.Chance(); c != ChanceOne && c != ChanceSome && c != ChanceLate {
		return false
	}
	for _, o := range t.Current() {
		began := max(o.From, p.FromDay)
		gone, all := t.On.Sub(began)+1, o.To.Sub(began)+1
		if o.Cycle == CycleYear && o.Missing() > 0 && !o.Fresh && o.Rest == "" && o.Have*all < o.Number*gone {
			return true
		}
	}
	return false
}

// Standing is how one pairing of a place stands.
type Standing struct {
	Pairing
	Region    string // of the person
	Household string
	Gone      bool // left the register
	State     State
	Tally     Tally
	LastSeen  Day // of the person, whoever went, as far as it is on record
}

// Unseen is for how many days nobody has told of having seen or called the person,
// counted from the first day of the pairing or of the records; known is false
// where earlier years were not brought in (users.md 一.1).
func (s Standing) Unseen() (days int, known bool) {
	since := max(s.LastSeen, s.FromDay)
	if s.OpeningContacts+s.OpeningVisits > 0 {
		since = max(since, s.OpeningAsOf)
	}
	return s.Tally.On.Sub(since), s.LastSeen != "" || !s.OpeningUnknown
}

// Outlook is a place in figures. Those of pairings count the lead pairings that
// hold, of people in the register.
type Outlook struct {
	On       Day
	Pairings int
	Chances  map[Chance]int // adds up to Pairings
	Slow     int            // of them, those who miss the year at the pace so far
	// People by what is on record of them this year, 0, 1, 2, 3 and 4 or more.
	Contacts, Visits, Helps [5]int
	// People of whom 本系统没见到记录 for so many days; the second are among the
	// first. Those whose earlier records were not brought in stand apart.
	Unseen90, Unseen180, UnseenUnknown int
	// Weekly visits of this week and the last: owed, seen, of them by telephone.
	Week, LastWeek WeekCount
}

// WeekCount is one week of 每周看望.
type WeekCount struct{ Owed, Seen, Called int }

func (w *WeekCount) add(o Obligation) {
	if o.State == ObligationCancelled {
		return
	}
	w.Owed++
	if o.Met() {
		w.Seen++
	}
	w.Called += o.Proxied
}

// Add counts one more pairing.
func (o *Outlook) Add(s Standing) {
	if s.Gone || !s.Holds(o.On) {
		return
	}
	for _, duty := range s.Tally.Duties {
		if duty.Cycle != CycleWeek {
			continue
		}
		switch {
		case duty.From <= o.On && o.On <= duty.To:
			o.Week.add(duty)
		case duty.To.Add(1) == o.On.Monday():
			o.LastWeek.add(duty)
		}
	}
	if s.Line != LinePairing {
		return
	}
	if o.Chances == nil {
		o.Chances = map[Chance]int{}
	}
	o.Pairings++
	o.Chances[s.Tally.Chance()]++
	if s.Tally.Slow(s.Pairing) {
		o.Slow++
	}
	o.Contacts[min(4, s.Tally.Contacts)]++
	o.Visits[min(4, s.Tally.Visits)]++
	o.Helps[min(4, s.Tally.Helps)]++
	days, known := s.Unseen()
	switch {
	case s.State == StateDeceased || days < 90:
	case !known:
		o.UnseenUnknown++
	default:
		o.Unseen90++
		if days >= 180 {
			o.Unseen180++
		}
	}
}

// Quiet lists the weekly pairings of a place for which two whole weeks passed
// without a record: the township asks (users.md 四.2).
func Quiet(rows []Standing) (out []Standing) {
	for _, s := range rows {
		lapsed := 0
		for _, o := range s.Tally.Duties {
			if o.Cycle == CycleWeek && o.State == ObligationOverdue && s.Tally.On.Monday().Sub(o.From) <= 14 {
				lapsed++
			}
		}
		if lapsed == 2 && !s.Gone {
			out = append(out, s)
		}
	}
	return out
}
