package understand

import (
	"regexp"
	"strings"

	"aixin/models"
)

// gift gathers what the clauses of one gift tell of its value.
type gift struct {
	grand  bool  // a total of all persons, whatever each was given
	cents  int64 // items added up
	told   bool
	total  bool  // a total was told; it stands for the items
	each   bool  // 各, 每户: the value is for each
	vague  bool  // a sum nobody can tell: 几百块
	item   int64 // the sum before a total was told
	shown  map[rune]int64
	goods  []string // what was given
	inTurn []int64  // 分别给了200、300: for each in turn

	unit, perHead               int64 // the price of one measure; how many of them each was given
	unitMeasure, perHeadMeasure rune
}

// bareSum reports whether the bare figure at k is money: 花了一百三, 98一套,
// 一袋60, 每户二百.
func (m *message) bareSum(c *clause, k int) bool {
	toks := c.toks
	before := ""
	for j := max(0, k-6); j < k; j++ {
		before += m.letter(toks[j])
	}
	after := ""
	for j := k + 1; j < min(len(toks), k+3); j++ {
		after += m.letter(toks[j])
	}
	if notSumAfter.MatchString(after) {
		return false
	}
	if a := toks[k].amount; a.cents < 100 || a.han && a.cents < 1000 {
		return false
	}
	if k+1 < len(toks) && toks[k+1].tag == 'B' && toks[k+1].count.n == 100 || strings.HasPrefix(after, "/") || after == "一个" || strings.HasPrefix(after, "一个、") {
		return true
	}
	if k > 0 && toks[k-1].tag == 'B' && toks[k-1].count.n == 100 && (after == "" || strings.HasPrefix(after, "、")) {
		return true
	}
	if k > 0 && toks[k-1].tag == 0 && isMeasure(m.runes[toks[k-1].start]) && (after == "" || strings.HasPrefix(after, "、")) {
		return true // 每袋140
	}
	if j := k - 1; j > 0 && m.letterOf(toks[j]) == stopColon && len(toks[j-1].person.who) == 1 && after == "" {
		return toks[k].amount.cents >= 2000 // 柴叔:200
	}
	if k > 0 && len(toks[k-1].person.who) == 1 && (after == "" || after[0] == 'P' || strings.HasPrefix(after, "、")) {
		return toks[k].amount.cents >= 2000 // 老谷200,海龙300
	}
	if k > 1 && strings.HasSuffix(before, "P的") && len(toks[k-2].person.who) == 1 && after == "" {
		return toks[k].amount.cents >= 2000 // 老任的130
	}
	if k > 1 && toks[k-1].tag == 'B' && toks[k-2].tag == 'G' && after == "" {
		return toks[k].amount.cents >= 1000 // 化肥两袋260
	}
	if strings.HasPrefix(after, "的G") && strings.ContainsAny(before, "买送给花发包塞") {
		return true // 买了400的营养品
	}
	if len(toks) == 1 {
		return toks[k].amount.cents >= 1000
	}
	return costWords.MatchString(before) || giveBefore.MatchString(before) || (strings.HasSuffix(before, "G") || strings.HasSuffix(before, "Z") && strings.ContainsAny(before, "交缴")) && (after == "" || after[0] == 'G' || strings.HasPrefix(after, "我") || strings.HasPrefix(after, "提") || strings.HasPrefix(after, "都") || strings.HasPrefix(after, "已") || strings.HasPrefix(after, "是") || strings.HasPrefix(after, "、") || strings.HasPrefix(after, "去") || strings.HasPrefix(after, "送") || strings.HasPrefix(after, "的G"))
}

var (
	notSumAfter = regexp.MustCompile(`^(岁|次|遍|趟|回|分钟|分|小时|个|天|年|月|人|户|点|号|里|公里|米|名|亩|度|级|层|只|班|周|等|袋|口|家|日|位|平|kg|%|:|-|多个|来个|多岁)`)
	giveBefore  = regexp.MustCompile(`(给|掏|添|送|转|塞|留|垫|出|补|包|发|打|拿|随|捐|资助|放|充|交|奖|凑|筹)(了|过|下|上|去|给|P|P的|我|着|来|账|过去|E|各|又|共|付)*$|包(了)?(一)?个$|(掏|出|花)的$|(现金|红包|慰问金|钱|元|医保|保险|合疗|费)$`)
)

