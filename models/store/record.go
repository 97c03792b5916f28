package store

import (
	"context"
	"errors"
	"iter"

	"gorm.io/gorm"

	"aixin/models"
)

// AddRecord stores a message's activities and claims the photos that were
// waiting for words.
func (s *Store) AddRecord(ctx context.Context, r *models.Record, acts []models.Activity) error {
	now := s.Now()
	r.ID, r.RecordedAt = s.NewID(), now
	if err := s.q(ctx).Create(r).Error; err != nil {
		return err
	}
	return s.AddActivities(ctx, r.ID, r.CadreID, acts)
}

// AddActivities adds activities to a record.
func (s *Store) AddActivities(ctx context.Context, recordID, cadreID string, acts []models.Activity) error {
	if len(acts) == 0 {
		return nil
	}
	now := s.Now()
	for i := range acts {
		a := &acts[i]
		a.ID, a.RecordID, a.CadreID, a.RecordedAt, a.Status = s.NewID(), recordID, cadreID, now, models.StatusActive
		if a.Source == "" {
			a.Source = models.SourceChat
		}
		a.Goods = a.Goods || a.Kind == models.KindAid && models.InKind(a.Note.Reveal())
	}
	return s.Create(ctx, &acts)
}

// LastRecord finds the newest record of a cadre that stands.
func (s *Store) LastRecord(ctx context.Context, cadreID string) (r models.Record, err error) {
	err = s.cadres(s.q(ctx), "cadre_id").Where("cadre_id = ? AND voided_at = 0", cadreID).
		Order("recorded_at DESC, id DESC").First(&r).Error
	return r, notFound(err)
}

// Record finds one.
func (s *Store) Record(ctx context.Context, id string) (r models.Record, err error) {
	err = s.cadres(s.q(ctx), "cadre_id").First(&r, "id = ?", id).Error
	return r, notFound(err)
}

// PlaceRecord notes where a record was made.
func (s *Store) PlaceRecord(ctx context.Context, id, region string) error {
	return s.cadres(s.q(ctx).Model(&models.Record{}), "cadre_id").Where("id = ?", id).Update("region", region).Error
}

// ActivitiesOf lists the standing activities of a record.
func (s *Store) ActivitiesOf(ctx context.Context, recordID string) (rows []models.Activity, err error) {
	err = s.people(s.q(ctx), "recipient_id").Where("record_id = ? AND voided_at = 0", recordID).
		Order("day, id").Find(&rows).Error
	return rows, err
}

// ActivitiesOn lists a cadre's standing activities for some people between two
// days.
func (s *Store) ActivitiesOn(ctx context.Context, cadreID string, recipientIDs []string, from, to models.Day) (rows []models.Activity, err error) {
	err = s.people(s.q(ctx), "recipient_id").
		Where("cadre_id = ? AND recipient_id IN ? AND day BETWEEN ? AND ? AND voided_at = 0", cadreID, recipientIDs, from, to).
		Order("day, id").Find(&rows).Error
	return rows, err
}

// Gifts lists the aid that a person was given on a day, whoever recorded it.
func (s *Store) Gifts(ctx context.Context, recipientID string, on models.Day) (rows []models.Activity, err error) {
	err = s.people(s.q(ctx), "recipient_id").Where("recipient_id = ? AND day = ? AND kind = ? AND voided_at = 0", recipientID, on, models.KindAid).
		Order("id").Find(&rows).Error
	return rows, err
}

// WithdrawRecord takes a record back whole: its rows stay, marked.
func (s *Store) WithdrawRecord(ctx context.Context, id string) error {
	var rows []models.Activity // those corrected too: a tick stays with the row that it was given for
	if err := s.q(ctx).Select("id", "recipient_id").Where("record_id = ?", id).Find(&rows).Error; err != nil {
		return err
	}
	if err := s.voidRecords(ctx, []string{id}, s.Now()); err != nil {
		return err
	}
	if err := s.reopenMeasures(ctx, rows); err != nil {
		return err
	}
	return s.q(ctx).Model(&models.Photo{}).Where("record_id = ?", id).Update("state", models.PhotoDropped).Error
}

