package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"aixin/models"
	"aixin/models/town"
	"aixin/web/xlsx"
)

type benchImportCmd struct {
	benchPlace
}

// Run writes the city's workbook and has a process of its own import it, twice:
// its memory is then the import's alone.
func (c *benchImportCmd) Run(e *env) error {
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
	book := filepath.Join(dir, "city.xlsx")
	today := models.DayOf(e.clock.Now(), cfg.Zone())
	rows := registerOf(town.City(c.Seed, c.Recipients, c.Cadres, 0, today))
	err = privateFile(book, func(w io.Writer) error { return xlsx.WriteRegister(w, rows) })
	if err != nil {
		return err
	}
	info, err := os.Stat(book)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s;名册 %d 行(干部 %d、关爱对象 %d、结对 %d),文件 %.1f MB\n", cfg.Database.Driver,
		len(rows.Cadres)+len(rows.Recipients)+len(rows.Pairings), len(rows.Cadres), len(rows.Recipients), len(rows.Pairings), float64(info.Size())/(1<<20))
	rows = nil
	runtime.GC() // what this process holds must not push the other's out
	out := tableOn(e.stdout)
	fmt.Fprintln(out, "项目\t用时(秒)\t最多占内存(MB)\t结果")
	for _, what := range []string{"首次导入", "再导一次"} {
		took, peak, said, err := c.child(e, cfg.Database.Driver, cfg.DSN(), cfg.KeysetFile(), dir, book)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\t%.1f\t%.0f\t%s\n", what, took.Seconds(), peak, said)
	}
	return out.Flush()
}

// child runs aixin import and gives how long it took and its peak of memory.
func (c *benchImportCmd) child(e *env, driver, dsn, keyset, dir, book string) (took time.Duration, peakMB float64, said string, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, 0, "", err
	}
	cmd := exec.CommandContext(e.ctx, self, "import", book, "--report", filepath.Join(dir, "report.xlsx"))
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AIXIN_") }),
		"AIXIN_DATA_DIR="+dir, "AIXIN_DATABASE_DRIVER="+driver, "AIXIN_DATABASE_DSN="+dsn, "AIXIN_SECURITY_KEYSET_FILE="+keyset)
	cmd.Stderr = e.stderr
	began := e.clock.Real()
	text, err := cmd.Output()
	took = e.clock.Real().Sub(began)
	if err != nil && cmd.ProcessState == nil {
		return took, 0, "", err
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peakMB = float64(usage.Maxrss) / 1024 // Linux counts in kilobytes
	}
	var counts []string
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, ":导入 ") {
			counts = append(counts, strings.TrimSpace(line))
		}
	}
	if len(counts) == 0 {
		return took, peakMB, "", fmt.Errorf("导入没有做成:%w", err)
	}
	return took, peakMB, strings.Join(counts, ";"), nil
}

// registerOf is the part of a city that a register workbook holds: who is there.
func registerOf(city town.Town) *xlsx.Register {
	reg := &xlsx.Register{}
	phones, people := map[string]string{}, map[string]town.Recipient{}
	for _, c := range city.Cadres {
		if c.LeftOn == "" {
			phones[c.Key] = c.Phone
			reg.Cadres = append(reg.Cadres, xlsx.CadreRow{Name: c.Name, Phone: c.Phone, Unit: c.Unit, Post: c.Post, Region: c.Region, Speciality: c.Speciality})
		}
	}
	for _, r := range city.Recipients {
		if r.ExitedOn != "" {
			continue
		}
		people[r.Key] = r
		row := xlsx.RecipientRow{
			Name: r.Name, IDNumber: r.IDNumber, Number: r.Number, Birth: r.Birth, Categories: r.Categories, CareMode: r.CareMode, Region: r.Region,
			Address: r.Address, Aliases: r.Aliases, Household: r.Household, Needs: r.Needs,
		}
		if len(r.Contacts) > 0 && (r.Contacts[0].Kind == models.ContactGuardian || r.Contacts[0].Kind == models.ContactInstitution) {
			row.GuardianName, row.GuardianPhone = r.Contacts[0].Name, r.Contacts[0].Phone
		}
		reg.Recipients = append(reg.Recipients, row)
	}
	for _, p := range city.Pairings {
		if r, here := people[p.Recipient]; here && p.To == "" && phones[p.Cadre] != "" {
			reg.Pairings = append(reg.Pairings, xlsx.PairingRow{CadrePhone: phones[p.Cadre], RecipientID: r.IDNumber, RecipientNumber: r.Number, Line: p.Line, From: p.From})
		}
	}
	return reg
}
