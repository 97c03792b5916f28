package models

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ReportAsk says which report is wanted.
type ReportAsk struct {
	Period   Period
	Region   Region
	Unit     Unit // with an id: the report of that unit
	Calendar Calendar
	Zone     *time.Location
	Now      Instant
	Rules    RuleSet // the store fills them in,
	Lists    Lists   // and the words
}

// Closes are the moments that count: [0] the close of the year before, [m] that
// of month m, none later than now.
func (a ReportAsk) Closes() (closes [13]Instant) {
	for m := range closes {
		closes[m] = min(a.Calendar.ClosedAt(NewMonth(a.Period.Year(), m), a.Zone), a.Now)
	}
	return closes
}

// AsOf is the moment by which the report knows things.
func (a ReportAsk) AsOf() Instant {
	return min(a.Calendar.ClosedAt(NewMonth(a.Period.Year(), a.Period.Last.Number()), a.Zone), a.Now)
}

// End is the day on which the report looks at stock and duties: the last of the
// period, or today while it runs.
func (a ReportAsk) End() Day { return min(a.Period.To(), DayOf(a.Now.Time(), a.Zone)) }

// ReportPerson is a recipient as reports need them.
type ReportPerson struct {
	ID, Household string
	Categories    string
	CareMode      CareMode
	Life          Life
	State         State // on the last day of the period
}

// Move is a change of place or unit on a day.
type Move struct {
	Day      Day
	From, To string
}

// placeOn is where somebody was on a day, who is at last now.
func placeOn(moves []Move, last string, on Day) string {
	for _, m := range moves {
		if on < m.Day {
			return m.From
		}
	}
	return last
}

// regionOn is where the person lived on a day.
func (p ReportPerson) regionOn(day Day) string {
	region, _ := p.Life.On(day)
	return region
}

// on tells whether the person was on the register at the end of a day.
func (p ReportPerson) on(day Day) bool {
	_, in := p.Life.On(day)
	return in
}

// ReportCadre is a cadre as reports need them.
type ReportCadre struct {
	ID, Unit, Region string
	In, Out          Day
	Moves            []Move // of units
}

// UnitOn is the cadre's unit on a day.
func (c ReportCadre) UnitOn(on Day) string { return placeOn(c.Moves, c.Unit, on) }

// ReportBuilder gathers a report household by household, so that a city's year
// never stands in memory at once.
type ReportBuilder struct {
	reckoner *Reckoner
	ask      ReportAsk
	cadres   map[string]ReportCadre
	count    counting
	places   map[string]*gathered // by township, or nearer the top where no more is known
	units    map[string]*gathered
	lives    []Life // of those who came, went or moved in the period
	shorts   []Short
	services []Service
	found    map[string][]Finding // by activity
	from, to Day
}

// gathered is what one place or unit has, before the report adds it up.
type gathered struct {
	year    YearFigures
	opening [3]int64
	stock   Headcount
	duty    Duty
	lines   [servicesMost]LineCount
	found   map[string]FoundCount // by item of the checklist
	people  int
}

// NewReportBuilder begins a report.
func NewReportBuilder(ask ReportAsk, cadres []ReportCadre) *ReportBuilder {
	b := &ReportBuilder{
		ask: ask, cadres: make(map[string]ReportCadre, len(cadres)), places: map[string]*gathered{}, units: map[string]*gathered{},
		count: counting{year: ask.Period.Year(), upTo: ask.Period.Last.Number(), closes: ask.Closes()},
		from:  ask.Period.From(), to: ask.End(), reckoner: NewReckoner(ask.Rules, ask.End()), services: ask.Lists.services(ask.End()),
	}
	for _, c := range cadres {
		b.cadres[c.ID] = c
		if c.Out != "" {
			c.In = min(c.In, c.Out)
		}
		here := func(d Day) int { return one(c.In <= d && (c.Out == "" || d < c.Out)) }
		for _, g := range []*gathered{at(b.places, township(c.Region)), at(b.units, c.UnitOn(b.to))} {
			if ask.Unit.ID != "" && c.UnitOn(b.to) != ask.Unit.ID {
				continue
			}
			g.stock.CadreStart += here(b.from.Add(-1))
			g.stock.CadreEnd += here(b.to)
			g.stock.CadreIn += one(c.In >= b.from && c.In <= b.to)
			g.stock.CadreOut += one(c.Out >= b.from && c.Out <= b.to)
		}
	}
	return b
}

// township cuts a region's code to its township, below which no report goes.
func township(code string) string { return code[:min(9, len(code))] }

// within tells whether something of a place and a unit belongs to the report.
func (b *ReportBuilder) within(place, unit string) bool {
	if b.ask.Unit.ID != "" {
		return unit == b.ask.Unit.ID
	}
	return Holds(b.ask.Region.Code, place)
}

