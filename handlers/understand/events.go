package understand

import (
	"regexp"
	"strings"

	"aixin/models"
)

// event is something a clause tells, before persons and days are settled.
type event struct {
	kind    models.Kind
	channel models.Channel
	help    models.Help
	stage   models.PolicyStage
	money   bool // aid told only by its cost: belongs to the gift before it
	weak    bool // help told only by 帮: what comes of it may be told later
}

// flow is what earlier clauses leave behind for the reading of later ones.
type flow struct {
	problem bool // a thing was said to be broken or lacking
	missed  bool // a call did not get through
	channel models.Channel
	aid     bool // a gift was told; a bare sum may be its value
	visit   bool // a visit was told; bare goods may be its gift
	sum     bool // the clause before held a sum
	policy  int  // clauses for which a policy named, with nothing done, stays in mind
	settled int  // the same for a policy with something done about it
	helping bool // 帮 was said; the next verbs may help too
	plan    bool // a day ahead governs
	others  bool // somebody else is the actor
	solved  bool // a good end was told, not by whom
	newOne  bool // a new one was got for what was broken; a bare sum is its price
}

// detect lists the events of a clause.
func (m *message) detect(c *clause, f *flow) []event {
	if asks(c) || undone.MatchString(c.plain) {
		return nil
	}
	var out []event
	helping := m.detectHelp(c, f)
	aid, money := m.detectAid(c, f, len(helping) > 0)
	if ch, ok := detectContact(c, f); ok {
		out = append(out, ch...)
	}
	if visits(c, len(out) > 0) {
		out = append(out, event{kind: models.KindVisit})
	}
	if aid {
		out = append(out, event{kind: models.KindAid, money: money})
	}
	if contact := len(out) > 0 && out[0].kind == models.KindContact; len(helping) == 0 && !contact && (!aid || wePay.MatchString(c.plain)) {
		helping = m.didForThem(c, f)
	}
	return append(out, helping...)
}

// didForThem reads practical help out of any verb done for them: 我去给铡了,
// 又给她灌了个暖水袋.
func (m *message) didForThem(c *clause, f *flow) []event {
	p := otherWords.Replace(c.plain)
	if !anyDeed.MatchString(p) || theyDid.MatchString(c.tagged) || strings.ContainsAny(p, "啥谁") || strings.Contains(p, "什么") || adviceOnly.MatchString(p) || notHelping.MatchString(p) || forUs.MatchString(p) || wished.MatchString(p) || needWords.MatchString(p) && !strings.Contains(p, "了") {
		return nil
	}
	help := models.HelpDeed
	if f.problem || problems.has(p) {
		help = models.HelpDifficulty
	}
	return []event{{kind: models.KindHelp, help: help, weak: true}}
}

// theyDid (tagged): an office, a school or kin is the one who did it.
var theyDid = regexp.MustCompile(`^(D|T)*(P的?)?(O|K|L|Q)(给|把|帮|也|都|已)`)

// anyDeed (plain): 给 and a verb that is neither giving nor telling, done.
var anyDeed = regexp.MustCompile(`(^|[^还没不])给(P家?里?|家里)?(把[^,P]{1,6}?)?(重新|又|都|也|顺手|全|好好|仔细)*[^,PMNBD说讲打发买送拿带捎留转塞放寄提交叮嘱介绍醒宣解道拜鼓祝过掏垫报出我咱他她你的了到看问聊谈通视微电联加劝敬点倒行鞠让安慰宽开申协反回找订存取面批算上做起人钱个添补凑配置订推家老娃孩学村镇县单这那哪谁啥随订充资助捐奖][^,P]{0,2}(了|好|开|完|净)`)

// whether (plain): 残疾证能升级不
var whether = regexp.MustCompile(`(能|可以|行|会)[^,了]{1,8}不$`)

// undone (plain): 还没去看小梅, 认证还没弄.
var undone = regexp.MustCompile(`(还没|尚未|还未|没顾上|没来得及|没空|没能|没有?时间)[^了]{0,12}$|没(送|办|打|去|走|看|买|拿|修)成|没(找|办|修|弄|解决|要|谈)(到|好|着|上|下来|回来|成)`)

// asks reports whether a clause is a question, and not one put to the person.
func asks(c *clause) bool {
	if c.stop == stopAsk && !strings.ContainsAny(c.plain, "了") {
		return true
	}
	if whether.MatchString(c.plain) {
		return true
	}
	_, _, ok := asksRules.match(c.plain)
	if !ok || askedOfThem.MatchString(c.plain) && !askedOfUs.MatchString(c.plain) {
		return false
	}
	// "没有" and "么" at the end ask; "家里没有" tells.
	if strings.HasSuffix(c.plain, "没有") || strings.HasSuffix(c.plain, "没") || strings.HasSuffix(c.plain, "不") {
		return strings.Contains(c.plain, "了没") || strings.Contains(c.plain, "达标没") || strings.Contains(c.plain, "够没") || c.stop == stopAsk || len(c.toks) < 16 && !hasTag(c.toks, 'P')
	}
	return true
}

