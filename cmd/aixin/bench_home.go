package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"aixin/configs"
)

// benchHome is an empty database with its settings and keys, in which a bench has
// processes of their own work: their memory is then the work's alone.
type benchHome struct {
	dir string
	cfg configs.Config
}

// home builds one; its folder goes with remove.
func (b benchPlace) home(e *env) (h *benchHome, err error) {
	city := b.city()
	if err := city.check(); err != nil {
		return nil, err
	}
	h = &benchHome{}
	if h.dir, err = os.MkdirTemp("", "aixin-bench-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			h.remove()
		}
	}()
	if h.cfg, err = b.settings(e, h.dir, "", ""); err != nil {
		return nil, err
	}
	keys, err := loadKeys(h.cfg, !b.Configured)
	if err != nil {
		return nil, err
	}
	db, err := openDB(h.cfg, keys, e.clock, e.log)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if !b.Configured {
		if _, err = db.Migrate(e.ctx); err != nil {
			return nil, err
		}
	}
	return h, refusePeople(e.ctx, db)
}

func (h *benchHome) remove() { os.RemoveAll(h.dir) }

// child is this program with other arguments, at work in it.
func (h *benchHome) child(e *env, args ...string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(e.ctx, self, args...)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AIXIN_") }),
		"AIXIN_DATA_DIR="+h.dir, "AIXIN_DATABASE_DRIVER="+h.cfg.Database.Driver, "AIXIN_DATABASE_DSN="+h.cfg.DSN(),
		"AIXIN_SECURITY_KEYSET_FILE="+h.cfg.KeysetFile())
	cmd.Stderr = e.stderr
	return cmd, nil
}

// peak is the most memory in megabytes that an ended process had.
func peak(cmd *exec.Cmd) float64 {
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return float64(usage.Maxrss) / 1024 // Linux counts in kilobytes
}
