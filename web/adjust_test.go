package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/webtest"
)

// changeOf enters a request of "here" straight into the ledger.
func (w *world) changeOf(c county, by string) models.Adjustment {
	w.t.Helper()
	a := models.Adjustment{
		Kind: models.AdjustSwap, RecipientID: c.people[0], CadreID: c.cadre, UnitID: c.unit, Region: c.region + "001001", Line: models.LinePairing,
		Reason: models.ReasonTransfer, EffectiveOn: w.site.today(), ProposedBy: by,
	}
	if err := w.db.System("test").AddAdjustment(ctx, &a); err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) handoverOf(c county) string {
	w.t.Helper()
	h := models.Handover{RecipientID: c.people[0], Line: models.LinePairing, CadreID: c.cadre, OnDay: w.site.today()}
	if err := w.db.System("test").AddHandover(ctx, &h); err != nil {
		w.t.Fatal(err)
	}
	return h.ID
}

func (w *world) lead(recipient string) string {
	w.t.Helper()
	rows, err := w.db.System("test").LastingPairings(ctx, recipient, "")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range rows {
		if p.Line == models.LinePairing {
			return p.CadreID
		}
	}
	return ""
}

// A liaison asks for a change, the county approves it, and matches who waits.
func TestAskApproveMatch(t *testing.T) {
	eachWorld(t, func(w *world) {
		t := w.t
		liaison, county, other := w.signIn("kongtong2"), w.signIn("kongtong1"), w.signIn("jingchuan1")
		ask := url.Values{"kind": {"cadre_out"}, "cadre": {w.here.cadre}, "reason": {models.ReasonRetirement}, "on": {string(w.site.today())}}
		a := w.ask("POST", "/admin/adjustments/new", url.Values{"kind": {"cadre_out"}, "cadre": {w.here.cadre}, "on": {"x"}}, liaison)
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "2026-11-20 这样") {
			t.Errorf("a bad day: %d\n%s", a.StatusCode, a.body)
		}
		if a = w.ask("POST", "/admin/adjustments/new", ask, other); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "不归您") {
			t.Errorf("another county asks: %d", a.StatusCode)
		}
		a = w.ask("POST", "/admin/adjustments/new", ask, liaison)
		page := a.Header.Get("Location")
		if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(page, "/admin/adjustments/") {
			t.Fatalf("%d %s\n%s", a.StatusCode, page, a.body)
		}
		if a = w.ask("POST", page, url.Values{"do": {"approve"}}, liaison); a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "县上办") {
			t.Errorf("a liaison approves: %d", a.StatusCode)
		}
		if a = w.ask("POST", page, url.Values{"do": {"approve"}}, other); a.StatusCode != http.StatusNotFound {
			t.Errorf("another county approves: %d", a.StatusCode)
		}
		if a = w.ask("GET", page, nil, county); !strings.Contains(a.body, "结束 2 对结对") {
			t.Errorf("what follows is not said:\n%s", a.body)
		}
		if a = w.ask("POST", page, url.Values{"do": {"return"}}, county); a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "写明原因") {
			t.Errorf("returned without a word: %d", a.StatusCode)
		}
		if a = w.ask("POST", page, url.Values{"do": {"approve"}}, county); a.StatusCode != http.StatusSeeOther || w.lead(w.here.people[0]) != "" {
			t.Fatalf("approve: %d, %q", a.StatusCode, w.lead(w.here.people[0]))
		}

		st := w.db.System("test")
		next := models.Cadre{ID: st.NewID(), Name: models.Conceal("上官云鹤"), PhoneIdx: "next", UnitID: w.here.unit, Region: w.here.region}
		w.create(&next)
		a = w.ask("GET", "/admin/pairings/waiting", nil, county)
		if !strings.Contains(a.body, "上官**") || !strings.Contains(a.body, "现在没有结对的人") || strings.Contains(a.body, "云鹤") {
			t.Errorf("no proposal:\n%s", a.body)
		}
		match := url.Values{"recipient": {w.here.people[0]}, "cadre": {next.ID}}
		if a = w.ask("POST", "/admin/pairings/waiting", match, other); a.StatusCode != http.StatusNotFound {
			t.Errorf("another county matches: %d", a.StatusCode)
		}
		if a = w.ask("POST", "/admin/pairings/waiting", match, county); a.StatusCode != http.StatusSeeOther || w.lead(w.here.people[0]) != next.ID {
			t.Errorf("match: %d", a.StatusCode)
		}
		if a = w.ask("POST", "/admin/pairings/waiting", match, county); a.StatusCode != http.StatusConflict {
			t.Errorf("twice: %d", a.StatusCode)
		}
	})
}

