package wechatsim

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"aixin/web/webtest"
)

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

	b := webtest.Open(t)
	b.Do(chromedp.Navigate(srv.URL + "/sim/"))
	b.See(`document.querySelector('[data-testid="clock"]').textContent.includes('11月21日(周六) 9:30')`)
	b.See(`document.querySelector('#whose').textContent.includes('王建国')`)

	// The cadre's message and its receipt; Enter sends.
	b.Do(chromedp.SendKeys(webtest.ID("chat-input"), "昨天去老谷家走访,送了米面油300块"), chromedp.Click(webtest.ID("chat-send")))
	b.Says("走访 2/2")
	b.Do(chromedp.SendKeys(webtest.ID("chat-input"), "你好\r"))
	b.Says("收到:你好")
	b.Click("photo-sample-1")
	b.Says("照片收好了")
	b.See(`[...document.querySelectorAll('.pic img')].every((i) => i.naturalWidth > 0)`)
	b.Click("menu-mine")
	b.Says("差1件实事")
	b.Fits()
	b.Shot("chat-1280")

	// A template card comes by itself, on another phone too.
	w.want(0, "/cgi-bin/message/template/send?access_token="+tok, dutyCard(li, "b1"))
	b.See(`document.querySelector('[data-testid="person-` + li + `"] .dot')`)
	card := dutyCard(zhang, "b2")
	card["url"] = srv.URL + "/h/me"
	w.want(0, "/cgi-bin/message/template/send?access_token="+tok, card)
	b.See(`document.querySelector('[data-testid="card"]')?.textContent.includes('有2户今年还差走访')`)
	b.Shot("card-1280")
	b.Do(chromedp.Click(chromedp.CSS(`[data-testid="card"] .go`)))
	b.See(`document.querySelector('#frame').contentDocument?.querySelector('#me')?.textContent === '走访 2 次'`)
	b.See(`document.querySelector('#browser-title').textContent === '今年的明细'`)
	b.Shot("link-1280")
	b.Click("browser-close")

	// The menu's second level; words are words, never markup.
	b.Click("menu-2")
	b.Shot("menu-1280")
	b.Click("menu-help")
	b.Do(chromedp.SendKeys(webtest.ID("chat-input"), "<img src=x onerror=alert(1)>\r"))
	b.Says("收到:<img src=x")

	// Voice, place, a picked file.
	b.Do(chromedp.Click(chromedp.CSS("#voice-open")))
	b.Click("voice-send")
	b.Says("天亮就转")
	b.Do(chromedp.Click(chromedp.CSS("#plus-open")), chromedp.Click(chromedp.CSS("#place-open")))
	b.Shot("place-1280")
	b.Click("place-send")
	b.Says("位置记下了:平凉市崆峒区")
	file := filepath.Join(t.TempDir(), "院子.jpg")
	if err := os.WriteFile(file, SamplePhoto(2), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Do(chromedp.SetUploadFiles(webtest.ID("photo-file"), []string{file}))
	b.See(`document.querySelectorAll('.me .pic').length === 2`)
	b.Shot("kinds-1280")

	// The clock, somebody new, leaving and coming back.
	b.Click("clock-tomorrow")
	b.See(`document.querySelector('[data-testid="clock"]').textContent.includes('11月22日(周日) 8:30')`)
	b.Click("add-stranger")
	b.Says("欢迎!")
	b.Do(chromedp.Click(webtest.ID("person-" + li)))
	b.See(`document.querySelector('[data-testid="card"]') && !document.querySelector('[data-testid="person-` + li + `"] .dot')`)
	b.Click("unfollow")
	b.See(`!document.querySelector('#follow').hidden`)
	b.Shot("left-1280")
	b.Click("follow")
	b.Says("请把单位发的绑定码发给我")

	// The bot is gone: the phone says so.
	w.bot.answer(nil, func(rw http.ResponseWriter, _ inbound) bool { rw.WriteHeader(500); return true })
	b.Do(chromedp.SendKeys(webtest.ID("chat-input"), "还在吗\r"))
	b.Says(FaultText)
	w.bot.answer(demoReply, nil)

	// Windows between the two.
	for _, size := range [][2]int64{{1000, 640}, {768, 1024}} {
		b.Do(chromedp.EmulateViewport(size[0], size[1]))
		time.Sleep(250 * time.Millisecond) // the drawers settle
		b.Fits()
		b.Shot(fmt.Sprintf("window-%d", size[0]))
	}

	// A small phone.
	b.Do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile))
	b.Do(chromedp.Navigate(srv.URL + "/sim/#" + zhang))
	b.Says("走访 2/2")
	b.Fits()
	time.Sleep(250 * time.Millisecond) // the drawers settle
	b.Shot("chat-360")
	b.Do(chromedp.Click(chromedp.CSS("#people-open")))
	b.See(`getComputedStyle(document.querySelector('#people')).visibility === 'visible'`)
	time.Sleep(250 * time.Millisecond) // the drawer slides
	b.Shot("people-360")
	b.Do(chromedp.Click(webtest.ID("person-" + li)))
	b.Says("请把单位发的绑定码发给我")
	b.Do(chromedp.Click(chromedp.CSS("#card-open")))
	time.Sleep(250 * time.Millisecond)
	b.Shot("settings-360")
	b.Do(chromedp.Click(chromedp.CSS("#card-close")))
	b.See(`getComputedStyle(document.querySelector('#card')).visibility === 'hidden'`)
	b.Click("clock-hour")
	b.See(`document.querySelector('[data-testid="clock"]').textContent.includes('9:30')`)
	b.Do(chromedp.Click(chromedp.CSS("#plus-open")))
	b.Shot("plus-360")
	b.Fits()

	// Everything that can be tapped has a name for who cannot see it.
	if n := b.Eval(`[...document.querySelectorAll('button, a, input, select, textarea')].filter((e) =>
		!e.textContent.trim() && !e.getAttribute('aria-label') && !e.labels?.length && e.tagName !== 'OPTION').map((e) => e.outerHTML).join('\n')`); n != "" {
		t.Errorf("without a name:\n%v", n)
	}
	if errs := b.Errors(); len(errs) > 0 {
		t.Errorf("the page's scripts complained: %v", errs)
	}
}
