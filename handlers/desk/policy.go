package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"aixin/handlers/answer"
	"aixin/models"
	"aixin/models/store"
)

// PolicyBase is the policy base in force with its text; version 0 is the shipped
// one.
type PolicyBase struct {
	*answer.Base
	models.Policy
}

// PolicyInForce reads the newest version, else the shipped one.
func PolicyInForce(ctx context.Context, st *store.Store) (PolicyBase, error) {
	p, err := st.Policy(ctx, 0)
	if errors.Is(err, store.ErrNotFound) {
		return PolicyBase{answer.Default(), models.Policy{Body: string(answer.Shipped())}}, nil
	}
	if err != nil {
		return PolicyBase{}, err
	}
	b, err := answer.Load([]byte(p.Body))
	return PolicyBase{b, p}, err
}

// Found lists the entries that have every word of a search.
func (b PolicyBase) Found(words string) (found []answer.Entry) {
	for _, e := range b.Entries() {
		text := strings.Join(append([]string{e.ID, e.Category, e.Question, e.Answer, e.Source}, e.Variants...), "\n")
		has := true
		for _, w := range strings.Fields(words) {
			has = has && strings.Contains(text, w)
		}
		if has {
			found = append(found, e)
		}
	}
	return found
}

// Drafted is an entry as a draft wants it, and what the check of the whole base
// (aixin faq check) finds in it.
func (b PolicyBase) Drafted(d models.PolicyDraft, today models.Day) (e answer.Entry, found []answer.Finding, err error) {
	e, ok := b.Entry(d.Entry)
	if !ok {
		return e, nil, store.ErrNotFound
	}
	e.Answer, e.Source, e.Effective, e.Review = d.Answer, d.Source, d.Effective, d.Review
	e.Signed = strings.FieldsFunc(d.Signed, func(r rune) bool { return strings.ContainsRune("\u3001,\uff0c;\uff1b", r) })
	text, err := yaml.Marshal([]answer.Entry{e})
	if err != nil {
		return e, nil, err
	}
	one, err := answer.Load(text)
	if err != nil {
		return e, []answer.Finding{{Entry: e.ID, Fault: true, Words: "这一稿收不进政策库:" + err.Error()}}, nil
	}
	return e, one.Check(today), nil
}

// SignPolicy makes a draft a new version of the base, in force for every process
// within a minute. store.ErrLost: it is decided already, or by its own proposer.
func SignPolicy(ctx context.Context, tx *store.Store, d models.PolicyDraft, today models.Day, who string) (version int, err error) {
	if err := tx.DecidePolicyDraft(ctx, d.ID, true); err != nil {
		return 0, err
	}
	base, err := PolicyInForce(ctx, tx)
	if err != nil {
		return 0, err
	}
	e, _, err := base.Drafted(d, today)
	if err != nil {
		return 0, err
	}
	body, err := answer.Revise([]byte(base.Body), e)
	if err != nil {
		return 0, err
	}
	if _, err := answer.Load(body); err != nil {
		return 0, err
	}
	p, _, err := tx.AddPolicy(ctx, body, fmt.Sprintf("%s:%s(%s)", d.Entry, d.Reason, who))
	if err != nil {
		return 0, err
	}
	return p.Version, tx.NoteChange(ctx, "policy", fmt.Sprintf("policy:%d", p.Version), d.Entry, base.Hash, p.Hash)
}

// PolicyGaps groups what was not answered in some days, the largest group first,
// and counts the questions.
func PolicyGaps(ctx context.Context, st *store.Store, base *answer.Base, days int) (gaps []answer.Gap, questions int, err error) {
	rows, err := st.UnansweredSince(ctx, st.Now().Add(-time.Duration(days)*24*time.Hour))
	if err != nil {
		return nil, 0, err
	}
	var words []string
	for _, r := range rows {
		words = append(words, r.Words.Reveal())
	}
	return base.Gaps(words), len(rows), nil
}

// Sample shows up to three different ones.
func Sample(all []string) (some []string) {
	seen := map[string]bool{}
	for _, q := range all {
		if !seen[q] && len(some) < 3 {
			seen[q] = true
			some = append(some, q)
		}
	}
	return some
}
