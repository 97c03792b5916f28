package wechat

import (
	"io"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRefused(t *testing.T) {
	safe := Settings{AppID: testApp, Token: testToken, AESKey: testKey}
	plain := Settings{AppID: testApp, Token: testToken}
	with := func(q url.Values, kv ...string) url.Values {
		out := url.Values{}
		for k, v := range q {
			out[k] = v
		}
		for i := 0; i < len(kv); i += 2 {
			if out.Set(kv[i], kv[i+1]); kv[i+1] == "" {
				out.Del(kv[i])
			}
		}
		return out
	}
	q, body := sealed(t, testKey, textDoc("秘密"))
	_, strange := sealed(t, otherKey, textDoc("秘密"))
	strangeQ, _ := sealed(t, otherKey, textDoc("秘密"))
	foreign, _ := NewCipher("wxforeign", testKey)
	e, _ := foreign.Seal([]byte(textDoc("秘密")), [16]byte{})
	foreignQ := with(q, "msg_signature", Sign(testToken, q.Get("timestamp"), q.Get("nonce"), e))
	junkQ, junk := sealed(t, testKey, "not xml at all")
	big := textDoc(strings.Repeat("大", 4<<20))
	for _, c := range []struct {
		name string
		s    Settings
		q    url.Values
		body string
		ct   string
		code int
	}{
		{"unsigned", plain, with(query(testNow), "signature", ""), textDoc("秘密"), "", 403},
		{"no query", plain, nil, textDoc("秘密"), "", 403},
		{"wrongly signed", plain, with(query(testNow), "signature", strings.Repeat("0", 40)), textDoc("秘密"), "", 403},
		{"other nonce", plain, with(query(testNow), "nonce", "1"), textDoc("秘密"), "", 403},
		{"six minutes old", plain, query(testNow.Add(-6 * time.Minute)), textDoc("秘密"), "", 403},
		{"six minutes ahead", plain, query(testNow.Add(6 * time.Minute)), textDoc("秘密"), "", 403},
		{"milliseconds", plain, query(time.Unix(testNow.UnixMilli(), 0)), textDoc("秘密"), "", 403},
		{"ten MiB", plain, query(testNow), big, "", 413},
		{"json", plain, query(testNow), `{"MsgType":"text"}`, "application/json; charset=utf-8", 415},
		{"json unannounced", plain, query(testNow), `{"MsgType":"text"}`, "", 400},
		{"half", plain, query(testNow), textDoc("秘密")[:90], "", 400},
		{"gbk", plain, query(testNow), textDoc("\xc0\xcf\xb9\xc8"), "", 400},
		{"dtd", plain, query(testNow), `<!DOCTYPE x [<!ENTITY a "b">]>` + textDoc("&a;"), "", 400},
		{"sealed without a key", plain, q, body, "", 400},
		{"downgraded", safe, query(testNow), textDoc("秘密"), "", 403},
		{"downgraded in disguise", safe, q, textDoc("秘密"), "", 403},
		{"raw", safe, with(q, "encrypt_type", "raw"), body, "", 403},
		{"no msg_signature", safe, with(q, "msg_signature", ""), body, "", 403},
		{"wrong msg_signature", safe, with(q, "msg_signature", strings.Repeat("0", 40)), body, "", 403},
		{"wrong signature beside a right msg_signature", safe, with(q, "signature", strings.Repeat("0", 40)), body, "", 403},
		{"both missing", safe, with(q, "signature", "", "msg_signature", ""), body, "", 403},
		{"other body", safe, q, strange, "", 403},
		{"key unknown", safe, strangeQ, strange, "", 403},
		{"another app", safe, foreignQ, "<xml><Encrypt>" + e + "</Encrypt></xml>", "", 403},
		{"junk inside", safe, junkQ, junk, "", 400},
		{"stale", safe, with(q, "timestamp", strconv.FormatInt(testNow.Unix()-301, 10), "signature", ""), body, "", 403},
		{"empty and unsigned", safe, with(q, "signature", ""), "", "", 403},
		{"ten MiB sealed", safe, q, "<xml><Encrypt>" + strings.Repeat("A", 10<<20) + "</Encrypt></xml>", "", 413},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAccount(t, c.s)
			a.says("不该有的回复")
			w := a.post(c.q, c.body, c.ct)
			if w.Code != c.code || w.Body.Len() != 0 || len(a.got) != 0 {
				t.Errorf("%d (want %d) %q, taken in: %d", w.Code, c.code, w.Body, len(a.got))
			}
			for _, s := range []string{"秘密", "415670741", "oUser", testKey, "signature="} {
				if strings.Contains(a.log.String(), s) {
					t.Errorf("%q in the log: %s", s, a.log)
				}
			}
			if strings.Contains(a.log.String(), "level=ERROR") {
				t.Errorf("loud: %s", a.log)
			}
		})
	}
	// A body that does not say how long it is meets the cap while it is read.
	a := newAccount(t, plain)
	r := httptest.NewRequest("POST", "/?"+query(testNow).Encode(), io.MultiReader(strings.NewReader(big)))
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	if w.Code != 413 || len(a.got) != 0 {
		t.Errorf("chunked 10 MiB: %d", w.Code)
	}
}
