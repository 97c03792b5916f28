package bot

import (
	"context"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// pace spreads calls over time. Each caller takes the next free moment and waits
// for it; all processes that share a Redis take from one line, a few moments at a
// time, so that together they keep to the rate. Without Redis, or while it is
// away, a process keeps to the rate by itself.
type pace struct {
	mu   sync.Mutex
	next time.Time // the next free moment of this process
	left int       // how many of its moments are left
}

// nextTurns gives the microseconds to wait for the next free moments of the line,
// and moves it on behind them. A moment far ahead was set by a clock that ran wild.
var nextTurns = redis.NewScript(`
local now, span = tonumber(ARGV[1]), tonumber(ARGV[2])
local free = tonumber(redis.call('get', KEYS[1]) or '0')
if free < now or free > now + 60000000 then free = now end
redis.call('set', KEYS[1], string.format('%.0f', free + span), 'PX', 120000)
return free - now`)

const paceKey = "aixin:pace:{send}"

// fetched is how long the moments last that a process takes from the line at
// once, and kept how late one of them may still be used.
const (
	fetched = 40 * time.Millisecond
	kept    = 5 * fetched
)

// wait holds until it is this call's turn.
func (p *pace) wait(ctx context.Context, rdb redis.UniversalClient, rate int, clock func() time.Time) error {
	if rate <= 0 {
		return nil
	}
	pause := p.take(ctx, rdb, time.Second/time.Duration(rate), clock)
	if pause <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// take gives the time until this call's moment.
func (p *pace) take(ctx context.Context, rdb redis.UniversalClient, step time.Duration, clock func() time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := clock()
	// Moments that passed unused are gone: nobody makes up for them all at once.
	if now.Sub(p.next) > kept {
		p.left = 0
	}
	if p.left == 0 {
		p.left = max(1, int(fetched/step))
		p.next = p.line(ctx, rdb, step, now)
	}
	at := p.next
	p.next, p.left = p.next.Add(step), p.left-1
	return at.Sub(clock())
}

// line takes the next free moments for this process.
func (p *pace) line(ctx context.Context, rdb redis.UniversalClient, step time.Duration, now time.Time) time.Time {
	if rdb != nil {
		short, cancel := context.WithTimeout(ctx, cacheLimit)
		defer cancel()
		span := step * time.Duration(p.left)
		if us, err := nextTurns.Run(short, rdb, []string{paceKey}, now.UnixMicro(), span.Microseconds()).Int64(); err == nil {
			return now.Add(time.Duration(us) * time.Microsecond)
		}
	}
	if p.next.Before(now) {
		return now
	}
	return p.next
}

// circuit is how one API behaves: how many calls may be under way, which widens
// with success, and how many failed in a row, after which the API rests.
type circuit struct {
	width  int
	failed int // in a row
	opened int // rests in a row
}

const (
	narrow  = 8  // calls under way at first
	widest  = 48 // and at most
	tooMany = 12 // failures in a row that mean the API is down
)

// circuits are those of the APIs, of this process.
type circuits struct {
	mu  sync.Mutex
	api map[string]*circuit
}

func (c *circuits) of(api string) *circuit {
	if c.api == nil {
		c.api = map[string]*circuit{}
	}
	if c.api[api] == nil {
		c.api[api] = &circuit{width: narrow}
	}
	return c.api[api]
}

// well widens an API after a success.
func (c *circuits) well(api string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.of(api)
	k.failed, k.opened, k.width = 0, 0, min(k.width+1, widest)
}

// ill narrows it after a failure that is nobody's fault but the way's, and tells
// for how long it should rest; zero: not yet.
func (c *circuits) ill(api string) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.of(api)
	k.failed, k.width = k.failed+1, max(1, k.width/2)
	if k.failed < tooMany {
		return 0
	}
	k.failed = 0
	k.opened++
	return min(15*time.Second<<min(k.opened-1, 5), 5*time.Minute)
}

// width is how many calls may be under way.
func (c *circuits) width(api string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.of(api).width
}
