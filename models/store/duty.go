package store

import (
	"context"
	"slices"
	"strings"

	"aixin/models"
)

// Rules are the duties as they are set: those that are shipped, and what offices
// changed since.
func (s *Store) Rules(ctx context.Context) (models.RuleSet, error) {
	rows, err := s.db.rules.of(ctx, s)
	return append(models.DefaultRules(), rows...), err
}

// AddRule sets a version of a duty.
func (s *Store) AddRule(ctx context.Context, r *models.Rule) error {
	r.ID, r.RecordedAt, r.Author = s.NewID(), s.Now(), s.actor.String()
	if err := s.q(ctx).Create(r).Error; err != nil {
		return err
	}
	s.db.rules.drop()
	lists, err := s.Lists(ctx)
	if err != nil {
		return err
	}
	return s.Note(ctx, "rule", "rule:"+r.Key, r.Words(lists, r.FromDay))
}

// Tallies counts how pairings stand on a day by the rules: opening figures,
// handovers and states included.
func (s *Store) Tallies(ctx context.Context, pairings []models.Pairing, on models.Day) (map[string]models.Tally, error) {
	if len(pairings) == 0 {
		return map[string]models.Tally{}, nil
	}
	g, err := s.ground(ctx, pairings, on)
	if err != nil {
		return nil, err
	}
	out := make(map[string]models.Tally, len(pairings))
	for _, p := range pairings {
		out[p.ID] = g.reckoner.Reckon(g.facts(p))
	}
	return out, nil
}

// Explained is how a pairing stands, with the activities of its year to which the
// credits of the tally belong.
func (s *Store) Explained(ctx context.Context, p models.Pairing, on models.Day) (t models.Tally, acts []models.Activity, err error) {
	g, err := s.ground(ctx, []models.Pairing{p}, on)
	if err != nil {
		return t, nil, err
	}
	err = s.people(s.q(ctx), "recipient_id").Omit("note").
		Where("recipient_id = ? AND (cadre_id = ? OR pairing_id = ?) AND voided_at = 0 AND day BETWEEN ? AND ?", p.RecipientID, p.CadreID, p.ID, g.first, on).
		Order("day, id").Find(&acts).Error
	f := g.facts(p)
	f.Activities = acts
	return models.Reckon(g.rules, f, on), acts, err
}

// ground reads what the engine needs for some pairings.
func (s *Store) ground(ctx context.Context, pairings []models.Pairing, on models.Day) (*ground, error) {
	rules, err := s.Rules(ctx)
	if err != nil {
		return nil, err
	}
	g := newGround(rules, on)
	all := pairings
	if rules.Shared() {
		var cadres []string
		for _, p := range pairings {
			cadres = append(cadres, p.CadreID)
		}
		if all, err = s.PairingsByCadre(ctx, cadres); err != nil {
			return nil, err
		}
	}
	var people []string
	for _, p := range all {
		people = append(people, p.RecipientID)
	}
	slices.Sort(people)
	if err := s.survey(ctx, g, slices.Compact(people)); err != nil {
		return nil, err
	}
	return g, s.specialities(ctx, g, pairings)
}

// person is what the rules ask of somebody.
type person struct {
	ID, Region, Categories, Household string
	CareMode                          models.CareMode
	ExitedOn                          models.Day
}

// ground is what is known of a set of people, for the engine.
type ground struct {
	rules      models.RuleSet
	reckoner   *models.Reckoner
	on, first  models.Day // activities are needed from first on
	people     map[string]person
	chains     map[string][]models.Pairing
	states     map[string][]models.RecipientState
	standings  map[string][]standing
	speciality map[string]models.Speciality // of cadres
	shared     map[string][]models.Activity // things done, by cadre
	lastSeen   map[string]models.Day        // by person, whoever went
	acts       []models.Activity            // of the pairing that is reckoned; the next one has its room
}

