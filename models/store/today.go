package store

import (
	"context"

	"aixin/models"
)

// DeskCounts is what waits on an office's desks.
type DeskCounts struct {
	LateNeeds, LateQuestions, Complaints, Dangers, PlansDue, Changes int64
}

// DeskCounts counts what waits for the actor, each by its own scope.
func (s *Store) DeskCounts(ctx context.Context, today models.Day) (c DeskCounts, err error) {
	now := s.Now()
	for _, n := range []func() error{
		func() error {
			return s.needs(s.q(ctx).Model(&models.Need{})).Where("state IN ? AND paused_at = 0 AND (step > 0 OR due_at > 0 AND due_at < ?)",
				[]models.NeedState{models.NeedChecking, models.NeedPassed, models.NeedTaken}, now).Count(&c.LateNeeds).Error
		},
		func() error {
			return s.questions(s.q(ctx).Model(&models.Question{})).Where("state = ? AND next_at > 0 AND next_at <= ?", models.QuestionOpen, now).Count(&c.LateQuestions).Error
		},
		func() error {
			return s.questions(s.q(ctx).Model(&models.Question{})).Where("state = ?", models.QuestionComplaint).Count(&c.Complaints).Error
		},
		func() error {
			return s.dangers(s.q(ctx).Model(&models.Danger{})).Where("state <> ?", models.DangerClosed).Count(&c.Dangers).Error
		},
		func() (err error) { c.PlansDue, err = s.PlansDue(ctx, today); return err },
		func() (err error) { c.Changes, err = s.CountAdjustments(ctx); return err },
	} {
		if err := n(); err != nil {
			return c, err
		}
	}
	return c, nil
}

// PeopleNamed finds people for a list by their ids, with their places; whom the actor
// may not see is left out.
func (s *Store) PeopleNamed(ctx context.Context, ids []string) (map[string]PersonLine, error) {
	rows, err := s.Recipients(ctx, ids)
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, r := range rows {
		codes = append(codes, township(r.Region))
	}
	places, err := s.PlaceNames(ctx, codes)
	out := make(map[string]PersonLine, len(rows))
	for _, r := range rows {
		out[r.ID] = PersonLine{r, places[township(r.Region)]}
	}
	return out, err
}

// CadreNames names cadres, those of elsewhere too, as lists do.
func (s *Store) CadreNames(ctx context.Context, ids []string) (map[string]Named, error) {
	return s.names(ctx, ids)
}
