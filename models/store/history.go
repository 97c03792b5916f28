package store

import (
	"context"
	"iter"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"aixin/models"
)

// The kinds of batches.
const (
	BatchRegister   = "register"
	BatchActivities = "activities"
)

// BatchLife is how long a batch can be taken back.
const BatchLife = 30 * 24 * time.Hour

// Batch is one import: what it made can be taken back whole.
type Batch struct {
	ID        string `gorm:"primaryKey"`
	Kind      string
	Actor     string
	CreatedAt models.Instant `gorm:"autoCreateTime:false"`
	UndoneAt  models.Instant
}

type batchRow struct {
	BatchID string `gorm:"primaryKey"`
	Noun    string `gorm:"primaryKey"`
	RowID   string `gorm:"primaryKey"`
}

func (batchRow) TableName() string { return "batch_row" }

// NewBatch names a batch; it is written with its first rows.
func (s *Store) NewBatch(kind string) Batch {
	return Batch{ID: s.NewID(), Kind: kind, Actor: s.actor.String(), CreatedAt: s.Now()}
}

// AddToBatch notes what a batch has made, in the transaction that makes it.
func (s *Store) AddToBatch(ctx context.Context, b Batch, noun string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	if err := s.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&b).Error; err != nil {
		return err
	}
	rows := make([]batchRow, len(ids))
	for i, id := range ids {
		rows[i] = batchRow{b.ID, noun, id}
	}
	return s.Create(ctx, &rows)
}

// Batch finds one.
func (s *Store) Batch(ctx context.Context, id string) (b Batch, err error) {
	err = s.q(ctx).First(&b, "id = ?", id).Error
	return b, notFound(err)
}

// RecentBatches lists the batches that can still be taken back, newest first.
func (s *Store) RecentBatches(ctx context.Context) (rows []Batch, err error) {
	return rows, s.q(ctx).Where("created_at > ? AND undone_at = 0", s.Now().Add(-BatchLife)).Order("created_at DESC").Limit(20).Find(&rows).Error
}

// BatchRows lists what a batch has made and nobody took back, by noun.
func (s *Store) BatchRows(ctx context.Context, id, noun string) (ids []string, err error) {
	return ids, s.q(ctx).Model(&batchRow{}).Where("batch_id = ? AND noun = ?", id, noun).Order("row_id").Pluck("row_id", &ids).Error
}

// EndBatch notes that a batch was taken back; what was kept stays on its list.
func (s *Store) EndBatch(ctx context.Context, id string) error {
	return s.q(ctx).Model(&Batch{}).Where("id = ?", id).Update("undone_at", s.Now()).Error
}

// references says for each noun of the register which columns name a row of it:
// a row that is named is in use. A test holds it against the schema.
var references = map[string][]string{
	"pairing": {"activity.pairing_id", "standing.pairing_id", "delegation.pairing_id"},
	"contact": {"confirmation.subject_id", "consent.subject_id", "consent_ask.subject_id", "erasure.subject_id", "binding.subject_id", "question.asker_id", "need.asker_id", "delivery.subject_id"},
	"recipient": {
		"activity.recipient_id", "pairing.recipient_id", "contact.recipient_id", "question.recipient_id", "need.recipient_id", "danger.recipient_id",
		"recipient_state.recipient_id", "spot_check.recipient_id",
		"adjustment.recipient_id", "movement.subject_id", "handover.recipient_id",
		"confirmation.recipient_id", "confirmation.subject_id", "dispute.recipient_id", "consent.recipient_id", "consent.subject_id", "consent_ask.recipient_id", "consent_ask.subject_id", "erasure.recipient_id", "erasure.subject_id",
		"binding.subject_id", "question.asker_id", "need.asker_id", "delivery.subject_id",
		"standing.recipient_id", "visit_check.recipient_id", "access_grant.recipient_id", "care_plan.recipient_id", "plan_measure.recipient_id",
		"former_name.subject_id",
	},
	"cadre": {
		"record.cadre_id", "activity.cadre_id", "photo.cadre_id", "pairing.cadre_id", "question.cadre_id", "need.cadre_id",
		"recipient_state.cadre_id", "behalf.cadre_id", "delegation.deputy_id", "spot_check.cadre_id", "flag.cadre_id",
		"confirmation.cadre_id", "dispute.cadre_id", "adjustment.cadre_id", "adjustment.to_cadre_id", "movement.subject_id", "handover.cadre_id", "handover.to_cadre_id",
		"binding.subject_id", "delivery.subject_id",
		"standing.cadre_id", "former_name.subject_id",
	},
	"unit": {
		"cadre.unit_id", "account.unit_id", "account_order.unit_id", "notice.unit_id", "report.unit_id", "spot_check.unit_id", "flag.unit_id",
		"adjustment.unit_id", "adjustment.to_unit_id", "movement.from_unit", "movement.to_unit",
	},
	"region": {
		"erasure.region", "confirmation.region", "dispute.region", "region.parent", "unit.region", "cadre.region", "recipient.region", "account.region", "account_order.region", "duty_shift.region", "notice.region", "danger.region", "need.region",
		"report.region", "spot_check.region", "flag.region", "donation.region", "donation_use.region",
		"record.region", "adjustment.region", "movement.from_region", "movement.to_region", "access_grant.region", "unanswered.region",
	},
}

