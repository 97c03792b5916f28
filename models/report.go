package models

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// Report is a finished report: the numbers of one period and place, from which
// page, workbook and picture are drawn alike. It holds ids, never names.
type Report struct {
	Kind   ReportKind
	Period Period
	Region string // the place, or of the unit
	Name   string // 平凉市, 崆峒区, a unit's name
	UnitID string // "" unless the report is a unit's
	AsOf   Instant
	Closed bool   // the last month is closed: the same digits from now on
	Target Target // what a pairing owes in the year

	Services  []Service  // the one-to-one lines, which Lines of each row count
	Checklist []LookedAt `json:",omitempty"` // 四必查, which Found of each row counts

	Places []ReportRow // the place itself first, then what lies below it, depth first
	Units  []ReportRow // the units of the cadres
	Months []ReportMonth
	Shorts []Short // pairings that lack something, or opening figures

	Needs     []NeedCount
	Donations DonationCount
	Checks    []CheckCount // all first, then by county
	Burden    Burden
	Outs      []ReasonCount // why people left in the period
}

// ReportRow is one line of the report: a place or a unit.
type ReportRow struct {
	Code, Name string
	Level      int // 0 the report's own place, 1 below it, 2 below that
	Merged     int // how many lines stand in it because each had fewer than SmallCell people

	Now      Figures  // of the period, as known when its months closed
	Late     Figures  // 补以前月份: what the period brought for earlier months of the year
	Before   Figures  // what it brought for earlier years
	Year     Figures  // from January on, months and late columns together
	Previous Figures  // of the period before, of the same year
	Opening  [3]int64 // 启用前: contacts, visits, helps

	Stock Headcount
	Duty  Duty
	Lines []LineCount  // of the services, in their order
	Found []FoundCount `json:",omitempty"` // of the checklist, in its order
}

// Headcount is who is on the register: Start + In − Out + MovedIn − MovedOut = End.
type Headcount struct {
	Start, In, Out, MovedIn, MovedOut, End  int
	Paired, Unpaired                        int // at the end
	CadreStart, CadreIn, CadreOut, CadreEnd int
}

// Balances tells whether the stock adds up.
func (s Headcount) Balances() bool {
	return s.Start+s.In-s.Out+s.MovedIn-s.MovedOut == s.End && s.Paired+s.Unpaired == s.End &&
		s.CadreStart+s.CadreIn-s.CadreOut == s.CadreEnd
}

func (s Headcount) plus(t Headcount) Headcount {
	return Headcount{
		s.Start + t.Start, s.In + t.In, s.Out + t.Out, s.MovedIn + t.MovedIn, s.MovedOut + t.MovedOut, s.End + t.End,
		s.Paired + t.Paired, s.Unpaired + t.Unpaired,
		s.CadreStart + t.CadreStart, s.CadreIn + t.CadreIn, s.CadreOut + t.CadreOut, s.CadreEnd + t.CadreEnd,
	}
}

// ReasonCount is a reason with its number.
type ReasonCount struct {
	Reason string
	N      int
}

// Duty is how far the pairings are with the year: how many have 0, 1, 2, 3, 4
// or more of each, and how many have all.
type Duty struct {
	Pairings int // that hold at the end of the period
	Unknown  int // whose opening figures are not known
	Excused  int // short, while the person is in hospital, away or the like
	Met      int
	MetBy    [3]int    // contacts, visits, helps
	Spread   [3][5]int // contacts, visits, helps by 0, 1, 2, 3, 4+
}

func (d Duty) plus(e Duty) Duty {
	d.Pairings, d.Unknown, d.Excused, d.Met = d.Pairings+e.Pairings, d.Unknown+e.Unknown, d.Excused+e.Excused, d.Met+e.Met
	for k := range 3 {
		d.MetBy[k] += e.MetBy[k]
		for n := range 5 {
			d.Spread[k][n] += e.Spread[k][n]
		}
	}
	return d
}

// Counted is the denominator of the rates: pairings of which something is known.
func (d Duty) Counted() int { return d.Pairings - d.Unknown }

// Short counts those who lack something and are not excused.
func (d Duty) Short() int { return d.Counted() - d.Met - d.Excused }

// Service is a one-to-one line as it was called at the end of the period.
type Service struct {
	Line Line
	Name string
}

// Told are the services of which a report tells; reports signed before they were
// data tell of those that were shipped.
func (r *Report) Told() []Service {
	if len(r.Services) == 0 && len(r.Places) > 0 && len(r.Places[0].Lines) > 0 {
		return ShippedLists().services("")
	}
	return r.Services
}

