package handlers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/album"
	"aixin/models/store"
)

// PassVoice is the job that brings the sound of a question to who answers it.
const PassVoice = "pass_voice"

// familyVoice keeps a family's recording and passes it on as sound; nothing
// here pretends to understand it. By night the answer is fixed.
func (t *talk) familyVoice(ctx context.Context) (string, error) {
	if reply, done, err := t.alarmVoice(ctx); done || err != nil {
		return reply, err
	}
	families, err := t.families(ctx)
	if err != nil || len(families) == 0 {
		return say.VoiceNotYet, err
	}
	// Whom it is about cannot be heard; the first family's cadre listens.
	q, officer, err := t.passMedia(ctx, families[0], "voice")
	if err != nil {
		return "", err
	}
	_, waits := t.morning()
	if waits {
		t.session.Ask = &question{Kind: askUrgent, Asked: 1, At: t.Tx.Now(), Record: q.ID}
		return say.VoiceNight(officer), nil
	}
	if q.State == models.QuestionStored {
		return say.VoiceStored, nil
	}
	return say.VoicePassed(q.Number, officer), nil
}

// passMedia keeps a recording as a question of its own, with the jobs that fetch
// it and pass it on.
func (t *talk) passMedia(ctx context.Context, f family, kind string) (q models.Question, officer string, err error) {
	// The recording belongs to the question, not to the cadre's next record.
	photo := models.Photo{RecordID: t.Tx.NewID(), Kind: kind, MediaID: models.Conceal(t.Msg.MediaID)}
	if c, err := desk.PairedCadre(ctx, t.Tx, f.recipient.ID, t.today); err == nil {
		photo.CadreID = c.ID
	} else if !errors.Is(err, store.ErrNotFound) {
		return q, "", err
	}
	if err := t.Tx.AddPhoto(ctx, &photo); err != nil {
		return q, "", err
	}
	q = models.Question{ID: photo.RecordID, PhotoID: photo.ID, State: models.QuestionOpen}
	if officer, err = t.pass(ctx, f, &q); err != nil {
		return q, "", err
	}
	if err := t.Tx.AddJob(ctx, FetchPhoto, photo.ID, t.Tx.Now()); err != nil {
		return q, "", err
	}
	at, _ := t.morning()
	return q, officer, t.Tx.AddJob(ctx, PassVoice, q.ID, max(models.InstantOf(at), t.Tx.Now()).Add(3*time.Second))
}

// urgent raises a case for a night's voice message whose sender says that it
// cannot wait. Those on duty get the sound: nobody else has heard it yet.
func (t *talk) urgent(ctx context.Context, questionID string) (string, error) {
	q, err := t.Tx.Question(ctx, questionID)
	if err != nil {
		return "", err
	}
	if err := t.raise(ctx, models.DangerRed, models.DangerUrgent, say.UrgentVoice(q.Number)); err != nil {
		return "", err
	}
	d, err := t.Tx.RunningDanger(ctx, t.session.Alarm.Speaker, models.DangerUrgent, t.Tx.Now().Add(-joinDanger))
	if err != nil {
		return "", err
	}
	p, err := t.Tx.Photo(ctx, q.PhotoID)
	if err != nil {
		return "", err
	}
	if err := t.addSound(ctx, d, p.MediaID); err != nil {
		return "", err
	}
	return say.Danger(models.DangerUrgent, false), nil
}

// familyPhoto asks whether a picture belongs to an open question; without one
// it is not kept.
func (t *talk) familyPhoto(ctx context.Context) (string, error) {
	families, err := t.families(ctx)
	if err != nil {
		return "", err
	}
	var askers []string
	for _, f := range families {
		askers = append(askers, f.asker)
	}
	rows, err := t.Tx.QuestionsOf(ctx, askers, 1)
	if err != nil {
		return "", err
	}
	if len(rows) == 0 || rows[0].State != models.QuestionOpen || rows[0].PhotoID != "" || rows[0].CadreID == "" || rows[0].AskedAt < t.Tx.Now().Add(-askedFor) {
		return say.PhotoNotForFamilies, nil
	}
	f := families[slices.IndexFunc(families, func(f family) bool { return f.asker == rows[0].AskerID })]
	may, err := t.consents(ctx, f, models.PurposeSensitive)
	if err != nil {
		return "", err
	}
	if !may {
		ask := t.askSensitive(f)
		t.session.Ask.Typed, t.session.Ask.Options = t.Msg.MediaID, []string{rows[0].ID}
		return say.SensitiveFirst + ask, nil
	}
	officer, err := t.officer(ctx, families)
	t.session.Ask = &question{Kind: askPhoto, Asked: 1, At: t.Tx.Now(), Record: rows[0].ID, Typed: t.Msg.MediaID}
	return say.PhotoAlong(rows[0].Number, officer), err
}

