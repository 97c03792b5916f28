package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"aixin/models"
	"aixin/models/store"
)

// pageSize is how many activities stand on a page.
const pageSize = 30

type activitiesView struct {
	Me       seat
	Asked    asked
	Faults   []string
	Kinds    []option
	Places   []option
	Units    []option
	Who      string // the person or cadre that the list is narrowed to, masked
	Year     int    // this one: rows of others name theirs
	Total    int64
	ByKind   []kindTotal
	Rows     []activityRow
	Pager    pager
	Export   string
	WholeAll string // the same with dates and narrowing taken away
	NoWho    string
}

type option struct {
	Value, Text string
	Chosen      bool
}

type kindTotal struct {
	Label string
	N     int64
	Sum   string
}

// activityRow is one line of the list, as it may be shown: no full name.
type activityRow struct {
	Day              models.Day
	Year             int
	Kind, Label      string
	Detail           string
	Person, Number   string
	PersonLink       string
	Cadre, CadreLink string
	Unit, Place      string
	Amount           string
	Fund             string // whose money it was, where that was said
	Late             bool
	Photos           []string
}

// asked is what stands in the form, as it was typed.
type asked struct {
	From, To, Kind, Region, Unit, Cadre, Person string
	Known                                       string // of what became known between two moments, as a report leads here
}

// readAsked reads the form; days that cannot be read are faults. Without dates
// the list shows this year.
func (s *site) readAsked(q url.Values) (asked, store.ActivityFilter, []string) {
	get := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	a := asked{get("from"), get("to"), get("kind"), get("region"), get("unit"), get("cadre"), get("person"), get("known")}
	if !q.Has("from") && !q.Has("to") {
		a.From, a.To = string(models.NewDay(s.today().Year(), 1, 1)), string(s.today())
	}
	f := store.ActivityFilter{Kind: models.Kind(a.Kind), Region: a.Region, Unit: a.Unit, Cadre: a.Cadre, Person: a.Person}
	if _, err := fmt.Sscanf(a.Known, "%d-%d", &f.Known[0], &f.Known[1]); err != nil {
		a.Known = ""
	}
	var faults []string
	for _, d := range []struct {
		text, name string
		into       *models.Day
	}{{a.From, "开始日期", &f.From}, {a.To, "结束日期", &f.To}} {
		if d.text == "" {
			continue
		}
		day, err := models.ParseDay(d.text)
		if err != nil {
			faults = append(faults, d.name+"要写成 2026-11-20 这样。")
		}
		*d.into = day
	}
	if f.From != "" && f.To != "" && f.From > f.To {
		faults = append(faults, "开始日期在结束日期后面,换过来就好。")
	}
	if a.Kind != "" && f.Kind.Label() == "" {
		faults = append(faults, "没有这个类别,请重新选。")
	}
	return a, f, faults
}

// link is the same list with one thing changed; the place in it is left.
func (a asked) link(path string, change map[string]string) string {
	v := url.Values{}
	for name, value := range map[string]string{
		"from": a.From, "to": a.To, "kind": a.Kind, "region": a.Region, "unit": a.Unit, "cadre": a.Cadre, "person": a.Person, "known": a.Known,
	} {
		if c, ok := change[name]; ok {
			value = c
		}
		if value != "" || name == "from" || name == "to" {
			v.Set(name, value)
		}
	}
	for _, name := range []string{"older", "newer"} {
		if change[name] != "" {
			v.Set(name, change[name])
		}
	}
	return path + "?" + v.Encode()
}

const listPath = "/admin/activities"

func (s *site) activities(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, q := r.Context(), r.URL.Query()
	var filter store.ActivityFilter
	view := activitiesView{Me: me, Year: s.today().Year()}
	view.Asked, filter, view.Faults = s.readAsked(q)
	status := http.StatusOK
	if err := s.fillForm(r, &view); err != nil {
		return err
	}
	if len(view.Faults) > 0 {
		status = http.StatusUnprocessableEntity
		return s.draw(w, r, me, status, "activities", view)
	}
	from, back := placeOf(q.Get("older")), false
	if p := placeOf(q.Get("newer")); p != (store.Place{}) {
		from, back = p, true
	}
	counted := totalsOf{me.ID, filter}
	totals, known := s.totals.of(counted, s.Now(), totalsLive)
	if !known || from == (store.Place{}) {
		var err error
		if totals, err = me.st.ActivityTotals(ctx, filter); err != nil {
			return err
		}
		s.totals.keep(counted, totals, s.Now())
	}
	view.ByKind, view.Total = sums(totals)
	lines, more, err := me.st.ActivityPage(ctx, filter, from, back, pageSize)
	if err != nil {
		return err
	}
	for i, line := range lines {
		row := rowOf(view.Asked, line)
		row.Place = nearer(line.Township, view.Me.Scope)
		if i > 0 && lines[i-1].RecordID == line.RecordID {
			row.Photos = nil // shown with the row above: they are of one message
		}
		view.Rows = append(view.Rows, row)
	}
	if n := len(lines); n > 0 {
		first, last := placeText(lines[0]), placeText(lines[n-1])
		if more && back || !back && from != (store.Place{}) {
			view.Pager.Newer = view.Asked.link(listPath, map[string]string{"newer": first})
		}
		if more && !back || back {
			view.Pager.Older = view.Asked.link(listPath, map[string]string{"older": last})
		}
		switch {
		case filter.Person != "":
			view.Who = view.Rows[0].Person + "(" + view.Rows[0].Number + ")"
		case filter.Cadre != "":
			view.Who = view.Rows[0].Cadre + "(" + view.Rows[0].Unit + ")"
		}
	}
	if view.Who == "" && (filter.Person != "" || filter.Cadre != "") {
		view.Who = "选中的人"
	}
	return s.draw(w, r, me, status, "activities", view)
}

