package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"aixin/handlers"
	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
	"aixin/web/webtest"
)

// What the city sets at the console holds for every process, is told with who set it,
// and gives way to the settings of the process again.
func TestClocksAreSetAtTheConsole(t *testing.T) {
	eachWorld(t, func(w *world) {
		t := w.t
		w.account("shi1", models.AccountCity, county{region: models.CityCode}, "江城")
		city, here := w.signIn("shi1"), w.signIn("kongtong1")
		w.want(w.ask("GET", clocksPath, nil, city), 200, `data-testid="up">设置`, "21:00-08:00,12:30-14:30", "配置 <code>push.quiet_hours</code>", "5分钟", "程序自带", "还没有改过")
		w.want(w.ask("GET", settingsPath, nil, here), 200, "时限和免打扰", "预警值班", "不够两个人", "6 种没设")
		if a := w.ask("GET", clocksPath, nil, here); a.StatusCode != 200 || strings.Contains(a.body, "?group=") {
			t.Errorf("a county's: %d", a.StatusCode)
		}
		w.want(w.ask("GET", clocksPath+"?group=quiet", nil, city), 200, `name="quiet_cadres"`, `value="21:00-08:00,12:30-14:30"`)
		typed := url.Values{"group": {"quiet"}, "quiet_cadres": {"22:00到7点"}, "quiet_families": {"20:00-08:00"}}
		w.want(w.post(clocksPath, typed, city), 422, "22:00到7点", "要写成 21:00-08:00")
		w.want(w.post(clocksPath, url.Values{"group": {"quiet"}, "quiet_cadres": {"21:00-08:00,12:30-14:30"}, "quiet_families": {"20:00-08:00"}}, city), 422, "没有要改的")
		w.want(w.post(clocksPath, url.Values{"group": {"question"}, "question_remind": {"9"}, "question_unit": {"3"}, "question_county": {"5"}, "question_hear": {"4"}}, city), 422, "一个比一个不早", `value="9"`)
		w.want(w.post(clocksPath, url.Values{"group": {"nothing"}}, city), 422, "先在下面选")
		typed = url.Values{"group": {"danger"}, "danger_red": {"3"}, "danger_yellow": {"240"}}
		w.want(w.post(clocksPath, typed, city), 200, "5分钟 → 3分钟", "一分钟内")
		if n, err := w.db.System("test").Settings(ctx); err != nil || len(n) != 0 {
			t.Fatalf("set without being sure: %v %v", n, err)
		}
		typed.Set("sure", "yes")
		if a := w.post(clocksPath, typed, here); a.StatusCode != 404 {
			t.Errorf("a county sets it: %d", a.StatusCode)
		}
		w.want(w.post(clocksPath, typed, city), 303)
		st := w.db.System("test")
		if got := st.Hours().Patience(models.DangerRed); got != 3*time.Minute {
			t.Errorf("patience %v", got)
		}
		w.want(w.ask("GET", clocksPath, nil, here), 200, "<b>3分钟</b>", "shi1", "在这里改的")
		trail, err := st.AuditTrail(ctx, store.AuditFilter{Action: "setting"}, 9)
		if err != nil || len(trail) != 1 || trail[0].Delta.Reveal() != "5分钟 → 3分钟" {
			t.Errorf("the trail: %+v %v", trail, err)
		}
		w.clock.Add(time.Minute)
		typed = url.Values{"group": {"danger"}, "danger_red": {"3"}, "danger_yellow": {"240"}, "clear": {"yes"}, "sure": {"yes"}}
		w.want(w.post(clocksPath, typed, city), 303)
		if got := st.Hours().Patience(models.DangerRed); got != 5*time.Minute {
			t.Errorf("given back: %v", got)
		}
		later := w.clock.Now().Add(48 * time.Hour).In(w.site.Zone).Format("2006-01-02T15:04")
		w.want(w.post(clocksPath, url.Values{"group": {"quiet"}, "quiet_cadres": {""}, "quiet_families": {"20:00-08:00"}, "from": {later}, "sure": {"yes"}}, city), 303)
		if got := models.WindowsText(st.Hours().QuietCadres); got == "" {
			t.Error("it holds before its time")
		}
		w.want(w.ask("GET", clocksPath, nil, city), 200, "还没到", "不设")
		w.clock.Add(49 * time.Hour)
		if got := models.WindowsText(st.Hours().QuietCadres); got != "" {
			t.Errorf("its time has come: %s", got)
		}
	})
}

// A change at one process holds at another once it has looked, which it does every
// few seconds.
func TestAnotherProcessSeesTheClocks(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	st := w.db.System("test")
	row := models.Setting{Name: "need_urgent_take", Value: "1"}
	if err := st.Set(ctx, &row, "2"); err != nil {
		t.Fatal(err)
	}
	if got := st.Hours().Limits(models.ClockUrgent).Take.Hours; got != 2 {
		t.Errorf("before it looked: %d", got)
	}
	if err := st.RefreshSettings(ctx); err != nil {
		t.Fatal(err)
	}
	if got := st.Hours().Limits(models.ClockUrgent).Take.Hours; got != 1 {
		t.Errorf("after: %d", got)
	}
}

