package understand

import (
	"slices"
	"strings"

	"aixin/models"
)

// learn keeps what the next clauses are read by.
func (w *walk) learn(c *clause, events []event) {
	w.flow.helping = strings.ContainsAny(c.plain, "帮替") && !strings.Contains(c.plain, "帮扶")
	for _, e := range events {
		switch e.kind {
		case models.KindVisit:
			w.flow.visit = true
		case models.KindAid:
			w.flow.aid = true
		case models.KindHelp:
			if e.help == models.HelpDifficulty {
				w.flow.problem = false
			}
		}
	}
	w.flow.sold = sold.MatchString(c.plain)
	w.flow.sum = w.m.sums(c)
	if absent.has(c.plain) && !strings.ContainsAny(c.tagged, "K") {
		w.flow.away = true
	} else if len(events) > 0 {
		w.flow.away = false
	}
	w.flow.newOne = shopping.MatchString(c.plain) || gotNew.has(c.tagged)
	w.flow.solved = turnedOut.has(c.plain) && !slices.ContainsFunc(events, func(e event) bool { return e.kind == models.KindHelp })
	w.flow.joint = effort.has(c.plain)
	w.flow.errand--
	if errand.has(c.plain) {
		w.flow.errand = 2
	}
	w.flow.policy--
	w.flow.settled--
	if strings.Contains(c.tagged, "Z") && !cashed.MatchString(c.plain) {
		w.flow.policy = 3
		for _, e := range events {
			if e.help == models.HelpPolicy {
				w.flow.policy, w.flow.settled = 0, 2
			}
		}
	}
	if hasTag(c.toks, 'P') && len(events) > 0 && events[0].kind != models.KindContact && !events[0].weak {
		w.flow.problem = false
	}
	if problems.has(c.plain) && !difficultyRules.has(c.plain) {
		w.flow.problem = true
		w.flow.hands = shortHanded.has(c.plain)
		w.flow.selling = unsold.has(c.plain)
	}
	if len(w.m.clauses) > 0 && hasTag(c.toks, 'P') && len(events) == 0 && !hasTag(c.toks, 'M') {
		w.flow.aid = w.flow.aid && !strings.ContainsAny(c.plain, "问说")
	}
}
