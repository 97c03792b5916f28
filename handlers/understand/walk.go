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
	clean bool // no visit undone by a later clause
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
	if othersDid.has(c.tagged) && !withOthers.MatchString(c.tagged) {
		w.flow.others, w.othersD = true, true
	}
	view := w.plans(c)
	var events []event
	if w.flow.others && strings.Contains(c.tagged, "O") && strings.Contains(c.tagged, "Z") {
		if stage, ok := policy(c, &w.flow); ok && !hasTag(c.toks, 'M') {
			events = append(events, event{kind: models.KindHelp, help: models.HelpPolicy, stage: stage})
		}
	}
	if !w.flow.others && !w.flow.plan && view != nil {
		events = w.m.detect(view, &w.flow)
		if len(events) == 0 && listed.MatchString(c.plain) && hasTag(c.toks, 'P') {
			events = w.repeat(i)
		}
		if notDone.MatchString(view.plain) {
			events = dropVisit(events)
			w.lacking = true
		}
	}
	w.undo(c, i, who, explicit)
	for _, e := range events {
		for _, d := range days {
			w.record(e, who, could, d, w.dayTold, i, c)
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
	if len(events) == 0 && len(w.records) > 0 && hasTag(c.toks, 'D') && dayOnly.MatchString(c.plain) && i > 0 && (c.stop == 0 || c.stop == stopSentence) && w.m.clauses[i-1].stop != stopSentence {
		for k := range w.records {
			if !w.records[k].told {
				w.records[k].day = days[0]
			}
		}
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
	if c.stop == stopSentence || c.stop == stopAsk {
		w.sentence = nil
		w.flow.plan, w.flow.others = false, false
	}
}

// listed (plain): a bare name, with its day at most, goes on with a list:
// 走访了老谷,海龙,王奶奶 · 三月份的走访:敬爷3月5日,老符3月12日
var listed = regexp.MustCompile(`^(P|D|T|、|和|及|还有|也|的|家|两户|三户)+$`)

// repeat tells again, for the names of this clause, what the clause before told.
// What it told of nobody it told of them.
func (w *walk) repeat(i int) []event {
	var out []event
	for k := len(w.records) - 1; k >= 0 && w.records[k].at >= i-1; k-- {
		r := w.records[k]
		if r.kind != models.KindVisit && r.kind != models.KindContact {
			continue
		}
		out = append(out, r.event)
		if len(r.who) == 1 && r.who[0] == (ref{-1, ""}) {
			w.records = append(w.records[:k], w.records[k+1:]...)
		}
	}
	return out
}

// dayOnly (plain): a clause that only dates what was told before it.
var dayOnly = regexp.MustCompile(`^(是|就|就是|都是|时间|时间是|在|日期|日期是)*D(T)?(去|送|打|看|走访|联系|办|做|发|干|弄|给|买)*(的|的事|的事情|发生的|那天)*了?$`)

// notDone (plain): told, but it did not come to pass.
var notDone = regexp.MustCompile(`(还没|没顾上|没来得及|没能|没有|没)(有)?(去|走|看|上门|到)(成|的|$)|(本来|原本|原计划|原打算)[^,]{0,10}(去|要|看)|没去成|想去没`)

func dropVisit(events []event) []event {
	var out []event
	for _, e := range events {
		if e.kind != models.KindVisit {
			out = append(out, e)
		}
	}
	return out
}

// days settles the day of a clause: its own date words, or the one told before.
// A date word at the end covers its own clause only.
func (w *walk) days(c *clause) (days []models.Day, trailing bool) {
	var last models.Day
	first := -1
	for k, t := range c.toks {
		switch t.tag {
		case 'D':
			d := t.day.day
			if t.day.same {
				d = w.day
			} else if t.day.shift > 0 {
				d = min(w.day.Add(t.day.shift), w.m.today)
			}
			if d == "" || d > w.m.today {
				continue
			}
			switch {
			case first < 0:
				first, days, last = k, []models.Day{d}, d
				w.vague = t.day.vague
			case k == first+1: // 腊月二十三小年: one day told twice
				days[len(days)-1], last, first = d, d, k
			case joined(w.m, c.toks[first+1:k]):
				days, last = append(days, d), d
				first = k
			}
		case 'U':
			if w.planDay == "" {
				w.planDay = t.day.day
			}
		}
	}
	if first < 0 {
		return []models.Day{w.day}, false
	}
	w.day, w.dayTold = last, true
	tail := c.toks[first+1:]
	for len(tail) > 0 && (tail[0].tag == 'T' || tail[0].tag == 0 && strings.ContainsRune("的了 ", w.m.runes[tail[0].start])) {
		tail = tail[1:]
	}
	return days, len(tail) == 0 && first > 0 && telling(w.m.build(c.toks[:first]))
}

// joined reports whether only 和, 、 and the like stand between two days.
func joined(m *message, between []token) bool {
	for _, t := range between {
		if t.tag == 'T' {
			continue
		}
		if t.tag != 0 || !strings.ContainsRune("和跟、与及还有也", m.runes[t.start]) {
			return false
		}
	}
	return true
}

// plans notes a plan and returns the part of the clause that tells things done,
// nil when there is none.
func (w *walk) plans(c *clause) *clause {
	if hasTag(c.toks, 'D') {
		w.flow.plan = false
	}
	if loc := reported.FindStringIndex(c.plain); loc != nil {
		return c
	}
	if turned.MatchString(c.plain) {
		w.flow.plan = false
	}
	if aspired.MatchString(c.plain) {
		if strings.ContainsAny(c.plain, "我帮给电视微") {
			return c
		}
		return nil
	}
	cutAt := -1
	for k, t := range c.toks {
		if t.tag == 'D' && t.day.ahead != "" && t.day.ahead.Sub(w.m.today) < 62 && (t.day.vague || w.m.today.Sub(t.day.day) > 100) && !done.MatchString(c.plain) {
			cutAt = k // 元旦去看他, said at the end of December
			break
		}
		if t.tag == 'U' {
			cutAt = k
			break
		}
	}
	if s, _, ok := planRules.match(c.plain); ok && !inPast.MatchString(c.plain) {
		if k := tokenAt(w.m, c, s); cutAt < 0 || k < cutAt {
			cutAt = k
		}
	}
	if cutAt < 0 && len(w.m.clauses) == 1 && w.later(c) && !done.MatchString(c.plain) {
		cutAt = 0 // 下午去老谷家: nothing says it is done
	}
	if cutAt < 0 {
		return c
	}
	if strings.Contains(c.plain, "还没") || strings.Contains(c.plain, "本来") {
		return c
	}
	w.planned = true
	left := w.m.build(c.toks[:cutAt])
	if !w.flow.plan && w.m.eventful(left) {
		return &left
	}
	w.flow.plan = true
	return nil
}

var (
	reported = regexp.MustCompile(`(说|答应|叮嘱|嘱咐|提醒[^我]|告诉|通知|要求|表示|承诺|让P|叫P|劝P|医生|大夫)[^,]{0,12}(U|准备|打算|再去|要去|计划|争取|回头|下次|抽)`)
	// turned (plain): the plan did not hold; what follows was done.
	turned = regexp.MustCompile(`没[^,]{0,3}成|结果|后来|最后|改成|只好|就打了|于是`)
	// aspired (plain): a wish of the person, no plan of the sender.
	aspired = regexp.MustCompile(`^[^,我给跟和去到陪带]*P[^,我给]{0,4}(想|打算|准备|要去|盼|计划|愿意)`)
	done    = regexp.MustCompile(`了|过|的|着|走访|慰问|看望`)
	inPast  = regexp.MustCompile(`(按|按照|根据|结合)[^,]{0,8}(计划|安排)|计划(生育|外)|打算盘|(准备|预备)(了|好了|的)|(准备|打算|想|计划)[^,]{0,8}的$`)
)

// tokenAt is the index of the token that holds byte off of the plain text.
func tokenAt(m *message, c *clause, off int) int {
	n := 0
	for k, t := range c.toks {
		switch t.tag {
		case 0:
			if r := m.runes[t.start]; r != stopSpace && r != stopColon {
				n += len(string(r))
			}
		case 'G', 'O', 'K', 'Q', 'H', 'L', 'Z':
			n += len(string(m.runes[t.start:t.end]))
		default:
			n++
		}
		if n > off {
			return k
		}
	}
	return len(c.toks)
}

// undo takes back what a clause denies: a visit where nobody was home, a gift
// that was refused.
func (w *walk) undo(c *clause, i int, who []ref, explicit bool) {
	if missedCall.has(c.plain) {
		w.lacking = true
		for k := len(w.records) - 1; k >= 0 && w.records[k].at >= i-1; k-- {
			if r := w.records[k]; r.kind == models.KindContact && r.at == i-1 && !gotThrough.has(c.plain) {
				if explicit && len(r.who) > len(who) {
					w.records[k].who = without(r.who, who)
					continue
				}
				w.flow.missed, w.flow.channel = true, r.channel
				w.records = append(w.records[:k], w.records[k+1:]...)
			}
		}
	}
	if credited.MatchString(c.tagged) {
		w.othersD = true
		for len(w.records) > 0 && w.records[len(w.records)-1].at == i-1 {
			w.records = w.records[:len(w.records)-1]
		}
	}
	if absent.has(c.plain) && !strings.ContainsAny(c.tagged, "K") {
		w.lacking = true
		for k := len(w.records) - 1; k >= 0; k-- {
			r := w.records[k]
			if r.kind == models.KindVisit && r.at >= i-2 && r.day == w.day && (!explicit || sameRefs(r.who, who)) {
				w.records = append(w.records[:k], w.records[k+1:]...)
			}
		}
		w.flow.visit = false
	}
	if refuses(c) {
		w.decline(i - 1)
	} else if len(w.declined) > 0 && accepted.MatchString(c.plain) {
		w.gift, w.flow.aid = w.declined[0].gift, true
		w.giftWho, w.giftDay = w.declined[0].who, w.declined[0].day
		w.records, w.declined = append(w.records, w.declined...), nil
	}
}

// refuses reports whether a clause tells that an offer was not taken.
func refuses(c *clause) bool {
	return refused.MatchString(c.plain) && !accepted.MatchString(c.plain) && !adviceOnly.MatchString(c.plain)
}

// decline sets the gifts told from clause i on aside, in case they are taken
// after all.
func (w *walk) decline(i int) {
	w.lacking = true
	for k := len(w.records) - 1; k >= 0 && w.records[k].at >= i; k-- {
		if w.records[k].kind == models.KindAid {
			w.declined = append(w.declined, w.records[k])
			w.records = append(w.records[:k], w.records[k+1:]...)
		}
	}
	w.flow.aid, w.gift = false, nil
}

// credited (tagged): what was told just before is the work of others.
var credited = regexp.MustCompile(`^(都|这)?是(O|K|P的?K)(们)?[^,我]{0,8}的$`)

func without(all, gone []ref) []ref {
	var out []ref
	for _, r := range all {
		if !hasRef(gone, r) {
			out = append(out, r)
		}
	}
	return out
}

func sameRefs(a, b []ref) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// learn keeps what the next clauses are read by.
func (w *walk) learn(c *clause, events []event) {
	w.flow.helping = strings.ContainsAny(c.plain, "帮替") && !strings.Contains(c.plain, "帮扶")
	for _, e := range events {
		switch e.kind {
		case models.KindVisit:
			w.flow.visit = true
		case models.KindAid:
			w.flow.aid = true
		case models.KindHelp:
			if e.help == models.HelpDifficulty {
				w.flow.problem = false
			}
		}
	}
	w.flow.sum = w.m.sums(c)
	w.flow.policy--
	w.flow.settled--
	if strings.Contains(c.tagged, "Z") {
		w.flow.policy = 2
		for _, e := range events {
			if e.help == models.HelpPolicy {
				w.flow.policy, w.flow.settled = 0, 2
			}
		}
	}
	if hasTag(c.toks, 'P') && len(events) > 0 {
		w.flow.problem = false
	}
	if problems.has(c.plain) && !difficultyRules.has(c.plain) {
		w.flow.problem = true
	}
	if len(w.m.clauses) > 0 && hasTag(c.toks, 'P') && len(events) == 0 && !hasTag(c.toks, 'M') {
		w.flow.aid = w.flow.aid && !strings.ContainsAny(c.plain, "问说")
	}
}

// record adds an event for its persons. The value of a gift is gathered over
// the clauses that tell it.
func (w *walk) record(e event, who []ref, could []int, day models.Day, told bool, i int, c *clause) {
	if e.kind == models.KindAid && e.money && totalMark.MatchString(c.tagged[:strings.IndexAny(c.tagged+"M", "MN")]) && w.pool(c, i) {
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
	w.records = append(w.records, record{event: e, who: who, could: could, day: day, told: told, vague: w.vague, at: i, gift: w.gift, text: c.text})
}

// pool shares a total told at the end over the gifts before it that have no
// value of their own: 给宁宁买了棉鞋,给婷婷买了手套,总共花了210.
func (w *walk) pool(c *clause, i int) bool {
	var who []ref
	first := -1
	for k, r := range w.records {
		if r.kind != models.KindAid || r.at < i-4 {
			continue
		}
		if r.gift.told {
			return false
		}
		if first < 0 {
			first = k
		}
		for _, p := range r.who {
			if !hasRef(who, p) {
				who = append(who, p)
			}
		}
	}
	if first < 0 || len(w.records[first].who) == len(who) {
		return false
	}
	g := &gift{}
	w.m.take(g, c, false)
	joint := w.records[first]
	joint.who, joint.gift = who, g
	kept := w.records[:first:first]
	kept = append(kept, joint)
	for _, r := range w.records[first+1:] {
		if r.kind != models.KindAid || r.at < i-4 {
			kept = append(kept, r)
		}
	}
	w.records = kept
	return true
}

// later reports whether a clause only says where to and when, at a time of day
// that a message of the morning has still before it.
func (w *walk) later(c *clause) bool {
	for _, t := range c.toks {
		if t.tag != 'T' && !(t.tag == 'D' && t.day.day == w.m.today) {
			continue
		}
		word := string(w.m.runes[t.start:t.end])
		if strings.HasPrefix(word, "下午") || strings.HasPrefix(word, "晚") || strings.HasPrefix(word, "今晚") || strings.HasPrefix(word, "今下午") || word == "后晌" {
			return strings.ContainsAny(c.plain, "去到给") && !strings.ContainsAny(c.plain, "#MNB")
		}
	}
	return false
}
