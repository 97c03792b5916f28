package handlers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"aixin/bot"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// noticeLimit is the most characters of a notice.
const noticeLimit = 300

// noticeWaits is how long a preview waits for its code.
const noticeWaits = 30 * time.Minute

// noticeDraft is a notice that was shown and not confirmed yet.
type noticeDraft struct {
	Body string         `json:"body"`
	Code string         `json:"code"`
	At   models.Instant `json:"at"`
}

// mayNotify are the roles that send notices.
var mayNotify = map[models.AccountRole]bool{
	models.AccountCity: true, models.AccountCounty: true, models.AccountTownship: true, models.AccountUnit: true,
}

// adminWords answers an administrator.
func (t *talk) adminWords(ctx context.Context, plain string) (string, error) {
	account, err := t.Tx.Account(ctx, t.admin)
	if err != nil {
		return "", err
	}
	if !mayNotify[account.Role] || account.DisabledAt != 0 {
		return say.AdminHelp, nil
	}
	if reply, done, err := t.digestWords(ctx, account, plain); done || err != nil {
		return reply, err
	}
	if plain == "通知进度" {
		return t.noticeProgress(ctx)
	}
	for _, head := range []string{"发通知", "群发", "通知"} {
		if body, ok := strings.CutPrefix(t.text, head); ok {
			return t.previewNotice(ctx, account, strings.TrimLeft(body, " :,\n"))
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

func (t *talk) audience(ctx context.Context, account models.Account) (store.Audience, string, error) {
	weekAgo := t.Tx.Now().Add(-weekly)
	a, err := t.Tx.As(account.Actor()).CadreAudience(ctx, weekAgo)
	if err != nil {
		return a, "", err
	}
	place, err := t.Tx.Region(ctx, account.Region)
	name := place.Name
	if account.UnitID != "" {
		unit, err := t.Tx.Unit(ctx, account.UnitID)
		return a, unit.Name, err
	}
	return a, name, err
}

func (t *talk) previewNotice(ctx context.Context, account models.Account, body string) (string, error) {
	switch n := len([]rune(body)); {
	case n == 0:
		return say.HowToNotice, nil
	case n > noticeLimit:
		return say.NoticeTooLong, nil
	}
	a, place, err := t.audience(ctx, account)
	if err != nil {
		return "", err
	}
	if len(a.People) == 0 {
		return say.NoticeNobody(place, a.Unbound), nil
	}
	n, err := rand.Int(rand.Reader, big.NewInt(9000))
	if err != nil {
		return "", err
	}
	t.session.Notice = &noticeDraft{Body: body, Code: fmt.Sprint(1000 + n.Int64()), At: t.Tx.Now()}
	return say.NoticePreview(place, len(a.People), a.Unbound, a.Recently, body, t.session.Notice.Code), nil
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
	a, place, err := t.audience(ctx, account)
	if err != nil {
		return "", err
	}
	if len(a.People) == 0 {
		return say.NoticeNobody(place, a.Unbound), nil
	}
	n := models.Notice{AccountID: account.ID, Region: account.Region, Body: models.Conceal(d.Body), Unbound: a.Unbound}
	if err := t.Tx.SendNotice(ctx, &n, a.People, KindNotice); err != nil {
		return "", err
	}
	err = t.Tx.As(account.Actor()).Note(ctx, "notice", n.ID, fmt.Sprintf("people=%d", n.People))
	return say.NoticeGoing(n.People), err
}

func (t *talk) noticeProgress(ctx context.Context) (string, error) {
	n, err := t.Tx.LastNotice(ctx, t.admin)
	if errors.Is(err, store.ErrNotFound) {
		return say.NoNotice, nil
	}
	if err != nil {
		return "", err
	}
	c, err := t.Tx.DeliveryCounts(ctx, n.ID)
	return say.NoticeProgress(n.People, c[store.DeliveryDelivered], c[store.DeliveryAccepted], c[store.DeliveryPlanned],
		c[store.DeliveryRefused], c[store.DeliveryFailed], c[store.DeliveryUnknown], n.Unbound), err
}

// lastNotice gives a cadre the words of the newest notice.
func (t *talk) lastNotice(ctx context.Context) (string, error) {
	n, err := t.Tx.NoticeFor(ctx, t.cadre)
	if errors.Is(err, store.ErrNotFound) {
		return say.NoNoticeForYou, nil
	}
	return say.NoticeText(n.Body.Reveal()), err
}

// notice words a notice: whole inside an open window, else as a card that says
// how to read it.
func (o *Outbox) notice(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	if until := o.quiet(d); !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
	}
	n, err := st.Notice(ctx, d.NoticeID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	heard, err := st.LastHeard(ctx, st.OpenIDIndex(d.OpenID.Reveal()), store.Wrote)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if heard != 0 && o.Now().Sub(heard.Time()) < windowOpen {
		return bot.Outgoing{Text: say.NoticeText(n.Body.Reveal())}, nil
	}
	sent := n.SentAt.Time().In(o.Zone)
	words := say.NoticeCard(sent.Format("2006年1月2日"), sent.Format("15:04"))
	return o.route(ctx, st, d, o.card(templateNotice, "", words.Fields()), "")
}
