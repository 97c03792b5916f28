package models

import (
	"cmp"
	"slices"
	"strings"
)

// Finding is what a visit found of one item of the checklist (四必查). It belongs
// to the visit's activity and goes where that goes.
type Finding struct {
	ActivityID string
	Code       string
	Day        Day // of the visit
	Fine       bool
	RecordedAt Instant
	VoidedAt   Instant // said otherwise then
}

// Findings says what was found of each item, in the order of the list: 吃穿好、用药有情况.
func (ls Lists) Findings(found []Finding, on Day) string {
	found = slices.Clone(found)
	slices.SortFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(ls.Entry(ListChecklist, a.Code, on).Rank, ls.Entry(ListChecklist, b.Code, on).Rank), cmp.Compare(a.Code, b.Code))
	})
	words := make([]string, len(found))
	for i, f := range found {
		if words[i] = ls.Word(ListChecklist, f.Code, on) + "有情况"; f.Fine {
			words[i] = ls.Word(ListChecklist, f.Code, on) + "好"
		}
	}
	return strings.Join(words, "、")
}

// LookedAt is an item of the checklist as it was called at the end of a period.
type LookedAt struct{ Code, Name string }

// FoundCount is how often visits looked at an item, a person's day once, and how
// often it was not well.
type FoundCount struct{ Looked, Bad int }

// lookedAt are the items that a report tells of: those offered at the end of its
// period, and those that were answered in it.
func (ls Lists) lookedAt(on Day, answered map[string]FoundCount) (out []LookedAt) {
	items := ls.On(ListChecklist, on)
	for code := range answered {
		if !slices.ContainsFunc(items, func(c Choice) bool { return c.Code == code }) {
			c := ls.Entry(ListChecklist, code, on)
			c.Code = code
			items = append(items, c)
		}
	}
	slices.SortFunc(items, func(a, b Choice) int { return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Code, b.Code)) })
	for _, c := range items {
		out = append(out, LookedAt{c.Code, c.Name})
	}
	return out
}

// Findings are what the visits of the period found of the checklist, as known at
// the report's moment, by activity. They come before the households.
func (b *ReportBuilder) Findings(found map[string][]Finding) { b.found = found }

// look counts what visits found of the checklist: of a person's day, an item
// once, and as not well where one of the visits said so.
func (b *ReportBuilder) look(rows []*Activity, g *gathered) {
	type once struct {
		person string
		day    Day
		code   string
	}
	fine := map[once]bool{}
	for _, a := range rows {
		if a.Day < b.from || !known(a, b.count.closes[b.count.upTo]) {
			continue
		}
		for _, f := range b.found[a.ID] {
			k := once{a.RecipientID, a.Day, f.Code}
			before, there := fine[k]
			fine[k] = f.Fine && (before || !there)
		}
	}
	for k, well := range fine {
		g.takeFound(map[string]FoundCount{k.code: {1, one(!well)}})
	}
}

func (g *gathered) takeFound(found map[string]FoundCount) {
	if g.found == nil && len(found) > 0 {
		g.found = map[string]FoundCount{}
	}
	for code, n := range found {
		g.found[code] = FoundCount{g.found[code].Looked + n.Looked, g.found[code].Bad + n.Bad}
	}
}
