package web

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"aixin/models"
	"aixin/models/store/storetest"
	"aixin/web/webtest"
)

// both takes a picture of a page at an office's width and at a phone's.
func both(b *webtest.Tab, name string) { b.Both(name) }

// comes signs somebody in at a page.
func (w *world) comes(b *webtest.Tab, login, at, sees string) {
	w.t.Helper()
	b.Goto(w.url + at)
	b.Sees("登录名")
	b.Type("login", login)
	b.Type("password", password+"\r")
	b.Sees(sees)
}

// goes signs out.
func (w *world) goes(b *webtest.Tab) {
	w.t.Helper()
	b.Click("me")
	b.Click("signout")
	b.Sees("登录名")
}

// A journey's world: a county's year, on a clock that stands.
func journey(t *testing.T) (*world, *storetest.Clock) {
	t.Helper()
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.year()
	return w, clock
}

// A person is found by name and opened; in full only for a reason, and who looked,
// and why, stands on the page and in the trail.
func TestPersonRevealedAndWrittenDown(t *testing.T) {
	webtest.Each(t, func(t *testing.T, b *webtest.Tab) {
		w, _ := journey(t)
		w.born(w.here.people[0], "1956-03-02", "62080219560302001X")
		w.comes(b, "kongtong1", "/admin/people", "名单")
		b.Look("people")
		b.Do(chromedp.SendKeys(webtest.ID("find"), "谷军平\r"))
		b.Sees("H001")
		b.Look("found")
		b.Do(chromedp.Click(chromedp.CSS("table a")))
		b.Sees("谁看过")
		if v := b.Eval(`document.body.innerText.includes('谷军平')`); v != false {
			t.Error("the name shows unasked")
		}
		b.Look("person")
		b.Click("unfold")
		b.Type("reason", "看")
		b.Click("reveal")
		b.Sees("写明为什么要看")
		if v := b.Eval(`document.querySelector('[name=reason]').value`); v != "看" {
			t.Errorf("what was typed is gone: %v", v)
		}
		b.Look("person-no-reason")
		b.Do(chromedp.SetValue(webtest.ID("reason"), "电话回访核实地址"))
		b.Click("reveal")
		b.Sees("谷军平")
		b.Sees("吴坡村三社")
		b.Sees("看了全名和联系方式 电话回访核实地址")
		b.Look("person-full")
		b.Goto(b.Eval("location.href.replace('/reveal', '')").(string))
		b.Sees("谁看过")
		if v := b.Eval(`document.body.innerText.includes('谷军平')`); v != false {
			t.Error("the name is not covered again")
		}
		b.Do(chromedp.Click(chromedp.CSS(`[data-testid=looked] a`)))
		b.Sees("电话回访核实地址")
		b.Sees("kongtong1")
		b.Look("person-audit")
	})
}

// 今天 opens its lists, the lists their people; cadres and units likewise.
func TestNumbersOpenTheirPeople(t *testing.T) {
	webtest.Each(t, func(t *testing.T, b *webtest.Tab) {
		w, clock := journey(t)
		st := w.db.System("test")
		clock.Add(2 * time.Hour)
		if err := st.AddMovement(ctx, models.Movement{
			Noun: models.NounRecipient, SubjectID: w.here.people[0], Kind: models.MovedOut, MovedOn: "2026-11-10", FromRegion: w.here.region, Reason: models.ReasonMovedAway,
		}); err != nil {
			t.Fatal(err)
		}
		w.comes(b, "kongtong1", "/admin/today", "到年底")
		b.Sees("不平")
		b.Look("today-odd")
		b.Click("odd")
		b.Sees("对不上的人")
		b.Sees("共 1 人")
		b.Sees("H001")
		b.Look("today-odd-list")
		b.Do(chromedp.Click(chromedp.CSS("table a")))
		b.Sees("谁看过")
		b.Goto(w.url + "/admin/today/book")
		b.Sees("峡门乡")
		b.Look("today-book")
		b.Do(chromedp.Click(chromedp.CSS("table a")))
		b.Sees("走访联系记录")
		b.Goto(w.url + "/admin/today")
		b.Click("unseen")
		b.Sees("90 天")
		b.Click("up")
		b.Sees("到年底")
		b.Goto(w.url + "/admin/cadres")
		b.Do(chromedp.Click(chromedp.CSS("table a")))
		b.Sees("结对的人")
		b.Goto(w.url + "/admin/units")
		b.Do(chromedp.Click(chromedp.CSS("table a")))
		b.Sees("结对干部")
	})
}

