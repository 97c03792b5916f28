package answer

import (
	"cmp"
	"math"
	"slices"
)

// Outcomes that are no entry of the base.
const (
	None   = "none"   // nothing in the base answers this
	Crisis = "crisis" // someone is in danger: see Alarm
)

// Outcome is what the base has to say to a question.
type Outcome struct {
	ID      string   // an entry's id, None or Crisis
	Score   float64  // 0..1, how sure
	Choices []string // up to three ids, best first, when torn between them
}

// Ask finds the entry that answers a text from a guardian, child or cadre.
func (b *Base) Ask(text, role string) Outcome {
	if d := Alarm(text, role); d.Level != Calm {
		return Outcome{ID: Crisis, Score: 1}
	}
	x := b.index
	vector := x.vector(features(text))
	if len(vector) == 0 {
		return Outcome{ID: None}
	}
	p := make([]float64, x.classes)
	x.probabilities(vector, p)
	near := x.nearest(vector)
	score := make([]float64, x.classes)
	for c := range score {
		score[c] = math.Sqrt(p[c] * near[c])
	}
	order := make([]int, x.classes)
	for c := range order {
		order[c] = c
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(score[j], score[i]) })
	none := x.classes - 1
	best := order[0]
	if best == none || score[best] < sure {
		return Outcome{ID: None, Score: score[best]}
	}
	out := Outcome{ID: b.entries[best].ID, Score: score[best]}
	for _, c := range order[:3] {
		if c != none && score[c] >= score[best]*torn {
			out.Choices = append(out.Choices, b.entries[c].ID)
		}
	}
	if len(out.Choices) < 2 {
		out.Choices = nil
	}
	return out
}

const (
	sure = 0.25 // below this likeness nothing is answered
	torn = 0.8  // a rival this close to the best is offered as a choice
)
