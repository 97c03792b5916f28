package handlers

import (
	"regexp"
	"strings"

	"aixin/handlers/say"
)

// What a family wants, beside asking.
type want int

const (
	wantAnswer want = iota
	wantCarry
	wantComplaint
	wantCadre
	wantVisit    // when somebody comes
	wantProgress // what became of what was said before
	wantPerson   // to be spoken to
	wantAnother  // another cadre
	wantHurry    // what was said before, at last
	wantPlain    // to be told in other words
	wantRight    // what is held on the family put right
	wantSecrecy  // that nobody hears of it
	wantEnd      // nothing more
	wantChat
)

var (
	carryHeads  = regexp.MustCompile(`(捎|带)(句|个|一句|一个|给|几句)?话|转告|(告诉|跟|给|和)[^,,。]{0,6}(干部|书记|主任|同志|老师)[^,,。]{0,2}(说一声|说一下|说句|说,|说:|:|:)|告诉[^,,。]{0,4}(干部|书记|主任|同志)|(给|跟|和|向|告诉)[^我咱,,。]{1,6}(说一声|说一下|说声|讲一声|言传一声)|^.{0,2}(给|跟|告诉)[^我,,。]{0,3}干部(说|讲)[^了过完]`)
	toWhom      = regexp.MustCompile(`^.{0,2}(干部|书记|主任|同志)[ ::,,说]*`)
	thanksWords = regexp.MustCompile(`(谢谢|感谢|多谢|谢了|谢|多亏|感激|辛苦|亏了).{0,6}(干部|书记|主任|同志|老师|你们|他)|(干部|书记|主任|同志|老师).{0,10}(谢谢|感谢|辛苦|多亏|好得很|太好了|真好|好人|不错|挺好|热心|负责|细心|帮了大忙|费心|操心)`)
	neverCame   = regexp.MustCompile(`(没人|没有人|没见人|没见过人|没个人|不见人|不见个人)来|没有?来过|没有?(一|半)?个?(人|干部)(影子?)?.{0,2}来|干部.{0,8}(没来|不来|没见|不见|不管|没管|没帮|态度|骂|骗|哄人|走过场|做样子|[光只].{0,4}(照相|拍照)|收.{0,3}钱|要.{0,3}钱|[要让叫].{0,4}交.{0,6}钱|拿.{0,4}(回扣|好处))|[没不]见.{0,4}干部|(记录|本本|上面).{0,8}来过.{0,8}没来|[光只]知道?(照相|拍照)`)
	notPeople   = regexp.MustCompile(`钱|补贴|补助|低保|费|证|卡|药|到账|通知|短信|水|电`)
	asking      = regexp.MustCompile(`[??]|吗|咋|怎么|怎样|多少|哪|啥|什么|能不能|可不可以|有没有|几`)
	hearsay     = regexp.MustCompile(`怎么办|咋办|向谁|找谁|跟谁|哪里反映|哪里说|谁管`)
	whoIsCadre  = regexp.MustCompile(`干部.{0,4}(是谁|叫个?啥|叫什么|姓啥|姓什么|哪个|哪位|哪一个)|(谁|哪个|哪位)是.{0,4}干部|(干部|结对的|包我们?家的|联系我们?家的).{0,6}(电话|手机|号码|联系方式)|^(谁|哪个|哪位)(干部)?(在)?(管|包|结对|帮扶|联系)(着)?(我|咱|俺|我们)家?(里|的)?[哩呢啊]?$`)
	whenVisit   = regexp.MustCompile(`(干部|他|你们|人)?.{0,4}(啥时候|什么时候|几时|多会|哪天|啥会).{0,4}(能|会|再|才)?.{0,2}(来|到)(我|俺|咱|我们)?(家|家里)?(看看?|一趟|走访|看我们?|看一下|看娃|一回)?[啊呀呢哩]?$`)
	callMe      = regexp.MustCompile(`^.{0,8}(给我|跟我|和我)?([打回来]个?电话)(给我|过来|给俺|说|吧|行吗|行不|好吗)+$|^.{0,6}给(我|俺)[打回来]个?电话|(找|要|叫|请).{0,4}(真人|人工|活人)|转人工|(叫|让|请|想让).{0,4}(干部|人)(到家)?里?来(一趟|一下|看看|一回|家)?吧?$|能不能(派|来|叫)个人(来)?(看看|一趟)?$`)
	another     = regexp.MustCompile(`(想|要|给我|给我们|求)?.{0,3}换(个|一个|掉)?(别的|新的)?(干部|人包|人结对)|不(想|愿意?)?要这个(干部|人)`)
	rude        = regexp.MustCompile(`^(妈的|他妈|去你|滚|狗屁|放屁|垃圾|什么玩意|啥玩意|没一点用|没用|气死).{0,8}$|^.{0,4}(啥|什么|垃圾|狗屁)(服务|东西|玩意).{0,2}$`)
	scamCall    = regexp.MustCompile(`(来人|生人|陌生|不认识|说是(干部|银行|公安|民政)).{0,12}(看|拿|借|收|要|拍).{0,4}(存折|银行卡|身份证|户口本|密码)|(报|要|问|发|说|输|念).{0,6}(银行卡|卡号|密码|验证码)|(先?交|先?转|打|汇).{0,6}(保证金|手续费|押金|解冻|激活|认证金)|(下载|点).{0,4}(软件|链接|app)`)
	whatBecame  = regexp.MustCompile(`^.{0,6}(干部|书记|同志|他|人家|那边|上面)?(给我)?(回|答|说)(复|话|信|音)?(了|的|过)?(是)?(啥|什么|没|没有|了吗|了没|了没有)(话)?[呀啊哩呢吗]?$|(我|俺|上回|上次|前面|前头|之前|那天|反映|报|问|说|转).{0,8}(事|房子|问题|诉求|补贴|困难|话|的).{0,4}(到哪(一|了|步)|咋(个)?样了|怎么?样了|有(眉目|信|结果|消息|下文|着落|答复|回音|回话)|[办弄解]决?得?(咋样|怎样|好|完|成)了?[没吗]|有没有(信|消息|结果|下文|人管)|没(信|消息|下文)了|(办|弄|批|转|报|下)(上去|来|下来|好|成)?了?(没有|没|吗)[呀啊哩]?$)`)
	bareYes     = regexp.MustCompile(`^(能|同意|不同意|要|不要|是|是的|对|不|不用|不是|可以|中|成|没有|没|转|不转|都不是)[。.!]?$`)
	greeting    = regexp.MustCompile(`^(你好|您好|在吗|在不在|在不|喂|嗨|早上好|晚上好|下午好|早|hello|hi|嗯|哦|收到|测试|再见|吃了[吗没么]|你是谁|你谁|你是机器人吗|你是人.{0,6}|你是机器.{0,4}|你是真人.{0,3}|你是(干|做)(啥|什么)的?|你(叫|姓)(个)?(啥|什么)(名字)?)[啊呀吗呢了的哈哦!!。~~]*$`)
	endWords    = regexp.MustCompile(`^(那|那就|哦|噢|嗯+|好|唉|先)?(不用|不要|不了|算了?|没事|没啥|不麻烦|不问|不说|没有|就这|就这些|就这样|这样|没别的|没有别的|再没|行|好|可以|知道|晓得|明白|懂|听懂|清楚|记住|记下|好着|能行|不用转|不用管|不用问|(等等|等会儿?|回头|以后|改天|下回)?再说|随便说说|随便问问)(了|的|哩|呢|吧|啊|事|嘞|您|你|谢谢)*$`)
	hurries     = regexp.MustCompile(`^(你|您|你们|请|麻烦|再|能不能|可不可以|给我|帮我)*(快|早|赶紧|抓紧)(一)?(点|些|办|弄).{0,6}$|催(一)?(催|下|促|声)|^.{0,8}(咋|怎么|为啥)还(是)?(没|不)(有)?(人|个人|个信|消息)?.{0,2}(来|办|好|修|回|弄|管|动静|信|消息|结果).{0,5}$|等(不及|不住|得急)|(几|多少|好多|好些)(天|日子)了.{0,2}(还|都|也)?.{0,2}(没|不)(有)?(人|个人)?(来|办|回|修|管|信|消息|动静).{0,4}$|到底(啥时候|什么时候|几时|管不管|办不办)|(啥时候|什么时候|几时|多会)(能|才|给|有){0,2}(个)?(回话|回音|答复|结果|信|消息)[呀啊哩呢]?$`)
	lost        = regexp.MustCompile(`^.{0,6}(听|看|读)(不懂|不明白|不来)|^.{0,6}没(听|看)(懂|明白)|^(你)?(说|讲|写)的?(这|那)?(是)?(啥|什么|些啥)(意思)?[呀啊哩呢]?$|^(啥|什么|几个)意思[呀啊哩呢]?$|说(简单|明白|清楚)(点|些)`)
	grievance   = regexp.MustCompile(`(我|俺|要|去|就)(要|去|就)?(告|投诉|举报|曝光|上访|信访|闹)(到|你|他|上|去|$|干部|村|县|乡|市|镇)|(找|叫|见|换)(个)?(你们|他们)?(的)?(领导|县长|书记|镇长|乡长|局长|管事的|上头|上面的人)|(当官|干部|你们|他们).{0,8}(糊弄|哄(人|我|老百姓)|骗(人|我)|欺负(我|人|老百姓)|不作为|官僚|不是东西|没一个好|吃干饭|白吃)|再不(来|管|办|给).{0,10}(告|上访|反映|投诉|找)|(干部|书记|主任|他们?|村上).{0,6}(拿|收|扣|吞|吃|借)(了|走|着)?(我|俺|我们|娃|人家).{0,6}(钱|块|元|\d|烟|酒|礼|补)|(干部|书记|主任|村上).{0,6}(让|叫|要|逼|催)(我|俺|我们).{0,8}(空白|请.{0,3}(吃|客|饭)|送.{0,3}(礼|烟|酒|东西)|写假|说假|假话)|空白(表|单|纸)|克扣|冒领|吃拿卡要|优亲厚友`)
	putRight    = regexp.MustCompile(`(名字|姓名|电话|号码|手机号|地址|住址|住处|信息|资料|生日|岁数|年龄|身份证号?|户口)[^,。]{0,8}(错|不对|改|变|换)(了|一下|下)?|(改|更正|换|变)(一下|下|了)?[^,。]{0,4}(名字|姓名|电话|号码|手机号|地址|住址|生日|岁数)|^(我)?不是.{0,6}(监护人|家长|亲戚|家里人|本人)`)
	mayISend    = regexp.MustCompile(`(证|病历|存折|户口本|单子|证明|卡).{0,6}(发|拍|照|传|寄)(个|张)?(照片|相)?(给|到)?(你|您|这|过|来|哪).{0,8}$|(发|拍|照|传)(给)?(你|您)?.{0,6}(证|病历|存折|户口本)(行|可以|能|吗)`)
	hours       = regexp.MustCompile(`(几点|啥时候|什么时候|星期.|周.|周末|过年|晚上|半夜|节假日).{0,4}(上班|下班|有人|在不在|在吗)|上班(不|吗|没)[呀啊]?$`)
	secretly    = regexp.MustCompile(`保密|(别|不要|莫|能不能不|可不可以不)(给|告诉|跟|让|和)[^,。]{1,6}(说|知道|讲)?|(会不会|会)(告诉|给)(我)?(别人|家里|奶奶|爷爷|老师|爸|妈|他)`)
	thanksOnly  = regexp.MustCompile(`^.{0,4}(谢谢|多谢|感谢|谢了|辛苦了?)(你|您|你们|啊|了|哈|呀)*[!!。~~]*$`)
	bareNumber  = regexp.MustCompile(`^.{0,8}〔[^〕]*〕[。.!]?$`)
	besides     = regexp.MustCompile(`我?的?(身份证|银行卡|卡|密码)?(号码|号)?(是|:)?〔[^〕]*〕|(我|俺)?(不识字|不认字|没念过书|不会打字)[,。 ]`)
	goodNews    = regexp.MustCompile(`考上|考取|录取|上(了)?(高中|大学|中专|大专)|找到(工作|活)|(病|腿|眼睛|身体).{0,4}好了|毕业|奖状|得(了)?(第一|奖|三好)|考了?(个)?(第一|一百|满分|好)`)
	weather     = regexp.MustCompile(`^.{0,8}(下雪|下雨|天气|刮风|冷不冷|热不热|几度).{0,6}$|^(这|今儿?|今天)?天?(冷|热)(得很|死了|哩|呀|啊)*$|^天(冷|热|阴|晴)`)
	paperSent   = regexp.MustCompile(`^(这|那)?(就)?(个)?是.{0,8}(证|病历|存折|户口本|单子|证明|卡|本本)$`)
	passedAway  = regexp.MustCompile(`(去世|过世|殁|咽(了)?气|不在)了?$|(今早|今天|今儿|昨天|昨晚|昨夜|夜里|半夜|刚才?|前天|早上|下午)[^,。]{0,3}(没|走)了$|人没了`)
	distress    = regexp.MustCompile(`没法过|熬不|撑不|扛不住|受不了|太难了|太苦|心里(苦|难受)|咋活|活得(累|难)|愁[死得]|不想熬`)
)

