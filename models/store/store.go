package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"

	"aixin/models"
)

// Store is the database as one actor sees it, inside a transaction or outside.
type Store struct {
	db    *DB
	tx    *gorm.DB
	actor models.Actor
	begun bool // tx is a transaction
}

// As is the database as the actor may see it: every query that reads people,
// activities or files is narrowed to the actor's scope.
func (d *DB) As(actor models.Actor) *Store { return &Store{db: d, tx: d.gorm, actor: actor} }

// System is the database without a person in front of it: loops, migrations,
// commands. The reason is for the reader; the architecture test lists callers.
func (d *DB) System(why string) *Store {
	return &Store{db: d, tx: d.gorm, actor: models.Actor{System: why}}
}

// As narrows an open transaction to an actor.
func (s *Store) As(actor models.Actor) *Store {
	return &Store{db: s.db, tx: s.tx, actor: actor, begun: s.begun}
}

// Keys gives the keyset.
func (s *Store) Keys() *Keys { return s.db.keys }

// Now is the moment that writes of this store carry.
func (s *Store) Now() models.Instant { return models.InstantOf(s.db.now()) }

// NewID makes a public id.
func (s *Store) NewID() string { return models.NewID(s.db.now()) }

func (s *Store) q(ctx context.Context) *gorm.DB { return s.tx.WithContext(ctx) }

// ErrNotFound is returned where one row was asked for and there is none that
// the actor may see.
var ErrNotFound = errors.New("store: not found")

func notFound(err error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return ErrNotFound
	}
	return err
}

// InTx runs fn in one transaction and commits it. Deadlocks, lock time-outs and
// busy errors are tried again, also at commit, so fn does nothing outside the
// database and may run more than once.
func (s *Store) InTx(ctx context.Context, fn func(*Store) error) error {
	return s.retry(ctx, func() error {
		return s.q(ctx).Transaction(func(tx *gorm.DB) error {
			return fn(&Store{db: s.db, tx: tx, actor: s.actor, begun: true})
		}, s.db.txOptions()...)
	})
}

// savepoint runs a statement that may break a key without losing the
// transaction around it.
func (s *Store) savepoint(ctx context.Context, fn func(*gorm.DB) error) error {
	return s.q(ctx).Transaction(fn)
}

// retry runs fn again while it loses against others in the database; not inside a
// transaction, the whole of which is lost then and runs again. SQLite lets one
// write at a time and has the others poll, by which the unlucky one starves: the
// writers of this process wait here in the order in which they came.
func (s *Store) retry(ctx context.Context, fn func() error) error {
	if s.begun {
		return fn()
	}
	if s.db.writer != nil {
		select {
		case s.db.writer <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		defer func() { <-s.db.writer }()
	}
	var err error
	for try := range 6 {
		if try > 0 {
			pause := time.Duration(1<<try)*5*time.Millisecond + time.Duration(rand.IntN(10))*time.Millisecond
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(pause):
			}
		}
		if err = fn(); err == nil || !contention(err) {
			return err
		}
	}
	return fmt.Errorf("store: still contended after 6 tries: %w", err)
}

// txOptions ask for READ COMMITTED where there is a choice: what a transaction
// reads after it got a row's lock is then what the one before it committed.
func (d *DB) txOptions() []*sql.TxOptions {
	if d.driver == "mysql" {
		return []*sql.TxOptions{{Isolation: sql.LevelReadCommitted}}
	}
	return nil
}

func contention(err error) bool {
	var my *mysqldriver.MySQLError
	if errors.As(err, &my) {
		return my.Number == 1213 || my.Number == 1205 || my.Number == 1020
	}
	s := err.Error()
	return strings.Contains(s, "SQLITE_BUSY") || strings.Contains(s, "database is locked")
}

// Away tells whether an error means that the database cannot be reached now,
// as against a statement it refused.
func Away(err error) bool {
	if err == nil {
		return false
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysqldriver.ErrInvalidConn) {
		return true
	}
	var my *mysqldriver.MySQLError
	if errors.As(err, &my) {
		switch my.Number {
		case 1040, 1053, 1152, 1158, 1159, 1160, 1161, 1203, 1205, 1290, 1836, 1927, 2006, 2013:
			return true // too many connections, shutting down, broken, read-only, lock wait
		}
		return false
	}
	s := err.Error()
	for _, sign := range []string{
		"connection refused", "broken pipe", "connection reset", "i/o timeout", "no such host",
		"unexpected EOF", "EOF", "bad connection", "SQLITE_BUSY", "database is locked", "disk I/O error", "database or disk is full",
		"unable to open database file", "attempt to write a readonly database", "still contended",
	} {
		if strings.Contains(s, sign) {
			return true
		}
	}
	return false
}
