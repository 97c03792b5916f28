package handlers

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

var (
	replyOrder   = regexp.MustCompile(`(?s)^(?:回复|答复)\s*(?:提问)?\s*[##]?\s*(\d{1,6})(?:号)?[\s,,、。::]*(.*)$`)
	replyShort   = regexp.MustCompile(`(?s)^回\s*[##]?\s*(\d{1,6})号?(?:[\s,,、。::]+(.*))?$`)
	replyInstead = regexp.MustCompile(`(?s)^(?:回复|答复)\s*(\p{Han}{2,4})\s*(?:提问)?\s*[##]?\s*(\d{1,6})(?:号)?[\s,,、。::]*(.*)$`)
	spokenOrder  = regexp.MustCompile(`^(?:提问)?\s*[##]?(\d{1,6})号?[\s,,、::]*((?:已经?|都|刚|我)*(?:打过?|回过?|通过?)?(?:了)?(?:电话|当面|微信|当场)?(?:里|上)?(?:已经?|都)?(?:说|讲|谈|聊|解释|打|通|回)(?:过|了|好|清|楚|完|通)+(?:电话)?了?)$`)
	spokenBare   = regexp.MustCompile(`^(我|都|已经?|刚)*(打?电话|当面|微信)(里|上)?(已经?|都)?(说|讲|回|解释|谈)(过|好|清|完)?(了|啦)$`)
	lookOrder    = regexp.MustCompile(`^(?:提问|反映)\s*[##]?\s*(\d{1,6})?$`)
)

// questionOrder takes 回复 12 …, 12 电话说过了 and 提问; done is false where the
// message is none of them. The office's questions have no cadre.
func (t *talk) questionOrder(ctx context.Context, plain string, cadre string) (reply string, done bool, err error) {
	text := narrow(strings.TrimSpace(t.text))
	m := replyOrder.FindStringSubmatch(text)
	if m == nil {
		m = replyShort.FindStringSubmatch(text)
	}
	if m != nil {
		q, reply, err := t.numbered(ctx, cadre, m[1])
		if err != nil || reply != "" {
			return reply, true, err
		}
		reply, err = t.replyTo(ctx, q, strings.TrimSpace(m[2]))
		return reply, true, err
	}
	if m := replyInstead.FindStringSubmatch(text); m != nil && cadre == "" {
		reply, err := t.replyFor(ctx, m[1], m[2], strings.TrimSpace(m[3]))
		return reply, true, err
	}
	plain = narrow(plain)
	if m := spokenOrder.FindStringSubmatch(plain); m != nil {
		q, reply, err := t.numbered(ctx, cadre, m[1])
		if err != nil || reply != "" {
			return reply, true, err
		}
		reply, err = t.spoken(ctx, q, m[2])
		return reply, true, err
	}
	if spokenBare.MatchString(plain) {
		if reply, err := t.spokenUnnumbered(ctx, cadre); reply != "" || err != nil {
			return reply, true, err
		}
	}
	if m := lookOrder.FindStringSubmatch(plain); m != nil {
		reply, err := t.look(ctx, cadre, m[1])
		return reply, true, err
	}
	if m := numberFirst.FindStringSubmatch(text); m != nil && t.session.Ask == nil {
		return t.numberFirst(ctx, cadre, m[1], m[2])
	}
	return "", false, nil
}

// spokenUnnumbered closes the one question that waits, or asks which of several was
// talked over; "" where none waits.
func (t *talk) spokenUnnumbered(ctx context.Context, cadre string) (string, error) {
	if cadre == "" {
		return "", nil // an office's run through all of it
	}
	rows, err := t.as().OpenQuestions(ctx, cadre)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	if len(rows) == 1 {
		return t.spoken(ctx, rows[0], t.text)
	}
	var lines []string
	for _, q := range rows[:min(4, len(rows))] {
		r, err := t.Tx.Recipient(ctx, q.RecipientID)
		if err != nil {
			return "", err
		}
		lines = append(lines, say.OpenQuestion(r.Name.Reveal(), "", q, models.DayOf(q.AskedAt.Time(), t.Zone)))
	}
	return say.WhichSpoken(rows[0].Number, lines), nil
}

// numberFirst is a number and words with no 回复 before: 12 我明天去问.
var numberFirst = regexp.MustCompile(`^[##]?(\d{1,6})[\s,,、::]+(\D.{2,})$`)

