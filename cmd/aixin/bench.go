package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"aixin/bot/wechatsim"
	"aixin/configs"
	"aixin/models"
)

type benchCmd struct {
	Callback benchCallbackCmd `cmd:"" help:"收消息:每秒多少条,回复多快。"`
	Push     benchPushCmd     `cmd:"" help:"群发一条通知:发完要多久。"`
	Import   benchImportCmd   `cmd:"" help:"导入全市名册:多久,占多少内存。"`
	Web      benchWebCmd      `cmd:"" help:"管理台各页和一位干部的进度:打开多快。"`
	Duties   benchDutiesCmd   `cmd:"" help:"任务进度:一位干部、一个县、全市各要多久。"`
	Report   benchReportCmd   `cmd:"" help:"出全市的月报告、季调度、年总结:多久,占多少内存。"`
	Match    benchMatchCmd    `cmd:"" help:"给待匹配的对象找干部:多久。"`
	Remind   benchRemindCmd   `cmd:"" help:"算一遍全市该提醒谁:多久。"`
}

// Help is shown by aixin bench --help.
func (benchCmd) Help() string {
	return `在本机量一量,只报数,不评判。默认用临时的 SQLite 和进程里的 Redis,人是编的,量完就删。
--configured 用设置里的数据库和 Redis:库里已有人就不动;先运行 aixin migrate,量完里面留着编的人,请删掉那个库。`
}

// benchPlace is where a bench runs and how large its city is.
type benchPlace struct {
	Configured bool   `help:"用设置里的数据库和 Redis(要是空库),不用临时的。"`
	Recipients int    `help:"关爱对象人数。" default:"22427" placeholder:"N"`
	Cadres     int    `help:"干部人数。" default:"20518" placeholder:"N"`
	Years      int    `help:"往前编几年的记录。" default:"1" placeholder:"N"`
	Seed       uint64 `help:"换一个数,就换一座城。" default:"1" placeholder:"N"`
}

func (b benchPlace) city() seedCmd {
	return seedCmd{Recipients: b.Recipients, Cadres: b.Cadres, Years: b.Years, Seed: b.Seed, Bind: true}
}

// stage is a running service with the simulator as its platform, in one process.
type stage struct {
	*env
	app  *App
	sim  *wechatsim.Sim
	base string
	stop func()
}

// settings are those of the demo in a folder of its own, on the configured
// database where that was asked for.
func (b benchPlace) settings(e *env, dir, base, api string) (configs.Config, error) {
	cfg := demoConfig(dir, base, api)
	if b.Configured {
		if err := e.load(false); err != nil {
			return cfg, err
		}
		cfg.Database, cfg.Redis, cfg.TimeZone = e.cfg.Database, e.cfg.Redis, e.cfg.TimeZone
		cfg.Database.DSN = configs.Address(e.cfg.DSN())
		cfg.Security.KeysetFile = e.cfg.KeysetFile()
	}
	cfg.Push.QuietHours, cfg.Push.QuietHoursGuardian, cfg.Push.RatePerSecond = "", "", 500
	return cfg, nil
}

// open builds and starts the service and moves the city in.
func (b benchPlace) open(e *env) (s *stage, err error) {
	city := b.city()
	if err := city.check(); err != nil {
		return nil, err
	}
	var closers []func()
	stop := func() {
		for _, f := range slices.Backward(closers) {
			f()
		}
	}
	defer func() {
		if err != nil {
			stop()
		}
	}()
	s = &stage{env: e, stop: stop}
	dir, err := os.MkdirTemp("", "aixin-bench-")
	if err != nil {
		return nil, err
	}
	closers = append(closers, func() { os.RemoveAll(dir) })
	public, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	closers = append(closers, func() { public.Close() })
	api, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	closers = append(closers, func() { api.Close() })
	s.base = "http://" + public.Addr().String()
	cfg, err := b.settings(e, dir, s.base, "http://"+api.Addr().String())
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	s.app, err = newApp(e.ctx, cfg, e.clock, log, appOptions{migrate: !b.Configured, makeKeys: !b.Configured, tell: true})
	if err != nil {
		return nil, err
	}
	if err := refusePeople(e.ctx, s.app.db); err != nil {
		s.app.close()
		return nil, err
	}
	s.sim = wechatsim.New(wechatsim.Config{
		AppID: demoAppID, AppSecret: demoSecret, Token: demoToken, AESKey: demoAESKey, Account: "gh_aixin_bench",
		CallbackURL: s.base + "/wechat/callback", PublicURL: s.base, Now: e.clock.Now,
	})
	closers = append(closers, s.sim.Close)
	platform := &http.Server{Handler: s.sim.API(), ReadHeaderTimeout: 5 * time.Second}
	go platform.Serve(api)
	closers = append(closers, func() { platform.Close() })

	began := e.clock.Real()
	came, err := city.fill(e.ctx, s.app.db, models.DayOf(e.clock.Now(), cfg.Zone()), loadProgress(e.stderr, e.clock.Real))
	if err != nil {
		s.app.close()
		return nil, err
	}
	fmt.Fprintf(e.stdout, "%s;%s,备好用时 %.1f 秒\n", cfg.Database.Driver, came, e.clock.Real().Sub(began).Seconds())
	ctx, cancel := context.WithCancel(e.ctx)
	ended := make(chan struct{})
	go func() { s.app.Run(ctx, public, nil); close(ended) }()
	closers = append(closers, func() { cancel(); <-ended })
	return s, nil
}

// times are how long each of many took.
type times []time.Duration

// at is the quantile of q in a hundred.
func (t times) at(q int) time.Duration {
	if len(t) == 0 {
		return 0
	}
	return t[min(len(t)-1, len(t)*q/100)]
}

// row writes the middle, the slow ones and the slowest, in milliseconds.
func (t times) row(w io.Writer, what string, more string) {
	slices.Sort(t)
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }
	fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t%s\t%s\n", what, len(t), ms(t.at(50)), ms(t.at(95)), ms(t.at(99)), ms(t.at(100)), more)
}

const timesHead = "项目\t次数\t中位(毫秒)\tp95\tp99\t最慢\t"

func tableOn(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 0, 4, 2, ' ', 0) }

// stopped tells an interrupted bench from a broken one.
func stopped(ctx context.Context) error {
	if ctx.Err() != nil {
		return errors.New("被打断了,没有量完")
	}
	return nil
}
