package store

import (
	"context"
	"errors"
	"slices"

	"gorm.io/gorm"

	"aixin/models"
)

// Plan finds the newest version of a person's plan with its measures; the plan
// in force, where there is a draft after it, is older[0].
func (s *Store) Plan(ctx context.Context, recipientID string) (p models.CarePlan, measures []models.PlanMeasure, older []models.CarePlan, err error) {
	var rows []models.CarePlan
	err = s.people(s.q(ctx), "recipient_id").Where("recipient_id = ?", recipientID).Order("version DESC").Limit(20).Find(&rows).Error
	if err != nil {
		return p, nil, nil, err
	}
	if len(rows) == 0 {
		return p, nil, nil, ErrNotFound
	}
	err = s.q(ctx).Where("plan_id = ?", rows[0].ID).Order("position, id").Find(&measures).Error
	return rows[0], measures, rows[1:], err
}

// OpenMeasures lists what is still to be done of the plans in force of people.
func (s *Store) OpenMeasures(ctx context.Context, recipientIDs []string) (rows []models.PlanMeasure, err error) {
	err = inChunks(recipientIDs, func(part []string) error {
		var some []models.PlanMeasure
		err := s.people(s.q(ctx), "recipient_id").
			Where("recipient_id IN ? AND done_on = '' AND plan_id IN (SELECT id FROM care_plan WHERE state = ?)", part, models.PlanApproved).
			Order("due_on, position").Find(&some).Error
		rows = append(rows, some...)
		return err
	})
	return rows, err
}

// SavePlan writes a draft with its measures: over the draft that there is, or as
// the next version. It runs in a transaction.
func (s *Store) SavePlan(ctx context.Context, p *models.CarePlan, measures []models.PlanMeasure) error {
	last, _, _, err := s.Plan(ctx, p.RecipientID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	p.ID, p.Version, p.State = s.NewID(), last.Version+1, models.PlanDraft
	p.DraftedBy, p.DraftedAt, p.ApprovedBy, p.ApprovedAt = s.actor.String(), s.Now(), "", 0
	if last.State == models.PlanDraft {
		p.ID, p.Version = last.ID, last.Version
		if err := s.q(ctx).Delete(&models.PlanMeasure{}, "plan_id = ?", p.ID).Error; err != nil {
			return err
		}
	}
	if err := s.q(ctx).Save(p).Error; err != nil || len(measures) == 0 {
		return err
	}
	for i := range measures {
		m := &measures[i]
		m.ID, m.PlanID, m.RecipientID, m.Position = s.NewID(), p.ID, p.RecipientID, i
	}
	return s.Create(ctx, &measures)
}

// ApprovePlan puts a draft in force in place of the version before.
func (s *Store) ApprovePlan(ctx context.Context, p models.CarePlan, review models.Day) error {
	res := s.q(ctx).Model(&models.CarePlan{}).Where("id = ? AND state = ?", p.ID, models.PlanDraft).
		Updates(map[string]any{"state": models.PlanApproved, "approved_by": s.actor.String(), "approved_at": s.Now(), "review_on": review})
	if res.Error != nil || res.RowsAffected == 0 {
		return errors.Join(res.Error, lostIf(res.RowsAffected == 0))
	}
	return s.q(ctx).Model(&models.CarePlan{}).Where("recipient_id = ? AND id <> ? AND state = ?", p.RecipientID, p.ID, models.PlanApproved).
		Update("state", models.PlanReplaced).Error
}

func lostIf(lost bool) error {
	if lost {
		return ErrLost
	}
	return nil
}

// TickMeasure notes that a measure was done, with the visit that did it where
// there is one; with no day it is open again.
func (s *Store) TickMeasure(ctx context.Context, id string, on models.Day, activity string) error {
	res := s.people(s.q(ctx).Model(&models.PlanMeasure{}), "recipient_id").Where("id = ?", id).
		Updates(map[string]any{"done_on": on, "activity_id": activity})
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrNotFound
	}
	return res.Error
}