// letters is a token as typed.
func (m *message) letters(t token) string { return string(m.runes[t.start:t.end]) }

// letter is the letter a token has in the tagged text.
func (m *message) letter(t token) string {
	if t.tag == 0 {
		return string(m.runes[t.start])
	}
	return string(t.tag)
}

// take adds the sums of a clause to the gift. full says that the clause tells a
// gift itself, so that its sum counts even after a total.
func (m *message) take(g *gift, c *clause, full bool) {
	toks := c.toks
	if g.shown == nil {
		g.shown = map[rune]int64{}
	}
	if hasTag(toks, 'E') || eachMark.MatchString(c.tagged) {
		g.each = true
	}
	var sum int64
	told, total := false, false
	for k, t := range toks {
		if t.tag == 'G' && full {
			g.goods = append(g.goods, string(m.runes[t.start:t.end]))
		}
		if t.tag == 'B' && k > 0 && toks[k-1].tag == 'E' {
			g.perHead, g.perHeadMeasure = t.count.n, t.count.measure
			if g.unit > 0 && g.unitMeasure == t.count.measure && g.told { // 一车六百,一人一车
				g.cents = g.unit * g.perHead / 100
			}
		}
		if t.tag == 'B' {
			if old, ok := g.shown[t.count.measure]; !ok || t.count.n > 100 || old == 0 {
				g.shown[t.count.measure] = t.count.n
			}
			continue
		}
		if t.tag != 'M' && !(t.tag == 'N' && m.bareSum(c, k)) {
			continue
		}
		if t.amount.vague {
			g.vague = true
			continue
		}
		before := m.lettersBefore(toks, k)
		if notGift.MatchString(before) && !strings.HasSuffix(before, "的") && !strings.Contains(before, "送") && !wePay.MatchString(c.plain) {
			continue
		}
		value := t.amount.cents * m.times(g, toks, k, before) / 100
		if totalMark.MatchString(before) {
			if grandTotal.MatchString(before) && !hasTag(toks, 'E') && !eachMark.MatchString(c.tagged) {
				g.grand = true // 每人一套文具,共花150
			}
			total, told, sum = true, true, value
			continue
		}
		if total {
			continue
		}
		sum += value
		told = true
	}
	if !told {
		return
	}
	if strings.Contains(c.plain, "分别") {
		for k, t := range toks {
			if t.tag == 'M' || t.tag == 'N' && (m.bareSum(c, k) || k > 0 && m.letterOf(toks[k-1]) == stopList) {
				g.inTurn = append(g.inTurn, t.amount.cents)
			}
		}
	}
	if total && !(full && g.told) {
		g.item, g.cents, g.total = g.cents, sum, true
	} else if !g.total || full {
		g.cents += sum
	}
	g.told = true
}

// lettersBefore renders the few tokens before k.
func (m *message) lettersBefore(toks []token, k int) string {
	s := ""
	for j := max(0, k-7); j < k; j++ {
		s += m.letter(toks[j])
	}
	return s
}

var (
	eachMark = regexp.MustCompile(`各[^类种项式界方级位个自地]|各$|分别(送|给|为|带|买)|每份(M|N)|(一|#)(家|H|户|人|个)(一|给|送|B|M|N|发|各|份|留|放|塞|拿)|都(送|买|给|发|带|拿|捎)(了|去|的)?(一|B|件|个|双|套|床|袋|桶|箱|本)|N(H|户|家)(给|送|M|N|B)|每P|(一|N)(人|H)B`)
	// grandTotal is the sum of all persons, whatever each was given.
	grandTotal = regexp.MustCompile(`(一共|总共|共计|共)(花了|花|花费|用了|用|支出)?$`)
	totalMark  = regexp.MustCompile(`(合计|共计|总计|总共|一共|共|总价|总价值|加起来|合起来|总的|合人民币|累计|合着|全下来|算下来|下来|(?:^|[^估预统合总共折])计E?)(价值|花了|花费|折合|折价|花|是|人民币|约|大概|送|用了|用去|用|支出|资助|送去|给了|送了|计|送出|为|G|P|大约|近)*$`)
)

