package main

import (
	"context"
	"fmt"
	"time"

	"aixin/handlers"
	"aixin/models"
	"aixin/models/store"
)

type benchRemindCmd struct {
	benchPlace
	Times int `help:"算几遍。" default:"3" placeholder:"N"`
}

// Run works out what is due for the whole city, to cadres now and to all offices on
// the morning of their lists, writing none of it.
func (c *benchRemindCmd) Run(e *env) error {
	s, err := c.open(e)
	if err != nil {
		return err
	}
	defer s.stop()
	st := s.app.db.System("bench remind")
	outbox := newOutbox(s.app.cfg, e.clock)
	out := tableOn(e.stdout)
	fmt.Fprintln(out, timesHead)
	plan := func(what string, at time.Time) error {
		outbox.Now = func() time.Time { return at }
		var took times
		var due map[string]int
		statements := int64(0)
		for range max(1, c.Times) {
			due = map[string]int{}
			began := e.clock.Real()
			ctx, count := store.CountingQueries(e.ctx)
			err := outbox.Plan(ctx, st, at, func(dues []handlers.Due) error {
				for _, d := range dues {
					due[d.To+" "+d.Kind]++
				}
				return nil
			})
			if err != nil {
				return err
			}
			took, statements = append(took, e.clock.Real().Sub(began)), count.Load()
		}
		took.row(out, what, fmt.Sprintf("%d 条语句 %v", statements, due))
		return nil
	}
	if err := plan("算一遍该提醒谁", e.clock.Now()); err != nil {
		return err
	}
	offices, err := c.offices(e.ctx, st)
	if err != nil {
		return err
	}
	morning := listMorning(models.DayOf(e.clock.Now(), s.app.cfg.Zone()), s.app.cfg.Zone())
	if err := plan(fmt.Sprintf("加上 %d 个单位、乡镇、县、市的清单", offices), morning); err != nil {
		return err
	}
	return out.Flush()
}

// listMorning is the morning on which every office gets its list: the first working
// day of the month.
func listMorning(today models.Day, zone *time.Location) time.Time {
	d := models.MonthOf(today).First()
	for !models.Workday(d) {
		d = d.Add(1)
	}
	t := d.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 9, 5, 0, 0, zone)
}

// offices gives every unit and every region down to the townships an account that
// is bound.
func (c *benchRemindCmd) offices(ctx context.Context, st *store.Store) (n int, err error) {
	units, err := st.Units(ctx)
	if err != nil {
		return 0, err
	}
	regions, err := st.Regions(ctx)
	if err != nil {
		return 0, err
	}
	all := []models.Account{{Role: models.AccountCity, Region: models.CityCode}}
	for _, r := range regions {
		switch len(r.Code) {
		case 6:
			all = append(all, models.Account{Role: models.AccountCounty, Region: r.Code})
		case 9:
			all = append(all, models.Account{Role: models.AccountTownship, Region: r.Code})
		}
	}
	for _, u := range units {
		all = append(all, models.Account{Role: models.AccountUnit, Region: u.Region, UnitID: u.ID})
	}
	return len(all), st.InTx(ctx, func(tx *store.Store) error {
		for i, a := range all {
			a.Name, a.Login, a.Password = models.Conceal("办公室"), fmt.Sprint("bench", i), "$argon2id$none"
			if err := tx.AddAccount(ctx, &a); err != nil {
				return err
			}
			if err := tx.Bind(ctx, fmt.Sprint("oOffice", i), models.RoleAdmin, a.ID); err != nil {
				return err
			}
		}
		return nil
	})
}
