package handlers

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

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
	people, err := t.unitCadres(ctx)
	return slices.DeleteFunc(people, func(c models.Cadre) bool { return c.Name.Reveal() != name }), err
}

// unitCadres are the cadres of the sender's unit: a cadre's own, or a liaison's.
func (t *talk) unitCadres(ctx context.Context) ([]models.Cadre, error) {
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
	return t.Tx.Colleagues(ctx, unit)
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
