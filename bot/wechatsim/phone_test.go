package wechatsim

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestTextReachesTheBotAndComesBack(t *testing.T) {
	for _, mode := range []struct{ name, key string }{{"safe", testAESKey}, {"plain", ""}} {
		t.Run(mode.name, func(t *testing.T) {
			w := newWorld(t, func(c *Config) { c.AESKey = mode.key })
			if err := w.CheckURL(bg); err != nil {
				t.Fatal(err)
			}
			text := "昨天去老谷家走访 <b>]]>&\x00 😀"
			r := must(t)(w.Text(bg, zhang, text))
			clean := strings.ReplaceAll(text, "\x00", "")
			if r.Text != "收到:"+clean {
				t.Errorf("reply %q", r.Text)
			}
			got := w.bot.received()
			if len(got) != 1 || got[0].Content != clean || got[0].MsgId < 1<<53 || got[0].CreateTime != w.clock.Now().Unix() {
				t.Errorf("the bot got %+v", got)
			}
			in := w.Inbox(zhang)
			if len(in) != 2 || in[0].From != "me" || in[0].Pending || in[1].From != "account" || in[1].Via != "passive" {
				t.Errorf("the phone shows %+v", in)
			}
		})
	}
}

func TestWhatAPhoneSends(t *testing.T) {
	w := newWorld(t)
	w.bot.answer(func(inbound) string { return "" }, nil)
	ok := must(t)
	ok(w.Photo(bg, zhang, SamplePhoto(1)))
	ok(w.Voice(bg, zhang, SampleVoice(), ""))
	ok(w.Place(bg, zhang, 35.5428, 106.6653, "崆峒区"))
	ok(w.Click(bg, zhang, "mine"))
	ok(w.View(bg, zhang, "http://127.0.0.1/h/me"))
	ok(w.Scan(bg, zhang, "K7M2"))
	ok(w.Choose(bg, zhang, "101", "满意"))
	ok(w.Follow(bg, li, "K7M2"))
	ok(w.Unfollow(bg, li))
	if _, err := w.Text(bg, li, "在吗"); !errors.Is(err, ErrNotFollowing) {
		t.Errorf("who left can still write: %v", err)
	}
	if _, err := w.Text(bg, "nobody", "在吗"); !errors.Is(err, ErrUnknownPerson) {
		t.Errorf("an unknown person can write: %v", err)
	}
	g := w.bot.received()
	if len(g) != 9 {
		t.Fatalf("%d pushes", len(g))
	}
	for i, good := range []bool{
		g[0].MsgType == "image" && g[0].MediaId != "" && strings.HasPrefix(g[0].PicUrl, "http://mmbiz.qpic.cn/"),
		g[1].MsgType == "voice" && g[1].Format == "amr" && g[1].MediaId16K != "" && g[1].Recognition == "",
		g[2].MsgType == "location" && g[2].Location_X == "35.542800" && g[2].Label == "崆峒区",
		g[3].Event == "CLICK" && g[3].EventKey == "mine" && g[3].MsgId == 0,
		g[4].Event == "VIEW",
		g[5].Event == "SCAN" && g[5].EventKey == "K7M2" && g[5].Ticket != "",
		g[6].MsgType == "text" && g[6].Content == "满意" && g[6].Menuid == "101",
		g[7].Event == "subscribe" && g[7].EventKey == "qrscene_K7M2" && g[7].Ticket == g[5].Ticket,
		g[8].Event == "unsubscribe" && g[8].FromUserName == li,
	} {
		if !good {
			t.Errorf("push %d: %+v", i, g[i])
		}
	}
	ids := map[int64]bool{}
	for _, m := range g {
		if m.MsgId != 0 && ids[m.MsgId] {
			t.Errorf("MsgId twice: %d", m.MsgId)
		}
		ids[m.MsgId] = true
	}
}

