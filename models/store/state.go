package store

import (
	"context"

	"aixin/models"
)

// AddState enters a state from a day on; another that holds then ends the day
// before.
func (s *Store) AddState(ctx context.Context, row *models.RecipientState) error {
	err := s.q(ctx).Model(&models.RecipientState{}).
		Where("recipient_id = ? AND voided_at = 0 AND to_day = ''", row.RecipientID).Update("to_day", row.FromDay.Add(-1)).Error
	if err != nil {
		return err
	}
	row.ID, row.RecordedAt = s.NewID(), s.Now()
	return s.q(ctx).Create(row).Error
}

// EndState lets a state hold up to a day; with no day it goes on.
func (s *Store) EndState(ctx context.Context, id string, last models.Day) error {
	return s.q(ctx).Model(&models.RecipientState{}).Where("id = ?", id).Update("to_day", last).Error
}

// VoidState takes back what was heard wrongly.
func (s *Store) VoidState(ctx context.Context, id string) error {
	res := s.q(ctx).Model(&models.RecipientState{}).Where("id = ? AND voided_at = 0", id).Update("voided_at", s.Now())
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}

// State finds one, voided or not.
func (s *Store) State(ctx context.Context, id string) (row models.RecipientState, err error) {
	err = s.people(s.q(ctx), "recipient_id").First(&row, "id = ?", id).Error
	return row, notFound(err)
}

// StatesOn tells which of some people are in a state on a day.
func (s *Store) StatesOn(ctx context.Context, recipientIDs []string, day models.Day) (map[string]models.RecipientState, error) {
	out := map[string]models.RecipientState{}
	err := inChunks(recipientIDs, func(part []string) error {
		var rows []models.RecipientState
		err := s.people(s.q(ctx), "recipient_id").
			Where("recipient_id IN ? AND voided_at = 0 AND from_day <= ? AND (to_day = '' OR to_day >= ?)", part, day, day).
			Order("from_day, id").Find(&rows).Error
		for _, r := range rows {
			out[r.RecipientID] = r
		}
		return err
	})
	return out, err
}

// StatesTold lists the standing states of a kind that the actor may see, newest
// first, told since a moment; of one cadre only where one is named.
func (s *Store) StatesTold(ctx context.Context, state models.State, cadreID string, since models.Instant) (rows []models.RecipientState, err error) {
	q := s.people(s.q(ctx), "recipient_id").Where("state = ? AND voided_at = 0 AND recorded_at >= ?", state, since)
	if cadreID != "" {
		q = q.Where("cadre_id = ?", cadreID)
	}
	return rows, q.Order("recorded_at DESC, id DESC").Limit(20).Find(&rows).Error
}

// StatesOf lists all standing states of some people.
func (s *Store) StatesOf(ctx context.Context, recipientIDs []string) (rows []models.RecipientState, err error) {
	err = inChunks(recipientIDs, func(part []string) error {
		var some []models.RecipientState
		err := s.people(s.q(ctx), "recipient_id").Where("recipient_id IN ? AND voided_at = 0", part).Order("from_day, id").Find(&some).Error
		rows = append(rows, some...)
		return err
	})
	return rows, err
}
