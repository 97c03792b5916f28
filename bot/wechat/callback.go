package wechat

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"aixin/bot"
)

const (
	maxBody   = 1 << 20         // of a push; real ones are a few kilobytes
	freshness = 5 * time.Minute // how far a push's timestamp may be from now
)

// Settings of the callback, as typed into the platform's console.
type Settings struct {
	AppID          string
	Token          string
	AESKey         string // "" for plaintext mode: the platform's test accounts have none
	PreviousAESKey string // accepted too while a new key spreads
}

// Receive takes a message in and gives its answer; an empty one is silence. An
// error makes the platform send the message again.
type Receive func(ctx context.Context, m bot.Message) (bot.Answer, error)

type callback struct {
	token   string
	ciphers []*Cipher // current first; none in plaintext mode
	receive Receive
	now     func() time.Time
	log     *slog.Logger
}

// refusal is a request that is not taken in. The answer is the bare status.
type refusal struct {
	status int
	why    string
	level  slog.Level // strangers knock all day; what our token signed deserves a look
}

var (
	notSigned = &refusal{http.StatusForbidden, "signature missing or wrong", slog.LevelDebug}
	notFresh  = &refusal{http.StatusForbidden, "timestamp outside the window", slog.LevelDebug}
	plaintext = &refusal{http.StatusForbidden, "plaintext where an AES key is set", slog.LevelInfo}
	isJSON    = &refusal{http.StatusUnsupportedMediaType, "JSON body; choose XML in the console", slog.LevelInfo}
	tooLarge  = &refusal{http.StatusRequestEntityTooLarge, "body too large", slog.LevelInfo}
	unread    = &refusal{http.StatusBadRequest, "body broke off", slog.LevelDebug}
	notXML    = &refusal{http.StatusBadRequest, "body is not readable XML", slog.LevelInfo}
	notOpened = &refusal{http.StatusForbidden, "no EncodingAESKey opens the body: is the key in the console another one?", slog.LevelWarn}
	noKey     = &refusal{http.StatusBadRequest, "sealed body where no AES key is set", slog.LevelWarn}
)

