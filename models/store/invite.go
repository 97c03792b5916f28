package store

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"aixin/models"
)

// InviteUnit is how far the people of a unit are with binding: its cadres, or the
// contacts of those whom its cadres look after.
type InviteUnit struct {
	ID, Name            string
	People, Bound, Open int // Open: not bound, with a code that still works
}

// asked are the people of a role with the unit of their cadre.
func (s *Store) asked(ctx context.Context, role models.Role) *gorm.DB {
	if role == models.RoleCadre {
		return s.cadres(s.q(ctx).Table("cadre x").Where("x.left_at = 0"), "x.id").Joins("JOIN unit u ON u.id = x.unit_id")
	}
	return s.people(s.q(ctx).Table("contact x"), "x.recipient_id").
		Where("x.kind IN ?", []models.ContactKind{models.ContactGuardian, models.ContactInstitution, models.ContactRelative}).
		Joins("JOIN pairing p ON p.recipient_id = x.recipient_id AND p.line = ? AND p.to_day = ''", models.LinePairing).
		Joins("JOIN cadre c ON c.id = p.cadre_id").Joins("JOIN unit u ON u.id = c.unit_id")
}

// InviteUnits counts, unit by unit, who of a role is bound and who has a code.
func (s *Store) InviteUnits(ctx context.Context, role models.Role) (rows []InviteUnit, err error) {
	bound := s.q(ctx).Table("binding").Select("DISTINCT subject_id").Where("role = ? AND ended_at = 0", role)
	open := s.q(ctx).Table("invitation").Select("DISTINCT subject_id").Where("role = ? AND used_at = 0 AND expires_at > ?", role, s.Now())
	counts := s.asked(ctx, role).Joins("LEFT JOIN (?) b ON b.subject_id = x.id", bound).Joins("LEFT JOIN (?) i ON i.subject_id = x.id", open).
		Select("u.id, COUNT(*) AS people, COUNT(b.subject_id) AS bound, SUM(CASE WHEN b.subject_id IS NULL AND i.subject_id IS NOT NULL THEN 1 ELSE 0 END) AS open").Group("u.id")
	err = s.q(ctx).Table("(?) t", counts).Joins("JOIN unit u ON u.id = t.id").Select("u.id, u.name, t.people, t.bound, t.open").Order("u.name").Scan(&rows).Error
	return rows, err
}

// InviteesOf lists the people of a role in a unit.
func (s *Store) InviteesOf(ctx context.Context, role models.Role, unit string) ([]Invitee, error) {
	var subjects []string
	if err := s.asked(ctx, role).Where("u.id = ?", unit).Distinct().Pluck("x.id", &subjects).Error; err != nil {
		return nil, err
	}
	slices.Sort(subjects)
	name, err := s.UnitName(ctx, unit)
	if err != nil {
		return nil, err
	}
	var out []Invitee
	if role == models.RoleCadre {
		rows, err := s.CadresByID(ctx, subjects)
		for _, c := range rows {
			out = append(out, Invitee{SubjectID: c.ID, Name: c.Name.Reveal(), Unit: name, Phone: c.Phone.Reveal()})
		}
		return out, err
	}
	err = inChunks(subjects, func(part []string) error {
		var rows []models.Contact
		if err := s.q(ctx).Where("id IN ?", part).Order("recipient_id, id").Find(&rows).Error; err != nil {
			return err
		}
		ids := make([]string, len(rows))
		for i, c := range rows {
			ids[i] = c.RecipientID
		}
		names, err := s.recipientNames(ctx, ids)
		for _, c := range rows {
			out = append(out, Invitee{SubjectID: c.ID, Name: c.Name.Reveal(), Unit: name, Phone: c.Phone.Reveal(), Recipient: names[c.RecipientID]})
		}
		return err
	})
	return out, err
}

// OpenCodes tells until when people have a code that works.
func (s *Store) OpenCodes(ctx context.Context, role models.Role, subjects []string) (map[string]models.Instant, error) {
	out := map[string]models.Instant{}
	err := inChunks(subjects, func(part []string) error {
		var rows []models.Invitation
		err := s.q(ctx).Where("role = ? AND used_at = 0 AND expires_at > ? AND subject_id IN ?", role, s.Now(), part).Find(&rows).Error
		for _, i := range rows {
			out[i.SubjectID] = max(out[i.SubjectID], i.ExpiresAt)
		}
		return err
	})
	return out, err
}
