package wechatsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// refusal is an errcode. Its zero value never leaves the package.
type refusal struct {
	code int
	msg  string
}

func (e *refusal) Error() string { return fmt.Sprintf("errcode %d %s", e.code, e.msg) }

func refuse(code int, msg string) error { return &refusal{code, msg} }

var (
	errSystem     = refuse(-1, "system error")
	errOpenID     = refuse(40003, "invalid openid")
	errMediaID    = refuse(40007, "invalid media_id")
	errNeedPOST   = refuse(43002, "require POST method")
	errNeedGET    = refuse(43001, "require GET method")
	errBadJSON    = refuse(47001, "data format error")
	errEmptyBody  = refuse(44002, "empty post data")
	errDailyLimit = refuse(45009, "reach max api daily quota limit")
)

// object is a JSON answer.
type object map[string]any

// file is an answer that is not JSON.
type file struct {
	kind, name string
	data       []byte
}

// call is one request to the API.
type call struct {
	*http.Request
	query func(string) string
	body  []byte
}

// decode reads the JSON of a call.
func (c *call) decode(v any) error {
	if len(bytes.TrimSpace(c.body)) == 0 {
		return errEmptyBody
	}
	if json.Unmarshal(c.body, v) != nil {
		return errBadJSON
	}
	return nil
}

type endpoint struct {
	method string
	open   bool // needs no access token
	do     func(*Sim, *call) (any, error)
}

// endpoints are the paths that the simulator plays.
var endpoints = map[string]endpoint{
	"/cgi-bin/token":                             {http.MethodGet, true, (*Sim).token},
	"/cgi-bin/stable_token":                      {http.MethodPost, true, (*Sim).stableToken},
	"/cgi-bin/message/template/send":             {http.MethodPost, false, (*Sim).sendTemplate},
	"/cgi-bin/template/get_all_private_template": {http.MethodGet, false, (*Sim).listTemplates},
	"/cgi-bin/message/custom/send":               {http.MethodPost, false, (*Sim).sendCustom},
	"/cgi-bin/message/custom/typing":             {http.MethodPost, false, (*Sim).typing},
	"/cgi-bin/media/upload":                      {http.MethodPost, false, (*Sim).uploadMedia},
	"/cgi-bin/media/get":                         {http.MethodGet, false, (*Sim).getMedia},
	"/cgi-bin/material/add_material":             {http.MethodPost, false, (*Sim).addMaterial},
	"/cgi-bin/menu/create":                       {http.MethodPost, false, (*Sim).createMenu},
	"/cgi-bin/menu/get":                          {http.MethodGet, false, (*Sim).getMenu},
	"/cgi-bin/menu/delete":                       {http.MethodGet, false, (*Sim).deleteMenu},
	"/cgi-bin/menu/addconditional":               {http.MethodPost, false, (*Sim).addConditional},
	"/cgi-bin/menu/delconditional":               {http.MethodPost, false, (*Sim).deleteConditional},
	"/cgi-bin/menu/trymatch":                     {http.MethodPost, false, (*Sim).tryMatch},
	"/cgi-bin/tags/create":                       {http.MethodPost, false, (*Sim).createTag},
	"/cgi-bin/tags/get":                          {http.MethodGet, false, (*Sim).listTags},
	"/cgi-bin/tags/delete":                       {http.MethodPost, false, (*Sim).deleteTag},
	"/cgi-bin/tags/members/batchtagging":         {http.MethodPost, false, (*Sim).batchTag},
	"/cgi-bin/tags/members/batchuntagging":       {http.MethodPost, false, (*Sim).batchUntag},
	"/cgi-bin/openapi/quota/get":                 {http.MethodPost, false, (*Sim).getQuota},
	"/cgi-bin/qrcode/create":                     {http.MethodPost, false, (*Sim).createQR},
	"/cgi-bin/user/info":                         {http.MethodGet, false, (*Sim).userInfo},
	"/cgi-bin/getcallbackip":                     {http.MethodGet, false, (*Sim).callbackIPs},
	"/cgi-bin/get_api_domain_ip":                 {http.MethodGet, false, (*Sim).callbackIPs},
	"/cgi-bin/clear_quota":                       {http.MethodPost, false, (*Sim).clearQuota},
	"/cgi-bin/clear_quota/v2":                    {http.MethodPost, true, (*Sim).clearQuota},
	"/sns/oauth2/access_token":                   {http.MethodGet, true, (*Sim).oauthToken},
}

