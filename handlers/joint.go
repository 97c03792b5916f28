package handlers

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// together are the words of a visit that several made, or that a unit made
// (users.md 一.7):
//
//	我和张三一起去看了老谷,送了500块,是单位的钱
//	单位慰问:王敏、张三去看了老谷、李婶,每户200元
var together = regexp.MustCompile(`一起|一同|一块|同去|同行|陪着?|慰问|集中走访|单位|我们|我俩|我[和跟与同]`)

// joint records what several did together, told once: a visit for each who went
// and is paired with the person, a gift once for each person.
func (t *talk) joint(ctx context.Context, _ string, roster []store.Paired) (string, bool, error) {
	if !together.MatchString(t.text) {
		return "", false, nil
	}
	unit, err := t.unitCadres(ctx)
	if err != nil {
		return "", false, err
	}
	p := t.partyOf(unit, roster)
	if len(p.went) == 0 || t.cadre != "" && len(p.went) == 1 {
		return "", false, nil
	}
	if err := p.meet(ctx, t, unit); err != nil {
		return "", true, err
	}
	meaning := t.Understand.Understand(understand.Input{Text: p.words, Today: t.today, Roster: persons(p.people)})
	acts := eachNamed(meaning.Activities)
	if meaning.Intent != understand.IntentLog || len(acts) == 0 {
		if t.cadre != "" {
			return "", false, nil // asked about as any other message
		}
		return say.JointHow, true, nil
	}
	reply, err := t.logJoint(ctx, p, acts)
	return reply, true, err
}

// eachNamed gives what was done for nobody by name (单位慰问,我们去的) to each of
// those who are named; none, where nobody is.
func eachNamed(acts []understand.Activity) (out []understand.Activity) {
	var names []string
	for _, a := range acts {
		if a.Person != "" && !slices.Contains(names, a.Person) {
			names = append(names, a.Person)
		}
	}
	for _, a := range acts {
		if a.Person != "" {
			out = append(out, a)
			continue
		}
		for _, name := range names {
			a.Person = name
			if !slices.ContainsFunc(acts, func(b understand.Activity) bool { return b.Person == name && b.Kind == a.Kind && b.Date == a.Date }) {
				out = append(out, a)
			}
		}
	}
	return out
}

// party are those who went together and whom they can have seen.
type party struct {
	words  string // with 我们 in the place of their names
	went   []models.Cadre
	rest   []models.Cadre // others whose people may have been given something
	roster map[string][]store.Paired
	people []store.Paired // of all of them, each person once
}

// partyOf reads who went; a name that is also a person's on the roster is the
// person's.
func (t *talk) partyOf(unit []models.Cadre, roster []store.Paired) party {
	var p party
	var names []string
	for _, c := range unit {
		name := c.Name.Reveal()
		same := func(q store.Paired) bool { return q.Recipient.Name.Reveal() == name }
		if c.ID != t.cadre && strings.Contains(t.text, name) && !slices.ContainsFunc(roster, same) {
			p.went, names = append(p.went, c), append(names, regexp.QuoteMeta(name))
		}
	}
	if len(names) == 0 {
		return p
	}
	one := `(?:` + strings.Join(names, "|") + `)(?:同志|老师|主任|科长|局长|站长|书记)?`
	link := `[和跟与同、,\s]*`
	all := regexp.MustCompile(`(?:我们?|本人)?` + link + one + `(?:` + link + `(?:` + one + `|我|本人))*(?:我?[俩仨]|[两三四五]个?人)?`)
	if me := slices.IndexFunc(unit, func(c models.Cadre) bool { return t.cadre != "" && c.ID == t.cadre }); me >= 0 && strings.Contains(t.text, "我") {
		p.went = slices.Insert(p.went, 0, unit[me])
	}
	p.words = all.ReplaceAllString(t.text, "我们")
	return p
}

// meet loads whom the party is paired with; a liaison's message may be about
// anybody of the unit.
func (p *party) meet(ctx context.Context, t *talk, unit []models.Cadre) error {
	p.roster = map[string][]store.Paired{}
	add := func(c models.Cadre) error {
		rows, err := t.Tx.As(models.Actor{Cadre: c.ID}).Roster(ctx, c.ID, t.today)
		p.roster[c.ID] = rows
		for _, row := range rows {
			if !slices.ContainsFunc(p.people, func(q store.Paired) bool { return q.RecipientID == row.RecipientID }) {
				p.people = append(p.people, row)
			}
		}
		return err
	}
	if t.cadre == "" {
		for _, c := range unit {
			if !slices.ContainsFunc(p.went, func(w models.Cadre) bool { return w.ID == c.ID }) {
				p.rest = append(p.rest, c)
			}
		}
	}
	for _, c := range slices.Concat(p.went, p.rest) {
		if err := add(c); err != nil {
			return err
		}
	}
	return nil
}

