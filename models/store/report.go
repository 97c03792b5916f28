package store

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"aixin/models"
)

// householdsAtOnce is how many people's activities are read together: memory
// stays flat, and the index by person is used.
const householdsAtOnce = 400

// BuildReport makes a report of the rows as they were known at its moment. It
// reads past the actor's scope, so who may ask for which place is decided before.
func (s *Store) BuildReport(ctx context.Context, ask models.ReportAsk) (*models.Report, error) {
	cadres, err := s.reportCadres(ctx, ask)
	if err != nil {
		return nil, err
	}
	people, err := s.reportPeople(ctx, ask)
	if err != nil {
		return nil, err
	}
	changed, err := s.changedBefore(ctx, ask)
	if err != nil {
		return nil, err
	}
	if ask.Lists, err = s.Lists(ctx); err != nil {
		return nil, err
	}
	if ask.Rules, err = s.Rules(ctx); err != nil {
		return nil, err
	}
	found, err := s.reportFindings(ctx, ask)
	if err != nil {
		return nil, err
	}
	build := models.NewReportBuilder(ask, cadres)
	build.Findings(found)
	for len(people) > 0 {
		n := min(householdsAtOnce, len(people))
		for n < len(people) && people[n].Household == people[n-1].Household {
			n++ // a household is not torn
		}
		if err := s.feedReport(ctx, ask, build, people[:n], changed); err != nil {
			return nil, err
		}
		people = people[n:]
	}
	regions, err := s.regionsIn(ctx, ask.Region.Code)
	if err != nil {
		return nil, err
	}
	units, err := s.unitNames(ctx)
	if err != nil {
		return nil, err
	}
	signed, err := s.signedMonths(ctx, ask)
	if err != nil {
		return nil, err
	}
	r, err := build.Report(regions, units, signed)
	if err != nil {
		return nil, err
	}
	return r, s.besides(ctx, ask, r)
}

func (s *Store) regionsIn(ctx context.Context, code string) (rows []models.Region, err error) {
	return rows, s.q(ctx).Where("code LIKE ?", digits(code)+"%").Order("code").Find(&rows).Error
}

