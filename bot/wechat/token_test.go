package wechat

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"aixin/bot"
)

func newRedis(t *testing.T) (*miniredis.Miniredis, redis.UniversalClient) {
	m := miniredis.RunT(t)
	r := redis.NewClient(&redis.Options{Addr: m.Addr(), DisableIdentity: true, MaxRetries: -1, DialTimeout: 200 * time.Millisecond})
	t.Cleanup(func() { _ = r.Close() })
	return m, r
}

// together runs f n times at once.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

func TestOneTokenForAllProcesses(t *testing.T) {
	p := newPlatform(t)
	_, r := newRedis(t)
	var processes []*Client
	for range 5 {
		processes = append(processes, p.client(func(o *Options) { o.Redis = r }))
	}
	send := func() {
		together(50, func(i int) {
			if err := processes[i%5].SendText(t.Context(), testOpenID, "x"); err != nil {
				t.Error(err)
			}
		})
	}
	send()
	if p.count(pathToken) != 1 {
		t.Errorf("%d token calls for five processes", p.count(pathToken))
	}
	// The platform takes the token back: one refresh in all, each call repeated once.
	p.expire("token-2")
	before := p.count(pathCustomSend)
	send()
	if p.count(pathToken) != 2 {
		t.Errorf("%d token calls after one expiry", p.count(pathToken))
	}
	if n := p.count(pathCustomSend) - before; n < 50 || n > 100 {
		t.Errorf("%d sends for 50 messages", n)
	}
	if n := p.count(pathToken); n != 2 {
		t.Error(n)
	}
	// A new process starts with the shared one.
	if err := p.client(func(o *Options) { o.Redis = r }).SendText(t.Context(), testOpenID, "x"); err != nil || p.count(pathToken) != 2 {
		t.Error(err, p.count(pathToken))
	}
}

func TestRetriedExactlyOnce(t *testing.T) {
	for _, code := range []int{40001, 40014, 42001} {
		p := newPlatform(t)
		c := p.client()
		p.do(pathToken, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"access_token":"token-%d","expires_in":7200}`, p.count(pathToken))
		})
		p.do(pathCustomSend, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"errcode":%d,"errmsg":"token"}`, code) })
		p.expire("token-1")
		p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p.expire(r.URL.Query().Get("access_token")) // every token is taken; the API says no by itself
			p.serve(w, r)
		})
		e := sendError(t, c.SendText(t.Context(), testOpenID, "x"))
		if e.Code != code || e.Action != bot.ActRetry || p.count(pathCustomSend) != 2 || p.count(pathToken) != 2 {
			t.Errorf("%v after %d sends and %d token calls", e, p.count(pathCustomSend), p.count(pathToken))
		}
	}
}

// stable_token gives the same token while it is valid; if that very one is
// refused, only force_refresh helps, and it is rationed.
func TestForcedRefreshIsRationed(t *testing.T) {
	p := newPlatform(t)
	_, r := newRedis(t)
	forced := 0
	p.do(pathToken, func(w http.ResponseWriter, _ *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if strings.Contains(p.bodies[pathToken], `"force_refresh":true`) {
			forced++
			p.token = "fresh"
			fmt.Fprint(w, `{"access_token":"fresh","expires_in":7200}`)
			return
		}
		if p.token == "fresh" {
			fmt.Fprint(w, `{"access_token":"fresh","expires_in":7200}`)
			return
		}
		fmt.Fprint(w, `{"access_token":"old","expires_in":7200}`)
	})
	p.expire("nobody has it")
	c := p.client(func(o *Options) { o.Redis = r })
	if err := c.SendText(t.Context(), testOpenID, "x"); err != nil || forced != 1 {
		t.Fatal(err, forced)
	}
	p.expire("nobody has it")
	for range 3 {
		for _, c := range []*Client{c, p.client(func(o *Options) { o.Redis = r })} {
			if e := sendError(t, c.SendText(t.Context(), testOpenID, "x")); e.Code != 40001 {
				t.Error(e)
			}
		}
	}
	if forced != 1 {
		t.Errorf("forced %d times", forced)
	}
}

func TestTokenWithoutRedis(t *testing.T) {
	p := newPlatform(t)
	m, r := newRedis(t)
	m.Close()
	c := p.client(func(o *Options) { o.Redis = r })
	for range 3 {
		if err := c.SendText(t.Context(), testOpenID, "x"); err != nil {
			t.Fatal(err)
		}
	}
	if p.count(pathToken) != 1 {
		t.Errorf("%d token calls while Redis was away", p.count(pathToken))
	}
	alone := p.client()
	together(20, func(int) {
		if err := alone.SendText(t.Context(), testOpenID, "x"); err != nil {
			t.Error(err)
		}
	})
	if p.count(pathToken) != 2 {
		t.Errorf("%d token calls by a process alone", p.count(pathToken)-1)
	}
}