// Sign-in with the second factor: nothing opens before it, a wrong code does not.
func TestSignInWithSecondFactor(t *testing.T) {
	webtest.Each(t, func(t *testing.T, b *webtest.Tab) {
		w, clock := journey(t)
		w.site.RequireTOTP = true
		b.Goto(w.url + "/admin/today")
		b.Sees("登录名")
		b.Look("signin")
		w.comes(b, "kongtong1", "/admin/today", "开两步验证")
		b.Look("enrol")
		secret := strings.ReplaceAll(b.Eval(`document.querySelector('[data-testid="secret"]').textContent`).(string), " ", "")
		b.Type("password", password)
		b.Type("code", w.phoneCode(secret)+"\r")
		b.Sees("只显示这一回")
		b.Look("recovery")
		b.Click("go")
		b.Sees("到年底")
		w.goes(b)
		clock.Add(time.Minute)
		w.comes(b, "kongtong1", "/admin/today", "再验一步")
		b.Look("factor")
		b.Goto(w.url + "/admin/people")
		b.Sees("再验一步")
		b.Type("code", "000000\r")
		b.Sees("不对")
		b.Look("factor-wrong")
		b.Type("code", w.phoneCode(secret)+"\r")
		b.Sees("名单")
	})
}

// A plan from the draft over the township's nod to a ticked measure.
func TestPlanToTick(t *testing.T) {
	webtest.Each(t, func(t *testing.T, b *webtest.Tab) {
		w, _ := journey(t)
		w.need(w.here)
		w.comes(b, "kongtong1", "/admin/plans/"+w.here.people[0], "想做到什么")
		b.Sees("还没有存")
		b.Do(chromedp.SetValue(webtest.ID("goals"), "入冬前把房顶修好"), chromedp.SetValue(chromedp.CSS(`fieldset input[name="words"]`), "修房顶"))
		b.Look("plan-form")
		b.Click("save")
		b.Sees("乡镇批了才算数")
		b.Click("approve")
		b.Sees("再一起看一遍")
		b.Look("plan-approved")
		b.Do(chromedp.Click(chromedp.CSS(`ul.plain form button`)))
		b.Sees("还没办好")
		b.Sees("✓")
		b.Look("plan-ticked")
		b.Goto(w.url + "/admin/plans")
		b.Sees("1/1")
		b.Look("plans")
	})
}

// A register with twenty faults: tried, read, stored, taken back.
func TestImportWithTwentyFaults(t *testing.T) {
	webtest.Each(t, func(t *testing.T, b *webtest.Tab) {
		w, _ := journey(t)
		book := filepath.Join(t.TempDir(), "名册.xlsx")
		if err := os.WriteFile(book, workbook(t, ""), 0o600); err != nil {
			t.Fatal(err)
		}
		w.comes(b, "kongtong1", "/admin/imports", "导入名册")
		b.Look("imports")
		b.Do(chromedp.SetUploadFiles(webtest.ID("file"), []string{book}))
		b.Click("try")
		b.Sees("核对")
		b.Shot("import-work")
		b.Click("result")
		b.Sees("手机号不对")
		if n := b.Eval(`document.querySelectorAll('[data-testid=faults] tbody tr').length`); n != 20.0 {
			t.Errorf("%v faults, not twenty", n)
		}
		if n, _, err := w.db.System("test").CountPeople(ctx); err != nil || n != 9 {
			t.Errorf("%d people before it was stored: %v", n, err)
		}
		b.Look("import-tried")
		b.Click("import")
		b.Click("result")
		b.Sees("导入好了")
		b.Look("import-stored")
		if n, _, err := w.db.System("test").CountPeople(ctx); err != nil || n != 14 {
			t.Errorf("%d people: %v", n, err)
		}
		b.Goto(w.url + "/admin/imports")
		b.Click("undo")
		b.Click("sure")
		b.Click("result")
		b.Sees("导入名册")
		if n, _, err := w.db.System("test").CountPeople(ctx); err != nil || n != 9 {
			t.Errorf("%d people after it was taken back: %v", n, err)
		}
		b.Look("import-undone")
	})
}
