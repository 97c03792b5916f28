package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"aixin/models"
)

type benchReportCmd struct {
	benchPlace
}

// Run moves the city in and has processes of their own write its reports: their
// memory is then the report's alone.
func (c *benchReportCmd) Run(e *env) error {
	h, err := c.home(e)
	if err != nil {
		return err
	}
	defer h.remove()
	// A process's peak of memory counts from that of its parent: so the city is
	// moved in by another one, and this one stays small.
	seed, err := h.child(e, "seed", "--recipients", strconv.Itoa(c.Recipients), "--cadres", strconv.Itoa(c.Cadres), "--years", strconv.Itoa(c.Years),
		"--seed", strconv.FormatUint(c.Seed, 10))
	if err != nil {
		return err
	}
	said, err := seed.Output()
	if err != nil {
		return fmt.Errorf("城没搬进去:%w", err)
	}
	fmt.Fprintf(e.stdout, "%s;%s", h.cfg.Database.Driver, said)
	today := models.DayOf(e.clock.Now(), h.cfg.Zone())
	last := models.MonthOf(today).Add(-1)
	out := tableOn(e.stdout)
	fmt.Fprintln(out, "项目\t用时(秒)\t最多占内存(MB)\t结果")
	for _, r := range [][2]string{{"monthly", string(last)}, {"quarterly", fmt.Sprintf("%dQ%d", last.Year(), (last.Number()+2)/3)}, {"annual", fmt.Sprint(last.Year())}} {
		cmd, err := h.child(e, "report", r[0], "--period", r[1], "--out", filepath.Join(h.dir, r[0]+".xlsx"))
		if err != nil {
			return err
		}
		began := e.clock.Real()
		said, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("%s %s没有出表:%w", r[0], r[1], err)
		}
		fmt.Fprintf(out, "%s %s\t%.1f\t%.0f\t%s\n", r[0], r[1], e.clock.Real().Sub(began).Seconds(), peak(cmd), strings.TrimSpace(string(said)))
	}
	return out.Flush()
}
