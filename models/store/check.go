package store

import (
	"context"

	"gorm.io/gorm"

	"aixin/models"
)

// hiddenAmong is how many other households are asked along with one about which
// a family said no, so that nobody can tell which it was (users.md 三.5).
const hiddenAmong = 5

// hiddenDays is how many days the asking waits at least.
const hiddenDays = 3

// AddHiddenCheck puts a visit that a family did not confirm on the phone list,
// among others of the same county and some days later. origin says where the
// doubt comes from; no page that asks shows it.
func (s *Store) AddHiddenCheck(ctx context.Context, recipientID, cadreID string, day models.Day, origin models.Secret, today models.Day) error {
	all := s.As(models.Actor{System: "company on a phone list"})
	person, err := all.Recipient(ctx, recipientID)
	if err != nil {
		return err
	}
	rows, err := all.recentVisits(ctx, person.Region[:min(6, len(person.Region))], today)
	if err != nil {
		return err
	}
	seed := s.NewID()
	own := models.Candidate{RecipientID: recipientID, CadreID: cadreID, Region: person.Region, Day: day}
	others := make([]models.Candidate, 0, len(rows))
	for _, c := range rows {
		switch {
		case c.RecipientID == recipientID && c.CadreID == cadreID:
			own.UnitID = c.UnitID
		case c.RecipientID != recipientID:
			others = append(others, c)
		}
	}
	if own.UnitID == "" {
		var cadre models.Cadre
		if err := s.q(ctx).Select("id", "unit_id").First(&cadre, "id = ?", cadreID).Error; err != nil {
			return notFound(err)
		}
		own.UnitID = cadre.UnitID
	}
	key := func(c models.Candidate) string { return c.RecipientID }
	list := models.Pick(append(models.Pick(others, hiddenAmong, seed, key), own), hiddenAmong+1, seed+"order", key)
	checks := make([]models.SpotCheck, len(list))
	for i, c := range list {
		checks[i] = s.checkOf(c, models.MonthOf(today), today.Add(hiddenDays))
		if c.RecipientID == recipientID {
			checks[i].Origin = origin
		}
	}
	return s.Create(ctx, &checks)
}

func (s *Store) checkOf(c models.Candidate, month models.Month, from models.Day) models.SpotCheck {
	return models.SpotCheck{
		ID: s.NewID(), Month: month, RecipientID: c.RecipientID, CadreID: c.CadreID, UnitID: c.UnitID, Region: c.Region, Day: c.Day,
		AskFrom: from, CreatedAt: s.Now(),
	}
}

// recentVisits lists the last visit of each person of a place in two months, for
// company on a phone list.
func (s *Store) recentVisits(ctx context.Context, region string, today models.Day) (rows []models.Candidate, err error) {
	err = s.q(ctx).Raw(`SELECT a.recipient_id, a.cadre_id, c.unit_id, r.region, MAX(a.day) AS day
FROM activity a JOIN recipient r ON r.id = a.recipient_id JOIN cadre c ON c.id = a.cadre_id
WHERE a.kind = 'visit' AND a.voided_at = 0 AND a.day BETWEEN ? AND ? AND r.region LIKE ? AND r.exited_on = ''
GROUP BY a.recipient_id, a.cadre_id, c.unit_id, r.region ORDER BY a.recipient_id, a.cadre_id LIMIT 2000`, today.Add(-60), today, region+"%").Scan(&rows).Error
	seen := map[string]bool{}
	one := rows[:0]
	for _, c := range rows {
		if !seen[c.RecipientID] {
			one = append(one, c)
		}
		seen[c.RecipientID] = true
	}
	return one, err
}

// SpotChecks lists a month's checks in the order in which they are asked.
func (s *Store) SpotChecks(ctx context.Context, month models.Month) (rows []models.SpotCheck, err error) {
	return rows, s.places(s.q(ctx), "region").Where("month = ?", month).Order("ask_from, id").Find(&rows).Error
}

// places narrows a query over rows of a place to those of the actor's: an
// office's region, nothing for anybody else.
func (s *Store) places(q *gorm.DB, column string) *gorm.DB {
	switch a := s.actor; {
	case a.System != "":
		return q
	case a.Account != "" && a.Region != "" && a.Unit == "":
		return q.Where(column+" LIKE ?", a.Region+"%")
	}
	return q.Where("1 = 0")
}

// CheckSeed finds the seed of a month.
func (s *Store) CheckSeed(ctx context.Context, month models.Month) (row models.CheckSeed, err error) {
	err = s.q(ctx).First(&row, "month = ?", month).Error
	return row, notFound(err)
}
