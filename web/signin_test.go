package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
)

func (w *world) post(path string, form url.Values, cookies ...string) answer {
	return w.ask("POST", path, form, cookies...)
}

func (w *world) want(a answer, status int, words ...string) {
	w.t.Helper()
	if a.StatusCode != status {
		w.t.Errorf("%s %s: %d, not %d\n%s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.body)
	}
	for _, word := range words {
		if !strings.Contains(a.body, word) {
			w.t.Errorf("%s %s: no %q in\n%s", a.Request.Method, a.Request.URL.Path, word, a.body)
		}
	}
}

func (w *world) wantTo(a answer, to string) {
	w.t.Helper()
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != to {
		w.t.Errorf("%s %s: %d to %q, not to %q\n%s", a.Request.Method, a.Request.URL.Path, a.StatusCode, a.Header.Get("Location"), to, a.body)
	}
}

func signInForm(login, password string) url.Values {
	return url.Values{"login": {login}, "password": {password}, "to": {"/admin/activities?kind=visit"}}
}

func TestSignIn(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.ask("GET", "/admin/activities?kind=visit", nil)
		w.wantTo(a, "/admin/signin?to=%2Fadmin%2Factivities%3Fkind%3Dvisit")
		page := w.ask("GET", a.Header.Get("Location"), nil)
		w.want(page, 200, `value="/admin/activities?kind=visit"`)
		for name, want := range map[string]string{
			"Content-Security-Policy": "frame-ancestors 'self'", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "same-origin",
		} {
			if got := page.Header.Get(name); !strings.Contains(got, want) {
				t.Errorf("%s: %q", name, got)
			}
		}
		for _, bad := range []string{"<script", "style=", "onclick", "http://"} {
			if strings.Contains(page.body, bad) {
				t.Errorf("the page has %q", bad)
			}
		}
		// Wrong and unknown look alike; what was typed stays, the password does not.
		wrong := w.post("/admin/signin", signInForm("kongtong1", "not this one"))
		unknown := w.post("/admin/signin", signInForm("nobody9", "not this one"))
		w.want(wrong, 401, wrongPassword, `value="kongtong1"`)
		w.want(unknown, 401, wrongPassword)
		if strings.ReplaceAll(wrong.body, "kongtong1", "nobody9") != unknown.body || strings.Contains(wrong.body, "not this one") {
			t.Error("a wrong password and an unknown login answer differently")
		}
		hostile := w.post("/admin/signin", url.Values{"login": {`"><script>x`}, "password": {"x"}, "to": {`/admin/"><script>y`}})
		if w.want(hostile, 401, "&lt;script&gt;x", "&lt;script&gt;y"); strings.Contains(hostile.body, "<script") {
			t.Error("what was typed became part of the page")
		}
		in := w.post("/admin/signin", signInForm(" KongTong1 ", password))
		w.wantTo(in, "/admin/activities?kind=visit")
		cookie := in.set(OfficeCookie(false))
		if raw := in.Header.Get("Set-Cookie"); !strings.Contains(raw, "HttpOnly") || !strings.Contains(raw, "SameSite=Lax") || strings.Contains(raw, "Max-Age") {
			t.Errorf("cookie: %s", raw)
		}
		w.want(w.ask("GET", "/admin/activities", nil, cookie), 200, "周知远")
		// A link out of the house is not followed.
		for _, to := range []string{"//evil.example", "https://evil.example/admin/", `/admin/\evil`} {
			w.wantTo(w.post("/admin/signin", url.Values{"login": {"jingchuan1"}, "password": {password}, "to": {to}}), "/admin/")
		}
		w.wantTo(w.post("/admin/signout", url.Values{}, cookie), "/admin/signin")
		w.wantTo(w.ask("GET", "/admin/", nil, cookie), "/admin/signin")
		w.audited("signin", 4)
		w.audited("signin.refused", 1)
	})
}

// audited checks how many audit rows there are of an action.
func (w *world) audited(action string, want int64) {
	w.t.Helper()
	got, err := w.db.System("test").CountAudit(ctx, action)
	if err != nil || got != want {
		w.t.Errorf("%d audit rows of %s, want %d (%v)", got, action, want, err)
	}
}

