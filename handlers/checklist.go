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

// askChecks is the question about what a visit looks at (四必查): whoever does not
// answer it has not done less.
const askChecks = "checks"

// offerChecks asks, behind the receipt of visits, for what the office's checklist
// holds. Nothing is asked where the list is empty or something else is.
func (t *talk) offerChecks(ctx context.Context, record string, entries []desk.Entry) (line string, err error) {
	if t.session.Ask != nil {
		return "", nil
	}
	var pairings []string
	day := models.Day("")
	for _, e := range entries {
		if e.Kind == models.KindVisit && !slices.Contains(pairings, e.Pairing.ID) {
			pairings, day = append(pairings, e.Pairing.ID), max(day, e.Day)
		}
	}
	if len(pairings) == 0 {
		return "", nil
	}
	lists, err := t.Tx.Lists(ctx)
	if err != nil {
		return "", err
	}
	var names []string
	for _, c := range lists.On(models.ListChecklist, day) {
		names = append(names, c.Name)
	}
	if len(names) == 0 {
		return "", nil
	}
	line = say.AskChecks(names, len(pairings))
	t.session.Ask = &question{Kind: askChecks, Asked: 1, At: t.Tx.Now(), Record: record, Options: pairings, Typed: line, Draft: draft{Today: day}}
	return line, nil
}

var (
	allFine  = regexp.MustCompile(`^(?:四必查)?(?:都|全|全都|各家都|一切|样样)?(?:好|好着|好着呢|好着哩|很好|没问题|没啥|正常|齐全|合格)[了的呢哩啦]*$`)
	someNot  = regexp.MustCompile(`^第?([1-6](?:[ ,、和.]*[1-6])*)(?:$|[项样条 ,、:.]+|有?(?:问题|情况)|不[行好对])(?:[ ,、:.]|有?(?:问题|情况)|不[行好对])*(.*)$`)
	oneDigit = regexp.MustCompile(`[1-6]`)
)

// answerChecks takes the answer: all well, or the numbers of what was not, with
// words that may be passed on as a need.
func (t *talk) answerChecks(ctx context.Context, q *question, plain string, meaning understand.Result, roster []store.Paired) (string, bool, error) {
	lists, err := t.Tx.Lists(ctx)
	if err != nil {
		return "", false, err
	}
	items := lists.On(models.ListChecklist, q.Draft.Today)
	fine, bad, words := map[string]bool{}, []string{}, ""
	for _, c := range items {
		fine[c.Code] = true
	}
	switch m := someNot.FindStringSubmatch(plain); {
	case allFine.MatchString(plain):
	case m != nil && len(q.Options) == 1 && meaning.Intent != understand.IntentLog:
		for _, digit := range oneDigit.FindAllString(m[1], -1) {
			n := int(digit[0] - '1')
			if n >= len(items) {
				return "", false, nil
			}
			if fine[items[n].Code] {
				fine[items[n].Code], bad = false, append(bad, items[n].Name)
			}
		}
		words = strings.TrimSpace(m[2])
	default:
		return "", false, nil
	}
	t.session.Ask = nil
	people, err := t.as().KeepFindings(ctx, q.Record, fine)
	if err != nil {
		return "", false, err
	}
	var whose []store.Paired
	for _, p := range roster {
		if slices.Contains(people, p.RecipientID) {
			whose = append(whose, p)
		}
	}
	reply := say.ChecksKept(bad, words == "")
	if words == "" || len(whose) != 1 {
		return reply, true, nil
	}
	said := needTables().split(words, func(string) string { return "" })
	if len(said) == 0 {
		return reply, true, nil
	}
	t.session.Ask = &question{Kind: askNeedLog, Asked: 1, At: t.Tx.Now(), Options: []string{whose[0].ID}, Draft: draft{Words: words}}
	return reply + "\n" + say.AskNeedLog(words, models.DepartmentOf(said[0].department).Name), true, nil
}
