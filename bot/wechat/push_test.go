package wechat

import (
	"bytes"
	"context"
	"encoding/xml"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"aixin/bot"
)

const (
	testApp   = "wxba5fad812f8e6fb9"
	testToken = "AAAAA"
)

var (
	testKey  = strings.Repeat("A", 43)
	otherKey = strings.Repeat("B", 42) + "C" // spare bits set
	testNow  = time.Unix(1714112445, 0)
)

// account plays the platform towards one callback.
type account struct {
	t       testing.TB
	handler http.Handler
	log     *bytes.Buffer
	got     []bot.Message
	answer  func(bot.Message) (bot.Answer, error)
}

func newAccount(t testing.TB, s Settings) *account {
	a := &account{t: t, log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(a.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	receive := func(_ context.Context, m bot.Message) (bot.Answer, error) {
		a.got = append(a.got, m)
		if a.answer == nil {
			return bot.Answer{}, nil
		}
		return a.answer(m)
	}
	h, err := NewCallback(s, receive, func() time.Time { return testNow }, log)
	if err != nil {
		t.Fatal(err)
	}
	a.handler = h
	return a
}

func (a *account) says(text string) {
	a.answer = func(bot.Message) (bot.Answer, error) {
		return bot.Answer{Reply: bot.Reply{Text: text}, At: testNow.Add(-time.Minute)}, nil
	}
}

func query(at time.Time) url.Values {
	ts := strconv.FormatInt(at.Unix(), 10)
	return url.Values{"timestamp": {ts}, "nonce": {"415670741"}, "signature": {Sign(testToken, ts, "415670741")}, "openid": {"oUser"}}
}

// sealed makes the query and body of a safe-mode push.
func sealed(t testing.TB, key, doc string) (url.Values, string) {
	c, err := NewCipher(testApp, key)
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.Seal([]byte(doc), [16]byte{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	q := query(testNow)
	q.Set("encrypt_type", "aes")
	q.Set("msg_signature", Sign(testToken, q.Get("timestamp"), q.Get("nonce"), e))
	return q, "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[" + e + "]]></Encrypt></xml>"
}

func (a *account) post(q url.Values, body, contentType string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/wechat/callback?"+q.Encode(), strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	return w
}

func textDoc(content string) string {
	return "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oUser]]></FromUserName><CreateTime>1714112440</CreateTime>" +
		"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[" + content + "]]></Content><MsgId>23456789012345678</MsgId></xml>"
}

type replyXML struct {
	XMLName                           xml.Name `xml:"xml"`
	ToUserName, FromUserName, MsgType string
	CreateTime                        int64
	Content                           string
}

type envelopeXML struct {
	Encrypt, MsgSignature, Nonce string
	TimeStamp                    int64
}

// opened checks the envelope of a reply and gives the XML inside.
func (a *account) opened(key, body string) string {
	a.t.Helper()
	var e envelopeXML
	if err := xml.Unmarshal([]byte(body), &e); err != nil {
		a.t.Fatalf("envelope: %v in %q", err, body)
	}
	if e.Nonce != "415670741" || e.TimeStamp != testNow.Unix() {
		a.t.Errorf("nonce %q, timestamp %d", e.Nonce, e.TimeStamp)
	}
	if want := Sign(testToken, strconv.FormatInt(e.TimeStamp, 10), e.Nonce, e.Encrypt); e.MsgSignature != want {
		a.t.Errorf("signature %s, want %s", e.MsgSignature, want)
	}
	c, _ := NewCipher(testApp, key)
	plain, err := c.Open(e.Encrypt)
	if err != nil {
		a.t.Fatal(err)
	}
	return string(plain)
}
