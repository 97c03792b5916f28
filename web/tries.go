package web

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"aixin/models/store"
)

const (
	triesWindow  = 15 * time.Minute
	triesLogin   = 5  // wrong passwords for one login
	triesAddress = 30 // from one address: a county's office shares one
)

// tries counts sign-ins by login and by address, for all replicas. A try is
// counted before the password is looked at, so that many at once are no way
// round it; a right one is taken off again.
type tries struct {
	redis redis.UniversalClient
	keys  *store.Keys
}

// key hides what was typed: some people type their password into the wrong box.
func (t tries) key(kind, value string) string {
	return "aixin:tries:" + kind + ":" + t.keys.Index("tries", value)[:22]
}

// count enters a try and tells how long to wait where there were too many.
func (t tries) count(ctx context.Context, login, address string) (wait time.Duration, err error) {
	for _, c := range []struct {
		key   string
		limit int64
	}{{t.key("login", login), triesLogin}, {t.key("address", address), triesAddress}} {
		pipe := t.redis.TxPipeline()
		n := pipe.Incr(ctx, c.key)
		pipe.ExpireNX(ctx, c.key, triesWindow)
		left := pipe.PTTL(ctx, c.key)
		if _, err := pipe.Exec(ctx); err != nil {
			return 0, away(err)
		}
		if n.Val() > c.limit {
			wait = max(wait, left.Val(), time.Second)
		}
	}
	return wait, nil
}

// right forgets the wrong tries of a login after a right one.
func (t tries) right(ctx context.Context, login, address string) error {
	if err := t.redis.Del(ctx, t.key("login", login)).Err(); err != nil {
		return away(err)
	}
	return away(t.redis.Decr(ctx, t.key("address", address)).Err())
}

// peer is where a request comes from: what the nearest proxy says, if the peer is
// one of our own network, else the peer.
func peer(r *http.Request) (netip.Addr, bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return addr, false
	}
	if hops := r.Header.Values("X-Forwarded-For"); len(hops) > 0 && (addr.IsLoopback() || addr.IsPrivate()) {
		list := strings.Split(hops[len(hops)-1], ",")
		if last, err := netip.ParseAddr(strings.TrimSpace(list[len(list)-1])); err == nil {
			addr = last
		}
	}
	return addr.Unmap(), true
}

// remoteAddress names the peer; an IPv6 house counts as one.
func remoteAddress(r *http.Request) string {
	addr, ok := peer(r)
	if !ok {
		return r.RemoteAddr
	}
	if addr.Is6() {
		if p, err := addr.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}
