package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/town"
)

type seedCmd struct {
	Recipients int    `help:"关爱对象人数。" default:"22427" placeholder:"N"`
	Cadres     int    `help:"干部人数。" default:"20518" placeholder:"N"`
	Years      int    `help:"往前编几年的记录。" default:"2" placeholder:"N"`
	Seed       uint64 `help:"换一个数,就换一座城;数相同,人和事都相同。" default:"1" placeholder:"N"`
	Bind       bool   `help:"给在岗干部和监护人都绑上编的微信,好试推送。"`
}

// Help is shown by aixin seed --help.
func (seedCmd) Help() string {
	return `往设置好的空库里搬进一座编出来的城:干部、关爱对象、结对和往年的记录,规模和比例照真的来,用来试性能、看报表。
库里已经有人就不动。人名、证件号、电话都是编的(证件号的区划 620899 不存在)。

例:aixin seed --recipients 2000 --cadres 1800 --years 1`
}

// Run moves a synthetic city into an empty database.
func (c *seedCmd) Run(e *env) error {
	if err := c.check(); err != nil {
		return err
	}
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	if err := refusePeople(e.ctx, db); err != nil {
		return err
	}
	began := e.clock.Real()
	today := models.DayOf(e.clock.Now(), e.cfg.Zone())
	n, err := c.fill(e.ctx, db, today, loadProgress(e.stderr, e.clock.Real))
	if err != nil {
		return fmt.Errorf("没搬完:%w\n换一个空库再来。", err)
	}
	fmt.Fprintf(e.stdout, "搬好了:%s,用时 %.1f 秒。\n", n, e.clock.Real().Sub(began).Seconds())
	return nil
}

func (c *seedCmd) check() error {
	switch {
	case c.Recipients < 1 || c.Recipients > 200_000 || c.Cadres < 1 || c.Cadres > 200_000:
		return errors.New("--recipients 和 --cadres 要在 1 到 200000 之间")
	case c.Years < 0 || c.Years > 10:
		return errors.New("--years 要在 0 到 10 之间")
	}
	return nil
}

// refusePeople keeps made-up people out of a register.
func refusePeople(ctx context.Context, db *store.DB) error {
	recipients, cadres, err := db.System("seed").CountPeople(ctx)
	if err == nil && recipients+cadres > 0 {
		err = fmt.Errorf("这个库里已有关爱对象 %d 人、干部 %d 人,没有动它;编出来的城只放进空库", recipients, cadres)
	}
	return err
}

// fill moves the city in by big batches and tells what it came to.
func (c *seedCmd) fill(ctx context.Context, db *store.DB, today models.Day, stored func(rows int)) (arrivals, error) {
	st := db.System("seed")
	city := town.City(c.Seed, c.Recipients, c.Cadres, c.Years, today)
	m := newMover(ctx, st, today)
	if c.Bind {
		m.openid = func(_ models.Role, key string) string { return seedOpenID(key) }
	}
	// Places first, in a transaction of their own: they are few and have levels.
	if err := st.InTx(ctx, func(tx *store.Store) error { return m.ensureRegions(tx, city) }); err != nil {
		return m.came, err
	}
	var failed error
	err := st.Load(ctx, func(yield func(any) bool) {
		m.put = func(rows any) error {
			if !yield(rows) {
				return errors.New("the load broke off")
			}
			return nil
		}
		failed = m.moveIn(city)
	}, stored)
	if err == nil {
		err = failed
	}
	if err == nil {
		err = st.Note(ctx, "seed", "register", m.came.String())
	}
	return m.came, err
}

// seedOpenID is the made-up openid of somebody of the city.
func seedOpenID(key string) string { return "oSeed_" + key }

// loadProgress says every two seconds how many rows are in.
func loadProgress(w io.Writer, now func() time.Time) func(rows int) {
	last, total := now(), 0
	return func(rows int) {
		total += rows
		if t := now(); t.Sub(last) >= 2*time.Second {
			last = t
			fmt.Fprintf(w, "已写 %d 行\n", total)
		}
	}
}
