package wechatsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestTokens(t *testing.T) {
	w := newWorld(t)
	stable := func(force bool) string {
		o := w.call("/cgi-bin/stable_token", object{
			"grant_type": "client_credential", "appid": testAppID, "secret": testSecret, "force_refresh": force,
		})
		tok, _ := o["access_token"].(string)
		return tok
	}
	probe := func(errcode int, tok string) {
		t.Helper()
		w.want(errcode, "/cgi-bin/getcallbackip?access_token="+tok, nil)
	}
	a := stable(false)
	if b := stable(false); a == "" || a != b {
		t.Errorf("stable is not stable: %q %q", a, b)
	}
	probe(0, a)
	probe(41001, "")
	probe(40014, "made-up")

	w.clock.Add(2*time.Hour - 4*time.Minute) // renewed before the end, both good
	b := stable(false)
	if a == b {
		t.Error("not renewed five minutes before the end")
	}
	probe(0, a)
	probe(0, b)
	w.clock.Add(5 * time.Minute)
	probe(42001, a)
	probe(0, b)

	c := stable(true)
	probe(40001, b)
	probe(0, c)
	if o := w.want(45011, "/cgi-bin/stable_token", object{
		"grant_type": "client_credential", "appid": testAppID, "secret": testSecret, "force_refresh": true,
	}); o["access_token"] != nil {
		t.Error("forced twice within 30 s")
	}
	w.InvalidateTokens()
	probe(40001, c)
	if d := stable(false); d == c {
		t.Error("an invalid token is given again")
	}

	plain := func() string {
		o := w.call("/cgi-bin/token?grant_type=client_credential&appid="+testAppID+"&secret="+testSecret, nil)
		return o["access_token"].(string)
	}
	p, q := plain(), plain()
	if p == q {
		t.Error("/token gave the same token again")
	}
	probe(0, p) // lives on for five minutes
	w.clock.Add(6 * time.Minute)
	probe(40001, p)
	probe(0, q)

	for name, c := range map[string]struct {
		errcode int
		body    any
	}{
		"secret":  {40125, object{"grant_type": "client_credential", "appid": testAppID, "secret": "x"}},
		"appid":   {40013, object{"grant_type": "client_credential", "appid": "wx", "secret": testSecret}},
		"grant":   {40002, object{"grant_type": "x", "appid": testAppID, "secret": testSecret}},
		"missing": {41004, object{"grant_type": "client_credential", "appid": testAppID}},
		"json":    {47001, "appid=wx"},
		"empty":   {44002, ""},
		"get":     {43002, nil},
	} {
		t.Run(name, func(t *testing.T) { w.want(c.errcode, "/cgi-bin/stable_token", c.body) })
	}
	w.want(40066, "/cgi-bin/nothing", nil)
}

