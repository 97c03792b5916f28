package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/album"
	"aixin/models/store"
)

// soundMost is more than a minute of speech ever has.
const soundMost = 4 << 20

// questionView is a question on the phone of who asked, or of who answers.
type questionView struct {
	Title    string
	Number   int
	ID       string
	From     string // whose family, for who answers
	Words    string
	Sound    bool // it can be played here
	Save     bool // it can only be saved here, or heard in the chat
	Chat     bool // the chat plays it to who asks
	Picture  bool
	Asked    models.Day
	State    string // where it stands, in words
	Answer   string
	Officer  string
	May      bool // the reader may answer
	Spoken   bool // the answer is a recording
	Plays    bool // which can be played here
	Empty    bool // an empty answer came
	Logs     bool // a call counts for the reader
	Talked   bool // it was talked over
	Answered bool // just now
}

// reader is who opened the page of a question, and what that person may do.
type reader struct {
	st      *store.Store
	q       models.Question
	answers bool   // the cadre or an office
	cadre   string // the cadre
}

// readQuestion finds the question of a page for who holds the phone: the cadre to
// whom it went, who asked, an office that may answer it.
func (s *site) readQuestion(ctx context.Context, who, id string) (rd reader, err error) {
	bound, err := s.DB.As(models.Actor{}).Bindings(ctx, who)
	if err != nil {
		return rd, err
	}
	for _, b := range bound {
		actor, answers := models.Actor{Contact: b.SubjectID}, false
		switch b.Role {
		case models.RoleCadre:
			actor, answers = models.Actor{Cadre: b.SubjectID}, true
		case models.RoleAdmin:
			acct, err := s.DB.As(models.Actor{Account: b.SubjectID}).Account(ctx, b.SubjectID)
			if err != nil {
				return rd, err
			}
			actor, answers = acct.Actor(), true
			if actor.Account == "" {
				continue
			}
		}
		rd = reader{st: s.DB.As(actor), answers: answers, cadre: actor.Cadre}
		rd.q, err = rd.st.Question(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil || b.Role != models.RoleAdmin {
			return rd, err
		}
		// The scope has made sure of the place or the unit.
		acct, err := rd.st.Account(ctx, b.SubjectID)
		if err != nil || acct.MayHear(rd.q) && acct.Answers(acct.Region, acct.UnitID) {
			return rd, err
		}
	}
	return reader{}, store.ErrNotFound
}

// question shows a question with its sound, picture and answer.
func (s *site) question(w http.ResponseWriter, r *http.Request, who string) error {
	rd, err := s.readQuestion(r.Context(), who, r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.showQuestion(w, r, rd, questionView{Empty: r.FormValue("empty") != "", Answered: r.FormValue("done") != ""})
}

func (s *site) showQuestion(w http.ResponseWriter, r *http.Request, rd reader, view questionView) error {
	ctx, q := r.Context(), rd.q
	view.Number, view.ID, view.Words, view.Answer = q.Number, q.ID, q.Words.Reveal(), q.Answer.Reveal()
	view.Logs, view.Talked = rd.cadre != "", q.State == models.QuestionClosed
	view.Asked = models.DayOf(q.AskedAt.Time(), s.Zone)
	view.Title, view.May = "提问", rd.answers && q.Waits()
	switch q.State {
	case models.QuestionComplaint:
		view.Title = "反映"
	case models.QuestionTold:
		view.Title = "捎话"
	}
	if q.AnswerPhotoID != "" {
		p, err := rd.st.AnswerMedium(ctx, q.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		view.Spoken = p.State == models.PhotoStored
		view.Plays = view.Spoken && s.plays(p)
	}
	if q.PhotoID != "" {
		p, err := rd.st.QuestionMedium(ctx, q.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		ready := p.State == models.PhotoStored
		view.Picture = ready && p.Kind == "image"
		view.Sound = ready && p.Kind == "voice" && s.plays(p)
		view.Save = ready && p.Kind == "voice" && !view.Sound
		view.Chat = p.Kind == "voice" && !view.Sound && rd.answers && q.Waits()
	}
	view.Officer = say.Office
	if q.CadreID != "" && q.AccountID == "" {
		c, err := s.DB.As(models.Actor{Cadre: q.CadreID}).Cadre(ctx, q.CadreID)
		if err != nil {
			return err
		}
		view.Officer = say.Officer(c.Name.Reveal())
	}
	if rd.answers {
		p, err := rd.st.Recipient(ctx, q.RecipientID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		view.From = p.Name.Reveal()
		if view.From == "" {
			view.From = "家属"
		}
	}
	if !q.Waits() {
		arrived, failed, err := desk.Arrival(ctx, rd.st, desk.AnswerKey(q.ID))
		if err != nil {
			return err
		}
		view.State = models.DayOf(q.AnsweredAt.Time(), s.Zone).String() + say.Arrived(arrived, failed)
	}
	return s.show(w, http.StatusOK, "phone/question", view)
}

// answerQuestion takes the words of the page's form.
func (s *site) answerQuestion(w http.ResponseWriter, r *http.Request, who string) error {
	ctx, page := r.Context(), "/h/question/"+r.PathValue("id")
	rd, err := s.readQuestion(ctx, who, r.PathValue("id"))
	if err != nil {
		return err
	}
	words := strings.TrimSpace(r.PostFormValue("words"))
	switch {
	case !rd.answers:
		return store.ErrNotFound
	case r.PostFormValue("do") == "spoken":
		if err := s.spokenOver(ctx, rd); err != nil && !errors.Is(err, store.ErrLost) {
			return err
		}
		http.Redirect(w, r, page+"?done=1", http.StatusSeeOther)
		return nil
	case words == "":
		http.Redirect(w, r, page+"?empty=1", http.StatusSeeOther)
		return nil
	}
	err = rd.st.InTx(ctx, func(tx *store.Store) error { return desk.AnswerQuestion(ctx, tx, rd.q, s.Clean(words)) })
	if err != nil && !errors.Is(err, store.ErrLost) {
		return err
	}
	http.Redirect(w, r, page+"?done=1", http.StatusSeeOther)
	return nil
}

// spokenOver closes a question that was talked over: its cadre's call is logged.
func (s *site) spokenOver(ctx context.Context, rd reader) error {
	if rd.cadre != "" {
		_, err := s.Orders.Spoken(ctx, rd.cadre, rd.q)
		return err
	}
	return rd.st.SettleQuestion(ctx, rd.q, models.QuestionClosed, say.SpokenWords)
}

// questionSound plays a recording; that who answers has played it is noted.
func (s *site) questionSound(w http.ResponseWriter, r *http.Request, who string) error {
	rd, p, err := s.questionMedium(r.Context(), who, r.PathValue("id"), "voice")
	if err != nil {
		return err
	}
	if err := s.playSound(w, r, p); err != nil || !rd.answers {
		return err
	}
	return rd.st.HearQuestion(r.Context(), rd.q.ID)
}

// answerSound plays an answer that was spoken.
func (s *site) answerSound(w http.ResponseWriter, r *http.Request, who string) error {
	rd, err := s.readQuestion(r.Context(), who, r.PathValue("id"))
	if err != nil {
		return err
	}
	p, err := rd.st.AnswerMedium(r.Context(), rd.q.ID)
	if err != nil || p.State != models.PhotoStored {
		return errors.Join(err, store.ErrNotFound)
	}
	return s.playSound(w, r, p)
}

// plays tells whether a browser can play a recording here.
func (s *site) plays(p models.Photo) bool { return s.MP3 != nil || p.Mime == "audio/mpeg" }

// playSound sends a recording as MP3, or as it is where nothing here makes one.
func (s *site) playSound(w http.ResponseWriter, r *http.Request, p models.Photo) error {
	data, err := s.medium(r.Context(), p)
	if err != nil {
		return err
	}
	kind := p.Mime
	if s.MP3 != nil && kind != "audio/mpeg" {
		if mp3, err := s.MP3(r.Context(), data); err == nil {
			data, kind = mp3, "audio/mpeg"
		} else {
			s.Log.Warn("a recording cannot be made playable", "err", err)
		}
	}
	w.Header().Set("Content-Type", kind)
	if kind != "audio/mpeg" {
		w.Header().Set("Content-Disposition", `attachment; filename="voice.amr"`)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data)) // old phones ask for ranges
	return nil
}

// questionPicture shows the picture that belongs to a question.
func (s *site) questionPicture(w http.ResponseWriter, r *http.Request, who string) error {
	_, p, err := s.questionMedium(r.Context(), who, r.PathValue("id"), "image")
	if err != nil {
		return err
	}
	return s.showPicture(w, r, p)
}

// showPicture sends a picture whole.
func (s *site) showPicture(w http.ResponseWriter, r *http.Request, p models.Photo) error {
	data, err := s.medium(r.Context(), p)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", p.Mime)
	if _, err := w.Write(data); err != nil {
		s.Log.Debug("picture not taken", "err", err)
	}
	return nil
}

func (s *site) questionMedium(ctx context.Context, who, id, kind string) (rd reader, p models.Photo, err error) {
	if rd, err = s.readQuestion(ctx, who, id); err != nil {
		return rd, p, err
	}
	if p, err = rd.st.QuestionMedium(ctx, id); err != nil || p.Kind != kind || p.State != models.PhotoStored {
		return rd, p, errors.Join(err, store.ErrNotFound)
	}
	return rd, p, nil
}

// medium opens the bytes of a picture or recording.
func (s *site) medium(ctx context.Context, p models.Photo) ([]byte, error) {
	blob, err := s.Album.Open(ctx, p.BlobKey)
	if errors.Is(err, album.ErrNotExist) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	defer blob.Close()
	box, err := io.ReadAll(io.LimitReader(blob, soundMost+mediaMore))
	if err != nil {
		return nil, err
	}
	return s.DB.Keys().Open("photo."+p.ID, box)
}

// mediaMore is what a picture may have above a recording, the seal included.
const mediaMore = 12 << 20
