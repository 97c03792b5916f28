package wechat

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"aixin/bot"
)

const (
	testSecret = "5ecret5ecret5ecret5ecret5ecret00"
	testOpenID = bot.OpenID("oABCDEFGHIJKLMNOPQRSTUVWXYZ1")
)

// platform answers with what the test wrote for a path, and remembers the calls.
type platform struct {
	*httptest.Server
	mu      sync.Mutex
	token   string // the one that is valid
	issued  int
	calls   map[string]int
	bodies  map[string]string
	queries map[string]url.Values
	script  map[string]http.HandlerFunc
}

func newPlatform(t testing.TB) *platform {
	p := &platform{token: "token-1", calls: map[string]int{}, bodies: map[string]string{}, queries: map[string]url.Values{}, script: map[string]http.HandlerFunc{}}
	p.script[pathToken] = func(w http.ResponseWriter, _ *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.issued++
		fmt.Fprintf(w, `{"access_token":%q,"expires_in":7200}`, p.token)
	}
	p.Server = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.Close)
	return p
}

func (p *platform) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	path := r.URL.Path
	p.calls[path]++
	p.bodies[path], p.queries[path] = string(body), r.URL.Query()
	stale := path != pathToken && path != pathOAuth && r.URL.Query().Get("access_token") != p.token
	answer := p.script[path]
	p.mu.Unlock()
	switch {
	case stale:
		fmt.Fprint(w, `{"errcode":40001,"errmsg":"invalid credential, access_token is invalid or not latest rid: 61076919-303049b3-32283a08"}`)
	case answer == nil:
		fmt.Fprint(w, `{"errcode":0,"errmsg":"ok"}`)
	default:
		answer(w, r)
	}
}

// on makes the platform answer a path with this body.
func (p *platform) on(path, body string) {
	p.do(path, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
}

func (p *platform) do(path string, h http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.script[path] = h
}

func (p *platform) expire(token string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.token = token
}

func (p *platform) count(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls[path]
}

func (p *platform) client(change ...func(*Options)) *Client {
	o := Options{AppID: testApp, AppSecret: testSecret, BaseURL: p.URL, Now: time.Now}
	for _, f := range change {
		f(&o)
	}
	return NewClient(o)
}

func sendError(t *testing.T, err error) *bot.SendError {
	t.Helper()
	var e *bot.SendError
	if !errors.As(err, &e) {
		t.Fatalf("not a SendError: %v", err)
	}
	return e
}
