package understand

import "strings"

// number is a figure in hundredths, so that 256.5 is exact. A figure that is
// only hinted at (几百, 七八百) is vague and has no value.
type number struct {
	cents int64
	vague bool
	han   bool // written in characters
}

var hanDigits = map[rune]int64{
	'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
	'壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9, '俩': 2, '仨': 3, '幺': 1,
}

var hanUnits = map[rune]int64{
	'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1000, '仟': 1000, '万': 10000, '萬': 10000,
}

// readNumber reads the figure that starts at i and returns the index after it,
// or i itself when there is none. 300, 2000.5, 1.2万, 三百, 两百五, 百十, 伍佰, 3千5.
func readNumber(r []rune, i int) (number, int) {
	if isDigit(at(r, i)) {
		return readArabic(r, i)
	}
	return readHan(r, i)
}

func readArabic(r []rune, i int) (number, int) {
	var v int64
	start := i
	for ; isDigit(at(r, i)); i++ {
		if i-start > 11 { // no figure of ours; an id or a card number
			for isDigit(at(r, i)) {
				i++
			}
			return number{vague: true}, i
		}
		v = v*10 + int64(r[i]-'0')
	}
	v *= 100
	if at(r, i) == '.' && isDigit(at(r, i+1)) {
		scale := int64(10)
		for i++; isDigit(at(r, i)); i++ {
			v += int64(r[i]-'0') * scale
			scale /= 10
		}
	}
	for {
		u := hanUnits[at(r, i)]
		if at(r, i) == 'w' {
			u = 10000
		}
		if u < 100 {
			break
		}
		i++
		v *= u
		// 1万2 is 12000, 3千5 is 3500.
		if n := digitsFrom(r, i); n == 1 && hanUnits[at(r, i+1)] == 0 && at(r, i+1) != '.' {
			v += int64(r[i]-'0') * 100 * u / 10
			i++
		}
	}
	return number{cents: v}, skipMore(r, i)
}

func readHan(r []rune, i int) (number, int) {
	var total, section, digit int64
	start, digits, vague, zero := i, 0, false, false
	lastUnit := int64(1)
	if at(r, i) == '几' || at(r, i) == '数' || at(r, i) == '好' && at(r, i+1) == '几' {
		// 几百块: money, but nobody knows how much
		j := i + 1
		if at(r, i) == '好' {
			j++
		}
		if hanUnits[at(r, j)] == 0 {
			return number{}, i
		}
		for hanUnits[at(r, j)] != 0 {
			j++
		}
		return number{vague: true, han: true}, skipMore(r, j)
	}
	for ; ; i++ {
		c := at(r, i)
		if d, ok := hanDigits[c]; ok {
			if d == 0 {
				zero = true
			} else if digits > 0 && digit != 0 {
				vague = true // 七八百
			}
			digit = d
			digits++
			continue
		}
		u := hanUnits[c]
		if u == 0 {
			break
		}
		if digits == 0 && digit == 0 {
			digit = 1 // 百十块, 十五
		}
		if u == 10000 {
			total += (section + digit) * u
			section = 0
		} else {
			section += digit * u
		}
		digit, digits, zero, lastUnit = 0, 0, false, u
	}
	if i == start {
		return number{}, start
	}
	if digit != 0 {
		if !zero && lastUnit >= 100 && digits == 1 {
			digit *= lastUnit / 10 // 两百五, 一万二
		}
		section += digit
	}
	if c := r[i-1]; i-start == 1 && (c == '零' || c == '百' || c == '千' || c == '万') && at(r, i) != '把' && at(r, i) != '来' && at(r, i) != '十' {
		if c != '百' && c != '千' || !isUnitOfMoney(r, skipMore(r, i)) {
			return number{}, start
		}
	}
	return number{cents: (total + section) * 100, vague: vague, han: true}, skipMore(r, i)
}

// skipMore passes 多, 来, 余, 把 after a figure: 三十来块, 2000多元.
func skipMore(r []rune, i int) int {
	for strings.ContainsRune("多来余把几", at(r, i)) && at(r, i) != 0 {
		if at(r, i) == '几' && hanUnits[at(r, i-1)] == 0 {
			break
		}
		if at(r, i) == '来' && !isUnitOfMoney(r, i+1) && !isMeasure(at(r, i+1)) && !strings.ContainsRune("分天岁次个", at(r, i+1)) {
			break
		}
		i++
	}
	return i
}

func isUnitOfMoney(r []rune, i int) bool {
	switch at(r, i) {
	case '元', '块', '圆':
		return true
	}
	return hasAt(r, i, "人民币") || hasAt(r, i, "rmb")
}

