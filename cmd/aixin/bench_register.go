package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
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
	h, err := c.home(e)
	if err != nil {
		return err
	}
	defer h.remove()
	book := filepath.Join(h.dir, "city.xlsx")
	today := models.DayOf(e.clock.Now(), h.cfg.Zone())
	rows := registerOf(town.City(c.Seed, c.Recipients, c.Cadres, 0, today))
	err = privateFile(book, func(w io.Writer) error { return xlsx.WriteRegister(w, rows, models.ShippedLists(), today) })
	if err != nil {
		return err
	}
	info, err := os.Stat(book)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s;名册 %d 行(干部 %d、关爱对象 %d、结对 %d),文件 %.1f MB\n", h.cfg.Database.Driver,
		len(rows.Cadres)+len(rows.Recipients)+len(rows.Pairings), len(rows.Cadres), len(rows.Recipients), len(rows.Pairings), float64(info.Size())/(1<<20))
	rows = nil
	runtime.GC() // what this process holds must not push the other's out
	out := tableOn(e.stdout)
	fmt.Fprintln(out, "项目\t用时(秒)\t最多占内存(MB)\t结果")
	for _, what := range []string{"首次导入", "再导一次"} {
		took, peak, said, err := c.enter(e, h, book)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\t%.1f\t%.0f\t%s\n", what, took.Seconds(), peak, said)
	}
	return out.Flush()
}

// enter runs aixin import and gives how long it took and its peak of memory.
func (c *benchImportCmd) enter(e *env, h *benchHome, book string) (took time.Duration, peakMB float64, said string, err error) {
	cmd, err := h.child(e, "import", book, "--report", filepath.Join(h.dir, "report.xlsx"))
	if err != nil {
		return 0, 0, "", err
	}
	began := e.clock.Real()
	text, err := cmd.Output()
	took = e.clock.Real().Sub(began)
	if err != nil && cmd.ProcessState == nil {
		return took, 0, "", err
	}
	peakMB = peak(cmd)
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