func at(m map[string]*gathered, key string) *gathered {
	g := m[key]
	if g == nil {
		g = &gathered{}
		m[key] = g
	}
	return g
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// Household takes in one household: its people, their pairings and everything on
// record for them in the year, with the earlier rows that changed since.
func (b *ReportBuilder) Household(people []ReportPerson, pairings map[string][]Pairing, rows []Activity) {
	byPerson := map[string][]Activity{}
	for _, a := range rows {
		if known(&a, b.count.closes[b.count.upTo]) && a.Day <= b.to && a.Day.Year() == b.count.year {
			byPerson[a.RecipientID] = append(byPerson[a.RecipientID], a)
		}
	}
	opened := map[string]Day{}
	for _, p := range people {
		b.person(p, pairings[p.ID])
		for _, pairing := range pairings[p.ID] {
			b.pairing(p, pairing, pairings[p.ID], byPerson[p.ID])
			if pairing.OpeningAsOf != "" && !pairing.OpeningUnknown {
				opened[pairing.ID] = pairing.OpeningAsOf
			}
		}
		b.lines(p, pairings[p.ID], byPerson[p.ID])
	}
	b.figures(people, rows, opened)
}

// figures counts the activities, by place and by unit.
func (b *ReportBuilder) figures(people []ReportPerson, rows []Activity, opened map[string]Day) {
	byID := make(map[string]ReportPerson, len(people))
	for _, p := range people {
		byID[p.ID] = p
	}
	byPlace, byUnit := map[string][]*Activity{}, map[string][]*Activity{}
	var places, units []string
	for i := range rows {
		a := &rows[i]
		// Opening figures stand for what was before their date.
		if until := opened[a.PairingID]; a.Kind != KindAid && a.Day <= until && a.Day.Year() == until.Year() || a.Day > b.ask.Period.To() {
			continue
		}
		place, unit := byID[a.RecipientID].regionOn(a.Day), b.cadres[a.CadreID].UnitOn(a.Day)
		if !b.within(place, unit) {
			continue
		}
		place = township(place)
		if byPlace[place] == nil {
			places = append(places, place)
		}
		if byUnit[unit] == nil {
			units = append(units, unit)
		}
		byPlace[place], byUnit[unit] = append(byPlace[place], a), append(byUnit[unit], a)
	}
	for _, place := range places {
		b.count.household(byPlace[place], &at(b.places, place).year)
		b.look(byPlace[place], at(b.places, place))
	}
	for _, unit := range units {
		b.count.household(byUnit[unit], &at(b.units, unit).year)
		b.look(byUnit[unit], at(b.units, unit))
	}
}

// person counts who is on the register.
func (b *ReportBuilder) person(p ReportPerson, pairings []Pairing) {
	if b.ask.Unit.ID == "" {
		b.stock(p, pairings)
	}
	region := p.regionOn(b.to)
	if !p.on(b.to) {
		return
	}
	at(b.places, township(region)).people++
	units := map[string]bool{}
	for _, q := range pairings {
		if unit := b.cadres[q.CadreID].UnitOn(b.to); q.Holds(b.to) && !units[unit] && b.within(region, unit) {
			units[unit] = true
			at(b.units, unit).people++
		}
	}
}

// stock counts who is there. Most people did nothing in the period and stand at
// one place; the others are gone through once the lines are known.
func (b *ReportBuilder) stock(p ReportPerson, pairings []Pairing) {
	l := p.Life
	here := &at(b.places, township(p.regionOn(b.to))).stock
	switch {
	case len(l.Moves) > 0 || l.EnteredOn >= b.from || l.ExitedOn >= b.from:
		b.lives = append(b.lives, l)
	case p.on(b.to):
		here.Start++
		here.End++
	}
	if p.on(b.to) {
		paired := slices.ContainsFunc(pairings, func(q Pairing) bool { return q.Line == LinePairing && q.Holds(b.to) })
		here.Paired += one(paired)
		here.Unpaired += one(!paired)
	}
}

// pairing counts how far a pairing is with the year's duties.
func (b *ReportBuilder) pairing(p ReportPerson, q Pairing, chain []Pairing, rows []Activity) {
	if q.Line != LinePairing || !q.Holds(b.to) || !p.on(b.to) {
		return
	}
	region, unit := p.regionOn(b.to), b.cadres[q.CadreID].UnitOn(b.to)
	if !b.within(region, unit) {
		return
	}
	f := Facts{Pairing: q, Chain: chain, Categories: p.Categories, CareMode: p.CareMode, ExitedOn: p.Life.ExitedOn, Activities: rows, States: []RecipientState{{State: p.State}}}
	t := b.reckoner.Reckon(f)
	have, met, lack := [3]int{t.Contacts, t.Visits, t.Helps}, t.Met(), t.Missing()
	for _, g := range []*gathered{at(b.places, township(region)), at(b.units, unit)} {
		g.duty.Pairings++
		if q.OpeningAsOf != "" && q.OpeningAsOf.Year() == b.count.year && !q.OpeningUnknown {
			g.opening[0] += int64(q.OpeningContacts)
			g.opening[1] += int64(q.OpeningVisits)
			g.opening[2] += int64(q.OpeningHelps)
		}
		if t.OpeningUnknown {
			g.duty.Unknown++
			continue
		}
		g.duty.Met += one(met)
		g.duty.Excused += one(!met && (p.State != "" || t.Lack() == 0))
		for k := range 3 {
			o, owed := t.Duty([3]Kind{KindContact, KindVisit, KindHelp}[k])
			g.duty.MetBy[k] += one(!owed || o.Met())
			g.duty.Spread[k][min(4, have[k])]++
		}
	}
	if t.OpeningUnknown || !met {
		b.shorts = append(b.shorts, Short{
			PairingID: q.ID, RecipientID: p.ID, CadreID: q.CadreID, UnitID: unit, Region: region, Tally: have,
			Lack:    [3]int{lack.Contacts, lack.Visits, lack.Helps},
			Excused: p.State, Unknown: t.OpeningUnknown, LastSeen: t.LastSeen,
		})
	}
}

// Frozen is a signed monthly report with which the year must agree.
type Frozen struct {
	Month Month
	Rows  []ReportRow
}

// Report adds up what was gathered. It comes out only if everything balances:
// the stock of each line, and the year against its months, signed ones as they
// were signed, with their late columns.
func (b *ReportBuilder) Report(regions []Region, units map[string]string, signed []Frozen) (*Report, error) {
	a := b.ask
	r := &Report{
		Kind: a.Period.Kind, Period: a.Period, Region: a.Region.Code, Name: a.Region.Name, UnitID: a.Unit.ID, AsOf: a.AsOf(), Target: a.Rules.Target(b.to),
		Closed: a.Now > a.Calendar.ClosedAt(a.Period.Last, a.Zone), Shorts: b.shorts, Services: b.services,
	}
	if a.Unit.ID != "" {
		r.Name = a.Unit.Name
	}
	lines := b.placeLines(regions)
	if err := b.balance(lines, signed); err != nil {
		return nil, err
	}
	for m := 1; m <= b.count.upTo; m++ {
		y := lines[0].year
		month := NewMonth(b.count.year, m)
		r.Months = append(r.Months, ReportMonth{
			Month: month, Own: y.Own[m-1], Late: y.Late[m-1], Before: y.Before[m-1],
			Signed: slices.ContainsFunc(signed, func(f Frozen) bool { return f.Month == month }),
		})
	}
	r.Checklist = a.Lists.lookedAt(b.to, lines[0].found)
	r.Places = b.rows(mergeSmall(lines), r.Checklist)
	r.Units = b.rows(mergeSmall(b.unitLines(units)), r.Checklist)
	slices.SortFunc(r.Shorts, func(x, y Short) int {
		return cmp.Or(strings.Compare(x.Region, y.Region), strings.Compare(x.UnitID, y.UnitID), strings.Compare(x.PairingID, y.PairingID))
	})
	for reason, n := range lines[0].outWhy {
		r.Outs = append(r.Outs, ReasonCount{reason, n})
	}
	slices.SortFunc(r.Outs, func(x, y ReasonCount) int { return cmp.Or(y.N-x.N, strings.Compare(x.Reason, y.Reason)) })
	return r, nil
}

// Unbalanced is why no report came out: which number does not add up.
type Unbalanced string

// Error says which.
func (u Unbalanced) Error() string { return string(u) }

func unbalanced(form string, args ...any) error { return Unbalanced(fmt.Sprintf(form, args...)) }

// balance refuses numbers that do not add up, and says which.
func (b *ReportBuilder) balance(lines []*line, signed []Frozen) error {
	for _, l := range lines {
		if !l.stock.Balances() {
			s := l.stock
			return unbalanced("%s的存量对不上:上期 %d + 新增 %d - 退出 %d + 迁入 %d - 迁出 %d,不等于期末 %d(已结对 %d,待匹配 %d)",
				l.name, s.Start, s.In, s.Out, s.MovedIn, s.MovedOut, s.End, s.Paired, s.Unpaired)
		}
		sum := l.year.Sum()
		for _, f := range signed {
			row := slices.IndexFunc(f.Rows, func(r ReportRow) bool { return r.Code == l.code && r.Merged == 0 })
			if row < 0 {
				continue
			}
			m := f.Month.Number() - 1
			sum = sum.Minus(l.year.Own[m]).Minus(l.year.Late[m]).Plus(f.Rows[row].Now).Plus(f.Rows[row].Late)
			for k := range Measures {
				was, is := f.Rows[row].Now[k]+f.Rows[row].Late[k], l.year.Own[m][k]+l.year.Late[m][k]
				if was != is {
					return unbalanced("%s%s的“%s”对不上:签发时是 %d,按记录重数是 %d,差 %d", l.name, f.Month, k.Label(), was, is, is-was)
				}
			}
		}
		for k := range Measures {
			if sum[k] != l.year.Total[k] {
				return unbalanced("%s的“%s”对不上:各月加补以前月份是 %d,全年一次数出来是 %d,差 %d", l.name, k.Label(), sum[k], l.year.Total[k], l.year.Total[k]-sum[k])
			}
		}
	}
	return nil
}
