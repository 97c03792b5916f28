// Package storetest gives tests a real database: SQLite in a file, and MariaDB
// or MySQL from AIXIN_TEST_MYSQL_DSN. A missing server fails the test: "make
// test" starts one.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"

	"aixin/models"
	"aixin/models/store"
)

// Now is the moment at which tests live: Saturday 21 November 2026, ten in the
// morning in Pingliang.
var Now = time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)

// Clock is a clock that tests move.
type Clock struct{ ms atomic.Int64 }

// NewClock starts at Now.
func NewClock() *Clock {
	c := &Clock{}
	c.Set(Now)
	return c
}

// Now reads the clock.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.ms.Load()).UTC() }

// Set moves it to t.
func (c *Clock) Set(t time.Time) { c.ms.Store(t.UnixMilli()) }

// Add moves it on.
func (c *Clock) Add(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// Each runs fn on a fresh database of each kind.
func Each(t *testing.T, fn func(t *testing.T, db *store.DB, clock *Clock)) {
	for _, driver := range []string{"sqlite", "mysql"} {
		t.Run(driver, func(t *testing.T) {
			clock := NewClock()
			fn(t, Open(t, driver, clock.Now), clock)
		})
	}
}

// Open makes a fresh, migrated database.
func Open(t testing.TB, driver string, now func() time.Time) *store.DB {
	t.Helper()
	keys, err := store.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	hours := models.ShippedHours()
	if hours.QuietCadres, err = models.ParseWindows("21:00-08:00,12:30-14:30"); err != nil {
		t.Fatal(err)
	}
	if hours.QuietFamilies, err = models.ParseWindows("20:00-08:00"); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(store.Options{Driver: driver, DSN: DSN(t, driver), Keys: keys, Now: now, Hours: &hours})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return db
}

// DSN names a fresh, empty database that goes away with the test.
func DSN(t testing.TB, driver string) string {
	t.Helper()
	if driver == "sqlite" {
		// No sync: a test's machine does not lose power.
		return filepath.Join(t.TempDir(), "test.db") + "?_pragma=synchronous(0)"
	}
	base := os.Getenv("AIXIN_TEST_MYSQL_DSN")
	if base == "" {
		t.Fatal("AIXIN_TEST_MYSQL_DSN is not set: run the tests with \"make test\", which starts a MariaDB of its own")
	}
	return FreshDatabase(t, base)
}

// FreshDatabase makes an empty database on the server of a base DSN.
func FreshDatabase(t testing.TB, base string) string {
	t.Helper()
	cfg, err := mysqldriver.ParseDSN(base)
	if err != nil {
		t.Fatal("AIXIN_TEST_MYSQL_DSN is not a DSN")
	}
	cfg.DBName = ""
	server, err := sql.Open("mysql", cfg.FormatDSN())
	if err != nil {
		t.Fatal(err)
	}
	name := "t_" + strings.ToLower(models.NewID(Now)[10:])
	if _, err := server.Exec(fmt.Sprintf("CREATE DATABASE %s CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", name)); err != nil {
		t.Fatalf("the test database server: %v", err)
	}
	t.Cleanup(func() {
		server.Exec("DROP DATABASE " + name)
		server.Close()
	})
	cfg.DBName = name
	return cfg.FormatDSN()
}

// RedisAddr is the Redis of the tests.
func RedisAddr(t testing.TB) string {
	t.Helper()
	addr := os.Getenv("AIXIN_TEST_REDIS_ADDR")
	if addr == "" {
		t.Fatal("AIXIN_TEST_REDIS_ADDR is not set: run the tests with \"make test\", which starts a Redis of its own")
	}
	return addr
}
