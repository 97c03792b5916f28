package web

import (
	"context"
	"sync"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// kept remembers answers for a while: what the first page of a list counted for
// the pages behind it, what can be chosen in a form.
type kept[K comparable, V any] struct {
	mu   sync.Mutex
	rows map[K]keptRow[V]
}

type keptRow[V any] struct {
	v  V
	at time.Time
}

// keptMost is how many answers are kept; past that all are asked anew.
const keptMost = 500

func (k *kept[K, V]) of(q K, now time.Time, life time.Duration) (V, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	row, ok := k.rows[q]
	return row.v, ok && now.Sub(row.at) < life
}

func (k *kept[K, V]) keep(q K, v V, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.rows == nil || len(k.rows) >= keptMost {
		k.rows = map[K]keptRow[V]{}
	}
	k.rows[q] = keptRow[V]{v, now}
}

// totalsOf is one administrator's question.
type totalsOf struct {
	account string
	filter  store.ActivityFilter
}

const (
	totalsLive = 10 * time.Minute
	unitsLive  = time.Minute
)

// unitsFor lists the units that a visitor may choose from. Who is paired with
// whom decides which ones, and that is a long question for a county.
func (s *site) unitsFor(ctx context.Context, me seat) ([]models.Unit, error) {
	key := string(me.Role) + "/" + me.Region + "/" + me.UnitID
	if units, ok := s.unitLists.of(key, s.Now(), unitsLive); ok {
		return units, nil
	}
	units, err := me.st.SeenUnits(ctx)
	if err == nil {
		s.unitLists.keep(key, units, s.Now())
	}
	return units, err
}
