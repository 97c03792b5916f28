package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"runtime"
	"strings"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"aixin/models"
)

// Load stores batches of new rows, each a slice of one noun, in a transaction a
// batch. Sealing is what costs most, so the batches are made ready on all cores
// while earlier ones are written; they may be stored in another order than they
// came. It fills an empty database: a run that breaks off leaves what it stored.
// stored is told of each batch, one at a time.
func (s *Store) Load(ctx context.Context, batches iter.Seq[any], stored func(rows int)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	in := make(chan any)
	// SQLite has one writer; two keep a server busy while one waits for it.
	writers := make(chan struct{}, 1)
	if s.db.driver == "mysql" {
		writers = make(chan struct{}, 2)
	}
	var group sync.WaitGroup
	var mu sync.Mutex
	for range max(2, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for rows := range in {
				b, err := s.ready(ctx, rows)
				if err == nil {
					writers <- struct{}{}
					err = b.write(ctx, s)
					<-writers
				}
				if err != nil {
					cancel(fmt.Errorf("store: loading %s: %w", b.table, err))
					continue
				}
				mu.Lock()
				stored(len(b.args) / len(b.columns))
				mu.Unlock()
			}
		})
	}
	for rows := range batches {
		select {
		case in <- rows:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(in)
	group.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if s.db.driver == "sqlite" { // which keeps no statistics by itself, and guesses badly without
		if err := s.q(ctx).Exec("ANALYZE").Error; err != nil {
			return err
		}
	}
	return s.RecountAll(ctx)
}

// bulk is a batch of rows as the database takes them: sealed, row after row.
type bulk struct {
	table   string
	columns []string
	args    []any
}

// ready seals the rows as the sealing plugin does and lays their values out.
func (s *Store) ready(ctx context.Context, rows any) (b bulk, err error) {
	list := reflect.Indirect(reflect.ValueOf(rows))
	if list.Kind() != reflect.Slice {
		return b, errors.New("a batch is a slice of rows")
	}
	st := &gorm.Statement{DB: s.tx}
	if err := st.Parse(rows); err != nil {
		return b, err
	}
	b.table = st.Schema.Table
	var fields []*schema.Field
	for _, f := range st.Schema.Fields {
		if f.DBName != "" {
			fields, b.columns = append(fields, f), append(b.columns, f.DBName)
		}
	}
	b.args = make([]any, 0, len(fields)*list.Len())
	for i := range list.Len() {
		row := list.Index(i)
		id, _ := st.Schema.PrioritizedPrimaryField.ValueOf(ctx, row)
		for _, f := range fields {
			v, _ := f.ValueOf(ctx, row)
			if secret, ok := v.(models.Secret); ok {
				box, err := s.db.keys.SealText(fmt.Sprintf("%s.%s.%v", b.table, f.DBName, id), secret.Reveal())
				if err != nil {
					return b, err
				}
				v = secret.WithBox(box)
			}
			b.args = append(b.args, v)
		}
	}
	return b, nil
}

func (b bulk) write(ctx context.Context, s *Store) error {
	statementRows := 250
	if s.db.driver == "sqlite" {
		statementRows = 16 // its driver looks for each value among all of the statement
	}
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", len(b.columns)), ",") + "),"
	insert := func(n int) string {
		return "INSERT INTO " + b.table + " (" + strings.Join(b.columns, ",") + ") VALUES " + strings.TrimSuffix(strings.Repeat(one, n), ",")
	}
	full := statementRows * len(b.columns)
	return s.InTx(ctx, func(tx *Store) error {
		conn := tx.tx.Statement.ConnPool
		if s.db.driver == "sqlite" {
			// Its indexes outgrow the 2 MB of cache that a connection has.
			if _, err := conn.ExecContext(ctx, "PRAGMA cache_size = -200000"); err != nil {
				return err
			}
		}
		args := b.args
		if len(args) >= full {
			statement, err := conn.PrepareContext(ctx, insert(statementRows))
			if err != nil {
				return err
			}
			defer statement.Close()
			for ; len(args) >= full; args = args[full:] {
				if _, err := statement.ExecContext(ctx, args[:full]...); err != nil {
					return err
				}
			}
		}
		if len(args) == 0 {
			return nil
		}
		_, err := conn.ExecContext(ctx, insert(len(args)/len(b.columns)), args...)
		return err
	})
}
