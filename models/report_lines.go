package models

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// SmallCell is the least number of people of whom a line of a report may tell:
// smaller ones are told together (domain.md §5).
const SmallCell = 3

// line is a row of the report before its figures are cut to the period.
type line struct {
	gathered
	code, name string
	level      int
	parent     string
	merged     int
	outWhy     map[string]int // why people left, as the ledger of movements tells
}

func (l *line) take(g *gathered) {
	l.year.Plus(&g.year)
	for k := range 3 {
		l.opening[k] += g.opening[k]
	}
	l.stock, l.duty, l.people = l.stock.plus(g.stock), l.duty.plus(g.duty), l.people+g.people
	l.takeFound(g.found)
	for k := range l.lines {
		l.lines[k].People += g.lines[k].People
		l.lines[k].Served += g.lines[k].Served
		l.lines[k].Visits += g.lines[k].Visits
	}
}

// placeLines adds the townships up: the report's place, what lies below it, and
// below that, in the order of codes.
func (b *ReportBuilder) placeLines(regions []Region) []*line {
	root := b.ask.Region
	top := &line{code: root.Code, name: root.Name}
	if b.ask.Unit.ID != "" {
		// A unit's people live anywhere; its report has one line.
		top.code, top.name = b.ask.Unit.ID, b.ask.Unit.Name
		for _, code := range sortedKeys(b.places) {
			top.take(b.places[code])
		}
		return []*line{top}
	}
	all, byCode := []*line{top}, map[string]*line{root.Code: top}
	for _, r := range regions {
		if len(r.Code) <= len(root.Code) || len(r.Code) > 9 || !Holds(root.Code, r.Code) {
			continue
		}
		l := &line{code: r.Code, name: r.Name, level: 1, parent: root.Code}
		if up := byCode[r.Parent]; up != nil && up != top {
			l.level, l.parent = up.level+1, up.code
		}
		byCode[r.Code] = l
		all = append(all, l)
	}
	for _, code := range sortedKeys(b.places) {
		// A cadre of the city's own offices stands at the top only.
		for _, up := range RegionChain(code) {
			if l := byCode[up]; l != nil {
				l.take(b.places[code])
			}
		}
	}
	for _, l := range all {
		balance := Stock{Region: l.code, From: b.from, To: b.to}
		for _, life := range b.lives {
			balance.Add(life)
		}
		l.stock = l.stock.plus(Headcount{
			Start: balance.Opening, In: balance.In, Out: balance.Out, MovedIn: balance.MovedIn, MovedOut: balance.MovedOut, End: balance.Closing,
		})
		l.outWhy = balance.OutWhy
	}
	// What nobody lives in needs no line.
	return slices.DeleteFunc(all, func(l *line) bool {
		return l.level > 1 && l.stock == (Headcount{}) && l.year == (YearFigures{})
	})
}

func (b *ReportBuilder) unitLines(names map[string]string) []*line {
	var all []*line
	for _, id := range sortedKeys(b.units) {
		if b.ask.Unit.ID != "" && id != b.ask.Unit.ID || id == "" {
			continue
		}
		l := &line{code: id, name: names[id], level: 1}
		l.take(b.units[id])
		if l.duty.Pairings == 0 && l.year == (YearFigures{}) && l.people == 0 {
			continue
		}
		all = append(all, l)
	}
	slices.SortStableFunc(all, func(x, y *line) int { return strings.Compare(x.name, y.name) })
	return all
}

// mergeSmall puts lines that tell of fewer than SmallCell people together, under
// the same parent. Where what is put together is still too small, the next
// smallest goes along, so that nobody can be found by taking sums apart.
func mergeSmall(lines []*line) []*line {
	deepest := 0
	for _, l := range lines {
		deepest = max(deepest, l.level)
	}
	for level := deepest; level > 0; level-- {
		groups := map[string][]*line{}
		var parents []string
		for _, l := range lines {
			if l.level == level && (l.people > 0 || l.stock != (Headcount{}) || l.year != (YearFigures{})) {
				if groups[l.parent] == nil {
					parents = append(parents, l.parent)
				}
				groups[l.parent] = append(groups[l.parent], l)
			}
		}
		for _, parent := range parents {
			lines = mergeGroup(lines, groups[parent])
		}
	}
	return lines
}

