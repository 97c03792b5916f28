package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"aixin/models"
	"aixin/models/store"
)

type reportsView struct {
	Kinds  []option
	Kind   models.ReportKind
	Places []option
	Place  string // the region that is looked at
	Rows   []reportLine
	Years  []option
	Filing string // 录省系统, where the role has it
}

type reportLine struct{ Name, State, Link string }

// reports lists the periods of a kind, with how final each is.
func (s *site) reports(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	view := reportsView{Kind: models.ReportMonthly, Place: me.Region}
	for _, k := range []models.ReportKind{models.ReportMonthly, models.ReportQuarterly, models.ReportAnnual} {
		if string(k) == r.FormValue("kind") {
			view.Kind = k
		}
	}
	for _, k := range []models.ReportKind{models.ReportMonthly, models.ReportQuarterly, models.ReportAnnual} {
		view.Kinds = append(view.Kinds, option{"/admin/reports?kind=" + string(k), k.Label(), k == view.Kind})
	}
	if region := r.FormValue("region"); region != "" && models.Holds(me.Region, region) && me.UnitID == "" {
		view.Place = region
	}
	if me.UnitID == "" {
		below, err := me.st.RegionsBelow(ctx, []string{me.Region})
		if err != nil {
			return err
		}
		view.Places = append(view.Places, option{me.Region, me.Scope, view.Place == me.Region})
		for _, p := range below {
			if len(p.Code) <= 9 {
				view.Places = append(view.Places, option{p.Code, p.Name, view.Place == p.Code})
			}
		}
	}
	signed, err := me.st.SignedPeriods(ctx, view.Kind, view.Place, me.UnitID)
	if err != nil {
		return err
	}
	calendar, err := me.st.Calendar(ctx)
	if err != nil {
		return err
	}
	for year := s.today().Year(); year > s.today().Year()-2; year-- {
		for _, key := range s.periodsOf(view.Kind, year) {
			p, err := models.ParsePeriod(view.Kind, key)
			if err != nil {
				return err
			}
			state := "已关账,等签发"
			switch at, ok := signed[key]; {
			case ok:
				state = "已签发 " + models.DayOf(at.Time(), s.Zone).String()
			case s.today() <= calendar.CloseOn(p.Last):
				state = "预出," + calendar.CloseOn(p.Last).String() + "关账"
			}
			view.Rows = append(view.Rows, reportLine{p.String(), state, "/admin/reports/view?" + reportWanted{view.Kind, key, view.Place}.query()})
		}
	}
	if me.may(models.ObjectFiling, models.See) {
		view.Filing = s.leads[models.ObjectFiling]
	}
	return s.draw(w, r, me, http.StatusOK, "reports", view)
}

type reportView struct {
	Title, Standing, Digest string
	Name                    string
	Query                   string
	Report                  *models.Report // nil: not counted yet
	Figures                 []figureLine
	Places, Units           []placeLine
	Charts                  []chart
	Stock                   [][]balancePart // lines that balance
	Shorts                  []shortLine
	MoreShorts              int
	ShortTitle              string
	Found                   []foundLine // 四必查
	Checks                  string
	CheckNote               string
	Notes                   []reportNote
	Hash, SignedBy          string
	MaySign, MayNote        bool
	Late                    string
}

type figureLine struct {
	Label, Unit                          string
	Link, Before, Year, Added            string // where the numbers' rows are
	Now, Late, Previous, Change, All, Op string
}

type foundLine struct {
	Name        string
	Looked, Bad int
}

type placeLine struct {
	Name, Link                                      string
	Rows                                            placeRows
	Level                                           int
	Visits, Contacts, Deeds, Aid, Stock, Short, Met string
}

// placeRows lead to the rows behind the numbers of a place or unit; "" where several
// small ones stand together.
type placeRows struct{ Visits, Contacts, Deeds, Aid, Stock, Short string }

// balancePart is a piece of a line that must balance; a number opens its rows.
type balancePart struct{ Text, Link string }

type shortLine struct{ Person, Number, Link, Cadre, Unit, Place, Line, Note string }

type reportNote struct{ At, Words string }

