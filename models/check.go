package models

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Outcome is what a spot check found.
type Outcome string

// The outcomes (practice.md §5F). Not reached is no outcome about the visit.
const (
	OutcomeAgrees    Outcome = "agrees"    // 一致
	OutcomeMinor     Outcome = "minor"     // 小异: the day or a detail differs
	OutcomeFalse     Outcome = "false"     // 不实
	OutcomeUnreached Outcome = "unreached" // 联系不上
)

// Outcomes lists them in the order of the form.
var Outcomes = []Outcome{OutcomeAgrees, OutcomeMinor, OutcomeFalse, OutcomeUnreached}

// Label is the word for an outcome.
func (o Outcome) Label() string {
	return map[Outcome]string{OutcomeAgrees: "一致", OutcomeMinor: "小异", OutcomeFalse: "不实", OutcomeUnreached: "联系不上"}[o]
}

// SpotCheck is one household to be asked about one visit on record. Those drawn
// by the month's seed have a stratum; others were added to the list, and only
// the drawn ones make a rate.
type SpotCheck struct {
	ID            string `gorm:"primaryKey"`
	Month         Month  // of the visit's record
	RecipientID   string
	CadreID       string
	UnitID        string
	Region        string
	Stratum       string
	Day           Day    // the visit on record
	AskFrom       Day    // not to be asked before
	Origin        Secret // why it was added; nobody who asks sees it
	Answers       Secret
	Outcome       Outcome
	AccountID     string // who asked
	AskedAt       Instant
	SecondOutcome Outcome
	SecondAnswers Secret
	SecondAccount string // somebody else, where the first found it false
	SecondAt      Instant
	CreatedAt     Instant `gorm:"autoCreateTime:false"`
}

// Drawn tells whether chance put it on the list.
func (c SpotCheck) Drawn() bool { return c.Stratum != "" }

// NeedsSecond tells whether somebody else must look before anything follows.
func (c SpotCheck) NeedsSecond() bool { return c.Outcome == OutcomeFalse && c.SecondOutcome == "" }

// Final is the outcome that counts: a false one only when a second person found
// the same; until then it is none.
func (c SpotCheck) Final() Outcome {
	if c.Outcome == OutcomeFalse {
		return c.SecondOutcome
	}
	return c.Outcome
}

// MayCheck tells whether an account may ask about a visit: never somebody of the
// cadre's own unit, and never who found it false as the second.
func (c SpotCheck) MayCheck(a Account, second bool) bool {
	if a.DisabledAt != 0 || a.UnitID != "" && a.UnitID == c.UnitID || !Holds(a.Region, c.Region) {
		return false
	}
	return !second || a.ID != c.AccountID
}

// SeedHash is what is made public of a seed before the month ends.
func SeedHash(seed string) string {
	sum := sha256.Sum256([]byte(seed))
	return hex.EncodeToString(sum[:])
}

// Candidate is a visit on record that may be drawn.
type Candidate struct {
	RecipientID, CadreID, UnitID, Region string
	Category                             Category
	Weekly                               bool // visited every week by the grass roots
	Day                                  Day
}

// Stratum is the group from which a candidate is drawn: county, category, and
// whether the visit is one of the weekly ones.
func (c Candidate) Stratum() string {
	weekly := "一般"
	if c.Weekly {
		weekly = "每周"
	}
	return strings.Join([]string{c.Region[:min(6, len(c.Region))], string(c.Category), weekly}, "/")
}

// SampleSize is how many of n must be asked for an interval of ± half at 95 %,
// where nothing is known of the rate: 362 of 6,100 for ± 5 %.
func SampleSize(n int, half float64) int {
	if n == 0 || half <= 0 {
		return n
	}
	infinite := z95 * z95 / 4 / (half * half)
	return min(n, int(math.Ceil(infinite/(1+(infinite-1)/float64(n)))))
}

// CountyFloor is the least number of checks in a county that has so many visits.
const CountyFloor = 20

const z95 = 1.959963984540054

// Draw picks size visits, in proportion from each stratum and at least
// CountyFloor of each county. Who is picked depends on the seed and on the visit
// alone, so that anybody who knows the revealed seed draws the same.
func Draw(frame []Candidate, size int, seed string) []Candidate {
	strata, counties := map[string][]Candidate{}, map[string]int{}
	for _, c := range frame {
		strata[c.Stratum()] = append(strata[c.Stratum()], c)
		counties[c.Stratum()[:6]]++
	}
	names := make([]string, 0, len(strata))
	for name, rows := range strata {
		names = append(names, name)
		slices.SortFunc(rows, func(a, b Candidate) int { return strings.Compare(lot(seed, a), lot(seed, b)) })
	}
	slices.Sort(names)
	quota, remainder := map[string]int{}, map[string]float64{}
	given := 0
	for _, name := range names {
		share := float64(size) * float64(len(strata[name])) / float64(max(1, len(frame)))
		if floor := float64(min(CountyFloor, counties[name[:6]])) * float64(len(strata[name])) / float64(counties[name[:6]]); share < floor {
			share = floor
		}
		quota[name] = min(len(strata[name]), int(share))
		remainder[name] = share - math.Floor(share)
		given += quota[name]
	}
	slices.SortStableFunc(names, func(a, b string) int {
		switch {
		case remainder[a] > remainder[b]:
			return -1
		case remainder[a] < remainder[b]:
			return 1
		}
		return 0
	})
	for _, name := range names {
		if given < size && quota[name] < len(strata[name]) && remainder[name] > 0 {
			quota[name]++
			given++
		}
	}
	slices.Sort(names)
	var drawn []Candidate
	for _, name := range names {
		drawn = append(drawn, strata[name][:quota[name]]...)
	}
	return drawn
}

