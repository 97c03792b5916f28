package web

import (
	"net/http"
	"net/url"
	"slices"

	"aixin/models"
	"aixin/models/store"
)

const peoplePath = "/admin/people"

type peopleView struct {
	Scope      string
	Q          url.Values
	Categories []option
	Modes      []option
	Places     []option
	States     []option
	Exited     bool
	Total      int64
	Rows       []personRow
	Pager      pager
}

// personRow is a person in a list: no full name.
type personRow struct {
	ID, Name, Number, Kinds, Place, Exited, Link string
	Cadre                                        bool
}

// people is the list of the register, narrowed by place, category and whether
// somebody is still in it.
func (s *site) people(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, q := r.Context(), r.URL.Query()
	f := store.PeopleFilter{
		Region: q.Get("region"), Category: models.Category(q.Get("category")), CareMode: models.CareMode(q.Get("mode")), Exited: q.Get("state") == "exited",
	}
	v := peopleView{Scope: me.Scope, Q: q, Exited: f.Exited}
	if me.Region != "" && me.UnitID == "" {
		var err error
		if v.Places, err = places(r, me.st, me.Region, f.Region); err != nil {
			return err
		}
	}
	lists, err := me.st.Lists(ctx)
	if err != nil {
		return err
	}
	v.Categories = s.choices(lists, models.ListCategory, string(f.Category))
	v.Modes = s.choices(lists, models.ListCareMode, string(f.CareMode))
	v.States = []option{{"", "在册", !f.Exited}, {"exited", "已退出", f.Exited}}
	lines, total, err := me.st.PeoplePage(ctx, f, q.Get("after"), pageSize+1)
	if err != nil {
		return err
	}
	v.Total = total
	if len(lines) > pageSize {
		lines = lines[:pageSize]
		next := url.Values{}
		for name := range q {
			next.Set(name, q.Get(name))
		}
		next.Set("after", lines[pageSize-1].ID)
		v.Pager.Older = peoplePath + "?" + next.Encode()
	}
	for _, l := range lines {
		v.Rows = append(v.Rows, personRow{
			ID: l.ID, Name: models.MaskName(l.Name.Reveal()), Number: l.Number, Kinds: s.kindsOf(lists, l.Recipient), Place: nearer(l.Place, me.Scope),
			Exited: s.date(l.ExitedOn), Link: peoplePath + "/" + l.ID,
		})
	}
	return s.draw(w, r, me, http.StatusOK, "people", v)
}

// kindsOf names the categories of a person, with the care mode.
func (s *site) kindsOf(lists models.Lists, r models.Recipient) string {
	text := lists.Categories(r.Categories, s.today())
	if r.CareMode != "" {
		text += "(" + lists.Word(models.ListCareMode, string(r.CareMode), s.today()) + ")"
	}
	return text
}

// choices are the entries of a list to choose from; one that is offered no more
// stays where it is chosen.
func (s *site) choices(lists models.Lists, list models.ListName, chosen string) (all []option) {
	found := chosen == ""
	for _, c := range lists.On(list, s.today()) {
		found = found || c.Code == chosen
		all = append(all, option{c.Code, c.Name, c.Code == chosen})
	}
	if !found {
		all = append(all, option{chosen, lists.Word(list, chosen, s.today()), true})
	}
	return all
}

type foundView struct {
	Words string
	Rows  []personRow
	Short bool
}

// foundMost is how many people a search shows.
const foundMost = 60

// find looks people up by what was typed into the search box. It is a POST: names
// do not belong into addresses, which proxies and browsers keep.
func (s *site) find(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	v := foundView{Words: f.Get("q")}
	found, err := me.st.Find(ctx, v.Words, foundMost)
	if err != nil {
		return err
	}
	v.Short = len(found) == foundMost
	var codes []string
	for _, p := range found {
		codes = append(codes, p.Region[:min(9, len(p.Region))])
	}
	places, err := me.st.PlaceNames(ctx, codes)
	if err != nil {
		return err
	}
	for i, p := range found {
		row := personRow{ID: p.ID, Name: models.MaskName(p.Name), Number: p.Number, Place: nearer(places[codes[i]], me.Scope), Cadre: p.Cadre, Link: peoplePath + "/" + p.ID}
		if p.Cadre {
			if !me.may(models.ObjectCadre, models.See) {
				continue
			}
			row.Number, row.Link = "干部", cadresPath+"/"+p.ID
		}
		if p.Gone {
			row.Exited = map[bool]string{true: "已离岗", false: "已退出"}[p.Cadre]
		}
		v.Rows = append(v.Rows, row)
	}
	// Who still is in the register stands first.
	slices.SortStableFunc(v.Rows, func(a, b personRow) int { return len(a.Exited) - len(b.Exited) })
	return s.draw(w, r, me, http.StatusOK, "found", v)
}
