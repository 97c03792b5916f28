package understand

import (
	"regexp"
	"strings"
)

// persons settles whom a clause is about: those it names, everybody where it
// says so, or whoever was named before. explicit says it named somebody itself.
func (w *walk) persons(c *clause) (who []ref, could []int, explicit bool) {
	m := w.m
	var names []ref
	var open []int
	group, rest, generic, plural := 0, false, false, false
	var except []ref
	for k, t := range c.toks {
		if t.tag != 'P' {
			continue
		}
		p := t.person
		switch {
		case p.nth > 0:
			pair := w.sentence
			if len(w.carry) == 2 {
				pair = w.carry
			}
			if len(pair) > 1 {
				return pair[len(pair)-3+p.nth:][:1], nil, false
			}
		case p.rest:
			rest, group = true, p.group
		case p.generic:
			generic = true
			if p.group == 2 || p.group == -2 {
				plural = true
			}
		case p.group != 0:
			group = p.group
		case p.name != "":
			names = append(names, ref{-1, p.name})
		case len(p.who) > 0 && m.companion(c, k):
		case len(p.who) > 0:
			for _, n := range p.who {
				r := ref{n, ""}
				if exceptBefore.MatchString(m.lettersBefore(c.toks, k)) {
					except = append(except, r)
				} else if !hasRef(names, r) {
					names = append(names, r)
				}
				if !contains(w.named, n) {
					w.named = append(w.named, n)
				}
			}
		case len(p.could) > 0:
			open = p.could
		}
	}
	everyone := func() []ref {
		var all []ref
		for n := range m.roster {
			if !hasRef(except, ref{n, ""}) {
				all = append(all, ref{n, ""})
			}
		}
		return all
	}
	switch {
	case len(except) > 0 && (group != 0 || rest || strings.ContainsAny(c.plain, "都全")):
		who = everyone()
	case rest:
		spoken := w.named
		if len(m.roster)-len(spoken) != group && group > 1 {
			spoken = m.spoken() // 其他三户都看了,乔爷还没看
		}
		for n := range m.roster {
			if !contains(spoken, n) {
				who = append(who, ref{n, ""})
			}
		}
		if group > 1 && len(who) != group {
			who = nil
		}
	case len(names) > 0:
		who = names
	case plural && len(w.carry) < 2 && len(m.roster) == 2:
		who = everyone() // 她俩
	case len(open) > 0:
		w.carry, w.could = []ref{{-1, ""}}, open
		return w.carry, open, true
	case group == -1:
		who = everyone()
	case group > 0:
		switch {
		case len(w.carry) == group:
			who = w.carry
		case len(w.sentence) == group:
			who = w.sentence // 去了老谷家,还有海龙家,两家都给了面
		case len(m.roster) == group:
			who = everyone()
		}
		if who == nil {
			w.carry, w.could = []ref{{-1, ""}}, nil
			return w.carry, nil, true
		}
	case hasTag(c.toks, 'E') || allDone.MatchString(c.plain) || houseEach.MatchString(c.tagged):
		if len(w.carry) > 1 || len(m.roster) < 2 {
			break
		}
		if hasTag(c.toks, 'E') && len(w.sentence) > 1 {
			who = w.sentence // 上午走访田爷,下午走访夏姨,每户150元
		} else if len(w.carry) == 0 || hasTag(c.toks, 'E') {
			who = everyone()
		}
	}
	if len(who) == 0 && len(w.carry) == 1 && len(w.sentence) > 1 && (hasTag(c.toks, 'E') || eachMark.MatchString(c.tagged) || allDone.MatchString(c.plain)) {
		who = w.sentence // 去了强叔家又去了萱萱学校,各留了两百元
	}
	if len(who) > 0 {
		w.carry, w.could = who, nil
		return who, nil, true
	}
	switch {
	case len(w.carry) > 1 && generic && !plural:
		return w.carry[len(w.carry)-1:], nil, false
	case len(w.carry) > 0:
		return w.carry, w.could, false
	case len(m.roster) == 1:
		return []ref{{0, ""}}, nil, false
	}
	return []ref{{-1, ""}}, nil, false
}

var (
	exceptBefore = regexp.MustCompile(`除(了|过|去|开)?(P|、|和)*$`)
	allDone      = regexp.MustCompile(`(都|全部|全都|全|挨个|逐个|依次|一个个)(去|看|走|见|打|送|给|发|联系|视频|电话|转|跑|访|入户|慰|微信|通|上门|到)`)
	houseEach    = regexp.MustCompile(`^(N|一)(H|户)(一|给|送|B|M|N|发|各)`)
)

// excepted lists the persons a clause leaves out: 除了老尤.
func (m *message) excepted(c *clause) []ref {
	var out []ref
	for k, t := range c.toks {
		if t.tag == 'P' && exceptBefore.MatchString(m.lettersBefore(c.toks, k)) {
			for _, n := range t.person.who {
				out = append(out, ref{n, ""})
			}
		}
	}
	return out
}

// companion reports whether the person at k only came along: 我和虎子一起给她收拾.
func (m *message) companion(c *clause, k int) bool {
	before := m.lettersBefore(c.toks, k)
	if !alongWith.MatchString(before) || k+3 >= len(c.toks) || m.letterOf(c.toks[k+1]) != '一' {
		return false
	}
	return strings.ContainsRune("起块道", m.letterOf(c.toks[k+2])) && hasTag(c.toks[k+3:], 'P')
}

// alongWith (tagged) stands before somebody who only came along.
var alongWith = regexp.MustCompile(`(^|我)(和|跟|叫上|喊上|约上|拉上|带上|同)$`)

// spoken lists everybody of the roster the message names.
func (m *message) spoken() []int {
	var out []int
	for _, t := range m.tokens {
		for _, n := range t.person.who {
			if !contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}

func hasRef(list []ref, r ref) bool {
	for _, v := range list {
		if v == r {
			return true
		}
	}
	return false
}
