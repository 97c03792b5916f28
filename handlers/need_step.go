package handlers

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// KindNeed is the kind of what is told of a need; what it is stands in the
// payload.
const KindNeed = "need"

// What is told of a need: to an office, to who asked, to the family, to the
// paired cadre.
const (
	needNew     = "new"
	needAgain   = "again"   // the family was not content
	needLate    = "late"    // what was taken is not done
	needUnhappy = "unhappy" // the family was not content twice

	needTaken  = "taken"
	needMoved  = "moved"
	needBehind = "behind"
	needDone   = "done"

	needRate  = "rate"
	needOffer = "offer"
)

// nextNeedStep is nextStep for a need, which stays where it is when nobody is
// left to be told.
func nextNeedStep(ctx context.Context, st *store.Store, n models.Need, from int) (step int, people []onDuty, err error) {
	step, people, err = nextStep(ctx, st, models.NeedSteps(n.Department, n.Region), from)
	if len(people) == 0 {
		step = n.Step
	}
	return step, people, err
}

// stepName is the office where a need lies that nobody has taken.
func stepName(n models.Need) string {
	steps := models.NeedSteps(n.Department, n.Region)
	return steps[min(n.Step, len(steps)-1)].Name
}

// officeName is how an account that took a need is spoken of.
func officeName(ctx context.Context, st *store.Store, n models.Need) (string, error) {
	if n.AccountID == "" {
		return stepName(n), nil
	}
	a, err := st.Account(ctx, n.AccountID)
	if errors.Is(err, store.ErrNotFound) {
		return stepName(n), nil
	}
	switch a.Role {
	case models.AccountTownship:
		return "乡镇", err
	case models.AccountCounty:
		return "县上", err
	case models.AccountCity:
		return "市上", err
	}
	if d, ok := models.DepartmentNamed(a.Department); ok {
		return d.Name, err
	}
	return models.DepartmentOf(n.Department).Name, err
}

// ClimbNeeds moves the needs that nobody took, or did, in time up a level, and
// closes those on which the family's word did not come. It is called often and
// by every replica; each move is made once.
func ClimbNeeds(ctx context.Context, st *store.Store, now time.Time, zone *time.Location) error {
	due, err := st.DueNeeds(ctx, models.InstantOf(now))
	if err != nil {
		return err
	}
	var failed []error
	for _, n := range due {
		err := st.InTx(ctx, func(tx *store.Store) error { return climbNeed(ctx, tx, n, now, zone) })
		if err != nil && !errors.Is(err, store.ErrLost) {
			failed = append(failed, fmt.Errorf("handlers: need %d: %w", n.Number, err))
		}
	}
	return errors.Join(failed...)
}

func climbNeed(ctx context.Context, tx *store.Store, n models.Need, now time.Time, zone *time.Location) error {
	if n.State == models.NeedDone {
		return closeNeed(ctx, tx, n, models.RatingUnreached, models.InstantOf(now))
	}
	from := n.Step + 1
	if n.State == models.NeedChecking && n.Reason.Empty() {
		from = n.Step // nobody was there to be told
	}
	step, people, err := nextNeedStep(ctx, tx, n, from)
	if err != nil {
		return err
	}
	limits := tx.Hours().Limits(n.Clock)
	after, what, limit := n, needNew, limits.Take
	if n.State == models.NeedTaken {
		what, limit = needLate, limits.Do
	} else if len(people) > 0 {
		after.State = models.NeedPassed
	}
	after.Step, after.NextAt = step, nextLook(limit, now, zone)
	if err := tx.SaveNeed(ctx, n, after); err != nil || len(people) == 0 {
		return err
	}
	if n.State == models.NeedTaken {
		if err := tellAsker(ctx, tx, after, needBehind); err != nil {
			return err
		}
	}
	return tellOffice(ctx, tx, after, what, people)
}

// nextLook is when a need that began to wait at t goes a level up. Limits in
// hours do not run out at night, when nobody could be told.
func nextLook(limit models.Span, t time.Time, zone *time.Location) models.Instant {
	at := limit.From(t, zone)
	if limit.Workdays == 0 {
		at = models.Awake(at, nightHours, zone)
	}
	return models.InstantOf(at)
}

