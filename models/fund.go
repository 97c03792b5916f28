package models

import "regexp"

// Fund is whose money an aid is (users.md 一.7). It stays empty where nobody said.
type Fund string

// The funds.
const (
	FundOwn     Fund = "own"     // 个人
	FundUnit    Fund = "unit"    // 单位
	FundPublic  Fund = "public"  // 财政
	FundSociety Fund = "society" // 社会
)

// FundLabels are the words for the funds.
var FundLabels = map[Fund]string{FundOwn: "个人", FundUnit: "单位", FundPublic: "财政", FundSociety: "社会"}

// fundWords are how people say it; the first that fits holds.
//
//	自己掏的200块               → own
//	爱心企业捐的棉衣  慈善协会给的    → society
//	临时救助金2000元  财政资金      → public
//	单位慰问  代表局里送的  工会买的   → unit
var fundWords = []struct {
	fund  Fund
	words *regexp.Regexp
}{
	{FundOwn, regexp.MustCompile(`自己(掏|出|花|买|垫)|自掏|自费|(我|自己|个人)的钱|个人(出|掏|捐|的)`)},
	{FundSociety, regexp.MustCompile(`(爱心|热心)(人士|企业|商家|协会)|慈善|红十字|志愿者?(协会|组织)|企业(捐|送|给|出|赞助)|(公司|老板)(捐|赞助)|社会(捐|爱心|各界|力量)|捐(赠)?的|捐来`)},
	{FundPublic, regexp.MustCompile(`财政|救助(金|款|资金)|(民政|残联|政府|乡上|镇上)(发|给|拨|送|出)的`)},
	{FundUnit, regexp.MustCompile(`(单位|局里|院里|所里|行里|学校|支部|党委|工会|公司)(的?钱|出|给|送|买|发|拨|慰问|准备|统一)|(单位|公家)的|(代表|替)(单位|局|支部|学校|工会)|公款`)},
}

// FundOf reads whose money words speak of.
func FundOf(words string) Fund {
	for _, w := range fundWords {
		if w.words.MatchString(words) {
			return w.fund
		}
	}
	return ""
}