// NewCallback is the handler of /wechat/callback: the echo check by GET, messages
// and events by POST. What it takes in was signed with our token, is fresh and,
// where an AES key is set, was sealed with it.
func NewCallback(s Settings, receive Receive, now func() time.Time, log *slog.Logger) (http.Handler, error) {
	if s.Token == "" || receive == nil || now == nil {
		return nil, errors.New("wechat: the callback needs a token, a receiver and a clock")
	}
	if s.AESKey == "" && s.PreviousAESKey != "" {
		return nil, errors.New("wechat: a previous AES key without a current one")
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	c := &callback{token: s.Token, receive: receive, now: now, log: log}
	for _, key := range []string{s.AESKey, s.PreviousAESKey} {
		if key == "" {
			continue
		}
		ci, err := NewCipher(s.AppID, key)
		if err != nil {
			return nil, err
		}
		c.ciphers = append(c.ciphers, ci)
	}
	return c, nil
}

func (c *callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer c.recovered(w, r)
	switch r.Method {
	case http.MethodGet:
		c.echo(w, r)
	case http.MethodPost:
		c.push(w, r)
	default:
		w.Header().Set("Allow", "GET, POST")
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// echo proves to the console that this server knows the token. Saving the same
// settings twice sends the same request twice, so its age does not matter.
func (c *callback) echo(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	echo := q.Get("echostr")
	if echo == "" || !c.signed(q, "signature") {
		c.refuse(w, r, notSigned)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write([]byte(echo))
}

func (c *callback) push(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if no := c.admit(r, q); no != nil {
		c.refuse(w, r, no)
		return
	}
	body, no := readBody(w, r)
	if no != nil {
		c.refuse(w, r, no)
		return
	}
	if len(bytes.TrimSpace(body)) == 0 {
		if !c.signed(q, "signature") { // nothing else could have been checked
			c.refuse(w, r, notSigned)
			return
		}
		success(w) // a probe
		return
	}
	doc, by, no := c.unseal(body, q)
	if no != nil {
		c.refuse(w, r, no)
		return
	}
	now := c.now()
	m, ok, err := decode(doc, now)
	if err != nil {
		c.refuse(w, r, notXML)
		return
	}
	if !ok {
		success(w)
		return
	}
	answer, err := c.receive(r.Context(), m)
	if err != nil {
		// The receiver has logged what went wrong; its error may hold anything.
		c.log.ErrorContext(r.Context(), "callback: message not taken in", "request", requestID(), "kind", string(m.Kind))
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	if answer.At.IsZero() {
		answer.At = now
	}
	out := render(m, answer)
	if out == "" {
		success(w)
		return
	}
	if by != nil {
		if out, err = c.envelope(by, out, q.Get("nonce")); err != nil {
			c.log.ErrorContext(r.Context(), "callback: reply not sealed", "request", requestID())
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, _ = w.Write([]byte(out)) // nobody is left to tell if it fails: the message comes again
}

// admit judges a push by its query and headers, before its body is read.
func (c *callback) admit(r *http.Request, q url.Values) *refusal {
	safe, sealed := len(c.ciphers) > 0, q.Get("encrypt_type") == "aes"
	// A sealed body has msg_signature, which is checked with it; signature is
	// then a second proof, checked wherever it is given.
	byBody := safe && sealed && q.Has("msg_signature") && !q.Has("signature")
	if !byBody && !c.signed(q, "signature") {
		return notSigned
	}
	sent, err := strconv.ParseInt(q.Get("timestamp"), 10, 64)
	if now := c.now().Unix(); err != nil || sent < now-int64(freshness/time.Second) || sent > now+int64(freshness/time.Second) {
		return notFresh
	}
	if safe && !sealed && r.ContentLength != 0 {
		return plaintext
	}
	if strings.Contains(strings.ToLower(r.Header.Get("Content-Type")), "json") {
		return isJSON
	}
	if r.ContentLength > maxBody {
		return tooLarge
	}
	return nil
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	var b bytes.Buffer
	if r.ContentLength > 0 {
		b.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	if _, err := b.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, tooLarge
		}
		return nil, unread
	}
	return b.Bytes(), nil
}

// unseal gives the document to read and the cipher that opened it, nil in
// plaintext mode. Where a key is set, nothing outside Encrypt is ever read.
func (c *callback) unseal(body []byte, q url.Values) ([]byte, *Cipher, *refusal) {
	if len(c.ciphers) == 0 && q.Get("encrypt_type") != "aes" {
		return body, nil, nil
	}
	outer, err := parse(body)
	if err != nil {
		return nil, nil, notXML
	}
	if len(c.ciphers) == 0 {
		if outer.raw("MsgType") == nil {
			return nil, nil, noKey
		}
		return body, nil, nil // compatible mode: the plain fields stand beside it
	}
	sealed := outer.get("Encrypt")
	if sealed == "" {
		return nil, nil, plaintext
	}
	if !c.signed(q, "msg_signature", sealed) {
		return nil, nil, notSigned
	}
	for _, ci := range c.ciphers {
		if plain, err := ci.Open(sealed); err == nil {
			return plain, ci, nil
		}
	}
	return nil, nil, notOpened
}

// signed compares the signature in the query in constant time.
func (c *callback) signed(q url.Values, name string, more ...string) bool {
	got := q.Get(name)
	want := Sign(append([]string{c.token, q.Get("timestamp"), q.Get("nonce")}, more...)...)
	return subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}

// success tells the platform that all is well and nothing is to be shown. It is
// never sealed: an encrypted empty reply shows people a fault.
func success(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("success"))
}

// refuse answers with a bare status; neither query nor body is ever logged.
func (c *callback) refuse(w http.ResponseWriter, r *http.Request, no *refusal) {
	c.log.Log(r.Context(), no.level, "callback: refused", "why", no.why, "status", no.status)
	w.WriteHeader(no.status)
}

// recovered turns a panic into a 500, which makes the platform try again. The
// panic's value may hold a message, so only its type is logged.
func (c *callback) recovered(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	what := fmt.Sprintf("%T", p)
	if e, ok := p.(runtime.Error); ok {
		what = e.Error()
	}
	c.log.ErrorContext(r.Context(), "callback: panic", "request", requestID(), "what", what, "stack", string(debug.Stack()))
	w.WriteHeader(http.StatusInternalServerError)
}

func requestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // cannot fail since Go 1.24
	return hex.EncodeToString(b[:])
}
