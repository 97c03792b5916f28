package desk

import (
	"context"
	"errors"
	"strings"
	"time"

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

// PolicyEntry is an entry of the base.
type PolicyEntry = answer.Entry

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
