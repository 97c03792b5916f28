package understand

import "regexp"

// links are the shapes of a clause that lean on the clauses before it: they date,
// name, repeat or turn what was told there. Each carries clauses it is for;
// TestRuleExamples holds it to them.
var links = map[string]table{
	"visitor": visitor, "unsold": unsold, "shortHanded": shortHanded, "errand": errand, "ended": ended, "stretch": stretch, "summing": summing, "effort": effort, "atHome": atHome, "withKin": withKin, "alsoThere": alsoThere, "dayPairs": dayPairs,
	"actsNext": actsNext, "byWhat": byWhat, "listed": listed, "dayTimes": dayTimes, "daysOnly": daysOnly, "oftenOnly": oftenOnly, "gotNew": gotNew,
	"turnedOut": turnedOut, "theirSum": theirSum, "toWhom": toWhom, "headings": headings,
}

func link(pattern string, eg ...string) table { return compile(rule{pattern: pattern, eg: eg}) }

// Who acts, and for whom.
var (
	// visitor (tagged): they came to us; what is brought next is theirs.
	visitor = link(`^(D|T)*P[^,我]{0,4}来(我|咱)(们)?(H|家|单位|办公室)`, "海龙来我家拜年")
	// actsNext (tagged): a stranger does something for somebody of the roster.
	actsNext = link(`^(D|T|O的?|K|,)*P(D|T|也|又|还|刚|都)*(给|替|帮|去|来|把|送)`, "村上的老谷今天去看了海龙")
	// alsoThere (plain): met at the visit just told.
	alsoThere = link(`^(正好|碰巧|刚好|恰好|刚巧|那会|当时)*(P|、|和)+(D|T|也|都|刚好|正好|恰好|碰巧|那会|当时)*在(场|家|屋里|跟前|旁边|那|那里|那儿)?(呢|着|哩)?$|^(正好|碰巧|刚好|恰好|还|也|又|顺便|在那)*(碰|遇|见)(见|到|上|着|了)+(P|、|和)+(也)?(在|也在)?$`, "王奶奶也在", "还碰见了海龙")
	// withKin (tagged): talked to one of the family instead.
	withKin = link(`(跟|和|与|见|给)(到|了)?P?的?(K|Q)`, "跟他老婆坐了坐")
	// toWhom (tagged): only names for whom the gift before it was.
	toWhom = link(`^(都)?(是)?(给|送给|送)?P(、P|和P)*(H|家)?(各|都)?(B)?(的)?$|^P(H|家)?(平均|均|平)分(了|的|给)?$`, "给老谷的", "老谷", "海龙一份", "三户平均分")
	// theirSum (tagged): a person and a sum, nothing else.
	theirSum = link(`^(另外|另|还有)?P(H|家|户|那边|那里|那儿)?(的|是|给)?(了)?(M|N)(钱|慰问金)?$|^(另外|另)?P(H|家)?(还|另外|另|又)(多|加|添)[^,P]*(M|N)$`, "王奶奶300元", "海龙还多一双棉鞋60")
	// headings (plain): what the names after the colon are for.
	headings = link(`(走访|入户|家访|探视|慰问|电话|微信|视频|短信)$`, "本周走访")

	// inMyStead (tagged) is 我 where the sender did not act: 单位的小李替我去看的老谷
	inMyStead = regexp.MustCompile(`(替|代|帮)我(们)?(单位)?|我们?单位的P|(咱|我)们?(村|乡|镇|县|社)`)
)