// Nouns are those of the register, in the order in which they are taken back:
// what names others goes before them.
var Nouns = []string{"state", "delegation", "pairing", "contact", "recipient", "cadre", "unit", "region"}

// changedSince finds rows that somebody changed after they were made. What one
// import writes has two times a moment apart.
var changedSince = map[string]string{
	"pairing":   "to_day <> ''",
	"recipient": "(updated_at > created_at + 1000 OR exited_on <> '')",
	"cadre":     "(updated_at > created_at + 1000 OR left_at <> 0)",
}

// TakeBack deletes rows of the register that a batch made, but for those in use
// or changed since, whose number it tells. It runs in a transaction.
func (s *Store) TakeBack(ctx context.Context, batch, noun string, ids []string) (kept int, err error) {
	key, rows := "id", noun
	switch noun {
	case "region":
		key = "code"
	case "state":
		rows = "recipient_state"
	}
	err = inChunks(ids, func(part []string) error {
		used := map[string]bool{}
		note := func(q *gorm.DB, column string) error {
			var some []string
			err := q.Distinct().Pluck(column, &some).Error
			for _, id := range some {
				used[id] = true
			}
			return err
		}
		if where := changedSince[noun]; where != "" {
			if err := note(s.q(ctx).Table(noun).Where(key+" IN ?", part).Where(where), key); err != nil {
				return err
			}
		}
		for _, ref := range references[noun] {
			table, column, _ := strings.Cut(ref, ".")
			if err := note(s.q(ctx).Table(table).Where(column+" IN ?", part), column); err != nil {
				return err
			}
		}
		var free []string
		for _, id := range part {
			if !used[id] {
				free = append(free, id)
			}
		}
		kept += len(part) - len(free)
		if len(free) == 0 {
			return nil
		}
		if noun == "pairing" {
			if err := s.keepPast(ctx, free); err != nil {
				return err
			}
		}
		for _, from := range []struct{ table, where string }{
			{rows, key + " IN ?"}, {"invitation", "subject_id IN ?"}, // codes that nobody used
		} {
			if err := s.q(ctx).Exec("DELETE FROM "+from.table+" WHERE "+from.where, free).Error; err != nil {
				return err
			}
		}
		return s.q(ctx).Delete(&batchRow{}, "batch_id = ? AND noun = ? AND row_id IN ?", batch, noun, free).Error
	})
	return kept, err
}

// TakeBackRecords withdraws records that a batch made, as their cadres would: the
// rows stay, marked. Those that somebody corrected, withdrew or disputed since
// are left alone, and counted.
func (s *Store) TakeBackRecords(ctx context.Context, batch string, ids []string) (kept int, err error) {
	now := s.Now()
	err = inChunks(ids, func(part []string) error {
		var touched []string
		err := s.q(ctx).Model(&models.Activity{}).Where("record_id IN ? AND (status <> ? OR source <> ?)", part, models.StatusActive, models.SourceImport).
			Distinct().Pluck("record_id", &touched).Error
		if err != nil {
			return err
		}
		used := map[string]bool{}
		for _, id := range touched {
			used[id] = true
		}
		var free []string
		for _, id := range part {
			if !used[id] {
				free = append(free, id)
			}
		}
		kept += len(part) - len(free)
		if len(free) == 0 {
			return nil
		}
		if err := s.voidRecords(ctx, free, now); err != nil {
			return err
		}
		if err := s.q(ctx).Model(&models.Photo{}).Where("record_id IN ?", free).Update("state", models.PhotoDropped).Error; err != nil {
			return err
		}
		return s.q(ctx).Delete(&batchRow{}, "batch_id = ? AND noun = 'record' AND row_id IN ?", batch, free).Error
	})
	return kept, err
}

