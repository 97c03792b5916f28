package store

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"aixin/models"
)

// PersonFile is all that the page of one person shows.
type PersonFile struct {
	Recipient  models.Recipient
	Place      string
	Pairings   []models.Pairing
	Cadres     map[string]Named  // by id
	Places     map[string]string // where activities were done, by code
	Contacts   []models.Contact
	States     []models.RecipientState
	Activities []PersonActivity
	Needs      []models.Need
	Plan       models.CarePlan // the newest version; the zero one is none
	Deliveries []Delivery
	Audit      []Audit
	Rules      models.RuleSet
	Lists      models.Lists
	CheckedOn  models.Day       // the last visit on which the checklist was answered,
	Checks     []models.Finding // and what it found
}

// Tally is how one of the person's pairings stands on a day, by the rules and by
// what the file shows.
func (f PersonFile) Tally(p models.Pairing, on models.Day) models.Tally {
	facts := models.Facts{
		Pairing: p, Chain: f.Pairings, Categories: f.Recipient.Categories, CareMode: f.Recipient.CareMode, ExitedOn: f.Recipient.ExitedOn, States: f.States,
	}
	for _, a := range slices.Backward(f.Activities) {
		facts.Activities = append(facts.Activities, models.Activity{
			ID: a.ID, RecordID: a.RecordID, CadreID: a.CadreID, RecipientID: a.RecipientID, PairingID: a.PairingID, Kind: a.Kind, Channel: a.Channel,
			Help: a.Help, Stage: a.Stage, Day: a.Day,
		})
	}
	return models.Reckon(f.Rules, facts, on)
}

// Named is a cadre, as files name one.
type Named struct{ ID, Name, Unit string }

// PersonActivity is an activity with one of its pictures.
type PersonActivity struct {
	ID, RecordID, CadreID, RecipientID, PairingID string
	Kind                                          models.Kind
	Channel                                       models.Channel
	Help                                          models.Help
	Stage                                         models.PolicyStage
	Day                                           models.Day
	AmountFen                                     *int64
	Late                                          bool
	Photo                                         string
	Region                                        string // where it was done, as far as somebody said
}

// personMost is how many activities, needs and deliveries a file shows.
const personMost = 120

// Person gathers the file of a person whom the actor may see, in ten queries.
func (s *Store) Person(ctx context.Context, id string) (f PersonFile, err error) {
	if f.Recipient, err = s.Recipient(ctx, id); err != nil {
		return f, err
	}
	var subjects []string
	for _, part := range []func() error{
		func() error {
			return s.q(ctx).Where("recipient_id = ?", id).Order("from_day DESC, id DESC").Limit(personMost).Find(&f.Pairings).Error
		},
		func() error {
			return s.q(ctx).Where("recipient_id = ?", id).Order("created_at, id").Find(&f.Contacts).Error
		},
		func() error {
			return s.q(ctx).Where("recipient_id = ? AND voided_at = 0", id).Order("from_day DESC, id DESC").Limit(personMost).Find(&f.States).Error
		},
		func() error { f.Activities, err = s.activitiesOf(ctx, "recipient_id", id); return err },
		func() error {
			return s.q(ctx).Omit("words", "reason", "result").Where("recipient_id = ?", id).Order("raised_at DESC, id DESC").Limit(personMost).Find(&f.Needs).Error
		},
		func() error {
			var rows []models.CarePlan
			err := s.q(ctx).Where("recipient_id = ?", id).Order("version DESC").Limit(1).Find(&rows).Error
			if len(rows) == 1 {
				f.Plan = rows[0]
			}
			return err
		},
		func() error {
			subjects = []string{id}
			for _, c := range f.Contacts {
				subjects = append(subjects, c.ID)
			}
			return s.q(ctx).Omit("openid", "payload").Where("subject_id IN ?", subjects).Order("id DESC").Limit(20).Find(&f.Deliveries).Error
		},
		func() error {
			return s.q(ctx).Omit("delta").Where("object = ?", "recipient:"+id).Order("id DESC").Limit(30).Find(&f.Audit).Error
		},
	} {
		if err := part(); err != nil {
			return f, err
		}
	}
	if f.CheckedOn, f.Checks, err = s.LastFindings(ctx, id); err != nil {
		return f, err
	}
	if f.Lists, err = s.Lists(ctx); err != nil {
		return f, err
	}
	if f.Rules, err = s.Rules(ctx); err != nil {
		return f, err
	}
	var cadres []string
	places := []string{f.Recipient.Region}
	for _, p := range f.Pairings {
		cadres = append(cadres, p.CadreID)
	}
	for _, a := range f.Activities {
		cadres = append(cadres, a.CadreID)
		if a.Region != "" {
			places = append(places, a.Region)
		}
	}
	if f.Places, err = s.PlaceNames(ctx, places); err != nil {
		return f, err
	}
	f.Place = f.Places[f.Recipient.Region]
	f.Cadres, err = s.names(ctx, cadres)
	return f, err
}

