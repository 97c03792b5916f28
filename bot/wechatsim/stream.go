package wechatsim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// A watcher is an open stream of the page: it learns whose phone changed and
// fetches the rest itself, so a slow page costs no memory.
type watcher struct {
	wake    chan struct{}
	changed map[string]bool // openids, and "people", "clock", "menu"
}

func (s *Sim) watch() *watcher {
	w := &watcher{wake: make(chan struct{}, 1), changed: make(map[string]bool)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[w] = struct{}{}
	return w
}

func (s *Sim) unwatch(w *watcher) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.watchers, w)
}

// takeChanged empties a watcher's set: what changed, and each phone's last item.
func (s *Sim) takeChanged(w *watcher) (what []string, seqs map[string]int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seqs = make(map[string]int64)
	for name := range w.changed {
		if ph, ok := s.phones[name]; ok {
			seqs[name] = ph.seq
		} else {
			what = append(what, name)
		}
	}
	clear(w.changed)
	return what, seqs
}

// wake tells the open pages that something changed. s.mu held.
func (s *Sim) wake(what string) {
	for w := range s.watchers {
		w.changed[what] = true
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
}

// serveEvents tells the page what changed, until the browser leaves or the
// simulator closes. What was missed while disconnected the page fetches itself.
func (s *Sim) serveEvents(w http.ResponseWriter, r *http.Request) {
	rc := http.NewResponseController(w)
	rc.SetWriteDeadline(time.Time{}) // a stream outlives the server's usual limit
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	change := s.watch()
	defer s.unwatch(change)
	if _, err := io.WriteString(w, "retry: 500\n\n"); err != nil || rc.Flush() != nil {
		return
	}
	alive := time.NewTicker(15 * time.Second)
	defer alive.Stop()
	for {
		var err error
		select {
		case <-r.Context().Done():
			return
		case <-s.life.Done():
			return
		case <-alive.C:
			_, err = io.WriteString(w, ": alive\n\n")
		case <-change.wake:
			what, seqs := s.takeChanged(change)
			data, _ := json.Marshal(object{"what": what, "seqs": seqs})
			_, err = fmt.Fprintf(w, "data: %s\n\n", data)
		}
		if err != nil || rc.Flush() != nil {
			return
		}
		// Bursts become one event; nobody sees a twentieth of a second.
		if sleep(r.Context(), 50*time.Millisecond) != nil {
			return
		}
	}
}
