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
	"strconv"
	"strings"
	"time"

	"aixin/models"
	"aixin/web"
)

type benchWebCmd struct {
	benchPlace
	Times int `help:"每页打开几次。" default:"20" placeholder:"N"`
}

// consoleLink finds the pages that the console's first page leads to.
var consoleLink = regexp.MustCompile(`href="(/admin/[^"#]*)"`)

// Run opens each kind of page that one comes to from the console's first, as a
// county's and as the city's administrator, and works out the progress of single
// cadres. The time is the server's own, with the statements of the page beside it.
func (c *benchWebCmd) Run(e *env) error {
	s, err := c.open(e)
	if err != nil {
		return err
	}
	defer s.stop()
	out := tableOn(e.stdout)
	fmt.Fprintln(out, timesHead)
	var all times
	most := 0
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
			queries := 0
			for range c.Times {
				seen, err := open(browser, s.base+page)
				if err != nil {
					return err
				}
				took, queries = append(took, seen.took), max(queries, seen.queries)
			}
			most, all = max(most, queries), append(all, took...)
			took.row(out, who.name+" "+kindOfPage(page), fmt.Sprintf("%d 次查询", queries))
		}
	}
	all.row(out, "所有页面", fmt.Sprintf("最多 %d 次查询", most))
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

// opened is what a page told of itself.
type opened struct {
	body    string
	took    time.Duration
	queries int
}

func open(browser *http.Client, address string) (o opened, err error) {
	rsp, err := browser.Get(address)
	if err != nil {
		return o, err
	}
	defer rsp.Body.Close()
	body, err := io.ReadAll(rsp.Body)
	if err == nil && rsp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s:HTTP %d", rsp.Request.URL.Path, rsp.StatusCode)
	}
	if err != nil {
		return o, err
	}
	o.body = string(body)
	if o.took, err = time.ParseDuration(rsp.Header.Get("Aixin-Took")); err != nil {
		return o, err
	}
	o.queries, err = strconv.Atoi(rsp.Header.Get("Aixin-Queries"))
	return o, err
}

// links goes from the first page on and lists one page of each kind.
func links(browser *http.Client, base string) ([]string, error) {
	pages, seen := []string{"/admin/"}, map[string]bool{"/admin/": true}
	for i := 0; i < len(pages); i++ {
		at, err := open(browser, base+pages[i])
		if err != nil {
			return nil, err
		}
		for _, m := range consoleLink.FindAllStringSubmatch(at.body, -1) {
			page, err := url.Parse(html.UnescapeString(m[1]))
			if err != nil || path.Ext(page.Path) != "" || strings.HasPrefix(page.Path, "/admin/photo/") {
				continue // a style sheet, a download or a picture is no page
			}
			if kind := kindOfPage(page.String()); !seen[kind] {
				seen[kind] = true
				pages = append(pages, page.String())
			}
		}
	}
	return pages, nil
}

// idInPath is an id as it stands in an address.
var idInPath = regexp.MustCompile(`/[0-9a-z]{26}(/|$)`)

// kindOfPage is an address without whom or what it is about.
func kindOfPage(page string) string {
	at, _, _ := strings.Cut(page, "?")
	return strings.TrimSpace(idInPath.ReplaceAllString(at, "/…$1") + " " + strings.Join(queryKeys(page), " "))
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
