package understand

import (
	"regexp"
	"strings"

	"aixin/models"
)

// dayOnly (plain): a clause that only dates what was told before it.
var dayOnly = regexp.MustCompile(`^(是|就|就是|都是|时间|时间是|在|日期|日期是)*D(T)?(去|送|打|看|走访|联系|办|做|发|干|弄|给|买)*(的|的事|的事情|发生的|那天)*了?$`)

// days settles the day of a clause: its own date words, or the one told before.
// A date word at the end covers its own clause only.
func (w *walk) days(c *clause) (days []models.Day, trailing bool) {
	var last models.Day
	first := -1
	for k, t := range c.toks {
		switch t.tag {
		case 'D':
			d := t.day.day
			if n := t.day.shift; len(w.several) > n && (n > 0 || t.day.same) {
				d = w.several[n] // 周一、周三都去了,第一天…,第二天…
			} else if t.day.same && first >= 0 {
				d = last // 三月三号那天
			} else if t.day.same {
				d = w.day
			} else if t.day.shift > 0 {
				d = min(w.day.Add(t.day.shift), w.m.today)
			}
			if w.dayTold && spareTime.MatchString(c.plain) {
				continue
			}
			if d == "" || d > w.m.today || t.day.feast && w.dayTold && !telling(*c) {
				continue
			}
			switch {
			case first < 0:
				first, days, last = k, []models.Day{d}, d
				w.vague = t.day.vague
			case k == first+1 && t.day.feast && (last.Sub(d) > 15 || d.Sub(last) > 15): // 前天大雪: the weather
				first = k
			case k == first+1 && t.day.vague: // 12月20号冬至前
				first = k
			case k == first+1 && twoNumbers(w.m, c.toks[first], t): // 8号9号连着两天
				days, last, first = append(days, d), d, k
			case k == first+1: // 腊月二十三小年: one day told twice
				days[len(days)-1], last, first = d, d, k
			case boughtFor.MatchString(w.m.build(c.toks[:k]).tagged):
				first, days, last = k, []models.Day{d}, d // 上周给她买的轮椅今天送到
			case joined(w.m, c.toks[first+1:k]):
				if between := w.m.textOf(c.toks[first+1 : k]); (between == "到" || between == "至") && daily.MatchString(w.m.text) && d.Sub(last) > 1 && d.Sub(last) < 8 {
					for n := 1; n < d.Sub(last); n++ {
						days = append(days, last.Add(n)) // 上周三到周五,天天去
					}
				}
				if between := w.m.textOf(c.toks[first+1 : k]); (between == "到" || between == "至") && !daily.MatchString(w.m.text) {
					days = nil // 11月7日至8日: done by the last of them
				}
				days, last = append(days, d), d
				first = k
			}
		case 'U':
			if w.planDay == "" {
				w.planDay = t.day.day
			}
		}
	}
	if first < 0 && len(w.pending) > 0 {
		return w.pending, false // 上周三到周五,连着三天都去福利院看他
	}
	if first < 0 {
		return []models.Day{w.day}, false
	}
	w.pending = nil
	if len(days) > 1 {
		w.several = days
	}
	w.day, w.dayTold = last, true
	tail := c.toks[first+1:]
	for len(tail) > 0 && (tail[0].tag == 'T' || tail[0].tag == 0 && strings.ContainsRune("的了 ", w.m.runes[tail[0].start])) {
		tail = tail[1:]
	}
	return days, len(tail) == 0 && first > 0 && c.stop != stopSpace && telling(w.m.build(c.toks[:first]))
}

// spareTime (plain): 10月26日,利用周末休息时间,…
var spareTime = regexp.MustCompile(`(利用|趁着?|占用)D`)

// daily (the text): on each day of a stretch.
var daily = regexp.MustCompile(`天天|每天|连着|连续|都去`)

func (m *message) textOf(toks []token) string {
	if len(toks) == 0 {
		return ""
	}
	return string(m.runes[toks[0].start:toks[len(toks)-1].end])
}

// twoNumbers reports whether two days side by side are two days of a month or of a
// week, not one told twice.
func twoNumbers(m *message, a, b token) bool {
	if a.day.day == b.day.day || a.day.feast || b.day.feast {
		return false
	}
	weekdays := strings.ContainsRune("周星礼", m.runes[a.start]) && strings.ContainsRune("周星礼", m.runes[b.start])
	return weekdays || isDigit(m.runes[a.start]) && isDigit(m.runes[b.start])
}

