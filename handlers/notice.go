package handlers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// noticeWaits is how long a preview waits for its code.
const noticeWaits = 30 * time.Minute

// noticeDraft is a notice that was shown and not confirmed yet.
type noticeDraft struct {
	Body string         `json:"body"`
	Role models.Role    `json:"role"`
	Code string         `json:"code"`
	At   models.Instant `json:"at"`
}

func (d noticeDraft) draft() desk.NoticeDraft {
	return desk.NoticeDraft{Audience: models.Audience{Role: d.Role}, Body: d.Body}
}

// noticeOrder is a word about a notice, its number, and what follows.
var noticeOrder = regexp.MustCompile(`^(通知进度|批准通知|暂停通知|继续通知|取消通知|补发通知)\s*#?(\d{0,9})\s*(.*)$`)

// aboutNotice tells whether the words are an administrator's about a notice.
func (t *talk) aboutNotice(plain string) bool {
	return noticeOrder.MatchString(plain) || strings.HasPrefix(plain, "发通知") || t.session.Notice != nil && isDigits(plain)
}

// adminWords answers an administrator.
func (t *talk) adminWords(ctx context.Context, plain string) (string, error) {
	account, err := t.Tx.Account(ctx, t.admin)
	if err != nil {
		return "", err
	}
	if account.Role == models.AccountDuty {
		return say.DutyHelp, nil
	}
	if !desk.MayNotify(account) {
		return say.AdminHelp, nil
	}
	if reply, done, err := t.digestWords(ctx, account, plain); done || err != nil {
		return reply, err
	}
	reply, err := t.noticeWords(ctx, account, plain)
	var refused desk.NoticeRefused
	if errors.As(err, &refused) {
		return refused.Error(), nil
	}
	return reply, err
}

func (t *talk) noticeWords(ctx context.Context, account models.Account, plain string) (string, error) {
	if m := noticeOrder.FindStringSubmatch(plain); m != nil {
		return t.noticeTurn(ctx, account, m[1], m[2], m[3])
	}
	for _, h := range []struct {
		head string
		role models.Role
	}{
		{"发通知给家长", models.RoleGuardian}, {"通知家长", models.RoleGuardian}, {"发通知", models.RoleCadre}, {"群发", models.RoleCadre}, {"通知", models.RoleCadre},
	} {
		if body, ok := strings.CutPrefix(t.text, h.head); ok {
			return t.previewNotice(ctx, account, h.role, strings.TrimLeft(body, " :,\n"))
		}
	}
	if d := t.session.Notice; d != nil && isDigits(plain) {
		return t.confirmNotice(ctx, account, *d, plain)
	}
	return say.HowToNotice, nil
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(narrowDigits(s), "0123456789") == ""
}

func (t *talk) previewNotice(ctx context.Context, account models.Account, role models.Role, body string) (string, error) {
	if body == "" {
		return say.HowToNotice, nil
	}
	d := noticeDraft{Body: body, Role: role, At: t.Tx.Now()}
	p, err := t.Notices.Preview(ctx, t.Tx, account, d.draft())
	if err != nil {
		return "", err
	}
	if p.Reach == 0 {
		return say.NoticeNobody(p.Whom, p.Unbound, p.HadTwo), nil
	}
	n, err := rand.Int(rand.Reader, big.NewInt(9000))
	if err != nil {
		return "", err
	}
	d.Code = fmt.Sprint(1000 + n.Int64())
	t.session.Notice = &d
	view := say.NoticePreview{
		Whom: p.Whom, Reach: p.Reach, Unbound: p.Unbound, Refusing: p.Refusing, HadTwo: p.HadTwo, HadOne: p.HadOne, ByText: p.ByText, Approval: p.Approval,
	}
	if p.Starts.Sub(t.Now) > time.Minute {
		view.Starts = say.Moment(p.Starts)
	}
	for _, s := range p.Samples {
		if models.HasPlaceholder(body) || len(view.Samples) == 0 {
			view.Samples = append(view.Samples, s.Text)
		}
	}
	return view.Text(d.Code), nil
}

