package understand

import (
	"strings"
	"unicode/utf8"
)

// token is a mention or a known word in the text, or one literal letter. Its
// tag is the letter it becomes in a rule:
//
//	P person  D day  U day ahead  T time of day  M money  N bare figure that is a sum  # other figures
//	B count of goods (两袋)  E each (每户)  G O K Q H L Z words of words.txt
//
// Tags are capitals; cleaned text has none, so they cannot be mistaken.
type token struct {
	tag        byte // 0 for a literal letter
	start, end int
	person     mention
	day        dateMention
	amount     number
	count      quantity
}

// eachWords are the words for "to each".
var eachWords = []string{"每家每户", "每一户", "每一家", "每户人家", "每户", "每家", "每人", "每位老人", "每位", "每个娃", "每个孩子", "每个老人", "每个人", "每娃", "各家", "各户", "户均", "人均", "一家一户", "一人"}

// genericWords stand for whoever was named before. The longest first.
var genericWords = []string{
	"老人家", "老太太", "老爷子", "老奶奶", "老爷爷", "老汉", "老人", "老头", "老哥", "老嫂子", "孩子", "小孩", "娃娃", "碎娃", "碎女子", "碎女", "碎子", "小家伙", "女娃", "男娃", "尕娃", "小姑娘", "小伙子", "小伙", "姑娘", "丫头",
	"帮扶对象", "关爱对象", "结对对象", "帮扶户", "结对户", "联系户", "结对帮扶户", "包联户", "对象", "困难户", "大爷", "大妈", "大娘", "大叔", "大婶", "阿姨", "奶奶", "爷爷", "老人们",
	"学生", "人家", "这户", "那户", "该户", "这娃", "那娃", "本人家", "其", "他", "她", "娃", "患者", "病人", "残疾人",
}

// scan cuts the text into tokens.
func (m *message) scan() {
	r := m.runes
	m.tokens = make([]token, 0, len(r))
	lastMonth := 0
	for i := 0; i < len(r); {
		t, ok := m.read(i, lastMonth)
		if mo, end := readSmall(r, i); end > i && mo >= 1 && mo <= 12 && at(r, end) == '月' && t.tag != 'D' {
			lastMonth = mo // 10月份去了两次,8号和25号
		}
		if !ok {
			_, end := m.u.words.at(r, i)
			if end < i+1 {
				end = i + 1
			}
			if class, _ := m.u.words.at(r, i); class == '-' && !isStop(r[i]) {
				for ; i < end; i++ {
					m.tokens = append(m.tokens, token{start: i, end: i + 1})
				}
				continue
			}
			t = token{start: i, end: i + 1}
		}
		if n := len(m.tokens); n > 0 && t.tag != 0 && m.tokens[n-1].tag == 'P' && !m.tokens[n-1].person.generic && m.tokens[n-1].person.group == 0 {
			if w := m.letters(t); w == "老人" || w == "同学" || w == "老人家" || w == "老汉" || w == "老太太" || w == "老爷子" || w == "同志" {
				m.tokens[n-1].end, i = t.end, t.end // 权爱琴老人 is one
				continue
			}
		}
		if t.tag == 'D' && t.day.month > 0 {
			lastMonth = t.day.month
		}
		m.tokens = append(m.tokens, t)
		i = t.end
	}
}

