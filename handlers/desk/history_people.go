package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

// couple is the cadre and the person of a row, and their pairing on that day.
type couple struct {
	cadre, person string
	pairing       string // "" where they had none
}

// register is what a run needs of the register to know people by.
type register struct {
	byPhone, byID, byNumber map[string]string // index or 编号 → id
	named                   map[string][]models.Cadre
	units                   map[string]string
	people                  map[string]models.Recipient
	pairings                map[string][]models.Pairing // by cadre
}

// findPeople finds the two of each row: by telephone and id number, else by names
// that leave no doubt.
func (e *chronicle) findPeople(ctx context.Context) error {
	g, err := e.readRegister(ctx)
	if err != nil {
		return err
	}
	e.who, e.unknown = map[xlsx.Place][]couple{}, map[xlsx.Place][]xlsx.Fault{}
	for i := range e.h.Rows {
		r := &e.h.Rows[i]
		if len(r.Faults) > 0 {
			e.results[r.Place] = xlsx.Result{Outcome: xlsx.OutcomeError}
			continue
		}
		couples, unknown := g.couples(e.st, r)
		if len(couples) == 0 {
			e.results[r.Place] = xlsx.Result{Outcome: xlsx.OutcomeError, Reasons: unknown}
			continue
		}
		e.who[r.Place], e.unknown[r.Place] = couples, unknown
	}
	return nil
}

func (e *chronicle) readRegister(ctx context.Context) (*register, error) {
	g := &register{
		byPhone: map[string]string{}, byID: map[string]string{}, byNumber: map[string]string{}, named: map[string][]models.Cadre{},
		units: map[string]string{}, people: map[string]models.Recipient{}, pairings: map[string][]models.Pairing{},
	}
	phones, ids, numbers, names := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range e.h.Rows {
		r := &e.h.Rows[i]
		if len(r.Faults) > 0 {
			continue
		}
		for _, c := range r.Cadres {
			if c.Phone != "" {
				phones[e.st.PhoneIndex(c.Phone)] = true
			} else {
				names[c.Name] = true
			}
		}
		if r.PersonID != "" {
			ids[e.st.IDIndex(r.PersonID)] = true
		}
		if r.PersonNumber != "" {
			numbers[r.PersonNumber] = true
		}
	}
	cadres, err := e.st.CadresByPhone(ctx, slices.Sorted(maps.Keys(phones)))
	if err != nil {
		return nil, err
	}
	for _, c := range cadres {
		g.byPhone[c.PhoneIdx] = c.ID
	}
	if len(names) > 0 {
		named, err := e.st.CadresNamed(ctx, names)
		if err != nil {
			return nil, err
		}
		for _, c := range named {
			g.named[c.Name.Reveal()] = append(g.named[c.Name.Reveal()], c)
		}
		cadres = append(cadres, named...)
		units, err := e.st.Units(ctx)
		if err != nil {
			return nil, err
		}
		for _, u := range units {
			g.units[u.ID] = u.Name
		}
	}
	people, err := e.st.RecipientsByIndex(ctx, slices.Sorted(maps.Keys(ids)), slices.Sorted(maps.Keys(numbers)))
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		g.people[p.ID], g.byNumber[p.Number] = p, p.ID
		if p.IDIdx != nil {
			g.byID[*p.IDIdx] = p.ID
		}
	}
	return g, g.readPairings(ctx, e.st, cadres)
}

func (g *register) readPairings(ctx context.Context, st *store.Store, cadres []models.Cadre) error {
	ids := map[string]bool{}
	for _, c := range cadres {
		ids[c.ID] = true
	}
	rows, err := st.PairingsByCadre(ctx, slices.Sorted(maps.Keys(ids)))
	if err != nil {
		return err
	}
	missing := map[string]bool{}
	for _, p := range rows {
		g.pairings[p.CadreID] = append(g.pairings[p.CadreID], p)
		if _, known := g.people[p.RecipientID]; !known {
			missing[p.RecipientID] = true
		}
	}
	people, err := st.Recipients(ctx, slices.Sorted(maps.Keys(missing)))
	for _, p := range people {
		g.people[p.ID] = p
	}
	return err
}

// couples finds the person of a row with each cadre who was there, and says who
// is not known. Whom only one of them is paired with is the others' person too.
func (g *register) couples(st *store.Store, r *xlsx.HistoryRow) (found []couple, unknown []xlsx.Fault) {
	person, f := g.person(st, r)
	if f != nil {
		return nil, []xlsx.Fault{*f}
	}
	if person == "" && len(r.Cadres) > 1 {
		for _, who := range r.Cadres {
			c, f := g.couple(st, r, who, "")
			if f == nil && person != "" && c.person != person {
				return nil, []xlsx.Fault{{Code: xlsx.CodeSameName, Text: fmt.Sprintf("这几位干部名下叫“%s”的不止一位,请填身份证号或编号。", r.PersonName)}}
			} else if f == nil {
				person = c.person
			}
		}
	}
	for _, who := range r.Cadres {
		c, f := g.couple(st, r, who, person)
		switch {
		case f == nil && !slices.Contains(found, c):
			found = append(found, c)
		case f != nil && !slices.Contains(unknown, *f):
			unknown = append(unknown, *f)
		}
	}
	return found, unknown
}