// shortsShown is how many pairings stand on the page; all are in the workbook.
const shortsShown = 100

// report shows one, or offers to count it.
func (s *site) report(w http.ResponseWriter, r *http.Request, me seat) error {
	q, ask, err := s.wanted(r, me)
	if err != nil {
		return err
	}
	name := ask.Region.Name
	if ask.Unit.ID != "" {
		name = ask.Unit.Name
	}
	view := reportView{Title: name + ask.Period.Kind.Label() + "(" + ask.Period.String() + ")", Name: name, Query: q.query()}
	found, at, err := s.ready(r.Context(), me, ask)
	if errors.Is(err, store.ErrNotFound) {
		return s.draw(w, r, me, http.StatusOK, "report", view)
	}
	if err != nil {
		return err
	}
	s.fillReport(&view, q, ask, found)
	when := at.Time().In(s.Zone).Format("1月2日 15:04")
	switch {
	case found.SignedAt != 0:
		view.Standing = "已签发,数不再变"
		view.SignedBy = s.signer(r.Context(), me, found.SignedBy) + " " + when
	case found.Closed:
		view.Standing = "已关账,等签发。" + when + "算的"
	default:
		view.Standing = "预出,未关账,数还会变。" + when + "算的"
	}
	own := me.may(models.ObjectReport, models.Write) && ask.Region.Code == me.Region
	view.MaySign, view.MayNote = own && found.SignedAt == 0 && ask.Now > ask.Calendar.ClosedAt(ask.Period.Last, s.Zone), own && found.SignedAt != 0
	for _, n := range found.Notes {
		view.Notes = append(view.Notes, reportNote{s.date(models.DayOf(n.At.Time(), s.Zone)), n.Words})
	}
	if err := s.fillShorts(r, me, &view, found.Report); err != nil {
		return err
	}
	return s.draw(w, r, me, http.StatusOK, "report", view)
}

// rowsOf leads to the records behind a number.
func rowsOf(from, to models.Day, kind models.Kind, region, unit string) string {
	v := url.Values{"from": {string(from)}, "to": {string(to)}}
	for name, value := range map[string]string{"kind": string(kind), "region": region, "unit": unit} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return "/admin/activities?" + v.Encode()
}

// rowsAt lead to the records of a place or unit in a period.
func rowsAt(p models.Period, region, unit string) placeRows {
	rows := func(k models.Kind) string { return rowsOf(p.From(), p.To(), k, region, unit) }
	return placeRows{Visits: rows(models.KindVisit), Contacts: rows(models.KindContact), Deeds: rows(models.KindHelp), Aid: rows(models.KindAid)}
}

func kindOf(m models.Measure) models.Kind {
	switch m {
	case models.VisitPersons, models.VisitHomes:
		return models.KindVisit
	case models.ContactTimes, models.ContactHomes:
		return models.KindContact
	case models.AidGifts, models.AidMoneyFen, models.AidGoodsFen, models.AidUnvalued:
		return models.KindAid
	}
	return models.KindHelp
}

func amount(m models.Measure, n int64) string {
	if m.Money() {
		return models.Fen(n).Number()
	}
	return fmt.Sprint(n)
}

