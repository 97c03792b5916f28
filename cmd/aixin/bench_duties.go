package main

import (
	"fmt"

	"aixin/models"
	"aixin/models/store"
)

type benchDutiesCmd struct {
	benchPlace
	Here  bool `help:"就用设置里那个库和里面的人,不搬新的进去;只重写算得出来的表。"`
	Times int  `help:"各算几遍。" default:"5" placeholder:"N"`
}

// Run times the lists of duties: one cadre's, a county's, the city's, and the
// counting of a whole year anew.
func (c *benchDutiesCmd) Run(e *env) error {
	db, stop, err := c.database(e)
	if err != nil {
		return err
	}
	defer stop()
	st, today := db.System("bench duties"), models.DayOf(e.clock.Now(), e.cfg.Zone())
	out := tableOn(e.stdout)
	fmt.Fprintln(out, timesHead)
	measure := func(name string, n int, work func(i int) (string, error)) error {
		var took times
		note := ""
		for i := range n {
			began := e.clock.Real()
			if note, err = work(i); err != nil {
				return err
			}
			took = append(took, e.clock.Real().Sub(began))
		}
		took.row(out, name, note)
		return nil
	}
	cadres, err := st.CadrePage(e.ctx, "", 200)
	if err != nil {
		return err
	}
	err = measure("一位干部的名单和进度", len(cadres), func(i int) (string, error) {
		as := st.As(models.Actor{Cadre: cadres[i].ID})
		roster, err := as.Roster(e.ctx, cadres[i].ID, today)
		if err != nil {
			return "", err
		}
		var pairings []models.Pairing
		for _, p := range roster {
			pairings = append(pairings, p.Pairing)
		}
		_, err = as.Tallies(e.ctx, pairings, today)
		return "", err
	})
	if err != nil {
		return err
	}
	outlook := func(region string) func(int) (string, error) {
		return func(int) (string, error) {
			o, err := st.Outlook(e.ctx, region, today)
			return fmt.Sprintf("结对 %d,够了 %d,来不及 %d", o.Pairings, o.Chances[models.ChanceMet], o.Chances[models.ChanceLate]), err
		}
	}
	for _, county := range models.Counties {
		if err := measure("一个县 "+county.Name, c.Times, outlook(county.Code)); err != nil {
			return err
		}
	}
	if err := measure("全市都算一遍", c.Times, outlook(models.CityCode)); err != nil {
		return err
	}
	err = measure("从记录重算全市一年", 1, func(int) (string, error) { return "", st.Recount(e.ctx, today.Year()) })
	if err != nil {
		return err
	}
	return out.Flush()
}

// database is the configured database as it is, or a city moved in.
func (c *benchDutiesCmd) database(e *env) (*store.DB, func(), error) {
	if c.Here {
		return e.store()
	}
	s, err := c.open(e)
	if err != nil {
		return nil, nil, err
	}
	e.cfg = s.app.cfg
	return s.app.db, s.stop, nil
}
