package bot

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// enterJournal keeps a message that cannot reach the database now.
func (b *Bot) enterJournal(ctx context.Context, m Message, key, sender string, start time.Time) (Answer, error) {
	err := b.Journal.Append(entry{Key: key, Sender: sender, Message: m, At: models.InstantOf(start)})
	if err != nil {
		b.Log.Error("journal cannot be written, the platform must send again", "err", err)
		return Answer{}, err
	}
	b.cache.markJournalled(ctx, sender, b.owner)
	b.Observer.Handled(m.Kind, "journalled", b.Now().Sub(start))
	return b.journalled(ctx, m, start), nil
}

// journalled is what the sender of a journalled message is told; events that
// nobody typed get silence.
func (b *Bot) journalled(ctx context.Context, m Message, start time.Time) Answer {
	if m.Kind == KindEvent && m.Event != EventClick && m.Event != EventSubscribe && m.Event != EventScan {
		return Answer{At: start}
	}
	if b.Emergency != nil {
		if words := b.Emergency(ctx, m); words != "" {
			return Answer{Reply{words}, start}
		}
	}
	return Answer{Reply{b.Words.Journalled}, start}
}

// replayLanes is how many senders' journals are replayed side by side.
const replayLanes = 8

// replayLoop brings journalled messages into the database as soon as it takes
// them, as of the time they came. It looks when one comes in, and each second.
func (b *Bot) replayLoop(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-b.Journal.fresh:
		}
		if !b.replayAll(ctx) {
			select {
			case <-ctx.Done():
			case <-tick.C: // a database that is away is not asked at each message
			}
		}
	}
}

// replayAll goes through the senders in the journal: the messages of one in
// their order, of several side by side, so that nobody's trouble holds up the
// rest. It tells whether the database could be reached.
func (b *Bot) replayAll(ctx context.Context) bool {
	senders := make(chan string)
	var away atomic.Bool
	var group sync.WaitGroup
	for range replayLanes {
		group.Go(func() {
			for sender := range senders {
				err := b.replaySender(ctx, sender)
				if err == nil {
					continue
				}
				if store.Away(err) {
					away.Store(true)
				}
				b.Log.Info("journal waits", "entries", b.Journal.Len(), "err", err)
			}
		})
	}
	for _, sender := range b.Journal.senders() {
		if away.Load() || ctx.Err() != nil {
			break
		}
		senders <- sender
	}
	close(senders)
	group.Wait()
	return !away.Load()
}

// replaySender replays what a sender has in the journal until one message must wait.
func (b *Bot) replaySender(ctx context.Context, sender string) error {
	for ctx.Err() == nil {
		e, ok := b.Journal.first(sender)
		if !ok {
			return nil
		}
		finished, err := b.replay(ctx, e)
		if err != nil || !finished {
			return err
		}
		more, err := b.Journal.done(e)
		if err != nil {
			return err
		}
		if !more {
			b.cache.unmarkJournalled(ctx, sender)
		}
	}
	return nil
}

// replay brings one entry to its end and tells whether it has come there. An
// error on a finished entry cannot happen: what the handler refuses is stored
// as failed and told to the sender.
func (b *Bot) replay(ctx context.Context, e entry) (finished bool, err error) {
	payload, err := json.Marshal(e.Message)
	if err != nil {
		return false, err
	}
	claimCtx, cancel := context.WithTimeout(ctx, claimLimit)
	defer cancel()
	row, fresh, err := b.st.ClaimInbound(claimCtx, e.Key, e.Sender, payload, e.Message.spoke(), e.At, b.owner, lease)
	if err != nil {
		return false, err
	}
	if row.State != store.InboundOpen {
		if row.Late {
			return true, nil
		}
		// The commit had gone through although nobody could say so then.
		answer, err := b.repeat(row)
		if err != nil {
			return false, err
		}
		return true, b.answerLater(ctx, b.st, row, answer.Reply)
	}
	switch {
	case fresh || row.Owner == b.owner:
		// Ours: a claim whose success nobody heard of, or a message whose work
		// came to nothing. Where it is still at work, one of the two commits.
		if _, err := b.st.MarkInboundLate(ctx, row.ID); err != nil {
			return false, err
		}
	default:
		took, err := b.st.TakeOverInbound(ctx, row.ID, b.owner, lease, true)
		if err != nil || !took {
			return false, err
		}
		row.Owner = b.owner
	}
	workCtx, done := context.WithTimeout(ctx, workLimit)
	defer done()
	out := b.work(workCtx, e.Message, row)
	if errors.Is(out.err, store.ErrLost) {
		return false, nil // its holder finishes it; look again
	}
	return out.err == nil, out.err
}

// sweepLoop finishes messages whose process died, after the platform's own
// redeliveries had their chance to.
func (b *Bot) sweepLoop(ctx context.Context) {
	tick := time.NewTicker(3 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		rows, err := b.st.AbandonedInbound(ctx, models.InstantOf(b.Now().Add(-graceAfter)), 50)
		if err != nil {
			continue // the database is away; readiness says so
		}
		for _, row := range rows {
			if err := b.finishAbandoned(ctx, row); err != nil {
				b.Log.Warn("abandoned message not finished yet", "request", row.KeyHash[:8], "err", err)
			}
		}
	}
}

func (b *Bot) finishAbandoned(ctx context.Context, row store.Inbound) error {
	m, took, err := b.adopt(ctx, &row)
	if err != nil || !took {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, workLimit)
	defer cancel()
	return b.work(ctx, m, row).err
}
