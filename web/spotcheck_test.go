package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
	"aixin/web/webtest"
)

// onDesk is what lies on a county's desk of checks.
type onDesk struct{ check, flag, donation string }

// deskOf puts a check, a flag and a donation there.
func (w *world) deskOf(c county) (d onDesk) {
	w.t.Helper()
	st := w.db.System("test")
	check := models.SpotCheck{
		ID: st.NewID(), Month: "2026-11", RecipientID: c.people[0], CadreID: c.cadre, UnitID: c.unit, Region: c.region, Stratum: c.region + "/orphan/一般",
		Day: "2026-11-02", AskFrom: "2026-11-03", CreatedAt: st.Now(),
	}
	flag := models.Flag{
		ID: st.NewID(), Kind: models.FlagSwarm, CadreID: c.cadre, UnitID: c.unit, Region: c.region, Day: "2026-11-02", Measure: "8", State: models.FlagOpen, FoundAt: st.Now(),
	}
	flag.Evidence = models.EvidenceOf(flag.Kind, flag.ID)
	w.create(&check, &flag)
	gift := models.Donation{Day: "2026-11-01", Donor: models.Conceal("一家公司"), AmountFen: 100000, Region: c.region}
	if err := st.AddDonation(ctx, &gift); err != nil {
		w.t.Fatal(err)
	}
	return onDesk{check.ID, flag.ID, gift.ID}
}

// A false one needs a second person; the unit's own people never ask; what was
// said is shown to nobody who is not to ask.
func TestAskingAFamily(t *testing.T) {
	eachWorld(t, func(w *world) {
		desk := w.deskOf(w.here)
		w.account("checker1", models.AccountChecker, w.here, "方一")
		w.account("checker2", models.AccountChecker, w.here, "方二")
		path := "/admin/checks/" + desk.check
		first, second := w.signIn("checker1"), w.signIn("checker2")
		w.want(w.ask("GET", path, nil, first), 200, "谷**", "打这一户")
		if a := w.ask("POST", path, url.Values{"open": {"yes"}}, first); !strings.Contains(a.body, "谷军平") || !strings.Contains(a.body, "问这几句") {
			t.Errorf("who asks does not see whom: %s", a.body)
		}
		say := func(cookie, came, outcome string) answer {
			return w.ask("POST", path, url.Values{"came": {came}, "outcome": {outcome}, "state": {"<script>alert(1)</script>"}}, cookie)
		}
		w.want(say(first, "no", "agrees"), 422, "对不上")
		w.want(say(first, "no", ""), 422, "选一个结果")
		w.want(say(first, "no", "false"), 303, "")
		w.want(w.ask("GET", path, nil, first), 200, "要由别的人来问")
		w.want(say(first, "no", "false"), 422, "别的人来问")
		if a := w.ask("POST", path, url.Values{"open": {"yes"}}, first); strings.Contains(a.body, "谷军平") || strings.Contains(a.body, "<script>alert") {
			t.Errorf("who may not ask sees who it is: %s", a.body)
		}
		if counts, err := w.db.System("test").CheckCounts(ctx, "2026-11"); err != nil || counts[0].False != 0 || counts[0].Pending != 1 {
			t.Errorf("%+v %v", counts, err)
		}
		w.want(say(second, "yes", "minor"), 303, "")
		if counts, err := w.db.System("test").CheckCounts(ctx, "2026-11"); err != nil || counts[0].Minor != 1 || counts[0].Pending != 0 {
			t.Errorf("%+v %v", counts, err)
		}
		w.want(w.ask("GET", path, nil, second), 200, "已经问过")
		rows, err := w.db.System("test").AuditTrail(ctx, store.AuditFilter{Person: w.here.people[0]}, 10)
		if err != nil || len(rows) == 0 {
			t.Errorf("nobody wrote down who looked: %v %v", rows, err)
		}
	})
}

// From the draw over the phone list and an outcome to the interval, at an office
// and on a phone.
func TestSpotCheckFromDrawToInterval(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.year()
	if err := w.db.System("test").CommitCheckSeed(ctx, "2026-11"); err != nil {
		t.Fatal(err)
	}
	clock.Set(time.Date(2026, 12, 2, 2, 0, 0, 0, time.UTC))
	who := ""
	b := w.browser(&who)
	b.Do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(w.url+"/admin/"))
	b.Do(chromedp.SendKeys(webtest.ID("login"), "kongtong1"), chromedp.SendKeys(webtest.ID("password"), password+"\r"))
	b.Sees("周知远")
	b.Do(chromedp.Navigate(w.url + "/admin/checks"))
	b.Sees("按县、类别、是否每周看望分层")
	b.Looks("check-draw-1280")
	b.Do(chromedp.Click(webtest.ID("draw")))
	b.Sees("种子公开在下面")
	b.Looks("check-list-1280")
	b.Do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	b.Looks("check-list-390")
	b.Do(chromedp.Click(chromedp.CSS("td.person a")))
	b.Sees("打这一户")
	b.Do(chromedp.Click(webtest.ID("open")))
	b.Sees("问这几句")
	b.Looks("check-390")
	b.Do(chromedp.Click(webtest.ID("came-yes")), chromedp.Click(webtest.ID("when-yes")), chromedp.Click(webtest.ID("outcome-agrees")), chromedp.Click(webtest.ID("save")))
	b.Sees("一致(含小异)占 100.0%")
	b.Looks("check-interval-390")
	b.Do(chromedp.EmulateViewport(1280, 900))
	b.Looks("check-interval-1280")
	desk := w.deskOf(w.here)
	for _, p := range []struct{ path, sees, name string }{
		{"/admin/flags", "一天记了8户的走访", "flags"},
		{"/admin/donations", "收据号", "donations"},
		{"/admin/donations/" + desk.donation, "还没安排", "donation"},
		{"/admin/filing", "待新录", "filing"},
	} {
		b.Do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(w.url+p.path))
		b.Sees(p.sees)
		b.Looks(p.name + "-1280")
		b.Do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
		b.Looks(p.name + "-390")
	}
	for _, e := range b.Errors() {
		t.Errorf("the browser complained: %s", e)
	}
}