// fillForm offers what can be chosen, within the account's scope.
func (s *site) fillForm(r *http.Request, v *activitiesView) error {
	ctx, me := r.Context(), &v.Me
	for _, k := range []models.Kind{models.KindVisit, models.KindContact, models.KindHelp, models.KindAid} {
		v.Kinds = append(v.Kinds, option{string(k), k.Label(), string(k) == v.Asked.Kind})
	}
	units, err := s.unitsFor(ctx, *me)
	if err != nil {
		return err
	}
	for _, u := range units {
		v.Units = append(v.Units, option{u.ID, u.Name, u.ID == v.Asked.Unit})
	}
	if me.Role == models.AccountUnit {
		v.Units = nil // there is nothing to choose, wherever its people live
	} else {
		if v.Places, err = places(r, me.st, me.Region, v.Asked.Region); err != nil {
			return err
		}
	}
	v.Export = v.Asked.link(listPath+".xlsx", nil)
	v.NoWho = v.Asked.link(listPath, map[string]string{"person": "", "cadre": ""})
	v.WholeAll = listPath + "?from=&to="
	return nil
}

// places offers a region's tree as far as it was gone into: below what is
// chosen, and along the way there.
func places(r *http.Request, st *store.Store, top, chosen string) ([]option, error) {
	parents := []string{top}
	if strings.HasPrefix(chosen, top) {
		for _, n := range []int{6, 9} {
			if n > len(top) && len(chosen) >= n {
				parents = append(parents, chosen[:n])
			}
		}
	}
	rows, err := st.RegionsBelow(r.Context(), parents)
	if err != nil {
		return nil, err
	}
	var all []option
	var below func(parent string, depth int)
	below = func(parent string, depth int) {
		for _, p := range rows {
			if p.Parent == parent {
				all = append(all, option{p.Code, strings.Repeat(" ", depth) + p.Name, p.Code == chosen})
				below(p.Code, depth+1)
			}
		}
	}
	below(top, 0)
	return all, nil
}

// placeText and placeOf carry a place in the list through a link.
func placeText(l store.ActivityLine) string { return string(l.Day) + "." + l.ID }

func placeOf(text string) store.Place {
	day, id, _ := strings.Cut(text, ".")
	if d, err := models.ParseDay(day); err == nil && id != "" {
		return store.Place{Day: d, ID: id}
	}
	return store.Place{}
}

func sums(totals []store.KindTotal) (all []kindTotal, n int64) {
	for _, k := range []models.Kind{models.KindVisit, models.KindContact, models.KindHelp, models.KindAid} {
		row := kindTotal{Label: k.Label()}
		for _, t := range totals {
			if t.Kind == k {
				row.N, n = t.N, n+t.N
				if t.Fen > 0 {
					row.Sum = t.Fen.Yuan()
				}
			}
		}
		all = append(all, row)
	}
	return all, n
}

func rowOf(a asked, l store.ActivityLine) activityRow {
	row := activityRow{
		Day: l.Day, Year: l.Day.Year(), Kind: string(l.Kind), Label: l.Kind.Label(), Detail: detail(l.Activity),
		Person: models.MaskName(l.Recipient.Name.Reveal()), Number: l.Recipient.Number,
		Cadre: models.MaskName(l.Cadre.Name.Reveal()), Unit: l.Unit, Late: l.Late, Photos: l.Photos,
		PersonLink: a.link(listPath, map[string]string{"person": l.RecipientID, "cadre": ""}),
		CadreLink:  a.link(listPath, map[string]string{"cadre": l.CadreID, "person": ""}),
	}
	if l.AmountFen != nil {
		row.Amount = models.Fen(*l.AmountFen).Yuan()
		row.Fund = models.FundLabels[l.Fund]
	}
	return row
}

// nearer leaves out of a place what the whole page is about: 柳湖镇 in a
// county's list, 崆峒区柳湖镇 in the city's.
func nearer(place, scope string) string {
	if place == scope {
		return place[strings.LastIndex(place, "/")+1:]
	}
	return strings.ReplaceAll(strings.TrimPrefix(place, scope+"/"), "/", " ")
}

// detail says how: 电话, 解决困难, 宣传政策.
func detail(a models.Activity) string {
	switch {
	case a.Kind == models.KindContact:
		return a.Channel.Label()
	case a.Kind == models.KindHelp && a.Help == models.HelpPolicy && a.Stage == models.PolicyExplained:
		return "宣传政策"
	case a.Kind == models.KindHelp:
		return a.Help.Label()
	}
	return ""
}
