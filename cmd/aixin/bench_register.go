package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"aixin/handlers"
	"aixin/models"
	"aixin/models/town"
	"aixin/web"
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

type benchWebCmd struct {
	benchPlace
	Times int `help:"每页打开几次。" default:"20" placeholder:"N"`
}

// consoleLink finds the pages that the console's first page leads to.
var consoleLink = regexp.MustCompile(`href="(/admin/[^"#]*)"`)

// Run opens each page that the console's first one leads to, as a county's and as
// the city's administrator, and works out the progress of single cadres.
func (c *benchWebCmd) Run(e *env) error {
	s, err := c.open(e)
	if err != nil {
		return err
	}
	defer s.stop()
	out := tableOn(e.stdout)
	fmt.Fprintln(out, timesHead)
	for _, who := range []struct {
		name, region string
		role         models.AccountRole
	}{{"县", models.Counties[0].Code, models.AccountCounty}, {"市", models.CityCode, models.AccountCity}} {
		browser, err := s.signIn("bench-"+string(who.role), who.role, who.region)
		if err != nil {
			return err
		}
		pages, err := links(browser, s.base)
		if err != nil {
			return err
		}
		for _, page := range pages {
			var took times
			size := 0
			for range c.Times {
				began := e.clock.Real()
				body, err := fetch(browser, s.base+page)
				if err != nil {
					return err
				}
				took, size = append(took, e.clock.Real().Sub(began)), len(body)
			}
			took.row(out, who.name+" "+page, fmt.Sprintf("%d KB", size/1024))
		}
	}
	took, err := s.progress(200)
	if err != nil {
		return err
	}
	took.row(out, "一位干部的名单和进度", "")
	return out.Flush()
}

// signIn makes an account and a browser that is signed in to it.
func (s *stage) signIn(login string, role models.AccountRole, region string) (*http.Client, error) {
	st := s.app.db.System("bench web")
	password := web.FirstPassword()
	hash, err := web.HashPassword(password)
	if err != nil {
		return nil, err
	}
	err = st.AddAccount(s.ctx, &models.Account{
		Name: models.Conceal("测速"), Login: login, Password: hash, Role: role, Region: region, PasswordAt: st.Now(),
	})
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	browser := &http.Client{Jar: jar, Timeout: time.Minute}
	rsp, err := browser.PostForm(s.base+"/admin/signin", url.Values{"login": {login}, "password": {password}})
	if err != nil {
		return nil, err
	}
	rsp.Body.Close()
	if rsp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("管理台登不进去:HTTP %d", rsp.StatusCode)
	}
	return browser, nil
}

func fetch(browser *http.Client, address string) ([]byte, error) {
	rsp, err := browser.Get(address)
	if err != nil {
		return nil, err
	}
	defer rsp.Body.Close()
	body, err := io.ReadAll(rsp.Body)
	if err == nil && rsp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s:HTTP %d", rsp.Request.URL.Path, rsp.StatusCode)
	}
	return body, err
}

// links lists the first page and those it leads to.
func links(browser *http.Client, base string) ([]string, error) {
	body, err := fetch(browser, base+"/admin/")
	if err != nil {
		return nil, err
	}
	pages := []string{"/admin/"}
	for _, m := range consoleLink.FindAllStringSubmatch(string(body), -1) {
		page := strings.ReplaceAll(m[1], "&amp;", "&")
		if !slices.Contains(pages, page) && !strings.Contains(page, "/static/") && len(pages) < 40 {
			pages = append(pages, page)
		}
	}
	return pages, nil
}

// progress times the roster and the year's tallies of single cadres.
func (s *stage) progress(n int) (took times, err error) {
	st := s.app.db.System("bench web")
	today := models.DayOf(s.clock.Now(), s.app.cfg.Zone())
	cadres, err := st.CadrePage(s.ctx, "", n)
	if err != nil {
		return nil, err
	}
	for _, c := range cadres {
		began := s.clock.Real()
		as := st.As(models.Actor{Cadre: c.ID})
		roster, err := as.Roster(s.ctx, c.ID, today)
		if err != nil {
			return nil, err
		}
		pairings := make([]models.Pairing, len(roster))
		for i, p := range roster {
			pairings[i] = p.Pairing
		}
		if _, err := as.Tallies(s.ctx, pairings, today.Year()); err != nil {
			return nil, err
		}
		took = append(took, s.clock.Real().Sub(began))
	}
	return took, nil
}

type benchRemindCmd struct {
	benchPlace
	Times int `help:"算几遍。" default:"3" placeholder:"N"`
}

// Run works out what is due for the whole city, writing nothing.
func (c *benchRemindCmd) Run(e *env) error {
	s, err := c.open(e)
	if err != nil {
		return err
	}
	defer s.stop()
	outbox := newOutbox(s.app.cfg, e.clock)
	st := s.app.db.System("bench remind")
	var took times
	var due map[string]int
	for range max(1, c.Times) {
		due = map[string]int{}
		began := e.clock.Real()
		if err := outbox.Plan(e.ctx, st, e.clock.Now(), func(d handlers.Due) error { due[d.Kind]++; return nil }); err != nil {
			return err
		}
		took = append(took, e.clock.Real().Sub(began))
	}
	out := tableOn(e.stdout)
	fmt.Fprintln(out, timesHead)
	took.row(out, "算一遍该提醒谁", fmt.Sprint(due))
	return out.Flush()
}
