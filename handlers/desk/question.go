package desk

import (
	"context"
	"errors"

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
