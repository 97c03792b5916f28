package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"aixin/models"
)

//go:embed templates
var templateFiles embed.FS

//go:embed static/*
var staticFiles embed.FS

// pages are the parsed templates by name; each stands in its frame.
type pages map[string]*template.Template

// loadPages reads every page of the folders, which are named as the frame that
// their pages stand in. html/template finds some faults only when a page is
// drawn, so each is drawn once of nothing.
func loadPages(st static) (pages, error) {
	words := template.FuncMap{"file": st.name, "seq": seq, "rows": func(link, text string) balancePart { return balancePart{text, link} }, "spaced": func(path string) string { return strings.ReplaceAll(path, "/", " ") }, "day": func(d models.Day) string { return string(d) }}
	all := pages{}
	for _, frame := range []string{"console", "door", "phone"} {
		files, err := fs.Glob(templateFiles, "templates/"+frame+"/*.html")
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			t, err := template.New(frame+".html").Funcs(words).ParseFS(templateFiles, "templates/"+frame+".html", "templates/pieces.html", f)
			if err != nil {
				return nil, fmt.Errorf("web: page %s: %w", f, err)
			}
			var fault *template.Error
			if err := t.Execute(io.Discard, nil); errors.As(err, &fault) {
				return nil, fmt.Errorf("web: page %s: %w", f, err)
			}
			name := strings.TrimSuffix(path.Base(f), ".html")
			if frame == "phone" {
				name = "phone/" + name
			}
			all[name] = t
		}
	}
	return all, nil
}

// seq counts from 1 to n in a template.
func seq(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i + 1
	}
	return all
}

// show draws a page whole before the first byte goes out.
func (s *site) show(w http.ResponseWriter, status int, page string, view any) error {
	var buf bytes.Buffer
	t := s.pages[page]
	if t == nil {
		return fmt.Errorf("web: there is no page %s", page)
	}
	if err := t.Execute(&buf, view); err != nil {
		return fmt.Errorf("web: page %s: %w", page, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := buf.WriteTo(w)
	if err != nil {
		s.Log.Debug("page not taken", "err", err)
	}
	return nil
}

// message is a page that says one thing, and a way on.
type message struct {
	Title, Text string
	Link, Label string
	Code        string // by which the log knows what happened
}

var (
	notHere      = message{Title: "没有这一页", Text: "网址不对,或者这一页不归您看。", Link: "/admin/", Label: "回首页"}
	tooMuch      = message{Title: "内容太长", Text: "没有存。写短一点再试。", Link: "/admin/", Label: "回首页"}
	foreignForm  = message{Title: "没有收", Text: "这个请求不是从本站的页面发出来的,没有动任何东西。请从首页进去再做一次。", Link: "/admin/", Label: "回首页"}
	briefly      = message{Title: "暂时连不上", Text: "没丢什么。后台有一部分正在恢复,过一两分钟再打开就好。", Link: "/admin/", Label: "再试一次"}
	broken       = message{Title: "这一页没打开", Text: "没丢什么。我们已经记下来会看;急用请把编号告诉管理员。", Link: "/admin/", Label: "回首页"}
	otherNetwork = message{Title: "这个网络打不开管理台", Text: "管理台只从办公网络进。您在办公室还看到这句,请告诉管理员。"}
	nothingYet   = message{Title: "您这里现在没有要看的", Text: "您的账号收提醒、办事都在微信里。绑定微信请找发账号的人要绑定码。", Link: "/admin/password", Label: "改密码"}
)

// message answers with one; phones get it in their own frame and without the
// console's ways on.
func (s *site) message(w http.ResponseWriter, r *http.Request, status int, m message) {
	page := "message"
	if strings.HasPrefix(r.URL.Path, "/h/") {
		page = "phone/message"
		if m.Link == "/admin/" {
			m.Link, m.Label = "/h/summary", "打开我的进度"
		}
	}
	if err := s.show(w, status, page, m); err != nil {
		s.Log.Error("message page", "err", err)
		http.Error(w, m.Title, status)
	}
}

func (s *site) noPage(w http.ResponseWriter, r *http.Request) error {
	s.message(w, r, http.StatusNotFound, notHere)
	return nil
}

// static holds the files that pages link to, under names that change with their
// content, so that browsers may keep them for ever.
type static struct {
	byName map[string]file
	named  map[string]string // style.css → style.0123456789ab.css
}

type file struct {
	kind string
	data []byte
}

var kinds = map[string]string{".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}

func loadStatic() (static, error) {
	st := static{byName: map[string]file{}, named: map[string]string{}}
	entries, err := fs.ReadDir(staticFiles, "static")
	for _, e := range entries {
		data, err := staticFiles.ReadFile("static/" + e.Name())
		if err != nil {
			return static{}, err
		}
		sum, ext := sha256.Sum256(data), path.Ext(e.Name())
		name := strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		st.byName[name], st.named[e.Name()] = file{kinds[ext], data}, name
	}
	return st, err
}

// name gives the linked name of a file to templates; a wrong one fails at start.
func (st static) name(plain string) (string, error) {
	if name, ok := st.named[plain]; ok {
		return name, nil
	}
	return "", fmt.Errorf("web: no file static/%s", plain)
}

func (s *site) serveStatic(w http.ResponseWriter, r *http.Request) error {
	f, ok := s.static.byName[r.PathValue("file")]
	if !ok {
		return s.noPage(w, r)
	}
	w.Header().Set("Content-Type", f.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, err := w.Write(f.data)
	if err != nil {
		s.Log.Debug("file not taken", "err", err)
	}
	return nil
}