// reopenMeasures opens again what withdrawn activities had ticked.
func (s *Store) reopenMeasures(ctx context.Context, gone []models.Activity) error {
	var ids, people []string
	for _, a := range gone {
		ids, people = append(ids, a.ID), append(people, a.RecipientID)
	}
	if len(ids) == 0 {
		return nil
	}
	return s.q(ctx).Model(&models.PlanMeasure{}).Where("recipient_id IN ? AND activity_id IN ?", people, ids).
		Updates(map[string]any{"done_on": "", "activity_id": ""}).Error
}

// followTicks lets the ticks of corrected activities go with the rows that came in
// their place; where one is now about somebody else, the measure is open again.
func (s *Store) followTicks(ctx context.Context, old []string, now []models.Activity) error {
	var rows []models.PlanMeasure
	err := s.q(ctx).Select("id", "recipient_id", "activity_id").
		Where("activity_id IN ? AND recipient_id IN (SELECT recipient_id FROM activity WHERE id IN ?)", old, old).Find(&rows).Error
	if err != nil {
		return err
	}
	for _, m := range rows {
		set := map[string]any{"done_on": "", "activity_id": ""}
		if i := slices.Index(old, m.ActivityID); i < len(now) && now[i].RecipientID == m.RecipientID {
			set = map[string]any{"done_on": now[i].Day, "activity_id": now[i].ID}
		}
		if err := s.q(ctx).Model(&models.PlanMeasure{}).Where("id = ?", m.ID).Updates(set).Error; err != nil {
			return err
		}
	}
	return nil
}

// TickedBy lists the measures that a record's activities have ticked.
func (s *Store) TickedBy(ctx context.Context, recordID string) (rows []models.PlanMeasure, err error) {
	of := func(column string) *gorm.DB {
		return s.q(ctx).Model(&models.Activity{}).Select(column).Where("record_id = ?", recordID)
	}
	return rows, s.q(ctx).Where("recipient_id IN (?) AND activity_id IN (?)", of("recipient_id"), of("id")).Order("position, id").Find(&rows).Error
}

// PlanLine is a plan in a list.
type PlanLine struct {
	models.CarePlan
	Recipient  models.Recipient
	Open, Done int
}

// PlanPage lists the newest versions of the plans that the actor may see: drafts
// first, then what is to be looked at again, by its day.
func (s *Store) PlanPage(ctx context.Context, state models.PlanState, after string, limit int) (lines []PlanLine, err error) {
	q := s.people(s.q(ctx).Model(&models.CarePlan{}), "recipient_id")
	if state != "" {
		q = q.Where("state = ?", state)
	} else {
		q = q.Where("state <> ?", models.PlanReplaced)
	}
	if after != "" {
		q = q.Where("id > ?", after)
	}
	var rows []models.CarePlan
	if err := q.Order("id").Limit(limit).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, err
	}
	var ids, people []string
	for _, p := range rows {
		ids, people = append(ids, p.ID), append(people, p.RecipientID)
	}
	var counts []struct {
		PlanID     string
		Open, Done int
	}
	err = s.q(ctx).Model(&models.PlanMeasure{}).
		Select("plan_id, SUM(CASE WHEN done_on = '' THEN 1 ELSE 0 END) AS open, SUM(CASE WHEN done_on = '' THEN 0 ELSE 1 END) AS done").
		Where("plan_id IN ?", ids).Group("plan_id").Scan(&counts).Error
	if err != nil {
		return nil, err
	}
	found, err := s.Recipients(ctx, people)
	if err != nil {
		return nil, err
	}
	for _, p := range rows {
		l := PlanLine{CarePlan: p}
		for _, r := range found {
			if r.ID == p.RecipientID {
				l.Recipient = r
			}
		}
		for _, c := range counts {
			if c.PlanID == p.ID {
				l.Open, l.Done = c.Open, c.Done
			}
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// PlansDue counts the plans in force that are to be looked at again by a day.
func (s *Store) PlansDue(ctx context.Context, by models.Day) (n int64, err error) {
	return n, s.people(s.q(ctx).Model(&models.CarePlan{}), "recipient_id").Where("state = ? AND review_on <= ?", models.PlanApproved, by).Count(&n).Error
}