func (s *site) fillReport(view *reportView, q reportWanted, ask models.ReportAsk, found store.SignedReport) {
	r := found.Report
	view.Report, view.Hash, view.Digest = r, found.Hash, r.Digest()
	top := r.Places[0]
	region := ask.Region.Code
	if ask.Unit.ID != "" {
		region = ""
	}
	before, closes := r.Period.Before(), ask.Closes()
	for m := range models.Measures {
		op := int64(0)
		switch m {
		case models.ContactTimes:
			op = top.Opening[0]
		case models.VisitPersons:
			op = top.Opening[1]
		}
		earlier := "" // the first period of a year has none before it
		if before.From().Year() == r.Period.Year() {
			earlier = rowsOf(before.From(), before.To(), kindOf(m), region, ask.Unit.ID)
		}
		added := "" // a quarter's came in at three closes
		if month := r.Period.First.Number(); q.Kind == models.ReportMonthly && month > 1 {
			rows := rowsOf(models.NewDay(r.Period.Year(), 1, 1), r.Period.From().Add(-1), kindOf(m), region, ask.Unit.ID)
			added = fmt.Sprintf("%s&known=%d-%d", rows, closes[month-1], closes[month])
		}
		view.Figures = append(view.Figures, figureLine{
			Label: m.Label(), Unit: m.Unit(), Added: added, Link: rowsOf(r.Period.From(), r.Period.To(), kindOf(m), region, ask.Unit.ID),
			Before: earlier, Year: rowsOf(models.NewDay(r.Period.Year(), 1, 1), r.Period.To(), kindOf(m), region, ask.Unit.ID), Now: amount(m, top.Now[m]), Late: amount(m, top.Late[m]),
			Previous: amount(m, top.Previous[m]), Change: amount(m, top.Now[m]-top.Previous[m]), All: amount(m, top.Year[m]+op), Op: amount(m, op),
		})
	}
	lines := func(rows []models.ReportRow, unit bool) (out []placeLine) {
		for _, row := range rows {
			n, d := row.Now, row.Duty
			l := placeLine{
				Name: row.Name, Level: row.Level, Visits: fmt.Sprint(n[models.VisitPersons]), Contacts: fmt.Sprint(n[models.ContactTimes]),
				Deeds: fmt.Sprint(n[models.PolicyFiled] + n[models.PolicyGot] + n[models.Difficulties] + n[models.Deeds]),
				Aid:   models.Fen(n[models.AidMoneyFen] + n[models.AidGoodsFen]).Number(), Stock: fmt.Sprint(row.Stock.End), Short: fmt.Sprint(d.Short()), Met: "—",
			}
			if d.Counted() > 0 {
				l.Met = percent(float64(d.Met) / float64(d.Counted()))
			}
			switch {
			case row.Merged > 0:
			case unit:
				l.Rows = rowsAt(r.Period, "", row.Code)
			default:
				l.Rows = rowsAt(r.Period, row.Code, "")
				l.Rows.Stock, l.Rows.Short = peoplePath+"?region="+row.Code, "#shorts"
				if row.Code != region {
					l.Link = "/admin/reports/view?" + reportWanted{q.Kind, q.Period, row.Code}.query()
					l.Rows.Short = l.Link + "#shorts"
				}
			}
			out = append(out, l)
		}
		return out
	}
	if ask.Unit.ID == "" {
		view.Places, view.Units = lines(r.Places, false), lines(r.Units, true)
		c := top.Stock
		people := peoplePath + "?region=" + region
		moved := func(list string) string {
			return todayPath + "/" + list + "?" + movedIn{region, r.Period.From(), ask.End()}.query().Encode()
		}
		view.Stock = [][]balancePart{
			{
				{"在册 ", ""},
				{fmt.Sprint(c.End), people},
				{fmt.Sprintf(" = 上期末 %d + 新增 ", c.Start), ""},
				{fmt.Sprint(c.In), moved(listCame)},
				{" - 退出 ", ""},
				{fmt.Sprint(c.Out), moved(listLeft)},
				{" + 迁入 ", ""},
				{fmt.Sprint(c.MovedIn), moved(listMovedIn)},
				{" - 迁出 ", ""},
				{fmt.Sprint(c.MovedOut), moved(listMovedOut)},
				{" ✓", ""},
			},
			{{"在册 ", ""}, {fmt.Sprint(c.End), people}, {" = 已结对 ", ""}, {fmt.Sprint(c.Paired), "/admin/pairings"}, {" + 待匹配 ", ""}, {fmt.Sprint(c.Unpaired), "/admin/pairings/waiting"}, {" ✓", ""}},
		}
	}
	d := top.Duty
	view.Stock = append(view.Stock,
		[]balancePart{{"结对 ", ""}, {fmt.Sprint(d.Pairings), "/admin/pairings"}, {fmt.Sprintf(" = 够了 %d + 还差 ", d.Met), ""}, {fmt.Sprint(d.Short()), "#shorts"}, {fmt.Sprintf(" + 近况不便 %d + 期初未知 %d ✓", d.Excused, d.Unknown), ""}},
		[]balancePart{{"各月 + 补以前月份 = 本年累计 ✓", ""}})
	for i, item := range r.Checklist {
		view.Found = append(view.Found, foundLine{item.Name, top.Found[i].Looked, top.Found[i].Bad})
	}
	s.drawCharts(view, r)
	if len(r.Checks) > 0 {
		view.Checks, view.CheckNote = r.Checks[0].Sentence(), r.Checks[0].Footnote()
	}
}

