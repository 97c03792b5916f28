package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"aixin/models"
	"aixin/models/store"
)

// How far a session is with its second factor.
const (
	keyFactor  = "factor"
	keyPending = "pending" // the sealed secret of a phone that is being added

	factorAsk   = "ask"   // has one, and has not shown it yet
	factorEnrol = "enrol" // must get one first
	factorOK    = "ok"
	factorNone  = "none" // has none and need not
)

// needsFactor tells whether an account must have a second factor: whoever sees
// personal data, unless the settings say that nobody must.
func (s *site) needsFactor(a models.Account) bool {
	return s.RequireTOTP && models.Ever(a.Role, models.ObjectPerson).Allows(models.See)
}

// factorState tells what a fresh session still has to show.
func (s *site) factorState(ctx context.Context, a models.Account) (string, error) {
	switch _, err := s.DB.As(a.Actor()).Factor(ctx); {
	case err == nil:
		return factorAsk, nil
	case !errors.Is(err, store.ErrNotFound):
		return "", err
	case s.needsFactor(a):
		return factorEnrol, nil
	}
	return factorNone, nil
}

type factorView struct {
	form
	To       string
	Must     bool
	Had      bool
	Secret   string
	Recovery []string
}

func (s *site) factorPage(w http.ResponseWriter, r *http.Request, me seat) error {
	if s.office.GetString(r.Context(), keyFactor) != factorAsk {
		http.Redirect(w, r, "/admin/", http.StatusSeeOther)
		return nil
	}
	return s.show(w, http.StatusOK, "factor", factorView{To: within(r.FormValue("to"))})
}

func (s *site) giveFactor(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	view := factorView{form: f, To: within(f.Get("to"))}
	fault, status, err := s.factorFault(r, me, f.Get("code"))
	if err != nil {
		return err
	}
	if fault != "" {
		view.wrong("code", fault)
		return s.show(w, status, "factor", view)
	}
	if err := s.office.RenewToken(ctx); err != nil {
		return err
	}
	s.office.Put(ctx, keyFactor, factorOK)
	http.Redirect(w, r, view.To, http.StatusSeeOther)
	return nil
}

// factorFault looks at a code from the phone or a recovery code; "" is right.
// Wrong ones are counted as wrong passwords are.
func (s *site) factorFault(r *http.Request, me seat, code string) (fault string, status int, err error) {
	ctx, address := r.Context(), remoteAddress(r)
	wait, err := s.tries.count(ctx, "code:"+me.Login, address)
	if err != nil {
		return "", 0, err
	}
	if wait > 0 {
		return s.later(wait), http.StatusTooManyRequests, nil
	}
	f, err := me.st.Factor(ctx)
	if err != nil {
		return "", 0, err
	}
	code = strings.ReplaceAll(code, " ", "")
	ok := false
	if step := stepOf(f.Secret.Reveal(), code, s.Now()); step > 0 {
		ok, err = me.st.UseStep(ctx, step)
	} else if len(code) >= 10 {
		if ok, err = me.st.UseRecovery(ctx, code); ok {
			err = me.st.Note(ctx, "factor.recovery", "account:"+me.ID, address)
		}
	}
	if err != nil {
		return "", 0, err
	}
	if !ok {
		return "验证码不对,或者已经用过。等手机上换了下一个再填;手机丢了,填一个恢复码。", http.StatusUnprocessableEntity, nil
	}
	return "", 0, s.tries.right(ctx, "code:"+me.Login, address)
}

// stepOf finds the time step whose code this is, one before and after allowed for
// clocks that differ; zero is none.
func stepOf(secret, code string, now time.Time) int64 {
	for _, skew := range []int64{0, -1, 1} {
		step := now.Unix()/30 + skew
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*30, 0), totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && want == code {
			return step
		}
	}
	return 0
}

func (s *site) later(wait time.Duration) string {
	return fmt.Sprintf("试了好几次都不对,先歇一会儿,%s 以后再试。", s.Now().Add(wait+time.Minute).In(s.Zone).Format("15:04"))
}

