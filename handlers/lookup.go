package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// lookups are questions about one's own records, each with words that tell it,
// all of a group. The first that fits answers.
//
//	我昨天发的记上了吗  刚那条记了没          → recorded
//	上次去是啥时候  最后一回去老谷家是哪天      → last
//	老谷家去过几回  王奶奶今年走访几次了        → times; (还差几次走访 is progress)
//	为什么还差1次  咋还差一回                → why
//	年底总结给我写一段  给我写个总结           → digest
var lookups = []struct {
	words  [][]string
	not    []string
	answer func(*talk, context.Context, []store.Paired) (string, error)
}{
	{[][]string{{"记上了吗", "记上没", "记了没", "记上了没", "记着没", "记上了不", "录上没", "登上没", "收到没有", "记进去没"}}, nil, (*talk).recorded},
	{[][]string{{"上次", "上回", "最后一次", "最后一回", "最近一次", "上一次"}, {"啥时候", "什么时候", "啥时间", "哪天", "几号", "多会", "啥会", "几时"}}, nil, (*talk).last},
	{[][]string{{"为什么", "为啥", "咋还", "怎么还", "凭啥", "咋算", "怎么算"}, {"差", "算", "没够", "不够"}}, nil, (*talk).why},
	{[][]string{{"总结", "小结"}, {"写", "来一段", "弄一段", "给我"}}, nil, (*talk).digest},
	{[][]string{{"去过", "看过", "走访过", "走访", "联系过", "打过"}, {"几回", "几次", "多少次", "多少回", "几遍"}}, []string{"差", "够", "还要", "还得", "还需", "剩", "欠"}, (*talk).times},
}

// lookup answers a question about one's own records; ok is false where the
// sentence is none.
func (t *talk) lookup(ctx context.Context, roster []store.Paired, named []string) (answer string, ok bool, err error) {
	for _, l := range lookups {
		fits := !slices.ContainsFunc(l.words, func(group []string) bool {
			return !slices.ContainsFunc(group, func(w string) bool { return strings.Contains(t.text, w) })
		})
		if !fits || l.not != nil && slices.ContainsFunc(l.not, func(w string) bool { return strings.Contains(t.text, w) }) {
			continue
		}
		shown := slices.DeleteFunc(slices.Clone(roster), func(p store.Paired) bool {
			return len(named) > 0 && !slices.Contains(named, p.Recipient.Name.Reveal())
		})
		if len(shown) == 0 {
			return say.NobodyPaired, true, nil
		}
		answer, err = l.answer(t, ctx, shown)
		return answer, true, err
	}
	return "", false, nil
}

// year lists the standing activities of this year for some people.
func (t *talk) year(ctx context.Context, people []store.Paired) (map[string][]models.Activity, error) {
	ids := make([]string, len(people))
	for i, p := range people {
		ids[i] = p.RecipientID
	}
	rows, err := t.as().ActivitiesOn(ctx, t.cadre, ids, models.NewDay(t.today.Year(), 1, 1), t.today)
	out := map[string][]models.Activity{}
	for _, a := range rows {
		out[a.RecipientID] = append(out[a.RecipientID], a)
	}
	return out, err
}

// recorded tells what was recorded since yesterday morning.
func (t *talk) recorded(ctx context.Context, _ []store.Paired) (string, error) {
	since := models.InstantOf(t.Now.In(t.Zone).Truncate(time.Hour).Add(-36 * time.Hour))
	records, err := t.as().RecordsSince(ctx, t.cadre, since, 3)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, r := range records {
		p, err := desk.Open(ctx, t.as(), r.ID)
		if err != nil {
			return "", err
		}
		if len(p.Rows) > 0 {
			lines = append(lines, say.Things(p.Done()))
		}
	}
	return say.Recorded(lines), nil
}

// last tells when each was last visited and called.
func (t *talk) last(ctx context.Context, people []store.Paired) (string, error) {
	acts, err := t.year(ctx, people)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, p := range people {
		var visit, contact models.Day
		for _, a := range acts[p.RecipientID] {
			switch a.Kind {
			case models.KindVisit:
				visit = max(visit, a.Day)
			case models.KindContact:
				contact = max(contact, a.Day)
			}
		}
		lines = append(lines, say.LastSeen(p.Recipient.Name.Reveal(), visit, contact))
	}
	return strings.Join(lines, "\n"), nil
}

