package store

import (
	"context"

	"gorm.io/gorm"

	"aixin/models"
)

// Stock is the balance of recipients below a region between two days, both of
// them counted: 期初 + 新增 − 退出 ± 迁移 = 期末. Most people did nothing in that
// time and are counted by the database; the others are gone through one by one.
func (s *Store) Stock(ctx context.Context, region string, from, to models.Day) (models.Stock, error) {
	out := models.Stock{Region: digits(region), From: from, To: to}
	if s.actor.System == "" && (s.actor.Account == "" || !models.Holds(s.actor.Region, region)) {
		return out, ErrNotFound
	}
	moved := s.q(ctx).Model(&models.Movement{}).Select("subject_id").Where("noun = ? AND moved_on >= ?", models.NounRecipient, from)
	var still struct{ Opening, Entered int }
	err := s.q(ctx).Model(&models.Recipient{}).
		Select("COALESCE(SUM(CASE WHEN entered_on < ? THEN 1 ELSE 0 END), 0) AS opening, COALESCE(SUM(CASE WHEN entered_on BETWEEN ? AND ? THEN 1 ELSE 0 END), 0) AS entered", from, from, to).
		Where("region LIKE ? AND exited_on = '' AND id NOT IN (?)", out.Region+"%", moved).Scan(&still).Error
	if err != nil {
		return out, err
	}
	out.Opening, out.In, out.Closing = still.Opening, still.Entered, still.Opening+still.Entered
	if still.Entered > 0 {
		out.InWhy = map[string]int{models.ReasonNew: still.Entered}
	}
	lives, err := s.lives(ctx, func(q *gorm.DB) *gorm.DB {
		return q.Where("id IN (?) OR exited_on >= ?", moved, from)
	})
	for _, l := range lives {
		out.Add(l)
	}
	return out, err
}

// StockMember is somebody by whom the balance of a place moved: his own part of
// it, and the day of it.
type StockMember struct {
	ID  string
	Day models.Day
	models.Stock
}

// StockMembers lists who came to a place, left it or moved between two days, and
// whose own part does not come out: the people behind the numbers of Stock.
func (s *Store) StockMembers(ctx context.Context, region string, from, to models.Day) ([]StockMember, error) {
	if s.actor.System == "" && (s.actor.Account == "" || !models.Holds(s.actor.Region, region)) {
		return nil, ErrNotFound
	}
	moved := s.q(ctx).Model(&models.Movement{}).Select("subject_id").Where("noun = ? AND moved_on >= ?", models.NounRecipient, from)
	lives, err := s.lives(ctx, func(q *gorm.DB) *gorm.DB {
		return q.Where("id IN (?) OR exited_on >= ? OR region LIKE ? AND entered_on BETWEEN ? AND ?", moved, from, digits(region)+"%", from, to).Order("region, id")
	})
	var out []StockMember
	for _, l := range lives {
		m := StockMember{ID: l.ID, Day: l.EnteredOn, Stock: models.Stock{Region: digits(region), From: from, To: to}}
		if m.Add(l); m.In+m.Out+m.MovedIn+m.MovedOut == 0 && m.Balanced() {
			continue
		}
		for _, step := range l.Moves {
			if from <= step.MovedOn && step.MovedOn <= to {
				m.Day = step.MovedOn
			}
		}
		if m.Out > 0 && l.ExitedOn != "" {
			m.Day = l.ExitedOn
		}
		out = append(out, m)
	}
	return out, err
}

// lives reads people with all their movements.
func (s *Store) lives(ctx context.Context, which func(*gorm.DB) *gorm.DB) ([]models.Life, error) {
	var people []models.Recipient
	if err := which(s.q(ctx).Select("id", "region", "entered_on", "exited_on")).Find(&people).Error; err != nil {
		return nil, err
	}
	ids := make([]string, len(people))
	at := make(map[string]int, len(people))
	out := make([]models.Life, len(people))
	for i, r := range people {
		ids[i], at[r.ID] = r.ID, i
		out[i] = models.Life{ID: r.ID, EnteredOn: r.EnteredOn, ExitedOn: r.ExitedOn, Region: r.Region}
	}
	moves, err := s.movementsOf(ctx, ids)
	for id, i := range at {
		out[i].Moves = moves[id]
	}
	return out, err
}

// movementsOf lists the movements of recipients, each's from the earliest on.
func (s *Store) movementsOf(ctx context.Context, ids []string) (map[string][]models.Movement, error) {
	out := map[string][]models.Movement{}
	err := inChunks(ids, func(part []string) error {
		var rows []models.Movement
		err := s.q(ctx).Where("noun = ? AND subject_id IN ?", models.NounRecipient, part).Order("moved_on, id").Find(&rows).Error
		for _, m := range rows {
			out[m.SubjectID] = append(out[m.SubjectID], m)
		}
		return err
	})
	return out, err
}

// CadreFlow counts the cadres who came and who left between two days, by reason.
func (s *Store) CadreFlow(ctx context.Context, region string, from, to models.Day) (in, out map[string]int, err error) {
	in, out = map[string]int{}, map[string]int{}
	var rows []struct {
		Kind   models.MovementKind
		Reason string
		N      int
	}
	err = s.q(ctx).Model(&models.Movement{}).Select("kind, reason, count(*) AS n").
		Where("noun = ? AND moved_on BETWEEN ? AND ? AND (from_region LIKE ? OR to_region LIKE ?)", models.NounCadre, from, to, digits(region)+"%", digits(region)+"%").
		Group("kind, reason").Scan(&rows).Error
	for _, r := range rows {
		switch r.Kind {
		case models.MovedIn:
			in[r.Reason] += r.N
		case models.MovedOut:
			out[r.Reason] += r.N
		}
	}
	return in, out, err
}
