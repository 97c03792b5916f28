package store

import "context"

// UpdateByMap lets the tests try what no code of the store does.
func (d *DB) UpdateByMap(ctx context.Context, model any, id string, set map[string]any) error {
	return d.gorm.WithContext(ctx).Model(model).Where("id = ?", id).Updates(set).Error
}

// Exec goes behind the store's back.
func (d *DB) Exec(ctx context.Context, sql string, args ...any) error {
	return d.gorm.WithContext(ctx).Exec(sql, args...).Error
}
