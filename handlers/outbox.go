package handlers

import (
	"context"
	"fmt"
	"time"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// The kinds of deliveries.
const (
	KindDuty     = "duty"
	KindEntry    = "entry"
	KindBirthday = "birthday"
	KindFestival = "festival"
	KindSummary  = "summary"
	KindNotice   = desk.NoticeKind
	KindQuestion = "question"
	KindAnswer   = desk.KindAnswer
	KindAlert    = "alert"
	KindCarry    = "carry"
	KindPlan     = "plan"
	KindBehalf   = "behalf"
	KindState    = "state"
)

// Outbox decides at the moment of sending whether a delivery still goes out,
// when, and in which words.
type Outbox struct {
	Templates map[string]string              // template ids by name; "" where there is none
	Fields    map[string]map[string]string   // template name → our field → the platform's key
	Kinds     map[string]models.TemplateKind // by template name; "" is a category one
	Zone      *time.Location
	PublicURL string
	Notices   desk.Notices
	Now       func() time.Time

	seen *seen // set while deliveries are worded
}

// weekly is the span in which a person gets one unasked message.
const weekly = 7 * 24 * time.Hour

// windowOpen is how long after a person's message the account may write freely.
const windowOpen = store.WindowOpen

// Prepare implements bot.Prepare.
func (o *Outbox) Prepare(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	words, err := o.Look(ctx, st, []store.Delivery{d})
	if err != nil {
		return bot.Outgoing{}, err
	}
	return words(ctx, st, d)
}

// words finds those of a delivery that was looked at.
func (o *Outbox) words(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	if o.way(st, d).Blocked {
		return bot.Outgoing{Unreachable: store.ReasonBlocked}, nil
	}
	if unaskedKind(d.Kind) {
		if d.Role == models.RoleAdmin {
			return o.office(ctx, st, d)
		}
		return o.week(ctx, st, d)
	}
	switch d.Kind {
	case KindNotice:
		return o.notice(ctx, st, d)
	case KindPlan:
		return o.planned(ctx, st, d)
	case KindBehalf:
		return o.behalf(ctx, st, d)
	case KindState:
		return o.state(ctx, st, d)
	case desk.KindAdjust:
		return o.adjust(ctx, st, d)
	case KindQuestion:
		return o.question(ctx, st, d)
	case KindAnswer:
		return o.answer(ctx, st, d)
	case KindCarry:
		return o.carry(ctx, st, d)
	case KindNeed:
		return o.need(ctx, st, d)
	case KindConfirm:
		return o.confirm(ctx, st, d)
	case KindAlert:
		return o.alert(ctx, st, d)
	case desk.KindTry:
		name := d.Payload.Reveal()
		if card := o.card(name, "", say.SampleCards(o.Now().In(o.Zone))[name].Fields()); card != nil {
			return bot.Outgoing{Card: card}, nil
		}
		return bot.Outgoing{Cancel: "no template is set"}, nil
	}
	return bot.Outgoing{}, fmt.Errorf("no words for a delivery of kind %q", d.Kind)
}

// card fills a template. The keys are those of the shipped defaults unless the
// settings name others. Without a template id there is no card.
func (o *Outbox) card(name, page string, values map[string]string) *bot.Card {
	id := o.Templates[name]
	if id == "" {
		return nil
	}
	fields := make(map[string]string, len(values))
	kind := o.Kinds[name]
	for field, v := range values {
		key := kind.Key(field, o.Fields[name])
		fields[key] = kind.Fit(key, v)
	}
	c := &bot.Card{Template: id, Fields: fields}
	if page != "" && o.PublicURL != "" {
		c.URL = o.PublicURL + page
	}
	return c
}

// kept is how many messages of an open window are left for answers: what nobody
// asked for goes by card then.
const kept = 2

// route sends by text while the person's window is open and has room, else by
// card where there is a template, else tells that there is no way.
func (o *Outbox) route(st *store.Store, d store.Delivery, card *bot.Card, text string) bot.Outgoing {
	switch {
	case o.byText(st, d, card):
		return bot.Outgoing{Text: text, Card: card}
	case card != nil:
		return bot.Outgoing{Card: card}
	}
	return bot.Outgoing{Unreachable: store.ReasonNoWay}
}

func (o *Outbox) byText(st *store.Store, d store.Delivery, card *bot.Card) bool {
	left := o.way(st, d).Left
	return left > kept || left > 0 && card == nil
}

// quiet tells until when the quiet hours hold a message back; zero: not at all.
func (o *Outbox) quiet(d store.Delivery) time.Time {
	windows := o.seen.hours.QuietCadres
	if d.Role == models.RoleGuardian || d.Role == models.RoleRecipient {
		windows = o.seen.hours.QuietFamilies
	}
	now := o.Now()
	if awake := models.Awake(now, windows, o.Zone); awake.After(now) {
		return awake
	}
	return time.Time{}
}

// unasked holds a message that nobody asked for to what its person wants, to the
// quiet hours and to one a week; ok means that it goes out now and the week is
// taken.
func (o *Outbox) unasked(ctx context.Context, st *store.Store, d store.Delivery) (out bot.Outgoing, ok bool, err error) {
	choice := o.seen.choices[d.Role][d.SubjectID]
	switch until := choice.HoldUntil.Time(); {
	case choice.Off:
		return bot.Outgoing{Cancel: "the person wants no reminders"}, false, nil
	case choice.HoldUntil > 0 && until.After(o.Now()):
		return bot.Outgoing{Wait: choice.Free(choice.Next(until, o.Zone), o.Zone), Reason: "the person wants none for now"}, false, nil
	}
	if until := o.quiet(d); !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, false, nil
	}
	idx := st.OpenIDIndex(d.OpenID.Reveal())
	taken, next, err := st.TakeCap(ctx, idx, d.ID, choice.Span())
	if err != nil || taken {
		return bot.Outgoing{}, taken, err
	}
	return bot.Outgoing{Wait: models.Awake(choice.Free(next.Time(), o.Zone), o.seen.hours.QuietCadres, o.Zone), Reason: "one unasked message a week"}, false, nil
}

// EmergencyCard is the card for those on duty while the database is away; nil
// where there is no template.
func (o *Outbox) EmergencyCard() *bot.Card {
	return o.card(templateAlert, "", say.AlertCard(0, o.Now().In(o.Zone)).Fields())
}
