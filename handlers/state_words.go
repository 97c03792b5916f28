package handlers

import (
	"regexp"
	"slices"
	"strings"

	"aixin/models"
	"aixin/models/store"
)

// What a word may say beside the states themselves.
const (
	stateBack models.State = "back" // over: 出院了, 回来了
	stateGone models.State = "gone" // away or dead: 走了
)

type stateWord struct {
	state models.State
	words *regexp.Regexp
}

// stateWords tell states, the earlier ones first where several fit one person.
//
//	老谷去世了  谷叔昨晚病故  王奶奶过世了        → deceased
//	老谷出院了  海龙打工回来了  海龙放假回来了      → back
//	老谷住院了  谷军住进县医院了               → hospital
//	海龙住校了  海龙在学校寄宿                → boarding
//	海龙出去打工了  海龙去新疆务工了            → away
//	老谷被羁押了  老谷让抓走了                → detained
//	老谷走了  王奶奶没了  谷叔老了  老谷不在了    → gone
var stateWords = []stateWord{
	{models.StateDeceased, regexp.MustCompile(`去世|去逝|病故|病逝|过世|逝世|离世|亡故|死了|(人|已经)不在(世|人世)|下葬`)},
	{stateBack, regexp.MustCompile(`出院|(打工|务工|外地|外面|学校)回来|放假回来|回来了|回家了|返乡了|放出来|释放|刑满`)},
	{models.StateHospital, regexp.MustCompile(`住院|住了院|住进.{0,6}医院|送进.{0,6}医院`)},
	{models.StateBoarding, regexp.MustCompile(`住校|寄宿|住在?学校`)},
	{models.StateAway, regexp.MustCompile(`(外出|出去|出门|外地|外面|外头)(打工|务工|干活)|去.{1,6}(打工|务工)|(打工|务工)(去|走)`)},
	{models.StateDetained, regexp.MustCompile(`羁押|拘留|刑拘|收监|坐牢|服刑|(被|让|叫).{0,6}抓`)},
	{stateGone, regexp.MustCompile(`(走|没|老|不在)(了|咧|哩)$`)},
}

var (
	clauseEnd   = regexp.MustCompile(`[,,。;;!!\n]+`)
	stateAsked  = regexp.MustCompile(`[??吗]|咋|怎么|怎样|多少|哪|啥|什么|能不能|可不可以|有没有|如果|要是|万一`)
	stateKin    = regexp.MustCompile(`爸|妈|爹|娘|父|母|爷爷|奶奶|老伴|媳妇|老婆|婆娘|男人|丈夫|妻|儿子|儿媳|女儿|女婿|孙|兄|弟|哥|姐|妹|叔|婶|舅|姨|姑|家里|家人|家的|亲戚|邻居|同学|老师|我|羊|牛|猪|鸡|狗|猫|鸭|驴|骡|鱼|树|苗|果`)
	stateNot    = regexp.MustCompile(`(没有?|并没|不是|没去|没在)$`)
	stateAhead  = regexp.MustCompile(`(不用?|不想|不肯|要|想|准备|打算|可能|应该|需要|建议|劝|快要?|申请|报|怕)(去|再|出)?$`)
	statePast   = regexp.MustCompile(`去年|前年|以前|上次|那年|曾经|前些年|早年`)
	stateAfter  = regexp.MustCompile(`^(费|部|报销|押金|花|补助|补贴|证明|手续|期间|时候?|那|前|后|的钱|过)`)
	stateActing = regexp.MustCompile(`去|从|到|看|给|在|跟|和|送|帮|陪|接|带|领|替|把|为|我`)
	// statePlain may stand between a person and the loose words, so that 高兴死了,
	// 药买回来了 and 米没了 say nothing of the person.
	stateLoose = regexp.MustCompile(`^(死了|回来了|回家了|下葬|走.|没.|老.|不在.)$`)
	statePlain = regexp.MustCompile(`^[,, ]*(他|她|人|自己|已经|也|都|就|又|刚刚?|刚才|今[天儿早晚]|昨[天晚儿]|夜来|前天|早上|上午|下午|晚上|这两天|上个?月|上周.?|从.{1,6}|在.{1,6}|打工|务工|[0-9一二三四五六七八九十]+[月号日])*$`)
	stateHe    = regexp.MustCompile(`^家?[,,。;\s]+(他|她|老人|老汉|娃|人)`)
)

