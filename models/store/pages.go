package store

import (
	"context"
	"iter"
	"maps"
	"strings"

	"gorm.io/gorm"

	"aixin/models"
)

// ActivityFilter says which activities a page shows, of those that the actor
// may see. Empty fields do not narrow.
type ActivityFilter struct {
	From, To models.Day // inclusive
	Kind     models.Kind
	Region   string // of the recipient, with what lies below
	Unit     string // of the cadre
	Cadre    string
	Person   string
	Known    [2]models.Instant // recorded after the first and by the second; none where that is 0
}

// Place is a row's place in the order of pages: newest day first.
type Place struct {
	Day models.Day
	ID  string
}

// ActivityLine is an activity with who and where, as lists show it.
type ActivityLine struct {
	models.Activity
	Recipient models.Recipient
	Cadre     models.Cadre
	Unit      string
	Township  string   // where the recipient lives, to the township
	Photos    []string // ids of the stored pictures of its record
	Found     string   // what the visit found of the checklist, in workbooks
}

// activities narrows a query over activities to the actor's: a liaison's by the
// unit of the cadre, an office's by where the recipient lives, a cadre's own.
// Withdrawn and corrected rows are left out. byDay is set where a page is read in
// the order of days: the sum keeps SQLite from an index over all that stands,
// which it would have to sort for every page.
func (s *Store) activities(q *gorm.DB, byDay bool) *gorm.DB {
	a := s.actor
	if byDay {
		q = q.Where("voided_at + 0 = 0")
	} else {
		q = q.Where("voided_at = 0")
	}
	switch {
	case a.System != "":
		return q
	case a.Account != "" && !s.inArea(models.ObjectActivity):
		return q.Where("1 = 0")
	case a.Account != "" && a.Unit != "":
		return q.Where("cadre_id IN (SELECT id FROM cadre WHERE unit_id = ?)", a.Unit)
	case a.Account != "" && a.Region == models.CityCode:
		return q // every place lies in the city
	case a.Account != "" && a.Region != "":
		return s.livesIn(q, a.Region, byDay)
	case a.Cadre != "":
		return q.Where("cadre_id = ?", a.Cadre)
	}
	return q.Where("1 = 0")
}

func (s *Store) filtered(ctx context.Context, f ActivityFilter, byDay bool) *gorm.DB {
	q := s.q(ctx).Model(&models.Activity{})
	if byDay && f.Unit == "" && f.Cadre == "" && f.Person == "" && len(f.Region) <= 6 && s.actor.Unit == "" && s.actor.Cadre == "" {
		q = q.Table(s.by("activity", "activity_day"))
	}
	q = s.activities(q, byDay)
	if f.From != "" {
		q = q.Where("day >= ?", f.From)
	}
	if f.To != "" {
		q = q.Where("day <= ?", f.To)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.Region != "" && f.Region != models.CityCode {
		q = s.livesIn(q, digits(f.Region), byDay)
	}
	if f.Unit != "" {
		q = q.Where("cadre_id IN (SELECT id FROM cadre WHERE unit_id = ?)", f.Unit)
	}
	if f.Cadre != "" {
		q = q.Where("cadre_id = ?", f.Cadre)
	}
	if f.Person != "" {
		q = q.Where("recipient_id = ?", f.Person)
	}
	if f.Known[1] != 0 {
		q = q.Where("recorded_at > ? AND recorded_at <= ?", f.Known[0], f.Known[1])
	}
	return q
}

// livesIn narrows activities to people of a place. SQLite would gather all of a
// county's and sort them for every page; the sign keeps it walking by day, where
// one in seven fits. A township's are few enough to gather.
func (s *Store) livesIn(q *gorm.DB, region string, byDay bool) *gorm.DB {
	column := "recipient_id"
	if byDay && s.db.driver == "sqlite" && len(region) <= 6 {
		column = "+recipient_id"
	}
	return q.Where(column+" IN (SELECT id FROM recipient WHERE region LIKE ?)", region+"%")
}

// digits keeps wildcards out of a LIKE: what is no region code matches nothing.
func digits(code string) string {
	if strings.Trim(code, "0123456789") != "" {
		return "none"
	}
	return code
}

// KindTotal counts the activities of a kind and adds up their sums.
type KindTotal struct {
	Kind models.Kind
	N    int64
	Fen  models.Fen
}

// ActivityTotals counts what a filter finds, by kind.
func (s *Store) ActivityTotals(ctx context.Context, f ActivityFilter) (rows []KindTotal, err error) {
	counted, ok, err := s.wide(ctx, f, false)
	if err != nil {
		return nil, err
	}
	if ok {
		for _, t := range counted {
			rows = append(rows, t.KindTotal)
		}
		return rows, nil
	}
	err = s.filtered(ctx, f, false).Select("kind, count(*) AS n, COALESCE(SUM(amount_fen), 0) AS fen").Group("kind").Scan(&rows).Error
	return rows, err
}

// ActivityPage lists at most limit activities behind the place, or before it
// where back is set, newest day first; more tells whether there are others in
// that direction.
func (s *Store) ActivityPage(ctx context.Context, f ActivityFilter, from Place, back bool, limit int) (lines []ActivityLine, more bool, err error) {
	var rows []models.Activity
	q, order := s.filtered(ctx, f, true), "day DESC, id DESC"
	switch {
	case back:
		q, order = q.Where("(day > ? OR (day = ? AND id > ?))", from.Day, from.Day, from.ID), "day, id"
	case from != Place{}:
		q = q.Where("(day < ? OR (day = ? AND id < ?))", from.Day, from.Day, from.ID)
	}
	if err := s.findActivities(ctx, q.Order(order).Limit(limit+1), order, &rows); err != nil {
		return nil, false, err
	}
	if more = len(rows) > limit; more {
		rows = rows[:limit]
	}
	if back {
		for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
			rows[i], rows[j] = rows[j], rows[i]
		}
	}
	known := newSeen()
	lines, err = s.fillLines(ctx, rows, known)
	return lines, more, err
}

