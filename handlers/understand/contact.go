package understand

import (
	"regexp"
	"strings"

	"aixin/models"
)

// contactWords (plain) with their channel. They are looked for in this order and
// what one takes is not seen by the next: 微信视频 is a video call only.
var contactWords = []struct {
	pattern *regexp.Regexp
	need    string
	channel models.Channel
}{
	{regexp.MustCompile(`((微信|电话)(上|里)?)?(打来|打过来|发来)?(的|打|开|发|进行|连|通)?(了|过|个|了个|一个|#个)*视频(电话|通话|聊天|连线|连上)?(也|又)?(打(了)?(过)?(来|去))?`), "视", models.ChannelVideo},
	{regexp.MustCompile(`(手机)?短信|(发|回|编)(了|去|过|来)*(条|个|B|#条|一条)?[^,]{0,4}信息`), "信", models.ChannelSMS},
	{regexp.MustCompile(`微信(上|里)?[^,视]{0,8}(语音|电话|通话)|(微信|wx)|(打来|打过来)?(的|了)?(个)?语音(电话|通话|聊天)?|发(了|过|去)*(条|个|几条|#条|B)?消息|qq`), "微语消qw", models.ChannelWeChat},
	{regexp.MustCompile(`电话|通(了|过)?(个|一个|N|B|会|会儿|一会|次|上)*话|致电|打(给|通)(了)?P|拨(通|打)|回电|来电|去电|打(过)?来|手机(上)?(联系|问候)`), "电话致打拨回来去手", models.ChannelPhone},
}

// noContact (plain) are words of calling that call nobody of ours.
var noContact = regexp.MustCompile(`电视频道|(约(好|定)|说好|商量好)[^,]{0,10}(视频|电话|微信)|(钱|款|M|N)[^,]{0,6}打给|微信(上|里)?(给P)?(发|转)(了|过去|去)?(M|N|#)|(地址|号码)[^,]{0,3}电话|([^打]|^)电话(给我|发我)|电话(是多少|多少)|微信(上|里)?(转|发红包|红包|支付|收款|钱包|零钱|群|公众号|小程序|付款|步数|号)|微信(上|里)?[^,聊说问]{0,6}(转账|转了|转去|转给|红包)|(教|装|下载|学会|学|注册|绑|开通|安装|申请|用|加|加了|添加)[^,问跟和]{0,8}(微信|视频通话|视频|语音)$|电话(费|号|卡|手表|机|本|簿|号码|亭|线|诈骗)|(留|记|存|要|换|抄|写|问)(了|下|个|给|一个|P|我|上|的|到)*(我的|我|P的|P|联系|手机|单位|办公)?(电话|微信)(号|$|给|,)|(短|看|刷|拍|小|发|录|宣传|教学|抖音)(了|个|段|一段)?视频(号)?|(有事|随时|有啥|有困难|有什么|有问题|需要时|让P|叫P|以后|常|多|经常|记得|要给|及时)[^,]{0,10}(打|电话|联系|微信)|语音(播报|提示|输入)|信息(登记|采集|核对|表|核实|更新|录入)`)

// noteDown (plain): 给丁奶奶记个电话 asks to log a call.
var noteDown = regexp.MustCompile(`^(帮我|给我|请)?(给)?P(也|再|今天|D|T)?记(上|一)?(个|一次|一下|一条)`)

// callToOffice (tagged): the one called is an office, an official, a teacher or
// a relative who is no guardian.
var callToOffice = regexp.MustCompile(`(给|跟|和|与|向|同|找|往|打给|打到|联系|拨打|打了)[^P,]{0,8}((P的?)?O|K)[^,PQ]{0,12}(打|发|通|联系|电话|微信|短信|视频|话|语音)|(打|通|发|拨)(了|个|过|了个|通)*(电话|微信|短信)(给|到|向|问|找|联系)?[^P,]{0,5}(P的?)?O|电话(联系|咨询|问|打给|打到|协调|找)(了)?[^P,]{0,5}(P的?)?O|^[^P]{0,6}O[^P]{0,8}(打来|来电)|^P?的?(L|O)(老师|里|上)?(给我)?(打来|打(了|的)?个?|来)(了)?(个)?电话|(与|和|跟|同|给|联系)P的?O`)

