package store

import (
	"context"
	"time"

	"aixin/models"
)

// AccessGrant lets one account see one person whole for a while: asked for with a
// reason, given by another account that is named, over by itself.
type AccessGrant struct {
	ID          string `gorm:"primaryKey"`
	AccountID   string
	RecipientID string
	Region      string
	Reason      models.Secret
	AskedAt     models.Instant
	DecidedBy   string
	DecidedAt   models.Instant
	UntilAt     models.Instant // when it ends; zero where it was refused
}

// GrantLife is how long a grant lasts.
const GrantLife = 3 * time.Hour

// AskGrant asks for sight of a person; what is asked already is asked once.
func (s *Store) AskGrant(ctx context.Context, r models.Recipient, reason string) error {
	g := AccessGrant{ID: s.NewID(), AccountID: s.actor.Account, RecipientID: r.ID, Region: r.Region, Reason: models.Conceal(reason), AskedAt: s.Now()}
	if open, err := s.GrantFor(ctx, r.ID); err != nil || open.ID != "" && (open.DecidedAt == 0 || open.UntilAt > s.Now()) {
		return err
	}
	return s.q(ctx).Create(&g).Error
}

// GrantFor finds the actor's newest grant for a person; the zero one is none.
func (s *Store) GrantFor(ctx context.Context, recipientID string) (g AccessGrant, err error) {
	var rows []AccessGrant
	err = s.q(ctx).Where("account_id = ? AND recipient_id = ?", s.actor.Account, recipientID).Order("asked_at DESC, id DESC").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return AccessGrant{}, err
	}
	return rows[0], nil
}

// Grants lists what was asked for in the actor's place, the open ones first.
func (s *Store) Grants(ctx context.Context, limit int) (rows []AccessGrant, err error) {
	a := s.actor
	q := s.q(ctx)
	switch {
	case a.System != "":
	case a.Account != "" && a.Region != "" && a.Unit == "" && s.inArea(models.ObjectGrant):
		q = q.Where("region LIKE ?", a.Region+"%")
	case a.Account != "":
		q = q.Where("account_id = ?", a.Account)
	default:
		return nil, nil
	}
	return rows, q.Order("CASE WHEN decided_at = 0 THEN 0 ELSE 1 END, asked_at DESC").Limit(limit).Find(&rows).Error
}

// DecideGrant gives or refuses what somebody else asked for; ErrNotFound where it
// is not the actor's to decide, ErrLost where it was decided before.
func (s *Store) DecideGrant(ctx context.Context, id string, give bool) (g AccessGrant, err error) {
	if err = s.q(ctx).First(&g, "id = ?", id).Error; err != nil {
		return g, notFound(err)
	}
	may := models.May(s.actor.Role, models.ObjectGrant, models.InArea).Allows(models.Write)
	if !may || g.AccountID == s.actor.Account || s.actor.Region == "" || !models.Holds(s.actor.Region, g.Region) {
		return g, ErrNotFound
	}
	until := models.Instant(0)
	if give {
		until = s.Now().Add(GrantLife)
	}
	res := s.q(ctx).Model(&AccessGrant{}).Where("id = ? AND decided_at = 0", id).
		Updates(map[string]any{"decided_by": s.actor.Account, "decided_at": s.Now(), "until_at": until})
	if res.Error == nil && res.RowsAffected == 0 {
		return g, ErrLost
	}
	g.UntilAt = until
	return g, res.Error
}
