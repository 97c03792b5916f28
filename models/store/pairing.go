package store

import (
	"context"

	"aixin/models"
)

// Paired is a pairing with the person at the other end.
type Paired struct {
	models.Pairing
	Recipient models.Recipient
}

// Roster lists whom a cadre is paired with on a day, in the order of pairing.
func (s *Store) Roster(ctx context.Context, cadreID string, on models.Day) ([]Paired, error) {
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
			out = append(out, Paired{p, r})
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
