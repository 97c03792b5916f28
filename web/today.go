package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// The lists behind the numbers of 今天.
const (
	listWaiting = "waiting" // 待匹配
	listUnseen  = "unseen"  // 本系统没见到记录 for 90 days
	listLong    = "unseen180"
	listUnknown = "opening" // of whom nothing is known before the start
)

// figures is what 今天 says of a place, as of a moment: counted once for all who
// look at it within a short time.
type figures struct {
	at      time.Time
	stock   models.Stock
	hasBook bool // the stock and the filing are of a place, not of a unit
	detail  int64
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
		totals, err := me.st.ActivityTotals(ctx, store.ActivityFilter{To: today})
		if err != nil {
			return f, err
		}
		_, f.detail = sums(totals)
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
	Book      bool
	Stock     models.Stock
	StockOK   bool
	StockLess int
	Detail    int64
	Filing    store.FilingCount
	FilingOK  bool
	ToEnter   int
	Links     map[string]string // by object, only those that lead somewhere
	Desk      store.DeskCounts
	Waiting   int
	Unseen    int
	Long      int
	Unknown   int
	Chances   []chanceRow
	People    int
	All       int // 在册 − 待匹配
	PeopleOK  bool
	MonthFrom string
	Audit     string
	Months    *chart // what was done in the last year
}

type chanceRow struct {
	Label, Link string
	N           int
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
	v := todayView{
		Scope: me.Scope, At: models.DayOf(f.at, s.Zone).String() + " " + f.at.In(s.Zone).Format("15:04"), Book: f.hasBook, Stock: f.stock,
		StockOK: f.stock.Balanced(), StockLess: f.stock.Difference(), Detail: f.detail, Filing: f.filing, ToEnter: f.filing.New + f.filing.Changed,
		Waiting: len(f.lists[listWaiting]), Unseen: len(f.lists[listUnseen]), Long: len(f.lists[listLong]), Unknown: len(f.lists[listUnknown]),
		People: f.people, Links: map[string]string{}, MonthFrom: string(models.MonthOf(s.today()).First()), Months: f.months,
	}
	v.FilingOK = f.filing.Balances() && int64(f.filing.OnRecord) == f.detail
	v.All = f.stock.Closing - v.Waiting
	v.PeopleOK = !f.hasBook || v.All == f.people
	if v.Desk, err = me.st.DeskCounts(ctx, s.today()); err != nil {
		return err
	}
	for _, c := range chanceWords {
		if n := len(f.lists[string(c.chance)]); n > 0 {
			v.Chances = append(v.Chances, chanceRow{c.label, todayPath + "/" + string(c.chance), n})
		}
	}
	for o, to := range s.leads {
		if me.may(o, models.See) {
			v.Links[string(o)] = to
		}
	}
	return s.draw(w, r, me, http.StatusOK, "today", v)
}

const todayPath = "/admin/today"

type listView struct {
	Scope, At, Title, How string
	Total                 int
	Rows                  []listRow
	Pager                 pager
	Cadres, Years         bool
}

type listRow struct{ Name, Number, Place, Kinds, Cadre, Unit, Year, Seen, Link, CadreLink string }

var listTitles = map[string]struct{ title, how string }{
	listWaiting: {"待匹配", "在册、今天没有结对干部的人。"},
	listUnseen:  {"90 天本系统没见到记录", "结对 90 天以上,近 90 天没有走访或联系的记录。没记不等于没去,先问单位是没去还是没记。"},
	listLong:    {"180 天本系统没见到记录", "近 180 天没有走访或联系的记录。没记不等于没去,先问单位。"},
	listUnknown: {"启用前没导入", "启用前的记录没有导进来,启用后也还没有记录,不算进差额。"},
	"met":       {"今年够了", "按现在的规则,今年的联系、走访、实事都够了。"},
	"one":       {"再办一次就够", "今年还差一件。"},
	"some":      {"还差几次,来得及", "今年还差不止一件,按平常的间隔剩下的日子来得及。"},
	"late":      {"来不及", "还差的件数,按平常的间隔剩下的日子办不完。趁早换人代管,或者集中办。"},
	"excused":   {"不算差", "住院、外出、寄宿等近况期间,或者年中才结对的,按规则不算差。"},
	"unknown":   {"期初未知", "启用前办过几件没有导进来,不推算差额。"},
}

// todayList opens a number of 今天: its people, by the order of the register.
func (s *site) todayList(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, name := r.Context(), r.PathValue("list")
	words, known := listTitles[name]
	if !known {
		return s.noPage(w, r)
	}
	f, err := s.figures(ctx, me)
	if err != nil {
		return err
	}
	all := f.lists[name]
	v := listView{Scope: me.Scope, At: models.DayOf(f.at, s.Zone).String() + " " + f.at.In(s.Zone).Format("15:04"), Title: words.title, How: words.how, Total: len(all)}
	v.Cadres, v.Years = name != listWaiting, name != listWaiting
	// The place in the list is a person, so that a new count moves nobody off it.
	if after := r.FormValue("after"); after != "" {
		i := slices.IndexFunc(all, func(l listed) bool { return l.Person == after })
		all = all[i+1:]
	}
	if len(all) > pageSize {
		all = all[:pageSize]
		v.Pager.Older = todayPath + "/" + name + "?after=" + all[pageSize-1].Person
	}
	var people, cadres []string
	for _, l := range all {
		people, cadres = append(people, l.Person), append(cadres, l.Cadre)
	}
	who, err := me.st.PeopleNamed(ctx, people)
	if err != nil {
		return err
	}
	by, err := me.st.CadreNames(ctx, cadres)
	if err != nil {
		return err
	}
	lists, err := me.st.Lists(ctx)
	if err != nil {
		return err
	}
	for _, l := range all {
		p, seen := who[l.Person]
		if !seen {
			continue
		}
		c := by[l.Cadre]
		row := listRow{
			Name: models.MaskName(p.Name.Reveal()), Number: p.Number, Place: nearer(p.Place, me.Scope), Kinds: s.kindsOf(lists, p.Recipient), Cadre: models.MaskName(c.Name),
			Unit: c.Unit, Year: l.Year, Link: peoplePath + "/" + l.Person, Seen: string(l.Seen),
		}
		if c.ID != "" && me.may(models.ObjectCadre, models.See) {
			row.CadreLink = cadresPath + "/" + c.ID
		}
		v.Rows = append(v.Rows, row)
	}
	return s.draw(w, r, me, http.StatusOK, "todaylist", v)
}