func TestTemplateMessages(t *testing.T) {
	w := newWorld(t)
	path := "/cgi-bin/message/template/send?access_token=" + w.accessToken()
	o := w.want(0, path, dutyCard(zhang, "a1"))
	msgid, _ := o["msgid"].(json.Number).Int64()
	if msgid < 1<<53 {
		t.Errorf("msgid %d fits a float", msgid)
	}
	it := w.last(zhang)
	if it.Kind != "card" || it.Title == "" || it.URL == "" || len(it.Fields) != 3 || it.Fields[0] != (Field{"thing1", "事项", "有2户今年还差走访"}) {
		t.Errorf("the phone shows %+v", it)
	}
	w.Settle()
	g := w.bot.received()
	if len(g) != 1 || g[0].Event != "TEMPLATESENDJOBFINISH" || g[0].MsgID != msgid || g[0].Status != "success" || g[0].FromUserName != zhang {
		t.Errorf("the bot got %+v", g)
	}

	// The same client_msg_id is sent once within ten minutes.
	again := w.want(0, path, dutyCard(zhang, "a1"))
	if again["msgid"] != o["msgid"] || w.Stats().Duplicates != 1 || len(w.Inbox(zhang)) != 1 {
		t.Errorf("sent again: %v", again)
	}
	w.clock.Add(11 * time.Minute)
	if o := w.want(0, path, dutyCard(zhang, "a1")); o["msgid"] == again["msgid"] {
		t.Error("client_msg_id is kept for ever")
	}

	bad := func(change func(object)) object {
		c := dutyCard(zhang, "")
		change(c)
		return c
	}
	set := func(key, value string) func(object) {
		return func(c object) { c["data"].(object)[key] = object{"value": value} }
	}
	before := len(w.Inbox(zhang))
	w.want(40003, path, dutyCard("stranger", ""))
	w.want(43004, path, dutyCard(li, ""))
	w.want(40037, path, bad(func(c object) { c["template_id"] = "x" }))
	w.want(40039, path, bad(func(c object) { c["url"] = "/h/me" }))
	w.want(47003, path, bad(set("thing1", strings.Repeat("长", 21))))
	w.want(47003, path, bad(set("thing1", "")))
	w.want(47003, path, bad(set("thing9", "多的")))
	w.want(47003, path, bad(func(c object) { delete(c["data"].(object), "thing2") }))
	w.want(47001, path, "{")
	if n := len(w.Inbox(zhang)); n != before {
		t.Errorf("%d refused cards are shown", n-before)
	}
	w.want(0, path, bad(set("first", "会被滤掉"))) // dropped in silence

	// Who refuses messages is accepted and reported.
	w.Settle()
	w.Block(zhang, true)
	seen := len(w.bot.received())
	w.want(0, path, dutyCard(zhang, "a2"))
	w.Block(zhang, false)
	w.Faults().Add(Fault{Finish: "failed: system failed", OpenID: zhang, Count: 1})
	w.Settle()
	w.want(0, path, dutyCard(zhang, "a3"))
	w.Settle()
	if g := w.bot.received()[seen:]; len(g) != 2 || g[0].Status != "failed:user block" || g[1].Status != "failed: system failed" {
		t.Errorf("the bot got %+v", g)
	}

	w.Faults().FinishFirst(true)
	w.want(0, path, dutyCard(zhang, "a4"))
	if g := w.bot.received(); len(g) != seen+3 {
		t.Error("the result did not come before the answer")
	}

	list := w.call("/cgi-bin/template/get_all_private_template?access_token="+w.accessToken(), nil)["template_list"].([]any)
	if len(list) != len(DefaultTemplates()) || !strings.Contains(fmt.Sprint(list[0]), "{{thing1.DATA}}") {
		t.Errorf("%v", list)
	}
}

func TestFieldLimits(t *testing.T) {
	for _, c := range []struct {
		key, value string
		good       bool
	}{
		{"thing1", strings.Repeat("长", 20), true},
		{"thing1", strings.Repeat("长", 21), false},
		{"thing1", strings.Repeat("😀", 11), false},
		{"thing1", "两\n行", false},
		{"character_string2", "#12-A", true},
		{"character_string2", "诉求12", false},
		{"character_string2", strings.Repeat("a", 33), false},
		{"number3", "12.5", true},
		{"number3", "12户", false},
		{"letter4", "abc", true},
		{"letter4", "abc1", false},
		{"symbol5", "★!", true},
		{"symbol5", "a", false},
		{"time6", "15:01", true},
		{"time6", "2026年11月20日 15:01", true},
		{"time6", "2026年11月20日", true},
		{"time6", "8:30~12:00", true},
		{"time6", "下周三", false},
		{"date7", "2026-11-20", true},
		{"date7", "11月20日", false},
		{"amount8", "¥300", true},
		{"amount8", "300.5元", true},
		{"amount8", "三百", false},
		{"phone_number9", "0933-8210000", true},
		{"phone_number9", "请打12345", false},
		{"car_number10", "甘L12345", true},
		{"name11", "张三", true},
		{"name11", strings.Repeat("张", 11), false},
		{"name11", "Zhang San Zhang San", true},
		{"phrase12", "已办结", true},
		{"phrase12", "已办结1", false},
		{"phrase12", "一二三四五六", false},
		{"const13", "", true},
		{"short_thing14", "", false},
		{"keyword1", strings.Repeat("旧", 40), true},
	} {
		if ValidField(c.key, c.value) != c.good {
			t.Errorf("%s %q: want %v", c.key, c.value, c.good)
		}
	}
}

