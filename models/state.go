package models

// State is what keeps a person from being visited for a while, or for good
// (users.md 一.9). While one holds, nobody is reminded of visits.
type State string

// The states.
const (
	StateHospital State = "hospital" // 住院
	StateAway     State = "away"     // 外出务工
	StateBoarding State = "boarding" // 寄宿
	StateDetained State = "detained" // 羁押
	StateDeceased State = "deceased" // 去世, as reported; leaving the register is the office's act
)

// Label is the word for a state.
func (s State) Label() string {
	return map[State]string{
		StateHospital: "住院", StateAway: "外出", StateBoarding: "寄宿在校", StateDetained: "羁押", StateDeceased: "去世",
	}[s]
}

// RecipientState is one state of a person from one day to another. Rows are
// dated; what was heard wrongly is voided, never deleted.
type RecipientState struct {
	ID          string `gorm:"primaryKey"`
	RecipientID string
	State       State
	FromDay     Day
	ToDay       Day    // "" while it lasts; the last day it holds
	CadreID     string // who told
	RecordedAt  Instant
	VoidedAt    Instant
}

// Behalf marks a record that somebody made for a colleague.
type Behalf struct {
	RecordID  string `gorm:"primaryKey"`
	CadreID   string // whose record it is
	Role      Role   // of who wrote it: cadre or admin
	AuthorID  string
	At        Instant
	RefusedAt Instant // the colleague said no, or the author took it back
}
