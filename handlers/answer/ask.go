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
	if Alarm(text, role).Level != Calm {
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
	none := x.classes - 1
	for c := range score {
		score[c] = math.Pow(p[c], byClass) * math.Pow(near[c], 1-byClass)
	}
	score[none] *= shyness * spoken().strangeness(text)
	rival := torn
	if bare(text) {
		score[none] *= plainly
		rival = tornPlainly
	}
	order := make([]int, x.classes)
	for c := range order {
		order[c] = c
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(score[j], score[i]) })
	best := order[0]
	if best == none || score[best] < sure {
		return Outcome{ID: None, Score: min(score[best], 1)}
	}
	out := Outcome{ID: b.entries[best].ID, Score: score[best]}
	for _, c := range order[:min(3, len(order))] {
		if c != none && score[c] >= score[best]*rival {
			out.Choices = append(out.Choices, b.entries[c].ID)
		}
	}
	if len(out.Choices) < 2 {
		out.Choices = nil
	}
	return out
}

// Set on the tuned two thirds of testdata/questions.jsonl.
const (
	byClass     = 0.5 // how much the classifier counts against the likeness to one wording
	shyness     = 1.2 // how much a stranger's topic counts beside an entry
	familiar    = 0.6 // and beside a text that names one of the programme's own topics
	stranger    = 2.0 // or one that names somebody else's
	sure        = 0.2 // below this nothing is answered
	plainly     = 0.5 // how much less shy of a bare topic
	tornPlainly = 0.3 // and how far a rival may lie behind
	torn        = 0.6 // a rival this close to the best is offered as a choice
)
