package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// cause is one reason to write to a cadre. As a key it is a row that exists once:
//
//	visit/<pairing>/2026H2        the first word on it; /30 and /14 later ones
//	birthday/<cadre>/<recipient>/2026-12-03
//	festival/<cadre>/重阳节/2026
//	summary/<cadre>/2026-10
type cause struct {
	kind  string
	parts []string
}

func (c cause) key() string { return c.kind + "/" + strings.Join(c.parts, "/") }

// duty tells whether it is a duty, and not an occasion.
func (c cause) duty() bool {
	switch models.Kind(c.kind) {
	case models.KindVisit, models.KindContact, models.KindHelp:
		return true
	}
	return false
}

func readCause(key string) cause {
	f := strings.Split(key, "/")
	return cause{f[0], f[1:]}
}

// Before birthdays, and how long after the end of a month its summary still
// goes out.
const (
	birthdayAhead = 7
	summaryDays   = 20
)

// known is what is known of some cadres on a day: whom they look after, and what
// was done.
type known struct {
	*ledger
	o       *Outbox
	feasts  []feast // of which it is time to speak
	people  map[string]models.Recipient
	waiting map[string]int
}

// questionsWaitFor is the age from which an unanswered question is named in the
// week's message.
const questionsWaitFor = 48 * time.Hour

// ledger is how the main line of cadres stands, read at once for all who are
// planned for.
type ledger struct {
	today models.Day
	pairs map[string][]models.Standing // by cadre
	did   map[string][3]int            // by cadre: visits, contacts and things done in the year of last month
}

// readLedger reads that of a few cadres by their pairings, of many from the
// standings of the city.
func readLedger(ctx context.Context, st *store.Store, cadres []string, today models.Day) (*ledger, error) {
	read := func(on models.Day) ([]models.Standing, error) {
		if len(cadres) > planPage {
			return st.Standings(ctx, models.CityCode, on)
		}
		return st.StandingsOf(ctx, cadres, on)
	}
	rows, err := read(today)
	if err != nil {
		return nil, err
	}
	l := &ledger{today: today, pairs: map[string][]models.Standing{}, did: map[string][3]int{}}
	for _, p := range rows {
		// Where somebody died the house is in mourning; silence.
		if p.Line == models.LinePairing && p.Holds(today) && p.State != models.StateDeceased {
			l.pairs[p.CadreID] = append(l.pairs[p.CadreID], p)
		}
	}
	for _, pairs := range l.pairs {
		slices.SortFunc(pairs, func(a, b models.Standing) int {
			return cmp.Or(strings.Compare(string(a.FromDay), string(b.FromDay)), strings.Compare(a.ID, b.ID))
		})
	}
	if year := l.lastMonth().Year(); year != today.Year() {
		if rows, err = read(models.NewDay(year, 12, 31)); err != nil {
			return nil, err
		}
	}
	for _, p := range rows {
		if mine := l.pairs[p.CadreID]; slices.ContainsFunc(mine, func(q models.Standing) bool { return q.ID == p.ID }) {
			did, t := l.did[p.CadreID], p.Tally
			l.did[p.CadreID] = [3]int{did[0] + t.Visits, did[1] + t.Contacts, did[2] + t.Helps}
		}
	}
	return l, nil
}

func (l *ledger) lastMonth() models.Day { return models.MonthOf(l.today).Add(-1).First() }

func (o *Outbox) know(ctx context.Context, st *store.Store, l *ledger, cadres []string) (*known, error) {
	k := &known{o: o, ledger: l, feasts: comingFeasts(l.today)}
	var ids []string
	for _, id := range cadres {
		for _, p := range l.pairs[id] {
			ids = append(ids, p.RecipientID)
		}
	}
	var err error
	if k.people, err = st.PeopleOf(ctx, ids); err != nil {
		return nil, err
	}
	k.waiting, err = st.QuestionsWaiting(ctx, cadres, models.InstantOf(o.Now().Add(-questionsWaitFor)))
	return k, err
}

