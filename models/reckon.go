package models

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Facts are what the rules are tried on: one pairing and what is known of it.
type Facts struct {
	Pairing    Pairing
	Chain      []Pairing // all pairings of the person; those of the same line share a number
	Categories string    // of the person
	CareMode   CareMode
	ExitedOn   Day
	Speciality Speciality // of the cadre
	States     []RecipientState
	Activities []Activity // of the person, in the order of days, that stand
	ForOthers  []Activity // things done by the cadre for others, which a rule may let count,
	AtHome     []Activity // and those of them for others of the household
}

// weeksShown is how far back single weeks are told; older ones are not asked for.
const weeksShown = 8

// Reckoner is the only way in which duties are counted: rules and facts on a day
// to what is owed, what is done, and why. It is made once for a day and tried on
// any number of pairings.
type Reckoner struct {
	on, seen Day // the day looked at, and the day of looking
	brief    bool
	duties   []duty
}

// duty is a version of a rule with its cycles that are told on a day.
type duty struct {
	Rule
	cycles []span
}

type span struct{ from, to Day }

// NewReckoner prepares the rules for a day.
func NewReckoner(rules RuleSet, on Day) *Reckoner { return newReckoner(rules, on, on) }

// Brief leaves out the explanation of each activity: long lists show none.
func (c *Reckoner) Brief() *Reckoner {
	short := *c
	short.brief = true
	return &short
}

func newReckoner(rules RuleSet, on, seen Day) *Reckoner {
	c := &Reckoner{on: on, seen: seen}
	for _, t := range rules.terms() {
		if t.Number == 0 {
			continue
		}
		if cycles := t.cyclesOn(on); len(cycles) > 0 {
			c.duties = append(c.duties, duty{t.Rule, cycles})
		}
	}
	return c
}

// Reckon counts one pairing on a day.
func Reckon(rules RuleSet, f Facts, on Day) Tally { return NewReckoner(rules, on).Reckon(f) }

// ReckonYear is how a year stood when it was over.
func ReckonYear(rules RuleSet, f Facts, year int) Tally {
	last := NewDay(year, time.December, 31)
	return newReckoner(rules, last, last.Add(1)).Reckon(f)
}

// Reckon counts one pairing. The activities are those of the year, and where weeks
// are owed, of the weeks before it.
func (c *Reckoner) Reckon(f Facts) Tally {
	on, seen := c.on, c.seen
	t := Tally{On: on, Seen: seen, OpeningUnknown: f.openingUnknown(on.Year())}
	marks := make([]bool, 2*len(f.Activities))
	own, touched := marks[:len(f.Activities)], marks[len(f.Activities):]
	for i := range f.Activities {
		a := &f.Activities[i]
		own[i] = a.Day <= on && (a.PairingID == f.Pairing.ID && a.PairingID != "" || a.CadreID == f.Pairing.CadreID && a.RecipientID == f.Pairing.RecipientID)
		if own[i] && (a.Kind == KindVisit || a.Kind == KindContact) {
			t.LastSeen = max(t.LastSeen, a.Day)
		}
	}
	var ruled []Kind
	for i := range c.duties {
		if !c.duties[i].Applies(&f) {
			continue
		}
		if !c.brief {
			ruled = append(ruled, c.duties[i].Kind)
		}
		for _, cycle := range c.duties[i].cycles {
			if f.Pairing.FromDay > cycle.to || f.Pairing.ToDay != "" && f.Pairing.ToDay < cycle.from {
				continue
			}
			r := reckoning{rule: &c.duties[i].Rule, f: &f, on: on, seen: seen, own: own, touched: touched, unknown: t.OpeningUnknown}
			r.from, r.to = cycle.from, cycle.to
			credits := &t.Credits
			if c.brief {
				credits = nil
			}
			if t.Duties == nil {
				t.Duties = make([]Obligation, 0, len(c.duties))
			}
			t.Duties = append(t.Duties, r.obligation(credits))
		}
	}
	t.count(&f, own)
	if c.brief {
		return t
	}
	for i, a := range f.Activities {
		if own[i] && !touched[i] && !slices.Contains(ruled, a.Kind) && a.Day.Year() == on.Year() {
			t.Credits = append(t.Credits, Credit{Index: i, Why: unruled(a)})
		}
	}
	slices.SortStableFunc(t.Credits, func(a, b Credit) int { return a.Index - b.Index })
	return t
}

// unruled tells why no rule is about an activity.
func unruled(a Activity) string {
	if a.Kind == KindAid {
		return "送钱物不算次数,金额照记"
	}
	return "这条线没有规定次数"
}

// cyclesOn lists the cycles that are told on a day: those of the year, of weeks
// the running one and the last few.
func (t term) cyclesOn(on Day) (out []span) {
	first, last := CycleYear.Span(on)
	if t.Cycle == CycleWeek {
		first, last = on.Monday().Add(-7*weeksShown), on
	}
	for d := first; d <= last; {
		from, to := t.Cycle.Span(d)
		if t.governs(d) {
			out = append(out, span{from, to})
		}
		d = to.Add(1)
	}
	return out
}

