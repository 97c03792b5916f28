package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// seat is a signed-in administrator with the store as that account sees it.
type seat struct {
	models.Account
	st    *store.Store
	Scope string        // 崆峒区, or the unit's name
	at    models.Object // what the page is about
}

const (
	keyAccount = "account"
	keyStamp   = "stamp"
	keySince   = "since"
	keyScope   = "scope"
)

// member lets in who is signed in with a password of one's own.
func (s *site) member(page func(http.ResponseWriter, *http.Request, seat) error) func(http.ResponseWriter, *http.Request) error {
	return s.newcomer(func(w http.ResponseWriter, r *http.Request, me seat) error {
		if me.PasswordAt == 0 {
			http.Redirect(w, r, "/admin/password", http.StatusSeeOther)
			return nil
		}
		if s.office.GetString(r.Context(), keyFactor) == factorEnrol {
			http.Redirect(w, r, "/admin/factor/enrol", http.StatusSeeOther)
			return nil
		}
		return page(w, r, me)
	})
}

// newcomer lets in who is signed in and has shown the second factor, where the
// account has one; also with the first password.
func (s *site) newcomer(page func(http.ResponseWriter, *http.Request, seat) error) func(http.ResponseWriter, *http.Request) error {
	return s.halfway(func(w http.ResponseWriter, r *http.Request, me seat) error {
		if s.office.GetString(r.Context(), keyFactor) == factorAsk {
			to := "/admin/factor"
			if r.Method == http.MethodGet && r.URL.Path != "/admin/" {
				to += "?" + url.Values{"to": {r.URL.RequestURI()}}.Encode()
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
			return nil
		}
		return page(w, r, me)
	})
}

// halfway lets in who has given the password.
func (s *site) halfway(page func(http.ResponseWriter, *http.Request, seat) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		me, err := s.seated(r)
		if err != nil {
			return err
		}
		if me.ID == "" {
			to := "/admin/signin"
			if r.Method == http.MethodGet && r.URL.Path != "/admin/" {
				to += "?" + url.Values{"to": {r.URL.RequestURI()}}.Encode()
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
			return nil
		}
		return page(w, r, me)
	}
}

// seated finds who is signed in; the zero seat is nobody. A session ends with
// its day, with the account, and with the password it was opened by.
func (s *site) seated(r *http.Request) (me seat, err error) {
	ctx := r.Context()
	id := s.office.GetString(ctx, keyAccount)
	if id == "" {
		return seat{}, nil
	}
	a, err := s.DB.As(models.Actor{Account: id}).Account(ctx, id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return seat{}, err
	}
	since := models.Instant(s.office.GetInt64(ctx, keySince)).Time()
	if err != nil || a.DisabledAt != 0 || stamp(a) != s.office.GetString(ctx, keyStamp) || s.Now().Sub(since) > officeLife {
		return seat{}, s.office.Destroy(ctx)
	}
	if stands, err := s.sits(ctx, a.ID); err != nil || !stands {
		return seat{}, errors.Join(err, s.office.Destroy(ctx))
	}
	return seat{Account: a, st: s.DB.As(a.Actor()), Scope: s.office.GetString(ctx, keyScope)}, nil
}

type signInView struct {
	Login, To, Fault string
}

func (s *site) signInPage(w http.ResponseWriter, r *http.Request) error {
	me, err := s.seated(r)
	if err != nil {
		return err
	}
	to := within(r.FormValue("to"))
	if me.ID != "" {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	return s.show(w, http.StatusOK, "signin", signInView{To: to})
}

// within keeps a page to go to inside the console.
func within(to string) string {
	if strings.HasPrefix(to, "/admin/") && !strings.ContainsAny(to, "\\\r\n") {
		return to
	}
	return "/admin/"
}

const wrongPassword = "登录名或密码不对。忘了密码,请找发账号的人重新发一个。"

func (s *site) signIn(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return err
	}
	login := strings.ToLower(strings.TrimSpace(r.PostFormValue("login")))
	password := r.PostFormValue("password")
	view := signInView{Login: login, To: within(r.PostFormValue("to"))}
	if login == "" || password == "" {
		view.Fault = "登录名和密码都要填。"
		return s.show(w, http.StatusUnprocessableEntity, "signin", view)
	}
	address := remoteAddress(r)
	wait, err := s.tries.count(ctx, login, address)
	if err != nil {
		return err
	}
	if wait > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(int(wait.Seconds())+1))
		view.Fault = s.later(wait)
		return s.show(w, http.StatusTooManyRequests, "signin", view)
	}
	nobody := s.DB.As(models.Actor{})
	a, err := nobody.AccountByLogin(ctx, login)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	// An unknown login takes as long as a known one.
	ok, err := s.gate.matches(ctx, clip(password), a.Password)
	if err != nil {
		return err
	}
	if !ok || a.DisabledAt != 0 {
		if a.ID != "" {
			if err := nobody.Note(ctx, "signin.refused", "account:"+a.ID, address); err != nil {
				return err
			}
		}
		view.Fault = wrongPassword
		return s.show(w, http.StatusUnauthorized, "signin", view)
	}
	if err := s.tries.right(ctx, login, address); err != nil {
		return err
	}
	st := s.DB.As(a.Actor())
	if err := errors.Join(st.MarkSeen(ctx, a.ID), st.Note(ctx, "signin", "account:"+a.ID, address)); err != nil {
		return err
	}
	// Whoever signs in will look at today's figures, and for somebody, soon.
	go func() {
		ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer stop()
		if err := s.DB.WarmDirectory(ctx); err != nil {
			s.Log.Warn("the directory was not read", "err", err)
		}
		if me := (seat{Account: a, st: s.DB.As(a.Actor())}); me.may(models.ObjectToday, models.See) {
			if _, err := s.figures(ctx, me); err != nil {
				s.Log.Warn("today's figures were not counted", "err", err)
			}
		}
	}()
	state, err := s.factorState(ctx, a)
	if err != nil {
		return err
	}
	if err := s.open(r, a, state); err != nil {
		return err
	}
	http.Redirect(w, r, view.To, http.StatusSeeOther)
	return nil
}

