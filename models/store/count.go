package store

import (
	"context"
	"errors"
	"sync/atomic"

	"gorm.io/gorm"
)

type countKey struct{}

// CountingQueries gives a context under which statements are counted.
func CountingQueries(ctx context.Context) (context.Context, *atomic.Int64) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, countKey{}, n), n
}

// countQueries counts the statements of contexts that ask for it.
func countQueries(db *gorm.DB) error {
	count := func(tx *gorm.DB) {
		if n, ok := tx.Statement.Context.Value(countKey{}).(*atomic.Int64); ok {
			n.Add(1)
		}
	}
	cb := db.Callback()
	return errors.Join(
		cb.Query().After("gorm:query").Register("count:query", count), cb.Row().After("gorm:row").Register("count:row", count),
		cb.Raw().After("gorm:raw").Register("count:raw", count), cb.Create().After("gorm:create").Register("count:create", count),
		cb.Update().After("gorm:update").Register("count:update", count), cb.Delete().After("gorm:delete").Register("count:delete", count),
	)
}
