package handlers

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

var needOrderForm = regexp.MustCompile(`(?s)^(接单|接手|接|办结|退回|转|暂停|继续)\s*(诉求)?\s*#?(\d{1,6})(?:号)?[\s,、。:]*(.*)$`)

// needWork takes the orders of an office about needs: 接 34, 办结 34 结果. done is
// false where the message is none, or is about danger of that number, which goes
// first.
func (t *talk) needWork(ctx context.Context, plain string) (reply string, done bool, err error) {
	if plain == "帮助" && t.cadre == "" && t.guardian == "" {
		acct, err := t.Tx.Account(ctx, t.admin)
		return say.DepartmentHelp, err == nil && acct.Role == models.AccountDepartment, err
	}
	m := needOrderForm.FindStringSubmatch(narrow(strings.TrimSpace(t.text)))
	if m == nil {
		return "", false, nil
	}
	word, number := strings.TrimSuffix(strings.TrimSuffix(m[1], "单"), "手"), 0
	number, _ = strconv.Atoi(m[3])
	acct, err := t.Tx.Account(ctx, t.admin)
	if err != nil {
		return "", false, err
	}
	if word == "接" && m[2] == "" {
		d, err := t.Tx.DangerNumbered(ctx, number)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return "", false, err
		}
		if err == nil && d.State != models.DangerClosed && acct.TakesDanger(d.Region) {
			return "", false, nil
		}
	}
	n, err := t.Tx.As(acct.Actor()).NeedNumbered(ctx, number)
	if errors.Is(err, store.ErrNotFound) || err == nil && !acct.HandlesNeed(n) {
		// Somebody on duty speaks of a case, a cadre of bags of flour.
		mine := m[2] != "" || acct.Role == models.AccountDepartment && t.cadre == ""
		return say.NeedUnknown(number), mine, nil
	}
	if err != nil {
		return "", false, err
	}
	if !n.State.Running() {
		return say.NeedOver(n.Number), true, nil
	}
	words := strings.TrimSpace(m[4])
	if words == "" && (word == "办结" || word == "退回" || word == "暂停") {
		return say.NeedReason(word, n.Number), true, nil
	}
	reply, err = t.needOrdered(ctx, acct, n, word, words)
	if errors.Is(err, store.ErrLost) {
		if n, err = t.Tx.Need(ctx, n.ID); err == nil {
			reply, err = t.lookAtNeed(ctx, n, true)
		}
	}
	return reply, true, err
}

func (t *talk) needOrdered(ctx context.Context, acct models.Account, n models.Need, word, words string) (reply string, err error) {
	switch word {
	case "接":
		reply, err = t.takeNeed(ctx, acct, n)
	case "办结":
		reply, err = t.finishNeed(ctx, n, words)
	case "退回":
		reply, err = t.returnNeed(ctx, n, words)
	case "转":
		reply, err = t.passNeed(ctx, n, words)
	case "暂停":
		reply, err = t.pauseNeed(ctx, n, words)
	case "继续":
		reply, err = t.resumeNeed(ctx, n)
	}
	if err != nil {
		return "", err
	}
	return reply, t.Tx.As(acct.Actor()).Note(ctx, "need_order", "need:"+n.ID, word)
}

// takeNeed notes who works on a need; late, it goes to the level above theirs.
func (t *talk) takeNeed(ctx context.Context, acct models.Account, n models.Need) (string, error) {
	if n.State == models.NeedTaken && n.AccountID != t.admin {
		office, err := officeName(ctx, t.Tx, n)
		return say.NeedTakenBy(n.Number, office), err
	}
	after := n
	if n.State != models.NeedTaken {
		due := t.Tx.Hours().Limits(n.Clock).Do.From(t.Now, t.Zone)
		after.State, after.AccountID, after.TakenAt, after.DueAt = models.NeedTaken, t.admin, t.Tx.Now(), models.InstantOf(due)
		after.Step = n.LevelOf(acct)
		after.NextAt, after.Reason = nextLook(t.Tx.Hours().Limits(n.Clock).Do, t.Now, t.Zone), models.Secret{}
		if err := t.Tx.SaveNeed(ctx, n, after); err != nil {
			return "", err
		}
		if err := tellAsker(ctx, t.Tx, after, needTaken); err != nil {
			return "", err
		}
	}
	due := after.DueAt.Time().In(t.Zone)
	if n.Clock == models.ClockUrgent {
		return say.NeedTookSoon(n.Number, due), nil
	}
	return say.NeedTook(n.Number, models.DayOf(due, t.Zone)), nil
}