// times tells how often and when, after the line of the year.
func (t *talk) times(ctx context.Context, people []store.Paired) (string, error) {
	acts, err := t.year(ctx, people)
	if err != nil {
		return "", err
	}
	pairings := make([]models.Pairing, len(people))
	for i, p := range people {
		pairings[i] = p.Pairing
	}
	tallies, err := t.as().Tallies(ctx, pairings, t.today)
	if err != nil {
		return "", err
	}
	contacts := strings.Contains(t.text, "联系") || strings.Contains(t.text, "打")
	kind := models.KindVisit
	if contacts {
		kind = models.KindContact
	}
	var lines []string
	for _, p := range people {
		var days []models.Day
		for _, a := range acts[p.RecipientID] {
			if a.Kind == kind && (kind == models.KindContact || !slices.Contains(days, a.Day)) {
				days = append(days, a.Day)
			}
		}
		lines = append(lines, say.Times(p.Recipient.Name.Reveal(), tallies[p.ID], kind, days))
	}
	return strings.Join(lines, "\n"), nil
}

// why tells how the year is counted and what was counted.
func (t *talk) why(ctx context.Context, people []store.Paired) (string, error) {
	rules, err := t.as().Rules(ctx)
	if err != nil {
		return "", err
	}
	lines := []string{say.HowCounted(rules.On(t.today))}
	for _, p := range people {
		tally, acts, err := t.as().Explained(ctx, p.Pairing, t.today)
		if err != nil {
			return "", err
		}
		lines = append(lines, say.Counted(p.Recipient.Name.Reveal(), tally, acts))
	}
	return strings.Join(lines, "\n"), nil
}

// digest is a paragraph for the year's summary, of true figures only.
func (t *talk) digest(ctx context.Context, people []store.Paired) (string, error) {
	acts, err := t.year(ctx, people)
	if err != nil {
		return "", err
	}
	d := say.Digest{Year: t.today.Year(), Until: t.today, People: len(people)}
	visited := map[string]bool{}
	for _, rows := range acts {
		for _, a := range rows {
			switch {
			case a.Kind == models.KindVisit && !visited[a.RecipientID+string(a.Day)]:
				visited[a.RecipientID+string(a.Day)] = true
				d.Visits++
			case a.Kind == models.KindContact:
				d.Contacts++
			case a.Kind == models.KindHelp && a.Help == models.HelpPolicy:
				d.Policies++
			case a.Kind == models.KindHelp && a.Help == models.HelpDifficulty:
				d.Difficulties++
			case a.Kind == models.KindHelp:
				d.Deeds++
			case a.Kind == models.KindAid:
				d.Gifts++
				if a.AmountFen != nil {
					d.AidFen += *a.AmountFen
				}
			}
		}
	}
	return d.String(), nil
}

// callAgain offers a reminder for tomorrow where it is clear who was not reached.
func (t *talk) callAgain(ctx context.Context) (string, error) {
	roster, err := t.as().Roster(ctx, t.cadre, t.today)
	if err != nil {
		return "", err
	}
	roster = oncePerPerson(roster)
	who := named(roster, t.text)
	if len(who) == 0 {
		who = roster
	}
	if len(who) != 1 {
		return say.NotReached, nil
	}
	call := byPhone.MatchString(t.text)
	t.session.Ask = &question{Kind: askRecall, Asked: 1, At: t.Tx.Now(), Options: []string{who[0].ID}}
	if call {
		t.session.Ask.Typed = "call"
	}
	return say.CallAgain(who[0].Recipient.Name.Reveal(), call), nil
}

// plan answers what will be done: with the last visit's date, and a reminder on
// the day.
func (t *talk) plan(ctx context.Context, names []string, day models.Day, roster []store.Paired, call bool) (string, error) {
	people := slices.DeleteFunc(slices.Clone(roster), func(p store.Paired) bool { return !slices.Contains(names, p.Recipient.Name.Reveal()) })
	answer := say.Plan(names, day, call)
	if len(people) == 0 {
		return answer, nil
	}
	before, err := t.last(ctx, people)
	if err != nil {
		return "", err
	}
	if day > t.today {
		payload := planPayload{Cadre: t.cadre, Since: t.today, Call: call}
		for _, p := range people {
			payload.Recipients = append(payload.Recipients, p.RecipientID)
		}
		morning := day.Time().Add(8*time.Hour + 30*time.Minute)
		due := time.Date(morning.Year(), morning.Month(), morning.Day(), morning.Hour(), morning.Minute(), 0, 0, t.Zone)
		err := t.Tx.AddDelivery(ctx, "plan/"+t.Key, store.Delivery{
			Kind: KindPlan, Role: models.RoleCadre, SubjectID: t.cadre, OpenID: models.Conceal(string(t.Msg.From)),
			Payload: models.Conceal(mustJSON(payload)), DueAt: models.InstantOf(due),
		})
		if err != nil {
			return "", err
		}
		answer += say.PlanReminder
	}
	return answer + "\n" + before, nil
}
