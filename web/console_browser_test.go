package web

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"aixin/models/store/storetest"
	"aixin/web/webtest"
)

// both takes a picture of a page at an office's width and at a phone's.
func both(b *webtest.Tab, name string) { b.Both(name) }

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

// Sign-in with the second factor, a plan, and an import with twenty faults.
func TestOfficeJourneysInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.year()
	w.site.RequireTOTP = true
	b := webtest.Open(t)
	b.Do(chromedp.Navigate(w.url+"/admin/today"), chromedp.SendKeys(webtest.ID("login"), "kongtong1"), chromedp.SendKeys(webtest.ID("password"), password+"\r"))
	b.Sees("开两步验证")
	both(b, "enrol")
	secret := strings.ReplaceAll(b.Eval(`document.querySelector('[data-testid="secret"]').textContent`).(string), " ", "")
	b.Do(chromedp.SendKeys(webtest.ID("password"), password), chromedp.SendKeys(webtest.ID("code"), w.phoneCode(secret)+"\r"))
	b.Sees("只显示这一回")
	b.Do(chromedp.Click(webtest.ID("go")))
	b.Sees("到年底")
	b.Do(chromedp.Click(webtest.ID("me")), chromedp.Click(webtest.ID("signout")))
	b.Sees("登录名")
	clock.Add(time.Minute)
	b.Do(chromedp.SendKeys(webtest.ID("login"), "kongtong1"), chromedp.SendKeys(webtest.ID("password"), password+"\r"))
	b.Sees("再验一步")
	both(b, "factor")
	b.Do(chromedp.SendKeys(webtest.ID("code"), w.phoneCode(secret)+"\r"))
	b.Sees("到年底")

	b.Do(chromedp.Navigate(w.url + "/admin/plans/" + w.here.people[0]))
	b.Sees("想做到什么")
	b.Do(chromedp.SendKeys(webtest.ID("goals"), "入冬前把房顶修好"), chromedp.SendKeys(chromedp.CSS(`fieldset input[name="words"]`), "修房顶"))
	both(b, "plan-form")
	b.Do(chromedp.Click(webtest.ID("save")))
	b.Sees("乡镇批了才算数")
	b.Do(chromedp.Click(webtest.ID("approve")))
	b.Sees("再一起看一遍")
	both(b, "plan")

	book := filepath.Join(t.TempDir(), "名册.xlsx")
	if err := os.WriteFile(book, workbook(t, ""), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Do(chromedp.Navigate(w.url + "/admin/imports"))
	both(b, "imports")
	b.Do(chromedp.SetUploadFiles(webtest.ID("file"), []string{book}), chromedp.Click(webtest.ID("try")))
	b.Sees("核对")
	b.Do(chromedp.Click(webtest.ID("result")))
	b.Sees("手机号不对")
	both(b, "import")
	b.Do(chromedp.Click(webtest.ID("import")), chromedp.Click(webtest.ID("result")))
	b.Sees("导入好了")
	for _, at := range []string{"audit", "health", "grants", "plans"} {
		b.Do(chromedp.Navigate(w.url + "/admin/" + at))
		both(b, at)
	}
	for _, e := range b.Errors() {
		t.Errorf("the browser complained: %s", e)
	}
}