// askedOfUs (plain): 帮我看看还要打几个电话
var askedOfUs = regexp.MustCompile(`(帮|给|替)(我|咱)(们)?(看|查|数|算|统计|瞅)`)

// detectHelp lists the practical help of a clause: one at most, the policy
// before the difficulty before the deed, since one thing done is one help.
func (m *message) detectHelp(c *clause, f *flow) []event {
	if stage, ok := policy(c, f); ok {
		return []event{{kind: models.KindHelp, help: models.HelpPolicy, stage: stage}}
	}
	p := otherWords.Replace(c.plain)
	weak := false
	if needWords.MatchString(p) && !strings.ContainsAny(p, "了好") || begging.MatchString(p) {
		return nil
	}
	if f.solved && mineToo.MatchString(p) {
		return []event{{kind: models.KindHelp, help: models.HelpDifficulty}}
	}
	if soldItself.MatchString(p) {
		return nil
	}
	if sold.MatchString(p) && !(f.helping || f.problem || strings.ContainsAny(p, "帮替代联找给我")) {
		return nil
	}
	if difficultyRules.has(p) && !(strings.Contains(c.tagged, "G") && strings.ContainsAny(c.tagged, "捐赠")) && !adviceOnly.MatchString(p) && !wished.MatchString(p) {
		return []event{{kind: models.KindHelp, help: models.HelpDifficulty}}
	}
	if notHelping.MatchString(p) || wished.MatchString(p) {
		return nil
	}
	helps := strings.ContainsAny(p, "帮替") || f.helping
	if f.settled > 0 && paperwork.MatchString(p) {
		return nil
	}
	if bills.MatchString(p) && (strings.ContainsAny(c.tagged, "MN") || strings.Contains(p, "话费")) && !strings.ContainsAny(p, "帮替代") {
		return nil
	}
	deed := deedRules.has(p) && !overwhelmed.MatchString(p) && (helps || !selfDone.MatchString(p) || shortNote.MatchString(p)) && !forUs.MatchString(p)
	if deed && carriedGoods.MatchString(c.tagged) {
		deed = deedRules.has(carriedGoods.ReplaceAllString(c.tagged, ","))
	}
	deed = deed || itsBirthday.MatchString(p) && strings.Contains(m.text, "生日")
	if !deed && deedByHelping.has(p) && (helps || !selfDone.MatchString(p)) && !adviceOnly.MatchString(p) && !forUs.MatchString(p) {
		deed = !strings.ContainsAny(c.tagged, "M") || helpBuying.MatchString(p)
		weak = true
	}
	if !deed || adviceOnly.MatchString(p) && !strings.ContainsAny(p, "帮陪") {
		if f.problem && remedies.MatchString(p) && (!strings.ContainsAny(c.tagged, "GBM") || repaired.MatchString(p)) && !adviceOnly.MatchString(p) && !forUs.MatchString(p) {
			return []event{{kind: models.KindHelp, help: models.HelpDifficulty}}
		}
		return nil
	}
	help := models.HelpDeed
	if f.problem && (fixes.MatchString(p) || remedies.MatchString(p)) || problems.has(p) && fixes.MatchString(p) {
		help = models.HelpDifficulty
	}
	return []event{{kind: models.KindHelp, help: help, weak: weak}}
}

// shortNote (plain): 虎子辅导作业 in a note is what the sender did.
var shortNote = regexp.MustCompile(`^(D|T)*P家?(D|T)*(辅导|理发|打扫|清扫|整理|收拾|量血|剪|代)[^,了得我]{0,6}$`)

// carriedGoods (tagged): goods brought to a place, 送书包去学校.
var carriedGoods = regexp.MustCompile(`(送|捎|拿|带|拉|提|寄)(了|去|来|着)?(B|M|E|各|新)*G+(去|到|回)(了)?P?的?L|(G|B)[^,P]{0,6}(送|捎|带|拿|提|拉)(到|去|进|上)?(了)?[^,P]{0,2}L`)

// itsBirthday (plain) keeps a birthday that was named before.
var itsBirthday = regexp.MustCompile(`给P(一起|一块)?过(的|了)|(跟|和)P(一起|一块)过|一起过的`)

