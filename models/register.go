package models

import "strings"

// Region is a place in the tree of GB/T 2260: city 4 digits, county 6, township
// 9, village 12, so that the code of a place begins with that of each place
// above it. Counties carry their real codes; what lies below is numbered here.
type Region struct {
	Code   string `gorm:"primaryKey"`
	Parent string
	Name   string
	Path   string // 崆峒区/峡门乡/吴坡村
}

// CityCode is Pingliang's.
const CityCode = "6208"

// Counties are the seven counties of Pingliang, in the order of their codes.
var Counties = []Region{
	{Code: "620802", Parent: CityCode, Name: "崆峒区", Path: "崆峒区"},
	{Code: "620821", Parent: CityCode, Name: "泾川县", Path: "泾川县"},
	{Code: "620822", Parent: CityCode, Name: "灵台县", Path: "灵台县"},
	{Code: "620823", Parent: CityCode, Name: "崇信县", Path: "崇信县"},
	{Code: "620825", Parent: CityCode, Name: "庄浪县", Path: "庄浪县"},
	{Code: "620826", Parent: CityCode, Name: "静宁县", Path: "静宁县"},
	{Code: "620881", Parent: CityCode, Name: "华亭市", Path: "华亭市"},
}

// Unit is an assisting unit (帮扶单位).
type Unit struct {
	ID     string `gorm:"primaryKey"`
	Name   string
	Region string
}

// Speciality is what a cadre can bring beyond the common duties.
type Speciality string

// The specialities of the register workbook.
const (
	SpecialityNone       Speciality = ""           // 普通
	SpecialityTeacher    Speciality = "teacher"    // 教师
	SpecialityMedic      Speciality = "medic"      // 医护
	SpecialityCounsellor Speciality = "counsellor" // 心理
	SpecialityGrassroots Speciality = "grassroots" // 基层
)

// Cadre is a 结对干部.
type Cadre struct {
	ID         string `gorm:"primaryKey"`
	Name       Secret
	Phone      Secret
	PhoneIdx   string
	UnitID     string
	Post       string
	Region     string
	Speciality Speciality
	EnteredOn  Day     // "": before the ledger was kept
	LeftAt     Instant // left the programme
	CreatedAt  Instant `gorm:"autoCreateTime:false"`
	UpdatedAt  Instant `gorm:"autoUpdateTime:false"`
}

// Recipient is a 关爱对象.
type Recipient struct {
	ID         string `gorm:"primaryKey"`
	Number     string // 编号 of the office, or a temporary one where there is no id number
	Name       Secret
	IDNumber   Secret
	IDIdx      *string
	Birth      Secret // a Day
	BirthLunar bool   // the birthday is kept by the lunar calendar, whose date the id number then holds
	Categories string // comma separated Category values
	CareMode   CareMode
	Region     string
	Address    Secret
	Aliases    Secret // separated by 、
	Household  string
	Needs      Secret
	EnteredOn  Day // the first time; "": before the ledger was kept
	ExitedOn   Day
	CreatedAt  Instant `gorm:"autoCreateTime:false"`
	UpdatedAt  Instant `gorm:"autoUpdateTime:false"`
}

// AliasList splits the aliases.
func (r Recipient) AliasList() []string {
	if r.Aliases.Empty() {
		return nil
	}
	return strings.Split(r.Aliases.Reveal(), "、")
}

// SetAliases joins the aliases.
func (r *Recipient) SetAliases(names []string) { r.Aliases = Conceal(strings.Join(names, "、")) }

// Is tells whether the person is in a category.
func (r Recipient) Is(c Category) bool {
	for part := range strings.SplitSeq(r.Categories, ",") {
		if part == string(c) {
			return true
		}
	}
	return false
}

// Age returns the full years of age on day, or -1 where the birth is unknown.
func (r Recipient) Age(on Day) int {
	if r.Birth.Empty() {
		return -1
	}
	b, d := Day(r.Birth.Reveal()).Time(), on.Time()
	years := d.Year() - b.Year()
	if d.Month() < b.Month() || d.Month() == b.Month() && d.Day() < b.Day() {
		years--
	}
	return years
}

// ContactKind is who a contact person is to the recipient.
type ContactKind string

// The kinds of contact persons (users.md 二.3).
const (
	ContactSelf        ContactKind = "self"
	ContactGuardian    ContactKind = "guardian"
	ContactRelative    ContactKind = "relative"
	ContactNeighbour   ContactKind = "neighbour"
	ContactVillage     ContactKind = "village"
	ContactInstitution ContactKind = "institution"
)

// Contact is a person through whom a recipient is reached.
type Contact struct {
	ID          string `gorm:"primaryKey"`
	RecipientID string
	Kind        ContactKind
	Name        Secret
	Phone       Secret
	PhoneIdx    string
	CreatedAt   Instant `gorm:"autoCreateTime:false"`
}

// Line is the line of a pairing.
type Line string

// The lines: the pairing itself and the four one-to-one services.
const (
	LinePairing    Line = "pairing"     // 结对
	LineTutoring   Line = "tutoring"    // 帮学助教
	LineRehab      Line = "rehab"       // 医疗康复
	LineCounsel    Line = "counsel"     // 心理抚慰
	LineFamilyCare Line = "family_care" // 亲情关怀
)

// Pairing ties a cadre to a recipient from one day to another. Rows are dated,
// never overwritten.
type Pairing struct {
	ID          string `gorm:"primaryKey"`
	CadreID     string
	RecipientID string
	Line        Line
	FromDay     Day
	ToDay       Day // "" while it lasts; the last day it holds
	Reason      string
	// Opening figures (期初数) of the year in which the programme began here;
	// OpeningUnknown where the workbook has the columns and this row is blank.
	OpeningAsOf     Day
	OpeningContacts int
	OpeningVisits   int
	OpeningHelps    int
	OpeningUnknown  bool
	CreatedAt       Instant `gorm:"autoCreateTime:false"`
	EndedAt         Instant // when the end became known
	BegunBy         string  // the change request that brought it, if any
	EndedBy         string
}

// Holds tells whether the pairing holds on day.
func (p Pairing) Holds(on Day) bool {
	return p.FromDay <= on && (p.ToDay == "" || on <= p.ToDay)
}

// Invitation is a one-time binding code, kept as an HMAC.
type Invitation struct {
	ID        string `gorm:"primaryKey"`
	Role      Role
	SubjectID string // cadre, contact, recipient or account
	CodeIdx   string
	CreatedAt Instant `gorm:"autoCreateTime:false"`
	ExpiresAt Instant
	UsedAt    Instant
	AskedBy   string // the binding of who asked for it in the chat, and gets its picture
}

// Binding ties an openid to what it is to the service.
type Binding struct {
	ID        string `gorm:"primaryKey"`
	OpenID    Secret `gorm:"column:openid"`
	OpenIDIdx string `gorm:"column:openid_idx"`
	Role      Role
	SubjectID string
	BoundAt   Instant
	EndedAt   Instant
}
