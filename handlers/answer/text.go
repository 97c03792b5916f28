package answer

import (
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// fold makes widths, cases and the commonest traditional letters alike.
func fold(r rune) rune {
	switch {
	case r == '\u3000':
		return ' '
	case r >= '！' && r <= '～':
		r -= '！' - '!'
	}
	if s, ok := simplified[r]; ok {
		return s
	}
	return unicode.ToLower(r)
}

// simplified holds the traditional letters that phones in the region still produce.
var simplified = func() map[rune]rune {
	from := []rune("補貼殘疾證兒個錢醫療學習養護戶媽爺們幫麼樣嗎沒來這裡說話電話請問應該為貧困難過給辦藥殺傷書臨時後媳婦")
	to := []rune("补贴残疾证儿个钱医疗学习养护户妈爷们帮么样吗没来这里说话电话请问应该为贫困难过给办药杀伤书临时后媳妇")
	m := make(map[rune]rune, len(from))
	for i, r := range from {
		if r != to[i] {
			m[r] = to[i]
		}
	}
	return m
}()

// plain keeps the letters, digits and characters of a text, folded.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return fold(r)
		}
		return -1
	}, text)
}

// syllable is how a character sounds to a careless ear: no tone, and the pairs
// that Pingliang's speech and pinyin keyboards mix up (zh/z, ing/in, l/n) made one.
func syllable(r rune) string {
	if i := int(r) - firstHan; i >= 0 && i <= lastHan-firstHan {
		if s := syllables()[i]; s != "" {
			return s
		}
	}
	return string(r)
}

const firstHan, lastHan = 0x4e00, 0x9fff

var syllables = sync.OnceValue(func() []string {
	all := make([]string, lastHan-firstHan+1)
	one := map[string]string{}
	for i := range all {
		reading, _, _ := strings.Cut(pinyin.PinyinDict[i+firstHan], ",")
		if reading == "" {
			continue
		}
		if _, ok := one[reading]; !ok {
			one[reading] = careless(reading)
		}
		all[i] = one[reading]
	}
	return all
})

func careless(reading string) string {
	s := strings.Map(func(r rune) rune {
		if t, ok := toneless[r]; ok {
			return t
		}
		if r > unicode.MaxASCII {
			return -1 // a combining tone
		}
		return r
	}, reading)
	if len(s) > 2 && s[1] == 'h' && strings.IndexByte("zcs", s[0]) >= 0 {
		s = s[:1] + s[2:]
	}
	if strings.HasSuffix(s, "ing") || strings.HasSuffix(s, "eng") {
		s = s[:len(s)-1]
	}
	if s[0] == 'n' && len(s) > 1 {
		s = "l" + s[1:]
	}
	return s
}

var toneless = func() map[rune]rune {
	m := map[rune]rune{}
	for plain, toned := range map[rune]string{
		'a': "āáǎà", 'o': "ōóǒò", 'e': "ēéěèê", 'i': "īíǐì", 'u': "ūúǔù", 'v': "üǖǘǚǜ", 'n': "ńňǹ", 'm': "ḿ",
	} {
		for _, r := range toned {
			m[r] = plain
		}
	}
	return m
}()
