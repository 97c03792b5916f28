package understand

import (
	"regexp"
	"strings"
)

// clause is a stretch of the message that tells one thing.
type clause struct {
	toks []token
	stop rune // the stop mark after it, 0 at the end

	text   string // as typed
	plain  string // people, days, figures and counts as tags; other words literal
	tagged string // known words as tags too
}

// split cuts the tokens into clauses: at stop marks, at spaces where both sides
// tell something, and inside run-on speech before a new day, a new person or a
// joining word.
func (m *message) split() {
	start := 0
	for k := 0; k <= len(m.tokens); k++ {
		stop := rune(0)
		if k < len(m.tokens) {
			if stop = m.literal(k); !isStop(stop) || stop == stopList && !m.listCuts(start, k) {
				continue
			}
			if stop == stopSpace && !m.spaceCuts(start, k) || stop == stopColon && (m.onlyNames(start, k) || m.heading(start, k)) {
				continue
			}
		}
		if k > start {
			m.cut(m.tokens[start:k], stop)
		}
		start = k + 1
	}
}

// listCuts reports whether the 、 at k stands between two whole notes:
// 崔玉平电话、崔玉萍走访.
func (m *message) listCuts(start, k int) bool {
	end := k + 1
	for end < len(m.tokens) && !isStop(m.literal(end)) {
		end++
	}
	if end-start > 24 || !hasTag(m.tokens[start:k], 'P') || !hasTag(m.tokens[k+1:end], 'P') {
		return false
	}
	left, right := m.build(m.tokens[start:k]), m.build(m.tokens[k+1:end])
	return left.toks[0].tag == 'P' && right.toks[0].tag == 'P' && m.eventful(left) && m.eventful(right)
}

// onlyNames reports whether nothing but names stands from start to k.
func (m *message) onlyNames(start, k int) bool {
	for _, t := range m.tokens[start:k] {
		if t.tag != 'P' && t.tag != 'D' && m.runes[t.start] != stopList && m.runes[t.start] != '和' {
			return false
		}
	}
	return k > start
}

// heading reports whether a note from start to k only says what the names after
// the colon are for: 本周走访:老谷、海龙.
func (m *message) heading(start, k int) bool {
	if k-start > 6 || k == start {
		return false
	}
	c := m.build(m.tokens[start:k])
	return !hasTag(c.toks, 'P') && headings.has(c.plain)
}

// literal is the letter of a literal token, 0 for any other.
func (m *message) literal(k int) rune { return m.letterOf(m.tokens[k]) }

func (m *message) letterOf(t token) rune {
	if t.tag == 0 {
		return m.runes[t.start]
	}
	return 0
}

// spaceCuts reports whether the space at k ends a clause: both the words since
// start and those up to the next stop mark tell something.
func (m *message) spaceCuts(start, k int) bool {
	end := k + 1
	for end < len(m.tokens) && !isStop(m.literal(end)) {
		end++
	}
	if k-start > span {
		return true
	}
	left, right := m.build(m.tokens[start:k]), m.build(m.tokens[k+1:end])
	if nounsOnly.MatchString(left.tagged) {
		return false
	}
	if tells.MatchString(left.plain) && tells.MatchString(right.plain) && len(left.toks) > 3 && len(right.toks) > 3 {
		return true // 炉子倒烟哩 我上房把烟囱捅开了
	}
	if inVain(right) && telling(left) {
		return true
	}
	return (telling(left) || problems.has(left.plain) || m.eventful(left)) && (telling(right) || m.eventful(right) || hasTag(right.toks, 'M') || hasTag(right.toks, 'N'))
}

// tells (plain): a clause of its own, in a message with spaces for commas.
var tells = regexp.MustCompile(`[了着过哩]|^我|^P(在|去|来|说|家)|(的|得)[^,]{0,5}$`)

// nounsOnly (tagged): a note so far, 贺春燕 贫困生补助 已申请.
var nounsOnly = regexp.MustCompile(`^[PZGBDT]+$`)

func hasTag(toks []token, tag byte) bool {
	for _, t := range toks {
		if t.tag == tag {
			return true
		}
	}
	return false
}

// telling reports whether a clause holds anything that could be an event or a
// state worth its own clause.
func telling(c clause) bool {
	return strings.ContainsAny(c.plain, "访看望探去到电微视短送给买带帮讲宣申办修扫洗理辅陪代转捐慰拿捎打量生说留")
}

// joiners begin a new thing in run-on speech.
var joiners = []string{"然后", "接着", "顺便", "顺带", "并且", "后来", "完了", "同时", "随后", "之后", "最后", "还", "又", "并", "再", "临走", "另外", "顺路", "结果", "完后", "紧接着"}

