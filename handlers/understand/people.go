package understand

import (
	"strings"
	"unicode/utf8"
)

// form is one way to call somebody of the roster.
type form struct {
	runes   []rune
	who     int
	derived bool // made by us, not given in the roster
	made    bool // a pet name made by us; recognised as it is written only
}

// nameIndex holds every form of the roster's names.
type nameIndex struct {
	forms    []form
	surnames []string // by person
	u        *Understander
}

// namesOf lists the forms of a roster: names, aliases, and what people make of
// them: 海燕 of 祁海燕, 老谷 and 谷大爷 of 谷军, 军军 and 小军 of 谷军.
func (u *Understander) namesOf(roster []Person) *nameIndex {
	x := &nameIndex{u: u, forms: make([]form, 0, 16*len(roster)), surnames: make([]string, len(roster))}
	taken := map[string]int{} // form → person, -1 when two share it
	note := func(s string, who int, derived bool) {
		if utf8.RuneCountInString(s) < 2 {
			return
		}
		if old, ok := taken[s]; ok {
			if derived && old != who {
				for _, f := range x.forms {
					if string(f.runes) == s && !f.derived {
						return // a given form beats a made one
					}
				}
			} else if old == who {
				return
			}
		}
		taken[s] = who
		x.forms = append(x.forms, form{runes: []rune(s), who: who, derived: derived, made: derived && utf8.RuneCountInString(s) == 2 && !strings.HasSuffix(roster[who].Name, s)})
	}
	for i, p := range roster {
		note(p.Name, i, false)
		for _, a := range p.Aliases {
			note(a, i, false)
		}
	}
	for i, p := range roster {
		surname, given := splitName(p.Name)
		x.surnames[i] = surname
		if surname == "" {
			continue
		}
		g := []rune(given)
		if len(g) >= 2 {
			note(given, i, true)
		}
		if n := len(g); n > 0 && isHan(g[n-1]) {
			last := string(g[n-1])
			note(last+last, i, true)
			note("小"+last, i, true)
			note(last+"娃", i, true)
			note(last+"儿", i, true)
			note("阿"+last, i, true)
			if n == 2 {
				note(string(g[0])+string(g[0]), i, true)
			}
		}
	}
	return x
}

// splitName cuts a name into surname and given name; surname is "" where the
// name is not of the usual build (古丽娜尔 keeps 古).
func splitName(name string) (string, string) {
	r := []rune(name)
	if len(r) < 2 {
		return "", name
	}
	if len(r) >= 3 && strings.Contains(compoundSurnames, string(r[:2])) {
		return string(r[:2]), string(r[2:])
	}
	return string(r[0]), string(r[1:])
}

const compoundSurnames = "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 夏侯 端木 独孤 南宫 西门 呼延 万俟 闻人 轩辕 申屠 澹台 拓跋 完颜 赫连 钟离 百里"

// titles follow a surname and make somebody of it. A longer one comes first.
var titles = []string{"老奶奶", "奶奶", "爷爷", "大爷", "大妈", "大娘", "大叔", "大婶", "大伯", "大哥", "大姐", "大嫂", "老汉", "老伯", "老爷子", "老太太", "老太", "阿姨", "阿婆", "阿公", "叔叔", "伯伯", "婶婶", "婶子", "嫂子", "姨姨", "婆婆", "姨", "叔", "婶", "爷", "奶", "伯", "婆", "妈", "哥", "姐", "嫂", "老"}

// mention is a person spoken of.
type mention struct {
	who     []int  // roster persons
	name    string // a name that is not in the roster
	could   []int  // whom an unclear name may mean
	generic bool   // 他, 老人, 孩子: whoever was named before
	group   int    // 三户: how many; -1 all of them; 0 no group
	nth     int    // 前者 1, 后者 2: of the two named before
	rest    bool   // 另外两户: those not named yet
}

// read finds the person named at i: a form of the roster, a made-up title form,
// a name that sounds like one, or a stranger's name.
func (x *nameIndex) read(r []rune, i int) (mention, int) {
	if s, j := x.namesake(r, i); j > i {
		return s, j
	}
	m, end := x.exact(r, i)
	if t, j := x.titled(r, i); j > end {
		m, end = t, j
	}
	if s, j := x.sound(r, i); (j > end || j == end && m.name != "") && len(s.who) > 0 {
		m, end = s, j
	} else if end == i && j > i {
		m, end = s, j
	}
	return m, end
}

// namesake finds the full name of a stranger whose given name is in the roster:
// 李建军 where the roster has 何建军.
func (x *nameIndex) namesake(r []rune, i int) (mention, int) {
	if !strings.ContainsRune(surnames, r[i]) || strings.ContainsRune(notBeforeNames, r[i]) || !slotBefore(r, i) || x.wordEnd(r, i) > i+1 {
		return mention{}, i
	}
	for _, f := range x.forms {
		n := len(f.runes)
		if !f.derived || f.made || n < 2 || !hasAt(r, i+1, string(f.runes)) {
			continue
		}
		surname := []rune(x.surnames[f.who])
		if len(surname) == 1 && x.u.sounds.alike(r[i], surname[0], true) == 0 {
			for _, g := range x.forms { // somebody else of the roster bears it
				if hasAt(r, i, string(g.runes)) {
					return mention{}, i
				}
			}
			return mention{name: string(r[i : i+1+n])}, i + 1 + n
		}
	}
	return mention{}, i
}

// notBeforeNames are surnames that are also words before a name: 和, 向, 于.
const notBeforeNames = "和向于同与给跟到对从都时安那单万常全连方"

