package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
)

// longestAnswer is what a form may hold; an answer is read out in a minute.
const longestAnswer = 3000

type policyView struct {
	form
	ID, Question, Category, Hotline, Place string
	Variants                               []string
	Now                                    policyWords
	Stale, May, New                        bool
	Others                                 string // whose entry it is, where not the visitor's
	Regions                                []option
	Draft                                  *policyDraftView
}

type policyWords struct{ Answer, Source, Effective, Review, Signed string }

func (s *site) policyEntry(w http.ResponseWriter, r *http.Request, me seat) error {
	return s.drawPolicy(w, r, me, http.StatusOK, form{})
}

// newPolicy is the form for an entry that there is not yet.
func (s *site) newPolicy(w http.ResponseWriter, r *http.Request, me seat) error {
	return s.drawNewPolicy(w, r, me, http.StatusOK, form{Values: url.Values{"hotline": {"12345"}}})
}

func (s *site) drawNewPolicy(w http.ResponseWriter, r *http.Request, me seat, status int, f form) error {
	v := policyView{form: f, New: true, May: true, Question: "加一条"}
	var err error
	if v.Regions, err = s.policyRegions(r, me, f.Get("region")); err != nil {
		return err
	}
	return s.draw(w, r, me, status, "policy", v)
}

// policyRegions are the places that the visitor keeps entries for.
func (s *site) policyRegions(r *http.Request, me seat, chosen string) (all []option, err error) {
	rows, err := me.st.Townships(r.Context(), me.Region)
	for _, p := range rows {
		o := option{p.Code, p.Path, p.Code == chosen}
		if p.Code == models.CityCode {
			o = option{"", "全市", chosen == ""}
		}
		all = append(all, o)
	}
	return all, err
}

// typedPolicy is an entry as its form.
func typedPolicy(e desk.PolicyEntry) url.Values {
	return url.Values{
		"question": {e.Question}, "category": {e.Category}, "variants": {strings.Join(e.Variants, "\n")}, "answer": {e.Answer}, "source": {e.Source},
		"hotline": {e.Hotline}, "region": {e.Region}, "effective": {e.Effective}, "review": {e.Review}, "signed": {strings.Join(e.Signed, "、")},
	}
}

// drawPolicy shows an entry, with the draft that waits for it or the form for one.
func (s *site) drawPolicy(w http.ResponseWriter, r *http.Request, me seat, status int, f form) error {
	ctx := r.Context()
	b, err := s.policy(ctx, me)
	if err != nil {
		return err
	}
	e, ok := b.Entry(r.PathValue("id"))
	if !ok {
		return store.ErrNotFound
	}
	where, err := me.st.PlaceNames(ctx, []string{desk.PolicyPlace(e)})
	if err != nil {
		return err
	}
	v := policyView{
		form: f, ID: e.ID, Question: e.Question, Category: e.Category, Hotline: e.Hotline, Variants: e.Variants, Place: where[e.Region],
		Now:   policyWords{e.Answer, e.Source, s.date(models.Day(e.Effective)), s.date(models.Day(e.Review)), strings.Join(e.Signed, "、")},
		Stale: e.StaleOn(s.today()), May: me.may(models.ObjectPolicy, models.Write),
	}
	if v.Values == nil {
		v.Values = typedPolicy(e)
	}
	if !v.May {
		return s.draw(w, r, me, status, "policy", v)
	}
	if !models.Holds(me.Region, desk.PolicyPlace(e)) {
		v.Others = "市里"
		if e.Region != "" {
			v.Others = where[e.Region]
		}
	}
	drafts, err := me.st.PolicyDrafts(ctx)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if d.Entry == e.ID {
			v.Draft, err = s.policyDraftView(ctx, me, b, d)
		}
	}
	if err == nil {
		v.Regions, err = s.policyRegions(r, me, v.Get("region"))
	}
	if err != nil {
		return err
	}
	return s.draw(w, r, me, status, "policy", v)
}

// policyForm is what was typed, and the base that it is about.
func (s *site) policyForm(r *http.Request, me seat) (f form, b desk.PolicyBase, err error) {
	if f, err = readForm(r); err == nil {
		b, err = s.policy(r.Context(), me)
	}
	return f, b, err
}

