package wechatsim

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

const (
	tokenLife    = 7200 * time.Second
	tokenOverlap = 5 * time.Minute // an old token lives on this long beside the new one
)

// tokens are the access tokens of the account. The two ways to get one do not
// know of each other.
type tokens struct {
	issued map[string]*token
	plain  string // the last of /token
	stable string // the last of /stable_token
	forced []time.Time
}

type token struct{ ends, revoked time.Time }

func (s *Sim) token(c *call) (any, error) {
	return s.grantToken(c.query("grant_type"), c.query("appid"), c.query("secret"), func() object {
		t := &s.tokens
		if old := t.issued[t.plain]; old != nil && old.revoked.IsZero() {
			old.revoked = s.now().Add(tokenOverlap)
		}
		t.plain = s.newToken()
		return s.tokenAnswer(t.plain)
	})
}

func (s *Sim) stableToken(c *call) (any, error) {
	var in struct {
		Grant  string          `json:"grant_type"`
		AppID  string          `json:"appid"`
		Secret string          `json:"secret"`
		Force  json.RawMessage `json:"force_refresh"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	force := string(in.Force) == "true"
	if len(in.Force) > 0 && !force && string(in.Force) != "false" {
		return nil, errBadJSON
	}
	var tooOften error
	o, err := s.grantToken(in.Grant, in.AppID, in.Secret, func() object {
		t, now := &s.tokens, s.now()
		if force {
			if tooOften = t.force(now); tooOften != nil {
				return nil
			}
			s.revokeTokens(now)
		}
		// The platform renews five minutes before the end, so at least that is left.
		if cur := t.issued[t.stable]; cur == nil || !cur.revoked.IsZero() || cur.ends.Sub(now) < tokenOverlap {
			t.stable = s.newToken()
		}
		return s.tokenAnswer(t.stable)
	})
	if tooOften != nil {
		return nil, tooOften
	}
	return o, err
}

// force allows a forced refresh 20 times a day and every 30 s.
func (t *tokens) force(now time.Time) error {
	for len(t.forced) > 0 && now.Sub(t.forced[0]) >= 24*time.Hour {
		t.forced = t.forced[1:]
	}
	if n := len(t.forced); n > 0 && now.Sub(t.forced[n-1]) < 30*time.Second {
		return refuse(45011, "api minute-quota reach limit, must slower, retry next minute")
	}
	if len(t.forced) >= 20 {
		return errDailyLimit
	}
	t.forced = append(t.forced, now)
	return nil
}

func (s *Sim) grantToken(grant, appID, secret string, give func() object) (any, error) {
	switch {
	case grant != "client_credential":
		return nil, refuse(40002, "invalid grant_type")
	case appID == "":
		return nil, refuse(41002, "appid missing")
	case secret == "":
		return nil, refuse(41004, "appsecret missing")
	case appID != s.cfg.AppID:
		return nil, refuse(40013, "invalid appid")
	case secret != s.cfg.AppSecret:
		return nil, refuse(40125, "invalid appsecret")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return give(), nil
}

// newToken issues one and forgets those long dead. s.mu held.
func (s *Sim) newToken() string {
	t, now := &s.tokens, s.now()
	if t.issued == nil {
		t.issued = make(map[string]*token)
	}
	for name, old := range t.issued {
		if now.Sub(old.ends) > 24*time.Hour {
			delete(t.issued, name)
		}
	}
	name := "88_" + randomName(133)
	t.issued[name] = &token{ends: now.Add(tokenLife)}
	s.stats.Tokens++
	return name
}

func (s *Sim) tokenAnswer(name string) object {
	left := s.tokens.issued[name].ends.Sub(s.now())
	return object{"access_token": name, "expires_in": int(left / time.Second)}
}

// revokeTokens ends every token at once. s.mu held.
func (s *Sim) revokeTokens(now time.Time) {
	for _, t := range s.tokens.issued {
		if t.revoked.IsZero() || t.revoked.After(now) {
			t.revoked = now
		}
	}
}

// InvalidateTokens ends every token that was issued, as a secret's reset or a
// refresh elsewhere does: the next call gets 40001.
func (s *Sim) InvalidateTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revokeTokens(s.now())
}

func (s *Sim) checkToken(name string) error {
	if name == "" {
		return refuse(41001, "access_token missing")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, now := s.tokens.issued[name], s.now()
	switch {
	case t == nil:
		return refuse(40014, "invalid access_token")
	case !t.revoked.IsZero() && !now.Before(t.revoked):
		return refuse(40001, "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken")
	case !now.Before(t.ends):
		return refuse(42001, "access_token expired")
	}
	return nil
}

// quota is the daily limit of calls, by path.
type quota struct {
	day    string
	used   map[string]int
	month  string
	clears int
}

var dailyLimit = map[string]int{
	"/cgi-bin/token":                 2_000,
	"/cgi-bin/stable_token":          500_000,
	"/cgi-bin/message/template/send": 100_000,
	"/cgi-bin/message/custom/send":   500_000,
	"/cgi-bin/media/upload":          100_000,
	"/cgi-bin/media/get":             200_000,
	"/cgi-bin/menu/create":           1_000,
	"/cgi-bin/menu/addconditional":   2_000,
	"/cgi-bin/menu/delconditional":   2_000,
	"/cgi-bin/menu/trymatch":         20_000,
	"/cgi-bin/qrcode/create":         100_000,
}

func (s *Sim) spend(path string) error {
	limit, ok := dailyLimit[path]
	if !ok {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if day := s.now().Format(time.DateOnly); s.quota.day != day {
		s.quota.day, s.quota.used = day, make(map[string]int)
	}
	if s.quota.used[path] >= limit {
		return errDailyLimit
	}
	s.quota.used[path]++
	return nil
}

// getQuota tells how much of an API's day is used up.
func (s *Sim) getQuota(c *call) (any, error) {
	var in struct {
		Path string `json:"cgi_path"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(in.Path, "/cgi-bin/") {
		return nil, refuse(76021, "cgi_path not found, please check")
	}
	limit := dailyLimit[in.Path]
	s.mu.Lock()
	defer s.mu.Unlock()
	used := 0
	if s.quota.day == s.now().Format(time.DateOnly) {
		used = s.quota.used[in.Path]
	}
	return object{"errcode": 0, "errmsg": "ok", "quota": object{"daily_limit": limit, "used": used, "remain": max(0, limit-used)}}, nil
}

// UseUp sets how many calls of an API were made today.
func (s *Sim) UseUp(path string, calls int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if day := s.now().Format(time.DateOnly); s.quota.day != day {
		s.quota.day, s.quota.used = day, make(map[string]int)
	}
	s.quota.used[path] = calls
}

// clearQuota sets the daily counts back, ten times a month.
func (s *Sim) clearQuota(c *call) (any, error) {
	var in struct {
		AppID  string `json:"appid"`
		Secret string `json:"appsecret"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.AppID != s.cfg.AppID {
		return nil, refuse(40013, "invalid appid")
	}
	if c.Method == http.MethodPost && c.URL.Path == "/cgi-bin/clear_quota/v2" && in.Secret != s.cfg.AppSecret {
		return nil, refuse(40125, "invalid appsecret")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if month := s.now().Format("2006-01"); s.quota.month != month {
		s.quota.month, s.quota.clears = month, 0
	}
	if s.quota.clears >= 10 {
		return nil, refuse(48006, "forbid to clear quota because of reaching the limit")
	}
	s.quota.clears++
	s.quota.used = make(map[string]int)
	return object{"errcode": 0, "errmsg": "ok"}, nil
}
