package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"aixin/models"
	"aixin/models/store"
)

// The lists behind the numbers of 今天.
const (
	listWaiting = "waiting" // 待匹配
	listUnseen  = "unseen"  // 本系统没见到记录 for 90 days
	listLong    = "unseen180"
	listUnknown = "opening" // of whom nothing is known before the start

	// Who moved the month's stock: read when asked for.
	listCame     = "came"
	listLeft     = "left"
	listMovedIn  = "movedin"
	listMovedOut = "movedout"
	listOdd      = "odd" // whose own coming and going does not come out

	listBook = "book" // the month's records by place
)

const todayPath = "/admin/today"

type listView struct {
	Scope, At, Title, How string
	Total                 int
	Rows                  []listRow
	Pager                 pager
	Cadres                bool
}

type listRow struct{ Name, Number, Place, Kinds, Cadre, Unit, Year, Seen, Link, CadreLink string }

// listWords are what a list is called, how it came about, and, of a list of those
// who moved the stock, who is on it.
type listWords struct {
	title, how string
	of         func(models.Stock) bool
}

var listTitles = map[string]listWords{
	listWaiting: {"待匹配", "在册、今天没有结对干部的人。", nil},
	listUnseen:  {"90 天本系统没见到记录", "结对 90 天以上,近 90 天没有走访或联系的记录。没记不等于没去,先问单位是没去还是没记。", nil},
	listLong:    {"180 天本系统没见到记录", "近 180 天没有走访或联系的记录。没记不等于没去,先问单位。", nil},
	listUnknown: {"启用前没导入", "启用前的记录没有导进来,启用后也还没有记录,不算进差额。", nil},
	"met":       {"今年够了", "按现在的规则,今年的联系、走访、实事都够了。", nil},
	"one":       {"再办一次就够", "今年还差一件。", nil},
	"some":      {"还差几次,来得及", "今年还差不止一件,按平常的间隔剩下的日子来得及。", nil},
	"late":      {"来不及", "还差的件数,按平常的间隔剩下的日子办不完。趁早换人代管,或者集中办。", nil},
	"excused":   {"不算差", "住院、外出、寄宿等近况期间,或者年中才结对的,按规则不算差。", nil},
	"unknown":   {"期初未知", "启用前办过几件没有导进来,不推算差额。", nil},

	listCame:     {"本月新增", "这个月进名册的人,按生效的日子。", func(s models.Stock) bool { return s.In > 0 }},
	listLeft:     {"本月退出", "这个月退出名册的人,按生效的日子。", func(s models.Stock) bool { return s.Out > 0 }},
	listMovedIn:  {"本月迁入", "这个月从别的县搬来的人。", func(s models.Stock) bool { return s.MovedIn > 0 }},
	listMovedOut: {"本月迁出", "这个月搬到别的县的人;资料已经在那边。", func(s models.Stock) bool { return s.MovedOut > 0 }},
	listOdd:      {"对不上的人", "名册上的日子和变动单说的不一样的人。打开一个人,看“谁改过”,照实补一张调整就平了。", func(s models.Stock) bool { return !s.Balanced() }},
}

// movedIn is the place and the days whose comings and goings a list is of.
type movedIn struct {
	region   string
	from, to models.Day
}

func (m movedIn) query() url.Values {
	return url.Values{"region": {m.region}, "from": {string(m.from)}, "to": {string(m.to)}}
}

func readMovedIn(q url.Values) (m movedIn, ok bool) {
	from, err := models.ParseDay(q.Get("from"))
	if err != nil {
		return m, false
	}
	to, err := models.ParseDay(q.Get("to"))
	return movedIn{q.Get("region"), from, to}, err == nil
}

// todayList opens a number of 今天: its people, by the order of the register.
func (s *site) todayList(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, name := r.Context(), r.PathValue("list")
	words, known := listTitles[name]
	if !known && name != listBook {
		return s.noPage(w, r)
	}
	f, err := s.figures(ctx, me)
	switch {
	case err != nil:
		return err
	case !f.hasBook && (name == listBook || words.of != nil):
		return s.noPage(w, r)
	case name == listBook:
		return s.bookPage(w, r, me, f)
	}
	all, page := f.lists[name], url.Values{}
	if words.of != nil {
		moved := movedIn{me.Region, models.MonthOf(s.today()).First(), s.today()}
		if q := r.URL.Query(); q.Has("from") { // as a report leads here
			if moved, known = readMovedIn(q); !known {
				return s.noPage(w, r)
			}
			span := s.date(moved.from) + "\u5230" + s.date(moved.to)
			words.title = strings.Replace(words.title, "\u672c\u6708", span, 1)
			words.how = strings.Replace(words.how, "\u8fd9\u4e2a\u6708", span, 1)
			page = moved.query()
		}
		members, err := me.st.StockMembers(ctx, moved.region, moved.from, moved.to)
		if err != nil {
			return err
		}
		for _, m := range members {
			if words.of(m.Stock) {
				all = append(all, listed{Person: m.ID, Seen: m.Day})
			}
		}
	}
	v := listView{Scope: me.Scope, At: s.clock(models.InstantOf(f.at)), Title: words.title, How: words.how, Total: len(all)}
	v.Cadres = name != listWaiting && words.of == nil
	// The place in the list is a person, so that a new count moves nobody off it.
	if after := r.FormValue("after"); after != "" {
		i := slices.IndexFunc(all, func(l listed) bool { return l.Person == after })
		all = all[i+1:]
	}
	if len(all) > pageSize {
		all = all[:pageSize]
		page.Set("after", all[pageSize-1].Person)
		v.Pager.Older = todayPath + "/" + name + "?" + page.Encode()
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
			Unit: c.Unit, Year: l.Year, Link: peoplePath + "/" + l.Person, Seen: s.date(l.Seen),
		}
		if c.ID != "" && me.may(models.ObjectCadre, models.See) {
			row.CadreLink = cadresPath + "/" + c.ID
		}
		v.Rows = append(v.Rows, row)
	}
	return s.draw(w, r, me, http.StatusOK, "todaylist", v)
}

type bookView struct {
	Scope, At, Month string
	Book             store.MonthBook
	Rows             []bookRow
}

type bookRow struct {
	store.MonthPlace
	Name, Link string
}

// bookPage opens the month's account by place; each place opens its records.
func (s *site) bookPage(w http.ResponseWriter, r *http.Request, me seat, f figures) error {
	today := s.today()
	v := bookView{Scope: me.Scope, At: s.clock(models.InstantOf(f.at)), Month: fmt.Sprintf("%d月", models.MonthOf(today).Number()), Book: f.book}
	var codes []string
	for _, p := range f.book.Below {
		codes = append(codes, p.Place)
	}
	names, err := me.st.PlaceNames(r.Context(), codes)
	if err != nil {
		return err
	}
	a := asked{From: string(models.MonthOf(today).First()), To: string(today)}
	for i, p := range f.book.Below {
		name := nearer(names[codes[i]], me.Scope)
		if name == "" {
			name = "没写清在哪"
		}
		v.Rows = append(v.Rows, bookRow{p, name, a.link(listPath, map[string]string{"region": codes[i]})})
	}
	// Where it does not come out stands first.
	slices.SortStableFunc(v.Rows, func(x, y bookRow) int {
		switch {
		case x.Balanced() == y.Balanced():
			return 0
		case y.Balanced():
			return -1
		}
		return 1
	})
	return s.draw(w, r, me, http.StatusOK, "book", v)
}
