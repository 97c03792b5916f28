package understand

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// menu words mean one thing when they are the whole message.
var menu = map[string]Intent{
	"帮助": IntentHelp, "菜单": IntentHelp, "功能": IntentHelp, "使用说明": IntentHelp, "说明": IntentHelp, "help": IntentHelp, "?": IntentHelp, "怎么用": IntentHelp,
	"你好": IntentHelp, "您好": IntentHelp, "在吗": IntentHelp, "在不": IntentHelp, "在": IntentHelp, "hi": IntentHelp, "hello": IntentHelp, "喂": IntentHelp, "早": IntentHelp, "早上好": IntentHelp, "下午好": IntentHelp, "晚上好": IntentHelp, "中午好": IntentHelp, "上午好": IntentHelp, "大家好": IntentHelp, "你好啊": IntentHelp, "你好呀": IntentHelp, "哈喽": IntentHelp, "嗨": IntentHelp, "有人吗": IntentHelp, "在么": IntentHelp, "在不在": IntentHelp, "在哩吗": IntentHelp, "在着吗": IntentHelp, "早安": IntentHelp, "晚安": IntentOther,
	"进度": IntentProgress, "查进度": IntentProgress, "完成情况": IntentProgress, "任务": IntentProgress, "我的进度": IntentProgress, "统计": IntentProgress, "还差多少": IntentProgress, "还差几次": IntentProgress, "差几次": IntentProgress, "查询": IntentProgress,
	"名单": IntentRoster, "我的名单": IntentRoster, "对象": IntentRoster, "我的对象": IntentRoster, "帮扶对象": IntentRoster, "结对名单": IntentRoster, "花名册": IntentRoster, "名册": IntentRoster, "我的帮扶对象": IntentRoster, "结对户": IntentRoster, "我的结对户": IntentRoster,
	"撤销": IntentUndo, "取消": IntentUndo, "撤回": IntentUndo, "撤了": IntentUndo, "删除": IntentUndo, "删了": IntentUndo, "作废": IntentUndo, "撤": IntentUndo, "不算": IntentUndo, "记错了": IntentUndo, "发错了": IntentUndo, "错了": IntentUndo, "删掉": IntentUndo,
}

