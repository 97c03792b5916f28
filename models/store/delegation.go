package store

import (
	"context"

	"gorm.io/gorm"

	"aixin/models"
)

// AddDelegation lets a deputy look after a pairing; one that runs already in
// those days ends the day before.
func (s *Store) AddDelegation(ctx context.Context, d *models.Delegation) error {
	if _, err := s.EndDelegations(ctx, []string{d.PairingID}, d.FromDay); err != nil {
		return err
	}
	d.ID, d.RecordedAt = s.NewID(), s.Now()
	return s.q(ctx).Create(d).Error
}

// EndDelegations ends what runs for the pairings on a day or later: they are the
// cadre's alone from that day on. It gives how many ended.
func (s *Store) EndDelegations(ctx context.Context, pairingIDs []string, on models.Day) (int, error) {
	running := func() *gorm.DB {
		return s.q(ctx).Model(&models.Delegation{}).Where("pairing_id IN ? AND voided_at = 0 AND to_day >= ?", pairingIDs, on)
	}
	ahead := running().Where("from_day >= ?", on).Update("voided_at", s.Now())
	if ahead.Error != nil {
		return 0, ahead.Error
	}
	cut := running().Update("to_day", on.Add(-1))
	return int(ahead.RowsAffected + cut.RowsAffected), cut.Error
}

// deputed are the pairings that a cadre looks after for others from one day to
// another, as a subquery.
func (s *Store) deputed(ctx context.Context, cadreID string, on models.Day) *gorm.DB {
	return s.q(ctx).Model(&models.Delegation{}).Select("pairing_id").Where("deputy_id = ? AND voided_at = 0 AND from_day <= ? AND to_day >= ?", cadreID, on, on)
}

// Deputed tells until when a cadre looks after pairings for others on a day.
func (s *Store) Deputed(ctx context.Context, cadreID string, on models.Day) (map[string]models.Day, error) {
	var rows []models.Delegation
	err := s.q(ctx).Where("deputy_id = ? AND voided_at = 0 AND from_day <= ? AND to_day >= ?", cadreID, on, on).Find(&rows).Error
	until := make(map[string]models.Day, len(rows))
	for _, d := range rows {
		until[d.PairingID] = d.ToDay
	}
	return until, err
}

// DelegationsOf lists all standing delegations of some pairings.
func (s *Store) DelegationsOf(ctx context.Context, pairingIDs []string) (rows []models.Delegation, err error) {
	err = inChunks(pairingIDs, func(part []string) error {
		var some []models.Delegation
		err := s.q(ctx).Where("pairing_id IN ? AND voided_at = 0", part).Order("from_day, id").Find(&some).Error
		rows = append(rows, some...)
		return err
	})
	return rows, err
}
