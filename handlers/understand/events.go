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
	selling bool // what they grow found no buyer
	policy  int  // clauses for which a policy named, with nothing done, stays in mind
	settled int  // the same for a policy with something done about it
	helping bool // 帮 was said; the next verbs may help too
	joint   bool // an effort was told whose end may follow: 经多方协调
	sold    bool // what they grow was sold; money then handed over is theirs
	hands   bool // they had not hands enough for their work
	errand  int  // clauses for which what we were asked to fetch stays in mind
	theirs  bool // somebody of theirs has a day ahead: 老谷后天手术
	away    bool // nobody was there
	plan    bool // a day ahead governs
	others  bool // somebody else is the actor
	solved  bool // a good end was told, not by whom
	newOne  bool // a new one was got for what was broken; a bare sum is its price
}

// detect lists the events of a clause.
func (m *message) detect(c *clause, f *flow) []event {
	if asks(c) {
		return nil
	}
	if undone.MatchString(c.plain) {
		if toldBy := toldOver.MatchString(c.plain); toldBy {
			out, _ := detectContact(c, f) // 电话里说工资还没要回来
			return out
		}
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

// whether (plain): 残疾证能升级不
var whether = regexp.MustCompile(`(能|可以|行|会)[^,了]{1,8}不$`)

// undone (plain): 还没去看小梅, 认证还没弄.
var undone = regexp.MustCompile(`(还没|尚未|还未|没顾上|没来得及|没空|没能|没有?时间)[^了]{0,12}$|没(送|办|打|去|走|看|买|拿|修)成|没(找|办|修|弄|解决|要|谈|卖|销)(到|好|着|上|下来|回来|成|出|掉|完)|(不|没)让(我)?(进|见)|我[^,]{0,4}(去|来|办|弄|参加|到|陪)不(了|成)$`)

// asks reports whether a clause is a question, and not one put to the person.
func asks(c *clause) bool {
	if c.stop == stopAsk && !strings.ContainsAny(c.plain, "了") {
		return true
	}
	if whether.MatchString(c.plain) {
		return true
	}
	_, _, ok := asksRules.match(someOf.ReplaceAllString(c.plain, ""))
	if !ok || askedOfThem.MatchString(c.plain) && !askedOfUs.MatchString(c.plain) {
		return false
	}
	// "没有" and "么" at the end ask; "家里没有" tells.
	if strings.HasSuffix(c.plain, "没有") || strings.HasSuffix(c.plain, "没") || strings.HasSuffix(c.plain, "不") {
		return strings.Contains(c.plain, "了没") || strings.Contains(c.plain, "达标没") || strings.Contains(c.plain, "够没") || c.stop == stopAsk || len(c.toks) < 16 && !hasTag(c.toks, 'P')
	}
	return true
}

// toldOver (plain): what follows was told over the phone.
var toldOver = regexp.MustCompile(`(电话|微信|视频)(里|上|中)?(说|讲|告诉|反映)`)

// someOf (plain): 发了几张招工信息 counts, it does not ask.
var someOf = regexp.MustCompile(`了(好)?几(张|件|条|袋|斤|句)[^,呢吗没我事]{2,}`)

// askedOfUs (plain): 帮我看看还要打几个电话
var askedOfUs = regexp.MustCompile(`(名字|名单|姓名|花名册)(给我|都)?(发|列|念|报|调)|^(看看|看下|查查|查下|数数|瞅瞅|瞅下)(我|今年|这个?月|本月|全年)|(帮|给|替)(我|咱)(们)?(看|查|数|算|统计|瞅)`)