// photoAlong keeps the picture with its question, where the family said so.
func (t *talk) photoAlong(ctx context.Context, ask *question, yes bool) (string, error) {
	if !yes {
		return say.PhotoLeft, nil
	}
	q, err := t.Tx.Question(ctx, ask.Record)
	if err != nil {
		return "", err
	}
	photo := models.Photo{RecordID: q.ID, CadreID: q.CadreID, Kind: "image", MediaID: models.Conceal(ask.Typed)}
	if err := t.Tx.AddPhoto(ctx, &photo); err != nil {
		return "", err
	}
	if err := t.Tx.SetQuestionPhoto(ctx, q.ID, photo.ID); err != nil {
		return "", err
	}
	if err := t.Tx.AddJob(ctx, FetchPhoto, photo.ID, t.Tx.Now()); err != nil {
		return "", err
	}
	at, _ := t.morning()
	return say.PhotoPassed, t.Tx.AddJob(ctx, PassVoice, q.ID, max(models.InstantOf(at), t.Tx.Now()).Add(3*time.Second))
}

// Media is the part of the platform that takes recordings and pictures.
type Media interface {
	UploadMedia(ctx context.Context, kind, name string, data []byte) (mediaID string, err error)
	SendMedia(ctx context.Context, to bot.OpenID, kind, mediaID string) error
}

// Courier passes the sound and the pictures of questions on, after their words.
type Courier struct {
	Media Media
	Album album.Store
	Codes Codes
}

// Pass is the job PassVoice of one question. It waits for the words to go and
// for the bytes to come; where the person's window is shut it gives up. 提问 13
// begins it anew.
func (c *Courier) Pass(ctx context.Context, st *store.Store, questionID string, _ int) error {
	q, err := st.Question(ctx, questionID)
	if errors.Is(err, store.ErrNotFound) || err == nil && !q.Waits() {
		return nil
	}
	if err != nil {
		return err
	}
	to, early, err := answerersOf(ctx, st, q)
	if err != nil {
		return err
	}
	if early {
		return errors.New("its words have not gone yet")
	}
	p, data, err := c.ready(ctx, st, q.PhotoID)
	if err != nil {
		return err
	}
	var failed error
	for _, openid := range to {
		failed = errors.Join(failed, c.send(ctx, openid, p, data))
	}
	return failed
}

// ready opens a medium that has come; one that never will is given up.
func (c *Courier) ready(ctx context.Context, st *store.Store, id string) (p models.Photo, data []byte, err error) {
	if p, err = st.Photo(ctx, id); err != nil {
		return p, nil, err
	}
	switch p.State {
	case models.PhotoPending:
		return p, nil, errors.New("the medium is not here yet")
	case models.PhotoStored:
		data, err = c.open(ctx, st, p)
		return p, data, err
	}
	return p, nil, bot.ErrGiveUp{Err: fmt.Errorf("the medium is %s", p.State)}
}

func (c *Courier) open(ctx context.Context, st *store.Store, p models.Photo) ([]byte, error) {
	f, err := c.Album.Open(ctx, p.BlobKey)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	box, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return st.Keys().Open("photo."+p.ID, box)
}

func (c *Courier) send(ctx context.Context, to bot.OpenID, p models.Photo, data []byte) error {
	name := "voice.amr"
	if p.Kind == "image" {
		name = "photo.jpg"
	}
	return pass(ctx, c.Media, to, p.Kind, name, data)
}

// answerersOf lists who may answer a question and is bound; early says that its
// words are still on their way to one of them.
func answerersOf(ctx context.Context, st *store.Store, q models.Question) (openids []bot.OpenID, early bool, err error) {
	if q.CadreID != "" {
		b, err := st.BindingOf(ctx, models.RoleCadre, q.CadreID)
		if errors.Is(err, store.ErrNotFound) {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		openids = []bot.OpenID{bot.OpenID(b.OpenID.Reveal())}
	} else {
		c, err := desk.PairedCadre(ctx, st, q.RecipientID, models.DayOf(q.AskedAt.Time(), time.UTC))
		if errors.Is(err, store.ErrNotFound) {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		offices, err := st.UnitAccounts(ctx, c.UnitID)
		if err != nil {
			return nil, false, err
		}
		people, err := boundOf(ctx, st, offices)
		if err != nil {
			return nil, false, err
		}
		for _, p := range people {
			openids = append(openids, bot.OpenID(p.openid))
		}
	}
	for _, to := range openids {
		d, err := st.DeliveryUnder(ctx, questionKey(q.ID, st.OpenIDIndex(string(to))))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, false, err
		}
		early = early || err == nil && d.State == store.DeliveryPlanned
	}
	return openids, early, nil
}
