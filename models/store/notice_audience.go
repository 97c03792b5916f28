package store

import (
	"context"

	"gorm.io/gorm"

	"aixin/models"
)

// Addressee is somebody whom a notice is for.
type Addressee struct {
	Role      models.Role
	SubjectID string // cadre, contact or recipient
	Person    string // of a family: whom they look after
	UnitID    string
	Binding   *models.Binding // nil: not bound
	Blocked   bool            // refuses the account's messages
	Had       int             // notices of the last seven days
}

// Addressees finds whom an audience means, as far as the actor reaches. Who has
// one phone for several people is one of them.
func (s *Store) Addressees(ctx context.Context, a models.Audience, today models.Day) ([]Addressee, error) {
	find := s.cadreAddressees
	if a.Role == models.RoleGuardian {
		find = s.familyAddressees
	}
	all, err := find(ctx, a, today)
	if err != nil {
		return nil, err
	}
	return s.reachable(ctx, all)
}

// caring narrows a query over pairings that hold to what an audience says of the
// people in them.
func caring(q *gorm.DB, a models.Audience, today models.Day) *gorm.DB {
	q = q.Where("from_day <= ? AND (to_day = '' OR to_day >= ?)", today, today)
	if a.Line != "" {
		q = q.Where("line = ?", a.Line)
	}
	if a.Category != "" {
		q = q.Where("recipient_id IN (?)", inCategory(q.Session(&gorm.Session{NewDB: true}).Model(&models.Recipient{}).Select("id"), a.Category))
	}
	return q
}

// inCategory narrows a query over recipients to a category, one of a list with
// commas.
func inCategory(q *gorm.DB, c models.Category) *gorm.DB {
	one := string(c)
	return q.Where("(categories = ? OR categories LIKE ? OR categories LIKE ? OR categories LIKE ?)", one, one+",%", "%,"+one, "%,"+one+",%")
}

func (s *Store) cadreAddressees(ctx context.Context, a models.Audience, today models.Day) ([]Addressee, error) {
	var rows []models.Cadre
	q := s.cadres(s.q(ctx), "id").Select("id", "unit_id").Where("left_at = 0")
	if a.Region != "" {
		q = q.Where("region LIKE ?", a.Region+"%")
	}
	if a.UnitID != "" {
		q = q.Where("unit_id = ?", a.UnitID)
	}
	if a.Speciality != nil {
		q = q.Where("speciality = ?", *a.Speciality)
	}
	if a.Line != "" || a.Category != "" {
		q = q.Where("id IN (?)", caring(s.q(ctx).Model(&models.Pairing{}).Select("cadre_id"), a, today))
	}
	if len(a.List) > 0 {
		q = q.Where("id IN ?", a.List)
	}
	if err := q.Order("id").Find(&rows).Error; err != nil {
		return nil, err
	}
	var ids []string
	for _, c := range rows {
		ids = append(ids, c.ID)
	}
	keep, err := s.byDuty(ctx, "cadre_id", ids, a, today)
	if err != nil {
		return nil, err
	}
	var out []Addressee
	for _, c := range rows {
		if keep == nil || keep[c.ID] {
			out = append(out, Addressee{Role: models.RoleCadre, SubjectID: c.ID, UnitID: c.UnitID})
		}
	}
	return out, nil
}

// byDuty tells which of the cadres or recipients are in the duty state that is
// asked for; nil where none is.
func (s *Store) byDuty(ctx context.Context, column string, ids []string, a models.Audience, today models.Day) (map[string]bool, error) {
	if a.Duty == models.DutyAny {
		return nil, nil
	}
	var pairings []models.Pairing
	err := inChunks(ids, func(part []string) error {
		var some []models.Pairing
		err := caring(s.q(ctx), a, today).Where(column+" IN ?", part).Find(&some).Error
		pairings = append(pairings, some...)
		return err
	})
	if err != nil {
		return nil, err
	}
	tallies, err := s.Tallies(ctx, pairings, today)
	if err != nil {
		return nil, err
	}
	short, paired := map[string]bool{}, map[string]bool{}
	for _, p := range pairings {
		who := p.CadreID
		if column == "recipient_id" {
			who = p.RecipientID
		}
		t := tallies[p.ID]
		// Where the opening figures are unknown nothing is claimed.
		paired[who], short[who] = true, short[who] || !t.OpeningUnknown && !t.Met()
	}
	keep := map[string]bool{}
	for who := range paired {
		keep[who] = short[who] == (a.Duty == models.DutyShort)
	}
	return keep, nil
}

// families are the kinds of contact persons that a notice to families is for:
// neighbours and village cadres speak for nobody.
var families = []models.ContactKind{models.ContactGuardian, models.ContactInstitution, models.ContactSelf}

