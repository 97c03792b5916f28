package answer

import (
	"cmp"
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
	word := plain(text)
	if id, ok := b.asked[word]; ok {
		return Outcome{ID: id, Score: 1}
	}
	if word == "" {
		return Outcome{ID: None}
	}
	return b.pick(text, role)
}

func (b *Base) pick(text, role string) Outcome {
	likely := b.index.likely(text, role)
	entries, none := likely[:len(b.entries)], likely[len(b.entries)]
	order := make([]int, len(entries))
	for c := range order {
		order[c] = c
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(entries[j], entries[i]) })
	best := order[0]
	rival := torn
	if bare(text) {
		rival = tornPlainly
	}
	if entries[best] < none || entries[best] < sure {
		return Outcome{ID: None, Score: min(none, 1)}
	}
	out := Outcome{ID: b.entries[best].ID, Score: entries[best]}
	for _, c := range order[:min(3, len(order))] {
		if entries[c] >= entries[best]*rival {
			out.Choices = append(out.Choices, b.entries[c].ID)
		}
	}
	if len(out.Choices) < 2 {
		out.Choices = nil
	}
	return out
}

// Set so that what one writer taught holds for the questions of the others
// (TestAskingAcrossAuthors).
const (
	sure        = 0.1 // below this nothing is answered
	tornPlainly = 0.1 // how far a rival of a bare topic may lie behind
	torn        = 0.4 // a rival this close to the best is offered as a choice
)
