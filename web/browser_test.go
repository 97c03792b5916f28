package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"aixin/models"
	"aixin/models/album"
	"aixin/models/store/storetest"
	"aixin/web/webtest"
)

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

// browser opens Chromium, with WeChat's page in it: that sends whoever comes
// straight back as the openid.
func (w *world) browser(who *string) *webtest.Tab {
	wechat := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		http.Redirect(rw, r, q.Get("redirect_uri")+"?code=code-"+*who+"&state="+q.Get("state"), http.StatusFound)
	}))
	w.t.Cleanup(wechat.Close)
	w.site.OAuth = &visibleOAuth{w.oauth, wechat.URL}
	return webtest.Open(w.t)
}

func TestThePagesInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.year()
	who := w.here.openid
	b := w.browser(&who)
	small := chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile)
	b.Do(chromedp.Navigate(w.url + "/admin/"))
	b.Sees("登录名")
	b.Looks("signin-1280")
	b.Do(chromedp.SendKeys(webtest.ID("login"), "kongtong1"), chromedp.SendKeys(webtest.ID("password"), "not this one\r"))
	b.Sees("登录名或密码不对")
	b.Do(small)
	b.Looks("signin-390")
	b.Do(chromedp.SendKeys(webtest.ID("password"), password+"\r"))
	b.Sees("对账")
	b.Goto(w.url + "/admin/activities")
	b.Sees("走访联系记录")
	b.Looks("activities-390")
	b.Do(chromedp.EmulateViewport(1280, 900))
	b.Sees("崆峒区卫生健康局")
	if v := b.Eval(`[...document.images].every((i) => i.getBoundingClientRect().top > innerHeight || i.complete && i.naturalWidth > 0)`); v != true {
		t.Error("a picture does not show")
	}
	b.Looks("activities-1280")
	b.Do(chromedp.Click(webtest.ID("older")))
	b.Sees("更近的")
	b.Looks("older-1280")
	b.Do(chromedp.SetValue(webtest.ID("kind"), "visit"), chromedp.Click(webtest.ID("search")))
	b.At("kind=visit")
	b.Sees("走访")
	b.Do(chromedp.Click(chromedp.CSS("td.person a")))
	b.Sees("只看")
	b.Looks("one-person-1280")
	data := b.Download(t.TempDir(), webtest.ID("export"))
	if cells := w.cells(data); !strings.Contains(cells, "走访") || strings.Contains(cells, "电话") || strings.Contains(cells, "谷军平") {
		t.Errorf("the workbook: %s", cells)
	}
	b.Do(chromedp.Navigate(w.url + "/admin/activities?from=2026-11-20&to=2026-11-20"))
	b.Sees("按这些条件没有记录")
	b.Looks("empty-1280")
	b.Do(chromedp.Navigate(w.url + "/admin/password"))
	b.Looks("password-1280")
	acc, err := w.db.System("test").AccountByLogin(ctx, "kongtong2")
	if err == nil {
		err = w.db.System("test").SetPassword(ctx, acc.ID, acc.Password, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	b.Do(small, chromedp.Navigate(w.url+"/admin/nowhere"))
	b.Looks("nowhere-390")
	b.Do(chromedp.Navigate(w.url+"/admin/activities"), chromedp.Click(webtest.ID("me")), chromedp.Click(webtest.ID("signout")))
	b.Sees("登录名")
	b.Do(chromedp.SendKeys(webtest.ID("login"), "kongtong2"), chromedp.SendKeys(webtest.ID("password"), password+"\r"))
	b.Sees("先换一个自己的密码")
	b.Looks("first-password-390")
	b.Do(chromedp.SendKeys(webtest.ID("old"), password), chromedp.SendKeys(webtest.ID("new"), "山高水长路远人不老12"), chromedp.SendKeys(webtest.ID("again"), "山高水长路远人不老12\r"))
	b.Sees("崆峒区财政局")
	b.Looks("unit-390")

	b.Do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile), chromedp.Navigate(w.url+"/h/summary"))
	b.Sees("谷军平")
	if v := b.Eval(`parseFloat(getComputedStyle(document.querySelector('.left')).fontSize) >= 18`); v != true {
		t.Error("the phone page's type is small")
	}
	b.Looks("summary-360")
	b.Do(chromedp.Navigate(w.url + "/h/summary?year=2025"))
	b.Sees("2025年进度")
	b.Looks("summary-2025-360")
	who = "oStranger0000000000000000000"
	w.client.FlushAll(ctx) // the first phone's session is gone
	b.Do(chromedp.Navigate(w.url + "/h/enter?code=code-x&state=x"))
	b.Sees("再试一次")
	b.Looks("again-360")
	b.Do(chromedp.Navigate(w.url + "/h/summary"))
	b.Sees("还没绑定")
	b.Looks("not-bound-360")

	for _, e := range b.Errors() {
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