func (s *Store) familyAddressees(ctx context.Context, a models.Audience, today models.Day) ([]Addressee, error) {
	var people []models.Recipient
	q := s.people(s.q(ctx), "id").Select("id").Where("exited_on = ''")
	if a.Region != "" {
		q = q.Where("region LIKE ?", a.Region+"%")
	}
	if a.Category != "" {
		q = inCategory(q, a.Category)
	}
	if a.UnitID != "" || a.Line != "" {
		pairings := caring(s.q(ctx).Model(&models.Pairing{}).Select("recipient_id"), a, today)
		if a.UnitID != "" {
			pairings = pairings.Where("cadre_id IN (SELECT id FROM cadre WHERE unit_id = ?)", a.UnitID)
		}
		q = q.Where("id IN (?)", pairings)
	}
	if len(a.List) > 0 {
		q = q.Where("id IN ?", a.List)
	}
	if err := q.Order("id").Find(&people).Error; err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range people {
		ids = append(ids, r.ID)
	}
	keep, err := s.byDuty(ctx, "recipient_id", ids, a, today)
	if err != nil {
		return nil, err
	}
	kinds := families
	if a.Contact != "" {
		kinds = []models.ContactKind{a.Contact}
	}
	var out []Addressee
	err = inChunks(ids, func(part []string) error {
		var rows []models.Contact
		err := s.q(ctx).Select("id", "recipient_id", "kind").Where("recipient_id IN ? AND kind IN ?", part, kinds).Order("id").Find(&rows).Error
		for _, c := range rows {
			if keep == nil || keep[c.RecipientID] {
				out = append(out, Addressee{Role: models.RoleGuardian, SubjectID: c.ID, Person: c.RecipientID})
			}
		}
		return err
	})
	if a.Contact == "" || a.Contact == models.ContactSelf {
		for _, id := range ids {
			if keep == nil || keep[id] {
				out = append(out, Addressee{Role: models.RoleRecipient, SubjectID: id, Person: id})
			}
		}
	}
	return out, err
}

// reachable finds the phone of each, whether it refuses messages, and the notices
// it had this week. Of a family that is reached by one, those who are not bound
// need not be reached too; a family that nobody is bound for is one entry.
func (s *Store) reachable(ctx context.Context, all []Addressee) ([]Addressee, error) {
	subjects := map[models.Role][]string{}
	for _, a := range all {
		subjects[a.Role] = append(subjects[a.Role], a.SubjectID)
	}
	bound := map[models.Role]map[string]models.Binding{}
	var idx []string
	for role, ids := range subjects {
		rows, err := s.BindingsOf(ctx, role, ids)
		if err != nil {
			return nil, err
		}
		bound[role] = rows
		for _, b := range rows {
			idx = append(idx, b.OpenIDIdx)
		}
	}
	ways, err := s.Ways(ctx, idx)
	if err != nil {
		return nil, err
	}
	reached := map[string]bool{} // people of whose family somebody is bound
	for _, a := range all {
		if _, ok := bound[a.Role][a.SubjectID]; ok {
			reached[a.Person] = true
		}
	}
	var out []Addressee
	phones, listed := map[string]bool{}, map[string]bool{}
	for _, a := range all {
		b, ok := bound[a.Role][a.SubjectID]
		switch {
		case ok && phones[b.OpenIDIdx]:
			continue
		case ok:
			phones[b.OpenIDIdx] = true
			a.Binding, a.Blocked = &b, ways[b.OpenIDIdx].Blocked
		case a.Person != "" && (reached[a.Person] || listed[a.Person]):
			continue
		default:
			listed[a.Person] = true
		}
		out = append(out, a)
	}
	return s.countHad(ctx, out)
}

func (s *Store) countHad(ctx context.Context, all []Addressee) ([]Addressee, error) {
	var ids []string
	for _, a := range all {
		ids = append(ids, a.SubjectID)
	}
	had, err := s.NoticesHad(ctx, ids, "")
	for i := range all {
		all[i].Had = had[all[i].SubjectID]
	}
	return all, err
}

// NoticesHad counts the notices of people that went out in the last seven days
// or are on their way, but for one.
func (s *Store) NoticesHad(ctx context.Context, subjects []string, but string) (map[string]int, error) {
	had := map[string]int{}
	since := s.Now().Add(-week)
	err := inChunks(subjects, func(part []string) error {
		var rows []struct {
			SubjectID string
			N         int
		}
		err := s.q(ctx).Model(&Delivery{}).Select("subject_id, count(*) AS n").
			Where("subject_id IN ? AND notice_id <> '' AND notice_id <> ? AND due_at > ? AND state NOT IN ?", part, but, since,
				[]string{DeliveryFailed, DeliveryCancelled, DeliveryRefused}).
			Group("subject_id").Scan(&rows).Error
		for _, r := range rows {
			had[r.SubjectID] = r.N
		}
		return err
	})
	return had, err
}

// FindPeople finds cadres, or for families the people they look after, by what
// somebody wrote in a list: a telephone number, a 编号, a name.
func (s *Store) FindPeople(ctx context.Context, role models.Role, words []string) (map[string][]string, error) {
	out := map[string][]string{}
	wanted := map[string]bool{}
	for _, w := range words {
		wanted[w] = true
	}
	note := func(word, id string) {
		if wanted[word] {
			out[word] = append(out[word], id)
		}
	}
	if len(words) == 0 {
		return out, nil
	}
	if role == models.RoleCadre {
		var rows []models.Cadre
		err := s.cadres(s.q(ctx), "id").Select("id", "name", "phone").Where("left_at = 0").Find(&rows).Error
		for _, c := range rows {
			note(c.Name.Reveal(), c.ID)
			note(c.Phone.Reveal(), c.ID)
		}
		return out, err
	}
	var rows []models.Recipient
	err := s.people(s.q(ctx), "id").Select("id", "name", "number").Where("exited_on = ''").Find(&rows).Error
	for _, r := range rows {
		note(r.Name.Reveal(), r.ID)
		note(r.Number, r.ID)
	}
	return out, err
}

// OpenWindows tells which phones wrote within the 48 hours in which the account
// may answer freely.
func (s *Store) OpenWindows(ctx context.Context, openidIdx []string) (map[string]bool, error) {
	out := map[string]bool{}
	err := inChunks(openidIdx, func(part []string) error {
		var some []string
		err := s.q(ctx).Model(&Inbound{}).Where("sender IN ? AND spoke >= ? AND received_at > ?", part, Wrote, s.Now().Add(-WindowOpen)).
			Distinct().Pluck("sender", &some).Error
		for _, idx := range some {
			out[idx] = true
		}
		return err
	})
	return out, err
}
