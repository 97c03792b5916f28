package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/town"
)

// arrivals counts who and what moved in.
type arrivals struct{ cadres, recipients, pairings, activities int }

func (a arrivals) String() string {
	return fmt.Sprintf("干部 %d 人,关爱对象 %d 人,结对 %d 条,记录 %d 条", a.cadres, a.recipients, a.pairings, a.activities)
}

// mover turns a made-up town into rows of the register. It serves the demo's
// small town inside one transaction and the synthetic city in batches.
type mover struct {
	ctx   context.Context
	st    *store.Store
	today models.Day
	put   func(rows any) error // takes a pointer to a slice of new rows of one noun
	// openid is the WeChat user that somebody is bound to, "" for none.
	openid func(role models.Role, key string) string

	regions, units, cadres, recipients, pairings map[string]string // by what the town calls them
	came                                         arrivals
}

func newMover(ctx context.Context, st *store.Store, today models.Day) *mover {
	return &mover{
		ctx: ctx, st: st, today: today,
		put:     func(rows any) error { return st.Create(ctx, rows) },
		openid:  func(models.Role, string) string { return "" },
		regions: map[string]string{}, units: map[string]string{}, cadres: map[string]string{}, recipients: map[string]string{}, pairings: map[string]string{},
	}
}

// ensureRegions makes the places that the town needs.
func (m *mover) ensureRegions(tx *store.Store, t town.Town) error {
	need := func(path string) (err error) {
		if m.regions[path] == "" {
			m.regions[path], _, err = tx.EnsureRegion(m.ctx, path)
		}
		return err
	}
	for _, u := range t.Units {
		if err := need(u.Region); err != nil {
			return err
		}
	}
	for _, c := range t.Cadres {
		if err := need(c.Region); err != nil {
			return err
		}
	}
	for _, r := range t.Recipients {
		if err := need(r.Region); err != nil {
			return err
		}
	}
	return nil
}

// moveIn enters the town's people, pairings and what was done. Its regions must
// be there.
func (m *mover) moveIn(t town.Town) error {
	for _, enter := range []func(town.Town) error{m.enterUnits, m.enterCadres, m.enterRecipients, m.enterPairings, m.enterActivities} {
		if err := enter(t); err != nil {
			return err
		}
	}
	return nil
}

// pileRows is how many rows are put at once.
const pileRows = 8000

// pile gathers rows of one noun until there are enough to put.
type pile[T any] struct {
	m    *mover
	rows []T
}

func (p *pile[T]) add(row T) error {
	if p.rows = append(p.rows, row); len(p.rows) < pileRows {
		return nil
	}
	return p.flush()
}

func (p *pile[T]) flush() error {
	if len(p.rows) == 0 {
		return nil
	}
	rows := p.rows
	p.rows = nil // what was put is somebody else's now
	return p.m.put(&rows)
}

func (m *mover) enterUnits(t town.Town) error {
	units := pile[models.Unit]{m: m}
	for _, u := range t.Units {
		row := models.Unit{ID: m.st.NewID(), Name: u.Name, Region: m.regions[u.Region]}
		m.units[u.Name] = row.ID
		if err := units.add(row); err != nil {
			return err
		}
	}
	return units.flush()
}

func (m *mover) enterCadres(t town.Town) error {
	now := m.st.Now()
	cadres, bindings, moves := pile[models.Cadre]{m: m}, pile[models.Binding]{m: m}, pile[models.Movement]{m: m}
	for _, c := range t.Cadres {
		row := models.Cadre{
			ID: m.st.NewID(), Name: models.Conceal(c.Name), Phone: models.Conceal(c.Phone), PhoneIdx: m.st.PhoneIndex(c.Phone),
			UnitID: m.units[c.Unit], Post: c.Post, Region: m.regions[c.Region], Speciality: c.Speciality, CreatedAt: now, UpdatedAt: now,
		}
		if c.LeftOn != "" {
			row.LeftAt = m.evening(c.LeftOn)
			err := moves.add(models.Movement{
				ID: m.st.NewID(), Noun: models.NounCadre, SubjectID: row.ID, Kind: models.MovedOut, MovedOn: c.LeftOn, Reason: c.LeftReason,
				FromRegion: row.Region, FromUnit: row.UnitID, RecordedAt: row.LeftAt,
			})
			if err != nil {
				return err
			}
		}
		m.cadres[c.Key] = row.ID
		m.came.cadres++
		if err := cadres.add(row); err != nil {
			return err
		}
		if c.LeftOn == "" {
			if err := m.bind(&bindings, models.RoleCadre, c.Key, row.ID); err != nil {
				return err
			}
		}
	}
	return errors.Join(cadres.flush(), bindings.flush(), moves.flush())
}

func (m *mover) bind(into *pile[models.Binding], role models.Role, key, subject string) error {
	openid := m.openid(role, key)
	if openid == "" {
		return nil
	}
	return into.add(models.Binding{
		ID: m.st.NewID(), OpenID: models.Conceal(openid), OpenIDIdx: m.st.OpenIDIndex(openid), Role: role, SubjectID: subject, BoundAt: m.st.Now(),
	})
}

