package store

import (
	"context"

	"gorm.io/gorm"

	"aixin/models"
)

// Area narrows a survey: to a unit's own cadres, or to the people of a region.
// The zero value is everybody.
type Area struct{ Unit, Region string }

// Tie is a pairing with where it belongs.
type Tie struct {
	models.Pairing
	UnitID   string
	Region   string // of the recipient
	CareMode models.CareMode
}

// Ties lists the pairings of a line that hold on a day, of people in the register.
func (s *Store) Ties(ctx context.Context, in Area, of models.Line, on models.Day) (rows []Tie, err error) {
	q := s.q(ctx).Table("pairing AS p").
		Select("p.id, p.cadre_id, p.recipient_id, p.line, p.from_day, p.to_day, p.opening_as_of, p.opening_contacts, p.opening_visits, p.opening_helps, p.opening_unknown, p.created_at, c.unit_id, r.region, r.care_mode").
		Joins("JOIN cadre c ON c.id = p.cadre_id").Joins("JOIN recipient r ON r.id = p.recipient_id").
		Where("p.line = ? AND p.from_day <= ? AND (p.to_day = '' OR p.to_day >= ?) AND r.exited_on = ''", of, on, on)
	return rows, s.within(q, in, "c.unit_id", "r.region").Order("r.region, p.id").Scan(&rows).Error
}

// within narrows a query to a place, and to what the actor may see at all.
func (s *Store) within(q *gorm.DB, in Area, unit, region string) *gorm.DB {
	switch a := s.actor; {
	case a.System != "":
	case a.Account != "" && a.Unit != "" && unit != "":
		q = q.Where(unit+" = ?", a.Unit)
	case a.Account != "" && a.Unit == "" && a.Region != "":
		q = q.Where(region+" LIKE ?", a.Region+"%")
	default:
		return q.Where("1 = 0")
	}
	if in.Unit != "" && unit != "" {
		return q.Where(unit+" = ?", in.Unit)
	}
	if in.Region != "" {
		return q.Where(region+" LIKE ?", in.Region+"%")
	}
	return q
}

// LastDays tells when people were last visited or spoken to, since a day; who is
// not in it was not. Without ids it tells of everybody.
func (s *Store) LastDays(ctx context.Context, recipientIDs []string, since models.Day) (map[string]models.Day, error) {
	out := map[string]models.Day{}
	read := func(q *gorm.DB) error {
		var rows []struct {
			RecipientID string
			Day         models.Day
		}
		err := q.Model(&models.Activity{}).Select("recipient_id, MAX(day) AS day").
			Where("voided_at = 0 AND kind IN ? AND day >= ?", []models.Kind{models.KindVisit, models.KindContact}, since).Group("recipient_id").Scan(&rows).Error
		for _, r := range rows {
			out[r.RecipientID] = r.Day
		}
		return err
	}
	if recipientIDs == nil {
		return out, read(s.q(ctx))
	}
	return out, inChunks(recipientIDs, func(part []string) error { return read(s.q(ctx).Where("recipient_id IN ?", part)) })
}

// Unpaired lists the people of a place whom no pairing holds on a day.
func (s *Store) Unpaired(ctx context.Context, in Area, on models.Day) (rows []models.Recipient, err error) {
	if in.Unit != "" {
		return nil, nil
	}
	q := s.q(ctx).Model(&models.Recipient{}).Select("id", "name", "region", "number").
		Where("exited_on = '' AND NOT EXISTS (SELECT 1 FROM pairing p WHERE p.recipient_id = recipient.id AND p.line = ? AND p.from_day <= ? AND (p.to_day = '' OR p.to_day >= ?))", models.LinePairing, on, on)
	return rows, s.within(q, in, "", "region").Order("region, id").Find(&rows).Error
}

// LateNeeds lists the needs of a place that an office has not taken, or not
// done, in time.
func (s *Store) LateNeeds(ctx context.Context, in Area, now models.Instant) (rows []models.Need, err error) {
	if in.Unit != "" {
		return nil, nil
	}
	q := s.q(ctx).Model(&models.Need{}).Where("state IN ? AND paused_at = 0 AND (step > 0 OR due_at > 0 AND due_at < ?)",
		[]models.NeedState{models.NeedChecking, models.NeedPassed, models.NeedTaken}, now)
	return rows, s.within(q, in, "", "region").Order("region, raised_at").Find(&rows).Error
}

// Moves are changes of the register in a village, and of a unit's pairings.
type Moves struct {
	UnitID, Region string
	N              int
}

// Moved counts the changes of the register between two days: pairings that began
// or ended, and people who left.
func (s *Store) Moved(ctx context.Context, in Area, from, to models.Day) (out []Moves, err error) {
	count := func(q *gorm.DB, unit string) error {
		var rows []Moves
		err := q.Select(unit + " AS unit_id, r.region AS region, count(*) AS n").Group("unit_id, r.region").Scan(&rows).Error
		out = append(out, rows...)
		return err
	}
	pairings := s.q(ctx).Table("pairing AS p").Joins("JOIN cadre c ON c.id = p.cadre_id").Joins("JOIN recipient r ON r.id = p.recipient_id").
		Where("p.line = ? AND (p.from_day BETWEEN ? AND ? OR p.to_day BETWEEN ? AND ?)", models.LinePairing, from, to, from, to)
	if err := count(s.within(pairings, in, "c.unit_id", "r.region"), "c.unit_id"); err != nil || in.Unit != "" {
		return out, err
	}
	people := s.q(ctx).Table("recipient AS r").Where("r.exited_on BETWEEN ? AND ?", from, to)
	return out, count(s.within(people, in, "", "r.region"), "''")
}

// UnitPeople counts the cadres of units, and those who are bound, by unit.
func (s *Store) UnitPeople(ctx context.Context) (all, bound map[string]int, err error) {
	all, bound = map[string]int{}, map[string]int{}
	var rows []struct {
		UnitID   string
		N, Bound int
	}
	err = s.q(ctx).Table("cadre c").Joins("LEFT JOIN (?) b ON b.subject_id = c.id", s.q(ctx).Table("binding").Select("DISTINCT subject_id").Where("role = ? AND ended_at = 0", models.RoleCadre)).
		Select("c.unit_id, COUNT(*) AS n, COUNT(b.subject_id) AS bound").Where("c.left_at = 0").Group("c.unit_id").Scan(&rows).Error
	for _, r := range rows {
		all[r.UnitID], bound[r.UnitID] = r.N, r.Bound
	}
	return all, bound, err
}
