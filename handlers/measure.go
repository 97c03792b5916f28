package handlers

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
)

// askMeasure is the question whether a measure of a plan (一人一策) was done by
// what was just logged. It is asked once; the plan can be ticked in the console.
const askMeasure = "measure"

// offerMeasure asks behind a receipt about the one measure of the cadre's that
// plainly fits it. Nothing is asked where something else is.
func (t *talk) offerMeasure(ctx context.Context, record string, entries []desk.Entry) (line string, err error) {
	if t.session.Ask != nil || t.alarmed {
		return "", nil
	}
	var people []string
	for _, e := range entries {
		people = append(people, e.Pairing.RecipientID)
	}
	open, err := t.as().OpenMeasures(ctx, people)
	if err != nil || len(open) == 0 {
		return "", err
	}
	owns, err := t.owns(ctx)
	if err != nil {
		return "", err
	}
	open = slices.DeleteFunc(open, func(m models.PlanMeasure) bool {
		return !owns(m) || !slices.ContainsFunc(entries, func(e desk.Entry) bool { return doneBy(m, e) })
	})
	if len(open) != 1 {
		return "", nil
	}
	line = say.AskMeasure(open[0].Words.Reveal())
	t.session.Ask = &question{Kind: askMeasure, Asked: 1, At: t.Tx.Now(), Record: record, Options: []string{open[0].ID, open[0].RecipientID}, Typed: line}
	return line, nil
}

// owns tells which measures are the cadre's: those that name the cadre, in full or
// as a drafted plan does, and of people who were handed over those that name who
// had them before.
func (t *talk) owns(ctx context.Context) (func(models.PlanMeasure) bool, error) {
	cards, err := t.Tx.HandoversOf(ctx, "", t.cadre)
	if err != nil {
		return nil, err
	}
	ids, before := []string{t.cadre}, map[string][]string{}
	for _, h := range cards {
		ids, before[h.RecipientID] = append(ids, h.CadreID), append(before[h.RecipientID], h.CadreID)
	}
	named, err := t.as().CadreNames(ctx, ids)
	return func(m models.PlanMeasure) bool {
		owner := m.Owner.Reveal()
		return slices.ContainsFunc(append([]string{t.cadre}, before[m.RecipientID]...), func(id string) bool {
			c := named[id]
			return c.Name != "" && (strings.Contains(owner, c.Name) || owner == models.MaskName(c.Name)+"("+c.Unit+")")
		})
	}, err
}

var (
	measureYes = []string{"算", "是", "是的", "算做到了", "做到了"}
	measureNo  = []string{"不算", "没有", "没做到"}
)

// answerMeasure ticks the measure with the activity that did it.
func (t *talk) answerMeasure(ctx context.Context, q *question, plain string) (string, bool, error) {
	if slices.Contains(measureNo, plain) {
		t.session.Ask = nil
		return say.MeasureLeft, true, nil
	}
	if !slices.Contains(measureYes, plain) {
		return "", false, nil
	}
	t.session.Ask = nil
	open, err := t.as().OpenMeasures(ctx, q.Options[1:])
	if err != nil {
		return "", true, err
	}
	past, err := desk.Open(ctx, t.as(), q.Record)
	if err != nil {
		return "", true, err
	}
	for _, m := range open {
		i := slices.IndexFunc(past.Entries, func(e desk.Entry) bool { return doneBy(m, e) })
		if m.ID != q.Options[0] || i < 0 {
			continue
		}
		row := past.Rows[i]
		if err := t.as().TickMeasure(ctx, m.ID, row.Day, row.ID); err != nil {
			return "", true, err
		}
		err := t.as().NoteChange(ctx, "plan.tick", "recipient:"+m.RecipientID, say.MeasureSaid, "", string(row.Day))
		return say.MeasureTicked(m.Words.Reveal(), past.Done()[i]), true, err
	}
	return say.MeasureGone, true, nil
}

func doneBy(m models.PlanMeasure, e desk.Entry) bool {
	return m.RecipientID == e.Pairing.RecipientID && measureFits(m.Words.Reveal(), e.Words, e.Help, e.Name, e.Called)
}

var (
	// everSo are measures that no one visit does.
	everSo = regexp.MustCompile(`每|定期|经常|平时|随时|长期|坚持|按时|不定`)
	// notYet are words of what was not done.
	notYet = regexp.MustCompile(`没|未|还要|还得|准备|打算|下次|改天|明天|以后`)
	// general are words that say nothing of a measure of its own.
	general = regexp.MustCompile(`走访|看望|上门|联系|打?电话|帮[助忙着]|协助|老人|孩子|生活|困难|问题|今天|昨天|前天|\P{Han}|[了的给把他她为和去来到好家一个些在着过又再就都前]`)
)

// measureFits tells whether a note plainly says that a measure was done: its kind
// of help stands in the measure, or a word and three signs in all (or all that
// the measure has) are the same. Names count for nothing.
func measureFits(measure, note string, help models.Help, names ...string) bool {
	if everSo.MatchString(measure) || notYet.MatchString(note) {
		return false
	}
	if help != "" && strings.Contains(measure, help.Label()) {
		return true
	}
	for _, n := range names {
		if n != "" {
			measure, note = strings.ReplaceAll(measure, n, " "), strings.ReplaceAll(note, n, " ")
		}
	}
	measure, note = general.ReplaceAllString(measure, " "), general.ReplaceAllString(note, " ")
	signs, shared, word, last := 0, 0, false, rune(' ')
	for i, r := range measure {
		if r != ' ' && !strings.ContainsRune(measure[:i], r) {
			signs++
			if strings.ContainsRune(note, r) {
				shared++
			}
		}
		word = word || last != ' ' && r != ' ' && strings.Contains(note, string([]rune{last, r}))
		last = r
	}
	return word && shared >= min(3, signs)
}
