package desk

import (
	"context"
	"slices"
	"strings"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

// RegisterRows are the rows of the register as they stand on a day, as far as the
// actor sees it: what Enroll reads back as no change.
func RegisterRows(ctx context.Context, st *store.Store, on models.Day) (*xlsx.Register, error) {
	o := &takenOut{st: st, on: on, paths: map[string]string{}, units: map[string]string{}, phones: map[string]string{}, reg: &xlsx.Register{OpeningColumns: true}}
	regions, err := st.Regions(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range regions {
		o.paths[r.Code] = r.Path
	}
	units, err := st.Units(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		o.units[u.ID] = u.Name
	}
	for after := ""; ; {
		page, err := st.CadrePage(ctx, after, commitRows)
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			break
		}
		after = page[len(page)-1].ID
		for _, c := range page {
			o.phones[c.ID] = c.Phone.Reveal()
			o.reg.Cadres = append(o.reg.Cadres, xlsx.CadreRow{
				Name: c.Name.Reveal(), Phone: c.Phone.Reveal(), Unit: o.units[c.UnitID], Post: c.Post, Region: o.paths[c.Region], Speciality: c.Speciality,
			})
		}
	}
	for after := ""; ; {
		page, err := st.RecipientPage(ctx, after, commitRows)
		if err != nil || len(page) == 0 {
			return o.reg, err
		}
		after = page[len(page)-1].ID
		if err := o.people(ctx, page); err != nil {
			return nil, err
		}
	}
}

// takenOut is a register on its way into a workbook.
type takenOut struct {
	st                   *store.Store
	on                   models.Day
	paths, units, phones map[string]string // of regions and units, and the telephones of cadres
	reg                  *xlsx.Register
}

// people adds some people with all that hangs on them.
func (o *takenOut) people(ctx context.Context, page []models.Recipient) error {
	var ids, pairingIDs []string
	for _, p := range page {
		ids = append(ids, p.ID)
	}
	contacts, err := o.st.ContactsOf(ctx, ids)
	if err != nil {
		return err
	}
	states, err := o.st.StatesOf(ctx, ids)
	if err != nil {
		return err
	}
	pairings, err := o.st.PairingsOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, p := range pairings {
		pairingIDs = append(pairingIDs, p.ID)
	}
	delegations, err := o.st.DelegationsOf(ctx, pairingIDs)
	if err != nil {
		return err
	}
	key := map[string]xlsx.BesideRow{}
	for i := range page {
		p := &page[i]
		key[p.ID] = xlsx.BesideRow{RecipientID: p.IDNumber.Reveal(), RecipientNumber: p.Number}
		o.person(p, contacts)
	}
	beside := func(sheet, recipient string) *xlsx.BesideRow {
		row := key[recipient]
		row.Sheet = sheet
		o.reg.Besides = append(o.reg.Besides, row)
		return &o.reg.Besides[len(o.reg.Besides)-1]
	}
	guardians := map[string]bool{}
	for _, c := range contacts {
		if leads(c) && !guardians[c.RecipientID] {
			guardians[c.RecipientID] = true // stands with the person
			continue
		}
		row := beside(xlsx.SheetContacts, c.RecipientID)
		row.Relation, row.Name, row.Phone = c.Kind, c.Name.Reveal(), c.Phone.Reveal()
	}
	for _, s := range states {
		if s.State != models.StateDeceased && (s.ToDay == "" || s.ToDay.Year() >= o.on.Year()) {
			row := beside(xlsx.SheetStates, s.RecipientID)
			row.State, row.From, row.To = s.State, s.FromDay, s.ToDay
		}
	}
	of := map[string]string{}
	for _, p := range pairings {
		of[p.ID] = p.RecipientID
		if p.ToDay == "" && o.phones[p.CadreID] != "" {
			o.pairing(p, key[p.RecipientID])
		}
	}
	for _, d := range delegations {
		if d.ToDay >= o.on && o.phones[d.DeputyID] != "" {
			row := beside(xlsx.SheetDeputies, of[d.PairingID])
			row.Deputy, row.From, row.To = o.phones[d.DeputyID], d.FromDay, d.ToDay
		}
	}
	return nil
}

// leads tells a contact that stands in the row of the person.
func leads(c models.Contact) bool {
	return slices.Contains([]models.ContactKind{models.ContactGuardian, models.ContactInstitution, models.ContactSelf}, c.Kind)
}

func (o *takenOut) person(p *models.Recipient, contacts []models.Contact) {
	row := xlsx.RecipientRow{
		Name: p.Name.Reveal(), IDNumber: p.IDNumber.Reveal(), Number: p.Number, Birth: models.Day(p.Birth.Reveal()), CareMode: p.CareMode, Region: o.paths[p.Region],
		Address: p.Address.Reveal(), Aliases: p.AliasList(), Needs: p.Needs.Reveal(), Household: p.Household, BirthLunar: p.BirthLunar,
	}
	for c := range strings.SplitSeq(p.Categories, ",") {
		row.Categories = append(row.Categories, models.Category(c))
	}
	if i := slices.IndexFunc(contacts, func(c models.Contact) bool { return c.RecipientID == p.ID && leads(c) }); i >= 0 {
		row.GuardianName, row.GuardianPhone = contacts[i].Name.Reveal(), contacts[i].Phone.Reveal()
	}
	o.reg.Recipients = append(o.reg.Recipients, row)
}

func (o *takenOut) pairing(p models.Pairing, whose xlsx.BesideRow) {
	row := xlsx.PairingRow{CadrePhone: o.phones[p.CadreID], RecipientID: whose.RecipientID, RecipientNumber: whose.RecipientNumber, Line: p.Line, From: p.FromDay, OpeningNone: !p.OpeningUnknown && p.OpeningAsOf == ""}
	if p.OpeningAsOf != "" {
		row.OpeningAsOf, row.OpeningContacts, row.OpeningVisits, row.OpeningHelps = p.OpeningAsOf, &p.OpeningContacts, &p.OpeningVisits, &p.OpeningHelps
	}
	o.reg.Pairings = append(o.reg.Pairings, row)
}
