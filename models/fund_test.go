package models

import "testing"

func TestFundOf(t *testing.T) {
	for words, want := range map[string]Fund{
		"去看了老谷,自己掏钱买了200块的米": FundOwn, "送了500块,是单位的钱": FundUnit, "单位慰问,每户送了200元": FundUnit, "工会买的慰问品": FundUnit,
		"爱心企业捐的棉衣": FundSociety, "把慈善协会给的1000元送去了": FundSociety, "临时救助金2000元送到手里": FundPublic,
		"昨天去老谷家走访,送了米面油300块": "", "给单位请了假去看老谷": "", "去学校看了娃": "",
	} {
		if got := FundOf(words); got != want {
			t.Errorf("%s: %q, want %q", words, got, want)
		}
	}
}
