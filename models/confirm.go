package models

import "time"

// Said is what a family says to whether somebody came.
type Said string

// The answers. None at all is unknown, not no.
const (
	SaidYes    Said = "yes"
	SaidNo     Said = "no"
	SaidUnsure Said = "unsure"
)

// Label is the word for an answer.
func (s Said) Label() string {
	return map[Said]string{SaidYes: "是", SaidNo: "否", SaidUnsure: "记不清", "": "没回"}[s]
}

// ConfirmWait is how long an answer is waited for; then it is unknown.
const ConfirmWait = 7 * 24 * time.Hour

// ConfirmEvery is the least time between two questions to one household.
const ConfirmEvery = 30 * 24 * time.Hour

// Confirmation is the one question to a family about a visit on record. The cadre
// never sees a single answer: no scope of a cadre reaches it.
type Confirmation struct {
	ID          string `gorm:"primaryKey"`
	ActivityID  string
	RecipientID string
	CadreID     string
	Region      string
	Day         Day
	Role        Role // of who is asked
	SubjectID   string
	Week        Day // the Monday of its draw
	Answer      Said
	Words       Secret
	AskedAt     Instant
	AnsweredAt  Instant
}

// ConfirmDraw is a week's draw: the seed is made, and its hash shown, before the
// visits that it draws from.
type ConfirmDraw struct {
	Week    Day `gorm:"primaryKey"`
	Seed    string
	MadeAt  Instant
	DrawnAt Instant
	Frame   int // visits that could be drawn
	Asked   int
}

// ConfirmRate is what a county's families said.
type ConfirmRate struct {
	Region                          string
	Asked, Yes, No, Unsure, Unknown int
	Rate                            Interval // yes among yes and no, with its 95 % limits
}

// Add counts answers.
func (r *ConfirmRate) Add(said Said, n int) {
	r.Asked += n
	switch said {
	case SaidYes:
		r.Yes += n
	case SaidNo:
		r.No += n
	case SaidUnsure:
		r.Unsure += n
	default:
		r.Unknown += n
	}
	r.Rate = Wilson(r.Yes, r.Yes+r.No)
}

// Dispute is a family's word that a visit on record did not take place. The
// record stands as disputed until a person has looked.
type Dispute struct {
	ID          string `gorm:"primaryKey"`
	ActivityID  string
	RecipientID string
	CadreID     string
	Region      string
	Day         Day
	Words       Secret
	Outcome     string // "", DisputeUpheld or DisputeRejected
	Reason      Secret
	AccountID   string
	OpenedAt    Instant
	ClosedAt    Instant
}

// The outcomes of a dispute: the visit did not take place, or it did.
const (
	DisputeUpheld   = "upheld"
	DisputeRejected = "rejected"
)
