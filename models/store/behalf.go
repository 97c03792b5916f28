package store

import (
	"context"

	"aixin/models"
)

// Colleagues lists the cadres of a unit who have not left, by id. Names are
// sealed, so whoever looks for one compares.
func (s *Store) Colleagues(ctx context.Context, unitID string) (rows []models.Cadre, err error) {
	err = s.cadres(s.q(ctx), "id").Where("unit_id = ? AND left_at = 0", unitID).Order("id").Find(&rows).Error
	return rows, err
}

// AddBehalf marks a record as made for a colleague.
func (s *Store) AddBehalf(ctx context.Context, row *models.Behalf) error {
	row.At = s.Now()
	return s.q(ctx).Create(row).Error
}

// Behalf finds the mark of a record.
func (s *Store) Behalf(ctx context.Context, recordID string) (row models.Behalf, err error) {
	err = s.q(ctx).First(&row, "record_id = ?", recordID).Error
	return row, notFound(err)
}

// RefuseBehalf notes that the record was not so.
func (s *Store) RefuseBehalf(ctx context.Context, recordID string) error {
	return s.q(ctx).Model(&models.Behalf{}).Where("record_id = ? AND refused_at = 0", recordID).Update("refused_at", s.Now()).Error
}

// BehalfFor lists what was recorded for a cadre by others since a moment and
// still stands, newest first.
func (s *Store) BehalfFor(ctx context.Context, cadreID string, since models.Instant) (rows []models.Behalf, err error) {
	err = s.q(ctx).Where("cadre_id = ? AND at >= ? AND refused_at = 0", cadreID, since).
		Where("record_id IN (SELECT id FROM record WHERE voided_at = 0)").
		Order("at DESC, record_id DESC").Limit(9).Find(&rows).Error
	return rows, err
}

// BehalfBy lists what somebody recorded for others since a moment, newest first.
func (s *Store) BehalfBy(ctx context.Context, authorID string, since models.Instant) (rows []models.Behalf, err error) {
	err = s.q(ctx).Where("author_id = ? AND at >= ?", authorID, since).Order("at DESC, record_id DESC").Limit(9).Find(&rows).Error
	return rows, err
}
