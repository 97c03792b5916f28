package store

import (
	"context"
	"database/sql"
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
	first := models.NewDay(on.Year(), 1, 1)
	out := make([]models.Standing, 0, len(pairings))
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

// surveyPlace reads what is known of the people of a place. The columns are read by hand: reflection costs more than the reading.
func (s *Store) surveyPlace(ctx context.Context, g *ground, place string) ([]models.Pairing, error) {
	year, last := g.on.Year(), g.on.Year()-1
	where, args, from := "1 = 1", []any{}, "FROM %s x"
	if place != "" && place != models.CityCode {
		where, args = "r.region >= ? AND r.region < ?", []any{place, place + ":"} // behind the digits
		from = "FROM recipient r JOIN %s x ON x.recipient_id = r.id"
	}
	read := func(columns, table, more string, extra []any, scan func(*sql.Rows) error) error {
		return s.each(ctx, "SELECT "+columns+" "+strings.Replace(from, "%s", table, 1)+" WHERE "+where+" AND "+more, append(append([]any{}, args...), extra...), scan)
	}
	var (
		people    []person
		pairings  []models.Pairing
		states    []models.RecipientState
		standings []standing
	)
	deeds := func(rows *sql.Rows) error {
		standings = append(standings, standing{})
		t := &standings[len(standings)-1]
		return rows.Scan(&t.RecipientID, &t.Year, &t.CadreID, &t.PairingID, &t.Deeds, (*string)(&t.LastSeen))
	}
	const key = "x.recipient_id, x.year, x.cadre_id, x.pairing_id, "
	err := s.each(ctx, "SELECT r.id, r.region, r.categories, r.household, r.care_mode, r.exited_on FROM recipient r WHERE "+where, args, func(rows *sql.Rows) error {
		people = append(people, person{})
		p := &people[len(people)-1]
		return rows.Scan(&p.ID, &p.Region, &p.Categories, &p.Household, (*string)(&p.CareMode), (*string)(&p.ExitedOn))
	})
	if err != nil {
		return nil, err
	}
	err = read("x.id, x.cadre_id, x.recipient_id, x.line, x.from_day, x.to_day, x.reason, x.opening_as_of, x.opening_contacts, x.opening_visits, x.opening_helps, x.opening_unknown, x.created_at",
		"pairing", "x.from_day <= ? AND (x.to_day = '' OR x.to_day >= ?)", []any{models.NewDay(year, 12, 31), min(models.NewDay(year, 1, 1), g.first)}, func(rows *sql.Rows) error {
			pairings = append(pairings, models.Pairing{})
			p := &pairings[len(pairings)-1]
			return rows.Scan(&p.ID, &p.CadreID, &p.RecipientID, (*string)(&p.Line), (*string)(&p.FromDay), (*string)(&p.ToDay), &p.Reason,
				(*string)(&p.OpeningAsOf), &p.OpeningContacts, &p.OpeningVisits, &p.OpeningHelps, &p.OpeningUnknown, (*int64)(&p.CreatedAt))
		})
	if err != nil {
		return nil, err
	}
	err = read("x.recipient_id, x.state, x.from_day, x.to_day", "recipient_state", "x.voided_at = 0", nil, func(rows *sql.Rows) error {
		states = append(states, models.RecipientState{})
		t := &states[len(states)-1]
		return rows.Scan(&t.RecipientID, (*string)(&t.State), (*string)(&t.FromDay), (*string)(&t.ToDay))
	})
	if err != nil {
		return nil, err
	}
	if err := read(key+"x.deeds, x.last_seen", "standing", "x.year = ?", []any{year}, deeds); err != nil {
		return nil, err
	}
	// Of last year only its last weeks, where they are asked for, and who saw those
	// of whom this year tells nothing.
	if g.first.Year() == last {
		err = read(key+"x.deeds, x.last_seen", "standing", "x.year = ?", []any{last}, deeds)
	} else {
		err = inChunks(unseen(people, standings), func(part []string) error {
			return s.each(ctx, "SELECT "+key+"'', x.last_seen FROM standing x WHERE x.year = ? AND x.recipient_id IN ?", []any{last, part}, deeds)
		})
	}
	g.add(people, pairings, states, standings)
	return pairings, err
}

// unseen lists the people of whom some standings tell no day.
func unseen(people []person, rows []standing) (ids []string) {
	seen := make(map[string]bool, len(rows))
	for _, row := range rows {
		seen[row.RecipientID] = seen[row.RecipientID] || row.LastSeen != ""
	}
	for _, p := range people {
		if !seen[p.ID] {
			ids = append(ids, p.ID)
		}
	}
	return ids
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
