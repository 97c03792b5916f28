package wechatsim

import (
	"cmp"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
)

//go:embed static
var staticFiles embed.FS

var pageTemplate = template.Must(template.ParseFS(staticFiles, "static/page.html"))

// maxListed bounds the list of people on the page, and stays readable.
const maxListed = 200

// Page is the chat page and its endpoints, all under /sim/. Tests from outside
// may use the same: POST /sim/act (deed; with "wait" it answers with the reply),
// POST /sim/photo?openid=&wait=1, GET /sim/inbox?openid=, POST /sim/clock,
// POST /sim/people, POST /sim/faults (faultScript), GET /sim/stats.
func (s *Sim) Page() http.Handler {
	static, err := fs.Sub(staticFiles, "static")
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sim/{$}", s.servePage)
	mux.Handle("GET /sim/static/", http.StripPrefix("/sim/static/", http.FileServerFS(static)))
	mux.HandleFunc("GET /sim/sample/{name}", serveSample)
	mux.HandleFunc("GET /sim/state", s.serveState)
	mux.HandleFunc("GET /sim/events", s.serveEvents)
	mux.HandleFunc("GET /sim/inbox", s.serveInbox)
	mux.HandleFunc("GET /sim/media/{id}", s.serveMedia)
	mux.HandleFunc("GET /sim/open", s.serveOpen)
	mux.HandleFunc("GET /sim/oauth/authorize", s.serveAuthorize)
	mux.HandleFunc("GET /sim/stats", func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, "application/json", s.Stats())
	})
	mux.HandleFunc("POST /sim/act", s.postAct)
	mux.HandleFunc("POST /sim/photo", s.postPhoto)
	mux.HandleFunc("POST /sim/clock", s.postClock)
	mux.HandleFunc("POST /sim/people", s.postPerson)
	mux.HandleFunc("POST /sim/faults", s.postFaults)
	// Another site that the browser has open must not play with the phones.
	return http.NewCrossOriginProtection().Handler(mux)
}

// state is what the page shows around the chat.
type state struct {
	Boot    string       `json:"boot"`
	Account string       `json:"account"`
	People  []personCard `json:"people"`
	More    int          `json:"more,omitempty"` // people not listed
	Menu    []Button     `json:"menu"`
	Clock   clockState   `json:"clock"`
}

type personCard struct {
	OpenID   string   `json:"openid"`
	Name     string   `json:"name"`
	Role     string   `json:"role"`
	Note     string   `json:"note"`
	Followed bool     `json:"followed"`
	Blocked  bool     `json:"blocked"`
	Code     string   `json:"code,omitempty"`
	Try      []string `json:"try"`
	Seq      int64    `json:"seq"`
	Menu     []Button `json:"menu,omitempty"` // the one for them, where it is another
	Typing   bool     `json:"typing,omitempty"`
}

type clockState struct {
	UnixMS  int64 `json:"unix_ms"`
	Offset  int   `json:"offset"` // of the zone, in seconds
	Movable bool  `json:"movable"`
}

func (s *Sim) state() state {
	now := s.now()
	_, offset := now.Zone()
	s.mu.Lock()
	defer s.mu.Unlock()
	st := state{
		Boot: s.boot, Account: s.cfg.Name, People: []personCard{}, Menu: []Button{},
		Clock: clockState{now.UnixMilli(), offset, s.cfg.Shift != nil},
	}
	if s.menu != nil {
		st.Menu = s.menu.Buttons
	}
	for i, openid := range s.order {
		// Who came last is a stranger that the page itself added.
		if i >= maxListed && i < len(s.order)-10 {
			st.More++
			continue
		}
		ph := s.phones[openid]
		st.People = append(st.People, personCard{
			openid, ph.Name, ph.Role, ph.Note, ph.Followed, ph.Blocked, ph.Code, append([]string{}, ph.Try...), ph.seq, s.otherMenu(ph), ph.typing,
		})
	}
	return st
}

// otherMenu is the menu that the account made for a person's tag. s.mu is held.
func (s *Sim) otherMenu(ph *phone) []Button {
	if len(ph.tags) == 0 {
		return nil
	}
	return s.menuOf(ph)
}

// Initial is the last letter of a name, for the picture in the list.
func (p personCard) Initial() string {
	r := []rune(cmp.Or(p.Name, "?"))
	return string(r[len(r)-1])
}

func (s *Sim) servePage(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: http: https:; "+
		"media-src 'self'; connect-src 'self'; frame-src http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'")
	if err := pageTemplate.Execute(w, s.state()); err != nil {
		s.log.Error("page", "error", err)
	}
}

func (s *Sim) serveState(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, "application/json", s.state())
}

func (s *Sim) serveInbox(w http.ResponseWriter, r *http.Request) {
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	items := []Item{}
	for _, it := range s.Inbox(r.URL.Query().Get("openid")) {
		if it.Seq > after {
			items = append(items, it)
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, "application/json", items)
}

func (s *Sim) serveMedia(w http.ResponseWriter, r *http.Request) {
	m, ok := s.findMedia(r.PathValue("id"))
	if !ok {
		http.Error(w, "图片或语音已过期", http.StatusNotFound)
		return
	}
	kind := sniff(m.data)
	if !strings.HasPrefix(kind, "image/") && !strings.HasPrefix(kind, "audio/") && !strings.HasPrefix(kind, "video/") {
		kind = "application/octet-stream"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	w.Write(m.data)
}

func serveSample(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(strings.TrimSuffix(r.PathValue("name"), ".jpg"))
	data := SamplePhoto(n)
	if data == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Cache-Control", "max-age=3600")
	w.Write(data)
}
