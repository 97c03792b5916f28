package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"

	"aixin/models"
	"aixin/models/album"
	"aixin/models/store/storetest"
)

// tab is a page in a real Chromium.
type tab struct {
	t    *testing.T
	ctx  context.Context
	dir  string // of the screenshots
	mu   sync.Mutex
	errs []string // what the browser complained about: a blocked style, a missing file
}

func newTab(t *testing.T) *tab {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("no Chromium: install Debian's packages chromium and fonts-wqy-microhei")
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("lang", "zh-CN"), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.WSURLReadTimeout(time.Minute))
	t.Cleanup(stop)
	b := &tab{t: t, dir: os.Getenv("AIXIN_TEST_SCREENSHOTS")}
	if b.dir == "" {
		b.dir = t.TempDir()
	}
	ctx, cancel := chromedp.NewContext(alloc, chromedp.WithListener(func(ev any) {
		if e, ok := ev.(*log.EventEntryAdded); ok && e.Entry.Level == "error" {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.errs = append(b.errs, e.Entry.Text+" "+e.Entry.URL)
		}
	}))
	t.Cleanup(cancel)
	b.ctx = ctx
	// The first run starts the browser and must have no deadline of its own.
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900)); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.shot("failed")
		b.t.Fatal(err)
	}
}

func id(testid string) chromedp.CSS { return chromedp.CSS(`[data-testid="` + testid + `"]`) }

// sees waits until a page shows the words.
func (b *tab) sees(words string) {
	b.t.Helper()
	expr := fmt.Sprintf(`document.readyState === 'complete' && document.body.innerText.includes(%q)`, words)
	var err error
	for range 200 {
		var there bool
		// Between two pages there is nothing to ask.
		if there, err = chromedp.Run(b.ctx, chromedp.Evaluate[bool](expr)); err == nil && there {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.shot("failed")
	b.t.Fatalf("never saw %s: %v", words, err)
}

func (b *tab) eval(expr string) any {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[any](expr))
	if err != nil {
		b.t.Fatalf("%s: %v", expr, err)
	}
	return v
}

// looks takes a picture of a page and checks what a picture does not show:
// nothing sticks out sideways, everything that can be used has a name and is
// large enough for a thumb, and words stand out from their ground.
func (b *tab) looks(name string) {
	b.t.Helper()
	b.shot(name)
	if v := b.eval(`document.documentElement.scrollWidth <= innerWidth`); v != true {
		b.t.Errorf("%s: wider than the window: %v", name, b.eval(`document.documentElement.scrollWidth + ' > ' + innerWidth`))
	}
	if v := b.eval(`[...document.querySelectorAll('button, a, input:not([type=hidden]), select')].filter((e) =>
		!e.textContent.trim() && !e.getAttribute('aria-label') && !e.labels?.length && !e.querySelector('img[alt]')).map((e) => e.outerHTML).join('\n')`); v != "" {
		b.t.Errorf("%s: without a name:\n%v", name, v)
	}
	if v := b.eval(contrast); v != "" {
		b.t.Errorf("%s: too pale (WCAG AA):\n%v", name, v)
	}
}

// contrast finds words that do not reach 4.5:1 on the nearest ground.
const contrast = `(() => {
	const rgb = (s) => s.match(/[\d.]+/g).map(Number), lin = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
	const lum = ([r, g, b]) => 0.2126 * lin(r) + 0.7152 * lin(g) + 0.0722 * lin(b)
	const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c } return [255, 255, 255] }
	const bad = new Set()
	for (const e of document.body.querySelectorAll('*')) {
		if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) || !e.offsetParent) continue
		const [a, b] = [lum(rgb(getComputedStyle(e).color)), lum(ground(e))].sort((x, y) => y - x)
		if ((a + 0.05) / (b + 0.05) < 4.5) bad.add(e.className + ' ' + e.tagName + ' ' + e.textContent.trim().slice(0, 12))
	}
	return [...bad].join('\n')
})()`

func (b *tab) shot(name string) {
	b.t.Helper()
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(b.dir, name+".png"), png, 0o600)
	}
	if err != nil {
		b.t.Logf("screenshot: %v", err)
	}
}

