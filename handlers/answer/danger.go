package answer

import (
	"slices"
	"strings"
)

// Level says how fast a person must act.
type Level int

// Levels of danger.
const (
	Calm   Level = iota
	Yellow       // a township worker calls within the day
	Red          // someone's safety is at stake now
)

func (l Level) String() string { return [...]string{"calm", "yellow", "red"}[l] }

// Danger is what Alarm recognised.
type Danger struct {
	Level Level
	Kind  string // selfharm, sexual, child_harm, violence, neglect, illness or missing
	Words string // the words that triggered it
}

// Odds, as logarithms, at which the ear is believed.
const (
	earAlone   = 0.8  // above: danger even where no rule saw it
	earPart    = 1.3  // the same for a part of a long text
	earCadre   = 0.5  // added when a cadre writes: mostly ordinary logs
	earChild   = -0.4 // added when a child writes
	earFramed  = 2.0  // added where it may be a question of policy, a tale, the past
	earLeast   = 5    // characters of a clause that is worth hearing alone
	earTorn    = 1.0  // taken off for a clause heard alone
	earDoubts  = -2.5 // below: a rule was misled
	earCertain = -5.0 // below: even a rule about suicide was misled, which a few bare words can mean
)

// tooShort is the length below which only a rule can alarm.
const tooShort = 3

// Alarm tells whether a text, from anyone and about anyone, speaks of danger to a person.
// A rule that fires is believed unless the ear finds the text quite harmless;
// where no rule fires, the ear alone has to be rather sure.
func Alarm(text, role string) Danger {
	b, ear := rules(), taught()
	told := b.readAll(text)
	if len(told) == 0 {
		return Danger{}
	}
	odds := ear.hear(told)
	part := odds // of the most alarming part
	for _, words := range windows(text) {
		part = max(part, ear.hear(b.readAll(words)))
	}
	found, in, at := b.ruled(told)
	if found.Level != Calm {
		if found.Kind == "child_harm" && b.among(told, "@spouse") && !b.among(told, "@child") {
			found.Kind = "violence"
		}
		if !b.asks(in, at) {
			part = max(part, ear.hear(b.overhear(in, at, 1)))
			if own := in.clauses(at, 0); own.to-own.from >= earLeast {
				part = max(part, ear.hear(b.overhear(in, at, 0))-earTorn)
			}
		}
		if part > earDoubts || found.Kind == "selfharm" && part > earCertain {
			return found
		}
		return Danger{}
	}
	if len([]rune(text)) < tooShort {
		return Danger{} // 都, 是, 转: an answer to a question; the ear has nothing to go by
	}
	margin := max(odds-earAlone, part-earPart)
	switch role {
	case "cadre":
		margin -= earCadre
	case "child":
		margin -= earChild
	}
	if b.framedAnyhow(told) {
		margin -= earFramed
	}
	if margin < 0 || b.framedWhole(told) {
		return Danger{}
	}
	found = Danger{Red, b.kind(told), ear.loudest(told)}
	if found.Kind == "neglect" {
		found.Level = Yellow
	}
	return found
}

// overhear reads only the clauses that a hit stands in, with so many more on each side.
func (b *rulebook) overhear(r *reading, hit word, more int) []*reading {
	span := r.clauses(hit, more)
	return b.readAll(string(r.text[span.from:span.to]))
}

// asks tells whether a hit is followed by a question or by something to apply for.
func (b *rulebook) asks(r *reading, hit word) bool {
	return slices.ContainsFunc([]string{"@asking", "@paperwork"}, func(class string) bool {
		return slices.ContainsFunc(r.at[b.vocabulary.classes[class]], func(w word) bool {
			return w.from >= hit.to && w.from <= hit.to+farGap
		})
	})
}

// among tells whether a word of the class stands in the text.
func (b *rulebook) among(told []*reading, class string) bool {
	return slices.ContainsFunc(told, func(r *reading) bool { return len(r.at[b.vocabulary.classes[class]]) > 0 })
}

// kind guesses what a danger is about from the words that go with each kind.
func (b *rulebook) kind(told []*reading) string {
	best, most := b.Rules[0].Kind, 0
	for _, rule := range b.Rules {
		count := 0
		for _, r := range told {
			count += len(r.at[b.vocabulary.classes[strings.Join(b.Kinds[rule.Kind], "|")]])
		}
		if count > most {
			best, most = rule.Kind, count
		}
	}
	return best
}