func TestCustomerServiceWindow(t *testing.T) {
	w := newWorld(t)
	tok := w.accessToken()
	expect := func(errcode int, why string) {
		t.Helper()
		if got := w.custom(tok, zhang, "您好"); got != errcode {
			t.Errorf("%s: errcode %d, want %d", why, got, errcode)
		}
	}
	expect(45015, "nobody wrote")
	must(t)(w.Text(bg, zhang, "在吗"))
	for range 5 {
		expect(0, "five in the window")
	}
	expect(45047, "the sixth")
	must(t)(w.Click(bg, zhang, "mine"))
	for range 3 {
		expect(0, "three more by the menu")
	}
	expect(45047, "the fourth by the menu")
	must(t)(w.Text(bg, zhang, "在吗"))
	w.clock.Add(48*time.Hour - time.Second)
	tok = w.accessToken()
	expect(0, "just before the end")
	w.clock.Add(time.Second)
	expect(45015, "the window is over")
	must(t)(w.Scan(bg, zhang, "K7M2"))
	w.clock.Add(time.Minute)
	expect(45015, "a minute after the scan")

	if got := w.custom(tok, "stranger", "您好"); got != 40003 {
		t.Errorf("stranger: %d", got)
	}
	if got := w.custom(tok, li, "您好"); got != 45015 {
		t.Errorf("not following: %d", got)
	}
	must(t)(w.Text(bg, zhang, "在吗"))
	send := "/cgi-bin/message/custom/send?access_token=" + tok
	w.want(44004, send, object{"touser": zhang, "msgtype": "text", "text": object{"content": ""}})
	w.want(45002, send, object{"touser": zhang, "msgtype": "text", "text": object{"content": strings.Repeat("好", 683)}})
	w.want(40008, send, object{"touser": zhang, "msgtype": "markdown"})
	w.want(40007, send, object{"touser": zhang, "msgtype": "voice", "voice": object{"media_id": "x"}})
	w.want(0, send, object{"touser": zhang, "msgtype": "msgmenu", "msgmenu": object{
		"head_content": "办得怎么样?", "list": []object{{"id": "101", "content": "满意"}, {"id": 102, "content": "不满意"}}, "tail_content": "谢谢",
	}})
	if it := w.last(zhang); it.Kind != "menu" || len(it.Choices) != 2 || it.Choices[1].ID != "102" {
		t.Errorf("%+v", it)
	}
	w.Block(zhang, true)
	expect(48002, "refused by the person")
	w.Block(zhang, false)

	typing := "/cgi-bin/message/custom/typing?access_token=" + tok
	w.want(0, typing, object{"touser": zhang, "command": "Typing"})
	w.want(45081, typing, object{"touser": zhang, "command": "Typing"})
	w.want(0, typing, object{"touser": zhang, "command": "CancelTyping"})
	w.want(45072, typing, object{"touser": zhang, "command": "Wave"})
	w.clock.Add(31 * time.Second)
	w.want(45080, typing, object{"touser": zhang, "command": "Typing"})
}

