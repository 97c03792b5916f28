package handlers

import (
	"context"
	"errors"
	"slices"
	"strings"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// The questions about needs.
const (
	askNeed     = "need"      // whether a family's needs are passed on
	askNeedWho  = "need_who"  // whose need a cadre reports
	askNeedLog  = "need_log"  // whether a need that a log speaks of is passed on
	askNeedWord = "need_word" // the family's word on what was done
	askNeedHelp = "need_help" // whether a solved need is recorded
)

// aboutNeed is the matter of a family's needs.
const aboutNeed = "need"

// offerNeeds shows a family what was understood and asks whether it goes on.
func (t *talk) offerNeeds(ctx context.Context, f family, text string) (string, error) {
	said := needTables().told(text)
	if len(said) > 6 {
		said = said[:6]
	}
	earlier, err := t.Tx.NeedsOf(ctx, []string{f.asker}, 10)
	if err != nil {
		return "", err
	}
	if n, ok := t.repeated(earlier, said, f.recipient.ID); ok {
		return say.NeedAlready(n.Number), nil
	}
	var shown []say.Need
	for _, s := range said {
		shown = append(shown, say.Need{Words: s.words, Office: models.DepartmentOf(s.department).Name, Within: t.Tx.Hours().Limits(s.clock).Do})
	}
	t.session.Ask = &question{Kind: askNeed, Asked: 1, At: t.Tx.Now(), Record: f.recipient.ID, Draft: draft{Words: text}}
	return say.AskNeeds(shown), nil
}

// repeated finds among what somebody asked for lately the need that a message
// only says again.
func (t *talk) repeated(earlier []models.Need, said []needSaid, recipient string) (models.Need, bool) {
	if len(said) != 1 {
		return models.Need{}, false
	}
	i := slices.IndexFunc(earlier, func(n models.Need) bool {
		return n.State.Running() && n.RecipientID == recipient && n.RaisedAt > t.Tx.Now().Add(-askedFor) && n.Words.Reveal() == said[0].words
	})
	if i < 0 {
		return models.Need{}, false
	}
	return earlier[i], true
}

// needsConfirmed passes on what a family said yes to.
func (t *talk) needsConfirmed(ctx context.Context, q *question, families []family) (string, error) {
	i := slices.IndexFunc(families, func(f family) bool { return f.recipient.ID == q.Record })
	if i < 0 {
		return say.NothingAsked, nil // no longer of this family
	}
	f := families[i]
	cadre, err := desk.PairedCadre(ctx, t.Tx, f.recipient.ID, t.today)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	var shown []say.Need
	said := needTables().told(q.Draft.Words)
	for _, s := range said[:min(6, len(said))] {
		n := t.needOf(s, f.recipient)
		n.Role, n.AskerID, n.CadreID = f.role, f.asker, cadre.ID
		line, err := t.raiseNeed(ctx, &n)
		if err != nil {
			return "", err
		}
		shown = append(shown, line)
	}
	_, waits := t.morning()
	return say.NeedsRaised(shown, waits), nil
}

// needOf is a need as it was said, of a recipient.
func (t *talk) needOf(s needSaid, r models.Recipient) models.Need {
	return models.Need{
		RecipientID: r.ID, Region: r.Region, Category: s.category, Department: s.department, Clock: s.clock,
		Words: models.Conceal(s.words),
	}
}

// raiseNeed enters a need and tells the first office up the way that has
// somebody; where nobody has, it waits to be checked.
func (t *talk) raiseNeed(ctx context.Context, n *models.Need) (say.Need, error) {
	step, people, err := nextNeedStep(ctx, t.Tx, *n, 0)
	if err != nil {
		return say.Need{}, err
	}
	limits := t.Tx.Hours().Limits(n.Clock)
	told, _ := t.morning()
	n.State, n.NextAt = models.NeedChecking, nextLook(limits.Take, told, t.Zone)
	line := say.Need{Words: n.Words.Reveal(), Within: limits.Do}
	if len(people) > 0 {
		n.State, n.Step = models.NeedPassed, step
		line.Office = stepName(*n)
		if steps := models.NeedSteps(n.Department, n.Region); steps[step].Roles[0] == models.AccountTownship {
			line.Office = say.ByTownship(steps[0].Name)
		}
	}
	if err := t.Tx.AddNeed(ctx, n); err != nil {
		return say.Need{}, err
	}
	line.Number = n.Number
	return line, tellOffice(ctx, t.Tx, *n, needNew, people)
}

// reportNeeds takes a cadre's report: who it is about is asked where it is not
// said, and nothing else.
func (t *talk) reportNeeds(ctx context.Context, text string, names, others []string, roster []store.Paired) (string, error) {
	people := slices.DeleteFunc(slices.Clone(roster), func(p store.Paired) bool { return !slices.Contains(names, p.Recipient.Name.Reveal()) })
	if len(people) == 0 {
		people = roster
	}
	unknown := t.notMine(text, others, roster)
	switch {
	case len(roster) == 0:
		return say.NeedNobody, nil
	case unknown != "":
		if own := ownPart(text, unknown, people); own != "" {
			reply, err := t.needsReported(ctx, own, people)
			return reply + "\n" + say.NotOnRoster(unknown), err
		}
		people = roster
	case len(people) == 1 || needsNamed(text, people):
		return t.needsReported(ctx, text, people)
	}
	var ids []string
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	labels, err := t.labels(ctx, ids, roster)
	t.session.Ask = &question{Kind: askNeedWho, Asked: 1, At: t.Tx.Now(), Options: ids, Draft: draft{Words: text}}
	if unknown != "" {
		return say.AskWhoNamed(unknown, labels), err
	}
	return say.WhoseNeed(labels), err
}

// calledIn finds the person whom a clause calls by name or alias: "" for none.
// Two people of one name are told apart by nothing here.
func calledIn(people []store.Paired) func(string) string {
	return func(clause string) (id string) {
		for _, p := range people {
			for _, name := range append(p.Recipient.AliasList(), p.Recipient.Name.Reveal()) {
				if name != "" && strings.Contains(clause, name) {
					if id != "" && id != p.ID {
						return ""
					}
					id = p.ID
				}
			}
		}
		return id
	}
}

// needsNamed tells whether every need of a report says whose it is.
func needsNamed(text string, people []store.Paired) bool {
	return !slices.ContainsFunc(needTables().reported(text, calledIn(people)), func(s needSaid) bool { return s.person == "" })
}

// needsReported raises the needs of a report about people whom it names, or
// about the only one.
func (t *talk) needsReported(ctx context.Context, text string, people []store.Paired) (string, error) {
	earlier, err := t.Tx.NeedsOf(ctx, []string{t.cadre}, 20)
	if err != nil {
		return "", err
	}
	said := needTables().reported(text, calledIn(people))
	var shown []say.Need
	for _, s := range said[:min(6, len(said))] {
		p := people[max(0, rosterIndex(people, s.person))]
		if n, ok := t.repeated(earlier, said, p.RecipientID); ok {
			return say.NeedAlready(n.Number), nil
		}
		n := t.needOf(s, p.Recipient)
		n.Role, n.AskerID, n.CadreID = models.RoleCadre, t.cadre, t.cadre
		line, err := t.raiseNeed(ctx, &n)
		if err != nil {
			return "", err
		}
		line.Family = p.Recipient.Name.Reveal()
		shown = append(shown, line)
	}
	t.session.Ask = nil
	return say.NeedsReported(shown), nil
}

// answerNeedWho takes the answer to whose need it is.
func (t *talk) answerNeedWho(ctx context.Context, q *question, plain string, roster []store.Paired) (string, bool, error) {
	if noneOfThem.MatchString(plain) {
		reply, err := t.cancel(ctx)
		return reply, true, err
	}
	ids := chosen(plain, q.Options)
	if ids == nil && len([]rune(plain)) <= 12 {
		if id := calledIn(roster)(plain); id != "" {
			ids = []string{id}
		}
	}
	if len(ids) != 1 || rosterIndex(roster, ids[0]) < 0 {
		return "", false, nil
	}
	i := rosterIndex(roster, ids[0])
	reply, err := t.needsReported(ctx, q.Draft.Words, roster[i:i+1])
	return reply, true, err
}

// besideLog asks, after the receipt of a log that calls for somebody, whether the
// need is passed on. Where something else is asked, it is not.
func (t *talk) besideLog(ctx context.Context, reply string, meaning understand.Result, roster []store.Paired) (string, error) {
	asked := ""
	if q := t.asks(askChecks, askMeasure); q != nil {
		asked = q.Typed
	} else if t.session.Ask != nil || t.alarmed {
		return reply, nil
	}
	said, acts := needTables().beside(t.text, calledIn(roster)), meaning.Activities
	if unknown := t.notMine(t.text, meaning.Others, roster); len(said) > 0 && unknown != "" {
		return reply + "\n" + say.NotOnRoster(unknown), nil
	}
	var ids, words []string
	for _, s := range said {
		id := s.person
		if id == "" {
			for _, a := range acts {
				if found := byName(roster, a.Person); len(found) == 1 && (id == "" || id == found[0]) {
					id = found[0]
				} else {
					return reply, nil // of several, nobody knows whose it is
				}
			}
		}
		if i := rosterIndex(roster, id); i >= 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		words = append(words, s.words)
	}
	if len(ids) != 1 {
		return reply, nil
	}
	t.session.Ask = &question{Kind: askNeedLog, Asked: 1, At: t.Tx.Now(), Options: ids, Draft: draft{Words: strings.Join(words, ";")}}
	reply = strings.TrimSuffix(reply, "\n"+asked) // one thing at a time
	return reply + "\n" + say.AskNeedLog(strings.Join(words, ";"), models.DepartmentOf(said[0].department).Name), nil
}

// answerNeedLog takes the answer to it.
func (t *talk) answerNeedLog(ctx context.Context, q *question, plain string, roster []store.Paired) (string, bool, error) {
	i := rosterIndex(roster, q.Options[0])
	switch narrowDigits(plain) {
	case "1", "转", "要", "好", "行":
		if i < 0 {
			return "", false, nil
		}
		reply, err := t.needsReported(ctx, q.Draft.Words, roster[i:i+1])
		return reply, true, err
	case "2", "不转", "不用", "不要", "不":
		t.session.Ask = nil
		return say.NeedNotPassed, true, nil
	}
	return "", false, nil
}
