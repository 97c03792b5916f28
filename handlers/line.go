package handlers

import (
	"context"
	"errors"
	"slices"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// lineOf are the entries of the policy base that touch what one of the lines is
// there for: the question goes to who teaches, heals or listens, where the family
// has such a cadre, and not round by the others.
var lineOf = map[string]models.Line{
	"psy-hotline": models.LineCounsel, "psy-child": models.LineCounsel, "med-mental": models.LineCounsel,
	"edu-tutor": models.LineTutoring, "edu-dropout": models.LineTutoring,
	"med-doctor": models.LineRehab, "disab-child-rehab": models.LineRehab,
}

// onLine are families whose words are for the cadre of a line.
func onLine(families []family, line models.Line) []family {
	out := slices.Clone(families)
	for i := range out {
		out[i].line = line
	}
	return out
}

// onDutyOf is the cadre of a family's line, who is bound; store.ErrNotFound where
// there is none.
func (t *talk) onDutyOf(ctx context.Context, f family) (c models.Cadre, b models.Binding, err error) {
	if f.line == "" {
		return c, b, store.ErrNotFound
	}
	if c, err = desk.LineCadre(ctx, t.Tx, f.recipient.ID, f.line, t.today); err != nil {
		return c, b, err
	}
	b, err = t.Tx.BindingOf(ctx, models.RoleCadre, c.ID)
	return c, b, err
}

// helper is how the one is spoken of to whom words of a line go.
func (t *talk) helper(ctx context.Context, families []family, line models.Line) (string, error) {
	f := families[0]
	f.line = line
	c, _, err := t.onDutyOf(ctx, f)
	if errors.Is(err, store.ErrNotFound) {
		return t.officer(ctx, families)
	}
	return say.LineOfficer(line, c.Name.Reveal()), err
}
