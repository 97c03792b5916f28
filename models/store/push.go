package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"aixin/models"
)

// PlanDelivery plans one message to one person for reasons, each of which is
// spoken of once ever: those that a delivery has carried already are left out,
// and where none is left nothing is planned. It runs in a transaction.
func (s *Store) PlanDelivery(ctx context.Context, d Delivery, reasons []string) (planned bool, err error) {
	d.ID = s.NewID()
	fresh := reasons[:0:0]
	for _, r := range reasons {
		row := struct {
			ReasonHash string
			DeliveryID string
			CreatedAt  models.Instant
		}{s.db.keys.Index("reason", r), d.ID, s.Now()}
		err := s.savepoint(ctx, func(tx *gorm.DB) error { return tx.Table("delivery_reason").Create(&row).Error })
		if errors.Is(err, gorm.ErrDuplicatedKey) {
			continue
		}
		if err != nil {
			return false, err
		}
		fresh = append(fresh, r)
	}
	if len(fresh) == 0 {
		return false, nil
	}
	d.KeyHash = s.db.keys.Index("delivery", d.ID)
	d.State, d.CreatedAt = DeliveryPlanned, s.Now()
	if d.DueAt == 0 {
		d.DueAt = d.CreatedAt
	}
	return true, s.q(ctx).Create(&d).Error
}

// savepoint runs a statement that may break a key without losing the
// transaction around it.
func (s *Store) savepoint(ctx context.Context, fn func(*gorm.DB) error) error {
	return s.q(ctx).Transaction(fn)
}

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
// otherwise.
func (s *Store) TakeCap(ctx context.Context, openidIdx, delivery string, span time.Duration) (ok bool, next models.Instant, err error) {
	if err := s.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&reach{OpenIDIdx: openidIdx}).Error; err != nil {
		return false, 0, err
	}
	now := s.Now()
	res := s.q(ctx).Model(&reach{}).Where("openid_idx = ? AND (capped_at <= ? OR capped_by = ?)", openidIdx, now.Add(-span), delivery).
		Updates(map[string]any{"capped_at": now, "capped_by": delivery})
	if res.Error != nil || res.RowsAffected == 1 {
		return res.Error == nil, 0, res.Error
	}
	var row reach
	err = s.q(ctx).First(&row, "openid_idx = ?", openidIdx).Error
	return false, row.CappedAt.Add(span), err
}

// CapEnds tells when people may get the next unasked message; who is not in it
// may now.
func (s *Store) CapEnds(ctx context.Context, openidIdx []string, span time.Duration) (map[string]models.Instant, error) {
	out := map[string]models.Instant{}
	err := inChunks(openidIdx, func(part []string) error {
		var rows []reach
		err := s.q(ctx).Where("openid_idx IN ? AND capped_at > 0", part).Find(&rows).Error
		for _, r := range rows {
			out[r.OpenIDIdx] = r.CappedAt.Add(span)
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

// Blocked tells whether the person refused messages and has not written since.
func (s *Store) Blocked(ctx context.Context, openidIdx string) (bool, error) {
	var rows []reach
	err := s.q(ctx).Where("openid_idx = ?", openidIdx).Find(&rows).Error
	if err != nil || len(rows) == 0 || rows[0].BlockedAt == 0 {
		return false, err
	}
	last, err := s.LastHeard(ctx, openidIdx, Tapped)
	return last <= rows[0].BlockedAt, err
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

// AcceptDelivery notes that the platform took the message under a job id. Its
// word on the delivery may be there already.
func (s *Store) AcceptDelivery(ctx context.Context, d Delivery, jobID string) error {
	if err := s.closeRow(ctx, &Delivery{}, d.ID, d.Owner, DeliveryPlanned, map[string]any{
		"state": DeliveryAccepted, "reason": "", "job_id": jobID, "outcomes": gorm.Expr("outcomes + 1"),
	}); err != nil {
		return err
	}
	var status []string
	err := s.q(ctx).Table("delivery_event").Where("job_id = ?", jobID).Pluck("status", &status).Error
	if err != nil || len(status) == 0 {
		return err
	}
	return s.applyEvent(ctx, jobID, status[0])
}

// DeliveryEvent takes the platform's word on a delivery. It may come before
// AcceptDelivery has written the job id, and even at the very same time, when
// neither sees the other: then JoinEvents brings them together.
func (s *Store) DeliveryEvent(ctx context.Context, jobID, status string) error {
	row := struct {
		JobID  string
		Status string
		At     models.Instant
	}{jobID, cut(status, 60), s.Now()}
	err := s.q(ctx).Table("delivery_event").Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error
	if err != nil {
		return err
	}
	return s.applyEvent(ctx, jobID, status)
}

func (s *Store) applyEvent(ctx context.Context, jobID, status string) error {
	state := DeliveryFailed
	switch status {
	case "success":
		state = DeliveryDelivered
	case "failed:user block":
		state = DeliveryRefused
	}
	var rows []Delivery
	if err := s.q(ctx).Where("job_id = ? AND state = ?", jobID, DeliveryAccepted).Find(&rows).Error; err != nil {
		return err
	}
	for _, d := range rows {
		err := s.q(ctx).Model(&Delivery{}).Where("id = ? AND state = ?", d.ID, DeliveryAccepted).
			Updates(map[string]any{"state": state, "reason": cut(status, 200), "done_at": s.Now()}).Error
		if err == nil && state == DeliveryRefused {
			err = s.Block(ctx, s.OpenIDIndex(d.OpenID.Reveal()))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// JoinEvents applies the platform's words that came before their delivery knew its
// job id.
func (s *Store) JoinEvents(ctx context.Context) error {
	var rows []struct{ JobID, Status string }
	err := s.q(ctx).Table("delivery").Select("delivery.job_id, delivery_event.status").
		Joins("JOIN delivery_event ON delivery_event.job_id = delivery.job_id").
		Where("delivery.state = ?", DeliveryAccepted).Limit(200).Scan(&rows).Error
	for _, r := range rows {
		if err == nil {
			err = s.applyEvent(ctx, r.JobID, r.Status)
		}
	}
	return err
}

// CloseSilent ends deliveries about whose fate the platform never spoke.
func (s *Store) CloseSilent(ctx context.Context, before models.Instant) error {
	return s.q(ctx).Model(&Delivery{}).Where("state = ? AND due_at < ?", DeliveryAccepted, before).
		Updates(map[string]any{"state": DeliveryUnknown, "reason": "no word from the platform", "done_at": s.Now()}).Error
}

// OpenDeliveries counts planned deliveries that are due by t.
func (s *Store) OpenDeliveries(ctx context.Context, by models.Instant) (n int64, err error) {
	err = s.q(ctx).Model(&Delivery{}).Where("state = ? AND due_at <= ?", DeliveryPlanned, by).Count(&n).Error
	return n, err
}

// BoundCadres goes through the bound cadres with their bindings, in pages by
// binding id.
func (s *Store) BoundCadres(ctx context.Context, after string, limit int) (rows []models.Binding, err error) {
	err = s.q(ctx).Where("role = ? AND ended_at = 0 AND id > ?", models.RoleCadre, after).Order("id").Limit(limit).Find(&rows).Error
	return rows, err
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
