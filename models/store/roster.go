package store

import (
	"context"

	"gorm.io/gorm"

	"aixin/models"
)

// shifts narrows a query over the duty roster to the actor's places.
func (s *Store) shifts(q *gorm.DB) *gorm.DB {
	switch a := s.actor; {
	case a.System != "":
		return q
	case a.Account != "" && a.Region != "" && a.Unit == "" && s.inArea(models.ObjectRoster):
		return q.Where("region LIKE ?", a.Region+"%")
	}
	return q.Where("1 = 0")
}

// Shifts lists the roster from a moment on, in the order of time.
func (s *Store) Shifts(ctx context.Context, from models.Instant) (rows []models.DutyShift, err error) {
	return rows, s.shifts(s.q(ctx)).Where("(until_at = 0 OR until_at > ?)", from).Order("from_at, id").Limit(2000).Find(&rows).Error
}

// RosterAccounts lists the accounts in use that may take danger in the actor's places,
// and those that the given shifts name.
func (s *Store) RosterAccounts(ctx context.Context, shifts []models.DutyShift) (rows []models.Account, err error) {
	ids := make([]string, 0, len(shifts))
	for _, d := range shifts {
		ids = append(ids, d.AccountID)
	}
	roles := []models.AccountRole{models.AccountDuty, models.AccountTownship, models.AccountCounty, models.AccountCity}
	near := s.shifts(s.q(ctx).Model(&models.Account{})).Where("role IN ? AND disabled_at = 0", roles)
	if len(ids) > 0 {
		near = near.Or("id IN ?", ids)
	}
	return rows, near.Order("login").Find(&rows).Error
}

// Shift finds one.
func (s *Store) Shift(ctx context.Context, id string) (d models.DutyShift, err error) {
	return d, notFound(s.shifts(s.q(ctx)).First(&d, "id = ?", id).Error)
}

// AddShift puts an account on the roster.
func (s *Store) AddShift(ctx context.Context, d *models.DutyShift) error {
	d.ID, d.AddedBy, d.AddedAt = s.NewID(), s.actor.String(), s.Now()
	return s.q(ctx).Create(d).Error
}

// EndShift ends a shift at a moment; one that had not begun is gone. ErrLost where
// it had ended before.
func (s *Store) EndShift(ctx context.Context, d models.DutyShift, at models.Instant) error {
	res := s.shifts(s.q(ctx).Model(&models.DutyShift{})).Where("id = ? AND until_at = ?", d.ID, d.UntilAt)
	if d.FromAt >= at {
		res = res.Delete(&models.DutyShift{})
	} else {
		res = res.Update("until_at", at)
	}
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}

// OnDuty lists the accounts in use that the roster has on duty in a place now.
func (s *Store) OnDuty(ctx context.Context, region string) (rows []models.Account, err error) {
	now := s.Now()
	on := s.q(ctx).Model(&models.DutyShift{}).Select("account_id").Where("region = ? AND from_at <= ? AND (until_at = 0 OR until_at > ?)", region, now, now)
	err = s.accounts(s.q(ctx)).Where("disabled_at = 0 AND id IN (?)", on).Order("login").Find(&rows).Error
	return rows, err
}