// EachActivity goes through all that a filter finds, newest day first, in
// pages, so that memory stays flat.
func (s *Store) EachActivity(ctx context.Context, f ActivityFilter) iter.Seq2[ActivityLine, error] {
	return func(yield func(ActivityLine, error) bool) {
		known := newSeen()
		lists, err := s.Lists(ctx)
		if err != nil {
			yield(ActivityLine{}, err)
			return
		}
		var last Place
		for {
			var rows []models.Activity
			q := s.filtered(ctx, f, true)
			if (last != Place{}) {
				q = q.Where("(day < ? OR (day = ? AND id < ?))", last.Day, last.Day, last.ID)
			}
			const order = "day DESC, id DESC"
			if err := s.findActivities(ctx, q.Order(order).Limit(500), order, &rows); err != nil {
				yield(ActivityLine{}, err)
				return
			}
			if len(rows) == 0 {
				return
			}
			last = Place{rows[len(rows)-1].Day, rows[len(rows)-1].ID}
			lines, err := s.fillLines(ctx, rows, known)
			if err != nil {
				yield(ActivityLine{}, err)
				return
			}
			ids := make([]string, len(rows))
			for i, a := range rows {
				ids[i] = a.ID
			}
			found, err := s.findings(ctx, ids, 0)
			if err != nil {
				yield(ActivityLine{}, err)
				return
			}
			for _, line := range lines {
				line.Found = lists.Findings(found[line.ID], line.Day)
				if !yield(line, nil) {
					return
				}
			}
		}
	}
}

// findActivities looks for the ids first, which stand in an index with what
// lists narrow by, and reads only the rows of the page. The notes stay sealed:
// people are masked in lists, and notes name them.
func (s *Store) findActivities(ctx context.Context, q *gorm.DB, order string, rows *[]models.Activity) error {
	var ids []string
	if err := q.Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
		return err
	}
	return s.q(ctx).Omit("note").Where("id IN ?", ids).Order(order).Find(rows).Error
}

// seen is what earlier pages of a list have looked up.
type seen struct {
	people        map[string]models.Recipient
	cadres        map[string]models.Cadre
	units, places map[string]string
}

func newSeen() seen {
	return seen{people: map[string]models.Recipient{}, cadres: map[string]models.Cadre{}, units: map[string]string{}, places: map[string]string{}}
}

