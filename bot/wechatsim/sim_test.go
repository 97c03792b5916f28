package wechatsim

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"aixin/bot/wechat"
)

const (
	testAppID   = "wx0000000000000001"
	testSecret  = "0123456789abcdef0123456789abcdef"
	testToken   = "callback-token"
	testAESKey  = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	testAccount = "gh_0123456789ab"
	zhang       = "o0000000000000000000zhangsan"
	li          = "o00000000000000000000000lisi"
)

// clock is a clock that only moves when told.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }
func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// inbound is a push as the test's bot understood it.
type inbound struct {
	XMLName                                               xml.Name `xml:"xml"`
	ToUserName, FromUserName, MsgType, Content, Event     string
	EventKey, Ticket, Status, MediaId, MediaId16K, Label  string
	PicUrl, Format, Recognition, Location_X, Bizmsgmenuid string
	CreateTime, MsgId                                     int64
	MsgID                                                 int64
	Menuid                                                string `xml:"bizmsgmenuid"`
	signature                                             string
}

// bot is a tiny account that answers what its reply func says: "" is success.
type bot struct {
	*httptest.Server
	t      *testing.T
	cipher *wechat.Cipher // nil: plaintext
	now    func() time.Time

	mu    sync.Mutex
	got   []inbound
	reply func(inbound) string                         // words of the text reply
	raw   func(http.ResponseWriter, inbound) (ok bool) // answers by itself
}

func newBot(t *testing.T, aesKey string, now func() time.Time) *bot {
	b := &bot{t: t, now: now, reply: func(m inbound) string { return "收到:" + m.Content }}
	if aesKey != "" {
		c, err := wechat.NewCipher(testAppID, aesKey)
		if err != nil {
			t.Fatal(err)
		}
		b.cipher = c
	}
	b.Server = httptest.NewServer(http.HandlerFunc(b.serve))
	t.Cleanup(b.Close)
	return b
}

func (b *bot) serve(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	ts, nonce := q.Get("timestamp"), q.Get("nonce")
	if q.Get("signature") != wechat.Sign(testToken, ts, nonce) {
		http.Error(w, "signature", http.StatusForbidden)
		return
	}
	if r.Method == http.MethodGet {
		io.WriteString(w, q.Get("echostr"))
		return
	}
	body, _ := io.ReadAll(r.Body)
	m := inbound{signature: q.Get("signature")}
	if b.cipher != nil {
		var sealed struct{ ToUserName, Encrypt string }
		if xml.Unmarshal(body, &sealed) != nil || q.Get("encrypt_type") != "aes" ||
			q.Get("msg_signature") != wechat.Sign(testToken, ts, nonce, sealed.Encrypt) || sealed.ToUserName != testAccount {
			http.Error(w, "msg_signature", http.StatusForbidden)
			return
		}
		var err error
		if body, err = b.cipher.Open(sealed.Encrypt); err != nil {
			http.Error(w, "open", http.StatusForbidden)
			return
		}
	}
	if err := xml.Unmarshal(body, &m); err != nil || q.Get("openid") != m.FromUserName {
		b.t.Errorf("push is not good XML: %v\n%s", err, body)
	}
	b.mu.Lock()
	b.got = append(b.got, m)
	raw, reply := b.raw, b.reply
	b.mu.Unlock()
	if raw != nil && raw(w, m) {
		return
	}
	words := ""
	if m.MsgType != "event" || m.Event == "CLICK" || m.Event == "SCAN" || m.Event == "subscribe" {
		words = reply(m)
	}
	if words == "" {
		io.WriteString(w, "success")
		return
	}
	w.Write(b.seal(b.text(m, words)))
}

func (b *bot) text(m inbound, words string) string {
	return fmt.Sprintf("<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%d</CreateTime>"+
		"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[%s]]></Content></xml>", m.FromUserName, m.ToUserName, b.now().Unix(), strings.ReplaceAll(words, "]]>", "]]]]><![CDATA[>"))
}

func (b *bot) seal(plain string) []byte {
	if b.cipher == nil {
		return []byte(plain)
	}
	return b.sealAt(plain, strconv.FormatInt(b.now().Unix(), 10))
}

func (b *bot) sealAt(plain, ts string) []byte {
	sealed, err := b.cipher.Seal([]byte(plain), [16]byte{1, 2, 3})
	if err != nil {
		b.t.Error(err)
	}
	return fmt.Appendf(nil, "<xml><Encrypt><![CDATA[%s]]></Encrypt><MsgSignature><![CDATA[%s]]></MsgSignature><TimeStamp>%s</TimeStamp><Nonce><![CDATA[n]]></Nonce></xml>",
		sealed, wechat.Sign(testToken, ts, "n", sealed), ts)
}

