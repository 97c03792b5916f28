package web

import (
	"testing"

	"github.com/chromedp/chromedp"

	"aixin/models/store/storetest"
	"aixin/web/webtest"
)

// both takes a picture of a page at an office's width and at a phone's.
func both(b *webtest.Tab, name string) {
	b.Do(chromedp.EmulateViewport(1280, 900))
	b.Looks(name + "-1280")
	b.Do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	b.Looks(name + "-390")
	b.Do(chromedp.EmulateViewport(1280, 900))
}

func TestPeopleInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.year()
	w.born(w.here.people[0], "1956-03-02", "62080219560302001X")
	b := webtest.Open(t)
	b.Do(chromedp.Navigate(w.url+"/admin/people"), chromedp.SendKeys(webtest.ID("login"), "kongtong1"), chromedp.SendKeys(webtest.ID("password"), password+"\r"))
	b.Sees("名单")
	both(b, "people")
	b.Do(chromedp.Navigate(w.url + "/admin/today"))
	b.Sees("到年底")
	both(b, "today")
	b.Do(chromedp.Click(webtest.ID("unseen")))
	b.Sees("90 天")
	both(b, "unseen")
	b.Do(chromedp.SendKeys(webtest.ID("find"), "谷军平\r"))
	b.Sees("H001")
	both(b, "found")
	b.Do(chromedp.Click(chromedp.CSS("table a")))
	b.Sees("谁看过")
	both(b, "person")
	b.Do(chromedp.SendKeys(webtest.ID("reason"), "电话回访核实地址"), chromedp.Click(webtest.ID("reveal")))
	b.Sees("吴坡村三社")
	b.Sees("看了全名和联系方式")
	both(b, "person-full")
	b.Do(chromedp.Navigate(w.url + "/admin/cadres"))
	both(b, "cadres")
	b.Do(chromedp.Click(chromedp.CSS("table a")))
	b.Sees("结对的人")
	both(b, "cadre")
	b.Do(chromedp.Navigate(w.url + "/admin/units"))
	both(b, "units")
	b.Do(chromedp.Click(chromedp.CSS("table a")))
	b.Sees("结对干部")
	both(b, "unit")
	for _, e := range b.Errors() {
		t.Errorf("the browser complained: %s", e)
	}
}
