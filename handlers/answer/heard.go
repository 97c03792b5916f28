package answer

import (
	_ "embed"
	"math"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed heard.yaml
var heardData []byte

// ear weighs the words of a text for and against danger. It was taught by the
// sentences of heard.yaml and by the questions of phrasings.yaml, which are calm;
// it hears the plain things that no rule of danger.yaml foresaw.
type ear struct {
	ids     map[piece]int
	weights []float64
	bias    float64
}

var taught = sync.OnceValue(func() *ear {
	h := heard()
	names := make([]string, 0, 64)
	for id := range spoken().Phrasings {
		names = append(names, id)
	}
	slices.Sort(names)
	for _, id := range names {
		h.Calm = append(h.Calm, spoken().Phrasings[id]...)
	}
	for _, rule := range rules().Rules {
		h.Danger = append(h.Danger, rule.Hits...)
		h.Calm = append(h.Calm, rule.Misses...)
	}
	return teach(unfold(h.Danger), unfold(h.Calm))
})

type lessons struct{ Danger, Calm []string }

func heard() lessons {
	var h lessons
	if err := yaml.Unmarshal(heardData, &h); err != nil {
		panic("answer: heard.yaml: " + err.Error())
	}
	return h
}

// unfold writes out the braces of each line: "{a|b}{c|d|e}" gives ac, bd, ae, and
// so on until each choice has stood against two of the others.
func unfold(rows []string) []string {
	var out []string
	for _, row := range rows {
		var parts [][]string
		longest := 1
		for rest := row; rest != ""; {
			before, after, found := strings.Cut(rest, "{")
			parts = append(parts, []string{before})
			if !found {
				break
			}
			choices, tail, _ := strings.Cut(after, "}")
			parts = append(parts, strings.Split(choices, "|"))
			longest = max(longest, len(parts[len(parts)-1]))
			rest = tail
		}
		turns := longest
		if longest > 1 {
			turns = 2 * longest
		}
		for turn := range turns {
			var text strings.Builder
			for k, part := range parts {
				shift := 0
				if turn >= longest {
					shift = k // the second time round, meet others
				}
				text.WriteString(part[(turn+shift)%len(part)])
			}
			out = append(out, text.String())
		}
	}
	return out
}

// teach fits a logistic regression by stochastic descent in a fixed order.
func teach(danger, calm []string) *ear {
	e := &ear{ids: map[piece]int{}}
	texts := slices.Concat(danger, calm)
	samples := make([][]feature, len(texts))
	for i, text := range texts {
		samples[i] = e.vector(rules().readAll(text), true)
	}
	e.weights = make([]float64, len(e.ids))
	const rounds, stride = 15, 7919
	for round := range rounds {
		rate := 4 / (1 + 0.2*float64(round))
		for k := range samples {
			i := (k*stride + round*31) % len(samples)
			step := -1 / (1 + math.Exp(-e.sum(samples[i])))
			if i < len(danger) {
				step++
			}
			for _, f := range samples[i] {
				e.weights[f.id] += rate * step * f.value
			}
			e.bias += 0.1 * step
		}
	}
	return e
}

func (e *ear) sum(vector []feature) float64 {
	z := e.bias
	for _, f := range vector {
		z += e.weights[f.id] * f.value
	}
	return z
}

// hear gives the odds of danger as a logarithm: above 0 it is likelier than not.
func (e *ear) hear(told []*reading) float64 {
	return e.sum(e.vector(told, false))
}

const (
	hearChar    = 0.5
	hearPair    = 1.0
	hearTriple  = 0.7
	hearClass   = 0.9
	hearMeeting = 0.5 // two classes in one sentence
	hearFrame   = 1.5
)

// piece is something to hear: up to three characters on end, or, below zero,
// a class of words, two that meet, or a frame.
type piece struct {
	a, b, c rune
	undone  bool // negated, feared or guarded against
}

// vector is what is heard in a text, with length one. While learning, new pieces get a number.
func (e *ear) vector(told []*reading, learn bool) []feature {
	b := rules()
	seen := make(map[piece]bool, 256)
	var out []feature
	var sum float64
	add := func(p piece, w float64) {
		if seen[p] {
			return
		}
		seen[p] = true
		sum += w * w
		id, known := e.ids[p]
		if !known && learn {
			id, known = len(e.ids), true
			e.ids[p] = id
		}
		if known {
			out = append(out, feature{id, w})
		}
	}
	for _, r := range told {
		text, undone := b.anyone(r)
		for i, c := range text {
			if c == comma {
				continue
			}
			add(piece{a: c, undone: undone[i]}, hearChar)
			if i+1 < len(text) && text[i+1] != comma {
				add(piece{c, text[i+1], 0, undone[i]}, hearPair)
				if i+2 < len(text) && text[i+2] != comma {
					add(piece{c, text[i+1], text[i+2], undone[i]}, hearTriple)
				}
			}
		}
		var classes []rune
		for i, class := range b.named {
			if len(r.at[class]) > 0 {
				classes = append(classes, -1-rune(i))
			}
		}
		for i, one := range classes {
			add(piece{a: one}, hearClass)
			for _, other := range classes[:i] {
				add(piece{a: other, b: one}, hearMeeting)
			}
		}
		if len(r.at[b.animal]) > 0 && len(r.at[b.person]) == 0 {
			add(piece{c: -1}, hearFrame)
		}
		for i, f := range b.frames {
			if _, ok := f.opens(r); ok {
				add(piece{c: -2 - rune(i)}, hearFrame)
			}
		}
	}
	for i := range out {
		out[i].value /= math.Sqrt(sum)
	}
	return out
}

// anyone writes each person of a sentence as one sign, since danger comes to
// anyone, and marks what is negated or only feared.
func (b *rulebook) anyone(r *reading) (text []rune, undone []bool) {
	spans := make([]int, len(r.text))
	for _, class := range []int{b.person, b.vocabulary.classes["@abuser"]} {
		for _, w := range r.at[class] {
			if r.text[w.from] != '我' && r.text[w.from] != '人' || w.to > w.from+1 {
				spans[w.from] = max(spans[w.from], w.to)
			}
		}
	}
	wary := false
	for i := 0; i < len(r.text); {
		wary = r.wary[i] || wary && r.text[i] != comma
		undone = append(undone, wary || r.negated[i])
		if to := spans[i]; to > 0 {
			text = append(text, someone)
			i = to
			continue
		}
		text = append(text, r.text[i])
		i++
	}
	return text, undone
}

const someone = '谁'

// loudest is the piece of a text that speaks most for danger.
func (e *ear) loudest(told []*reading) string {
	var words string
	var most float64
	for _, r := range told {
		text, _ := rules().anyone(r)
		for size := 2; size <= 3; size++ {
			for i := 0; i+size <= len(text); i++ {
				p := piece{a: text[i], b: text[i+1]}
				if size == 3 {
					p.c = text[i+2]
				}
				if id, ok := e.ids[p]; ok && e.weights[id] > most {
					words, most = string(text[i:i+size]), e.weights[id]
				}
			}
		}
	}
	return words
}
