package answer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reading is one sentence with all its known words found.
type reading struct {
	text    []rune
	raw     []rune   // the same before the harmless words were blotted out
	breaks  []int    // for each position, where its clause ends
	at      [][]word // words by class
	negated []bool   // a negation stands right before this position
	wary    []bool   // a word of caution ends here
}

type word struct{ from, to int }

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
	for _, c := range join(sentence) {
		switch c = fold(c); {
		case unicode.IsLetter(c), unicode.IsDigit(c), unicode.Is(unicode.So, c):
			text = append(text, c)
		case strings.ContainsRune("[]*-_·/+~^", c), unicode.IsMark(c): // 自*杀 is still 自杀
		case len(text) > 0 && text[len(text)-1] != comma:
			text = append(text, comma)
		}
	}
	if len(text) > 2000 {
		text = text[:2000]
	}
	text, raw := b.mend(b.blot(slices.Clone(text)), text)
	r := &reading{
		text:    text,
		raw:     raw,
		breaks:  make([]int, len(text)),
		at:      make([][]word, len(b.vocabulary.classes)),
		negated: make([]bool, len(text)+1),
		wary:    make([]bool, len(text)+1),
	}
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

// join closes the gaps around single characters: 不 想 活 is still 不想活.
func join(sentence string) string {
	var out strings.Builder
	alone := false
	for i, field := range strings.FieldsFunc(sentence, unicode.IsSpace) {
		single := utf8.RuneCountInString(field) == 1
		if i > 0 && !alone && !single {
			out.WriteByte(' ')
		}
		out.WriteString(field)
		alone = single
	}
	return out.String()
}

// windows are the parts of a long text, three clauses at a time, so that one
// terrible clause is heard in a long quiet report. A short text has none.
func windows(text string) []string {
	clauses := strings.FieldsFunc(text, func(r rune) bool {
		return strings.ContainsRune("。!！?？;；\n\r,，、 ", r)
	})
	const size, step = 3, 2 // any two that stand together meet in one part
	if len(clauses) <= size+1 {
		return nil
	}
	clauses = clauses[:min(len(clauses), maxClauses)]
	var out []string
	for i := 0; i+step <= len(clauses); i += step {
		out = append(out, strings.Join(clauses[i:min(i+size, len(clauses))], ","))
	}
	return out
}

const maxClauses = 60 // of a text that is heard part by part

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

// mend writes what was meant where a homophone was typed, in the blotted text and in the raw one.
func (b *rulebook) mend(blotted, raw []rune) (text, rawText []rune) {
	for at := 0; at < len(blotted); {
		size, classes := b.homophones.longest(blotted, at)
		if size > 0 {
			meant := []rune(b.written[classes[0]])
			text, rawText = append(text, meant...), append(rawText, meant...)
			at += size
			continue
		}
		text, rawText = append(text, blotted[at]), append(rawText, raw[at])
		at++
	}
	for size := 3; size <= 4; size++ {
		for at := 0; at+size <= len(text); at++ {
			if meant, ok := b.sounds[sound(text[at:at+size])]; ok {
				copy(text[at:], meant)
				copy(rawText[at:], meant)
			}
		}
	}
	return text, rawText
}

func sound(runes []rune) string {
	var s strings.Builder
	for _, r := range runes {
		s.WriteString(syllable(r))
		s.WriteByte(' ')
	}
	return s.String()
}