var (
	// lastRecord names the record an undo or a correction is about.
	lastRecord = `(刚才|刚刚|刚|上一?|那|这|前一?|最后一?|刚发|刚记|刚报|才)[^,]{0,5}(一)?(条|个|笔|次|记录|段|份)`

	undoStrong = regexp.MustCompile(`(撤|删|抹|取消|作废|清|划|去)(销|回|除|掉|了|去|吧|下)*(刚|上|那|这|最后|前|最近)[^,]{0,5}(条|个|笔|记录|次)|^(撤|删|抹|取消|作废)(销|回|除|掉|了|去|下)*(刚才|刚刚|刚|上面|前面|最后)(发|记|报|说)?(的|那)*$|(刚|上|那|这|最后|前|记|发|报|最近)[^,]{0,8}(条|个|笔|次|记录|的)?[^,]{0,8}(撤(销|回|了|掉|下)|删(了|除|掉|去)|抹(了|掉|去)|取消(了|掉|吧|,|$)|作废|不算(数|了|$)|不作(数|准)|不要(了|$)|去掉|清掉|划掉|重(新)?(来|记|报)|别记|消了|取了)`)
	undoWeak   = regexp.MustCompile(`(^|,)(就|都|给我|帮我|把它|请|全|那就)*(删|撤|取消|作废|抹)(了|掉|除|去|吧|一下|销|回)+$|(发|记|报)了(两|二|#)(遍|次)|删(掉|除|了)[^,]{0,6}(条|个|笔|记录|B)|(多|重)(记|报|发|录)了(一|1)?(次|条|遍|个|笔)|(刚|上|那)[^,]{0,6}是?(重复|多余)(的|了)|重复[^,]{0,3},?(删|撤|去)|(删|撤)(一|这|那|上)条|不用记|别记了?|不要记|不记了|(^|,)撤(了|掉|回|一下)|^[^,]{0,6}(撤销|撤回|作废|撤了|删了吧|删掉吧|取消掉|不算数)[^,]{0,6}$|(记|发|弄|搞|写|报|点|打|说|填|录|整)(错|岔|差|重|重复|串)了?[^,]{0,5}(,|$)[^,]{0,6}(撤|删|取消|作废|抹|不算|重来|不要|去掉|消)|(刚|上|那|这)[^,]{0,6}(条|个|笔|次)?[^,]{0,4}(记|发|弄|搞|报|点)(错|重|岔)(了|咧|$)[^,]{0,2}$|(不小心|误|手滑|手误)[^,]{0,6}(发|点|按|记)|重复(记|发|报)了|(发|记|报)重了|没有这(回)?事|当我没(说|发|记)|^(刚才|刚刚|刚)(的|那)?[^,]{0,4}不算`)

	amendTo  = regexp.MustCompile(`(改|更正|修正|订正|变更|修改|换)(成|为|到|做|作|回|过来)|(改|更正|修正|订正|修改)(下|一下)|应该?(是|为|写|记|算|改)|改正|应为|实际(上)?是|(金额|钱数|数)[^,多少]{0,3}(多|少)了|更正|纠正|订正|(少|多|漏|错)(写|打|记|说|报|填|算|加)了?|(写|打|记|弄|搞|说|报|填|输|选|录|发)(错|混|成|岔|反|颠倒|差)|不是[^,]{1,14}(,|、)?(而)?(是|应)|^没[^,]{1,6},(而)?是|^是[^,]{1,10}(,)?(不是|没|并不是)|(日期|日子|时间|金额|人|名字|姓名|数|钱数|钱|对象|方式|类别|类型)[^,去看给送]{0,6}(不对|错|有误|改|搞反)|把[^,]{1,14}(改|换成)|照片是|是[^,]{1,8},?不是|图片是|(记|挂)(到|在|成|给)P|[^打预]算(到|在|成)P|^(D|P|M|#)[^,]{0,2}不是(D|P|M|#)`)
	amendIs  = regexp.MustCompile(`^(M|N|#)(改|换)(成|为|到)?(M|N|#)$|^(D|刚|那|这)[^,]{0,4}(笔|钱|金额|数)[^,]{0,4}是(#|N|M)$|其实(应该)?是[^,]{1,8}$|^(刚才|刚刚|D)P那[^,]{1,5}是(M|N|#)$|^(错了|搞错了|弄错了|记错了|说错了|不对)[^P]{0,3},是[^,]{1,6}(,没[^,]{1,4})?$|^还有P,?(我)?(忘|漏)了?(说|写|记|报)(了)?$|^(哦|噢|不对|不|啊|对了|哎|哎呀|,|那个|那条|上条|上一条|刚才那条|刚那条|这条|时间|日期|金额|人|钱|是说|我说的|刚才说的|刚才的|其实|那|钱数|数)*是(D|P|M|N|微信|电话|视频|短信|走访|上门|打电话|打的电话)[^,?]{0,8}$|(刚|上|那|这)[^,]{0,4}(条|个|笔|次)[^,]{0,6}(是|算)(D|P|M|N|微信|电话|视频|短信|走访|上门)|^(刚才|刚刚|刚|D|上面|前面)(说|发|记|报)的[^,给去]{0,5}(应该)?(是|算)(D|P|M|N|微信|电话|视频|短信|走访|上门)`)
	amendAdd = regexp.MustCompile(`^(再|另外|还有|补充|还要|漏了|对了|哦|,|忘了说|忘了|还|刚才|那条|上条|上一条|刚那条|给上条|一下|里)*(再|补|添|追)?(加|补|添|补充|补记|追加)(上|个|一|一条|记|一下|1|写)*(B|G|M|D|P)|(刚|上|那)[^,]{0,4}(条|个|笔)[^,]{0,4}(再|还要?|补)(加|补|添)|^(少|漏)(了|记了|写了|报了)(个|一个|一)?(人|户|P)|^(漏|忘)(了|记|写|说)(了)?(B|G|M|还|一|,)`)

	rosterAsk   = regexp.MustCompile(`(结对|帮扶|联系|包)的?[^,]{0,6}(地址|电话|住址|资料)[^,]{0,6}(发|给|调|看|是)|(对象|名单|结对户|帮扶户)(里|中|里头|里面)[^,]{0,4}有|我(跟|和|与)谁(是|结|配)(的|了|成)?(一)?对|(名字|名单|姓名)(给我|都)?(发|调|亮)|我的P(都)?(是)?(谁|哪)|我(这边|这儿|这里|手里|手头)(都|一共|总共)?(有)?(谁|哪些人|哪几个)|名字(给我)?(念|说|报|列)|结对关系|^P(、?P)*(都|各|分别)?(是|在|住)+(哪个|哪)(村|社|组|队|乡|镇|儿)|我(帮扶|包|结对|联系|管|负责)的(人|户|对象|老人|娃|家)|^(我的|我)?(结对|帮扶|关爱|联系|包联|包)的?(户|对象|人|家庭|名单)$|我(结对|包|联系|帮扶|管|负责)的$|我[^,没差还]{0,4}(结对|帮扶|联系|包|管|负责|对接)(了|着|的|是|都)*(哪个|谁)$|(结对|帮扶|联系|包|负责|关爱|帮|管|包联|包抓|对接|照看|分|联|名下|手底下|手上|挂|认领)[^,]{0,8}(的)?(对象|户|人|娃|老人|人家|人员|家)?[^,]{0,4}(是谁|有谁|都谁|都有谁|是哪|有哪|有几|几户|几个|哪几|哪些|哪个|是几|谁谁|名单|都有哪|是些谁|是些啥|叫啥|叫什么|几家|忘了|多少户|多少人|几位)|名单(发|给|看|是|有|调|呢|在|$)|(看|查|发|给|列|调|要|来)[^,]{0,10}(名单|花名册|名册|对象)|(我|名下)[^,]{0,6}(都)?(有)?(哪|几)(些|几|个|户|家|位)?(人|户|对象|老人|娃|家|结对|帮扶|关爱)|谁(是|归)我(的|管|负责|联系|包)?[^,]{0,6}$|(哪|几)(几)?(个|户|家)[^,]{0,4}(是|归)我|我的?(对象|户|人|结对|帮扶|帮扶户|包户|结对户)[^,]{0,4}(谁|哪|几|名单|有|叫|是谁)|(包|管|联系|结对|负责)(着|的)[^,]{0,6}(姓|叫)|归我(管|包|联系)|P(是不是|是|归)我[^,]{0,6}(对象|包|结对|帮扶|名下|管)|我(和|跟|与)谁结(的)?对|(我|我的)[^,差没]{0,8}(名下|手上|包的|联系的|结对的|负责的|管的|帮的)[^,差没]{0,6}(谁|哪|几|几户|忘)`)
	progressAsk = regexp.MustCompile(`谁还?差|没[^,]{0,6}的(有|是|还)[^,]{0,4}(哪|谁|几)|进度|差(一|两|#|几)(次|件|个)|还(差|欠|剩|缺|要|得|该|有)[^,]{0,12}(几|多少|哪|啥|谁|没|任务|什么)|差(几|多少|哪|啥|些|谁|的)|够(数|不够|了|没|吗|不)|达(到)?标|(完成|达标|做完|办完|干完|弄完|做够|做到|搞完)[^,]{0,8}(没|吧|吗|不|多少|几|情况|率|了没|咋样|怎么样|如何|哪)|(几|多少)(次|回|趟|件|遍|个电话|户没|笔|条|个)|(统计|查|看|汇总|算|报|数|瞅)[^,]{0,14}(情况|记录|次数|任务|走访|电话|金额|总额|资助|完成|联系|数据|台账|实事|进展|指标|我的|做了|多少|几)|(任务|指标|考核|走访|联系|实事|电话|次数|资助|探视)[^,]{0,10}(完成|够|还差|剩|差|几|多少|咋样|怎么样|过不|能过|情况|达标|没完|做到|到哪|呢|了没)|(记上|记下|录上|存上|记进去|算上|收到|记着|登上|记录上)(了)?(没|吗|不|没有)|上(次|回)[^,]{0,12}(时候|哪天|几号|多久|啥|什么时候|是哪)|最近一次|(哪|谁)[^,]{0,8}(没|还没|不够|没去|没打|没办|漏)[^,]{0,8}|没(完成|达标|去|走访|联系|打电话)的(有|是|还)?[^,]{0,3}(哪|谁|几)?|(今年|本年|这个月|本月|全年|上半年|下半年|这季度|本季度|季度|年度)[^,]{0,14}(几|多少|够|完成|差|统计|情况)|(走访|电话|联系|去|看|打)(过|了)?(几|多少)|总结|还有(啥|什么|哪些|哪)[^,]{0,6}(没|任务)|考核|合格|过关`)
	helpAsk     = regexp.MustCompile(`^(都)?(能|可以|会)?(记|录|存|发)(些|点)?(啥|什么)$|都能(记|录|发|做|干)|^(要|用|需要)(不要|不用)?(拍照|照片|传照片|上传|定位|签字|填表)[^,]{0,3}(吗|不|么)|^(谁|有谁|哪位|有人)在(不|吗|呢)?$|^(在不在|在吗|有人)|你[^,]{0,6}能用(吗|不)|^(能|可以|会)(记|录|发|打字|说话)[^,]{0,6}(不|吗|么)|直接(打字|说|发|输入)[^,]{0,4}(吗|行|可以)|(怎么|咋|咋样|怎样|如何|咋个|咋么)[^,]{0,8}(用|记|填|报|写|发|弄|操作|录|登|使|绑|上传|改|撤|查|说|加|开始|搞|传)|(能|会|可以|是)(干|做|帮|办)[^,]{0,4}(啥|什么|些啥|哪些)|你(是谁|是啥|是什么|会|能|干啥|叫啥|有啥|都能|都会|可以)|使用(说明|方法|帮助|指南|教程|手册)|教(一下|我|一教|教|会|程)|说明书|功能|不会(用|操作|弄|记|填|发|使)|帮助|菜单|操作(指南|说明|手册|流程)|(格式|模板|模版|例子|示例)|有(啥|什么|哪些)(功能|用|命令|作用)|(语音|照片|图片)[^,]{0,6}(可以|行不|能不|咋|怎么|能)|^(你好|您好|在吗|哈喽|喂|早上好|嗨)|记(一下)?要(写|发|说)(啥|什么)|(哪里|在哪|哪儿)(记|填|看|报|发|点|绑)|客服|人工|(咋样|怎样|怎么|啥|什么)(才)?算|算不算|(必须|要不要|用不用|需不需要|需要)[^,]{0,4}(拍照|照片|填表|定位)|跟你[^,没]{0,4}(说|发|讲)|(能|可以)(说|发|讲|问)(些|点)?(啥|什么)|指令|你是|(语音|照片|图片|视频)[^,]{0,4}(行|可以|能|咋|怎么|吗)|(能|可以|能不能)(发|用|传)[^,]{0,3}(语音|照片|图片)|要(写|填|发|带)[^,]{0,6}吗|照片[^,]{0,4}(几|多少|咋|怎么|要|传)|干啥(用)?的|做什么用|咋整`)
	policyAsk   = regexp.MustCompile(`Z[^,]{0,14}(吗|么|不|能|咋|怎么|多少|标准|条件|办理|流程|哪|啥|几|谁|什么|呢|$)|(能不能|可以|符合|够不够|咋|怎么|哪里)[^,]{0,10}Z`)
	needAsk     = regexp.MustCompile(`没人(做饭|洗衣|喂|照应|收拾|挑水|打扫|拉煤|搭手)|路(不通|断了|冲断|塌了)|(出|进)不(去|来)$|P[^,了]{0,3}要(办|换|补|申请|评|装|配)|还?差(M|N|#)$|没(有)?配(G|眼镜|轮椅|助听器)|P[^,]{0,14}(老化|危房|有危险|隐患|没人(接|送|管|照|看|陪|理)|(走|过|去|来)不了)|(水|电|暖)[^,]{0,6}没(来|有)|需要|急需|得(让|找|请|叫|有|给|把|住|民|想|赶|尽|修|换|派|上|通)|(麻烦|请|烦请|恳请|拜托|望|希望)[^,]{0,12}(O|部门|单位|协调|帮|看|派|解决|给|来|反映|处理|安排|联系|关注|上门|上报|支持|想办法|救助|对接|尽快|转)|(能不能|能否|可否|可不可以|看能|看看?(谁|哪|有没有|能|能不能)|谁(来|能|给)|哪(个|里|家)?(部门|单位)[^,]{0,6}(能|管|给)|有没有)[^,]{0,24}|求助|(^|,)求[^,]{0,8}(来|给|帮|派)|来人(看|修|管)|反映(一下|下|给|到|上去)|协调(一下|下|解决|个|O)|帮(忙)?(解决|协调|反映|联系|问问|给)|([^不]|^)(想|盼|希望|愿望)(着)?(要|有|找|做|申|办|学|让|能|给|请|配|安|装|换|修|治|看|买|上|去|就近|评|进|参|搞|养|种|打|住)|(没|缺|少|差|没有)[^,]{0,6}(着落|人管|人照|炭|煤|吃的|钱|水|柴|衣|床|被|粮|棉|学费|轮椅|药|电|过冬|取暖|生活费|住处|住的|地方)|缺[^,]{1,8}|(报|办|落|入|转|领|申请|住)不(上|下|了|进)|(漏|塌|裂|坏|堵|冻|断|破)[^,]{0,8}(了|着|呢|很|雨|水|厉害|$)|没(着落|法|办法)|(交|上|看|吃|用|买|付|拿)不(起|上|了)|(咋办|怎么办)|诉求|困难`)
	thanks      = regexp.MustCompile(`^(好的?|收到|行|嗯|知道了|明白了?),?(马上|这就|尽快|我)[^,P]{0,8}$|^(谢|感谢|辛苦|好的|收到|知道|明白|嗯|哦|行|可以|好|ok|哈|呵|不客气|没事|对|是的|是|嗯嗯|哦哦|明白了|了解|好嘞|中|成|麻烦(你|您)?了|再见|拜拜|晚安|棒|赞)[^,]{0,8}$`)
	chat        = regexp.MustCompile(`(有|大|降|暴|中|小)(雨|雪|风|温|到大雪)|注意(安全|保暖|防滑)|路滑|(小程序|系统|机器人|公众号|平台|软件)[^,]{0,6}(好|不错|方便|慢|卡|真|挺|难|太)|天气|下雪|下雨|(今天|这)[^,]{0,4}(雪|雨|风)[^,]{0,4}(大|真)`)
)