func newGround(rules models.RuleSet, on models.Day) *ground {
	g := &ground{
		rules: rules, reckoner: models.NewReckoner(rules, on).Brief(), on: on, first: models.NewDay(on.Year(), 1, 1), people: map[string]person{}, chains: map[string][]models.Pairing{},
		states: map[string][]models.RecipientState{}, standings: map[string][]standing{}, speciality: map[string]models.Speciality{},
		shared: map[string][]models.Activity{}, lastSeen: map[string]models.Day{},
	}
	g.first = min(g.first, on.Monday().Add(-9*7)) // weeks reach back over the new year
	return g
}

// survey reads what is known of people whom the actor may see.
func (s *Store) survey(ctx context.Context, g *ground, ids []string) error {
	return inChunks(ids, func(part []string) error {
		var people []person
		err := s.people(s.q(ctx).Model(&models.Recipient{}), "id").
			Select("id", "region", "categories", "household", "care_mode", "exited_on").Where("id IN ?", part).Find(&people).Error
		if err != nil {
			return err
		}
		var chain []models.Pairing
		if err := s.q(ctx).Where("recipient_id IN ?", part).Order("from_day, id").Find(&chain).Error; err != nil {
			return err
		}
		var states []models.RecipientState
		if err := s.q(ctx).Where("recipient_id IN ? AND voided_at = 0", part).Find(&states).Error; err != nil {
			return err
		}
		var rows []standing
		err = s.q(ctx).Where("year IN ? AND recipient_id IN ?", []int{g.on.Year() - 1, g.on.Year()}, part).Order("year").Find(&rows).Error
		g.add(people, chain, states, rows)
		return err
	})
}

func (g *ground) add(people []person, chain []models.Pairing, states []models.RecipientState, rows []standing) {
	for _, p := range people {
		g.people[p.ID] = p
	}
	for _, p := range chain {
		g.chains[p.RecipientID] = append(g.chains[p.RecipientID], p)
	}
	for _, st := range states {
		g.states[st.RecipientID] = append(g.states[st.RecipientID], st)
	}
	shared := g.rules.Shared()
	for _, row := range rows {
		g.standings[row.RecipientID] = append(g.standings[row.RecipientID], row)
		g.lastSeen[row.RecipientID] = max(g.lastSeen[row.RecipientID], row.LastSeen)
		if shared {
			g.shared[row.CadreID] = row.activities(g.first, g.shared[row.CadreID])
		}
	}
}

// specialities reads what the cadres are, where a rule asks.
func (s *Store) specialities(ctx context.Context, g *ground, pairings []models.Pairing) error {
	if !slices.ContainsFunc(g.rules, func(r models.Rule) bool { return r.Specialities != "" }) {
		return nil
	}
	var ids []string
	for _, p := range pairings {
		ids = append(ids, p.CadreID)
	}
	return inChunks(ids, func(part []string) error {
		var rows []models.Cadre
		err := s.q(ctx).Select("id", "speciality").Where("id IN ?", part).Find(&rows).Error
		for _, c := range rows {
			g.speciality[c.ID] = c.Speciality
		}
		return err
	})
}

// facts are what the engine needs for a pairing, until those of the next are
// asked for.
func (g *ground) facts(p models.Pairing) models.Facts {
	who := g.people[p.RecipientID]
	f := models.Facts{
		Pairing: p, Chain: g.chains[p.RecipientID], Categories: who.Categories, CareMode: who.CareMode, ExitedOn: who.ExitedOn,
		Speciality: g.speciality[p.CadreID], States: g.states[p.RecipientID],
	}
	f.Activities = g.acts[:0]
	for _, row := range g.standings[p.RecipientID] {
		if row.CadreID == p.CadreID || row.PairingID == p.ID {
			f.Activities = row.activities(g.first, f.Activities)
		}
	}
	g.acts = f.Activities
	if byDay := func(a, b models.Activity) int { return strings.Compare(string(a.Day), string(b.Day)) }; !slices.IsSortedFunc(f.Activities, byDay) {
		slices.SortStableFunc(f.Activities, byDay)
	}
	for _, a := range g.shared[p.CadreID] {
		if a.Kind != models.KindHelp || a.RecipientID == p.RecipientID {
			continue
		}
		f.ForOthers = append(f.ForOthers, a)
		if who.Household != "" && g.people[a.RecipientID].Household == who.Household {
			f.AtHome = append(f.AtHome, a)
		}
	}
	return f
}
