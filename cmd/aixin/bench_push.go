package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"aixin/bot"
	"aixin/bot/wechatsim"
	"aixin/handlers"
	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/town"
)

type benchPushCmd struct {
	benchPlace
	Replicas int           `help:"几个进程一起发(同一个库、同一个 Redis)。" default:"2" placeholder:"N"`
	Latency  time.Duration `help:"平台每次回答要多久。" default:"50ms" placeholder:"50ms"`
	Weekly   bool          `help:"发每周的提醒,一人一句不一样;不写就发一条通知。"`
}

// Help is shown by aixin bench push --help.
func (benchPushCmd) Help() string {
	return `--configured 并且设了 Redis 时,除本进程外另起 N-1 个 aixin serve;不然都在本进程里,SQLite 和自带的 Redis 只有一个进程能用。
模拟的平台也在本进程里,占同一台机器。`
}

// others are the further senders, and what they take up.
type others struct {
	pids []int
	stop func()
}

// senders starts the further senders: processes of their own where the database
// and Redis can be shared.
func (c *benchPushCmd) senders(s *stage) (*others, error) {
	if !c.Configured || len(s.app.cfg.Redis.Addrs) == 0 {
		return c.workers(s), nil
	}
	o := &others{}
	var started []*exec.Cmd
	o.stop = func() {
		for _, cmd := range started {
			cmd.Process.Signal(syscall.SIGTERM)
			cmd.Wait()
		}
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for range c.Replicas - 1 {
		args := []string{"serve"}
		if s.configFile != "" {
			args = append(args, "--config", s.configFile)
		}
		cmd := exec.Command(self, args...)
		cmd.Env = append(os.Environ(), c.surroundings(s)...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := cmd.Start(); err != nil {
			o.stop()
			return nil, err
		}
		started, o.pids = append(started, cmd), append(o.pids, cmd.Process.Pid)
	}
	return o, nil
}

// surroundings are the settings of another process of the stage.
func (c *benchPushCmd) surroundings(s *stage) []string {
	cfg := s.app.cfg
	env := []string{
		"AIXIN_SERVER_LISTEN=127.0.0.1:0", "AIXIN_SERVER_OPS_LISTEN=127.0.0.1:0", "AIXIN_SERVER_PUBLIC_URL=" + s.base,
		"AIXIN_DATA_DIR=" + cfg.DataDir, "AIXIN_SECURITY_KEYSET_FILE=" + cfg.KeysetFile(),
		"AIXIN_WECHAT_APP_ID=" + cfg.WeChat.AppID, "AIXIN_WECHAT_APP_SECRET=" + cfg.WeChat.AppSecret.Reveal(), "AIXIN_WECHAT_TOKEN=" + cfg.WeChat.Token.Reveal(),
		"AIXIN_WECHAT_ENCODING_AES_KEY=" + cfg.WeChat.EncodingAESKey.Reveal(), "AIXIN_WECHAT_API_BASE_URL=" + cfg.WeChat.APIBaseURL,
		"AIXIN_PUSH_QUIET_HOURS=", "AIXIN_PUSH_QUIET_HOURS_GUARDIAN=", "AIXIN_PUSH_RATE_PER_SECOND=" + strconv.Itoa(cfg.Push.RatePerSecond),
	}
	for name, id := range cfg.WeChat.Templates.ByName() {
		env = append(env, "AIXIN_WECHAT_TEMPLATES_"+strings.ToUpper(name)+"="+id)
	}
	return env
}

// workers are senders within this process.
func (c *benchPushCmd) workers(s *stage) *others {
	ctx, cancel := context.WithCancel(s.ctx)
	var group sync.WaitGroup
	for range c.Replicas - 1 {
		first := s.app.worker
		w := &bot.Worker{
			DB: first.DB, Platform: first.Platform, Redis: first.Redis, Prepare: first.Prepare, Look: first.Look, Rate: first.Rate, Real: first.Real, Zone: first.Zone,
			Now: first.Now, Log: first.Log, Observer: first.Observer, Owner: models.NewID(s.clock.Real()),
		}
		group.Go(func() { w.Deliver(ctx) })
	}
	return &others{stop: func() { cancel(); group.Wait() }}
}

// memory is how many megabytes the fullest of the senders holds: a process as the
// system counts it, or this one's heap, the simulated platform in it.
func (o *others) memory() (mb uint64) {
	for _, pid := range o.pids {
		raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
		if err != nil {
			continue
		}
		if _, rest, ok := strings.Cut(string(raw), "VmRSS:"); ok {
			kb, _ := strconv.ParseUint(strings.Fields(rest)[0], 10, 64)
			mb = max(mb, kb>>10)
		}
	}
	if len(o.pids) > 0 {
		return mb
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse >> 20
}

// until polls until a count of deliveries is zero.
func (c *benchPushCmd) until(s *stage, o *others, most *uint64, count func() (int64, error)) error {
	for {
		*most = max(*most, o.memory())
		n, err := count()
		if err != nil || n == 0 {
			return err
		}
		select {
		case <-s.ctx.Done():
			return stopped(s.ctx)
		case <-time.After(250 * time.Millisecond):
		}
	}
}

// write plans what is sent, and tells to how many.
func (c *benchPushCmd) write(s *stage, st *store.Store, office models.Account) (people int, err error) {
	if c.Weekly {
		outbox := newOutbox(s.app.cfg, s.clock)
		err := outbox.Plan(s.ctx, st, s.clock.Now(), func(dues []handlers.Due) error {
			people += len(dues)
			return outbox.Keep(s.ctx, st, dues)
		})
		return people, err
	}
	err = st.InTx(s.ctx, func(tx *store.Store) error {
		rules := noticesOf(s.app.cfg)
		rules.ApproveAbove = c.Cadres
		n, err := rules.Submit(s.ctx, tx, office, desk.NoticeDraft{Audience: models.Audience{Role: models.RoleCadre}, Body: "请关心降温天气下的取暖安全"})
		people = n.People
		return err
	})
	return people, err
}

// Run sends one notice to every cadre, or each their week's reminder, waits until the last has it, and then for
// the platform's last word.
func (c *benchPushCmd) Run(e *env) error {
	s, err := c.open(e)
	if err != nil {
		return err
	}
	defer s.stop()
	s.sim.Faults().Add(wechatsim.Fault{Path: "/cgi-bin/message/template/send", Delay: c.Latency})
	for _, k := range town.City(c.Seed, c.Recipients, c.Cadres, 0, models.DayOf(e.clock.Now(), s.app.cfg.Zone())).Cadres {
		s.sim.Add(wechatsim.Person{OpenID: seedOpenID(k.Key), Name: k.Key, Followed: true})
	}
	st := s.app.db.System("bench push")
	office := models.Account{Name: models.Conceal("市办"), Login: "bench", Password: "$argon2id$none", Role: models.AccountCity, Region: models.CityCode}
	if err := st.AddAccount(e.ctx, &office); err != nil {
		return err
	}
	o, err := c.senders(s)
	if err != nil {
		return err
	}
	defer o.stop()
	if len(o.pids) > 0 {
		time.Sleep(2 * time.Second) // they start
	}
	began := e.clock.Real()
	people, err := c.write(s, st, office)
	if err != nil {
		return err
	}
	written := e.clock.Real().Sub(began)
	first, most := o.memory(), uint64(0)
	if err := c.until(s, o, &most, func() (int64, error) { return st.OpenDeliveries(e.ctx, st.Now()) }); err != nil {
		return err
	}
	sent := e.clock.Real().Sub(began)
	err = c.until(s, o, &most, func() (int64, error) {
		states, err := st.DeliveryStates(e.ctx)
		return int64(states[store.DeliveryAccepted]), err
	})
	if err != nil {
		return err
	}
	heard := e.clock.Real().Sub(began)
	states, err := st.DeliveryStates(e.ctx)
	if err != nil {
		return err
	}
	stats := s.sim.Stats()
	fmt.Fprintf(e.stdout, "%s %d 人:写下 %.1f 秒,发完 %.1f 秒,每秒 %.0f 条(设定上限 %d);回执收完 %.1f 秒\n", map[bool]string{true: "提醒", false: "通知"}[c.Weekly], people, written.Seconds(), sent.Seconds(),
		float64(people)/sent.Seconds(), s.app.cfg.Push.RatePerSecond, heard.Seconds())
	fmt.Fprintf(e.stdout, "%d 处一起发(另起 %d 个进程),平台每次答 %s;内存写完时 %d MB,发的时候最多 %d MB\n", c.Replicas, len(o.pids), c.Latency, first, most)
	fmt.Fprintf(e.stdout, "平台收下卡片 %d 张、消息 %d 条,挡下重复 %d 次;各状态 %v\n", stats.Cards, stats.Messages, stats.Duplicates, states)
	return nil
}
