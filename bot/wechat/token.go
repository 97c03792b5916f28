package wechat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"aixin/bot"
)

const (
	lockTime  = 15 * time.Second       // longer than a token call may take
	fetchTime = 8 * time.Second        // for one token call
	redisTime = 500 * time.Millisecond // for one command: a dead Redis must not eat the budget
	lockPoll  = 50 * time.Millisecond
	forceRest = 72 * time.Minute // the platform allows 20 forced refreshes a day
)

// access is a token and how long it may be used.
type access struct {
	Token string `json:"token"`
	Until int64  `json:"until"` // unix seconds
}

// tokens keeps the account's access token: one call fetches it for all callers of
// all processes that share a Redis. Without Redis, or while it is away, each
// process has its own copy, which stable_token allows: its plain mode gives
// everybody the same token and takes none away.
type tokens struct {
	redis redis.UniversalClient // nil: alone
	now   func() time.Time
	log   *slog.Logger
	fetch func(ctx context.Context, force bool) (token string, life time.Duration, err error)

	key, lockKey, forceKey string

	turn chan struct{} // held while one caller asks Redis or the platform for all

	mu      sync.Mutex // guards the rest
	held    access
	rounds  int   // finished asks
	lastErr error // of the last one
	forced  time.Time
}

func newTokens(appID string, rdb redis.UniversalClient, now func() time.Time, log *slog.Logger,
	fetch func(context.Context, bool) (string, time.Duration, error),
) *tokens {
	sum := sha256.Sum256([]byte(appID))
	key := "wechat:token:{" + hex.EncodeToString(sum[:8]) + "}" // one slot of a cluster
	return &tokens{
		redis: rdb, now: now, log: log, fetch: fetch,
		key: key, lockKey: key + ":lock", forceKey: key + ":forced",
		turn: make(chan struct{}, 1),
	}
}

// get gives a usable token, other than the refused one if the platform has
// another. Callers who wait meanwhile share one ask and its outcome.
func (t *tokens) get(ctx context.Context, refused string) (string, error) {
	held, round, _ := t.state()
	if t.usable(held, refused) {
		return held.Token, nil
	}
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return "", &bot.SendError{API: pathToken, Reason: "cancelled", Action: bot.ActRetry, After: time.Second}
	}
	held, after, lastErr := t.state()
	if t.usable(held, refused) {
		return held.Token, nil
	}
	if after != round && lastErr != nil {
		return "", lastErr // the ask we waited for failed: ours would too
	}
	got, err := t.ask(ctx, refused)
	if ctx.Err() == nil || err == nil { // one caller's impatience is not the others' failure
		t.mu.Lock()
		t.held, t.lastErr = got, err
		t.rounds++
		t.mu.Unlock()
	}
	return got.Token, err
}

func (t *tokens) state() (access, int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held, t.rounds, t.lastErr
}

func (t *tokens) usable(a access, refused string) bool {
	return a.Token != "" && a.Token != refused && t.now().Unix() < a.Until
}

// ask takes the token from Redis, or fetches it under a lock that all processes
// share and puts it there.
func (t *tokens) ask(ctx context.Context, refused string) (access, error) {
	if t.redis == nil {
		return t.fetchOther(ctx, refused)
	}
	owner := requestID()
	for {
		got, raw, err := t.stored(ctx)
		if err == nil && t.usable(got, refused) {
			return got, nil
		}
		if err == nil && raw != "" { // refused or too old: dropped, if it is still that one
			err = t.deleteIf(ctx, t.key, raw)
		}
		locked := false
		if err == nil {
			locked, err = t.setNX(ctx, t.lockKey, owner, lockTime)
		}
		if err != nil {
			if ctx.Err() != nil {
				return access{}, &bot.SendError{API: pathToken, Reason: "cancelled", Action: bot.ActRetry, After: time.Second}
			}
			t.log.Warn("wechat: token not shared, Redis does not answer")
			return t.fetchOther(ctx, refused)
		}
		if locked {
			break
		}
		select { // another process is fetching it
		case <-time.After(lockPoll):
		case <-ctx.Done():
			return access{}, &bot.SendError{API: pathToken, Reason: "cancelled", Action: bot.ActRetry, After: time.Second}
		}
	}
	defer func() { // also when ctx is over by now
		if err := t.deleteIf(context.WithoutCancel(ctx), t.lockKey, owner); err != nil {
			t.log.Warn("wechat: token lock not released, it ends by itself")
		}
	}()
	// Somebody may have finished between our look and our lock.
	if got, _, err := t.stored(ctx); err == nil && t.usable(got, refused) {
		return got, nil
	}
	got, err := t.fetchOther(ctx, refused)
	if err != nil {
		return access{}, err
	}
	if err := t.store(ctx, got); err != nil {
		t.log.Warn("wechat: token fetched but not shared, Redis does not answer")
	}
	return got, nil
}