func TestSignInIsThrottled(t *testing.T) {
	eachWorld(t, func(w *world) {
		for range triesLogin {
			w.want(w.post("/admin/signin", signInForm("kongtong1", "not this one")), 401)
		}
		a := w.post("/admin/signin", signInForm("kongtong1", password))
		w.want(a, 429, "先歇一会儿", "10:1")
		if a.Header.Get("Retry-After") == "" || a.set(OfficeCookie(false)) != "" {
			t.Error("the sixth try was not put off")
		}
		// Others are not hindered, and the address is counted too.
		w.wantTo(w.post("/admin/signin", signInForm("jingchuan1", password)), "/admin/activities?kind=visit")
		for i := range triesAddress {
			w.post("/admin/signin", signInForm("guess"+string(rune('a'+i)), "x"))
		}
		w.want(w.post("/admin/signin", signInForm("jingchuan1", password)), 429)
		if w.redis != nil {
			w.redis.FastForward(triesWindow + time.Second)
			w.wantTo(w.post("/admin/signin", signInForm("kongtong1", password)), "/admin/activities?kind=visit")
		}
		w.client.Del(ctx, w.site.tries.key("address", "127.0.0.1"), w.site.tries.key("login", "kongtong1"))
	})
}

func TestManyRightSignInsAreNoThrottle(t *testing.T) {
	eachWorld(t, func(w *world) {
		for range triesAddress + 5 {
			w.wantTo(w.post("/admin/signin", signInForm("kongtong1", password)), "/admin/activities?kind=visit")
		}
	})
}

func TestFirstPasswordIsChanged(t *testing.T) {
	eachWorld(t, func(w *world) {
		first := FirstPassword()
		hash, err := HashPassword(first)
		if err != nil {
			t.Fatal(err)
		}
		st := w.db.System("test")
		acc, err := st.AccountByLogin(ctx, "kongtong1")
		if err == nil {
			err = st.SetPassword(ctx, acc.ID, hash, 0)
		}
		if err != nil {
			t.Fatal(err)
		}
		one := w.post("/admin/signin", signInForm("kongtong1", first)).set(OfficeCookie(false))
		two := w.post("/admin/signin", signInForm("kongtong1", first)).set(OfficeCookie(false))
		w.wantTo(w.ask("GET", "/admin/activities", nil, one), "/admin/password")
		w.want(w.ask("GET", "/admin/password", nil, one), 200, "先换一个自己的密码")
		chosen := "山高水长路远人不老"
		for fault, form := range map[string][3]string{
			"原来的密码不对": {"wrong", chosen + "12", chosen + "12"},
			"至少 10 位": {first, "短", "短"},
			"一样,请换":   {first, first, first},
			"带登录名":    {first, "xx-kongtong1-yy", "xx-kongtong1-yy"},
			"太好猜":     {first, "12345678901", "12345678901"},
			"两次写的":    {first, chosen + "12", chosen + "13"},
		} {
			w.want(w.post("/admin/password", url.Values{"old": {form[0]}, "new": {form[1]}, "again": {form[2]}}, one), 422, fault)
		}
		chosen += "12"
		a := w.post("/admin/password", url.Values{"old": {first}, "new": {chosen}, "again": {chosen}}, one)
		w.wantTo(a, "/admin/")
		if fresh := a.set(OfficeCookie(false)); fresh == "" || fresh == one {
			t.Error("the session kept its token")
		} else {
			w.want(w.ask("GET", "/admin/activities", nil, fresh), 200)
		}
		w.wantTo(w.ask("GET", "/admin/activities", nil, two), "/admin/signin?to=%2Fadmin%2Factivities")
		w.want(w.post("/admin/signin", signInForm("kongtong1", first)), 401)
		w.wantTo(w.post("/admin/signin", signInForm("kongtong1", chosen)), "/admin/activities?kind=visit")
		w.audited("password", 1)
	})
}

func TestSessionsEnd(t *testing.T) {
	eachWorld(t, func(w *world) {
		cookie := w.signIn("kongtong1")
		w.clock.Add(officeLife + time.Minute)
		w.wantTo(w.ask("GET", "/admin/", nil, cookie), "/admin/signin")
		cookie = w.again("kongtong1")
		if w.redis != nil {
			w.redis.FastForward(officeIdle - time.Minute)
			w.want(w.ask("GET", "/admin/activities", nil, cookie), 200)
			w.redis.FastForward(officeIdle - time.Minute)
			w.want(w.ask("GET", "/admin/activities", nil, cookie), 200)
			w.redis.FastForward(officeIdle + time.Minute)
			w.wantTo(w.ask("GET", "/admin/", nil, cookie), "/admin/signin")
			cookie = w.again("kongtong1")
		}
		st := w.db.System("test")
		acc, err := st.AccountByLogin(ctx, "kongtong1")
		if err == nil {
			err = st.DisableAccount(ctx, acc.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		w.wantTo(w.ask("GET", "/admin/", nil, cookie), "/admin/signin")
		w.want(w.post("/admin/signin", signInForm("kongtong1", password)), 401, wrongPassword)
	})
}

func TestForeignFormsAreRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		for header, value := range map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"} {
			req := httptest.NewRequest("POST", "/admin/signin", strings.NewReader(signInForm("kongtong1", password).Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set(header, value)
			rec := httptest.NewRecorder()
			h, err := w.site.handler()
			if err != nil {
				t.Fatal(err)
			}
			h.ServeHTTP(rec, req)
			if rec.Code != http.StatusForbidden || len(rec.Result().Cookies()) > 0 {
				t.Errorf("%s %s: %d", header, value, rec.Code)
			}
		}
		w.want(w.post("/admin/signin", url.Values{"login": {strings.Repeat("a", 20<<10)}}), 413, "没有存")
	})
}