// decide settles what the message is.
func (m *message) decide() Result {
	r := Result{}
	trimmed := strings.TrimRight(m.text, "?。, !啊呀吧哈咧呢哦")
	if m.text == "" {
		r.Intent = IntentOther
		return r
	}
	w := m.walk()
	m.people(&r, w)
	if in, ok := menu[trimmed]; ok || m.text == "?" {
		r.Intent = in
		if !ok {
			r.Intent = IntentHelp
		}
		return r
	}
	all := m.plainAll()
	size := utf8.RuneCountInString(m.text)
	acts := w.activities()
	in, ok := m.correction(all, size, len(acts))
	switch {
	case ok:
	case len(acts) > 0:
		in = IntentLog
	default:
		in = m.asked(all, w)
	}
	if r.Intent = m.weigh(in, all, len(acts)); r.Intent == IntentLog && len(acts) == 0 {
		w = m.keenWalk()
		if acts = w.activities(); len(acts) == 0 {
			r.Intent = in
		}
	}
	switch r.Intent {
	case IntentAmend:
		r.Amend = m.amendment(all, w)
	case IntentLog:
		r.Activities = acts
		m.missing(&r, w)
	case IntentPlan:
		r.Date = m.planDay(w)
	case IntentOther:
		if len(w.named) > 0 && !w.lacking && !w.othersD && size < 12 && !thanks.MatchString(all) && !strings.ContainsAny(all, "?吗") {
			r.Missing = append(r.Missing, MissingWhat)
		}
	}
	return r
}

