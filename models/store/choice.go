package store

import (
	"context"

	"aixin/models"
)

// Lists are the words of the lists that an office keeps: those that are shipped,
// and what was changed since.
func (s *Store) Lists(ctx context.Context) (models.Lists, error) {
	rows, err := s.db.lists.of(ctx, s)
	return append(models.ShippedLists(), rows...), err
}

// AddChoice sets a version of an entry.
func (s *Store) AddChoice(ctx context.Context, c *models.Choice) error {
	c.ID, c.RecordedAt, c.Author = s.NewID(), s.Now(), s.actor.String()
	if err := s.q(ctx).Create(c).Error; err != nil {
		return err
	}
	s.db.lists.drop()
	return s.Note(ctx, "list", "list:"+string(c.List)+"/"+c.Code, c.String()+" "+string(c.FromDay))
}
