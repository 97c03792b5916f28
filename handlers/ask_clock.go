package handlers

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// askUndelivered is told to who answered when the answer did not arrive.
const askUndelivered = "undelivered"

// ClimbQuestions tells of the questions that nobody answers, one step after the
// other, and of answers that did not arrive. It is called often and by every
// replica; each step is taken once.
func ClimbQuestions(ctx context.Context, st *store.Store, now time.Time, zone *time.Location) error {
	due, err := st.DueQuestions(ctx, models.InstantOf(now))
	if err != nil {
		return err
	}
	var failed []error
	for _, q := range due {
		err := st.InTx(ctx, func(tx *store.Store) error {
			if !q.Waits() {
				return lookForAnswer(ctx, tx, q, models.InstantOf(now))
			}
			return climbQuestion(ctx, tx, q, zone)
		})
		if err != nil && !errors.Is(err, store.ErrLost) {
			failed = append(failed, fmt.Errorf("handlers: question %s: %w", q.ID, err))
		}
	}
	return errors.Join(failed...)
}

func climbQuestion(ctx context.Context, tx *store.Store, q models.Question, zone *time.Location) error {
	clock := tx.Hours().Question
	steps, after := clock.Steps(q), q
	if q.Step >= len(steps) {
		after.NextAt = 0
		return tx.StepQuestion(ctx, q, after)
	}
	what := steps[q.Step].What
	after.Step, after.NextAt = q.Step+1, clock.Next(q, q.Step+1, zone)
	role, people, err := whoHears(ctx, tx, q, what)
	if err != nil {
		return err
	}
	if what == models.StepUnheard && q.HeardAt != 0 {
		people = nil
	}
	if q.State == models.QuestionStored && len(people) > 0 {
		after.State = models.QuestionOpen
	}
	if err := tx.StepQuestion(ctx, q, after); err != nil {
		return err
	}
	return tellOf(ctx, tx, q, what, role, people)
}