// lot is a candidate's place in the draw.
func lot(seed string, c Candidate) string {
	return SeedHash(seed + "|" + c.RecipientID + "|" + c.CadreID + "|" + string(c.Day))
}

// Pick chooses n of some by a seed, for lists in which one must not stand out.
func Pick[T any](rows []T, n int, seed string, key func(T) string) []T {
	sorted := slices.Clone(rows)
	rank := func(v T) uint64 {
		sum := sha256.Sum256([]byte(seed + "|" + key(v)))
		return binary.BigEndian.Uint64(sum[:])
	}
	slices.SortFunc(sorted, func(a, b T) int {
		if x, y := rank(a), rank(b); x != y {
			if x < y {
				return -1
			}
			return 1
		}
		return 0
	})
	return sorted[:min(n, len(sorted))]
}

// Interval is a share with its 95 % limits, by Wilson's score.
type Interval struct{ Share, Low, High float64 }

// Wilson is the interval of hits in n; with nothing asked nothing is known.
func Wilson(hits, n int) Interval {
	if n == 0 {
		return Interval{0, 0, 1}
	}
	p, m := float64(hits)/float64(n), float64(n)
	centre := p + z95*z95/(2*m)
	spread := z95 * math.Sqrt(p*(1-p)/m+z95*z95/(4*m*m))
	scale := 1 + z95*z95/m
	return Interval{p, max(0, (centre-spread)/scale), min(1, (centre+spread)/scale)}
}

// CheckSeed is the seed of a month's draw: its hash is made known before the
// month ends, the seed after the draw.
type CheckSeed struct {
	Month       Month `gorm:"primaryKey"`
	Seed        Secret
	Hash        string
	CommittedAt Instant
	RevealedAt  Instant
}

// Add counts a check in, as it stood at a moment.
func (c *CheckCount) Add(k SpotCheck, at Instant) {
	c.Drawn++
	if k.AskedAt == 0 || k.AskedAt > at {
		c.Unasked++
		return
	}
	if k.SecondAt > at {
		k.SecondOutcome = ""
	}
	switch k.Final() {
	case OutcomeAgrees:
		c.Agrees++
	case OutcomeMinor:
		c.Minor++
	case OutcomeFalse:
		c.False++
	case OutcomeUnreached:
		c.Unreached++
	default:
		c.Pending++
	}
}

// CountChecks counts drawn checks as they stood at a moment, all of them first and
// then by county. Those that were added to the list by hand make no rate.
func CountChecks(rows []SpotCheck, region string, at Instant) []CheckCount {
	all := CheckCount{Region: region, Name: "合计"}
	var counties []CheckCount
	for _, county := range Counties {
		one := CheckCount{Region: county.Code, Name: county.Name}
		for _, c := range rows {
			if c.Drawn() && Holds(county.Code, c.Region) {
				one.Add(c, at)
				all.Add(c, at)
			}
		}
		if one.Drawn > 0 {
			one.Measure()
			counties = append(counties, one)
		}
	}
	if all.Drawn == 0 {
		return nil
	}
	all.Measure()
	return append([]CheckCount{all}, counties...)
}

// Measure works out the interval of the share that agrees, small differences
// included, among those who were reached.
func (c *CheckCount) Measure() {
	i := Wilson(c.Agrees+c.Minor, c.Reached())
	c.Low, c.High = i.Low, i.High
}

// Sentence says the result as people say it: 抽 60 户,一致 57.
func (c CheckCount) Sentence() string {
	s := fmt.Sprintf("抽 %d 户,问到 %d 户,一致 %d", c.Drawn, c.Reached(), c.Agrees)
	if c.Minor > 0 {
		s += fmt.Sprintf(",小异 %d", c.Minor)
	}
	if c.False > 0 {
		s += fmt.Sprintf(",不实 %d", c.False)
	}
	return s
}

// Footnote gives the interval of the share that agrees.
func (c CheckCount) Footnote() string {
	if c.Reached() == 0 {
		return ""
	}
	return fmt.Sprintf("一致(含小异)占 %.1f%%,95%%区间 %.1f%%—%.1f%%", 100*float64(c.Agrees+c.Minor)/float64(c.Reached()), 100*c.Low, 100*c.High)
}
