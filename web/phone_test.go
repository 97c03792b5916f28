package web

import (
	"net/http"
	"strings"
	"testing"

	"aixin/models"
)

func TestSummaryPage(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.ask("GET", "/h/summary", nil, w.arrive(w.here.openid))
		w.want(a, 200, "欧阳建国", "结对 2 位", "谷军平", "马海龙", "1/4", "1/2", "0/1", "1次走访、3次联系、1件实事", "最近一次 11月2日(周一)", "吴坡村")
		if n := strings.Count(a.body, `class="on"`); n != 4 {
			t.Errorf("%d cells are filled, not 4", n)
		}
		if strings.Contains(a.body, w.here.openid) {
			t.Error("the page shows the openid")
		}
		w.want(w.ask("GET", "/h/summary?year=2025", nil, w.arrive(w.here.openid)), 200, "2025年进度", "2025年还没见到记录", "0/4")
		w.want(w.ask("GET", "/h/summary?year=1999", nil, w.arrive(w.here.openid)), 200, "2026年进度")
		// Whoever is not bound is told how; the family of somebody is not a cadre.
		w.want(w.ask("GET", "/h/summary", nil, w.arrive("oStranger0000000000000000000")), 200, "还没绑定", "绑定 A3CD7EFG")
		if err := w.db.System("test").Bind(ctx, "oFamily000000000000000000000", models.RoleGuardian, "G1"); err != nil {
			t.Fatal(err)
		}
		w.want(w.ask("GET", "/h/summary", nil, w.arrive("oFamily000000000000000000000")), 200, "给结对干部看的")
		// Unbinding takes the page away at once, not with the session.
		st := w.db.System("test")
		if _, err := st.Unbind(ctx, st.OpenIDIndex(w.here.openid)); err != nil {
			t.Fatal(err)
		}
		a = w.ask("GET", "/h/summary", nil, w.arrive(w.here.openid))
		if w.want(a, 200, "还没绑定"); strings.Contains(a.body, "谷军平") {
			t.Error("a page without a binding shows people")
		}
	})
}

func TestOpeningUnknown(t *testing.T) {
	eachWorld(t, func(w *world) {
		st := w.db.System("test")
		p, err := st.PairingsOf(ctx, w.here.people[:1])
		if err == nil {
			p[0].OpeningUnknown = true
			err = st.Save(ctx, &p[0])
		}
		if err != nil {
			t.Fatal(err)
		}
		a := w.ask("GET", "/h/summary", nil, w.arrive(w.here.openid))
		if w.want(a, 200, "启用前做过的没导进来"); strings.Count(a.body, "还差") != 1 {
			t.Error("something is called missing where it is not known")
		}
	})
}

func TestTheWayThroughWeChat(t *testing.T) {
	eachWorld(t, func(w *world) {
		out := w.ask("GET", "/h/summary?year=2025", nil)
		if out.StatusCode != http.StatusSeeOther || !strings.HasPrefix(out.Header.Get("Location"), "https://open.example/authorize") {
			t.Fatalf("%d %s", out.StatusCode, out.Header.Get("Location"))
		}
		state, back := out.set(StateCookie(false)), strings.TrimPrefix(w.oauth.back, w.url)
		_, value, _ := strings.Cut(back, "state=")
		if strings.Trim(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") != "" || len(value) < 20 {
			t.Errorf("the state %q is not what WeChat takes", value)
		}
		code := "&code=code-" + w.here.openid
		// Without the cookie of the phone that asked, with another state, without a
		// code: nobody comes in, and there is a way on.
		for name, a := range map[string]answer{
			"no cookie":     w.ask("GET", back+code, nil),
			"another state": w.ask("GET", "/h/enter?state=AAAA"+code, nil, state),
			"no state":      w.ask("GET", "/h/enter?x="+code, nil, state),
			"no code":       w.ask("GET", back, nil, state),
			"empty cookie":  w.ask("GET", "/h/enter?state="+code, nil, StateCookie(false)+"=./h/summary"),
		} {
			if a.set(PhoneCookie(false)) != "" || a.StatusCode < 400 || !strings.Contains(a.body, "再试一次") {
				t.Errorf("%s: %d\n%s", name, a.StatusCode, a.body)
			}
		}
		in := w.ask("GET", back+code, nil, state)
		w.wantTo(in, "/h/summary?year=2025")
		if in.set(PhoneCookie(false)) == "" {
			t.Error("no session")
		}
		// The code again, from a history or a log.
		again := w.ask("GET", back+code, nil, state)
		if w.want(again, 400, "再试一次", `href="/h/summary?year=2025"`); again.set(PhoneCookie(false)) != "" {
			t.Error("a code was good twice")
		}
		// Who went back, or whose WeChat asks twice, is in already.
		twice := w.ask("GET", back+code, nil, state, in.set(PhoneCookie(false)))
		if w.wantTo(twice, "/h/summary?year=2025"); !strings.Contains(w.ask("GET", "/h/summary", nil, in.set(PhoneCookie(false))).body, "谷军平") {
			t.Error("coming twice lost the session")
		}
		// A stranger's code does not turn an open page into the stranger's.
		w.wantTo(w.ask("GET", "/h/enter?state=x&code=code-"+w.there.openid, nil, in.set(PhoneCookie(false))), "/h/summary")
		if body := w.ask("GET", "/h/summary", nil, in.set(PhoneCookie(false))).body; strings.Contains(body, "司马长安") || !strings.Contains(body, "谷军平") {
			t.Error("a link changed whose page it is")
		}
		// The page to go on to stays in the house.
		w.wantTo(w.ask("GET", "/h/enter?state=S&code=code-oX", nil, StateCookie(false)+"=S.//evil.example/"), "/h/summary")
		// What is kept in Redis does not hold the openid.
		if w.redis != nil {
			for _, key := range w.redis.Keys() {
				if v, _ := w.redis.Get(key); strings.Contains(key+v, w.here.openid) {
					t.Errorf("%s holds an openid", key)
				}
			}
		}
		// Two hours later one goes through WeChat again.
		cookie := in.set(PhoneCookie(false))
		w.clock.Add(phoneLife + 1e9)
		if a := w.ask("GET", "/h/summary", nil, cookie); a.StatusCode != http.StatusSeeOther {
			t.Errorf("%d after two hours", a.StatusCode)
		}
	})
}
