package answer

import "slices"

// excused tells whether a hit is not here and now: about an animal, feared or
// guarded against, told of television, a training, the past, in general or in jest.
func (b *rulebook) excused(hit word, told []*reading, i int) bool {
	r := told[i]
	start := 0
	for at := hit.from - 1; at >= 0; at-- {
		if r.text[at] == comma {
			start = at + 1
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
	if _, ok := before(b.fear, start); ok && r.breaks[hit.to-1] < len(r.text) {
		return true
	}
	return b.framed(hit, told, i)
}

func (r *reading) within(class int, span word) bool {
	return slices.ContainsFunc(r.at[class], func(w word) bool { return span.from <= w.from && w.to <= span.to })
}

// excuses tells whether the frame stands around a hit in sentence i and nothing lifts it.
func (f *frame) excuses(hit word, told []*reading, i int) bool {
	r := told[i]
	if f.Reach == "after" {
		return f.settles(hit, told, i)
	}
	from, open := f.opens(r)
	if f.Reach == "text" && slices.ContainsFunc(told[:i], func(r *reading) bool { _, ok := f.opens(r); return ok }) {
		from, open = -1, true
	}
	if !open || len(r.at[f.personal]) > 0 {
		return false
	}
	for _, w := range r.at[f.lifted] {
		if w.from > from && len(r.at[f.unlifted]) == 0 {
			return false
		}
	}
	return true
}

// opens is where the frame's first words stand in a sentence, if they do.
func (f *frame) opens(r *reading) (at int, ok bool) {
	for _, p := range f.words {
		if w, found := r.find(p); found && (!ok || w.from < at) {
			at, ok = w.from, true
		}
	}
	return at, ok
}

const (
	settledSoon = 24 // characters on, in the same sentence
	settledNext = 12 // characters into the next
)

// settles tells whether a hit is followed by word that it ended well.
func (f *frame) settles(hit word, told []*reading, i int) bool {
	r := told[i]
	for _, p := range f.words {
		for w := range r.each(p) {
			if w.to > hit.from && w.from <= hit.to+settledSoon && !f.reopened(r, w.to) {
				return true
			}
		}
		if i+1 < len(told) {
			for w := range told[i+1].each(p) {
				if w.from <= settledNext && !f.reopened(told[i+1], w.to) {
					return true
				}
			}
		}
	}
	return false
}

// reopened tells whether a word after this place lifts the frame.
func (f *frame) reopened(r *reading, from int) bool {
	return slices.ContainsFunc(r.at[f.lifted], func(w word) bool { return w.from >= from })
}

// framed tells whether a frame excuses a hit in sentence i.
func (b *rulebook) framed(hit word, told []*reading, i int) bool {
	for _, f := range b.frames {
		if f.excuses(hit, told, i) {
			return true
		}
	}
	return false
}
