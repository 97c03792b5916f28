package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"aixin/models"
)

var firstShown = regexp.MustCompile(`data-testid="first">([a-z0-9-]+)<`)

// An account is made by one and opened by another; who asks does not nod, but
// for who is alone for half an hour, and that is listed.
func TestAnAccountTakesTwo(t *testing.T) {
	eachWorld(t, func(w *world) {
		st := w.db.System("test")
		w.account("kongtong9", models.AccountCounty, w.here, "秦知行")
		me, other, far := w.signIn("kongtong1"), w.signIn("kongtong9"), w.signIn("jingchuan1")
		form := url.Values{"name": {"毛小雨"}, "role": {"unit"}, "unit": {"崆峒区财政局"}, "login": {"xiaoyu"}, "reason": {"接替冯青山"}, "proof": {password}}
		without := func(name string) url.Values {
			f := url.Values{}
			for k, v := range form {
				f[k] = v
			}
			f.Set(name, "")
			return f
		}
		for _, name := range []string{"name", "role", "unit", "reason", "proof"} {
			a := w.post("/admin/accounts/new", without(name), me)
			w.want(a, 422, "aria-invalid")
			if name != "name" && !strings.Contains(a.body, `value="毛小雨"`) || strings.Contains(a.body, password) {
				t.Errorf("without %s the form does not keep what was typed, or keeps the password", name)
			}
		}
		strong := without("login")
		strong.Set("role", "county")
		strong.Set("region", w.here.region)
		w.want(w.post("/admin/accounts/new", strong, me), 422, "选一个您能发的岗位")
		made := w.post("/admin/accounts/new", form, me)
		w.want(made, 200, "等另一位管理员批了才能登录", "xiaoyu")
		first := firstShown.FindStringSubmatch(made.body)
		if first == nil {
			t.Fatal("no first password")
		}
		w.want(w.post("/admin/accounts/new", form, me), 422, "已经有人用了")
		signIn := func() int {
			return w.post("/admin/signin", url.Values{"login": {"xiaoyu"}, "password": {first[1]}}).StatusCode
		}
		if got := signIn(); got != 401 {
			t.Errorf("before the nod the sign-in answers %d", got)
		}
		orders, err := st.AccountOrders(ctx, "", 10)
		if err != nil || len(orders) != 1 {
			t.Fatal(orders, err)
		}
		at, page := "/admin/orders/"+orders[0].ID, accountsPath+"/"+orders[0].AccountID
		w.wantTo(w.post(at, url.Values{"give": {"yes"}}, me), page)
		w.want(w.ask("GET", page, nil, me), 200, "报上 30 分钟后可以自己批", "停用")
		w.want(w.post(at, url.Values{"give": {"yes"}}, far), 404)
		w.want(w.ask("GET", page, nil, far), 404)
		w.wantTo(w.post(at, url.Values{"give": {"yes"}}, other), page)
		if got := signIn(); got != 303 {
			t.Errorf("after the nod the sign-in answers %d", got)
		}
		w.want(w.ask("GET", page, nil, me), 200, "kongtong9 批了", "首个密码没换")

		// Shutting out is one person's, at once.
		cookie := w.signIn("kongtong2")
		w.want(w.ask("GET", "/admin/activities", nil, cookie), 200)
		liaison := accountsPath + "/" + w.liaison()
		act := func(do, reason string, who string) answer {
			return w.post(liaison, url.Values{"do": {do}, "reason": {reason}, "proof": {password}}, who)
		}
		w.want(act("sessions", "", me), 422, "写一句为什么")
		w.wantTo(act("sessions", "电脑没退出", me), liaison)
		w.wantTo(w.ask("GET", "/admin/activities", nil, cookie), "/admin/signin?to=%2Fadmin%2Factivities")
		again := act("password", "忘了密码", me)
		w.want(again, 200, "只显示这一次")
		if firstShown.FindString(again.body) == "" {
			t.Error("no new password")
		}

		// A phone that is lost takes two; alone, after half an hour.
		w.wantTo(act("factor", "手机丢了", me), liaison)
		w.wantTo(act("factor", "手机丢了", other), liaison)
		w.want(w.ask("GET", liaison, nil, other), 200, "已有一件在等批")
		if orders, err = st.AccountOrders(ctx, w.liaison(), 10); err != nil || len(orders) != 1 {
			t.Fatal(orders, err)
		}
		w.clock.Add(models.AloneAfter - time.Minute*10) // sessions end after half an hour without a click
		w.want(w.ask("GET", liaison, nil, me), 200)
		w.clock.Add(11 * time.Minute)
		w.wantTo(w.post("/admin/orders/"+orders[0].ID, url.Values{"give": {"yes"}}, me), liaison)
		w.want(w.ask("GET", accountsPath, nil, me), 200, "单人办理")

		// Another place: asked for, given, and the old session is over.
		w.wantTo(w.post(liaison, url.Values{"do": {"change"}, "role": {"duty"}, "region": {w.here.region}, "reason": {"改做值班"}, "proof": {password}}, me), liaison)
		if orders, err = st.AccountOrders(ctx, w.liaison(), 10); err != nil {
			t.Fatal(err)
		}
		delete(w.cookie, "kongtong9")
		w.wantTo(w.post("/admin/orders/"+orders[0].ID, url.Values{"give": {"yes"}}, w.signIn("kongtong9")), liaison)
		if a, err := st.AccountByLogin(ctx, "kongtong2"); err != nil || a.Role != models.AccountDuty || a.UnitID != "" {
			t.Errorf("%+v %v", a, err)
		}
		w.wantTo(act("disable", "调走了", me), liaison)
		w.want(w.ask("GET", liaison, nil, me), 200, "停用", "重新启用")
		own, err := st.AccountByLogin(ctx, "kongtong1")
		if err != nil {
			t.Fatal(err)
		}
		w.want(w.post(accountsPath+"/"+own.ID, url.Values{"do": {"disable"}, "reason": {"自己停自己"}, "proof": {password}}, me), 404)
		if n, err := st.CountAudit(ctx, "account.give"); err != nil || n != 3 {
			t.Errorf("%d nods in the audit, %v", n, err)
		}
		w.want(w.ask("GET", "/admin/permissions", nil, me), 200, "要紧的再由另一人批")
	})
}