// Correct marks activities as corrected and puts new rows in their place in the
// same record: corrections are rows. The first new row takes the place of the
// first old one, and so on.
func (s *Store) Correct(ctx context.Context, recordID, cadreID string, old []string, now []models.Activity) error {
	keys, err := s.standingsIn(ctx, "id", old)
	if err != nil {
		return err
	}
	err = s.keeping(ctx, keys, func() error {
		res := s.q(ctx).Model(&models.Activity{}).Where("id IN ? AND voided_at = 0", old).
			Updates(map[string]any{"status": models.StatusCorrected, "voided_at": s.Now()})
		if res.Error == nil && res.RowsAffected != int64(len(old)) {
			return ErrLost
		}
		return res.Error
	})
	if err != nil {
		return err
	}
	if err := s.AddActivities(ctx, recordID, cadreID, now); err != nil {
		return err
	}
	return errors.Join(s.carryFindings(ctx, old, now), s.followTicks(ctx, old, now))
}

// AddPhoto enters a picture or recording that is still to be fetched.
func (s *Store) AddPhoto(ctx context.Context, p *models.Photo) error {
	p.ID, p.State, p.ReceivedAt = s.NewID(), models.PhotoPending, s.Now()
	return s.q(ctx).Create(p).Error
}

// Photo finds one, for the loop that fetches it.
func (s *Store) Photo(ctx context.Context, id string) (p models.Photo, err error) {
	err = s.cadres(s.q(ctx), "cadre_id").First(&p, "id = ?", id).Error
	return p, notFound(err)
}

// SavePhoto writes what the fetching found.
func (s *Store) SavePhoto(ctx context.Context, p models.Photo) error {
	// The record may have claimed the photo meanwhile: its column is left alone.
	return s.q(ctx).Model(&p).Select("state", "blob_key", "mime", "width", "height", "bytes", "sha256", "dhash", "looks", "stored_at").
		Where("state = ?", models.PhotoPending).Updates(&p).Error
}

// WaitingPhotos lists a cadre's photos that belong to no record yet, newest of
// the given moment on.
func (s *Store) WaitingPhotos(ctx context.Context, cadreID string, since models.Instant) (rows []models.Photo, err error) {
	err = s.cadres(s.q(ctx), "cadre_id").
		Where("cadre_id = ? AND record_id = '' AND received_at >= ? AND state NOT IN ?", cadreID, since, []models.PhotoState{models.PhotoDropped, models.PhotoHeld}).
		Order("received_at, id").Find(&rows).Error
	return rows, err
}

// AttachPhotos gives photos to a record.
func (s *Store) AttachPhotos(ctx context.Context, recordID string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return s.q(ctx).Model(&models.Photo{}).Where("id IN ?", ids).Update("record_id", recordID).Error
}

// PhotoCounts counts the photos of records, without those that were dropped.
func (s *Store) PhotoCounts(ctx context.Context, recordIDs []string, stored bool) (map[string]int, error) {
	out := map[string]int{}
	err := inChunks(recordIDs, func(part []string) error {
		var rows []struct {
			RecordID string
			N        int
		}
		q := s.q(ctx).Model(&models.Photo{}).Select("record_id, count(*) AS n").Where("record_id IN ? AND kind = 'image'", part)
		if stored {
			q = q.Where("state = ?", models.PhotoStored)
		} else {
			q = q.Where("state IN ?", []models.PhotoState{models.PhotoPending, models.PhotoStored})
		}
		err := q.Group("record_id").Scan(&rows).Error
		for _, r := range rows {
			out[r.RecordID] = r.N
		}
		return err
	})
	return out, err
}

// ExportRow is one activity with its people, as export writes it.
type ExportRow struct {
	models.Activity
	Person, Cadre, Unit string
	Photos              int
	Found               string // what the visit found of the checklist: 吃穿好、用药有情况
}

