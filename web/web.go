package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/redis/go-redis/v9"

	"aixin/handlers/desk"
	"aixin/handlers/picture"
	"aixin/models"
	"aixin/models/album"
	"aixin/models/store"
)

// OAuth tells whose phone opened a page (snsapi_base).
type OAuth interface {
	// OAuthURL is the page that leads the phone back to redirect with a code.
	OAuthURL(redirect, state string) string
	// OAuthOpenID changes a code, once, for the openid behind it.
	OAuthOpenID(ctx context.Context, code string) (openid string, err error)
}

// Options are what the pages stand on.
type Options struct {
	DB        *store.DB
	Redis     redis.UniversalClient
	OAuth     OAuth
	Album     album.Store
	Zone      *time.Location
	Now       func() time.Time
	Log       *slog.Logger
	PublicURL string // without a path; https makes the cookies secure
	// MP3 makes a recording playable on a phone; nil: it is heard in the chat.
	MP3 func(ctx context.Context, amr []byte) ([]byte, error)
	// Notices are the settings of notices; without a zone they live in the site's.
	Notices desk.Notices
	// LookFor surveys what an account answers for; Painter draws it, nil: no font.
	LookFor func(ctx context.Context, a models.Account) (desk.Office, error)
	Painter *picture.Painter
	// Codes draws binding codes; nil: they are typed.
	Codes Codes
	// Orders are what offices do about needs and dangers.
	Orders Orders
	// Clean takes out of typed words what is never stored; nil: nothing.
	Clean func(words string) string
	// Templates are the ids of template messages by the names of the settings.
	Templates map[string]string
	// RequireTOTP asks everybody who sees personal data for a second factor.
	RequireTOTP bool
	// Tell writes into each answer how long it took and how many statements, for
	// the bench.
	Tell bool
	// Networks are those from which the console opens; none: every one.
	Networks []netip.Prefix
}

// site is the pages with what they stand on.
type site struct {
	Options
	pages     pages
	static    static
	office    *scs.SessionManager // administrators at the console
	phone     *scs.SessionManager // people who opened a page in WeChat
	tries     tries
	gate      gate
	totals    kept[totalsOf, []store.KindTotal]
	unitLists kept[string, []models.Unit]
	policies  kept[int, desk.PolicyBase]
	exports   chan struct{}
	leads     map[models.Object]string
	counted   counted
	secure    bool
}

// New builds the handler of everything under /admin/ and /h/. A template that
// does not work fails here, not in front of somebody.
func New(o Options) (http.Handler, error) {
	s, err := newSite(o)
	if err != nil {
		return nil, err
	}
	return s.handler()
}

func newSite(o Options) (*site, error) {
	if o.DB == nil || o.Redis == nil || o.OAuth == nil || o.Album == nil || o.Zone == nil || o.Now == nil {
		return nil, errors.New("web: a part is missing from the options")
	}
	s := &site{Options: o, secure: strings.HasPrefix(o.PublicURL, "https://"), gate: newGate(), exports: make(chan struct{}, 2)}
	if s.Notices.Zone == nil {
		s.Notices.Zone = o.Zone
	}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.Clean == nil {
		s.Clean = func(words string) string { return words }
	}
	s.PublicURL = strings.TrimRight(s.PublicURL, "/")
	s.tries = tries{redis: o.Redis, keys: o.DB.Keys()}
	s.office = newSessions(o.Redis, "aixin:office:", OfficeCookie(s.secure), officeIdle, s.sessionFault)
	s.phone = newSessions(o.Redis, "aixin:phone:", PhoneCookie(s.secure), phoneLife, s.sessionFault)
	var err error
	if s.static, err = loadStatic(); err != nil {
		return nil, err
	}
	s.leads = leadsOf(s.routes())
	s.pages, err = loadPages(s.static)
	return s, err
}

func (s *site) handler() (http.Handler, error) {
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		mux.Handle(r.pattern, s.guard(r))
	}
	origins := http.NewCrossOriginProtection()
	if u, err := url.Parse(s.PublicURL); err == nil && u.Host != "" {
		if err := origins.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, fmt.Errorf("web: server.public_url: %w", err)
		}
	}
	origins.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.message(w, r, http.StatusForbidden, foreignForm)
	}))
	return s.headers(origins.Handler(mux)), nil
}

// guard gives a route its session, and tells people and the log what went
// wrong in it.
func (s *site) guard(rt route) http.Handler {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rt.session != phone && strings.HasPrefix(r.URL.Path, "/admin/") && !s.fromHere(r) {
			s.message(w, r, http.StatusForbidden, otherNetwork)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, cmp.Or(rt.body, formMost))
		if s.Tell {
			began := s.Now()
			ctx, n := store.CountingQueries(r.Context())
			r = r.WithContext(ctx)
			w = &told{w, func(h http.Header) {
				h.Set("Aixin-Took", s.Now().Sub(began).String())
				h.Set("Aixin-Queries", fmt.Sprint(n.Load()))
			}}
		}
		if err := rt.serve(w, r); err != nil {
			s.fault(w, r, err)
		}
	})
	switch rt.session {
	case office:
		return s.office.LoadAndSave(h)
	case phone:
		return s.phone.LoadAndSave(h)
	}
	return h
}

// told adds headers at the moment an answer begins.
type told struct {
	http.ResponseWriter
	before func(http.Header)
}

// WriteHeader begins the answer.
func (t *told) WriteHeader(status int) {
	t.before(t.Header())
	t.ResponseWriter.WriteHeader(status)
}

// headers are on every answer. The demo shows phone pages in a frame of its own
// origin; nobody else may.
func (s *site) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'")
		h.Set("X-Content-Type-Options", "nosniff")
		// Not no-referrer: browsers would then send our own forms with Origin null,
		// which looks like somebody else's.
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if s.secure {
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// fault says what an error means to the person, and the whole of it to the log.
func (s *site) fault(w http.ResponseWriter, r *http.Request, err error) {
	var tooLong *http.MaxBytesError
	switch {
	case errors.Is(err, store.ErrNotFound):
		s.message(w, r, http.StatusNotFound, notHere)
		return
	case errors.As(err, &tooLong):
		s.message(w, r, http.StatusRequestEntityTooLarge, tooMuch)
		return
	case r.Context().Err() != nil:
		return // nobody waits for the answer any more
	}
	id := models.NewID(s.Now())[:13]
	away := store.Away(err) || errors.Is(err, errRedisAway)
	s.Log.Error("page failed", "id", id, "method", r.Method, "route", r.Pattern, "away", away, "err", err)
	if away {
		s.message(w, r, http.StatusServiceUnavailable, briefly)
		return
	}
	m := broken
	m.Code = id
	s.message(w, r, http.StatusInternalServerError, m)
}

// fromHere tells whether a request comes from a network that the console opens
// to.
func (s *site) fromHere(r *http.Request) bool {
	if len(s.Networks) == 0 {
		return true
	}
	from, ok := peer(r)
	return ok && slices.ContainsFunc(s.Networks, func(p netip.Prefix) bool { return p.Contains(from) })
}

func (s *site) today() models.Day { return models.DayOf(s.Now(), s.Zone) }
