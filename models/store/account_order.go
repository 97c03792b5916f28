package store

import (
	"context"

	"gorm.io/gorm"

	"aixin/models"
)

// accountOrders narrows a query over orders to those about accounts that the
// actor looks after.
func (s *Store) accountOrders(q *gorm.DB) *gorm.DB {
	if s.actor.System != "" {
		return q
	}
	return q.Where("region LIKE ? AND account_id IN (?)", s.actor.Region+"%", s.accounts(s.q(q.Statement.Context).Model(&models.Account{})).Select("id"))
}

// AskAccount enters an order. What is open for the account already stays the one
// that is asked for: ErrLost.
func (s *Store) AskAccount(ctx context.Context, o *models.AccountOrder) error {
	var open int64
	err := s.q(ctx).Model(&models.AccountOrder{}).Where("account_id = ? AND decided_at = 0", o.AccountID).Count(&open).Error
	if err == nil && open > 0 {
		return ErrLost
	}
	if err != nil {
		return err
	}
	o.ID, o.AskedBy, o.AskedAt = s.NewID(), s.actor.Account, s.Now()
	return s.q(ctx).Create(o).Error
}

// AccountOrders lists orders, the open ones first and the newest; of one account
// where that is named.
func (s *Store) AccountOrders(ctx context.Context, account string, limit int) (rows []models.AccountOrder, err error) {
	q := s.accountOrders(s.q(ctx).Model(&models.AccountOrder{}))
	if account != "" {
		q = q.Where("account_id = ?", account)
	}
	return rows, q.Order("CASE WHEN decided_at = 0 THEN 0 ELSE 1 END, asked_at DESC, id DESC").Limit(limit).Find(&rows).Error
}

// AccountOrder finds one.
func (s *Store) AccountOrder(ctx context.Context, id string) (o models.AccountOrder, err error) {
	err = s.accountOrders(s.q(ctx)).First(&o, "id = ?", id).Error
	return o, notFound(err)
}

// DecideAccount closes an order and does what it asks for where it is given.
// ErrLost: somebody was faster.
func (s *Store) DecideAccount(ctx context.Context, o models.AccountOrder, give, alone bool) error {
	res := s.q(ctx).Model(&models.AccountOrder{}).Where("id = ? AND decided_at = 0", o.ID).
		Updates(map[string]any{"decided_by": s.actor.Account, "decided_at": s.Now(), "given": give, "alone": alone})
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	if res.Error != nil || !give {
		return res.Error
	}
	switch o.Kind {
	case models.OrderFactor:
		return s.DropFactor(ctx, o.AccountID)
	case models.OrderChange:
		return s.setAccount(ctx, o.AccountID, map[string]any{"role": o.Role, "region": o.Region, "unit_id": o.UnitID, "department": o.Department})
	}
	return s.setAccount(ctx, o.AccountID, map[string]any{"disabled_at": 0})
}

// AccountFilter says which accounts a list shows.
type AccountFilter struct {
	Role     models.AccountRole
	Region   string
	Disabled bool
}

// AccountPage lists accounts in the order of their login, behind one.
func (s *Store) AccountPage(ctx context.Context, f AccountFilter, after string, limit int) (rows []models.Account, total int64, err error) {
	find := func() *gorm.DB {
		q := s.accounts(s.q(ctx).Model(&models.Account{}))
		if f.Role != "" {
			q = q.Where("role = ?", f.Role)
		}
		if f.Region != "" {
			q = q.Where("region LIKE ?", digits(f.Region)+"%")
		}
		if f.Disabled {
			return q.Where("disabled_at <> 0")
		}
		return q.Where("disabled_at = 0")
	}
	if err = find().Count(&total).Error; err != nil {
		return nil, 0, err
	}
	return rows, total, find().Where("login > ?", after).Order("login").Limit(limit).Find(&rows).Error
}

// HasFactor tells which of some accounts have a second factor, and which are
// bound to a phone.
func (s *Store) HasFactor(ctx context.Context, ids []string) (factor, bound map[string]bool, err error) {
	factor, bound = map[string]bool{}, map[string]bool{}
	var some []string
	if err = s.q(ctx).Model(&AccountFactor{}).Where("account_id IN ?", ids).Pluck("account_id", &some).Error; err != nil {
		return nil, nil, err
	}
	for _, id := range some {
		factor[id] = true
	}
	some = nil
	err = s.q(ctx).Model(&models.Binding{}).Where("role = ? AND ended_at = 0 AND subject_id IN ?", models.RoleAdmin, ids).Pluck("subject_id", &some).Error
	for _, id := range some {
		bound[id] = true
	}
	return factor, bound, err
}

// FreeLogin takes a county's name and the next number that is free: kongtong3.
func (s *Store) FreeLogin(ctx context.Context, region string) (string, error) {
	stem := models.LoginStem(region)
	var taken []string
	err := s.q(ctx).Model(&models.Account{}).Where("login LIKE ?", stem+"%").Pluck("login", &taken).Error
	return models.NextLogin(stem, taken), err
}

// UnitsNamed finds the units of a name.
func (s *Store) UnitsNamed(ctx context.Context, name string) (rows []models.Unit, err error) {
	if name == "" {
		return nil, nil
	}
	return rows, s.q(ctx).Where("name = ?", name).Order("id").Find(&rows).Error
}

// Townships lists a region with what lies below it, down to the townships.
func (s *Store) Townships(ctx context.Context, region string) (rows []models.Region, err error) {
	return rows, s.q(ctx).Where("code LIKE ? AND LENGTH(code) <= 9", digits(region)+"%").Order("code").Find(&rows).Error
}