// closeNeed ends a need with the family's word, or without, and offers the cadre
// to record what was solved.
func closeNeed(ctx context.Context, tx *store.Store, n models.Need, word models.Rating, now models.Instant) error {
	after := n
	after.State, after.Rating, after.ClosedAt, after.NextAt = models.NeedClosed, word, now, 0
	if err := tx.SaveNeed(ctx, n, after); err != nil {
		return err
	}
	if n.CadreID == "" || word == models.RatingBad {
		return nil
	}
	b, err := tx.BindingOf(ctx, models.RoleCadre, n.CadreID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return tellNeed(ctx, tx, after, needOffer, after.ClosedAt, models.RoleCadre, b.OpenID)
}

func tellOffice(ctx context.Context, tx *store.Store, n models.Need, what string, people []onDuty) error {
	for _, p := range people {
		if err := tellNeed(ctx, tx, n, what, tx.Now(), models.RoleAdmin, models.Conceal(p.openid)); err != nil {
			return err
		}
	}
	return nil
}

// tellAsker brings who asked, if still bound, word of the way of a need.
func tellAsker(ctx context.Context, tx *store.Store, n models.Need, what string) error {
	b, err := tx.BindingOf(ctx, n.Role, n.AskerID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return tellNeed(ctx, tx, n, what, tx.Now(), n.Role, b.OpenID)
}

// askFamilyWord asks the family whether it was done well: who asked, else the
// person of the household who was bound first. asked is false where nobody is.
func askFamilyWord(ctx context.Context, tx *store.Store, n models.Need) (asked bool, err error) {
	rows, err := tx.ContactsBound(ctx, n.RecipientID)
	if err != nil {
		return false, err
	}
	if b, err := tx.BindingOf(ctx, n.Role, n.AskerID); n.Role != models.RoleCadre && err == nil {
		rows = []models.Binding{b}
	} else if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	if len(rows) == 0 {
		return false, nil
	}
	return true, tellNeed(ctx, tx, n, needRate, n.DoneAt, rows[0].Role, rows[0].OpenID)
}

// needNews is what a delivery tells of a need, and how the need stood then.
type needNews struct {
	What       string         `json:"what"`
	Department string         `json:"department"`
	Step       int            `json:"step"`
	Done       models.Instant `json:"done,omitempty"`
}

func tellNeed(ctx context.Context, tx *store.Store, n models.Need, what string, at models.Instant, role models.Role, openid models.Secret) error {
	return tx.AddDelivery(ctx, needKey(n.ID, what, at, tx.OpenIDIndex(openid.Reveal())), store.Delivery{
		Kind: KindNeed, Role: role, SubjectID: n.ID, OpenID: openid, Payload: models.Conceal(mustJSON(needNews{what, n.Department, n.Step, n.DoneAt})),
	})
}

func needKey(id, what string, at models.Instant, openidIdx string) string {
	return strings.Join([]string{"need", id, what, strconv.FormatInt(int64(at), 10), openidIdx}, "/")
}

// needState is where a need stands, in words.
func needState(ctx context.Context, st *store.Store, n models.Need, zone *time.Location) (s say.NeedState, err error) {
	s = say.NeedState{
		Need:  say.Need{Number: n.Number, Words: n.Words.Reveal(), Within: st.Hours().Limits(n.Clock).Do},
		State: n.State, Returned: n.State == models.NeedChecking && !n.Reason.Empty(), Result: n.Result.Reveal(), Rating: n.Rating,
	}
	day := func(at models.Instant) models.Day {
		if at == 0 {
			return ""
		}
		return models.DayOf(at.Time(), zone)
	}
	s.Raised, s.Taken, s.Due, s.Done = day(n.RaisedAt), day(n.TakenAt), day(n.DueAt), day(n.DoneAt)
	if n.PausedAt != 0 {
		s.Paused = n.Reason.Reveal()
	}
	if n.State == models.NeedChecking && n.Reason.Empty() {
		return s, nil // nobody has it
	}
	s.Office, err = officeName(ctx, st, n)
	return s, err
}

// needSheet is a need for an office.
func needSheet(ctx context.Context, st *store.Store, n models.Need, zone *time.Location) (s say.NeedSheet, err error) {
	if s.NeedState, err = needState(ctx, st, n, zone); err != nil {
		return s, err
	}
	r, err := st.Recipient(ctx, n.RecipientID)
	if err != nil {
		return s, err
	}
	place, err := st.Region(ctx, n.Region)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return s, err
	}
	s.Family, s.Place, s.From = r.Name.Reveal(), place.Path, "家里"
	if n.Role == models.RoleCadre {
		c, err := st.Cadre(ctx, n.AskerID)
		if err != nil {
			return s, err
		}
		s.From = "结对干部" + c.Name.Reveal()
	}
	people, err := atStep(ctx, st, models.NeedSteps(n.Department, n.Region)[0])
	if len(people) == 0 && n.State.Running() {
		s.For = models.DepartmentOf(n.Department).Name
	}
	return s, err
}