// bind ties a phone to an account.
func (w *world) bind(login string) models.Account {
	w.t.Helper()
	st := w.db.System("test")
	a, err := st.AccountByLogin(ctx, login)
	if err == nil {
		err = st.Bind(ctx, "o"+login+strings.Repeat("0", 27-len(login)), models.RoleAdmin, a.ID)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// The roster says who is called; a place with fewer than two shows it; a shift is
// handed over and taken away, and another county has nothing to do with it.
func TestRosterIsKeptAtTheConsole(t *testing.T) {
	eachWorld(t, func(w *world) {
		t := w.t
		night := w.account("kongtong4", models.AccountDuty, w.here, "卫夜班")
		w.account("kongtong5", models.AccountDuty, w.here, "蒋白班")
		county := w.signIn("kongtong1")
		w.want(w.ask("GET", rosterPath, nil, county), 200, "不够两个人", "没绑微信", "褚守夜", "卫夜班", "还没有排班")
		first, second, third := w.bind("kongtong3"), w.bind("kongtong4"), w.bind("kongtong5")
		if a := w.ask("GET", rosterPath, nil, county); strings.Contains(a.body, "不够两个人") || strings.Contains(a.body, "郑望舒") {
			t.Errorf("three are bound, and it is short: %s", a.body)
		}
		add := func(who models.Account, from, until string) url.Values {
			return url.Values{"region": {w.here.region}, "who": {who.ID}, "from": {from}, "until": {until}, "weeks": {""}}
		}
		w.want(w.post(rosterPath, add(first, "2026-11-21T20:00", "2026-11-21T08:00"), county), 422, "要在上面那个时候之后", "2026-11-21T20:00")
		w.want(w.post(rosterPath, add(models.Account{ID: w.there.cadre}, "", ""), county), 422, "选一个人")
		far, err := w.db.System("test").AccountByLogin(ctx, "jingchuan1")
		if err != nil {
			t.Fatal(err)
		}
		w.want(w.post(rosterPath, add(far, "", ""), county), 422, "选一个人")
		w.want(w.post(rosterPath, url.Values{"region": {w.there.region}, "who": {first.ID}}, county), 422, "选一个地方")
		w.want(w.post(rosterPath, add(first, "", "2026-11-22T08:00"), county), 303)
		w.want(w.ask("GET", rosterPath, nil, county), 200, ",当班", "只有1人", "没有人")
		w.want(w.post(rosterPath, add(second, "", "2026-11-22T08:00"), county), 303)
		st := w.db.System("test")
		on, err := st.OnDuty(ctx, w.here.region)
		if err != nil || len(on) != 2 {
			t.Fatalf("on duty: %v %v", on, err)
		}
		shifts, err := st.Shifts(ctx, st.Now())
		if err != nil || len(shifts) != 2 {
			t.Fatal(shifts, err)
		}
		mine := shifts[0]
		if mine.AccountID != first.ID {
			mine = shifts[1]
		}
		at := rosterPath + "/" + mine.ID
		if a := w.post(at, url.Values{"do": {"end"}, "sure": {"yes"}}, w.signIn("jingchuan1")); a.StatusCode != 404 {
			t.Errorf("another county: %d", a.StatusCode)
		}
		w.want(w.ask("GET", rosterPath+"?over="+mine.ID, nil, county), 200, "交班:褚守夜", "交给他")
		w.want(w.post(at, url.Values{"do": {"hand"}, "who": {first.ID}}, county), 422, "不是他自己")
		w.want(w.post(at, url.Values{"do": {"hand"}, "who": {third.ID}, "from": {"2026-11-21T20:00"}}, county), 303)
		w.clock.Add(11 * time.Hour) // nine in the evening
		on, err = st.OnDuty(ctx, w.here.region)
		if err != nil || len(on) != 2 || on[0].ID != night.ID || on[1].ID != third.ID {
			t.Errorf("after the hand-over: %v %v", on, err)
		}
		w.cookie = map[string]string{}
		county = w.signIn("kongtong1")
		if a := w.post(at, url.Values{"do": {"end"}}, county); a.StatusCode != 200 {
			t.Errorf("taken away without a question: %d", a.StatusCode)
		}
		weekly := add(first, "2026-11-27T20:00", "2026-11-28T08:00")
		weekly.Set("weeks", "3")
		w.want(w.post(rosterPath, weekly, county), 303)
		if all, err := st.Shifts(ctx, st.Now()); err != nil || len(all) != 6 || all[5].FromAt.Time().In(w.site.Zone).Format("01-02 15:04") != "12-18 20:00" {
			t.Errorf("week by week: %v %v", all, err)
		}
		for _, d := range []models.DutyShift{shifts[0], shifts[1]} {
			w.post(rosterPath+"/"+d.ID, url.Values{"do": {"end"}, "sure": {"yes"}}, county)
		}
		trail, err := st.AuditTrail(ctx, store.AuditFilter{Action: "roster"}, 20)
		if err != nil || len(trail) < 8 {
			t.Errorf("the trail has %d rows: %v", len(trail), err)
		}
	})
}

// A card of a template comes to the own phone only, by the outbox that all go by.
func TestTemplatesAreTried(t *testing.T) {
	eachWorld(t, func(w *world) {
		t := w.t
		w.account("shi1", models.AccountCity, county{region: models.CityCode}, "江城")
		city := w.signIn("shi1")
		w.site.Templates = map[string]string{"alert": "TEMPLATE-ALERT-123456"}
		a := w.ask("GET", templatesPath, nil, city)
		w.want(a, 200, "…123456", "没设", "您的账号没绑微信", "红色预警就到不了")
		if strings.Contains(a.body, "TEMPLATE-ALERT") {
			t.Error("the whole id is shown")
		}
		w.post(templatesPath, url.Values{"name": {"alert"}}, city)
		w.bind("shi1")
		w.post(templatesPath, url.Values{"name": {"notice"}}, city)
		st := w.db.System("test")
		if rows, err := st.LeaseDeliveries(ctx, "test", time.Minute, 9, ""); err != nil || len(rows) != 0 {
			t.Fatalf("sent: %v %v", rows, err)
		}
		w.want(w.post(templatesPath, url.Values{"name": {"alert"}}, city), 303)
		w.want(w.post(templatesPath, url.Values{"name": {"alert"}}, city), 303)
		rows, err := st.LeaseDeliveries(ctx, "test", time.Minute, 9, "")
		if err != nil || len(rows) != 1 || rows[0].Kind != desk.KindTry {
			t.Fatalf("deliveries: %+v %v", rows, err)
		}
		outbox := &handlers.Outbox{Templates: w.site.Templates, Zone: w.site.Zone, Now: w.clock.Now}
		out, err := outbox.Prepare(ctx, st, rows[0])
		if err != nil || out.Card == nil || out.Card.Template != "TEMPLATE-ALERT-123456" || len(out.Card.Fields) == 0 {
			t.Fatalf("the card: %+v %v", out, err)
		}
		if err := st.FinishDelivery(ctx, rows[0], store.DeliveryFailed, "40037", ""); err != nil {
			t.Fatal(err)
		}
		w.want(w.ask("GET", templatesPath, nil, city), 200, "没送到", "40037")
		if a := w.post(templatesPath, url.Values{"name": {"alert"}}, w.signIn("kongtong1")); a.StatusCode != 404 {
			t.Errorf("a county tries: %d", a.StatusCode)
		}
	})
}

func TestSettingsInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.account("shi1", models.AccountCity, county{region: models.CityCode}, "江城")
	w.account("kongtong4", models.AccountDuty, w.here, "卫夜班")
	w.bind("kongtong3")
	w.bind("kongtong4")
	w.bind("shi1")
	w.shift()
	w.site.Templates = map[string]string{"alert": "TEMPLATE-ALERT-123456", "notice": "TEMPLATE-NOTICE-654321"}
	b := webtest.Open(t)
	b.Do(chromedp.Navigate(w.url+settingsPath), chromedp.SendKeys(webtest.ID("login"), "shi1"), chromedp.SendKeys(webtest.ID("password"), password+"\r"))
	b.Sees("管什么")
	b.Both("settings")
	b.Do(chromedp.Navigate(w.url + clocksPath))
	b.Sees("红色预警照样马上发")
	b.Both("clocks")
	b.Do(chromedp.Click(webtest.ID("change-quiet")))
	b.Sees("看看改成什么样")
	b.Do(chromedp.SetValue(webtest.ID("quiet_cadres"), "22:00-07:30"))
	b.Both("clocks-form")
	b.Do(chromedp.Click(webtest.ID("save")))
	b.Sees("22:00-07:30")
	b.Both("clocks-sure")
	b.Do(chromedp.Click(webtest.ID("sure")))
	b.Sees("改好了")
	b.Sees("在这里改的")
	b.Both("clocks-changed")
	b.Do(chromedp.Navigate(w.url + rosterPath))
	b.Sees("排一个班")
	b.Both("roster")
	b.Do(chromedp.Click(webtest.ID("over")))
	b.Sees("余下的班给谁")
	b.Both("roster-hand")
	b.Do(chromedp.Navigate(w.url + templatesPath))
	b.Sees("没设会怎样")
	b.Do(chromedp.Click(webtest.ID("try-alert")))
	b.Sees("等着发")
	b.Both("templates")
	for _, e := range b.Errors() {
		t.Errorf("the browser complained: %s", e)
	}
}