// times is the count a unit price is multiplied by, in hundredths: 两袋 一袋60,
// 98一套, 3袋×45, 每袋60.
func (m *message) times(g *gift, toks []token, k int, before string) int64 {
	var measure rune
	unit := false
	if k > 0 {
		switch prev := toks[k-1]; {
		case prev.tag == 'B' && prev.count.n == 100:
			measure, unit = prev.count.measure, true
		case prev.tag == 0 && isMeasure(m.runes[prev.start]):
			measure, unit = m.runes[prev.start], true // 每袋60, 袋60
		case prev.tag == 0 && m.runes[prev.start] == '×' && k > 1:
			switch n := toks[k-2]; n.tag {
			case 'B':
				return n.count.n
			case 'N':
				return n.amount.cents
			}
		case prev.tag == 0 && strings.HasSuffix(before, "单价") && len(g.shown) == 1:
			for _, n := range g.shown {
				return n
			}
		}
	}
	if !unit && k+1 < len(toks) {
		switch next := toks[k+1]; {
		case next.tag == 'B' && next.count.n == 100 && (k+2 >= len(toks) || toks[k+2].tag != 'G'):
			measure, unit = next.count.measure, true // 98一套
		case next.tag == 0 && (m.runes[next.start] == '×' || m.runes[next.start] == '/' || m.runes[next.start] == '每') && k+2 < len(toks):
			switch n := toks[k+2]; {
			case m.runes[next.start] == '×' && n.tag == 'B':
				return n.count.n
			case m.runes[next.start] == '×' && n.tag == 'N':
				return n.amount.cents
			case n.tag == 0 && isMeasure(m.runes[n.start]):
				measure, unit = m.runes[n.start], true // 60元/袋
			case n.tag == 'B':
				measure, unit = n.count.measure, true
			}
		}
	}
	if !unit {
		return 100
	}
	singles := 0
	for j, t := range toks[:max(len(toks)-1, 0)] {
		if t.tag == 'B' && t.count.measure == measure && t.count.n == 100 && (toks[j+1].tag == 'M' || toks[j+1].tag == 'N') {
			singles++
		}
	}
	if singles > 1 {
		return 100 // 一件59一件68: each told
	}
	if len(toks) > 0 {
		g.unit, g.unitMeasure = toks[k].amount.cents, measure
	}
	if g.perHeadMeasure == measure && g.perHead > 0 {
		return g.perHead
	}
	if n := g.shown[measure]; n > 0 && n != 100 || n > 0 && !(k > 0 && toks[k-1].tag == 'B') {
		return n
	}
	for _, t := range toks[k+1:] { // 60元一袋买了2袋
		if t.tag == 'B' && t.count.measure == measure && t.count.n > 100 {
			return t.count.n
		}
	}
	g.each = true // 四户都收到了,每盒45
	return 100
}

// share is the value for one of n persons, and whether it is an even share. A
// remainder goes to the first.
func (g *gift) share(n, index int) (*models.Fen, bool) {
	if !g.told || g.vague && g.cents == 0 || g.cents <= 0 {
		return nil, false
	}
	if len(g.inTurn) == n && n > 1 {
		own := models.Fen(g.inTurn[index])
		return &own, false
	}
	v := models.Fen(g.cents)
	if g.item > 0 && (g.each || g.grand) && g.item*int64(n) == g.cents {
		item := models.Fen(g.item)
		return &item, false // 每户一袋105,六户总共630
	}
	if g.each && !g.grand || n < 2 {
		return &v, false
	}
	part := v / models.Fen(n)
	if index == 0 {
		part = v - part*models.Fen(n-1)
	}
	return &part, true
}
