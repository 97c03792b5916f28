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
	More      string         `json:"more,omitempty"`       // the rest of a long answer
	Codes     codeTries      `json:"codes,omitzero"`       // wrong binding codes
	Invite    string         `json:"invite,omitempty"`     // an invitation that waits for 同意: its id, role and person
	Notice    *noticeDraft   `json:"notice,omitempty"`     // a notice that waits for its code
	Ask       *question      `json:"ask,omitempty"`        // what was asked last
	Hints     int            `json:"hints,omitempty"`      // receipts that showed how to correct
	PhotoSaid models.Instant `json:"photo_said,omitempty"` // a photo was acknowledged then
	Photo     photoTrail     `json:"photo,omitzero"`       // the last photos

	Lately lately              `json:"lately,omitzero"` // what 撤销 takes back before the last record
	Homes  map[string][]string `json:"homes,omitempty"` // who is at home when a household is visited: recipient ids
	Whose  models.Instant      `json:"whose,omitempty"` // photos up to then were asked about
	Alarm  alarm               `json:"alarm,omitzero"`  // what a family spoke of last
	Held   bool                `json:"held,omitempty"`  // old photos wait for the next record
}

// lately is what was done last where it is no record of the sender's own.
type lately struct {
	Kind string `json:"kind,omitempty"`
	ID   string `json:"id,omitempty"`
}

// What was done last.
const (
	latelyBehalf = "behalf" // a record for a colleague
	latelyState  = "state"  // a person's state
	latelyBack   = "back"   // the end of a state
	latelyJoint  = "joint"  // records of several who went together
)

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
	askWhich   = "which"   // to which of several questions plain words are the answer
	askRecall  = "recall"  // whether to be reminded of who was not reached
	askTell    = "tell"    // a cadre's own words for families, or what they are
	askReply   = "reply"   // the words, or the voice, for a question
	askForward = "forward" // a family's question that was answered, for the cadre as well
	askChoice  = "choice"  // which question was meant
	askFamily  = "family"  // whom a matter is about
	askUrgent  = "urgent"  // a voice message at night
	askPhoto   = "photo"   // whether a picture belongs to a question

	askColleague = "colleague" // which colleague of a name
	askDisown    = "disown"    // which record of a colleague's was not so
	askGone      = "gone"      // away or dead
	askState     = "state"     // whose state it is, of several of a name
	askHome      = "home"      // who of a household was there
	askWhose     = "whose"     // whose the old photos are
	askRebind    = "rebind"    // whether the phone becomes another's
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
	Photos  []string       `json:"photos,omitempty"`  // their ids
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
	// For is the colleague whose record it will be.
	For string `json:"for,omitempty"`
	// Home is set once it is clear who of a household was there.
	Home bool `json:"home,omitempty"`
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