func mergeGroup(lines, group []*line) []*line {
	slices.SortStableFunc(group, func(x, y *line) int { return cmp.Or(x.people-y.people, strings.Compare(x.code, y.code)) })
	together, people := 0, 0
	for _, l := range group {
		if l.people >= SmallCell && (together == 0 || people >= SmallCell && together > 1) {
			break
		}
		together++
		people += l.people
	}
	if together == 0 {
		return lines
	}
	small := map[string]bool{}
	sum := &line{code: "small-" + cmp.Or(group[0].parent, "units"), level: group[0].level, parent: group[0].parent}
	last := 0
	for _, l := range group[:together] {
		small[l.code] = true
		sum.take(&l.gathered)
		sum.merged += max(1, l.merged)
	}
	sum.name = fmt.Sprintf("其他(合并%d处)", sum.merged)
	var out []*line
	under := func(l *line) bool { // what lies below a merged line is in it
		return small[l.code] || small[l.parent]
	}
	for i, l := range lines {
		if l.level == sum.level && l.parent == sum.parent || under(l) {
			last = i
		}
	}
	for i, l := range lines {
		if !under(l) {
			out = append(out, l)
		}
		if i == last {
			out = append(out, sum)
		}
	}
	return out
}

// rows cuts the lines to the period.
func (b *ReportBuilder) rows(lines []*line, checklist []LookedAt) []ReportRow {
	p := b.ask.Period
	first, last := p.First.Number(), p.Last.Number()
	n := last - first + 1
	out := make([]ReportRow, len(lines))
	for i, l := range lines {
		row := ReportRow{
			Code: l.code, Name: l.name, Level: l.level, Merged: l.merged, Opening: l.opening, Stock: l.stock, Duty: l.duty, Lines: slices.Clone(l.lines[:len(b.services)]),
			Year: l.year.Sum(),
		}
		for _, item := range checklist {
			row.Found = append(row.Found, l.found[item.Code])
		}
		for m := first; m <= last; m++ {
			row.Now, row.Late, row.Before = row.Now.Plus(l.year.Own[m-1]), row.Late.Plus(l.year.Late[m-1]), row.Before.Plus(l.year.Before[m-1])
		}
		for m := max(1, first-n); m < first; m++ {
			row.Previous = row.Previous.Plus(l.year.Own[m-1])
		}
		out[i] = row
	}
	return out
}

// lines counts the one-to-one services of a person.
func (b *ReportBuilder) lines(p ReportPerson, pairings []Pairing, rows []Activity) {
	region := p.regionOn(b.to)
	if !p.on(b.to) {
		return
	}
	for k, service := range b.services {
		byWhom := map[*gathered]map[string]bool{}
		for _, q := range pairings {
			unit := b.cadres[q.CadreID].UnitOn(b.to)
			if q.Line != service.Line || !q.Holds(b.to) || !b.within(region, unit) {
				continue
			}
			for _, g := range []*gathered{at(b.places, township(region)), at(b.units, unit)} {
				if byWhom[g] == nil {
					byWhom[g] = map[string]bool{}
				}
				byWhom[g][q.CadreID] = true
			}
		}
		for g, cadres := range byWhom {
			visits, served := map[Day]bool{}, false
			for _, a := range rows {
				if !cadres[a.CadreID] || a.Day < b.from {
					continue
				}
				served = true
				if a.Kind == KindVisit {
					visits[a.Day] = true
				}
			}
			g.lines[k].People++
			g.lines[k].Served += one(served)
			g.lines[k].Visits += len(visits)
		}
	}
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
