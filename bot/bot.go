package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"aixin/models"
	"aixin/models/store"
)

// The clockwork of an answer. WeChat waits five seconds, then sends again.
const (
	budget     = 3800 * time.Millisecond // after this the answer goes as a message of its own
	claimLimit = 2500 * time.Millisecond // a database slower than this counts as away
	lease      = 4500 * time.Millisecond // a process that holds a message longer is taken for dead
	workLimit  = 30 * time.Second        // of one handler
	graceAfter = 20 * time.Second        // WeChat's own redeliveries come first; then the sweeper finishes
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

// Words are the few sentences that the runtime itself says.
type Words struct {
	Journalled string                 // the database is away: kept, entered later
	Failed     func(id string) string // the handler failed: a request id to quote
}

// Observer is told what happened, for metrics. Nil is fine.
type Observer interface {
	Handled(kind MessageKind, outcome string, took time.Duration)
	Sent(kind, outcome string)
}

// Options make a Bot.
type Options struct {
	DB      *store.DB
	Redis   redis.UniversalClient
	Journal *Journal
	Handle  Handler
	Scrub   func(string) string // takes out of a text what must go no further; nil: nothing
	Words   Words
	// Emergency hears a message that the database cannot take now: words that
	// must be said at once, or "". It may be asked again about the same message.
	Emergency func(ctx context.Context, m Message) (words string)
	Now       func() time.Time
	Log       *slog.Logger
	Observer  Observer
}

// Bot takes messages in exactly once and answers them.
type Bot struct {
	Options
	owner   string
	st      *store.Store
	cache   *sessionCache
	senders senderQueue
	working sync.WaitGroup
}

// New makes a Bot. Its loops are started by Run.
func New(o Options) *Bot {
	if o.Observer == nil {
		o.Observer = silent{}
	}
	return &Bot{
		Options: o, owner: models.NewID(o.Now()), st: o.DB.System("conversation runtime"),
		cache: newSessionCache(o.Redis, o.Now),
	}
}

type silent struct{}

func (silent) Handled(MessageKind, string, time.Duration) {}
func (silent) Sent(string, string)                        {}

// stored is an answer as it stands in the inbound row.
type stored struct {
	Text string         `json:"text,omitempty"`
	At   models.Instant `json:"at"`
}

func (s stored) answer() Answer { return Answer{Reply{s.Text}, s.At.Time()} }

// Receive takes a message in and answers it. It returns an error only where
// nothing durable was kept: then the platform must send again.
func (b *Bot) Receive(ctx context.Context, m Message) (Answer, error) {
	start := b.Now()
	if b.Scrub != nil {
		m.Text = b.Scrub(m.Text)
	}
	key, sender := b.DB.Keys().Index("inbound", m.Identity), b.st.OpenIDIndex(string(m.From))
	payload, err := json.Marshal(m)
	if err != nil {
		return Answer{}, err
	}
	if b.Journal.Holds(key) {
		return b.journalled(ctx, m, start), nil
	}
	if b.Journal.Waits(sender) || b.cache.journalledElsewhere(ctx, sender, b.owner) {
		return b.enterJournal(ctx, m, key, sender, start)
	}
	claimCtx, cancel := context.WithTimeout(ctx, claimLimit)
	row, fresh, err := b.st.ClaimInbound(claimCtx, key, sender, payload, m.spoke(), models.InstantOf(start), b.owner, lease)
	cancel()
	if err != nil {
		b.Log.Warn("claim failed, message goes to the journal", "err", err)
		return b.enterJournal(ctx, m, key, sender, start)
	}
	if !fresh {
		return b.redelivered(ctx, m, row, start)
	}
	return b.await(ctx, m, row, b.begin(ctx, m, row), start)
}

// outcome is what a handled message came to.
type outcome struct {
	answer Answer
	late   bool
	err    error
}

// begin handles the message in the background: the answer may come after the
// platform has stopped waiting.
func (b *Bot) begin(ctx context.Context, m Message, row store.Inbound) <-chan outcome {
	done := make(chan outcome, 1)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), workLimit)
	b.working.Go(func() {
		defer cancel()
		done <- b.work(ctx, m, row)
	})
	return done
}

// Drain waits for messages that are still being handled after their request
// ended. What it does not wait for, the sweeper of the next process finishes.
func (b *Bot) Drain(ctx context.Context) {
	idle := make(chan struct{})
	go func() { b.working.Wait(); close(idle) }()
	select {
	case <-idle:
	case <-ctx.Done():
	}
}

