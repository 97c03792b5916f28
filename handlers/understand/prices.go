package understand

import (
	"regexp"
	"strings"
)

// priceList (tagged): goods with their price and nothing else: 鞋120,水杯35.
var priceList = regexp.MustCompile(`^(G(是|要|花了|花|钱|价|一共|共)*(M|N)(、|和)*)+$`)

// priced gives the prices of a list to the gifts told before, each to the gift
// that holds such goods: 给佳琪买了双鞋,给老董买了个保温杯,鞋120,水杯35.
func (w *walk) priced(c *clause) bool {
	if !priceList.MatchString(c.tagged) {
		return false
	}
	prices := map[*gift]int64{}
	var goods string
	for _, t := range c.toks {
		switch t.tag {
		case 'G':
			goods = string(w.m.runes[t.start:t.end])
		case 'M', 'N':
			g := w.giftOf(goods)
			if g == nil || t.amount.vague {
				return false
			}
			prices[g] += t.amount.cents
		}
	}
	for g, cents := range prices {
		g.cents, g.told = g.cents+cents, true
	}
	return true
}

// giftOf is the last gift told that holds such goods, nil without.
func (w *walk) giftOf(goods string) *gift {
	var found *gift
	best := 0
	for _, r := range w.records {
		if r.gift == nil {
			continue
		}
		for _, g := range r.gift.goods {
			if n := likeGoods(g, goods); n > 0 && n >= best {
				best, found = n, r.gift
			}
		}
	}
	return found
}

// likeGoods says how well two words name the same goods: 3 the same word, 2 one
// is the other's head (运动鞋, 鞋), 1 the same kind (保温杯, 水杯).
func likeGoods(a, b string) int {
	x, y := []rune(a), []rune(b)
	switch {
	case a == b:
		return 3
	case strings.HasSuffix(a, b) || strings.HasSuffix(b, a):
		return 2
	case x[len(x)-1] == y[len(y)-1]:
		return 1
	}
	return 0
}

// priceSeam reports whether a price list begins at the goods at k, right after
// other goods or a sum: …送了件羽绒服|被子一百八.
func priceSeam(toks []token, k int) bool {
	return toks[k].tag == 'G' && k+1 < len(toks) && (toks[k+1].tag == 'M' || toks[k+1].tag == 'N') &&
		(toks[k-1].tag == 'G' || toks[k-1].tag == 'M' || toks[k-1].tag == 'N')
}
