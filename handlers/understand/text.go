package understand

import "strings"

// Separators of the cleaned text: every stop mark becomes one of these.
const (
	stopSentence = '。'
	stopComma    = ','
	stopList     = '、'
	stopAsk      = '?'
	stopSpace    = ' '
	stopColon    = ':' // after a name it joins: 单福贵:走访
)

// typos are slips of the thumb and of speech-to-text that hide a word the
// grammar needs. Names are matched by sound elsewhere (people.go).
var typos = strings.NewReplacer(
	"大了电话", "打了电话", "大了个电话", "打了个电话", "大电话", "打电话", "打店话", "打电话", "打点话", "打电话", "打了点话", "打了电话",
	"电活", "电话", "电化", "电话", "视瓶", "视频", "视平", "视频", "走方", "走访", "慰向", "慰问", "谓问", "慰问",
	"电花", "电话", "店话", "电话", "为信", "微信", "威信", "微信", "徽信", "微信", "微心", "微信", "短心", "短信", "段信", "短信",
	"视屏", "视频", "是频", "视频", "事频", "视频", "慰间", "慰问", "尉问", "慰问", "慰文", "慰问", "位问", "慰问",
	"走仿", "走访", "走防", "走访", "走坊", "走访", "走房", "走访", "家仿", "家访", "如户", "入户", "人户走访", "入户走访",
	"探忘", "探望", "看忘", "看望", "看旺", "看望", "探是", "探视", "地保", "低保", "抵保", "低保", "底保", "低保", "低宝", "低保",
	"残急证", "残疾证", "残级证", "残疾证", "残极证", "残疾证", "辅到", "辅导", "辅道", "辅导", "打少", "打扫", "打嫂", "打扫",
	"申清", "申请", "身请", "申请", "政侧", "政策", "正策", "政策", "卫生原", "卫生院", "敬老园", "敬老院", "医饱", "医保", "一保", "医保",
	"昨填", "昨天", "做天", "昨天", "作天", "昨天", "昨夭", "昨天", "今夭", "今天", "今添", "今天", "钱天", "前天", "眀天", "明天",
	"送取", "送去", "米棉油", "米面油", "面分", "面粉", "棉背", "棉被", "被字", "被子", "羊芋", "洋芋", "书抱", "书包",
	"己经", "已经", "买的要", "买的药", "降压要", "降压药", "撒销", "撤销", "撤消", "撤销", "取肖", "取消", "进渡", "进度",
	"谁都没", "都没", "谁也没", "也没", "哪都没", "都没", "哪也没", "也没",
	"帮忙者", "帮忙着", "药店话", "要电话", "哈喽", "哈喽", "咧", "了", "啦", "了", "喽", "了", "咯", "了", "块前", "块钱", "元前", "元钱", "快钱", "块钱", "园钱", "元钱",
)

// clean folds a message to the letters the tables are written in: half-width,
// lower case, one kind of each stop mark, no quotes, no filler.
func clean(s string) []rune {
	in := []rune(s)
	out := make([]rune, 0, len(in))
	put := func(r rune) {
		// Runs of stops collapse into the strongest of them.
		if n := len(out); n > 0 && isStop(out[n-1]) && isStop(r) {
			if strength(r) > strength(out[n-1]) {
				out[n-1] = r
			}
			return
		}
		out = append(out, r)
	}
	for i := 0; i < len(in); i++ {
		r := in[i]
		if r >= 0xFF01 && r <= 0xFF5E { // full-width forms
			r -= 0xFEE0
		}
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		prev, next := at(in, i-1), at(in, i+1)
		switch {
		case r == ',' && isDigit(prev) && digitsFrom(in, i+1) == 3:
			continue // 2,000元
		case (r == '.' || r == '-' || r == '/' || r == ':') && isDigit(prev) && isDigit(next):
			put(r)
		case r == '/' && i > 0:
			put(r)
		case r == '*' || r == 'x' && (isDigit(prev) || isDigit(next)) || r == '×' || r == '✖':
			put('×')
		case strings.ContainsRune("。.!;…\n", r):
			put(stopSentence)
		case r == '?':
			put(stopAsk)
		case (r == '(' || r == 0xFF08) && bracketedDay(in, i):
			continue // 走访1次(11月2日)
		case strings.ContainsRune("—–-~", r) && (prev == '号' || prev == '日') && isDigit(lastDash(in, i)):
			if n := len(out); n > 0 && out[n-1] != '到' {
				out = append(out, '到') // 10月9号—10号
			}
		case strings.ContainsRune(",~—()[]【】「」|-–", r):
			put(stopComma)
		case r == ':':
			put(stopColon)
		case r == '、' || r == '&' || r == '+':
			put(stopList)
		case r == '¥' || r == 0xFFE5:
			put('¥')
		case strings.ContainsRune("\"'“”‘’《》<>`·•﹏_#^", r):
			continue
		case isHan(r) || isDigit(r) || r >= 'a' && r <= 'z' || r == '%' || r == '@':
			put(r)
		default: // spaces, tabs, emoji and anything else divide
			put(stopSpace)
		}
	}
	text := typos.Replace(strings.Trim(string(out), " ,、"))
	for _, filler := range fillers {
		text = strings.ReplaceAll(text, filler.from, filler.to)
	}
	return []rune(text)
}

// fillers are sounds of hesitation; speech-to-text writes them down.
// 今天我去那个秀芳家里嗯看了一下 → 今天我去秀芳家里看了一下
var fillers = []struct{ from, to string }{
	{"去那个", "去"},
	{"给那个", "给"},
	{"跟那个", "跟"},
	{"到那个", "到"},
	{"然后那个", "然后"},
	{"就是那个", ""},
	{"嗯", ""},
	{"呃", ""},
	{"额,", ""},
	{"啊就", "就"},
	{"那个啥", ""},
	{"在不在家", "在家否"},
	{"在不在屋", "在屋否"},
	{"这个啥", ""},
}

// bracketedDay reports whether the bracket at i holds nothing but a day.
func bracketedDay(r []rune, i int) bool {
	for k := i + 1; k < min(i+12, len(r)); k++ {
		switch {
		case r[k] == ')' || r[k] == 0xFF09:
			return k > i+2
		case !isDigit(r[k]) && !strings.ContainsRune("年月日号.周一二三四五六昨今前天", r[k]):
			return false
		}
	}
	return false
}

// lastDash is the rune after the dashes at i.
func lastDash(r []rune, i int) rune {
	for strings.ContainsRune("—–-~", at(r, i)) && i < len(r) {
		i++
	}
	return at(r, i)
}

func isStop(r rune) bool {
	return r == stopSentence || r == stopComma || r == stopList || r == stopAsk || r == stopSpace || r == stopColon
}

func strength(r rune) int {
	switch r {
	case stopAsk:
		return 5
	case stopSentence:
		return 4
	case stopComma, stopColon:
		return 3
	case stopList:
		return 2
	}
	return 1
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r >= 0x20000 && r <= 0x2FA1F || r == '〇'
}

// at returns the rune at i, or 0 outside.
func at(r []rune, i int) rune {
	if i < 0 || i >= len(r) {
		return 0
	}
	return r[i]
}

// digitsFrom counts the digits that start at i.
func digitsFrom(r []rune, i int) int {
	n := 0
	for isDigit(at(r, i+n)) {
		n++
	}
	return n
}

// hasAt reports whether word stands at i.
func hasAt(r []rune, i int, word string) bool {
	for _, w := range word {
		if at(r, i) != w {
			return false
		}
		i++
	}
	return true
}