// stateSaid is a state that a message tells of somebody in the roster.
type stateSaid struct {
	ids    []string // pairings of the name: several where it is shared
	state  models.State
	denied bool
	words  string // what told it, for the day
}

// statesSaid finds the states in a text, one for a name.
func statesSaid(text string, roster []store.Paired) (out []stateSaid) {
	if stateAsked.MatchString(text) || statePast.MatchString(text) {
		return nil
	}
	seen := map[string]bool{}
	for _, w := range stateWords {
		for _, at := range stateMatches(w.words, text) {
			ids, between, ok := stateOf(text, at, roster)
			if !ok || seen[ids[0]] {
				continue
			}
			if stateLoose.MatchString(text[at[0]:at[1]]) && !statePlain.MatchString(between) {
				continue
			}
			if stateAhead.MatchString(between) || stateAfter.MatchString(text[at[1]:]) {
				continue
			}
			seen[ids[0]] = true
			out = append(out, stateSaid{ids: ids, state: w.state, denied: stateNot.MatchString(between), words: text[at[0]:at[1]]})
		}
	}
	return out
}

// stateMatches finds the words clause by clause, so that $ is a clause's end.
func stateMatches(words *regexp.Regexp, text string) (all [][2]int) {
	from := 0
	for _, stop := range append(clauseEnd.FindAllStringIndex(text, -1), []int{len(text), len(text)}) {
		for _, m := range words.FindAllStringIndex(text[from:stop[0]], -1) {
			all = append(all, [2]int{from + m[0], from + m[1]})
		}
		from = stop[1]
	}
	return all
}

// stateOf finds whose state the word at a place is: the name right behind 的
// (住院的老谷), else the last name before it, when it is the subject there and
// no relative, animal or speaker stands between.
func stateOf(text string, at [2]int, roster []store.Paired) (ids []string, between string, ok bool) {
	if rest, is := strings.CutPrefix(text[at[1]:], "的"); is {
		for name, ids := range namesOf(roster) {
			if strings.HasPrefix(rest, name) {
				return ids, "", true
			}
		}
		return nil, "", false
	}
	best, end := -1, -1
	for name, of := range namesOf(roster) {
		i := strings.LastIndex(text[:at[0]], name)
		if i >= 0 && (i+len(name) > end || i+len(name) == end && i < best) {
			best, end, ids = i, i+len(name), of
		}
	}
	if best < 0 {
		return nil, "", false
	}
	between = text[end:at[0]]
	if len([]rune(between)) > 14 || stateKin.MatchString(between) {
		return nil, "", false
	}
	head := text[:best]
	if cut := clauseEnd.FindAllStringIndex(head, -1); cut != nil {
		head = head[cut[len(cut)-1][1]:]
	}
	subject := len([]rune(head)) <= 8 && !stateActing.MatchString(head) && !strings.HasPrefix(between, "家")
	return ids, between, subject || stateHe.MatchString(between)
}

// namesOf gives the pairings of each name and alias.
func namesOf(roster []store.Paired) map[string][]string {
	out := map[string][]string{}
	for _, p := range roster {
		for _, n := range append(p.Recipient.AliasList(), p.Recipient.Name.Reveal()) {
			if n != "" && !slices.Contains(out[n], p.ID) {
				out[n] = append(out[n], p.ID)
			}
		}
	}
	return out
}

// kinState tells whether a message tells such a thing of a relative of somebody
// in the roster: 海龙他爸去世了.
func kinState(text string, roster []store.Paired) bool {
	if stateAsked.MatchString(text) || !stateKin.MatchString(text) || len(named(roster, text)) == 0 {
		return false
	}
	return slices.ContainsFunc(stateWords, func(w stateWord) bool {
		return w.state != stateGone && w.state != stateBack && w.words.MatchString(text)
	})
}