// cut appends the clauses of one stretch between stop marks.
func (m *message) cut(toks []token, stop rune) {
	whole := m.build(toks)
	if pairs.MatchString(whole.plain) { // 海燕电话成龙微信
		start := 0
		for k := 1; k <= len(toks); k++ {
			if k == len(toks) || toks[k].tag == 'P' {
				m.clauses = append(m.clauses, m.build(toks[start:k]))
				m.clauses[len(m.clauses)-1].stop = stopComma
				start = k
			}
		}
		m.clauses[len(m.clauses)-1].stop = stop
		return
	}
	// Short notes hold one thing; long or unpunctuated ones are tried for seams.
	for k := 1; k < len(toks)-1; k++ {
		if len(toks) <= 8 && !priceSeam(toks, k) && toks[k].person.nth != 2 {
			continue
		}
		onlySum := (k == 1 || k == 2 && m.letterOf(toks[1]) == stopSpace) && (toks[0].tag == 'M' || toks[0].tag == 'N') // 一百六 顺便…
		if k == 1 && !onlySum || !m.seam(toks, k) {
			continue
		}
		left := m.build(toks[max(0, k-span):k])
		if onlySum {
			left = m.build(toks[:1])
		}
		failed := inVain(left)
		broken := toks[k].tag == 'D' && problems.has(left.plain) // 前两天院墙塌了|今天我…
		if !failed && !onlySum && !broken && !m.eventful(left) || boughtFor.MatchString(left.tagged) && toks[k].tag == 'D' {
			continue
		}
		if toks[k].tag == 0 && m.runes[toks[k].start] == '我' && !strings.ContainsAny(left.plain, "了过着好完") {
			continue // 低保年审的材料我帮他交了 is one
		}
		right := m.build(toks[k:min(len(toks), k+span)])
		if !m.eventful(right) && !inVain(right) && !(failed && gotThrough.has(right.plain)) {
			continue
		}
		if k > span {
			left = m.build(toks[:k])
		}
		left.stop = stopComma
		m.clauses = append(m.clauses, left)
		m.cut(toks[k:], stop)
		return
	}
	whole.stop = stop
	m.clauses = append(m.clauses, whole)
}

// span is how far to either side of a seam what is told is looked for; it bounds
// the work on run-on speech.
const span = 60

// pairs (plain) is a note of names, each with what was done.
var pairs = regexp.MustCompile(`^(P(D|T)?(打)?(电话|微信|视频|短信|走访|入户|上门|探视|看望|家访)了?、?){2,}$`)

// boughtFor (tagged): goods described by how they were got, 上周给她买的轮椅.
var boughtFor = regexp.MustCompile(`(买|订|选|备|做|购|申请|批|挑|定)(了|好|下)?的(B|新)?G$`)

// inVain reports whether a clause tells a visit or a call that failed.
func inVain(c clause) bool { return absent.has(c.plain) || missedCall.has(c.plain) }

// eventful reports whether a clause taken alone holds an event.
func (m *message) eventful(c clause) bool {
	return len(m.detect(&c, &flow{})) > 0
}

// seam reports whether a new thing may begin at token k.
func (m *message) seam(toks []token, k int) bool {
	t := toks[k]
	i := t.start
	switch t.tag {
	case 'D', 'U':
		return true
	case 'T':
		return toks[k-1].tag != 'D' && toks[k-1].tag != 'U'
	case 'P':
		if t.person.nth == 2 {
			return true
		}
		return !t.person.generic && !(at(m.runes, i-1) == '了' && i > 1 && strings.ContainsRune("去看到见访望视跑问", m.runes[i-2])) && !strings.ContainsRune("给跟和与同去到看帮、替为陪带问望访送及的对找在把让", at(m.runes, i-1)) && m.newPerson(toks, k)
	}
	if priceSeam(toks, k) {
		return true
	}
	for _, w := range joiners {
		if hasAt(m.runes, i, w) && at(m.runes, i-1) != '说' {
			return !(w == "并" && at(m.runes, i+1) == '不') && !(w == "还" && strings.ContainsRune("差没不有在是", at(m.runes, i+1)))
		}
	}
	// 给P, 去P, 跟P with somebody else than before
	if t.tag == 0 && strings.ContainsRune("给跟去到帮和看", m.runes[i]) {
		n := k + 1
		if n < len(toks) && m.letterOf(toks[n]) == '了' {
			n++ // 去了P
		}
		if n < len(toks) && toks[n].tag == 'P' && !toks[n].person.generic {
			return m.newPerson(toks, n)
		}
	}
	// "我就带她去", "我给她生了炉子"
	if t.tag == 'P' && t.person.generic && at(m.runes, t.end) == '说' {
		return true // 去了老谷家|她说…
	}
	return t.tag == 0 && m.runes[i] == '我' && strings.ContainsRune("就给帮又还带领拉陪送接替把去买拿掏跟打叫找请", at(m.runes, i+1))
}

// newPerson reports whether the person at k was not named in toks before k.
func (m *message) newPerson(toks []token, k int) bool {
	seen := false
	for _, t := range toks[:k] {
		if t.tag != 'P' || t.person.generic {
			continue
		}
		seen = true
		for _, w := range toks[k].person.who {
			if contains(t.person.who, w) {
				return false
			}
		}
		if t.person.name != "" && t.person.name == toks[k].person.name {
			return false
		}
	}
	return seen
}

// build renders a stretch of tokens as a clause.
func (m *message) build(toks []token) clause {
	c := clause{toks: toks}
	if len(toks) == 0 {
		return c
	}
	c.text = string(m.runes[toks[0].start:toks[len(toks)-1].end])
	var plain, tagged strings.Builder
	plain.Grow(len(c.text))
	tagged.Grow(len(c.text))
	for k, t := range toks {
		switch t.tag {
		case 'N':
			tag := byte('#')
			if m.bareSum(&c, k) {
				tag = 'N'
			}
			plain.WriteByte(tag)
			tagged.WriteByte(tag)
		case 0:
			if r := m.runes[t.start]; r != stopSpace && r != stopColon {
				plain.WriteRune(r)
				tagged.WriteRune(r)
			}
		case 'G', 'O', 'K', 'Q', 'H', 'L', 'Z':
			for _, r := range m.runes[t.start:t.end] {
				plain.WriteRune(r)
			}
			tagged.WriteByte(t.tag)
		default:
			plain.WriteByte(t.tag)
			tagged.WriteByte(t.tag)
		}
	}
	c.plain, c.tagged = plain.String(), tagged.String()
	return c
}