// activitiesOf lists somebody's newest standing activities with a picture each.
func (s *Store) activitiesOf(ctx context.Context, column, id string) (rows []PersonActivity, err error) {
	q := s.q(ctx).Table("activity AS a").
		Select("a.id, a.record_id, a.cadre_id, a.recipient_id, a.pairing_id, a.kind, a.channel, a.help, a.stage, a.day, a.amount_fen, a.late, "+
			"(SELECT MIN(p.id) FROM photo p WHERE p.record_id = a.record_id AND a.record_id <> '' AND p.kind = 'image' AND p.state = ?) AS photo, "+
			"(SELECT r.region FROM record r WHERE r.id = a.record_id) AS region", models.PhotoStored).
		Where("a."+column+" = ? AND a.voided_at = 0", id)
	return rows, q.Order("a.day DESC, a.id DESC").Limit(personMost).Scan(&rows).Error
}

// PlaceName is the path of a region, from memory where it is known.
func (s *Store) PlaceName(ctx context.Context, code string) (string, error) {
	names, err := s.PlaceNames(ctx, []string{code})
	return names[code], err
}

// PlaceNames finds the paths of regions, asking the database only for those that
// this process has not met.
func (s *Store) PlaceNames(ctx context.Context, codes []string) (map[string]string, error) {
	return remember(&s.db.directory, s.db.directory.places, codes, func(part []string, into map[string]string) error {
		var rows []models.Region
		err := s.q(ctx).Where("code IN ?", part).Find(&rows).Error
		for _, r := range rows {
			into[r.Code] = r.Path
		}
		return err
	})
}

// UnitNames finds the names of units likewise.
func (s *Store) UnitNames(ctx context.Context, ids []string) (map[string]string, error) {
	return remember(&s.db.directory, s.db.directory.units, ids, func(part []string, into map[string]string) error {
		var rows []models.Unit
		err := s.q(ctx).Where("id IN ?", part).Find(&rows).Error
		for _, u := range rows {
			into[u.ID] = u.Name
		}
		return err
	})
}

// names finds cadres by id, from memory where the directory has them: files and
// lists name cadres of elsewhere too.
func (s *Store) names(ctx context.Context, ids []string) (map[string]Named, error) {
	dir := &s.db.directory
	dir.mu.RLock()
	missing := slices.ContainsFunc(ids, func(id string) bool { return dir.entries[id] == nil })
	dir.mu.RUnlock()
	if missing {
		if err := dir.refresh(ctx, s.db.System("directory")); err != nil {
			return nil, err
		}
	}
	out, units := map[string]Named{}, []string{}
	dir.mu.RLock()
	for _, id := range ids {
		if e := dir.entries[id]; e != nil {
			out[id] = Named{id, e.name, e.unit}
			units = append(units, e.unit)
		}
	}
	dir.mu.RUnlock()
	byID, err := s.UnitNames(ctx, units)
	for id, n := range out {
		n.Unit = byID[n.Unit]
		out[id] = n
	}
	return out, err
}

// PeopleFilter says which people a list shows. Empty fields do not narrow.
type PeopleFilter struct {
	Region   string
	Category models.Category
	CareMode models.CareMode
	Exited   bool
	IDs      []string // only these
}

// PersonLine is a person in a list.
type PersonLine struct {
	models.Recipient
	Place string
}

func (s *Store) peopleBy(ctx context.Context, f PeopleFilter) *gorm.DB {
	q := s.people(s.q(ctx).Model(&models.Recipient{}), "id")
	if f.Exited {
		q = q.Where("exited_on <> ''")
	} else {
		q = q.Where("exited_on = ''")
	}
	if f.Region != "" && f.Region != models.CityCode {
		q = q.Where("region LIKE ?", digits(f.Region)+"%")
	}
	if f.Category != "" {
		q = q.Where("(categories = ? OR categories LIKE ? OR categories LIKE ? OR categories LIKE ?)",
			f.Category, string(f.Category)+",%", "%,"+string(f.Category), "%,"+string(f.Category)+",%")
	}
	if f.CareMode != "" {
		q = q.Where("care_mode = ?", f.CareMode)
	}
	if f.IDs != nil {
		q = q.Where("id IN ?", f.IDs)
	}
	return q
}

