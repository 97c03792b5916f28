package bot

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// Three processes of one Redis keep to one rate together; without it each keeps
// to it alone.
func TestProcessesKeepToOneRate(t *testing.T) {
	m := miniredis.RunT(t)
	shared := redis.NewClient(&redis.Options{Addr: m.Addr(), DisableIdentity: true})
	t.Cleanup(func() { shared.Close() })
	dead := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", DisableIdentity: true, MaxRetries: -1, DialTimeout: 10 * time.Millisecond})
	t.Cleanup(func() { dead.Close() })
	for _, tc := range []struct {
		name  string
		redis redis.UniversalClient
		least time.Duration
	}{{"shared", shared, 290 * time.Millisecond}, {"none", nil, 90 * time.Millisecond}, {"away", dead, 90 * time.Millisecond}} {
		t.Run(tc.name, func(t *testing.T) {
			const each, rate = 100, 1000
			began := time.Now()
			var group sync.WaitGroup
			for range 3 {
				p := &pace{}
				for range 10 {
					group.Go(func() {
						for range each / 10 {
							if err := p.wait(context.Background(), tc.redis, rate, time.Now); err != nil {
								t.Error(err)
							}
						}
					})
				}
			}
			group.Wait()
			if took := time.Since(began); took < tc.least {
				t.Errorf("300 calls of three processes at %d a second took %s", rate, took)
			}
		})
	}
	// A clock that ran wild does not stop the others.
	m.Set(paceKey, "99999999999999999")
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := (&pace{}).wait(ctx, shared, 10, time.Now); err != nil {
		t.Errorf("waited for a wild clock: %v", err)
	}
}

func TestACircuitOpensAndWidens(t *testing.T) {
	var c circuits
	for range tooMany - 1 {
		if c.ill("a") != 0 {
			t.Fatal("opened early")
		}
	}
	if first := c.ill("a"); first != 15*time.Second || c.width("a") != 1 || c.width("b") != narrow {
		t.Errorf("rests %s, width %d", first, c.width("a"))
	}
	for range tooMany - 1 {
		c.ill("a")
	}
	if second := c.ill("a"); second != 30*time.Second {
		t.Errorf("the second rest: %s", second)
	}
	for range 100 {
		c.well("a")
	}
	if c.width("a") != widest {
		t.Errorf("width %d", c.width("a"))
	}
}
