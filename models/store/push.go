package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"aixin/models"
)

// ReasonsTaken tells which reasons a delivery has carried already.
func (s *Store) ReasonsTaken(ctx context.Context, reasons []string) (map[string]bool, error) {
	hashes := make([]string, len(reasons))
	for i, r := range reasons {
		hashes[i] = s.db.keys.Index("reason", r)
	}
	have := map[string]bool{}
	err := inChunks(hashes, func(part []string) error {
		var some []string
		err := s.q(ctx).Table("delivery_reason").Where("reason_hash IN ?", part).Pluck("reason_hash", &some).Error
		for _, h := range some {
			have[h] = true
		}
		return err
	})
	out := make(map[string]bool, len(reasons))
	for i, r := range reasons {
		out[r] = have[hashes[i]]
	}
	return out, err
}

// reach is what is known of the way to a person.
type reach struct {
	OpenIDIdx string `gorm:"column:openid_idx;primaryKey"`
	CappedAt  models.Instant
	CappedBy  string // the delivery that took the place
	BlockedAt models.Instant
	// What was written freely since the person was last heard (window.go).
	WroteAt    models.Instant
	WroteUsed  int
	TappedAt   models.Instant
	TappedUsed int
}

func (reach) TableName() string { return "reach" }

// TakeCap takes a person's place for an unasked message if the last one lies at
// least span back or is this very delivery, and tells when there will be one
// otherwise. The place is taken from the full minute: who is told at four is told
// at four a week later, not when the sending came round to him.
func (s *Store) TakeCap(ctx context.Context, openidIdx, delivery string, span time.Duration) (ok bool, next models.Instant, err error) {
	now := s.Now()
	take := func() bool {
		res := s.q(ctx).Model(&reach{}).Where("openid_idx = ? AND (capped_at <= ? OR capped_by = ?)", openidIdx, now.Add(-span), delivery).
			Updates(map[string]any{"capped_at": models.InstantOf(now.Time().Truncate(time.Minute)), "capped_by": delivery})
		err = res.Error
		return err == nil && res.RowsAffected == 1
	}
	if take() || err != nil {
		return err == nil, 0, err
	}
	var rows []reach
	if err = s.q(ctx).Where("openid_idx = ?", openidIdx).Find(&rows).Error; err != nil {
		return false, 0, err
	}
	if len(rows) == 1 {
		return false, rows[0].CappedAt.Add(span), nil
	}
	// The first message ever to this person.
	if err = s.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&reach{OpenIDIdx: openidIdx}).Error; err != nil {
		return false, 0, err
	}
	if take() || err != nil {
		return err == nil, 0, err
	}
	return false, now.Add(span), nil
}

// Expect makes the rows in which people's places are taken, where there are none,
// so that each place is then taken by one statement.
func (s *Store) Expect(ctx context.Context, openidIdx []string) error {
	rows := make([]reach, len(openidIdx))
	for i, idx := range slices.Sorted(slices.Values(openidIdx)) { // in one order for all processes
		rows[i] = reach{OpenIDIdx: idx}
	}
	if len(rows) == 0 {
		return nil
	}
	return s.retry(ctx, func() error {
		return s.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&rows, 200).Error
	})
}

// LastCap tells when people got their last unasked message; who is not in it
// never did.
func (s *Store) LastCap(ctx context.Context, openidIdx []string) (map[string]models.Instant, error) {
	out := map[string]models.Instant{}
	err := inChunks(openidIdx, func(part []string) error {
		var rows []reach
		err := s.q(ctx).Where("openid_idx IN ? AND capped_at > 0", part).Find(&rows).Error
		for _, r := range rows {
			out[r.OpenIDIdx] = r.CappedAt
		}
		return err
	})
	return out, err
}

