package models

// Purpose is what a family agrees to, each by itself (domain.md §5.1).
type Purpose string

// The purposes.
const (
	PurposeChat      Purpose = "chat"      // answers and messages over WeChat: the one that binds
	PurposeSensitive Purpose = "sensitive" // photos, illness, disability; of a child under 14 by the guardian
	PurposeConfirm   Purpose = "confirm"   // at most one question a month about a visit
	PurposeChild     Purpose = "child"     // a child under 14 by its guardian, under the separate rules
)

// Label is the word for a purpose.
func (p Purpose) Label() string {
	return map[Purpose]string{PurposeChat: "用微信联系您", PurposeSensitive: "照片和病情", PurposeConfirm: "问您来没来过", PurposeChild: "替孩子同意"}[p]
}

// ChildAge is the age below which a guardian consents by the separate rules.
const ChildAge = 14

// Consent is one purpose that somebody agreed to for a recipient, and how.
type Consent struct {
	ID          string `gorm:"primaryKey"`
	Role        Role
	SubjectID   string // the contact's id, or the recipient's own
	RecipientID string
	Purpose     Purpose
	Version     string // of the notice
	Way         string // ConsentChat or ConsentPaper
	AccountID   string // the cadre or account that entered a signature on paper
	GivenAt     Instant
	WithdrawnAt Instant
}

// ConsentAsk is that a family was asked, once, about a notice that had changed.
type ConsentAsk struct {
	ID          string `gorm:"primaryKey"`
	SubjectID   string
	RecipientID string
	Version     string
	Answer      string // ConsentYes, ConsentNo; "" where none came
	AskedAt     Instant
	AnsweredAt  Instant
}

// The answers to it.
const (
	ConsentYes = "yes"
	ConsentNo  = "no"
)

// The ways of agreeing.
const (
	ConsentChat  = "wechat"
	ConsentPaper = "paper"
)

// Erasure is a family's wish that what is held on it be deleted. A person checks
// at an office who asks, and carries it out.
type Erasure struct {
	ID          string `gorm:"primaryKey"`
	Number      int
	Role        Role
	SubjectID   string
	RecipientID string
	Region      string
	Sender      string // the index of the phone that asked
	State       string
	Evidence    Secret // how it was checked who asks, and what was deleted
	AccountID   string
	AskedAt     Instant
	DoneAt      Instant
}

// The states of an erasure.
const (
	ErasureAsked   = "asked"
	ErasureDone    = "done"
	ErasureRefused = "refused"
)

// SpeaksFor tells whether a contact person may speak for the household: a
// neighbour or a village cadre only passes messages on (users.md 二.3).
func (k ContactKind) SpeaksFor() bool { return k != ContactNeighbour && k != ContactVillage }