// While a refused token is being replaced, no newcomer finds it in Redis; and
// one that somebody else has put there meanwhile is left alone.
func TestCompareAndDelete(t *testing.T) {
	p := newPlatform(t)
	m, r := newRedis(t)
	c := p.client(func(o *Options) { o.Redis = r })
	if err := c.SendText(t.Context(), testOpenID, "x"); err != nil {
		t.Fatal(err)
	}
	p.expire("token-2")
	p.do(pathToken, func(w http.ResponseWriter, _ *http.Request) {
		if m.Exists(c.tokens.key) {
			t.Error("the refused token is still offered")
		}
		fmt.Fprint(w, `{"access_token":"token-2","expires_in":7200}`)
	})
	if err := c.SendText(t.Context(), testOpenID, "x"); err != nil {
		t.Fatal(err)
	}
	if err := c.tokens.deleteIf(t.Context(), c.tokens.key, "what was there before"); err != nil || !m.Exists(c.tokens.key) {
		t.Error("another's token was deleted", err)
	}
}

func TestTokenLives(t *testing.T) {
	for expiresIn, want := range map[int]time.Duration{7200: 6900 * time.Second, 300: 240 * time.Second, 0: time.Second} {
		p := newPlatform(t)
		m, r := newRedis(t)
		p.on(pathToken, fmt.Sprintf(`{"access_token":"token-1","expires_in":%d}`, expiresIn))
		now := time.Unix(1_800_000_000, 0)
		c := p.client(func(o *Options) { o.Redis, o.Now = r, func() time.Time { return now } })
		if _, ok := c.TokenExpiry(t.Context()); ok {
			t.Error("a token before the first call")
		}
		if err := c.SendText(t.Context(), testOpenID, "x"); err != nil {
			t.Fatal(err)
		}
		until, ok := c.TokenExpiry(t.Context())
		if !ok || until.Sub(now) != want || m.TTL(c.tokens.key) != want {
			t.Errorf("expires_in %d: until %v, in Redis %v, want %v", expiresIn, until.Sub(now), m.TTL(c.tokens.key), want)
		}
		if strings.Contains(c.tokens.key, testApp) || !m.Exists(c.tokens.key) || m.Exists(c.tokens.lockKey) {
			t.Errorf("keys %v", m.Keys())
		}
		now = now.Add(want) // past its life it is fetched again, whatever Redis still holds
		if err := c.SendText(t.Context(), testOpenID, "x"); err != nil || p.count(pathToken) != 2 {
			t.Error(err, p.count(pathToken))
		}
	}
}

func TestWaitersShareAFailure(t *testing.T) {
	p := newPlatform(t)
	_, r := newRedis(t)
	p.do(pathToken, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(150 * time.Millisecond)
		fmt.Fprint(w, `{"errcode":40001,"errmsg":"invalid credential"}`)
	})
	c := p.client(func(o *Options) { o.Redis = r })
	together(20, func(int) {
		if e := sendError(t, c.SendText(t.Context(), testOpenID, "x")); e.Action != bot.ActStopAll || e.API != pathToken {
			t.Error(e)
		}
	})
	if n := p.count(pathToken); n != 1 {
		t.Errorf("%d token calls with a wrong secret", n)
	}
	p.on(pathToken, `{"access_token":"token-1","expires_in":7200}`) // healed: the failure is not kept
	if err := c.SendText(t.Context(), testOpenID, "x"); err != nil {
		t.Error(err)
	}
}

func TestImpatientCallerFailsAlone(t *testing.T) {
	p := newPlatform(t)
	_, r := newRedis(t)
	p.do(pathToken, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(200 * time.Millisecond)
		fmt.Fprint(w, `{"access_token":"token-1","expires_in":7200}`)
	})
	c := p.client(func(o *Options) { o.Redis = r })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	together(5, func(i int) {
		if i == 0 {
			if e := sendError(t, c.SendText(ctx, testOpenID, "x")); e.Action != bot.ActRetry {
				t.Error(e)
			}
			return
		}
		time.Sleep(10 * time.Millisecond) // after the impatient one
		if err := c.SendText(t.Context(), testOpenID, "x"); err != nil {
			t.Error(err)
		}
	})
}

// A process that died while it fetched leaves a lock that ends by itself.
func TestDeadLockHolder(t *testing.T) {
	p := newPlatform(t)
	m, r := newRedis(t)
	c := p.client(func(o *Options) { o.Redis = r })
	if err := m.Set(c.tokens.lockKey, "dead"); err != nil {
		t.Fatal(err)
	}
	m.SetTTL(c.tokens.lockKey, lockTime)
	go func() {
		time.Sleep(150 * time.Millisecond)
		m.FastForward(lockTime)
	}()
	if err := c.SendText(t.Context(), testOpenID, "x"); err != nil || p.count(pathToken) != 1 {
		t.Error(err, p.count(pathToken))
	}
}