// readMoney reads a sum with its unit: 300元, 五十块钱, ¥200, 三块五, 1.2万.
// A figure with 万 and no unit is money as well.
func readMoney(r []rune, i int) (number, int) {
	start, sign := i, false
	if at(r, i) == '¥' || hasAt(r, i, "人民币") {
		sign = true
		if at(r, i) == '¥' {
			i++
		} else {
			i += 3
		}
	}
	n, end := readNumber(r, i)
	if end == i {
		return number{}, start
	}
	switch at(r, end) {
	case '元', '块', '圆':
		unit := at(r, end)
		j := end + 1
		if unit == '块' && !moneyAfterPiece(r, j, n) {
			return number{}, start
		}
		if unit == '块' || unit == '元' {
			if d, ok := smallDigit(at(r, j)); ok && hanUnits[at(r, j+1)] == 0 && !isMeasure(at(r, j+1)) && !isDigit(at(r, j+1)) && !strings.ContainsRune("家户人位个起遍次趟号月", at(r, j+1)) {
				n.cents += d * 10
				j++
				if at(r, j) == '毛' || at(r, j) == '角' {
					j++
				}
			}
		}
		if at(r, j) == '多' {
			j++
		}
		if at(r, j) == '钱' || at(r, j) == '整' {
			j++
		}
		return n, j
	}
	if (at(r, end) == '毛' || at(r, end) == '角') && n.cents <= 1000 {
		n.cents /= 10
		if at(r, end+1) == '钱' {
			end++
		}
		return n, end + 1 // 8毛
	}
	if hasAt(r, end, "人民币") || hasAt(r, end, "rmb") {
		return n, end + 3
	}
	if sign || end-1 > i && (at(r, end-1) == '万' || at(r, end-1) == 'w') {
		return n, end
	}
	return number{}, start
}

// moneyAfterPiece tells 三块肥皂 (pieces) from 三块钱 and 三百块: a small
// figure in characters followed by a thing is a count.
func moneyAfterPiece(r []rune, j int, n number) bool {
	if n.cents > 900 || n.vague {
		return true
	}
	c := at(r, j)
	if _, ok := smallDigit(c); ok || c == '钱' || c == '多' || c == 0 || isStop(c) {
		return true
	}
	return strings.ContainsRune("一每的买送给", c)
}

func smallDigit(c rune) (int64, bool) {
	if c >= '1' && c <= '9' {
		return int64(c - '0'), true
	}
	d, ok := hanDigits[c]
	return d, ok && d > 0
}

// measures are the words goods are counted by.
const measures = "袋桶箱件双床斤套本盒瓶提壶只条身吨车捆副篮束份支台辆张块顶罐包板筐样个把颗棵副卷沓壸筒壶付根筒盘口匹串罐摞兜担"

func isMeasure(c rune) bool { return c != 0 && strings.ContainsRune(measures, c) }

// quantity is a count of goods: two of 袋.
type quantity struct {
	n       int64 // in hundredths
	measure rune
}

// readQuantity reads 两袋, 3大桶, 一公斤, 半车, 十来斤.
func readQuantity(r []rune, i int) (quantity, int) {
	n, j := readNumber(r, i)
	if j == i {
		switch at(r, i) {
		case '半':
			n, j = number{cents: 50}, i+1
		default:
			return quantity{}, i
		}
	}
	if at(r, j) == '大' || at(r, j) == '小' || at(r, j) == '整' || at(r, j) == '公' || at(r, j) == '市' {
		j++
	}
	c := at(r, j)
	for _, w := range []string{"kg", "ml", "l", "g"} {
		if hasAt(r, j, w) {
			return quantity{n: n.cents, measure: rune(w[0])}, j + len(w)
		}
	}
	if !isMeasure(c) {
		return quantity{}, i
	}
	if c == '条' && i > 0 && strings.ContainsRune("上这那前刚", r[i-1]) {
		return quantity{}, i // 上一条
	}
	if c == '个' && (strings.ContainsRune("月小钟星礼半人多电视短微", at(r, j+1)) || at(r, j+1) == 0 && strings.ContainsRune("了通打发有第那这上", at(r, i-1))) {
		return quantity{}, i
	}
	if c == '提' && strings.ContainsRune("前早到去了着供", at(r, j+1)) && j+1 < len(r) {
		return quantity{}, i // 500提前给了
	}
	if c == '口' && at(r, j+1) == '袋' {
		c, j = '袋', j+1
	}
	if c == '块' && at(r, j+1) == '钱' || c == '把' && n.cents > 1000 {
		return quantity{}, i
	}
	if (c == '条' || c == '个') && at(r, j+1) == '一' && at(r, j+2) == c {
		return quantity{}, i // 一条一条讲清楚
	}
	if n.vague {
		n.cents = 0
	}
	if strings.ContainsRune("袋箱桶盒", c) && at(r, j+1) == '子' {
		j++
	}
	return quantity{n: n.cents, measure: c}, j + 1
}
