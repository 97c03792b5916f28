package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"aixin/bot"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

const templateNeed = "need_update"

// need words what is told of a need, unless it has gone on since.
func (o *Outbox) need(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	n, err := st.Need(ctx, d.SubjectID)
	if errors.Is(err, store.ErrNotFound) {
		return bot.Outgoing{Cancel: "the need is gone"}, nil
	}
	if err != nil {
		return bot.Outgoing{}, err
	}
	var news needNews
	if err := json.Unmarshal([]byte(d.Payload.Reveal()), &news); err != nil {
		return bot.Outgoing{}, err
	}
	if !news.holds(n) {
		return bot.Outgoing{Cancel: "the need has gone on"}, nil
	}
	if until := o.needWaits(st, d, n); !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
	}
	if out, over := o.over(st, d); over {
		return out, nil
	}
	text, card, err := o.needWords(ctx, st, n, news.What)
	if err != nil {
		return bot.Outgoing{}, err
	}
	fields := say.QuestionCard(n.Number, card, d.CreatedAt.Time().In(o.Zone)).Fields()
	return o.conversed(st, d, text, o.card(templateNeed, "", fields)), nil
}

// needWaits is until when the quiet hours hold word of a need back. What is
// urgent wakes no office at night but does not wait for the noon break.
func (o *Outbox) needWaits(st *store.Store, d store.Delivery, n models.Need) time.Time {
	switch {
	case d.Role != models.RoleAdmin:
		return o.resting(st, d)
	case n.Clock != models.ClockUrgent:
		return o.quiet(d)
	}
	if until := models.Awake(o.Now(), nightHours, o.Zone); until.After(o.Now()) {
		return until
	}
	return time.Time{}
}

// holds tells whether what was to be told of a need is still so.
func (news needNews) holds(n models.Need) bool {
	switch news.What {
	case needNew, needAgain:
		returned := n.State == models.NeedChecking && n.Step > news.Step
		return (n.State == models.NeedPassed || n.State == models.NeedChecking) && !returned && n.Department == news.Department
	case needLate, needTaken:
		return n.State == models.NeedTaken
	case needMoved, needBehind, needUrged:
		return n.State.Running()
	case needRate:
		return n.State == models.NeedDone && n.DoneAt == news.Done
	case needOffer:
		return offered(n)
	}
	return true
}

// offered tells whether a solved need is there to be recorded.
func offered(n models.Need) bool {
	return n.State == models.NeedClosed && n.RecordID == "" && n.Rating != models.RatingBad
}

// needWords are the text for an open window and the middle field of the card.
func (o *Outbox) needWords(ctx context.Context, st *store.Store, n models.Need, what string) (text, card string, err error) {
	switch what {
	case needNew, needAgain, needLate, needUnhappy, needUrged:
		sheet, err := needSheet(ctx, st, n, o.Zone)
		head := map[string]string{needAgain: say.NeedAgain, needLate: say.NeedLate, needUnhappy: say.NeedUnhappy, needUrged: say.NeedUrged}[what]
		return head + sheet.String(), say.CardNeed(n.Number), err
	}
	s, err := needState(ctx, st, n, o.Zone)
	if err != nil {
		return "", "", err
	}
	card = say.CardNeedNews(n.Number)
	switch what {
	case needTaken:
		return say.NeedTakenNews(n.Number, s.Words, s.Office, s.Due), card, nil
	case needMoved:
		return say.NeedMovedNews(n.Number, s.Words, stepName(n)), card, nil
	case needBehind:
		return say.NeedLateNews(n.Number, s.Words, stepName(n)), card, nil
	case needRate:
		return say.AskRating(n.Number, s.Words, s.Office, s.Result), say.CardRating(n.Number), nil
	}
	r, err := st.Recipient(ctx, n.RecipientID)
	if err != nil {
		return "", "", err
	}
	if what == needDone {
		return say.NeedDoneNews(n.Number, r.Name.Reveal(), s.Result), card, nil
	}
	day, err := helpedSince(ctx, st, n, models.DayOf(o.Now(), o.Zone), models.DayOf(n.RaisedAt.Time(), o.Zone))
	return say.OfferHelp(n.Number, r.Name.Reveal(), s.Result, day), card, err
}

// helpedSince is the day of a thing done that the cadre has recorded for the
// recipient since the need was raised: it may be the same thing.
func helpedSince(ctx context.Context, st *store.Store, n models.Need, today, raised models.Day) (models.Day, error) {
	rows, err := st.ActivitiesOn(ctx, n.CadreID, []string{n.RecipientID}, raised, today)
	if err != nil {
		return "", err
	}
	var day models.Day
	for _, a := range rows {
		if a.Kind == models.KindHelp && a.Counts() {
			day = max(day, a.Day)
		}
	}
	return day, nil
}
