package web

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"aixin/models"
)

// stateLife is how long the way to WeChat and back may take.
const stateLife = 10 * time.Minute

// keyCaller is the keyed index of the openid: the openid itself stays out of
// Redis.
const keyCaller = "caller"

var comeBack = message{Title: "这一页要从微信打开", Text: "请点下面再试一次。还不行,就回公众号重新点那张卡片。", Link: "/h/summary", Label: "再试一次"}

// vouched lets a page be opened by a phone that WeChat vouches for, and sends
// others there. The page belongs to the openid, not to who holds the link.
func (s *site) vouched(page func(http.ResponseWriter, *http.Request, string) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if who := s.caller(r); who != "" {
			return page(w, r, who)
		}
		state := rand.Text()
		http.SetCookie(w, s.stateCookie(state+"."+r.URL.RequestURI(), int(stateLife.Seconds())))
		http.Redirect(w, r, s.OAuth.OAuthURL(s.PublicURL+"/h/enter", state), http.StatusSeeOther)
		return nil
	}
}

// caller is whom WeChat vouched for not long ago, or nobody.
func (s *site) caller(r *http.Request) string {
	since := models.Instant(s.phone.GetInt64(r.Context(), keySince)).Time()
	if s.Now().Sub(since) > phoneLife {
		return ""
	}
	return s.phone.GetString(r.Context(), keyCaller)
}

// stateCookie ties the answer of WeChat to the phone that asked: without it
// somebody could make another's phone open a page as himself.
func (s *site) stateCookie(value string, seconds int) *http.Cookie {
	return &http.Cookie{
		Name: StateCookie(s.secure), Value: value, Path: "/", MaxAge: seconds, HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	}
}

// enter is where WeChat sends a phone back to with a code.
func (s *site) enter(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	var state, page string
	if cookie, err := r.Cookie(StateCookie(s.secure)); err == nil {
		state, page, _ = strings.Cut(cookie.Value, ".")
		http.SetCookie(w, s.stateCookie("", -1))
	}
	page = withinPhone(page)
	if state == "" || subtle.ConstantTimeCompare([]byte(state), []byte(q.Get("state"))) != 1 || q.Get("code") == "" {
		return s.comeAgain(w, r, page)
	}
	openid, err := s.OAuth.OAuthOpenID(ctx, q.Get("code"))
	if err != nil || openid == "" {
		// A code used twice, too old or of a snapshot page, or WeChat is away:
		// to the person it is the same, the log knows. No 502: a proxy would take
		// it for our own.
		s.Log.Warn("phone page not opened", "err", err)
		return s.comeAgain(w, r, page)
	}
	if err := s.phone.RenewToken(ctx); err != nil {
		return err
	}
	s.phone.Put(ctx, keyCaller, s.DB.As(models.Actor{}).OpenIDIndex(openid))
	s.phone.Put(ctx, keySince, s.Now().UnixMilli())
	http.Redirect(w, r, page, http.StatusSeeOther)
	return nil
}

// comeAgain offers the way from its start. Who went back in the browser, or
// whose WeChat asked twice, is in already and just goes on.
func (s *site) comeAgain(w http.ResponseWriter, r *http.Request, page string) error {
	if s.caller(r) != "" {
		http.Redirect(w, r, page, http.StatusSeeOther)
		return nil
	}
	m := comeBack
	m.Link = page
	s.message(w, r, http.StatusBadRequest, m)
	return nil
}

// withinPhone keeps the page to go on to among the phone pages.
func withinPhone(to string) string {
	if strings.HasPrefix(to, "/h/") && !strings.HasPrefix(to, "/h/enter") && !strings.ContainsAny(to, "\\\r\n") {
		return to
	}
	return "/h/summary"
}