// numberFirst asks whether such words are the answer to the question of that
// number, where one waits.
func (t *talk) numberFirst(ctx context.Context, cadre, digits, words string) (string, bool, error) {
	q, reply, err := t.numbered(ctx, cadre, digits)
	if err != nil || reply != "" || !q.Waits() {
		return "", false, err
	}
	r, err := t.Tx.Recipient(ctx, q.RecipientID)
	t.session.Ask = &question{Kind: askPass, Asked: 1, At: t.Tx.Now(), Record: q.ID, Draft: draft{Words: words}}
	return say.AskPassOn(q.Number, r.Name.Reveal(), words), true, err
}

// numbered finds a question by its number, or the sentence that says why not.
func (t *talk) numbered(ctx context.Context, cadre, digits string) (q models.Question, reply string, err error) {
	n, _ := strconv.Atoi(digits)
	q, err = t.Tx.QuestionNumbered(ctx, cadre, n)
	if errors.Is(err, store.ErrNotFound) {
		return q, say.QuestionUnknown(n), nil
	}
	if err != nil || cadre != "" {
		return q, "", err
	}
	// The offices' numbers run through all of them: only whose it is may know.
	may, err := t.officeAnswers(ctx, q)
	if err == nil && !may {
		return q, say.QuestionUnknown(n), nil
	}
	return q, "", err
}

func (t *talk) officeAnswers(ctx context.Context, q models.Question) (bool, error) {
	acct, err := t.Tx.Account(ctx, t.admin)
	if err != nil {
		return false, err
	}
	return desk.OfficeAnswers(ctx, t.Tx, acct, q)
}

// replyTo sends words back to the family, once.
func (t *talk) replyTo(ctx context.Context, q models.Question, words string) (string, error) {
	r, err := t.Tx.Recipient(ctx, q.RecipientID)
	if err != nil {
		return "", err
	}
	if words == "" {
		if !q.Waits() {
			return t.settled(ctx, q)
		}
		t.session.Ask = &question{Kind: askReply, Asked: 1, At: t.Tx.Now(), Record: q.ID}
		return say.ReplyEmpty(q.Number, r.Name.Reveal()), nil
	}
	err = desk.AnswerQuestion(ctx, t.answerer(q), q, words)
	if errors.Is(err, store.ErrLost) {
		return t.settled(ctx, q)
	}
	if err != nil {
		return "", err
	}
	t.dropAsk(q.ID)
	heard, err := t.Tx.LastHeard(ctx, t.Tx.OpenIDIndex(q.OpenID.Reveal()), store.Wrote)
	late := t.Tx.Now() > heard.Add(windowOpen)
	return say.Replied(q.Number, r.Name.Reveal(), late), err
}

// answerer is the transaction as whoever answers a question: its cadre, or an
// office.
func (t *talk) answerer(q models.Question) *store.Store {
	if q.CadreID != "" && q.CadreID == t.cadre || t.admin == "" {
		return t.as()
	}
	return t.Tx.As(models.Actor{Account: t.admin})
}

func (t *talk) settled(ctx context.Context, q models.Question) (string, error) {
	q, err := t.Tx.Question(ctx, q.ID)
	if err != nil {
		return "", err
	}
	arrived, failed, err := desk.Arrival(ctx, t.Tx, desk.AnswerKey(q.ID))
	if err != nil {
		return "", err
	}
	r, err := t.Tx.Recipient(ctx, q.RecipientID)
	return say.QuestionOver(q.Number, models.DayOf(q.AnsweredAt.Time(), t.Zone), say.Arrived(arrived, failed), r.Name.Reveal()), err
}

// dropAsk forgets a pending 转给谷家吗 about a question that was settled.
func (t *talk) dropAsk(id string) {
	if q := t.session.Ask; q != nil && (q.Kind == askPass || q.Kind == askReply) && q.Record == id {
		t.session.Ask = nil
	}
}

