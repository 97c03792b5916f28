package wechatsim

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab is a page in a real Chromium.
type tab struct {
	t    *testing.T
	ctx  context.Context
	dir  string // of the screenshots
	mu   sync.Mutex
	errs []string // what the page's scripts complained about
}

func newTab(t *testing.T) *tab {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Fatal("no Chromium: install Debian's package chromium (and fonts-wqy-microhei)")
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.WSURLReadTimeout(time.Minute))
	t.Cleanup(stop)
	dir := os.Getenv("AIXIN_TEST_SCREENSHOTS")
	if dir == "" {
		dir = t.TempDir()
	}
	b := &tab{t: t, dir: dir}
	ctx, cancel := chromedp.NewContext(alloc, chromedp.WithListener(func(ev any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := ev.(type) {
		case *runtime.EventExceptionThrown:
			b.errs = append(b.errs, e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			if e.Type == "error" {
				b.errs = append(b.errs, fmt.Sprint(e.Args))
			}
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

// do runs steps within half a minute.
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

func (b *tab) click(testid string) { b.t.Helper(); b.do(chromedp.Click(id(testid))) }

// see waits until the expression holds in the page.
func (b *tab) see(expr string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool]("!!("+expr+")", chromedp.WithPollingInterval(50*time.Millisecond))); err != nil {
		b.shot("failed")
		b.t.Fatalf("never saw %s: %v", expr, err)
	}
}

// says waits for words in the chat.
func (b *tab) says(words string) {
	b.t.Helper()
	b.see(fmt.Sprintf(`document.querySelector('[data-testid="chat-log"]').textContent.includes(%q)`, words))
}

func (b *tab) eval(expr string) any {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[any](expr))
	if err != nil {
		b.t.Fatalf("%s: %v", expr, err)
	}
	return v
}

func (b *tab) shot(name string) {
	b.t.Helper()
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Logf("screenshot: %v", err)
		return
	}
	if err := os.WriteFile(filepath.Join(b.dir, name+".png"), png, 0o600); err != nil {
		b.t.Error(err)
	}
}

// fits checks that nothing sticks out sideways.
func (b *tab) fits() {
	b.t.Helper()
	if v := b.eval(`document.documentElement.scrollWidth <= innerWidth`); v != true {
		b.t.Errorf("the page is wider than the window: %v", b.eval(`document.documentElement.scrollWidth + ' > ' + innerWidth`))
	}
}

// A demo-like account answers in the browser test.
func demoReply(m inbound) string {
	switch {
	case m.Event == "subscribe":
		return "欢迎!我是记走访、问政策的小助手。\n请把单位发的绑定码发给我,比如“绑定 K7M2Q9”。"
	case m.Event == "CLICK" && m.EventKey == "mine":
		return "马海龙 联系 3/4 走访 2/2 实事 0/1,差1件实事、1个电话。\n<a href=\"" + linkBase + "/h/me\">看今年的明细</a>"
	case m.MsgType == "image":
		return "照片收好了。"
	case m.MsgType == "voice":
		return "您的话我存好了,天亮就转给王干部。人有危险先打110、120。"
	case m.MsgType == "location":
		return "位置记下了:" + m.Label
	case strings.Contains(m.Content, "老谷"):
		return "记上了:11月20日(周五)去看老谷(谷军),送米面油300元。\n谷军 联系 1/4 走访 2/2 实事 0/1\n不对就直接说,比如“是前天”“是500”。"
	}
	return "收到:" + m.Content
}

var linkBase string

func TestThePageInChromium(t *testing.T) {
	w := newWorld(t)
	w.bot.answer(demoReply, nil)
	w.Add(
		Person{
			OpenID: zhang, Name: "王建国", Role: "干部 · 崆峒区峡门乡", Note: "结对 3 户:老谷家、马海龙、李秀英", Followed: true, Code: "K7M2Q9",
			Try: []string{"昨天去老谷家走访,送了米面油300块", "进度", "名单", "给马海龙打了电话", "撤销"},
		},
		Person{OpenID: li, Name: "谷军", Role: "监护人", Note: "老谷家的儿子,常发语音", Followed: true, Try: []string{"护理补贴咋停了?"}},
	)
	for i, name := range []string{"马晓燕", "李卫东", "赵玉兰", "杨志强", "陈桂芳", "何永平"} {
		role := "干部 · 县民政局"
		if i > 3 {
			role = "管理员"
		}
		w.Add(Person{OpenID: fmt.Sprintf("o%027d", i), Name: name, Role: role, Followed: i != 5})
	}
	// The page and the account's own pages share an origin, as in the demo.
	mux := http.NewServeMux()
	mux.Handle("/sim/", w.Page())
	mux.HandleFunc("/h/me", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(rw, `<!doctype html><meta name="viewport" content="width=device-width"><title>今年的明细</title><p id="me">走访 2 次</p>`)
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	t.Cleanup(w.Close)
	linkBase = srv.URL

	tok := w.accessToken()
	w.want(0, "/cgi-bin/menu/create?access_token="+tok, `{"button":[{"type":"click","name":"记一笔","key":"record"},
		{"type":"click","name":"我的","key":"mine"},
		{"name":"更多","sub_button":[{"type":"click","name":"问政策","key":"ask"},{"type":"view","name":"明细","url":"`+srv.URL+`/h/me"},{"type":"click","name":"怎么用","key":"help"}]}]}`)

	b := newTab(t)
	b.do(chromedp.Navigate(srv.URL + "/sim/"))
	b.see(`document.querySelector('[data-testid="clock"]').textContent.includes('11月21日(周六) 9:30')`)
	b.see(`document.querySelector('#whose').textContent.includes('王建国')`)

	// The cadre's message and its receipt; Enter sends.
	b.do(chromedp.SendKeys(id("chat-input"), "昨天去老谷家走访,送了米面油300块"), chromedp.Click(id("chat-send")))
	b.says("走访 2/2")
	b.do(chromedp.SendKeys(id("chat-input"), "你好\r"))
	b.says("收到:你好")
	b.click("photo-sample-1")
	b.says("照片收好了")
	b.see(`[...document.querySelectorAll('.pic img')].every((i) => i.naturalWidth > 0)`)
	b.click("menu-mine")
	b.says("差1件实事")
	b.fits()
	b.shot("chat-1280")

	// A template card comes by itself, on another phone too.
	w.want(0, "/cgi-bin/message/template/send?access_token="+tok, dutyCard(li, "b1"))
	b.see(`document.querySelector('[data-testid="person-` + li + `"] .dot')`)
	card := dutyCard(zhang, "b2")
	card["url"] = srv.URL + "/h/me"
	w.want(0, "/cgi-bin/message/template/send?access_token="+tok, card)
	b.see(`document.querySelector('[data-testid="card"]')?.textContent.includes('有2户今年还差走访')`)
	b.shot("card-1280")
	b.do(chromedp.Click(chromedp.CSS(`[data-testid="card"] .go`)))
	b.see(`document.querySelector('#frame').contentDocument?.querySelector('#me')?.textContent === '走访 2 次'`)
	b.see(`document.querySelector('#browser-title').textContent === '今年的明细'`)
	b.shot("link-1280")
	b.click("browser-close")

	// The menu's second level; words are words, never markup.
	b.click("menu-2")
	b.shot("menu-1280")
	b.click("menu-help")
	b.do(chromedp.SendKeys(id("chat-input"), "<img src=x onerror=alert(1)>\r"))
	b.says("收到:<img src=x")

	// Voice, place, a picked file.
	b.do(chromedp.Click(chromedp.CSS("#voice-open")))
	b.click("voice-send")
	b.says("天亮就转")
	b.do(chromedp.Click(chromedp.CSS("#plus-open")), chromedp.Click(chromedp.CSS("#place-open")))
	b.shot("place-1280")
	b.click("place-send")
	b.says("位置记下了:平凉市崆峒区")
	file := filepath.Join(t.TempDir(), "院子.jpg")
	if err := os.WriteFile(file, SamplePhoto(2), 0o600); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.SetUploadFiles(id("photo-file"), []string{file}))
	b.see(`document.querySelectorAll('.me .pic').length === 2`)
	b.shot("kinds-1280")

	// The clock, somebody new, leaving and coming back.
	b.click("clock-tomorrow")
	b.see(`document.querySelector('[data-testid="clock"]').textContent.includes('11月22日(周日) 8:30')`)
	b.click("add-stranger")
	b.says("欢迎!")
	b.do(chromedp.Click(id("person-" + li)))
	b.see(`document.querySelector('[data-testid="card"]') && !document.querySelector('[data-testid="person-` + li + `"] .dot')`)
	b.click("unfollow")
	b.see(`!document.querySelector('#follow').hidden`)
	b.shot("left-1280")
	b.click("follow")
	b.says("请把单位发的绑定码发给我")

	// The bot is gone: the phone says so.
	w.bot.answer(nil, func(rw http.ResponseWriter, _ inbound) bool { rw.WriteHeader(500); return true })
	b.do(chromedp.SendKeys(id("chat-input"), "还在吗\r"))
	b.says(FaultText)
	w.bot.answer(demoReply, nil)

	// Windows between the two.
	for _, size := range [][2]int64{{1000, 640}, {768, 1024}} {
		b.do(chromedp.EmulateViewport(size[0], size[1]))
		time.Sleep(250 * time.Millisecond) // the drawers settle
		b.fits()
		b.shot(fmt.Sprintf("window-%d", size[0]))
	}

	// A small phone.
	b.do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile))
	b.do(chromedp.Navigate(srv.URL + "/sim/#" + zhang))
	b.says("走访 2/2")
	b.fits()
	time.Sleep(250 * time.Millisecond) // the drawers settle
	b.shot("chat-360")
	b.do(chromedp.Click(chromedp.CSS("#people-open")))
	b.see(`getComputedStyle(document.querySelector('#people')).visibility === 'visible'`)
	time.Sleep(250 * time.Millisecond) // the drawer slides
	b.shot("people-360")
	b.do(chromedp.Click(id("person-" + li)))
	b.says("请把单位发的绑定码发给我")
	b.do(chromedp.Click(chromedp.CSS("#card-open")))
	time.Sleep(250 * time.Millisecond)
	b.shot("settings-360")
	b.do(chromedp.Click(chromedp.CSS("#card-close")))
	b.see(`getComputedStyle(document.querySelector('#card')).visibility === 'hidden'`)
	b.click("clock-hour")
	b.see(`document.querySelector('[data-testid="clock"]').textContent.includes('9:30')`)
	b.do(chromedp.Click(chromedp.CSS("#plus-open")))
	b.shot("plus-360")
	b.fits()

	// Everything that can be tapped has a name for who cannot see it.
	if n := b.eval(`[...document.querySelectorAll('button, a, input, select, textarea')].filter((e) =>
		!e.textContent.trim() && !e.getAttribute('aria-label') && !e.labels?.length && e.tagName !== 'OPTION').map((e) => e.outerHTML).join('\n')`); n != "" {
		t.Errorf("without a name:\n%v", n)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.errs) > 0 {
		t.Errorf("the page's scripts complained: %v", b.errs)
	}
}
