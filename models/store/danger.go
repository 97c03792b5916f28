package store

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"aixin/models"
)

// dangers narrows a query over cases: only offices see any, those of their
// places; which office takes one is models.Account.TakesDanger.
func (s *Store) dangers(q *gorm.DB) *gorm.DB {
	switch a := s.actor; {
	case a.System != "":
		return q
	case a.Account != "" && a.Region != "" && a.Unit == "":
		return q.Where("region LIKE ?", a.Region+"%")
	}
	return q.Where("1 = 0")
}

// AddDanger enters a case under the next number.
func (s *Store) AddDanger(ctx context.Context, d *models.Danger) error {
	d.ID, d.State, d.RaisedAt = s.NewID(), models.DangerOpen, s.Now()
	return s.numbered(ctx, func() *gorm.DB { return s.q(ctx).Model(&models.Danger{}) }, func(n int) error {
		d.Number = n
		return s.savepoint(ctx, func(tx *gorm.DB) error { return tx.Create(d).Error })
	})
}

// Danger finds a case.
func (s *Store) Danger(ctx context.Context, id string) (d models.Danger, err error) {
	err = s.dangers(s.q(ctx)).First(&d, "id = ?", id).Error
	return d, notFound(err)
}

// Dangers lists the cases of the actor's places, those that are open or those that
// are closed, the newest first.
func (s *Store) Dangers(ctx context.Context, closed bool, limit int) (rows []models.Danger, err error) {
	is := map[bool]string{true: "state = ?", false: "state <> ?"}[closed]
	return rows, s.dangers(s.q(ctx)).Where(is, models.DangerClosed).Order("raised_at DESC, number DESC").Limit(limit).Find(&rows).Error
}

// DangerNumbered finds a case by its number.
func (s *Store) DangerNumbered(ctx context.Context, number int) (d models.Danger, err error) {
	err = s.dangers(s.q(ctx)).First(&d, "number = ?", number).Error
	return d, notFound(err)
}

// DangerSounds lists the recordings of a case that the actor may see, the first
// to come first.
func (s *Store) DangerSounds(ctx context.Context, id string) (rows []models.Photo, err error) {
	mine := s.dangers(s.q(ctx).Model(&models.Danger{}).Select("id").Where("id = ?", id))
	err = s.q(ctx).Where("kind = 'voice' AND state <> ? AND record_id IN (?)", models.PhotoDropped, mine).Order("received_at, id").Find(&rows).Error
	return rows, err
}

// RunningDanger finds a case of the same speaker and kind that is not closed.
func (s *Store) RunningDanger(ctx context.Context, speaker, kind string, since models.Instant) (d models.Danger, err error) {
	err = s.dangers(s.q(ctx)).Where("speaker = ? AND kind = ? AND state <> ? AND raised_at >= ?", speaker, kind, models.DangerClosed, since).
		Order("raised_at DESC").First(&d).Error
	return d, notFound(err)
}

// DueDangers lists the cases that nobody has taken in time.
func (s *Store) DueDangers(ctx context.Context, now models.Instant) (rows []models.Danger, err error) {
	err = s.dangers(s.q(ctx)).Where("state = ? AND next_at > 0 AND next_at <= ?", models.DangerOpen, now).Order("next_at, id").Limit(50).Find(&rows).Error
	return rows, err
}

// StepDanger moves a case up, unless another process has or somebody took it.
func (s *Store) StepDanger(ctx context.Context, d models.Danger, step int, next models.Instant) error {
	res := s.q(ctx).Model(&models.Danger{}).Where("id = ? AND state = ? AND step = ? AND next_at = ?", d.ID, models.DangerOpen, d.Step, d.NextAt).
		Updates(map[string]any{"step": step, "next_at": next})
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}

// dangerAck is a person on duty who said that they have taken a case on.
type dangerAck struct {
	DangerID  string `gorm:"primaryKey"`
	AccountID string `gorm:"primaryKey"`
	At        models.Instant
}

func (dangerAck) TableName() string { return "danger_ack" }

