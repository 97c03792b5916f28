package desk

import (
	"context"
	"errors"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// KindAnswer is the kind of the delivery that brings an answer to a family.
const KindAnswer = "answer"

// AnswerKey is the key under which the answer to a question is delivered, once.
func AnswerKey(questionID string) string { return "answer/" + questionID }

// AnswerQuestion sends words back to the family; store.ErrLost where somebody
// answered before.
func AnswerQuestion(ctx context.Context, st *store.Store, q models.Question, words string) error {
	if err := st.SettleQuestion(ctx, q, models.QuestionAnswered, words); err != nil {
		return err
	}
	return st.AddDelivery(ctx, AnswerKey(q.ID), store.Delivery{Kind: KindAnswer, Role: q.Role, SubjectID: q.ID, OpenID: q.OpenID})
}

// TellFamily sends a cadre's own words to a family.
func TellFamily(ctx context.Context, st *store.Store, q *models.Question) error {
	if err := st.AddTold(ctx, q); err != nil {
		return err
	}
	return st.AddDelivery(ctx, AnswerKey(q.ID), store.Delivery{Kind: KindAnswer, Role: q.Role, SubjectID: q.ID, OpenID: q.OpenID})
}

// Arrival tells whether what was planned under a key reached its reader; both are
// false while it is under way, or where nothing was planned.
func Arrival(ctx context.Context, st *store.Store, key string) (arrived, failed bool, err error) {
	d, err := st.DeliveryUnder(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return false, false, nil
	}
	switch d.State {
	case store.DeliveryAccepted, store.DeliveryDelivered:
		arrived = true
	case store.DeliveryFailed, store.DeliveryRefused, store.DeliveryUnknown:
		failed = true
	}
	return arrived, failed, err
}

// PairedCadre finds the cadre of a recipient's pairing that holds on a day, the
// newest where there are several.
func PairedCadre(ctx context.Context, st *store.Store, recipientID string, on models.Day) (c models.Cadre, err error) {
	return LineCadre(ctx, st, recipientID, models.LinePairing, on)
}

// LineCadre is PairedCadre for one of the lines: who teaches, heals or listens.
func LineCadre(ctx context.Context, st *store.Store, recipientID string, line models.Line, on models.Day) (c models.Cadre, err error) {
	rows, err := st.PairingsOf(ctx, []string{recipientID})
	if err != nil {
		return c, err
	}
	for i := len(rows) - 1; i >= 0; i-- {
		if p := rows[i]; p.Line != line || !p.Holds(on) {
			continue
		}
		c, err := st.Cadre(ctx, rows[i].CadreID)
		if err != nil || c.LeftAt == 0 {
			return c, err
		}
	}
	return c, store.ErrNotFound
}

// OfficeAnswers tells whether an account may see and answer a question: the
// unit's liaison and the offices of the place, once it lies with them or has
// come up to them. A complaint is kept from the unit, whose own it is about.
func OfficeAnswers(ctx context.Context, st *store.Store, acct models.Account, q models.Question) (bool, error) {
	if !acct.MayHear(q) {
		return false, nil
	}
	r, err := st.Recipient(ctx, q.RecipientID)
	if err != nil {
		return false, err
	}
	unit, err := UnitOf(ctx, st, q)
	return err == nil && acct.Answers(r.Region, unit), err
}

// UnitOf is the unit that answers for a question: that of the cadre who has it,
// else of the paired one. "" where there is none.
func UnitOf(ctx context.Context, st *store.Store, q models.Question) (string, error) {
	var c models.Cadre
	var err error
	if q.CadreID != "" {
		c, err = st.Cadre(ctx, q.CadreID)
	} else {
		c, err = PairedCadre(ctx, st, q.RecipientID, models.DayOf(q.AskedAt.Time(), time.UTC))
	}
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return c.UnitID, err
}