// wanted tells what a family's words are for by how they are put.
func wanted(text string) want {
	s := strings.Trim(text, "。.!?~ ")
	switch {
	case carryHeads.MatchString(s), thanksWords.MatchString(s) && !thanksOnly.MatchString(s) && !asking.MatchString(s):
		return wantCarry
	case ends(s):
		return wantEnd
	case hurries.MatchString(s) && len(needTables().told(s)) == 0:
		return wantHurry
	case lost.MatchString(s) && len([]rune(s)) <= 14:
		return wantPlain
	case secretly.MatchString(s) && len([]rune(s)) <= 16 && !strings.Contains(s, "消息") && !strings.Contains(s, "捎"):
		return wantSecrecy
	case mayISend.MatchString(s), hours.MatchString(s) && len([]rune(s)) <= 12:
		return wantChat
	case putRight.MatchString(s) && !hearsay.MatchString(s) && !strings.ContainsAny(s, "吗?") && !strings.Contains(s, "要不要"):
		return wantRight
	case grievance.MatchString(s) && !hearsay.MatchString(s) && !strings.Contains(s, "骗子"):
		return wantComplaint
	case greeting.MatchString(strings.ToLower(s)), thanksOnly.MatchString(s), weather.MatchString(s), paperSent.MatchString(s):
		return wantChat
	case whoIsCadre.MatchString(s):
		return wantCadre
	case another.MatchString(s) && !asking.MatchString(s):
		return wantAnother
	case callMe.MatchString(s):
		return wantPerson
	case whatBecame.MatchString(s):
		return wantProgress
	case whenVisit.MatchString(s):
		return wantVisit
	case neverCame.MatchString(s) && !hearsay.MatchString(s) && !(notPeople.MatchString(s) && !strings.Contains(s, "干部")):
		return wantComplaint
	}
	return wantAnswer
}

