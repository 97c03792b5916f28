package web

import (
	"sync"
	"time"

	"aixin/models/store"
)

// totals remembers for a while what the first page of a list counted, for the
// pages behind it: five years of a city are two million rows to count.
type totals struct {
	mu   sync.Mutex
	kept map[totalsOf]totalsThen
}

// totalsOf is one administrator's question.
type totalsOf struct {
	account string
	filter  store.ActivityFilter
}

type totalsThen struct {
	rows []store.KindTotal
	at   time.Time
}

const (
	totalsLive = 10 * time.Minute
	totalsMost = 500 // questions; past that all are asked anew
)

func (t *totals) of(q totalsOf, now time.Time) ([]store.KindTotal, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	then, ok := t.kept[q]
	return then.rows, ok && now.Sub(then.at) < totalsLive
}

func (t *totals) keep(q totalsOf, rows []store.KindTotal, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept == nil || len(t.kept) >= totalsMost {
		t.kept = map[totalsOf]totalsThen{}
	}
	t.kept[q] = totalsThen{rows, now}
}