// plainAll is the whole message with people, days and figures as tags.
func (m *message) plainAll() string {
	var b strings.Builder
	for i, c := range m.clauses {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(c.plain)
		if c.stop == stopAsk {
			b.WriteByte('?')
		}
	}
	return b.String()
}

// wrongThen (plain): 不对不对,换药的是曲志钢
var wrongThen = regexp.MustCompile(`^(不对|错了|弄错了|搞错了|记错了|说错了)(,|不对|啊|了)*[^,]{0,6}(是|应该)[^,]{0,3}(P|D|M|N|微信|电话|视频|短信|走访)`)

// hopes (plain): they would like something changed at home: 老谷说想把旱厕改了
var hopes = regexp.MustCompile(`P[^,]{0,3}(想|要|打算)把`)

var refersLast = regexp.MustCompile(lastRecord)

// correction tells undo and amend from everything else. A message that records
// something is a correction only if it speaks of an earlier record.
func (m *message) correction(all string, size, acts int) (Intent, bool) {
	if size > 60 {
		return "", false
	}
	raw := strings.ReplaceAll(m.text, " ", ",")
	if !strings.ContainsAny(raw, undoLetters) && !strings.ContainsAny(raw, amendLetters) {
		return "", false
	}
	refers := refersLast.MatchString(all) || refersLast.MatchString(m.text)
	if helpWay.MatchString(raw) {
		return "", false
	}
	if hopes.MatchString(all) || problems.has(all) && askHelp.MatchString(all) && !refers {
		return "", false // 旱厕塌了,请乡上给改一下
	}
	if acts > 0 && photosToo.MatchString(all) {
		return "", false
	}
	changes := fieldWrong.MatchString(raw) || notThisBut.MatchString(all) || amendTo.MatchString(all) && (newValue.MatchString(all) || refers)
	undo := strings.ContainsAny(raw, undoLetters) && (undoStrong.MatchString(all) || undoStrong.MatchString(raw) || undoWeak.MatchString(raw) || undoWeak.MatchString(all))
	if undo && (acts == 0 || refers) && !(changes && replaces.MatchString(all)) {
		return IntentUndo, true
	}
	if forgotten.MatchString(all) && acts > 0 && hasDayOrPerson(m) {
		return "", false
	}
	if changes && (size <= 26 || refers || strings.Contains(all, "不是")) && (acts == 0 || refers || strings.Contains(all, "不是") || saidWrong.MatchString(all) || notThat.MatchString(all) || size <= 16) && !happened.MatchString(all) {
		return IntentAmend, true
	}
	if wrongThen.MatchString(all) && size <= 30 {
		return IntentAmend, true
	}
	if amendIs.MatchString(all) && (acts == 0 || refers || size <= 12) && !strings.ContainsAny(all, "?吗谁哪") && !strings.HasSuffix(all, "不") {
		return IntentAmend, true
	}
	if amendAdd.MatchString(all) && size <= 30 && (refers || acts <= len(m.roster) && !hasDayOrPerson(m) || acts == 0 && strings.HasPrefix(all, "少")) {
		return IntentAmend, true
	}
	if undo && acts == 0 {
		return IntentUndo, true
	}
	return "", false
}

