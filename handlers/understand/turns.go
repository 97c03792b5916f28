package understand

import (
	"slices"
	"strings"

	"aixin/models"
)

// turn is a person named with a day of his own: 周一老谷,周二海龙,各去了一趟.
type turn struct {
	who ref
	day models.Day
}

// pairDays reads a clause of nothing but persons and their days. Where they were
// just told to be visited or called together, each gets the day of his own;
// otherwise the pairs wait for what is told of them.
func (w *walk) pairDays(c *clause, i int) bool {
	if !hasTag(c.toks, 'P') || !hasTag(c.toks, 'D') || !dayPairs.has(c.plain) {
		return false
	}
	var pairs []turn
	var p *ref
	var day models.Day
	for _, t := range c.toks {
		switch {
		case t.tag == 'D' && t.day.day <= w.m.today:
			day = t.day.day
		case t.tag == 'P' && len(t.person.who) == 1:
			p = &ref{t.person.who[0], ""}
		case t.tag == 'P':
			return false
		}
		if p != nil && day != "" {
			pairs, p, day = append(pairs, turn{*p, day}), nil, ""
		}
	}
	if len(pairs) == 0 {
		return false
	}
	apart := false
	for k := len(w.records) - 1; k >= 0; k-- {
		r := w.records[k]
		if r.kind != models.KindVisit && r.kind != models.KindContact || r.at < i-3 || len(r.who) < 2 {
			continue
		}
		for _, t := range pairs {
			if !hasRef(r.who, t.who) {
				continue
			}
			own := r
			own.who, own.day, own.told, own.at = []ref{t.who}, t.day, true, i
			w.records = append(w.records, own)
			w.records[k].who = without(w.records[k].who, own.who)
			apart = true
		}
	}
	w.records = slices.DeleteFunc(w.records, func(r record) bool { return len(r.who) == 0 })
	if apart || len(w.records) > 0 {
		return apart
	}
	w.turns = append(w.turns, pairs...)
	return false
}

// inTheirTurn gives visits and contacts to the persons named before, each on his
// own day, and returns what is left for the clause itself.
func (w *walk) inTheirTurn(events []event, i int, c *clause) []event {
	turns := w.turns
	w.turns = nil
	if len(turns) < 2 || hasTag(c.toks, 'P') && !strings.ContainsAny(c.plain, "都各") {
		return events
	}
	return slices.DeleteFunc(events, func(e event) bool {
		if e.kind != models.KindVisit && e.kind != models.KindContact {
			return false
		}
		for _, t := range turns {
			w.record(e, []ref{t.who}, nil, t.day, true, i, c)
		}
		return true
	})
}