func TestMedia(t *testing.T) {
	w := newWorld(t)
	tok := w.accessToken()
	must(t)(w.Photo(bg, zhang, SamplePhoto(2)))
	id := w.bot.received()[0].MediaId
	get := func(id string) (string, []byte) {
		res, err := http.Get(w.api.URL + "/cgi-bin/media/get?access_token=" + tok + "&media_id=" + id)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return res.Header.Get("Content-Type"), b
	}
	if kind, b := get(id); kind != "image/jpeg" || !bytes.Equal(b, SamplePhoto(2)) {
		t.Errorf("%s, %d bytes", kind, len(b))
	}
	upload := func(kind, field, name string, data []byte) map[string]any {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		f, _ := m.CreateFormFile(field, name)
		f.Write(data)
		m.Close()
		res, err := http.Post(w.api.URL+"/cgi-bin/media/upload?type="+kind+"&access_token="+tok, m.FormDataContentType(), &b)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		o := map[string]any{}
		d := json.NewDecoder(res.Body)
		d.UseNumber()
		d.Decode(&o)
		return o
	}
	up := upload("voice", "media", "v.amr", SampleVoice())
	voice, _ := up["media_id"].(string)
	if kind, b := get(voice); kind != "audio/amr" || !bytes.Equal(b, SampleVoice()) {
		t.Errorf("%v: %s, %d bytes", up, kind, len(b))
	}
	for name, c := range map[string]struct {
		errcode     int
		kind, field string
		data        []byte
	}{
		"type":      {40004, "file", "media", SampleVoice()},
		"field":     {41005, "voice", "file", SampleVoice()},
		"empty":     {44001, "voice", "media", nil},
		"content":   {40005, "image", "media", []byte("<html>")},
		"too large": {45001, "voice", "media", append(SampleVoice(), make([]byte, 2<<20)...)},
	} {
		if got := code(upload(c.kind, c.field, "x", c.data)); got != c.errcode {
			t.Errorf("%s: %d, want %d", name, got, c.errcode)
		}
	}
	must(t)(w.Text(bg, zhang, "在吗"))
	w.want(0, "/cgi-bin/message/custom/send?access_token="+tok, object{"touser": zhang, "msgtype": "voice", "voice": object{"media_id": voice}})

	w.clock.Add(3 * 24 * time.Hour)
	tok = w.accessToken()
	if kind, b := get(id); !bytes.Contains(b, []byte("40007")) || !strings.Contains(kind, "json") {
		t.Errorf("still there after three days: %s", kind)
	}
}

func TestMenu(t *testing.T) {
	w := newWorld(t)
	tok := "?access_token=" + w.accessToken()
	w.want(46003, "/cgi-bin/menu/get"+tok, nil)
	family := `{"button":[{"type":"click","name":"a","key":"a"}],"matchrule":{"tag_id":"100"}}`
	w.want(65303, "/cgi-bin/menu/addconditional"+tok, family)
	good := `{"button":[{"type":"click","name":"记一笔","key":"record"},{"name":"我的","sub_button":[{"type":"click","name":"进度","key":"mine"},{"type":"view","name":"页","url":"https://x.invalid/h/me"}]}]}`
	w.want(0, "/cgi-bin/menu/create"+tok, good)
	if m := w.Menu(); len(m) != 2 || m[1].Sub[0].Key != "mine" {
		t.Errorf("%+v", m)
	}
	w.want(45159, "/cgi-bin/menu/addconditional"+tok, family)
	w.want(65304, "/cgi-bin/menu/addconditional"+tok, `{"button":[{"type":"click","name":"a","key":"a"}]}`)
	w.want(0, "/cgi-bin/tags/create"+tok, `{"tag":{"name":"家长"}}`)
	w.want(0, "/cgi-bin/menu/addconditional"+tok, family)
	w.want(65320, "/cgi-bin/menu/addconditional"+tok, `{"button":[{"type":"click","name":"a","key":"a"}],"matchrule":{"sex":"1"}}`)
	if o := w.call("/cgi-bin/menu/get"+tok, nil); o["menu"] == nil || o["conditionalmenu"] == nil {
		t.Errorf("%v", o)
	}
	one := `{"type":"click","name":"a","key":"a"}`
	for body, errcode := range map[string]int{
		`{"button":[]}`: 40016,
		`{"button":[` + one + `,` + one + `,` + one + `,` + one + `]}`:                                                     40016,
		`{"button":[{"type":"click","name":"一二三四五六","key":"a"}]}`:                                                          40018,
		`{"button":[{"type":"tap","name":"a","key":"a"}]}`:                                                                 40017,
		`{"button":[{"type":"click","name":"a"}]}`:                                                                         40019,
		`{"button":[{"type":"view","name":"a","url":"/h"}]}`:                                                               40055,
		`{"button":[{"name":"a","sub_button":[` + one + `,` + one + `,` + one + `,` + one + `,` + one + `,` + one + `]}]}`: 40023,
		`{"button":[{"type":"click","name":"\u8bb0","key":"a"}]}`:                                                          40033,
		`{`: 47001,
	} {
		w.want(errcode, "/cgi-bin/menu/create"+tok, body)
	}
	w.want(0, "/cgi-bin/menu/delete"+tok, nil)
	w.want(46003, "/cgi-bin/menu/get"+tok, nil)
}

