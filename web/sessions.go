package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/redis/go-redis/v9"
)

const (
	officeIdle = 30 * time.Minute // without a click, one is signed out
	officeLife = 12 * time.Hour   // and after a working day in any case
	phoneLife  = 2 * time.Hour
)

// OfficeCookie is the name of the console's cookie. The prefix, which browsers
// take over TLS only, keeps other hosts of the domain from setting it.
func OfficeCookie(secure bool) string { return hostPrefix(secure) + "aixin_office" }

// PhoneCookie is the name of the phone pages' cookie.
func PhoneCookie(secure bool) string { return hostPrefix(secure) + "aixin_phone" }

// StateCookie is the name of the cookie that a phone carries to WeChat and back.
func StateCookie(secure bool) string { return hostPrefix(secure) + "aixin_state" }

func hostPrefix(secure bool) string {
	if secure {
		return "__Host-"
	}
	return ""
}

func newSessions(client redis.UniversalClient, prefix, cookie string, idle time.Duration, fault func(http.ResponseWriter, *http.Request, error)) *scs.SessionManager {
	m := scs.New()
	m.Store = sessionStore{client, prefix, idle}
	m.Lifetime, m.IdleTimeout, m.HashTokenInStore, m.ErrorFunc = officeLife, idle, true, fault
	// A session cookie: office computers are shared.
	m.Cookie = scs.SessionCookie{
		Name: cookie, Path: "/", HttpOnly: true, Secure: cookie[0] == '_', SameSite: http.SameSiteLaxMode, Persist: false,
	}
	return m
}

// errRedisAway marks what a session store could not do.
var errRedisAway = errors.New("web: sessions cannot be reached")

// sessionStore keeps sessions in Redis, a cluster as well as one server, which
// scs's own store does not. A session lives for idle after its last use; the
// absolute limit is checked by our own clock, which the demo moves, so scs's
// expiry, which follows the machine's, is not used.
type sessionStore struct {
	client redis.UniversalClient
	prefix string
	idle   time.Duration
}

// FindCtx reads a session.
func (s sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	b, err := s.client.Get(ctx, s.prefix+token).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, false, nil
	}
	return b, err == nil, away(err)
}

// CommitCtx writes a session.
func (s sessionStore) CommitCtx(ctx context.Context, token string, b []byte, _ time.Time) error {
	return away(s.client.Set(ctx, s.prefix+token, b, s.idle).Err())
}

// DeleteCtx ends a session.
func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return away(s.client.Del(ctx, s.prefix+token).Err())
}

// Find implements scs.Store, which is asked only where there is no context.
func (s sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit implements scs.Store.
func (s sessionStore) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete implements scs.Store.
func (s sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

func away(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errRedisAway, err)
}

func (s *site) sessionFault(w http.ResponseWriter, r *http.Request, err error) { s.fault(w, r, err) }