// logJoint gives each cadre the own part of what was done.
func (t *talk) logJoint(ctx context.Context, p party, acts []understand.Activity) (string, error) {
	var replies, records, notes []string
	given := map[int]bool{} // a gift is recorded once
	took := map[int]bool{}
	for n, c := range slices.Concat(p.went, p.rest) {
		d := draft{Words: t.text, Key: t.Key, Today: t.today, Who: map[string][]string{}}
		for i, a := range acts {
			ids := byName(p.roster[c.ID], a.Person)
			if len(ids) == 0 || given[i] || n >= len(p.went) && a.Kind != models.KindAid {
				continue
			}
			if len(ids) > 1 {
				return say.JointSameName(c.Name.Reveal(), a.Person), nil
			}
			given[i], took[i] = a.Kind == models.KindAid, true
			d.Acts, d.Who[a.Person] = append(d.Acts, a), ids
		}
		if len(d.Acts) == 0 {
			continue
		}
		reply, record, err := t.logPart(ctx, c, d, p.roster[c.ID])
		if err != nil {
			return "", err
		}
		if record != "" {
			records = append(records, record)
		}
		replies = append(replies, reply)
	}
	for i, a := range acts {
		if note := say.JointLeft(a.Person); !took[i] && !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	t.session.Ask = nil
	if len(records) > 0 {
		t.session.Lately = lately{Kind: latelyJoint, ID: strings.Join(records, ",")}
	}
	return strings.Join(append(replies, notes...), "\n"), nil
}

// logPart records one cadre's part, leaving out what that cadre had told before.
func (t *talk) logPart(ctx context.Context, c models.Cadre, d draft, roster []store.Paired) (reply, record string, err error) {
	as := t.Tx.As(models.Actor{Cadre: c.ID})
	entries, notes, err := t.entries(ctx, d, roster)
	if err != nil {
		return "", "", err
	}
	if entries, err = desk.WithoutRepeats(ctx, as, c.ID, entries, t.Rules); err != nil {
		return "", "", err
	}
	entries, more, err := t.onceGiven(ctx, c.ID, entries)
	if err != nil {
		return "", "", err
	}
	if notes = append(notes, more...); len(entries) == 0 {
		return strings.Join(append([]string{say.JointKnown(c.Name.Reveal())}, notes...), "\n"), "", nil
	}
	if c.ID == t.cadre {
		reply, err := t.store(ctx, d, entries, notes)
		return reply, t.session.Photo.Record, err
	}
	logged, err := desk.Log(ctx, as, c.ID, d.Key, d.Words, entries, nil, d.Today, t.Rules)
	if err != nil {
		return "", "", err
	}
	reply, err = t.tellColleague(ctx, c, logged.RecordID, say.Receipt{Done: logged.Done, Years: logged.Years, SameVisit: logged.SameVisit, Notes: notes})
	return reply, logged.RecordID, err
}

// onceGiven leaves out a unit's gift that somebody else recorded for the same
// person, day and value: one sum is one gift, whoever tells of it.
func (t *talk) onceGiven(ctx context.Context, cadre string, entries []desk.Entry) (kept []desk.Entry, notes []string, err error) {
	for _, e := range entries {
		if e.Kind == models.KindAid && e.Fund == models.FundUnit && e.AmountFen != nil {
			gifts, err := t.Tx.Gifts(ctx, e.Pairing.RecipientID, e.Day)
			if err != nil {
				return nil, nil, err
			}
			other := slices.IndexFunc(gifts, func(a models.Activity) bool {
				return a.CadreID != cadre && a.Fund == models.FundUnit && a.AmountFen != nil && *a.AmountFen == *e.AmountFen
			})
			if other >= 0 {
				c, err := t.Tx.Cadre(ctx, gifts[other].CadreID)
				if err != nil {
					return nil, nil, err
				}
				notes = append(notes, say.GiftKnown(e.Name, *e.AmountFen, c.Name.Reveal()))
				continue
			}
		}
		kept = append(kept, e)
	}
	return kept, notes, nil
}

// undoJoint takes 撤销 for what was recorded for several.
func (t *talk) undoJoint(ctx context.Context, records string) (string, error) {
	var replies []string
	for id := range strings.SplitSeq(records, ",") {
		rec, err := t.Tx.Record(ctx, id)
		if err != nil {
			return "", err
		}
		undo := t.undoBehalf
		if rec.CadreID == t.cadre {
			undo = t.withdraw
		}
		reply, err := undo(ctx, id)
		if err != nil {
			return "", err
		}
		replies = append(replies, reply)
	}
	return strings.Join(replies, "\n"), nil
}

// fundWords says afterwards whose money the last gift was: 是单位的钱 这是自己掏的
var fundWords = regexp.MustCompile(`^(?:刚才|上面|那|这|都|钱|也)*(?:是|算)(\p{Han}{2,8})$`)

// funded puts the source of the money to the sender's last record.
func (t *talk) funded(ctx context.Context, plain string, _ []store.Paired) (string, bool, error) {
	m := fundWords.FindStringSubmatch(plain)
	if m == nil || !t.idle() {
		return "", false, nil
	}
	fund := models.FundOf(m[1])
	if fund == "" {
		return "", false, nil
	}
	p, err := desk.Last(ctx, t.as(), t.cadre)
	if err != nil || !slices.ContainsFunc(p.Entries, func(e desk.Entry) bool { return e.Kind == models.KindAid }) {
		return "", false, nil
	}
	now := slices.Clone(p.Entries)
	for i := range now {
		if now[i].Kind == models.KindAid {
			now[i].Fund = fund
		}
	}
	reply, err := t.amended(ctx, p, now)
	return reply, true, err
}
