package understand

import (
	"regexp"
	"strings"

	"aixin/models"
)

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
	if f.errand > 0 && fetched.MatchString(p) {
		return []event{{kind: models.KindHelp, help: models.HelpDeed}}
	}
	if soldItself.MatchString(p) || foundSelf.MatchString(p) {
		return nil
	}
	if sold.MatchString(p) && !(f.helping || f.problem || strings.ContainsAny(p, "帮替代联找给我")) {
		return nil
	}
	if difficultyRules.has(p) && !(strings.Contains(c.tagged, "G") && strings.ContainsAny(c.tagged, "捐赠")) && !adviceOnly.MatchString(p) && !wished.MatchString(p) {
		return []event{{kind: models.KindHelp, help: models.HelpDifficulty}}
	}
	if notHelping.MatchString(p) && !teachesUse.MatchString(p) || wished.MatchString(p) {
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
	deed = deed || itsBirthday.MatchString(p) && (strings.Contains(m.text, "生日") || strings.Contains(m.text, "寿"))
	if !deed && deedByHelping.has(p) && (helps || !selfDone.MatchString(p)) && !adviceOnly.MatchString(p) && !forUs.MatchString(p) {
		deed = !strings.ContainsAny(c.tagged, "M") || helpBuying.MatchString(p)
		weak = true
	}
	if f.joint && jobs.MatchString(p) {
		return []event{{kind: models.KindHelp, help: models.HelpDifficulty}}
	}
	if !deed && toUs.MatchString(p) && solvedAtOnce(p) && !adviceOnly.MatchString(p) && !messages.MatchString(p) && !goodsGiven.MatchString(c.tagged) {
		return []event{{kind: models.KindHelp, help: models.HelpDifficulty}} // 手机被锁了叫我给他解开了
	}
	if !deed || adviceOnly.MatchString(p) && !strings.ContainsAny(p, "帮陪") {
		if f.problem && ours.MatchString(p) && (!goodsGiven.MatchString(c.tagged) || usedUp.MatchString(c.tagged)) && !messages.MatchString(p) && !adviceOnly.MatchString(p) && !forUs.MatchString(p) && !wished.MatchString(p) {
			return []event{{kind: models.KindHelp, help: models.HelpDifficulty}}
		}
		if f.problem && remedies.MatchString(p) && !weGave.MatchString(c.tagged) && (!strings.ContainsAny(c.tagged, "GBM") || repaired.MatchString(p)) && !adviceOnly.MatchString(p) && !forUs.MatchString(p) {
			return []event{{kind: models.KindHelp, help: models.HelpDifficulty}}
		}
		return nil
	}
	help := models.HelpDeed
	if f.hands && strings.Contains(p, "帮") || f.problem && (fixes.MatchString(p) || ours.MatchString(p) && !renewal.MatchString(p) || remedies.MatchString(p)) || problems.has(p) && fixes.MatchString(p) {
		help = models.HelpDifficulty
	}
	return []event{{kind: models.KindHelp, help: help, weak: weak}}
}

// shortNote (plain): 虎子辅导作业 in a note is what the sender did.
var shortNote = regexp.MustCompile(`^(D|T)*P家?(D|T)*(辅导|理发|打扫|清扫|整理|收拾|量血|剪|代)[^,了得我]{0,6}$`)

// carriedGoods (tagged): goods brought to a place, 送书包去学校.
var carriedGoods = regexp.MustCompile(`(送|捎|拿|带|拉|提|寄)(了|去|来|着)?(B|M|E|各|新)*G+(去|到|回)(了)?P?的?L|(G|B)[^,P]{0,6}(送|捎|带|拿|提|拉)(到|去|进|上)?(了)?[^,P]{0,2}L`)

// itsBirthday (plain) keeps a birthday that was named before.
var itsBirthday = regexp.MustCompile(`给过(的|了)|蛋糕[^,]{0,6}(提|送|拿|带)到|补(个|了|过)*生日|^我?(带|提|拿)(着|了)?[^,]{0,3}蛋糕[^,]{0,4}去|给P(一起|一块)?过(的|了)|陪P过$|(跟|和)P(一起|一块)过|一起过的`)

