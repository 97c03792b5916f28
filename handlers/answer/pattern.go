package answer

import (
	"fmt"
	"iter"
	"strings"
)

// A pattern is a row of elements that must follow each other in a sentence;
// danger.yaml tells how one is written.
type pattern []element

type element struct {
	class int // of the vocabulary
	gap   int // how far on from the element before, in characters
	cross bool
	end   bool // also met by the end of a clause
	only  bool // met by nothing else
}

const (
	nearGap = 6
	farGap  = 24
)

// vocabulary numbers the words of many patterns, so that one pass over a text finds them all.
type vocabulary struct {
	lexicon *lexicon
	classes map[string]int // "word|word" or "@name" → class
	named   map[string][]string
}

func newVocabulary(named map[string][]string) *vocabulary {
	return &vocabulary{lexicon: newLexicon(), classes: map[string]int{}, named: named}
}

// class is the number of a set of words written as "a|b|@c".
func (v *vocabulary) class(set string) (int, error) {
	if c, ok := v.classes[set]; ok {
		return c, nil
	}
	c := len(v.classes)
	v.classes[set] = c
	words, err := v.expand(set, 0)
	for _, w := range words {
		v.lexicon.add(w, c)
	}
	return c, err
}

func (v *vocabulary) expand(set string, depth int) ([]string, error) {
	if depth > 4 {
		return nil, fmt.Errorf("class %s refers to itself", set)
	}
	var words []string
	for word := range strings.SplitSeq(set, "|") {
		name, isClass := strings.CutPrefix(word, "@")
		if !isClass {
			if word = plain(word); word != "" {
				words = append(words, word)
			}
			continue
		}
		members, ok := v.named[name]
		if !ok {
			return nil, fmt.Errorf("no class %s", word)
		}
		more, err := v.expand(strings.Join(members, "|"), depth+1)
		if err != nil {
			return nil, err
		}
		words = append(words, more...)
	}
	return words, nil
}

// compile reads a pattern as it is written in danger.yaml.
func (v *vocabulary) compile(written string) (pattern, error) {
	var p pattern
	far := false
	for token := range strings.FieldsSeq(written) {
		if token == ".." {
			far = true
			continue
		}
		e := element{gap: nearGap}
		if far {
			e.gap, e.cross, far = farGap, true, false
		}
		if rest, ok := strings.CutPrefix(token, "~"); ok {
			token, e.gap, e.cross = rest, 0, false
		}
		var words []string
		for word := range strings.SplitSeq(token, "|") {
			if word == "$" {
				e.end = true
			} else {
				words = append(words, word)
			}
		}
		e.only = len(words) == 0
		if !e.only {
			var err error
			if e.class, err = v.class(strings.Join(words, "|")); err != nil {
				return nil, fmt.Errorf("%q: %w", written, err)
			}
		}
		p = append(p, e)
	}
	if len(p) == 0 || p[0].only || far {
		return nil, fmt.Errorf("%q is no pattern", written)
	}
	return p, nil
}

// find gives the first span in which a pattern holds. A negation right before
// an element undoes it.
func (r *reading) find(p pattern) (word, bool) {
	for hit := range r.each(p) {
		return hit, true
	}
	return word{}, false
}

// each gives the spans in which a pattern holds, one for each word it can start with.
func (r *reading) each(p pattern) iter.Seq[word] {
	return func(yield func(word) bool) {
		for _, first := range r.at[p[0].class] {
			if r.negated[first.from] {
				continue
			}
			if to, ok := r.follow(p[1:], first.to); ok && !yield(word{first.from, to}) {
				return
			}
		}
	}
}

// clauses is the span of the clauses that a hit stands in, with so many more on each side.
func (r *reading) clauses(hit word, more int) word {
	from := hit.from
	for left := more; from > 0; from-- {
		if r.text[from-1] == comma {
			if left--; left < 0 {
				break
			}
		}
	}
	to := r.breaks[hit.to-1]
	for ; more > 0 && to+1 < len(r.breaks); more-- {
		to = r.breaks[to+1]
	}
	return word{from, to}
}

func (r *reading) follow(p pattern, from int) (int, bool) {
	if len(p) == 0 {
		return from, true
	}
	e := p[0]
	limit := from + e.gap
	clause := len(r.text)
	if from < len(r.breaks) {
		clause = r.breaks[from]
	}
	if from > 0 && r.breaks[from-1] == from {
		clause = from // the element before ended its clause
	}
	if e.end && onlyTail(r.text[from:clause]) {
		if to, ok := r.follow(p[1:], clause); ok {
			return to, true
		}
	}
	if e.only {
		return 0, false
	}
	if !e.cross {
		limit = min(limit, clause)
	}
	for _, w := range r.at[e.class] {
		if w.from < from {
			continue
		}
		if w.from > limit || (!e.cross && w.from >= clause) {
			break
		}
		if w.from > from && r.negated[w.from] {
			continue
		}
		if to, ok := r.follow(p[1:], w.to); ok {
			return to, true
		}
	}
	return 0, false
}

// onlyTail tells whether nothing but particles is left of a clause.
func onlyTail(rest []rune) bool {
	for _, r := range rest {
		if !strings.ContainsRune("了咧哩呀啊的吧呢嘛哦噢么着啦哇呜唉", r) {
			return false
		}
	}
	return true
}
