package understand

import (
	"strings"
	"unicode/utf8"
)

// sound finds a form that sounds like the text at i: 谷君, 嗨龙, 欧阳文婧. A form
// of two characters must share one or stand where a name stands.
func (x *nameIndex) sound(r []rune, i int) (mention, int) {
	if strings.ContainsRune("和跟与", at(r, i)) && i > 0 && slotJoined(x, r, i) {
		return mention{}, i // 丽丽和莉莉
	}
	var best mention
	bestScore, end := 0, i
	for _, f := range x.forms {
		n := len(f.runes)
		if i+n > len(r) || f.made {
			continue
		}
		if n == 2 && (isMeasure(r[i]) && !strings.ContainsRune(surnames, r[i]) || genericAt(r, i) >= n) {
			continue // 一件军大衣; 老人 is nobody called 老任
		}
		score, same, wrong := 0, 0, false
		for k, c := range f.runes {
			a := x.u.sounds.alike(r[i+k], c, k == 0)
			if a == 3 {
				same++
			}
			wrong = wrong || a == 0
			score += a
		}
		if same == n || wrong {
			continue
		}
		if n == 2 && !x.pairStands(r, i, f, same) {
			continue
		}
		if x.hidden(r, i, n) && !hasAt(r, i+1, string(f.runes[1:])) {
			continue
		}
		score = score*4/n*4 + n*3
		switch {
		case n < end-i || score < bestScore && n == end-i:
		case score == bestScore && n == end-i:
			if !contains(best.who, f.who) {
				best.who = append(best.who, f.who)
			}
		default:
			best, bestScore, end = mention{who: []int{f.who}}, score, i+n
		}
	}
	if len(best.who) > 1 {
		// Everybody it could sound like: the full names decide nothing.
		best.could, best.who = best.who, nil
	} else if len(best.who) == 1 {
		best = x.rivals(r[i:end], best)
	}
	return best, end
}

// pairStands reports whether two letters that sound like a short form may be
// it: they share a letter with it or stand where a name stands, and do not begin
// with a word that begins no name.
func (x *nameIndex) pairStands(r []rune, i int, f form, same int) bool {
	before, after := slotBefore(r, i), slotAfter(r, i+2)
	switch {
	case r[i] != f.runes[0] && strings.ContainsRune("家了的在是有不也都就还会能要说得她他我", r[i]):
		return false
	case same == 0:
		return before && after
	case strings.ContainsRune("家了得会有", r[i]):
		return before
	case f.derived || strings.ContainsRune("老小", r[i]):
		return before || after
	}
	return true
}

// rivals leaves a misspelt full name open when another name of the roster
// sounds the same: 张利 for 张丽 and 张立.
func (x *nameIndex) rivals(typed []rune, m mention) mention {
	for _, f := range x.forms {
		if len(f.runes) != len(typed) || contains(m.who, f.who) {
			continue
		}
		exact := true
		for k, c := range f.runes {
			exact = exact && x.u.sounds.alike(typed[k], c, k == 0) >= 2
		}
		// 谢小君 is 谢晓君 before 解小军: the surname is as written.
		if own := x.surnames[m.who[0]]; own == string(typed[0]) && x.surnames[f.who] != own {
			exact = false
		}
		if exact {
			return mention{could: []int{m.who[0], f.who}}
		}
	}
	return m
}

// hidden reports whether a known word of two or more letters lies across the
// text, so that it is no name.
func (x *nameIndex) hidden(r []rune, i, n int) bool {
	for k := i - 1; k < i+n; k++ {
		if k < 0 {
			continue
		}
		if class, e := x.u.words.at(r, k); e-k >= 2 && e > i && class != 'Q' && !(k < i && class != '-') {
			return true
		}
	}
	return false
}

// slotBefore and slotAfter tell the places where a name stands.
func slotBefore(r []rune, i int) bool {
	c := at(r, i-1)
	return c == 0 || isStop(c) || strings.ContainsRune("去到给跟和与同帮替为看望访探问对陪带是把了叫找", c)
}

func slotAfter(r []rune, i int) bool {
	c := at(r, i)
	return c == 0 || isStop(c) || strings.ContainsRune("家打那说的送和跟发屋通买办视微学住电申辅讲代在也都今昨她他住", c)
}

// genericAt is the length of the general word for a person at i, 0 without.
func genericAt(r []rune, i int) int {
	for _, w := range genericWords {
		if hasAt(r, i, w) {
			return utf8.RuneCountInString(w)
		}
	}
	return 0
}

// slotJoined reports whether a form of the roster ends before i and another
// begins after it.
func slotJoined(x *nameIndex, r []rune, i int) bool {
	if _, end := x.exact(r, i+1); end == i+1 {
		return false
	}
	for _, f := range x.forms {
		if k := i - len(f.runes); k >= 0 && hasAt(r, k, string(f.runes)) {
			return true
		}
	}
	return false
}
