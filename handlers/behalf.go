package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// behalfFor is how long a colleague's 不是 takes a record back.
const behalfFor = 7 * 24 * time.Hour

// behalfHead is how one begins: 替张三记:… 帮张三记一笔 … 代张三登记:…
var behalfHead = regexp.MustCompile(`(?s)^(?:请|麻烦)?(?:替|帮|代)(?:我们?)?(?:单位的?)?\s*(\p{Han}{2,4}?)(?:同志|老师|主任|科长|局长|站长)?\s*(?:补记|记|登记|录|补)(?:(?:一笔|一条|一下|个|上)[\s::,,]*|\s*[::,,]\s*)(.+)$`)

// notSo are the words that take back what a colleague recorded.
var notSo = []string{"不是", "不是的", "不是我", "不是我去的", "没这回事", "没有这回事"}

// behalf logs for a colleague of the same unit: a cadre's colleagues, or a
// liaison's cadres.
func (t *talk) behalf(ctx context.Context, plain string, roster []store.Paired) (string, bool, error) {
	if q := t.asks(askColleague, askWho, askResent, askDisown); q != nil && (q.Draft.For != "" || q.Kind == askColleague || q.Kind == askDisown) {
		if reply, done, err := t.behalfAnswered(ctx, q, plain); done || err != nil {
			return reply, done, err
		}
		t.session.Ask = nil
	}
	switch {
	case plain == "看代记" || plain == "代记":
		reply, err := t.behalfList(ctx)
		return reply, true, err
	case t.cadre != "" && slices.Contains(notSo, plain) && t.idle():
		return t.disown(ctx)
	}
	m := behalfHead.FindStringSubmatch(t.text)
	if m == nil {
		return "", false, nil
	}
	name := m[1]
	d := draft{Words: m[2], Key: t.Key, Today: t.today}
	people, err := t.colleagues(ctx, name)
	if err != nil {
		return "", true, err
	}
	switch {
	case len(people) == 1 && people[0].ID == t.cadre:
		t.text = m[2] // for oneself
		return "", false, nil
	case len(people) == 1:
		d.For = people[0].ID
		reply, err := t.logFor(ctx, d)
		return reply, true, err
	case len(people) > 1:
		var ids, labels []string
		for _, c := range people {
			ids, labels = append(ids, c.ID), append(labels, say.Colleague(name, markOf(c)))
		}
		t.session.Ask = &question{Kind: askColleague, Asked: 1, At: t.Tx.Now(), Draft: d, Options: ids}
		return say.BehalfSameName(name, labels), true, nil
	case slices.ContainsFunc(roster, func(p store.Paired) bool {
		return p.Recipient.Name.Reveal() == name || slices.Contains(p.Recipient.AliasList(), name)
	}):
		return "", false, nil // 帮老谷登记,… is a thing done
	}
	return say.BehalfNobody(name), true, nil
}

// colleagues finds the cadres of a name in the sender's unit.
func (t *talk) colleagues(ctx context.Context, name string) ([]models.Cadre, error) {
	unit := ""
	switch {
	case t.cadre != "":
		c, err := t.as().Cadre(ctx, t.cadre)
		if err != nil {
			return nil, err
		}
		unit = c.UnitID
	case t.admin != "":
		a, err := t.Tx.Account(ctx, t.admin)
		if err != nil || a.Role != models.AccountUnit || a.DisabledAt != 0 {
			return nil, err
		}
		unit = a.UnitID
	}
	if unit == "" {
		return nil, nil
	}
	people, err := t.Tx.Colleagues(ctx, unit)
	return slices.DeleteFunc(people, func(c models.Cadre) bool { return c.Name.Reveal() != name }), err
}

// markOf tells colleagues of one name apart: by their post, else by the end of
// their telephone number.
func markOf(c models.Cadre) string {
	if c.Post != "" {
		return c.Post
	}
	if phone := c.Phone.Reveal(); len(phone) >= 4 {
		return "尾号" + phone[len(phone)-4:]
	}
	return ""
}

func (t *talk) behalfAnswered(ctx context.Context, q *question, plain string) (string, bool, error) {
	d := q.Draft
	switch q.Kind {
	case askDisown:
		ids := chosen(plain, q.Options)
		if len(ids) == 0 {
			return "", false, nil
		}
		t.session.Ask = nil
		var replies []string
		for _, id := range ids {
			reply, err := t.refuse(ctx, id)
			if err != nil {
				return "", true, err
			}
			replies = append(replies, reply)
		}
		return strings.Join(replies, "\n"), true, nil
	case askColleague:
		ids := chosen(plain, q.Options)
		if len(ids) != 1 {
			return "", false, nil
		}
		d.For = ids[0]
	case askWho:
		ids := chosen(plain, q.Options)
		if len(ids) == 0 {
			return "", false, nil
		}
		d.Who = map[string][]string{q.Typed: ids}
	case askResent:
		switch narrowDigits(plain) {
		case "1":
			d.Again = true
		case "2":
			t.session.Ask = nil
			return say.Resent, true, nil
		default:
			return "", false, nil
		}
	}
	t.session.Ask = nil
	reply, err := t.logFor(ctx, d)
	return reply, true, err
}