// await gives the answer if it comes within the budget, else silence, said only
// once the answer is sure to follow.
func (b *Bot) await(ctx context.Context, m Message, row store.Inbound, done <-chan outcome, start time.Time) (Answer, error) {
	timer := time.NewTimer(budget)
	defer timer.Stop()
	select {
	case out := <-done:
		return b.settle(ctx, m, row, out, start)
	case <-timer.C:
	}
	markCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 500*time.Millisecond)
	defer cancel()
	marked, err := b.st.MarkInboundLate(markCtx, row.ID)
	switch {
	case err != nil:
		return b.enterJournal(ctx, m, row.KeyHash, row.Sender, start)
	case marked:
		b.Observer.Handled(m.Kind, "late", b.Now().Sub(start))
		return Answer{}, nil
	}
	return b.settle(ctx, m, row, <-done, start)
}

// settle turns an outcome into what the platform gets.
func (b *Bot) settle(ctx context.Context, m Message, row store.Inbound, out outcome, start time.Time) (Answer, error) {
	took := b.Now().Sub(start)
	switch {
	case out.err == nil && out.late:
		b.Observer.Handled(m.Kind, "late", took)
		return Answer{}, nil
	case out.err == nil:
		b.Observer.Handled(m.Kind, "answered", took)
		return out.answer, nil
	case errors.Is(out.err, store.ErrLost):
		// Somebody else took the message over; they answer it.
		fresh, err := b.st.Inbound(ctx, row.KeyHash)
		if err != nil {
			return Answer{}, err
		}
		return b.redelivered(ctx, m, fresh, start)
	default:
		return b.enterJournal(ctx, m, row.KeyHash, row.Sender, start)
	}
}

// redelivered answers a message that was claimed before: with the same answer,
// by waiting for whoever handles it, or by taking over from the dead.
func (b *Bot) redelivered(ctx context.Context, m Message, row store.Inbound, start time.Time) (Answer, error) {
	for {
		if row.State != store.InboundOpen {
			if row.Late {
				return Answer{}, nil
			}
			return b.repeat(row)
		}
		took, err := b.st.TakeOverInbound(ctx, row.ID, b.owner, lease, false)
		if err != nil {
			return Answer{}, err
		}
		if took {
			row.Owner = b.owner
			return b.await(ctx, m, row, b.begin(ctx, m, row), start)
		}
		if b.Now().Sub(start) > budget {
			marked, err := b.st.MarkInboundLate(ctx, row.ID)
			if err != nil || marked {
				return Answer{}, err
			}
		}
		select {
		case <-ctx.Done():
			return Answer{}, ctx.Err()
		case <-time.After(30 * time.Millisecond):
		}
		if row, err = b.st.Inbound(ctx, row.KeyHash); err != nil {
			return Answer{}, err
		}
	}
}

func (b *Bot) repeat(row store.Inbound) (Answer, error) {
	raw, err := b.st.InboundReply(row)
	if err != nil {
		return Answer{}, err
	}
	var s stored
	if err := json.Unmarshal(raw, &s); err != nil {
		return Answer{}, fmt.Errorf("bot: stored answer: %w", err)
	}
	return s.answer(), nil
}

// work handles a claimed message to its end: its turn among the sender's
// messages, the handler, the commit. Where an earlier message is not finished
// the turn is given back, for it may be waiting in this very process.
func (b *Bot) work(ctx context.Context, m Message, row store.Inbound) outcome {
	for {
		leave, err := b.senders.enter(ctx, row.Sender, row.ID)
		if err != nil {
			return outcome{err: err}
		}
		out := b.transact(ctx, m, row)
		var wait errEarlier
		if !errors.As(out.err, &wait) {
			leave()
			return out
		}
		err = b.helpEarlier(ctx, wait.row)
		leave()
		if err != nil {
			return outcome{err: err}
		}
		select {
		case <-ctx.Done():
			return outcome{err: ctx.Err()}
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// errEarlier says that an earlier message of the sender is not finished.
type errEarlier struct{ row store.Inbound }

func (errEarlier) Error() string { return "an earlier message of the sender comes first" }

// helpEarlier does the work of an earlier message whose holder is dead; one
// that is being handled is left to its holder.
func (b *Bot) helpEarlier(ctx context.Context, row store.Inbound) error {
	took, err := b.st.TakeOverInbound(ctx, row.ID, b.owner, lease, true)
	if err != nil || !took {
		return err
	}
	m, err := b.message(row)
	if err != nil {
		return err
	}
	row.Owner = b.owner
	out := b.transact(ctx, m, row)
	var wait errEarlier
	if errors.As(out.err, &wait) {
		return b.helpEarlier(ctx, wait.row)
	}
	return out.err
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
