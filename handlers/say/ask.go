package say

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"aixin/models"
)

// Officer is how a family speaks of its cadre: 王干部.
func Officer(name string) string {
	if name == "" {
		return "结对干部"
	}
	return models.Surname(name) + "干部"
}

// LineOfficer is how it speaks of who comes for one of the services: 心理抚慰的李同志.
func LineOfficer(line models.Line, name string) string {
	what := map[models.Line]string{models.LineTutoring: "帮学助教的", models.LineRehab: "医疗康复的", models.LineCounsel: "心理抚慰的"}[line]
	return what + models.Surname(name) + "同志"
}

// Known answers a family's question from the policy base.
func Known(answer, source, hotline, officer string) string {
	s := answer
	if source = Source(source); source != "" {
		s += "\n依据:" + source + "。"
	}
	if hotline != "" && !strings.Contains(answer, hotline) {
		s += "\n电话:" + hotline + "。"
	}
	if officer != "" {
		s += "\n要" + officer + "替您问,回1。"
	}
	return s
}

// Source is where an answer comes from, as people are told: the first papers it
// names, without the marks that only editors use.
func Source(source string) string {
	var told []string
	for _, part := range strings.FieldsFunc(source, func(r rune) bool { return r == ';' || r == '\uff1b' }) {
		part = strings.TrimSpace(part)
		if editorsMark.MatchString(part) || part == "" || len(told) == 2 {
			continue
		}
		told = append(told, part)
	}
	return strings.Join(told, ";")
}

var editorsMark = regexp.MustCompile(`^S\d([^\d]|$)`)

// Stale answers what an editor is looking at again: its old words may be wrong.
func Stale(hotline, officer string) string {
	if hotline == "" {
		hotline = "12345"
	}
	s := "这一条政策正在核对,先不按老说法告诉您,怕误您的事。打" + hotline + "问最准。"
	if officer != "" {
		s += "\n要" + officer + "替您问,回1。"
	}
	return s
}

// KnownStaff answers a cadre's question from the policy base.
func KnownStaff(answer, hotline, source string) string {
	return answer + "\n依据:" + source + "。电话:" + hotline + "。"
}

// WhichQuestion offers the questions that may be meant.
func WhichQuestion(questions []string, officer string) string {
	var b strings.Builder
	b.WriteString("您是问哪个?回数字就行。")
	for i, q := range questions {
		fmt.Fprintf(&b, "\n%d %s", i+1, q)
	}
	if officer != "" {
		b.WriteString("\n都不是就回0,我转给" + officer + "。")
	}
	return b.String()
}

// WhichFamily asks whom a matter is about.
func WhichFamily(names []string) string {
	return "是问哪位的事?回数字就行。" + Choices(names)
}

// night tells what else to do before the morning.
const night = "急事打12345;人有危险先打110、120。"

// PassedOn is said when a question has gone to the cadre, or goes in the morning.
func PassedOn(number int, officer string, morning bool) string {
	if morning {
		return fmt.Sprintf("记下了(提问 #%d),天亮就转给%s,有回话马上告诉您。%s", number, officer, night)
	}
	return fmt.Sprintf("转给%s了(提问 #%d),有回话马上告诉您。等不及就打12345。", officer, number)
}

// PassedOffice is said when nobody is paired or bound and the office gets it.
func PassedOffice(number int, morning bool) string {
	if morning {
		return fmt.Sprintf("记下了(提问 #%d),天亮就转给管这事的同志,有回话马上告诉您。%s", number, night)
	}
	return fmt.Sprintf("转给管这事的同志了(提问 #%d),有回话马上告诉您。等不及就打12345。", number)
}

// Stored is said when nobody could be reached at all.
const Stored = "您的话我存好了,可眼下没人能接上。请打12345,或去乡镇民政办问,那里管这事。人有危险打110、120。"

// AskedAlready is said to the same question again.
func AskedAlready(number int, officer string) string {
	return fmt.Sprintf("这句已经转给%s了(提问 #%d),还没回。等不及就打12345。", officer, number)
}

// CarriedOn is said when thanks or a message were passed on.
func CarriedOn(officer string, morning bool) string {
	if morning {
		return "好,天亮就捎给" + officer + "。"
	}
	return "好,捎给" + officer + "了。"
}

// GoodNews is added where a message to the cadre tells of something good.
func GoodNews(good, highSchool bool) string {
	switch {
	case !good:
		return ""
	case highSchool:
		return "恭喜恭喜!上高中有资助,想知道就问“高中有啥资助”。"
	}
	return "真替您高兴!"
}

// ComplaintTaken is said to who complains about the cadre.
func ComplaintTaken(number int) string {
	return fmt.Sprintf("您反映的我记下了(反映 #%d),直接报给县上,不经过他本人。县上会找人核实。您也可以打12345。", number)
}

