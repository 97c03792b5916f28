package main

import (
	"fmt"

	"aixin/models"
)

type calendarCmd struct {
	Set  string `help:"改成哪四个日子:预出,定稿,录完关账,签发。" placeholder:"10,13,15,18"`
	Year int    `help:"看哪一年。" placeholder:"YYYY"`
}

// Help is shown by aixin calendar --help.
func (calendarCmd) Help() string {
	return `看或改月历:每月哪天预出、定稿、录完关账、签发,遇休息日提前。只有这一处,改了录入提醒和清单都跟着变。

例:aixin calendar --set 9,12,14,17`
}

// Run shows the calendar of a year, after changing it where that was asked for.
func (c *calendarCmd) Run(e *env) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	st := db.System("calendar command")
	if c.Set != "" {
		to, err := models.ParseCalendar(c.Set)
		if err != nil {
			return err
		}
		if err := st.SetCalendar(e.ctx, to); err != nil {
			return err
		}
	}
	calendar, err := st.Calendar(e.ctx)
	if err != nil {
		return err
	}
	year := c.Year
	if year == 0 {
		year = models.DayOf(e.clock.Now(), e.cfg.Zone()).Year()
	}
	out := tableOn(e.stdout)
	fmt.Fprintln(out, "哪个月的\t预出\t定稿\t录完关账\t签发\t")
	for n := range 12 {
		m := models.NewMonth(year, n)
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t\n", m, calendar.DraftOn(m), calendar.SettleOn(m), calendar.CloseOn(m), calendar.SignOn(m))
	}
	return out.Flush()
}
