package bot

import "sync"

// together does what many ask for at once in few turns: while one turn is under
// way, what comes meanwhile makes up the next one. Nothing waits for company.
type together[T any] struct {
	do func([]T) error

	mu      sync.Mutex
	next    *group[T] // gathers
	last    *group[T] // the newest, done or not
	running bool
}

// group is what is done in one turn.
type group[T any] struct {
	items []T
	err   error
	done  chan struct{}
}

// add puts an item into the next turn. Whoever wants to know how it ended waits.
func (t *together[T]) add(item T) *group[T] {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.next == nil {
		t.next = &group[T]{done: make(chan struct{})}
		t.last = t.next
	}
	t.next.items = append(t.next.items, item)
	if !t.running {
		t.running = true
		go t.run()
	}
	return t.next
}

func (t *together[T]) run() {
	for {
		t.mu.Lock()
		g := t.next
		t.next, t.running = nil, g != nil
		t.mu.Unlock()
		if g == nil {
			return
		}
		g.err = t.do(g.items)
		close(g.done)
	}
}

// wait holds until all that was added is done.
func (t *together[T]) wait() {
	t.mu.Lock()
	g := t.last
	t.mu.Unlock()
	if g != nil {
		<-g.done
	}
}
