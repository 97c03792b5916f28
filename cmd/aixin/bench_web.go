package main

import (
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"aixin/handlers"
	"aixin/models"
	"aixin/web"
)

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
			place, _, _ := strings.Cut(page, "?")
			took.row(out, who.name+" "+place+" "+strings.Join(queryKeys(page), " "), fmt.Sprintf("%d KB", size/1024))
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

// links lists the first page and those it leads to, one of those that differ only
// in whom they are about.
func links(browser *http.Client, base string) ([]string, error) {
	body, err := fetch(browser, base+"/admin/")
	if err != nil {
		return nil, err
	}
	pages, seen := []string{"/admin/"}, map[string]bool{"/admin/": true}
	for _, m := range consoleLink.FindAllStringSubmatch(string(body), -1) {
		page, err := url.Parse(html.UnescapeString(m[1]))
		if err != nil || path.Ext(page.Path) != "" {
			continue // a style sheet or a download is no page
		}
		kind := page.Path + "?" + strings.Join(queryKeys(page.String()), "&")
		if !seen[kind] {
			seen[kind] = true
			pages = append(pages, page.String())
		}
	}
	return pages, nil
}

// queryKeys are what a page is asked for, without the values.
func queryKeys(page string) []string {
	u, err := url.Parse(page)
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(u.Query()))
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
		if _, err := as.Tallies(s.ctx, pairings, today); err != nil {
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
		if err := outbox.Plan(e.ctx, st, e.clock.Now(), func(dues []handlers.Due) error {
			for _, d := range dues {
				due[d.Kind]++
			}
			return nil
		}); err != nil {
			return err
		}
		took = append(took, e.clock.Real().Sub(began))
	}
	out := tableOn(e.stdout)
	fmt.Fprintln(out, timesHead)
	took.row(out, "算一遍该提醒谁", fmt.Sprint(due))
	return out.Flush()
}
