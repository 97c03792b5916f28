package models

import "strings"

// MovementKind is a way of coming, going or changing place.
type MovementKind string

// The movements. The first entry of a person is no movement but the day
// EnteredOn; a later entry of the same person is.
const (
	MovedIn    MovementKind = "in"
	MovedOut   MovementKind = "out"
	MovedPlace MovementKind = "move"
)

// The nouns that move.
const (
	NounRecipient = "recipient"
	NounCadre     = "cadre"
)

// Movement is one step of a person through the register: a dated row that stays.
type Movement struct {
	ID           string `gorm:"primaryKey"`
	Noun         string
	SubjectID    string
	Kind         MovementKind
	MovedOn      Day
	Reason       string
	FromRegion   string
	ToRegion     string
	FromUnit     string
	ToUnit       string
	AdjustmentID string
	RecordedAt   Instant
}

// FormerName is how somebody of the register was called until a change, so that
// a past day can be told in its own words.
type FormerName struct {
	ID        string `gorm:"primaryKey"`
	Noun      string
	SubjectID string
	Name      Secret
	Number    string // 编号 of a recipient
	ChangedAt Instant
}

// Handover is the card by which one cadre gives a person to the next: what was
// planned, promised and is still open. ToCadreID is empty until somebody follows.
type Handover struct {
	ID           string `gorm:"primaryKey"`
	AdjustmentID string
	RecipientID  string
	Line         Line
	CadreID      string
	ToCadreID    string
	OnDay        Day
	CreatedAt    Instant `gorm:"autoCreateTime:false"`
	ReadAt       Instant
}

// Life is a person in the register with every movement, the earliest first.
type Life struct {
	ID        string
	EnteredOn Day    // the first time; "" for before all that is known
	ExitedOn  Day    // as it stands now
	Region    string // as it stands now
	Moves     []Movement
}

// On tells where the person stood at the end of a day, and whether in the
// register at all. It walks back from now.
func (l Life) On(day Day) (region string, in bool) {
	region, in = l.Region, l.ExitedOn == ""
	if !in && !l.leaves() && day < l.ExitedOn {
		in = true // left before movements were kept
	}
	for i := len(l.Moves) - 1; i >= 0 && l.Moves[i].MovedOn > day; i-- {
		switch m := l.Moves[i]; m.Kind {
		case MovedIn:
			in = false
		case MovedOut:
			in = true
		case MovedPlace:
			region = m.FromRegion
		}
	}
	return region, in && l.EnteredOn <= day
}

// leaves tells whether the last leaving is among the movements.
func (l Life) leaves() bool {
	for _, m := range l.Moves {
		if m.Kind == MovedOut && m.MovedOn == l.ExitedOn {
			return true
		}
	}
	return false
}

// Stock is the balance of a place between two days: 期初 + 新增 − 退出 + 迁入 −
// 迁出 = 期末. What moves inside the place is none of it.
type Stock struct {
	Region           string
	From, To         Day
	Opening, Closing int
	In, Out          int
	MovedIn          int // from elsewhere in the city
	MovedOut         int
	InWhy, OutWhy    map[string]int // by reason; first entries have ReasonNew
}

// Balanced tells whether the two sides agree.
func (s Stock) Balanced() bool { return s.Opening+s.In-s.Out+s.MovedIn-s.MovedOut == s.Closing }

// Difference is what the sides differ by.
func (s Stock) Difference() int {
	return s.Closing - (s.Opening + s.In - s.Out + s.MovedIn - s.MovedOut)
}

// Add counts a person in. The stocks are read from where the person stood, the
// changes from the movements: that they agree is checked, not made.
func (s *Stock) Add(l Life) {
	within := func(region string) bool { return strings.HasPrefix(region, s.Region) }
	if region, in := l.On(s.From.Add(-1)); in && within(region) {
		s.Opening++
	}
	if region, in := l.On(s.To); in && within(region) {
		s.Closing++
	}
	during := func(d Day) bool { return s.From <= d && d <= s.To }
	if during(l.EnteredOn) {
		// Where the person was when all that happened since is undone.
		first := l.Region
		for i := len(l.Moves) - 1; i >= 0; i-- {
			if l.Moves[i].Kind == MovedPlace {
				first = l.Moves[i].FromRegion
			}
		}
		if within(first) {
			s.count(&s.In, &s.InWhy, ReasonNew)
		}
	}
	for _, m := range l.Moves {
		if !during(m.MovedOn) {
			continue
		}
		switch {
		case m.Kind == MovedIn && within(m.ToRegion):
			s.count(&s.In, &s.InWhy, m.Reason)
		case m.Kind == MovedOut && within(m.FromRegion):
			s.count(&s.Out, &s.OutWhy, m.Reason)
		case m.Kind == MovedPlace && within(m.ToRegion) && !within(m.FromRegion):
			s.MovedIn++
		case m.Kind == MovedPlace && !within(m.ToRegion) && within(m.FromRegion):
			s.MovedOut++
		}
	}
	if l.ExitedOn != "" && !l.leaves() && during(l.ExitedOn) && within(l.Region) {
		s.count(&s.Out, &s.OutWhy, "")
	}
}

func (s *Stock) count(n *int, why *map[string]int, reason string) {
	if *n++; *why == nil {
		*why = map[string]int{}
	}
	(*why)[reason]++
}
