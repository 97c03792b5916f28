package desk

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// CheckAnswers are what a family said, by the weight of the questions: the first
// three must agree, the fourth may differ, the rest is how they are.
type CheckAnswers struct {
	Came  string // yes, no, unsure
	When  string // about the day: yes, no, unsure
	Who   string // the cadre: yes, no, unsure
	Given string // what was given or done: yes, no, unsure
	State string // how they are, what they need
	Again string // the same person again: yes, no, unsure
	Words string // anything else
}

// Suggests is the outcome that the answers speak for; who asks decides.
func (a CheckAnswers) Suggests() models.Outcome {
	switch {
	case a.Came == "no":
		return models.OutcomeFalse
	case a.Came == "yes" && a.When != "no" && a.Who != "no" && a.Given != "no":
		return models.OutcomeAgrees
	case a.Came == "yes":
		return models.OutcomeMinor
	}
	return ""
}

// The reasons for which an outcome is not taken.
var (
	ErrNotYours = errors.New("desk: somebody of another unit must ask")
	ErrTooEarly = errors.New("desk: not to be asked yet")
	ErrAnswers  = errors.New("desk: the outcome does not fit the answers")
)

// RecordCheck writes what a family said. A false one needs a second person, who
// is never the first.
func RecordCheck(ctx context.Context, st *store.Store, me models.Account, id string, answers CheckAnswers, outcome models.Outcome, now time.Time, zone *time.Location) error {
	line, err := st.Check(ctx, id)
	if err != nil {
		return err
	}
	c, second := line.SpotCheck, line.NeedsSecond()
	switch {
	case !c.MayCheck(me, second):
		return ErrNotYours
	case c.AskFrom > models.DayOf(now, zone):
		return ErrTooEarly
	case c.AskedAt != 0 && !second:
		return store.ErrLost
	case outcome == models.OutcomeAgrees && answers.Came != "yes", outcome == models.OutcomeFalse && answers.Came == "yes":
		return ErrAnswers
	}
	text, err := json.Marshal(answers)
	if err != nil {
		return err
	}
	if second {
		c.SecondOutcome, c.SecondAnswers, c.SecondAccount, c.SecondAt = outcome, models.Conceal(string(text)), me.ID, st.Now()
	} else {
		c.Outcome, c.Answers, c.AccountID, c.AskedAt = outcome, models.Conceal(string(text)), me.ID, st.Now()
	}
	return st.InTx(ctx, func(tx *store.Store) error {
		if err := tx.SaveCheck(ctx, c, second); err != nil {
			return err
		}
		return tx.Note(ctx, "check.outcome", "spotcheck:"+c.ID, string(outcome))
	})
}

// flagsEvery is how often new records are looked at.
const flagsEvery = time.Hour

// KeepChecks makes this month's seed known in time and looks, every hour, for
// records that somebody should look at. Several processes may run it: what one
// found the others do not find again.
func KeepChecks(ctx context.Context, st *store.Store, now time.Time, zone *time.Location) error {
	const mark = "flags_until"
	said, err := st.Mark(ctx, mark)
	if err != nil {
		return err
	}
	last, _ := strconv.ParseInt(said, 10, 64) // none yet: from the beginning
	since := models.Instant(last)
	if models.InstantOf(now) < since.Add(flagsEvery) {
		return nil
	}
	today := models.DayOf(now, zone)
	if err := st.CommitCheckSeed(ctx, models.MonthOf(today)); err != nil {
		return err
	}
	// What was written while the last look went on is looked at again.
	if _, err := st.FindFlags(ctx, max(0, since.Add(-time.Minute)), today, zone); err != nil {
		return err
	}
	return st.SetMark(ctx, mark, strconv.FormatInt(int64(models.InstantOf(now)), 10))
}
