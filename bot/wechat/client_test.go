package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"reflect"
	"strings"
	"testing"
	"time"

	"aixin/bot"
)

func TestSends(t *testing.T) {
	p := newPlatform(t)
	c := p.client()
	ctx := t.Context()
	same := func(path, want string) {
		t.Helper()
		var got, w any
		if err := errors.Join(json.Unmarshal([]byte(p.bodies[path]), &got), json.Unmarshal([]byte(want), &w)); err != nil || !reflect.DeepEqual(got, w) {
			t.Errorf("%s got %s, want %s (%v)", path, p.bodies[path], want, err)
		}
	}
	if err := c.SendText(ctx, testOpenID, "好 <a href=\"x\">&\x02"); err != nil {
		t.Fatal(err)
	}
	same(pathCustomSend, `{"touser":"`+string(testOpenID)+`","msgtype":"text","text":{"content":"好 <a href=\"x\">&"}}`)
	if strings.Contains(p.bodies[pathCustomSend], `\u`) {
		t.Errorf("escaped: %s", p.bodies[pathCustomSend])
	}
	if err := c.SendMedia(ctx, testOpenID, "voice", "m1"); err != nil {
		t.Fatal(err)
	}
	same(pathCustomSend, `{"touser":"`+string(testOpenID)+`","msgtype":"voice","voice":{"media_id":"m1"}}`)
	if e := sendError(t, c.SendMedia(ctx, testOpenID, "text", "m1")); e.Action != bot.ActBadContent {
		t.Error(e)
	}
	for _, msgid := range []string{"3428411849815982087", `"3428411849815982087"`} {
		p.on(pathCardSend, `{"errcode":0,"errmsg":"ok","msgid":`+msgid+`}`)
		job, err := c.SendCard(ctx, testOpenID, bot.Card{Template: "T", URL: "https://x/?a=1&b=2", ClientID: "c1", Fields: map[string]string{"thing1": "有2户"}})
		if err != nil || job != "3428411849815982087" {
			t.Errorf("%q %v", job, err)
		}
	}
	same(pathCardSend, `{"touser":"`+string(testOpenID)+`","template_id":"T","url":"https://x/?a=1&b=2","client_msg_id":"c1","data":{"thing1":{"value":"有2户"}}}`)
	if p.issued != 1 {
		t.Errorf("%d tokens", p.issued)
	}
	same(pathToken, `{"grant_type":"client_credential","appid":"`+testApp+`","secret":"`+testSecret+`","force_refresh":false}`)
}

// Every code of the platform page has its class.
func TestErrcodes(t *testing.T) {
	for action, codes := range map[bot.Action][]int{
		bot.ActRetry:       {-1, 45011, 45066, 42010, 9001002, 40001, 40014, 42001, 99999999},
		bot.ActStopAll:     {40013, 40125, 40164, 61004, 40243, 89503, 41002, 41004, 48001, 48004, 48008, 50002, 50001, 43116, 45103, 45113, 65400},
		bot.ActStopAPI:     {45009, 45028, 48006},
		bot.ActUnreachable: {40003, 43004, 43019, 43101, 48002, 50005, 46004, 70000},
		bot.ActNoWindow:    {45015, 45047},
		bot.ActBadContent: {
			40007, 40118, 40008, 40035, 40036, 40037, 40039, 40054, 40055, 44002, 44004, 41001,
			45001, 45002, 45003, 45004, 45005, 45006, 45007, 45008, 47001, 47003, 87014, 40249,
		},
	} {
		for _, code := range codes {
			if got := ruleOf(pathCustomSend, code).action; got != action {
				t.Errorf("%d: %s, want %s", code, got, action)
			}
		}
	}
	if ruleOf(pathToken, 40001).action != bot.ActStopAll || ruleOf(pathGetMedia, 40007).action != bot.ActRetry {
		t.Error("exceptions are gone")
	}
	p := newPlatform(t)
	p.on(pathCustomSend, `{"errcode":"45047","errmsg":"out of response count limit, hint: [abc] rid: 61076919-303049b3-32283a08"}`)
	e := sendError(t, p.client().SendText(t.Context(), testOpenID, "x"))
	if want := (bot.SendError{API: pathCustomSend, Code: 45047, Reason: "out of response count limit", Action: bot.ActNoWindow}); *e != want {
		t.Errorf("%+v", *e)
	}
}

