package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"aixin/models"
)

// Standings tells how all pairings of a place stand on a day, those that ended in
// its year too: four reads, whatever the number of people, and the one engine.
// The actor's own place narrows it; a liaison sees the pairings of the unit.
func (s *Store) Standings(ctx context.Context, region string, on models.Day) ([]models.Standing, error) {
	rules, err := s.Rules(ctx)
	if err != nil {
		return nil, err
	}
	place, cadres, ok := s.place(region)
	if !ok {
		return nil, nil
	}
	g := newGround(rules, on)
	pairings, err := s.surveyPlace(ctx, g, place)
	if err != nil {
		return nil, err
	}
	if err := s.specialities(ctx, g, pairings); err != nil {
		return nil, err
	}
	mine, err := s.cadresOf(ctx, cadres)
	if err != nil {
		return nil, err
	}
	out := make([]models.Standing, 0, len(pairings))
	first := models.NewDay(on.Year(), 1, 1)
	for _, p := range pairings {
		_, known := g.people[p.RecipientID]
		if p.ToDay != "" && p.ToDay < first || p.FromDay > on || !known || mine != nil && !mine[p.CadreID] {
			continue
		}
		out = append(out, g.standing(p))
	}
	return out, nil
}

// StandingsOf tells how the pairings that some cadres have on a day stand.
func (s *Store) StandingsOf(ctx context.Context, cadres []string, on models.Day) (out []models.Standing, err error) {
	rosters, err := s.RosterOf(ctx, cadres, on)
	if err != nil {
		return nil, err
	}
	var pairings []models.Pairing
	for _, id := range cadres {
		for _, p := range rosters[id] {
			pairings = append(pairings, p.Pairing)
		}
	}
	if len(pairings) == 0 {
		return nil, nil
	}
	g, err := s.ground(ctx, pairings, on)
	if err != nil {
		return nil, err
	}
	for _, p := range pairings {
		out = append(out, g.standing(p))
	}
	return out, nil
}

func (g *ground) standing(p models.Pairing) models.Standing {
	who, f := g.people[p.RecipientID], g.facts(p)
	return models.Standing{
		Pairing: p, Region: who.Region, Household: who.Household, Gone: who.ExitedOn != "" && who.ExitedOn <= g.on,
		State: models.StateOn(f.States, g.on), Tally: g.reckoner.Reckon(f), LastSeen: g.lastSeen[p.RecipientID],
	}
}

// Outlook adds a place up.
func (s *Store) Outlook(ctx context.Context, region string, on models.Day) (models.Outlook, error) {
	rows, err := s.Standings(ctx, region, on)
	o := models.Outlook{On: on, Chances: map[models.Chance]int{}}
	for _, r := range rows {
		o.Add(r)
	}
	return o, err
}

// place is the part of a region that the actor may see, and the unit whose
// cadres it is narrowed to.
func (s *Store) place(region string) (place, unit string, ok bool) {
	a := s.actor
	if digits(region) != region {
		return "", "", false
	}
	switch {
	case a.System != "", a.Account != "" && a.Unit == "" && a.Region != "" && strings.HasPrefix(region, a.Region):
		return region, "", true
	case a.Account != "" && a.Unit != "":
		return region, a.Unit, true
	case a.Account != "" && a.Region != "" && strings.HasPrefix(a.Region, region):
		return a.Region, "", true
	}
	return "", "", false
}

func (s *Store) cadresOf(ctx context.Context, unit string) (map[string]bool, error) {
	if unit == "" {
		return nil, nil
	}
	var ids []string
	err := s.q(ctx).Model(&models.Cadre{}).Where("unit_id = ?", unit).Pluck("id", &ids).Error
	out := map[string]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

// surveyPlace reads what is known of the people of a place. The columns are read
// by hand: reflection costs more than the reading.
func (s *Store) surveyPlace(ctx context.Context, g *ground, place string) ([]models.Pairing, error) {
	year := models.NewDay(g.on.Year(), 1, 1)
	where, args := "1 = 1", []any{}
	if place != "" && place != models.CityCode {
		where, args = "r.region >= ? AND r.region < ?", []any{place, place + ":"} // behind the digits
	}
	var people []person
	err := s.each(ctx, "SELECT r.id, r.region, r.categories, r.household, r.care_mode, r.exited_on FROM recipient r WHERE "+where, args, func(rows *sql.Rows) error {
		var p person
		people = append(people, p)
		q := &people[len(people)-1]
		return rows.Scan(&q.ID, &q.Region, &q.Categories, &q.Household, &q.CareMode, &q.ExitedOn)
	})
	if err != nil {
		return nil, err
	}
	from := "FROM %s x"
	if len(args) > 0 {
		from = "FROM recipient r JOIN %s x ON x.recipient_id = r.id"
	}
	read := func(columns, table, more string, extra []any, scan func(*sql.Rows) error) error {
		return s.each(ctx, "SELECT "+columns+" "+strings.Replace(from, "%s", table, 1)+" WHERE "+where+" AND "+more, append(append([]any{}, args...), extra...), scan)
	}
	var pairings []models.Pairing
	err = read("x.id, x.cadre_id, x.recipient_id, x.line, x.from_day, x.to_day, x.reason, x.opening_as_of, x.opening_contacts, x.opening_visits, x.opening_helps, x.opening_unknown, x.created_at",
		"pairing", "x.from_day <= ? AND (x.to_day = '' OR x.to_day >= ?)", []any{models.NewDay(g.on.Year(), 12, 31), min(year, g.first)}, func(rows *sql.Rows) error {
			pairings = append(pairings, models.Pairing{})
			p := &pairings[len(pairings)-1]
			return rows.Scan(&p.ID, &p.CadreID, &p.RecipientID, &p.Line, &p.FromDay, &p.ToDay, &p.Reason, &p.OpeningAsOf, &p.OpeningContacts, &p.OpeningVisits, &p.OpeningHelps, &p.OpeningUnknown, &p.CreatedAt)
		})
	if err != nil {
		return nil, err
	}
	var states []models.RecipientState
	err = read("x.recipient_id, x.state, x.from_day, x.to_day", "recipient_state", "x.voided_at = 0", nil, func(rows *sql.Rows) error {
		states = append(states, models.RecipientState{})
		t := &states[len(states)-1]
		return rows.Scan(&t.RecipientID, &t.State, &t.FromDay, &t.ToDay)
	})
	if err != nil {
		return nil, err
	}
	var standings []standing
	deeds := "x.deeds" // of last year only where its last weeks are asked for
	if g.first.Year() == g.on.Year() {
		deeds = "CASE WHEN x.year = " + strconv.Itoa(g.on.Year()) + " THEN x.deeds ELSE '' END"
	}
	err = read("x.recipient_id, x.year, x.cadre_id, x.pairing_id, "+deeds+", x.last_seen", "standing", "x.year BETWEEN ? AND ?", []any{g.on.Year() - 1, g.on.Year()}, func(rows *sql.Rows) error {
		standings = append(standings, standing{})
		t := &standings[len(standings)-1]
		return rows.Scan(&t.RecipientID, &t.Year, &t.CadreID, &t.PairingID, &t.Deeds, &t.LastSeen)
	})
	g.add(people, pairings, states, standings)
	return pairings, err
}

func (s *Store) each(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := s.q(ctx).Raw(query, args...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
