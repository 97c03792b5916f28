package handlers

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// home widens a visit to a household (去老谷家) to those who were there. Who they
// are is asked once and remembered; people who are away or in hospital are not
// asked about. asked is the question, where it has to be put.
func (t *talk) home(ctx context.Context, d *draft, roster []store.Paired) (asked string, err error) {
	for _, a := range slices.Clone(d.Acts) {
		head, members := t.homeVisited(*d, a, roster)
		if len(members) < 2 {
			continue
		}
		if members, err = present(ctx, t.as(), members, a.Date); err != nil || len(members) < 2 {
			return "", err
		}
		name := head.Recipient.Name.Reveal()
		there, known := t.session.Homes[head.Recipient.Household]
		switch {
		case allThere.MatchString(d.Words):
			t.remember(head.Recipient.Household, members)
		case !known:
			t.session.Ask = &question{Kind: askHome, Asked: 1, At: t.Tx.Now(), Draft: *d, Typed: head.ID}
			for _, m := range members {
				t.session.Ask.Options = append(t.session.Ask.Options, m.ID)
			}
			labels, err := t.labels(ctx, t.session.Ask.Options, roster)
			return say.AskHome(name, labels), err
		default:
			members = slices.DeleteFunc(members, func(m store.Paired) bool { return !slices.Contains(there, m.RecipientID) })
			if len(members) > 1 && !d.Home {
				t.also = append(t.also, say.HomeRemembered(name, len(members)))
			}
		}
		d.widen(a, head, members)
	}
	return "", nil
}

// allThere are the words that name the whole household.
var allThere = regexp.MustCompile(`口人?都在|都在家|一家(人|\p{Han}口)都|全家`)

// homeVisited finds the household that a visit names, with its people of the
// roster, unless the message names several of them.
func (t *talk) homeVisited(d draft, a understand.Activity, roster []store.Paired) (head store.Paired, members []store.Paired) {
	ids, settled := d.Who[a.Person]
	if !settled {
		ids = byName(roster, a.Person)
	}
	if a.Kind != models.KindVisit || len(ids) != 1 || strings.HasPrefix(a.Person, "#") {
		return head, nil
	}
	head = roster[rosterIndex(roster, ids[0])]
	names := append(head.Recipient.AliasList(), head.Recipient.Name.Reveal())
	if head.Recipient.Household == "" || !slices.ContainsFunc(names, func(n string) bool { return n != "" && strings.Contains(d.Words, n+"家") }) {
		return head, nil
	}
	for _, p := range roster {
		if p.Recipient.Household != head.Recipient.Household {
			continue
		}
		members = append(members, p)
		if p.ID != head.ID && slices.ContainsFunc(d.Acts, func(b understand.Activity) bool {
			return b.Date == a.Date && (b.Person == p.Recipient.Name.Reveal() || b.Person == "#"+p.ID)
		}) {
			return head, nil
		}
	}
	return head, members
}

// widen adds the visit for the others who were there. Gifts and things done stay
// with whom they were told of.
func (d *draft) widen(visit understand.Activity, head store.Paired, there []store.Paired) {
	who := map[string][]string{}
	for k, v := range d.Who {
		who[k] = v
	}
	for _, m := range there {
		if m.ID == head.ID {
			continue
		}
		other := visit
		other.Person = "#" + m.ID // a name may be shared
		who[other.Person] = []string{m.ID}
		d.Acts = append(d.Acts, other)
	}
	d.Who, d.Home = who, true
}

func (t *talk) remember(household string, there []store.Paired) {
	homes := map[string][]string{}
	for k, v := range t.session.Homes {
		homes[k] = v
	}
	homes[household] = recipientIDs(there)
	t.session.Homes = homes
}