// AckDanger notes that an account has taken a case on, and tells how many have;
// fresh is false where it had before.
func (s *Store) AckDanger(ctx context.Context, id, account string) (fresh bool, all int, err error) {
	// The case's row makes two who answer at the same moment take turns, so
	// that the second sees the first.
	if err := s.q(ctx).Model(&models.Danger{}).Where("id = ?", id).Update("told_at", gorm.Expr("told_at")).Error; err != nil {
		return false, 0, err
	}
	err = s.savepoint(ctx, func(tx *gorm.DB) error {
		return tx.Create(&dangerAck{DangerID: id, AccountID: account, At: s.Now()}).Error
	})
	if err != nil && !errors.Is(err, gorm.ErrDuplicatedKey) {
		return false, 0, err
	}
	var n int64
	fresh = err == nil
	err = s.q(ctx).Model(&dangerAck{}).Where("danger_id = ?", id).Count(&n).Error
	return fresh, int(n), err
}

// DangerAcks lists the accounts that have taken a case on.
func (s *Store) DangerAcks(ctx context.Context, id string) (accounts []string, err error) {
	err = s.q(ctx).Model(&dangerAck{}).Where("danger_id = ?", id).Order("at").Pluck("account_id", &accounts).Error
	return accounts, err
}

// TakeDanger ends the climbing of a case; first is true for the caller who did.
func (s *Store) TakeDanger(ctx context.Context, id string) (first bool, err error) {
	res := s.q(ctx).Model(&models.Danger{}).Where("id = ? AND state = ?", id, models.DangerOpen).
		Updates(map[string]any{"state": models.DangerTaken, "next_at": 0})
	return res.RowsAffected == 1, res.Error
}

// MarkDangerTold notes that the speaker gets word that somebody knows.
func (s *Store) MarkDangerTold(ctx context.Context, id string) error {
	return s.q(ctx).Model(&models.Danger{}).Where("id = ?", id).Update("told_at", s.Now()).Error
}

// NoteDanger writes a line below the words of a case; with closed the case ends.
// ErrLost where it had ended before.
func (s *Store) NoteDanger(ctx context.Context, d models.Danger, note string, closed bool) error {
	d.Words = models.Conceal(d.Words.Reveal() + "\n" + note)
	columns := []any{"words"}
	if closed {
		d.State, d.NextAt = models.DangerClosed, 0
		columns = append(columns, "state", "next_at")
	}
	res := s.q(ctx).Model(&d).Select(columns[0], columns[1:]...).Where("state <> ?", models.DangerClosed).Updates(&d)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}

// BoundRegions tells for each bound openid, by its index, the place that it
// speaks for: a cadre's own, a family's home. Nothing sealed is opened.
func (s *Store) BoundRegions(ctx context.Context) (map[string]string, error) {
	out := map[string]string{}
	if s.actor.System == "" {
		return out, nil
	}
	for _, from := range []string{
		"binding b JOIN cadre r ON r.id = b.subject_id AND b.role = 'cadre'",
		"binding b JOIN recipient r ON r.id = b.subject_id AND b.role = 'recipient'",
		"binding b JOIN contact c ON c.id = b.subject_id AND b.role = 'guardian' JOIN recipient r ON r.id = c.recipient_id",
	} {
		var rows []struct {
			OpenIDIdx string `gorm:"column:openid_idx"`
			Region    string
		}

		if err := s.q(ctx).Raw("SELECT b.openid_idx, r.region FROM " + from + " WHERE b.ended_at = 0").Scan(&rows).Error; err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.OpenIDIdx] = r.Region
		}
	}
	return out, nil
}

// AccountsWith lists the accounts in use of some roles, everywhere.
func (s *Store) AccountsWith(ctx context.Context, roles []models.AccountRole) (rows []models.Account, err error) {
	err = s.accounts(s.q(ctx)).Where("role IN ? AND disabled_at = 0", roles).Order("region, login").Find(&rows).Error
	return rows, err
}
