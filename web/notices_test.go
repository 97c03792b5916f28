package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/web/webtest"
)

// noticeHere hands in a notice of the unit of "here" and gives its id.
func (w *world) noticeHere() string {
	w.t.Helper()
	st := w.db.System("test")
	if rows, err := st.Notices(ctx, 1); err == nil && len(rows) > 0 {
		return rows[0].ID
	}
	a, err := st.AccountByLogin(ctx, "kongtong2")
	if err != nil {
		w.t.Fatal(err)
	}
	n, err := desk.Notices{ApproveAbove: 10, Card: true, Zone: w.site.Zone}.Submit(ctx, st, a, desk.NoticeDraft{Audience: models.Audience{Role: models.RoleCadre}, Body: "周五开会"})
	if err != nil {
		w.t.Fatal(err)
	}
	return n.ID
}

func TestNoticesKeepToTheirArea(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.site.Notices = desk.Notices{ApproveAbove: 0, Card: true, Zone: w.site.Zone}
		form := url.Values{"to": {"cadre"}, "body": {"天冷,注意取暖。"}, "do": {"preview"}}
		a := w.ask("POST", "/admin/notices", form, w.signIn("kongtong1"))
		if a.StatusCode != http.StatusOK || !strings.Contains(a.body, "崆峒区的干部") || !strings.Contains(a.body, "欧阳") || strings.Contains(a.body, "欧阳建国") {
			w.t.Fatalf("preview: %d %s", a.StatusCode, a.body)
		}
		w.leaks("preview", "own county", a)
		for _, bad := range []url.Values{
			{"to": {"cadre"}, "body": {"x"}, "do": {"send"}, "region": {w.there.region}},
			{"to": {"cadre"}, "body": {"x"}, "do": {"send"}, "list": {"慕容秋菊"}},
			{"to": {"cadre"}, "body": {"{病情}"}, "do": {"send"}},
			{"to": {"nobody"}, "body": {"x"}, "do": {"send"}},
			{"to": {"cadre"}, "body": {""}, "do": {"send"}},
			{"to": {"cadre"}, "body": {"x"}, "do": {"send"}, "at": {"tomorrow"}},
		} {
			if a := w.ask("POST", "/admin/notices", bad, w.signIn("kongtong1")); a.StatusCode != http.StatusUnprocessableEntity {
				w.t.Errorf("%v: %d", bad, a.StatusCode)
			}
		}
		form.Set("do", "send")
		a = w.ask("POST", "/admin/notices", form, w.signIn("kongtong1"))
		at := a.Header.Get("Location")
		if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(at, "/admin/notices/") {
			w.t.Fatalf("send: %d %s", a.StatusCode, a.body)
		}
		// The liaison sees the own cadre in it, and does not approve a county's.
		a = w.ask("GET", at, nil, w.signIn("kongtong2"))
		if a.StatusCode != http.StatusOK || !strings.Contains(a.body, "欧阳") {
			w.t.Errorf("the liaison: %d", a.StatusCode)
		}
		if a = w.ask("GET", at, nil, w.signIn("jingchuan1")); a.StatusCode != http.StatusNotFound {
			w.t.Errorf("another county: %d", a.StatusCode)
		}
		w.ask("POST", at, url.Values{"do": {"approve"}}, w.signIn("kongtong2"))
		w.ask("POST", at, url.Values{"do": {"approve"}, "why": {"急"}}, w.signIn("kongtong1"))
		st := w.db.System("test")
		n, err := st.Notice(ctx, strings.TrimPrefix(at, "/admin/notices/"))
		if err != nil || n.State != models.NoticeWaiting {
			w.t.Fatalf("approved by who may not: %s %v", n.State, err)
		}
		w.account("kongtong9", models.AccountCounty, w.here, "第二人")
		w.ask("POST", at, url.Values{"do": {"approve"}}, w.signIn("kongtong9"))
		if n, err = st.Notice(ctx, n.ID); err != nil || n.State != models.NoticeGoing {
			w.t.Fatalf("the second person: %s %v", n.State, err)
		}
		if c, err := st.NoticeCounts(ctx, n.ID); err != nil || c[store.DeliveryPlanned] != 1 {
			w.t.Errorf("%v %v", c, err)
		}
	})
}

func TestNoticesInChromium(t *testing.T) {
	webtest.Each(t, func(t *testing.T, b *webtest.Tab) {
		w, _ := journey(t)
		w.account("kongtong9", models.AccountCounty, w.here, "第二人")
		w.site.Notices = desk.Notices{ApproveAbove: 2, Card: true, Zone: w.site.Zone}
		w.create(&models.Cadre{ID: w.db.System("test").NewID(), Name: models.Conceal("没绑定"), PhoneIdx: "x", UnitID: w.here.unit, Region: w.here.region})
		w.comes(b, "kongtong1", "/admin/notices", "还没有通知")
		b.Look("notices-empty")
		b.Click("write")
		b.Sees("发的时候按各人填上")
		b.Look("notice-new")
		b.Type("body", "{称呼},今年{还差}。{病情}")
		b.Click("preview-button")
		b.Sees("填不了")
		b.Look("notice-wrong")
		b.Do(chromedp.SetValue(webtest.ID("body"), "{称呼},今年{还差}。有做过没记的,回一句就行。"))
		b.Click("preview-button")
		b.Sees("会发给谁,长什么样")
		b.Sees("同志,今年还差")
		b.Look("notice-preview")
		b.Click("send")
		b.Sees("等人批")
		b.Look("notice-waiting")
		at := b.Eval(`location.pathname`).(string)
		w.goes(b)
		w.comes(b, "kongtong9", "/admin/today", "对账")
		b.Goto(w.url + at)
		b.Click("approve")
		b.Sees("在发")
		b.Click("pause")
		b.Sees("暂停")
		b.Click("resume")
		b.Sees("接着发了")
		st := w.db.System("test")
		rows, err := st.LeaseDeliveries(ctx, "w", 1e9, 9, "")
		if err != nil || len(rows) != 3 {
			t.Fatalf("%d to send: %v", len(rows), err)
		}
		for i, state := range []string{store.DeliveryDelivered, store.DeliveryDelivered, store.DeliveryRefused} {
			if err := st.FinishDelivery(ctx, rows[i], state, "failed:user block", ""); err != nil {
				t.Fatal(err)
			}
		}
		b.Goto(w.url + at)
		b.Sees("发完了")
		b.Look("notice-done")
		b.Click("only-failed")
		b.Sees("没绑定微信,请打电话")
		b.Do(chromedp.Click(chromedp.CSS("table button")))
		b.Sees("已打电话告知")
		b.Goto(w.url + "/admin/notices")
		b.Look("notices")
	})
}