func TestNoSecretInErrorsAndLogs(t *testing.T) {
	p := newPlatform(t)
	p.token = "tok_0123456789abcdef"
	var log bytes.Buffer
	c := p.client(func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	ctx := t.Context()
	leaks := func(own string) string { // the platform can only echo what it was given
		return `"errmsg":"bad ` + testSecret + ` ` + string(testOpenID) + ` ` + own + ` https://a.b/?secret=1 rid: 1-2-3"`
	}
	own := map[string]string{
		pathCustomSend: p.token, pathCardSend: p.token, pathUpload: p.token,
		pathGetMedia: "media-88", pathOAuth: "code-77", pathQRCode: "code-77", // a scene may be a binding code
	}
	dead := p.client(func(o *Options) { o.BaseURL = "http://127.0.0.1:1" })
	var errs []error
	add := func(err error) { errs = append(errs, err) }
	for _, start := range []string{`{"errcode":40003,`, "<html>", `{"errcode":-1,`} {
		for _, path := range []string{pathCustomSend, pathCardSend, pathGetMedia, pathOAuth, pathUpload, pathQRCode} {
			p.on(path, start+leaks(own[path])+"}")
		}
		for _, c := range []*Client{c, dead} {
			add(c.SendText(ctx, testOpenID, "秘密"))
			_, err := c.SendCard(ctx, testOpenID, bot.Card{Template: "T"})
			add(err)
			_, _, err = c.FetchMedia(ctx, "media-88", 100)
			add(err)
			_, err = c.OAuthOpenID(ctx, "code-77")
			add(err)
			_, err = c.UploadMedia(ctx, "image", "/home/me/a.png", []byte("x"))
			add(err)
			_, _, err = c.QRCode(ctx, "code-77", time.Hour)
			add(err)
		}
	}
	p.on(pathToken, `{"errcode":40164,`+leaks("")+`}`)
	add(p.client().SendText(ctx, testOpenID, "秘密"))
	if e := sendError(t, errs[len(errs)-1]); e.Action != bot.ActStopAll || e.API != pathToken {
		t.Error(e)
	}
	for _, err := range errs {
		sendError(t, err)
		all := fmt.Sprintf("%v %+v %#v", err, err, sendError(t, err)) + log.String()
		for _, s := range []string{testSecret, p.token, string(testOpenID), "code-77", "media-88", "http://", "https://", "access_token=", "127.0.0.1", "秘密", "rid:"} {
			if strings.Contains(all, s) {
				t.Fatalf("%q in %s", s, all)
			}
		}
	}
	if !strings.Contains(log.String(), "rid=1-2-3") {
		t.Error("the rid should be logged: ", log.String())
	}
}

func TestUnsureAfterSending(t *testing.T) {
	slow := func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(2 * time.Second):
		}
	}
	drop := func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}
	status := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code); fmt.Fprint(w, body) }
	}
	half := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "500")
		fmt.Fprint(w, `{"errcode"`)
	}
	for name, c := range map[string]struct {
		h          http.HandlerFunc
		send, read bot.Action
	}{
		"time-out":           {slow, bot.ActUnknown, bot.ActRetry},
		"connection dropped": {drop, bot.ActUnknown, bot.ActRetry},
		"half an answer":     {half, bot.ActUnknown, bot.ActRetry},
		"502 in HTML":        {status(502, "<html>bad gateway</html>"), bot.ActUnknown, bot.ActRetry},
		"200 in HTML":        {status(200, "<html>please log in</html>"), bot.ActUnknown, bot.ActRetry},
		"200 and nothing":    {status(200, ""), bot.ActUnknown, bot.ActRetry},
		"404":                {status(404, "no"), bot.ActRetry, bot.ActRetry},
		"redirect":           {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, bot.ActRetry, bot.ActRetry},
		"500 with errcode":   {status(500, `{"errcode":45015,"errmsg":"x"}`), bot.ActNoWindow, bot.ActNoWindow},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t)
			client := p.client(func(o *Options) { o.HTTP = &http.Client{Timeout: 100 * time.Millisecond} })
			p.do(pathCustomSend, c.h)
			p.do(pathTemplates, c.h)
			if e := sendError(t, client.SendText(t.Context(), testOpenID, "x")); e.Action != c.send {
				t.Errorf("send: %v", e)
			}
			if _, err := client.Templates(t.Context()); sendError(t, err).Action != c.read {
				t.Errorf("read: %v", err)
			}
			if p.count(pathCustomSend) != 1 || p.count("/elsewhere") != 0 {
				t.Errorf("sent %d times", p.count(pathCustomSend))
			}
		})
	}
	t.Run("an answer without errcode", func(t *testing.T) { // usual for data, strange for a send
		p := newPlatform(t)
		p.on(pathCustomSend, "{}")
		p.on(pathTemplates, "{}")
		if e := sendError(t, p.client().SendText(t.Context(), testOpenID, "x")); e.Action != bot.ActUnknown {
			t.Error(e)
		}
		if _, err := p.client().Templates(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Run("never connected", func(t *testing.T) {
		p := newPlatform(t)
		client := p.client()
		if err := client.SendText(t.Context(), testOpenID, "x"); err != nil { // the token is at hand now
			t.Fatal(err)
		}
		client.http.CloseIdleConnections()
		p.Close()
		if e := sendError(t, client.SendText(t.Context(), testOpenID, "x")); e.Action != bot.ActRetry || e.API != pathCustomSend {
			t.Error(e)
		}
	})
	t.Run("dead idle connection, then none", func(t *testing.T) {
		p := newPlatform(t)
		client := p.client(func(o *Options) {
			o.HTTP = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				if r.URL.Path == pathToken {
					return http.DefaultTransport.RoundTrip(r)
				}
				trace := httptrace.ContextClientTrace(r.Context())
				trace.GetConn("")
				trace.GotConn(httptrace.GotConnInfo{Reused: true})
				trace.GetConn("") // net/http knows that nothing was written
				return nil, errors.New("connection refused")
			})}
		})
		if e := sendError(t, client.SendText(t.Context(), testOpenID, "x")); e.Action != bot.ActRetry {
			t.Error(e)
		}
	})
	t.Run("given up before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if e := sendError(t, newPlatform(t).client().SendText(ctx, testOpenID, "x")); e.Action != bot.ActRetry {
			t.Error(e)
		}
	})
}
