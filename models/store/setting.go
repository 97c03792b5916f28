package store

import (
	"context"
	"sync/atomic"

	"aixin/models"
)

// Settings are all versions of what offices set, the oldest first.
func (s *Store) Settings(ctx context.Context) (rows []models.Setting, err error) {
	return rows, s.q(ctx).Order("recorded_at, id").Find(&rows).Error
}

// heldHours are the hours as the process last read them.
type heldHours struct {
	base models.Hours // where no office sets any
	set  atomic.Pointer[[]models.Setting]
}

// Hours are the times that hold now: what offices set, as RefreshHours last read
// it, else the settings of the process.
func (s *Store) Hours() models.Hours {
	h := &s.db.hours
	if rows := h.set.Load(); rows != nil && len(*rows) > 0 {
		return h.base.With(*rows, s.Now())
	}
	return h.base
}

// ProcessHours are the hours where no office sets any.
func (s *Store) ProcessHours() models.Hours { return s.db.hours.base }

// RefreshHours reads what offices set. Every process does so several times a
// minute, and every command at its start.
func (s *Store) RefreshHours(ctx context.Context) error {
	rows, err := s.Settings(ctx)
	if err == nil {
		s.db.hours.set.Store(&rows)
	}
	return err
}

// Set writes a version of a knob and what it was before.
func (s *Store) Set(ctx context.Context, row *models.Setting, old string) error {
	row.ID, row.RecordedAt, row.Author = s.NewID(), s.Now(), s.actor.String()
	row.FromAt = max(row.FromAt, row.RecordedAt)
	if err := s.q(ctx).Create(row).Error; err != nil {
		return err
	}
	k, _ := models.KnobNamed(row.Name)
	value := k.Words(row.Value)
	if row.Cleared {
		value = "配置文件的"
	}
	return s.NoteChange(ctx, "setting", "setting:"+row.Name, k.Label, k.Words(old), value)
}
