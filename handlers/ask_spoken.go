package handlers

import (
	"context"
	"errors"
	"time"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// PassAnswer is the job that brings the sound of an answer to the family.
const PassAnswer = "pass_answer"

// spokenAnswer takes a cadre's recording as what was asked for: the answer to a
// question, or the words for families; done is false where neither stands.
func (t *talk) spokenAnswer(ctx context.Context) (reply string, done bool, err error) {
	ask := t.asks(askReply, askTell)
	if ask == nil || ask.Kind == askTell && ask.Draft.Words != "" {
		return "", false, nil
	}
	photo := models.Photo{CadreID: t.cadre, Kind: "voice", MediaID: models.Conceal(t.Msg.MediaID), RecordID: ask.Record}
	if ask.Kind == askTell {
		photo.RecordID = t.Tx.NewID() // nobody's record: it is not to join the next one
	}
	if err := t.as().AddPhoto(ctx, &photo); err != nil {
		return "", true, err
	}
	if err := t.Tx.AddJob(ctx, FetchPhoto, photo.ID, t.Tx.Now()); err != nil {
		return "", true, err
	}
	t.session.Ask = nil
	if ask.Kind == askTell {
		roster, err := t.as().Roster(ctx, t.cadre, t.today)
		if err != nil {
			return "", true, err
		}
		var whom []models.Recipient
		for _, id := range ask.Options {
			for _, p := range roster {
				if p.RecipientID == id {
					whom = append(whom, p.Recipient)
					break
				}
			}
		}
		reply, err = t.askTell(ctx, whom, "", photo.ID)
		return reply, true, err
	}
	q, err := t.Tx.Question(ctx, ask.Record)
	if err != nil {
		return "", true, err
	}
	reply, err = t.answerByVoice(ctx, q, photo.ID)
	return reply, true, err
}

// answerByVoice sends a recording back to the family, once.
func (t *talk) answerByVoice(ctx context.Context, q models.Question, recording string) (string, error) {
	r, err := t.Tx.Recipient(ctx, q.RecipientID)
	if err != nil {
		return "", err
	}
	q.AnswerPhotoID = recording
	err = desk.AnswerQuestion(ctx, t.answerer(q), q, "")
	if errors.Is(err, store.ErrLost) {
		return t.settled(ctx, q)
	}
	if err != nil {
		return "", err
	}
	if err := t.passRecording(ctx, q.ID, recording); err != nil {
		return "", err
	}
	heard, err := t.Tx.LastHeard(ctx, t.Tx.OpenIDIndex(q.OpenID.Reveal()), store.Wrote)
	return say.RepliedByVoice(q.Number, r.Name.Reveal(), t.Tx.Now() > heard.Add(windowOpen)), err
}

// passRecording ties a recording to the words that it is and has it passed on.
func (t *talk) passRecording(ctx context.Context, questionID, recording string) error {
	if err := t.Tx.AttachPhotos(ctx, questionID, []string{recording}); err != nil {
		return err
	}
	at, _ := t.morning()
	return t.Tx.AddJob(ctx, PassAnswer, questionID, max(models.InstantOf(at), t.Tx.Now()).Add(3*time.Second))
}

// PassAnswer is the job of one spoken answer. It waits for the words that go
// before and for the bytes; where the family's window is shut it gives up: the
// phone page plays it, and 进度 begins the job anew.
func (c *Courier) PassAnswer(ctx context.Context, st *store.Store, questionID string, _ int) error {
	q, err := st.Question(ctx, questionID)
	if errors.Is(err, store.ErrNotFound) || err == nil && q.AnswerPhotoID == "" {
		return nil
	}
	if err != nil {
		return err
	}
	d, err := st.DeliveryUnder(ctx, desk.AnswerKey(q.ID))
	if errors.Is(err, store.ErrNotFound) || err == nil && d.OpenID.Empty() {
		return nil
	}
	if err != nil {
		return err
	}
	switch d.State {
	case store.DeliveryPlanned:
		return errors.New("its words have not gone yet")
	case store.DeliveryCancelled:
		return nil // unbound since
	}
	p, data, err := c.ready(ctx, st, q.AnswerPhotoID)
	if err != nil {
		return err
	}
	if free, err := st.SpendWindow(ctx, st.OpenIDIndex(d.OpenID.Reveal())); err != nil || !free {
		return errors.Join(err, bot.ErrGiveUp{Err: errors.New("the window is shut: the page plays it")})
	}
	return c.send(ctx, bot.OpenID(d.OpenID.Reveal()), p, data)
}

// sayAgain has the recordings of answers sent once more to who looks for them.
func (t *talk) sayAgain(ctx context.Context, rows []models.Question) error {
	for _, q := range rows {
		if q.AnswerPhotoID == "" {
			continue
		}
		if err := t.Tx.ReviveJob(ctx, PassAnswer, q.ID); err != nil {
			return err
		}
	}
	return nil
}

// voiceGoes sends the recording that came last, of which a cadre says that it is
// for the family, as the answer to its question.
func (t *talk) voiceGoes(ctx context.Context, questionID string) (string, error) {
	rows, err := t.as().WaitingPhotos(ctx, t.cadre, t.Tx.Now().Add(-askedFor))
	if err != nil {
		return "", err
	}
	last := ""
	for _, p := range rows {
		if p.Kind == "voice" {
			last = max(last, p.ID) // ids grow with time
		}
	}
	q, err := t.Tx.Question(ctx, questionID)
	if err != nil || last == "" {
		return say.NotPassedOn, err
	}
	return t.answerByVoice(ctx, q, last)
}
