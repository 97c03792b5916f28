package understand

import (
	"encoding/json"

	"aixin/models"
)

// Label is a result as nlu/guideline.md writes it, ready for JSON.
type Label struct {
	Intent     Intent          `json:"intent"`
	Activities []ActivityLabel `json:"activities"`
	Missing    []string        `json:"missing,omitempty"`
}

// ActivityLabel is an activity as the guideline writes it: person null when
// unknown, the channel of a contact, the sub-kind of a help, and for aid its
// amount in yuan, null when not told.
type ActivityLabel struct {
	Kind    models.Kind     `json:"kind"`
	Person  *string         `json:"person"`
	Date    models.Day      `json:"date"`
	Channel models.Channel  `json:"channel,omitempty"`
	Help    models.Help     `json:"help,omitempty"`
	Amount  json.RawMessage `json:"amount_yuan,omitempty"`
}

// Label returns r as the guideline writes it.
func (r Result) Label() Label {
	l := Label{Intent: r.Intent, Activities: make([]ActivityLabel, 0, len(r.Activities)), Missing: r.Missing}
	for _, a := range r.Activities {
		al := ActivityLabel{Kind: a.Kind, Date: a.Date, Channel: a.Channel, Help: a.Help}
		if a.Person != "" {
			name := a.Person
			al.Person = &name
		}
		if a.Kind == models.KindAid {
			al.Amount = json.RawMessage("null")
			if a.AmountFen != nil {
				al.Amount, _ = json.Marshal(float64(*a.AmountFen) / 100)
			}
		}
		l.Activities = append(l.Activities, al)
	}
	return l
}
