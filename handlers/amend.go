package handlers

import (
	"context"
	"errors"
	"slices"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// amend corrects the last record by what was said: the day of all its
// activities, the sum of its gift, its person, its kind.
func (t *talk) amend(ctx context.Context, a understand.Amendment, roster []store.Paired) (string, error) {
	if reply, done, err := t.amendLately(ctx); done || err != nil {
		return reply, err
	}
	p, err := desk.Last(ctx, t.as(), t.cadre)
	if errors.Is(err, store.ErrNotFound) || err == nil && len(p.Rows) == 0 {
		return say.NothingToAmend, nil
	}
	if err != nil {
		return "", err
	}
	now := slices.Clone(p.Entries)
	changed := false
	if a.Date != "" {
		for i := range now {
			switch q := now[i].Pairing; {
			case a.Date > t.today:
				return say.NotYet(a.Date), nil
			case a.Date.Year() != t.today.Year() && t.Rules.Late(a.Date, t.today):
				return say.NotThisYear(a.Date), nil
			case !q.Holds(a.Date):
				return say.NotInPairing(now[i].Name, a.Date, q.FromDay, q.ToDay), nil
			}
			changed = changed || now[i].Day != a.Date
			now[i].Day = a.Date
		}
	}
	if a.Person != "" {
		done, err := t.amendPerson(ctx, a, now, roster)
		if err != nil || done == "" {
			return say.AskWhoNamed(a.Person, names(roster)), err
		}
		changed = true
	}
	if a.Kind != "" || a.Channel != "" {
		changed = amendKind(a, now) || changed
	}
	if a.AmountFen != nil {
		fen := int64(*a.AmountFen)
		var gift bool
		if now, gift = amendAmount(now, fen); gift {
			changed = true
		}
	}
	for _, add := range a.Add {
		e := now[0]
		e.Kind, e.Channel, e.Help, e.Stage, e.AmountFen, e.Words = add.Kind, add.Channel, add.Help, add.Stage, nil, add.Clause
		if add.AmountFen != nil {
			fen := int64(*add.AmountFen)
			e.AmountFen = &fen
		}
		if ids := byName(roster, add.Person); len(ids) == 1 {
			i := rosterIndex(roster, ids[0])
			e.Pairing, e.Name = roster[i].Pairing, roster[i].Recipient.Name.Reveal()
		}
		now = append(now, e)
		changed = true
	}
	if !changed {
		return say.AmendUnclear(p.Done()), nil
	}
	return t.amended(ctx, p, now)
}

func (t *talk) amended(ctx context.Context, p desk.Past, now []desk.Entry) (string, error) {
	before := p.Done()
	years, err := desk.Amend(ctx, t.as(), p, now, t.today, t.Rules)
	if err != nil {
		return "", err
	}
	fresh, err := desk.Open(ctx, t.as(), p.Record.ID)
	if err != nil {
		return "", err
	}
	closed, err := t.reported(ctx, p)
	if closed != "" {
		years = append(years, closed)
	}
	return say.Amended(before, fresh.Done(), years), err
}

// amendPerson moves activities to another person: those of the wrong one that
// was named, else all.
func (t *talk) amendPerson(_ context.Context, a understand.Amendment, now []desk.Entry, roster []store.Paired) (string, error) {
	ids := byName(roster, a.Person)
	if len(ids) != 1 {
		return "", nil
	}
	right := roster[rosterIndex(roster, ids[0])]
	for i := range now {
		if a.NotPerson == "" || now[i].Name == a.NotPerson {
			now[i].Pairing, now[i].Name, now[i].Called = right.Pairing, right.Recipient.Name.Reveal(), ""
		}
	}
	return a.Person, nil
}

// amendKind turns a visit into a contact or back, or sets the channel. Where the
// old way is told and recorded, only what was told that way changes.
func amendKind(a understand.Amendment, now []desk.Entry) (changed bool) {
	old := func(e desk.Entry) bool { return e.Kind == a.OldKind && e.Channel == a.OldChannel }
	named := slices.ContainsFunc(now, old)
	for i := range now {
		e := &now[i]
		if e.Kind != models.KindVisit && e.Kind != models.KindContact || named && !old(*e) {
			continue
		}
		kind := a.Kind
		if kind == "" {
			kind = models.KindContact
		}
		if kind != models.KindVisit && kind != models.KindContact {
			continue
		}
		channel := a.Channel
		if kind == models.KindVisit {
			channel = ""
		} else if channel == "" {
			channel = models.ChannelPhone
		}
		changed = changed || e.Kind != kind || e.Channel != channel
		e.Kind, e.Channel = kind, channel
	}
	return changed
}

// amendAmount sets the sum of the gifts: of the only one, or the same sum of
// several people's; a record without a gift gets one.
func amendAmount(now []desk.Entry, fen int64) ([]desk.Entry, bool) {
	found := false
	for i := range now {
		if now[i].Kind == models.KindAid {
			v := fen
			now[i].AmountFen = &v
			found = true
		}
	}
	if !found && len(now) > 0 {
		e := now[0]
		e.Kind, e.Channel, e.Help, e.Stage, e.AmountFen = models.KindAid, "", "", "", &fen
		return append(now, e), true
	}
	return now, found
}

func names(roster []store.Paired) (out []string) {
	for _, p := range roster {
		out = append(out, p.Recipient.Name.Reveal())
	}
	return out
}