func (s *site) drawCharts(view *reportView, r *models.Report) {
	var months []string
	kinds := []series{{Name: "走访", Kind: "visit"}, {Name: "联系", Kind: "contact"}, {Name: "实事类", Kind: "help"}}
	for _, m := range r.Months {
		months = append(months, fmt.Sprintf("%d月", m.Month.Number()))
		all := m.Own.Plus(m.Late)
		for i, v := range []int64{
			all[models.VisitPersons], all[models.ContactTimes], all[models.PolicyFiled] + all[models.PolicyGot] + all[models.Difficulties] + all[models.Deeds],
		} {
			kinds[i].Values = append(kinds[i].Values, float64(v))
		}
	}
	view.Charts = append(view.Charts, bars("各月走访、联系、实事(含补录)", "月份", months, kinds...))
	spread := []series{{Name: "联系", Kind: "contact"}, {Name: "走访", Kind: "visit"}, {Name: "实事", Kind: "help"}}
	for k := range spread {
		for _, n := range r.Places[0].Duty.Spread[k] {
			spread[k].Values = append(spread[k].Values, float64(n))
		}
	}
	view.Charts = append(view.Charts, bars("今年做了几次的各有多少对", "次数", []string{"0次", "1次", "2次", "3次", "4次以上"}, spread...))
	if len(r.Needs) > 0 {
		var departments []string
		done, open := series{Name: "办结", Kind: "visit"}, series{Name: "在办", Kind: "help"}
		at := map[string]int{}
		for _, n := range r.Needs {
			name := models.DepartmentOf(n.Department).Name
			if _, ok := at[name]; !ok {
				at[name] = len(departments)
				departments = append(departments, name)
				done.Values, open.Values = append(done.Values, 0), append(open.Values, 0)
			}
			done.Values[at[name]] += float64(n.InTime + n.Late)
			open.Values[at[name]] += float64(n.Open)
		}
		view.Charts = append(view.Charts, bars("诉求,按部门", "部门", departments, done, open))
	}
	if c := checkChart(r.Checks); c.SVG != "" {
		view.Charts = append(view.Charts, c)
	}
}

// checkChart draws what agreed, with how sure that is.
func checkChart(counts []models.CheckCount) chart {
	var all []rate
	for _, c := range counts {
		if c.Reached() > 0 {
			agreed := c.Agrees + c.Minor
			all = append(all, rate{c.Name, float64(agreed) / float64(c.Reached()), c.Low, c.High, agreed, c.Reached()})
		}
	}
	if len(all) == 0 {
		return chart{}
	}
	return intervals("抽查一致率和95%区间", "地区", all)
}

func (s *site) fillShorts(r *http.Request, me seat, view *reportView, report *models.Report) error {
	few := *report
	view.ShortTitle = report.ShortTitle()
	if len(few.Shorts) > shortsShown {
		few.Shorts, view.MoreShorts = few.Shorts[:shortsShown], len(few.Shorts)-shortsShown
	}
	names, err := me.st.ReportNames(r.Context(), &few, true)
	if err != nil {
		return err
	}
	for _, p := range few.Shorts {
		person, number, cadre, unit, place := names(p)
		l := shortLine{
			Person: person, Number: number, Link: "/admin/people/" + p.RecipientID, Cadre: cadre, Unit: unit, Place: place,
			Line: fmt.Sprintf("联系 %d 走访 %d 实事 %d", p.Tally[0], p.Tally[1], p.Tally[2]),
		}
		switch {
		case p.Unknown:
			l.Note = "启用前的没导进来"
		case p.Excused != "":
			l.Note = p.Excused.Label()
		}
		view.Shorts = append(view.Shorts, l)
	}
	return nil
}