// answer sets how the bot answers: by words, or by itself.
func (b *bot) answer(reply func(inbound) string, raw func(http.ResponseWriter, inbound) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if reply != nil {
		b.reply = reply
	}
	b.raw = raw
}

func (b *bot) received() []inbound {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]inbound(nil), b.got...)
}

// world is a simulator with its bot, API and clock.
type world struct {
	*Sim
	t     *testing.T
	bot   *bot
	api   *httptest.Server
	clock *clock
}

func newWorld(t *testing.T, change ...func(*Config)) *world {
	t.Helper()
	c := &clock{t: time.Date(2026, 11, 21, 9, 30, 0, 0, time.FixedZone("CST", 8*3600))}
	cfg := Config{
		AppID: testAppID, AppSecret: testSecret, Token: testToken, AESKey: testAESKey, Account: testAccount,
		PublicURL: "http://127.0.0.1:1", Now: c.Now, Shift: c.Add, RetryGap: time.Millisecond,
	}
	for _, f := range change {
		f(&cfg)
	}
	b := newBot(t, cfg.AESKey, c.Now)
	cfg.CallbackURL = b.URL + "/wechat/callback"
	s := New(cfg)
	t.Cleanup(s.Close)
	s.Add(
		Person{OpenID: zhang, Name: "张三", Role: "干部", Followed: true, Try: []string{"进度"}},
		Person{OpenID: li, Name: "李四", Role: "监护人"},
	)
	api := httptest.NewServer(s.API())
	t.Cleanup(api.Close)
	return &world{s, t, b, api, c}
}

// call calls the API: a GET, or a POST where body is not nil.
func (w *world) call(path string, body any) map[string]any {
	w.t.Helper()
	o, err := w.try(path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func (w *world) try(path string, body any) (map[string]any, error) {
	var res *http.Response
	var err error
	switch b := body.(type) {
	case nil:
		res, err = http.Get(w.api.URL + path)
	case string:
		res, err = http.Post(w.api.URL+path, "application/json", strings.NewReader(b))
	default:
		j, _ := json.Marshal(b)
		res, err = http.Post(w.api.URL+path, "application/json", bytes.NewReader(j))
	}
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	d := json.NewDecoder(res.Body)
	d.UseNumber()
	o := map[string]any{"status": res.StatusCode}
	if err := d.Decode(&o); err != nil {
		return nil, fmt.Errorf("%s: status %d: %w", path, res.StatusCode, err)
	}
	return o, nil
}

func code(o map[string]any) int {
	n, ok := o["errcode"].(json.Number)
	if !ok {
		return 0
	}
	i, _ := n.Int64()
	return int(i)
}

func (w *world) want(errcode int, path string, body any) map[string]any {
	w.t.Helper()
	o := w.call(path, body)
	if code(o) != errcode {
		w.t.Errorf("%s: errcode %d (%v), want %d", strings.SplitN(path, "?", 2)[0], code(o), o["errmsg"], errcode)
	}
	if msg, _ := o["errmsg"].(string); errcode != 0 && !strings.Contains(msg, " rid: ") {
		w.t.Errorf("errmsg without rid: %q", msg)
	}
	return o
}

// accessToken fetches the stable token.
func (w *world) accessToken() string {
	w.t.Helper()
	o := w.call("/cgi-bin/stable_token", object{"grant_type": "client_credential", "appid": testAppID, "secret": testSecret})
	tok, _ := o["access_token"].(string)
	if tok == "" {
		w.t.Fatalf("no token: %v", o)
	}
	return tok
}

func (w *world) custom(tok, to, words string) int {
	w.t.Helper()
	return code(w.call("/cgi-bin/message/custom/send?access_token="+tok,
		object{"touser": to, "msgtype": "text", "text": object{"content": words}}))
}

func dutyCard(to, clientID string) object {
	v := func(s string) object { return object{"value": s} }
	return object{
		"touser": to, "template_id": templateID("duty_reminder"), "client_msg_id": clientID, "url": "http://127.0.0.1/h/me",
		"data": object{"thing1": v("有2户今年还差走访"), "thing2": v("这周末或下周三前"), "thing3": v("去过没记的,补一句就行")},
	}
}

func (w *world) last(openid string) Item {
	w.t.Helper()
	in := w.Inbox(openid)
	if len(in) == 0 {
		w.t.Fatal("the phone shows nothing")
	}
	return in[len(in)-1]
}

func must(t *testing.T) func(Reply, error) Reply {
	return func(r Reply, err error) Reply {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if r.Fault != "" {
			t.Fatalf("fault: %s", r.Fault)
		}
		return r
	}
}

var bg = context.Background()
