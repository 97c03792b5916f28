package handlers

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// weekAll is one sentence for a whole week of 每周看望, with who was left out and
// whether it was by telephone:
//
//	都看了  这周都看过了  除了老李都看了  除老李、王奶奶外其他的都看望了
//	雪大路不通,都打电话问了  这周除了老李都电话看过了
var weekAll = regexp.MustCompile(`^(?:(?:大雪|下雪|雪大|雪太大|路滑|封路|路不通)\p{Han}{0,6}[, ]?)?(?:(?:这|本|这一|这个)(?:周|星期|礼拜)[, ]?)?` +
	`(?:除了?(?P<but>[^,]{1,30}?)(?:以外|之外|外|没看|没去)?[, ]?(?:其他|其余|别|剩下)?的?(?:人|户|家)?)?` +
	`(?:各户|家家|户户|人人|每户|全部|[两二三四五六七八九十几]户)?都(?:(?P<call>(?:打|用|通)?(?:过|了)?电话(?:问|看|联系|代看)?)|(?:去|上门)?(?:看|看望|走访|探望|转|瞧|跑))(?:过|了|完|到|一遍)*$`)

// weekly takes such a sentence from somebody who looks in on people every week.
// Who was recorded this week already, or is in hospital, is left as it is.
func (t *talk) weekly(ctx context.Context, plain string, roster []store.Paired) (string, bool, error) {
	m := weekAll.FindStringSubmatch(plain)
	if m == nil || !t.idle() {
		return "", false, nil
	}
	but, call := m[weekAll.SubexpIndex("but")], m[weekAll.SubexpIndex("call")] != ""
	due, tallies, err := t.weeklyDue(ctx, roster)
	if err != nil || len(due) == 0 {
		return "", false, err
	}
	left := named(due, but)
	if but != "" && len(left) == 0 {
		return say.WeekWho(but), true, nil
	}
	w := say.Week{Day: t.today, Call: call}
	var entries []desk.Entry
	for _, p := range due {
		o := thisWeek(tallies[p.ID])
		labels, err := t.labels(ctx, []string{p.ID}, due)
		if err != nil {
			return "", true, err
		}
		switch {
		case slices.ContainsFunc(left, func(q store.Paired) bool { return q.ID == p.ID }):
			if !o.Met() {
				w.Left = append(w.Left, labels[0])
			}
			continue
		case o.Rest != "":
			w.Resting = append(w.Resting, say.InState(labels[0], o.Rest))
			continue
		case o.Met() && (call || o.Proxied == 0):
			w.Before++
			continue
		}
		e := desk.Entry{Pairing: p.Pairing, Name: labels[0], Kind: models.KindVisit, Day: t.today, Words: plain}
		if call {
			e.Kind, e.Channel = models.KindContact, models.ChannelPhone
		}
		entries, w.Seen = append(entries, e), append(w.Seen, labels[0])
	}
	if len(entries) == 0 {
		return w.String(), true, nil
	}
	logged, err := desk.Log(ctx, t.as(), t.cadre, t.Key, plain, entries, nil, t.today, t.Rules)
	if err != nil {
		return "", true, err
	}
	t.session.Ask, t.session.Lately, t.session.Held = nil, lately{}, false
	t.session.Photo = photoTrail{At: t.as().Now(), Record: logged.RecordID}
	// Who is looked after in both ways has the year's line too.
	if w.Years, err = t.bothLines(ctx, entries, roster); err != nil {
		return "", true, err
	}
	checks, err := t.offerChecks(ctx, logged.RecordID, entries)
	return strings.TrimSuffix(w.String()+"\n"+checks, "\n"), true, err
}

// weeklyDue lists the pairings that owe a look this week.
func (t *talk) weeklyDue(ctx context.Context, roster []store.Paired) ([]store.Paired, map[string]models.Tally, error) {
	var some []store.Paired
	var pairings []models.Pairing
	for _, p := range roster {
		if p.Line == models.LineFamilyCare {
			some, pairings = append(some, p), append(pairings, p.Pairing)
		}
	}
	tallies, err := t.as().Tallies(ctx, pairings, t.today)
	return slices.DeleteFunc(some, func(p store.Paired) bool {
		o := thisWeek(tallies[p.ID])
		return o.Key == "" || o.State == models.ObligationCancelled
	}), tallies, err
}

func thisWeek(t models.Tally) models.Obligation {
	for _, o := range t.Current() {
		if o.Cycle == models.CycleWeek {
			return o
		}
	}
	return models.Obligation{}
}

func (t *talk) bothLines(ctx context.Context, entries []desk.Entry, roster []store.Paired) (lines []string, err error) {
	var main []models.Pairing
	var names []string
	for _, e := range entries {
		for _, p := range roster {
			if p.RecipientID == e.Pairing.RecipientID && p.Line == models.LinePairing {
				main, names = append(main, p.Pairing), append(names, e.Name)
			}
		}
	}
	tallies, err := t.as().Tallies(ctx, main, t.today)
	for i, p := range main {
		lines = append(lines, say.YearLine(names[i], tallies[p.ID]))
	}
	return lines, err
}

// oncePerPerson keeps one pairing of a cadre with a person who is looked after in
// several lines, the main one first: a visit counts for all of them.
func oncePerPerson(roster []store.Paired) (out []store.Paired) {
	for _, p := range roster {
		i := slices.IndexFunc(out, func(q store.Paired) bool { return q.RecipientID == p.RecipientID })
		switch {
		case i < 0:
			out = append(out, p)
		case p.Line == models.LinePairing:
			out[i] = p
		}
	}
	return out
}
