package web

import (
	"net/http"
	"net/url"

	"aixin/models"
	"aixin/models/store"
)

const listsPath = "/admin/settings/lists"

type listsView struct {
	form
	Lists    []listCard
	Changes  []dutyRow
	MayWrite bool
	Editing  string // what the form is about, in words
	Known    bool   // an entry that there is
}

// listCard is one list as it is today.
type listCard struct {
	Name, Label, Why, Add string
	Rows                  []listEntry
}

type listEntry struct{ Name, Others, Said, Link string }

// listWhys say what a list is for, and what an empty one means.
var listWhys = map[models.ListName]string{
	models.ListCategory:  "导入名册、登记新对象时从这里选;改了名,以前的报表还用旧名。",
	models.ListCareMode:  "特困人员怎么供养。“分散”的才排每周看望。",
	models.ListLine:      "结对和一对一服务的条线;报表“四个一对一”按它分列。",
	models.ListChecklist: "走访时顺便看的几样,最多6样。填了,干部报走访后会问一句,都好回“好”;空着就不问。",
}

// lists shows the lists that the office keeps, and to the city's office the form
// for one entry.
func (s *site) lists(w http.ResponseWriter, r *http.Request, me seat) error {
	lists, err := me.st.Lists(r.Context())
	if err != nil {
		return err
	}
	f := form{Values: url.Values{}}
	if list := models.ListName(r.FormValue("list")); list.Label() != "" {
		f.Values.Set("list", string(list))
		f.Values.Set("from", string(s.today()))
		if code := r.FormValue("code"); lists.Has(list, code, s.today()) {
			now := lists.Entry(list, code, s.today())
			f.Values.Set("code", code)
			f.Values.Set("name", now.Name)
			f.Values.Set("others", now.Others)
		}
	}
	return s.showLists(w, r, me, lists, f, http.StatusOK)
}

func (s *site) showLists(w http.ResponseWriter, r *http.Request, me seat, lists models.Lists, f form, status int) error {
	view := listsView{form: f, MayWrite: me.may(models.ObjectList, models.Write)}
	for _, name := range models.ListNames {
		card := listCard{Name: string(name), Label: name.Label(), Why: listWhys[name]}
		here := listsPath + "?list=" + string(name)
		if view.MayWrite {
			card.Add = here + "#change"
		}
		for _, c := range lists.On(name, s.today()) {
			row := listEntry{Name: c.Name, Others: c.Others, Said: "方案原定"}
			if c.RecordedAt != 0 {
				row.Said = s.date(c.FromDay) + "起"
			}
			if view.MayWrite {
				row.Link = here + "&code=" + url.QueryEscape(c.Code) + "#change"
			}
			card.Rows = append(card.Rows, row)
		}
		view.Lists = append(view.Lists, card)
	}
	for _, c := range lists {
		if c.RecordedAt != 0 {
			view.Changes = append([]dutyRow{{Key: c.Code, Words: c.String(), From: s.date(c.FromDay), Said: s.clock(c.RecordedAt)}}, view.Changes...)
		}
	}
	if list := models.ListName(f.Get("list")); list.Label() != "" && view.MayWrite {
		view.Editing = "“" + list.Label() + "”加一项"
		if code := f.Get("code"); code != "" {
			view.Known, view.Editing = true, "改“"+lists.Word(list, code, s.today())+"”("+list.Label()+")"
		}
	}
	return s.draw(w, r, me, status, "lists", view)
}

// setList adds a version of an entry, after it was read once more in words.
func (s *site) setList(w http.ResponseWriter, r *http.Request, me seat) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	lists, err := me.st.Lists(r.Context())
	if err != nil {
		return err
	}
	c := models.Choice{List: models.ListName(f.Get("list")), Code: f.Get("code"), Name: f.Get("name"), Others: f.Get("others"), Gone: f.Get("gone") == "yes"}
	if c.FromDay, err = models.ParseDay(f.Get("from")); err != nil {
		f.wrong("from", "选一个日子。")
	}
	if f.OK() {
		if c, err = lists.Change(c, s.today()); err != nil {
			f.wrong("", err.Error())
		}
	}
	if !f.OK() {
		return s.showLists(w, r, me, lists, f, http.StatusUnprocessableEntity)
	}
	effect := "从那天起,选的地方都是它;以前的报表照旧。"
	if c.Gone {
		effect = "从那天起不再给人选;已经登记的人不变。"
	}
	sure, err := s.sure(w, r, me, confirm{
		Title: "改这张清单?", Lines: []string{c.String() + "," + s.date(c.FromDay) + "起。", effect, "全市都用这一张。"}, Label: "改", Back: listsPath + "#change",
	})
	if !sure || err != nil {
		return err
	}
	if err := me.st.InTx(r.Context(), func(tx *store.Store) error { return tx.AddChoice(r.Context(), &c) }); err != nil {
		return err
	}
	return s.done(w, r, listsPath, "改好了:"+c.String()+","+s.date(c.FromDay)+"起。")
}