func (m *mover) enterRecipients(t town.Town) error {
	now := m.st.Now()
	people, contacts, bindings := pile[models.Recipient]{m: m}, pile[models.Contact]{m: m}, pile[models.Binding]{m: m}
	moves := pile[models.Movement]{m: m}
	for i, r := range t.Recipients {
		var categories []string
		for _, c := range r.Categories {
			categories = append(categories, string(c))
		}
		row := models.Recipient{
			ID: m.st.NewID(), Number: r.Number, Name: models.Conceal(r.Name), IDNumber: models.Conceal(r.IDNumber), Birth: models.Conceal(string(r.Birth)),
			Categories: strings.Join(categories, ","), CareMode: r.CareMode, Region: m.regions[r.Region], Address: models.Conceal(r.Address),
			Household: r.Household, Needs: models.Conceal(r.Needs), EnteredOn: r.EnteredOn, ExitedOn: r.ExitedOn, CreatedAt: now, UpdatedAt: now,
		}
		if r.ExitedOn != "" {
			err := moves.add(models.Movement{
				ID: m.st.NewID(), Noun: models.NounRecipient, SubjectID: row.ID, Kind: models.MovedOut, MovedOn: r.ExitedOn, Reason: r.ExitReason,
				FromRegion: row.Region, RecordedAt: m.evening(r.ExitedOn),
			})
			if err != nil {
				return err
			}
		}
		if r.EnteredOn != "" {
			row.CreatedAt = m.evening(r.EnteredOn)
		}
		if row.Number == "" {
			row.Number = fmt.Sprintf("D%d-%06d", m.today.Year(), i+1) // as an import numbers them
		}
		if r.IDNumber != "" {
			idx := m.st.IDIndex(r.IDNumber)
			row.IDIdx = &idx
		}
		row.SetAliases(r.Aliases)
		m.recipients[r.Key] = row.ID
		m.came.recipients++
		if err := people.add(row); err != nil {
			return err
		}
		for n, c := range r.Contacts {
			contact := models.Contact{ID: m.st.NewID(), RecipientID: row.ID, Kind: c.Kind, Name: models.Conceal(c.Name), Phone: models.Conceal(c.Phone), CreatedAt: now}
			if c.Phone != "" {
				contact.PhoneIdx = m.st.PhoneIndex(c.Phone)
			}
			if err := contacts.add(contact); err != nil {
				return err
			}
			if c.Kind != models.ContactGuardian || r.ExitedOn != "" {
				continue
			}
			if err := m.bind(&bindings, models.RoleGuardian, fmt.Sprintf("G%s_%d", r.Key, n), contact.ID); err != nil {
				return err
			}
		}
	}
	return errors.Join(people.flush(), contacts.flush(), bindings.flush(), moves.flush())
}

func (m *mover) enterPairings(t town.Town) error {
	pairings := pile[models.Pairing]{m: m}
	for _, p := range t.Pairings {
		row := models.Pairing{
			ID: m.st.NewID(), CadreID: m.cadres[p.Cadre], RecipientID: m.recipients[p.Recipient], Line: p.Line, FromDay: p.From, ToDay: p.To,
			Reason: p.Reason, CreatedAt: m.evening(p.From),
		}
		if p.To != "" {
			row.EndedAt = m.evening(p.To)
		}
		if row.CadreID == "" || row.RecipientID == "" {
			return errors.New("the town has a pairing of nobody")
		}
		m.pairings[p.Cadre+" "+p.Recipient+" "+string(p.Line)] = row.ID
		m.came.pairings++
		if err := pairings.add(row); err != nil {
			return err
		}
	}
	return pairings.flush()
}

// enterActivities enters what was done, a record a message; what belongs to one
// message stands together.
func (m *mover) enterActivities(t town.Town) error {
	records, activities := pile[models.Record]{m: m}, pile[models.Activity]{m: m}
	message := ""
	var rec models.Record
	for a := range t.Activities {
		at := m.evening(a.RecordedOn)
		if a.Record != message {
			message, rec = a.Record, models.Record{ID: m.st.NewID(), CadreID: m.cadres[a.Cadre], RecordedAt: at}
			if err := records.add(rec); err != nil {
				return err
			}
		}
		m.came.activities++
		err := activities.add(models.Activity{
			ID: m.st.NewID(), RecordID: rec.ID, CadreID: rec.CadreID, RecipientID: m.recipients[a.Recipient],
			PairingID: m.pairings[a.Cadre+" "+a.Recipient+" "+string(a.Line)],
			Kind:      a.Kind, Channel: a.Channel, Help: a.Help, Stage: a.Stage, Day: a.Day, AmountFen: a.AmountFen,
			Goods: a.Kind == models.KindAid && models.InKind(a.Note),
			Late:  desk.DefaultRules.Late(a.Day, a.RecordedOn), Source: models.SourceImport, Note: models.Conceal(a.Note), Status: models.StatusActive, RecordedAt: at,
		})
		if err != nil {
			return err
		}
	}
	return errors.Join(records.flush(), activities.flush())
}

// evening is when something of that day was written down: after work, and never
// in the future.
func (m *mover) evening(day models.Day) models.Instant {
	return min(models.InstantOf(day.Time().Add(10*time.Hour)), m.st.Now())
}