// A newcomer is entered by the form, with what is wrong said at its field.
func TestNewRecipientByForm(t *testing.T) {
	eachWorld(t, func(w *world) {
		t := w.t
		county := w.signIn("kongtong1")
		ask := url.Values{
			"kind": {"recipient_in"}, "name": {"令狐小月"}, "id_number": {"620899201603071250"}, "village": {"崆峒区/峡门乡/没有的村"}, "category": {"orphan"},
			"reason": {models.ReasonNew}, "on": {string(w.site.today())}, "guardian_phone": {"123"},
		}
		a := w.ask("POST", "/admin/adjustments/new", ask, county)
		for _, words := range []string{"写错了", "没有这个村", "11 位数字"} {
			if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, words) {
				t.Errorf("%q is not said: %d", words, a.StatusCode)
			}
		}
		ask.Set("id_number", "")
		ask.Set("guardian_phone", "13900001111")
		ask.Set("guardian", "令狐德")
		ask.Set("village", "崆峒区/峡门乡/吴坡村")
		a = w.ask("POST", "/admin/adjustments/new", ask, county)
		if a.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d\n%s", a.StatusCode, a.body)
		}
		page := a.Header.Get("Location")
		if a = w.ask("POST", page, url.Values{"do": {"approve"}, "words": {"只有我一人"}}, county); a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "30 分钟") {
			t.Errorf("at once: %d", a.StatusCode)
		}
		w.clock.Add(30 * time.Minute)
		if a = w.ask("POST", page, url.Values{"do": {"approve"}, "words": {"只有我一人"}}, county); a.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d\n%s", a.StatusCode, a.body)
		}
		if a = w.ask("GET", "/admin/adjustments?show=alone", nil, county); !strings.Contains(a.body, "单人办理</small>") {
			t.Error("the list of those alone is empty")
		}
		waiting, err := w.db.System("test").WaitingOn(ctx, "", w.site.today())
		if err != nil || len(waiting) != 1 || waiting[0].Name.Reveal() != "令狐小月" {
			t.Errorf("%+v %v", waiting, err)
		}
		if _, err := w.db.System("test").RegionAt(ctx, "崆峒区/峡门乡/没有的村"); !errors.Is(err, store.ErrNotFound) {
			t.Error("a form made a village")
		}
	})
}

func TestAdjustInChromium(t *testing.T) {
	webtest.Each(t, func(t *testing.T, b *webtest.Tab) {
		w, _ := journey(t)
		w.account("kongtong4", models.AccountCounty, w.here, "何知秋")
		w.comes(b, "kongtong1", "/admin/pairings", "换干部")
		b.Look("pairings")
		b.Do(chromedp.Click(chromedp.CSS("td a[data-testid=swap]")))
		b.Sees("接手干部的手机号")
		b.Do(chromedp.Click(chromedp.CSS(`input[name=reason][value=换岗]`)))
		b.Look("newchange")
		b.Click("propose")
		b.Sees("报好了")
		b.Look("own-change")
		b.Sees("以后才能自己批")
		at := b.Eval("location.pathname").(string)
		w.goes(b)
		w.comes(b, "kongtong4", "/admin/adjustments", "待批")
		b.Look("changes")
		b.Goto(w.url + at)
		b.Click("approve")
		b.Sees("已经办好")
		b.Look("approved")
		b.Click("handover")
		b.Sees("还没有人接手")
		b.Look("handover")
		b.Goto(w.url + "/admin/pairings/waiting")
		b.Sees("配上")
		b.Look("waiting")
		b.Click("accept")
		b.Sees("配上了")
		b.Sees("没有待匹配")
		b.Look("matched")
		b.Goto(w.url + "/admin/adjustments/new?kind=recipient_in")
		b.Sees("监护人")
		b.Look("newcomer")
		b.Do(chromedp.SendKeys(webtest.ID("name"), "令狐小星"), chromedp.Click(chromedp.CSS(`input[name=reason]`)), chromedp.Click(webtest.ID("propose")))
		b.Sees("请选类别,至少一样")
		b.Do(chromedp.Click(webtest.ID("category-orphan")), chromedp.Click(webtest.ID("category-severe_disability")))
		b.Do(chromedp.SendKeys(webtest.ID("village"), "崆峒区/峡门乡/吴坡村"), chromedp.Click(webtest.ID("propose")))
		b.Sees("不满 18 岁要写监护人或机构")
		b.Do(chromedp.SendKeys(webtest.ID("guardian"), "令狐德"), chromedp.Click(webtest.ID("propose")))
		b.Sees("报好了")
		b.Sees("孤儿、困难重度残疾人")
		b.Look("newcomer-asked")
		st := w.db.System("test")
		w.create(&models.Cadre{
			ID: st.NewID(), Name: models.Conceal("皇甫医"), Phone: models.Conceal("19900000123"), PhoneIdx: st.PhoneIndex("19900000123"), UnitID: w.here.unit, Region: w.here.region,
		})
		// One of the one-to-one services begins, and ends: what is wrong is said where
		// it stands.
		b.Goto(w.url + "/admin/adjustments/new?kind=line_in")
		b.Sees("一对一新增")
		b.Do(chromedp.SendKeys(webtest.ID("number"), "D0000"), chromedp.SendKeys(webtest.ID("to_phone"), "19900001"))
		b.Do(chromedp.Click(chromedp.CSS(`input[name=reason]`)), chromedp.Click(webtest.ID("propose")))
		b.Sees("没有编号 D0000 的对象")
		b.Look("line-in-wrong")
		b.Goto(w.url + "/admin/adjustments/new?kind=line_in")
		b.Look("line-in")
		b.Do(chromedp.SendKeys(webtest.ID("number"), "H001"), chromedp.SendKeys(webtest.ID("to_phone"), "19900000123"))
		b.Do(chromedp.Click(chromedp.CSS(`input[name=reason]`)), chromedp.Click(webtest.ID("propose")))
		b.Sees("报好了")
		b.Look("line-in-asked")
		b.Goto(w.url + "/admin/adjustments/new?kind=line_out")
		b.Sees("一对一结束")
		b.Look("line-out")
		b.Do(chromedp.SendKeys(webtest.ID("number"), "H001"), chromedp.Click(chromedp.CSS(`input[name=reason]`)), chromedp.Click(webtest.ID("propose")))
		b.Sees("没有")
		b.Look("line-out-wrong")
	})
}
