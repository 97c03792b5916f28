package web

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"aixin/models"
	"aixin/models/store/storetest"
	"aixin/web/webtest"
)

// galleryPaths are the console's pages: every GET of the routes that is no file,
// its {…} filled, and those that look otherwise by their query.
func (w *world) galleryPaths() map[string]string {
	samples, paths := w.samples(), map[string]string{}
	for _, rt := range w.site.routes() {
		at, get := strings.CutPrefix(rt.pattern, "GET ")
		if !get || rt.object == "" || path.Ext(at) != "" || strings.HasPrefix(at, "/admin/photo/") || strings.Contains(at, "{medium}") || slices.Contains(nowhere, rt.pattern) {
			continue
		}
		at = strings.TrimSuffix(at, "{$}")
		if i := strings.Index(at, "{"); i >= 0 {
			at = at[:i] + samples[rt.pattern] + at[strings.Index(at, "}")+1:]
		}
		name := strings.NewReplacer("GET /admin/", "", "/{$}", "", "{", "", "}", "", "/", "-").Replace(rt.pattern)
		paths[name] = at
	}
	paths["pairings-ended"] = "/admin/pairings?ended=1"
	paths["adjustments-new"] += "?kind=recipient_in"
	paths["reports-view"] += "?kind=monthly&period=2026-11"
	paths["reports-year"] = "/admin/reports?kind=annual"
	paths["today-met"], paths["today-waiting"] = "/admin/today/met", "/admin/today/waiting"
	paths["checks-all"] = "/admin/checks?month=2026-11&all=1"
	paths["people-empty"] = "/admin/people?category=none"
	return paths
}

// carry puts a session into the browser.
func (w *world) carry(b *webtest.Tab, cookie string) {
	name, value, _ := strings.Cut(cookie, "=")
	b.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: w.url})
		return err
	}))
}

// drawn has a report counted.
func (w *world) drawn(path, cookie string) {
	w.t.Helper()
	w.post(path, url.Values{}, cookie)
	for range 200 {
		if strings.Contains(w.ask("GET", path, nil, cookie).body, "六项指标") {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.t.Fatal("the report was not counted")
}

// Every page of the console, of whoever sees most of it, at an office's screen and
// on a phone: each is looked at by the checks of webtest, and kept as a picture.
func TestEveryPageInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.year()
	w.site.Orders = &noted{}
	paths := w.galleryPaths()
	city := w.here
	city.region = models.CityCode
	w.account("city1", models.AccountCity, city, "江总揽")
	w.account("checker1", models.AccountChecker, w.here, "方一")
	w.account("editor1", models.AccountEditor, w.here, "温知新")
	housing := models.Account{Name: models.Conceal("石办事"), Login: "department1", Password: passwordHash(), Role: models.AccountDepartment, Region: w.here.region, Department: "住建局", PasswordAt: models.InstantOf(clock.Now())}
	if err := w.db.System("test").AddAccount(ctx, &housing); err != nil {
		t.Fatal(err)
	}
	b := webtest.Open(t)
	looked := 0
	look := func(login, prefix string, names ...string) {
		w.carry(b, w.signIn(login))
		for _, name := range names {
			b.Goto(w.url + paths[name])
			b.Both(prefix + name)
			looked++
		}
	}
	w.drawn(paths["reports-view"], w.signIn("kongtong1"))
	var all []string
	for name := range paths {
		all = append(all, name)
	}
	slices.Sort(all)
	look("kongtong1", "", all...)
	look("city1", "city-", "today", "reports", "settings-duties", "settings-lists", "checks", "accounts", "permissions")
	look("kongtong2", "unit-", "today", "pairings", "cadres")
	look("kongtong3", "duty-", "cases", "cases-id")
	look("checker1", "checker-", "checks", "checks-id")
	look("editor1", "editor-", "policy", "policy-id", "policy-gaps")
	look("department1", "department-", "needs", "needs-id")
	for i, job := range []work{
		{Title: "核对“名册.xlsx”", Over: true, Text: "核对好了:对的 1280 行,有错的 20 行。", Link: "/admin/imports"},
		{Title: "导入“名册.xlsx”", Fault: "没做完,已经记下来了;请把编号 06gzqn7n000hn 告诉管理员。"},
		{Title: "全市月报告(2026年10月)", Done: 412, Total: 1300},
	} {
		job.ID, job.Account = models.NewID(clock.Now()), w.idOf("kongtong1")
		if err := w.site.saveWork(ctx, job); err != nil {
			t.Fatal(err)
		}
		w.carry(b, w.signIn("kongtong1"))
		b.Goto(w.url + "/admin/work/" + job.ID)
		if !job.Over && job.Fault == "" {
			b.Sees("31%")
			b.Shot("work-going") // it looks again by itself
			break
		}
		b.Both("work-" + strconv.Itoa(i))
	}
	for _, window := range []func(){b.Office, b.Phone} {
		window()
		b.Goto(w.url + "/admin/today")
		b.Do(chromedp.Click(chromedp.CSS(".more summary")))
		b.Sees("家里的事")
		b.Looks(fmt.Sprint("menu-", b.Eval("innerWidth")))
	}
	if looked < 60 {
		t.Errorf("only %d pages", looked)
	}
	for _, e := range b.Errors() {
		t.Errorf("the browser complained: %s", e)
	}
	t.Logf("%d pages", looked)
}

// Whatever an office puts on paper: lists with their head on each sheet and
// nothing to click, what is folded away on the screen in full.
func TestPaperInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.year()
	w.site.Orders = &noted{}
	paths, county := w.galleryPaths(), w.signIn("kongtong1")
	w.drawn(paths["reports-view"], county)
	b := webtest.Open(t)
	w.carry(b, county)
	for _, name := range []string{
		"activities", "people", "people-id", "pairings", "pairings-waiting", "adjustments", "handovers-id", "reports-view", "today", "today-met", "filing", "plans-id", "needs", "needs-id",
		"notices-id", "checks-all", "donations", "accounts", "audit", "cadres", "cadres-id", "units", "settings-lists", "permissions",
	} {
		b.Office()
		b.Goto(w.url + paths[name])
		if n := b.Paper("paper-" + name); n < 1 || n > 12 {
			t.Errorf("%s: %d sheets", name, n)
		}
		if v := b.Eval(`[...document.querySelectorAll('header.top, nav, button, .filter, input')].filter((e) => e.getClientRects().length).map((e) => e.outerHTML.slice(0, 80)).join()`); v != "" {
			t.Errorf("%s: to be clicked on paper: %v", name, v)
		}
		if v := b.Eval(`[...document.querySelectorAll('thead')].some((h) => getComputedStyle(h).display !== 'table-header-group' || getComputedStyle(h).position !== 'static')`); v != false {
			t.Errorf("%s: a list without its head", name)
		}
		if v := b.Eval(`document.querySelector('.printed').getClientRects().length > 0 && document.documentElement.scrollWidth <= innerWidth`); v != true {
			t.Errorf("%s: no foot, or wider than the sheet", name)
		}
		b.Screen()
	}
}
