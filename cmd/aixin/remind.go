package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"time"

	"aixin/bot"
	"aixin/bot/wechat"
	"aixin/handlers"
	"aixin/models"
	"aixin/models/store"
)

type remindCmd struct {
	At     string `help:"按哪个时刻算,RFC 3339,如 2026-11-12T10:00:00+08:00;不写就是现在。" placeholder:"TIME"`
	DryRun bool   `help:"只列出来,什么也不写。" xor:"mode"`
	Send   bool   `help:"列出来、写下来,并由本进程发完再退出。" xor:"mode"`
	Format string `help:"jsonl。" enum:"jsonl" default:"jsonl"`
}

// Help is shown by aixin remind --help.
func (remindCmd) Help() string {
	return `列出那个时刻该提醒谁、为什么,一人一行:
  key to name bound kind due_at template text reason
不带 --dry-run 也不带 --send 时只写下来,由 aixin serve 到点发。没绑定微信的人列出来但不占名额。
例:aixin remind --at 2026-11-12T10:00:00+08:00 --dry-run`
}

// Run lists what is due and, unless it is a dry run, keeps or sends it.
func (c *remindCmd) Run(e *env) error {
	if err := e.load(false); err != nil {
		return err
	}
	at := e.clock.Real()
	if c.At != "" {
		var err error
		if at, err = time.Parse(time.RFC3339, c.At); err != nil {
			return fmt.Errorf("--at 要写成 2026-11-12T10:00:00+08:00 这样")
		}
	}
	away := at.Sub(e.clock.Real())
	if c.Send && away.Abs() > 24*time.Hour && !loopback(e.cfg.WeChat.APIBaseURL) {
		return fmt.Errorf("--send 的时刻离现在超过一天,真会发到人手机上,没有发;用 --dry-run 看,或只对模拟器发")
	}
	e.clock.offset.Store(int64(away))
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	outbox := newOutbox(e.cfg, e.clock)
	st := db.System("remind command")
	if err := st.RefreshSettings(e.ctx); err != nil {
		return err
	}
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	err = outbox.Plan(e.ctx, st, e.clock.Now(), func(dues []handlers.Due) error {
		if !c.DryRun {
			if err := outbox.Keep(e.ctx, st, dues); err != nil {
				return err
			}
		}
		for _, d := range dues {
			if err := enc.Encode(d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || !c.Send {
		return err
	}
	return c.send(e, db, outbox)
}

// send sends what is due and waits for the end: until nothing is due any more,
// also what another process has in its hands.
func (c *remindCmd) send(e *env, db *store.DB, outbox *handlers.Outbox) error {
	redis, stop := openRedis(e.cfg, e.clock)
	defer stop()
	client := wechat.NewClient(wechat.Options{
		AppID: e.cfg.WeChat.AppID, AppSecret: e.cfg.WeChat.AppSecret.Reveal(), BaseURL: e.cfg.WeChat.APIBaseURL,
		Redis: redis, Now: e.clock.Real, Log: e.log,
	})
	w := &bot.Worker{
		DB: db, Platform: client, Redis: redis, Prepare: outbox.Prepare, Look: outbox.Look, Rate: e.cfg.Push.RatePerSecond, Real: e.clock.Real, Zone: e.cfg.Zone(),
		Now: e.clock.Now, Log: e.log, Observer: newMeter(), Owner: models.NewID(e.clock.Real()),
	}
	ctx, cancel := context.WithCancel(e.ctx)
	defer cancel()
	sent := make(chan struct{})
	go func() { w.Deliver(ctx); close(sent) }()
	limit := e.clock.Now()
	for {
		open, err := db.System("remind command").OpenDeliveries(e.ctx, models.InstantOf(limit))
		if err != nil {
			return err
		}
		if open == 0 {
			cancel()
			<-sent
			return nil
		}
		select {
		case <-e.ctx.Done():
			return e.ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// loopback tells whether the API is a simulator on this machine.
func loopback(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
