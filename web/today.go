package web

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"sync"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// figures is what 今天 says of a place, as of a moment: counted once for all who
// look at it within a short time.
type figures struct {
	at      time.Time
	stock   models.Stock
	hasBook bool // the stock and the filing are of a place, not of a unit
	book    store.MonthBook
	filing  store.FilingCount
	people  int // in pairings that hold
	lists   map[string][]listed
	months  *chart
}

// listed is a person on one of the lists.
type listed struct {
	Person, Cadre, Year string
	Seen                models.Day
}

// figuresLife is how long figures are shown; the page says as of when they are.
const figuresLife = 2 * time.Minute

// counted keeps the figures of the places that are being looked at.
type counted struct {
	mu    sync.Mutex
	byWho map[string]*counting
}

type counting struct {
	mu   sync.Mutex
	last figures
}

func (c *counted) of(key string) *counting {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byWho == nil || len(c.byWho) > 64 {
		c.byWho = map[string]*counting{} // places that nobody looks at are forgotten
	}
	if c.byWho[key] == nil {
		c.byWho[key] = &counting{}
	}
	return c.byWho[key]
}

// figures counts a place, or tells what was counted just now. What is a little
// older is shown at once and counted anew behind it.
func (s *site) figures(ctx context.Context, me seat) (figures, error) {
	c := s.counted.of(string(me.Role) + "/" + me.Region + "/" + me.UnitID)
	c.mu.Lock()
	f := c.last
	c.mu.Unlock()
	age := s.Now().Sub(f.at)
	switch sameDay := models.DayOf(f.at, s.Zone) == s.today(); {
	case f.at.IsZero() || !sameDay || age > time.Hour:
		return s.count(ctx, me, c)
	case age > figuresLife:
		go func() {
			ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
			defer stop()
			if _, err := s.count(ctx, me, c); err != nil {
				s.Log.Warn("today's figures were not counted", "err", err)
			}
		}()
	}
	return f, nil
}

func (s *site) count(ctx context.Context, me seat, c *counting) (figures, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.Now().Sub(c.last.at) < time.Second && !c.last.at.IsZero() {
		return c.last, nil // somebody else has just counted
	}
	f := figures{at: s.Now(), lists: map[string][]listed{}, hasBook: me.UnitID == "" && me.Region != ""}
	today := s.today()
	if f.hasBook {
		var err error
		if f.stock, err = me.st.Stock(ctx, me.Region, models.MonthOf(today).First(), today); err != nil {
			return f, err
		}
		if f.filing, err = me.st.FilingCount(ctx, me.Region, today); err != nil {
			return f, err
		}
		if f.book, err = me.st.MonthBook(ctx, me.Region, models.MonthOf(today)); err != nil {
			return f, err
		}
		waiting, err := me.st.WaitingOn(ctx, me.Region, today)
		if err != nil {
			return f, err
		}
		for _, w := range waiting {
			f.lists[listWaiting] = append(f.lists[listWaiting], listed{Person: w.ID, Seen: w.Since})
		}
	}
	var err error
	if f.months, err = s.monthsChart(ctx, me); err != nil {
		return f, err
	}
	rows, err := me.st.Standings(ctx, me.Region, today)
	if err != nil {
		return f, err
	}
	seen := map[string]bool{}
	for _, r := range rows {
		if r.Gone || !r.Holds(today) || r.Line != models.LinePairing || seen[r.RecipientID] {
			continue
		}
		seen[r.RecipientID] = true
		f.people++
		one := listed{r.RecipientID, r.CadreID, r.Tally.Line(), r.LastSeen}
		chance := string(r.Tally.Chance())
		f.lists[chance] = append(f.lists[chance], one)
		days, known := r.Unseen()
		switch {
		case r.State == models.StateDeceased || days < 90:
		case !known:
			f.lists[listUnknown] = append(f.lists[listUnknown], one)
		default:
			f.lists[listUnseen] = append(f.lists[listUnseen], one)
			if days >= 180 {
				f.lists[listLong] = append(f.lists[listLong], one)
			}
		}
	}
	c.last = f
	return f, nil
}

// monthsChart draws what was done in each of the last twelve months; nil where
// nothing was.
func (s *site) monthsChart(ctx context.Context, me seat) (*chart, error) {
	last := models.MonthOf(s.today())
	totals, err := me.st.MonthTotals(ctx, last.Add(-11), last)
	if err != nil || len(totals) == 0 {
		return nil, err
	}
	var groups []string
	kinds := []series{{Name: "走访", Kind: "visit"}, {Name: "联系", Kind: "contact"}, {Name: "实事", Kind: "help"}, {Name: "资助", Kind: "aid"}}
	for m := last.Add(-11); m <= last; m = m.Add(1) {
		groups = append(groups, fmt.Sprintf("%d月", m.Number()))
		for i, k := range []models.Kind{models.KindVisit, models.KindContact, models.KindHelp, models.KindAid} {
			kinds[i].Values = append(kinds[i].Values, float64(totals[m][k]))
		}
	}
	c := bars("近12个月,按办的日子", "月份", groups, kinds...)
	return &c, nil
}

