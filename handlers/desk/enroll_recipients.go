package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

// person is a recipient as the pairings need one.
type person struct {
	id    string
	birth models.Day
}

// enrollRecipients takes in one commit of the sheet 关爱对象, with the guardians.
func (e *enrolment) enrollRecipients(ctx context.Context, tx *store.Store, rows []xlsx.RecipientRow) (keep func(), err error) {
	out := outcomes{}
	about, seen, err := e.recognise(ctx, tx, rows, out)
	if err != nil {
		return nil, err
	}
	var good []*xlsx.RecipientRow
	var paths, known []string
	for i := range rows {
		r := &rows[i]
		if _, failed := out[r.Row]; failed {
			continue
		}
		old, registered := about[r.Row]
		if faults := recipientFaults(r, old, registered, e.today); len(faults) > 0 {
			out.fail(r.Row, faults...)
			continue
		}
		path, _ := village(r.Region)
		good, paths = append(good, r), append(paths, path)
		if registered {
			known = append(known, old.ID)
		}
	}
	grown, err := e.places.grow(ctx, e, tx, paths, nil)
	if err != nil {
		return nil, err
	}
	contacts, err := tx.ContactsOf(ctx, known)
	if err != nil {
		return nil, err
	}
	contactsOf := map[string][]models.Contact{}
	for _, c := range contacts {
		contactsOf[c.RecipientID] = append(contactsOf[c.RecipientID], c)
	}
	numbers, people := e.numbers, map[int]person{}
	var created, altered []models.Recipient
	var newContacts, alteredContacts []models.Contact
	var moved []models.Movement
	var renamed []models.FormerName
	for i, r := range good {
		p, registered := about[r.Row]
		_, notes := regionNotes(r.Region)
		var d edit
		was := models.FormerName{Noun: models.NounRecipient, SubjectID: p.ID, Name: models.Conceal(p.Name.Reveal()), Number: p.Number}
		fillRecipient(&d, &p, r, tx)
		if registered && (was.Name.Reveal() != p.Name.Reveal() || was.Number != p.Number) {
			renamed = append(renamed, was)
		}
		from := p.Region
		put(&d, &p.Region, grown.regions[paths[i]])
		if registered && p.Region != from {
			moved = append(moved, models.Movement{
				Noun: models.NounRecipient, SubjectID: p.ID, Kind: models.MovedPlace, MovedOn: e.today, Reason: byWorkbook, FromRegion: from, ToRegion: p.Region,
			})
		}
		if !registered {
			p.EnteredOn = e.today
			p.ID, p.CreatedAt, p.UpdatedAt = tx.NewID(), tx.Now(), tx.Now()
			notes = append(notes, e.known.similar(r)...)
			if p.Number == "" {
				p.Number = numbers.next(r.IDNumber != "")
				if r.IDNumber == "" {
					notes = append(notes, xlsx.Fault{Code: xlsx.CodeMissing, Text: fmt.Sprintf("给的临时编号是 %s,下次请填在“编号”一列。", p.Number)})
				}
			}
			created = append(created, p)
		} else if d.changed {
			p.UpdatedAt = tx.Now()
			altered = append(altered, p)
		}
		c, note := guardian(&d, r, p.ID, contactsOf[p.ID], tx)
		notes = append(notes, note...)
		switch {
		case c == nil:
		case c.ID == "":
			c.ID, c.CreatedAt = tx.NewID(), tx.Now()
			newContacts = append(newContacts, *c)
		default:
			alteredContacts = append(alteredContacts, *c)
		}
		outcome := xlsx.OutcomeSame
		if !registered {
			outcome = xlsx.OutcomeNew
		} else if d.changed {
			outcome = xlsx.OutcomeUpdated
		}
		out.set(r.Row, outcome, notes...)
		people[r.Row] = person{p.ID, models.Day(p.Birth.Reveal())}
	}
	if err := write(ctx, e, tx, created, altered); err != nil {
		return nil, err
	}
	if err := write(ctx, e, tx, newContacts, alteredContacts); err != nil {
		return nil, err
	}
	if err := e.move(ctx, tx, moved, renamed); err != nil {
		return nil, err
	}
	return func() {
		e.places, e.numbers = grown, numbers
		maps.Copy(e.seen, seen)
		maps.Copy(e.people, people)
		maps.Copy(e.results.Recipients, out)
	}, nil
}

// fillRecipient writes what the row says into the person.
func fillRecipient(d *edit, p *models.Recipient, r *xlsx.RecipientRow, tx *store.Store) {
	d.secret(&p.Name, r.Name)
	d.secret(&p.IDNumber, r.IDNumber)
	if r.IDNumber != "" {
		idx := tx.IDIndex(r.IDNumber)
		p.IDIdx = &idx
	}
	put(d, &p.Number, r.Number)
	d.secret(&p.Birth, string(r.Birth))
	put(d, &p.CareMode, r.CareMode)
	d.secret(&p.Address, r.Address)
	d.secret(&p.Aliases, strings.Join(r.Aliases, "、"))
	put(d, &p.Household, r.Household)
	if r.BirthLunar && !p.BirthLunar {
		p.BirthLunar, d.changed = true, true
	}
	d.secret(&p.Needs, r.Needs)
	var words []string
	for _, c := range r.Categories {
		words = append(words, string(c))
	}
	// The order in which somebody typed the categories is no change.
	have := strings.Split(p.Categories, ",")
	if slices.Sort(have); !slices.Equal(have, slices.Sorted(slices.Values(words))) {
		put(d, &p.Categories, strings.Join(words, ","))
	}
}

