package store

import "gorm.io/gorm"

// people narrows a query over recipients to those the actor may see. The column
// names the recipient's id in that query.
func (s *Store) people(q *gorm.DB, column string) *gorm.DB {
	a := s.actor
	switch {
	case a.System != "":
		return q
	case a.Account != "" && a.Region != "":
		return q.Where(column+" IN (SELECT id FROM recipient WHERE region LIKE ?)", a.Region+"%")
	case a.Cadre != "":
		return q.Where(column+" IN (SELECT recipient_id FROM pairing WHERE cadre_id = ?)", a.Cadre)
	case a.Contact != "":
		return q.Where(column+" IN (SELECT recipient_id FROM contact WHERE id = ?)", a.Contact)
	}
	return q.Where("1 = 0")
}

// cadres narrows a query over cadres likewise.
func (s *Store) cadres(q *gorm.DB, column string) *gorm.DB {
	a := s.actor
	switch {
	case a.System != "":
		return q
	case a.Account != "" && a.Unit != "":
		return q.Where(column+" IN (SELECT id FROM cadre WHERE unit_id = ?)", a.Unit)
	case a.Account != "" && a.Region != "":
		return q.Where(column+" IN (SELECT id FROM cadre WHERE region LIKE ?)", a.Region+"%")
	case a.Cadre != "":
		return q.Where(column+" = ?", a.Cadre)
	case a.Contact != "":
		return q.Where(column+" IN (SELECT p.cadre_id FROM pairing p JOIN contact c ON c.recipient_id = p.recipient_id WHERE c.id = ?)", a.Contact)
	}
	return q.Where("1 = 0")
}
