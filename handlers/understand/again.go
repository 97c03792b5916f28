package understand

import (
	"strings"

	"aixin/models"
)

// rechannel corrects the channel of the contact just told where a clause only
// says by what it was: 打了个电话,微信的.
func (w *walk) rechannel(c *clause, i int, events []event) bool {
	if len(events) != 1 || events[0].kind != models.KindContact || !byWhat.has(c.plain) {
		return false
	}
	found := false
	back := 1
	if strings.HasPrefix(c.plain, "都") {
		back = 4 // 给老谷打了,海龙打了,都是电话
	}
	for k := range w.records {
		if r := &w.records[k]; r.kind == models.KindContact && r.at >= i-back {
			r.channel, found = events[0].channel, true
		}
	}
	return found
}

// repeat tells again, for the names of this clause, what the clause before told.
// What it told of nobody it told of them.
func (w *walk) repeat(i int) []event {
	var out []event
	for k := len(w.records) - 1; k >= 0 && w.records[k].at >= i-2; k-- {
		r := w.records[k]
		if len(out) > 0 && r.at < i-1 {
			break
		}
		if r.kind != models.KindVisit && r.kind != models.KindContact {
			continue
		}
		out = append(out, r.event)
		if len(r.who) == 1 && r.who[0] == (ref{-1, ""}) {
			w.records = append(w.records[:k], w.records[k+1:]...)
		}
	}
	return out
}

// repeatDays tells again, for the day of this clause, the visits or contacts of
// the clauses before. A clause that only told how often gives way to its days.
func (w *walk) repeatDays(i int) []event {
	var out []event
	for k := len(w.records) - 1; k >= 0; k-- {
		r := w.records[k]
		if r.kind != models.KindVisit && r.kind != models.KindContact || len(out) > 0 && r.event != out[0] {
			break
		}
		if len(out) == 0 {
			out = append(out, r.event)
		}
		if r.at == i-1 && !hasTag(w.m.clauses[r.at].toks, 'D') && oftenOnly.has(w.m.clauses[r.at].plain) {
			w.records = append(w.records[:k], w.records[k+1:]...)
		}
	}
	return out
}