// Which day, and how often.
var (
	// listed (plain): a bare name, with its day at most, goes on with a list.
	listed = link(`^(P|、|和)+(那(达|搭|边|里|儿|头|面)?|的)?(打|发|联系|通|视频)了(一个|个|一下)?$|^(P|、|和)+(那(达|搭|边|里|儿|头|面)?|的)?(也|都|又)(打|发|联系|聊|通|视频|说|去|看|走)(了|过)(一|个|一个|一趟|一下|话|电话)*$|^(P|D|T|、|和|及|还有|也|的|家|两户|三户)+$`, "海龙", "老谷3月5日", "王奶奶也打了")
	// dayPairs (plain): each with his own day, what was done told before or after.
	dayPairs = link(`^(:|、|和)*((P(家|学校|宿舍|那边|那儿|那里)?(是)?D(T)?|D(T)?(是)?P(家|学校|宿舍|那边|那儿|那里)?)(在|的|去的|打的)*(、|和)*)+$`, "老谷周一、海龙周三", "周一老谷")
	// dayTimes (plain): after 走访老谷两次.
	dayTimes = link(`^(一|第一|第二|头一|后一|另一|另外一)?(次|回|趟)(是|在)D(T)?(的)?$|^(D|T)+(也|又)?(去|打|看|走访|联系)?了?(一|1)?(次|趟|回)$`, "周二一次", "一次是10号")
	// daysOnly (plain): after 走访了两次.
	daysOnly = link(`^(分别)?(是|在)?D(T)?((、|和|跟|还有)D(T)?)+$`, "上周三和今天")
	// oftenOnly (plain): only how often.
	oftenOnly = link(`(两|三|四|五|几|#)(次|趟|回)`, "走访老谷两次")
	// summing (plain) says once more of all what was told of each.
	summing = link(`^(我|T|也)*(都|全)(是)?(亲自|我)?(上门|去|看|走|见|打|联系|视频|走访|到|跑)[^,PDG]{0,3}(了|的)$`, "都上门了")
	// stretch (plain): days and nothing else; they are those of the next clause.
	stretch = link(`^D(T)?((、|和|到|至)?D(T)?)*$`, "上周三到周五")
	// ended (plain): dates what was begun in the clause before.
	ended = link(`^[^,]{0,6}(好|完|通|上|妥)了$`, "昨天砌好了")
	// atHome (plain): there the second time.
	atHome = link(`^(人|P|这次|这回|正好|刚好)*在(家|屋|家里|屋里|着|呢|哩)*(了)?$`, "在", "这回在家")
	// byWhat (plain): only by what the call was.
	byWhat = link(`^(都|是|用|走|通过)*(微信|视频|短信|电话|语音)(上|里)?(打|聊|联系|说|发|视频)?的?$`, "是微信上打的")
)

// What a trouble or a wish leads to.
var (
	// unsold (plain): what they grow finds no buyer.
	unsold = link(`卖不|滞销|没人(要|收购|买)|销路|不好卖|难卖`, "苹果卖不动")
	// shortHanded (plain): whoever lends a hand then solves it.
	shortHanded = link(`缺(人手|劳力|人)|忙不过来|没人(收|种|割|干|帮|挖)`, "老谷家盖房缺人手")
	// errand (plain): we were asked to get or write something.
	errand = link(`(让|叫|托|请|喊)我(给P|帮忙|帮P|帮)?[^,]{0,3}(捎|买|带|取|交|领|抓|写|填)`, "老谷叫我捎的药")
	// effort (plain): its end may follow.
	effort = link(`(多方|积极|主动)?(协调|联系|对接|努力|推荐)$`, "经多方协调")
	// gotNew (tagged): something new in place of what was broken.
	gotNew = link(`(买|配|换)(了|上)(个|副|件|双|床|套|条|B|一副)*(新|大|厚|好)的`, "给换了件大的")
	// turnedOut (plain): a trouble came to a good end.
	turnedOut = link(`(通|修|找|拿|结|付|解决|落实|加固|安排|联系|接|要|安|装|转到|转入|入园|入学|入托|复学|上岗|上班|就业|进厂|住进|搬进)[^,没不]{0,4}(了|好|上|到|回来)|(去|到|进|住)[^,没不我]{0,6}(院|中心|厂|公司)(里)?(住|上班|上学|干活)?了`, "工作落实了")
)
