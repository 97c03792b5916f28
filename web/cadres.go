package web

import (
	"net/http"
	"net/url"
	"unicode/utf8"

	"aixin/models"
)

const (
	cadresPath = "/admin/cadres"
	unitsPath  = "/admin/units"
)

type cadresView struct {
	Scope  string
	Unit   string // the chosen one
	Units  []option
	States []option
	Total  int64
	Rows   []cadreRow
	Pager  pager
}

type cadreRow struct {
	Name, Unit, Post, Link, Bound string
	People                        int
}

// cadres lists the cadres of a place or unit, in no order of merit.
func (s *site) cadres(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, q := r.Context(), r.URL.Query()
	v := cadresView{Scope: me.Scope, Unit: q.Get("unit")}
	if me.UnitID == "" {
		units, err := s.unitsFor(ctx, me)
		if err != nil {
			return err
		}
		for _, u := range units {
			v.Units = append(v.Units, option{u.ID, u.Name, u.ID == v.Unit})
		}
	}
	left := q.Get("state") == "left"
	v.States = []option{{"", "在岗", !left}, {"left", "已离岗", left}}
	lines, total, err := me.st.CadreList(ctx, v.Unit, left, s.today(), q.Get("after"), pageSize+1)
	if err != nil {
		return err
	}
	v.Total = total
	if len(lines) > pageSize {
		lines = lines[:pageSize]
		v.Pager.Older = cadresPath + "?" + url.Values{"unit": {v.Unit}, "state": {q.Get("state")}, "after": {lines[pageSize-1].ID}}.Encode()
	}
	for _, l := range lines {
		v.Rows = append(v.Rows, cadreRow{
			Name: models.MaskName(l.Name.Reveal()), Unit: l.Unit, Post: l.Post, People: l.People, Link: cadresPath + "/" + l.ID,
			Bound: map[bool]string{true: "已绑定", false: "没绑定"}[l.Bound],
		})
	}
	return s.draw(w, r, me, http.StatusOK, "cadres", v)
}

type cadreView struct {
	form
	ID, Name, Unit, UnitLink, Post string
	Left, Bound, MayReveal         bool
	Full                           *contactRow
	Rows                           []cadrePersonRow
	Before                         []cadrePersonRow
	Activities                     []deedRow
	More                           string
	Looked                         []lookRow
}

type cadrePersonRow struct{ Line, Name, Number, Place, Year, From, To, Reason, Link string }

// cadre is the page of one cadre: whom one looks after, and what one wrote.
func (s *site) cadre(w http.ResponseWriter, r *http.Request, me seat) error {
	v, _, err := s.cadreView(r, me)
	if err != nil {
		return err
	}
	return s.draw(w, r, me, http.StatusOK, "cadre", v)
}

func (s *site) cadreView(r *http.Request, me seat) (cadreView, models.Cadre, error) {
	today := s.today()
	f, err := me.st.CadreFile(r.Context(), r.PathValue("id"), today)
	if err != nil {
		return cadreView{}, models.Cadre{}, err
	}
	lists, err := me.st.Lists(r.Context())
	if err != nil {
		return cadreView{}, models.Cadre{}, err
	}
	c := f.Cadre
	v := cadreView{
		ID: c.ID, Name: models.MaskName(c.Name.Reveal()), Unit: f.Unit, Post: c.Post, Left: c.LeftAt != 0, Bound: f.Bound,
		MayReveal: me.may(models.ObjectCadre, models.Reveal), More: listPath + "?from=&to=&cadre=" + c.ID,
	}
	if me.may(models.ObjectUnit, models.See) {
		v.UnitLink = unitsPath + "/" + c.UnitID
	}
	for _, p := range f.Pairings {
		who := f.People[p.RecipientID]
		row := cadrePersonRow{
			Line: lists.Line(p.Line, today), Name: models.MaskName(who.Name.Reveal()), Number: who.Number, Place: nearer(f.Places[who.Region[:min(9, len(who.Region))]], me.Scope),
			From: s.date(p.FromDay), To: s.date(p.ToDay), Reason: p.Reason, Link: peoplePath + "/" + p.RecipientID,
		}
		if !p.Holds(today) {
			v.Before = append(v.Before, row)
			continue
		}
		if p.Line == models.LinePairing {
			row.Year = f.Tallies[p.ID].Line()
		}
		v.Rows = append(v.Rows, row)
	}
	for _, a := range f.Activities[:min(len(f.Activities), pageSize)] {
		row := deedRow{
			Day: s.date(a.Day), Kind: string(a.Kind), Label: a.Kind.Label(), Photo: a.Photo,
			Detail: detail(models.Activity{Kind: a.Kind, Channel: a.Channel, Help: a.Help, Stage: a.Stage}), Cadre: models.MaskName(f.People[a.RecipientID].Name.Reveal()),
		}
		if a.AmountFen != nil {
			row.Amount = models.Fen(*a.AmountFen).Yuan()
		}
		v.Activities = append(v.Activities, row)
	}
	v.Looked = s.looked(f.Audit)
	return v, c, nil
}