// pending is the secret of the phone that is being added, made where there is
// none yet.
func (s *site) pending(r *http.Request, me seat) (*otp.Key, error) {
	ctx := r.Context()
	where := "factor." + me.ID
	opts := totp.GenerateOpts{Issuer: "爱心甘肃平凉", AccountName: me.Login}
	if box := s.office.GetString(ctx, keyPending); box != "" {
		secret, err := s.DB.Keys().OpenText(where, box)
		if err != nil {
			return nil, err
		}
		return otp.NewKeyFromURL("otpauth://totp/" + opts.Issuer + ":" + opts.AccountName + "?issuer=" + opts.Issuer + "&secret=" + secret)
	}
	key, err := totp.Generate(opts)
	if err != nil {
		return nil, err
	}
	box, err := s.DB.Keys().SealText(where, key.Secret())
	if err != nil {
		return nil, err
	}
	s.office.Put(ctx, keyPending, box)
	return key, nil
}

func (s *site) enrolPage(w http.ResponseWriter, r *http.Request, me seat) error {
	return s.drawEnrol(w, r, me, http.StatusOK, form{})
}

func (s *site) drawEnrol(w http.ResponseWriter, r *http.Request, me seat, status int, f form) error {
	key, err := s.pending(r, me)
	if err != nil {
		return err
	}
	state := s.office.GetString(r.Context(), keyFactor)
	return s.draw(w, r, me, status, "enrol", factorView{form: f, Must: state == factorEnrol, Had: state == factorOK, Secret: grouped(key.Secret())})
}

// grouped writes a secret so that it can be typed.
func grouped(secret string) string {
	var b strings.Builder
	for i, r := range secret {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (s *site) factorPicture(w http.ResponseWriter, r *http.Request, me seat) error {
	key, err := s.pending(r, me)
	if err != nil {
		return err
	}
	img, err := key.Image(220, 220)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	_, err = buf.WriteTo(w)
	return err
}

// enrol takes the first code of a phone, and the password again where a phone is
// replaced, and shows the recovery codes, once.
func (s *site) enrol(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	fault, status, err := s.passwordAgain(r, me, r.PostFormValue("password"))
	if err != nil {
		return err
	}
	if fault != "" {
		f.wrong("password", fault)
		return s.drawEnrol(w, r, me, status, f)
	}
	key, err := s.pending(r, me)
	if err != nil {
		return err
	}
	step := stepOf(key.Secret(), strings.ReplaceAll(f.Get("code"), " ", ""), s.Now())
	if step == 0 {
		f.wrong("code", "验证码不对。看看手机的时间准不准,等换了下一个再填。")
		return s.drawEnrol(w, r, me, http.StatusUnprocessableEntity, f)
	}
	var codes []string
	err = me.st.InTx(ctx, func(tx *store.Store) error {
		if codes, err = tx.Enrol(ctx, key.Secret(), step); err != nil {
			return err
		}
		return tx.Note(ctx, "factor.enrol", "account:"+me.ID, "")
	})
	if err != nil {
		return err
	}
	s.office.Remove(ctx, keyPending)
	s.office.Put(ctx, keyFactor, factorOK)
	return s.draw(w, r, me, http.StatusOK, "enrol", factorView{Recovery: codes})
}

// passwordAgain looks at a password that somebody who is signed in gave again.
func (s *site) passwordAgain(r *http.Request, me seat, password string) (fault string, status int, err error) {
	ctx, address := r.Context(), remoteAddress(r)
	wait, err := s.tries.count(ctx, me.Login, address)
	if err != nil {
		return "", 0, err
	}
	if wait > 0 {
		return s.later(wait), http.StatusTooManyRequests, nil
	}
	ok, err := s.gate.matches(ctx, clip(password), me.Password)
	if err != nil {
		return "", 0, err
	}
	if !ok {
		return "密码不对。", http.StatusUnprocessableEntity, nil
	}
	return "", 0, s.tries.right(ctx, me.Login, address)
}

// again is the step up before what is guarded most: the code from the phone, or
// the password where the account has no second factor.
func (s *site) again(r *http.Request, me seat, proof string) (fault string, status int, err error) {
	if s.office.GetString(r.Context(), keyFactor) == factorOK {
		return s.factorFault(r, me, proof)
	}
	return s.passwordAgain(r, me, proof)
}

// hasFactor tells whether the session was opened with a second factor.
func (s *site) hasFactor(r *http.Request) bool {
	return s.office.GetString(r.Context(), keyFactor) == factorOK
}
