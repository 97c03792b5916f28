package answer

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed danger.yaml
var dangerData []byte

// rulebook is danger.yaml, compiled.
type rulebook struct {
	Classes    map[string][]string `yaml:"classes"`
	Harmless   []string            `yaml:"harmless"`
	Neutral    []string            `yaml:"neutral"`
	Negations  []string            `yaml:"negations"`
	Wary       []string            `yaml:"wary"`
	Fears      []string            `yaml:"fears"`
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
	fear       int
	animal     int
	person     int
	named      []int    // the classes that have a name, in its order
	frames     []*frame // likewise
}

// frame is a way of speaking that takes a sentence out of here and now.
type frame struct {
	Words    []string `yaml:"words"`
	Lifted   []string `yaml:"lifted"`   // after the frame: it is here and now again
	Unlifted []string `yaml:"unlifted"` // yet with these it stays a frame
	Personal []string `yaml:"personal"` // anywhere: it is about someone here
	Reach    string   `yaml:"reach"`    // text: also into the sentences that follow; after: only back over what was said just before

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
	b.negation, b.neutral = class(b.Negations), class(b.Neutral)
	b.wary, b.fear = class(b.Wary), class(b.Fears)
	b.animal, b.person = class(b.Animals), class([]string{"@someone"})
	for _, words := range b.Kinds {
		class(words)
	}
	for _, name := range slices.Sorted(maps.Keys(b.Classes)) {
		b.named = append(b.named, class([]string{"@" + name}))
	}
	for _, name := range slices.Sorted(maps.Keys(b.Frames)) {
		f := b.Frames[name]
		b.frames = append(b.frames, f)
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

// ruled gives the gravest danger that a rule finds, and where it stands.
func (b *rulebook) ruled(told []*reading) (found Danger, in *reading, at word) {
	for i, r := range told {
		for _, rule := range b.Rules {
			if rule.level <= found.Level {
				continue
			}
			if hit, ok := b.holds(rule, told, i); ok {
				found, in, at = Danger{rule.level, rule.Kind, string(r.text[hit.from:hit.to])}, r, hit
			}
		}
	}
	return found, in, at
}

// holds tells whether a rule fires on sentence i of what is told.
func (b *rulebook) holds(rule *rule, told []*reading, i int) (word, bool) {
	r := told[i]
	for _, p := range rule.when {
		for hit := range r.each(p) {
			if !r.harmless(rule, hit) && !b.excused(hit, told, i) {
				return hit, true
			}
		}
	}
	return word{}, false
}

// harmless tells whether something beside a hit makes it mean something else.
func (r *reading) harmless(rule *rule, hit word) bool {
	near := r.clauses(hit, 1)
	for _, p := range rule.unless {
		for w := range r.each(p) {
			if near.from <= w.from && w.to <= near.to {
				return true
			}
		}
	}
	return false
}