// fillLines looks up the people of activities. The rows were found within the
// actor's scope; a cadre from elsewhere who looks after somebody here belongs
// to them, so the people themselves are not narrowed again.
func (s *Store) fillLines(ctx context.Context, rows []models.Activity, known seen) ([]ActivityLine, error) {
	people, cadres, records := newIDs[models.Recipient]{known: known.people}, newIDs[models.Cadre]{known: known.cadres}, newIDs[[]string]{known: map[string][]string{}}
	for _, a := range rows {
		people.add(a.RecipientID)
		cadres.add(a.CadreID)
		records.add(a.RecordID)
	}
	units, places := newIDs[string]{known: known.units}, newIDs[string]{known: known.places}
	err := inChunks(people.list, func(part []string) error {
		var some []models.Recipient
		err := s.q(ctx).Select("id", "number", "name", "region").Where("id IN ?", part).Find(&some).Error
		for _, r := range some {
			known.people[r.ID] = r
			places.add(township(r.Region))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	err = inChunks(cadres.list, func(part []string) error {
		var some []models.Cadre
		err := s.q(ctx).Select("id", "name", "unit_id", "post").Where("id IN ?", part).Find(&some).Error
		for _, c := range some {
			known.cadres[c.ID] = c
			units.add(c.UnitID)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := s.fillPlaces(ctx, units.list, places.list, known); err != nil {
		return nil, err
	}
	if err := s.fillPhotos(ctx, records); err != nil {
		return nil, err
	}
	lines := make([]ActivityLine, len(rows))
	for i, a := range rows {
		r, c := known.people[a.RecipientID], known.cadres[a.CadreID]
		lines[i] = ActivityLine{
			Activity: a, Recipient: r, Cadre: c, Unit: known.units[c.UnitID],
			Township: known.places[township(r.Region)], Photos: records.known[a.RecordID],
		}
	}
	return lines, nil
}

// fillPlaces names units and places, from memory where this process knows them.
func (s *Store) fillPlaces(ctx context.Context, unitIDs, codes []string, known seen) error {
	units, err := s.UnitNames(ctx, unitIDs)
	if err != nil {
		return err
	}
	places, err := s.PlaceNames(ctx, codes)
	maps.Copy(known.units, units)
	maps.Copy(known.places, places)
	return err
}

func (s *Store) fillPhotos(ctx context.Context, records newIDs[[]string]) error {
	return inChunks(records.list, func(part []string) error {
		var some []models.Photo
		err := s.q(ctx).Select("id", "record_id").Where("record_id IN ? AND kind = 'image' AND state = ?", part, models.PhotoStored).
			Order("received_at, id").Find(&some).Error
		for _, p := range some {
			records.known[p.RecordID] = append(records.known[p.RecordID], p.ID)
		}
		return err
	})
}

// newIDs gathers the ids that are not known yet.
type newIDs[T any] struct {
	known map[string]T
	list  []string
}

func (n *newIDs[T]) add(id string) {
	if _, ok := n.known[id]; !ok && id != "" {
		var none T
		n.known[id] = none
		n.list = append(n.list, id)
	}
}

// township cuts a region's code to its township; lists go no nearer
// (domain.md §5.2).
func township(code string) string { return code[:min(9, len(code))] }

// SeenPhoto finds a stored picture of a record that holds an activity which the
// actor may see.
func (s *Store) SeenPhoto(ctx context.Context, id string) (p models.Photo, err error) {
	records := s.activities(s.q(ctx).Model(&models.Activity{}), false).Select("record_id").Where("record_id <> ''")
	err = s.q(ctx).Where("id = ? AND kind = 'image' AND state = ? AND record_id IN (?)", id, models.PhotoStored, records).First(&p).Error
	return p, notFound(err)
}

// SeenUnits lists the units whose cadres look after people whom the actor may
// see, by name.
func (s *Store) SeenUnits(ctx context.Context) (rows []models.Unit, err error) {
	return rows, s.seenUnits(ctx).Order("name").Find(&rows).Error
}

func (s *Store) seenUnits(ctx context.Context) *gorm.DB {
	switch q, a := s.q(ctx), s.actor; {
	case a.System != "", a.Account != "" && a.Unit == "" && a.Region == models.CityCode:
		return q
	case a.Account != "" && a.Unit != "":
		return q.Where("unit.id = ?", a.Unit)
	case a.Account != "" && a.Region != "":
		return q.Where(`unit.id IN (SELECT c.unit_id FROM cadre c JOIN pairing p ON p.cadre_id = c.id JOIN recipient r ON r.id = p.recipient_id WHERE r.region LIKE ?)`, a.Region+"%")
	default:
		return q.Where("1 = 0")
	}
}

// RegionsBelow lists the regions directly below some, in the order of codes.
func (s *Store) RegionsBelow(ctx context.Context, parents []string) (rows []models.Region, err error) {
	return rows, s.q(ctx).Where("parent IN ?", parents).Order("code").Find(&rows).Error
}

// SeenUnit finds one of SeenUnits.
func (s *Store) SeenUnit(ctx context.Context, id string) (u models.Unit, err error) {
	err = s.seenUnits(ctx).Where("unit.id = ?", id).First(&u).Error
	return u, notFound(err)
}
