package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"aixin/models"
)

// PhoneTag is which label the platform has of a phone, for the menu it shows.
// Which it should have follows from the bindings; a row is due until both agree.
type PhoneTag struct {
	OpenIDIdx string `gorm:"column:openid_idx;primaryKey"`
	Tag       string
	DueAt     models.Instant // 0: nothing is to be done
	Tries     int
	OpenID    models.Secret `gorm:"-"`
	Roles     []models.Role `gorm:"-"`
}

// retag makes the labels of phones due: who is behind them has changed.
func (s *Store) retag(ctx context.Context, openidIdx ...string) error {
	rows := make([]PhoneTag, len(openidIdx))
	for i, idx := range openidIdx {
		rows[i] = PhoneTag{OpenIDIdx: idx, DueAt: s.Now()}
	}
	return s.q(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "openid_idx"}}, DoUpdates: clause.AssignmentColumns([]string{"due_at", "tries"}),
	}).CreateInBatches(&rows, 200).Error
}

// Untagged notes that the platform has forgotten the label of a phone: its person
// had left the account.
func (s *Store) Untagged(ctx context.Context, openidIdx string) error {
	return s.q(ctx).Model(&PhoneTag{}).Where("openid_idx = ?", openidIdx).
		Updates(map[string]any{"tag": "", "due_at": s.Now(), "tries": 0}).Error
}

// RetagAll makes all bound phones due that never were, and tells how many: those
// from before the account had labels.
func (s *Store) RetagAll(ctx context.Context) (n int, err error) {
	var phones []string
	err = s.q(ctx).Model(&models.Binding{}).Distinct("openid_idx").
		Where("ended_at = 0 AND openid_idx NOT IN (SELECT openid_idx FROM phone_tag)").Pluck("openid_idx", &phones).Error
	if err != nil || len(phones) == 0 {
		return 0, err
	}
	return len(phones), s.retag(ctx, phones...)
}

// DueTags hands out phones whose label is due, for the time of a lease. Labels can
// be given twice without harm, so a lease that two get is no matter.
func (s *Store) DueTags(ctx context.Context, lease time.Duration, limit int) ([]PhoneTag, error) {
	now := s.Now()
	var rows []PhoneTag
	err := s.q(ctx).Where("due_at > 0 AND due_at <= ?", now).Order("due_at").Limit(limit).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	phones := make([]string, len(rows))
	for i, r := range rows {
		phones[i] = r.OpenIDIdx
	}
	if err := s.q(ctx).Model(&PhoneTag{}).Where("openid_idx IN ?", phones).Update("due_at", now.Add(lease)).Error; err != nil {
		return nil, err
	}
	roles, err := s.RolesOf(ctx, phones)
	if err != nil {
		return nil, err
	}
	var bound []models.Binding
	if err := s.q(ctx).Where("openid_idx IN ?", phones).Find(&bound).Error; err != nil {
		return nil, err
	}
	openids := map[string]models.Secret{}
	for _, b := range bound {
		openids[b.OpenIDIdx] = b.OpenID
	}
	for i, r := range rows {
		rows[i].DueAt, rows[i].OpenID, rows[i].Roles = now.Add(lease), openids[r.OpenIDIdx], roles[r.OpenIDIdx]
	}
	return rows, nil
}

// SetTag notes which label a phone has now. One that has come due anew meanwhile
// stays due.
func (s *Store) SetTag(ctx context.Context, r PhoneTag, tag string) error {
	return s.q(ctx).Exec("UPDATE phone_tag SET tag = ?, tries = 0, due_at = CASE WHEN due_at = ? THEN 0 ELSE due_at END WHERE openid_idx = ?",
		tag, r.DueAt, r.OpenIDIdx).Error
}

// TagsLater puts phones off whose label could not be given, each time for longer.
func (s *Store) TagsLater(ctx context.Context, rows []PhoneTag, after time.Duration) error {
	for _, r := range rows {
		due := s.Now().Add(min(after<<min(r.Tries, 10), 24*time.Hour))
		err := s.q(ctx).Model(&PhoneTag{}).Where("openid_idx = ? AND due_at = ?", r.OpenIDIdx, r.DueAt).
			Updates(map[string]any{"due_at": due, "tries": r.Tries + 1}).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// TagsDue counts the phones whose label is not what it should be.
func (s *Store) TagsDue(ctx context.Context) (n int64, err error) {
	err = s.q(ctx).Model(&PhoneTag{}).Where("due_at > 0").Count(&n).Error
	return n, err
}