// GiveCapBack frees the place of a message that did not go out.
func (s *Store) GiveCapBack(ctx context.Context, delivery string) error {
	return s.q(ctx).Model(&reach{}).Where("capped_by = ?", delivery).Updates(map[string]any{"capped_at": 0, "capped_by": ""}).Error
}

// Block notes that the person refuses the account's messages, until they write
// again.
func (s *Store) Block(ctx context.Context, openidIdx string) error {
	row := reach{OpenIDIdx: openidIdx, BlockedAt: s.Now()}
	return s.q(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "openid_idx"}}, DoUpdates: clause.AssignmentColumns([]string{"blocked_at"}),
	}).Create(&row).Error
}

// LastHeard is when the person last wrote, or tapped where that is enough.
func (s *Store) LastHeard(ctx context.Context, openidIdx string, atLeast int) (models.Instant, error) {
	var at []models.Instant
	err := s.q(ctx).Model(&Inbound{}).Where("sender = ? AND spoke >= ?", openidIdx, atLeast).Order("id DESC").Limit(1).Pluck("received_at", &at).Error
	if err != nil || len(at) == 0 {
		return 0, err
	}
	return at[0], nil
}

// OpenDeliveries counts planned deliveries that are due by t.
func (s *Store) OpenDeliveries(ctx context.Context, by models.Instant) (n int64, err error) {
	err = s.q(ctx).Model(&Delivery{}).Where("state = ? AND due_at <= ?", DeliveryPlanned, by).Count(&n).Error
	return n, err
}

// RosterOf lists the pairings of several cadres on a day, with the people.
func (s *Store) RosterOf(ctx context.Context, cadreIDs []string, on models.Day) (map[string][]Paired, error) {
	out := map[string][]Paired{}
	err := inChunks(cadreIDs, func(part []string) error {
		var rows []models.Pairing
		err := s.cadres(s.q(ctx), "cadre_id").
			Where("cadre_id IN ? AND from_day <= ? AND (to_day = '' OR to_day >= ?)", part, on, on).Order("from_day, id").Find(&rows).Error
		if err != nil {
			return err
		}
		for _, p := range rows {
			out[p.CadreID] = append(out[p.CadreID], Paired{Pairing: p})
		}
		return nil
	})
	return out, err
}

// CadrePage goes through the cadres who have not left, by id.
func (s *Store) CadrePage(ctx context.Context, after string, limit int) (rows []models.Cadre, err error) {
	err = s.cadres(s.q(ctx), "id").Where("left_at = 0 AND id > ?", after).Order("id").Limit(limit).Find(&rows).Error
	return rows, err
}

// BindingsOf finds the bindings of people in a role, by person.
func (s *Store) BindingsOf(ctx context.Context, role models.Role, subjects []string) (map[string]models.Binding, error) {
	out := map[string]models.Binding{}
	err := inChunks(subjects, func(part []string) error {
		var rows []models.Binding
		err := s.q(ctx).Where("role = ? AND ended_at = 0 AND subject_id IN ?", role, part).Find(&rows).Error
		for _, b := range rows {
			out[b.SubjectID] = b
		}
		return err
	})
	return out, err
}

// Mark reads a note that the service keeps about itself; "" where there is none.
func (s *Store) Mark(ctx context.Context, name string) (string, error) {
	var rows []meta
	err := s.q(ctx).Where("name = ?", name).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0].Value, nil
}

// SetMark writes it.
func (s *Store) SetMark(ctx context.Context, name, value string) error {
	return s.q(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "name"}}, DoUpdates: clause.AssignmentColumns([]string{"value"}),
	}).Create(&meta{Name: name, Value: value}).Error
}

// DeliveryStates counts all deliveries by state.
func (s *Store) DeliveryStates(ctx context.Context) (map[string]int, error) {
	var rows []struct {
		State string
		N     int
	}
	err := s.q(ctx).Model(&Delivery{}).Select("state, count(*) AS n").Group("state").Scan(&rows).Error
	out := map[string]int{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out, err
}
