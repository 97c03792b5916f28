package handlers

import (
	"context"

	"aixin/bot"
	"aixin/models/store"
)

// PrepareFamilies prepares the deliveries of questions and danger as Prepare
// does.
func (o *Outbox) PrepareFamilies(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	switch d.Kind {
	case KindQuestion:
		return o.question(ctx, st, d)
	case KindAnswer:
		return o.answer(ctx, st, d)
	case KindCarry:
		return o.carry(ctx, st, d)
	case KindAlert:
		return o.alert(ctx, st, d)
	}
	return o.Prepare(ctx, st, d)
}