// teachesUse (plain): 教她奶奶咋用
var teachesUse = regexp.MustCompile(`教(会|了|P|着)*[^,问]{0,4}(咋|怎么|如何)(用|弄|打|开|调|使|发)`)

// otherWords hold the letters of work and tell none: 自家种的菜, 春耕化肥.
var otherWords = strings.NewReplacer("请教", "", "请假", "", "消毒液", "", "消毒水", "", "洗衣机", "机器", "洗衣粉", "", "洗衣液", "", "春耕", "", "注销", "办理", "换洗", "", "种的", "", "养的", "", "做的", "", "蒸的", "", "腌的", "", "包的", "", "挖的", "", "写的", "", "收的", "", "做不了", "", "不会做", "", "收不了", "")

// didForThem reads practical help out of any verb done for them: 我去给铡了,
// 又给她灌了个暖水袋.
func (m *message) didForThem(c *clause, f *flow) []event {
	p := otherWords.Replace(c.plain)
	if !anyDeed.MatchString(p) || miscounted.MatchString(p) || messages.MatchString(p) || theyDid.MatchString(c.tagged) || strings.ContainsAny(p, "啥谁") || strings.Contains(p, "什么") || adviceOnly.MatchString(p) || notHelping.MatchString(p) || forUs.MatchString(p) || wished.MatchString(p) || needWords.MatchString(p) && !strings.Contains(p, "了") {
		return nil
	}
	help := models.HelpDeed
	if f.problem || problems.has(p) {
		help = models.HelpDifficulty
	}
	return []event{{kind: models.KindHelp, help: help, weak: true}}
}

// ours (plain): after a problem was told, whatever we did about it and finished:
// 我找人给补了 · 我去处理的 · 叫了收割机给收的 · 我给用胶粘上了
var ours = regexp.MustCompile(`给(开|配|取|抓)了[^,]{1,6}$|(我|咱|帮|给|替|找|叫|请|托)[^,说问讲映告劝嘱想到跟]{0,12}(了|的|好|上|开|妥|住|出来|一下|一遍|(一|两|几)次|两次课)$|把[^,P]{1,8}(了|好|上)$|(联系|请|找|叫)(了|到|来)[^,]{1,10}$`)

// toUs (plain): what we did about it, told in the same breath.
var toUs = regexp.MustCompile(`我[^,说问讲想到跟P]{0,6}(给|把|帮|替)P?[^,说问讲]{1,8}(了|好|上|开|妥|住)$`)

// usedUp (tagged): what was bought went into the mending.
var usedUp = regexp.MustCompile(`(买|拿|找|带|弄)了?(一|个|些|点|B|截|块)*G[^,送]{0,3}(钉|糊|换|装|补|修|封|堵|裹|粘|垫|铺|盖|苫|焊|接|砌|绑|缠)[^,]{0,3}(上|了|好|住|严)`)

func solvedAtOnce(p string) bool {
	_, end, ok := problems.match(p)
	return ok && toUs.MatchString(p[end:])
}

// goodsGiven (tagged): the answer to the problem was a gift.
var goodsGiven = regexp.MustCompile(`G给P|(送|捐|拉|买|拿|给|捎|带|垫|转|掏|出|付)(了|来|去|上)?P?(了|一)?(B|G|M|N|些|点)`)

// weGave (tagged): money was the answer: 没钱买化肥,我先垫了360
var weGave = regexp.MustCompile(`(垫|转|掏|出|给)(了|付)?(N|M)`)

// messages (plain): something was only passed on.
var messages = regexp.MustCompile(`拨(了|过|通)|占线|电话|微信|短信|视频|转达|通知|转告|捎话|说了|讲了`)

// theyDid (tagged): an office, a school or kin is the one who did it.
var theyDid = regexp.MustCompile(`^(D|T)*(P的?)?(O|K|L|Q|班上|班里)(给|把|帮|也|都|已)`)

