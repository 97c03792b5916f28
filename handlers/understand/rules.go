package understand

import (
	"regexp"
	"strings"
)

// rule recognises one way of telling something. Patterns are written over the
// tagged text of a clause (see token) or, for plain rules, over its words with
// only people, days and figures as tags. Each rule carries sentences it is for;
// TestRuleExamples holds it to them. need lists letters of which the text must
// hold one before the pattern is tried: it only saves time.
type rule struct {
	pattern string
	need    string
	eg      []string
	re      *regexp.Regexp
}

// table is a list of rules, compiled once.
type table []rule

func compile(rules ...rule) table {
	for i := range rules {
		rules[i].re = regexp.MustCompile(rules[i].pattern)
	}
	return rules
}

// match returns the place of the first rule that matches.
func (t table) match(s string) (start, end int, ok bool) {
	for i := range t {
		if t[i].need != "" && !strings.ContainsAny(s, t[i].need) {
			continue
		}
		if loc := t[i].re.FindStringIndex(s); loc != nil {
			return loc[0], loc[1], true
		}
	}
	return 0, 0, false
}

func (t table) has(s string) bool { _, _, ok := t.match(s); return ok }

// visitRules (tagged): met in person, at home, in an institution or in the field.
var visitRules = compile(
	rule{`走访|家访|入户|上门|登门|探视|看望|探望|拜访|串门|串了?个门|遍访|面访|进户|下户|到访|慰问`, "访户门视望串慰", []string{"走访老谷", "上门给欧阳姨理了发", "到敬老院探视田禾"}, nil},
	rule{`(去|到|上|来|跑|往|进|赴|在|奔|回|深入|前往|气|趣|曲)[^KOQHL,]{0,9}H`, "H", []string{"昨天去老谷家", "到慕爷家里", "今儿赶早去老豆屋里浪了一圈", "在老谷家帮着挑了水"}, nil},
	rule{`(去|到|上|来|在|跑|往|进|赴|前往)[^O,]{0,5}L[^,]{0,8}(看|探|见|找|瞧|瞅|给P|了解|陪P|慰问)`, "L", []string{"去学校看了海龙", "到县医院看望何婶", "今儿去娃学校看了看"}, nil},
	rule{`(去|到)了?(一趟|趟)?P的?L(了|一趟|转|坐|$)`, "L", []string{"今天去海龙学校了"}, nil},
	rule{`(在|到|去)L(里)?(跟|和|与|同)P`, "L", []string{"在学校和海龙聊了聊"}, nil},
	rule{`(看|瞧|瞅|望|瞭)(了|过|的|看|望|一下|一眼|一圈|一哈|下|瞧)*(D|T)?[^,HLKQOGCPZ书电视病]{0,4}P`, "看瞧瞅望瞭", []string{"昨天去看了米雪", "去看了白奶奶", "顺路看了一下西沟的郑老汉"}, nil},
	rule{`(去|来|都|也|全|已|D|T|H|L|P|刚)(都|也)?(去|来)?(看|瞧|瞅|探)(了|过|完|看|一圈|一下|下|遍|一哈)`, "看瞧瞅探", []string{"李文博今天去看过了", "两家今天都去看了", "去家里看了下"}, nil},
	rule{`(去|到|来|上|在)(了|过|一趟|趟)*P(的)?(那|处|跟前|门|村|$|一趟|转|坐|这|、)`, "P", []string{"去老谷那转了转", "到王奶奶跟前坐了会"}, nil},
	rule{`去(了|过)(一?趟|一回|#趟|#回)?[^OKQL,]{0,2}P`, "P", []string{"今天去了老谷", "去了一趟贺奶奶家"}, nil},
	rule{`P(那|那边|那里|那儿|处|跟前|那搭)[^,OK]{0,5}(去|转|坐|跑|走|看)(了|过)`, "P", []string{"老谷那边今天去了"}, nil},
	rule{`P的?H[^,OKQ]{0,6}(去|走|跑|转|到|看|坐|浪|串|进)(了|过|完|#趟)`, "H", []string{"老谷家今天去了一趟", "老谷家我转了一圈"}, nil},
	rule{`(P|都|全|挨着|一起|E|D|T)[^,OK]{0,6}(走|转|跑|看|访|去|浪)(遍|完|全走|了?(一|个)?(圈|遍|个遍)|了?一?趟)([^O]|$)`, "走转跑看访去浪", []string{"三户都走了一遍", "一满三户我都转遍咧", "把六户全走了一圈"}, nil},
	rule{`(P|E)[^,CZGKOQ电话信视]{0,5}(都|全|D|T)(去|转|走|跑)(了|过|到|完)($|[^O民镇县医])`, "去转走跑", []string{"三家今天都去了", "三户全去了"}, nil},
	rule{`(送|拿|提|扛|拉|搬|背|带|捎|交|抱)(到|去|进|回|上|给)了?[^KOQH,]{0,6}H`, "H", []string{"拉了半车炭送到老杨家", "给他送到家里了"}, nil},
	rule{`(见了|见到|见着|见上|碰了)P|(跟|和|与|同)P[^,]{0,4}(见了?个?面|碰了?面)|面对面|当面`, "见面碰", []string{"在地里见到老谷", "跟老谷见了面"}, nil},
	rule{`(转|浪|逛)了?(一)?(圈|转)`, "转浪逛", []string{"转了一圈"}, nil},
	rule{`(P[^,OKL]{0,6}|^[^,OKLZ]{0,6})(去|跑|来)(了|过)(一|#|两|三)?(趟|次|回)([^O]|$)`, "去跑来", []string{"老谷家去了一趟", "半个月前去过一次忘了记"}, nil},
	rule{`从P的?H[^,]{0,3}(出来|回来|过来|回)`, "从", []string{"刚从老曹家回来"}, nil},
	rule{`(去|到|上|在)P的?L(里|上)?[^,]{0,3}(帮|和|跟|看|给|陪|转|坐|干)`, "L", []string{"到杨姨地里帮着掰玉米"}, nil},
	rule{`(在|住)L[^,]{0,10}(去|来)(陪|看|守|照顾)`, "L", []string{"尚爷在县医院做手术我去陪了一晚上"}, nil},
)