// tellOf plans the word of a step for people.
func tellOf(ctx context.Context, tx *store.Store, q models.Question, what string, role models.Role, people []string) error {
	for _, openid := range people {
		err := tx.AddDelivery(ctx, strings.Join([]string{"question", q.ID, what, tx.OpenIDIndex(openid)}, "/"), store.Delivery{
			Kind: KindQuestion, Role: role, SubjectID: q.ID, OpenID: models.Conceal(openid), Payload: models.Conceal(what),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// whoHears lists whose phones a step reaches. Where a level has nobody the next
// one above hears at once: nothing falls between.
func whoHears(ctx context.Context, st *store.Store, q models.Question, what string) (models.Role, []string, error) {
	if q.CadreID != "" && (what == models.StepRemind || what == askUndelivered || what == askUrged) {
		b, err := st.BindingOf(ctx, models.RoleCadre, q.CadreID)
		if err == nil {
			return models.RoleCadre, []string{b.OpenID.Reveal()}, nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return "", nil, err
		}
	}
	r, err := st.Recipient(ctx, q.RecipientID)
	if err != nil {
		return "", nil, err
	}
	var levels [][]models.Account
	if what != models.StepCounty && what != models.StepCity && q.State != models.QuestionComplaint {
		unit, err := desk.UnitOf(ctx, st, q)
		if err != nil {
			return "", nil, err
		}
		accounts, err := st.UnitAccounts(ctx, unit)
		if err != nil {
			return "", nil, err
		}
		levels = append(levels, accounts)
	}
	for _, level := range []struct {
		role  models.AccountRole
		place string
	}{{models.AccountCounty, r.Region[:min(6, len(r.Region))]}, {models.AccountCity, models.CityCode}} {
		if what == models.StepCity && level.role != models.AccountCity {
			continue
		}
		accounts, err := st.AccountsFor(ctx, []models.AccountRole{level.role}, []string{level.place})
		if err != nil {
			return "", nil, err
		}
		levels = append(levels, accounts)
	}
	for _, accounts := range levels {
		people, err := boundOf(ctx, st, accounts)
		if err != nil || len(people) > 0 {
			var openids []string
			for _, p := range people {
				openids = append(openids, p.openid)
			}
			return models.RoleAdmin, openids, err
		}
	}
	return models.RoleAdmin, nil, nil
}

// answerPatience is how long the platform's word on an answer is waited for.
const answerPatience = 7 * 24 * time.Hour

// lookForAnswer sees whether an answer has arrived, and tells who gave it where
// it has not: a telephone call is left.
func lookForAnswer(ctx context.Context, tx *store.Store, q models.Question, now models.Instant) error {
	d, err := tx.DeliveryUnder(ctx, desk.AnswerKey(q.ID))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	after := q
	after.NextAt = 0
	failed := d.State == store.DeliveryFailed || d.State == store.DeliveryRefused || d.State == store.DeliveryUnknown
	if waits := d.State == store.DeliveryPlanned || d.State == store.DeliveryAccepted; waits && q.AnsweredAt.Add(answerPatience) > now {
		after.NextAt = now.Add(time.Hour)
	}
	if err := tx.StepQuestion(ctx, q, after); err != nil || !failed {
		return err
	}
	role, people, err := whoHears(ctx, tx, q, askUndelivered)
	if err != nil {
		return err
	}
	return tellOf(ctx, tx, q, askUndelivered, role, people)
}

// stepped brings word of a step to who hears of it, unless it was answered
// meanwhile or the recording was played.
func (o *Outbox) stepped(ctx context.Context, st *store.Store, d store.Delivery, q models.Question) (bot.Outgoing, error) {
	what := d.Payload.Reveal()
	if strings.HasPrefix(what, askUrged) {
		what = askUrged
	}
	if q.Waits() == (what == askUndelivered) || what == models.StepUnheard && q.HeardAt != 0 {
		return bot.Outgoing{Cancel: "settled meanwhile"}, nil
	}
	if until := o.quiet(d); !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
	}
	if out, over := o.over(st, d); over {
		return out, nil
	}
	r, err := st.Recipient(ctx, q.RecipientID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	late := say.Unanswered{
		What: what, Number: q.Number, Family: r.Name.Reveal(), Words: q.Words.Reveal(), Complaint: q.State == models.QuestionComplaint, Told: q.State == models.QuestionTold,
		Days: models.Workdays(models.DayOf(q.AskedAt.Time(), o.Zone), models.DayOf(o.Now(), o.Zone)),
	}
	if q.CadreID != "" && d.Role != models.RoleCadre {
		c, err := st.Cadre(ctx, q.CadreID)
		if err != nil {
			return bot.Outgoing{}, err
		}
		late.Cadre = c.Name.Reveal()
	}
	fields := say.QuestionCard(q.Number, late.Card(), q.AskedAt.Time().In(o.Zone)).Fields()
	return o.conversed(st, d, late.String(), o.card(templateReply, questionPage(q.ID), fields)), nil
}

// questionPage is the phone page of a question.
func questionPage(id string) string { return "/h/question/" + id }

// questionArrived tells a family whether its words reached who shall answer.
func questionArrived(ctx context.Context, st *store.Store, q models.Question) (string, error) {
	if q.CadreID == "" {
		return "", nil
	}
	b, err := st.BindingOf(ctx, models.RoleCadre, q.CadreID)
	if errors.Is(err, store.ErrNotFound) {
		return say.Arrived(false, true), nil
	}
	if err != nil {
		return "", err
	}
	arrived, failed, err := desk.Arrival(ctx, st, questionKey(q.ID, st.OpenIDIndex(b.OpenID.Reveal())))
	return say.Arrived(arrived, failed), err
}

// replyFor lets an office answer a question that came up to it for the cadre who
// has it.
func (t *talk) replyFor(ctx context.Context, name, digits, words string) (string, error) {
	n, _ := strconv.Atoi(digits)
	cadres, err := t.Tx.CadresNamed(ctx, map[string]bool{name: true})
	if err != nil {
		return "", err
	}
	for _, c := range cadres {
		q, err := t.Tx.QuestionNumbered(ctx, c.ID, n)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		may, err := t.officeAnswers(ctx, q)
		if err != nil {
			return "", err
		}
		if may && q.Step > 0 {
			return t.replyTo(ctx, q, words)
		}
	}
	return say.QuestionUnknown(n), nil
}
