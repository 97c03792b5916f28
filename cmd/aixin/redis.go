package main

import (
	"context"
	"net"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"aixin/configs"
)

// redisQuiet keeps the client from writing to the process's log by itself: what
// matters is said by whoever made the call.
type redisQuiet struct{}

func (redisQuiet) Printf(context.Context, string, ...any) {}

// openRedis connects to the configured Redis, or starts one inside the process
// for a first look and small pilots. What it holds may vanish.
func openRedis(cfg configs.Config, clk *clock) (client redis.UniversalClient, stop func()) {
	redis.SetLogger(redisQuiet{})
	if len(cfg.Redis.Addrs) > 0 {
		client = redis.NewUniversalClient(&redis.UniversalOptions{
			Addrs: cfg.Redis.Addrs, Password: cfg.Redis.Password.Reveal(), DisableIdentity: true,
			DialTimeout: 300 * time.Millisecond, ReadTimeout: time.Second, WriteTimeout: time.Second, MaxRetries: 1,
		})
		return client, func() { client.Close() }
	}
	m := miniredis.NewMiniRedis()
	m.SetTime(clk.Now())
	client = redis.NewClient(&redis.Options{
		Addr: "embedded", DisableIdentity: true, MaxRetries: -1,
		Dialer: func(context.Context, string, string) (net.Conn, error) { return m.Dial() },
	})
	// Its keys expire only when somebody says that time has passed.
	done := make(chan struct{})
	clk.shifted = func(d time.Duration) { m.SetTime(clk.Now()); m.FastForward(d) }
	go func() {
		const step = time.Second
		tick := time.NewTicker(step)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				m.SetTime(clk.Now())
				m.FastForward(step)
			}
		}
	}()
	return client, func() { close(done); client.Close() }
}