// undoLetters are those of which any way to take a record back holds one; it
// only saves time.
const (
	undoLetters  = "撤删抹取消废清划掉算要重记报发错岔误串写搞弄"
	amendLetters = "改更正订变换不是应多少漏加补忘实照反混对添追修图没成" // the same for a correction
)

var (
	replaces   = regexp.MustCompile(`(改|换)(成|为|到)|应该?(是|为)|不是[^,]{1,12}(,)?(而)?是|是(P|D|M|N)`)
	helpWay    = regexp.MustCompile(`[^,]{0,12}(错|漏|重)(了)?,?(咋|怎么|如何|怎样)(改|撤|删|补|弄|办)|^(我|请问|你好|您好|,|该)*(怎么|咋|如何|怎样|能不能|可不可以|要怎么)[^,]{0,10}(撤|改|删|看|查|发|传|记|填|用|报|弄|补|绑|录|写|操作)`)
	fieldWrong = regexp.MustCompile(`(刚才|刚刚|刚|上面|前面)(说|发|记|报|写)的?[^,]{0,12}(不对|错了|有误|不准),?|(日期|日子|时间|金额|钱数|人名?|名字|对象|方式)[^,]{0,4}(写|打|记|弄|填|报|搞)?(错|反|不对)`)
	// saidWrong (plain): 刚才说的每户200不对,是每户300
	saidWrong = regexp.MustCompile(`^(D|T|刚才|刚刚|刚|上面|前面)(说|发|记|报|写)的?[^,]{0,12}(不对|错了|有误|不准),(应该)?是`)
	newValue  = regexp.MustCompile(`P|D|M|N|#|U|微信|电话|视频|短信|走访|上门|资助|实事|零|位数|探视`)
	// forgotten (plain): a thing done but not told in time is a log of its own.
	forgotten = regexp.MustCompile(`(漏|忘)(了)?(记|报|登|录|说)`)
	// notThisBut is a whole message that sets one deed against another.
	notThisBut = regexp.MustCompile(`^(不对|错了|哦|啊|,)*不是[^,DP我]{1,10},?(而)?是[^,DP我]{1,10}$|^(不对|错了|哦|啊|,)*不是(微信|电话|视频|短信|走访|P|D|M|N)[^,]{0,3},(微信|电话|视频|短信|走访|P|D|M|N)[^,]{0,3}$`)
	// photosToo (plain): 刚才去看了海龙,照片是他的 tells a doing, and of photos beside it
	photosToo = regexp.MustCompile(`^[^照图]{4,},[^,]{0,6}(照片|图片)是[^,不]+$`)
	notThat   = regexp.MustCompile(`^没[^,]{1,6},(而)?是`)
	// happened (plain): real doings that hold the words of a correction.
	happened = regexp.MustCompile(`(户口|身份证|学籍|档案|派出所|银行卡|社保卡)[^,]*(改|更正|变更|纠正)|(从|由)[^,]{1,10}(改|调|变|换|升)(成|到|为)|(去|来)(了)?P|到P(家|屋)|给P(打|送|讲|发|买)(了|去)|(床位|座位|方式|药|灯|门|锁|水管|地址|路线)[^,]{0,3}(换|改)成`)
)