// proposePolicy takes new words of an entry, or that it shall go, where the check of
// the base finds no fault in it. It is in force once another account signs it off.
func (s *site) proposePolicy(w http.ResponseWriter, r *http.Request, me seat) error {
	f, b, err := s.policyForm(r, me)
	if err != nil {
		return err
	}
	e, ok := b.Entry(r.PathValue("id"))
	if !ok {
		return store.ErrNotFound
	}
	again := func(f form) error { return s.drawPolicy(w, r, me, http.StatusUnprocessableEntity, f) }
	if !models.Holds(me.Region, desk.PolicyPlace(e)) {
		f.wrong("", "这一条不归您这里改,请市里或者那个县的编辑改。")
		return again(f)
	}
	if f.Get("do") != "remove" {
		for name, was := range typedPolicy(e) {
			if !f.Values.Has(name) {
				f.Values[name] = was
			}
		}
		return s.proposeWords(w, r, me, b, f, e.ID, again)
	}
	d := models.PolicyDraft{Act: models.PolicyRemove, Entry: e.ID, Reason: f.Get("why")}
	for name, was := range typedPolicy(e) {
		f.Values[name] = was
	}
	f.limits("why", 200)
	return s.proposed(w, r, me, b, d, f, again)
}

// addPolicy takes an entry that there is not yet.
func (s *site) addPolicy(w http.ResponseWriter, r *http.Request, me seat) error {
	f, b, err := s.policyForm(r, me)
	if err != nil {
		return err
	}
	id := strings.ToLower(models.NewID(s.Now()))
	return s.proposeWords(w, r, me, b, f, id[len(id)-12:], func(f form) error {
		return s.drawNewPolicy(w, r, me, http.StatusUnprocessableEntity, f)
	})
}

// limits notes a field that is empty or too long.
func (f *form) limits(name string, most int) {
	if n := utf8.RuneCountInString(f.Get(name)); n == 0 {
		f.wrong(name, "要写。")
	} else if n > most {
		f.wrong(name, fmt.Sprintf("最多%d个字。", most))
	}
}

// proposeWords reads the words of one entry from its form.
func (s *site) proposeWords(w http.ResponseWriter, r *http.Request, me seat, b desk.PolicyBase, f form, id string, again func(form) error) error {
	e := desk.PolicyEntry{
		ID: id, Question: f.Get("question"), Category: f.Get("category"), Answer: strings.ReplaceAll(f.Get("answer"), "\r\n", "\n"), Source: f.Get("source"),
		Hotline: f.Get("hotline"), Region: f.Get("region"), Effective: f.Get("effective"), Review: f.Get("review"), Signed: desk.PolicySigners(f.Get("signed")),
	}
	for line := range strings.Lines(f.Get("variants")) {
		if line = strings.TrimSpace(line); line != "" {
			e.Variants = append(e.Variants, line)
		}
	}
	for name, most := range map[string]int{"question": 60, "category": 20, "answer": longestAnswer, "source": 400, "hotline": 40, "signed": 200, "reason": 200} {
		f.limits(name, most)
	}
	if utf8.RuneCountInString(f.Get("variants")) > 2000 {
		f.wrong("variants", "最多2000个字。")
	}
	for name, day := range map[string]string{"effective": e.Effective, "review": e.Review} {
		if _, err := models.ParseDay(day); day != "" && err != nil {
			f.wrong(name, "选一个日子。")
		}
	}
	if e.Review == "" || models.Day(e.Review) <= s.today() {
		f.wrong("review", "选今天以后的日子;到了那天就答“正在核对”,不再说旧话。")
	}
	if !models.Holds(me.Region, desk.PolicyPlace(e)) {
		f.wrong("region", "选您这里管的地方;全市都用的由市里改。")
	}
	d, err := desk.PolicyDraftOf(e, f.Get("reason"))
	if err != nil {
		return err
	}
	return s.proposed(w, r, me, b, d, f, again)
}

// proposed keeps a draft of one entry for another account to sign off.
func (s *site) proposed(w http.ResponseWriter, r *http.Request, me seat, b desk.PolicyBase, d models.PolicyDraft, f form, again func(form) error) error {
	ctx := r.Context()
	if f.OK() {
		p, err := b.Proposal(d, s.today())
		if err != nil {
			return err
		}
		if len(p.Changes) == 0 {
			f.wrong("", "和现在的一样,没有要改的。")
		}
		if !p.Within(me.Region) {
			f.wrong("", "这一条不归您这里改,请市里或者那个县的编辑改。")
		}
		for _, x := range p.Found {
			if x.Fault {
				f.wrong("", x.Words+"。")
			}
		}
	}
	if !f.OK() {
		return again(f)
	}
	err := me.st.InTx(ctx, func(tx *store.Store) error {
		if err := tx.AddPolicyDraft(ctx, &d); err != nil {
			return err
		}
		return tx.Note(ctx, "policy.propose", "policy:"+d.Entry, d.Reason)
	})
	if errors.Is(err, store.ErrLost) {
		return s.done(w, r, policyPath+"/"+url.PathEscape(d.Entry), "这一条已经有一稿等着签,先办那一稿。")
	}
	if err != nil {
		return err
	}
	return s.done(w, r, policyPath+"/drafts/"+d.ID, "记下了。请另一位管政策库的账号签,签了才生效。")
}
