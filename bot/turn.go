package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// Turn is one message in a conversation, inside its transaction.
type Turn struct {
	Tx     *store.Store
	Msg    Message
	Key    string    // the message's identity, as an HMAC
	Sender string    // the sender's openid, as an HMAC
	Now    time.Time // when the message reached the service: its "today"
	State  []byte    // the conversation so far; what the handler leaves here is kept
}

// Handler answers a message. Everything it writes goes through Turn.Tx and is
// committed with the answer and the state, or not at all; it may run again.
type Handler func(ctx context.Context, t *Turn) (Reply, error)

// work handles a claimed message to its end: its turn among the sender's
// messages, a lane, the handler, the commit. There are fewer lanes than database
// connections, so that a rush waits here, claimed, and not before its claim. Where
// an earlier message is not finished the turn is given back, for it may be waiting
// in this very process.
func (b *Bot) work(ctx context.Context, m Message, row store.Inbound) outcome {
	for {
		leave, err := b.senders.enter(ctx, row.Sender, row.ID)
		if err != nil {
			return outcome{err: err}
		}
		out := b.handle(ctx, m, row)
		leave()
		var wait errEarlier
		if !errors.As(out.err, &wait) {
			return out
		}
		select {
		case <-ctx.Done():
			return outcome{err: ctx.Err()}
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// handle runs a message in a lane, and the earlier message of a dead holder where
// that comes first.
func (b *Bot) handle(ctx context.Context, m Message, row store.Inbound) outcome {
	select {
	case b.lanes <- struct{}{}:
		defer func() { <-b.lanes }()
	case <-ctx.Done():
		return outcome{err: ctx.Err()}
	}
	out := b.transact(ctx, m, row)
	var wait errEarlier
	if errors.As(out.err, &wait) {
		if err := b.helpEarlier(ctx, wait.row); err != nil {
			return outcome{err: err}
		}
	}
	return out
}

// errEarlier says that an earlier message of the sender is not finished.
type errEarlier struct{ row store.Inbound }

func (errEarlier) Error() string { return "an earlier message of the sender comes first" }

// helpEarlier does the work of an earlier message whose holder is dead; one
// that is being handled is left to its holder.
func (b *Bot) helpEarlier(ctx context.Context, row store.Inbound) error {
	m, took, err := b.adopt(ctx, &row)
	if err != nil || !took {
		return err
	}
	out := b.transact(ctx, m, row)
	var wait errEarlier
	if errors.As(out.err, &wait) {
		return b.helpEarlier(ctx, wait.row)
	}
	return out.err
}

// adopt takes a message over whose holder let its lease end. Its answer goes as a
// message of its own.
func (b *Bot) adopt(ctx context.Context, row *store.Inbound) (m Message, took bool, err error) {
	took, err = b.st.TakeOverInbound(ctx, row.ID, b.owner, lease, true)
	if err != nil || !took {
		return m, false, err
	}
	row.Owner = b.owner
	m, err = b.message(*row)
	return m, err == nil, err
}

func (b *Bot) message(row store.Inbound) (m Message, err error) {
	raw, err := b.st.InboundPayload(row)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return m, fmt.Errorf("bot: stored message: %w", err)
	}
	return m, nil
}

// transact runs the handler in the one transaction that also keeps its answer
// and state. A handler that fails leaves a sentence with a request id.
func (b *Bot) transact(ctx context.Context, m Message, row store.Inbound) outcome {
	out := b.commit(ctx, row, store.InboundDone, func(t *Turn) (Reply, error) { return b.safely(ctx, m, t) })
	var wait errEarlier
	if out.err == nil || errors.As(out.err, &wait) || errors.Is(out.err, store.ErrLost) || store.Away(out.err) {
		return out
	}
	id := row.KeyHash[:8]
	b.Log.Error("handler failed", "request", id, "kind", m.Kind, "event", m.Event, "err", out.err)
	return b.commit(ctx, row, store.InboundFailed, func(*Turn) (Reply, error) {
		return Reply{Text: b.Words.Failed(id)}, nil
	})
}

func (b *Bot) safely(ctx context.Context, m Message, t *Turn) (reply Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			b.Log.Error("handler panicked", "request", t.Key[:8], "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %T", p)
		}
	}()
	t.Msg = m
	return b.Handle(ctx, t)
}

func (b *Bot) commit(ctx context.Context, row store.Inbound, state string, handle func(*Turn) (Reply, error)) outcome {
	var out outcome
	var version int64
	var box string
	copyVersion, copyBox := b.cache.get(ctx, row.Sender)
	err := b.st.InTx(ctx, func(tx *store.Store) (err error) {
		if version, err = tx.LockConversation(ctx, row.Sender); err != nil {
			return err
		}
		earlier, found, err := tx.EarlierInbound(ctx, row.Sender, row.ID)
		if err != nil {
			return err
		}
		if found {
			return errEarlier{earlier}
		}
		t := &Turn{Tx: tx, Key: row.KeyHash, Sender: row.Sender, Now: row.ReceivedAt.Time()}
		if copyBox != "" && copyVersion == version {
			t.State, err = tx.OpenSession(row.Sender, copyBox)
		} else {
			t.State, err = tx.Session(ctx, row.Sender)
		}
		if err != nil {
			return err
		}
		reply, err := handle(t)
		if err != nil {
			return err
		}
		answer := stored{Text: reply.Text, At: tx.Now()}
		raw, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		if out.late, err = tx.FinishInbound(ctx, row, row.Owner, state, raw); err != nil {
			return err
		}
		if t.Msg.Place != nil { // where somebody is to the metre is not kept
			if err := tx.ForgetPayload(ctx, row.ID); err != nil {
				return err
			}
		}
		if out.late {
			if err := b.answerLater(ctx, tx, row, reply); err != nil {
				return err
			}
		}
		if box, err = tx.SaveSession(ctx, row.Sender, version, t.State); err != nil {
			return err
		}
		out.answer = answer.answer()
		return nil
	})
	if err != nil {
		return outcome{err: err}
	}
	b.cache.put(ctx, row.Sender, version+1, box)
	return out
}

// KindLate is the delivery of an answer that came after the platform had
// stopped waiting.
const KindLate = "late"

func (b *Bot) answerLater(ctx context.Context, tx *store.Store, row store.Inbound, reply Reply) error {
	if reply.Text == "" {
		return nil
	}
	m, err := b.message(row)
	if err != nil {
		return err
	}
	return tx.AddDelivery(ctx, "late/"+row.KeyHash, store.Delivery{
		Kind: KindLate, OpenID: models.Conceal(string(m.From)), Payload: models.Conceal(reply.Text),
	})
}
