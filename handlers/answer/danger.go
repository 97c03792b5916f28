package answer

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"go.yaml.in/yaml/v3"
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

//go:embed danger.yaml
var dangerData []byte

// rulebook is danger.yaml, compiled.
type rulebook struct {
	Classes    map[string][]string `yaml:"classes"`
	Harmless   []string            `yaml:"harmless"`
	Neutral    []string            `yaml:"neutral"`
	Negations  []string            `yaml:"negations"`
	Wary       []string            `yaml:"wary"`
	Homophones map[string][]string `yaml:"homophones"`
	BySound    []string            `yaml:"bySound"`
	Animals    []string            `yaml:"animals"`
	Frames     map[string]*frame   `yaml:"frames"`
	Kinds      map[string][]string `yaml:"kinds"`
	Rules      []*rule             `yaml:"rules"`

	vocabulary *vocabulary
	harmless   *lexicon
	homophones *lexicon
	written    []string // homophone class → the word meant
	sounds     map[string][]rune
	negation   int
	neutral    int
	wary       int
	animal     int
	person     int
	names      []string // of the classes, sorted
}

// frame is a way of speaking that takes a sentence out of here and now.
type frame struct {
	Words    []string `yaml:"words"`
	Lifted   []string `yaml:"lifted"`   // after the frame: it is here and now again
	Unlifted []string `yaml:"unlifted"` // yet with these it stays a frame
	Personal []string `yaml:"personal"` // anywhere: it is about someone here

	words                      []pattern
	lifted, unlifted, personal int
}

type rule struct {
	Kind   string   `yaml:"kind"`
	Level  string   `yaml:"level"`
	When   []string `yaml:"when"`
	Unless []string `yaml:"unless"`
	Hits   []string `yaml:"hits"`
	Misses []string `yaml:"misses"`

	level  Level
	when   []pattern
	unless []pattern
}

var rules = sync.OnceValue(func() *rulebook {
	book := &rulebook{}
	if err := book.load(dangerData); err != nil {
		panic("answer: danger.yaml: " + err.Error())
	}
	return book
})

func (b *rulebook) load(data []byte) error {
	if err := yaml.Unmarshal(data, b); err != nil {
		return err
	}
	b.vocabulary = newVocabulary(b.Classes)
	var failed error
	class := func(words []string) int {
		c, err := b.vocabulary.class(strings.Join(words, "|"))
		if err != nil {
			failed = err
		}
		return c
	}
	compile := func(written []string) []pattern {
		var out []pattern
		for _, w := range written {
			p, err := b.vocabulary.compile(w)
			if err != nil {
				failed = err
				continue
			}
			out = append(out, p)
		}
		return out
	}
	b.negation, b.neutral, b.wary = class(b.Negations), class(b.Neutral), class(b.Wary)
	b.animal, b.person = class(b.Animals), class([]string{"@someone"})
	for _, words := range b.Kinds {
		class(words)
	}
	for name := range b.Classes {
		b.names = append(b.names, name)
		class([]string{"@" + name})
	}
	slices.Sort(b.names)
	for _, f := range b.Frames {
		f.words = compile(f.Words)
		f.lifted, f.unlifted, f.personal = class(f.Lifted), class(f.Unlifted), class(f.Personal)
	}
	for _, r := range b.Rules {
		r.when, r.unless = compile(r.When), compile(r.Unless)
		switch r.Level {
		case "red":
			r.level = Red
		case "yellow":
			r.level = Yellow
		default:
			return fmt.Errorf("rule %s: no level %q", r.Kind, r.Level)
		}
	}
	b.harmless = newLexicon()
	for _, row := range b.Harmless {
		for word := range strings.SplitSeq(row, "|") {
			b.harmless.add(plain(word), 0)
		}
	}
	b.homophones = newLexicon()
	meant := make([]string, 0, len(b.Homophones))
	for word := range b.Homophones {
		meant = append(meant, word)
	}
	slices.Sort(meant)
	for c, word := range meant {
		b.written = append(b.written, word)
		for _, typed := range b.Homophones[word] {
			b.homophones.add(plain(typed), c)
		}
	}
	b.sounds = map[string][]rune{}
	for _, phrase := range b.BySound {
		runes := []rune(phrase)
		b.sounds[sound(runes)] = runes
	}
	return failed
}