// joined reports whether only 和, 、 and the like stand between two days.
func joined(m *message, between []token) bool {
	for _, t := range between {
		if t.tag == 'T' {
			continue
		}
		if t.tag != 0 || !strings.ContainsRune("和跟、与及还有也到至", m.runes[t.start]) {
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
	if loc := reported.FindStringIndex(c.plain); loc != nil && !iWill.MatchString(c.plain[loc[1]:]) {
		return c
	}
	if turned.MatchString(c.plain) {
		w.flow.plan, w.planned = false, false
	}
	if theirsAhead.MatchString(c.plain) {
		return c
	}
	if aspired.MatchString(c.plain) {
		w.flow.theirs = hasTag(c.toks, 'U')
		if strings.ContainsAny(c.plain, "我帮给电视微短") {
			return c
		}
		return nil
	}
	if w.flow.theirs && weGo.MatchString(c.plain) {
		w.planned = true // 老谷后天手术,我去陪着
		return nil
	}
	cutAt := -1
	for k, t := range c.toks {
		if t.tag == 'D' && t.day.ahead != "" && t.day.ahead.Sub(w.m.today) < 62 && (t.day.vague && !marked.MatchString(c.plain) || (t.day.edge && !strings.Contains(c.plain, "说") || w.m.today.Sub(t.day.day) > 100) && !done.MatchString(c.plain)) && telling(*c) {
			cutAt = k // 元旦去看他, said at the end of December
			break
		}
		if t.tag == 'U' && k+1 < len(c.toks) && (c.toks[k+1].tag == 'Z' || w.m.letterOf(c.toks[k+1]) == '的') {
			continue // 讲了明年合作医疗的政策
		}
		if t.tag == 'U' || t.tag == 'D' && t.day.day != w.m.today && w.m.letters(t) == "周末" && !done.MatchString(c.plain) && telling(*c) || t.tag == 'D' && t.day.ahead != "" && beforeEnd.MatchString(c.plain) && strings.HasSuffix(w.m.letters(t), "前") {
			cutAt = k
			break
		}
	}
	if s, _, ok := planRules.match(c.plain); ok && !inPast.MatchString(c.plain) && !(hasTag(c.toks, 'D') && onceMore.MatchString(c.plain)) {
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
	if strings.Contains(c.plain, "还没") || meant.MatchString(c.plain) {
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
	// meant (plain): 本想去看车奶奶,临时有会
	meant    = regexp.MustCompile(`本(来|想|打算|准备)|原(本|想|打算|计划|准备)`)
	reported = regexp.MustCompile(`(说|答应|叮嘱|嘱咐|提醒[^我]|告诉|通知|要求|表示|承诺|让P|叫P|劝P|医生|大夫)[^,]{0,12}(U|准备|打算|再去|要去|计划|争取|回头|下次|抽)`)
	weGo     = regexp.MustCompile(`^我(们)?(也|就|再|得|要)?(去|过去|来|带|陪|送|接)[^了过]*$`)
	iWill    = regexp.MustCompile(`我(去|要|给|就去|带)`)
	// turned (plain): the plan did not hold; what follows was done.
	turned = regexp.MustCompile(`没[^,]{0,3}成|结果|后来|最后|改成|只好|就打了|于是`)
	// aspired (plain): a wish of the person, no plan of the sender.
	aspired = regexp.MustCompile(`^P(是)?U(就)?(是|过)?(P?的?生日|D|[^,去给送看]{0,3}节|考试|高考|中考|开学|大寿)$|^(听说|听)?P(H|家)?(的?(儿子|女儿|孙子|娃))?(U|(U|D)?(就|也|又|可能|快)?要)(住院|做手术|手术|出院|结婚|办事|开学|考试|高考|中考|搬|上学|出门|打工|回老家)|^[^,我给跟和去到陪带]*P[^,我给]{0,4}(想|打算|准备|要去|盼|计划(去|要|到|在|把|给|明|下)|愿意)`)
	// theirsAhead (plain): an office has a day ahead: 下月发
	theirsAhead = regexp.MustCompile(`^(说)?U(才|就|能|可能)?(发|下来|到账|批|打到)`)
	// marked (plain): words that say it is over; 慰问 and 走访 alone do not.
	marked = regexp.MustCompile(`了|过|的|着|(寄|送|拿|带|捎|发|转|汇|提|端)(去|来|到)`)
	done   = regexp.MustCompile(`了|过|的|着|走访|慰问|看望|(寄|送|拿|带|捎|发|转|汇|提|端)(去|来|到)`)
	// onceMore (plain): gone again on a day that is past: 周四再去人在
	onceMore = regexp.MustCompile(`^P?D(T)?(我)?(又|再)去`)
	// beforeEnd (plain): 国庆前走访完四户
	beforeEnd = regexp.MustCompile(`D(要|把|得|必须)?[^,了过]{0,8}(完|一遍|到位|齐)[^,了过]{0,4}$`)
	inPast    = regexp.MustCompile(`(按|按照|根据|结合)[^,]{0,8}(计划|安排)|计划(生育|外)|打算盘|(准备|预备)(了|好了|的)|(准备|打算|想|计划)[^,]{0,8}的$`)
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

// later reports whether a clause only says where to and when, at a time of day
// that a message of the morning has still before it.
func (w *walk) later(c *clause) bool {
	for _, t := range c.toks {
		if t.tag != 'T' && !(t.tag == 'D' && t.day.day == w.m.today) {
			continue
		}
		word := string(w.m.runes[t.start:t.end])
		if strings.HasPrefix(word, "下午") || strings.HasPrefix(word, "晚") || strings.HasPrefix(word, "今晚") || strings.HasPrefix(word, "今下午") || word == "后晌" {
			return len(c.toks) < 14 && strings.ContainsAny(c.plain, "去打发送看") && !strings.ContainsAny(c.plain, "#MNB讲陪")
		}
	}
	return false
}

// dayWords counts the days the sentence of clause i names.
func (m *message) dayWords(i int) int {
	from, to := i, i
	for from > 0 && m.clauses[from-1].stop != stopSentence {
		from--
	}
	for to < len(m.clauses)-1 && m.clauses[to].stop != stopSentence {
		to++
	}
	n := 0
	for _, c := range m.clauses[from : to+1] {
		for _, t := range c.toks {
			if t.tag == 'D' && !t.day.vague {
				n++
			}
		}
	}
	return n
}
