package store

import (
	"context"

	"gorm.io/gorm"

	"aixin/models"
)

// accounts narrows a query over accounts: an administrator sees the own one, and
// those of the area where the table of permissions gives them.
func (s *Store) accounts(q *gorm.DB) *gorm.DB {
	switch a := s.actor; {
	case a.System != "":
		return q
	case a.Account != "" && a.Role != "" && a.Region != "" && a.Unit == "" && s.inArea(models.ObjectAccount):
		return q.Where("(id = ? OR region LIKE ?)", a.Account, a.Region+"%")
	case a.Account != "":
		return q.Where("id = ?", a.Account)
	}
	return q.Where("1 = 0")
}

// AddAccount enters a new account. A login that is taken gives an error for
// which IsDuplicate holds.
func (s *Store) AddAccount(ctx context.Context, a *models.Account) error {
	a.ID, a.CreatedAt = s.NewID(), s.Now()
	return s.q(ctx).Create(a).Error
}

// Account finds one.
func (s *Store) Account(ctx context.Context, id string) (a models.Account, err error) {
	err = s.accounts(s.q(ctx)).First(&a, "id = ?", id).Error
	return a, notFound(err)
}

// AccountByLogin finds the account that somebody wants to sign in to; nobody is
// known yet, so there is no scope.
func (s *Store) AccountByLogin(ctx context.Context, login string) (a models.Account, err error) {
	err = s.q(ctx).First(&a, "login = ?", login).Error
	return a, notFound(err)
}

// Accounts lists the accounts in the order of their login.
func (s *Store) Accounts(ctx context.Context) (rows []models.Account, err error) {
	return rows, s.accounts(s.q(ctx)).Order("login").Find(&rows).Error
}

// AccountsFor lists the accounts in use of some roles whose region is one of
// regions: with a place and those above it, whoever answers for the place.
func (s *Store) AccountsFor(ctx context.Context, roles []models.AccountRole, regions []string) (rows []models.Account, err error) {
	err = s.accounts(s.q(ctx)).Where("role IN ? AND region IN ? AND disabled_at = 0", roles, regions).Order("region DESC, login").Find(&rows).Error
	return rows, err
}

// SetPassword stores a password's hash; chosen is zero for a first password,
// which its holder is asked to change.
func (s *Store) SetPassword(ctx context.Context, id, hash string, chosen models.Instant) error {
	return s.setAccount(ctx, id, map[string]any{"password": hash, "password_at": chosen})
}

// MarkSeen notes a sign-in.
func (s *Store) MarkSeen(ctx context.Context, id string) error {
	return s.setAccount(ctx, id, map[string]any{"seen_at": s.Now()})
}

// DisableAccount ends an account; its row stays for the audit. Its phone gets
// nothing more either.
func (s *Store) DisableAccount(ctx context.Context, id string) error {
	if err := s.setAccount(ctx, id, map[string]any{"disabled_at": s.Now()}); err != nil {
		return err
	}
	err := s.q(ctx).Model(&models.Invitation{}).Where("subject_id = ? AND role = ? AND used_at = 0", id, models.RoleAdmin).Update("used_at", s.Now()).Error
	if err != nil {
		return err
	}
	return s.q(ctx).Model(&models.Binding{}).Where("subject_id = ? AND role = ? AND ended_at = 0", id, models.RoleAdmin).Update("ended_at", s.Now()).Error
}

func (s *Store) setAccount(ctx context.Context, id string, set map[string]any) error {
	res := s.accounts(s.q(ctx).Model(&models.Account{})).Where("id = ?", id).Updates(set)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrNotFound
	}
	return res.Error
}

// CountAudit counts the audit rows of an action.
func (s *Store) CountAudit(ctx context.Context, action string) (n int64, err error) {
	q := s.q(ctx).Model(&Audit{}).Where("action = ?", action)
	if s.actor.System == "" {
		q = q.Where("actor = ?", s.actor.String())
	}
	return n, q.Count(&n).Error
}

// AdminInvitees lists the accounts in use, which bind their openid by a code
// too; the unit tells the office.
func (s *Store) AdminInvitees(ctx context.Context) ([]Invitee, error) {
	var rows []models.Account
	if err := s.accounts(s.q(ctx)).Where("disabled_at = 0").Order("region, login").Find(&rows).Error; err != nil {
		return nil, err
	}
	units, err := s.unitNames(ctx)
	if err != nil {
		return nil, err
	}
	places, err := s.Regions(ctx)
	if err != nil {
		return nil, err
	}
	paths := make(map[string]string, len(places))
	for _, p := range places {
		paths[p.Code] = p.Path
	}
	out := make([]Invitee, len(rows))
	for i, a := range rows {
		office := paths[a.Region] + " " + a.Role.Label()
		if a.UnitID != "" {
			office = units[a.UnitID]
		}
		out[i] = Invitee{SubjectID: a.ID, Name: a.Name.Reveal(), Unit: office}
	}
	return out, nil
}
