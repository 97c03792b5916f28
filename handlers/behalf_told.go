package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// tellColleague marks the record and sends the colleague the same receipt.
func (t *talk) tellColleague(ctx context.Context, c models.Cadre, record string, r say.Receipt) (string, error) {
	row := models.Behalf{RecordID: record, CadreID: c.ID, Role: models.RoleCadre, AuthorID: t.cadre}
	if t.cadre == "" {
		row.Role, row.AuthorID = models.RoleAdmin, t.admin
	}
	if err := t.Tx.AddBehalf(ctx, &row); err != nil {
		return "", err
	}
	if err := t.author().Note(ctx, "behalf", "record:"+record, "cadre:"+c.ID); err != nil {
		return "", err
	}
	author, err := authorName(ctx, t.Tx, row)
	if err != nil {
		return "", err
	}
	t.session.Lately = lately{Kind: latelyBehalf, ID: record}
	told, err := t.sendBehalf(ctx, "behalf/"+record, row, models.RoleCadre, c.ID, say.BehalfTold(author, r), false)
	return say.BehalfDone(c.Name.Reveal(), r, told), err
}

// author is the transaction as who is speaking.
func (t *talk) author() *store.Store {
	if t.cadre != "" {
		return t.as()
	}
	return t.Tx.As(models.Actor{Account: t.admin})
}

func authorName(ctx context.Context, st *store.Store, row models.Behalf) (string, error) {
	if row.Role == models.RoleAdmin {
		return say.Liaison, nil
	}
	c, err := st.Cadre(ctx, row.AuthorID)
	return c.Name.Reveal(), err
}

// behalfPayload is the word to one of the two; back tells that the record was
// taken back.
type behalfPayload struct {
	Text string `json:"text"`
	Back bool   `json:"back,omitempty"`
}

// sendBehalf plans a word to one of the two, if they have a phone here.
func (t *talk) sendBehalf(ctx context.Context, key string, row models.Behalf, role models.Role, subject, text string, back bool) (told bool, err error) {
	b, err := t.Tx.BindingOf(ctx, role, subject)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, t.Tx.AddDelivery(ctx, key, store.Delivery{
		Kind: KindBehalf, Role: role, SubjectID: row.RecordID, OpenID: b.OpenID, Payload: models.Conceal(mustJSON(behalfPayload{text, back})),
	})
}

// disown takes 不是 for the record that a colleague made; with several of them
// it asks which.
func (t *talk) disown(ctx context.Context) (string, bool, error) {
	rows, err := t.Tx.BehalfFor(ctx, t.cadre, t.Tx.Now().Add(-behalfFor))
	if err != nil || len(rows) == 0 {
		return "", false, err
	}
	if len(rows) == 1 {
		reply, err := t.refuse(ctx, rows[0].RecordID)
		return reply, true, err
	}
	var ids, lines []string
	for _, row := range rows {
		p, err := desk.Open(ctx, t.as(), row.RecordID)
		if err != nil {
			return "", true, err
		}
		ids, lines = append(ids, row.RecordID), append(lines, strings.ReplaceAll(say.Things(p.Done()), "\n", ";"))
	}
	t.session.Ask = &question{Kind: askDisown, Asked: 1, At: t.Tx.Now(), Options: ids}
	return say.BehalfWhich(lines), true, nil
}

// refuse withdraws a record that the colleague says was not so, and tells who
// made it.
func (t *talk) refuse(ctx context.Context, record string) (string, error) {
	row, err := t.Tx.Behalf(ctx, record)
	if err != nil {
		return "", err
	}
	author, err := authorName(ctx, t.Tx, row)
	if err != nil {
		return "", err
	}
	me, err := t.as().Cadre(ctx, t.cadre)
	if err != nil {
		return "", err
	}
	done, years, err := t.takeBack(ctx, row)
	if errors.Is(err, store.ErrLost) {
		return say.NothingToUndo, nil
	}
	if err != nil {
		return "", err
	}
	_, err = t.sendBehalf(ctx, "behalf-back/"+record, row, row.Role, row.AuthorID, say.BehalfBack(me.Name.Reveal(), done), true)
	return say.BehalfRefused(done, author, years), err
}

func (t *talk) takeBack(ctx context.Context, row models.Behalf) ([]say.Done, []string, error) {
	as := t.Tx.As(models.Actor{Cadre: row.CadreID})
	p, err := desk.Open(ctx, as, row.RecordID)
	if err != nil {
		return nil, nil, err
	}
	years, err := desk.Withdraw(ctx, as, p, t.today)
	if err != nil {
		return nil, nil, err
	}
	if err := t.Tx.RefuseBehalf(ctx, row.RecordID); err != nil {
		return nil, nil, err
	}
	return p.Done(), years, t.author().Note(ctx, "behalf_back", "record:"+row.RecordID, "")
}

// undoBehalf takes 撤销 for what the sender recorded last for a colleague, who
// is told unless nothing had reached them.
func (t *talk) undoBehalf(ctx context.Context, record string) (string, error) {
	row, err := t.Tx.Behalf(ctx, record)
	if err != nil {
		return "", err
	}
	c, err := t.Tx.Cadre(ctx, row.CadreID)
	if err != nil {
		return "", err
	}
	author, err := authorName(ctx, t.Tx, row)
	if err != nil {
		return "", err
	}
	done, _, err := t.takeBack(ctx, row)
	if errors.Is(err, store.ErrLost) {
		return say.NothingToUndo, nil
	}
	if err != nil {
		return "", err
	}
	if d, err := t.Tx.DeliveryUnder(ctx, "behalf/"+record); err == nil && d.State != store.DeliveryPlanned {
		if _, err := t.sendBehalf(ctx, "behalf-undo/"+record, row, models.RoleCadre, c.ID, say.BehalfTakenBack(author, done), true); err != nil {
			return "", err
		}
	}
	return say.BehalfUndone(c.Name.Reveal(), done), nil
}

// behalf sends the receipt to the colleague, or the word that it was taken
// back; what was taken back before it went out stays unsaid.
func (o *Outbox) behalf(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	var p behalfPayload
	if err := json.Unmarshal([]byte(d.Payload.Reveal()), &p); err != nil {
		return bot.Outgoing{}, fmt.Errorf("handlers: behalf: %w", err)
	}
	if !p.Back {
		row, err := st.Behalf(ctx, d.SubjectID)
		if err != nil {
			return bot.Outgoing{}, err
		}
		rec, err := st.Record(ctx, d.SubjectID)
		if err != nil {
			return bot.Outgoing{}, err
		}
		if row.RefusedAt != 0 || rec.VoidedAt != 0 {
			return bot.Outgoing{Cancel: "taken back"}, nil
		}
	}
	if until := o.resting(st, d); !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
	}
	if out, over := o.over(st, d); over {
		return out, nil
	}
	at := d.CreatedAt.Time().In(o.Zone)
	words := say.BehalfCard(at.Format("2006年1月2日"), at.Format("15:04"), p.Back)
	return o.conversed(st, d, p.Text, o.card(templateNotice, "", words.Fields())), nil
}
