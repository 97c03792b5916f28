package store

import (
	"context"

	"gorm.io/gorm"

	"aixin/models"
)

// KeepFindings keeps what the visits of a record found of each item; said again,
// the later word holds. It gives the people who were visited.
func (s *Store) KeepFindings(ctx context.Context, record string, fine map[string]bool) (people []string, err error) {
	acts, err := s.ActivitiesOf(ctx, record)
	if err != nil {
		return nil, err
	}
	var visits []string
	var rows []models.Finding
	for _, a := range acts {
		if a.Kind != models.KindVisit {
			continue
		}
		visits, people = append(visits, a.ID), append(people, a.RecipientID)
		for code, ok := range fine {
			rows = append(rows, models.Finding{ActivityID: a.ID, Code: code, Day: a.Day, Fine: ok, RecordedAt: s.Now()})
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	err = s.q(ctx).Model(&models.Finding{}).Where("activity_id IN ? AND voided_at = 0", visits).Update("voided_at", s.Now()).Error
	if err != nil {
		return nil, err
	}
	return people, s.q(ctx).Create(&rows).Error
}

// carryFindings gives the visits that stand in the place of others what those
// had found: of the same person, or else of the row whose place it takes.
func (s *Store) carryFindings(ctx context.Context, old []string, now []models.Activity) error {
	found, err := s.findings(ctx, old, 0)
	if err != nil || len(found) == 0 {
		return err
	}
	var was []models.Activity
	if err := s.q(ctx).Select("id", "recipient_id").Where("id IN ?", old).Find(&was).Error; err != nil {
		return err
	}
	var rows []models.Finding
	for i, a := range now {
		if a.Kind != models.KindVisit {
			continue
		}
		from := ""
		if i < len(old) {
			from = old[i]
		}
		for _, w := range was {
			if w.RecipientID == a.RecipientID && len(found[w.ID]) > 0 {
				from = w.ID
			}
		}
		for _, f := range found[from] {
			rows = append(rows, models.Finding{ActivityID: a.ID, Code: f.Code, Day: a.Day, Fine: f.Fine, RecordedAt: s.Now()})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return s.q(ctx).Create(&rows).Error
}

// findings are what activities found, as known at a moment; 0 is now.
func (s *Store) findings(ctx context.Context, activities []string, at models.Instant) (map[string][]models.Finding, error) {
	out := map[string][]models.Finding{}
	err := inChunks(activities, func(part []string) error {
		var rows []models.Finding
		err := foundBy(s.q(ctx), at).Where("activity_id IN ?", part).Order("activity_id, code").Find(&rows).Error
		byActivity(out, rows)
		return err
	})
	return out, err
}

func byActivity(into map[string][]models.Finding, rows []models.Finding) {
	for _, f := range rows {
		into[f.ActivityID] = append(into[f.ActivityID], f)
	}
}

func foundBy(q *gorm.DB, at models.Instant) *gorm.DB {
	if at == 0 {
		return q.Where("finding.voided_at = 0")
	}
	return q.Where("finding.recorded_at <= ? AND (finding.voided_at = 0 OR finding.voided_at > ?)", at, at)
}

// reportFindings are what the visits of a report's period found.
func (s *Store) reportFindings(ctx context.Context, ask models.ReportAsk) (map[string][]models.Finding, error) {
	var rows []models.Finding
	err := foundBy(s.q(ctx), ask.AsOf()).Where("day BETWEEN ? AND ?", ask.Period.From(), ask.Period.To()).Find(&rows).Error
	out := map[string][]models.Finding{}
	byActivity(out, rows)
	return out, err
}

// LastFindings are the day and what was found on the last visit to a person on
// which the checklist was answered.
func (s *Store) LastFindings(ctx context.Context, recipient string) (day models.Day, found []models.Finding, err error) {
	var last models.Activity
	err = s.people(s.q(ctx), "recipient_id").Where("recipient_id = ? AND voided_at = 0 AND EXISTS (SELECT 1 FROM finding f WHERE f.activity_id = activity.id AND f.voided_at = 0)", recipient).
		Order("day DESC, id DESC").Limit(1).Find(&last).Error
	if err != nil || last.ID == "" {
		return "", nil, err
	}
	all, err := s.findings(ctx, []string{last.ID}, 0)
	return last.Day, all[last.ID], err
}