// Who bears a tag sees its menu, by the last tag given; the limits of the platform
// hold, and a call with one wrong person does nothing.
func TestTagsAndTheirMenus(t *testing.T) {
	w := newWorld(t)
	tok := "?access_token=" + w.accessToken()
	tag := func(name string) object { return object{"tag": object{"name": name}} }
	w.want(0, "/cgi-bin/tags/create"+tok, tag("干部"))
	w.want(0, "/cgi-bin/tags/create"+tok, tag("家长"))
	w.want(45157, "/cgi-bin/tags/create"+tok, tag("家长"))
	w.want(45158, "/cgi-bin/tags/create"+tok, tag(strings.Repeat("长", 31)))
	people := func(id int, who ...string) object { return object{"tagid": id, "openid_list": who} }
	const give, take = "/cgi-bin/tags/members/batchtagging", "/cgi-bin/tags/members/batchuntagging"
	w.want(45159, give+tok, people(99, zhang))
	w.want(40032, give+tok, people(100))
	w.want(40032, give+tok, people(100, make([]string, 51)...))
	w.want(40003, give+tok, people(100, zhang, "oNobody"))
	if got := w.TagsOf(zhang); len(got) != 0 {
		t.Errorf("a refused call tagged: %v", got)
	}
	button := func(key string) string { return `{"button":[{"type":"click","name":"a","key":"` + key + `"}]` }
	w.want(46003, "/cgi-bin/menu/trymatch"+tok, object{"user_id": zhang})
	w.want(0, "/cgi-bin/menu/create"+tok, button("all")+"}")
	w.want(0, "/cgi-bin/menu/addconditional"+tok, button("cadre")+`,"matchrule":{"tag_id":"100"}}`)
	w.want(0, "/cgi-bin/menu/addconditional"+tok, button("family")+`,"matchrule":{"tag_id":"101"}}`)
	sees := func(key string) {
		t.Helper()
		if m := w.MenuFor(zhang); len(m) != 1 || m[0].Key != key {
			t.Errorf("sees %v, want %s", m, key)
		}
	}
	sees("all")
	w.want(0, give+tok, people(101, zhang))
	sees("family")
	w.want(0, give+tok, people(100, zhang)) // the last one counts
	sees("cadre")
	w.want(0, take+tok, people(100, zhang))
	sees("family")
	w.want(65302, "/cgi-bin/menu/trymatch"+tok, object{"user_id": "oNobody"})
	got := w.call("/cgi-bin/menu/get"+tok, nil)
	id := fmt.Sprint(got["conditionalmenu"].([]any)[1].(map[string]any)["menuid"])
	w.want(65301, "/cgi-bin/menu/delconditional"+tok, object{"menuid": "1"})
	w.want(0, "/cgi-bin/menu/delconditional"+tok, object{"menuid": id})
	sees("all")
	must(t)(w.Unfollow(bg, zhang))
	w.want(49003, give+tok, people(100, zhang))
	for i := range 98 {
		w.want(0, "/cgi-bin/tags/create"+tok, tag(fmt.Sprint("t", i)))
	}
	w.want(45056, "/cgi-bin/tags/create"+tok, tag("one more"))
	w.want(0, "/cgi-bin/openapi/quota/get"+tok, object{"cgi_path": "/cgi-bin/message/template/send"})
	w.want(76021, "/cgi-bin/openapi/quota/get"+tok, object{"cgi_path": "message/template/send"})
}

