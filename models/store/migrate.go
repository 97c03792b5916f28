package store

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
	"gorm.io/gorm/clause"

	"aixin/models"
)

// The migrations are frozen once landed: a change of the schema is a new file.
// They are additive, so that the version before runs on them during a rolling
// update. One text serves both databases; what differs stands in {{braces}}.
//
//go:embed migrations/*.sql
var migrationFiles embed.FS

var dialectWords = map[string]*strings.Replacer{
	"sqlite": strings.NewReplacer("{{autoid}}", "INTEGER PRIMARY KEY AUTOINCREMENT", "{{end}}", "", "{{sqlite}}", "", "{{mysql}}", "-- "),
	"mysql": strings.NewReplacer("{{autoid}}", "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY",
		"{{end}}", " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin", "{{sqlite}}", "-- ", "{{mysql}}", ""),
}

func (d *DB) provider() (*goose.Provider, error) {
	files := fstest.MapFS{}
	err := fs.WalkDir(migrationFiles, "migrations", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := migrationFiles.ReadFile(path)
		if err != nil {
			return err
		}
		text := dialectWords[d.driver].Replace(string(raw))
		files[e.Name()] = &fstest.MapFile{Data: bytes.TrimSpace([]byte(text))}
		return nil
	})
	if err != nil {
		return nil, err
	}
	pool, err := d.gorm.DB()
	if err != nil {
		return nil, err
	}
	dialect := database.DialectSQLite3
	opts := []goose.ProviderOption{goose.WithVerbose(false)}
	if d.driver == "mysql" {
		dialect = database.DialectMySQL
		// Replicas that start together take turns (libraries.md §2).
		locker, err := lock.NewMySQLTableLocker(lock.WithTableLockTimeout(200*time.Millisecond, 300))
		if err != nil {
			return nil, err
		}
		opts = append(opts, goose.WithLocker(locker))
	}
	return goose.NewProvider(dialect, pool, files, opts...)
}

// Migrate brings the schema up to this program and enters what every database
// holds: the counties and the keyset's fingerprint.
func (d *DB) Migrate(ctx context.Context) (applied int, err error) {
	p, err := d.provider()
	if err != nil {
		return 0, fmt.Errorf("store: migrate: %w", err)
	}
	results, err := p.Up(ctx)
	if err != nil {
		return 0, fmt.Errorf("store: migrate: %w", err)
	}
	if err := d.CheckKeys(ctx); err != nil {
		return 0, err
	}
	regions := append([]models.Region{{Code: models.CityCode, Name: "平凉市", Path: "平凉市"}}, models.Counties...)
	if err := d.gorm.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&regions).Error; err != nil {
		return len(results), err
	}
	if len(results) > 0 { // standings are new, or were not kept by the version before
		err = d.System("migrate").RecountAll(ctx)
	}
	return len(results), err
}

// ErrOldSchema is returned where the schema lags behind the program.
var ErrOldSchema = errors.New("数据库结构比程序旧:先运行 aixin migrate,或用 aixin serve --migrate 启动")

// CheckSchema refuses a database whose schema is older than the program.
func (d *DB) CheckSchema(ctx context.Context) error {
	p, err := d.provider()
	if err != nil {
		return err
	}
	pending, err := p.HasPending(ctx)
	if err != nil {
		return fmt.Errorf("store: schema: %w", err)
	}
	if pending {
		return ErrOldSchema
	}
	return nil
}

type meta struct {
	Name  string `gorm:"primaryKey"`
	Value string
}

// ErrOtherKeys is returned where the database was sealed with another keyset.
var ErrOtherKeys = errors.New("密钥集与数据库不符:请用建库时的 keyset.json(security.keyset_file),不要新建")

// CheckKeys compares the keyset with the one that the database was made with,
// and enters its fingerprint in a new database.
func (d *DB) CheckKeys(ctx context.Context) error {
	row := meta{Name: "keyset", Value: d.keys.Fingerprint()}
	if err := d.gorm.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return fmt.Errorf("store: keyset: %w", err)
	}
	var have meta
	if err := d.gorm.WithContext(ctx).First(&have, "name = ?", "keyset").Error; err != nil {
		return fmt.Errorf("store: keyset: %w", err)
	}
	if have.Value != d.keys.Fingerprint() {
		return ErrOtherKeys
	}
	return nil
}