// openingUnknown tells whether what was done before the start is unknown for a
// year: that of the date of the figures, or of the import.
func (f Facts) openingUnknown(year int) bool {
	p := f.Pairing
	switch {
	case !p.OpeningUnknown:
		return false
	case p.OpeningAsOf != "":
		return p.OpeningAsOf.Year() == year
	case p.CreatedAt != 0:
		return p.CreatedAt.Time().Year() == year
	}
	return true
}

// opening are the figures that stand for the days up to a date of the year.
func (f Facts) opening(from, to Day) (until Day, have Target) {
	p := f.Pairing
	if p.OpeningUnknown || p.OpeningAsOf < from || p.OpeningAsOf > to {
		return "", Target{}
	}
	return p.OpeningAsOf, Target{p.OpeningContacts, p.OpeningVisits, p.OpeningHelps}
}

// count adds up the calendar year, for lists: of kinds that have a yearly duty
// what that credits, of others what was done.
func (t *Tally) count(f *Facts, own []bool) {
	first, last := CycleYear.Span(t.On)
	until, sum := f.opening(first, last)
	t.Opened = sum
	visited := Day("")
	for i := range f.Activities {
		a := &f.Activities[i]
		if !own[i] || !a.Counts() || a.Day < first || a.Day <= until || !f.Pairing.Holds(a.Day) || a.Kind == KindVisit && a.Day == visited {
			continue
		}
		if a.Kind == KindVisit {
			visited = a.Day
		}
		sum.add(a.Kind, 1)
	}
	for _, k := range []Kind{KindContact, KindVisit, KindHelp} {
		if o, owed := t.Duty(k); owed {
			sum.add(k, o.Have-sum.Of(k))
		}
	}
	t.Contacts, t.Visits, t.Helps = sum.Contacts, sum.Visits, sum.Helps
}

// reckoning is one rule in one period of a pairing.
type reckoning struct {
	rule         *Rule
	f            *Facts
	on, seen     Day // the day looked at, and the day of looking
	from, to     Day
	own, touched []bool
	unknown      bool
	visited      Day // the last day of a visit that counts
	last         Day
}

func (r *reckoning) obligation(credits *[]Credit) Obligation {
	o := Obligation{Key: r.rule.Key, Name: r.rule.Name, Kind: r.rule.Kind, Cycle: r.rule.Cycle, From: r.from, To: r.to, gap: r.rule.Gap}
	o.Number, o.Reason = r.number()
	until, opened := r.f.opening(r.from, r.to)
	if r.rule.Cycle == CycleYear {
		o.Have = opened.Of(r.rule.Kind)
	}
	for i := range r.f.Activities {
		a := &r.f.Activities[i]
		proxy := a.Kind == KindContact && r.rule.Proxy != "" && a.Channel == r.rule.Proxy
		if !r.own[i] || a.Day < r.from || a.Day > r.to || a.Kind != r.rule.Kind && !proxy {
			continue
		}
		r.touched[i] = true
		why := r.refuses(*a, until)
		switch {
		case why == "" && proxy && o.Have > 0:
			why = "这周已经看过"
		case why == "" && proxy:
			o.Proxied++
			o.Have++
		case why == "" && o.Proxied > 0 && r.rule.Cycle == CycleWeek:
			o.Proxied-- // they went after all
		case why == "":
			o.Have++
		}
		if credits != nil {
			*credits = append(*credits, Credit{Index: i, Key: r.rule.Key, Why: why})
		}
	}
	var others []Activity
	switch r.rule.Unit {
	case UnitHousehold:
		others = r.f.AtHome
	case UnitCadre:
		others = r.f.ForOthers
	}
	if o.Have < o.Number && slices.ContainsFunc(others, func(a Activity) bool {
		return a.Kind == r.rule.Kind && a.Day <= r.on && a.Day >= r.from && a.Day <= r.to && r.rule.counts(a) == ""
	}) {
		o.Have++
	}
	r.settle(&o)
	return o
}

// counts tells why an activity of the rule's kind does not count by itself.
func (r Rule) counts(a Activity) string {
	switch {
	case a.Kind == KindContact && r.Kind == KindContact && a.Channel != "" && r.Channels != "" && !listed(r.Channels, string(a.Channel)):
		return a.Channel.Label() + "不算" + r.Name
	case a.Kind == KindHelp && a.Help == HelpPolicy && a.Stage != "" && r.Stages != "" && !listed(r.Stages, string(a.Stage)):
		return map[PolicyStage]string{PolicyExplained: "只宣讲", PolicyApplied: "只申请", PolicyObtained: "办成的"}[a.Stage] + "政策,不算" + r.Name
	}
	return ""
}

