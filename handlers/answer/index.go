package answer

import (
	"hash/fnv"
	"math"
	"slices"
)

// index tells which entry of a base a question asks for. What the shipped entries are
// known by was taught beforehand (asked.bin); what a base has beside or instead of them
// is learned from its own wording when it is loaded.
type index struct {
	columns int            // one an entry, one for none, one for each shipped entry that this base has not
	none    int            // the column of none
	column  []int          // of each class that was taught
	own     map[uint32]own // what was learned from this base's own wording
}

type own struct {
	rarity  float64
	weights []float64 // a column
}

func newIndex(entries []Entry) *index {
	k := taughtToAsk()
	x := &index{none: len(entries), columns: len(entries) + 1, column: make([]int, len(k.classes)), own: map[uint32]own{}}
	at := map[string]int{None: x.none}
	news := false
	for i, e := range entries {
		at[e.ID] = i
		for _, q := range e.wordings() {
			news = news || !k.taught(e.ID, q)
		}
	}
	for class, id := range k.classes {
		column, has := at[id]
		if !has {
			column = x.columns
			x.columns++
		}
		x.column[class] = column
	}
	if news {
		x.inherit(entries)
		x.learn(entries)
	}
	return x
}

// wordings are the questions that an entry itself names.
func (e Entry) wordings() []string { return append([]string{e.Question}, e.Variants...) }

// inherit gives an entry of a new id what was taught of a shipped one that this base
// has not, where its wording asks for that one: it stands in its place.
func (x *index) inherit(entries []Entry) {
	for i, e := range entries {
		if slices.Contains(x.column, i) {
			continue
		}
		asked := make([]int, x.columns)
		best := x.none
		for _, q := range e.wordings() {
			z := x.weigh(signsOf(q, ""))
			top := 0
			for c := range z {
				if z[c] > z[top] {
					top = c
				}
			}
			if asked[top]++; asked[top] > asked[best] {
				best = top
			}
		}
		if best > x.none && 2*asked[best] > len(e.wordings()) {
			x.column[slices.Index(x.column, best)] = i
		}
	}
}

// learn goes over a base's own wording until each asks for its entry.
func (x *index) learn(entries []Entry) {
	type lesson struct {
		signs  []sign
		before []float64 // what was taught of it
		column int
	}
	var lessons []lesson
	rarest := taughtToAsk().rarest
	for i, e := range entries {
		for _, q := range e.wordings() {
			lessons = append(lessons, lesson{signs: signsOf(q, ""), column: i})
		}
	}
	for _, l := range lessons {
		for _, s := range l.signs {
			if _, met := x.own[s.mark]; !met {
				x.own[s.mark] = own{rarest, make([]float64, x.columns)}
			}
		}
	}
	for i := range lessons {
		l := &lessons[i]
		l.before = x.weigh(l.signs)
		l.signs = x.measure(l.signs)
	}
	const rounds, rate, enough = 20, 8.0, 0.005
	p := make([]float64, x.columns)
	for range rounds {
		for _, l := range lessons {
			copy(p, l.before)
			for _, s := range l.signs {
				for c, w := range x.own[s.mark].weights {
					p[c] += w * s.loud
				}
			}
			softmax(p)
			if p[l.column] > 1-enough {
				continue
			}
			p[l.column]--
			for _, s := range l.signs {
				w := x.own[s.mark].weights
				for c := range w {
					w[c] -= rate * p[c] * s.loud
				}
			}
		}
	}
}

// measure weighs signs by their rarity and gives the whole length one.
func (x *index) measure(signs []sign) []sign {
	k := taughtToAsk()
	out := make([]sign, 0, len(signs))
	var sum float64
	for _, s := range signs {
		rarity := unheard
		if at := numberOf(k.marks, s.mark); at >= 0 {
			rarity = float64(k.rarity[at]) * rarityStep
		} else if o, ok := x.own[s.mark]; ok {
			rarity = o.rarity
		}
		s.loud *= rarity
		sum += s.loud * s.loud
		out = append(out, s)
	}
	norm := math.Sqrt(sum)
	for i := range out {
		out[i].loud /= norm
	}
	return out
}

// unheard is the rarity of a sign that was never met: it says nothing, but all the
// others say less beside it.
const unheard = 1.0

// weigh gives the odds of each column as a logarithm.
func (x *index) weigh(signs []sign) []float64 {
	k := taughtToAsk()
	z := make([]float64, x.columns)
	for class, b := range k.bias {
		z[x.column[class]] += b
	}
	for _, s := range x.measure(signs) {
		if at := numberOf(k.marks, s.mark); at >= 0 {
			for i := k.from[at]; i < k.from[at+1]; i++ {
				z[x.column[k.class[i]]] += float64(k.weight[i]) * k.step * s.loud
			}
		}
		if o, ok := x.own[s.mark]; ok {
			for c, w := range o.weights {
				z[c] += w * s.loud
			}
		}
	}
	return z
}

// likely is how likely each entry is, and last none of them: what a base has no entry
// for is none of its business.
func (x *index) likely(text, role string) []float64 {
	z := x.weigh(signsOf(text, role))
	softmax(z)
	for _, p := range z[x.none+1:] {
		z[x.none] += p
	}
	return z[:x.none+1]
}

func softmax(z []float64) {
	top := slices.Max(z)
	var sum float64
	for i := range z {
		z[i] = math.Exp(z[i] - top)
		sum += z[i]
	}
	for i := range z {
		z[i] /= sum
	}
}

// seal is the number that a taught wording is kept under.
func seal(id, wording string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id + "\n" + plain(wording)))
	return h.Sum64()
}