// PeoplePage lists people in the order of their ids, with how many there are.
func (s *Store) PeoplePage(ctx context.Context, f PeopleFilter, after string, limit int) (lines []PersonLine, total int64, err error) {
	if err := s.peopleBy(ctx, f).Count(&total).Error; err != nil {
		return nil, 0, err
	}
	var rows []models.Recipient
	err = s.peopleBy(ctx, f).Select("id", "number", "name", "categories", "care_mode", "region", "exited_on").Where("id > ?", after).Order("id").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, 0, err
	}
	var codes []string
	for _, r := range rows {
		codes = append(codes, township(r.Region))
	}
	places, err := s.PlaceNames(ctx, codes)
	for _, r := range rows {
		lines = append(lines, PersonLine{r, places[township(r.Region)]})
	}
	return lines, total, err
}

// CadreFile is all that the page of one cadre shows.
type CadreFile struct {
	Cadre      models.Cadre
	Unit       string
	Bound      bool
	Pairings   []models.Pairing // the newest first
	People     map[string]models.Recipient
	Places     map[string]string // of the people, to the township
	Activities []PersonActivity
	Tallies    map[string]models.Tally
	Audit      []Audit
}

// CadreFile gathers the file of a cadre whom the actor may see.
func (s *Store) CadreFile(ctx context.Context, id string, on models.Day) (f CadreFile, err error) {
	if f.Cadre, err = s.Cadre(ctx, id); err != nil {
		return f, err
	}
	units, err := s.UnitNames(ctx, []string{f.Cadre.UnitID})
	if err != nil {
		return f, err
	}
	f.Unit = units[f.Cadre.UnitID]
	bound, err := s.BindingsOf(ctx, models.RoleCadre, []string{id})
	if err != nil {
		return f, err
	}
	_, f.Bound = bound[id]
	if err := s.q(ctx).Where("cadre_id = ?", id).Order("to_day, from_day DESC, id").Limit(personMost).Find(&f.Pairings).Error; err != nil {
		return f, err
	}
	if f.Tallies, err = s.Tallies(ctx, f.Pairings, on); err != nil {
		return f, err
	}
	var ids, codes []string
	for _, p := range f.Pairings {
		ids = append(ids, p.RecipientID)
	}
	if f.Activities, err = s.activitiesOf(ctx, "cadre_id", id); err != nil {
		return f, err
	}
	var people []models.Recipient
	if err := s.q(ctx).Select("id", "number", "name", "region").Where("id IN ?", ids).Find(&people).Error; err != nil {
		return f, err
	}
	f.People = map[string]models.Recipient{}
	for _, r := range people {
		f.People[r.ID], codes = r, append(codes, township(r.Region))
	}
	if f.Places, err = s.PlaceNames(ctx, codes); err != nil {
		return f, err
	}
	return f, s.q(ctx).Omit("delta").Where("object = ?", "cadre:"+id).Order("id DESC").Limit(20).Find(&f.Audit).Error
}

// CadreLine is a cadre in a list.
type CadreLine struct {
	models.Cadre
	Unit   string
	Bound  bool
	People int // paired with now
}

// CadreList lists cadres in use that the actor may see, in the order of their ids.
func (s *Store) CadreList(ctx context.Context, unit string, left bool, on models.Day, after string, limit int) (lines []CadreLine, total int64, err error) {
	by := func() *gorm.DB {
		q := s.cadres(s.q(ctx).Model(&models.Cadre{}), "id")
		if left {
			q = q.Where("left_at <> 0")
		} else {
			q = q.Where("left_at = 0")
		}
		if unit != "" {
			q = q.Where("unit_id = ?", unit)
		}
		return q
	}
	if err := by().Count(&total).Error; err != nil {
		return nil, 0, err
	}
	var rows []models.Cadre
	if err := by().Select("id", "name", "unit_id", "post", "region", "left_at").Where("id > ?", after).Order("id").Limit(limit).Find(&rows).Error; err != nil {
		return nil, 0, err
	}
	var ids, units []string
	for _, c := range rows {
		ids, units = append(ids, c.ID), append(units, c.UnitID)
	}
	names, err := s.UnitNames(ctx, units)
	if err != nil {
		return nil, 0, err
	}
	bound, err := s.BindingsOf(ctx, models.RoleCadre, ids)
	if err != nil {
		return nil, 0, err
	}
	var counts []struct {
		CadreID string
		N       int
	}
	err = s.q(ctx).Model(&models.Pairing{}).Select("cadre_id, count(*) AS n").
		Where("cadre_id IN ? AND line = ? AND from_day <= ? AND (to_day = '' OR to_day >= ?)", ids, models.LinePairing, on, on).Group("cadre_id").Scan(&counts).Error
	if err != nil {
		return nil, 0, err
	}
	for _, c := range rows {
		l := CadreLine{Cadre: c, Unit: names[c.UnitID]}
		_, l.Bound = bound[c.ID]
		for _, n := range counts {
			if n.CadreID == c.ID {
				l.People = n.N
			}
		}
		lines = append(lines, l)
	}
	return lines, total, nil
}
