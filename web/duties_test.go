package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"aixin/models"
	"aixin/models/store/storetest"
	"aixin/web/webtest"
)

// The city's office sets a version of a duty, having read it in words; a mistake
// keeps what was typed; counties read.
func TestDutiesAreSetByTheCity(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.account("shi1", models.AccountCity, county{region: models.CityCode}, "江城")
		city, here := w.signIn("shi1"), w.signIn("kongtong1")
		w.want(w.ask("GET", dutiesPath, nil, here), 200, "每年走访2次", "每周看望1次", "还没有改过")
		if page := w.ask("GET", dutiesPath+"?key=visit", nil, here); strings.Contains(page.body, "<select") {
			w.t.Error("a county gets the form")
		}
		typed := url.Values{"key": {"visit"}, "from": {"2027-01-01"}, "number": {"3"}, "cycle": {"year"}, "share": {"handover"}, "grace": {"30"}, "spacing": {"0"}, "sure": {"yes"}}
		if a := w.ask("POST", dutiesPath, typed, here); a.StatusCode != 404 {
			w.t.Errorf("a county sets a duty: %d", a.StatusCode)
		}
		w.want(w.ask("GET", dutiesPath+"?key=visit", nil, city), 200, "改“走访”", `value="2027-01-01"`)
		typed.Set("number", "很多")
		w.want(w.ask("POST", dutiesPath, typed, city), 422, "写0到366的整数", `value="很多"`, "改“走访”")
		typed.Set("number", "3")
		typed.Del("sure")
		w.want(w.ask("POST", dutiesPath, typed, city), 200, "改成:每年走访3次", "正在走的周期照旧")
		w.want(w.ask("GET", dutiesPath, nil, here), 200, "还没有改过")
		typed.Set("sure", "yes")
		if a := w.ask("POST", dutiesPath, typed, city); a.StatusCode != 303 {
			w.t.Fatalf("%d\n%s", a.StatusCode, a.body)
		}
		w.want(w.ask("GET", dutiesPath, nil, here), 200, "每年走访2次", "每年走访3次", "2027年1月1日,下一个周期起")
		rules, err := w.db.System("test").Rules(ctx)
		if err != nil || rules.Target("2026-11-01").Visits != 2 || rules.Target("2027-02-01").Visits != 3 {
			w.t.Errorf("%v %v %v", err, rules.Target("2026-11-01"), rules.Target("2027-02-01"))
		}
	})
}

func TestDutiesInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.account("shi1", models.AccountCity, county{region: models.CityCode}, "江城")
	b := webtest.Open(t)
	b.Do(chromedp.Navigate(w.url+dutiesPath), chromedp.SendKeys(webtest.ID("login"), "shi1"), chromedp.SendKeys(webtest.ID("password"), password+"\r"))
	b.Sees("还没有改过")
	both(b, "duties")
	b.Do(chromedp.Click(webtest.ID("change-help")))
	b.Sees("到哪步算一件")
	both(b, "duties-form")
	b.Do(chromedp.SetValue(webtest.ID("number"), "2"), chromedp.Click(webtest.ID("save")))
	b.Sees("改成:每年实事2件")
	both(b, "duties-sure")
	b.Do(chromedp.Click(webtest.ID("sure")))
	b.Sees("改好了:每年实事2件")
	both(b, "duties-set")
	for _, e := range b.Errors() {
		t.Errorf("the browser complained: %s", e)
	}
}
