package models

// QuestionState tells what became of a family's words.
type QuestionState string

// The states of a question. All but the last two wait for a person's words.
const (
	QuestionOpen      QuestionState = "open"      // with the paired cadre, or with the unit's office
	QuestionCarried   QuestionState = "carried"   // thanks or a message to carry: no clock
	QuestionComplaint QuestionState = "complaint" // about the cadre: with the county's office
	QuestionStored    QuestionState = "stored"    // nobody could be reached; the family was told whom to call
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
	State       QuestionState
	AskedAt     Instant
	AnsweredAt  Instant
}

// Waits tells whether a person's words are still to come.
func (q Question) Waits() bool { return q.AnsweredAt == 0 }

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

// Label is the word for what a contact person is to the recipient.
func (k ContactKind) Label() string {
	return map[ContactKind]string{
		ContactSelf: "本人", ContactGuardian: "监护人", ContactRelative: "亲属", ContactNeighbour: "邻居", ContactVillage: "村干部", ContactInstitution: "照料机构",
	}[k]
}