// anyDeed (plain): 给 and a verb that is neither giving nor telling, done.
var anyDeed = regexp.MustCompile(`(^|[^还没不])给(P家?里?|家里)?(把[^,P]{1,6}?)?(重新|又|都|也|顺手|全|好好|仔细)*[^,PMNBD说讲打发买送拿带捎留转塞放寄提交叮嘱介绍醒宣解道拜鼓祝过掏垫报出我咱他她你的了到看问聊谈通视微电联加劝敬点倒行鞠让安慰宽开申协反回找订存取面批算上做起人钱个添补凑配置订推家老娃孩学村镇县单这那哪谁啥随订充资助捐奖][^,P]{0,5}(了|好|开|完|净)`)

var (
	// paperwork (plain) belongs to the policy just told.
	paperwork = regexp.MustCompile(`(材料|手续|资料|表)[^,]{0,8}(整理|准备|交|跑|办|递|送|复印|打印|备齐|备好|盖章|签字|填)|^(我)?(帮|替|给|为)?(着|P)?(来回|前后|一共|总共)?跑(了|过)?(#|两|三|四|好?几|好多|N)(趟|次|回|天)|(整理|准备|交|递|送)[^,]{0,4}(材料|资料|手续)`)
	// overwhelmed (plain): the work is told as what they cannot manage.
	overwhelmed = regexp.MustCompile(`忙不过来|顾不上|没人(收|种|割|干|挖|帮)|干不了`)
	sold        = regexp.MustCompile(`卖(了|给)`)
	soldItself  = regexp.MustCompile(`(^|P|里|电话|微信|视频)说[^,帮我给]*(卖|找(到|上|着)|(工资|工钱)[^,]{0,2}(发|结)了)`)
	// jobs (plain): 经多方协调,P已上岗
	jobs = regexp.MustCompile(`(已|现|目前)[^,]{0,12}(上岗|就业|入职|上班|务工|入学|入住|复学)`)
	// renewal (plain): what runs out by itself every year is no trouble.
	renewal = regexp.MustCompile(`认证|年审`)
	// fetched (plain): what we were asked to get was got.
	fetched = regexp.MustCompile(`(买|捎|带|取|领|交|寄|办|抓|拿|写|填)(上|回|到|好|来|去|给|过去)`)
	// foundSelf (plain): 她找到活了.
	foundSelf = regexp.MustCompile(`^P(自己|已经|已|又|也|还|D|在[^,]{1,6})*(找(到|上|着|下))`)
	bills     = regexp.MustCompile(`(交|缴|续|充)(了|上|完|好|清)*[^,]{0,6}(电费|水费|话费|网费|取暖费|学费|保险)`)
	begging   = regexp.MustCompile(`谁能|能不能|能否|看能|看谁|可否|求助|谁来|帮(忙|着)?(看|问|打听)(看|问)?(哪|谁|有没有)`)
	needWords = regexp.MustCompile(`需要|需|协调[^,]*一下|解决一下|能不能|能否|看谁|看能|(^|[^申邀报])请[^了教客]|麻烦|希望|求助|急需|得(让|找|请|叫|给)|谁能|可否`)
	wished    = regexp.MustCompile(`(想|希望|盼|打算|准备|需要|要求|能不能|能否|看能|看谁|麻烦|得(让|找|请|叫|给))[^,了]{0,12}$`)
	forUs     = regexp.MustCompile(`(给|帮|替|为)我(们)?(们)?[^出掏]|我(们)?(单位|办公室)|(来|给|帮|到)我家(送|拜|帮|干|坐)`)
	fixes     = regexp.MustCompile(`换|垒|糊|堵|封|裹|粘|绑|钉|拧|焊|装|安|通|接|补|盘|修|掏|焊|砌|架|搭|疏|糊|苫|盖|收割|收了`)
	repaired  = regexp.MustCompile(`(钉|糊|封|堵|裹|粘|苫|绑|缠|铺|配|换|装|安|修|接|补|通|盘|掏|砌|焊|搭|架|疏|垫|填)[^,]{0,3}(上|好|了|开|妥)`)
	haul      = regexp.MustCompile(`^(拉|扛|搬|背|端|抱|提|拎|放|收|换|装)`)
)
