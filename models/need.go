package models

import (
	"strings"
	"time"
)

// NeedState is the step at which a need stands (domain.md §2).
type NeedState string

// The states of a need.
const (
	NeedChecking NeedState = "checking" // 待核: given back, or nobody was there to take it
	NeedPassed   NeedState = "passed"   // 转办: told to an office, nobody has taken it
	NeedTaken    NeedState = "taken"    // 办理
	NeedDone     NeedState = "done"     // 办结: the family's word is awaited
	NeedClosed   NeedState = "closed"   // 回访
)

// Label is the word for a state.
func (s NeedState) Label() string {
	return map[NeedState]string{NeedChecking: "待核", NeedPassed: "转办", NeedTaken: "办理", NeedDone: "办结", NeedClosed: "回访"}[s]
}

// Running tells whether an office still has to do something.
func (s NeedState) Running() bool { return s != NeedDone && s != NeedClosed }

// Rating is the family's word on what was done.
type Rating string

// The ratings.
const (
	RatingGood      Rating = "good"
	RatingFair      Rating = "fair"
	RatingBad       Rating = "bad"
	RatingUnreached Rating = "unreached" // no word within RatingAwaited
)

// Label is the word for a rating.
func (r Rating) Label() string {
	return map[Rating]string{RatingGood: "满意", RatingFair: "一般", RatingBad: "不满意", RatingUnreached: "未回访到"}[r]
}

// RatingAwaited is how long the family's word is awaited.
const RatingAwaited = 7 * 24 * time.Hour

// NeedCategory says what a need is about: 生活 教育 医疗 就业 住房 心理 户籍 养老 …
// The categories are data (handlers/need_words.yaml).
type NeedCategory string

// NeedClock names the time limits of a need.
type NeedClock string

// The clocks, from the most urgent on.
const (
	ClockUrgent    NeedClock = "urgent"
	ClockDay       NeedClock = "day"
	ClockWeek      NeedClock = "week"
	ClockFortnight NeedClock = "fortnight"
)

// NeedLimits are the limits of a clock: within Take an office takes the need,
// within Do of that it is done. An office that misses one is passed over by the
// next above it, a level a period.
type NeedLimits struct{ Take, Do Span }

var needClocks = map[NeedClock]NeedLimits{
	ClockUrgent:    {Span{Hours: 2}, Span{Hours: 2}},
	ClockDay:       {Span{Workdays: 1}, Span{Workdays: 1}},
	ClockWeek:      {Span{Workdays: 1}, Span{Workdays: 7}},
	ClockFortnight: {Span{Workdays: 1}, Span{Workdays: 15}},
}

// Department is an office that needs are passed to.
type Department struct {
	ID    string
	Name  string
	Words []string // by which people, and accounts, name it
}

// BackstopDepartment is whose matter it is where no other is named: the county's
// civil affairs.
const BackstopDepartment = "civil_affairs"

// Departments are those of domain.md §1.7.
var Departments = []Department{
	{"housing", "住建局", []string{"住建", "住房和城乡", "建设局"}},
	{"education", "教育局", []string{"教育", "教体"}},
	{"insurance", "医保局", []string{"医保", "医疗保障"}},
	{"health", "卫健局", []string{"卫健", "卫生健康", "卫生局"}},
	{"dpf", "残联", []string{"残联", "残疾人联合"}},
	{"hrss", "人社局", []string{"人社", "劳动局", "人力资源"}},
	{"police", "公安局", []string{"公安", "派出所", "警察"}},
	{"womens_fed", "妇联", []string{"妇联", "妇女联合"}},
	{"youth_league", "团委", []string{"团委", "共青团"}},
	{BackstopDepartment, "民政局", []string{"民政"}},
}

// DepartmentOf finds a department by its id; the backstop where there is none.
func DepartmentOf(id string) Department {
	for _, d := range Departments {
		if d.ID == id {
			return d
		}
	}
	return Departments[len(Departments)-1]
}

// DepartmentNamed finds the department that a text names.
func DepartmentNamed(text string) (Department, bool) {
	for _, d := range Departments {
		if d.named(text) {
			return d, true
		}
	}
	return Department{}, false
}

func (d Department) named(text string) bool {
	for _, w := range d.Words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// Need is one thing that a family lacks (诉求), on its way through an office. Its
// number runs through all of them and tells nothing to who may not see it.
type Need struct {
	ID          string `gorm:"primaryKey"`
	Number      int
	Role        Role   // of who asked: cadre, guardian or recipient
	AskerID     string // the cadre's id, the contact's or the recipient's
	RecipientID string
	CadreID     string // paired when it was raised
	Region      string // the recipient's
	Category    NeedCategory
	Department  string
	Clock       NeedClock
	Words       Secret
	State       NeedState
	Step        int    // how far up it was told
	AccountID   string // who took it
	Reason      Secret // why it was given back or rests
	Result      Secret
	Rating      Rating
	Reopened    int
	RecordID    string // the cadre's record of it as 实事; "no" where the cadre does not want one
	RaisedAt    Instant
	TakenAt     Instant
	DueAt       Instant // of what was taken
	PausedAt    Instant
	DoneAt      Instant
	ClosedAt    Instant
	NextAt      Instant // when it goes a step up, or closes; zero: not by itself
}

// NotRecorded stands in RecordID where the cadre does not want a record.
const NotRecorded = "no"

// NeedSteps are the levels of a need: the department, the township, the county
// with its civil affairs, the city.
func NeedSteps(department, region string) []Step {
	steps := []Step{{Name: DepartmentOf(department).Name, Roles: []AccountRole{AccountDepartment}, Departments: []string{department}, Places: RegionChain(region)}}
	if len(region) >= 9 {
		steps = append(steps, Step{Name: "乡镇", Roles: []AccountRole{AccountTownship}, Places: []string{region[:9]}})
	}
	if len(region) >= 6 {
		steps = append(steps, Step{Name: "县上", Roles: []AccountRole{AccountCounty, AccountDepartment}, Departments: []string{BackstopDepartment}, Places: []string{region[:6]}})
	}
	return append(steps, Step{Name: "市上", Roles: []AccountRole{AccountCity}, Places: []string{CityCode}})
}

// LevelOf is the level at which an account has a need; an account of no level has
// it where it lies.
func (n Need) LevelOf(a Account) int {
	for i, s := range NeedSteps(n.Department, n.Region) {
		for _, r := range s.Roles {
			if r == a.Role && s.Has(a) {
				return i
			}
		}
	}
	return n.Step
}

// HandlesNeed tells whether an account may see and handle a need: its department
// in that place, or an office of the place or above it; the backstop once it has
// climbed.
func (a Account) HandlesNeed(n Need) bool {
	if a.DisabledAt != 0 || !Holds(a.Region, n.Region) {
		return false
	}
	switch a.Role {
	case AccountCity, AccountCounty, AccountTownship:
		return true
	case AccountDepartment:
		climbed := n.Step > 0 && DepartmentOf(BackstopDepartment).named(a.Department)
		return climbed || DepartmentOf(n.Department).named(a.Department)
	}
	return false
}
