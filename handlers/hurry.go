package handlers

import (
	"context"
	"errors"
	"slices"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// askUrged and needUrged tell who has a matter that the family asked after it
// again, once a day.
const (
	askUrged  = "urged"
	needUrged = "urged"
)

// hurry asks after what a family waits for, with those who have it; done is false
// where it waits for nothing.
func (t *talk) hurry(ctx context.Context, families []family) (reply string, done bool, err error) {
	var askers []string
	for _, f := range families {
		askers = append(askers, f.asker)
	}
	needs, err := t.Tx.NeedsOf(ctx, askers, 10)
	if err != nil {
		return "", false, err
	}
	needs = slices.DeleteFunc(needs, func(n models.Need) bool { return !n.State.Running() || n.PausedAt != 0 })
	questions, err := t.Tx.QuestionsOf(ctx, askers, 10)
	if err != nil {
		return "", false, err
	}
	questions = slices.DeleteFunc(questions, func(q models.Question) bool { return q.State != models.QuestionOpen || !q.Waits() })
	if len(needs) == 0 && len(questions) == 0 {
		return "", false, nil
	}
	var with []say.Urged
	for _, n := range needs[:min(3, len(needs))] {
		if err := t.urgeNeed(ctx, n); err != nil {
			return "", true, err
		}
		office, err := officeName(ctx, t.Tx, n)
		if err != nil {
			return "", true, err
		}
		with = append(with, say.Urged{Need: true, Number: n.Number, With: office})
	}
	for _, q := range questions[:min(2, len(questions))] {
		role, people, err := whoHears(ctx, t.Tx, q, askUrged)
		if err == nil {
			err = tellOf(ctx, t.Tx, q, askUrged+string(t.today), role, people)
		}
		if err != nil {
			return "", true, err
		}
		officer, err := t.officerOf(ctx, q)
		if err != nil {
			return "", true, err
		}
		with = append(with, say.Urged{Number: q.Number, With: officer})
	}
	return say.Hurried(with), true, nil
}

// urgeNeed tells who took a need, or else all at its step.
func (t *talk) urgeNeed(ctx context.Context, n models.Need) error {
	today := models.Instant(t.today.Time().UnixMilli())
	if n.AccountID != "" {
		b, err := t.Tx.BindingOf(ctx, models.RoleAdmin, n.AccountID)
		if err == nil {
			return tellNeed(ctx, t.Tx, n, needUrged, today, models.RoleAdmin, b.OpenID)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	steps := models.NeedSteps(n.Department, n.Region)
	people, err := atStep(ctx, t.Tx, steps[min(n.Step, len(steps)-1)])
	for _, p := range people {
		err = errors.Join(err, tellNeed(ctx, t.Tx, n, needUrged, today, models.RoleAdmin, models.Conceal(p.openid)))
	}
	return err
}

// officerOf is how the family speaks of who has a question.
func (t *talk) officerOf(ctx context.Context, q models.Question) (string, error) {
	if q.CadreID == "" || q.AccountID != "" {
		return say.Office, nil
	}
	c, err := t.Tx.Cadre(ctx, q.CadreID)
	return say.Officer(c.Name.Reveal()), err
}
