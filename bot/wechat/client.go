package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"aixin/bot"
)

const (
	defaultBase      = "https://api.weixin.qq.com"
	defaultAuthorize = "https://open.weixin.qq.com/connect/oauth2/authorize"
	maxAnswer        = 4 << 20 // of a JSON answer; the list of templates is the longest

	pathToken      = "/cgi-bin/stable_token"
	pathCustomSend = "/cgi-bin/message/custom/send"
	pathCardSend   = "/cgi-bin/message/template/send"
	pathGetMedia   = "/cgi-bin/media/get"
	pathOAuth      = "/sns/oauth2/access_token"
)

// Options of a Client.
type Options struct {
	AppID     string
	AppSecret string
	BaseURL   string // of the API, the real one if empty
	// AuthorizeURL is the page that a phone opens for OAuth, the real one if
	// empty. The simulator has its own.
	AuthorizeURL string
	Redis        redis.UniversalClient // shares the token between processes; may be nil
	HTTP         *http.Client          // one with a time-out of 10 s if nil
	Now          func() time.Time      // real time, also where a demo moves its own
	Log          *slog.Logger          // none if nil
}

// Client calls the platform for one account. It holds no state but its token,
// and every error it gives is a *bot.SendError.
type Client struct {
	appID, secret   string
	base, authorize string
	http            *http.Client
	tokens          *tokens
	log             *slog.Logger
}

var _ bot.Platform = (*Client)(nil)

// NewClient makes a client; it calls nobody yet.
//
// It speaks HTTP by itself: the SDK's managers take host, HTTP client and time-out
// from process-wide variables, take no context and print the secret in errors.
func NewClient(o Options) *Client {
	c := &Client{
		appID: o.AppID, secret: o.AppSecret, log: o.Log,
		base: strings.TrimRight(o.BaseURL, "/"), authorize: o.AuthorizeURL,
	}
	if c.base == "" {
		c.base = defaultBase
	}
	if c.authorize == "" {
		c.authorize = defaultAuthorize
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if o.HTTP != nil {
		own := *o.HTTP
		c.http = &own
	} else {
		pool := http.DefaultTransport.(*http.Transport).Clone()
		pool.MaxIdleConnsPerHost = 64 // there is but one host, and as many calls under way as bot allows
		c.http = &http.Client{Timeout: 10 * time.Second, Transport: pool}
	}
	// A redirect would carry the token in the query to another host.
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.tokens = newTokens(o.AppID, o.Redis, o.Now, c.log, c.fetchToken)
	return c
}

// SendText sends a customer-service message; the person must have written
// within 48 hours.
func (c *Client) SendText(ctx context.Context, to bot.OpenID, text string) error {
	return c.sendCustom(ctx, to, "text", map[string]string{"content": legal(text)})
}

// SendMedia sends a picture or a voice by its media id, as SendText does words.
func (c *Client) SendMedia(ctx context.Context, to bot.OpenID, kind, mediaID string) error {
	if kind != "image" && kind != "voice" {
		return &bot.SendError{API: pathCustomSend, Reason: "only image and voice can be sent", Action: bot.ActBadContent}
	}
	return c.sendCustom(ctx, to, kind, map[string]string{"media_id": mediaID})
}

func (c *Client) sendCustom(ctx context.Context, to bot.OpenID, kind string, content map[string]string) error {
	return c.call(ctx, request{
		path: pathCustomSend, sends: true, hide: string(to),
		body: encode(map[string]any{"touser": string(to), "msgtype": kind, kind: content}),
	}, nil)
}

// SendCard sends a template message; jobID comes back in EventDelivered.
func (c *Client) SendCard(ctx context.Context, to bot.OpenID, card bot.Card) (jobID string, err error) {
	type value struct {
		Value string `json:"value"`
	}
	data := make(map[string]value, len(card.Fields))
	for k, v := range card.Fields {
		data[k] = value{legal(v)}
	}
	var out struct {
		MsgID json.Number `json:"msgid"` // beyond 53 bits
	}
	err = c.call(ctx, request{
		path: pathCardSend, sends: true, hide: string(to),
		body: encode(struct {
			ToUser   string           `json:"touser"`
			Template string           `json:"template_id"`
			URL      string           `json:"url,omitempty"`
			ClientID string           `json:"client_msg_id,omitempty"`
			Data     map[string]value `json:"data"`
		}{string(to), card.Template, card.URL, card.ClientID, data}),
	}, &out)
	return out.MsgID.String(), err
}

// request is one call of an API. A body makes it a POST.
type request struct {
	path        string
	query       url.Values
	body        []byte
	contentType string // JSON if empty
	sends       bool   // a person sees it: when unsure, it may have been done
	hide        string // never in an error: the openid
}

// call makes the request with the token and reads its JSON into out. A refused
// token is replaced and the call repeated, exactly once.
func (c *Client) call(ctx context.Context, rq request, out any) error {
	return c.withToken(ctx, rq, func(rsp *http.Response, token string) error {
		return c.readJSON(rsp, rq, out, token)
	})
}

// plainCall is a call that needs no token: it brings the secret.
func (c *Client) plainCall(ctx context.Context, rq request, out any) error {
	return c.do(ctx, rq, "", func(rsp *http.Response, _ string) error { return c.readJSON(rsp, rq, out, "") })
}

// withToken runs the request and hands its response to read, twice at most.
func (c *Client) withToken(ctx context.Context, rq request, read func(*http.Response, string) error) error {
	token, err := c.tokens.get(ctx, "")
	if err != nil {
		return err
	}
	err = c.do(ctx, rq, token, read)
	var e *bot.SendError
	if !errors.As(err, &e) || !staleToken(e.Code) {
		return err
	}
	if token, err = c.tokens.get(ctx, token); err != nil {
		return err
	}
	return c.do(ctx, rq, token, read)
}

// do is one HTTP exchange. What went wrong is told by kind: the errors of
// net/http print the whole URL, and with it the token.
func (c *Client) do(ctx context.Context, rq request, token string, read func(*http.Response, string) error) error {
	q := url.Values{}
	for k, v := range rq.query {
		q[k] = v
	}
	if token != "" {
		q.Set("access_token", token)
	}
	method, body := http.MethodGet, io.Reader(nil)
	if rq.body != nil {
		method, body = http.MethodPost, bytes.NewReader(rq.body)
	}
	// Before a connection stands, nothing was sent. net/http asks for another one
	// only where it knows that a dead connection took nothing of a POST.
	var reached atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { reached.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { reached.Store(true) },
	})
	hr, err := http.NewRequestWithContext(ctx, method, c.base+rq.path+"?"+q.Encode(), body)
	if err != nil {
		return &bot.SendError{API: rq.path, Reason: "base URL is wrong", Action: bot.ActStopAll}
	}
	if rq.body != nil {
		hr.Header.Set("Content-Type", "application/json; charset=utf-8")
		if rq.contentType != "" {
			hr.Header.Set("Content-Type", rq.contentType)
		}
	}
	rsp, err := c.http.Do(hr)
	if err != nil {
		return broken(rq, reached.Load(), err)
	}
	defer rsp.Body.Close()
	return read(rsp, token)
}

