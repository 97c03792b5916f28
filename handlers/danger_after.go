package handlers

import (
	"context"
	"errors"
	"strings"
	"time"

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
	if asking.MatchString(text) || strings.Contains(text, "谁") {
		return "", false, err // it may well be another matter, that somebody has to answer
	}
	return say.DangerHeard(d.PhoneAtRisk()), true, err
}

// addWords notes further words with a case and tells those who know of it, once
// in a minute.
func (t *talk) addWords(ctx context.Context, d models.Danger, words string) error {
	if err := t.Tx.NoteDanger(ctx, d, say.DangerAgain(t.Now.In(t.Zone), words), false); err != nil {
		return err
	}
	told := map[string]bool{}
	for i, step := range models.DangerSteps(d.Level, d.Region) {
		if i > d.Step {
			return nil
		}
		people, err := atStep(ctx, t.Tx, step)
		if err != nil {
			return err
		}
		for _, p := range people {
			if told[p.openid] {
				continue
			}
			told[p.openid] = true
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
	}
	return nil
}

// speaker is how a case names the family's member who speaks.
func (f family) speaker() string { return string(f.role) + ":" + f.asker }
