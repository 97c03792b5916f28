package store

import (
	"context"

	"aixin/models"
)

// Settings are all versions of what offices set, the oldest first.
func (s *Store) Settings(ctx context.Context) ([]models.Setting, error) {
	return s.db.settings.refresh(ctx, s)
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