func TestOAuth(t *testing.T) {
	w := newWorld(t)
	back := w.bot.URL + "/h/me?month=2026-11"
	auth := func(change ...string) string {
		q := map[string]string{"appid": testAppID, "redirect_uri": back, "response_type": "code", "scope": "snsapi_base", "state": "s1"}
		for i := 0; i+1 < len(change); i += 2 {
			q[change[i]] = change[i+1]
		}
		v := make([]string, 0)
		for k, x := range q {
			v = append(v, k+"="+strings.NewReplacer(":", "%3A", "/", "%2F", "?", "%3F", "=", "%3D", "&", "%26").Replace(x))
		}
		return "https://open.weixin.qq.com/connect/oauth2/authorize?" + strings.Join(v, "&") + "#wechat_redirect"
	}
	to, err := w.Authorize(zhang, auth())
	if err != nil {
		t.Fatal(err)
	}
	r, _ := http.NewRequest("GET", to, nil)
	q := r.URL.Query()
	if q.Get("state") != "s1" || q.Get("month") != "2026-11" || !strings.HasPrefix(to, w.bot.URL+"/h/me?") {
		t.Errorf("redirects to %s", to)
	}
	get := "/sns/oauth2/access_token?appid=" + testAppID + "&grant_type=authorization_code&secret=" + testSecret + "&code="
	if o := w.want(0, get+q.Get("code"), nil); o["openid"] != zhang || o["scope"] != "snsapi_base" {
		t.Errorf("%v", o)
	}
	w.want(40163, get+q.Get("code"), nil)
	w.want(40029, get+"made-up", nil)
	w.want(40125, strings.Replace(get, testSecret, "x", 1)+"c", nil)
	to, _ = w.Authorize(zhang, auth())
	r, _ = http.NewRequest("GET", to, nil)
	w.clock.Add(6 * time.Minute)
	w.want(40029, get+r.URL.Query().Get("code"), nil)
	for _, bad := range [][]string{
		{"appid", "wx"},
		{"redirect_uri", "https://evil.invalid/"},
		{"redirect_uri", "/h/me"},
		{"scope", "all"},
		{"response_type", "token"},
		{"state", "a b"},
		{"state", strings.Repeat("a", 129)},
	} {
		if to, err := w.Authorize(zhang, auth(bad...)); err == nil {
			t.Errorf("%v is authorised: %s", bad, to)
		}
	}
	if _, err := w.Authorize("nobody", auth()); err == nil {
		t.Error("nobody is authorised")
	}
}

func TestQRAndQuota(t *testing.T) {
	w := newWorld(t)
	tok := "?access_token=" + w.accessToken()
	o := w.want(0, "/cgi-bin/qrcode/create"+tok, `{"expire_seconds":604800,"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":"K7M2"}}}`)
	must(t)(w.Scan(bg, zhang, "K7M2"))
	if got := w.bot.received(); got[0].Ticket != o["ticket"] {
		t.Error("the ticket of the scan is not the one created")
	}
	w.want(40053, "/cgi-bin/qrcode/create"+tok, `{"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":""}}}`)
	w.want(40053, "/cgi-bin/qrcode/create"+tok, `{"expire_seconds":2592001,"action_name":"QR_SCENE","action_info":{"scene":{"scene_id":1}}}`)
	w.want(40052, "/cgi-bin/qrcode/create"+tok, `{"action_name":"QR"}`)
	for range 10 {
		w.want(0, "/cgi-bin/clear_quota"+tok, object{"appid": testAppID})
	}
	w.want(48006, "/cgi-bin/clear_quota"+tok, object{"appid": testAppID})
	w.mu.Lock()
	w.quota.used["/cgi-bin/qrcode/create"] = 100_000
	w.mu.Unlock()
	w.want(45009, "/cgi-bin/qrcode/create"+tok, `{}`)
	if o := w.call("/cgi-bin/user/info"+tok+"&openid="+li, nil); fmt.Sprint(o["subscribe"]) != "0" {
		t.Errorf("%v", o)
	}
}

