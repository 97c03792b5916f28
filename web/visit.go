package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// visitView is the one question to a family about a visit.
type visitView struct {
	ID, Question string
	Over         string // what is said once it was answered, or too late
	Missing      bool   // sent without an answer
	Choices      []visitChoice
}

type visitChoice struct {
	Said  models.Said
	Label string
}

var visitChoices = []visitChoice{{models.SaidYes, "来过"}, {models.SaidNo, "没来"}, {models.SaidUnsure, "记不清"}}

// readVisit finds the question for the phone that was asked.
func (s *site) readVisit(ctx context.Context, who, id string) (st *store.Store, c models.Confirmation, err error) {
	bound, err := s.DB.As(models.Actor{}).Bindings(ctx, who)
	if err != nil {
		return nil, c, err
	}
	for _, b := range bound {
		if b.Role != models.RoleGuardian && b.Role != models.RoleRecipient {
			continue
		}
		st = s.DB.As(models.Actor{Contact: b.SubjectID})
		if c, err = st.Confirmation(ctx, id); !errors.Is(err, store.ErrNotFound) {
			return st, c, err
		}
	}
	return nil, c, store.ErrNotFound
}

// visit asks whether somebody came.
func (s *site) visit(w http.ResponseWriter, r *http.Request, who string) error {
	ctx := r.Context()
	_, c, err := s.readVisit(ctx, who, r.PathValue("id"))
	if err != nil {
		return err
	}
	cadre, err := s.DB.As(models.Actor{Cadre: c.CadreID}).Cadre(ctx, c.CadreID)
	if err != nil {
		return err
	}
	view := visitView{ID: c.ID, Missing: r.FormValue("missing") != "", Choices: visitChoices}
	view.Question = c.Day.String() + "," + say.Officer(cadre.Name.Reveal()) + "来过您家吗?"
	switch {
	case c.Answer != "":
		view.Over = say.VisitSaid(c.Answer)
	case c.AskedAt.Add(models.ConfirmWait) < models.InstantOf(s.Now()):
		view.Over = "过了好些天,不用再回了。有难处随时在公众号里说。"
	}
	return s.show(w, http.StatusOK, "phone/visit", view)
}

// saidVisit takes the answer.
func (s *site) saidVisit(w http.ResponseWriter, r *http.Request, who string) error {
	ctx, page := r.Context(), "/h/visit/"+r.PathValue("id")
	st, c, err := s.readVisit(ctx, who, r.PathValue("id"))
	if err != nil {
		return err
	}
	said := models.Said(r.PostFormValue("said"))
	if said.Label() == "" || said == "" {
		http.Redirect(w, r, page+"?missing=1", http.StatusSeeOther)
		return nil
	}
	words := s.Clean(strings.TrimSpace(r.PostFormValue("words")))
	err = st.InTx(ctx, func(tx *store.Store) error { return desk.SayVisit(ctx, tx, c, said, words, s.today()) })
	if err != nil && !errors.Is(err, store.ErrLost) {
		return err
	}
	http.Redirect(w, r, page, http.StatusSeeOther)
	return nil
}
