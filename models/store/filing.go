package store

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"aixin/models"
)

// provinceEntry says that an activity stands in the provincial system as it is.
type provinceEntry struct {
	ActivityID string `gorm:"primaryKey"`
	Actor      string
	EnteredAt  models.Instant
	RemovedAt  models.Instant // taken out of it again
}

func (provinceEntry) TableName() string { return "province_entry" }

// FilingAction is what has to be done in the provincial system.
type FilingAction string

// The three sheets.
const (
	FilingNew     FilingAction = "new"     // 要新录
	FilingChanged FilingAction = "changed" // 要改: entered, corrected since
	FilingDeleted FilingAction = "deleted" // 要删: entered, taken back since
)

// Label is the word for an action.
func (a FilingAction) Label() string {
	return map[FilingAction]string{FilingNew: "要新录", FilingChanged: "要改", FilingDeleted: "要删"}[a]
}

// FilingRow is one row of a sheet. Of a change it is the new one, with what
// stands in the provincial system as Old.
type FilingRow struct {
	ActivityLine
	Action FilingAction
	Old    *models.Activity
}

// FilingCount is how far the entry into the provincial system is. Those on
// record are entered as they are, new, or changed.
type FilingCount struct{ New, Changed, Deleted, Entered, OnRecord int }

// Balances tells whether what is on record is entered or waits.
func (c FilingCount) Balances() bool { return c.OnRecord == c.Entered+c.New+c.Changed }

// filing narrows activities to those of a place that the actor may see, of days
// up to one, voided ones included.
func (s *Store) filing(ctx context.Context, region string, until models.Day) *gorm.DB {
	q := s.people(s.q(ctx).Model(&models.Activity{}), "recipient_id").Where("day <= ?", until)
	if region != "" && region != models.CityCode {
		q = q.Where("recipient_id IN (SELECT id FROM recipient WHERE region LIKE ?)", digits(region)+"%")
	}
	return q
}

const (
	isEntered  = "id IN (SELECT activity_id FROM province_entry WHERE removed_at = 0)"
	notEntered = "id NOT IN (SELECT activity_id FROM province_entry WHERE removed_at = 0)"
)

// changes finds what was entered and corrected or taken back since, each with
// what replaces it: a standing row of the same message, person and kind.
func (s *Store) changes(ctx context.Context, region string, until models.Day) (rows []FilingRow, err error) {
	var gone []models.Activity
	if err := s.filing(ctx, region, until).Where("voided_at > 0 AND " + isEntered).Order("day, id").Find(&gone).Error; err != nil {
		return nil, err
	}
	records := newIDs[bool]{known: map[string]bool{}}
	for _, a := range gone {
		records.add(a.RecordID)
	}
	type place struct {
		record, person string
		kind           models.Kind
	}
	fresh := map[place][]models.Activity{}
	err = inChunks(records.list, func(part []string) error {
		var some []models.Activity
		err := s.people(s.q(ctx), "recipient_id").Where("record_id IN ? AND voided_at = 0 AND "+notEntered, part).Order("day, id").Find(&some).Error
		for _, a := range some {
			p := place{a.RecordID, a.RecipientID, a.Kind}
			fresh[p] = append(fresh[p], a)
		}
		return err
	})
	for _, a := range gone {
		p := place{a.RecordID, a.RecipientID, a.Kind}
		if now := fresh[p]; len(now) > 0 {
			fresh[p] = now[1:]
			rows = append(rows, FilingRow{ActivityLine{Activity: now[0]}, FilingChanged, &a})
			continue
		}
		rows = append(rows, FilingRow{ActivityLine{Activity: a}, FilingDeleted, nil})
	}
	return rows, err
}

// FilingCount counts the three sheets of a place, for days up to one.
func (s *Store) FilingCount(ctx context.Context, region string, until models.Day) (c FilingCount, err error) {
	rows, err := s.changes(ctx, region, until)
	if err != nil {
		return c, err
	}
	on, err := s.footing(ctx, region)
	if err != nil {
		return c, err
	}
	return s.countFiling(ctx, on, region, until, rows)
}