// noVisit (tagged): the words look like a visit and are none.
var noVisit = compile(
	rule{`(送|接|带|领|拉|背|陪|扶|载|驮)(着|了|上)?P[^,H]{0,10}(L|O|上学|看病|就医|回)`, "送接带领拉背陪扶载驮", []string{"送小虎去学校报了名", "带引弟去镇卫生院体检"}, nil},
	rule{`(通过|用|在)?(电话|微信|视频|短信|语音|手机)(里|上|连线|通话|方式|形式|的)*[^,]{0,5}(看望|慰问|走访|探望|探视|家访|问候|看)`, "电微视短语手", []string{"通过微信视频看望了柳芳", "电话慰问"}, nil},
	rule{`(O|K)(们)?[^,我]{0,4}(上门|入户)`, "OK", []string{"志愿者上门"}, nil},
	rule{`(寄|邮|快递|发)[^,]{0,6}(到|去|往)[^,]{0,4}(H|L)`, "寄邮快发", []string{"寄到学校"}, nil},
	rule{`(没|未|别|不用|不)(顾上|顾得上|能|来得及)?(去|走访|入户|上门|到)(成|过|了|$|P|H)`, "没未别不", []string{"没去成", "没顾上去"}, nil},
)

// absent (plain): nobody was home; undoes the visit told before it.
var absent = compile(
	rule{`门(上)?(锁|关|闭)着|锁着门|锁门|锁了门|大门紧(锁|闭)|铁将军|闭门羹|扑了?个?空|跑空|白跑|走空|空跑`, "门铁扑跑走空", []string{"门锁着", "扑了个空"}, nil},
	rule{`没(见|碰|找|遇|寻)(上|到|着|见|下)|未(见|遇)到|没见P?(人|面)?$|没能见|没去成|没进去|没进门|敲了?半?天?门?没(人)?(开|应)|没人(应|开|吭)`, "没未", []string{"没见上人", "没碰见"}, nil},
	rule{`(家里|屋里|家中|家|屋)?(都|也|又)?(没|无)(有)?人(在(家|屋)?|$|了|,|。)`, "没无", []string{"去了贺奶奶家没人", "家里没人"}, nil},
	rule{`^(但|可|P|人|都|也|又|结果|正好|恰好|今天|D|T|去了|谁知|偏偏)*(不在|没在|未在)(家|屋|学校|家里|屋里|村|村里|宿舍)?(了|$)`, "不没未", []string{"人不在", "不在家", "老谷没在家"}, nil},
	rule{`(P|人|家|去了|到了|结果|正好)[^,子女邻]{0,3}(不在|没在)(家|屋|村|$)`, "不没", []string{"去老谷家人不在"}, nil},
	rule{`(P|人)(出门|外出|上县|下地|走亲戚|打工|赶集)(去)?了.{0,2}(没见|不在)`, "没不", nil, nil},
)