// ComplaintStored is said where the county cannot be reached here.
func ComplaintStored(number int) string {
	return fmt.Sprintf("您反映的我记下了(反映 #%d),不经过他本人。县上还没人在这里接,请再打12345说一遍,一定有人管。", number)
}

// SmallTalk answers a greeting, Weather what everybody asks, YouAreWelcome
// thanks.
const (
	SmallTalk     = "哎,我在。有啥难处、想问啥,直接说就行。"
	Weather       = "天气我这儿看不着,您抬头比我准,路滑慢着走。有啥难处直接说。"
	YouAreWelcome = "不客气。有事随时说。"
)

// Ended answers who has nothing more: 不用了 算了 知道了.
const Ended = "好嘞。往后有啥事,随时说一声,我都在。"

// OfferStands is said to 好 after an answer, which may mean the offer below it.
func OfferStands(officer string) string {
	return "好。要" + officer + "替您问,就回1;不用就不回。有事随时说。"
}

// Heavy asks back where words weigh much and speak of no danger: one question, the
// telephones, and somebody to talk to.
func Heavy(officer string) string {
	s := "听着您心里压着事,我听着呢。您回个数,直接说也行:\n1 就是愁,说说 2 难过得有时候不想活"
	if officer != "" {
		s += " 3 想让" + officer + "打个电话来"
	}
	return s + "\n心里难受随时打12356,急了打110、120,12345也有人接。"
}

// RingAfter is what goes to the cadre then, SaidBack what those on duty read.
func RingAfter(words string) string { return "心里不好受,想让您打个电话说说话:" + words }

// SaidBack puts the answer below the words.
func SaidBack(words, answer string) string {
	return words + "(问是不是难过得有时候不想活,回:" + answer + ")"
}

// HeavyCalm answers who says that it is only worry.
func HeavyCalm(officer string) string {
	return "好,那我放心些。愁的是啥事,一样一样说,我替您问、替您转。熬不住了就打12356。" + orRing(officer, "打个电话")
}

// orRing offers a call, where there is somebody to make it.
func orRing(officer, what string) string {
	if officer == "" {
		return ""
	}
	return "\n要" + officer + "给您" + what + ",回1。"
}

// Hours answers when somebody is there.
const Hours = "我一天到晚都在,随时说。转给干部的话,夜里等天亮才到他手上;窗口几点上班,打12345问。"

// Confidence tells who hears of what is said here, and who does not.
const Confidence = "您在这儿说的,只有结对干部和管这事的人看得到;家里别的人、街坊看不到。要是人有危险,我会告诉值班的人来帮您。"

// Lonely answers who has nobody to talk to.
func Lonely(officer string) string {
	return "我在呢,您说,我听着。想跟人说说话,打12355(青少年)或12356,有真人接,说啥都行。" + orRing(officer, "打个电话")
}

// Plainly answers who did not understand.
func Plainly(officer string) string {
	return "怪我没说清。您换个短句再问一遍,我也说短些;打12345,有人当面给您讲。" + orRing(officer, "打个电话讲")
}

// NothingAsked is said to a bare number that answers nothing.
const NothingAsked = "现在没有等您选的。想问啥直接说就行。"

// VoicePassed is said to a family's voice message by day.
func VoicePassed(number int, officer string) string {
	return fmt.Sprintf("您的话原声转给%s了(提问 #%d),他听了给您回话。急事打12345;人有危险先打110、120。", officer, number)
}

// VoiceNight is said to a family's voice message at night.
func VoiceNight(officer string) string {
	return "您的话我存好了,天亮就转给" + officer + "。人有危险先打110、120。要是急事,给我回个1。"
}

// VoiceStored is said where nobody can be given the sound.
const VoiceStored = "您的话我存好了,可眼下没人能接上。请打12345,那里有人听您说。人有危险打110、120。"

// PhotoAlong asks whether a family's picture belongs to its open question.
func PhotoAlong(number int, officer string) string {
	return fmt.Sprintf("这张照片要附给%s看(提问 #%d)吗?1 附上 2 不附\n证件、存折、病历别发,当面给他看。", officer, number)
}

// PhotoPassed and PhotoLeft answer the choice.
const (
	PhotoPassed = "附上了。"
	PhotoLeft   = "好,没有留。"
)

// QuestionLine is one question in a family's 进度.
type QuestionLine struct {
	Number  int
	Day     models.Day
	Words   string
	Officer string
	State   models.QuestionState
	Answer  string
	Spoken  bool   // the answer is a recording
	Arrived string // whether the question, or its answer, reached the other side
}

