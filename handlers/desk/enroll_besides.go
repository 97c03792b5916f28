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

// besides is what this run knows of contacts, states and stand-ins of people,
// those it has made included: a dry run has them nowhere else.
type besides struct {
	contacts map[string][]models.Contact
	states   map[string][]models.RecipientState
	deputies map[string][]models.Delegation // by pairing
}

// enrollBesides takes in one commit of the sheets 联系人, 近况 and 代管. What is
// there and said again stays; a later end replaces an earlier one.
func (e *enrolment) enrollBesides(ctx context.Context, tx *store.Store, rows []xlsx.BesideRow) (keep func(), err error) {
	out := map[xlsx.Place]xlsx.Result{}
	people, ids, err := e.findPeople(ctx, tx, rows, out)
	if err != nil {
		return nil, err
	}
	b, pairings, deputies, err := e.readBesides(ctx, tx, rows, ids)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		r := &rows[i]
		p, found := people[r.Place]
		if !found {
			continue
		}
		var result xlsx.Result
		switch {
		case r.Relation != "":
			result, err = e.contact(ctx, tx, b, p, r)
		case r.State != "":
			result, err = e.state(ctx, tx, b, p, r)
		default:
			result, err = e.deputy(ctx, tx, b, r, pairings[p.id], deputies[tx.PhoneIndex(r.Deputy)])
		}
		if err != nil {
			return nil, err
		}
		out[r.Place] = result
	}
	return func() {
		maps.Copy(e.besides.contacts, b.contacts)
		maps.Copy(e.besides.states, b.states)
		maps.Copy(e.besides.deputies, b.deputies)
		maps.Copy(e.results.Besides, out)
	}, nil
}

// findPeople finds whom each row means, in this workbook or in the register.
func (e *enrolment) findPeople(ctx context.Context, tx *store.Store, rows []xlsx.BesideRow, out map[xlsx.Place]xlsx.Result) (map[xlsx.Place]person, []string, error) {
	var idx, numbers []string
	for _, r := range rows {
		if len(r.Faults) == 0 && r.RecipientID != "" {
			idx = append(idx, tx.IDIndex(r.RecipientID))
		} else if len(r.Faults) == 0 {
			numbers = append(numbers, r.RecipientNumber)
		}
	}
	found, err := tx.RecipientsByIndex(ctx, idx, numbers)
	if err != nil {
		return nil, nil, err
	}
	byKey := byIndex(found)
	people, ids := map[xlsx.Place]person{}, []string{}
	for _, r := range rows {
		if len(r.Faults) > 0 {
			out[r.Place] = xlsx.Result{Outcome: xlsx.OutcomeError}
			continue
		}
		p, f := e.personOf(tx, r.RecipientID, r.RecipientNumber, r.RecipientRow, byKey)
		if f != nil {
			out[r.Place] = xlsx.Result{Outcome: xlsx.OutcomeError, Reasons: []xlsx.Fault{*f}}
			continue
		}
		people[r.Place], ids = p, append(ids, p.id)
	}
	return people, ids, nil
}

// readBesides reads what the register has of some people, beside what this run
// has made, their pairings and who may stand in.
func (e *enrolment) readBesides(ctx context.Context, tx *store.Store, rows []xlsx.BesideRow, ids []string) (b besides, pairings map[string][]models.Pairing, deputies map[string]models.Cadre, err error) {
	b = besides{map[string][]models.Contact{}, map[string][]models.RecipientState{}, map[string][]models.Delegation{}}
	if pairings, _, err = e.readPairings(ctx, tx, ids, nil); err != nil {
		return b, nil, nil, err
	}
	var pairingIDs []string
	for _, id := range ids {
		for _, p := range pairings[id] {
			pairingIDs = append(pairingIDs, p.ID)
		}
	}
	contacts, err := tx.ContactsOf(ctx, ids)
	if err != nil {
		return b, nil, nil, err
	}
	states, err := tx.StatesOf(ctx, ids)
	if err != nil {
		return b, nil, nil, err
	}
	stand, err := tx.DelegationsOf(ctx, pairingIDs)
	if err != nil {
		return b, nil, nil, err
	}
	for _, c := range contacts {
		b.contacts[c.RecipientID] = append(b.contacts[c.RecipientID], c)
	}
	for _, s := range states {
		b.states[s.RecipientID] = append(b.states[s.RecipientID], s)
	}
	for _, d := range stand {
		b.deputies[d.PairingID] = append(b.deputies[d.PairingID], d)
	}
	if e.dry {
		maps.Copy(b.contacts, e.besides.contacts)
		maps.Copy(b.states, e.besides.states)
		maps.Copy(b.deputies, e.besides.deputies)
	}
	var phones []string
	for _, r := range rows {
		if r.Deputy != "" {
			phones = append(phones, tx.PhoneIndex(r.Deputy))
		}
	}
	cadres, err := tx.CadresByPhone(ctx, phones)
	deputies = map[string]models.Cadre{}
	for _, c := range cadres {
		if c.LeftAt == 0 {
			deputies[c.PhoneIdx] = c
		}
	}
	if e.dry { // those of this workbook are not in the register yet
		for _, r := range e.reg.Cadres {
			if id := e.cadres[r.Row]; id != "" {
				deputies[tx.PhoneIndex(r.Phone)] = models.Cadre{ID: id}
			}
		}
	}
	return b, pairings, deputies, err
}

