package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"aixin/bot/wechatsim"
	"aixin/models"
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
