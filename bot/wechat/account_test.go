package wechat

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"aixin/bot"
)

func TestUploadMedia(t *testing.T) {
	p := newPlatform(t)
	p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != pathUpload {
			p.serve(w, r)
			return
		}
		f, h, err := r.FormFile("media")
		if err != nil {
			t.Error(err)
			return
		}
		data, _ := io.ReadAll(f)
		fmt.Fprintf(w, `{"type":"image","media_id":"%s|%s|%s|%s"}`, r.URL.Query().Get("type"), h.Filename, h.Header.Get("Content-Type"), data)
	})
	id, err := p.client().UploadMedia(t.Context(), "voice", "/home/me/老谷\"家.amr", []byte("amr"))
	if err != nil || id != "voice|老谷_家.amr|text/plain; charset=utf-8|amr" {
		t.Error(id, err)
	}
}

func TestMenus(t *testing.T) {
	p := newPlatform(t)
	c, ctx := p.client(), t.Context()
	if err := c.CreateMenu(ctx, []byte(`{"button":[{"name":"\u8bb0\u4e00\u7b14","type":"click","key":"record"}]}`)); err != nil {
		t.Fatal(err)
	}
	if got := p.bodies[pathMenuCreate]; !strings.Contains(got, "记一笔") || strings.Contains(got, `\u`) {
		t.Error(got)
	}
	for _, bad := range []string{"", "[]", "{}", "{", "null"} {
		if e := sendError(t, c.CreateMenu(ctx, []byte(bad))); e.Action != bot.ActBadContent {
			t.Error(bad, e)
		}
	}
	for _, id := range []string{`"208379533"`, `208379533`} {
		p.on(pathMenuAdd, `{"menuid":`+id+`}`)
		if got, err := c.AddConditionalMenu(ctx, []byte(`{"button":[{}],"matchrule":{"tag_id":"2"}}`)); err != nil || got != "208379533" {
			t.Error(got, err)
		}
	}
	p.on(pathMenuGet, `{"menu":{"button":[]}}`)
	if got, err := c.Menu(ctx); err != nil || string(got) != `{"menu":{"button":[]}}` {
		t.Error(string(got), err)
	}
	p.on(pathMenuGet, `{"errcode":46003,"errmsg":"menu no exist"}`)
	if got, err := c.Menu(ctx); err != nil || got != nil {
		t.Error(string(got), err)
	}
}

func TestTemplates(t *testing.T) {
	p := newPlatform(t)
	p.on(pathTemplates, `{"template_list":[{"template_id":"A","title":"提醒","content":"事项:{{thing1.DATA}}\n时间:{{time4.DATA}}\n{{thing1.DATA}}"},{"template_id":"B","title":"空","content":""}]}`)
	got, err := p.client().Templates(t.Context())
	if err != nil || len(got) != 2 || got[0].ID != "A" || got[0].Title != "提醒" || !reflect.DeepEqual(got[0].Keys, []string{"thing1", "time4"}) || got[1].Keys != nil {
		t.Errorf("%+v %v", got, err)
	}
}

func TestQRCode(t *testing.T) {
	p := newPlatform(t)
	c := p.client()
	p.on(pathQRCode, `{"ticket":"gQ+/=","expire_seconds":60,"url":"http://weixin.qq.com/q/x"}`)
	for ttl, want := range map[time.Duration]string{
		24 * time.Hour:  `{"action_info":{"scene":{"scene_str":"码"}},"action_name":"QR_STR_SCENE","expire_seconds":86400}`,
		time.Second:     `{"action_info":{"scene":{"scene_str":"码"}},"action_name":"QR_STR_SCENE","expire_seconds":60}`,
		1e4 * time.Hour: `{"action_info":{"scene":{"scene_str":"码"}},"action_name":"QR_STR_SCENE","expire_seconds":2592000}`,
		0:               `{"action_info":{"scene":{"scene_str":"码"}},"action_name":"QR_LIMIT_STR_SCENE"}`,
	} {
		ticket, link, err := c.QRCode(t.Context(), "码", ttl)
		if err != nil || ticket != "gQ+/=" || link != "http://weixin.qq.com/q/x" || p.bodies[pathQRCode] != want {
			t.Error(ttl, ticket, link, err, p.bodies[pathQRCode])
		}
	}
	if got := QRImage("gQ+/="); !strings.HasSuffix(got, "?ticket=gQ%2B%2F%3D") {
		t.Error(got)
	}
	for _, scene := range []string{"", strings.Repeat("长", 65)} {
		if _, _, err := c.QRCode(t.Context(), scene, time.Hour); sendError(t, err).Action != bot.ActBadContent {
			t.Error(err)
		}
	}
}

func TestOAuth(t *testing.T) {
	p := newPlatform(t)
	c, ctx := p.client(), t.Context()
	u, err := url.Parse(c.OAuthURL("https://a.example/h/1?x=1&y=#z", "st&te"))
	if err != nil || u.Host != "open.weixin.qq.com" || u.Fragment != "wechat_redirect" {
		t.Fatal(u, err)
	}
	if q := u.Query(); q.Get("redirect_uri") != "https://a.example/h/1?x=1&y=#z" || q.Get("state") != "st&te" || q.Get("scope") != "snsapi_base" || q.Get("appid") != testApp {
		t.Error(q)
	}
	p.on(pathOAuth, `{"access_token":"u","openid":"oX","scope":"snsapi_base"}`)
	if id, err := c.OAuthOpenID(ctx, "c+1"); err != nil || id != "oX" || p.queries[pathOAuth].Get("code") != "c+1" || p.queries[pathOAuth].Has("access_token") {
		t.Error(id, err, p.queries[pathOAuth])
	}
	if p.count(pathToken) != 0 {
		t.Error("OAuth needs no token of the account")
	}
	for body, action := range map[string]bot.Action{
		`{"openid":"oX","is_snapshotuser":1}`:     bot.ActBadContent,
		`{"errcode":40163,"errmsg":"code used"}`:  bot.ActBadContent,
		`{"errcode":40029,"errmsg":"bad code"}`:   bot.ActBadContent,
		`{"errcode":40125,"errmsg":"bad secret"}`: bot.ActStopAll,
		`{}`: bot.ActRetry,
	} {
		p.on(pathOAuth, body)
		if id, err := c.OAuthOpenID(ctx, "c"); id != "" || sendError(t, err).Action != action {
			t.Error(body, id, err)
		}
	}
	if p.count(pathOAuth) != 6 {
		t.Errorf("a code was used twice: %d calls", p.count(pathOAuth))
	}
}

func TestAccountCalls(t *testing.T) {
	p := newPlatform(t)
	c := p.client()
	p.on(pathCallbackIPs, `{"ip_list":["1.2.3.4","5.6.7.0/24"]}`)
	if ips, err := c.CallbackIPs(t.Context()); err != nil || len(ips) != 2 {
		t.Error(ips, err)
	}
	if err := c.ClearQuota(t.Context()); err != nil || p.bodies[pathClearQuota] != `{"appid":"`+testApp+`"}` {
		t.Error(err, p.bodies[pathClearQuota])
	}
	p.on(pathClearQuota, `{"errcode":48006,"errmsg":"forbid to clear quota"}`)
	if e := sendError(t, c.ClearQuota(t.Context())); e.Action != bot.ActStopAPI {
		t.Error(e)
	}
}
