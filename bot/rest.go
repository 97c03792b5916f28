package bot

import (
	"context"
	"sync"
	"time"
)

// rests are the APIs that are left alone until a time; all replicas share them
// through Redis where there is one.
type rests struct {
	mu    sync.Mutex
	until map[string]time.Time
	asked map[string]time.Time // when Redis was asked last
}

// askEvery is how often a process asks whether another one rests an API: what it
// misses meanwhile are a few more refused calls.
const askEvery = 200 * time.Millisecond

func restKey(api string) string { return "aixin:rest:" + api }

func (w *Worker) rest(ctx context.Context, api string, until time.Time) time.Time {
	w.rests.set(api, until)
	if w.Redis != nil {
		// A failure costs one more refused call a replica.
		w.Redis.Set(ctx, restKey(api), until.UnixMilli(), until.Sub(w.Now()))
	}
	return until
}

// resting tells until when an API is left alone; zero: it is not.
func (w *Worker) resting(ctx context.Context, api string) time.Time {
	until, stale := w.rests.get(api, w.clock()())
	if w.Redis != nil && stale && !w.Now().Before(until) { // another process may know better
		ctx, cancel := context.WithTimeout(ctx, cacheLimit)
		defer cancel()
		if ms, err := w.Redis.Get(ctx, restKey(api)).Int64(); err == nil {
			until = time.UnixMilli(ms)
			w.rests.set(api, until)
		}
	}
	if w.Now().Before(until) {
		return until
	}
	return time.Time{}
}

func (r *rests) set(api string, until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.until == nil {
		r.until = map[string]time.Time{}
	}
	r.until[api] = until
}

// get gives what this process knows, and whether it is time to ask the others.
func (r *rests) get(api string, now time.Time) (until time.Time, stale bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.asked == nil {
		r.asked = map[string]time.Time{}
	}
	if stale = now.Sub(r.asked[api]).Abs() >= askEvery; stale {
		r.asked[api] = now
	}
	return r.until[api], stale
}
