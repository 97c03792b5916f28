package wechatsim

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// pageServer serves the page of a world.
func pageServer(t *testing.T, w *world) *httptest.Server {
	t.Helper()
	srv := httptest.NewUnstartedServer(w.Page())
	srv.Config.WriteTimeout = 300 * time.Millisecond // as a real server has one: a stream must outlive it
	srv.Start()
	t.Cleanup(srv.Close)
	t.Cleanup(w.Close) // first: it ends the streams
	return srv
}

func post(t *testing.T, srv *httptest.Server, path string, body any, origin string) (int, string) {
	t.Helper()
	j, ok := body.([]byte)
	if !ok {
		j, _ = json.Marshal(body)
	}
	req, _ := http.NewRequest("POST", srv.URL+path, bytes.NewReader(j))
	req.Header.Set("Content-Type", "application/json")
	if origin != "" {
		req.Header.Set("Origin", origin)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(b)
}

func TestPageEndpoints(t *testing.T) {
	w := newWorld(t)
	srv := pageServer(t, w)
	get := func(path string) (int, string) {
		t.Helper()
		res, err := http.Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(b)
	}
	if status, body := get("/sim/"); status != 200 || !strings.Contains(body, `data-testid="person-`+zhang+`"`) || !strings.Contains(body, `data-testid="chat-input"`) {
		t.Errorf("page: %d %.300s", status, body)
	}
	for _, p := range []string{"/sim/static/page.js", "/sim/static/page.css", "/sim/static/heart.svg", "/sim/sample/1.jpg", "/sim/sample/2.jpg"} {
		if status, _ := get(p); status != 200 {
			t.Errorf("%s: %d", p, status)
		}
	}
	if status, _ := get("/sim/sample/3.jpg"); status != 404 {
		t.Errorf("sample 3: %d", status)
	}

	act := object{"openid": zhang, "do": "text", "text": "进度", "wait": true}
	if status, body := post(t, srv, "/sim/act", act, ""); status != 200 || !strings.Contains(body, "收到:进度") {
		t.Errorf("act: %d %s", status, body)
	}
	if status, _ := post(t, srv, "/sim/act", act, "https://evil.invalid"); status != 403 {
		t.Errorf("another site can play with the phones: %d", status)
	}
	for want, bad := range map[int]object{
		404: {"openid": "nobody", "do": "text"},
		409: {"openid": zhang, "do": "fly", "wait": true},
	} {
		if status, _ := post(t, srv, "/sim/act", bad, ""); status != want {
			t.Errorf("%v: %d", bad, status)
		}
	}
	if status, body := post(t, srv, "/sim/photo?wait=1&openid="+zhang, SamplePhoto(1), ""); status != 200 {
		t.Errorf("photo: %d %s", status, body)
	}
	if status, _ := post(t, srv, "/sim/photo?openid="+zhang, []byte("<svg onload=x>"), ""); status != 415 {
		t.Errorf("an svg is a photo: %d", status)
	}
	_, body := get("/sim/inbox?openid=" + zhang + "&after=1")
	var items []Item
	if err := json.Unmarshal([]byte(body), &items); err != nil || len(items) < 3 || items[0].Seq != 2 {
		t.Fatalf("inbox: %v %s", err, body)
	}
	if status, img := get("/sim/media/" + items[1].MediaID); status != 200 || img != string(SamplePhoto(1)) {
		t.Errorf("media: %d, %d bytes", status, len(img))
	}

	before := w.clock.Now()
	if status, _ := post(t, srv, "/sim/clock", object{"to": "tomorrow"}, ""); status != 200 {
		t.Errorf("clock: %d", status)
	}
	if now := w.clock.Now(); now.Day() != before.Day()+1 || now.Hour() != 8 || now.Minute() != 30 {
		t.Errorf("tomorrow is %s", now)
	}
	if status, body := post(t, srv, "/sim/people", object{"name": "王五"}, ""); status != 201 || !strings.Contains(body, "openid") {
		t.Errorf("stranger: %d %s", status, body)
	}
	script := object{"faults": []object{{"path": "/cgi-bin/menu/get", "errcode": -1, "count": 1, "delay_ms": 1}}, "invalidate_tokens": true}
	tok := w.accessToken()
	if status, _ := post(t, srv, "/sim/faults", script, ""); status != 200 {
		t.Errorf("faults: %d", status)
	}
	w.want(-1, "/cgi-bin/menu/get?access_token="+tok, nil)
	w.want(40001, "/cgi-bin/menu/get?access_token="+tok, nil)
	if _, body := get("/sim/stats"); !strings.Contains(body, `"/cgi-bin/menu/get":2`) {
		t.Errorf("stats: %s", body)
	}
}

func TestClockButtons(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	at := func(s string) time.Time { x, _ := time.ParseInLocation("2006-01-02 15:04", s, zone); return x }
	for _, c := range [][3]string{
		{"2026-11-21 09:30", "hour", "2026-11-21 10:30"},
		{"2026-11-30 23:59", "tomorrow", "2026-12-01 08:30"},
		{"2026-11-21 09:30", "monday", "2026-11-23 08:30"}, // a Saturday
		{"2026-11-22 09:30", "monday", "2026-11-23 08:30"}, // a Sunday
		{"2026-11-23 07:00", "monday", "2026-11-30 08:30"}, // a Monday: the next one
		{"2026-11-24 07:00", "monday", "2026-11-30 08:30"},
		{"2026-12-31 09:30", "fifteenth", "2027-01-15 08:30"},
		{"2026-01-31 09:30", "fifteenth", "2026-02-15 08:30"},
	} {
		if got, ok := clockTarget(c[1], at(c[0])); !ok || !got.Equal(at(c[2])) {
			t.Errorf("%s at %s: %s", c[1], c[0], got)
		}
	}
	if _, ok := clockTarget("yesterday", at("2026-11-21 09:30")); ok {
		t.Error("the clock goes back")
	}
}

func TestStreamTellsWhatChanged(t *testing.T) {
	w := newWorld(t)
	srv := pageServer(t, w)
	res, err := http.Get(srv.URL + "/sim/events")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := make(chan string, 100)
	go func() {
		defer close(lines)
		for sc := bufio.NewScanner(res.Body); sc.Scan(); {
			if data, ok := strings.CutPrefix(sc.Text(), "data: "); ok {
				lines <- data
			}
		}
	}()
	next := func(want string) {
		t.Helper()
		for {
			select {
			case l, ok := <-lines:
				if !ok {
					t.Fatalf("the stream ended before %q", want)
				}
				if strings.Contains(l, want) {
					return
				}
			case <-time.After(5 * time.Second):
				t.Fatalf("no event with %q", want)
			}
		}
	}
	must(t)(w.Text(bg, zhang, "进度"))
	next(`"` + zhang + `"`)
	time.Sleep(400 * time.Millisecond) // past the server's write time-out
	post(t, srv, "/sim/clock", object{"to": "hour"}, "")
	next("clock")
	w.Close()
	for range lines { // ends, or the test hangs
	}
}

func TestOpeningALinkOnAPhone(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.PageCookies = []http.Cookie{{Name: "page", Path: "/h/"}} })
	srv := pageServer(t, w)
	jar, _ := cookiejar.New(nil)
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	follow := func(u string) (int, string) {
		t.Helper()
		res, err := c.Get(u)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode, res.Header.Get("Location")
	}
	if got := w.AuthorizeURL(); got != "http://127.0.0.1:1/sim/oauth/authorize" {
		t.Error(got)
	}
	auth := "/oauth2/authorize?appid=" + testAppID + "&redirect_uri=" + url.QueryEscape(w.bot.URL+"/h/me") + "&response_type=code&scope=snsapi_base&state=s"
	if status, _ := follow(srv.URL + "/sim/oauth/authorize?" + strings.SplitN(auth, "?", 2)[1]); status != 403 {
		t.Errorf("authorised without a phone: %d", status)
	}
	status, to := follow(srv.URL + "/sim/open?openid=" + zhang + "&url=" + url.QueryEscape("https://open.weixin.qq.com/connect"+auth))
	if status != 302 || !strings.HasPrefix(to, "/sim/oauth/authorize?") {
		t.Fatalf("%d %s", status, to)
	}
	if status, to = follow(srv.URL + to); status != 302 || !strings.HasPrefix(to, w.bot.URL+"/h/me?code=") {
		t.Fatalf("%d %s", status, to)
	}
	u, _ := url.Parse(to)
	o := w.want(0, "/sns/oauth2/access_token?appid="+testAppID+"&secret="+testSecret+"&grant_type=authorization_code&code="+u.Query().Get("code"), nil)
	if o["openid"] != zhang {
		t.Errorf("%v", o)
	}
	// Another phone does not inherit who the pages think is there.
	h, _ := url.Parse(srv.URL + "/h/me")
	jar.SetCookies(h, []*http.Cookie{{Name: "page", Path: "/h/", Value: "zhang"}})
	link := "&url=" + url.QueryEscape(srv.URL+"/h/me")
	follow(srv.URL + "/sim/open?openid=" + zhang + link)
	if len(jar.Cookies(h)) != 1 {
		t.Error("the same phone lost its cookie")
	}
	follow(srv.URL + "/sim/open?openid=" + li + link)
	if len(jar.Cookies(h)) != 0 {
		t.Error("another phone has the first one's cookie")
	}
	for _, bad := range []string{"javascript:alert(1)", "/h/me", "file:///etc/passwd"} {
		if status, to := follow(srv.URL + "/sim/open?openid=" + zhang + "&url=" + url.QueryEscape(bad)); status != 403 {
			t.Errorf("%s: %d %s", bad, status, to)
		}
	}
}