// recipientFaults is what the register has against a row that is good in itself.
func recipientFaults(r *xlsx.RecipientRow, old models.Recipient, registered bool, today models.Day) []xlsx.Fault {
	faults, _ := regionNotes(r.Region)
	if f := tooLong(cell{"姓名", r.Name, 60}, cell{"编号", r.Number, 40}, cell{"户编号", r.Household, 40}, cell{"住址", r.Address, 250},
		cell{"别名", strings.Join(r.Aliases, "、"), 250}, cell{"监护人姓名", r.GuardianName, 60}, cell{"需求", r.Needs, 2000}); f != nil {
		faults = append(faults, *f)
	}
	switch {
	case registered && old.ExitedOn != "":
		faults = append(faults, xlsx.Fault{Code: xlsx.CodeBackwards, Text: fmt.Sprintf("名册里这位对象已在 %s 退出,不能再从表里加回来,请先核对。", string(old.ExitedOn))})
	case registered && otherPerson(r.Name, old.Name.Reveal()):
		faults = append(faults, inRegister("名册里同号的是“%s”,和这里的名字对不上,请照证件核对。", mask(&old)))
	case registered && r.Correction == "":
		if words := backwards(old, r.Categories, today); words != "" {
			faults = append(faults, xlsx.Fault{Code: xlsx.CodeBackwards, Text: words + ";原来登记错了的,在“更正说明”一列写明再导。"})
		}
	}
	return faults
}

// backwards says why the categories of somebody cannot have become those of a
// row: an orphan stays one, and nobody who is grown up becomes a child again.
func backwards(old models.Recipient, now []models.Category, today models.Day) string {
	was := strings.Split(old.Categories, ",")
	had, has := func(c models.Category) bool { return slices.Contains(was, string(c)) }, func(c models.Category) bool { return slices.Contains(now, c) }
	child := has(models.CategoryOrphan) || has(models.CategoryDeFactoUnattended)
	switch {
	case had(models.CategoryOrphan) && has(models.CategoryDeFactoUnattended) && !has(models.CategoryOrphan):
		return "名册里是孤儿,不会再变回事实无人抚养儿童"
	case old.Categories != "" && child && !had(models.CategoryOrphan) && !had(models.CategoryDeFactoUnattended) && old.Age(today) >= adultAge:
		return "名册里已不是儿童类别,又满 18 岁,不会再变回来"
	}
	return ""
}

// adultAge is where childhood ends.
const adultAge = 18

// guardian finds the contact person that the row means, or makes one: without an
// id where it is new, nil where there is nothing to write. A guardian of another
// name is another person and gets a row of their own, for the one before may be
// bound.
func guardian(d *edit, r *xlsx.RecipientRow, recipientID string, have []models.Contact, tx *store.Store) (*models.Contact, []xlsx.Fault) {
	if r.GuardianKind == "" || r.GuardianName == "" {
		return nil, nil
	}
	var notes []xlsx.Fault
	for _, c := range have {
		switch c.Kind {
		case models.ContactGuardian, models.ContactInstitution, models.ContactSelf:
		default:
			continue
		}
		name := c.Name.Reveal()
		if name != r.GuardianName && !xlsx.Alike(name, r.GuardianName) && (r.GuardianPhone == "" || c.Phone.Reveal() != r.GuardianPhone) {
			notes = append(notes, xlsx.Fault{Code: xlsx.CodeGuardian, Text: fmt.Sprintf("名册里原来的监护人“%s”也还留着。", models.MaskName(name))})
			continue
		}
		var own edit
		own.secret(&c.Name, r.GuardianName)
		own.secret(&c.Phone, r.GuardianPhone)
		put(&own, &c.Kind, r.GuardianKind)
		if !own.changed {
			return nil, nil
		}
		c.PhoneIdx = phoneIndex(tx, c.Phone.Reveal())
		d.changed = true
		return &c, nil
	}
	d.changed = true
	return &models.Contact{
		RecipientID: recipientID, Kind: r.GuardianKind, Name: models.Conceal(r.GuardianName), Phone: models.Conceal(r.GuardianPhone),
		PhoneIdx: phoneIndex(tx, r.GuardianPhone),
	}, notes
}

// phoneIndex is empty where there is no telephone: all without one are not alike.
func phoneIndex(tx *store.Store, phone string) string {
	if phone == "" {
		return ""
	}
	return tx.PhoneIndex(phone)
}