// clip keeps a long text from being hashed whole; no password is that long.
func clip(password string) string { return password[:min(len(password), 2*longest)] }

// open starts a session under a new token: one that somebody else may have put
// into the browser before is worth nothing.
func (s *site) open(r *http.Request, a models.Account, state string) error {
	ctx := r.Context()
	if err := s.office.RenewToken(ctx); err != nil {
		return err
	}
	scope, err := scopeOf(ctx, s.DB.As(a.Actor()), a)
	if err != nil {
		return err
	}
	s.office.Put(ctx, keyScope, scope)
	s.office.Put(ctx, keyAccount, a.ID)
	s.office.Put(ctx, keyStamp, stamp(a))
	s.office.Put(ctx, keySince, s.Now().UnixMilli())
	s.office.Put(ctx, keyFactor, state)
	return s.sit(ctx, r, a.ID)
}

// scopeOf names what an account is for: its unit, or its place.
func scopeOf(ctx context.Context, st *store.Store, a models.Account) (string, error) {
	if a.UnitID != "" {
		return st.UnitName(ctx, a.UnitID)
	}
	place, err := st.Region(ctx, a.Region)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return place.Path, err
}

func (s *site) signOut(w http.ResponseWriter, r *http.Request) error {
	if id := s.office.GetString(r.Context(), keyAccount); id != "" {
		if err := s.Redis.HDel(r.Context(), sittingsKey(id), s.office.GetString(r.Context(), keySitting)).Err(); err != nil {
			return away(err)
		}
	}
	if err := s.office.Destroy(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/signin", http.StatusSeeOther)
	return nil
}

// home leads to the first page of the visitor's role.
func (s *site) home(w http.ResponseWriter, r *http.Request, me seat) error {
	first, _ := s.navigation(me.Role, "")
	if len(first) == 0 {
		s.message(w, r, http.StatusOK, nothingYet)
		return nil
	}
	http.Redirect(w, r, first[0].Link, http.StatusSeeOther)
	return nil
}

type passwordView struct {
	Me    seat
	First bool
	Fault string
}

func (s *site) passwordPage(w http.ResponseWriter, r *http.Request, me seat) error {
	return s.draw(w, r, me, http.StatusOK, "password", passwordView{Me: me, First: me.PasswordAt == 0})
}

func (s *site) changePassword(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return err
	}
	old, chosen, again := r.PostFormValue("old"), r.PostFormValue("new"), r.PostFormValue("again")
	view := passwordView{Me: me, First: me.PasswordAt == 0}
	// A session left open is no way to try passwords either.
	address := remoteAddress(r)
	wait, err := s.tries.count(ctx, me.Login, address)
	if err != nil {
		return err
	}
	if wait > 0 {
		view.Fault = s.later(wait)
		return s.draw(w, r, me, http.StatusTooManyRequests, "password", view)
	}
	ok, err := s.gate.matches(ctx, clip(old), me.Password)
	if err != nil {
		return err
	}
	if view.Fault = passwordFault(me.Account, old, chosen, again); !ok {
		view.Fault = "原来的密码不对。"
	}
	if ok {
		if err := s.tries.right(ctx, me.Login, address); err != nil {
			return err
		}
	}
	if view.Fault != "" {
		return s.draw(w, r, me, http.StatusUnprocessableEntity, "password", view)
	}
	hash, err := s.gate.hash(ctx, chosen)
	if err != nil {
		return err
	}
	err = me.st.InTx(ctx, func(tx *store.Store) error {
		if err := tx.SetPassword(ctx, me.ID, hash, tx.Now()); err != nil {
			return err
		}
		return tx.Note(ctx, "password", "account:"+me.ID, "changed by its holder")
	})
	if err != nil {
		return err
	}
	// Every other session of the account is over; this one goes on.
	me.Password = hash
	if err := s.Redis.Del(ctx, sittingsKey(me.ID)).Err(); err != nil {
		return away(err)
	}
	if err := s.open(r, me.Account, s.office.GetString(ctx, keyFactor)); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/", http.StatusSeeOther)
	return nil
}