// ends tells whether words only say that there is nothing more: 不用了 行了,没别的事了.
func ends(s string) (ends bool) {
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(",。!~ ", r) }) {
		switch {
		case endWords.MatchString(part), noWords.MatchString(part):
			ends = true
		case !thanksOnly.MatchString(part):
			return false
		}
	}
	return ends
}

func smallTalk(text string) string {
	s := strings.Trim(text, "。.!?~ ")
	switch {
	case wanted(s) == wantEnd:
		return say.Ended
	case strings.HasPrefix(text, "你是") || strings.HasPrefix(text, "你叫"):
		return say.WhoIAm
	case hours.MatchString(s):
		return say.Hours
	case weather.MatchString(text):
		return say.Weather
	case paperSent.MatchString(s), mayISend.MatchString(s):
		return say.PaperNotHere
	case strings.Contains(text, "谢") || strings.Contains(text, "辛苦"):
		return say.YouAreWelcome
	}
	return say.SmallTalk
}

// beside leaves out of a question what is said beside it: a number that was
// taken out, and that one cannot read.
func beside(text string) string {
	if rest := strings.Trim(besides.ReplaceAllString(text, ""), " ,。:"); len([]rune(rest)) > 3 {
		return rest
	}
	return text
}

// carried takes the way of putting it off a message: 给王干部捎句话:羊病了.
func carried(text string) string {
	loc := carryHeads.FindStringIndex(text)
	if loc == nil {
		return text
	}
	rest := strings.TrimLeft(text[loc[1]:], " :,。说")
	if rest = toWhom.ReplaceAllString(rest, ""); rest != "" {
		return rest
	}
	return text
}

// stranger answers who is not bound: the policy base, which is nobody's own, what
// this is, and how to bind.
func (t *talk) stranger(plain string) string {
	if whatIsThis.MatchString(plain) {
		return say.Welcome
	}
	if asksAll.MatchString(plain) && wanted(t.text) == wantAnswer {
		if e, ok := t.base().Entry(t.base().Ask(beside(t.text), "guardian").ID); ok && !e.StaleOn(t.today) {
			return say.Known(e.Answer, e.Source, e.Hotline, "") + say.BindForMore
		}
	}
	return weary(t.text) + say.HowToBind
}

var whatIsThis = regexp.MustCompile(`^.{0,6}(干啥的|干什么的|做啥的|是啥|有啥用|咋用|怎么用|你是谁).{0,2}$`)