func sound(runes []rune) string {
	var s strings.Builder
	for _, r := range runes {
		s.WriteString(syllable(r))
		s.WriteByte(' ')
	}
	return s.String()
}

// Odds, as logarithms, at which the ear is believed.
const (
	earAlone   = 1.2  // above: danger even where no rule saw it
	earChild   = 0.8  // the same when a child writes
	earFramed  = 2.0  // added where it may be a question of policy, a tale, the past
	earDoubts  = -2.5 // below: a rule was misled
	earCertain = -6.0 // below: even a rule about suicide was misled, which a few bare words can mean
)

// Alarm tells whether a text, from anyone and about anyone, speaks of danger to a person.
// A rule that fires is believed unless the ear finds the text quite harmless;
// where no rule fires, the ear alone has to be rather sure.
func Alarm(text, role string) Danger {
	b := rules()
	told := b.readAll(text)
	if len(told) == 0 {
		return Danger{}
	}
	ear := taught()
	odds := ear.hear(told)
	found := b.ruled(told)
	if found.Level != Calm {
		if odds > earDoubts || found.Kind == "selfharm" && odds > earCertain {
			return found
		}
		return Danger{}
	}
	enough := earAlone
	if role == "child" {
		enough = earChild
	}
	if b.frames(told) {
		enough += earFramed
	}
	if odds < enough || b.framed(told) {
		return Danger{}
	}
	found = Danger{Red, b.kind(told), ear.loudest(told)}
	if found.Kind == "neglect" {
		found.Level = Yellow
	}
	return found
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

// frames tells whether any frame stands in the text, lifted or not.
func (b *rulebook) frames(told []*reading) bool {
	for _, f := range b.Frames {
		for _, r := range told {
			if slices.ContainsFunc(f.words, func(p pattern) bool { _, ok := r.find(p); return ok }) {
				return true
			}
		}
	}
	return false
}

// framed tells whether a frame excuses the last sentence told.
func (b *rulebook) framed(told []*reading) bool {
	for _, f := range b.Frames {
		if f.excuses(told) {
			return true
		}
	}
	return false
}

// ruled gives the gravest danger that a rule finds.
func (b *rulebook) ruled(told []*reading) Danger {
	var found Danger
	for i, r := range told {
		for _, rule := range b.Rules {
			if rule.level <= found.Level {
				continue
			}
			if hit, ok := b.holds(rule, told[:i+1]); ok {
				found = Danger{rule.level, rule.Kind, string(r.text[hit.from:hit.to])}
			}
		}
	}
	return found
}

func (b *rulebook) readAll(text string) []*reading {
	var told []*reading
	for _, sentence := range sentences(text) {
		told = append(told, b.read(sentence))
	}
	return told
}

// sentences cuts a text where a thought ends. Commas stay, for clauses.
func sentences(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return strings.ContainsRune("。!！?？;；\n\r", r)
	})
}

const (
	comma = ','
	blank = '□' // stands for a harmless word
)

