package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// The forms in which one alert goes to one person: the card reaches who has not
// written for two days, the text says more.
const (
	alertCard   = "card"
	alertText   = "text"
	alertMore   = "more"   // what was said since
	alertNumber = "number" // follows an alert that was sent while the database was away
)

const templateAlert = "alert"

// A red case that nobody has taken at the top is told to all again, this often.
const (
	againAfter = 15 * time.Minute
	againTimes = 8
)

// planAlerts plans the alerts of a step. Who was told directly while the
// database was away has had it.
func planAlerts(ctx context.Context, st *store.Store, d models.Danger, people []onDuty, again string) error {
	for _, p := range people {
		_, err := st.DeliveryUnder(ctx, alertKey(d, p, "", alertNumber))
		if err == nil && again == "" {
			continue
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		for _, form := range []string{alertCard, alertText} {
			if err := planAlert(ctx, st, d, p, again, form); err != nil {
				return err
			}
		}
	}
	return nil
}

func planAlert(ctx context.Context, st *store.Store, d models.Danger, p onDuty, again, form string) error {
	return st.AddDelivery(ctx, alertKey(d, p, again, form), store.Delivery{
		Kind: KindAlert, Role: models.RoleAdmin, SubjectID: d.ID, OpenID: models.Conceal(p.openid), Payload: models.Conceal(form),
	})
}

func alertKey(d models.Danger, p onDuty, again, form string) string {
	return strings.Join([]string{"alert", d.ID, p.account, form, again}, "/")
}

// Escalate moves the cases that not enough people have taken in time a step up.
// It is called often and by every replica; each step is taken once.
func Escalate(ctx context.Context, st *store.Store, now time.Time) error {
	due, err := st.DueDangers(ctx, models.InstantOf(now))
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range due {
		err := st.InTx(ctx, func(tx *store.Store) error { return escalate(ctx, tx, d, models.InstantOf(now)) })
		if err != nil && !errors.Is(err, store.ErrLost) {
			failed = append(failed, fmt.Errorf("handlers: danger %d: %w", d.Number, err))
		}
	}
	return errors.Join(failed...)
}

func escalate(ctx context.Context, tx *store.Store, d models.Danger, now models.Instant) error {
	top := len(models.DangerSteps(d.Level, d.Region))
	step, people, err := nextStep(ctx, tx, models.DangerSteps(d.Level, d.Region), d.Step+1)
	if err != nil {
		return err
	}
	next, again := now.Add(tx.Hours().Patience(d.Level)), ""
	if people == nil && d.Level == models.DangerRed && step < top+againTimes {
		next, again = now.Add(againAfter), fmt.Sprint(step)
		if people, err = everybody(ctx, tx, d); err != nil {
			return err
		}
	} else if people == nil {
		next = 0
	}
	if err := tx.StepDanger(ctx, d, step, next); err != nil {
		return err
	}
	return planAlerts(ctx, tx, d, people, again)
}

// knowing lists the people of the steps that a case has come to, and those who
// took it before their shift ended.
func knowing(ctx context.Context, st *store.Store, d models.Danger) (people []onDuty, err error) {
	steps := models.DangerSteps(d.Level, d.Region)
	if people, err = onSteps(ctx, st, steps[:min(d.Step+1, len(steps))]); err != nil {
		return nil, err
	}
	acked, err := st.DangerAcks(ctx, d.ID)
	for _, id := range acked {
		bound, missing := boundOf(ctx, st, []models.Account{{ID: id}})
		err = errors.Join(err, missing)
		for _, p := range bound {
			if !slices.ContainsFunc(people, func(o onDuty) bool { return o.openid == p.openid }) {
				people = append(people, p)
			}
		}
	}
	return people, err
}

// everybody lists the people of all steps who have not acknowledged the case.
func everybody(ctx context.Context, st *store.Store, d models.Danger) (people []onDuty, err error) {
	acked, err := st.DangerAcks(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	people, err = onSteps(ctx, st, models.DangerSteps(d.Level, d.Region))
	return slices.DeleteFunc(people, func(o onDuty) bool { return slices.Contains(acked, o.account) }), err
}

// sheetOf gathers what somebody on duty needs to know: the number in the
// register, the words, who was last in touch.
func sheetOf(ctx context.Context, st *store.Store, d models.Danger, zone *time.Location) (say.DangerSheet, error) {
	role, _, _ := strings.Cut(d.Speaker, ":")
	s := say.DangerSheet{
		Number: d.Number, Red: d.Level == models.DangerRed, AtRisk: d.PhoneAtRisk() && d.Kind != models.DangerUrgent && role != string(models.RoleCadre), Speaker: models.Role(role).Label(), Words: d.Words.Reveal(), At: d.RaisedAt.Time().In(zone),
	}
	if s.Speaker == "" {
		s.Speaker = "没绑定的人"
	}
	if len(d.Region) > len(models.CityCode) {
		place, err := st.Region(ctx, d.Region)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return s, err
		}
		s.Place = place.Path
	}
	if d.RecipientID == "" {
		return s, nil
	}
	r, err := st.Recipient(ctx, d.RecipientID)
	if errors.Is(err, store.ErrNotFound) {
		return s, nil // an alert goes out with what there is
	}
	if err != nil {
		return s, err
	}
	s.Recipient = r.Number
	cadre, unit, err := lastInTouch(ctx, st, d.RecipientID, models.DayOf(d.RaisedAt.Time(), zone))
	if cadre != "" {
		s.Cadre = strings.TrimSuffix(cadre+"("+unit+")", "()")
	}
	return s, err
}

// lastInTouch names the cadre of the newest visit or contact, else the paired
// one, with the unit.
func lastInTouch(ctx context.Context, st *store.Store, recipientID string, today models.Day) (cadre, unit string, err error) {
	seen, err := st.LastSeen(ctx, recipientID, 1)
	if err != nil {
		return "", "", err
	}
	var c models.Cadre
	if len(seen) > 0 {
		c, err = st.Cadre(ctx, seen[0].CadreID)
	} else {
		c, err = desk.PairedCadre(ctx, st, recipientID, today)
	}
	if errors.Is(err, store.ErrNotFound) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	unit, err = st.UnitName(ctx, c.UnitID)
	return c.Name.Reveal(), unit, err
}

// alert are the words for somebody on duty. A red case goes past the quiet
// hours, and is said twice rather than not at all.
func (o *Outbox) alert(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	c, err := st.Danger(ctx, d.SubjectID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	more := d.Payload.Reveal() == alertMore
	if c.State == models.DangerClosed || c.State == models.DangerTaken && !more {
		return bot.Outgoing{Cancel: "taken by others or closed"}, nil
	}
	red := c.Level == models.DangerRed
	if until := o.quiet(d); !red && !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
	}
	if d.Payload.Reveal() == alertCard {
		card := o.card(templateAlert, "", say.AlertCard(c.Number, c.RaisedAt.Time().In(o.Zone)).Fields())
		if card == nil {
			return bot.Outgoing{Cancel: "no template is set"}, nil
		}
		return bot.Outgoing{Card: card, Urgent: red}, nil
	}
	if o.way(st, d).Left == 0 {
		return bot.Outgoing{Unreachable: "no window is open; the card may have gone"}, nil
	}
	sheet, err := sheetOf(ctx, st, c, o.Zone)
	text := say.Alert(sheet)
	switch {
	case more:
		text = say.AlertMore(sheet)
	case d.Payload.Reveal() == alertNumber:
		text = say.AlertNumber(sheet)
	}
	return bot.Outgoing{Text: text, Urgent: red}, err
}