// readJSON takes an answer apart: errcode first, whatever status or type it has.
func (c *Client) readJSON(rsp *http.Response, rq request, out any, token string) error {
	body, err := io.ReadAll(io.LimitReader(rsp.Body, maxAnswer+1))
	if err != nil {
		return broken(rq, true, err)
	}
	said, err := c.errcode(body, rq, token)
	if err != nil {
		return err
	}
	if rsp.StatusCode != http.StatusOK {
		return unclear(rq, fmt.Sprintf("HTTP %d", rsp.StatusCode), rsp.StatusCode >= 500)
	}
	if len(body) > maxAnswer || !json.Valid(body) {
		return unclear(rq, "answer is not JSON", true)
	}
	if rq.sends && !said {
		return unclear(rq, "answer has no errcode", true)
	}
	if out != nil && json.Unmarshal(body, out) != nil {
		return unclear(rq, "answer has an unknown form", true)
	}
	return nil
}

// errcode is the error in a JSON body. said tells whether the body has the field
// at all: calls that give data leave it out when all is well.
func (c *Client) errcode(body []byte, rq request, token string) (said bool, err error) {
	var e struct {
		Code json.Number `json:"errcode"` // some boxes on the way quote it
		Msg  any         `json:"errmsg"`
	}
	if json.Unmarshal(body, &e) != nil || e.Code == "" {
		return false, nil
	}
	code, err := strconv.Atoi(e.Code.String())
	if err != nil {
		return false, nil
	}
	if code == 0 {
		return true, nil
	}
	msg, _ := e.Msg.(string)
	c.log.Info("wechat: refused", "api", rq.path, "errcode", code, "rid", rid(msg))
	return true, refused(rq.path, code, msg, token, c.secret, rq.hide)
}

// broken is a failed exchange: after a send that reached the platform nobody
// knows whether it was done.
func broken(rq request, reached bool, err error) *bot.SendError {
	reason := "connection failed"
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, context.Canceled):
		reason = "cancelled"
	case errors.As(err, &timeout) && timeout.Timeout():
		reason = "timed out"
	case reached:
		reason = "connection broke"
	}
	return unclear(rq, reason, reached)
}

func unclear(rq request, reason string, maybeDone bool) *bot.SendError {
	e := &bot.SendError{API: rq.path, Reason: reason, Action: bot.ActRetry, After: 2 * time.Second}
	if rq.sends && maybeDone {
		e.Action, e.After = bot.ActUnknown, 0
	}
	return e
}

// encode writes JSON as the platform wants it: no \u003c for <.
func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("wechat: " + err.Error()) // only our own plain structs come here
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
