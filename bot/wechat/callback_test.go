package wechat

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"aixin/bot"
)

func TestEcho(t *testing.T) {
	a := newAccount(t, Settings{AppID: testApp, Token: testToken, AESKey: testKey})
	get := func(q string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		a.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/wechat/callback?"+q, nil))
		return w
	}
	// The official sample, years old: age does not matter here.
	w := get("signature=f464b24fc39322e44b38aa78f5edd27bd1441696&timestamp=1714036504&nonce=1514711492&echostr=4375120948345356249")
	if w.Code != 200 || w.Body.String() != "4375120948345356249" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
	for name, q := range map[string]string{
		"nothing":      "",
		"no signature": "timestamp=1714036504&nonce=1514711492&echostr=1",
		"wrong":        "signature=f464b24fc39322e44b38aa78f5edd27bd1441697&timestamp=1714036504&nonce=1514711492&echostr=1",
		"no echostr":   "signature=f464b24fc39322e44b38aa78f5edd27bd1441696&timestamp=1714036504&nonce=1514711492",
	} {
		if w := get(q); w.Code != 403 || w.Body.Len() != 0 {
			t.Errorf("%s: %d %q", name, w.Code, w.Body)
		}
	}
	q := query(testNow)
	q.Set("echostr", "abc")
	if w := a.post(q, textDoc("hi"), ""); strings.Contains(w.Body.String(), "abc") {
		t.Error("echoed on POST")
	}
	w = httptest.NewRecorder()
	a.handler.ServeHTTP(w, httptest.NewRequest(http.MethodPut, "/wechat/callback?"+q.Encode(), nil))
	if w.Code != 405 {
		t.Errorf("PUT: %d", w.Code)
	}
}

func TestPlainMode(t *testing.T) {
	a := newAccount(t, Settings{AppID: testApp, Token: testToken})
	a.says("收到]]>了\n第二行 <a&b>")
	w := a.post(query(testNow), textDoc("昨天去老谷家"), "text/xml")
	var r replyXML
	if err := xml.Unmarshal(w.Body.Bytes(), &r); err != nil || w.Code != 200 {
		t.Fatal(w.Code, err, w.Body)
	}
	if r.ToUserName != "oUser" || r.FromUserName != "gh_1" || r.MsgType != "text" || r.CreateTime != testNow.Add(-time.Minute).Unix() || r.Content != "收到]]>了\n第二行 <a&b>" {
		t.Errorf("%+v", r)
	}
	if len(a.got) != 1 || a.got[0].Text != "昨天去老谷家" || a.got[0].Identity != "m|23456789012345678|oUser" {
		t.Errorf("%+v", a.got)
	}
	if again := a.post(query(testNow), textDoc("昨天去老谷家"), ""); again.Body.String() != w.Body.String() {
		t.Error("a redelivery got other bytes")
	}
}

func TestSafeMode(t *testing.T) {
	s := Settings{AppID: testApp, Token: testToken, AESKey: testKey, PreviousAESKey: otherKey}
	for _, key := range []string{testKey, otherKey} {
		a := newAccount(t, s)
		a.says("好的")
		q, body := sealed(t, key, textDoc("走访"))
		w := a.post(q, body, "text/xml")
		if w.Code != 200 || len(a.got) != 1 || a.got[0].Text != "走访" {
			t.Fatal(w.Code, a.got, a.log)
		}
		var r replyXML
		if err := xml.Unmarshal([]byte(a.opened(key, w.Body.String())), &r); err != nil || r.Content != "好的" {
			t.Error(err, r)
		}
		q.Del("signature") // safe mode promises msg_signature alone
		if w := a.post(q, body, ""); w.Code != 200 || len(a.got) != 2 {
			t.Error("without signature:", w.Code)
		}
		// compatible mode: the plain fields beside Encrypt are not believed
		compat := strings.Replace(body, "<Encrypt>", "<MsgType>text</MsgType><FromUserName>oThief</FromUserName><Content>forged</Content><Encrypt>", 1)
		if w := a.post(q, compat, ""); w.Code != 200 || a.got[2].Text != "走访" || a.got[2].From != "oUser" {
			t.Error("compatible mode:", w.Code, a.got[2])
		}
	}
}

func TestOfficialSample(t *testing.T) {
	for _, v := range vectors(t) {
		if !strings.HasPrefix(v.Name, "E ") {
			continue
		}
		ts, _ := strconv.ParseInt(v.Timestamp, 10, 64)
		var got bot.Message
		h, err := NewCallback(Settings{AppID: v.AppID, Token: v.Token, AESKey: v.Key}, func(_ context.Context, m bot.Message) (bot.Answer, error) {
			got = m
			return bot.Answer{}, nil
		}, func() time.Time { return time.Unix(ts, 0) }, nil)
		if err != nil {
			t.Fatal(err)
		}
		q := url.Values{"timestamp": {v.Timestamp}, "nonce": {v.Nonce}, "encrypt_type": {"aes"}, "msg_signature": {v.Signature}}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "/?"+q.Encode(), strings.NewReader("<xml><Encrypt><![CDATA["+v.Encrypt+"]]></Encrypt></xml>")))
		if w.Code != 200 || w.Body.String() != "success" || got.Text != "hello" || got.At.Unix() != 1234567898 || got.From != "asdasdasdsadasd" {
			t.Errorf("%d %q %+v", w.Code, w.Body, got)
		}
		return
	}
	t.Fatal("vector E is gone")
}