// spoken closes a question that was talked over on the telephone and logs the
// call as a contact.
func (t *talk) spoken(ctx context.Context, q models.Question, words string) (string, error) {
	err := t.Tx.SettleQuestion(ctx, q, models.QuestionClosed, words)
	if errors.Is(err, store.ErrLost) {
		// An answer that did not arrive is said by telephone after all.
		if _, failed, e := desk.Arrival(ctx, t.Tx, desk.AnswerKey(q.ID)); e != nil || !failed {
			return t.settled(ctx, q)
		}
		err = nil
	}
	if err != nil {
		return "", err
	}
	t.dropAsk(q.ID)
	if q.CadreID == "" || strings.Contains(words, "当面") || strings.Contains(words, "当场") || strings.Contains(words, "微信") {
		return say.SpokenOver(q.Number, ""), nil // no telephone call, or nobody's duty
	}
	roster, err := t.as().Roster(ctx, t.cadre, t.today)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(roster, func(p store.Paired) bool { return p.RecipientID == q.RecipientID && p.Line == models.LinePairing })
	if i < 0 {
		return say.SpokenOver(q.Number, ""), nil
	}
	same, err := t.as().ActivitiesOn(ctx, t.cadre, []string{q.RecipientID}, t.today, t.today)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(same, func(a models.Activity) bool { return a.Channel == models.ChannelPhone && a.Counts() }) {
		return say.SpokenToo(q.Number), nil // one call, two questions
	}
	entry := desk.Entry{
		Pairing: roster[i].Pairing, Name: roster[i].Recipient.Name.Reveal(), Kind: models.KindContact, Channel: models.ChannelPhone, Day: t.today, Words: t.text,
	}
	logged, err := desk.Log(ctx, t.as(), t.cadre, t.Key, t.text, []desk.Entry{entry}, nil, t.today, t.Rules)
	if err != nil {
		return "", err
	}
	return say.SpokenOver(q.Number, say.Receipt{Done: logged.Done, Years: logged.Years}.String()), nil
}

// look shows one question, or those that wait. The sound of a voice message is
// sent again to who asks.
func (t *talk) look(ctx context.Context, cadre, digits string) (string, error) {
	if digits != "" {
		q, reply, err := t.numbered(ctx, cadre, digits)
		if err != nil || reply != "" {
			return reply, err
		}
		if q.PhotoID != "" {
			if err := t.Tx.ReviveJob(ctx, PassVoice, q.ID); err != nil {
				return "", err
			}
		}
		words, err := questionWords(ctx, t.Tx, q, "")
		if err == nil && !q.Waits() {
			arrived, failed, err := desk.Arrival(ctx, t.Tx, desk.AnswerKey(q.ID))
			if q.State == models.QuestionTold {
				return words + say.Arrived(arrived, failed), err
			}
			return words + "\n" + say.QuestionState(q, models.DayOf(q.AnsweredAt.Time(), t.Zone), say.Arrived(arrived, failed)), err
		}
		return words, err
	}
	as := t.as()
	if cadre == "" {
		acct, err := t.Tx.Account(ctx, t.admin)
		if err != nil {
			return "", err
		}
		as = t.Tx.As(acct.Actor())
	}
	rows, err := as.OpenQuestions(ctx, cadre)
	if err == nil && cadre == "" {
		var late []models.Question
		late, err = as.LateQuestions(ctx)
		rows = append(rows, late...)
	}
	if err != nil {
		return "", err
	}
	var lines []string
	for _, q := range rows {
		if cadre == "" {
			may, err := t.officeAnswers(ctx, q)
			if err != nil {
				return "", err
			}
			if !may {
				continue
			}
		}
		r, err := t.Tx.Recipient(ctx, q.RecipientID)
		if err != nil {
			return "", err
		}
		with := ""
		if cadre == "" && q.CadreID != "" {
			c, err := t.Tx.Cadre(ctx, q.CadreID)
			if err != nil {
				return "", err
			}
			with = c.Name.Reveal()
		}
		lines = append(lines, say.OpenQuestion(r.Name.Reveal(), with, q, models.DayOf(q.AskedAt.Time(), t.Zone)))
	}
	return say.OpenQuestions(lines), nil
}

// rest takes what is nothing to log or look up: words for a family that waits,
// a question of policy, the cadre's own words as a guardian, or small talk.
func (t *talk) rest(ctx context.Context, plain string) (string, error) {
	thanks := t.other(plain)
	if thanks == say.NotReached {
		return t.callAgain(ctx)
	}
	if thanks != say.NotUnderstood {
		return thanks, nil
	}
	if reply, done, err := t.plainReply(ctx); done || err != nil {
		return reply, err
	}
	if policy := t.policy(t.text); policy != "" {
		return policy, nil
	}
	if t.guardian != "" {
		return t.guardianWords(ctx, plain)
	}
	return thanks, nil
}

// policy answers a cadre's own question from the policy base, "" where it is
// none.
func (t *talk) policy(text string) string {
	e, ok := t.base().Entry(t.base().Ask(text, "cadre").ID)
	if !ok {
		return ""
	}
	if e.StaleOn(t.today) {
		return say.Stale(e.Hotline, "")
	}
	return say.KnownStaff(e.Answer, e.Hotline, e.Source)
}
