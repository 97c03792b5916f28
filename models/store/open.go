// Package store keeps the nouns of package models in MySQL/MariaDB or SQLite
// through gorm: a file a noun. It seals what is personal, scopes what an actor
// may see, and runs transactions. Nothing else imports gorm.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/glebarez/sqlite"
	mysqldriver "github.com/go-sql-driver/mysql"
	gormmysql "gorm.io/driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/schema"

	"aixin/models"
)

// Options say which database to open and how.
type Options struct {
	Driver  string // sqlite or mysql
	DSN     string // a file for sqlite; go-sql-driver's form for mysql
	MaxOpen int    // connections; 0 chooses by driver
	Keys    *Keys
	Now     func() time.Time
	Log     *slog.Logger
	Hours   *models.Hours // where no office sets any; nil: those that are shipped
}

// DB is the database with its keys. Its rows are reached through a Store, which
// As or System make.
type DB struct {
	gorm     *gorm.DB
	keys     *Keys
	now      func() time.Time
	driver   string
	base     models.Hours // where no office sets any
	settings held[models.Setting]
	rules    held[models.Rule]
	lists    held[models.Choice]
	writer   chan struct{} // holds whoever of this process writes to SQLite; nil elsewhere

	directory directory
}

// Open connects. It does not wait for a database that is away: Ping tells.
func Open(o Options) (*DB, error) {
	var dialector gorm.Dialector
	maxOpen := o.MaxOpen
	switch o.Driver {
	case "sqlite":
		dialector = sqlite.Open(sqliteDSN(o.DSN))
		if maxOpen == 0 {
			maxOpen = 4
		}
	case "mysql":
		cfg, err := mysqlConfig(o.DSN)
		if err != nil {
			return nil, err
		}
		connector, err := mysqldriver.NewConnector(cfg)
		if err != nil {
			return nil, scrubDSN(err, o.DSN)
		}
		// SkipInitializeWithVersion: a database that is away at start must not
		// keep the service from taking messages into its journal.
		dialector = gormmysql.New(gormmysql.Config{Conn: sql.OpenDB(connector), SkipInitializeWithVersion: true})
		if maxOpen == 0 {
			maxOpen = 20
		}
	default:
		return nil, fmt.Errorf("store: database.driver must be sqlite or mysql, not %q", o.Driver)
	}
	gdb, err := gorm.Open(dialector, &gorm.Config{
		NamingStrategy:         schema.NamingStrategy{SingularTable: true},
		TranslateError:         true,
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		PrepareStmt:            false,
		NowFunc:                o.Now,
		Logger:                 quietLogger(o.Log),
	})
	if err != nil {
		return nil, fmt.Errorf("store: open %s: %w", o.Driver, scrubDSN(err, o.DSN))
	}
	if err := gdb.Use(sealing{o.Keys}); err != nil {
		return nil, err
	}
	if err := countQueries(gdb); err != nil {
		return nil, err
	}
	pool, err := gdb.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(maxOpen)
	pool.SetMaxIdleConns(maxOpen)
	pool.SetConnMaxLifetime(30 * time.Minute)
	d := &DB{gorm: gdb, keys: o.Keys, now: o.Now, driver: o.Driver, directory: directory{places: map[string]string{}, units: map[string]string{}}}
	d.base = models.ShippedHours()
	if o.Hours != nil {
		d.base = *o.Hours
	}
	if d.driver == "sqlite" {
		d.writer = make(chan struct{}, 1)
	}
	return d, nil
}

// Close ends all connections.
func (d *DB) Close() error {
	pool, err := d.gorm.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}

// Connections is the most that are open at a time.
func (d *DB) Connections() int {
	pool, err := d.gorm.DB()
	if err != nil {
		return 1
	}
	return pool.Stats().MaxOpenConnections
}

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	pool, err := d.gorm.DB()
	if err != nil {
		return err
	}
	return pool.PingContext(ctx)
}

// Optimize lets SQLite look at its tables, so that it chooses the right index; a
// server does that by itself.
func (d *DB) Optimize(ctx context.Context) error {
	if d.driver != "sqlite" {
		return nil
	}
	return d.gorm.WithContext(ctx).Exec("PRAGMA optimize=0x10002").Error
}

// Keys gives the keyset, for sealing what lies outside the database.
func (d *DB) Keys() *Keys { return d.keys }

// Driver names the kind of database: sqlite or mysql.
func (d *DB) Driver() string { return d.driver }

// sqliteDSN adds the pragmas without which SQLite loses concurrent writers
// (libraries.md §0.4), and full sync, because a receipt is a promise.
func sqliteDSN(file string) string {
	sep := "?"
	if strings.Contains(file, "?") {
		sep = "&"
	}
	v := url.Values{"_txlock": {"immediate"}}
	pragmas := []string{"busy_timeout(5000)", "journal_mode(WAL)", "foreign_keys(1)", "cache_size(-16000)"}
	if !strings.Contains(file, "synchronous") {
		pragmas = append(pragmas, "synchronous(2)")
	}
	for _, p := range pragmas {
		v.Add("_pragma", p)
	}
	return file + sep + v.Encode()
}

// mysqlConfig adds the parameters the store relies on (libraries.md §18).
func mysqlConfig(dsn string) (*mysqldriver.Config, error) {
	c, err := mysqldriver.ParseDSN(dsn)
	if err != nil {
		return nil, errors.New("store: database.dsn is not a MySQL DSN (user:password@tcp(host:port)/database)")
	}
	c.ParseTime = true
	c.Loc = time.UTC
	c.ClientFoundRows = true
	c.Collation = "utf8mb4_bin"
	c.InterpolateParams = true
	if c.Timeout == 0 {
		c.Timeout = 2 * time.Second
	}
	if c.ReadTimeout == 0 {
		c.ReadTimeout = 30 * time.Second
	}
	if c.WriteTimeout == 0 {
		c.WriteTimeout = 30 * time.Second
	}
	if c.Params == nil {
		c.Params = map[string]string{}
	}
	c.Params["time_zone"] = "'+00:00'"
	// Broken connections are the pool's business, not lines of a log.
	c.Logger = &mysqldriver.NopLogger{}
	return c, nil
}

func scrubDSN(err error, dsn string) error {
	return errors.New(strings.ReplaceAll(err.Error(), dsn, "〔dsn〕"))
}

// quietLogger reports slow statements and errors that nobody expects, without
// their values.
func quietLogger(log *slog.Logger) logger.Interface {
	if log == nil {
		return logger.Discard
	}
	return expected{logger.NewSlogLogger(log, logger.Config{
		SlowThreshold:             500 * time.Millisecond,
		LogLevel:                  logger.Warn,
		IgnoreRecordNotFoundError: true,
		ParameterizedQueries:      true,
	})}
}

// expected keeps out of the log what callers count on: a key that is there
// already, and work that was called off.
type expected struct{ logger.Interface }

func (l expected) Trace(ctx context.Context, begin time.Time, fc func() (string, int64), err error) {
	if errors.Is(err, gorm.ErrDuplicatedKey) || errors.Is(err, context.Canceled) {
		return
	}
	l.Interface.Trace(ctx, begin, fc, err)
}

// ParamsFilter keeps the values of statements out of the log: they are people's.
func (expected) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil
}

func (l expected) LogMode(level logger.LogLevel) logger.Interface {
	return expected{l.Interface.LogMode(level)}
}
