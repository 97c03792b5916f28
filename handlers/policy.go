package handlers

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"aixin/handlers/answer"
	"aixin/models"
	"aixin/models/store"
)

// Shelf holds the policy base in force: the newest version that was taken in,
// else the shipped one. Every process looks for a newer one from time to time.
type Shelf struct {
	base    atomic.Pointer[answer.Base]
	version int
}

// Base is the base in force.
func (s *Shelf) Base() *answer.Base {
	if s != nil {
		if b := s.base.Load(); b != nil {
			return b
		}
	}
	return answer.Default()
}

// Refresh reads a newer version where there is one; one goroutine calls it. A
// version that cannot be read leaves the one before in force.
func (s *Shelf) Refresh(ctx context.Context, st *store.Store) error {
	n, err := st.PolicyVersion(ctx)
	if err != nil || n == s.version {
		return err
	}
	p, err := st.Policy(ctx, n)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s.version = n
	b, err := answer.Load([]byte(p.Body))
	if err == nil {
		s.base.Store(b)
	}
	return err
}

var (
	officerName = regexp.MustCompile(`\p{Han}(干部|书记|主任|老师|医生|同志)`)
	manyDigits  = regexp.MustCompile(`\d{3,}`)
)

// unanswered keeps a question that the base does not answer, for its editors: no
// name of the family or of a cadre, no number, not who asked.
func (t *talk) unanswered(ctx context.Context, text string, families []family) error {
	var names []string
	region := models.CityCode
	for _, f := range families {
		names = append(append(names, f.name()), f.recipient.AliasList()...)
		region = f.recipient.Region
	}
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) })
	for _, n := range names {
		if n != "" {
			text = strings.ReplaceAll(text, n, "他")
		}
	}
	text = manyDigits.ReplaceAllString(officerName.ReplaceAllString(text, "$1"), "…")
	return t.Tx.AddUnanswered(ctx, text, region)
}
