package handlers

import (
	"context"
	"errors"
	"slices"
	"strings"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// myQuestions is a family's 进度: its last needs and questions.
func (t *talk) myQuestions(ctx context.Context, families []family) (string, error) {
	return t.myQuestion(ctx, families, 0)
}

// myQuestion tells of the questions of one number, or of the newest and of the
// needs for 0.
func (t *talk) myQuestion(ctx context.Context, families []family, number int) (string, error) {
	var askers []string
	for _, f := range families {
		askers = append(askers, f.asker)
	}
	limit := 3
	if number > 0 {
		limit = 100
	}
	rows, err := t.Tx.QuestionsOf(ctx, askers, limit)
	if number > 0 {
		rows = slices.DeleteFunc(rows, func(q models.Question) bool { return q.Number != number })
	}
	if err == nil {
		err = t.sayAgain(ctx, rows)
	}
	if err != nil {
		return "", err
	}
	var lines []say.QuestionLine
	for _, q := range rows {
		officer, err := t.officerOf(ctx, q)
		if err != nil {
			return "", err
		}
		words := q.Words.Reveal()
		if words == "" {
			words = "语音"
		}
		arrived := ""
		if q.Waits() {
			if arrived, err = questionArrived(ctx, t.Tx, q); err != nil {
				return "", err
			}
		}
		lines = append(lines, say.QuestionLine{
			Number: q.Number, Day: models.DayOf(q.AskedAt.Time(), t.Zone), Words: words, Officer: officer, State: q.State, Answer: q.Answer.Reveal(), Spoken: q.AnswerPhotoID != "", Arrived: arrived,
		})
	}
	switch {
	case number > 0 && len(lines) == 0:
		return say.QuestionNotAsked(number), nil
	case number > 0:
		return say.Questions(lines), nil
	}
	needs, err := t.myNeeds(ctx, askers)
	if err != nil || len(needs) > 0 && len(lines) == 0 {
		return strings.Join(needs, "\n"), err
	}
	return strings.Join(append(needs, say.Questions(lines)), "\n"), nil
}

func (t *talk) myFamily(ctx context.Context, f family) (string, error) {
	place, err := t.Tx.Region(ctx, f.recipient.Region)
	if err != nil {
		return "", err
	}
	card := say.Family{Surname: models.Surname(f.name()), Relation: f.relation, Place: place.Path, Bound: models.DayOf(f.bound.Time(), t.Zone)}
	if card.Cadre, card.Unit, err = t.cadreOf(ctx, f); err != nil {
		return "", err
	}
	held, err := t.heldOn(ctx, f)
	return card.String() + "\n" + held, err
}

// cadreOf names a family's cadre and the unit.
func (t *talk) cadreOf(ctx context.Context, f family) (name, unit string, err error) {
	c, err := desk.PairedCadre(ctx, t.Tx, f.recipient.ID, t.today)
	if errors.Is(err, store.ErrNotFound) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	unit, err = t.Tx.UnitName(ctx, c.UnitID)
	return c.Name.Reveal(), unit, err
}

func (t *talk) myCadre(ctx context.Context, families []family) (string, error) {
	name, unit, err := t.cadreOf(ctx, families[0])
	if err == nil && name != "" {
		t.session.Ask = &question{Kind: askForward, Asked: 1, At: t.Tx.Now(), Draft: draft{Words: say.CallMe}}
	}
	return say.MyCadre(name, unit), err
}

// plainly is for who did not understand: where to hear it from a person.
func (t *talk) plainly(ctx context.Context, families []family) (string, error) {
	officer, err := t.officer(ctx, families)
	if err == nil && officer != "" {
		t.session.Ask = &question{Kind: askForward, Asked: 1, At: t.Tx.Now(), Draft: draft{Words: say.CallMe}}
	}
	return say.Plainly(officer), err
}

// whenVisited tells who was there last, and offers to ask the cadre for a day:
// nobody's plans stand here.
func (t *talk) whenVisited(ctx context.Context, families []family) (string, error) {
	seen, err := t.whoCame(ctx, families)
	if err != nil {
		return "", err
	}
	officer, err := t.officer(ctx, families)
	if err == nil && officer != "" {
		t.session.Ask = &question{Kind: askForward, Asked: 1, At: t.Tx.Now(), Draft: draft{Words: t.text}}
	}
	return say.NextVisit(seen, officer), err
}

// whoCame tells the days and the way of the last three visits and contacts.
func (t *talk) whoCame(ctx context.Context, families []family) (string, error) {
	var parts []string
	for _, f := range families {
		rows, err := t.Tx.LastSeen(ctx, f.recipient.ID, 12)
		if err != nil {
			return "", err
		}
		rows = slices.CompactFunc(rows, func(a, b models.Activity) bool { return a.Day == b.Day && a.Kind == b.Kind && a.Channel == b.Channel })
		line := say.Seen(models.Surname(f.name()), rows[:min(3, len(rows))])
		if len(families) > 1 {
			line = f.name() + ":" + line
		}
		parts = append(parts, line)
	}
	return strings.Join(parts, "\n"), nil
}
