package wechat

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"aixin/bot"
)

func TestFetchMedia(t *testing.T) {
	jpeg := "\xff\xd8\xff\xe0" + strings.Repeat("x", 1000)
	serve := func(contentType, body string, chunked bool) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			if chunked {
				w.(http.Flusher).Flush()
			}
			fmt.Fprint(w, body)
		}
	}
	for name, c := range map[string]struct {
		h      http.HandlerFunc
		limit  int64
		code   int
		action bot.Action // "" for a file
	}{
		"picture":                 {serve("image/jpeg", jpeg, false), 1004, 0, ""},
		"one byte too many":       {serve("image/jpeg", jpeg, false), 1003, 0, bot.ActBadContent},
		"far too many, unsaid":    {serve("image/jpeg", strings.Repeat(jpeg, 100), true), 1003, 0, bot.ActBadContent},
		"error as JSON":           {serve("application/json", `{"errcode":40007,"errmsg":"invalid media_id"}`, false), 10, 40007, bot.ActRetry},
		"error as text":           {serve("text/plain", `{"errcode":45009,"errmsg":"quota"}`, true), 1 << 20, 45009, bot.ActStopAPI},
		"error dressed as a JPEG": {serve("image/jpeg", `{"errcode":-1,"errmsg":"system error"}`, false), 1 << 20, -1, bot.ActRetry},
		"JSON that says nothing":  {serve("application/json", `{"errcode":0}`, false), 1 << 20, 0, bot.ActRetry},
		"a login page":            {serve("text/html", "\n<!DOCTYPE html><p>", false), 1 << 20, 0, bot.ActRetry},
		"nothing":                 {serve("image/jpeg", "", false), 1 << 20, 0, bot.ActRetry},
		"video on a strange host": {serve("text/plain", `{"video_url":"http://127.0.0.1/x.mp4"}`, false), 1 << 20, 0, bot.ActBadContent},
		"a lookalike host":        {serve("text/plain", `{"video_url":"http://evilqpic.cn/x.mp4"}`, false), 1 << 20, 0, bot.ActBadContent},
		"a file of this machine":  {serve("text/plain", `{"video_url":"file:///etc/passwd"}`, false), 1 << 20, 0, bot.ActBadContent},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t)
			p.do(pathGetMedia, c.h)
			data, contentType, err := p.client().FetchMedia(t.Context(), "m&1", c.limit)
			if got := p.queries[pathGetMedia].Get("media_id"); got != "m&1" {
				t.Errorf("asked for %q", got)
			}
			if c.action == "" {
				if err != nil || string(data) != jpeg || contentType != "image/jpeg" {
					t.Errorf("%d bytes %q %v", len(data), contentType, err)
				}
				return
			}
			if e := sendError(t, err); data != nil || e.Code != c.code || e.Action != c.action {
				t.Errorf("%v, want %d %s", e, c.code, c.action)
			}
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestFetchVideo(t *testing.T) {
	p := newPlatform(t)
	p.on(pathGetMedia, `{"video_url":"http://mpvideo.qpic.cn/a.mp4?k=1"}`)
	c := p.client(func(o *Options) {
		o.HTTP = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.URL.Host != "mpvideo.qpic.cn" {
				return http.DefaultTransport.RoundTrip(r)
			}
			if r.URL.Query().Has("access_token") {
				t.Error("the token went to the file server")
			}
			w := httptest.NewRecorder()
			w.Header().Set("Content-Type", "video/mp4")
			w.WriteString("\x00\x00\x00\x18ftypmp42")
			return w.Result(), nil
		})}
	})
	data, contentType, err := c.FetchMedia(t.Context(), "v", 1000)
	if err != nil || contentType != "video/mp4" || len(data) != 12 {
		t.Error(len(data), contentType, err)
	}
	if _, _, err := c.FetchMedia(t.Context(), "v", 11); err == nil {
		t.Error("the limit does not hold for videos")
	}
}
