package store

import (
	"context"

	"aixin/models"
)

// Paired is a pairing with the person at the other end.
type Paired struct {
	models.Pairing
	Recipient models.Recipient
	Until     models.Day // of who looks after it for another (代管): the last day
}

// Roster lists whom a cadre is paired with on a day, in the order of pairing,
// and then whom the cadre looks after for a colleague.
func (s *Store) Roster(ctx context.Context, cadreID string, on models.Day) ([]Paired, error) {
	own, err := s.OwnRoster(ctx, cadreID, on)
	if err != nil {
		return nil, err
	}
	until, err := s.Deputed(ctx, cadreID, on)
	if err != nil || len(until) == 0 {
		return own, err
	}
	var rows []models.Pairing
	err = s.people(s.q(ctx), "recipient_id").Where("id IN (?) AND from_day <= ? AND (to_day = '' OR to_day >= ?)", s.deputed(ctx, cadreID, on), on, on).
		Order("from_day, id").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	more, err := s.withPeople(ctx, rows)
	for i := range more {
		more[i].Until = until[more[i].ID]
	}
	return append(own, more...), err
}

// OwnRoster lists the cadre's own pairings alone.
func (s *Store) OwnRoster(ctx context.Context, cadreID string, on models.Day) ([]Paired, error) {
	var rows []models.Pairing
	err := s.cadres(s.q(ctx), "cadre_id").
		Where("cadre_id = ? AND from_day <= ? AND (to_day = '' OR to_day >= ?)", cadreID, on, on).
		Order("from_day, id").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	return s.withPeople(ctx, rows)
}

func (s *Store) withPeople(ctx context.Context, rows []models.Pairing) ([]Paired, error) {
	ids := make([]string, len(rows))
	for i, p := range rows {
		ids[i] = p.RecipientID
	}
	people, err := s.Recipients(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]models.Recipient, len(people))
	for _, r := range people {
		byID[r.ID] = r
	}
	out := make([]Paired, 0, len(rows))
	for _, p := range rows {
		if r, ok := byID[p.RecipientID]; ok {
			out = append(out, Paired{Pairing: p, Recipient: r})
		}
	}
	return out, nil
}

// PairingsOf lists the pairings of recipients, all dates.
func (s *Store) PairingsOf(ctx context.Context, recipientIDs []string) (rows []models.Pairing, err error) {
	err = inChunks(recipientIDs, func(part []string) error {
		var some []models.Pairing
		err := s.people(s.q(ctx), "recipient_id").Where("recipient_id IN ?", part).Order("from_day").Find(&some).Error
		rows = append(rows, some...)
		return err
	})
	return rows, err
}
