package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"aixin/models"
	"aixin/models/store"
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
	webtest.Each(t, func(t *testing.T, b *webtest.Tab) {
		w, clock := journey(t)
		if err := w.db.System("test").CommitCheckSeed(ctx, "2026-11"); err != nil {
			t.Fatal(err)
		}
		clock.Set(time.Date(2026, 12, 2, 2, 0, 0, 0, time.UTC))
		w.comes(b, "kongtong1", "/admin/checks", "按县、类别、是否每周看望分层")
		b.Look("check-draw")
		b.Click("draw")
		b.Sees("种子公开在下面")
		b.Look("check-list")
		drawn := int(b.Eval(`document.querySelectorAll('[data-testid=list] tbody tr').length`).(float64))
		if drawn < 3 {
			t.Fatalf("%d drawn", drawn)
		}
		for i := range drawn {
			b.Goto(w.url + "/admin/checks?month=2026-11")
			b.Do(chromedp.Click(chromedp.CSS("td.person a")))
			b.Sees("打这一户")
			b.Click("open")
			b.Sees("问这几句")
			if i == 0 {
				b.Look("check")
				b.Click("save")
				b.Sees("选一个结果")
				b.Look("check-wrong")
			}
			b.Click("came-yes")
			b.Click("when-yes")
			b.Click(map[bool]string{true: "outcome-minor", false: "outcome-agrees"}[i == 1])
			b.Click("save")
			b.Sees("一致(含小异)占 100.0%")
		}
		b.Sees(fmt.Sprintf("问到 %d 户", drawn))
		b.Sees("95%")
		b.Sees("这个月的都打完了")
		b.Look("check-interval")
	})
}

// The desks beside the draw.
func TestDesksOfChecksInChromium(t *testing.T) {
	webtest.Each(t, func(t *testing.T, b *webtest.Tab) {
		w, _ := journey(t)
		desk := w.deskOf(w.here)
		w.comes(b, "kongtong1", "/admin/flags", "一天记了8户的走访")
		b.Look("flags")
		b.Type("reason", "三户住一个院子,单位一起去的")
		b.Click("dismiss")
		b.Sees("现在没有要看的")
		b.Goto(w.url + "/admin/donations")
		b.Sees("收据号")
		b.Type("donor", "爱心人士")
		b.Eval(`document.querySelector('[data-testid=save]').form.noValidate = true`)
		b.Click("save")
		b.Sees("选一个日子")
		if v := b.Eval(`document.querySelector('[name=donor]').value`); v != "爱心人士" {
			t.Errorf("what was typed is gone: %v", v)
		}
		b.Look("donations-wrong")
		b.Goto(w.url + "/admin/donations/" + desk.donation)
		b.Sees("还没安排")
		b.Look("donation")
		b.Goto(w.url + "/admin/filing")
		b.Sees("待新录")
		b.Look("filing")
		b.Click("tick")
		b.Click("save")
		b.Sees("勾了 1 条")
	})
}