// String says the line.
func (l QuestionLine) String() string {
	name := "提问"
	if l.State == models.QuestionComplaint {
		name = "反映"
	}
	s := fmt.Sprintf("%s #%d %s“%s”:", name, l.Number, l.Day, short(l.Words, 15))
	answer := "“" + l.Answer + "”"
	if l.Spoken {
		answer = "语音,声音随后就到。"
	}
	switch l.State {
	case models.QuestionTold:
		return l.Officer + l.Day.String() + "捎来的话:" + answer
	case models.QuestionCarried:
		return fmt.Sprintf("%s捎给%s的“%s”%s", l.Day, l.Officer, short(l.Words, 15), l.Arrived)
	case models.QuestionAnswered:
		return s + l.Officer + "回了:" + answer
	case models.QuestionClosed:
		return s + l.Officer + "说已经跟您说过了。"
	case models.QuestionStored:
		return s + "没人能接上,请打12345。"
	case models.QuestionComplaint:
		return s + "报给县上了" + l.Arrived + ",还没回。"
	}
	return s + "在" + l.Officer + "那里" + l.Arrived + ",还没回。"
}

func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// Questions is a family's 进度.
func Questions(lines []QuestionLine) string {
	if len(lines) == 0 {
		return "您还没有问过要转的事。有啥想问的直接说。"
	}
	var out []string
	for _, l := range lines {
		out = append(out, l.String())
	}
	return strings.Join(out, "\n")
}

// Family is what the service holds on a family, as far as a chat shows it.
type Family struct {
	Surname, Relation, Place, Cadre, Unit string
	Bound                                 models.Day
}

// String is the answer to 我的信息.
func (f Family) String() string {
	s := "您是" + f.Surname + "家的" + f.Relation + ",住" + f.Place + "。"
	if f.Cadre == "" {
		s += "现在还没排上结对干部。"
	} else {
		s += "结对干部:" + f.Cadre + "(" + f.Unit + ")。"
	}
	return s + "\n" + f.Bound.String() + "绑的微信。信息不对就告诉我,我转给干部改。"
}

// MyCadre answers who the cadre is; a telephone number is not given out here.
func MyCadre(name, unit string) string {
	if name == "" {
		return "您家现在还没排上结对干部,可打12345或问乡镇民政办。"
	}
	return "您家的结对干部是" + name + ",在" + unit + "。电话我这里不给,要他联系您,回1。"
}

// CallMe is the question that goes to the cadre then.
const CallMe = "请给我打个电话"

// Seen is the answer to 谁来过: the days and the way, and nothing else.
func Seen(name string, rows []models.Activity) string {
	if len(rows) == 0 {
		return "这里没见到来" + name + "家的记录。没记不等于没来;真没人来过就说“一直没人来过”,我报给县上。"
	}
	var parts []string
	for _, a := range rows {
		way := Done{Kind: a.Kind, Channel: a.Channel}.thing()
		if a.Kind == models.KindVisit {
			way = "上门"
		}
		parts = append(parts, a.Day.String()+way)
	}
	return "最近" + strconv.Itoa(len(rows)) + "次:" + strings.Join(parts, "、") + "。"
}

// NextVisit answers when somebody comes.
func NextVisit(seen, officer string) string {
	if officer == "" {
		return seen + "\n您家现在还没排上结对干部,可打12345或问乡镇民政办。"
	}
	return seen + "\n下回哪天来我这儿没有,要我替您问" + officer + ",回1。"
}

// PaperNotHere answers who says what a paper is that was sent.
const PaperNotHere = "好。证件不用发,我这里也不留;当面给干部看一眼就行。"

// Condolence stands before the answer to who has lost somebody.
const Condolence = "节哀。后头的手续有人来帮着办,您先顾好自己;心里难受打12356。\n"

// CountyOffer follows an answer about cadres themselves: nothing of it goes to them.
const CountyOffer = "\n要报给县上、不经过干部,回1。"

// Weary stands before the answer to who cannot go on.
const Weary = "听着您不容易。心里难受打12356,急了打110、120。\n"

// ConsentWithdrawn is said after 撤回同意.
const ConsentWithdrawn = "好,撤回了,不再给您发消息。该有的待遇一样不少。有事打12345;想再用,找干部要新码。"

// WhoIAm answers who asks what is speaking.
const WhoIAm = "我是机器人,答政策、替您捎话。要人跟您说,说一声“给我打个电话”,我转给干部;急事打12345。"

// Sorry is said to who is angry.
const Sorry = "对不住,没帮上您。您要办的是啥事,再说一句,我转给人;等不及就打12345。"

// NoSuchChoice is said to a number that was not offered.
const NoSuchChoice = "没有这个号,请回上面列的数字;都不要就回“取消”。"

// NothingToCancelHome is said to a family's 取消 when nothing is asked.
const NothingToCancelHome = "好。现在没有等您回答的事,想问啥直接说。"

// BindForMore follows the answer to who is not bound.
const BindForMore = "\n问自家的事、找干部,要先绑定:发“绑定 ”加8位绑定码,码找结对干部或村上要。"
