package wechat

import (
	"crypto/rand"
	"strconv"
	"strings"
	"unicode/utf8"

	"aixin/bot"
)

// maxText is the longest text of a passive reply, in bytes. Callers cut between
// sentences or people; this is the last guard against a fault shown to a person.
const maxText = 2048

// render writes a text reply, "" for silence. The same message and answer give
// the same bytes.
func render(m bot.Message, a bot.Answer) string {
	content := clamp(legal(a.Text), maxText)
	if strings.TrimSpace(content) == "" {
		return ""
	}
	var b strings.Builder
	b.Grow(len(content) + 320)
	b.WriteString("<xml>")
	cdata(&b, "ToUserName", string(m.From))
	cdata(&b, "FromUserName", m.To)
	b.WriteString("<CreateTime>" + strconv.FormatInt(a.At.Unix(), 10) + "</CreateTime>")
	cdata(&b, "MsgType", "text")
	cdata(&b, "Content", content)
	b.WriteString("</xml>")
	return b.String()
}

// clamp cuts at most n bytes off at a character's edge.
func clamp(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// envelope seals a reply as the platform wants it: with the key that opened the
// message, the nonce of the request, and a signature of its own.
func (c *callback) envelope(by *Cipher, reply, nonce string) (string, error) {
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		return "", err
	}
	sealed, err := by.Seal([]byte(reply), random)
	if err != nil {
		return "", err
	}
	stamp := strconv.FormatInt(c.now().Unix(), 10)
	var b strings.Builder
	b.Grow(len(sealed) + 256)
	b.WriteString("<xml>")
	cdata(&b, "Encrypt", sealed)
	cdata(&b, "MsgSignature", Sign(c.token, stamp, nonce, sealed))
	b.WriteString("<TimeStamp>" + stamp + "</TimeStamp>")
	cdata(&b, "Nonce", nonce)
	b.WriteString("</xml>")
	return b.String(), nil
}
