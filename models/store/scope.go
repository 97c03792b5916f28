package store

import (
	"time"

	"gorm.io/gorm"

	"aixin/models"
)

// people narrows a query over recipients to those the actor may see. The column
// names the recipient's id in that query.
func (s *Store) people(q *gorm.DB, column string) *gorm.DB {
	a := s.actor
	switch {
	case a.System != "":
		return q
	case a.Account != "" && !s.inArea(models.ObjectPerson):
		return s.onCase(q, column)
	case a.Account != "" && a.Unit != "":
		return q.Where(column+" IN (SELECT recipient_id FROM pairing WHERE cadre_id IN (SELECT id FROM cadre WHERE unit_id = ?))", a.Unit)
	case a.Account != "" && a.Region == models.CityCode:
		return q // every place lies in the city
	case a.Account != "" && a.Region != "":
		return q.Where(column+" IN (SELECT id FROM recipient WHERE region LIKE ?)", a.Region+"%")
	case a.Cadre != "":
		// A deputy sees the people while it lasts; a day more lets the last record be corrected.
		yesterday := models.DayOf(s.Now().Time(), time.UTC).Add(-1)
		return q.Where("("+column+" IN (SELECT recipient_id FROM pairing WHERE cadre_id = ?) OR "+column+` IN (SELECT p.recipient_id FROM pairing p
			JOIN delegation d ON d.pairing_id = p.id WHERE d.deputy_id = ? AND d.voided_at = 0 AND d.to_day >= ?))`, a.Cadre, a.Cadre, yesterday)
	case a.Contact != "":
		return q.Where(column+" IN (SELECT recipient_id FROM contact WHERE id = ?)", a.Contact)
	}
	return q.Where("1 = 0")
}

// inArea tells whether an administrator's role sees the objects of its area, as
// against those of its cases alone, or none. An actor without a role is one that
// a conversation made for a single act.
func (s *Store) inArea(o models.Object) bool {
	if s.actor.Role == "" {
		return true
	}
	at, ok := models.Reach(s.actor.Role, o)
	return ok && at <= models.InArea
}

// onCase narrows a query over recipients to those whom the actor's cases are
// about.
func (s *Store) onCase(q *gorm.DB, column string) *gorm.DB {
	a := s.actor
	switch {
	case a.Region == "":
	case a.Role == models.AccountDepartment && a.Department != "":
		return q.Where(column+" IN (SELECT recipient_id FROM need WHERE region LIKE ? AND department = ?)", a.Region+"%", a.Department)
	case a.Role == models.AccountChecker:
		return q.Where(column+" IN (SELECT recipient_id FROM spot_check WHERE region LIKE ?)", a.Region+"%")
	case a.Role == models.AccountDuty:
		return q.Where(column+" IN (SELECT recipient_id FROM danger WHERE region LIKE ?)", a.Region+"%")
	}
	return q.Where("1 = 0")
}

// cadres narrows a query over cadres likewise.
func (s *Store) cadres(q *gorm.DB, column string) *gorm.DB {
	a := s.actor
	switch {
	case a.System != "":
		return q
	case a.Account != "" && !s.inArea(models.ObjectCadre):
		return q.Where("1 = 0")
	case a.Account != "" && a.Unit != "":
		return q.Where(column+" IN (SELECT id FROM cadre WHERE unit_id = ?)", a.Unit)
	case a.Account != "" && a.Region == models.CityCode:
		return q
	case a.Account != "" && a.Region != "":
		return q.Where(column+" IN (SELECT id FROM cadre WHERE region LIKE ?)", a.Region+"%")
	case a.Cadre != "":
		return q.Where(column+" = ?", a.Cadre)
	case a.Contact != "":
		return q.Where(column+" IN (SELECT p.cadre_id FROM pairing p JOIN contact c ON c.recipient_id = p.recipient_id WHERE c.id = ?)", a.Contact)
	}
	return q.Where("1 = 0")
}
