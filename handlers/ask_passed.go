package handlers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
)

// A cadre's plain words go to a family after a yes, or a choice, only (users.md 三.2).

// plainReply asks whether a cadre's plain words are meant for the family whose
// question stands open; done is false where none or several do.
func (t *talk) plainReply(ctx context.Context) (reply string, done bool, err error) {
	if _, err := strconv.Atoi(narrowDigits(strings.Trim(t.text, "。. "))); err == nil {
		return say.NothingToChoose, true, nil
	}
	q, family, err := t.oneOpen(ctx)
	if err == nil && q.ID == "" {
		return t.whichReply(ctx)
	}
	if err != nil {
		return "", false, err
	}
	t.session.Ask = &question{Kind: askPass, Asked: 1, At: t.Tx.Now(), Record: q.ID, Draft: draft{Words: t.text}}
	return say.AskPassOn(q.Number, family, t.text), true, nil
}

// whichReply asks to which of several questions plain words are the answer; a
// choice passes them on.
func (t *talk) whichReply(ctx context.Context) (reply string, done bool, err error) {
	rows, err := t.as().OpenQuestions(ctx, t.cadre)
	rows = slices.DeleteFunc(rows, func(q models.Question) bool { return q.AskedAt < t.Tx.Now().Add(-askedFor) })
	if err != nil || len(rows) < 2 || t.policy(t.text) != "" {
		return "", false, err
	}
	ask := &question{Kind: askWhich, Asked: 1, At: t.Tx.Now(), Draft: draft{Words: t.text}}
	var lines []string
	for _, q := range rows[:min(4, len(rows))] {
		r, err := t.Tx.Recipient(ctx, q.RecipientID)
		if err != nil {
			return "", false, err
		}
		ask.Options = append(ask.Options, q.ID)
		lines = append(lines, say.ReplyOption(r.Name.Reveal(), q))
	}
	t.session.Ask = ask
	return say.WhichReply(t.text, lines), true, nil
}

// whichAnswered takes the number of the question that is answered.
func (t *talk) whichAnswered(ctx context.Context, ask *question, plain string) (reply string, done bool, err error) {
	n, pick, _, no := choice(plain)
	switch {
	case pick && n >= 1 && n <= len(ask.Options):
		t.session.Ask = nil
		q, err := t.as().Question(ctx, ask.Options[n-1])
		if err != nil {
			return "", true, err
		}
		reply, err = t.replyTo(ctx, q, ask.Draft.Words)
		return reply, true, err
	case pick && n == 0 || no && !pick || plain == "都不是":
		t.session.Ask = nil
		return say.NotPassedOn, true, nil
	}
	return "", false, nil
}

// oneOpen is the one question of the last day that waits for the cadre, and whose
// family's; an empty one where there are none or several. What was just asked for
// by 回复 12 comes before.
func (t *talk) oneOpen(ctx context.Context) (q models.Question, family string, err error) {
	if ask := t.asks(askReply); ask != nil {
		if q, err = t.as().Question(ctx, ask.Record); err != nil || !q.Waits() {
			return models.Question{}, "", err
		}
	} else {
		rows, err := t.as().OpenQuestions(ctx, t.cadre)
		if err != nil {
			return q, "", err
		}
		rows = slices.DeleteFunc(rows, func(q models.Question) bool { return q.AskedAt < t.Tx.Now().Add(-askedFor) })
		if len(rows) != 1 {
			return q, "", nil
		}
		q = rows[0]
	}
	r, err := t.Tx.Recipient(ctx, q.RecipientID)
	return q, r.Name.Reveal(), err
}

// passAnswered takes 1 and 2 to 转给谷家吗, and what a cadre who is a guardian
// too was asked as such; done is false where the message is something else,
// which is then taken for itself.
func (t *talk) passAnswered(ctx context.Context, plain string) (reply string, done bool, err error) {
	ask := t.session.Ask
	if ask == nil || ask.At < t.Tx.Now().Add(-askedFor) {
		return "", false, nil
	}
	switch ask.Kind {
	case askForward, askChoice, askFamily, askUrgent, askPhoto, askNeed, askRenew:
		families, err := t.families(ctx)
		if err != nil || len(families) == 0 {
			return "", false, err
		}
		return t.familyAnswered(ctx, ask, plain, families)
	case askWhich:
		return t.whichAnswered(ctx, ask, plain)
	case askReply:
		return t.replyWords(ctx, plain)
	case askPass:
	default:
		return "", false, nil
	}
	switch narrowDigits(plain) {
	case "1", "转", "是", "对", "好", "转给他", "转吧":
		t.session.Ask = nil
		q, err := t.as().Question(ctx, ask.Record)
		if err != nil {
			return "", true, err
		}
		reply, err = t.replyTo(ctx, q, ask.Draft.Words)
		return reply, true, err
	case "2", "不转", "不", "不是", "否", "不用":
		t.session.Ask = nil
		if policy := t.policy(ask.Draft.Words); policy != "" {
			return policy, true, nil
		}
		return say.NotPassedOn, true, nil
	}
	return "", false, nil
}

// replyWords takes what follows 回复 12 as the words, once more read back; what is
// plainly something to record is not.
func (t *talk) replyWords(ctx context.Context, plain string) (reply string, done bool, err error) {
	if t.fixedWord(plain) || len([]rune(plain)) < 2 {
		return "", false, nil
	}
	roster, err := t.as().Roster(ctx, t.cadre, t.today)
	if err != nil {
		return "", false, err
	}
	if t.Understand.Understand(understand.Input{Text: t.text, Today: t.today, Roster: persons(roster)}).Intent == understand.IntentLog {
		return "", false, nil
	}
	return t.plainReply(ctx)
}
