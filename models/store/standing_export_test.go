package store

import (
	"context"
	"errors"
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

// SpoilStandings makes the standings of some people wrong: gone, made up, told otherwise.
func (s *Store) SpoilStandings(ctx context.Context, people []string) error {
	return errors.Join(
		s.q(ctx).Exec("DELETE FROM standing WHERE recipient_id = ?", people[0]).Error,
		s.q(ctx).Exec("UPDATE standing SET deeds = '0101V' WHERE recipient_id = ?", people[1]).Error,
		s.q(ctx).Exec("UPDATE standing SET last_seen = '' WHERE recipient_id = ?", people[2]).Error,
		s.q(ctx).Create(&standing{RecipientID: people[3], Year: 2026, CadreID: "nobody", Deeds: "0101V"}).Error,
	)
}

// ActivitiesAll lists what stands on record for a pairing, for tests.
func (s *Store) ActivitiesAll(ctx context.Context, p models.Pairing, on models.Day) (out []string, err error) {
	_, acts, err := s.Explained(ctx, p, on)
	for _, a := range acts {
		out = append(out, fmt.Sprint(a.Day, " ", a.Kind, " ", a.Help, " ", a.Stage))
	}
	return out, err
}
