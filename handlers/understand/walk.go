package understand

import (
	"regexp"
	"strings"

	"aixin/models"
)

// ref is a person of an event: an index of the roster, or a stranger by name;
// -1 without a name is somebody yet to be asked for.
type ref struct {
	who  int
	name string
}

// record is an event with its persons and day.
type record struct {
	event
	who   []ref
	could []int // whom an unknown person may be
	day   models.Day
	told  bool // the day was told in its own clause
	vague bool
	at    int // index of its clause
	gift  *gift
	late  bool // its persons were named after it
	text  string
}

// walk reads the clauses in order, carrying persons, day and mood from one to
// the next, and leaves the records of what was done.
type walk struct {
	m        *message
	flow     flow
	carry    []ref // named last
	could    []int // when the last name was unclear
	sentence []ref // named in this sentence
	named    []int // everybody named so far
	day      models.Day
	vague    bool
	pending  []models.Day // the days of a clause that told nothing else
	turns    []turn       // persons named each with his day, what was done yet to come
	several  []models.Day // the days of the last clause that told more than one
	dayTold  bool
	records  []record
	gift     *gift
	giftWho  []ref
	giftDay  models.Day
	planned  bool // some clause told a plan
	planDay  models.Day
	declined []record // gifts refused, in case they are taken after all
	lacking  bool     // some clause told a failed attempt
	othersD  bool     // some clause told what others did
}

func (m *message) walk() *walk {
	w := &walk{m: m, day: m.today}
	for i := range m.clauses {
		w.step(i)
	}
	return w
}

func (w *walk) step(i int) {
	c := &w.m.clauses[i]
	days, trailing := w.days(c)
	who, could, explicit := w.persons(c)

	if w.flow.others && (strings.ContainsAny(c.plain, "我咱") || hasTag(c.toks, 'D') || explicit) {
		w.flow.others = false
	}
	if (othersDid.has(c.tagged) && !(i > 0 && accompanied.MatchString(w.m.clauses[i-1].plain)) || strangerActs(c)) && !withOthers.MatchString(inMyStead.ReplaceAllString(c.tagged, "")) || visitor.has(c.tagged) {
		w.flow.others, w.othersD = true, true
	}
	if explicit && w.nameLate(c, i, who) {
		return
	}
	if w.pairDays(c, i) {
		return
	}
	view := w.plans(c)
	var events []event
	if w.flow.others && strings.Contains(c.tagged, "O") && strings.Contains(c.tagged, "Z") {
		if stage, ok := policy(c, &w.flow); ok && !hasTag(c.toks, 'M') {
			events = append(events, event{kind: models.KindHelp, help: models.HelpPolicy, stage: stage})
		}
	}
	if !w.flow.others && !w.flow.plan && view != nil {
		events = w.told(view, c, i, days, explicit)
	}
	if c.stop == stopColon && title.MatchString(c.plain) {
		events = nil
	}
	w.undo(c, i, who, explicit)
	if len(w.turns) > 0 && len(events) > 0 {
		events = w.inTheirTurn(events, i, c)
	}
	turns := inTurn(c, days, who)
	for _, e := range events {
		who := who
		if summing.has(c.plain) {
			who = w.notYet(e, who)
		}
		for n, d := range days {
			who := who
			if turns {
				who = who[n : n+1]
			}
			w.record(e, who, could, d, hasTag(c.toks, 'D'), i, c)
		}
	}
	if undone.MatchString(c.plain) {
		w.lacking = true
	}
	if len(events) == 0 && w.gift != nil && hasTag(c.toks, 'B') {
		w.m.take(w.gift, c, false) // 六斤,一斤四十: the count of what was given
	}
	if refuses(c) {
		w.decline(i)
	}
	w.learn(c, events)
	if len(events) == 0 {
		w.dateBack(c, i, days[0])
	}
	w.pending = nil
	if len(events) == 0 && len(days) > 1 && stretch.has(c.plain) {
		w.pending = days
	}
	if trailing {
		w.day, w.vague = w.m.today, false
	}
	if explicit {
		for _, r := range who {
			if r.who >= 0 && !hasRef(w.sentence, r) {
				w.sentence = append(w.sentence, r)
			}
		}
	}
	if explicit && len(who) >= 1 && who[0].who >= 0 && len(w.named) == len(who) && (len(events) > 0 || strings.HasPrefix(c.plain, "P")) {
		w.nameEarlier(i, who)
	}
	if c.stop == stopSentence || c.stop == stopAsk {
		w.sentence = nil
		w.flow.plan, w.flow.others, w.flow.selling, w.flow.hands = false, false, false, false
	}
}

// accompanied (plain): 由本人陪同,县残联工作人员到…
var accompanied = regexp.MustCompile(`(我|本人)(们)?(全程)?(陪|带|领)`)

// title (plain): the heading of a report: 8月份走访情况汇报:
var title = regexp.MustCompile(`^[^P]*(情况|汇报|小结|总结|台账|记录|明细|如下|通报|日志)$`)

