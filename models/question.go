package models

import "time"

// QuestionState tells what became of a family's words.
type QuestionState string

// The states of a question. All but the last three wait for a person's words.
const (
	QuestionOpen      QuestionState = "open"      // with the paired cadre, or with the unit's office
	QuestionCarried   QuestionState = "carried"   // thanks or a message to carry: no clock
	QuestionComplaint QuestionState = "complaint" // about the cadre: with the county's office
	QuestionStored    QuestionState = "stored"    // nobody could be reached; the family was told whom to call
	QuestionTold      QuestionState = "told"      // a cadre's own words for a family, with nothing asked
	QuestionAnswered  QuestionState = "answered"
	QuestionClosed    QuestionState = "closed" // spoken of by telephone
)

// Question is what a family asked, or gave to be carried, and what came back.
// Its number is counted by cadre and means nothing to others; where it lies with
// an office, CadreID is empty and the numbers run through all offices.
type Question struct {
	ID          string `gorm:"primaryKey"`
	Number      int
	Role        Role   // of who asked: guardian or recipient
	AskerID     string // the contact's id or the recipient's
	OpenID      Secret `gorm:"column:openid"`
	RecipientID string
	CadreID     string
	Words       Secret
	PhotoID     string // the recording or picture that it consists of
	Answer      Secret
	// AnswerPhotoID is the recording that the answer consists of.
	AnswerPhotoID string
	State         QuestionState
	AskedAt       Instant
	AnsweredAt    Instant
	AccountID     string  // the office that answered in the cadre's place
	HeardAt       Instant // whoever answers played the recording
	Step          int     // how far up it was told that nobody answers
	NextAt        Instant // when the next step is due; zero: never
}

// Waits tells whether a person's words are still to come.
func (q Question) Waits() bool { return q.AnsweredAt == 0 }

// Recording tells whether the question is sound and no words.
func (q Question) Recording() bool { return q.PhotoID != "" && q.Words.Empty() }

// The steps of a question that nobody answers.
const (
	StepUnheard = "unheard" // the unit hears that a recording was not played
	StepRemind  = "remind"  // who has it is reminded
	StepUnit    = "unit"    // the unit's liaison hears of it
	StepCounty  = "county"
	StepCity    = "city"
)

// QuestionStep is one step and how long after the asking it is due.
type QuestionStep struct {
	What  string
	After Span
}

// QuestionClock says how long a question may wait for an answer: working days
// after which the cadre is reminded, the unit's liaison and the county hear of
// it, and working hours in which a recording is played (users.md 三.1, 三.3).
type QuestionClock struct{ Remind, Unit, County, Hear int }

// DefaultQuestionClock holds where nobody says otherwise.
var DefaultQuestionClock = QuestionClock{Remind: 2, Unit: 3, County: 5, Hear: 4}

// Steps are the steps of a question. Thanks and messages to carry have none; a
// complaint is with the county, above which there is the city.
func (c QuestionClock) Steps(q Question) (steps []QuestionStep) {
	switch q.State {
	case QuestionCarried:
		return nil
	case QuestionComplaint:
		return []QuestionStep{{StepCounty, Span{Workdays: c.Remind}}, {StepCity, Span{Workdays: c.County}}}
	}
	if q.Recording() {
		steps = append(steps, QuestionStep{StepUnheard, Span{Workhours: c.Hear}})
	}
	return append(steps, QuestionStep{StepRemind, Span{Workdays: c.Remind}}, QuestionStep{StepUnit, Span{Workdays: c.Unit}}, QuestionStep{StepCounty, Span{Workdays: c.County}})
}

// Next is when the given step of a question is due; zero where there is none.
func (c QuestionClock) Next(q Question, step int, zone *time.Location) Instant {
	steps := c.Steps(q)
	if step >= len(steps) {
		return 0
	}
	return InstantOf(steps[step].After.From(q.AskedAt.Time(), zone))
}

// Answers tells whether an account's office may answer for a place and a unit:
// the unit's own liaison, or an office of the place or above it.
func (a Account) Answers(region, unit string) bool {
	switch a.Role {
	case AccountUnit:
		return a.UnitID != "" && a.UnitID == unit
	case AccountCity, AccountCounty, AccountTownship:
		return a.DisabledAt == 0 && Holds(a.Region, region)
	}
	return false
}

// MayHear tells whether an account may know of a question at all: a complaint is
// kept from the unit, whose own it is about.
func (a Account) MayHear(q Question) bool {
	return q.State != QuestionComplaint || a.Role != AccountUnit
}

// Label is the word for what a contact person is to the recipient.
func (k ContactKind) Label() string {
	return map[ContactKind]string{
		ContactSelf: "本人", ContactGuardian: "监护人", ContactRelative: "亲属", ContactNeighbour: "邻居", ContactVillage: "村干部", ContactInstitution: "照料机构",
	}[k]
}
