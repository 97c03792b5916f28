package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"aixin/handlers/desk"
	"aixin/models"
)

const (
	policyPath = "/admin/policy"
	// gapDays is how far back the questions without an answer are looked at.
	gapDays = 90
)

type policyListView struct {
	Query, Version string
	Rows           []policyRow
	All, Due       int
	OnlyDue        bool
	Drafts         []policyRow
	May            bool
}

// reviewAhead is how long before its day an entry is on the list of those to be
// reviewed.
const reviewAhead = 30

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
	v := policyListView{
		Query: r.FormValue("q"), Version: s.policyVersion(b), All: len(b.Entries()), Due: len(s.due(b.Entries())),
		OnlyDue: r.FormValue("due") != "", May: me.may(models.ObjectPolicy, models.Write),
	}
	if v.OnlyDue {
		found = s.due(found)
	}
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
			e, known := b.Entry(d.Entry)
			row := policyRow{Question: e.Question, Category: d.Act.Label(), Source: d.Reason, State: s.clock(d.AskedAt), Link: policyPath + "/drafts/" + d.ID}
			switch {
			case d.Act == models.PolicyWhole:
				row.Question = "整库"
			case !known:
				row.Question, row.Category = "新的一条", "加一条"
			}
			v.Drafts = append(v.Drafts, row)
		}
	}
	return s.draw(w, r, me, http.StatusOK, "policies", v)
}

// due are the entries whose day of review is near, past or not said, the earliest
// first.
func (s *site) due(entries []desk.PolicyEntry) (due []desk.PolicyEntry) {
	for _, e := range entries {
		if models.Day(e.Review) <= s.today().Add(reviewAhead) {
			due = append(due, e)
		}
	}
	slices.SortStableFunc(due, func(a, b desk.PolicyEntry) int { return strings.Compare(a.Review, b.Review) })
	return due
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
