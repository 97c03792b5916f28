package answer

import "slices"

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
	if _, ok := before(b.fear, start); ok && r.breaks[hit.to-1] < len(r.text) {
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

// framedAnyhow tells whether any frame stands in the text, lifted or not.
func (b *rulebook) framedAnyhow(told []*reading) bool {
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