// couple finds the two of a row, or says why not; person is "" where the row has
// but a name.
func (g *register) couple(st *store.Store, r *xlsx.HistoryRow, who xlsx.HistoryCadre, person string) (couple, *xlsx.Fault) {
	cadres, f := g.cadres(st, r, who)
	if f != nil {
		return couple{}, f
	}
	var found []couple
	for _, cadre := range cadres {
		if person != "" {
			found = append(found, couple{cadre, person, g.pairingOf(cadre, person, r.Day)})
			continue
		}
		for _, id := range g.called(cadre, r.PersonName) {
			found = append(found, couple{cadre, id, g.pairingOf(cadre, id, r.Day)})
		}
	}
	// Of several, those who were paired on that day.
	if len(found) > 1 {
		if paired := slices.DeleteFunc(slices.Clone(found), func(c couple) bool { return c.pairing == "" }); len(paired) > 0 {
			found = paired
		}
	}
	switch {
	case len(found) == 0:
		return couple{}, &xlsx.Fault{Code: xlsx.CodeUnlisted, Text: fmt.Sprintf("这位干部名下没有叫“%s”的对象,请填身份证号或编号。", r.PersonName)}
	case len(found) > 1 && person == "" && len(cadres) == 1:
		return couple{}, &xlsx.Fault{Code: xlsx.CodeSameName, Text: fmt.Sprintf("这位干部名下叫“%s”的不止一位,请填身份证号或编号。", r.PersonName)}
	case len(found) > 1:
		return couple{}, &xlsx.Fault{Code: xlsx.CodeSameName, Text: fmt.Sprintf("叫“%s”的干部有 %d 位,请填手机号或单位。", who.Name, len(cadres))}
	}
	return found[0], g.alive(found[0], r)
}

// person is whom the number or the id number means; "" where there is but a name.
func (g *register) person(st *store.Store, r *xlsx.HistoryRow) (string, *xlsx.Fault) {
	id := g.byID[st.IDIndex(r.PersonID)]
	if r.PersonID != "" && id == "" {
		return "", &xlsx.Fault{Code: xlsx.CodeUnlisted, Text: "名册里没有这个身份证号的关爱对象,请核对,或先导入名册。"}
	}
	if id == "" {
		id = g.byNumber[r.PersonNumber]
	}
	if r.PersonNumber != "" && id == "" && r.PersonName == "" {
		return "", &xlsx.Fault{Code: xlsx.CodeUnlisted, Text: fmt.Sprintf("名册里没有编号 %s 的关爱对象,请核对编号。", r.PersonNumber)}
	}
	if p := g.people[id]; id != "" && r.PersonName != "" && !calls(p, r.PersonName) && otherPerson(r.PersonName, p.Name.Reveal()) {
		return "", &xlsx.Fault{Code: xlsx.CodeInRegister, Text: fmt.Sprintf("名册里同号的是“%s”,和这里的名字对不上,请核对。", models.MaskName(p.Name.Reveal()))}
	}
	return id, nil
}

// cadres are those whom the telephone, or the name and the unit, may mean.
func (g *register) cadres(st *store.Store, r *xlsx.HistoryRow, who xlsx.HistoryCadre) ([]string, *xlsx.Fault) {
	if who.Phone != "" {
		if id := g.byPhone[st.PhoneIndex(who.Phone)]; id != "" {
			return []string{id}, nil
		}
		return nil, &xlsx.Fault{Code: xlsx.CodeUnlisted, Text: fmt.Sprintf("名册里没有手机尾号 %s 的干部,请核对,或先导入名册。", who.Phone[len(who.Phone)-4:])}
	}
	all := g.named[who.Name]
	if r.Unit != "" {
		if there := slices.DeleteFunc(slices.Clone(all), func(c models.Cadre) bool { return g.units[c.UnitID] != r.Unit }); len(there) > 0 {
			all = there
		}
	}
	var ids []string
	for _, c := range all {
		ids = append(ids, c.ID)
	}
	if len(ids) == 0 {
		return nil, &xlsx.Fault{Code: xlsx.CodeUnlisted, Text: fmt.Sprintf("名册里没有叫“%s”的干部,请核对,或填手机号。", who.Name)}
	}
	return ids, nil
}

// called finds the people of a cadre, of all times, that go by a name.
func (g *register) called(cadre, name string) (ids []string) {
	for _, p := range g.pairings[cadre] {
		if !slices.Contains(ids, p.RecipientID) && calls(g.people[p.RecipientID], name) {
			ids = append(ids, p.RecipientID)
		}
	}
	return ids
}

func calls(p models.Recipient, name string) bool {
	return p.Name.Reveal() == name || slices.Contains(p.AliasList(), name)
}

// pairingOf is the pairing of the two on a day, the lead one before the services.
func (g *register) pairingOf(cadre, person string, on models.Day) string {
	id := ""
	for _, p := range g.pairings[cadre] {
		if p.RecipientID == person && p.Holds(on) && (id == "" || p.Line == models.LinePairing) {
			id = p.ID
		}
	}
	return id
}

// alive refuses what cannot have been.
func (g *register) alive(c couple, r *xlsx.HistoryRow) *xlsx.Fault {
	p := g.people[c.person]
	switch birth := models.Day(p.Birth.Reveal()); {
	case r.Day < birth:
		return &xlsx.Fault{Code: xlsx.CodeDates, Text: "日期早于对象的出生日期,请核对。"}
	case p.ExitedOn != "" && r.Day > p.ExitedOn:
		return &xlsx.Fault{Code: xlsx.CodeBackwards, Text: fmt.Sprintf("这位对象已在 %s 退出,日期在那之后,请核对。", string(p.ExitedOn))}
	}
	return nil
}
