package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"aixin/models"
	"aixin/models/store"
)

const dutiesPath = "/admin/settings/duties"

type dutiesView struct {
	form
	Now      []dutyRow
	Changes  []dutyRow
	MayWrite bool
	Editing  string // name of the duty in the form
	Shares   []option
	Cycles   []option
	Units    []option // only of things done
	Stages   []option
}

type dutyRow struct{ Key, Words, From, Said, Link string }

// duties shows the rules of the duties in force, what was changed, and to the
// city's office the form for the next version of one.
func (s *site) duties(w http.ResponseWriter, r *http.Request, me seat) error {
	f := form{Values: url.Values{}}
	if key := r.FormValue("key"); key != "" && me.may(models.ObjectRule, models.Write) {
		rules, err := me.st.Rules(r.Context())
		if err != nil {
			return err
		}
		if last := rules.Latest(key); last.Name != "" {
			f.Values = typedRule(last)
			f.Values.Set("from", string(models.NewDay(s.today().Year()+1, 1, 1)))
		}
	}
	return s.showDuties(w, r, me, f, http.StatusOK)
}

// typedRule is a rule as its form.
func typedRule(r models.Rule) url.Values {
	return url.Values{
		"key": {r.Key}, "number": {strconv.Itoa(r.Number)}, "cycle": {string(r.Cycle)}, "share": {string(r.Share)}, "grace": {strconv.Itoa(r.Grace)},
		"spacing": {strconv.Itoa(r.Spacing)}, "unit": {string(r.Unit)}, "stage": strings.Split(r.Stages, ","),
	}
}

func (s *site) showDuties(w http.ResponseWriter, r *http.Request, me seat, f form, status int) error {
	rules, err := me.st.Rules(r.Context())
	if err != nil {
		return err
	}
	lists, err := me.st.Lists(r.Context())
	if err != nil {
		return err
	}
	view := dutiesView{form: f, MayWrite: me.may(models.ObjectRule, models.Write)}
	for _, rule := range rules.On(s.today()) {
		row := dutyRow{Key: rule.Key, Words: rule.Words(lists, s.today()), Said: "方案原定"}
		if rule.RecordedAt != 0 {
			row.Said = s.date(rule.FromDay) + "起的一版"
		}
		if view.MayWrite {
			row.Link = dutiesPath + "?key=" + url.QueryEscape(rule.Key) + "#change"
		}
		view.Now = append(view.Now, row)
	}
	for _, rule := range rules {
		if rule.RecordedAt == 0 {
			continue // as shipped
		}
		how := "下一个周期起"
		if rule.AtOnce {
			how = "当期就算"
		}
		row := dutyRow{Key: rule.Key, Words: rule.Words(lists, s.today()), From: s.date(rule.FromDay) + "," + how, Said: s.clock(rule.RecordedAt)}
		view.Changes = append([]dutyRow{row}, view.Changes...)
	}
	if last := rules.Latest(f.Get("key")); last.Name != "" && view.MayWrite {
		view.Editing = last.Name
		for _, c := range []models.Cycle{models.CycleYear, models.CycleHalf, models.CycleMonth, models.CycleWeek} {
			view.Cycles = append(view.Cycles, option{string(c), c.Label(), f.Get("cycle") == string(c)})
		}
		for _, h := range []models.Share{models.ShareWhole, models.ShareHandover, models.ShareDays} {
			view.Shares = append(view.Shares, option{string(h), h.Label(), f.Get("share") == string(h)})
		}
		if last.Kind == models.KindHelp {
			for _, u := range []models.RuleUnit{models.UnitPerson, models.UnitHousehold, models.UnitCadre} {
				view.Units = append(view.Units, option{string(u), u.Label(), f.Get("unit") == string(u)})
			}
			for _, p := range []models.PolicyStage{models.PolicyExplained, models.PolicyApplied, models.PolicyObtained} {
				view.Stages = append(view.Stages, option{string(p), p.Label(), f.has("stage", string(p))})
			}
		}
	}
	return s.draw(w, r, me, status, "duties", view)
}

// has tells whether a box was ticked.
func (f form) has(name, value string) bool {
	for _, v := range f.Values[name] {
		if v == value {
			return true
		}
	}
	return false
}

// number reads a whole number up to most.
func (f *form) number(name string, most int) int {
	n, err := strconv.Atoi(f.Get(name))
	if err != nil || n < 0 || n > most {
		f.wrong(name, "写0到"+strconv.Itoa(most)+"的整数。")
	}
	return n
}

// setDuty adds a version of a duty, after it was read once more in words.
func (s *site) setDuty(w http.ResponseWriter, r *http.Request, me seat) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	rules, err := me.st.Rules(r.Context())
	if err != nil {
		return err
	}
	lists, err := me.st.Lists(r.Context())
	if err != nil {
		return err
	}
	rule := rules.Latest(f.Get("key"))
	if rule.Name == "" {
		f.wrong("", "先在上面选要改哪一条。")
		return s.showDuties(w, r, me, f, http.StatusUnprocessableEntity)
	}
	rule.Number, rule.Grace, rule.Spacing = f.number("number", 366), f.number("grace", 180), f.number("spacing", 180)
	rule.Cycle, rule.Share, rule.AtOnce = models.Cycle(f.Get("cycle")), models.Share(f.Get("share")), f.Get("atonce") == "yes"
	if rule.Kind == models.KindHelp {
		rule.Unit, rule.Stages = models.RuleUnit(f.Get("unit")), strings.Join(f.Values["stage"], ",")
		if rule.Stages == "" {
			f.wrong("stage", "至少勾一样。")
		}
	}
	if rule.FromDay, err = models.ParseDay(f.Get("from")); err != nil {
		f.wrong("from", "选一个日子。")
	}
	if f.OK() {
		if err := rule.Check(lists); err != nil {
			f.wrong("", err.Error())
		}
	}
	if !f.OK() {
		return s.showDuties(w, r, me, f, http.StatusUnprocessableEntity)
	}
	begins := rules.Begins(rule)
	when := s.date(begins) + "起算,正在走的周期照旧。"
	if rule.AtOnce {
		when = s.date(rule.FromDay) + "所在的周期就按新的算(" + s.date(begins) + "起),大家的进度会跟着变。"
	}
	sure, err := s.sure(w, r, me, confirm{
		Title: "改这条任务规则?", Lines: []string{"改成:" + rule.Words(lists, s.today()) + "。", when, "全市都按它算;旧的一版留着,过去的月份不变。"}, Label: "改", Back: dutiesPath + "?key=" + url.QueryEscape(rule.Key) + "#change",
	})
	if !sure || err != nil {
		return err
	}
	if err := me.st.InTx(r.Context(), func(tx *store.Store) error { return tx.AddRule(r.Context(), &rule) }); err != nil {
		return err
	}
	return s.done(w, r, dutiesPath, "改好了:"+rule.Words(lists, s.today())+","+s.date(begins)+"起算。")
}