func TestFaults(t *testing.T) {
	w := newWorld(t)
	path := "/cgi-bin/message/template/send?access_token=" + w.accessToken()
	cards := func() int { return len(w.Inbox(zhang)) }

	w.Faults().Add(Fault{Path: "/cgi-bin/message/template/send", ErrCode: 45009, Count: 2}, Fault{Path: "/cgi-bin/menu/get", ErrCode: -1})
	w.want(45009, path, dutyCard(zhang, ""))
	w.want(45009, path, dutyCard(zhang, ""))
	w.want(0, path, dutyCard(zhang, ""))
	if cards() != 1 || w.Faults().Hits() != 2 {
		t.Errorf("%d cards, %d hits", cards(), w.Faults().Hits())
	}
	w.Faults().Clear()

	w.Faults().Add(Fault{ErrCode: -1, After: true, Count: 1})
	w.want(-1, path, dutyCard(zhang, ""))
	if cards() != 2 {
		t.Error("an error after acting did not act")
	}
	w.Faults().Add(Fault{Drop: true, Count: 1})
	if _, err := w.try(path, dutyCard(zhang, "")); err == nil || cards() != 2 {
		t.Errorf("dropped before: %v, %d cards", err, cards())
	}
	w.Faults().Add(Fault{Drop: true, After: true, Count: 1})
	if _, err := w.try(path, dutyCard(zhang, "")); err == nil || cards() != 3 {
		t.Errorf("dropped after: %v, %d cards", err, cards())
	}
	w.Faults().Add(Fault{Status: 502, Body: "<html>Bad Gateway</html>", Count: 1})
	if _, err := w.try(path, dutyCard(zhang, "")); err == nil || !strings.Contains(err.Error(), "502") {
		t.Errorf("gateway page: %v", err)
	}
	w.Faults().Add(Fault{ErrCode: 43004, OpenID: li})
	w.want(0, path, dutyCard(zhang, ""))
	w.Faults().Clear()

	// A caller that gives up was not served; with After it was.
	impatient := http.Client{Timeout: 30 * time.Millisecond}
	send := func() {
		j, _ := json.Marshal(dutyCard(zhang, ""))
		if _, err := impatient.Post(w.api.URL+path, "application/json", bytes.NewReader(j)); err == nil {
			t.Error("no delay")
		}
	}
	before := cards()
	w.Faults().Add(Fault{Delay: 10 * time.Second, Count: 1})
	send()
	w.Faults().Add(Fault{Delay: 10 * time.Second, After: true, Count: 1})
	send()
	if cards() != before+1 {
		t.Errorf("%d cards by two time-outs", cards()-before)
	}

	run := func() (hits []int) {
		w.Faults().Clear()
		w.Faults().Seed(7)
		w.Faults().Add(Fault{ErrCode: -1, P: 0.3})
		for i := range 60 {
			if code(w.call(path, dutyCard(zhang, ""))) != 0 {
				hits = append(hits, i)
			}
		}
		return hits
	}
	a, b := run(), run()
	if fmt.Sprint(a) != fmt.Sprint(b) || len(a) < 6 || len(a) > 32 {
		t.Errorf("by chance: %v and %v", a, b)
	}
}

func TestTwentyThousandSendsStayBounded(t *testing.T) {
	w := newWorld(t)
	people := make([]Person, 500)
	for i := range people {
		people[i] = Person{OpenID: fmt.Sprintf("o%027d", i), Name: fmt.Sprint(i), Followed: true}
	}
	w.Add(people...)
	path := "/cgi-bin/message/template/send?access_token=" + w.accessToken()
	handler := w.API()
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 5000 {
				n := g*5000 + i
				// The first person gets as many as keepItems twice over.
				to := people[n%len(people)].OpenID
				if n%19 == 0 {
					to = people[0].OpenID
				}
				j, _ := json.Marshal(dutyCard(to, fmt.Sprint("c", n)))
				r, _ := http.NewRequest("POST", path, bytes.NewReader(j))
				rec := &recorder{}
				handler.ServeHTTP(rec, r)
				if !bytes.Contains(rec.Bytes(), []byte(`"errcode":0`)) {
					t.Errorf("%s", rec.Bytes())
					return
				}
			}
		})
	}
	wg.Wait()
	w.Settle()
	st := w.Stats()
	if st.Cards != 20_000 || st.Finished != 20_000 || st.Tokens != 1 || st.Calls["/cgi-bin/message/template/send"] != 20_000 {
		t.Errorf("%+v", st)
	}
	if n := len(w.Inbox(people[0].OpenID)); n != keepItems {
		t.Errorf("%d items kept", n)
	}
	w.mu.Lock()
	if n := len(w.phones[people[0].OpenID].items); n > keepItems*4/3 {
		t.Errorf("%d items held", n)
	}
	w.mu.Unlock()
	if n := len(w.bot.received()); n != 20_000 {
		t.Errorf("%d results pushed", n)
	}
}

type recorder struct{ bytes.Buffer }

func (*recorder) Header() http.Header { return http.Header{} }
func (*recorder) WriteHeader(int)     {}