// guardian (plain): kin in whose care a child may be.
var guardian = regexp.MustCompile(`(给|跟|和|与|联系)(他|她|P|娃|孩子)?(的)?(姑|舅|姨|叔|婶|大伯|伯|监护人)[^,]{0,4}(打|发|通|联系|电话|微信|视频)`)

// teaching (plain): 教静静用电话手表打电话 is practical help.
var teaching = regexp.MustCompile(`(给|跟|和|与)P(的|他|她|家)?(大|小|二)?(儿子|女儿|闺女|儿媳|媳妇|孙子|孙女|女婿|外孙|侄子|侄女)[^,]{0,6}(打|通|发|联系|电话|微信|视频)|(帮|陪|让)P(跟|和|与|给)(P的?|他|她)?[^,]{0,4}(儿子|女儿|儿女|子女|孙子|孙女|外孙|老伴|家人|亲人|爸|妈|爹|娘|丈夫|老公|媳妇)[^,]{0,4}(视频|打|通|微信|连)|教(会|了|P|着)*[^,]{0,6}(用|打|发|学|装|使)|(给|跟|和|与)P?的?(邻居|邻家|隔壁|村民|同学|同事|朋友)`)

// calls (tagged): 联系 without a word for the way is a call.
var calls = regexp.MustCompile(`联系(了|过|到|上|一下|了一下|交流)*(一下|下)?P(了|$|、|,|,|问|了解|一次|和|的?Q|家)|(跟|和|与)P(联系|取得联系)(了|上|过|一下)|P[^,]{0,4}联系(了|过)(一下|下)?$|(给|往)P(也|又|都|再|就|D|T|我)*(去|回|打|拨)(了|过)(一|N|B|个|去|来|两|几|$)|(又|再|刚|才|我)打(了|过|$)`)

// detectContact lists the contacts a clause tells, by channel.
func detectContact(c *clause, f *flow) ([]event, bool) {
	s := c.plain
	if !strings.ContainsAny(s, "电话视微短信语致打拨联消q通接回") {
		return nil, false
	}
	if loc := noContact.FindStringIndex(s); loc != nil && !noteDown.MatchString(s) {
		s = s[:loc[0]] + "," + s[loc[1]:]
	}
	failed := missedCall.has(c.plain) && !gotThrough.has(c.plain)
	var found []models.Channel
	for _, w := range contactWords {
		if !strings.ContainsAny(s, w.need) || w.channel == models.ChannelSMS && strings.Contains(s, "微信") && !strings.Contains(s, "短信") {
			continue
		}
		if loc := w.pattern.FindStringIndex(s); loc != nil {
			found = append(found, w.channel)
			s = w.pattern.ReplaceAllString(s, ",")
		}
	}
	if len(found) == 0 {
		switch {
		case f.missed && gotThrough.has(c.plain) && !missedCall.has(c.plain):
			f.missed = false
			return []event{{kind: models.KindContact, channel: f.channel}}, true
		case calls.MatchString(c.tagged) && !strings.ContainsAny(c.tagged, "O") && !failed:
			found = append(found, models.ChannelPhone)
		case failed && strings.ContainsAny(c.plain, "打拨接"):
			f.missed, f.channel = true, models.ChannelPhone
			return nil, false
		default:
			if failed {
				f.missed = true
				if f.channel == "" {
					f.channel = models.ChannelPhone
				}
			}
			return nil, false
		}
	}
	if callToOffice.MatchString(c.tagged) && !guardian.MatchString(c.plain) || teaching.MatchString(c.plain) {
		return nil, false
	}
	if failed {
		f.missed, f.channel = true, found[0]
		return nil, false
	}
	if noCallYet.MatchString(c.plain) {
		return nil, false
	}
	var out []event
	for _, ch := range found {
		out = append(out, event{kind: models.KindContact, channel: ch})
	}
	if f.missed && f.channel != "" && len(out) == 1 && !strings.ContainsAny(c.plain, "电话") && gotThrough.has(c.plain) {
		out[0].channel = f.channel // 昨晚打视频没接,今早又打过来了
	}
	f.channel = found[0]
	return out, true
}

// noCallYet (plain): the call was not made, or the words only offer one.
var noCallYet = regexp.MustCompile(`(没|未|忘了?|忘记|不|别|不用|没顾上|没来得及)(给|跟|有|打|发|通|能)[^,]{0,6}(电话|微信|短信|视频|打|发)|(电话|视频|微信|短信)(也|都|还|就)?(没|未)(有)?(打|发|聊|联系)(成|上)?$`)
