package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// entry is what an office is told of the month's entries: from the day on which
// the figures are first shown until they close. Cadres are not asked (users.md
// 四.3).
func (o *Outbox) entry(c models.Calendar, account string, today models.Day) (say.Entry, string, bool) {
	month := models.MonthOf(today).Add(-1) // October is entered in November
	e := say.Entry{Month: month.First(), Today: today, Settle: c.SettleOn(month), Close: c.CloseOn(month), Sign: c.SignOn(month)}
	if today < c.DraftOn(month) || today > e.Close {
		return e, "", false
	}
	return e, KindEntry + "/" + account + "/" + string(month), true
}

// planOffices finds what is due to offices.
func (o *Outbox) planOffices(ctx context.Context, st *store.Store, now time.Time) ([]Due, error) {
	today := models.DayOf(now, o.Zone)
	accounts, err := st.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	calendar, err := st.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	choices, err := st.PushChoices(ctx, models.RoleAdmin, nil)
	if err != nil {
		return nil, err
	}
	accounts = slices.DeleteFunc(accounts, func(a models.Account) bool { return !desk.MayNotify(a) })
	digests, err := o.planDigests(ctx, st, accounts, choices, calendar, now)
	if err != nil {
		return nil, err
	}
	along := map[string]bool{}
	for _, d := range digests {
		along[d.subject] = d.Kind == KindEntry
	}
	var dues []Due
	for _, a := range accounts {
		if choices[a.ID].Off || along[a.ID] {
			continue
		}
		if e, key, ok := o.entry(calendar, a.ID, today); ok {
			dues = append(dues, Due{
				Key: key, To: "admin", Name: a.Name.Reveal(), Kind: KindEntry, Template: templateDuty, Text: e.Card().Text(), Reason: e.Why(),
				role: models.RoleAdmin, subject: a.ID, reasons: []string{key}, dated: e.Close,
			})
		}
	}
	if dues, err = o.unspoken(ctx, st, dues); err != nil {
		return nil, err
	}
	return o.timed(ctx, st, append(digests, dues...), choices, now)
}

// unspoken leaves out what was said already and finds the phones of the others.
func (o *Outbox) unspoken(ctx context.Context, st *store.Store, dues []Due) (out []Due, err error) {
	var ids, reasons []string
	for _, d := range dues {
		ids, reasons = append(ids, d.subject), append(reasons, d.reasons...)
	}
	bound, err := st.BindingsOf(ctx, models.RoleAdmin, ids)
	if err != nil {
		return nil, err
	}
	taken, err := st.ReasonsTaken(ctx, reasons)
	if err != nil {
		return nil, err
	}
	for _, d := range dues {
		if taken[d.reasons[0]] {
			continue
		}
		if b, ok := bound[d.subject]; ok {
			d.Bound, d.openid = true, b.OpenID.Reveal()
		} else {
			d.Reason += say.NotReachable
		}
		out = append(out, d)
	}
	return out, nil
}

func isDigest(d store.Delivery) bool { return strings.HasPrefix(d.Payload.Reveal(), "digest/") }

// office words what is due to an office.
func (o *Outbox) office(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	a, err := st.Account(ctx, d.SubjectID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if a.DisabledAt != 0 {
		return bot.Outgoing{Cancel: "the account is closed"}, nil
	}
	if isDigest(d) {
		return o.digest(ctx, st, d, a)
	}
	today := models.DayOf(o.Now(), o.Zone)
	calendar, err := st.Calendar(ctx)
	if err != nil {
		return bot.Outgoing{}, err
	}
	e, key, ok := o.entry(calendar, a.ID, today)
	if !ok || !strings.Contains(d.Payload.Reveal(), key) {
		return bot.Outgoing{Cancel: "the month is closed"}, nil
	}
	if out, ok, err := o.unasked(ctx, st, d); err != nil || !ok {
		return out, err
	}
	card := e.Card()
	return o.route(st, d, o.card(templateDuty, "", card.Fields()), card.Text()), nil
}