// read finds the mention that starts at i: the longest of all readers; a person
// before a day before a figure before a word.
func (m *message) read(i, lastMonth int) (token, bool) {
	r := m.runes
	if isStop(r[i]) {
		return token{}, false
	}
	best := token{start: i, end: i}
	if p, end := m.names.read(r, i); end > best.end {
		best = token{tag: 'P', start: i, end: end, person: p}
	}
	if g, end := m.group(i); end > best.end {
		best = token{tag: 'P', start: i, end: end, person: g}
	}
	if d, end := m.days.read(r, i, lastMonth); end > best.end && !(d.feast && len(best.person.who) > 0 && at(r, end-1) != '节') {
		best = token{tag: 'D', start: i, end: end, day: d}
		if d.clock {
			best.tag = 'T'
		} else if d.future {
			best.tag = 'U'
		}
	}
	if best.tag == 'U' || best.tag == 'D' { // 问了下月月: a name begins inside the word
		for k := i + 1; k < best.end; k++ {
			if _, e := m.names.exact(r, k); e > best.end {
				best = token{start: i, end: i}
			}
		}
	}
	if best.end == i && (hasAt(r, i, "一户") || hasAt(r, i, "一家")) && i+2 < len(r) && strings.ContainsRune("一两二三四五半0123456789", r[i+2]) && at(r, i+3) != '口' && at(r, i+3) != '人' {
		return token{tag: 'E', start: i, end: i + 2}, true // 一户两斤
	}
	class, end := m.u.words.at(r, i)
	if end > best.end && class != '-' {
		best = token{tag: class, start: i, end: end}
		return best, true
	} else if end > best.end {
		return token{}, false
	}
	if best.end > i {
		return best, true
	}
	for _, w := range eachWords {
		if hasAt(r, i, w) && !(w == "每人" && at(r, i+2) == '民') {
			return token{tag: 'E', start: i, end: i + utf8.RuneCountInString(w)}, true
		}
	}
	if n, end := readMoney(r, i); end > i {
		return token{tag: 'M', start: i, end: end, amount: n}, true
	}
	if q, end := readQuantity(r, i); end > i {
		return token{tag: 'B', start: i, end: end, count: q}, true
	}
	// A single character (一下, 两趟) counts nothing worth a tag.
	if n, end := readNumber(r, i); end > i && (end > i+1 || isDigit(r[i])) {
		return token{tag: 'N', start: i, end: end, amount: n}, true
	}
	if p, end := m.names.stranger(r, i); end > i {
		return token{tag: 'P', start: i, end: end, person: p}, true
	}
	for n, w := range []string{"前者", "后者"} {
		if hasAt(r, i, w) {
			return token{tag: 'P', start: i, end: i + 2, person: mention{generic: true, nth: n + 1}}, true
		}
	}
	for _, w := range genericWords {
		if !hasAt(r, i, w) {
			continue
		}
		end := i + utf8.RuneCountInString(w)
		if w == "老人家" && strings.ContainsRune("去到来往进在从", at(r, i-1)) && i > 0 {
			end--
		}
		if (w == "他" || w == "她") && at(r, i-1) == '其' || w == "其" && strings.ContainsRune("中他它余实次", at(r, i+1)) && i+1 < len(r) {
			continue
		}
		if (w == "学生" || w == "姑娘" || w == "残疾人") && (strings.ContainsRune("大小中", at(r, i-1)) && i > 0 || strings.ContainsRune("证补两", at(r, end)) && end < len(r)) {
			continue
		}
		if at(r, end) == '们' {
			end++
			return token{tag: 'P', start: i, end: end, person: mention{group: -2, generic: true}}, true
		}
		if at(r, end) == '俩' || hasAt(r, end, "两个") || hasAt(r, end, "两人") {
			end++
			if at(r, end-1) == '两' {
				end++
			}
			return token{tag: 'P', start: i, end: end, person: mention{group: 2, generic: true}}, true
		}
		return token{tag: 'P', start: i, end: end, person: mention{generic: true}}, true
	}
	return token{}, false
}

// groupNouns follow a figure and make a group of persons: 三户, 两个娃.
var groupNouns = []string{"户人家", "户结对户", "户困难户", "户帮扶户", "户对象", "户群众", "户老人", "户", "家人", "家", "位老人", "位对象", "位关爱对象", "位帮扶对象", "位", "名对象", "名关爱对象", "名帮扶对象", "名儿童", "名老人", "名孤儿", "个老人", "个娃娃", "个娃", "个孩子", "个对象", "个帮扶对象", "个关爱对象", "个学生", "姊妹", "姐妹", "兄妹", "姐弟", "兄弟", "弟兄", "个人", "个", "人", "娃"}