// FilingDesk is the count of the sheets with their first rows.
func (s *Store) FilingDesk(ctx context.Context, region string, until models.Day, limit int) (c FilingCount, rows []FilingRow, err error) {
	changed, err := s.changes(ctx, region, until)
	if err != nil {
		return c, nil, err
	}
	on, err := s.footing(ctx, region)
	if err != nil {
		return c, nil, err
	}
	if c, err = s.countFiling(ctx, on, region, until, changed); err != nil {
		return c, nil, err
	}
	rows, err = s.fillFiling(ctx, on, region, until, limit, false, changed)
	return c, rows, err
}

func (s *Store) countFiling(ctx context.Context, on footing, region string, until models.Day, rows []FilingRow) (c FilingCount, err error) {
	for _, r := range rows {
		switch {
		case r.Action == FilingDeleted:
			c.Deleted++
		case r.Day <= until:
			c.Changed++
		}
	}
	counted, ok, err := s.wideOn(ctx, on, ActivityFilter{Region: region, To: until}, true)
	if err != nil {
		return c, err
	}
	for _, t := range counted {
		c.OnRecord, c.Entered = c.OnRecord+int(t.N), c.Entered+int(t.Entered)
	}
	if ok {
		c.New = c.OnRecord - c.Entered - c.Changed
		return c, nil
	}
	var n struct{ OnRecord, Entered int }
	err = s.filing(ctx, region, until).Where("voided_at = 0").
		Select("COUNT(*) AS on_record, COALESCE(SUM(CASE WHEN " + isEntered + " THEN 1 ELSE 0 END), 0) AS entered").Scan(&n).Error
	if err != nil {
		return c, err
	}
	c.OnRecord, c.Entered = n.OnRecord, n.Entered
	c.New = c.OnRecord - c.Entered - c.Changed
	return c, nil
}

// Filing lists the three sheets, changes first, and at most limit new rows, the
// oldest day first. With notes it opens what was written.
func (s *Store) Filing(ctx context.Context, region string, until models.Day, limit int, notes bool) ([]FilingRow, error) {
	rows, err := s.changes(ctx, region, until)
	if err != nil {
		return nil, err
	}
	on, err := s.footing(ctx, region)
	if err != nil {
		return nil, err
	}
	return s.fillFiling(ctx, on, region, until, limit, notes, rows)
}

// fillFiling adds what is new to the changes, and who and where.
func (s *Store) fillFiling(ctx context.Context, on footing, region string, until models.Day, limit int, notes bool, rows []FilingRow) ([]FilingRow, error) {
	taken := map[string]bool{}
	for _, r := range rows {
		taken[r.ID] = true
	}
	fresh, err := s.fresh(ctx, on, region, until, limit, notes)
	if err != nil {
		return nil, err
	}
	for _, a := range fresh {
		if !taken[a.ID] {
			rows = append(rows, FilingRow{ActivityLine{Activity: a}, FilingNew, nil})
		}
	}
	acts := make([]models.Activity, len(rows))
	for i, r := range rows {
		acts[i] = r.Activity
	}
	lines, err := s.fillLines(ctx, acts, newSeen())
	for i := range lines {
		rows[i].ActivityLine = lines[i]
	}
	return rows, err
}

