package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
)

const (
	policyPath = "/admin/policy"
	// gapDays is how far back the questions without an answer are looked at.
	gapDays = 90
	// longestAnswer is what a form may hold; an answer is read out in a minute.
	longestAnswer = 3000
)

type policyListView struct {
	Query, Version string
	Rows           []policyRow
	All            int
	Drafts         []policyRow
	May            bool
}

type policyRow struct{ Question, Category, Source, Place, Effective, Review, Signed, State, Link string }

// policy is the base in force, made ready once for each version.
func (s *site) policy(ctx context.Context, me seat) (desk.PolicyBase, error) {
	n, err := me.st.PolicyVersion(ctx)
	if err != nil {
		return desk.PolicyBase{}, err
	}
	if b, ok := s.policies.of(0, s.Now(), 24*time.Hour); ok && b.Version == n {
		return b, nil
	}
	b, err := desk.PolicyInForce(ctx, me.st)
	if err == nil {
		s.policies.keep(0, b, s.Now())
	}
	return b, err
}

func (s *site) policyVersion(b desk.PolicyBase) string {
	if b.Version == 0 {
		return "程序自带的,还没有收过新版"
	}
	return fmt.Sprintf("第%d版,%s起", b.Version, s.clock(b.ImportedAt))
}

// policyList shows the entries in force that have the words looked for.
func (s *site) policyList(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	b, err := s.policy(ctx, me)
	if err != nil {
		return err
	}
	found := b.Found(r.FormValue("q"))
	v := policyListView{Query: r.FormValue("q"), Version: s.policyVersion(b), All: len(b.Entries()), May: me.may(models.ObjectPolicy, models.Write)}
	var codes []string
	for _, e := range found {
		codes = append(codes, e.Region)
	}
	where, err := me.st.PlaceNames(ctx, codes)
	if err != nil {
		return err
	}
	for _, e := range found {
		row := policyRow{
			Question: e.Question, Category: e.Category, Source: e.Source, Place: "全市", Effective: s.date(models.Day(e.Effective)), Review: s.date(models.Day(e.Review)),
			Signed: strings.Join(e.Signed, "、"), State: "在用", Link: policyPath + "/" + url.PathEscape(e.ID),
		}
		if e.Region != "" {
			row.Place = where[e.Region]
		}
		switch {
		case e.StaleOn(s.today()):
			row.State = "正在核对"
		case models.Day(e.Effective) > s.today():
			row.State = "还没到日子"
		}
		v.Rows = append(v.Rows, row)
	}
	if v.May {
		drafts, err := me.st.PolicyDrafts(ctx)
		if err != nil {
			return err
		}
		for _, d := range drafts {
			e, _ := b.Entry(d.Entry)
			v.Drafts = append(v.Drafts, policyRow{Question: e.Question, Source: d.Reason, State: s.clock(d.AskedAt), Link: policyPath + "/" + url.PathEscape(d.Entry)})
		}
	}
	return s.draw(w, r, me, http.StatusOK, "policies", v)
}

