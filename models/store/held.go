package store

import (
	"context"
	"sync/atomic"
	"time"

	"aixin/models"
)

// heldFresh is how old what offices set may be where it is read from memory; a
// process that serves reads it anew every few seconds.
const heldFresh = 10 * time.Second

// held are the rows of one small table that offices add to, as this process last
// read them.
type held[T any] struct{ last atomic.Pointer[heldRows[T]] }

type heldRows[T any] struct {
	rows []T
	at   time.Time
}

// of gives the rows, from memory where they are fresh. What a transaction reads is
// not kept: it may not come to be.
func (h *held[T]) of(ctx context.Context, s *Store) ([]T, error) {
	if last := h.last.Load(); last != nil && s.db.now().Sub(last.at).Abs() < heldFresh {
		return last.rows, nil
	}
	return h.refresh(ctx, s)
}

func (h *held[T]) refresh(ctx context.Context, s *Store) (rows []T, err error) {
	at := s.db.now()
	if err = s.q(ctx).Order("recorded_at, id").Find(&rows).Error; err == nil && !s.begun {
		h.last.Store(&heldRows[T]{rows, at})
	}
	return rows, err
}

// drop has the rows read anew: one was added.
func (h *held[T]) drop() { h.last.Store(nil) }

// RefreshSettings reads what offices set: hours, rules and lists. Every process
// does so every few seconds, and commands that go by the hours at their start.
func (s *Store) RefreshSettings(ctx context.Context) error {
	_, err := s.db.settings.refresh(ctx, s)
	if err == nil {
		_, err = s.db.rules.refresh(ctx, s)
	}
	if err == nil {
		_, err = s.db.lists.refresh(ctx, s)
	}
	return err
}

// Hours are the times that hold now: what offices set, as it was last read, else the
// settings of the process.
func (s *Store) Hours() models.Hours {
	if last := s.db.settings.last.Load(); last != nil && len(last.rows) > 0 {
		return s.db.base.With(last.rows, s.Now())
	}
	return s.db.base
}

// ProcessHours are the hours where no office sets any.
func (s *Store) ProcessHours() models.Hours { return s.db.base }
