package handlers

import (
	"context"
	"slices"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
)

// seen is what was read at once for many deliveries: queries go by the batch, not
// by the person.
type seen struct {
	ways    map[string]store.Way                         // by phone
	roles   map[string][]models.Role                     // by phone
	notices map[string]models.Notice                     // by id
	had     map[string]map[string]int                    // notices of a person beside one, by its id
	choices map[models.Role]map[string]models.PushChoice // by person
	cadres  *known                                       // of those to whom their week is written
	survey  *desk.Survey                                 // of all places, where several offices are written to
	places  func(models.Account) string                  // their names
	hours   models.Hours
}

// fewOffices is up to how many offices are each looked at by themselves.
const fewOffices = 2

// Look implements bot.Look.
func (o *Outbox) Look(ctx context.Context, st *store.Store, batch []store.Delivery) (bot.Prepare, error) {
	s := &seen{hours: st.Hours(), notices: map[string]models.Notice{}, had: map[string]map[string]int{}, choices: map[models.Role]map[string]models.PushChoice{}}
	var phones, cadres, capped []string
	told, weekly, digests := map[string][]string{}, map[models.Role][]string{}, 0
	for _, d := range batch {
		phones = append(phones, st.OpenIDIndex(d.OpenID.Reveal()))
		switch {
		case d.Kind == KindNotice:
			told[d.NoticeID] = append(told[d.NoticeID], d.SubjectID)
		case unaskedKind(d.Kind):
			weekly[d.Role] = append(weekly[d.Role], d.SubjectID)
			capped = append(capped, phones[len(phones)-1])
			if d.Role != models.RoleAdmin {
				cadres = append(cadres, d.SubjectID)
			} else if isDigest(d) {
				digests++
			}
		}
	}
	var err error
	if s.ways, err = st.Ways(ctx, phones); err != nil {
		return nil, err
	}
	strangers := slices.DeleteFunc(capped, func(phone string) bool { return s.ways[phone].Known })
	if err = st.Expect(ctx, strangers); err != nil {
		return nil, err
	}
	if s.roles, err = st.RolesOf(ctx, phones); err != nil {
		return nil, err
	}
	for id, people := range told {
		if s.notices[id], err = st.Notice(ctx, id); err != nil {
			return nil, err
		}
		if s.had[id], err = st.NoticesHad(ctx, people, id); err != nil {
			return nil, err
		}
	}
	for role, people := range weekly {
		if s.choices[role], err = st.PushChoices(ctx, role, people); err != nil {
			return nil, err
		}
	}
	if len(cadres) > 0 {
		if s.cadres, err = o.weekOf(ctx, st, cadres); err != nil {
			return nil, err
		}
	}
	if digests > fewOffices {
		if s.survey, err = desk.Look(ctx, st, store.Area{}, o.Now(), o.Zone); err != nil {
			return nil, err
		}
		if s.places, err = placeNames(ctx, st); err != nil {
			return nil, err
		}
	}
	own := *o
	own.seen = s
	return own.words, nil
}

func (o *Outbox) weekOf(ctx context.Context, st *store.Store, cadres []string) (*known, error) {
	book, err := readLedger(ctx, st, cadres, models.DayOf(o.Now(), o.Zone))
	if err != nil {
		return nil, err
	}
	return o.know(ctx, st, book, cadres)
}

// unaskedKind tells the kinds that come once a week, unasked.
func unaskedKind(kind string) bool {
	switch kind {
	case KindDuty, KindBirthday, KindFestival, KindSummary, KindEntry:
		return true
	}
	return false
}

// way is what is known of the way to who gets the delivery.
func (o *Outbox) way(st *store.Store, d store.Delivery) store.Way {
	return o.seen.ways[st.OpenIDIndex(d.OpenID.Reveal())]
}

// survey is that of an office, and the name of its place.
func (o *Outbox) survey(ctx context.Context, st *store.Store, a models.Account) (desk.Counts, string, error) {
	if o.seen.survey != nil {
		return o.seen.survey.For(desk.AreaOf(a)), o.seen.places(a), nil
	}
	survey, err := desk.Look(ctx, st, desk.AreaOf(a), o.Now(), o.Zone)
	if err != nil {
		return desk.Counts{}, "", err
	}
	places, err := placeNames(ctx, st)
	if err != nil {
		return desk.Counts{}, "", err
	}
	return survey.For(desk.AreaOf(a)), places(a), nil
}
