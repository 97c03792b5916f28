package store

import (
	"context"

	"aixin/models"
)

// PhotosOf lists a cadre's pictures in a record that came since a moment.
func (s *Store) PhotosOf(ctx context.Context, cadreID, recordID string, since models.Instant) (rows []models.Photo, err error) {
	err = s.cadres(s.q(ctx), "cadre_id").
		Where("cadre_id = ? AND record_id = ? AND kind = 'image' AND received_at >= ? AND state <> ?", cadreID, recordID, since, models.PhotoDropped).
		Order("received_at, id").Find(&rows).Error
	return rows, err
}

// RecordingsOf lists the recordings that belong to something.
func (s *Store) RecordingsOf(ctx context.Context, recordID string) (ids []string, err error) {
	err = s.q(ctx).Model(&models.Photo{}).Where("record_id = ? AND kind = 'voice' AND state <> ?", recordID, models.PhotoDropped).Order("received_at, id").Pluck("id", &ids).Error
	return ids, err
}

// DropPhotos notes that the sender does not want pictures kept.
func (s *Store) DropPhotos(ctx context.Context, cadreID string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return s.q(ctx).Model(&models.Photo{}).Where("cadre_id = ? AND id IN ?", cadreID, ids).Update("state", models.PhotoDropped).Error
}
