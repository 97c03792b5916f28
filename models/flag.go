package models

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"unicode"
)

// FlagKind is a reason for a person to look at records. It is advice, never an
// accusation, and no rank is made of it.
type FlagKind string

// The kinds of flags (practice.md §5E).
const (
	FlagPhoto FlagKind = "photo" // the same picture, or nearly, as an earlier one
	FlagNote  FlagKind = "note"  // nearly the same words as for another person
	FlagSwarm FlagKind = "swarm" // many homes in a day
	FlagRush  FlagKind = "rush"  // most of a unit's entries on the last two days
	FlagAfter FlagKind = "after" // a visit after the person left
)

// FlagKinds lists them.
var FlagKinds = []FlagKind{FlagPhoto, FlagNote, FlagSwarm, FlagRush, FlagAfter}

// Label is the name of a kind.
func (k FlagKind) Label() string {
	return map[FlagKind]string{FlagPhoto: "照片像用过的", FlagNote: "记的话差不多", FlagSwarm: "一天去的户多", FlagRush: "集中在月中录", FlagAfter: "退出以后的记录"}[k]
}

// Innocent says what is usually behind it, so that who looks begins there.
func (k FlagKind) Innocent() string {
	return map[FlagKind]string{
		FlagPhoto: "常见的缘由:同一趟拍的、发重了、转发了同事的。",
		FlagNote:  "常见的缘由:几户情况一样、习惯这么写。",
		FlagSwarm: "常见的缘由:几户住得近、单位一起去、补录前些天的。",
		FlagRush:  "常见的缘由:平时没信号、联络员一起补、忙过了才记。",
		FlagAfter: "常见的缘由:退出日期填早了、去办后事、记错了人。",
	}[k]
}

// FlagState is what became of a flag.
type FlagState string

// The states: those who looked say whether there was something.
const (
	FlagOpen      FlagState = "open"
	FlagDismissed FlagState = "dismissed"
	FlagHeld      FlagState = "held" // there was something; it goes to a spot check
)

// Flag is one such reason. Measure says how strong it is, in numbers.
type Flag struct {
	ID        string `gorm:"primaryKey"`
	Evidence  string // what it was made of: the same is not raised twice
	Kind      FlagKind
	CadreID   string
	UnitID    string
	Region    string
	RecordID  string
	OtherID   string // the other record
	Day       Day
	Measure   string
	State     FlagState
	Reason    Secret
	AccountID string
	FoundAt   Instant
	ClosedAt  Instant
}

// EvidenceOf is the key of a flag.
func EvidenceOf(kind FlagKind, parts ...string) string {
	sum := sha256.Sum256([]byte(string(kind) + "|" + strings.Join(parts, "|")))
	return hex.EncodeToString(sum[:])
}

// Explain says in words why the flag was raised.
func (f Flag) Explain() string {
	switch f.Kind {
	case FlagPhoto:
		if f.Measure == "0" {
			return "和以前的一张照片一样。"
		}
		return fmt.Sprintf("和以前的一张照片很像(64处里差%s处)。", f.Measure)
	case FlagNote:
		return fmt.Sprintf("和给另一位对象记的话有%s%%一样。", f.Measure)
	case FlagSwarm:
		return fmt.Sprintf("一天记了%s户的走访。", f.Measure)
	case FlagRush:
		n, of, _ := strings.Cut(f.Measure, "/")
		return fmt.Sprintf("这个单位当月%s条里有%s条是14、15日录的。", of, n)
	case FlagAfter:
		return fmt.Sprintf("记的日子在对象退出%s天以后。", f.Measure)
	}
	return ""
}

// The limits from which flags are raised.
const (
	photoNear = 6  // bits of 64
	noteNear  = 90 // per cent
	noteLeast = 12 // characters
	SwarmFrom = 7  // homes
	RushLeast = 30 // entries of a unit
	RushShare = 60 // per cent
)

// PhotoNear tells how many bits two picture hashes differ by, and whether that is
// the same picture to the eye. A hash of a plain surface says nothing.
func PhotoNear(a, b string) (distance int, near bool) {
	x, err := strconv.ParseUint(a, 16, 64)
	y, err2 := strconv.ParseUint(b, 16, 64)
	if err != nil || err2 != nil {
		return 64, false
	}
	if n := bits.OnesCount64(x); n < 8 || n > 56 {
		return 64, false
	}
	distance = bits.OnesCount64(x ^ y)
	return distance, distance <= photoNear
}

// NoteLike says how much two notes have in common, in per cent of their pairs of
// characters; short ones are all alike and say nothing.
func NoteLike(a, b string) (percent int, near bool) {
	x, y := pairsOf(a), pairsOf(b)
	if len(x) < noteLeast-1 || len(y) < noteLeast-1 {
		return 0, false
	}
	both := 0
	for p := range x {
		if y[p] {
			both++
		}
	}
	percent = 100 * both / (len(x) + len(y) - both)
	return percent, percent >= noteNear
}

func pairsOf(s string) map[[2]rune]bool {
	out := map[[2]rune]bool{}
	var last rune
	for _, r := range s {
		if unicode.IsPunct(r) || unicode.IsSpace(r) {
			continue
		}
		if last != 0 {
			out[[2]rune{last, r}] = true
		}
		last = r
	}
	return out
}

// Rush tells whether most of a unit's entries came on the last two days.
func Rush(late, all int) bool { return all >= RushLeast && late*100 > all*RushShare }