// causes are all reasons that hold today to write to a cadre.
func (k *known) causes(cadre string) (out []cause) {
	if len(k.pairs[cadre]) == 0 {
		return nil
	}
	for _, p := range k.pairs[cadre] {
		for _, o := range k.owes(p) {
			parts := []string{p.ID, o.Name}
			if o.Step < firstStep(o.Kind, o.By) {
				parts = append(parts, strconv.Itoa(o.Step))
			}
			out = append(out, cause{string(o.Kind), parts})
		}
	}
	for _, p := range k.pairs[cadre] {
		if on, ok := k.birthday(p.RecipientID); ok {
			out = append(out, cause{KindBirthday, []string{cadre, p.RecipientID, string(on)}})
		}
	}
	for _, f := range k.feasts {
		if k.keeps(cadre, f) {
			out = append(out, cause{KindFestival, []string{cadre, f.Name, strconv.Itoa(f.Day.Year())}})
		}
	}
	// Nothing to sum up is no reason to write.
	if k.today.Time().Day() <= summaryDays && k.did[cadre] != [3]int{} {
		out = append(out, cause{KindSummary, []string{cadre, string(k.lastMonth()[:7])}})
	}
	return out
}

// owes lists what a pairing is behind with; who is away is called, not visited
// (users.md 一.9).
func (k *known) owes(p models.Standing) []models.Owed {
	all := models.Owes(p.Pairing, p.Tally)
	if p.State == "" {
		return all
	}
	return slices.DeleteFunc(all, func(o models.Owed) bool { return o.Kind != models.KindContact })
}

// firstStep is how many days before a milestone it is first spoken of.
func firstStep(kind models.Kind, by models.Day) int {
	for _, m := range models.Milestones {
		if m.Kind == kind && m.By(by.Year()) == by {
			return m.Speak[0]
		}
	}
	return 0
}

func (k *known) birthday(recipient string) (models.Day, bool) {
	r := k.people[recipient]
	if r.Birth.Empty() {
		return "", false
	}
	var lunar models.Lunar
	if r.BirthLunar {
		lunar = understand.Lunar
	}
	on, ok := models.NextBirthday(models.Day(r.Birth.Reveal()), k.today, lunar)
	return on, ok && on.Sub(k.today) <= birthdayAhead
}

func (k *known) keeps(cadre string, f feast) bool {
	for _, p := range k.pairs[cadre] {
		if forWhom[f.For](k.people[p.RecipientID], f.Day) {
			return true
		}
	}
	return false
}

// words say those causes that hold; the others fall silent.
func (k *known) words(cadre string, causes []cause) say.Weekly {
	w := say.Weekly{Today: k.today, Questions: k.waiting[cadre]}
	behind := map[models.Kind]map[string]bool{}
	sooner := func(d *models.Day, by models.Day) {
		if *d == "" || by < *d {
			*d = by
		}
	}
	for _, c := range causes {
		switch c.kind {
		case KindBirthday:
			on, ok := k.birthday(c.parts[1])
			if ok && string(on) == c.parts[2] && k.looksAfter(cadre, c.parts[1]) {
				w.Birthdays++
				sooner(&w.Birthday, on)
			}
		case KindFestival:
			year, _ := strconv.Atoi(c.parts[2])
			f, ok := feastNamed(c.parts[1], year)
			if ok && f.Day > k.today && k.keeps(cadre, f) && (w.FestivalOn == "" || f.Day < w.FestivalOn) {
				w.Festival, w.Idea, w.FestivalOn = say.Feast(f.Name, f.Words, f.Day), f.Idea, f.Day
			}
		case KindSummary:
			if month := k.lastMonth(); string(month[:7]) == c.parts[1] {
				w.Month, w.Did = month, k.did[cadre]
			}
		default:
			kind := models.Kind(c.kind)
			for _, p := range k.pairs[cadre] {
				if p.ID != c.parts[0] {
					continue
				}
				for _, o := range k.owes(p) {
					if o.Kind == kind {
						if behind[kind] == nil {
							behind[kind] = map[string]bool{}
						}
						behind[kind][p.ID] = true
						sooner(&w.By, o.By)
					}
				}
			}
		}
	}
	w.Visits, w.Contacts, w.Helps = len(behind[models.KindVisit]), len(behind[models.KindContact]), len(behind[models.KindHelp])
	return w
}

func (k *known) looksAfter(cadre, recipient string) bool {
	for _, p := range k.pairs[cadre] {
		if p.RecipientID == recipient {
			return true
		}
	}
	return false
}