// missedCall (plain): a call that did not get through.
var missedCall = compile(
	rule{`没打通|打不通|没人接|无人接|没有?接|未接|不接|没P?接|没拨通|未拨通|没通|不通$|打不进|联系不上|没联系上|未联系上|没联系到|没人(听|应)|拒接|关(了)?机|停机|空号|占线|正忙|无法接通|不在服务区|没信号|没打进`, "没打无未不联拒关停空占正", []string{"电话没打通", "打了三遍都没人接"}, nil},
)

// gotThrough (plain): a call that did, after one that did not.
var gotThrough = compile(
	rule{`才(接|打通|通|拨通)|(后来|最后|终于|总算)[^,]{0,8}(接|通|回|联系上)|又[^,]{0,6}(打通|拨通|通了)|^通了|(打|接|拨)通了|回(过来|了电话|电话|了个|电|拨)|打(了)?(回|过)来|接了$|接上了|联系上了`, "才后最终总又通回打接联拨", []string{"打了三遍才接", "通了", "后来回过来了"}, nil},
)

// othersDid (tagged): somebody else is the one who acted.
var othersDid = compile(
	rule{`^(今|,|D|T|U|听说|据说|P的?|H里?|E|那|县|市|区|本|该|一个|几个|有个|#名|#个|镇|乡|村|当地)*(K|O)(们|上|里|的人|上的人|里人|上门|那边)?(也|都|还|就|刚|已|已经|D|T|又|专门|来人|来|派人|组织|一直|经常|常|先|们|已给|代|主动|自己)*(给|把|帮|来|去|送|替|为|带|陪|上门|入户|打扫|买|捐|出|到|看|接|照|拉|修|走访|慰问|发|资助|打|办|做|拿|扫|洗|辅导)`, "KO", []string{"村干部给老谷送了米面", "他姑姑来看他了", "海龙的姑姑给他买了衣服"}, nil},
	rule{`(替|代)我(们)?(去|看|送|跑|走访|到|给)|由(K|O)[^,]{0,6}(去|送|看|走访|代)|让(K|O)[^,]{0,4}(去|代)[^,]{0,4}(看|送|走访)了`, "替代由让", []string{"同事替我去看了老谷"}, nil},
)

// withOthers (tagged): others were there, but the sender acted too.
var withOthers = regexp.MustCompile(`我|咱|本人|一起|一同|一块|一道|一路|陪同|协同|会同`)