type todayView struct {
	Scope, At string
	HasBook   bool
	Month     string // 11月
	From, To  string // its days so far
	Before    string // the report of the month before
	Stock     models.Stock
	Book      store.MonthBook
	Filing    store.FilingCount
	Links     map[string]string // by object, only those that lead somewhere
	MayFile   bool              // the sheets can be taken from here
	Tiles     []tile
	Waiting   int
	Chances   []chanceRow
	Share     template.HTML // the chances as one bar
	People    int
	All       int // 在册 − 待匹配
	PeopleOK  bool
	Off       int    // what ④ differs by
	Months    *chart // what was done in the last year
}

// tile is a number that waits for somebody, with where it leads.
type tile struct {
	Label, Note, Link, Test string
	N                       int64
	Urgent                  bool
}

type chanceRow struct {
	Label, Kind, Link string
	N                 int
}

var chanceWords = []struct {
	chance models.Chance
	label  string
}{
	{models.ChanceMet, "够了"},
	{models.ChanceOne, "再办一次"},
	{models.ChanceSome, "再办几次,来得及"},
	{models.ChanceLate, "来不及"},
	{models.ChanceExcused, "不算差"},
	{models.ChanceUnknown, "期初未知"},
}

// todayPage is the first page of an office: it balances, or turns red; every
// number opens its list (users.md 五.5).
func (s *site) todayPage(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := s.figures(ctx, me)
	if err != nil {
		return err
	}
	today := s.today()
	month := models.MonthOf(today)
	v := todayView{
		Scope: me.Scope, At: s.clock(models.InstantOf(f.at)), HasBook: f.hasBook, Stock: f.stock, Book: f.book, Filing: f.filing, Waiting: len(f.lists[listWaiting]),
		Month: fmt.Sprintf("%d月", month.Number()), From: string(month.First()), To: string(today),
		Before: "/admin/reports/view?" + reportWanted{models.ReportMonthly, string(month.Add(-1)), me.Region}.query(),
		People: f.people, Links: map[string]string{}, MayFile: me.may(models.ObjectFiling, models.See), Months: f.months,
	}
	v.All = f.stock.Closing - v.Waiting
	v.PeopleOK, v.Off = !f.hasBook || v.All == f.people, f.people-v.All
	for o, to := range s.leads {
		if me.may(o, models.See) {
			v.Links[string(o)] = to
		}
	}
	desk, err := me.st.DeskCounts(ctx, today)
	if err != nil {
		return err
	}
	v.Tiles = todo(f, desk, v.Links)
	var parts []series
	for _, c := range chanceWords {
		if n := len(f.lists[string(c.chance)]); n > 0 {
			v.Chances = append(v.Chances, chanceRow{c.label, string(c.chance), todayPath + "/" + string(c.chance), n})
			parts = append(parts, series{c.label, string(c.chance), []float64{float64(n)}})
		}
	}
	if f.people > 0 {
		v.Share = share("到年底", parts)
	}
	return s.draw(w, r, me, http.StatusOK, "today", v)
}

// todo are the numbers that wait, the nearest first; what the seat has nothing to
// do with is left out.
func todo(f figures, desk store.DeskCounts, links map[string]string) (all []tile) {
	if f.hasBook {
		all = append(all, tile{Label: "待匹配", Link: todayPath + "/" + listWaiting, Test: "waiting", N: int64(len(f.lists[listWaiting]))})
	}
	unseen := tile{Label: "没见到记录", Link: todayPath + "/" + listUnseen, Test: "unseen", N: int64(len(f.lists[listUnseen]))}
	if n := len(f.lists[listUnknown]); n > 0 {
		unseen.Note = fmt.Sprintf("另 %d 人期初未知", n)
	}
	all = append(all, unseen, tile{Label: "其中 180 天以上", Link: todayPath + "/" + listLong, N: int64(len(f.lists[listLong]))})
	for _, t := range []struct {
		object models.Object
		label  string
		n      int64
	}{
		{models.ObjectChange, "待批", desk.Changes},
		{models.ObjectQuestion, "投诉", desk.Complaints},
		{models.ObjectQuestion, "过时的提问", desk.LateQuestions},
		{models.ObjectNeed, "过时的诉求", desk.LateNeeds},
		{models.ObjectDanger, "没办结的预警", desk.Dangers},
		{models.ObjectPlan, "该再看的一人一策", desk.PlansDue},
	} {
		if to := links[string(t.object)]; to != "" {
			all = append(all, tile{Label: t.label, Link: to, N: t.n, Urgent: t.object == models.ObjectDanger && t.n > 0})
		}
	}
	return all
}
