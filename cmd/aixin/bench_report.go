package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"aixin/models"
)

type benchReportCmd struct {
	benchPlace
}

// Run moves the city in and has processes of their own write its reports: their
// memory is then the report's alone.
func (c *benchReportCmd) Run(e *env) error {
	city := c.city()
	if err := city.check(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "aixin-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cfg, err := c.settings(e, dir, "", "")
	if err != nil {
		return err
	}
	keys, err := loadKeys(cfg, !c.Configured)
	if err != nil {
		return err
	}
	db, err := openDB(cfg, keys, e.clock, e.log)
	if err != nil {
		return err
	}
	if !c.Configured {
		_, err = db.Migrate(e.ctx)
	}
	if err == nil {
		err = refusePeople(e.ctx, db)
	}
	db.Close()
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	// A process's peak of memory counts from that of its parent: so the city is
	// moved in by another one, and this one stays small.
	child := func(args ...string) *exec.Cmd {
		cmd := exec.CommandContext(e.ctx, self, args...)
		cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AIXIN_") }),
			"AIXIN_DATA_DIR="+dir, "AIXIN_DATABASE_DRIVER="+cfg.Database.Driver, "AIXIN_DATABASE_DSN="+cfg.DSN(), "AIXIN_SECURITY_KEYSET_FILE="+cfg.KeysetFile())
		cmd.Stderr = e.stderr
		return cmd
	}
	said, err := child("seed", "--recipients", strconv.Itoa(c.Recipients), "--cadres", strconv.Itoa(c.Cadres), "--years", strconv.Itoa(c.Years),
		"--seed", strconv.FormatUint(c.Seed, 10)).Output()
	if err != nil {
		return fmt.Errorf("城没搬进去:%w", err)
	}
	fmt.Fprintf(e.stdout, "%s;%s", cfg.Database.Driver, said)
	today := models.DayOf(e.clock.Now(), cfg.Zone())
	last := models.MonthOf(today).Add(-1)
	out := tableOn(e.stdout)
	fmt.Fprintln(out, "项目\t用时(秒)\t最多占内存(MB)\t结果")
	for _, r := range [][2]string{{"monthly", string(last)}, {"quarterly", fmt.Sprintf("%dQ%d", last.Year(), (last.Number()+2)/3)}, {"annual", fmt.Sprint(last.Year())}} {
		cmd := child("report", r[0], "--period", r[1], "--out", filepath.Join(dir, r[0]+".xlsx"))
		began := e.clock.Real()
		said, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("%s %s没有出表:%w", r[0], r[1], err)
		}
		peak := 0.0
		if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			peak = float64(usage.Maxrss) / 1024 // Linux counts in kilobytes
		}
		fmt.Fprintf(out, "%s %s\t%.1f\t%.0f\t%s\n", r[0], r[1], e.clock.Real().Sub(began).Seconds(), peak, strings.TrimSpace(string(said)))
	}
	return out.Flush()
}
