package wechatsim

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

const (
	codeLife     = 5 * time.Minute
	personCookie = "sim_person" // whose phone the browser is, for pages that authorise by themselves
)

// oauthCodes are the authorisation codes given out. Sim.mu guards them.
type oauthCodes struct {
	byCode map[string]*oauthCode
	queue  []string
}

type oauthCode struct {
	openid, scope string
	snapshot      bool
	at            time.Time
	used          bool
}

var oauthState = regexp.MustCompile(`^[A-Za-z0-9]{0,128}$`)

// AuthorizeURL is what stands for open.weixin.qq.com's authorisation page here.
func (s *Sim) AuthorizeURL() string {
	return strings.TrimRight(s.cfg.PublicURL, "/") + "/sim/oauth/authorize"
}

// Authorize plays the authorisation page on a person's phone: authURL is what
// the bot made for open.weixin.qq.com, the result is where the phone goes next.
func (s *Sim) Authorize(openid, authURL string) (redirect string, err error) {
	u, err := url.Parse(authURL)
	if err != nil {
		return "", errors.New("链接打不开")
	}
	return s.authorize(openid, u.Query())
}

func (s *Sim) authorize(openid string, q url.Values) (string, error) {
	back, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("appid") != s.cfg.AppID:
		return "", errors.New("appid 参数错误,错误码:10013")
	case err != nil || back.Host == "" || back.Scheme != "http" && back.Scheme != "https" || !s.ownHost(back.Host):
		return "", errors.New("redirect_uri 域名与后台配置不一致,错误码:10003")
	case q.Get("response_type") != "code":
		return "", errors.New("response_type 参数错误")
	case q.Get("scope") != "snsapi_base" && q.Get("scope") != "snsapi_userinfo":
		return "", errors.New("scope 参数错误或没有 scope 权限,错误码:10005")
	case !oauthState.MatchString(q.Get("state")):
		return "", errors.New("state 参数错误")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ph, ok := s.phones[openid]
	if !ok {
		return "", ErrUnknownPerson
	}
	code := s.oauth.add(oauthCode{openid: openid, scope: q.Get("scope"), snapshot: ph.Snapshot, at: s.now()})
	back.Fragment = ""
	bq := back.Query()
	bq.Set("code", code)
	bq.Set("state", q.Get("state"))
	back.RawQuery = bq.Encode()
	return back.String(), nil
}

// ownHost tells the hosts that the account has configured for authorisation.
func (s *Sim) ownHost(host string) bool {
	for _, own := range []string{s.cfg.CallbackURL, s.cfg.PublicURL} {
		if u, err := url.Parse(own); err == nil && u.Host == host {
			return true
		}
	}
	return false
}

func (o *oauthCodes) add(c oauthCode) string {
	if o.byCode == nil {
		o.byCode = make(map[string]*oauthCode)
	}
	if len(o.queue) >= 10_000 {
		delete(o.byCode, o.queue[0])
		o.queue = o.queue[1:]
	}
	code := randomHex(16)
	o.byCode[code] = &c
	o.queue = append(o.queue, code)
	return code
}

func (s *Sim) oauthToken(c *call) (any, error) {
	switch {
	case c.query("grant_type") != "authorization_code":
		return nil, refuse(40002, "invalid grant_type")
	case c.query("appid") != s.cfg.AppID:
		return nil, refuse(40013, "invalid appid")
	case c.query("secret") != s.cfg.AppSecret:
		return nil, refuse(40125, "invalid appsecret")
	case c.query("code") == "":
		return nil, refuse(41008, "missing code")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	code := s.oauth.byCode[c.query("code")]
	switch {
	case code == nil || s.now().Sub(code.at) > codeLife:
		return nil, refuse(40029, "invalid code")
	case code.used:
		return nil, refuse(40163, "code been used")
	}
	code.used = true
	// These are the person's tokens, not the account's; nothing here takes them.
	o := object{
		"access_token": "88_" + randomName(80), "expires_in": 7200,
		"refresh_token": "88_" + randomName(80), "openid": code.openid, "scope": code.scope,
	}
	if code.snapshot {
		o["openid"], o["is_snapshotuser"] = NewOpenID(), 1
	}
	return o, nil
}

// serveAuthorize is the authorisation page in the browser: the cookie says
// whose phone it is.
func (s *Sim) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	person, err := r.Cookie(personCookie)
	if err != nil {
		s.refusePage(w, "请在微信客户端打开链接")
		return
	}
	to, err := s.authorize(person.Value, r.URL.Query())
	if errors.Is(err, ErrUnknownPerson) {
		s.refusePage(w, "请在微信客户端打开链接")
		return
	}
	if err != nil {
		s.refusePage(w, err.Error())
		return
	}
	http.Redirect(w, r, to, http.StatusFound)
}

// serveOpen opens a link on a person's phone: it remembers whose phone it is,
// and plays open.weixin.qq.com itself.
func (s *Sim) serveOpen(w http.ResponseWriter, r *http.Request) {
	openid, link := r.URL.Query().Get("openid"), r.URL.Query().Get("url")
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		s.refusePage(w, "链接打不开")
		return
	}
	s.mu.Lock()
	_, ok := s.phones[openid]
	s.mu.Unlock()
	if !ok {
		s.refusePage(w, "没有这个人")
		return
	}
	if before, err := r.Cookie(personCookie); err != nil || before.Value != openid {
		for _, c := range s.cfg.PageCookies {
			http.SetCookie(w, &http.Cookie{Name: c.Name, Path: c.Path, MaxAge: -1})
		}
	}
	http.SetCookie(w, &http.Cookie{
		Name: personCookie, Value: openid, Path: "/sim/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	if u.Host == "open.weixin.qq.com" && u.Path == "/connect/oauth2/authorize" {
		link = "/sim/oauth/authorize?" + u.RawQuery
	}
	http.Redirect(w, r, link, http.StatusFound)
}

var refusalPage = template.Must(template.New("").Parse(`<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>微信</title>
<body style="font:16px system-ui,sans-serif;text-align:center;padding:30vh 1rem 0;color:#333"><p role="alert">{{.}}</p></body></html>`))

func (s *Sim) refusePage(w http.ResponseWriter, why string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusForbidden)
	refusalPage.Execute(w, why)
}