func TestAcknowledged(t *testing.T) {
	doc := func(kind, more string) string {
		return "<xml><ToUserName>gh_1</ToUserName><FromUserName>oUser</FromUserName><CreateTime>1714112440</CreateTime><MsgType>" + kind + "</MsgType>" + more + "</xml>"
	}
	for name, body := range map[string]string{
		"empty": "", "blank": " \r\n", "unknown kind": doc("file", "<MsgId>1</MsgId>"), "unknown event": doc("event", "<Event>LOCATION</Event>"),
		"no event": doc("event", ""), "no kind": "<xml></xml>", "probe": "<xml><action>CheckContainerPath</action></xml>", "childless": "<xml/>",
	} {
		a := newAccount(t, Settings{AppID: testApp, Token: testToken})
		a.says("不该有")
		if w := a.post(query(testNow), body, ""); w.Code != 200 || w.Body.String() != "success" || len(a.got) != 0 {
			t.Errorf("%s: %d %q", name, w.Code, w.Body)
		}
	}
	a := newAccount(t, Settings{AppID: testApp, Token: testToken, AESKey: testKey})
	for _, text := range []string{"", "  \n", "\x02"} {
		a.says(text)
		q, body := sealed(t, testKey, textDoc("走访"))
		if w := a.post(q, body, ""); w.Code != 200 || w.Body.String() != "success" {
			t.Errorf("answer %q: %d %q", text, w.Code, w.Body)
		}
	}
	for _, at := range []time.Duration{-5 * time.Minute, 5 * time.Minute} { // the window includes its ends
		if w := a.post(query(testNow.Add(at)), "", ""); w.Code != 200 {
			t.Errorf("at %v: %d", at, w.Code)
		}
	}
}

func TestReceiverFails(t *testing.T) {
	for name, answer := range map[string]func(bot.Message) (bot.Answer, error){
		"error": func(bot.Message) (bot.Answer, error) { return bot.Answer{}, errors.New("秘密 oUser") },
		"panic": func(m bot.Message) (bot.Answer, error) { panic("秘密 " + string(m.From)) },
		"runtime panic": func(m bot.Message) (bot.Answer, error) {
			var p *bot.Place
			return bot.Answer{}, fmt.Errorf("%v", p.Lat)
		},
	} {
		a := newAccount(t, Settings{AppID: testApp, Token: testToken})
		a.answer = answer
		if w := a.post(query(testNow), textDoc("秘密"), ""); w.Code != 500 || w.Body.Len() != 0 {
			t.Errorf("%s: %d %q", name, w.Code, w.Body)
		}
		log := a.log.String()
		if !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "request=") || strings.Contains(log, "秘密") || strings.Contains(log, "oUser") {
			t.Errorf("%s: log %s", name, log)
		}
	}
}

func TestReplyIsClamped(t *testing.T) {
	a := newAccount(t, Settings{AppID: testApp, Token: testToken})
	a.says("a" + strings.Repeat("好", 1000))
	var r replyXML
	if err := xml.Unmarshal(a.post(query(testNow), textDoc("hi"), "").Body.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Content) > 2048 || len(r.Content) < 2045 || !utf8.ValidString(r.Content) || strings.HasSuffix(r.Content, "\ufffd") {
		t.Errorf("%d bytes, valid %v", len(r.Content), utf8.ValidString(r.Content))
	}
}

func TestNewCallbackRefuses(t *testing.T) {
	receive := func(context.Context, bot.Message) (bot.Answer, error) { return bot.Answer{}, nil }
	for name, s := range map[string]Settings{
		"no token": {AppID: testApp}, "bad key": {AppID: testApp, Token: "t", AESKey: "x"}, "bad previous": {AppID: testApp, Token: "t", AESKey: testKey, PreviousAESKey: "x"},
		"only previous": {AppID: testApp, Token: "t", PreviousAESKey: testKey}, "key without app": {Token: "t", AESKey: testKey},
	} {
		if _, err := NewCallback(s, receive, time.Now, nil); err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), testKey) {
			t.Errorf("%s: key in %q", name, err)
		}
	}
}

func benchmark(b *testing.B, s Settings, q url.Values, body string) {
	a := newAccount(b, s)
	h := a.handler.(*callback)
	h.log = slog.New(slog.DiscardHandler)
	h.receive = func(context.Context, bot.Message) (bot.Answer, error) {
		return bot.Answer{Reply: bot.Reply{Text: "记上了:11月20日(周五)去看老谷(谷军),送米面油300元。"}, At: testNow}, nil
	}
	r := httptest.NewRequest("POST", "/wechat/callback?"+q.Encode(), nil)
	r.ContentLength = int64(len(body))
	w := httptest.NewRecorder()
	b.ReportAllocs()
	for b.Loop() {
		w.Body.Reset()
		r.Body = io.NopCloser(strings.NewReader(body))
		h.ServeHTTP(w, r)
	}
	if w.Code != 200 || w.Body.Len() < 100 {
		b.Fatal(w.Code, w.Body)
	}
}

// The whole way of a text: signature, body, decoding, an instant receiver, the reply.
func BenchmarkPlainText(b *testing.B) {
	benchmark(b, Settings{AppID: testApp, Token: testToken}, query(testNow), textDoc("昨天去老谷家走访,送了米面油300块"))
}

func BenchmarkSealedText(b *testing.B) {
	q, body := sealed(b, testKey, textDoc("昨天去老谷家走访,送了米面油300块"))
	benchmark(b, Settings{AppID: testApp, Token: testToken, AESKey: testKey}, q, body)
}
