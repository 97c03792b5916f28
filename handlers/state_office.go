package handlers

import (
	"context"
	"strings"
	"time"

	"aixin/bot"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// tellOffices plans the word on a death for the township and the county.
func (t *talk) tellOffices(ctx context.Context, row models.RecipientState, region, key string, due time.Time) error {
	places := []string{region[:min(6, len(region))], region[:min(9, len(region))]}
	accounts, err := t.Tx.AccountsFor(ctx, []models.AccountRole{models.AccountTownship, models.AccountCounty}, places)
	if err != nil {
		return err
	}
	people, err := boundOf(ctx, t.Tx, accounts)
	if err != nil {
		return err
	}
	for _, p := range people {
		err := t.Tx.AddDelivery(ctx, key+"/"+p.account, store.Delivery{
			Kind: KindState, Role: models.RoleAdmin, SubjectID: row.ID, OpenID: models.Conceal(p.openid), DueAt: models.InstantOf(due),
			Payload: models.Conceal(key),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// toVerify lists for an office the deaths that were told of its people.
func (t *talk) toVerify(ctx context.Context) (string, error) {
	a, err := t.Tx.Account(ctx, t.admin)
	if err != nil {
		return "", err
	}
	if a.Role != models.AccountTownship && a.Role != models.AccountCounty {
		return say.ToVerify(nil), nil
	}
	as := t.Tx.As(a.Actor())
	rows, err := as.StatesTold(ctx, models.StateDeceased, "", t.Tx.Now().Add(-toVerifyFor))
	if err != nil {
		return "", err
	}
	var lines []string
	for _, row := range rows {
		line, err := stateFor(ctx, t.Tx, row, t.Zone)
		if err != nil {
			return "", err
		}
		lines = append(lines, line)
	}
	return say.ToVerify(lines), as.Note(ctx, "states_read", "account:"+t.admin, "")
}

// stateFor words a death for an office, or that it was heard wrongly.
func stateFor(ctx context.Context, st *store.Store, row models.RecipientState, zone *time.Location) (string, error) {
	r, err := st.Recipient(ctx, row.RecipientID)
	if err != nil {
		return "", err
	}
	place, err := st.Region(ctx, r.Region)
	if err != nil {
		return "", err
	}
	c, err := st.Cadre(ctx, row.CadreID)
	if err != nil {
		return "", err
	}
	unit, err := st.UnitName(ctx, c.UnitID)
	if err != nil {
		return "", err
	}
	if row.VoidedAt != 0 {
		return say.DeceasedForNot(r.Name.Reveal(), place.Path, c.Name.Reveal()), nil
	}
	return say.DeceasedFor(r.Name.Reveal(), place.Path, models.DayOf(row.RecordedAt.Time(), zone), c.Name.Reveal(), unit), nil
}

// state tells an office of a death, unless it was heard wrongly before.
func (o *Outbox) state(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	row, err := st.State(ctx, d.SubjectID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	first := strings.HasPrefix(d.Payload.Reveal(), "state/")
	if first == (row.VoidedAt != 0) {
		return bot.Outgoing{Cancel: "heard wrongly"}, nil
	}
	if until := o.resting(st, d); !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
	}
	text, err := stateFor(ctx, st, row, o.Zone)
	if err != nil {
		return bot.Outgoing{}, err
	}
	words := say.StateCard(row.RecordedAt.Time().In(o.Zone))
	return o.conversed(st, d, text, o.card(templateNotice, "", words.Fields())), nil
}
