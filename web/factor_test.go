package web

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"aixin/models"
)

var (
	secretShown = regexp.MustCompile(`data-testid="secret">([A-Z2-7 ]+)<`)
	codeShown   = regexp.MustCompile(`<li>([a-z0-9]{5}-[a-z0-9]{5})</li>`)
)

// phoneCode is what the holder's phone shows.
func (w *world) phoneCode(secret string) string {
	w.t.Helper()
	code, err := totp.GenerateCode(secret, w.clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}

// signInTo gives the cookie of a fresh session, however far it may go.
func (w *world) signInTo(login string) string {
	w.t.Helper()
	a := w.post("/admin/signin", url.Values{"login": {login}, "password": {password}})
	return a.set(OfficeCookie(false))
}

func TestSecondFactor(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.site.RequireTOTP = true
		cookie := w.signInTo("kongtong1")
		w.wantTo(w.ask("GET", "/admin/activities", nil, cookie), "/admin/factor/enrol")
		page := w.ask("GET", "/admin/factor/enrol", nil, cookie)
		w.want(page, 200, "看得到个人信息", "qr.png")
		m := secretShown.FindStringSubmatch(page.body)
		if m == nil {
			t.Fatal("no secret to type")
		}
		secret := strings.ReplaceAll(m[1], " ", "")
		if qr := w.ask("GET", "/admin/factor/qr.png", nil, cookie); qr.StatusCode != 200 || !strings.HasPrefix(qr.body, "\x89PNG") {
			t.Errorf("the picture: %d", qr.StatusCode)
		}
		w.want(w.post("/admin/factor/enrol", url.Values{"password": {password}, "code": {"000000"}}, cookie), 422, "验证码不对")
		w.want(w.post("/admin/factor/enrol", url.Values{"password": {"wrong"}, "code": {w.phoneCode(secret)}}, cookie), 422, "密码不对")
		done := w.post("/admin/factor/enrol", url.Values{"password": {password}, "code": {w.phoneCode(secret)}}, cookie)
		w.want(done, 200, "只显示这一回")
		codes := codeShown.FindAllStringSubmatch(done.body, -1)
		if len(codes) != 8 {
			t.Fatalf("%d recovery codes", len(codes))
		}
		w.want(w.ask("GET", "/admin/activities", nil, cookie), 200)

		// The next session: the password alone opens nothing, not even the password page.
		clockOn := func() { w.clock.Add(31 * time.Second) }
		clockOn()
		cookie = w.signInTo("kongtong1")
		for _, at := range []string{"/admin/activities", "/admin/password", "/admin/factor/enrol", "/admin/photo/" + w.here.photo} {
			if a := w.ask("GET", at, nil, cookie); !strings.HasPrefix(a.Header.Get("Location"), "/admin/factor?to=") {
				t.Errorf("%s without the code: %d %s", at, a.StatusCode, a.Header.Get("Location"))
			}
		}
		code := w.phoneCode(secret)
		w.want(w.post("/admin/factor", url.Values{"code": {"123456"}}, cookie), 422, "验证码不对")
		in := w.post("/admin/factor", url.Values{"code": {code[:3] + " " + code[3:]}, "to": {"/admin/activities"}}, cookie)
		w.wantTo(in, "/admin/activities")
		if fresh := in.set(OfficeCookie(false)); fresh == "" || fresh == cookie {
			t.Error("the session kept its token")
		}
		// A code is good once.
		cookie = w.signInTo("kongtong1")
		w.want(w.post("/admin/factor", url.Values{"code": {code}}, cookie), 422, "已经用过")
		// A recovery code too.
		w.wantTo(w.post("/admin/factor", url.Values{"code": {strings.ToUpper(codes[0][1])}}, cookie), "/admin/")
		cookie = w.signInTo("kongtong1")
		w.want(w.post("/admin/factor", url.Values{"code": {codes[0][1]}}, cookie), 422)
		for range triesLogin {
			w.post("/admin/factor", url.Values{"code": {"111111"}}, cookie)
		}
		w.want(w.post("/admin/factor", url.Values{"code": {w.phoneCode(secret)}}, cookie), 429, "先歇一会儿")
		// Who sees no personal data is not asked.
		w.account("bianji1", models.AccountEditor, w.here, "编辑")
		w.want(w.ask("GET", "/admin/sittings", nil, w.signInTo("bianji1")), 200)
		w.audited("factor.enrol", 1)
		w.client.Del(ctx, w.site.tries.key("login", "code:kongtong1"), w.site.tries.key("address", "127.0.0.1"))
	})
}

func TestSessionsCanBeEnded(t *testing.T) {
	eachWorld(t, func(w *world) {
		one, two := w.signInTo("kongtong1"), w.signInTo("kongtong1")
		w.want(w.ask("GET", "/admin/sittings", nil, one), 200, "就是这里", "让它退出")
		w.wantTo(w.post("/admin/sittings", url.Values{}, one), "/admin/sittings")
		if a := w.ask("GET", "/admin/activities", nil, two); a.StatusCode != 303 {
			t.Errorf("the ended session: %d", a.StatusCode)
		}
		if a := w.ask("GET", "/admin/sittings", nil, one); !strings.Contains(a.body, "那边已经退出了") || strings.Contains(a.body, "<button>让它退出") {
			t.Errorf("the list: %s", a.body)
		}
	})
}

func TestConsoleOpensFromItsNetworks(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.site.Networks = []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}
		w.want(w.ask("GET", "/admin/signin", nil), 403, "这个网络打不开")
		if a := w.ask("GET", "/h/summary", nil); a.StatusCode == 403 {
			t.Error("phones are kept out too")
		}
		w.site.Networks = append(w.site.Networks, netip.MustParsePrefix("127.0.0.0/8"))
		w.want(w.ask("GET", "/admin/signin", nil), 200)
	})
}
