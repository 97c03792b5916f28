package bot

import (
	"context"
	"slices"
	"sync"
)

// senderQueue lets one message of a sender through at a time within this
// process, the earliest claim first, so that they do not fight for the row in
// the database, which keeps the order across processes.
type senderQueue struct {
	mu    sync.Mutex
	lines map[string]*line
}

type line struct {
	busy    bool
	waiting []waiter // by claim
}

type waiter struct {
	claim int64
	turn  chan struct{}
}

// enter waits for the turn of a claim and gives the way to end it.
func (q *senderQueue) enter(ctx context.Context, sender string, claim int64) (leave func(), err error) {
	q.mu.Lock()
	if q.lines == nil {
		q.lines = map[string]*line{}
	}
	l := q.lines[sender]
	if l == nil {
		l = &line{}
		q.lines[sender] = l
	}
	leave = func() { q.leave(sender, l) }
	if !l.busy {
		l.busy = true
		q.mu.Unlock()
		return leave, nil
	}
	w := waiter{claim, make(chan struct{})}
	at, _ := slices.BinarySearchFunc(l.waiting, claim, func(w waiter, c int64) int { return int(w.claim - c) })
	l.waiting = slices.Insert(l.waiting, at, w)
	q.mu.Unlock()
	select {
	case <-w.turn:
		return leave, nil
	case <-ctx.Done():
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if i := slices.IndexFunc(l.waiting, func(o waiter) bool { return o.turn == w.turn }); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	} else { // its turn came in this very moment
		q.next(sender, l)
	}
	return nil, ctx.Err()
}

func (q *senderQueue) leave(sender string, l *line) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.next(sender, l)
}

func (q *senderQueue) next(sender string, l *line) {
	if len(l.waiting) == 0 {
		delete(q.lines, sender)
		return
	}
	close(l.waiting[0].turn)
	l.waiting = l.waiting[1:]
}
