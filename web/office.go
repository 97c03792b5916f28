package web

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"time"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
)

// officeView is what an office is to look after, behind the card of its list.
type officeView struct {
	desk.Office
	NotBound bool
	Picture  bool
}

// When is the moment for which the numbers hold.
func (v officeView) When() string { return v.At.Format("1月2日15:04") }

// Rate is the share of cadres who are bound: who is not may have gone and not
// told.
func (v officeView) Rate() string {
	if v.Counts.Cadres == 0 {
		return ""
	}
	return strconv.Itoa(v.Counts.Bound*100/v.Counts.Cadres) + "%"
}

// phoneAccount is the account that somebody's phone is bound to.
func (s *site) phoneAccount(r *http.Request, who string) (models.Account, error) {
	bound, err := s.DB.As(models.Actor{}).Bindings(r.Context(), who)
	if err != nil {
		return models.Account{}, err
	}
	for _, b := range bound {
		if b.Role != models.RoleAdmin {
			continue
		}
		a, err := s.DB.As(models.Actor{Account: b.SubjectID}).Account(r.Context(), b.SubjectID)
		if err != nil {
			return a, err
		}
		switch a.Role {
		case models.AccountCity, models.AccountCounty, models.AccountTownship, models.AccountUnit:
			if a.DisabledAt == 0 {
				return a, nil
			}
		}
	}
	return models.Account{}, store.ErrNotFound
}

// officePage is the list behind the card.
func (s *site) officePage(w http.ResponseWriter, r *http.Request, who string) error {
	a, err := s.phoneAccount(r, who)
	if errors.Is(err, store.ErrNotFound) {
		return s.show(w, http.StatusOK, "phone/office", officeView{NotBound: true})
	}
	if err != nil {
		return err
	}
	o, err := s.LookFor(r.Context(), a)
	if err == nil {
		err = s.DB.As(a.Actor()).Note(r.Context(), "digest_read", "account:"+a.ID, "page")
	}
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, "phone/office", officeView{Office: o, Picture: s.Painter != nil})
}

// officePicture is the same as one picture, to be kept or shown on.
func (s *site) officePicture(w http.ResponseWriter, r *http.Request, who string) error {
	a, err := s.phoneAccount(r, who)
	if err != nil || s.Painter == nil {
		return errors.Join(err, map[bool]error{true: store.ErrNotFound}[s.Painter == nil])
	}
	o, err := s.LookFor(r.Context(), a)
	if err != nil {
		return err
	}
	raw, err := s.Painter.PNG(o.Sheet())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(raw))
	return nil
}