// policyFile is the text of the base in force, to be kept or changed as a whole
// (aixin faq check, aixin faq import).
func (s *site) policyFile(w http.ResponseWriter, r *http.Request, me seat) error {
	b, err := s.policy(r.Context(), me)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="policy-%d.yaml"`, b.Version))
	_, err = w.Write([]byte(b.Body))
	return err
}

type policyGapsView struct {
	Days, Questions int
	Rows            []gapRow
}

type gapRow struct {
	Count int
	Words []string
	Near  []option
}

// policyGaps shows what was asked and not answered, grouped, without who asked.
func (s *site) policyGaps(w http.ResponseWriter, r *http.Request, me seat) error {
	b, err := s.policy(r.Context(), me)
	if err != nil {
		return err
	}
	gaps, n, err := desk.PolicyGaps(r.Context(), me.st, b.Base, gapDays)
	if err != nil {
		return err
	}
	v := policyGapsView{Days: gapDays, Questions: n}
	for _, g := range gaps[:min(len(gaps), pageSize)] {
		row := gapRow{Count: len(g.Questions), Words: desk.Sample(g.Questions)}
		for _, id := range g.Nearest {
			e, _ := b.Entry(id)
			row.Near = append(row.Near, option{Value: policyPath + "/" + url.PathEscape(id), Text: e.Question})
		}
		v.Rows = append(v.Rows, row)
	}
	return s.draw(w, r, me, http.StatusOK, "policygaps", v)
}

type policyView struct {
	form
	ID, Question, Category, Hotline string
	Variants                        []string
	Now                             policyWords
	Version                         int
	Stale, May                      bool
	Draft                           *policyDraftView
}

// policyWords is what a draft changes.
type policyWords struct{ Answer, Source, Effective, Review, Signed string }

type policyDraftView struct {
	policyWords
	ID, By, At, Reason string
	Own                bool
	Notes              []string // what the check finds in it
}

func (s *site) policyEntry(w http.ResponseWriter, r *http.Request, me seat) error {
	return s.drawPolicy(w, r, me, http.StatusOK, form{})
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
	v := policyView{
		form: f, ID: e.ID, Question: e.Question, Category: e.Category, Hotline: e.Hotline, Variants: e.Variants, Version: b.Version,
		Now:   policyWords{e.Answer, e.Source, s.date(models.Day(e.Effective)), s.date(models.Day(e.Review)), strings.Join(e.Signed, "、")},
		Stale: e.StaleOn(s.today()), May: me.may(models.ObjectPolicy, models.Write),
	}
	if v.Values == nil {
		v.Values = url.Values{"answer": {e.Answer}, "source": {e.Source}, "effective": {e.Effective}, "review": {e.Review}, "signed": {v.Now.Signed}}
	}
	if !v.May {
		return s.draw(w, r, me, status, "policy", v)
	}
	drafts, err := me.st.PolicyDrafts(ctx)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if d.Entry != e.ID {
			continue
		}
		by, err := me.st.Logins(ctx, []string{d.AskedBy})
		if err != nil {
			return err
		}
		_, found, err := b.Drafted(d, s.today())
		if err != nil {
			return err
		}
		v.Draft = &policyDraftView{
			policyWords: policyWords{d.Answer, d.Source, s.date(models.Day(d.Effective)), s.date(models.Day(d.Review)), d.Signed},
			ID:          d.ID, By: by[d.AskedBy], At: s.clock(d.AskedAt), Reason: d.Reason, Own: d.AskedBy == me.ID,
		}
		for _, x := range found {
			v.Draft.Notes = append(v.Draft.Notes, x.Words)
		}
	}
	return s.draw(w, r, me, status, "policy", v)
}

// proposePolicy takes a new wording that the check of the base finds no fault in.
// It is in force once another account signs it off.
func (s *site) proposePolicy(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	b, err := s.policy(ctx, me)
	if err != nil {
		return err
	}
	d := models.PolicyDraft{
		Entry: r.PathValue("id"), Answer: strings.ReplaceAll(f.Get("answer"), "\r\n", "\n"), Source: f.Get("source"), Effective: f.Get("effective"),
		Review: f.Get("review"), Signed: f.Get("signed"), Reason: f.Get("reason"),
	}
	if was, ok := b.Entry(d.Entry); ok && d.Answer == was.Answer && d.Source == was.Source && d.Effective == was.Effective && d.Review == was.Review {
		f.wrong("", "和现在的一样,没有要改的。")
	}
	for _, x := range []struct {
		name, value string
		most        int
	}{{"answer", d.Answer, longestAnswer}, {"source", d.Source, 400}, {"signed", d.Signed, 200}, {"reason", d.Reason, 200}} {
		if n := utf8.RuneCountInString(x.value); n == 0 {
			f.wrong(x.name, "要写。")
		} else if n > x.most {
			f.wrong(x.name, fmt.Sprintf("最多%d个字。", x.most))
		}
	}
	for name, day := range map[string]string{"effective": d.Effective, "review": d.Review} {
		if _, err := models.ParseDay(day); day != "" && err != nil {
			f.wrong(name, "选一个日子。")
		}
	}
	if d.Review == "" || models.Day(d.Review) <= s.today() {
		f.wrong("review", "选今天以后的日子;到了那天就答“正在核对”,不再说旧话。")
	}
	if f.OK() {
		_, found, err := b.Drafted(d, s.today())
		if err != nil {
			return err
		}
		for _, x := range found {
			if x.Fault {
				f.wrong("", x.Words)
			}
		}
	}
	if !f.OK() {
		return s.drawPolicy(w, r, me, http.StatusUnprocessableEntity, f)
	}
	err = me.st.InTx(ctx, func(tx *store.Store) error {
		if err := tx.AddPolicyDraft(ctx, &d); err != nil {
			return err
		}
		return tx.Note(ctx, "policy.propose", "policy:"+d.Entry, d.Reason)
	})
	to := policyPath + "/" + url.PathEscape(d.Entry)
	if errors.Is(err, store.ErrLost) {
		return s.done(w, r, to, "这一条已经有一稿等着签,先办那一稿。")
	}
	if err != nil {
		return err
	}
	return s.done(w, r, to, "记下了。请另一位管政策库的账号签,签了才生效。")
}

// decidePolicy signs a draft off or turns it down; one's own can only be taken back.
func (s *site) decidePolicy(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := me.st.PolicyDraft(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	b, err := s.policy(ctx, me)
	if err != nil {
		return err
	}
	to, give, version := policyPath+"/"+url.PathEscape(d.Entry), f.Get("give") == "yes", 0
	switch {
	case give && d.AskedBy == me.ID:
		return s.done(w, r, to, "自己拟的,请另一个账号签。")
	case give && f.Get("version") != fmt.Sprint(b.Version):
		return s.done(w, r, to, "政策库刚换了一版,请对着现在的再看一遍。")
	case f.Get("give") == "":
		return s.done(w, r, to, "签还是退,请点一个。")
	}
	by, err := me.st.Logins(ctx, []string{d.AskedBy, me.ID})
	if err != nil {
		return err
	}
	err = me.st.InTx(ctx, func(tx *store.Store) (err error) {
		if give {
			version, err = desk.SignPolicy(ctx, tx, d, s.today(), by[d.AskedBy]+"拟,"+by[me.ID]+"签")
			return err
		}
		if err := tx.DecidePolicyDraft(ctx, d.ID, false); err != nil {
			return err
		}
		return tx.Note(ctx, "policy.refuse", "policy:"+d.Entry, d.Reason)
	})
	switch {
	case errors.Is(err, store.ErrLost):
		return s.done(w, r, to, "这一稿已经有人办了。")
	case err != nil:
		return err
	case give:
		return s.done(w, r, to, fmt.Sprintf("签了,收作第%d版,一两分钟内生效。", version))
	}
	return s.done(w, r, to, "退了,还用原来的。")
}