// read folds a sentence, mends what was hidden, blots out what is harmless and finds all words.
func (b *rulebook) read(sentence string) *reading {
	var text []rune
	for _, c := range sentence {
		switch c = fold(c); {
		case unicode.IsLetter(c), unicode.IsDigit(c), unicode.Is(unicode.So, c):
			text = append(text, c)
		case strings.ContainsRune("[]", c), unicode.IsMark(c):
		case len(text) > 0 && text[len(text)-1] != comma:
			text = append(text, comma)
		}
	}
	if len(text) > 2000 {
		text = text[:2000]
	}
	text = b.mend(b.blot(text))
	r := &reading{text: text, breaks: make([]int, len(text)), at: make([][]word, len(b.vocabulary.classes)), negated: make([]bool, len(text)+1), wary: make([]bool, len(text)+1)}
	end := len(text)
	for i := len(text) - 1; i >= 0; i-- {
		if text[i] == comma {
			end = i
		}
		r.breaks[i] = end
	}
	b.vocabulary.lexicon.each(text, func(class, from, to int) {
		r.at[class] = append(r.at[class], word{from, to})
	})
	for _, n := range r.at[b.negation] {
		neutral := slices.ContainsFunc(r.at[b.neutral], func(w word) bool { return w.from <= n.from && n.to <= w.to })
		reach := min(n.to-n.from, 2) // 没 undoes the next word, 没有 also lets one character pass
		for i := n.to; !neutral && i < n.to+reach && i < len(r.negated); i++ {
			r.negated[i] = true
		}
	}
	for _, w := range r.at[b.wary] {
		r.wary[w.to] = true
	}
	return r
}

// blot replaces harmless words, the longest first at each place.
func (b *rulebook) blot(text []rune) []rune {
	for at := 0; at < len(text); {
		size, _ := b.harmless.longest(text, at)
		for i := at; i < at+size; i++ {
			text[i] = blank
		}
		at += max(size, 1)
	}
	return text
}

// mend writes what was meant where a homophone was typed.
func (b *rulebook) mend(text []rune) []rune {
	var out []rune
	for at := 0; at < len(text); {
		size, classes := b.homophones.longest(text, at)
		if size > 0 {
			out = append(out, []rune(b.written[classes[0]])...)
			at += size
			continue
		}
		out = append(out, text[at])
		at++
	}
	for size := 3; size <= 4; size++ {
		for at := 0; at+size <= len(out); at++ {
			if meant, ok := b.sounds[sound(out[at:at+size])]; ok {
				copy(out[at:], meant)
			}
		}
	}
	return out
}

// holds tells whether a rule fires on the last sentence told, given the ones before it.
func (b *rulebook) holds(rule *rule, told []*reading) (word, bool) {
	r := told[len(told)-1]
	for _, p := range rule.when {
		hit, ok := r.find(p)
		if !ok || b.excused(hit, told) {
			continue
		}
		for _, u := range rule.unless {
			if _, ok := r.find(u); ok {
				return word{}, false
			}
		}
		return hit, true
	}
	return word{}, false
}

// excused tells whether a hit is not here and now: about an animal, feared or
// guarded against, told of television, a training, the past, in general or in jest.
func (b *rulebook) excused(hit word, told []*reading) bool {
	r := told[len(told)-1]
	start := 0
	for i := hit.from - 1; i >= 0; i-- {
		if r.text[i] == comma {
			start = i + 1
			break
		}
	}
	before := func(class, from int) (word, bool) {
		for _, w := range slices.Backward(r.at[class]) {
			if w.from >= from && w.to <= hit.from {
				return w, true
			}
		}
		return word{}, false
	}
	if animal, ok := before(b.animal, start); ok {
		if _, person := before(b.person, animal.to); !person && !r.within(b.person, hit) {
			return true
		}
	}
	if _, ok := before(b.wary, start); ok {
		return true
	}
	return b.framed(told)
}

func (r *reading) within(class int, span word) bool {
	return slices.ContainsFunc(r.at[class], func(w word) bool { return span.from <= w.from && w.to <= span.to })
}

// excuses tells whether the frame stands around the last sentence told and nothing lifts it.
func (f *frame) excuses(told []*reading) bool {
	last := len(told) - 1
	from := -1
	for i, r := range told {
		for _, p := range f.words {
			if w, ok := r.find(p); ok && (i < last || from < 0) {
				from = 0
				if i == last {
					from = w.from
				}
			}
		}
	}
	if from < 0 {
		return false
	}
	r := told[last]
	if len(r.at[f.personal]) > 0 {
		return false
	}
	for _, w := range r.at[f.lifted] {
		if w.from > from && len(r.at[f.unlifted]) == 0 {
			return false
		}
	}
	return true
}
