package understand

import (
	"regexp"
	"strings"

	"aixin/models"
)

// policy reports whether a clause tells a public policy explained, applied for
// or obtained.
func policy(c *clause, f *flow) (models.PolicyStage, bool) {
	t := c.tagged
	if !strings.Contains(t, "Z") {
		if explained.MatchString(c.plain) {
			return models.PolicyExplained, true
		}
		if f.policy > 0 && passedOn.MatchString(c.plain) {
			return models.PolicyExplained, true
		}
		if f.settled > 0 && paperwork.MatchString(c.plain) {
			return "", false
		}
		if c := appliedFor.MatchString(c.plain) || (f.policy > 0 || f.settled > 0 && strings.Contains(c.plain, "帮")) && !strings.Contains(c.plain, "补办") && !paidUp.MatchString(c.plain) && !(f.problem && strings.Contains(c.plain, "补")) && carriedOn.MatchString(c.plain); c && !wished.MatchString(t) {
			return models.PolicyApplied, true
		}
		return "", false
	}
	if miscounted.MatchString(c.plain) || cashed.MatchString(c.plain) {
		return "", false
	}
	if renewed.MatchString(t) {
		return models.PolicyApplied, true
	}
	if premium.MatchString(c.plain) {
		return "", false
	}
	told, applied, obtained := policyTold.MatchString(t), policyApplied.MatchString(t), policyObtained.MatchString(t)
	if !told && !applied && !obtained && !reimbursed.MatchString(c.plain) {
		return "", false
	}
	if reminded.MatchString(c.plain) && !strings.ContainsAny(c.plain, "讲宣介解") {
		return "", false
	}
	if policyAsked.MatchString(t) && !(told && strings.ContainsAny(t, "讲宣介释") || strings.Contains(t, "帮") && strings.ContainsAny(t, "了好上")) {
		return "", false
	}
	switch {
	case (obtained || reimbursed.MatchString(c.plain)) && !notYet.MatchString(c.plain):
		return models.PolicyObtained, true
	case applied:
		return models.PolicyApplied, true
	}
	return models.PolicyExplained, told
}

var (
	// renewed (tagged): the yearly proof a benefit hangs on was given: 低保年度认证做了
	renewed = regexp.MustCompile(`Z[^,]{0,6}(认证|年审|年检|审验|核验|验证|资格)[^,]{0,6}(好|完|成|过|通过|做|办|弄|验|审)了|(完成|办理|做|弄|协助|帮)[^,]{0,12}Z[^,]{0,6}认证`)
	// miscounted (plain): 补贴给少算了 is a trouble, told to nobody.
	miscounted = regexp.MustCompile(`(少|多|漏|错)(算|发|领|报)了`)
	// cashed (plain): money already theirs fetched from the bank is practical help.
	cashed = regexp.MustCompile(`(帮|替|代|陪|带|给)[^,]{0,14}((养老|低保|保障|补贴)金?|津贴|工资)[^,申]{0,4}取(了|回|出|来)|(帮|替|代|陪|带)[^,申]{0,14}取(了|回|出|来|的)*(B)?[^,]{0,2}(养老|低保)金`)
	// premium (plain): an insurance paid for them is practical help.
	premium = regexp.MustCompile(`(交|缴|续)(了|上|完|好|清)*[^,讲说]{0,4}(医保|养老保险|合疗|社保|新农合|保险)(费)?($|M|N|#|,|钱)|(医保|养老保险|合疗|社保|新农合|保险费?)(费)?(给|都|也|P)*(交|缴|续)(了|上|完|好|清)`)
	// paidUp (plain): the premium itself was paid.
	paidUp = regexp.MustCompile(`(补|代)?(缴|交)(了|上|清|齐|的)?$|补缴|(缴|交)(了|上|清|齐)$`)
	// reminded (plain): 提醒领取补贴 is advice.
	reminded = regexp.MustCompile(`(提醒|叮嘱|督促|催)[^,]{0,10}(领|交|缴|参保|续|年审|办)`)
	// appliedFor (plain): applied for, whatever it was.
	appliedFor = regexp.MustCompile(`(报|参加|安排|推荐)(了|上|到|名|进)*[^,]{0,8}(免费|人社|就业局|技能)[^,]{0,8}(培训|班)|(学费|保教费|住宿费|伙食费|药费|医药费|书本费)[^,]{0,8}(免|减免|减)(了|掉)|(交|递|提交|报)(了|上)?[^,]{0,3}申请|(助学金|奖学金|贷款)[^,]{0,4}(批|下来|到账|发下)|(残联|免费)[^,]{0,12}(配|适配|安装|改造|领|解决|发)(了|到|上|G|助|轮|辅|假)|申请(到|了|下来|成功|好|上|过)|申领(了|到)|申请[^,]{0,4}(通过|批)|评(了|上|定)残|把[^,]{1,10}(申请|报)(下来|上去|了)|纳入(了)?[^,]{0,12}(保障|供养|救助|补助|低保|范围|兜底)`)
	// explained (plain): how to apply for something was told.
	explained = regexp.MustCompile(`(讲|说|介绍|解释|告诉|告知|宣传)(了|清|清楚|过|P)[^,]{0,10}(申请|报销|领取|办理|缴费|评定)(的)?(条件|流程|办法|材料|程序|手续|标准|事|政策)`)
	// passedOn (plain): what was heard of a policy is told on.
	passedOn = regexp.MustCompile(`我[^,]{0,3}解释|^[^,]{0,12}(说|讲|告诉|通知|解释)(了|清|一下|P)([^,]{0,3}$|(怎么|咋|如何|怎样)(申请|办|领|报|交|弄))`)
	// carriedOn (plain): goes on with the policy named in the clause before.
	carriedOn  = regexp.MustCompile(`^(已|已经|重新|我)[^,]{0,6}(申报|申请|上报|办理)$|(申请|办|换|批|报|续|领|恢复|落实|补|跑|交|送|递|弄|改|认证)[^,]{0,8}(了|好|上|成|下来|妥)`)
	reimbursed = regexp.MustCompile(`报销(了|回|下来|到)`)
	notYet     = regexp.MustCompile(`(没|未|等着|等待|不|还没|尚未)(有)?(批|办|下|通过|到|发|领|报)`)
)