// homeWords takes the answer to 三口都在吗, and 只有谷军 after a record that took
// the earlier answer.
func (t *talk) homeWords(ctx context.Context, plain string, roster []store.Paired) (string, bool, error) {
	only := onlyHome.FindStringSubmatch(plain)
	q := t.asks(askHome)
	if q == nil {
		if only == nil {
			return "", false, nil
		}
		return t.onlyThere(ctx, only[1], roster)
	}
	i := rosterIndex(roster, q.Typed)
	if i < 0 {
		t.session.Ask = nil
		return "", false, nil
	}
	there := slices.DeleteFunc(slices.Clone(roster), func(p store.Paired) bool { return !slices.Contains(q.Options, p.ID) })
	switch named := named(there, plain); {
	case slices.Contains([]string{"1", "都在", "都", "在", "都在家", "是", "嗯"}, narrowDigits(plain)):
	case narrowDigits(plain) == "2", only != nil:
		there = []store.Paired{roster[i]}
	case len(named) > 0 && len([]rune(plain)) <= 12 && slices.ContainsFunc(named, func(p store.Paired) bool { return p.ID == q.Typed }):
		there = named
	default:
		t.session.Ask = nil
		return "", false, nil
	}
	t.remember(roster[i].Recipient.Household, there)
	d := q.Draft
	d.Home = true
	t.session.Ask = nil
	reply, err := t.log(ctx, d, roster, nil)
	return reply, true, err
}

var onlyHome = regexp.MustCompile(`^(?:只有|就|只)(\p{Han}{2,4}?)(?:一个人|一个)?(?:在家|在)?$`)

// named finds the people of a list whom words name.
func named(people []store.Paired, words string) []store.Paired {
	return slices.DeleteFunc(slices.Clone(people), func(p store.Paired) bool {
		return !slices.ContainsFunc(append(p.Recipient.AliasList(), p.Recipient.Name.Reveal()), func(n string) bool { return n != "" && strings.Contains(words, n) })
	})
}

// onlyThere corrects what is remembered of a household, and the last record
// where it took more people in.
func (t *talk) onlyThere(ctx context.Context, name string, roster []store.Paired) (string, bool, error) {
	one := named(roster, name)
	if len(one) != 1 || len(t.session.Homes[one[0].Recipient.Household]) < 2 {
		return "", false, nil
	}
	t.remember(one[0].Recipient.Household, one)
	p, err := desk.Last(ctx, t.as(), t.cadre)
	if errors.Is(err, store.ErrNotFound) {
		return say.HomeOnly(one[0].Recipient.Name.Reveal()), true, nil
	}
	if err != nil {
		return "", true, err
	}
	var others []string
	for _, r := range roster {
		if r.Recipient.Household == one[0].Recipient.Household && r.ID != one[0].ID {
			others = append(others, r.RecipientID)
		}
	}
	now := slices.DeleteFunc(slices.Clone(p.Entries), func(e desk.Entry) bool {
		return e.Kind == models.KindVisit && slices.Contains(others, e.Pairing.RecipientID)
	})
	if len(now) == 0 || len(now) == len(p.Entries) {
		return say.HomeOnly(one[0].Recipient.Name.Reveal()), true, nil
	}
	reply, err := t.amended(ctx, p, now)
	return reply, true, err
}

// oncePerHome keeps one of the things done that one clause tells for several
// people of a household.
func oncePerHome(entries []desk.Entry, roster []store.Paired, notes []string) ([]desk.Entry, []string) {
	type thing struct {
		household, words string
		help             models.Help
		day              models.Day
	}
	seen := map[thing]string{}
	var kept []desk.Entry
	for _, e := range entries {
		i := rosterIndex(roster, e.Pairing.ID)
		if e.Kind == models.KindHelp && i >= 0 && roster[i].Recipient.Household != "" {
			k := thing{roster[i].Recipient.Household, e.Words, e.Help, e.Day}
			if first, again := seen[k]; again {
				if note := say.HelpOfHome(first); !slices.Contains(notes, note) {
					notes = append(notes, note)
				}
				continue
			}
			seen[k] = e.Name
		}
		kept = append(kept, e)
	}
	return kept, notes
}
