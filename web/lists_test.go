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

// The city's office adds an entry, having read it in words; from its day on pages
// offer it, and what was renamed keeps its old word before.
func TestListsAreKeptByTheCity(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.account("shi1", models.AccountCity, county{region: models.CityCode}, "江城")
		city, here := w.signIn("shi1"), w.signIn("kongtong1")
		w.want(w.ask("GET", listsPath, nil, here), 200, "事实无人抚养儿童", "亲情关怀", "还没有填", "还没有改过")
		if page := w.ask("GET", listsPath+"?list=category", nil, here); strings.Contains(page.body, `name="others"`) {
			w.t.Error("a county gets the form")
		}
		today := string(w.site.today())
		typed := url.Values{"list": {"category"}, "name": {"特困"}, "from": {today}, "sure": {"yes"}}
		if a := w.ask("POST", listsPath, typed, here); a.StatusCode != 404 {
			w.t.Errorf("a county changes a list: %d", a.StatusCode)
		}
		w.want(w.ask("POST", listsPath, typed, city), 422, "已经是“特困人员”的叫法", `value="特困"`)
		typed.Set("name", "安置帮教人员")
		typed.Del("sure")
		w.want(w.ask("POST", listsPath, typed, city), 200, "类别“安置帮教人员”", "选的地方都是它")
		typed.Set("sure", "yes")
		if a := w.ask("POST", listsPath, typed, city); a.StatusCode != 303 {
			w.t.Fatalf("%d\n%s", a.StatusCode, a.body)
		}
		w.want(w.ask("GET", peoplePath, nil, here), 200, `<option value="own1">安置帮教人员`)
		w.want(w.ask("GET", listsPath+"?list=line&code=counsel", nil, city), 200, "改“心理抚慰”", `value="心理抚慰"`)
		rows, err := w.db.System("test").Lists(ctx)
		if err != nil || rows.Names(models.ListCategory, "2020-01-01") != models.ShippedLists().Names(models.ListCategory, "") {
			w.t.Error(err, rows.Names(models.ListCategory, "2020-01-01"))
		}
	})
}

func TestListsInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.account("shi1", models.AccountCity, county{region: models.CityCode}, "江城")
	b := webtest.Open(t)
	b.Do(chromedp.Navigate(w.url+listsPath), chromedp.SendKeys(webtest.ID("login"), "shi1"), chromedp.SendKeys(webtest.ID("password"), password+"\r"))
	b.Sees("还没有填")
	both(b, "lists")
	b.Do(chromedp.Click(webtest.ID("add-checklist")))
	b.Sees("“四必查”加一项")
	both(b, "lists-form")
	b.Do(chromedp.SendKeys(webtest.ID("name"), "取暖用电"), chromedp.Click(webtest.ID("save")))
	b.Sees("四必查“取暖用电”")
	b.Do(chromedp.Click(webtest.ID("sure")))
	b.Sees("改好了:四必查“取暖用电”")
	both(b, "lists-set")
	for _, e := range b.Errors() {
		t.Errorf("the browser complained: %s", e)
	}
}