// revealCadre shows a cadre's name and number, for a reason that is written down.
func (s *site) revealCadre(w http.ResponseWriter, r *http.Request, me seat) error {
	in, err := readForm(r)
	if err != nil {
		return err
	}
	v, c, err := s.cadreView(r, me)
	if err != nil {
		return err
	}
	v.form = in
	if utf8.RuneCountInString(in.Get("reason")) < 4 {
		v.wrong("reason", "写明为什么要看,比如“打电话问情况”。")
		return s.draw(w, r, me, http.StatusUnprocessableEntity, "cadre", v)
	}
	if err := me.st.Note(r.Context(), "reveal.person", "cadre:"+c.ID, in.Get("reason")); err != nil {
		return err
	}
	v.Full = &contactRow{Name: c.Name.Reveal(), Phone: c.Phone.Reveal()}
	return s.draw(w, r, me, http.StatusOK, "cadre", v)
}

type unitsView struct {
	Scope string
	Rows  []unitRow
}

type unitRow struct {
	Name, Link    string
	Cadres, Bound int
}

// units lists the units whose cadres look after people here, by name.
func (s *site) units(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	list, err := s.unitsFor(ctx, me)
	if err != nil {
		return err
	}
	all, bound, err := me.st.UnitPeople(ctx)
	if err != nil {
		return err
	}
	v := unitsView{Scope: me.Scope}
	for _, u := range list {
		v.Rows = append(v.Rows, unitRow{u.Name, unitsPath + "/" + u.ID, all[u.ID], bound[u.ID]})
	}
	return s.draw(w, r, me, http.StatusOK, "units", v)
}

type unitView struct {
	Name, Place   string
	Total         int64
	Bound         int
	ByKind        []kindTotal
	Year          int
	Rows          []cadreRow
	Cadres, Deeds string
}

// unit is the page of one unit.
func (s *site) unit(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, id := r.Context(), r.PathValue("id")
	u, err := me.st.SeenUnit(ctx, id)
	if err != nil {
		return err
	}
	v := unitView{Name: u.Name, Year: s.today().Year(), Cadres: cadresPath + "?unit=" + id, Deeds: listPath + "?unit=" + id}
	if v.Place, err = me.st.PlaceName(ctx, u.Region); err != nil {
		return err
	}
	lines, total, err := me.st.CadreList(ctx, id, false, s.today(), "", 200)
	if err != nil {
		return err
	}
	v.Total = total
	for _, l := range lines {
		if l.Bound {
			v.Bound++
		}
		v.Rows = append(v.Rows, cadreRow{models.MaskName(l.Name.Reveal()), u.Name, l.Post, cadresPath + "/" + l.ID, map[bool]string{true: "已绑定", false: "没绑定"}[l.Bound], l.People})
	}
	_, filter, _ := s.readAsked(url.Values{})
	filter.Unit = id
	totals, err := me.st.ActivityTotals(ctx, filter)
	if err != nil {
		return err
	}
	v.ByKind, _ = sums(totals)
	return s.draw(w, r, me, http.StatusOK, "unit", v)
}