// fetchOther fetches the token. If the platform hands out the very one that it
// has just refused, a forced refresh is the only way on; it is rationed.
func (t *tokens) fetchOther(ctx context.Context, refused string) (access, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	token, life, err := t.fetch(ctx, false)
	if err == nil && token == refused && t.mayForce(ctx) {
		token, life, err = t.fetch(ctx, true)
	}
	if err != nil {
		return access{}, err
	}
	// The platform renews five minutes early; a life may be as short as that.
	life = max(life-min(5*time.Minute, life/5), time.Second)
	return access{Token: token, Until: t.now().Add(life).Unix()}, nil
}

func (t *tokens) mayForce(ctx context.Context) bool {
	t.mu.Lock()
	resting := !t.forced.IsZero() && t.now().Sub(t.forced) < forceRest
	if !resting {
		t.forced = t.now()
	}
	t.mu.Unlock()
	if resting || t.redis == nil {
		return !resting
	}
	first, err := t.setNX(ctx, t.forceKey, "1", forceRest)
	return err != nil || first
}

// expiry tells until when the token at hand may be used, without asking the platform.
func (t *tokens) expiry(ctx context.Context) (time.Time, bool) {
	a, _, _ := t.state()
	if !t.usable(a, "") && t.redis != nil {
		a, _, _ = t.stored(ctx)
	}
	return time.Unix(a.Until, 0), t.usable(a, "")
}

func (t *tokens) stored(ctx context.Context) (a access, raw string, err error) {
	ctx, cancel := context.WithTimeout(ctx, redisTime)
	defer cancel()
	raw, err = t.redis.Get(ctx, t.key).Result()
	if err == redis.Nil {
		return access{}, "", nil
	}
	if err == nil && json.Unmarshal([]byte(raw), &a) != nil {
		a = access{} // not ours: replaced
	}
	return a, raw, err
}

func (t *tokens) store(ctx context.Context, a access) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), redisTime)
	defer cancel()
	life := max(time.Unix(a.Until, 0).Sub(t.now()), time.Second) // 0 would be refused, or for ever
	return t.redis.Set(ctx, t.key, encode(a), life).Err()
}

func (t *tokens) setNX(ctx context.Context, key, value string, life time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, redisTime)
	defer cancel()
	return t.redis.SetNX(ctx, key, value, life).Result()
}

var deleteIfSame = redis.NewScript(`if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`)

func (t *tokens) deleteIf(ctx context.Context, key, value string) error {
	ctx, cancel := context.WithTimeout(ctx, redisTime)
	defer cancel()
	return deleteIfSame.Run(ctx, t.redis, []string{key}, value).Err()
}

// fetchToken is the one call to stable_token.
func (c *Client) fetchToken(ctx context.Context, force bool) (string, time.Duration, error) {
	rq := request{path: pathToken, body: encode(struct {
		Grant  string `json:"grant_type"`
		AppID  string `json:"appid"`
		Secret string `json:"secret"`
		Force  bool   `json:"force_refresh"`
	}{"client_credential", c.appID, c.secret, force})}
	var out struct {
		Token string `json:"access_token"`
		Life  int64  `json:"expires_in"`
	}
	if err := c.plainCall(ctx, rq, &out); err != nil {
		return "", 0, err
	}
	if out.Token == "" {
		return "", 0, unclear(rq, "answer has no token", true)
	}
	return out.Token, time.Duration(out.Life) * time.Second, nil
}

// TokenExpiry tells until when the token at hand may be used; it fetches none.
func (c *Client) TokenExpiry(ctx context.Context) (time.Time, bool) { return c.tokens.expiry(ctx) }