func hasDayOrPerson(m *message) bool {
	for _, t := range m.tokens {
		if t.tag == 'D' || t.tag == 'P' && !t.person.generic {
			return true
		}
	}
	return false
}

// asked settles a message that records nothing.
func (m *message) asked(all string, w *walk) Intent {
	raw := strings.ReplaceAll(m.text, " ", "")
	all = strings.ReplaceAll(all, "打算", "准备") // 打算 reckons nothing
	question := howMany.MatchString(raw) || strings.ContainsAny(all, "?吗几谁哪咋啥没不么多查看统算呢吧") || strings.Contains(all, "什么") || strings.Contains(all, "进度") || strings.Contains(all, "完成") || strings.Contains(all, "进展")
	switch {
	case leave.MatchString(raw), thanks.MatchString(all):
		return IntentOther
	case helpWay.MatchString(raw) && !strings.Contains(m.taggedAll(), "Z"):
		return IntentHelp
	case policyQuestion.MatchString(m.taggedAll()) && !namesSomebody(m), policyState.MatchString(m.taggedAll()) && !pleads.MatchString(all) && !duties.MatchString(all):
		return IntentOther
	case recordsWanted.MatchString(raw) && !needsThing(all):
		return IntentProgress
	case w.planned && chat.MatchString(all) && !namesSomebody(m):
		return IntentOther // 明天有雨注意安全
	case w.planned && (askWay.MatchString(all) || asksFor.MatchString(m.taggedNeeds())):
		return IntentReportNeed
	case w.planned && !(progressAsk.MatchString(all) && question):
		return IntentPlan
	case strings.Contains(all, "我的P") && rosterAsk.MatchString(all):
		return IntentRoster
	case namesSomebody(m) && toOffice.MatchString(m.taggedNeeds()) && !duties.MatchString(all):
		return IntentReportNeed
	case helpAsk.MatchString(all) && !policyAsk.MatchString(m.taggedAll()) && !needsThing(all):
		return IntentHelp
	case asksFor.MatchString(m.taggedNeeds()) && !duties.MatchString(all):
		return IntentReportNeed
	case (rosterAsk.MatchString(all) || rosterAsk.MatchString(raw)) && (question || wanted.MatchString(raw)) && !w.lacking && !w.planned && !stillDue.MatchString(all):
		return IntentRoster
	case missedCall.has(all) && !stillDue.MatchString(all) && !strings.Contains(all, "?"):
		return IntentOther // 联系了几次都没联系上
	case (progressAsk.MatchString(all) || progressAsk.MatchString(raw)) && question && !needsThing(all) && !needed.MatchString(all):
		return IntentProgress
	case w.planned:
		return IntentPlan
	case w.lacking || w.othersD || turnedDown.MatchString(all):
		if askHelp.MatchString(all) {
			return IntentReportNeed
		}
		return IntentOther
	case needAsk.MatchString(m.taggedNeeds()) && (!chat.MatchString(all) || namesSomebody(m)):
		if policyAsk.MatchString(m.taggedAll()) && !namesSomebody(m) && !askHelp.MatchString(all) {
			return IntentOther
		}
		return IntentReportNeed
	}
	return IntentOther
}

