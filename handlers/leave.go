package handlers

import (
	"context"

	"aixin/models"
	"aixin/models/store"
)

// EraseSender is the job that erases what came with the openid of somebody who
// left.
const EraseSender = "erase"

// leave ends the pushes of who unfollows at once; the openid and what came with
// it go after the time that the office sets, at once by default.
func (t *talk) leave(ctx context.Context) error {
	if err := t.Tx.Block(ctx, t.Sender); err != nil {
		return err
	}
	if t.EraseAfter == 0 {
		if _, err := t.Tx.Unbind(ctx, t.Sender); err != nil {
			return err
		}
	}
	return t.Tx.RenewJob(ctx, EraseSender, t.Sender, models.InstantOf(t.Now).Add(t.EraseAfter))
}

// Erase is the job EraseSender. Who has come back meanwhile keeps everything.
func Erase(ctx context.Context, st *store.Store, sender string, _ int) error {
	way, err := st.Way(ctx, sender)
	if err != nil || !way.Blocked {
		return err
	}
	return st.InTx(ctx, func(tx *store.Store) error { return tx.Erase(ctx, sender) })
}