// download clicks and waits for the file that comes.
func (b *tab) download(dir string, click chromedp.CSS) string {
	b.t.Helper()
	yes := true
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Call(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: dir, EventsEnabled: &yes,
		})
		return err
	}), chromedp.Click(click))
	for range 200 {
		files, _ := filepath.Glob(filepath.Join(dir, "*"))
		if len(files) == 1 && !strings.HasSuffix(files[0], ".crdownload") {
			if data, err := os.ReadFile(files[0]); err == nil && len(data) > 0 {
				return string(data)
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatal("no file came")
	return ""
}

// year fills a county's year so that the pages have something to show.
func (w *world) year() {
	w.t.Helper()
	more := []county{
		w.settle("崆峒区/柳湖镇/保丰村", "平凉市第二中学", "马晓燕", []string{"李秀英", "高有才", "王桂花"}, "A"),
		w.settle("崆峒区/四十里铺镇/利民村", "崆峒区卫生健康局", "赵玉兰", []string{"杨小军", "何永平"}, "B"),
	}
	st := w.db.System("test")
	for i, c := range append(more, w.here) {
		pairings, err := st.PairingsOf(ctx, c.people)
		if err != nil {
			w.t.Fatal(err)
		}
		for j, p := range pairings {
			for month := 1; month <= 10; month += 2 + j {
				day := models.NewDay(2026, time.Month(month), 3+5*i+j)
				acts := []models.Activity{{Kind: models.KindContact, Channel: models.ChannelPhone, Day: day}}
				switch month % 3 {
				case 1:
					acts = []models.Activity{{Kind: models.KindVisit, Day: day}, {Kind: models.KindAid, Day: day, AmountFen: fen(int64(12000 + 4000*month))}}
				case 2:
					acts = []models.Activity{{Kind: models.KindHelp, Help: models.HelpDifficulty, Day: day, Late: true}}
				}
				w.record(c, p, acts)
			}
			if j == 0 {
				w.record(c, p, []models.Activity{
					{Kind: models.KindVisit, Day: models.NewDay(2026, 11, 16+i)}, {Kind: models.KindAid, Day: models.NewDay(2026, 11, 16+i), AmountFen: fen(25650)},
				})
				pic, err := album.Develop(aPicture())
				if err != nil {
					w.t.Fatal(err)
				}
				w.photo(c, pic.Thumb)
			}
		}
	}
}

func TestThePagesInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.year()
	// WeChat's page, in the browser: it sends whoever comes straight back.
	who := w.here.openid
	wechat := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		http.Redirect(rw, r, q.Get("redirect_uri")+"?code=code-"+who+"&state="+q.Get("state"), http.StatusFound)
	}))
	t.Cleanup(wechat.Close)
	w.site.OAuth = &visibleOAuth{w.oauth, wechat.URL}

	b := newTab(t)
	small := chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile)
	b.do(chromedp.Navigate(w.url + "/admin/"))
	b.sees("登录名")
	b.looks("signin-1280")
	b.do(chromedp.SendKeys(id("login"), "kongtong1"), chromedp.SendKeys(id("password"), "not this one\r"))
	b.sees("登录名或密码不对")
	b.do(small)
	b.looks("signin-390")
	b.do(chromedp.SendKeys(id("password"), password+"\r"))
	b.sees("走访联系记录")
	b.looks("activities-390")
	b.do(chromedp.EmulateViewport(1280, 900))
	b.sees("崆峒区卫生健康局")
	if v := b.eval(`[...document.images].every((i) => i.getBoundingClientRect().top > innerHeight || i.complete && i.naturalWidth > 0)`); v != true {
		t.Error("a picture does not show")
	}
	b.looks("activities-1280")
	b.do(chromedp.Click(id("older")))
	b.sees("更近的")
	b.looks("older-1280")
	b.do(chromedp.SetValue(id("kind"), "visit"), chromedp.Click(id("search")))
	b.sees("走访")
	b.do(chromedp.Click(chromedp.CSS("td.person a")))
	b.sees("只看")
	b.looks("one-person-1280")
	data := b.download(t.TempDir(), id("export"))
	if cells := w.cells(data); !strings.Contains(cells, "走访") || strings.Contains(cells, "电话") || strings.Contains(cells, "谷军平") {
		t.Errorf("the workbook: %s", cells)
	}
	b.do(chromedp.Navigate(w.url + "/admin/activities?from=2026-11-20&to=2026-11-20"))
	b.sees("按这些条件没有记录")
	b.looks("empty-1280")
	b.do(chromedp.Navigate(w.url + "/admin/password"))
	b.looks("password-1280")
	acc, err := w.db.System("test").AccountByLogin(ctx, "kongtong2")
	if err == nil {
		err = w.db.System("test").SetPassword(ctx, acc.ID, acc.Password, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	b.do(small, chromedp.Navigate(w.url+"/admin/nowhere"))
	b.looks("nowhere-390")
	b.do(chromedp.Navigate(w.url+"/admin/activities"), chromedp.Click(id("signout")))
	b.sees("登录名")
	b.do(chromedp.SendKeys(id("login"), "kongtong2"), chromedp.SendKeys(id("password"), password+"\r"))
	b.sees("先换一个自己的密码")
	b.looks("first-password-390")
	b.do(chromedp.SendKeys(id("old"), password), chromedp.SendKeys(id("new"), "山高水长路远人不老12"), chromedp.SendKeys(id("again"), "山高水长路远人不老12\r"))
	b.sees("崆峒区财政局")
	b.looks("unit-390")

	b.do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile), chromedp.Navigate(w.url+"/h/summary"))
	b.sees("谷军平")
	if v := b.eval(`parseFloat(getComputedStyle(document.querySelector('.left')).fontSize) >= 18`); v != true {
		t.Error("the phone page's type is small")
	}
	b.looks("summary-360")
	b.do(chromedp.Navigate(w.url + "/h/summary?year=2025"))
	b.sees("2025年进度")
	b.looks("summary-2025-360")
	who = "oStranger0000000000000000000"
	w.client.FlushAll(ctx) // the first phone's session is gone
	b.do(chromedp.Navigate(w.url + "/h/enter?code=code-x&state=x"))
	b.sees("再试一次")
	b.looks("again-360")
	b.do(chromedp.Navigate(w.url + "/h/summary"))
	b.sees("还没绑定")
	b.looks("not-bound-360")

	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.errs {
		if !strings.Contains(e, "status of 4") { // the pages that say no are meant to
			t.Errorf("the browser complained: %s", e)
		}
	}
}

// visibleOAuth leads the browser to a page that is there.
type visibleOAuth struct {
	*fakeOAuth
	base string
}

func (v *visibleOAuth) OAuthURL(redirect, state string) string {
	return v.base + "/?redirect_uri=" + url.QueryEscape(redirect) + "&state=" + state
}
