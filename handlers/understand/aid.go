package understand

import (
	"regexp"
	"strings"
)

// detectAid reports whether a clause tells a gift, and whether it only tells the
// value of the gift before it.
func (m *message) detectAid(c *clause, f *flow, helping bool) (aid, money bool) {
	t, p := c.tagged, c.plain
	if needWords.MatchString(p) && !strings.Contains(p, "了") {
		return false, false
	}
	if appliedFor.MatchString(p) && !strings.Contains(p, "送") {
		return false, false
	}
	if penniless.MatchString(p) && !strings.ContainsAny(p, "我给送") {
		return false, false
	}
	if f.errand > 0 && !wePay.MatchString(p) {
		return false, false // 让我帮忙买种子,给他买上了
	}
	if f.selling && !strings.Contains(p, "送") {
		return false, false // 苹果卖不动,我们订了30箱
	}
	if f.sold && proceeds.MatchString(p) {
		return false, false // 核桃卖了,把钱给她送过去了
	}
	if f.aid && ownPocket.MatchString(t) {
		return true, true
	}
	gives := aidRules.has(t)
	sum := m.sums(c)
	if !gives {
		if sum && onlyCost.MatchString(t) && f.visit && len(m.runes) <= 16 {
			return true, f.aid // 晓敏 校园看望 200
		}
		if sum && f.newOne && onlyCost.MatchString(t) {
			return true, false
		}
		if (sum || f.sum) && wePay.MatchString(p) {
			return true, f.aid
		}
		return f.aid && sum && !notGift.MatchString(p), true
	}
	s, e, _ := aidRules.match(t)
	if !wePay.MatchString(p) {
		for i := range noAid {
			loc := noAid[i].re.FindStringIndex(t)
			if loc != nil && !aidRules.has(t[:loc[0]]+","+t[loc[1]:]) {
				return false, false
			}
		}
	}
	if transport.MatchString(t[s:]) && !hasTag(c.toks, 'M') && !strings.Contains(t, "给P") {
		rest := transport.ReplaceAllString(t, ",")
		if !aidRules.has(rest) {
			return false, false
		}
	}
	if helping && !sum && shopping.MatchString(p) {
		return false, false
	}
	if helping && (fitted.MatchString(p) && !strings.Contains(p, "送") || helpBuying.MatchString(p) || fetchMedicine.MatchString(p)) {
		return sum && (wePay.MatchString(p) || fitted.MatchString(p) && strings.ContainsAny(p, "我给")), false
	}
	if helping && !sum && (haul.MatchString(t[s:e]) || f.problem && repaired.MatchString(p)) && !strings.ContainsAny(t, "送捐赠捎") {
		return false, false
	}
	if strings.Contains(t, "Z") && helping && !strings.ContainsAny(t, "送捐赠捎") {
		return false, false
	}
	if adviceOnly.MatchString(p) && !sum && !strings.ContainsAny(t, "送捐赠捎买") {
		return false, false
	}
	return true, false
}

var (
	// transport (tagged): a person is brought somewhere, nothing is given.
	transport = regexp.MustCompile(`(送|带|领|接|拉|扶|背)(了|着|上)?P(去|到|回|上|来|出|进|往|做|看|办|L|O)`)
	// onlyCost (tagged): a sum and no more.
	onlyCost = regexp.MustCompile(`^(一共|总共|共|花了|花|是)*(M|N)(钱)?$`)
	// ownPocket (tagged): who paid for the gift just told.
	ownPocket = regexp.MustCompile(`^(都|全|是|我)*自己(掏|出|花|买)的(M|N)$`)
	proceeds  = regexp.MustCompile(`把?(卖的)?(钱|款)[^,]{0,4}(送|转|交|打|带|给)`)
	fitted    = regexp.MustCompile(`配(了|上)`)
	penniless = regexp.MustCompile(`没(有)?钱`)
	// shopping (plain): taken to the shops; what was spent is told or not.
	shopping = regexp.MustCompile(`(带|陪|领|拉)(着)?P[^,]{0,6}(买|配)`)
	// notGift (plain): sums that are none of ours to give.
	notGift = regexp.MustCompile(`每(个)?月|一个?月|低保|报销|收入|卖|挣|赚|工资|工钱|还差|还欠|还缺|贷款|押金|罚|存款|自己掏|自付|自费|养老金|领(了|到)|批(了|下)|原价|涨|降|考了|亩`)
	// fetchMedicine (plain): medicine fetched for them.
	fetchMedicine = regexp.MustCompile(`(取|抓|开|配|代买|分装)(了|回|到|上|好|来|完|些|一些|点|的)*[^,送]{0,4}药|药[^,]{0,6}(分装|分好|摆)`)
)

// sums reports whether a clause holds money, or a bare figure where a sum stands.
func (m *message) sums(c *clause) bool {
	for k, t := range c.toks {
		if t.tag == 'M' || t.tag == 'N' && m.bareSum(c, k) {
			return true
		}
	}
	return false
}