// fresh lists at most limit activities that are not in the provincial system, the
// oldest day first. Years that are entered are not gone through: the count of the
// months tells where something is left, and what came since is found by when.
func (s *Store) fresh(ctx context.Context, on footing, region string, until models.Day, limit int, notes bool) ([]models.Activity, error) {
	find := func(into *[]models.Activity, index, where string, args ...any) error {
		q := s.filing(ctx, region, until).Where("voided_at = 0 AND " + notEntered)
		if where != "" {
			q = q.Where(where, args...)
		}
		if index != "" && len(region) <= 6 {
			q = q.Table(s.by("activity", index))
		}
		if !notes {
			q = q.Omit("note")
		}
		return q.Order("day, id").Limit(limit).Find(into).Error
	}
	months, ok, err := s.unentered(ctx, on)
	if err != nil {
		return nil, err
	}
	var rows []models.Activity
	if !ok {
		return rows, find(&rows, "", "")
	}
	if err := find(&rows, "activity_recorded", "recorded_at > ?", on.horizon); err != nil {
		return nil, err
	}
	if len(on.come) > 0 {
		var some []models.Activity
		if err := find(&some, "", "recorded_at <= ? AND recipient_id IN ?", on.horizon, on.come); err != nil {
			return nil, err
		}
		rows = append(rows, some...)
	}
	for len(months) > 0 {
		n := 1
		for n < len(months) && months[n] == months[0].Add(n) {
			n++
		}
		var some []models.Activity
		if err := find(&some, "activity_day", "recorded_at <= ? AND day BETWEEN ? AND ?", on.horizon, months[0].First(), months[n-1].Last()); err != nil {
			return nil, err
		}
		rows, months = append(rows, some...), months[n:]
		if len(some) == limit {
			break // what follows is of later days
		}
	}
	slices.SortFunc(rows, func(a, b models.Activity) int {
		if c := strings.Compare(string(a.Day), string(b.Day)); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	rows = slices.CompactFunc(rows, func(a, b models.Activity) bool { return a.ID == b.ID })
	return rows[:min(limit, len(rows))], nil
}

// Tick notes that rows of the sheets were entered, changed or deleted in the
// provincial system. A row that changed since it was shown is not ticked: it
// comes again.
func (s *Store) Tick(ctx context.Context, region string, until models.Day, ids []string) (ticked int, err error) {
	want := make(map[string]bool, len(ids))
	for _, id := range ids {
		want[id] = true
	}
	err = s.InTx(ctx, func(tx *Store) error {
		ticked = 0
		changes, err := tx.changes(ctx, region, until)
		if err != nil {
			return err
		}
		var enter, remove []string
		for _, r := range changes {
			if !want[r.ID] {
				continue
			}
			delete(want, r.ID)
			ticked++
			if r.Action == FilingDeleted {
				remove = append(remove, r.ID)
				continue
			}
			enter, remove = append(enter, r.ID), append(remove, r.Old.ID)
		}
		rest := make([]string, 0, len(want))
		for id := range want {
			rest = append(rest, id)
		}
		err = inChunks(rest, func(part []string) error {
			var some []string
			err := tx.filing(ctx, region, until).Where("voided_at = 0 AND "+notEntered+" AND id IN ?", part).Pluck("id", &some).Error
			enter, ticked = append(enter, some...), ticked+len(some)
			return err
		})
		if err != nil {
			return err
		}
		if err := tx.enter(ctx, enter); err != nil {
			return err
		}
		return inChunks(remove, func(part []string) error {
			return tx.q(ctx).Model(&provinceEntry{}).Where("activity_id IN ?", part).Update("removed_at", tx.Now()).Error
		})
	})
	return ticked, err
}

func (s *Store) enter(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	rows := make([]provinceEntry, len(ids))
	for i, id := range ids {
		rows[i] = provinceEntry{id, s.actor.String(), s.Now(), 0}
	}
	return s.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&rows, 500).Error
}

// TickAll ticks everything on the sheets up to a day, for offices that had
// entered it before they came here.
func (s *Store) TickAll(ctx context.Context, region string, until models.Day) (ticked int, err error) {
	for {
		rows, err := s.Filing(ctx, region, until, 5000, false)
		if err != nil || len(rows) == 0 {
			return ticked, err
		}
		ids := make([]string, len(rows))
		for i, r := range rows {
			ids[i] = r.ID
		}
		n, err := s.Tick(ctx, region, until, ids)
		if err != nil || n == 0 {
			return ticked, err
		}
		ticked += n
	}
}

// IDNumbers finds the id numbers of people whom the actor may see.
func (s *Store) IDNumbers(ctx context.Context, ids []string) (map[string]string, error) {
	wanted := newIDs[string]{known: map[string]string{}}
	for _, id := range ids {
		wanted.add(id)
	}
	out := make(map[string]string, len(wanted.list))
	err := inChunks(wanted.list, func(part []string) error {
		var some []models.Recipient
		err := s.people(s.q(ctx), "id").Select("id", "id_number").Where("id IN ?", part).Find(&some).Error
		for _, r := range some {
			out[r.ID] = r.IDNumber.Reveal()
		}
		return err
	})
	return out, err
}