func (t *talk) confirmNotice(ctx context.Context, account models.Account, d noticeDraft, plain string) (string, error) {
	if d.At < t.Tx.Now().Add(-noticeWaits) {
		t.session.Notice = nil
		return say.HowToNotice, nil
	}
	if narrowDigits(plain) != d.Code {
		return say.NoticeWrongCode, nil
	}
	t.session.Notice = nil
	n, err := t.Notices.Submit(ctx, t.Tx, account, d.draft())
	switch {
	case err != nil:
		return "", err
	case n.State == models.NoticeWaiting:
		return say.NoticeWaits(n.No(), n.People), nil
	}
	return say.NoticeGoing(n.People), nil
}

// noticeTurn does what an administrator says about a notice: the one with the
// number, or the own newest.
func (t *talk) noticeTurn(ctx context.Context, account models.Account, order, number, rest string) (string, error) {
	st := t.Tx.As(account.Actor())
	n, err := st.LastNotice(ctx, account.ID)
	if number != "" {
		no, aerr := strconv.Atoi(narrowDigits(number))
		if aerr != nil {
			return say.NoSuchNotice, nil
		}
		n, err = st.NoticeNumbered(ctx, no)
	}
	switch {
	case errors.Is(err, store.ErrNotFound) && number != "":
		return say.NoSuchNotice, nil
	case errors.Is(err, store.ErrNotFound):
		return say.NoNotice, nil
	case err != nil:
		return "", err
	}
	switch order {
	case "批准通知":
		n, err = t.Notices.Approve(ctx, t.Tx, account, n, rest)
		return say.NoticeApproved(n.No(), n.People), err
	case "暂停通知":
		n, err = t.Notices.Pause(ctx, t.Tx, account, n)
	case "继续通知":
		n, err = t.Notices.Resume(ctx, t.Tx, account, n)
	case "取消通知":
		n, err = t.Notices.Cancel(ctx, t.Tx, account, n)
	case "补发通知":
		again, left, err := t.Notices.Resend(ctx, t.Tx, account, n, false)
		return say.NoticeAgain(n.No(), again, left), err
	default:
		counts, err := st.NoticeCounts(ctx, n.ID)
		return say.NoticeProgress(n.No(), n.State, counts), err
	}
	return say.NoticeMoved(n.No(), n.State), err
}

// lastNotice gives a person the words of their newest notice.
func (t *talk) lastNotice(ctx context.Context) (string, error) {
	var subjects []string
	for _, b := range t.bindings {
		if b.Role != models.RoleAdmin {
			subjects = append(subjects, b.SubjectID)
		}
	}
	n, d, err := t.Tx.NoticeFor(ctx, subjects)
	if errors.Is(err, store.ErrNotFound) {
		return say.NoNoticeForYou, nil
	}
	if err != nil {
		return "", err
	}
	words, err := t.Notices.Words(ctx, t.Tx, n.Body.Reveal(), d.Role, d.SubjectID)
	return say.NoticeText(words), err
}

// notice words a notice: whole inside an open window, else as a card that says
// how to read it.
func (o *Outbox) notice(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	n := o.seen.notices[d.NoticeID]
	switch n.State {
	case models.NoticeCancelled:
		return bot.Outgoing{Cancel: "the notice was taken back"}, nil
	case models.NoticePaused, models.NoticeWaiting:
		return bot.Outgoing{Hold: true}, nil
	}
	if !n.Urgent {
		if until := o.quiet(d); !until.IsZero() {
			return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
		}
		if o.seen.had[n.ID][d.SubjectID] >= models.NoticesAWeek {
			return bot.Outgoing{Cancel: store.ReasonHadTheirs}, nil
		}
	}
	if out, over := o.over(st, d); over {
		return out, nil
	}
	sent := n.SentAt.Time().In(o.Zone)
	card := o.card(templateNotice, "", say.NoticeCard(sent.Format("2006年1月2日"), sent.Format("15:04")).Fields())
	if !o.byText(st, d, card) {
		return o.route(st, d, card, ""), nil
	}
	words, err := o.Notices.Words(ctx, st, n.Body.Reveal(), d.Role, d.SubjectID)
	return o.route(st, d, card, say.NoticeText(words)), err
}
