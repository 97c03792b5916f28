package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"aixin/bot"
	"aixin/bot/wechatsim"
	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/town"
)

type benchCallbackCmd struct {
	benchPlace
	Phones int           `help:"多少部手机同时发。" default:"16" placeholder:"N"`
	For    time.Duration `help:"发多久。" default:"20s" placeholder:"20s"`
}

// talker is a cadre of the city with somebody to talk about.
type talker struct{ openid, person string }

// talkers are the cadres who have somebody now; their phones follow the account.
func (b benchPlace) talkers(s *stage) (list []talker) {
	city := town.City(b.Seed, b.Recipients, b.Cadres, b.Years, models.DayOf(s.clock.Now(), s.app.cfg.Zone()))
	names, seen := map[string]string{}, map[string]bool{}
	for _, r := range city.Recipients {
		names[r.Key] = r.Name
	}
	for _, p := range city.Pairings {
		if p.To == "" && p.Line == models.LinePairing && !seen[p.Cadre] {
			seen[p.Cadre] = true
			list = append(list, talker{seedOpenID(p.Cadre), names[p.Recipient]})
			s.sim.Add(wechatsim.Person{OpenID: seedOpenID(p.Cadre), Name: p.Cadre, Followed: true})
		}
	}
	return list
}

// Run sends messages from many phones as fast as they are answered: a visit with
// a gift, a call, and the progress, over real HTTP, signed and sealed.
func (c *benchCallbackCmd) Run(e *env) error {
	if c.Phones < 1 || c.For <= 0 {
		return errors.New("--phones 和 --for 要大于零")
	}
	s, err := c.open(e)
	if err != nil {
		return err
	}
	defer s.stop()
	people := c.talkers(s)
	kinds := []struct {
		name string
		say  func(person string, n int) string
	}{
		{"走访加慰问金", func(p string, n int) string { return fmt.Sprintf("今天去看了%s,送了%d元慰问金", p, 100+n) }},
		{"打电话", func(p string, n int) string { return fmt.Sprintf("给%s打了个电话", p) }},
		{"进度", func(string, int) string { return "进度" }},
	}
	var mu sync.Mutex
	took := make([]times, len(kinds))
	silent, faults := 0, 0
	began := e.clock.Real()
	ctx, cancel := context.WithTimeout(e.ctx, c.For)
	defer cancel()
	var group sync.WaitGroup
	for phone := range c.Phones {
		group.Go(func() {
			// Each phone goes round its own people: nobody waits for their own
			// last message.
			for n := 0; ctx.Err() == nil; n++ {
				who := people[(phone+n*c.Phones)%len(people)]
				kind := n % len(kinds)
				start := e.clock.Real()
				reply, err := s.sim.Text(e.ctx, who.openid, kinds[kind].say(who.person, n))
				spent := e.clock.Real().Sub(start)
				mu.Lock()
				switch {
				case err != nil || reply.Fault != "":
					faults++
				case reply.Text == "":
					silent++
				}
				took[kind] = append(took[kind], spent)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if err := stopped(e.ctx); err != nil {
		return err
	}
	span := e.clock.Real().Sub(began).Seconds()
	out := tableOn(e.stdout)
	fmt.Fprintln(out, timesHead)
	all := times{}
	for i, k := range kinds {
		took[i].row(out, k.name, "")
		all = append(all, took[i]...)
	}
	all.row(out, "合计", "")
	if err := out.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%d 部手机:每秒 %.0f 条;转为稍后回复 %d 条,没答好 %d 条(%d 次投递)\n", c.Phones, float64(len(all))/span, silent, faults, s.sim.Stats().Deliveries)
	return nil
}

type benchPushCmd struct {
	benchPlace
	Replicas int           `help:"几个进程一起发(同一个库、同一个 Redis)。" default:"2" placeholder:"N"`
	Latency  time.Duration `help:"平台每次回答要多久。" default:"50ms" placeholder:"50ms"`
}

// more starts further senders on the same database and Redis and gives what
// stops them.
func (c *benchPushCmd) more(s *stage) (stop func()) {
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
	return func() { cancel(); group.Wait() }
}

// heap is how many megabytes are in use.
func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse >> 20
}

// Run sends one notice to every cadre and waits until the last has it.
func (c *benchPushCmd) Run(e *env) error {
	s, err := c.open(e)
	if err != nil {
		return err
	}
	defer s.stop()
	s.sim.Faults().Add(wechatsim.Fault{Path: "/cgi-bin/message/template/send", Delay: c.Latency})
	defer c.more(s)()
	for _, k := range town.City(c.Seed, c.Recipients, c.Cadres, 0, models.DayOf(e.clock.Now(), s.app.cfg.Zone())).Cadres {
		s.sim.Add(wechatsim.Person{OpenID: seedOpenID(k.Key), Name: k.Key, Followed: true})
	}
	st := s.app.db.System("bench push")
	office := models.Account{Name: models.Conceal("市办"), Login: "bench", Password: "$argon2id$none", Role: models.AccountCity, Region: models.CityCode}
	if err := st.AddAccount(e.ctx, &office); err != nil {
		return err
	}
	began := e.clock.Real()
	var n models.Notice
	err = st.InTx(e.ctx, func(tx *store.Store) (err error) {
		rules := noticesOf(s.app.cfg)
		rules.ApproveAbove = c.Cadres
		n, err = rules.Submit(e.ctx, tx, office, desk.NoticeDraft{Audience: models.Audience{Role: models.RoleCadre}, Body: "请关心降温天气下的取暖安全"})
		return err
	})
	if err != nil {
		return err
	}
	written := e.clock.Real().Sub(began)
	first, most := heap(), uint64(0)
	for {
		most = max(most, heap())
		open, err := st.OpenDeliveries(e.ctx, st.Now())
		if err != nil {
			return err
		}
		if open == 0 {
			break
		}
		select {
		case <-e.ctx.Done():
			return stopped(e.ctx)
		case <-time.After(100 * time.Millisecond):
		}
	}
	span := e.clock.Real().Sub(began)
	states, err := st.DeliveryStates(e.ctx)
	if err != nil {
		return err
	}
	stats := s.sim.Stats()
	fmt.Fprintf(e.stdout, "通知 %d 人:写下 %.1f 秒,发完 %.1f 秒,每秒 %.0f 条(设定上限 %d)\n", n.People, written.Seconds(), span.Seconds(),
		float64(n.People)/span.Seconds(), s.app.cfg.Push.RatePerSecond)
	fmt.Fprintf(e.stdout, "%d 个进程,平台每次答 %s;内存写完时 %d MB,发的时候最多 %d MB\n", c.Replicas, c.Latency, first, most)
	fmt.Fprintf(e.stdout, "平台收下卡片 %d 张、消息 %d 条,挡下重复 %d 次;各状态 %v\n", stats.Cards, stats.Messages, stats.Duplicates, states)
	return nil
}
