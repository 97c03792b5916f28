package desk

import (
	"context"
	"errors"
	"slices"
	"strings"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// Words fills a notice's text in for one person.
func (n Notices) Words(ctx context.Context, st *store.Store, body string, role models.Role, subject string) (string, error) {
	if !models.HasPlaceholder(body) {
		return body, nil
	}
	if role != models.RoleCadre {
		place, err := familyPlace(ctx, st, role, subject)
		return models.FillPlaceholders(body, map[string]string{"称呼": say.FamilyCalled, "地区": place}), err
	}
	c, err := st.Cadre(ctx, subject)
	if err != nil {
		return "", err
	}
	values := map[string]string{"称呼": say.CadreCalled(models.Surname(c.Name.Reveal()))}
	if values["单位"], err = st.UnitName(ctx, c.UnitID); err != nil {
		return "", err
	}
	place, err := st.Region(ctx, c.Region)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	values["地区"] = place.Name
	today := models.DayOf(st.Now().Time(), n.Zone)
	rosters, err := st.RosterOf(ctx, []string{c.ID}, today)
	if err != nil {
		return "", err
	}
	var pairings []models.Pairing
	people := map[string]bool{}
	for _, p := range rosters[c.ID] {
		pairings = append(pairings, p.Pairing)
		people[p.RecipientID] = true
	}
	tallies, err := st.Tallies(ctx, pairings, today)
	if err != nil {
		return "", err
	}
	var missing models.Target
	for _, t := range tallies {
		if t.OpeningUnknown {
			continue
		}
		m := t.Missing()
		missing.Contacts, missing.Visits, missing.Helps = missing.Contacts+m.Contacts, missing.Visits+m.Visits, missing.Helps+m.Helps
	}
	values["还差"], values["户数"] = say.StillMissing(missing), say.Households(len(people))
	return models.FillPlaceholders(body, values), nil
}

func familyPlace(ctx context.Context, st *store.Store, role models.Role, subject string) (string, error) {
	id := subject
	if role == models.RoleGuardian {
		c, err := st.Contact(ctx, subject)
		if err != nil {
			return "", err
		}
		id = c.RecipientID
	}
	r, err := st.Recipient(ctx, id)
	if err != nil {
		return "", err
	}
	place, err := st.Region(ctx, r.Region)
	return place.Name, err
}

// addresseeName is how an office reads whom something goes to: the surname, and
// the unit or the family.
func addresseeName(ctx context.Context, st *store.Store, role models.Role, subject string) (string, error) {
	switch role {
	case models.RoleCadre:
		c, err := st.Cadre(ctx, subject)
		if err != nil {
			return "", err
		}
		unit, err := st.UnitName(ctx, c.UnitID)
		return models.MaskName(c.Name.Reveal()) + " " + unit, err
	case models.RoleGuardian:
		c, err := st.Contact(ctx, subject)
		if err != nil {
			return "", err
		}
		r, err := st.Recipient(ctx, c.RecipientID)
		return say.FamilyOf(models.MaskName(r.Name.Reveal())), err
	}
	r, err := st.Recipient(ctx, subject)
	return models.MaskName(r.Name.Reveal()), err
}

// NoticePerson is what became of a notice for one person, for an office.
type NoticePerson struct {
	store.NoticeResult
	Who  string
	Word string
	Why  string
}

// Callable tells whether somebody should ring this person up.
func (p NoticePerson) Callable() bool {
	return p.State == store.DeliveryFailed || p.State == store.DeliveryRefused || p.State == store.DeliveryUnknown
}

// People tells what became of a notice by person.
func (n Notices) People(ctx context.Context, st *store.Store, account models.Account, row models.Notice, state, after string, limit int) ([]NoticePerson, error) {
	rows, err := st.As(account.Actor()).NoticeResults(ctx, row.ID, state, after, limit)
	if err != nil {
		return nil, err
	}
	out := make([]NoticePerson, len(rows))
	for i, r := range rows {
		who, err := addresseeName(ctx, st, r.Role, r.SubjectID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		out[i] = NoticePerson{NoticeResult: r, Who: who, Word: say.DeliveryWord(r.State), Why: say.DeliveryWhy(r.State, r.Reason)}
	}
	return out, nil
}

// audienceWords says whom an audience means.
func audienceWords(ctx context.Context, st *store.Store, a models.Audience, today models.Day) (string, error) {
	var parts []string
	if a.UnitID != "" {
		unit, err := st.Unit(ctx, a.UnitID)
		if errors.Is(err, store.ErrNotFound) {
			return "", NoticeRefused(say.NoticeNoUnit)
		}
		if err != nil {
			return "", err
		}
		parts = append(parts, unit.Name)
	}
	if a.Region != "" {
		place, err := st.Region(ctx, a.Region)
		if errors.Is(err, store.ErrNotFound) {
			return "", NoticeRefused(say.NoticeNoPlace)
		}
		if err != nil {
			return "", err
		}
		if a.UnitID == "" || len(a.Region) > len(models.CityCode)+2 {
			parts = append(parts, place.Name)
		}
	}
	who := "干部"
	if a.Role == models.RoleGuardian {
		who = map[models.ContactKind]string{models.ContactGuardian: "监护人", models.ContactInstitution: "照护机构", models.ContactSelf: "关爱对象本人"}[a.Contact]
		if who == "" {
			who = "关爱对象家"
		}
	} else if a.Speciality != nil {
		who = specialityWord(*a.Speciality) + "干部"
	}
	words := strings.Join(parts, "、") + "的" + who
	lists, err := st.Lists(ctx)
	if err != nil {
		return "", err
	}
	var narrow []string
	if a.Category != "" {
		narrow = append(narrow, lists.Word(models.ListCategory, string(a.Category), today))
	}
	if a.Line != "" {
		narrow = append(narrow, lists.Line(a.Line, today))
	}
	switch a.Duty {
	case models.DutyShort:
		narrow = append(narrow, "今年还差")
	case models.DutyMet:
		narrow = append(narrow, "今年够了")
	}
	if len(a.List) > 0 {
		narrow = append(narrow, "名单上的")
	}
	if len(narrow) > 0 {
		words += "(" + strings.Join(narrow, "、") + ")"
	}
	return words, nil
}

func specialityWord(s models.Speciality) string {
	for name, v := range models.SpecialityNames {
		if v == s && name != "" {
			return name
		}
	}
	return ""
}

// FindList reads a list of people, one a line: a telephone number, a name, or for
// families the person they look after, by name or 编号. What means nobody, or
// several, is given back.
func FindList(ctx context.Context, tx *store.Store, account models.Account, role models.Role, text string) (ids, notFound []string, err error) {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n\r,;\uff0c\uff1b\u3001\t ", r) })
	found, err := tx.As(account.Actor()).FindPeople(ctx, role, words)
	if err != nil {
		return nil, nil, err
	}
	for _, word := range words {
		switch some := found[word]; {
		case len(some) != 1:
			notFound = append(notFound, word)
		case !slices.Contains(ids, some[0]):
			ids = append(ids, some[0])
		}
	}
	return ids, notFound, nil
}