var (
	fresh   = xlsx.Result{Outcome: xlsx.OutcomeNew}
	changed = xlsx.Result{Outcome: xlsx.OutcomeUpdated}
	as      = xlsx.Result{Outcome: xlsx.OutcomeSame}
)

func refused(code, text string, args ...any) xlsx.Result {
	return xlsx.Result{Outcome: xlsx.OutcomeError, Reasons: []xlsx.Fault{{Code: code, Text: fmt.Sprintf(text, args...)}}}
}

// contact enters somebody through whom a person is reached. Who has the number
// already is the same contact.
func (e *enrolment) contact(ctx context.Context, tx *store.Store, b besides, p person, r *xlsx.BesideRow) (xlsx.Result, error) {
	if f := tooLong(cell{"姓名", r.Name, 60}); f != nil {
		return xlsx.Result{Outcome: xlsx.OutcomeError, Reasons: []xlsx.Fault{*f}}, nil
	}
	idx := phoneIndex(tx, r.Phone)
	have := b.contacts[p.id]
	if i := slices.IndexFunc(have, func(c models.Contact) bool {
		return idx != "" && c.PhoneIdx == idx || c.Kind == r.Relation && c.Name.Reveal() == r.Name
	}); i >= 0 {
		c, d := &have[i], edit{}
		d.secret(&c.Name, r.Name)
		d.secret(&c.Phone, r.Phone)
		put(&d, &c.Kind, r.Relation)
		if !d.changed {
			return as, nil
		}
		c.PhoneIdx = phoneIndex(tx, c.Phone.Reveal())
		return changed, write(ctx, e, tx, nil, []models.Contact{*c})
	}
	c := models.Contact{ID: tx.NewID(), RecipientID: p.id, Kind: r.Relation, Name: models.Conceal(r.Name), Phone: models.Conceal(r.Phone), PhoneIdx: idx, CreatedAt: tx.Now()}
	b.contacts[p.id] = append(have, c)
	return fresh, write(ctx, e, tx, []models.Contact{c}, nil)
}

// state enters what keeps a person from being visited for a while. Two do not
// overlap.
func (e *enrolment) state(ctx context.Context, tx *store.Store, b besides, p person, r *xlsx.BesideRow) (xlsx.Result, error) {
	have := b.states[p.id]
	for i := range have {
		s := &have[i]
		switch {
		case s.VoidedAt != 0:
		case s.State == r.State && s.FromDay == r.From:
			if r.To == "" || r.To == s.ToDay {
				return as, nil
			}
			s.ToDay = r.To
			return changed, write(ctx, e, tx, nil, []models.RecipientState{*s})
		case (s.ToDay == "" || s.ToDay >= r.From) && (r.To == "" || s.FromDay <= r.To):
			return refused(xlsx.CodeDates, "名册里这位从 %s 起%s,日期重叠,请核对。", string(s.FromDay), s.State.Label()), nil
		}
	}
	s := models.RecipientState{ID: tx.NewID(), RecipientID: p.id, State: r.State, FromDay: r.From, ToDay: r.To, RecordedAt: tx.Now()}
	b.states[p.id] = append(have, s)
	return fresh, write(ctx, e, tx, []models.RecipientState{s}, nil)
}

// deputy lets a colleague look after the lead pairing of a person for a while.
func (e *enrolment) deputy(ctx context.Context, tx *store.Store, b besides, r *xlsx.BesideRow, held []models.Pairing, who models.Cadre) (xlsx.Result, error) {
	i := slices.IndexFunc(held, func(p models.Pairing) bool {
		return p.Line == models.LinePairing && p.Holds(max(r.From, e.today)) && p.FromDay <= r.To
	})
	switch {
	case who.ID == "":
		return refused(xlsx.CodeUnlisted, "没有手机尾号 %s 的在岗干部,请先写进“干部”表。", r.Deputy[len(r.Deputy)-4:]), nil
	case i < 0:
		return refused(xlsx.CodeUnlisted, "这位对象现在没有结对的干部,不用代管。"), nil
	case held[i].CadreID == who.ID:
		return refused(xlsx.CodeNotAllowed, "代管的就是结对干部本人,不用代管。"), nil
	case r.To < e.today:
		return refused(xlsx.CodeDates, "代管到 %s,已经过了,没有加。", string(r.To)), nil
	}
	p := held[i]
	have := b.deputies[p.ID]
	for i := range have {
		d := &have[i]
		switch {
		case d.DeputyID == who.ID && d.FromDay == r.From && d.ToDay == r.To:
			return as, nil
		case d.DeputyID == who.ID && d.FromDay == r.From:
			d.ToDay = r.To
			return changed, write(ctx, e, tx, nil, []models.Delegation{*d})
		case d.ToDay >= r.From && d.FromDay <= r.To:
			return refused(xlsx.CodeDates, "这一对从 %s 到 %s 已有人代管,日期重叠,请核对。", string(d.FromDay), string(d.ToDay)), nil
		}
	}
	d := models.Delegation{ID: tx.NewID(), PairingID: p.ID, DeputyID: who.ID, FromDay: r.From, ToDay: r.To, Role: models.RoleAdmin, RecordedAt: tx.Now()}
	b.deputies[p.ID] = append(have, d)
	return fresh, write(ctx, e, tx, []models.Delegation{d}, nil)
}
