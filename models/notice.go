package models

import (
	"regexp"
	"slices"
	"strings"
)

// NoticeState is how far a notice is. What has been sent of it is told by its
// deliveries.
type NoticeState string

// The states of a notice.
const (
	NoticeWaiting   NoticeState = "waiting"   // for a second person's approval; nothing goes out
	NoticeGoing     NoticeState = "going"     // goes out at its time
	NoticePaused    NoticeState = "paused"    // stopped for now
	NoticeCancelled NoticeState = "cancelled" // what had not gone out never will
)

// Label is the word for a state.
func (s NoticeState) Label() string {
	return map[NoticeState]string{NoticeWaiting: "等人批", NoticeGoing: "在发", NoticePaused: "暂停", NoticeCancelled: "取消了"}[s]
}

// Notice is a message of an administrator to many.
type Notice struct {
	ID         string `gorm:"primaryKey"`
	Number     *int   // by which people speak of it
	AccountID  string
	Region     string // the place it is for
	UnitID     string // the unit it is for, where it is for one
	Role       Role   // whom it is for: cadres or families
	Audience   string // the same in words
	Body       Secret
	State      NoticeState
	Urgent     bool   // passes the quiet hours and the week's two
	People     int    // whom it can reach
	Unbound    int    // whom it cannot
	ApprovedBy string // the second account
	DueAt      Instant
	SentAt     Instant // when it was handed in
	ChangedAt  Instant
}

// No is the number that people know the notice by.
func (n Notice) No() int {
	if n.Number == nil {
		return 0
	}
	return *n.Number
}

// NoticesAWeek is the most notices that a person gets in seven days (users.md
// 四.2).
const NoticesAWeek = 2

// The limits of a notice: characters of its text, and people of a list.
const (
	NoticeLength   = 300
	NoticeListMost = 500
)

// DutyState is how the year of somebody's pairings stands.
type DutyState string

// The duty states that an audience can be narrowed to.
const (
	DutyAny   DutyState = ""
	DutyShort DutyState = "short" // something is still to be done this year
	DutyMet   DutyState = "met"
)

// Audience says whom a notice is for. What is empty narrows nothing.
type Audience struct {
	Role       Role // RoleCadre or RoleGuardian
	Region     string
	UnitID     string
	Speciality *Speciality // of cadres
	Contact    ContactKind // of families: guardian, institution, or self
	Category   Category    // of the people they look after
	Line       Line
	Duty       DutyState
	List       []string // ids of cadres, or of recipients; nobody else then
}

// Placeholders are what a notice's text may hold, by whom it is for: nothing
// that would tell a stranger at the phone about somebody else.
var Placeholders = map[Role][]string{
	RoleCadre:    {"称呼", "还差", "户数", "单位", "地区"},
	RoleGuardian: {"称呼", "地区"},
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// UnknownPlaceholders lists what a text has in braces that cannot be filled in.
func UnknownPlaceholders(text string, role Role) (unknown []string) {
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(Placeholders[role], strings.TrimSpace(m[1])) {
			unknown = append(unknown, m[0])
		}
	}
	return unknown
}

// HasPlaceholder tells whether a text has something to be filled in.
func HasPlaceholder(text string) bool { return placeholder.MatchString(text) }

// FillPlaceholders puts values in their places.
func FillPlaceholders(text string, values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(text, func(m string) string {
		if v, ok := values[strings.TrimSpace(m[1:len(m)-1])]; ok {
			return v
		}
		return m
	})
}
