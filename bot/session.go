package bot

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// sessionCache is the copy of conversations in Redis, read before the database,
// and the mark that another replica has journalled a sender's messages. All of
// it may vanish: the database row and its version decide.
type sessionCache struct {
	redis redis.UniversalClient
	now   func() time.Time
	rests atomic.Int64 // unix ms until which a Redis that failed is left alone
}

const (
	sessionLife = 48 * time.Hour
	cachePause  = 2 * time.Second
	cacheLimit  = 250 * time.Millisecond
)

func newSessionCache(r redis.UniversalClient, now func() time.Time) *sessionCache {
	return &sessionCache{redis: r, now: now}
}

// Keys of one conversation share a hash tag, so that they lie on one node.
func sessionKey(sender string) string { return "aixin:{" + sender + "}:conversation" }
func journalKey(sender string) string { return "aixin:{" + sender + "}:journal" }

// try runs one Redis call under a short limit; after a failure Redis is left
// alone for a while, so that an outage costs one message a moment and the rest
// nothing.
func (c *sessionCache) try(ctx context.Context, call func(context.Context) error) bool {
	if c.redis == nil || c.now().UnixMilli() < c.rests.Load() {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, cacheLimit)
	defer cancel()
	err := call(ctx)
	if err != nil && err != redis.Nil {
		c.rests.Store(c.now().Add(cachePause).UnixMilli())
		return false
	}
	return err == nil
}

func (c *sessionCache) get(ctx context.Context, sender string) (version int64, box string) {
	var raw string
	if !c.try(ctx, func(ctx context.Context) (err error) {
		raw, err = c.redis.Get(ctx, sessionKey(sender)).Result()
		return err
	}) {
		return 0, ""
	}
	head, box, _ := strings.Cut(raw, " ")
	version, err := strconv.ParseInt(head, 10, 64)
	if err != nil {
		return 0, ""
	}
	return version, box
}

func (c *sessionCache) put(ctx context.Context, sender string, version int64, box string) {
	c.try(ctx, func(ctx context.Context) error {
		return c.redis.Set(ctx, sessionKey(sender), strconv.FormatInt(version, 10)+" "+box, sessionLife).Err()
	})
}

func (c *sessionCache) markJournalled(ctx context.Context, sender, owner string) {
	c.try(ctx, func(ctx context.Context) error {
		return c.redis.Set(ctx, journalKey(sender), owner, 10*time.Minute).Err()
	})
}

func (c *sessionCache) unmarkJournalled(ctx context.Context, sender string) {
	c.try(ctx, func(ctx context.Context) error { return c.redis.Del(ctx, journalKey(sender)).Err() })
}

// journalledElsewhere tells whether another replica holds messages of the
// sender that are not in the database yet.
func (c *sessionCache) journalledElsewhere(ctx context.Context, sender, owner string) bool {
	var who string
	c.try(ctx, func(ctx context.Context) (err error) {
		who, err = c.redis.Get(ctx, journalKey(sender)).Result()
		return err
	})
	return who != "" && who != owner
}
