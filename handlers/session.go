package handlers

import (
	"encoding/json"
	"fmt"

	"aixin/handlers/understand"
	"aixin/models"
)

// Session is what a conversation remembers between messages. It is stored as
// JSON with each answer and survives restarts and replicas.
type Session struct {
	More      string          `json:"more,omitempty"`       // the rest of a long answer
	Codes     codeTries       `json:"codes,omitzero"`       // wrong binding codes
	Consent   *models.Instant `json:"consent,omitempty"`    // an invitation waits for 同意 since then
	Invite    string          `json:"invite,omitempty"`     // its id
	Notice    *noticeDraft    `json:"notice,omitempty"`     // a notice that waits for its code
	Ask       *question       `json:"ask,omitempty"`        // what was asked last
	Hints     int             `json:"hints,omitempty"`      // receipts that showed how to correct
	PhotoSaid models.Instant  `json:"photo_said,omitempty"` // a photo was acknowledged then
	Photo     photoTrail      `json:"photo,omitzero"`       // the last photos
}

type codeTries struct {
	Wrong int            `json:"wrong,omitempty"`
	Until models.Instant `json:"until,omitempty"`
}

// photoTrail keeps replies to a run of photos few.
type photoTrail struct {
	At     models.Instant `json:"at,omitempty"`
	Record string         `json:"record,omitempty"`
}

// The kinds of questions.
const (
	askWho    = "who"    // which person
	askResent = "resent" // the same gift again
	askUndo   = "undo"   // an old record
	askAmount = "amount" // the value of a gift, not insisted on
	askVoice  = "voice"  // what a recording is about

	askPass    = "pass"    // a cadre's plain words for a family
	askForward = "forward" // a family's question that was answered, for the cadre as well
	askChoice  = "choice"  // which question was meant
	askFamily  = "family"  // whom a matter is about
	askUrgent  = "urgent"  // a voice message at night
	askPhoto   = "photo"   // whether a picture belongs to a question
)

// question is one thing the bot asked, with the draft it is about.
type question struct {
	Kind    string         `json:"kind"`
	Asked   int            `json:"asked"`
	At      models.Instant `json:"at"`
	Draft   draft          `json:"draft,omitzero"`
	Options []string       `json:"options,omitempty"` // pairing ids or entries, in the order shown
	Typed   string         `json:"typed,omitempty"`   // the name that was not known, the matter, the medium
	Record  string         `json:"record,omitempty"`  // its id, or a question's
}

// draft is a message that is not logged yet.
type draft struct {
	Words string                `json:"words"`
	Key   string                `json:"key"`
	Today models.Day            `json:"today"`
	Acts  []understand.Activity `json:"acts"`
	// Who settles names: as typed (or "" for none) → pairing ids.
	Who map[string][]string `json:"who,omitempty"`
	// Again is set once the sender said that a repeated gift is a second one.
	Again bool `json:"again,omitempty"`
}

func loadSession(raw []byte) (Session, error) {
	var s Session
	if len(raw) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, fmt.Errorf("handlers: session: %w", err)
	}
	return s, nil
}
