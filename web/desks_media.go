package web

import (
	"net/http"
	"slices"
	"strings"

	"aixin/models"
	"aixin/models/store"
)

// medium is a recording or picture that stands with a matter.
type medium struct {
	ID, URL, At  string
	Plays, Image bool
	Waits, Lost  bool // not here yet, or never will be
}

// media are the recordings and pictures of a matter, as its page shows them.
func (s *site) media(v matterView, photos ...models.Photo) (out []medium) {
	for _, p := range photos {
		out = append(out, medium{
			ID: p.ID, URL: v.Path + "/" + v.ID + "/" + p.ID, At: s.clock(p.ReceivedAt), Plays: p.Kind == "voice" && s.plays(p), Image: p.Kind == "image",
			Waits: p.State == models.PhotoPending, Lost: p.State != models.PhotoPending && p.State != models.PhotoStored,
		})
	}
	return out
}

// caseSound plays a recording of a case to who takes cases of the place; that it
// was heard is noted.
func (s *site) caseSound(w http.ResponseWriter, r *http.Request, me seat) error {
	v, d, err := s.caseMatter(r, me)
	if err != nil {
		return err
	}
	if v.Hidden {
		return store.ErrNotFound
	}
	sounds, err := me.st.DangerSounds(r.Context(), d.ID)
	if err != nil {
		return err
	}
	return s.playMedium(w, r, me, sounds, "danger_heard", "danger:"+d.ID)
}

// questionMediumDesk plays or shows what was sent with a question to an office
// that answers it.
func (s *site) questionMediumDesk(w http.ResponseWriter, r *http.Request, me seat) error {
	v, q, err := s.questionMatter(r, me)
	if err != nil {
		return err
	}
	if v.Hidden {
		return store.ErrNotFound
	}
	p, err := me.st.QuestionMedium(r.Context(), q.ID)
	if err != nil {
		return err
	}
	if err := s.playMedium(w, r, me, []models.Photo{p}, "question_heard", "recipient:"+q.RecipientID); err != nil || p.Kind != "voice" {
		return err
	}
	return me.st.HearQuestion(r.Context(), q.ID)
}

// playMedium sends the one that was asked for. The audit gets a row for a
// playing, not for each range that a browser fetches of it.
func (s *site) playMedium(w http.ResponseWriter, r *http.Request, me seat, photos []models.Photo, action, object string) error {
	i := slices.IndexFunc(photos, func(p models.Photo) bool { return p.ID == r.PathValue("medium") && p.State == models.PhotoStored })
	if i < 0 {
		return store.ErrNotFound
	}
	if part := r.Header.Get("Range"); part == "" || strings.HasPrefix(part, "bytes=0-") {
		if err := me.st.Note(r.Context(), action, object, "photo="+photos[i].ID); err != nil {
			return err
		}
	}
	if photos[i].Kind == "image" {
		return s.showPicture(w, r, photos[i])
	}
	return s.playSound(w, r, photos[i])
}
