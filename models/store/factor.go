package store

import (
	"context"
	"crypto/rand"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"aixin/models"
)

// AccountFactor is the second factor of an account: the secret that its phone
// holds too, and what is left of its recovery codes, as keyed hashes.
type AccountFactor struct {
	AccountID  string `gorm:"primaryKey"`
	Secret     models.Secret
	Codes      models.Secret
	LastStep   int64 // a code is good once
	EnrolledAt models.Instant
}

// recoveryCodes is how many codes there are for the day the phone is lost.
const recoveryCodes = 8

// Factor finds the second factor of the actor's account.
func (s *Store) Factor(ctx context.Context) (f AccountFactor, err error) {
	err = s.q(ctx).First(&f, "account_id = ?", s.actor.Account).Error
	return f, notFound(err)
}

// Enrol stores the actor's second factor, over an older one, and gives recovery
// codes, which nobody can read again.
func (s *Store) Enrol(ctx context.Context, secret string, step int64) (codes []string, err error) {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	var kept []string
	for range recoveryCodes {
		raw := make([]byte, 10)
		rand.Read(raw)
		for i, b := range raw {
			raw[i] = letters[int(b)%len(letters)]
		}
		codes = append(codes, string(raw[:5])+"-"+string(raw[5:]))
		kept = append(kept, s.db.keys.Index("recovery", string(raw))[:22])
	}
	row := AccountFactor{
		AccountID: s.actor.Account, Secret: models.Conceal(secret), Codes: models.Conceal(strings.Join(kept, ",")), LastStep: step, EnrolledAt: s.Now(),
	}
	return codes, s.q(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

// UseStep notes the time step of a code that was right; false where it was used
// before, or an earlier one than the last.
func (s *Store) UseStep(ctx context.Context, step int64) (bool, error) {
	res := s.q(ctx).Model(&AccountFactor{}).Where("account_id = ? AND last_step < ?", s.actor.Account, step).Update("last_step", step)
	return res.RowsAffected == 1, res.Error
}

// UseRecovery takes a recovery code off the list; false where it is not on it.
func (s *Store) UseRecovery(ctx context.Context, code string) (ok bool, err error) {
	code = s.db.keys.Index("recovery", strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code)))[:22]
	err = s.InTx(ctx, func(tx *Store) error {
		ok = false
		var f AccountFactor
		// The row is locked first: a code works once.
		if err := tx.q(ctx).Model(&AccountFactor{}).Where("account_id = ?", tx.actor.Account).Update("last_step", gorm.Expr("last_step")).Error; err != nil {
			return err
		}
		if err := tx.q(ctx).First(&f, "account_id = ?", tx.actor.Account).Error; err != nil {
			return notFound(err)
		}
		var left []string
		for c := range strings.SplitSeq(f.Codes.Reveal(), ",") {
			if c == code {
				ok = true
			} else if c != "" {
				left = append(left, c)
			}
		}
		if !ok {
			return nil
		}
		f.Codes = models.Conceal(strings.Join(left, ","))
		return tx.q(ctx).Model(&f).Select("codes").Updates(&f).Error
	})
	return ok, err
}

// DropFactor takes the second factor from an account whose phone is lost; it is
// asked to enrol again.
func (s *Store) DropFactor(ctx context.Context, account string) error {
	return s.q(ctx).Delete(&AccountFactor{}, "account_id = ?", account).Error
}