// logFor records a draft as the colleague's, whose roster alone it can name.
func (t *talk) logFor(ctx context.Context, d draft) (string, error) {
	c, err := t.Tx.Cadre(ctx, d.For)
	if err != nil {
		return "", err
	}
	colleague, as := c.Name.Reveal(), t.Tx.As(models.Actor{Cadre: c.ID})
	roster, err := as.Roster(ctx, c.ID, t.today)
	if err != nil {
		return "", err
	}
	meaning := t.Understand.Understand(understand.Input{Text: d.Words, Today: d.Today, Roster: persons(roster)})
	if meaning.Intent != understand.IntentLog {
		return say.BehalfHow(colleague), nil
	}
	d.Acts = meaning.Activities
	for _, a := range d.Acts {
		if _, settled := d.Who[a.Person]; settled {
			continue
		}
		ids := byName(roster, a.Person)
		switch {
		case a.Person == "" && len(roster) != 1:
			return say.BehalfHow(colleague), nil
		case a.Person == "":
			d.Who = map[string][]string{"": {roster[0].ID}}
		case len(ids) == 0:
			return say.BehalfNotTheirs(colleague, a.Person), nil
		case len(ids) > 1:
			names, err := t.labels(ctx, ids, roster)
			t.session.Ask = &question{Kind: askWho, Asked: 1, At: t.Tx.Now(), Draft: d, Options: ids, Typed: a.Person}
			return say.AskWho(names), err
		}
	}
	entries, notes, err := t.entries(ctx, d, roster)
	if err != nil || len(entries) == 0 {
		return strings.Join(notes, "\n"), err
	}
	if !d.Again {
		repeated, err := desk.SameGift(ctx, as, c.ID, entries, t.Rules)
		if err != nil {
			return "", err
		}
		if len(repeated) > 0 {
			t.session.Ask = &question{Kind: askResent, Asked: 1, At: t.Tx.Now(), Draft: d}
			e := entries[repeated[0]]
			return say.AskResent(say.Done{Person: e.Name, Kind: e.Kind, Day: e.Day, AmountFen: e.AmountFen}), nil
		}
	}
	var photos []models.Photo
	if t.cadre != "" {
		if photos, err = t.as().WaitingPhotos(ctx, t.cadre, models.InstantOf(t.Now.Add(-photosWait))); err != nil {
			return "", err
		}
	}
	logged, err := desk.Log(ctx, as, c.ID, d.Key, d.Words, entries, photos, d.Today, t.Rules)
	if err != nil {
		return "", err
	}
	r := say.Receipt{Done: logged.Done, Years: logged.Years, Photos: images(photos), Recordings: len(photos) - images(photos), SameVisit: logged.SameVisit, Notes: notes}
	return t.tellColleague(ctx, c, logged.RecordID, r)
}

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
	years, err := desk.Withdraw(ctx, as, p, t.Rules.Target)
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

// behalfList shows what others recorded for the cadre and what the sender
// recorded for others.
func (t *talk) behalfList(ctx context.Context) (string, error) {
	since := t.Tx.Now().Add(-behalfFor)
	line := func(row models.Behalf, other string) (string, error) {
		p, err := desk.Open(ctx, t.Tx.As(models.Actor{Cadre: row.CadreID}), row.RecordID)
		return say.BehalfLine(other, p.Done(), p.Record.VoidedAt != 0), err
	}
	var forMe, byMe []string
	if t.cadre != "" {
		rows, err := t.Tx.BehalfFor(ctx, t.cadre, since)
		if err != nil {
			return "", err
		}
		for _, row := range rows {
			author, err := authorName(ctx, t.Tx, row)
			if err != nil {
				return "", err
			}
			s, err := line(row, author)
			if err != nil {
				return "", err
			}
			forMe = append(forMe, s)
		}
	}
	rows, err := t.Tx.BehalfBy(ctx, cmp.Or(t.cadre, t.admin), since)
	if err != nil {
		return "", err
	}
	for _, row := range rows {
		c, err := t.Tx.Cadre(ctx, row.CadreID)
		if err != nil {
			return "", err
		}
		s, err := line(row, c.Name.Reveal())
		if err != nil {
			return "", err
		}
		byMe = append(byMe, s)
	}
	return say.BehalfList(forMe, byMe), nil
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
	if until, err := o.resting(ctx, st, d); err != nil || !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, err
	}
	if out, over, err := o.over(ctx, st, d); over || err != nil {
		return out, err
	}
	at := d.CreatedAt.Time().In(o.Zone)
	words := say.BehalfCard(at.Format("2006年1月2日"), at.Format("15:04"), p.Back)
	return o.conversed(ctx, st, d, p.Text, o.card(templateNotice, "", words.Fields()))
}
