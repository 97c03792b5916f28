package answer

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
)

// weight of a kind of feature in a question's vector.
const (
	weighChar    = 0.35
	weighPair    = 1.0
	weighTriple  = 0.8
	weighSound   = 0.6
	weighConcept = 1.9
	weighJoint   = 1.2
)

type feature struct {
	id    int
	value float64
}

// index is a linear classifier over a base's own wording, trained when the base is loaded.
type index struct {
	ids     map[string]int // feature → number
	rarity  []float64
	classes int         // entries, then none
	weights [][]float32 // feature → weight a class
	bias    []float64
	samples []sample
	near    map[int][]posting
}

type sample struct {
	class  int
	vector []feature
}

type posting struct {
	sample int32
	value  float32
}

func newIndex(entries []Entry) *index {
	lang := spoken()
	x := &index{ids: map[string]int{}, classes: len(entries) + 1, near: map[int][]posting{}}
	var texts []string
	add := func(class int, text string) {
		x.samples = append(x.samples, sample{class: class})
		texts = append(texts, text)
	}
	for class, e := range entries {
		add(class, e.Question)
		for _, v := range slices.Concat(e.Variants, unfold(lang.Phrasings[e.ID])) {
			add(class, v)
		}
		for _, v := range sentences(e.Answer) {
			add(class, v)
		}
	}
	for _, v := range unfold(lang.Phrasings[None]) {
		add(len(entries), v)
	}

	raw := make([]map[string]float64, len(texts))
	seen := map[string]int{}
	for i, text := range texts {
		raw[i] = features(text)
		for f := range raw[i] {
			seen[f]++
		}
	}
	names := make([]string, 0, len(seen))
	for f, times := range seen {
		if times > 1 { // what only one wording has teaches nothing
			names = append(names, f)
		}
	}
	slices.Sort(names)
	for id, f := range names {
		x.ids[f] = id
		x.rarity = append(x.rarity, math.Log(float64(len(texts)+1)/(float64(seen[f])+0.5)))
	}
	for i := range x.samples {
		x.samples[i].vector = x.vector(raw[i])
		for _, f := range x.samples[i].vector {
			x.near[f.id] = append(x.near[f.id], posting{int32(i), float32(f.value)})
		}
	}
	x.train()
	// What only the training needed is let go: an idle process stays small.
	for i := range x.samples {
		x.samples[i].vector = nil
	}
	for id, postings := range x.near {
		x.near[id] = slices.Clip(slices.Clone(postings))
	}
	return x
}

// features are the pieces of a text that tell what it is about, with their weights.
func features(text string) map[string]float64 {
	lang := spoken()
	runes := []rune(plain(text))
	if len(runes) > 120 {
		runes = runes[:120] // a question is short; the rest of a long tale costs time only
	}
	out := make(map[string]float64, 8*len(runes))
	var sounds []string
	for i, r := range runes {
		out[string(r)] = weighChar
		sounds = append(sounds, syllable(r))
		if i > 0 {
			out[string(runes[i-1:i+1])] = weighPair
			out["~"+sounds[i-1]+" "+sounds[i]] = weighSound
		}
		if i > 1 {
			out[string(runes[i-2:i+1])] = weighTriple
		}
	}
	concepts := lang.concepts(runes)
	if tells(text) && !bare(text) {
		concepts = append(concepts, "陈述")
	}
	for i, a := range concepts {
		out["@"+a] = weighConcept
		for _, b := range concepts[:i] {
			out["@"+b+"+"+a] = weighJoint
		}
	}
	return out
}

// vector weighs features by rarity and gives them length one. What the base
// has never seen still counts in the length: it makes a stranger less alike.
func (x *index) vector(raw map[string]float64) []feature {
	var out []feature
	var sum float64
	for _, f := range slices.Sorted(maps.Keys(raw)) { // in order: the same sum each time
		w := raw[f]
		id, known := x.ids[f]
		if !known {
			if !strings.HasPrefix(f, "@") {
				w *= 3
				sum += w * w
			}
			continue
		}
		w *= x.rarity[id]
		sum += w * w
		out = append(out, feature{id, w})
	}
	norm := math.Sqrt(sum)
	for i := range out {
		out[i].value /= norm
	}
	slices.SortFunc(out, func(a, b feature) int { return cmp.Compare(a.id, b.id) })
	return out
}

// train fits a multinomial logistic regression by plain stochastic descent,
// in a fixed order: the same base always gives the same answers.
func (x *index) train() {
	x.weights = make([][]float32, len(x.rarity))
	flat := make([]float32, len(x.rarity)*x.classes)
	for i := range x.weights {
		x.weights[i] = flat[i*x.classes : (i+1)*x.classes]
	}
	x.bias = make([]float64, x.classes)
	p := make([]float64, x.classes)
	const rounds, stride = 6, 7919 // a prime stride walks the samples in a mixed order
	const enough = 0.02            // a class this nearly right is left alone
	var wrong []int
	for round := range rounds {
		rate := 6.0 / (1 + 0.4*float64(round))
		for k := range x.samples {
			s := x.samples[(k*stride+round*31)%len(x.samples)]
			x.probabilities(s.vector, p)
			wrong = wrong[:0]
			for c := range p {
				p[c] = -p[c]
				if c == s.class {
					p[c]++
				}
				if math.Abs(p[c]) > enough {
					wrong = append(wrong, c)
				}
			}
			for _, f := range s.vector {
				w := x.weights[f.id]
				for _, c := range wrong {
					w[c] += float32(rate * p[c] * f.value)
				}
			}
			for _, c := range wrong {
				x.bias[c] += rate * p[c] * 0.05
			}
		}
	}
}

func (x *index) probabilities(vector []feature, p []float64) {
	copy(p, x.bias)
	for _, f := range vector {
		v := float32(f.value)
		for c, w := range x.weights[f.id] {
			p[c] += float64(w * v)
		}
	}
	top := slices.Max(p)
	var sum float64
	for c := range p {
		p[c] = math.Exp(p[c] - top)
		sum += p[c]
	}
	for c := range p {
		p[c] /= sum
	}
}

// nearest is, for each class, the likeness to its most alike wording.
func (x *index) nearest(vector []feature) []float64 {
	dots := make([]float64, len(x.samples))
	for _, f := range vector {
		for _, p := range x.near[f.id] {
			dots[p.sample] += f.value * float64(p.value)
		}
	}
	best := make([]float64, x.classes)
	for i, d := range dots {
		c := x.samples[i].class
		best[c] = max(best[c], d)
	}
	return best
}
