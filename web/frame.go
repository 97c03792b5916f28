package web

import (
	"cmp"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"aixin/models"
)

// framed is what the console's frame shows around a page.
type framed struct {
	Me    seat
	Nav   []navItem  // always in sight
	More  []navGroup // folded under 更多
	Here  string     // the name of the navigation's current item
	Up    *navItem   // where a page below one of the navigation leads back to
	Today string     // for paper
	Flash string     // what became of the last form
	Find  bool       // people can be looked for
	View  any
}

type navItem struct {
	Name, Link string
	Here       bool
}

// navGroup is what belongs together under 更多.
type navGroup struct {
	Name  string
	Items []navItem
	Here  bool
}

// draw shows a console page in its frame.
func (s *site) draw(w http.ResponseWriter, r *http.Request, me seat, status int, page string, view any) error {
	f := framed{Me: me, View: view, Flash: s.office.PopString(r.Context(), keyFlash), Find: me.may(models.ObjectPerson, models.See) && s.leads[models.ObjectPerson] != ""}
	at := cmp.Or(under[me.at], me.at)
	f.Nav, f.More = s.navigation(me.Role, at)
	f.Today = s.today().String()
	for _, p := range models.Permissions {
		if p.Object != at || p.Nav == "-" || s.leads[at] == "" {
			continue
		}
		if f.Here = p.Name; r.URL.Path != s.leads[at] {
			f.Up = &navItem{Name: p.Name, Link: s.leads[at]}
		}
	}
	return s.show(w, status, page, f)
}

// under are the objects whose pages stand below another's in the navigation.
var under = map[models.Object]models.Object{
	models.ObjectRule: models.ObjectSetting, models.ObjectList: models.ObjectSetting, models.ObjectClock: models.ObjectSetting,
	models.ObjectRoster: models.ObjectSetting, models.ObjectTemplate: models.ObjectSetting,
}

// few is how many items of the navigation stand side by side where a role has
// no more than that.
const few = 6

// folded is how 更多 is put together: what has no place here stands with the last.
var folded = []struct {
	name    string
	objects []models.Object
}{
	{"人和结对", []models.Object{models.ObjectCadre, models.ObjectUnit, models.ObjectPairing, models.ObjectChange, models.ObjectPlan, models.ObjectImport, models.ObjectInvite}},
	{"家里的事", []models.Object{models.ObjectActivity, models.ObjectNeed, models.ObjectQuestion, models.ObjectDanger, models.ObjectFlag, models.ObjectDonation}},
	{"上下传达", []models.Object{models.ObjectNotice, models.ObjectPolicy, models.ObjectFiling}},
	{"管理", nil},
}

// navigation lists the pages of a role, in the order of the table of
// permissions: those of the first line, and what is folded under 更多.
func (s *site) navigation(role models.AccountRole, here models.Object) (first []navItem, more []navGroup) {
	groups, n := make([]navGroup, len(folded)), 0
	var flat []navItem
	for _, p := range models.Permissions {
		to := s.leads[p.Object]
		if p.Nav == "-" || to == "" || !models.Ever(role, p.Object).Allows(models.See) {
			continue
		}
		item := navItem{p.Name, to, here == p.Object}
		n++
		flat = append(flat, item)
		if p.Nav == "1" {
			first = append(first, item)
			continue
		}
		at := len(folded) - 1
		for i, g := range folded {
			if slices.Contains(g.objects, p.Object) {
				at = i
			}
		}
		g := &groups[at]
		g.Name, g.Items, g.Here = folded[at].name, append(g.Items, item), g.Here || item.Here
	}
	if n <= few {
		return flat, nil
	}
	return first, slices.DeleteFunc(groups, func(g navGroup) bool { return len(g.Items) == 0 })
}

// leadsOf finds where each object's name in the navigation leads: its first
// plain page.
func leadsOf(routes []route) map[models.Object]string {
	leads := map[models.Object]string{}
	for _, rt := range routes {
		at, get := strings.CutPrefix(rt.pattern, "GET ")
		if get && rt.object != "" && leads[rt.object] == "" && !strings.Contains(at, "{") && path.Ext(at) == "" {
			leads[rt.object] = at
		}
	}
	return leads
}

const keyFlash = "flash"

// done goes on to a page that then says what became of a form.
func (s *site) done(w http.ResponseWriter, r *http.Request, to, text string) error {
	s.office.Put(r.Context(), keyFlash, text)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// confirm asks once more before something that is not easily taken back. Its
// form comes back to the same address with what was typed and sure=yes.
type confirm struct {
	Title  string
	Lines  []string // what will happen
	Label  string   // on the button
	Back   string
	Fields []confirmField
	To     string
}

type confirmField struct{ Name, Value string }

// sure tells whether the question was answered; where not, the page is shown.
func (s *site) sure(w http.ResponseWriter, r *http.Request, me seat, c confirm) (bool, error) {
	if r.PostFormValue("sure") == "yes" {
		return true, nil
	}
	c.To = r.URL.RequestURI()
	for name, values := range r.PostForm {
		for _, v := range values {
			c.Fields = append(c.Fields, confirmField{name, v})
		}
	}
	return false, s.draw(w, r, me, http.StatusOK, "confirm", c)
}

// pager leads to the neighbours of a page of a list.
type pager struct{ Newer, Older string }

// form is what was typed, and what is wrong with it, field by field; the faults
// of "" are the whole form's.
type form struct {
	Values url.Values
	Faults map[string]string
}

// Get is what was typed into a field.
func (f form) Get(name string) string { return f.Values.Get(name) }

// Fault says what is wrong with a field.
func (f form) Fault(name string) string { return f.Faults[name] }

// wrong notes a fault; the first of a field is kept.
func (f *form) wrong(name, text string) {
	if f.Faults == nil {
		f.Faults = map[string]string{}
	}
	if f.Faults[name] == "" {
		f.Faults[name] = text
	}
}

// OK tells whether nothing is wrong.
func (f form) OK() bool { return len(f.Faults) == 0 }

// readForm takes a posted form with the blanks around each field cut off.
func readForm(r *http.Request) (form, error) {
	if err := r.ParseForm(); err != nil {
		return form{}, err
	}
	v := url.Values{}
	for name, values := range r.PostForm {
		for _, x := range values {
			v.Add(name, strings.TrimSpace(x))
		}
	}
	return form{Values: v}, nil
}

// field is one labelled input for the template "field".
type field struct {
	Name, Label, Kind, Value, Fault, Hint string
	Required                              bool
}

// Field describes an input of the form: kind is an input's type, or "textarea".
// A label that ends in * is of a field that must be filled.
func (f form) Field(name, label, kind, hint string) field {
	plain := strings.TrimSuffix(label, "*")
	return field{Name: name, Label: plain, Kind: kind, Value: f.Get(name), Fault: f.Fault(name), Hint: hint, Required: plain != label}
}