// refuses tells why an activity in the period does not count, and notes its day
// where it does.
func (r *reckoning) refuses(a Activity, until Day) string {
	switch why := r.rule.counts(a); {
	case why != "":
		return why
	case !r.f.Pairing.Holds(a.Day):
		return "不在结对期内"
	case a.Day <= until:
		return "已含在期初数里"
	case r.rule.PerDay && a.Kind == KindVisit && r.visited == a.Day:
		return "同一天只算一次"
	case r.rule.Spacing > 0 && r.last != "" && a.Day.Sub(r.last) < r.rule.Spacing && a.Day != r.last:
		return fmt.Sprintf("离上次不到%d天", r.rule.Spacing)
	}
	if r.last = a.Day; a.Kind == KindVisit {
		r.visited = a.Day
	}
	return ""
}

// number is what the pairing owes of the rule's number. Cadres who follow each
// other in a period divide it by days; the parts add up to the whole.
func (r *reckoning) number() (n int, why string) {
	p, total := r.f.Pairing, r.rule.Number
	if r.rule.Share == ShareWhole {
		return total, ""
	}
	start, before, followed := max(r.from, p.FromDay), Day(""), false
	for _, q := range r.f.Chain {
		if q.Line != p.Line || q.FromDay > r.to || q.ToDay != "" && q.ToDay < r.from {
			continue
		}
		start = min(start, max(r.from, q.FromDay))
		if q.ToDay != "" && q.ToDay < p.FromDay {
			before = max(before, q.ToDay)
		}
		followed = followed || p.ToDay != "" && q.FromDay > p.ToDay
	}
	span, whole := r.to.Sub(start)+1, r.to.Sub(r.from)+1
	if r.rule.Share == ShareDays && span < whole {
		total = (total*span + whole - 1) / whole
		why = fmt.Sprintf("%s起结对,按天折算", start)
	}
	if before == "" && !followed {
		return total, why
	}
	upTo := func(d Day) int { // of the number, rounded
		return (2*total*(d.Sub(start)+1) + span) / (2 * span)
	}
	n = total
	if followed {
		n, why = upTo(p.ToDay), "中途换人,按天分"
	}
	if before != "" {
		n, why = n-upTo(before), "中途接手,前一位的已扣除"
	}
	return n, why
}

// settle says how far it is.
func (r *reckoning) settle(o *Obligation) {
	p := r.f.Pairing
	cancel := func(why string) { o.State, o.Reason = ObligationCancelled, why }
	now := StateOn(r.f.States, min(r.on, r.to))
	if now != "" && now != StateDeceased && listed(r.rule.Rests, string(now)) {
		o.Rest = now
	}
	switch {
	case o.Have >= o.Number && o.Number > 0:
		o.State = ObligationDone
	case StateOn(r.f.States, r.on) == StateDeceased:
		cancel("人已去世")
	case r.f.ExitedOn != "" && r.f.ExitedOn <= r.on:
		cancel("已退出名册")
	case p.ToDay != "" && p.ToDay < r.on && p.ToDay <= r.to:
		cancel("结对已结束" + strings.TrimSuffix("("+p.Reason+")", "()"))
	case o.Number == 0:
		cancel("时间短,分摊下来是0")
	case r.to.Sub(max(r.from, p.FromDay))+1 < r.rule.Grace:
		cancel(fmt.Sprintf("%s才结对,剩下不到%d天", p.FromDay, r.rule.Grace))
	case r.seen > r.to && o.Rest != "":
		cancel(o.Rest.Label() + "期间,不算差")
	case r.unknown && r.rule.Cycle == CycleYear && r.seen > r.to:
		cancel("启用前的不知道")
	case r.seen > r.to:
		o.State = ObligationOverdue
	default:
		o.State, o.Fresh = ObligationOpen, r.on.Sub(p.FromDay) < r.rule.Grace
		if o.Rest == "" && !o.Fresh && !(r.unknown && r.rule.Cycle == CycleYear) {
			o.Expected = r.pace(o.Number)
		}
		if o.Expected > o.Have {
			o.State = ObligationDue
		}
	}
}

// pace is how many should be done by now: of a year by its milestones, else all
// of them in the second half of the period.
func (r *reckoning) pace(number int) int {
	switch {
	case r.rule.Cycle == CycleYear:
		return expected(r.rule.Kind, number, r.f.Pairing.FromDay, r.on)
	case 2*r.to.Sub(r.on) < r.to.Sub(r.from):
		return number
	}
	return 0
}

// StateOn is the state of a person on a day.
func StateOn(states []RecipientState, day Day) (s State) {
	from := Day("")
	for _, row := range states {
		if row.FromDay <= day && (row.ToDay == "" || row.ToDay >= day) && row.VoidedAt == 0 && row.FromDay >= from {
			s, from = row.State, row.FromDay
		}
	}
	return s
}