// reportPeople lists everybody whom the report may tell of, household by
// household. Who lives in no household makes one alone. What became known after
// a month was closed counts from the month that learned it.
func (s *Store) reportPeople(ctx context.Context, ask models.ReportAsk) ([]models.ReportPerson, error) {
	var steps []models.Movement
	err := s.q(ctx).Where("noun = ? AND recorded_at <= ?", models.NounRecipient, ask.AsOf()).Order("moved_on, id").Find(&steps).Error
	if err != nil {
		return nil, err
	}
	moves := map[string][]models.Movement{}
	for _, m := range steps {
		moves[m.SubjectID] = append(moves[m.SubjectID], m)
	}
	q := s.q(ctx).Model(&models.Recipient{}).Select("id", "household", "region", "entered_on", "exited_on", "created_at", "categories", "care_mode")
	if ask.Unit.ID != "" {
		q = q.Where("id IN (SELECT p.recipient_id FROM pairing p JOIN cadre c ON c.id = p.cadre_id WHERE c.unit_id = ?)", ask.Unit.ID)
	} else {
		below := digits(ask.Region.Code) + "%"
		q = q.Where("region LIKE ? OR id IN (SELECT subject_id FROM movement WHERE noun = ? AND from_region LIKE ?)", below, models.NounRecipient, below)
	}
	var rows []models.Recipient
	if err := q.Find(&rows).Error; err != nil {
		return nil, err
	}
	known := func(day models.Day, told models.Instant) models.Day { return ask.Calendar.KnownOn(day, told, ask.Zone) }
	people := make([]models.ReportPerson, len(rows))
	for i, r := range rows {
		life := models.Life{EnteredOn: known(r.EnteredOn, r.CreatedAt), ExitedOn: r.ExitedOn, Region: r.Region, Moves: moves[r.ID]}
		for k, m := range life.Moves {
			m.MovedOn = known(m.MovedOn, m.RecordedAt)
			if m.Kind == models.MovedOut && life.Moves[k].MovedOn == r.ExitedOn {
				life.ExitedOn = m.MovedOn
			}
			life.Moves[k] = m
		}
		people[i] = models.ReportPerson{ID: r.ID, Household: r.Household, Categories: r.Categories, CareMode: r.CareMode, Life: life}
		if r.Household == "" {
			people[i].Household = r.ID
		}
	}
	slices.SortFunc(people, func(a, b models.ReportPerson) int {
		if c := strings.Compare(a.Household, b.Household); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return people, nil
}

func (s *Store) reportCadres(ctx context.Context, ask models.ReportAsk) ([]models.ReportCadre, error) {
	var steps []models.Movement
	err := s.q(ctx).Where("noun = ? AND kind = ? AND recorded_at <= ?", models.NounCadre, models.MovedPlace, ask.AsOf()).Order("moved_on, id").Find(&steps).Error
	if err != nil {
		return nil, err
	}
	moves := map[string][]models.Move{}
	for _, m := range steps {
		if m.FromUnit != m.ToUnit {
			moves[m.SubjectID] = append(moves[m.SubjectID], models.Move{Day: ask.Calendar.KnownOn(m.MovedOn, m.RecordedAt, ask.Zone), From: m.FromUnit, To: m.ToUnit})
		}
	}
	var rows []models.Cadre
	if err := s.q(ctx).Select("id", "unit_id", "region", "entered_on", "left_at").Find(&rows).Error; err != nil {
		return nil, err
	}
	cadres := make([]models.ReportCadre, len(rows))
	for i, c := range rows {
		cadres[i] = models.ReportCadre{ID: c.ID, Unit: c.UnitID, Region: c.Region, In: c.EnteredOn, Moves: moves[c.ID]}
		if c.LeftAt != 0 {
			cadres[i].Out = models.DayOf(c.LeftAt.Time(), ask.Zone)
		}
	}
	return cadres, nil
}

// feedReport reads what is on record for some people and hands it over
// household by household.
func (s *Store) feedReport(ctx context.Context, ask models.ReportAsk, build *models.ReportBuilder, people []models.ReportPerson, changed map[string][]models.Day) error {
	ids := make([]string, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	// Read without an actor: the place was asked for by somebody who may.
	all := s.As(models.Actor{System: "report"})
	pairings, err := all.PairingsOf(ctx, ids)
	if err != nil {
		return err
	}
	paired := map[string][]models.Pairing{}
	for _, p := range pairings {
		paired[p.RecipientID] = append(paired[p.RecipientID], p)
	}
	states, err := all.StatesOn(ctx, ids, ask.End())
	if err != nil {
		return err
	}
	rows, err := s.reportRows(ctx, ask, people, changed)
	if err != nil {
		return err
	}
	for len(people) > 0 {
		n := 1
		for n < len(people) && people[n].Household == people[0].Household {
			n++
		}
		home := people[:n]
		var acts []models.Activity
		for i, p := range home {
			if state, ok := states[p.ID]; ok {
				home[i].State = state.State
			}
			acts = append(acts, rows[p.ID]...)
		}
		build.Household(home, paired, acts)
		people = people[n:]
	}
	return nil
}

// reportColumns are what of an activity reports count by, in the order in which
// they are read.
var reportColumns = []string{
	"id", "record_id", "cadre_id", "recipient_id", "pairing_id", "kind", "channel", "help", "stage", "day", "amount_fen", "goods", "recorded_at", "voided_at",
}

// reportRows reads the activities of people: those of the year that were on
// record at the report's moment, and those of earlier days on which something
// changed since the year before was closed.
func (s *Store) reportRows(ctx context.Context, ask models.ReportAsk, people []models.ReportPerson, changed map[string][]models.Day) (map[string][]models.Activity, error) {
	ids := make([]string, len(people))
	touched := map[string]map[models.Day]bool{} // by household
	for i, p := range people {
		ids[i] = p.ID
		for _, day := range changed[p.ID] {
			if touched[p.Household] == nil {
				touched[p.Household] = map[models.Day]bool{}
			}
			touched[p.Household][day] = true
		}
	}
	out, asOf := make(map[string][]models.Activity, len(ids)), ask.AsOf()
	// Row by row: a city's year is half a million of them, and nothing is sealed.
	read := func(which *gorm.DB) error {
		rows, err := which.Model(&models.Activity{}).Where("recorded_at <= ?", asOf).Order("recipient_id, day, id").Rows()
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var a models.Activity
			err := rows.Scan(&a.ID, &a.RecordID, &a.CadreID, &a.RecipientID, &a.PairingID, &a.Kind, &a.Channel, &a.Help, &a.Stage, &a.Day, &a.AmountFen, &a.Goods, &a.RecordedAt, &a.VoidedAt)
			if err != nil {
				return err
			}
			out[a.RecipientID] = append(out[a.RecipientID], a)
		}
		return rows.Err()
	}
	for _, p := range people {
		for day := range touched[p.Household] {
			if err := read(s.q(ctx).Select(reportColumns).Where("recipient_id = ? AND day = ?", p.ID, day)); err != nil {
				return nil, err
			}
		}
	}
	first := models.NewMonth(ask.Period.Year(), 1).First()
	return out, inChunks(ids, func(part []string) error {
		return read(s.q(ctx).Select(reportColumns).Where("recipient_id IN ? AND day BETWEEN ? AND ?", part, first, ask.Period.To()))
	})
}

// changedBefore lists the days of earlier years for which something was entered,
// corrected or taken back since the year before was closed, by person.
func (s *Store) changedBefore(ctx context.Context, ask models.ReportAsk) (map[string][]models.Day, error) {
	since, until := ask.Closes()[0], ask.AsOf()
	out := map[string][]models.Day{}
	for _, column := range []string{"recorded_at", "voided_at"} {
		var rows []models.Activity
		err := s.q(ctx).Model(&models.Activity{}).Distinct("recipient_id", "day").
			Where(column+" > ? AND "+column+" <= ? AND day < ?", since, until, models.NewMonth(ask.Period.Year(), 1).First()).Find(&rows).Error
		if err != nil {
			return nil, err
		}
		for _, a := range rows {
			out[a.RecipientID] = append(out[a.RecipientID], a.Day)
		}
	}
	return out, nil
}