// PairingsByCadre lists the pairings of cadres, all dates.
func (s *Store) PairingsByCadre(ctx context.Context, cadreIDs []string) (rows []models.Pairing, err error) {
	err = inChunks(cadreIDs, func(part []string) error {
		var some []models.Pairing
		err := s.cadres(s.q(ctx), "cadre_id").Where("cadre_id IN ?", part).Order("from_day, id").Find(&some).Error
		rows = append(rows, some...)
		return err
	})
	return rows, err
}

// CadresNamed finds the cadres, those who left too, that bear one of some names.
// Names are sealed, so it goes through all of them.
func (s *Store) CadresNamed(ctx context.Context, names map[string]bool) (rows []models.Cadre, err error) {
	after := ""
	for {
		var page []models.Cadre
		err := s.cadres(s.q(ctx), "id").Select("id", "name", "unit_id", "left_at").Where("id > ?", after).Order("id").Limit(2000).Find(&page).Error
		if err != nil || len(page) == 0 {
			return rows, err
		}
		after = page[len(page)-1].ID
		for _, c := range page {
			if names[c.Name.Reveal()] {
				rows = append(rows, c)
			}
		}
	}
}

// StandingFor lists the standing activities for some people between two days,
// without their notes.
func (s *Store) StandingFor(ctx context.Context, recipientIDs []string, from, to models.Day) (rows []models.Activity, err error) {
	err = inChunks(recipientIDs, func(part []string) error {
		var some []models.Activity
		err := s.people(s.q(ctx), "recipient_id").
			Select("id", "record_id", "cadre_id", "recipient_id", "kind", "channel", "help", "stage", "day", "amount_fen", "fund", "source").
			Where("recipient_id IN ? AND day BETWEEN ? AND ? AND voided_at = 0", part, from, to).Order("day, id").Find(&some).Error
		rows = append(rows, some...)
		return err
	})
	return rows, err
}

// AddImported stores records that came by import, whole: ids, times and all.
func (s *Store) AddImported(ctx context.Context, records []models.Record, acts []models.Activity) error {
	if len(records) == 0 {
		return nil
	}
	if err := s.Create(ctx, &records); err != nil {
		return err
	}
	return s.Create(ctx, &acts)
}

// ExportAsOf is Export as it was known at a moment: what was written down later
// is left out, and what was withdrawn or corrected later stands as it stood.
func (s *Store) ExportAsOf(ctx context.Context, want ExportQuery, at models.Instant) iter.Seq2[ExportRow, error] {
	return func(yield func(ExportRow, error) bool) {
		was, err := s.knownAt(ctx, at)
		if err != nil {
			yield(ExportRow{}, err)
			return
		}
		var page []ExportRow
		give := func() (more bool) {
			photos, err := s.photosBy(ctx, page, at)
			if err != nil {
				yield(ExportRow{}, err)
				return false
			}
			ids := make([]string, len(page))
			for i, r := range page {
				ids[i] = r.ID
			}
			disputed, err := s.disputedAt(ctx, ids, at)
			if err != nil {
				yield(ExportRow{}, err)
				return false
			}
			for _, r := range page {
				r.Photos = photos[r.RecordID]
				if disputed[r.ID] && r.Status == models.StatusActive {
					r.Status = models.StatusDisputed
				}
				if !yield(was.export(r), nil) {
					return false
				}
			}
			page = page[:0]
			return true
		}
		for r, err := range s.Export(ctx, ExportQuery{From: want.From, To: want.To, All: true, known: at}) {
			if err != nil {
				yield(ExportRow{}, err)
				return
			}
			switch {
			case r.RecordedAt > at, r.VoidedAt != 0 && r.VoidedAt <= at && !want.All:
				continue
			case r.VoidedAt > at, r.Status == models.StatusDisputed:
				r.Status, r.VoidedAt = models.StatusActive, 0 // whether it was disputed by then, disputedAt knows
			}
			if page = append(page, r); len(page) == 500 && !give() {
				return
			}
		}
		give()
	}
}

// photosBy counts the pictures of records that were stored by a moment, those
// too that went with their record later.
func (s *Store) photosBy(ctx context.Context, rows []ExportRow, at models.Instant) (map[string]int, error) {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.RecordID
	}
	out := map[string]int{}
	err := inChunks(ids, func(part []string) error {
		var some []struct {
			RecordID string
			N        int
		}
		err := s.q(ctx).Model(&models.Photo{}).Select("record_id, count(*) AS n").
			Where("record_id IN ? AND kind = 'image' AND stored_at > 0 AND stored_at <= ?", part, at).Group("record_id").Scan(&some).Error
		for _, r := range some {
			out[r.RecordID] = r.N
		}
		return err
	})
	return out, err
}
