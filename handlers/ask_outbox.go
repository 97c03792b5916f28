package handlers

import (
	"context"
	"errors"
	"slices"
	"time"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

const templateReply = "question_reply"

// spokeLately is how long after a person's own words an answer may come in the
// quiet hours (users.md 四.1).
const spokeLately = 2 * time.Hour

// conversed sends words inside an open window, else the card that calls the
// person into the chat, where they stand.
func (o *Outbox) conversed(st *store.Store, d store.Delivery, text string, card *bot.Card) bot.Outgoing {
	switch {
	case o.way(st, d).Left > 0:
		return bot.Outgoing{Text: text, Card: card}
	case card != nil:
		return bot.Outgoing{Card: card}
	}
	return bot.Outgoing{Unreachable: store.ReasonNoWay}
}

// question brings a family's question to the cadre or the office, not at night.
func (o *Outbox) question(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	q, err := st.Question(ctx, d.SubjectID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if !d.Payload.Empty() {
		return o.stepped(ctx, st, d, q)
	}
	if !q.Waits() {
		return bot.Outgoing{Cancel: "answered already"}, nil
	}
	if until := o.morning(); !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
	}
	if out, over := o.over(st, d); over {
		return out, nil
	}
	office := ""
	if d.Role == models.RoleAdmin {
		office = "结对干部没绑定"
	}
	text, err := questionWords(ctx, st, q, office)
	if err != nil {
		return bot.Outgoing{}, err
	}
	fields := say.QuestionCard(q.Number, say.CardQuestion(q.Number), q.AskedAt.Time().In(o.Zone)).Fields()
	return o.conversed(st, d, text, o.card(templateReply, questionPage(q.ID), fields)), nil
}

// carry brings thanks, a message or a complaint, or a ready sentence.
func (o *Outbox) carry(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	if !d.Payload.Empty() {
		return o.sentence(ctx, st, d)
	}
	return o.question(ctx, st, d)
}

// sentence sends ready words to who spoke to the account lately.
func (o *Outbox) sentence(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	if until := o.resting(st, d); !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
	}
	return o.conversed(st, d, d.Payload.Reveal(), nil), nil
}

// answer brings the answer back to the family.
func (o *Outbox) answer(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	q, err := st.Question(ctx, d.SubjectID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if until := o.resting(st, d); !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
	}
	if out, over := o.over(st, d); over {
		return out, nil
	}
	officer := say.Office
	if q.CadreID != "" && q.AccountID == "" {
		c, err := st.Cadre(ctx, q.CadreID)
		if err != nil {
			return bot.Outgoing{}, err
		}
		officer = say.Officer(c.Name.Reveal())
	}
	card, relay := say.CardAnswer, ""
	if q.State == models.QuestionTold {
		if card, relay, err = say.CardTold, "", nil; q.Role == models.RoleGuardian {
			relay, err = relayed(ctx, st, q)
		}
		if err != nil {
			return bot.Outgoing{}, err
		}
	}
	fields := say.QuestionCard(q.Number, card, q.AnsweredAt.Time().In(o.Zone)).Fields()
	return o.conversed(st, d, say.AnswerFor(officer, relay, q), o.card(templateReply, questionPage(q.ID), fields)), nil
}

// relayed is the family for which a neighbour gets a cadre's words, "" where they
// are for the reader's own.
func relayed(ctx context.Context, st *store.Store, q models.Question) (string, error) {
	c, err := st.Contact(ctx, q.AskerID)
	if err != nil || c.Kind.SpeaksFor() {
		return "", err
	}
	r, err := st.Recipient(ctx, q.RecipientID)
	return r.Name.Reveal(), err
}

// over cancels what is meant for somebody who has unbound since.
func (o *Outbox) over(st *store.Store, d store.Delivery) (bot.Outgoing, bool) {
	if slices.Contains(o.seen.roles[st.OpenIDIndex(d.OpenID.Reveal())], d.Role) {
		return bot.Outgoing{}, false
	}
	return bot.Outgoing{Cancel: "unbound since"}, true
}

// morning is when a family's words may go on: neither in its night nor in the
// quiet hours of who gets them. Zero: now.
func (o *Outbox) morning() time.Time {
	now := o.Now()
	both := append(slices.Clone(o.seen.hours.QuietCadres), o.seen.hours.QuietFamilies...)
	if at := models.Awake(now, both, o.Zone); at.After(now) {
		return at
	}
	return time.Time{}
}

// resting is until when the quiet hours hold an answer back; not from who spoke
// a short while ago.
func (o *Outbox) resting(st *store.Store, d store.Delivery) time.Time {
	if o.Now().Sub(o.way(st, d).Wrote.Time()) <= spokeLately {
		return time.Time{}
	}
	return o.quiet(d)
}

// questionWords are how a question reads for who shall answer it.
func questionWords(ctx context.Context, st *store.Store, q models.Question, office string) (string, error) {
	r, err := st.Recipient(ctx, q.RecipientID)
	if err != nil {
		return "", err
	}
	family := r.Name.Reveal()
	switch q.State {
	case models.QuestionTold:
		return say.ToldFor(family, q), nil
	case models.QuestionCarried:
		return say.CarryFor(family, q), nil
	case models.QuestionComplaint:
		return complaintWords(ctx, st, q, r)
	}
	if q.State != models.QuestionOpen && q.CadreID == "" {
		office = ""
	}
	return say.QuestionFor(family, q, office), nil
}

func complaintWords(ctx context.Context, st *store.Store, q models.Question, r models.Recipient) (string, error) {
	place, err := st.Region(ctx, r.Region)
	if err != nil {
		return "", err
	}
	var cadre, unit string
	switch c, err := desk.PairedCadre(ctx, st, r.ID, models.DayOf(q.AskedAt.Time(), time.UTC)); {
	case err == nil:
		if unit, err = st.UnitName(ctx, c.UnitID); err != nil {
			return "", err
		}
		cadre = c.Name.Reveal()
	case !errors.Is(err, store.ErrNotFound):
		return "", err
	}
	return say.ComplaintFor(r.Name.Reveal(), place.Path, cadre, unit, q), nil
}
