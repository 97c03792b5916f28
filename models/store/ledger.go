package store

import (
	"context"

	"gorm.io/gorm/clause"

	"aixin/models"
)

// holdsOn is the condition under which a pairing holds on a day, asked twice.
const holdsOn = "from_day <= ? AND (to_day = '' OR to_day >= ?)"

// StartPairing begins a pairing. It runs in a transaction that has locked the
// recipient; what stands against it gives ErrLost.
func (s *Store) StartPairing(ctx context.Context, p *models.Pairing) error {
	var rivals int64
	err := s.q(ctx).Model(&models.Pairing{}).
		Where("recipient_id = ? AND line = ? AND (to_day = '' OR to_day >= ?)", p.RecipientID, p.Line, p.FromDay).
		Count(&rivals).Error
	if err != nil {
		return err
	}
	if rivals > 0 {
		return ErrLost
	}
	p.ID, p.CreatedAt = s.NewID(), s.Now()
	return s.q(ctx).Create(p).Error
}

// EndPairing writes the last day of a pairing that lasts, and why; it is the one
// thing that is ever written into its row. Who looked after it for the cadre is
// done with it too.
func (s *Store) EndPairing(ctx context.Context, p models.Pairing, last models.Day, reason, adjustment string) error {
	res := s.q(ctx).Model(&models.Pairing{}).Where("id = ? AND to_day = ''", p.ID).
		Updates(map[string]any{"to_day": last, "reason": reason, "ended_at": s.Now(), "ended_by": adjustment})
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	if res.Error != nil {
		return res.Error
	}
	_, err := s.EndDelegations(ctx, []string{p.ID}, last.Add(1))
	return err
}

// EndDeputy ends what somebody looks after for others, who leaves.
func (s *Store) EndDeputy(ctx context.Context, cadreID string, last models.Day) error {
	return s.q(ctx).Model(&models.Delegation{}).Where("deputy_id = ? AND to_day > ? AND voided_at = 0", cadreID, last).Update("to_day", last).Error
}

// LastingPairings lists the pairings without an end of a recipient, or of a
// cadre. It looks past the actor's scope: who may change them is decided before.
func (s *Store) LastingPairings(ctx context.Context, recipientID, cadreID string) (rows []models.Pairing, err error) {
	q := s.q(ctx).Where("to_day = ''")
	if recipientID != "" {
		q = q.Where("recipient_id = ?", recipientID)
	}
	if cadreID != "" {
		q = q.Where("cadre_id = ?", cadreID)
	}
	return rows, q.Order("recipient_id, line").Find(&rows).Error
}

// Parties finds the people of a change request and the ledger, past the actor's
// scope: a county must name the city's cadre to whom its people go.
func (s *Store) Parties(ctx context.Context, recipients, cadres []string) (map[string]models.Recipient, map[string]models.Cadre, error) {
	people, staff := map[string]models.Recipient{}, map[string]models.Cadre{}
	err := inChunks(recipients, func(part []string) error {
		var rows []models.Recipient
		err := s.q(ctx).Where("id IN ?", part).Find(&rows).Error
		for _, r := range rows {
			people[r.ID] = r
		}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	err = inChunks(cadres, func(part []string) error {
		var rows []models.Cadre
		err := s.q(ctx).Where("id IN ?", part).Find(&rows).Error
		for _, c := range rows {
			staff[c.ID] = c
		}
		return err
	})
	return people, staff, err
}

// CadreWithPhone finds a cadre by the number as it is dialled, wherever at home.
func (s *Store) CadreWithPhone(ctx context.Context, phone string) (c models.Cadre, err error) {
	err = s.q(ctx).First(&c, "phone_idx = ?", s.PhoneIndex(phone)).Error
	return c, notFound(err)
}

// AddMovement writes a step of somebody through the register.
func (s *Store) AddMovement(ctx context.Context, m models.Movement) error {
	m.ID, m.RecordedAt = s.NewID(), s.Now()
	return s.q(ctx).Create(&m).Error
}

// SetStanding writes where a recipient stands now: the place and the day of
// leaving, which movements explain.
func (s *Store) SetStanding(ctx context.Context, recipientID, region string, exited models.Day) error {
	return s.q(ctx).Model(&models.Recipient{}).Where("id = ?", recipientID).
		Updates(map[string]any{"region": region, "exited_on": exited, "updated_at": s.Now()}).Error
}

// SetPost writes where a cadre works now, and when the cadre left.
func (s *Store) SetPost(ctx context.Context, cadreID, unit, region string, left models.Instant) error {
	return s.q(ctx).Model(&models.Cadre{}).Where("id = ?", cadreID).
		Updates(map[string]any{"unit_id": unit, "region": region, "left_at": left, "updated_at": s.Now()}).Error
}

// EnterFrom moves the day on which people came into the register back to their
// first pairing, where that is earlier: a workbook tells of years before.
func (s *Store) EnterFrom(ctx context.Context, recipientIDs []string) error {
	const first = "(SELECT MIN(p.from_day) FROM pairing p WHERE p.recipient_id = recipient.id)"
	return inChunks(recipientIDs, func(part []string) error {
		return s.q(ctx).Exec("UPDATE recipient SET entered_on = "+first+" WHERE id IN ? AND entered_on > "+first, part).Error
	})
}

// LockCadres keeps others from changing these cadres until the transaction ends.
func (s *Store) LockCadres(ctx context.Context, ids []string) error {
	return inChunks(ids, func(part []string) error {
		var locked []string
		return s.q(ctx).Model(&models.Cadre{}).Clauses(clause.Locking{Strength: "UPDATE"}).Where("id IN ?", part).Order("id").Pluck("id", &locked).Error
	})
}
