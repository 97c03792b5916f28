package wechatsim

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"aixin/bot/wechat"
)

// Push is one message or event on its way to the callback.
type Push struct {
	From   string // openid
	Type   string // MsgType: text, image, voice, location, event …
	ID     int64  // MsgId; 0 for events, which have none
	At     time.Time
	Fields []Element // what else the message carries, in order
	Raw    []byte    // overrides all: the plain XML to seal
}

// Element is one element of a push: in CDATA, or bare (numbers, nested XML).
type Element struct {
	Name, Value string
	Bare        bool
}

// XML is the push before it is sealed.
func (p Push) XML(account string) []byte {
	if p.Raw != nil {
		return p.Raw
	}
	var b bytes.Buffer
	b.WriteString("<xml>")
	cdata(&b, "ToUserName", account)
	cdata(&b, "FromUserName", p.From)
	fmt.Fprintf(&b, "<CreateTime>%d</CreateTime>", p.At.Unix())
	cdata(&b, "MsgType", p.Type)
	for _, f := range p.Fields {
		if f.Bare {
			fmt.Fprintf(&b, "<%s>%s</%s>", f.Name, f.Value, f.Name)
		} else {
			cdata(&b, f.Name, f.Value)
		}
	}
	if p.ID != 0 {
		fmt.Fprintf(&b, "<MsgId>%d</MsgId>", p.ID)
	}
	b.WriteString("</xml>")
	return b.Bytes()
}

func cdata(b *bytes.Buffer, name, value string) {
	fmt.Fprintf(b, "<%s><![CDATA[%s]]></%s>", name, strings.ReplaceAll(value, "]]>", "]]]]><![CDATA[>"), name)
}

// Envelope is a push as it goes over the wire.
type Envelope struct {
	Query url.Values
	Body  []byte
}

// Seal signs a push, and encrypts it where the account has a key.
func (s *Sim) Seal(p Push) Envelope {
	ts := strconv.FormatInt(s.now().Unix(), 10)
	nonce := strconv.FormatInt(randomInt(2_000_000_000), 10)
	q := url.Values{
		"signature": {wechat.Sign(s.cfg.Token, ts, nonce)},
		"timestamp": {ts}, "nonce": {nonce}, "openid": {p.From},
	}
	plain := p.XML(s.cfg.Account)
	if s.cipher == nil {
		return Envelope{q, plain}
	}
	var random [16]byte
	rand.Read(random[:])
	sealed, err := s.cipher.Seal(plain, random)
	if err != nil { // only a body of 16 MiB does this
		s.log.Error("push too long to seal", "error", err)
	}
	q.Set("encrypt_type", "aes")
	q.Set("msg_signature", wechat.Sign(s.cfg.Token, ts, nonce, sealed))
	var b bytes.Buffer
	b.WriteString("<xml>")
	cdata(&b, "ToUserName", s.cfg.Account)
	cdata(&b, "Encrypt", sealed)
	b.WriteString("</xml>")
	return Envelope{q, b.Bytes()}
}

// Answer is what one delivery of a push brought back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Err    error // the connection or the time-out
}

// Post delivers an envelope once and waits at most the platform's time-out.
func (s *Sim) Post(ctx context.Context, e Envelope) Answer {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.callback(e.Query), bytes.NewReader(e.Body))
	if err != nil {
		return Answer{Err: err}
	}
	req.Header.Set("Content-Type", "text/xml")
	req.Header.Set("User-Agent", "Mozilla/4.0")
	s.count(func(st *Stats) { st.Deliveries++ })
	res, err := s.client.Do(req)
	if err != nil {
		return Answer{Err: err}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return Answer{res.StatusCode, res.Header, body, err}
}

func (s *Sim) callback(q url.Values) string {
	sep := "?"
	if strings.Contains(s.cfg.CallbackURL, "?") {
		sep = "&"
	}
	return s.cfg.CallbackURL + sep + q.Encode()
}

// Deliver sends the same push n times at once, as the platform's duplicates can
// come, and returns every answer. Whether a redelivery keeps its nonce is not
// documented, so every second one is the same bytes and the others are sealed
// anew.
func (s *Sim) Deliver(ctx context.Context, p Push, n int) []Answer {
	first := s.Seal(p)
	answers := make([]Answer, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			e := first
			if i%2 == 1 {
				e = s.Seal(p)
			}
			answers[i] = s.Post(ctx, e)
		})
	}
	wg.Wait()
	return answers
}

// deliver sends a push with the platform's patience: 5 s, then up to three more
// deliveries. A refused connection and an HTTP error count as no answer.
func (s *Sim) deliver(ctx context.Context, p Push) (Answer, int) {
	const deliveries = 4
	first := s.Seal(p)
	for n := 1; ; n++ {
		e := first
		if n%2 == 0 {
			e = s.Seal(p)
		}
		a := s.Post(ctx, e)
		if a.Err == nil && a.Status == http.StatusOK {
			return a, n
		}
		s.log.Warn("push not answered", "delivery", n, "status", a.Status, "error", scrubbed(a.Err))
		if n == deliveries || ctx.Err() != nil {
			return a, n
		}
		if errors.Is(a.Err, context.DeadlineExceeded) {
			continue // the time-out itself was the wait
		}
		if s.cfg.Sleep(ctx, s.cfg.RetryGap) != nil {
			return a, n
		}
	}
}

// scrubbed keeps the query (signature, openid) out of the log.
func scrubbed(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// CheckURL does what saving the server settings in the console does: a signed
// GET whose echostr must come back as it is.
func (s *Sim) CheckURL(ctx context.Context) error {
	ts := strconv.FormatInt(s.now().Unix(), 10)
	nonce := strconv.FormatInt(randomInt(2_000_000_000), 10)
	echo := strconv.FormatInt(randomInt(1<<62), 10)
	q := url.Values{
		"signature": {wechat.Sign(s.cfg.Token, ts, nonce)},
		"timestamp": {ts}, "nonce": {nonce}, "echostr": {echo},
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.callback(q), nil)
	if err != nil {
		return err
	}
	res, err := s.client.Do(req)
	if err != nil {
		return fmt.Errorf("wechatsim: check the callback: %w", scrubbed(err))
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	if err != nil {
		return fmt.Errorf("wechatsim: check the callback: %w", err)
	}
	if res.StatusCode != http.StatusOK || string(body) != echo {
		return fmt.Errorf("wechatsim: the callback did not echo: status %d", res.StatusCode)
	}
	return nil
}