// API is api.weixin.qq.com as the bot sees it.
func (s *Sim) API() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		known := path
		if _, ok := endpoints[path]; !ok {
			known = "other"
		}
		s.count(func(st *Stats) { st.Calls[known]++ })
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 16<<20))
		if err != nil {
			s.answer(w, path, nil, refuse(45001, "media size out of limit"))
			return
		}
		q := r.URL.Query()
		c := &call{r, q.Get, body}
		f := s.faults.strike(path, c)
		if !f.After && s.late(r, f) {
			return
		}
		if f.strikes() && !f.After {
			s.fail(w, path, f)
			return
		}
		result, err := s.serve(path, c)
		if f.After && s.late(r, f) {
			return
		}
		if f.strikes() && f.After {
			s.fail(w, path, f)
			return
		}
		s.answer(w, path, result, err)
	})
}

// late waits as a fault says; true when the caller went away meanwhile.
func (s *Sim) late(r *http.Request, f Fault) bool {
	return f.Delay > 0 && s.cfg.Sleep(r.Context(), f.Delay) != nil
}

func (s *Sim) serve(path string, c *call) (any, error) {
	e, ok := endpoints[path]
	if !ok {
		return nil, refuse(40066, "invalid url")
	}
	if c.Method != e.method {
		if e.method == http.MethodPost {
			return nil, errNeedPOST
		}
		if c.Method != http.MethodHead {
			return nil, errNeedGET
		}
	}
	if !e.open {
		if err := s.checkToken(c.query("access_token")); err != nil {
			return nil, err
		}
	}
	if err := s.spend(path); err != nil {
		return nil, err
	}
	return e.do(s, c)
}

// answer writes a result or an errcode; the platform says both with status 200.
func (s *Sim) answer(w http.ResponseWriter, path string, result any, err error) {
	if f, ok := result.(file); ok && err == nil {
		w.Header().Set("Content-Type", f.kind)
		w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", f.name))
		w.Write(f.data)
		return
	}
	o, _ := result.(object)
	if err != nil {
		e, ok := err.(*refusal)
		if !ok {
			e = errSystem.(*refusal)
		}
		s.log.Info("api refused", "path", path, "errcode", e.code, "why", e.msg)
		s.count(func(st *Stats) { st.Refusals[e.code]++ })
		o = object{"errcode": e.code, "errmsg": e.msg + " rid: " + rid()}
	}
	writeJSON(w, "application/json; encoding=utf-8", o)
}

func writeJSON(w http.ResponseWriter, kind string, v any) {
	w.Header().Set("Content-Type", kind)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.Encode(v)
}

// rid is the request id that the platform puts behind every errmsg.
func rid() string { return randomHex(4) + "-" + randomHex(4) + "-" + randomHex(4) }

// fail does what a fault says in place of the answer.
func (s *Sim) fail(w http.ResponseWriter, path string, f Fault) {
	switch {
	case f.Drop:
		panic(http.ErrAbortHandler) // the connection breaks without an answer
	case f.Status != 0 || f.Body != "":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if f.Status != 0 {
			w.WriteHeader(f.Status)
		}
		io.WriteString(w, f.Body)
	default:
		msg := f.ErrMsg
		if msg == "" {
			msg = "scripted fault"
		}
		s.answer(w, path, nil, refuse(f.ErrCode, msg))
	}
}

// Stats counts what happened since the start.
type Stats struct {
	Calls      map[string]int `json:"calls"`      // API calls by path
	Refusals   map[int]int    `json:"refusals"`   // answers by errcode
	Tokens     int            `json:"tokens"`     // tokens issued
	Cards      int            `json:"cards"`      // template messages accepted
	Messages   int            `json:"messages"`   // customer-service messages accepted
	Duplicates int            `json:"duplicates"` // sends that client_msg_id held back
	Pushes     int            `json:"pushes"`     // what people did
	Deliveries int            `json:"deliveries"` // POSTs to the callback, redeliveries too
	Finished   int            `json:"finished"`   // TEMPLATESENDJOBFINISH pushed
	BadReplies int            `json:"bad_replies"`
}

func (st Stats) clone() Stats {
	calls, refusals := st.Calls, st.Refusals
	st.Calls, st.Refusals = make(map[string]int, len(calls)), make(map[int]int, len(refusals))
	for k, v := range calls {
		st.Calls[k] = v
	}
	for k, v := range refusals {
		st.Refusals[k] = v
	}
	return st
}

func (s *Sim) count(add func(*Stats)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	add(&s.stats)
}

func (s *Sim) callbackIPs(*call) (any, error) {
	return object{"ip_list": []string{"127.0.0.1"}}, nil
}

func (s *Sim) userInfo(c *call) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ph, ok := s.phones[c.query("openid")]
	if !ok {
		return nil, errOpenID
	}
	if !ph.Followed {
		return object{"subscribe": 0, "openid": ph.OpenID}, nil
	}
	return object{"subscribe": 1, "openid": ph.OpenID, "nickname": "", "headimgurl": "", "language": "zh_CN"}, nil
}
