package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
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
	lanes   chan struct{} // holds who is being handled
	working sync.WaitGroup
	results together[store.Word]
}

// New makes a Bot. Its loops are started by Run.
func New(o Options) *Bot {
	if o.Observer == nil {
		o.Observer = silent{}
	}
	b := &Bot{
		Options: o, owner: models.NewID(o.Now()), st: o.DB.System("conversation runtime"),
		cache: newSessionCache(o.Redis, o.Now), lanes: make(chan struct{}, max(1, o.DB.Connections()*3/5)),
	}
	b.results.do = b.writeResults
	return b
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
	if m.Event == EventDelivered && b.result(ctx, m, start) {
		return Answer{At: start}, nil
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
		if row.Owner != b.owner { // what this process holds it is working on
			took, err := b.st.TakeOverInbound(ctx, row.ID, b.owner, lease, false)
			if err != nil {
				return Answer{}, err
			}
			if took {
				row.Owner = b.owner
				return b.await(ctx, m, row, b.begin(ctx, m, row), start)
			}
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
		next, err := b.st.Inbound(ctx, row.KeyHash)
		if err != nil {
			return Answer{}, err
		}
		row = next
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
