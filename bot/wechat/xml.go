package wechat

import (
	"bytes"
	"errors"
	"html"
	"strings"
	"unicode/utf8"
)

// A pushed document is one <xml> element whose children hold text, bare or in
// CDATA, and sometimes elements. encoding/xml would do, but it drops a whole
// message for one control character or one stray ampersand that somebody's
// phone let through; this scanner loses nothing that can be read, expands no
// entity but characters, and costs one allocation.

var errXML = errors.New("wechat: not a readable XML document")

// field is a child of the root: its name and all that stands between its tags.
type field struct{ name, raw []byte }

type document []field

var (
	cdataOpen, cdataClose     = []byte("<![CDATA["), []byte("]]>")
	commentOpen, commentClose = []byte("<!--"), []byte("-->")
	procOpen, procClose       = []byte("<?"), []byte("?>")
)

// parse reads the children of the root element. What is not UTF-8, has a DTD or
// ends before it should is errXML.
func parse(in []byte) (document, error) {
	if !utf8.Valid(in) {
		return nil, errXML
	}
	rest, ok := skip(bytes.TrimPrefix(in, []byte("\ufeff")))
	if !ok {
		return nil, errXML
	}
	root, rest, closed, ok := openTag(rest)
	if !ok {
		return nil, errXML
	}
	if closed {
		return nil, nil
	}
	doc := make(document, 0, 16)
	for {
		if rest, ok = skip(rest); !ok {
			return nil, errXML
		}
		if bytes.HasPrefix(rest, []byte("</")) {
			if name, _, ok := closeTag(rest); !ok || !bytes.Equal(name, root) {
				return nil, errXML
			}
			return doc, nil
		}
		name, after, closed, ok := openTag(rest)
		if !ok {
			return nil, errXML
		}
		f := field{name: name}
		if rest = after; !closed {
			if f.raw, rest, ok = inside(after, name); !ok {
				return nil, errXML
			}
		}
		doc = append(doc, f)
	}
}

// get is the text of the first child of that name, "" where there is none.
func (d document) get(name string) string { return text(d.raw(name)) }

func (d document) raw(name string) []byte {
	for _, f := range d {
		if string(f.name) == name {
			return f.raw
		}
	}
	return nil
}

// text joins what is written in raw. White space around bare text is layout; in
// CDATA it was typed. Elements inside are left out.
func text(raw []byte) string {
	if bytes.HasPrefix(raw, cdataOpen) && bytes.Index(raw, cdataClose) == len(raw)-len(cdataClose) {
		return legal(string(raw[len(cdataOpen) : len(raw)-len(cdataClose)])) // as the platform writes it
	}
	var b strings.Builder
	for len(raw) > 0 {
		i := bytes.IndexByte(raw, '<')
		if i < 0 {
			i = len(raw)
		}
		b.WriteString(html.UnescapeString(string(bytes.TrimSpace(raw[:i]))))
		if raw = raw[i:]; len(raw) == 0 {
			break
		}
		if rest, ok := cut(raw, cdataOpen, cdataClose); ok {
			b.Write(raw[len(cdataOpen) : len(raw)-len(rest)-len(cdataClose)])
			raw = rest
			continue
		}
		if rest, ok := cut(raw, commentOpen, commentClose); ok {
			raw = rest
			continue
		}
		name, rest, closed, ok := openTag(raw)
		if ok && !closed {
			_, rest, ok = inside(rest, name)
		}
		if !ok { // cannot be: inside has seen this text before
			break
		}
		raw = rest
	}
	return legal(b.String())
}

// skip passes what may stand between elements: text, comments, instructions.
// It stops at a tag, and fails at the end or at anything else that begins with <!.
func skip(s []byte) ([]byte, bool) {
	for {
		i := bytes.IndexByte(s, '<')
		if i < 0 {
			return nil, false
		}
		s = s[i:]
		rest, ok := markup(s)
		if !ok {
			return s, !bytes.HasPrefix(s, []byte("<!"))
		}
		s = rest
	}
}

// markup passes one CDATA section, comment or instruction at the start of s.
func markup(s []byte) ([]byte, bool) {
	if rest, ok := cut(s, cdataOpen, cdataClose); ok {
		return rest, true
	}
	if rest, ok := cut(s, commentOpen, commentClose); ok {
		return rest, true
	}
	return cut(s, procOpen, procClose)
}

func cut(s, open, end []byte) ([]byte, bool) {
	if !bytes.HasPrefix(s, open) {
		return nil, false
	}
	i := bytes.Index(s[len(open):], end)
	if i < 0 {
		return nil, false
	}
	return s[len(open)+i+len(end):], true
}

// inside takes all up to the end tag of name, which may hold other elements.
func inside(s, name []byte) (raw, rest []byte, ok bool) {
	for depth, at := 0, s; ; {
		if at, ok = skip(at); !ok {
			return nil, nil, false
		}
		if bytes.HasPrefix(at, []byte("</")) {
			closing, after, ok := closeTag(at)
			if !ok {
				return nil, nil, false
			}
			if depth == 0 {
				return s[:len(s)-len(at)], after, bytes.Equal(closing, name)
			}
			depth, at = depth-1, after
			continue
		}
		_, after, closed, ok := openTag(at)
		if !ok {
			return nil, nil, false
		}
		if at = after; !closed {
			depth++
		}
	}
}

// openTag reads <name …> or <name …/>.
func openTag(s []byte) (name, rest []byte, closed, ok bool) {
	if len(s) < 3 || s[0] != '<' {
		return nil, nil, false, false
	}
	s = s[1:]
	n := bytes.IndexAny(s, " \t\r\n/>")
	if n < 1 || bytes.ContainsAny(s[:n], "<&?!\"'=\x00") {
		return nil, nil, false, false
	}
	name = s[:n]
	var quote byte
	for i, c := range s[n:] {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return name, s[n+i+1:], s[n+i-1] == '/', true
		}
	}
	return nil, nil, false, false
}

// closeTag reads </name>.
func closeTag(s []byte) (name, rest []byte, ok bool) {
	i := bytes.IndexByte(s, '>')
	if i < 3 {
		return nil, nil, false
	}
	return bytes.TrimRight(s[2:i], " \t\r\n"), s[i+1:], true
}

// legal drops the characters that XML cannot carry, in either direction.
func legal(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
}

// cdata writes s so that nothing in it ends the section.
func cdata(b *strings.Builder, name, s string) {
	b.WriteString("<" + name + "><![CDATA[")
	for {
		before, after, found := strings.Cut(s, "]]>")
		b.WriteString(before)
		if !found {
			break
		}
		b.WriteString("]]]]><![CDATA[>")
		s = after
	}
	b.WriteString("]]></" + name + ">")
}
