package handlers

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// KindConfirm is the kind of the question to a family about a visit.
const KindConfirm = "confirm"

// drawAt is when a week's draw is made, on its Monday.
const drawAt = 10 * time.Hour

// DrawConfirmations asks families about a share of last week's visits, drawn by a
// seed that was made the week before. It is called often and by every replica;
// one draws. A share of nought asks nobody, and who is still to agree to a notice
// that changed this question is left out.
func DrawConfirmations(ctx context.Context, st *store.Store, privacy *models.Privacy, percent int, now time.Time, zone *time.Location) error {
	today := models.DayOf(now, zone)
	week := today.Monday()
	if percent == 0 {
		return nil
	}
	// Next week's seed stands before this week's visits are all known.
	if _, err := st.PrepareDraw(ctx, week.Add(7), st.NewID()); err != nil {
		return err
	}
	midnight := time.Date(week.Year(), week.Time().Month(), week.Time().Day(), 0, 0, 0, 0, zone)
	if now.Before(midnight.Add(drawAt)) {
		return nil
	}
	d, err := st.PrepareDraw(ctx, week, st.NewID())
	if err != nil || d.DrawnAt != 0 {
		return err
	}
	err = st.InTx(ctx, func(tx *store.Store) error {
		if err := tx.TakeDraw(ctx, week); err != nil {
			return err
		}
		frame, err := tx.VisitFrame(ctx, week.Add(-7), week.Add(-1))
		if err != nil {
			return err
		}
		asked, err := askSample(ctx, tx, frame, d, percent, confirmHolds(privacy), today)
		if err != nil {
			return err
		}
		return tx.EndDraw(ctx, week, len(frame), asked)
	})
	if errors.Is(err, store.ErrLost) {
		return nil
	}
	return err
}

// askSample asks about visits in the order of the draw, until the share is full.
func askSample(ctx context.Context, tx *store.Store, frame []models.Confirmation, d models.ConfirmDraw, percent int, holding []string, today models.Day) (asked int, err error) {
	want := (len(frame)*percent + 99) / 100
	order := models.Pick(frame, len(frame), d.Seed, func(c models.Confirmation) string { return c.ActivityID })
	for _, c := range order {
		if asked == want {
			break
		}
		states, err := tx.StatesOn(ctx, []string{c.RecipientID}, today)
		if err != nil {
			return asked, err
		}
		if states[c.RecipientID].State == models.StateDeceased {
			continue
		}
		b, err := tx.MayConfirm(ctx, c, holding)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return asked, err
		}
		c.Role, c.SubjectID, c.Week = b.Role, b.SubjectID, d.Week
		if err := tx.AddConfirmation(ctx, &c); err != nil {
			return asked, err
		}
		if err := tx.AddDelivery(ctx, confirmKey(c.ID), store.Delivery{Kind: KindConfirm, Role: c.Role, SubjectID: c.ID, OpenID: b.OpenID}); err != nil {
			return asked, err
		}
		asked++
	}
	return asked, nil
}

func confirmKey(id string) string { return "confirm/" + id }

// confirm words the question, unless the record has changed since.
func (o *Outbox) confirm(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	c, err := st.Confirmation(ctx, d.SubjectID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if c.Answer != "" || c.AskedAt.Add(models.ConfirmWait) < models.InstantOf(o.Now()) {
		return bot.Outgoing{Cancel: "answered or too late"}, nil
	}
	visits, err := st.DisputedVisits(ctx, c.RecipientID, c.Day, c.Day)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if !slices.ContainsFunc(visits, func(a models.Activity) bool { return a.ID == c.ActivityID }) {
		return bot.Outgoing{Cancel: "the record was changed"}, nil
	}
	if until := o.quiet(d); !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
	}
	if out, over := o.over(st, d); over {
		return out, nil
	}
	cadre, err := st.Cadre(ctx, c.CadreID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	at := o.Now().In(o.Zone)
	fields := say.Card{{"编号", "character_string1", fmt.Sprintf("%02d%02d", at.Month(), at.Day())}, {"说明", "thing2", say.CardVisit}, {"时间", "time3", at.Format("2006年1月2日 15:04")}}.Fields()
	return o.conversed(st, d, say.AskVisit(say.Officer(cadre.Name.Reveal()), c.Day), o.card(templateReply, "/h/visit/"+c.ID, fields)), nil
}

// visitForm is an answer to it, with a word behind.
var visitForm = regexp.MustCompile(`(?s)^([123]|是的?|来过了?|来了|否|不是|没来过?|没有来|记不清了?|记不得了?|不记得了?)(?:[\s,、.:]+(.{1,200}))?$`)

// readSaid takes the first word of an answer.
func readSaid(word string) models.Said {
	switch {
	case word == "1" || strings.HasPrefix(word, "是") || strings.HasPrefix(word, "来"):
		return models.SaidYes
	case word == "3" || strings.Contains(word, "记"):
		return models.SaidUnsure
	}
	return models.SaidNo
}

// confirmWords takes an answer to whether somebody came; done is false where
// nothing of the kind was asked last.
func (t *talk) confirmWords(ctx context.Context, plain string) (reply string, done bool, err error) {
	m := visitForm.FindStringSubmatch(narrow(plain))
	if m == nil || t.guardian == "" {
		return "", false, nil
	}
	families, err := t.families(ctx)
	if err != nil {
		return "", false, err
	}
	var askers []string
	for _, f := range families {
		askers = append(askers, f.asker)
	}
	rows, err := t.Tx.OpenConfirmations(ctx, askers)
	if err != nil {
		return "", false, err
	}
	for _, c := range rows {
		d, err := t.Tx.DeliveryUnder(ctx, confirmKey(c.ID))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return "", false, err
		}
		sent := d.State == store.DeliveryAccepted || d.State == store.DeliveryDelivered || d.State == store.DeliveryUnknown
		if !sent || t.session.Ask != nil && t.session.Ask.At >= max(d.DueAt, d.DoneAt) {
			continue
		}
		said := readSaid(m[1])
		if err := desk.SayVisit(ctx, t.Tx, c, said, m[2], t.today); err != nil {
			return "", false, err
		}
		return say.VisitSaid(said), true, nil
	}
	return "", false, nil
}