func TestRedisAway(t *testing.T) {
	eachWorld(t, func(w *world) {
		cookie := w.signIn("kongtong1")
		w.client.Close()
		w.want(w.ask("GET", "/admin/signin", nil), 200)
		w.want(w.post("/admin/signin", signInForm("kongtong1", password)), 503, "暂时连不上")
		w.want(w.ask("GET", "/admin/activities", nil, cookie), 503, "暂时连不上")
		w.want(w.ask("GET", "/h/summary", nil, PhoneCookie(false)+"=x"), 503, "暂时连不上")
	})
}

func TestDatabaseAway(t *testing.T) {
	eachWorld(t, func(w *world) {
		cookie := w.signIn("kongtong1")
		w.db.Close()
		a := w.ask("GET", "/admin/activities", nil, cookie)
		if a.StatusCode < 500 || !strings.Contains(a.body, "没丢什么") || strings.Contains(a.body, "sql") {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	})
}

func TestRemoteAddress(t *testing.T) {
	for _, tc := range []struct{ peer, forwarded, want string }{
		{"203.0.113.9:1", "198.51.100.1", "203.0.113.9"}, // the peer is no proxy of ours
		{"127.0.0.1:1", "6.6.6.6, 198.51.100.1", "198.51.100.1"},
		{"10.0.0.7:1", "198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:1", "", "127.0.0.1"},
		{"127.0.0.1:1", "nonsense", "127.0.0.1"},
		{"[2001:db8:1:2:3:4:5:6]:1", "", "2001:db8:1:2::/64"},
		{"[::ffff:203.0.113.9]:1", "", "203.0.113.9"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tc.peer
		if tc.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tc.forwarded)
		}
		if got := remoteAddress(r); got != tc.want {
			t.Errorf("%s via %q: %s, want %s", tc.peer, tc.forwarded, got, tc.want)
		}
	}
}

func TestFirstPasswords(t *testing.T) {
	seen := map[string]bool{}
	for range 500 {
		p := FirstPassword()
		if seen[p] || len(p) != 19 || strings.ContainsAny(p, "0o1il2z5suvOIL") {
			t.Fatalf("%q", p)
		}
		seen[p] = true
	}
}

func TestSecureCookies(t *testing.T) {
	for _, name := range []string{OfficeCookie(true), PhoneCookie(true), StateCookie(true)} {
		if !strings.HasPrefix(name, "__Host-") {
			t.Error(name)
		}
	}
	if m := newSessions(nil, "x:", OfficeCookie(true), officeIdle, nil); !m.Cookie.Secure || m.Cookie.Path != "/" || m.Cookie.Domain != "" || !m.HashTokenInStore {
		t.Errorf("%+v", m.Cookie)
	}
}

func TestAccountsSeeThemselvesOnly(t *testing.T) {
	eachWorld(t, func(w *world) {
		own, err := w.db.System("test").AccountByLogin(ctx, "kongtong1")
		if err != nil {
			t.Fatal(err)
		}
		other, err := w.db.System("test").AccountByLogin(ctx, "jingchuan1")
		if err != nil {
			t.Fatal(err)
		}
		st := w.db.As(own.Actor())
		if _, err := st.Account(ctx, other.ID); err != store.ErrNotFound {
			t.Error("another's account is seen")
		}
		if err := st.SetPassword(ctx, other.ID, passwordHash(), 1); err != store.ErrNotFound {
			t.Error("another's password was set")
		}
		if rows, err := w.db.As(models.Actor{}).Accounts(ctx); err != nil || len(rows) != 0 {
			t.Error("nobody sees accounts")
		}
		invited, err := w.db.System("test").AdminInvitees(ctx)
		if err != nil || len(invited) != 5 || invited[0].SubjectID == "" || invited[0].Unit == "" {
			t.Errorf("%+v %v", invited, err)
		}
		duty, err := w.db.System("test").AccountsFor(ctx, []models.AccountRole{models.AccountDuty, models.AccountCounty}, []string{w.here.region, models.CityCode})
		if err != nil || len(duty) != 2 {
			t.Errorf("%d who answer for a place, %v", len(duty), err)
		}
	})
}