// told lists what the clause tells, by itself or by what the clauses before it
// told; view is the part of it that is no plan.
func (w *walk) told(view, c *clause, i int, days []models.Day, explicit bool) []event {
	events := w.m.detect(view, &w.flow)
	if w.m.taught != nil {
		w.m.taught(i, events)
	}
	if !asks(c) {
		events = w.m.overhear(events, i)
	}
	if len(events) == 0 && (dayTimes.has(c.plain) || len(days) > 1 && daysOnly.has(c.plain)) {
		events = w.repeatDays(i)
	}
	if len(events) == 0 && w.flow.visit && explicit && alsoThere.has(c.plain) {
		events = []event{{kind: models.KindVisit}}
	}
	if len(events) == 0 && listed.has(c.plain) && hasTag(c.toks, 'P') {
		events = w.repeat(i)
	}
	if w.rechannel(view, i, events) {
		events = nil
	}
	if w.flow.away {
		switch {
		case atHome.has(view.plain):
			events = append(events, event{kind: models.KindVisit}) // 20号又去,在
		case withKin.has(view.tagged):
			events = dropVisit(events) // 没在家,跟他老婆坐了坐
		}
	}
	if notDone.MatchString(view.plain) {
		events = dropVisit(events)
		w.lacking = true
	}
	return events
}

// notYet leaves out those of whom this sentence told the same on a day of their
// own: 4月1号司爷,4月2号展鹏,都上门了.
func (w *walk) notYet(e event, who []ref) []ref {
	for k := len(w.records) - 1; k >= 0 && !w.m.sentenceEnds(w.records[k].at, len(w.m.clauses)-1); k-- {
		if r := w.records[k]; r.kind == e.kind && r.channel == e.channel && r.told {
			who = without(who, r.who)
		}
	}
	return who
}

// dateBack gives the day of a clause that tells nothing else to what was told
// before it without a day.
func (w *walk) dateBack(c *clause, i int, day models.Day) {
	if len(w.records) == 0 || i == 0 || !hasTag(c.toks, 'D') {
		return
	}
	if dayOnly.MatchString(c.plain) && (c.stop == 0 || c.stop == stopSentence || w.m.dayWords(i) == 1) && w.m.clauses[i-1].stop != stopSentence {
		for k := len(w.records) - 1; k >= 0 && !w.m.sentenceEnds(w.records[k].at, i); k-- {
			r := &w.records[k]
			if r.told && !r.vague {
				break
			}
			r.day, r.told = day, true
		}
	}
	if last := &w.records[len(w.records)-1]; last.at == i-1 && last.help == models.HelpDifficulty && !last.told && ended.has(c.plain) {
		last.day = day // 找了工程队,昨天砌好了
	}
}

// sentenceEnds reports whether a sentence ends between two clauses.
func (m *message) sentenceEnds(from, to int) bool {
	for _, c := range m.clauses[from:to] {
		if c.stop == stopSentence {
			return true
		}
	}
	return false
}

// strangerActs reports whether a clause is about what somebody outside the
// roster did for one of it: 村上的小李今天去看了谷军.
func strangerActs(c *clause) bool {
	named := -1
	for k, t := range c.toks {
		if t.tag != 'P' {
			continue
		}
		if named >= 0 && len(t.person.who) > 0 {
			return actsNext.has(c.tagged)
		}
		if t.person.name == "" || named >= 0 {
			return false
		}
		named = k
	}
	return false
}

// record adds an event for its persons. The value of a gift is gathered over
// the clauses that tell it.
func (w *walk) record(e event, who []ref, could []int, day models.Day, told bool, i int, c *clause) {
	if e.kind == models.KindAid && e.money && theirSum.has(c.tagged) && !sameRefs(who, w.giftWho) {
		e.money = false // 给老谷200元,王奶奶300元: another person's own gift
	}
	if e.kind == models.KindAid && e.money && totalMark.MatchString(c.tagged[:strings.IndexAny(c.tagged+"M", "MN")]) && w.pool(c, i) {
		return
	}
	if e.kind == models.KindAid && w.priced(c) {
		return
	}
	if e.kind == models.KindAid {
		same := w.gift != nil && (e.money || sameRefs(who, w.giftWho) && day == w.giftDay)
		if !same {
			if e.money {
				return
			}
			w.gift, w.giftWho, w.giftDay = &gift{}, who, day
		}
		w.m.take(w.gift, c, !e.money)
		if !w.gift.told && i > 0 && wePay.MatchString(c.plain) {
			w.m.take(w.gift, &w.m.clauses[i-1], false) // 花了320,我出的
		}
		if same {
			return
		}
	}
	r := record{event: e, who: who, could: could, day: day, told: told, vague: w.vague, at: i, gift: w.gift, text: c.text}
	if e.kind == models.KindAid && len(who) > 1 && w.gift.each && !hasTag(c.toks, 'D') {
		w.records = append(w.records, w.byVisitDay(r)...)
		return
	}
	w.records = append(w.records, r)
}
