package main

import (
	"context"

	"aixin/handlers"
	"aixin/models"
	"aixin/models/store"
)

// orders lets the console act as the conversations do. What an office does tells
// others, of places that it does not see itself: so it is done by the service.
type orders struct {
	db   *store.DB
	chat *handlers.Chat
	now  *clock
}

func (o orders) Need(ctx context.Context, a models.Account, id, word, words string) (said string, err error) {
	err = o.db.System("console orders").InTx(ctx, func(tx *store.Store) error {
		said, err = o.chat.OrderNeed(ctx, tx, a, id, word, words, o.now.Now())
		return err
	})
	return said, err
}

func (o orders) Danger(ctx context.Context, a models.Account, id, word, words string) (said string, err error) {
	err = o.db.System("console orders").InTx(ctx, func(tx *store.Store) error {
		said, err = o.chat.OrderDanger(ctx, tx, a, id, word, words, o.now.Now())
		return err
	})
	return said, err
}

func (o orders) Spoken(ctx context.Context, cadreID string, q models.Question) (said string, err error) {
	err = o.db.System("phone page").InTx(ctx, func(tx *store.Store) error {
		said, err = o.chat.OrderSpoken(ctx, tx, cadreID, q, o.now.Now())
		return err
	})
	return said, err
}