// LineCount is one of the one-to-one lines: people in it at the end, and
// how many of them were served in the period, with how many visits.
type LineCount struct{ People, Served, Visits int }

// ReportMonth is one month of the year in the balance of the year.
type ReportMonth struct {
	Month             Month
	Own, Late, Before Figures
	Signed            bool // taken from a signed report
}

// Short is a pairing that lacks something.
type Short struct {
	PairingID, RecipientID, CadreID, UnitID, Region string
	Tally                                           [3]int // contacts, visits, helps
	Lack                                            [3]int // what is missing of them
	Excused                                         State  `json:",omitempty"`
	Unknown                                         bool   `json:",omitempty"`
	LastSeen                                        Day    `json:",omitempty"`
}

// NeedCount counts needs of one department and clock.
type NeedCount struct {
	Department                 string
	Clock                      NeedClock
	Raised, InTime, Late       int // raised in the period; done in it, in time or not
	Open, Overdue              int // at the end
	Good, Fair, Bad, Unreached int
}

// DonationCount is the ledger of donations in the period, in fen.
type DonationCount struct {
	MoneyIn, GoodsIn, MoneyUsed, GoodsUsed, MoneyHanded, GoodsHanded Fen
	Gifts, Uses                                                      int
	MoneyLeft, GoodsLeft                                             Fen // not yet allotted, at the end
}

// CheckCount is what spot checks found in a place.
type CheckCount struct {
	Region, Name                string
	Drawn, Agrees, Minor, False int
	Unreached, Pending, Unasked int
	Low, High                   float64
	SeedHash, Seed              string `json:",omitempty"`
}

// Reached is how many told something that counts.
func (c CheckCount) Reached() int { return c.Agrees + c.Minor + c.False }

// Burden is what the programme asks of its cadres.
type Burden struct {
	Bound, Pushes, Messages, Logs int
	MedianSeconds                 int
}

// PushesEach is the pushes a bound cadre a month, in tenths.
func (b Burden) PushesEach(months int) float64 { return per(b.Pushes, b.Bound*months) }

// MessagesEach is the messages a bound cadre wrote a month.
func (b Burden) MessagesEach(months int) float64 { return per(b.Messages, b.Bound*months) }

func per(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// Canonical is the report as it is frozen, with its hash.
func (r *Report) Canonical() (numbers []byte, hash string, err error) {
	if numbers, err = json.Marshal(r); err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(numbers)
	return numbers, hex.EncodeToString(sum[:]), nil
}

// ShortTitle is what the list of what lacks is called: only the year's end makes
// it final (users.md 五.1).
func (r *Report) ShortTitle() string {
	if r.Period.Last.Number() == 12 && r.Closed {
		return "未达标名单"
	}
	return "还差名单"
}

// Digest says the report in a few lines, to be sent on in the chat.
func (r *Report) Digest() string {
	top := r.Places[0]
	n, d := top.Now, top.Duty
	s := fmt.Sprintf("%s%s:走访%d人次,联系%d人次,办成政策%d件,解决困难%d件,实事%d件,资助%s元(其中物资折合%s元)。", r.Name, r.Period,
		n[VisitPersons], n[ContactTimes], n[PolicyGot], n[Difficulties], n[Deeds], Fen(n[AidMoneyFen]+n[AidGoodsFen]).Number(), Fen(n[AidGoodsFen]).Number())
	if r.UnitID == "" {
		s += fmt.Sprintf("\n在册%d=上期%d+新增%d-退出%d", top.Stock.End, top.Stock.Start, top.Stock.In, top.Stock.Out)
		if in, out := top.Stock.MovedIn, top.Stock.MovedOut; in+out > 0 {
			s += fmt.Sprintf("+迁入%d-迁出%d", in, out)
		}
		s += fmt.Sprintf(",待匹配%d。", top.Stock.Unpaired)
	}
	s += fmt.Sprintf("\n结对%d:够了%d,还差%d,近况不便%d,期初未知%d。", d.Pairings, d.Met, d.Short(), d.Excused, d.Unknown)
	var bad []string
	for i, item := range r.Checklist {
		if top.Found[i].Bad > 0 {
			bad = append(bad, fmt.Sprintf("%s%d", item.Name, top.Found[i].Bad))
		}
	}
	if len(bad) > 0 {
		s += "\n四必查有情况(人次):" + strings.Join(bad, "、") + "。"
	}
	if len(r.Checks) > 0 && r.Checks[0].Reached() > 0 {
		s += "\n" + r.Checks[0].Sentence() + "。"
	}
	return s
}
