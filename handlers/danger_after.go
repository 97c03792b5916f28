package handlers

import (
	"context"
	"errors"
	"strings"
	"time"

	"aixin/bot"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// alarm is the last danger that a family spoke of.
type alarm struct {
	Speaker string         `json:"speaker,omitempty"`
	Kind    string         `json:"kind,omitempty"`
	At      models.Instant `json:"at,omitempty"`
}

// afterAlarm keeps what a family says next, and nothing here can answer, with
// its case: "he is here, do not ring" is for those on duty and for nobody else,
// least of all for the cadre in the morning.
func (t *talk) afterAlarm(ctx context.Context, text string) (reply string, done bool, err error) {
	last := t.session.Alarm
	if last.At < t.Tx.Now().Add(-joinDanger) {
		return "", false, nil
	}
	d, err := t.Tx.RunningDanger(ctx, last.Speaker, last.Kind, last.At.Add(-joinDanger))
	if err == nil {
		err = t.addWords(ctx, d, text)
	}
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrLost) {
		return "", false, nil // closed by a person
	}
	if d.Kind != "selfharm" && (asking.MatchString(text) || strings.Contains(text, "谁")) {
		return "", false, err // it may well be another matter, that somebody has to answer
	}
	return say.DangerHeard(d.Kind, d.PhoneAtRisk()), true, err
}

// PassAlarm is the job that brings a recording of a case to those on duty.
const PassAlarm = "pass_alarm"

// alarmVoice keeps what is spoken after an alarm with its case: the sound goes to
// those on duty, and not to the cadre. A cry for help is often a recording.
func (t *talk) alarmVoice(ctx context.Context) (reply string, done bool, err error) {
	last := t.session.Alarm
	if last.At < t.Tx.Now().Add(-joinDanger) {
		return "", false, nil
	}
	d, err := t.Tx.RunningDanger(ctx, last.Speaker, last.Kind, last.At.Add(-joinDanger))
	if err == nil {
		err = t.addWords(ctx, d, say.AlarmVoice)
	}
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrLost) {
		return "", false, nil // closed by a person
	}
	if err != nil {
		return "", true, err
	}
	t.session.Alarm.At = t.Tx.Now() // who goes on speaking goes on being heard
	return say.DangerHeard(d.Kind, d.PhoneAtRisk()), true, t.addSound(ctx, d, models.Conceal(t.Msg.MediaID))
}

// addSound keeps a recording with a case and has it brought to those on duty.
func (t *talk) addSound(ctx context.Context, d models.Danger, mediaID models.Secret) error {
	recording := models.Photo{RecordID: d.ID, Kind: "voice", MediaID: mediaID}
	if err := t.Tx.AddPhoto(ctx, &recording); err != nil {
		return err
	}
	if err := t.Tx.AddJob(ctx, FetchPhoto, recording.ID, t.Tx.Now()); err != nil {
		return err
	}
	return t.Tx.AddJob(ctx, PassAlarm, recording.ID, t.Tx.Now().Add(3*time.Second))
}

// PassAlarm sends a recording of a case to all who were told of it and whose
// window is open, at any hour.
func (c *Courier) PassAlarm(ctx context.Context, st *store.Store, recordingID string, _ int) error {
	p, data, err := c.ready(ctx, st, recordingID)
	if err != nil {
		return err
	}
	d, err := st.Danger(ctx, p.RecordID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	people, err := knowing(ctx, st, d)
	if err != nil {
		return err
	}
	var failed error
	for _, o := range people {
		if free, err := st.SpendWindow(ctx, st.OpenIDIndex(o.openid)); err != nil || !free {
			failed = errors.Join(failed, err)
			continue // 预警 7 brings it
		}
		failed = errors.Join(failed, c.send(ctx, bot.OpenID(o.openid), p, data))
	}
	return failed
}

// playAgain has the recordings of a case sent once more.
func (t *talk) playAgain(ctx context.Context, d models.Danger) error {
	ids, err := t.Tx.RecordingsOf(ctx, d.ID)
	for _, id := range ids {
		err = errors.Join(err, t.Tx.ReviveJob(ctx, PassAlarm, id))
	}
	return err
}

// addWords notes further words with a case and tells those who know of it, once
// in a minute.
func (t *talk) addWords(ctx context.Context, d models.Danger, words string) error {
	if err := t.Tx.NoteDanger(ctx, d, say.DangerAgain(t.Now.In(t.Zone), words), false); err != nil {
		return err
	}
	people, err := knowing(ctx, t.Tx, d)
	if err != nil {
		return err
	}
	for _, p := range people {
		first, err := t.Tx.DeliveryUnder(ctx, alertKey(d, p, "", alertText))
		if err == nil && first.State == store.DeliveryPlanned {
			continue // it is still to go, and will say this too
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := planAlert(ctx, t.Tx, d, p, t.Now.UTC().Format(time.RFC3339)[:16], alertMore); err != nil {
			return err
		}
	}
	return nil
}

// speaker is how a case names the family's member who speaks.
func (f family) speaker() string { return string(f.role) + ":" + f.asker }
