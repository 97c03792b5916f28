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

// HeldPhotos lists the pictures of a cadre's that are held back, or of a question.
func (s *Store) HeldPhotos(ctx context.Context, cadreID, questionID string) (rows []models.Photo, err error) {
	q := s.cadres(s.q(ctx), "cadre_id").Where("cadre_id = ? AND state = ?", cadreID, models.PhotoHeld)
	if questionID != "" {
		q = q.Where("record_id = ?", questionID)
	} else {
		q = q.Where("record_id NOT IN (SELECT id FROM question WHERE cadre_id = ?)", cadreID)
	}
	return rows, q.Order("received_at, id").Limit(50).Find(&rows).Error
}

// MediaOf lists the recordings and pictures of somebody's questions and of their
// answers, whose bytes are here.
func (s *Store) MediaOf(ctx context.Context, askerID string) (rows []models.Photo, err error) {
	asked := func(column string) any {
		return s.q(ctx).Model(&models.Question{}).Select(column).Where("asker_id = ?", askerID)
	}
	err = s.q(ctx).Where("blob_key <> '' AND (record_id IN (?) OR id IN (?) OR id IN (?))", asked("id"), asked("photo_id"), asked("answer_photo_id")).Order("id").Find(&rows).Error
	return rows, err
}

// SpentMedia lists up to limit recordings and pictures whose bytes have no further
// use: what was dropped came before one moment; recordings, and pictures of
// questions, before another. Those of a case of danger stay: they are evidence.
func (s *Store) SpentMedia(ctx context.Context, dropped, kept models.Instant, limit int) (rows []models.Photo, err error) {
	err = s.q(ctx).Where("blob_key <> '' AND (state = ? AND received_at < ? OR received_at < ? AND (kind = 'voice' OR record_id IN (SELECT id FROM question)))", models.PhotoDropped, dropped, kept).
		Where("record_id NOT IN (SELECT id FROM danger)").Order("id").Limit(limit).Find(&rows).Error
	return rows, err
}

// ClearMedia notes that the bytes of some are gone.
func (s *Store) ClearMedia(ctx context.Context, ids []string) error {
	return inChunks(ids, func(part []string) error {
		return s.q(ctx).Model(&models.Photo{}).Where("id IN ?", part).
			Updates(map[string]any{"state": models.PhotoDropped, "blob_key": "", "sha256": "", "dhash": ""}).Error
	})
}

// PutBack lets a held picture be fetched again, and kept whatever it shows.
func (s *Store) PutBack(ctx context.Context, id string) error {
	return s.q(ctx).Model(&models.Photo{}).Where("id = ? AND state = ?", id, models.PhotoHeld).
		Updates(map[string]any{"state": models.PhotoPending, "insisted_at": s.Now()}).Error
}

// DropPhotos notes that the sender does not want pictures kept.
func (s *Store) DropPhotos(ctx context.Context, cadreID string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return s.q(ctx).Model(&models.Photo{}).Where("cadre_id = ? AND id IN ?", cadreID, ids).Update("state", models.PhotoDropped).Error
}