func (t *talk) finishNeed(ctx context.Context, n models.Need, result string) (string, error) {
	after := n
	after.State, after.Result, after.DoneAt, after.PausedAt = models.NeedDone, models.Conceal(result), t.Tx.Now(), 0
	after.NextAt = after.DoneAt.Add(models.RatingAwaited)
	if after.AccountID == "" {
		after.AccountID, after.TakenAt = t.admin, after.DoneAt
	}
	if err := t.Tx.SaveNeed(ctx, n, after); err != nil {
		return "", err
	}
	if n.Role == models.RoleCadre {
		if err := tellAsker(ctx, t.Tx, after, needDone); err != nil {
			return "", err
		}
	}
	asked, err := askFamilyWord(ctx, t.Tx, after)
	return say.NeedFinished(n.Number, asked), err
}

// returnNeed gives a need to the next level up, which sees whose it is.
func (t *talk) returnNeed(ctx context.Context, n models.Need, reason string) (string, error) {
	step, people, err := nextNeedStep(ctx, t.Tx, n, n.Step+1)
	if err != nil {
		return "", err
	}
	if len(people) == 0 {
		return say.NeedNowhere(n.Number), nil
	}
	after := t.untaken(n)
	after.State, after.Step, after.Reason = models.NeedChecking, step, models.Conceal(reason)
	if err := t.Tx.SaveNeed(ctx, n, after); err != nil {
		return "", err
	}
	if err := tellAsker(ctx, t.Tx, after, needMoved); err != nil {
		return "", err
	}
	return say.NeedReturned(n.Number, stepName(after)), tellOffice(ctx, t.Tx, after, needNew, people)
}

// passNeed gives a need to the department whose it is.
func (t *talk) passNeed(ctx context.Context, n models.Need, office string) (string, error) {
	d, ok := models.DepartmentNamed(office)
	if !ok {
		return say.NeedNoSuchOffice(), nil
	}
	after := t.untaken(n)
	after.State, after.Department, after.Step, after.Reason = models.NeedPassed, d.ID, 0, models.Secret{}
	people, err := atStep(ctx, t.Tx, models.NeedSteps(d.ID, n.Region)[0])
	if err != nil {
		return "", err
	}
	if len(people) == 0 {
		return say.NeedNoOffice(n.Number, d.Name), nil
	}
	if err := t.Tx.SaveNeed(ctx, n, after); err != nil {
		return "", err
	}
	if err := tellAsker(ctx, t.Tx, after, needMoved); err != nil {
		return "", err
	}
	return say.NeedPassed(n.Number, d.Name), tellOffice(ctx, t.Tx, after, needNew, people)
}

// untaken is a need that waits to be taken anew.
func (t *talk) untaken(n models.Need) models.Need {
	n.AccountID, n.TakenAt, n.DueAt, n.PausedAt = "", 0, 0, 0
	n.NextAt = nextLook(t.Tx.Hours().Limits(n.Clock).Take, t.Now, t.Zone)
	return n
}

func (t *talk) pauseNeed(ctx context.Context, n models.Need, reason string) (string, error) {
	if n.State != models.NeedTaken || n.PausedAt != 0 {
		return say.NeedNotTaken(n.Number), nil
	}
	after := n
	after.PausedAt, after.NextAt, after.Reason = t.Tx.Now(), 0, models.Conceal(reason)
	return say.NeedPaused(n.Number), t.Tx.SaveNeed(ctx, n, after)
}

func (t *talk) resumeNeed(ctx context.Context, n models.Need) (string, error) {
	if n.State != models.NeedTaken || n.PausedAt == 0 {
		return say.NeedNotTaken(n.Number), nil
	}
	after := n
	due := t.Tx.Hours().Limits(n.Clock).Do.After(n.DueAt.Time(), n.PausedAt.Time(), t.Now, t.Zone)
	after.PausedAt, after.Reason, after.DueAt, after.NextAt = 0, models.Secret{}, models.InstantOf(due), models.InstantOf(due)
	return say.NeedResumed(n.Number, models.DayOf(due, t.Zone)), t.Tx.SaveNeed(ctx, n, after)
}
