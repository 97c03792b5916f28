package models

import "strings"

// DangerLevel says how fast a person must act.
type DangerLevel string

// The levels of danger (users.md 三.4).
const (
	DangerRed    DangerLevel = "red"    // somebody's safety now
	DangerYellow DangerLevel = "yellow" // the township calls within the day
)

// DangerState tells how far a case is.
type DangerState string

// The states of a case.
const (
	DangerOpen   DangerState = "open"
	DangerTaken  DangerState = "taken"  // enough people on duty have acknowledged it
	DangerClosed DangerState = "closed" // by a person, with a reason
)

// Danger is a restricted case: what somebody said and who has taken it on.
type Danger struct {
	ID          string `gorm:"primaryKey"`
	Number      int
	Level       DangerLevel
	Kind        string
	OpenID      Secret `gorm:"column:openid"`
	Speaker     string // role and id, or the sender's index where nobody is bound
	RecipientID string // whom it is about, as far as is known
	Region      string
	Words       Secret // what was said, and below it what was noted
	State       DangerState
	Step        int // how far up it was told
	RaisedAt    Instant
	NextAt      Instant // when it goes a step up; zero: no more
	ToldAt      Instant // the speaker was told that somebody knows
}

// DangerUrgent is the kind of a voice message whose sender said that it is
// urgent: nobody has heard yet what it is.
const DangerUrgent = "urgent"

// PhoneAtRisk tells whether the speaker's phone may be in the hands of who does
// the harm: nothing is sent there afterwards (users.md 三.4).
func (d Danger) PhoneAtRisk() bool {
	return d.Kind == "violence" || d.Kind == "child_harm" || d.Kind == "sexual" || d.Kind == DangerUrgent
}

// Acks is how many people must acknowledge a case before it counts as taken.
func (d Danger) Acks() int {
	if d.Level == DangerYellow {
		return 1
	}
	return 2
}

// Holds tells whether a place lies in a region, by the codes of the tree.
func Holds(region, place string) bool { return region != "" && strings.HasPrefix(place, region) }

// RegionChain lists a place and those above it, the smallest first.
func RegionChain(code string) (chain []string) {
	for _, n := range []int{12, 9, 6, 4} {
		if len(code) >= n {
			chain = append(chain, code[:n])
		}
	}
	return chain
}

// TakesDanger tells whether an account may see and take a case of a place.
func (a Account) TakesDanger(place string) bool {
	switch a.Role {
	case AccountDuty, AccountCounty, AccountCity, AccountTownship:
		return a.DisabledAt == 0 && Holds(a.Region, place)
	}
	return false
}

// DangerSteps are the steps of a case: those on duty for the place, or for the
// next above it; the county's office; the city's.
func DangerSteps(level DangerLevel, place string) []Step {
	first := []AccountRole{AccountDuty}
	if level == DangerYellow {
		first = append(first, AccountTownship)
	}
	steps := []Step{{Roles: first, Places: RegionChain(place), Roster: Danger{Level: level}.Acks()}}
	if len(place) >= 6 {
		steps = append(steps, Step{Roles: []AccountRole{AccountDuty, AccountCounty}, Places: []string{place[:6]}})
	}
	return append(steps, Step{Roles: []AccountRole{AccountDuty, AccountCity}, Places: []string{CityCode}})
}