// ExportQuery narrows an export.
type ExportQuery struct {
	From, To models.Day // inclusive
	All      bool       // withdrawn and corrected rows too

	known models.Instant // by when what was found was told; 0 for now
}

// Export goes through the activities of a span, by day and then receipt, in
// pages, so that memory stays flat.
func (s *Store) Export(ctx context.Context, want ExportQuery) iter.Seq2[ExportRow, error] {
	return func(yield func(ExportRow, error) bool) {
		units, err := s.unitNames(ctx)
		if err != nil {
			yield(ExportRow{}, err)
			return
		}
		lists, err := s.Lists(ctx)
		if err != nil {
			yield(ExportRow{}, err)
			return
		}
		people, cadres := map[string]string{}, map[string]models.Cadre{}
		var lastDay models.Day
		var lastID string
		for {
			var page []models.Activity
			q := s.people(s.q(ctx), "recipient_id").Where("day BETWEEN ? AND ? AND (day > ? OR (day = ? AND id > ?))", want.From, want.To, lastDay, lastDay, lastID)
			if !want.All {
				q = q.Where("voided_at = 0")
			}
			if err := q.Order("day, id").Limit(500).Find(&page).Error; err != nil {
				yield(ExportRow{}, err)
				return
			}
			if len(page) == 0 {
				return
			}
			lastDay, lastID = page[len(page)-1].Day, page[len(page)-1].ID
			if err := s.fillNames(ctx, page, people, cadres); err != nil {
				yield(ExportRow{}, err)
				return
			}
			records, ids := make([]string, len(page)), make([]string, len(page))
			for i, a := range page {
				records[i], ids[i] = a.RecordID, a.ID
			}
			found, err := s.findings(ctx, ids, want.known)
			if err != nil {
				yield(ExportRow{}, err)
				return
			}
			photos, err := s.PhotoCounts(ctx, records, true)
			if err != nil {
				yield(ExportRow{}, err)
				return
			}
			for _, a := range page {
				c := cadres[a.CadreID]
				row := ExportRow{Activity: a, Person: people[a.RecipientID], Cadre: c.Name.Reveal(), Unit: units[c.UnitID], Photos: photos[a.RecordID], Found: lists.Findings(found[a.ID], a.Day)}
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

func (s *Store) fillNames(ctx context.Context, page []models.Activity, people map[string]string, cadres map[string]models.Cadre) error {
	var newPeople, newCadres []string
	for _, a := range page {
		if _, ok := people[a.RecipientID]; !ok {
			people[a.RecipientID] = ""
			newPeople = append(newPeople, a.RecipientID)
		}
		if _, ok := cadres[a.CadreID]; !ok {
			cadres[a.CadreID] = models.Cadre{}
			newCadres = append(newCadres, a.CadreID)
		}
	}
	names, err := s.recipientNames(ctx, newPeople)
	if err != nil {
		return err
	}
	for id, name := range names {
		people[id] = name
	}
	return inChunks(newCadres, func(part []string) error {
		var rows []models.Cadre
		err := s.q(ctx).Where("id IN ?", part).Find(&rows).Error
		for _, c := range rows {
			cadres[c.ID] = c
		}
		return err
	})
}

// IsDuplicate tells whether an error is a broken unique key.
func IsDuplicate(err error) bool { return errors.Is(err, gorm.ErrDuplicatedKey) }

// RecordsSince lists a cadre's newest standing records from a moment on.
func (s *Store) RecordsSince(ctx context.Context, cadreID string, since models.Instant, limit int) (rows []models.Record, err error) {
	err = s.cadres(s.q(ctx), "cadre_id").Where("cadre_id = ? AND voided_at = 0 AND recorded_at >= ?", cadreID, since).
		Order("recorded_at DESC, id DESC").Limit(limit).Find(&rows).Error
	return rows, err
}
