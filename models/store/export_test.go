package store

import (
	"context"

	"gorm.io/gorm"
)

// UpdateByMap lets the tests try what no code of the store does.
func (d *DB) UpdateByMap(ctx context.Context, model any, id string, set map[string]any) error {
	return d.gorm.WithContext(ctx).Model(model).Where("id = ?", id).Updates(set).Error
}

// Exec goes behind the store's back.
func (d *DB) Exec(ctx context.Context, sql string, args ...any) error {
	return d.gorm.WithContext(ctx).Exec(sql, args...).Error
}

// Alone runs statements on one connection until one fails.
func (d *DB) Alone(ctx context.Context, statements ...string) error {
	return d.gorm.WithContext(ctx).Connection(func(tx *gorm.DB) error {
		for _, s := range statements {
			if err := tx.Exec(s).Error; err != nil {
				return err
			}
		}
		return nil
	})
}