func TestABadReplyBringsTheFaultText(t *testing.T) {
	w := newWorld(t)
	write := func(s string) func(http.ResponseWriter, inbound) bool {
		return func(w http.ResponseWriter, _ inbound) bool { io.WriteString(w, s); return true }
	}
	seal := func(edit func(string) string) func(http.ResponseWriter, inbound) bool {
		return func(rw http.ResponseWriter, m inbound) bool {
			rw.Write(w.bot.seal(edit(w.bot.text(m, "好"))))
			return true
		}
	}
	swap := func(old, by string) func(http.ResponseWriter, inbound) bool {
		return seal(func(s string) string {
			if !strings.Contains(s, old) {
				t.Errorf("nothing to replace: %s", old)
			}
			return strings.Replace(s, old, by, 1)
		})
	}
	cases := map[string]func(http.ResponseWriter, inbound) bool{
		"json":              write(`{"text":"好"}`),
		"quoted success":    write(`"success"`),
		"success and more":  write("success\n"),
		"not encrypted":     func(rw http.ResponseWriter, m inbound) bool { io.WriteString(rw, w.bot.text(m, "好")); return true },
		"encrypted nothing": seal(func(string) string { return "" }),
		"half the xml":      seal(func(s string) string { return s[:len(s)-3] }),
		"junk behind":       seal(func(s string) string { return s + "x" }),
		"to somebody else":  swap(zhang, li),
		"from nobody":       swap(testAccount, "gh_other"),
		"empty content":     swap("好", ""),
		"2049 bytes":        swap("好", strings.Repeat("好", 683)),
		"half a character":  swap("好", "\xe5\xa5"),
		"unknown type":      swap("[text]", "[markdown]"),
		"milliseconds":      swap("</CreateTime>", "000</CreateTime>"),
		"seal in ms": func(rw http.ResponseWriter, m inbound) bool {
			rw.Write(w.bot.sealAt(w.bot.text(m, "好"), "1763688600000"))
			return true
		},
		"signature": func(rw http.ResponseWriter, m inbound) bool {
			rw.Write([]byte(strings.Replace(string(w.bot.seal(w.bot.text(m, "好"))), "<Nonce><![CDATA[n]]>", "<Nonce><![CDATA[m]]>", 1)))
			return true
		},
		"media that is not there": swap("[text]]></MsgType><Content><![CDATA[好]]></Content>", "[image]]></MsgType><Image><MediaId>x</MediaId></Image>"),
	}
	for name, raw := range cases {
		t.Run(name, func(t *testing.T) {
			w.bot.answer(nil, raw)
			r, err := w.Text(bg, zhang, "你好")
			if err != nil || r.Fault == "" || r.Text != FaultText || r.Deliveries != 1 {
				t.Errorf("taken as good: %+v %v", r, err)
			}
			if it := w.last(zhang); it.Kind != "fault" || it.Text != FaultText {
				t.Errorf("the phone shows %+v", it)
			}
		})
	}
	t.Run("2048 bytes are good", func(t *testing.T) {
		w.bot.answer(func(inbound) string { return strings.Repeat("好", 682) + "ab" }, nil)
		must(t)(w.Text(bg, zhang, "你好"))
	})
	t.Run("silence is good", func(t *testing.T) {
		w.bot.answer(nil, write(""))
		before := len(w.Inbox(zhang))
		if r := must(t)(w.Text(bg, zhang, "你好")); r.Kind != "" {
			t.Errorf("%+v", r)
		}
		if n := len(w.Inbox(zhang)); n != before+1 {
			t.Errorf("%d items for a silent answer", n-before)
		}
	})
}

func TestRedelivery(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Timeout = 60 * time.Millisecond })
	var n atomic.Int32
	release := make(chan struct{})
	fail := func(failures int32, how func(http.ResponseWriter)) {
		n.Store(0)
		w.bot.answer(nil, func(rw http.ResponseWriter, _ inbound) bool {
			if n.Add(1) > failures {
				return false
			}
			how(rw)
			return true
		})
	}
	slow := func(http.ResponseWriter) { <-release }
	defer close(release)
	for _, c := range []struct {
		name     string
		failures int32
		how      func(http.ResponseWriter)
		want     int
		fault    bool
	}{
		{"500 once", 1, func(rw http.ResponseWriter) { rw.WriteHeader(500) }, 2, false},
		{"slow twice", 2, slow, 3, false},
		{"cut three times", 3, func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, 4, false},
		{"never", 9, func(rw http.ResponseWriter) { rw.WriteHeader(503) }, 4, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := len(w.bot.received())
			fail(c.failures, c.how)
			r, err := w.Text(bg, zhang, "在吗")
			if err != nil || r.Deliveries != c.want || (r.Fault != "") != c.fault {
				t.Fatalf("%+v %v", r, err)
			}
			got := w.bot.received()[before:]
			for _, m := range got {
				if m.MsgId != got[0].MsgId || m.CreateTime != got[0].CreateTime {
					t.Errorf("a redelivery is another message: %+v", got)
				}
			}
		})
	}
}

func TestDeliverInParallel(t *testing.T) {
	w := newWorld(t)
	p := w.NewText(zhang, "进度")
	answers := w.Deliver(bg, p, 5)
	if len(answers) != 5 {
		t.Fatal(len(answers))
	}
	for _, a := range answers {
		if a.Err != nil || a.Status != 200 || len(a.Body) == 0 {
			t.Errorf("%+v", a)
		}
	}
	signatures := map[string]int{}
	for _, m := range w.bot.received() {
		if m.MsgId != p.ID || m.Content != "进度" {
			t.Errorf("%+v", m)
		}
		signatures[m.signature]++
	}
	if len(signatures) != 3 { // three are the same bytes, two are sealed anew
		t.Errorf("signatures: %v", signatures)
	}
	if r := w.read(p, answers[0], 1); r.Fault != "" || r.Text != "收到:进度" {
		t.Errorf("%+v", r)
	}
}
