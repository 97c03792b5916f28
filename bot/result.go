package bot

import (
	"context"
	"time"

	"aixin/models/store"
)

// result takes in the platform's word on a delivery. It is part of nobody's
// conversation and comes by the thousand after a notice, so it needs neither a
// claim nor its sender's turn: the job id makes it one however often it comes,
// and what comes together is written together. False: it was not written.
func (b *Bot) result(ctx context.Context, m Message, start time.Time) bool {
	g := b.results.add(store.Word{JobID: m.JobID, Status: m.Status})
	select {
	case <-g.done:
	case <-ctx.Done():
		return false
	}
	if g.err != nil {
		b.Log.Warn("the platform's word on a delivery goes to the journal", "err", g.err)
		return false
	}
	b.Observer.Handled(m.Kind, "answered", b.Now().Sub(start))
	return true
}

func (b *Bot) writeResults(words []store.Word) error {
	ctx, cancel := context.WithTimeout(context.Background(), claimLimit)
	defer cancel()
	return b.st.DeliveryEvents(ctx, words)
}