// otherWords hold the letters of work and tell none: 自家种的菜, 春耕化肥.
var otherWords = strings.NewReplacer("春耕", "", "注销", "办理", "换洗", "", "种的", "", "养的", "", "做的", "", "蒸的", "", "腌的", "", "包的", "", "挖的", "", "写的", "", "收的", "")

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
		if c := appliedFor.MatchString(c.plain) || (f.policy > 0 || f.settled > 0 && strings.Contains(c.plain, "帮")) && !strings.Contains(c.plain, "补办") && carriedOn.MatchString(c.plain); c && !wished.MatchString(t) {
			return models.PolicyApplied, true
		}
		return "", false
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
	// premium (plain): an insurance paid for them is practical help.
	premium = regexp.MustCompile(`认证|(交|缴|续)(了|上|完|好|清)*[^,讲说]{0,4}(医保|养老保险|合疗|社保|新农合|保险)(费)?($|M|N|#|,|钱)|(医保|养老保险|合疗|社保|新农合|保险费?)(费)?(给|都|也|P)*(交|缴|续)(了|上|完|好|清)`)
	// reminded (plain): 提醒领取补贴 is advice.
	reminded = regexp.MustCompile(`(提醒|叮嘱|督促|催)[^,]{0,10}(领|交|缴|参保|续|年审|办)`)
	// paperwork (plain) belongs to the policy just told.
	paperwork = regexp.MustCompile(`(材料|手续|资料)[^,]{0,8}(整理|准备|交|跑|办|递|送)|(整理|准备|交|递|送)[^,]{0,4}(材料|资料|手续)`)
	// overwhelmed (plain): the work is told as what they cannot manage.
	overwhelmed = regexp.MustCompile(`忙不过来|顾不上|没人(收|种|割|干|挖|帮)|干不了`)
	// appliedFor (plain): applied for, whatever it was.
	appliedFor = regexp.MustCompile(`(残联|免费)[^,]{0,12}(配|适配|安装|改造|领|解决|发)(了|到|上)|申请(到|了|下来|成功|好|上|过)|申领(了|到)|申请[^,]{0,4}(通过|批)|评(了|上|定)残|把[^,]{1,10}(申请|报)(下来|上去|了)|纳入(了)?[^,]{0,12}(保障|供养|救助|补助|低保|范围|兜底)`)
	// explained (plain): how to apply for something was told.
	explained = regexp.MustCompile(`(讲|说|介绍|解释|告诉|告知|宣传)(了|清|清楚|过|P)[^,]{0,10}(申请|报销|领取|办理|缴费|评定)(的)?(条件|流程|办法|材料|程序|手续|标准|事|政策)`)
	// passedOn (plain): what was heard of a policy is told on.
	passedOn = regexp.MustCompile(`^[^,]{0,12}(说|讲|告诉|通知|解释)(了|清|一下|P)[^,]{0,3}$`)
	// carriedOn (plain): goes on with the policy named in the clause before.
	carriedOn  = regexp.MustCompile(`(申请|办|换|批|报|续|领|恢复|落实|补|跑|交|送|递)[^,]{0,8}(了|好|上|成|下来|妥)`)
	reimbursed = regexp.MustCompile(`报销(了|回|下来|到)`)
	sold       = regexp.MustCompile(`卖(了|给)`)
	soldItself = regexp.MustCompile(`(^|P|里|电话|微信)说[^,帮我给]*(卖|找(到|上|着))`)
	bills      = regexp.MustCompile(`(交|缴|续|充)(了|上|完|好|清)*[^,]{0,6}(电费|水费|话费|网费|取暖费|学费|保险)`)
	begging    = regexp.MustCompile(`谁能|能不能|能否|看能|看谁|可否|求助|谁来`)
	notYet     = regexp.MustCompile(`(没|未|等着|等待|不|还没|尚未)(有)?(批|办|下|通过|到|发|领|报)`)
	needWords  = regexp.MustCompile(`需要|需|协调[^,]*一下|解决一下|能不能|能否|看谁|看能|(^|[^申邀报])请[^了教客]|麻烦|希望|求助|急需|得(让|找|请|叫)|谁能|可否`)
	wished     = regexp.MustCompile(`(想|希望|盼|打算|准备|需要|要求|能不能|能否|看能|看谁|麻烦|得(让|找|请|叫))[^,了]{0,12}$`)
	forUs      = regexp.MustCompile(`(给|帮|替|为)我(们)?(们)?[^出掏]|我(们)?(单位|办公室|家)`)
	fixes      = regexp.MustCompile(`换|装|安|通|接|补|盘|修|掏|焊|砌|架|搭|疏|糊|苫|盖|收割|收了`)
	repaired   = regexp.MustCompile(`(配|换|装|安|修|接|补|通|盘|掏|砌|焊|搭|架|疏|垫|填)[^,]{0,3}(上|好|了|开|妥)`)
	haul       = regexp.MustCompile(`^(拉|扛|搬|背|端|抱|提|拎|放|收|换|装)`)
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
	if _, _, no := noAid.match(t); no && !wePay.MatchString(p) {
		ns, ne, _ := noAid.match(t)
		rest := t[:ns] + "," + t[ne:]
		if !aidRules.has(rest) || ns <= s && ne >= e {
			return false, false
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
		return sum && wePay.MatchString(p), false
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
	onlyCost  = regexp.MustCompile(`^(一共|总共|共|花了|花|是)*(M|N)(钱)?$`)
	fitted    = regexp.MustCompile(`配(了|上)`)
	penniless = regexp.MustCompile(`没(有)?钱`)
	// shopping (plain): taken to the shops; what was spent is told or not.
	shopping = regexp.MustCompile(`(带|陪|领|拉)(着)?P[^,]{0,6}买`)
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
