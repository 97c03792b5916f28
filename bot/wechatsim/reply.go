package wechatsim

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"aixin/bot/wechat"
)

// FaultText is what a phone shows when the account did not answer properly.
const FaultText = "该公众号提供的服务出现故障,请稍后再试"

// maxReplyText is the platform's limit of a text reply, in bytes.
const maxReplyText = 2048

// Reply is what came back for a push: shown on the phone, or nothing.
type Reply struct {
	Kind       string // text, image, voice, news, transfer; "" when the account stayed silent
	Text       string
	MediaID    string
	Articles   []Article
	Fault      string // why the phone shows FaultText; "" when all is well
	XML        []byte // the reply, decrypted
	Raw        Answer
	Deliveries int // how often the push was sent
}

// Article is an entry of a news message.
type Article struct {
	Title       string `xml:"Title" json:"title"`
	Description string `xml:"Description" json:"description"`
	PicURL      string `xml:"PicUrl" json:"picurl"`
	URL         string `xml:"Url" json:"url"`
}

type passiveXML struct {
	XMLName      xml.Name `xml:"xml"`
	ToUserName   string
	FromUserName string
	CreateTime   string
	MsgType      string
	Content      *string
	Image        *struct{ MediaId string }
	Voice        *struct{ MediaId string }
	ArticleCount int
	Articles     []Article `xml:"Articles>item"`
}

type sealedXML struct {
	XMLName      xml.Name `xml:"xml"`
	Encrypt      string
	MsgSignature string
	TimeStamp    string
	Nonce        string
}

// read checks an answer as the platform does and takes it apart.
func (s *Sim) read(p Push, a Answer, deliveries int) Reply {
	r := Reply{Raw: a, Deliveries: deliveries}
	if err := s.open(p, a, &r); err != nil {
		r.Fault = err.Error()
		s.count(func(st *Stats) { st.BadReplies++ })
		s.log.Warn("reply is not good", "why", r.Fault)
	}
	return r
}

func (s *Sim) open(p Push, a Answer, r *Reply) error {
	switch {
	case a.Err != nil:
		return fmt.Errorf("no answer: %w", scrubbed(a.Err))
	case a.Status != http.StatusOK:
		return fmt.Errorf("HTTP status %d", a.Status)
	case len(a.Body) == 0 || string(a.Body) == "success":
		return nil
	}
	plain := a.Body
	if s.cipher != nil {
		var err error
		if plain, err = s.unseal(a.Body); err != nil {
			return err
		}
		if len(plain) == 0 {
			return errors.New("an encrypted empty reply") // undocumented; seen to bring the fault text
		}
	}
	r.XML = plain
	var x passiveXML
	if err := strictXML(plain, &x); err != nil {
		return err
	}
	switch {
	case x.ToUserName != p.From:
		return errors.New("ToUserName is not who wrote")
	case x.FromUserName != s.cfg.Account:
		return errors.New("FromUserName is not the account")
	case !s.plausible(x.CreateTime):
		return errors.New("CreateTime is not now in seconds")
	}
	return s.content(p, x, r)
}

func (s *Sim) unseal(body []byte) ([]byte, error) {
	var x sealedXML
	if err := strictXML(body, &x); err != nil {
		return nil, err
	}
	if x.Encrypt == "" {
		return nil, errors.New("reply is not encrypted")
	}
	if x.MsgSignature != wechat.Sign(s.cfg.Token, x.TimeStamp, x.Nonce, x.Encrypt) {
		return nil, errors.New("MsgSignature does not match")
	}
	if !s.plausible(x.TimeStamp) {
		return nil, errors.New("TimeStamp is not now in seconds")
	}
	plain, err := s.cipher.Open(x.Encrypt)
	if err != nil {
		return nil, errors.New("the Encrypt text does not open")
	}
	return plain, nil
}

func (s *Sim) content(p Push, x passiveXML, r *Reply) error {
	r.Kind = x.MsgType
	switch x.MsgType {
	case "text":
		if x.Content == nil || *x.Content == "" {
			return errors.New("the Content is empty")
		}
		r.Text = *x.Content
		if len(r.Text) > maxReplyText {
			return fmt.Errorf("the Content has %d bytes, %d are allowed", len(r.Text), maxReplyText)
		}
		if !utf8.ValidString(r.Text) {
			return errors.New("the Content is not UTF-8")
		}
	case "image", "voice":
		part := x.Image
		if x.MsgType == "voice" {
			part = x.Voice
		}
		if part == nil || !s.hasMedia(part.MediaId) {
			return errors.New("MediaId is unknown or expired")
		}
		r.MediaID = part.MediaId
	case "news":
		limit := 8
		if p.Type != "event" {
			limit = 1 // since 2018 in answer to a message
		}
		if n := len(x.Articles); n == 0 || n > limit || n != x.ArticleCount {
			return fmt.Errorf("%d articles with ArticleCount %d, at most %d are allowed", n, x.ArticleCount, limit)
		}
		r.Articles = x.Articles
	case "transfer_customer_service":
		r.Kind = "transfer"
	default:
		return fmt.Errorf("MsgType %q is not a reply", x.MsgType)
	}
	return nil
}

// plausible tells seconds of about now from milliseconds and nonsense; a day of
// slack as the demo's clock may be moved while a reply is on its way.
func (s *Sim) plausible(unix string) bool {
	sec, err := strconv.ParseInt(unix, 10, 64)
	if err != nil {
		return false
	}
	d := s.now().Sub(time.Unix(sec, 0))
	return d.Abs() < 24*time.Hour
}

// strictXML refuses what follows the document: a stray byte spoils a reply.
func strictXML(b []byte, v any) error {
	d := xml.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(v); err != nil {
		return errors.New("reply is not the XML expected")
	}
	if t, err := d.Token(); err != io.EOF {
		if c, ok := t.(xml.CharData); ok && strings.TrimSpace(string(c)) == "" {
			return nil
		}
		return errors.New("something follows the reply's XML")
	}
	return nil
}
