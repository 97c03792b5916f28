package understand

import (
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// soundTable gives each common character its reading, and a surname its other
// one, as numbers, exact and
// folded (n/l, zh/z, ch/c, sh/s, -ing/-in, -eng/-en), so that a name can be recognised by
// ear: 谷君 for 谷军, 嗨龙 for 海龙.
type soundTable struct {
	exact, folded [0xA000 - 0x4E00][2]uint16
}

// surnameSounds are characters read otherwise as surnames; the usual reading
// stays as the second.
var surnameSounds = map[rune]string{
	'单': "shan", '曾': "zeng", '解': "xie", '仇': "qiu", '区': "ou", '查': "zha", '翟': "zhai", '朴': "piao",
	'任': "ren", '华': "hua", '尉': "yu", '冼': "xian", '盖': "ge", '乐': "yue", '折': "she", '缪': "miao", '秘': "bi", '员': "yun", '万': "wan", '召': "shao", '长': "chang",
}

func loadSounds() *soundTable {
	t := &soundTable{}
	ids := map[string]uint16{}
	id := func(s string) uint16 {
		n, ok := ids[s]
		if !ok {
			n = uint16(len(ids) + 1)
			ids[s] = n
		}
		return n
	}
	for code := range len(t.exact) {
		r := rune(0x4E00 + code)
		all := pinyin.PinyinDict[int(r)]
		if all == "" {
			continue
		}
		first, _, _ := strings.Cut(all, ",")
		first, second := plainSound(first), ""
		if s := surnameSounds[r]; s != "" && s != first {
			second = s
		}
		for k, s := range [2]string{first, second} {
			if s != "" {
				t.exact[code][k], t.folded[code][k] = id(s), id(foldSound(s))
			}
		}
	}
	return t
}

var toneless = strings.NewReplacer(
	"ā", "a", "á", "a", "ǎ", "a", "à", "a", "ē", "e", "é", "e", "ě", "e", "è", "e", "ê", "e", "ế", "e", "ề", "e",
	"ī", "i", "í", "i", "ǐ", "i", "ì", "i", "ō", "o", "ó", "o", "ǒ", "o", "ò", "o", "ū", "u", "ú", "u", "ǔ", "u", "ù", "u",
	"ǖ", "v", "ǘ", "v", "ǚ", "v", "ǜ", "v", "ü", "v", "ń", "n", "ň", "n", "ǹ", "n", "ḿ", "m")

func plainSound(s string) string { return toneless.Replace(s) }

// foldSound joins what the speech of the region does not keep apart.
func foldSound(s string) string {
	switch {
	case strings.HasPrefix(s, "zh"), strings.HasPrefix(s, "ch"), strings.HasPrefix(s, "sh"):
		s = s[:1] + s[2:]
	case strings.HasPrefix(s, "n"):
		s = "l" + s[1:]
	}
	if strings.HasSuffix(s, "ing") || strings.HasSuffix(s, "eng") {
		s = s[:len(s)-1]
	}
	return s
}

// alike says how much a sounds like b: 3 the same character, 2 the same sound,
// 1 the same to a regional ear, 0 not. A surname may be
// read in its own way.
func (t *soundTable) alike(a, b rune, surname bool) int {
	if a == b {
		return 3
	}
	i, j := int(a)-0x4E00, int(b)-0x4E00
	if i < 0 || j < 0 || i >= len(t.exact) || j >= len(t.exact) {
		return 0
	}
	if !surname {
		switch {
		case t.exact[i][0] == 0 || t.exact[j][0] == 0:
			return 0
		case t.exact[i][0] == t.exact[j][0]:
			return 2
		case t.folded[i][0] == t.folded[j][0]:
			return 1
		}
		return 0
	}
	if meet(t.exact[i], t.exact[j]) {
		return 2
	}
	if meet(t.folded[i], t.folded[j]) {
		return 1
	}
	return 0
}

func meet(a, b [2]uint16) bool {
	return a[0] != 0 && (a[0] == b[0] || a[0] == b[1]) || a[1] != 0 && (a[1] == b[0] || a[1] == b[1])
}