// group reads 三户, 两个娃, 全部, 挨家挨户, 另外两户, 其他几户, 除了.
func (m *message) group(i int) (mention, int) {
	r := m.runes
	for _, w := range []string{"另外", "其他", "其余", "剩下的", "剩下", "剩余", "别的", "余下", "其它", "另"} {
		if !hasAt(r, i, w) {
			continue
		}
		j := i + utf8.RuneCountInString(w)
		if at(r, j) == '的' || at(r, j) == '那' {
			j++
		}
		n, k := readSmall(r, j)
		if k == j && at(r, j) == '几' {
			k = j + 1
		}
		if k == j && at(r, j) == '两' {
			n, k = 2, j+1
		}
		for _, g := range groupNouns {
			if hasAt(r, k, g) {
				if g == "个" && !strings.ContainsRune("都打发去看视电通微的没还,、", at(r, k+1)) {
					continue
				}
				return mention{group: max(n, 1), rest: true}, k + utf8.RuneCountInString(g)
			}
		}
		if strings.HasPrefix(w, "剩下") && k == j && strings.ContainsRune("都打发去看视电通", at(r, k)) {
			return mention{group: 1, rest: true}, k
		}
	}
	for _, w := range []string{"挨家挨户", "家家户户", "逐户", "挨户", "挨家", "全部对象", "所有对象", "所有的对象", "所有帮扶对象", "所有关爱对象", "全部关爱对象", "全部帮扶对象", "全部结对户", "所有结对户", "所有户", "全部户", "各户", "各家", "几户人", "几户", "几家", "我的对象", "我的帮扶对象", "我的关爱对象", "我的结对户", "我包的户", "我联系的户", "我的帮扶户", "结对的户", "包的户", "所有人", "大家", "一满"} {
		if hasAt(r, i, w) {
			end := i + utf8.RuneCountInString(w)
			if w == "大家" && (at(r, end) == '好' || at(r, end) == '都' && at(r, end+1) == '辛') {
				continue
			}
			if (w == "几户" || w == "几家") && !(at(r, i-1) == '这' || at(r, i-1) == '我') && !strings.ContainsRune("都全挨", at(r, end)) {
				continue
			}
			return mention{group: -1}, end
		}
	}
	for _, w := range []string{"姐妹俩", "姊妹俩", "兄妹俩", "姐弟俩", "兄弟俩", "弟兄俩", "姐俩", "哥俩", "爷孙俩", "婆孙俩", "祖孙俩", "母子俩", "母女俩", "父子俩", "父女俩", "娘俩", "爷俩", "婆媳俩", "夫妻俩"} {
		if hasAt(r, i, w) && len(m.roster) == 2 {
			return mention{group: 2}, i + utf8.RuneCountInString(w)
		}
	}
	n, k := readSmall(r, i)
	if k == i && (at(r, i) == '两' || at(r, i) == '俩') {
		n, k = 2, i+1
	}
	if k == i || n < 2 || n > 12 || isDigit(at(r, i-1)) || at(r, i-1) == '第' || at(r, i-1) == '.' {
		return mention{}, i
	}
	for _, g := range groupNouns {
		if !hasAt(r, k, g) {
			continue
		}
		end := k + utf8.RuneCountInString(g)
		switch c := at(r, end); {
		case g == "家" && strings.ContainsRune("企公医超店银单", c) && c != 0,
			g == "户" && c == '型',
			(g == "个" || g == "人") && !(c == '都' || c == '全' || isStop(c) && g == "人" || c == '各' || c == '分' || c == '共'),
			g == "位" && strings.ContainsRune("同干医志", c) && c != 0,
			g == "人" && strings.ContainsRune("间次份", c) && c != 0:
			continue
		}
		if b := at(r, i-1); b == '们' || b == '咱' || b == '了' && strings.ContainsRune("叫喊找请雇组", at(r, i-2)) && i > 1 {
			return mention{}, i // 我们两个人
		}
		return mention{group: n}, end
	}
	return mention{}, i
}
