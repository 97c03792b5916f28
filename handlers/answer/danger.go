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

// What is taken off the odds of danger, as logarithms, before the ear is believed.
const (
	earPart    = 1.5 // for a part of a long text
	earHit     = 0.3 // for the part in which a rule holds
	earCadre   = 0.8 // when a cadre writes: mostly ordinary logs
	earFamily  = 0.5 // when a family does: mostly ordinary questions
	earChild   = -0.3
	earApplies = 0.8 // for a question about what one may apply for
	earLeast   = 2   // characters of a clause that is worth hearing alone
)

// tooShort is the length below which only a rule can alarm: 都, 是, 转 answer a question.
const tooShort = 3

// Alarm tells whether a text, from anyone and about anyone, speaks of danger to a person.
// The ear decides, to which a rule that holds is one voice, if a loud one. The rules then
// tell what danger it is.
func Alarm(text, role string) Danger {
	b := rules()
	told := b.readAll(text)
	if len(told) == 0 {
		return Danger{}
	}
	found, odds := b.listen(text, told, role)
	switch {
	case odds < 0:
		return Danger{}
	case found.Level == Calm && len([]rune(text)) < tooShort:
		return Danger{}
	case found.Level == Calm:
		found = Danger{Red, b.kind(told), taught().loudest(told)}
		if found.Kind == "neglect" {
			found.Level = Yellow
		}
	case found.Kind == "child_harm" && b.among(told, "@spouse") && !b.among(told, "@child"):
		found.Kind = "violence"
	}
	return found
}

// listen gives the odds that a text is an alarm, less what is asked before it is one, and
// what a rule found in it. Of a long text each part is heard by itself as well.
func (b *rulebook) listen(text string, told []*reading, role string) (found Danger, odds float64) {
	ear := taught()
	odds = ear.hear(told)
	parts := windows(text)
	for _, part := range parts {
		odds = max(odds, ear.hear(b.readAll(part))-earPart)
	}
	found, in, at := b.ruled(told)
	if found.Level != Calm && len(parts) > 0 && !b.asks(in, at) {
		odds = max(odds, ear.hear(b.overhear(in, at, 1))-earHit)
		if own := in.clauses(at, 0); own.to-own.from >= earLeast {
			odds = max(odds, ear.hear(b.overhear(in, at, 0))-earHit)
		}
	}
	if b.applies(told) {
		odds -= earApplies
	}
	switch role {
	case "cadre":
		odds -= earCadre
	case "child":
		odds -= earChild
	default:
		odds -= earFamily
	}
	return found, odds
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

// applies tells whether a text ends by asking for what one may apply for.
func (b *rulebook) applies(told []*reading) bool {
	last := told[len(told)-1]
	from := 0
	for i, c := range last.text[:max(len(last.text)-1, 0)] {
		if c == comma {
			from = i + 1
		}
	}
	asks := slices.ContainsFunc(last.at[b.vocabulary.classes["@asking"]], func(w word) bool { return w.from >= from })
	return (asks || strings.HasSuffix(string(last.text), "不")) && b.among(told, "@paperwork")
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