var (
	asksFor = regexp.MustCompile(`(麻烦|烦请|恳请|希望|协调|请)[^,]{0,12}(O|给|解决|看|问|派|处理|反映)|(能不能|能否|看能)[^,]{0,10}(给|帮|协调|解决|派|拉|申请|配|安排)|能(给|帮)[^,我]{1,8}(吗|不|么)|(能|可以)(给|帮)?(协调|安排|解决|落实|反映|争取|想办法|办|管)[^,]{0,6}(不|吗|么)$|不知道(找谁|该找|咋办|怎么办)`)
	// leave is asked of an employer, not of us: 领导,我想请假
	leave = regexp.MustCompile(`请(个|一|半|两|几|#|[0-9])*(上午|下午|天|小时)?的?(病|事|年)?假($|[^条])|(调休|补休|休年假)`)
	// toOffice asks an office for something: 请公安民政给看看.
	toOffice   = regexp.MustCompile(`(麻烦|烦请|恳请|希望|请)[^,]{0,4}O`)
	duties     = regexp.MustCompile(`走访|联系交流|任务|次数|进度|完成|还差|几次|名单|对象|记录|统计`)
	stillDue   = regexp.MustCompile(`还(差|要|得|欠|剩|需)|够|任务`)
	turnedDown = regexp.MustCompile(`没(答应|同意|批准|允许)`)
	wanted     = regexp.MustCompile(`名单|列|发|给我|我的|名册`)
	// recordsWanted asks for the records without a word of asking.
	recordsWanted = regexp.MustCompile(`我[^,没]{0,8}(干|做|弄|完成|帮扶)得?(咋样|怎么样|如何|够不够)|(实事|走访|电话|资助|记录|活动)(情况)?[^,]{0,4}(列|导|汇总|念|调|拉)(一下|出来|个单|下)|事[^,]{0,3}几件|给我看看?[^,]{0,4}(已|走的|记的)|(花|送|给|资助)了?(多少|几个钱)$|进展|(记录|台账|明细|数据|次数|报表)[^,]{0,6}(导|打印|调|列|给我看|发我)|(导|打印|下载)[^,]{0,8}(记录|台账|明细|表)|(统计|查询|汇总|列|发|看|给我|写)[^,]{0,10}(次数|记录|总结|数据)|(次数|情况)(查询|统计)|记录[^,]{0,3}(发|给|调)|总结[^,]{0,6}(写|给|发)|我[^,]{0,14}(花|送|给)[^,]{0,4}多少|都?(记|办|做|干)了些?(啥|什么)|(是不是|有没有|算不算)都?(完成|够|达标|(做|办|走|跑|打|干|弄)(完|够|齐))`)
	// policyQuestion (tagged) asks about a policy in general.
	policyQuestion = regexp.MustCompile(`Z[^,]{0,8}(什么|多少|咋|怎么|哪|吗|条件|标准|流程)|(什么|多少|咋|怎么|哪里|哪儿)[^,]{0,8}Z`)
	// policyState (tagged) asks how somebody's policy stands: 助学贷款办妥了没.
	policyState = regexp.MustCompile(`Z[^,]{0,10}(没|吗|了不|多少|能不能[^,]{0,5})$|能(不能)?Z(多少|几成|吗|不)`)
	needed      = regexp.MustCompile(`需要(重新)?(配|换|修|买|装|补|治|住)`)
	howMany     = regexp.MustCompile(`几(户|家|位|个)(人)?(人)?$`)
	pleads      = regexp.MustCompile(`请|麻烦|协调|反映|需要|希望|想`)
	askWay      = regexp.MustCompile(`(咋|怎么)(弄|办|整|申请)`)
	askHelp     = regexp.MustCompile(`需要|请|麻烦|希望|协调|反映|能不能|看谁|看能|得(让|找|请|叫)|急需|求助`)
	things      = regexp.MustCompile(`M没|差M|缺|漏|坏|裂|住宿费|学费|没着落`)
)

func needsThing(all string) bool { return things.MatchString(all) && strings.ContainsAny(all, "PMG") }

func namesSomebody(m *message) bool { return hasTag(m.tokens, 'P') }

func (m *message) taggedAll() string {
	var b strings.Builder
	for i, c := range m.clauses {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(c.tagged)
		if c.stop == stopAsk {
			b.WriteByte('?')
		}
	}
	return b.String()
}

// taggedNeeds is the plain text with offices as O, which needs name.
func (m *message) taggedNeeds() string {
	var b strings.Builder
	for _, t := range m.tokens {
		switch {
		case t.tag == 'O':
			b.WriteByte('O')
		case t.tag == 0 || strings.IndexByte("GKQHLZ", t.tag) >= 0:
			for _, r := range m.runes[t.start:t.end] {
				if r != stopSpace {
					b.WriteRune(r)
				}
			}
		default:
			b.WriteByte(t.tag)
		}
	}
	return b.String()
}