// future (plain): the clause tells a plan.
var planRules = compile(
	rule{`准备(去|给|带|买|到|把|陪|明|下|过|再|上门|和|跟|近期|周)|打算|计划(D|U|去|给|到|带|周|近|本|于|这|在|把|走)|想(着)?(去|给|到|带|陪|把|抽|明|趁|下|这|U|D)|预备|拟(于|定|去|在|对|给)|争取(在|把|年|月|U|D|去|尽|本|早|这|到)|(要|得|该|需要)(去|给|到|再去)(看|P|O|走|H|L|跑|陪|送|一趟)`, "准打计想预拟争要得该需", []string{"准备去看谷军", "下周三打算去福利院看航航"}, nil},
	rule{`抽(空|时间|个)|有空(了|就|再)|有时间(了|再|就)|回头(再|去|给|我)|到时候?(再|我|就|去)|(等|待)[^,]{1,10}(再|就|了)(去|给|送|看|来|办)|再(去|来)(看|一趟|P|走)?[^了]{0,6}$|下次(再|去|给|带)|月底前|年底前|年前(再|要|把|去|我)|近期(内)?(再|去|要|准|打|安)|这几天(就|要|去|抽|准)|尽快(去|把|给|安排)|马上(就)?(去|要)|正要|正准备|正打算|这就去|待会|等会|一会(儿)?(去|就|要|给)|约(好|了|定)(了)?(U|下|过)`, "抽有回到等待再下月年近这尽马正一约", []string{"月底前我把六户都走一遍", "抽空去看看"}, nil},
	rule{`把[^,了]{1,12}(走|看|跑|补|打|访|转|去|办|做|干|送)(一遍|完|一圈|到位|齐|掉|好|到)$`, "把", []string{"月底前我把六户都走一遍"}, nil},
	rule{`还没(去|来得及|顾上|打|走|送|办|看|联系)|没(顾上|来得及)(去|走|打|看)|(本来|原本|原计划|原打算)[^,]{0,8}(去|要|打|给)`, "没本原", []string{"其他几户还没去", "本来要去家里"}, nil},
)

// asksRules (plain): a question about records or ways, not something done.
var asksRules = compile(
	rule{`几(次|回|趟|件|遍|天没|个电话|户没|家没)|多少(次|回|趟|个|件|户|钱了)?|还(差|欠|剩|缺)(几|多少|哪|啥|N|谁|什么)|差(几|多少|哪|啥|谁)|(啥|什么)时候|哪(些|几|天|一天|户|家|个)|谁(还)?没|够(不够|了没|了吗|数|了不)|(吗|没有|么|不|没|呢|哩吗)$|(咋|怎么|怎样|如何)(记|填|用|写|报|办|弄|发|操作|申请|录|上传|绑|搞|整)|(完|够|达标)了?(吧|没)`, "咋怎如完达几多还差啥什哪谁够吗有么不没呢", nil, nil},
)

// askedOfThem (plain): the question words tell what was asked of the person.
var askedOfThem = regexp.MustCompile(`问|了解|打听|说|讲|告诉|看(看|了看|他|她|P|娃)|关心|聊|知道|清楚`)

// problems (plain): a thing is broken or lacking; what solves it later is a
// difficulty solved.
var problems = compile(
	rule{`[^累乐急气吓饿渴忙变学冻]坏|^坏|爆|崩|散架|漏|堵|倒灌|冒烟|没人(收|管|接|送|帮|种|割|犁|修|照)|塌|裂|断了|破了|破旧|烂了|停(水|电|暖)|没(水|电|煤|炭|柴|网|暖气|信号)|(丢|丢失|遗失)|(拖)?欠(了|着|的|薪|P|M|N)|(还)?差(M|N|一)|缺(M|N|个|一|钱|人)|不(亮|转|响|制冷|出水|下水|出声|显|工作|通|着火|好使|能用)|冻(住|裂|坏|实)|跳闸|没着落|(犯)?愁|发愁|滞销|卖不(出|掉|动|了)|(进|上|报|办|入|交|拿|看|买|用|走|落|找|联系)不(了|起|出|成|下|上|到)|没(处|法|地方|办法)|失灵|短路|老化|倒了|歪了|过期|辍学|不想(上|念)|没学上|没户口|拖着|要不(回|来|上)|纠纷|吵|闹矛盾|困难|没钱|打滑|不保暖|透风|漏风|熄火|灭了`, "坏爆崩散漏堵倒冒没塌裂断破烂停没丢遗欠差缺不冻跳愁滞卖进上报办入交拿看买用走落找联失短老倒歪过辍拖要纠吵闹困打透熄灭", nil, nil},
)

// remedies (plain): doing away with a problem that was told.
var remedies = regexp.MustCompile(`(修|换|补|通|盘|接|装|安|凑|收|联系|协调|找|解决|处理|办|弄|收拾|更换|加固|砌|焊|掏|疏|裹|修补|拾掇|整|配|协商|沟通|对接|落实|调解|申请|推销|卖|销|劝|换成)[^,]{0,8}(了|好|通|开|妥|齐|住|成)`)
