package understand

import (
	"regexp"
	"slices"
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
	if (othersDid.has(c.tagged) || strangerActs(c)) && !withOthers.MatchString(inMyStead.ReplaceAllString(c.tagged, "")) || visitor.MatchString(c.tagged) {
		w.flow.others, w.othersD = true, true
	}
	if explicit && w.nameLate(c, i, who) {
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
		events = w.m.detect(view, &w.flow)
		if len(events) == 0 && dayTimes.MatchString(c.plain) {
			events = w.repeatDays(i)
		}
		if len(events) == 0 && len(days) > 1 && daysOnly.MatchString(c.plain) {
			events = w.repeatDays(i)
		}
		if len(events) == 0 && listed.MatchString(c.plain) && hasTag(c.toks, 'P') {
			events = w.repeat(i)
		}
		if w.rechannel(view, i, events) {
			events = nil
		}
		if w.flow.away {
			switch {
			case atHome.MatchString(view.plain):
				events = append(events, event{kind: models.KindVisit}) // 20号又去,在
			case withKin.MatchString(view.tagged):
				events = dropVisit(events) // 没在家,跟他老婆坐了坐
			}
		}
		if notDone.MatchString(view.plain) {
			events = dropVisit(events)
			w.lacking = true
		}
	}
	w.undo(c, i, who, explicit)
	turns := inTurn(c, days, who)
	for _, e := range events {
		for n, d := range days {
			who := who
			if turns {
				who = who[n : n+1]
			}
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
	if len(events) == 0 && len(w.records) > 0 && hasTag(c.toks, 'D') && dayOnly.MatchString(c.plain) && i > 0 && (c.stop == 0 || c.stop == stopSentence || w.m.dayWords() == 1) && w.m.clauses[i-1].stop != stopSentence {
		for k := range w.records {
			if !w.records[k].told {
				w.records[k].day = days[0]
			}
		}
	}
	if n := len(w.records); len(events) == 0 && n > 0 && w.records[n-1].at == i-1 && w.records[n-1].help == models.HelpDifficulty && !w.records[n-1].told && hasTag(c.toks, 'D') && ended.MatchString(c.plain) {
		w.records[n-1].day = days[0]
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
	if explicit && len(who) == 1 && who[0].who >= 0 && len(w.named) == 1 && (len(events) > 0 || strings.HasPrefix(c.plain, "P")) {
		w.nameEarlier(i, who)
	}
	if c.stop == stopSentence || c.stop == stopAsk {
		w.sentence = nil
		w.flow.plan, w.flow.others, w.flow.selling = false, false, false
	}
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
			return actsNext.MatchString(c.tagged)
		}
		if t.person.name == "" || named >= 0 {
			return false
		}
		named = k
	}
	return false
}

var (
	// inMyStead (tagged): 单位的小李替我去看的老谷
	inMyStead = regexp.MustCompile(`(替|代|帮)我(们)?(单位)?|我们?单位的P|(咱|我)们?(村|乡|镇|县|社)`)
	// visitor (tagged): they came to us: 志强来我家拜年,提了一箱奶
	visitor = regexp.MustCompile(`^(D|T)*P[^,我]{0,4}来(我|咱)(们)?(H|家|单位|办公室)`)
	// unsold (plain): what they grow finds no buyer.
	// errand (plain): 老柴叫我捎的药
	errand = regexp.MustCompile(`(让|叫|托|请|喊)我(给P|帮忙|帮P|帮)?[^,]{0,3}(捎|买|带|取|交|领|抓|写|填)`)
	// ended (plain): 昨天砌好了, of what was begun in the clause before
	ended = regexp.MustCompile(`^[^,]{0,6}(好|完|通|上|妥)了$`)
	// effort (plain): 经多方协调
	effort = regexp.MustCompile(`(多方|积极|主动)?(协调|联系|对接|努力|推荐)$`)
	// atHome (plain): there the second time.
	atHome = regexp.MustCompile(`^(人|P|这次|这回|正好|刚好)*在(家|屋|家里|屋里|着|呢|哩)*(了)?$`)
	// withKin (tagged): talked to one of the family instead.
	withKin = regexp.MustCompile(`(跟|和|与|见|给)(到|了)?P?的?(K|Q)`)
	unsold  = regexp.MustCompile(`卖不|滞销|没人(要|收购|买)|销路|不好卖|难卖`)
)

var actsNext = regexp.MustCompile(`^(D|T|O的?|K|,)*P(D|T|也|又|还|刚|都)*(给|替|帮|去|来|把|送)`)

// rechannel corrects the channel of the contact just told where a clause only
// says by what it was: 打了个电话,微信的.
func (w *walk) rechannel(c *clause, i int, events []event) bool {
	if len(events) != 1 || events[0].kind != models.KindContact || !byWhat.MatchString(c.plain) {
		return false
	}
	found := false
	for k := range w.records {
		if r := &w.records[k]; r.kind == models.KindContact && r.at == i-1 {
			r.channel, found = events[0].channel, true
		}
	}
	return found
}

var byWhat = regexp.MustCompile(`^(都|是|用|走|通过)*(微信|视频|短信|电话|语音)(上|里)?(打|聊|联系|说|发|视频)?的?$`)

// listed (plain): a bare name, with its day at most, goes on with a list:
// 走访了老谷,海龙,王奶奶 · 三月份的走访:敬爷3月5日,老符3月12日
var listed = regexp.MustCompile(`^(P|、|和)+的?(也|都)(打|发|联系)(了|过)$|^(P|D|T|、|和|及|还有|也|的|家|两户|三户)+$`)

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

// dayTimes (plain): 周二一次, after 走访老谷两次.
var dayTimes = regexp.MustCompile(`^(一|第一|第二|头一|后一|另一|另外一)?(次|回|趟)(是|在)D(T)?(的)?$|^(D|T)+(也|又)?(去|打|看|走访|联系)?了?(一|1)?(次|趟|回)$`)

// repeatDays tells again, for the day of this clause, the visits or contacts of
// the clauses before. A clause that only told how often gives way to its days.
func (w *walk) repeatDays(i int) []event {
	var out []event
	for k := len(w.records) - 1; k >= 0; k-- {
		r := w.records[k]
		if r.kind != models.KindVisit && r.kind != models.KindContact || len(out) > 0 && r.event != out[0] {
			break
		}
		if len(out) == 0 {
			out = append(out, r.event)
		}
		if r.at == i-1 && !hasTag(w.m.clauses[r.at].toks, 'D') && oftenOnly.MatchString(w.m.clauses[r.at].plain) {
			w.records = append(w.records[:k], w.records[k+1:]...)
		}
	}
	return out
}

// daysOnly (plain): 上周三和今天, after 老哈走访了两次.
var daysOnly = regexp.MustCompile(`^(分别)?(是|在)?D(T)?((、|和|跟|还有)D(T)?)+$`)

var oftenOnly = regexp.MustCompile(`(两|三|四|五|几|#)(次|趟|回)`)

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
	if absent.has(c.plain) && !strings.ContainsAny(c.tagged, "K") {
		w.flow.away = true
	} else if len(events) > 0 {
		w.flow.away = false
	}
	w.flow.newOne = shopping.MatchString(c.plain) || gotNew.MatchString(c.tagged)
	w.flow.solved = turnedOut.MatchString(c.plain) && !slices.ContainsFunc(events, func(e event) bool { return e.kind == models.KindHelp })
	w.flow.joint = effort.MatchString(c.plain)
	w.flow.errand--
	if errand.MatchString(c.plain) {
		w.flow.errand = 2
	}
	w.flow.policy--
	w.flow.settled--
	if strings.Contains(c.tagged, "Z") {
		w.flow.policy = 3
		for _, e := range events {
			if e.help == models.HelpPolicy {
				w.flow.policy, w.flow.settled = 0, 2
			}
		}
	}
	if hasTag(c.toks, 'P') && len(events) > 0 && events[0].kind != models.KindContact && !events[0].weak {
		w.flow.problem = false
	}
	if problems.has(c.plain) && !difficultyRules.has(c.plain) {
		w.flow.problem = true
		w.flow.selling = unsold.MatchString(c.plain)
	}
	if len(w.m.clauses) > 0 && hasTag(c.toks, 'P') && len(events) == 0 && !hasTag(c.toks, 'M') {
		w.flow.aid = w.flow.aid && !strings.ContainsAny(c.plain, "问说")
	}
}

var (
	// gotNew (tagged): something new in place of what was broken.
	gotNew = regexp.MustCompile(`(买|配|换)(了|上)(个|副|件|双|床|套|条|B|一副)*(新|大|厚|好)的`)
	// turnedOut (plain): a trouble came to a good end.
	turnedOut = regexp.MustCompile(`(通|修|找|拿|结|付|解决|落实|加固|安排|联系|接|要|安|装|转到|转入|入园|入学|入托|复学|上岗|上班|就业|进厂)[^,没不]{0,4}(了|好|上|到|回来)`)
)

// theirSum (tagged): a person and a sum, nothing else.
var theirSum = regexp.MustCompile(`^(另外|另|还有)?P(H|家|户|那边|那里|那儿)?(是|给)?(了)?(M|N)(钱|慰问金)?$`)

// record adds an event for its persons. The value of a gift is gathered over
// the clauses that tell it.
func (w *walk) record(e event, who []ref, could []int, day models.Day, told bool, i int, c *clause) {
	if e.kind == models.KindAid && e.money && theirSum.MatchString(c.tagged) && !sameRefs(who, w.giftWho) {
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