// exact finds the longest form that stands at i; forms two people share leave
// it open.
func (x *nameIndex) exact(r []rune, i int) (mention, int) {
	var m mention
	end := i
	for _, f := range x.forms {
		n := len(f.runes)
		if i+n < end || !hasAt(r, i, string(f.runes)) || plainHere(r, i, f) {
			continue
		}
		if i+n > end {
			m, end = mention{}, i+n
		}
		if !contains(m.who, f.who) {
			m.who = append(m.who, f.who)
		}
	}
	if len(m.who) > 1 {
		m.could, m.who = m.who, nil
	}
	return m, end
}

// titled finds surname + title or 老/小 + surname: 谷大爷, 老谷, 小米.
func (x *nameIndex) titled(r []rune, i int) (mention, int) {
	j := i
	prefix := at(r, i)
	if (prefix == '老' || prefix == '小') && isHan(at(r, i+1)) && x.wordEnd(r, i) < i+2 {
		for who, s := range x.surnames {
			if s == "" || !hasAt(r, i+1, s) {
				continue
			}
			n := i + 1 + utf8.RuneCountInString(s)
			if k := x.wordEnd(r, i+1); k > n || strings.ContainsRune("师人家板", at(r, n)) && at(r, n) != 0 && at(r, n) != '家' {
				continue
			}
			return x.bySurname(who, s), n
		}
		if strings.ContainsRune(surnames, at(r, i+1)) && x.wordEnd(r, i) <= i+1 && x.wordEnd(r, i+1) <= i+2 && prefix == '老' && strings.ContainsRune(afterStranger, at(r, i+2)) {
			return mention{name: string(r[i : i+2])}, i + 2
		}
		if strings.ContainsRune(surnames, at(r, i+1)) && prefix == '小' && x.wordEnd(r, i+1) <= i+2 && (i == 0 || isStop(r[i-1]) || r[i-1] == '的') && strings.ContainsRune("去来给替帮把今昨前", at(r, i+2)) && i+2 < len(r) {
			return mention{name: string(r[i : i+2])}, i + 2 // 村上的小李去看了…
		}
		return mention{}, i
	}
	for who, s := range x.surnames {
		if s == "" || !hasAt(r, i, s) {
			continue
		}
		n := i + utf8.RuneCountInString(s)
		for _, t := range titles {
			if hasAt(r, n, t) {
				return x.bySurname(who, s), n + utf8.RuneCountInString(t)
			}
		}
	}
	// A stranger: 西沟的郑老汉, 李奶奶.
	n := 0
	if strings.Contains(compoundSurnames, string(r[i:min(i+2, len(r))])) && len(r) > i+2 {
		n = 2
	} else if strings.ContainsRune(surnames, at(r, i)) {
		n = 1
	}
	if n > 0 && x.wordEnd(r, i) <= i+n {
		for _, t := range titles {
			if len([]rune(t)) == 1 && t != "叔" && t != "婶" && t != "姨" && t != "爷" {
				continue
			}
			if hasAt(r, i+n, t) {
				j = i + n + utf8.RuneCountInString(t)
				return mention{name: string(r[i:j])}, j
			}
		}
	}
	return mention{}, i
}

// bySurname is the person of that surname, or all who bear it as candidates.
func (x *nameIndex) bySurname(who int, surname string) mention {
	m := mention{who: []int{who}}
	for k, s := range x.surnames {
		if k != who && s == surname {
			m.who = append(m.who, k)
		}
	}
	if len(m.who) > 1 {
		return mention{could: m.who}
	}
	return m
}

// wordEnd is the end of the known word at i.
func (x *nameIndex) wordEnd(r []rune, i int) int {
	if i >= len(r) {
		return i
	}
	_, end := x.u.words.at(r, i)
	return end
}

// plainWords are forms that are everyday words too, with what stands before or
// after them when they are: 下小雨, 搬石头, 路遥远.
var plainWords = []struct{ form, before, after string }{
	{"小雨", "下有着场冒中", "天了下"},
	{"石头", "搬块的砸捡些堆用", "子墙路房"},
	{"远远", "离", "地看不够超"},
	{"静静", "安", "地的"},
	{"雪雪", "", ""},
	{"毛毛", "", "雨细"},
	{"大雪", "下", ""},
	{"平平", "", "安常"},
	{"高高", "", "兴的"},
	{"明明", "", "就是"},
	{"圆圆", "", "的满"},
	{"小花", "", "园"},
	{"春天", "", ""},
	{"天明", "到等", ""},
	{"建国", "", "后以"},
	{"安安", "", "全静心"},
	{"乐乐", "", "呵"},
	{"常常", "", ""},
	{"小年", "", ""},
	{"小学", "", ""},
	{"小家", "", "庭"},
	{"小时", "", ""},
	{"小心", "", ""},
	{"小儿", "", "子麻"},
	{"小麦", "", ""},
	{"花儿", "", ""},
	{"生生", "", ""},
	{"来来", "", "回往"},
	{"好好", "", ""},
	{"小红", "", "花"},
	{"小平", "", "房"},
	{"小妹", "", ""},
	{"文化", "", ""},
	{"小康", "", ""},
	{"小明", "", ""},
}

func plainHere(r []rune, i int, f form) bool {
	for _, w := range plainWords {
		if w.form != string(f.runes) {
			continue
		}
		b, a := at(r, i-1), at(r, i+len(f.runes))
		if w.before == "" && w.after == "" {
			return f.derived
		}
		return b != 0 && strings.ContainsRune(w.before, b) || a != 0 && strings.ContainsRune(w.after, a) && f.who >= 0
	}
	return false
}

func contains(list []int, n int) bool {
	for _, v := range list {
		if v == n {
			return true
		}
	}
	return false
}
