package store

import (
	"context"

	"gorm.io/gorm/clause"

	"aixin/models"
)

// Regions lists all regions, parents first.
func (s *Store) Regions(ctx context.Context) (rows []models.Region, err error) {
	return rows, s.q(ctx).Order("code").Find(&rows).Error
}

// CadresByID finds several cadres, in no order.
func (s *Store) CadresByID(ctx context.Context, ids []string) (rows []models.Cadre, err error) {
	err = inChunks(ids, func(part []string) error {
		var some []models.Cadre
		err := s.cadres(s.q(ctx), "id").Where("id IN ?", part).Find(&some).Error
		rows = append(rows, some...)
		return err
	})
	return rows, err
}

// Neighbours gives the recipients of some regions with the few fields that tell
// whether two are the same person.
func (s *Store) Neighbours(ctx context.Context, regions []string, each func(models.Recipient)) error {
	return inChunks(regions, func(part []string) error {
		var some []models.Recipient
		err := s.people(s.q(ctx), "id").Select("id", "number", "name", "birth", "region", "id_idx").
			Where("region IN ?", part).Order("number").Find(&some).Error
		for _, r := range some {
			each(r)
		}
		return err
	})
}

// NumbersLike lists the 编号 that begin with a prefix, of the whole city: they are
// one series, whoever looks, and tell nothing of anybody.
func (s *Store) NumbersLike(ctx context.Context, prefix string) (numbers []string, err error) {
	err = s.q(ctx).Model(&models.Recipient{}).Where("number LIKE ?", prefix+"%").Pluck("number", &numbers).Error
	return numbers, err
}

// LockRecipients keeps others from pairing these people until the transaction
// ends; what is read afterwards is what they left.
func (s *Store) LockRecipients(ctx context.Context, ids []string) error {
	return inChunks(ids, func(part []string) error {
		var locked []string
		return s.q(ctx).Model(&models.Recipient{}).Clauses(clause.Locking{Strength: "UPDATE"}).
			Where("id IN ?", part).Order("id").Pluck("id", &locked).Error
	})
}

// Caseloads counts the people that cadres are paired with now.
func (s *Store) Caseloads(ctx context.Context, cadreIDs []string) (map[string]int, error) {
	out := map[string]int{}
	err := inChunks(cadreIDs, func(part []string) error {
		var rows []struct {
			CadreID string
			N       int
		}
		err := s.cadres(s.q(ctx), "cadre_id").Model(&models.Pairing{}).Select("cadre_id, count(*) AS n").
			Where("cadre_id IN ? AND line = ? AND to_day = ''", part, models.LinePairing).Group("cadre_id").Scan(&rows).Error
		for _, r := range rows {
			out[r.CadreID] = r.N
		}
		return err
	})
	return out, err
}

// InviteAll makes a code for each subject, in their order, in one statement.
func (s *Store) InviteAll(ctx context.Context, role models.Role, subjects []string) (codes []string, err error) {
	rows := make([]models.Invitation, len(subjects))
	for i, subject := range subjects {
		code := models.NewCode()
		codes = append(codes, code)
		rows[i] = models.Invitation{
			ID: s.NewID(), Role: role, SubjectID: subject, CodeIdx: s.db.keys.Index("code", code),
			CreatedAt: s.Now(), ExpiresAt: s.Now().Add(InvitationLife),
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return codes, s.Create(ctx, &rows)
}

// CaringUnits names, for each contact person (or each recipient, as the role
// says), the unit whose cadre is paired with the recipient now.
func (s *Store) CaringUnits(ctx context.Context, role models.Role) (map[string]string, error) {
	q := s.people(s.q(ctx), "p.recipient_id").Table("pairing p").
		Joins("JOIN cadre c ON c.id = p.cadre_id").Joins("JOIN unit u ON u.id = c.unit_id").
		Where("p.line = ? AND p.to_day = ''", models.LinePairing)
	if role == models.RoleGuardian {
		q = q.Joins("JOIN contact k ON k.recipient_id = p.recipient_id").Select("k.id AS subject, u.name AS unit")
	} else {
		q = q.Select("p.recipient_id AS subject, u.name AS unit")
	}
	var rows []struct{ Subject, Unit string }
	err := q.Scan(&rows).Error
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.Subject] = r.Unit
	}
	return out, err
}
