// Package town makes people up: the small town of the demo and a synthetic city
// of any size. What it makes depends on its arguments alone. Id numbers are of
// the region 620899, which does not exist.
package town

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"aixin/models"
)

// Town is a whole register with what was done. People are referred to by Key.
type Town struct {
	Units      []Unit
	Cadres     []Cadre
	Recipients []Recipient
	Pairings   []Pairing
	// Activities gives what was done, pairing by pairing and, in each, in the
	// order of days; it can be run through more than once.
	Activities iter.Seq[Activity]
}

// Unit is an assisting unit.
type Unit struct {
	Name   string // unique
	Region string // a path: 崆峒区/峡门乡
}

// Cadre is a 结对干部.
type Cadre struct {
	Key         string
	Name, Phone string
	Unit        string // its name
	Post        string
	Region      string
	Speciality  models.Speciality
	LeftOn      models.Day // "" while there
	LeftReason  string
}

// Recipient is a 关爱对象.
type Recipient struct {
	Key        string
	Name       string
	IDNumber   string // "" for the few who have none
	Number     string // 编号, of those
	Birth      models.Day
	Categories []models.Category
	CareMode   models.CareMode
	Region     string
	Address    string
	Aliases    []string
	Household  string
	Needs      string
	Contacts   []Contact // the guardian first
	EnteredOn  models.Day
	ExitedOn   models.Day // "" while on the register
	ExitReason string
}

// Contact is a person, or an institution, through whom a recipient is reached.
type Contact struct {
	Kind   models.ContactKind
	Name   string
	Phone  string
	Called string // what the family and the cadre say: 马奶奶
}

// Pairing ties a cadre to a recipient.
type Pairing struct {
	Cadre, Recipient string
	Line             models.Line
	From             models.Day
	To               models.Day // the last day; "" while it lasts
	Reason           string     // why it ended
}

// Activity is one thing done.
type Activity struct {
	Record           string // activities of one message share it
	Cadre, Recipient string
	Line             models.Line
	Kind             models.Kind
	Channel          models.Channel
	Help             models.Help
	Stage            models.PolicyStage
	Day              models.Day
	RecordedOn       models.Day // never before Day; later for the late ones
	AmountFen        *int64
	Note             string
}

// sex decides names, aliases and the last digit but one of an id number.
type sex int

const (
	female sex = iota
	male
)

// numbers gives out id numbers and phones, none of them twice.
type numbers struct {
	born   map[models.Day]*[2]int
	phones int
}

func newNumbers() *numbers { return &numbers{born: map[models.Day]*[2]int{}} }

// id gives the next id number of somebody born on that day.
func (n *numbers) id(birth models.Day, s sex) string {
	used := n.born[birth]
	if used == nil {
		used = new([2]int)
		n.born[birth] = used
	}
	sequence := used[s]*2 + int(s)
	used[s]++
	if sequence > 999 {
		return "" // more than the number has room for: such a person has none
	}
	number := "620899" + strings.ReplaceAll(string(birth), "-", "") + fmt.Sprintf("%03d", sequence)
	return number + checkDigit(number)
}

// checkDigit computes the last character by GB 11643.
func checkDigit(number string) string {
	weight, sum := 1, 0
	for i := len(number) - 1; i >= 0; i-- {
		weight = weight * 2 % 11
		sum += int(number[i]-'0') * weight
	}
	return "10X98765432"[sum%11 : sum%11+1]
}

// phone gives the next number of the range 199, in no visible order: 48271 and
// the size of the range have no common divisor.
func (n *numbers) phone() string {
	n.phones++
	return fmt.Sprintf("199%08d", n.phones*48271%100_000_000)
}

// born is the birthday of somebody who is years old on day and whose birthday
// is in that month.
func born(years int, month, dayOfMonth int, day models.Day) models.Day {
	b := models.NewDay(day.Year()-years, time.Month(month), dayOfMonth)
	if b[5:] > day[5:] {
		b = models.NewDay(day.Year()-years-1, time.Month(month), dayOfMonth)
	}
	return b
}
