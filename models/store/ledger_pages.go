package store

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"aixin/models"
)

// LedgerFilter says which pairings a list shows. Empty fields do not narrow.
type LedgerFilter struct {
	Region string // of the recipient
	Unit   string // of the cadre
	Line   models.Line
	Ended  bool // those that ended, not those that hold
	On     models.Day
	Person string
	Cadre  string
}

// LedgerLine is a pairing with both its people.
type LedgerLine struct {
	models.Pairing
	Recipient models.Recipient
	Cadre     models.Cadre
	Unit      string
	Place     string // where the recipient lives, to the township
}

// pairings narrows a query over pairings to the actor's: an office's by where
// the recipient lives, a liaison's by the unit of the cadre.
func (s *Store) pairings(q *gorm.DB) *gorm.DB {
	a := s.actor
	if a.Account != "" && !s.inArea(models.ObjectPairing) {
		return q.Where("1 = 0")
	}
	if a.Account != "" && a.Unit != "" || a.Cadre != "" {
		return s.cadres(q, "cadre_id")
	}
	return s.people(q, "recipient_id")
}

func (s *Store) ledger(ctx context.Context, f LedgerFilter) *gorm.DB {
	q := s.pairings(s.q(ctx).Model(&models.Pairing{}))
	if f.Ended {
		q = q.Where("to_day <> '' AND to_day < ?", f.On)
	} else {
		q = q.Where(holdsOn, f.On, f.On)
	}
	if f.Region != "" {
		q = q.Where("recipient_id IN (SELECT id FROM recipient WHERE region LIKE ?)", digits(f.Region)+"%")
	}
	if f.Unit != "" {
		q = q.Where("cadre_id IN (SELECT id FROM cadre WHERE unit_id = ?)", f.Unit)
	}
	for column, v := range map[string]string{"line": string(f.Line), "recipient_id": f.Person, "cadre_id": f.Cadre} {
		if v != "" {
			q = q.Where(column+" = ?", v)
		}
	}
	return q
}

// LedgerPage lists pairings, the newest first, behind an id; total counts all
// that the filter finds.
func (s *Store) LedgerPage(ctx context.Context, f LedgerFilter, after string, limit int) (lines []LedgerLine, total int64, err error) {
	if err = s.ledger(ctx, f).Count(&total).Error; err != nil {
		return nil, 0, err
	}
	q := s.ledger(ctx, f)
	if after != "" {
		q = q.Where("id < ?", after)
	}
	var rows []models.Pairing
	if err = q.Order("id DESC").Limit(limit).Find(&rows).Error; err != nil {
		return nil, 0, err
	}
	lines, err = s.fillLedger(ctx, rows)
	return lines, total, err
}

func (s *Store) fillLedger(ctx context.Context, rows []models.Pairing) ([]LedgerLine, error) {
	var recipients, cadres []string
	for _, p := range rows {
		recipients, cadres = append(recipients, p.RecipientID), append(cadres, p.CadreID)
	}
	slices.Sort(cadres)
	people, staff, err := s.Parties(ctx, recipients, slices.Compact(cadres))
	if err != nil {
		return nil, err
	}
	known := newSeen()
	units, places := newIDs[string]{known: known.units}, newIDs[string]{known: known.places}
	for _, r := range people {
		places.add(township(r.Region))
	}
	for _, c := range staff {
		units.add(c.UnitID)
	}
	if err := s.fillPlaces(ctx, units.list, places.list, known); err != nil {
		return nil, err
	}
	out := make([]LedgerLine, len(rows))
	for i, p := range rows {
		r, c := people[p.RecipientID], staff[p.CadreID]
		out[i] = LedgerLine{Pairing: p, Recipient: r, Cadre: c, Unit: known.units[c.UnitID], Place: known.places[township(r.Region)]}
	}
	return out, nil
}

// Waiting is somebody in the register whom no cadre is paired with (待匹配).
type Waiting struct {
	models.Recipient
	Since models.Day // the first day without; "" for before the ledger was kept
}

// WaitingOn lists who is in the register at the end of a day and has no lead
// pairing then, of those the actor may see, below a region where one is named.
func (s *Store) WaitingOn(ctx context.Context, region string, on models.Day) (rows []Waiting, err error) {
	moved := s.q(ctx).Model(&models.Movement{}).Select("subject_id").Where("noun = ? AND moved_on > ?", models.NounRecipient, on)
	var people []models.Recipient
	q := s.people(s.q(ctx), "id").Where("entered_on <= ? AND (exited_on = '' OR exited_on > ? OR id IN (?))", on, on, moved)
	if region != "" {
		q = q.Where("region LIKE ?", digits(region)+"%")
	}
	err = q.Where("id NOT IN (?)", s.q(ctx).Model(&models.Pairing{}).Select("recipient_id").Where("line = ? AND "+holdsOn, models.LinePairing, on, on)).
		Order("region, id").Find(&people).Error
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(people))
	for i, r := range people {
		ids[i] = r.ID
	}
	moves, err := s.movementsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	last := map[string]models.Day{}
	err = inChunks(ids, func(part []string) error {
		var ends []struct {
			RecipientID string
			Last        models.Day
		}
		err := s.q(ctx).Model(&models.Pairing{}).Select("recipient_id, MAX(to_day) AS last").
			Where("recipient_id IN ? AND line = ? AND to_day <> '' AND to_day < ?", part, models.LinePairing, on).Group("recipient_id").Scan(&ends).Error
		for _, e := range ends {
			last[e.RecipientID] = e.Last
		}
		return err
	})
	for _, r := range people {
		life := models.Life{EnteredOn: r.EnteredOn, ExitedOn: r.ExitedOn, Region: r.Region, Moves: moves[r.ID]}
		if _, in := life.On(on); !in {
			continue
		}
		since := r.EnteredOn
		if d := last[r.ID]; d != "" {
			since = max(since, d.Add(1))
		}
		for _, m := range life.Moves {
			if m.Kind == models.MovedIn && m.MovedOn <= on {
				since = max(since, m.MovedOn)
			}
		}
		rows = append(rows, Waiting{r, since})
	}
	return rows, err
}

// CountWaiting counts who is in the register today without a lead pairing.
func (s *Store) CountWaiting(ctx context.Context, region string, today models.Day) (n int64, err error) {
	q := s.people(s.q(ctx).Model(&models.Recipient{}), "id").Where("exited_on = '' AND entered_on <= ?", today)
	if region != "" {
		q = q.Where("region LIKE ?", digits(region)+"%")
	}
	held := s.q(ctx).Model(&models.Pairing{}).Select("recipient_id").Where("line = ? AND "+holdsOn, models.LinePairing, today, today)
	return n, q.Where("id NOT IN (?)", held).Count(&n).Error
}
