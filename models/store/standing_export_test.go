package store

import (
	"context"
	"fmt"

	"aixin/models"
)

// StandingRows lists all standings, for tests.
func (s *Store) StandingRows(ctx context.Context) (out []string, err error) {
	var rows []standing
	err = s.q(ctx).Order("recipient_id, year, cadre_id, pairing_id").Find(&rows).Error
	for _, r := range rows {
		out = append(out, fmt.Sprint(r.RecipientID, " ", r.Year, " ", r.CadreID, " ", r.PairingID, " ", r.Deeds, " ", r.LastSeen))
	}
	return out, err
}

// ActivitiesAll lists what stands on record for a pairing, for tests.
func (s *Store) ActivitiesAll(ctx context.Context, p models.Pairing, on models.Day) (out []string, err error) {
	_, acts, err := s.Explained(ctx, p, on)
	for _, a := range acts {
		out = append(out, fmt.Sprint(a.Day, " ", a.Kind, " ", a.Help, " ", a.Stage))
	}
	return out, err
}
