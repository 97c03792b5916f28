package say

import (
	"fmt"
	"strconv"
	"strings"

	"aixin/models"
)

// Done is one thing that was logged, for a receipt.
type Done struct {
	Person    string // roster name
	Called    string // the name the cadre used, "" where it is the same
	Kind      models.Kind
	Channel   models.Channel
	Help      models.Help
	Stage     models.PolicyStage
	Day       models.Day
	AmountFen *int64
	Fund      models.Fund
	Split     bool
	Late      bool
}

// thing says one activity without its person: 走访, 打电话, 资助300元.
func (d Done) thing() string {
	switch d.Kind {
	case models.KindVisit:
		return "走访"
	case models.KindContact:
		return map[models.Channel]string{
			models.ChannelPhone: "打电话", models.ChannelSMS: "发短信", models.ChannelWeChat: "微信联系", models.ChannelVideo: "视频联系",
		}[d.Channel]
	case models.KindHelp:
		if d.Help == models.HelpPolicy && d.Stage == models.PolicyExplained {
			return "宣传政策"
		}
		if d.Help == models.HelpPolicy && d.Stage == models.PolicyApplied {
			return "申请政策"
		}
		return d.Help.Label()
	case models.KindAid:
		if d.AmountFen == nil {
			return "送了东西(没说值多少)" + d.from()
		}
		return "资助" + models.Fen(*d.AmountFen).Yuan() + d.from()
	}
	return ""
}

// from says whose money a gift is, where it is not the cadre's own.
func (d Done) from() string {
	if d.Fund == "" || d.Fund == models.FundOwn {
		return ""
	}
	return "(" + models.FundLabels[d.Fund] + "出的)"
}

func (d Done) who() string {
	if d.Called != "" && d.Called != d.Person {
		return d.Called + "(" + d.Person + ")"
	}
	return d.Person
}

// Things lists what was logged, a line for each day and person, the date first.
func Things(done []Done) string {
	var lines []string
	for i := 0; i < len(done); {
		j := i
		var parts []string
		for j < len(done) && done[j].Day == done[i].Day && done[j].Person == done[i].Person {
			parts = append(parts, done[j].thing())
			j++
		}
		late := ""
		if done[i].Late {
			late = "(补录)"
		}
		lines = append(lines, done[i].Day.String()+late+" "+done[i].who()+":"+strings.Join(parts, "、"))
		i = j
	}
	return strings.Join(lines, "\n")
}

// YearLine is a pairing's year with its name: 谷军 联系 1/4 走访 2/2 实事 0/1.
func YearLine(person string, t models.Tally) string {
	return person + " " + t.Line()
}

// Receipt is the answer to a message that was logged.
type Receipt struct {
	Done       []Done
	Years      []string // a YearLine for each person
	Photos     int
	Recordings int
	SameVisit  []string // people visited already that day: one visit is credited
	AskAmount  bool     // a gift without its value
	Hint       bool     // how to correct: the first times only
	Besides    string   // a question about the plan or what the visit looked at, in its place
	Notes      []string // what was not taken and why
}

// String says the receipt.
func (r Receipt) String() string {
	var b strings.Builder
	b.WriteString("记上了:")
	if strings.Contains(Things(r.Done), "\n") {
		b.WriteString("\n")
	}
	b.WriteString(Things(r.Done))
	for _, d := range r.Done {
		if d.Split {
			b.WriteString("\n各记 " + models.Fen(*d.AmountFen).Yuan() + ",是平分的。")
			break
		}
	}
	if r.Photos > 0 {
		fmt.Fprintf(&b, "\n附照片%d张。", r.Photos)
	}
	if r.Recordings > 0 {
		fmt.Fprintf(&b, "\n附语音%d条。", r.Recordings)
	}
	if len(r.SameVisit) > 0 {
		b.WriteString("\n" + strings.Join(r.SameVisit, "、") + "这天已有一次走访,都留着,走访只算一次。")
	}
	for _, n := range r.Notes {
		b.WriteString("\n" + n)
	}
	for _, y := range r.Years {
		b.WriteString("\n" + y)
	}
	switch {
	case r.AskAmount:
		b.WriteString("\n东西大约值多少钱?回个数就补上,不说也行。")
	case r.Besides != "":
		b.WriteString("\n" + r.Besides)
	case r.Hint:
		b.WriteString("\n不对就直接说,比如“是前天”“是500”;不要了发“撤销”。")
	}
	return b.String()
}

// AskChecks asks what a visit found; of several homes only whether all was well.
func AskChecks(items []string, homes int) string {
	if homes > 1 {
		return "四必查(" + strings.Join(items, "、") + ")各家都好回“好”,有不对的说是谁家。"
	}
	return "四必查 " + Choices(items) + ":都好回“好”,有不对的回数字,比如“1 棉衣薄”。"
}

// ChecksKept says what was kept of it; without words it asks for them.
func ChecksKept(bad []string, wordless bool) string {
	switch {
	case len(bad) == 0:
		return "记下了:四必查都好。"
	case wordless:
		return "记下了:" + strings.Join(bad, "、") + "有情况。要人办就说一句是啥事,我转给该管的部门。"
	}
	return "记下了:" + strings.Join(bad, "、") + "有情况。"
}

// Choices numbers what can be chosen.
func Choices(names []string) string {
	var parts []string
	for i, n := range names {
		parts = append(parts, strconv.Itoa(i+1)+" "+n)
	}
	return strings.Join(parts, "  ")
}

// AskWho asks for the person.
func AskWho(names []string) string {
	s := "是哪位?" + Choices(names)
	if len(names) > 1 {
		s += "\n回数字或名字;都是就回“都”。"
	}
	return s
}

// AskWhoNamed asks about a name that is not in the roster.
func AskWhoNamed(typed string, names []string) string {
	return "您名下没有“" + typed + "”,是哪位?" + Choices(names) + "\n回数字或名字;不是他们就回“取消”。"
}

// AskAgain asks once more.
func AskAgain(names []string) string { return "没对上。" + AskWho(names) }

// AskResent asks whether the same gift came twice.
func AskResent(d Done) string {
	return d.Day.String() + "给" + d.Person + d.thing() + ",刚才已经记过一笔。\n1 又送了一份  2 信号不好重发了"
}

// WhichResent is said to a yes, which tells neither.
const WhichResent = "没听准。回“1”是又送了一份,回“2”是信号不好重发了。"

// Resent is said when it was.
const Resent = "好,只算一笔。"

// NotInPairing refuses a day outside the pairing.
func NotInPairing(person string, day, from, to models.Day) string {
	if to != "" && day > to {
		return person + "的结对到" + to.String() + "为止," + day.String() + "的没记。要补请找联络员。"
	}
	return "您和" + person + "从" + from.String() + "起结对," + day.String() + "的没记。要补请找联络员。"
}

// NotThisYear refuses a day of an earlier year.
func NotThisYear(day models.Day) string {
	return day.Time().Format("2006年1月2日") + "是往年的事,这里没记。要补请找单位联络员。"
}

// NobodyPaired is said to a cadre without a roster.
const NobodyPaired = "名册里您名下现在没有结对的人,没法记。请问单位联络员。"

// Withdrawn says what was taken back.
func Withdrawn(done []Done, photos int, years []string) string {
	s := "撤掉了:" + Things(done)
	if photos > 0 {
		s += fmt.Sprintf("(连同照片%d张)", photos)
	}
	return s + "\n" + strings.Join(years, "\n")
}

// ConfirmWithdraw repeats an old record before it is taken back.
func ConfirmWithdraw(done []Done) string {
	return "这是早先记的:" + Things(done) + "\n真要撤吗?回“是”或“否”。"
}

// Kept is said to 否.
const Kept = "好,没有动。"

// Amended shows before and after.
func Amended(before, after []Done, years []string) string {
	return "改好了:\n原来 " + strings.ReplaceAll(Things(before), "\n", ";") + "\n现在 " + strings.ReplaceAll(Things(after), "\n", ";") + "\n" + strings.Join(years, "\n")
}

// NothingToAmend is said where there is no record to correct.
const NothingToAmend = "没找到可改的记录。直接说一遍就记上。"

// AmendUnclear asks what is wrong in the last record.
func AmendUnclear(done []Done) string {
	return "上一条是:" + Things(done) + "\n要改哪样?比如“是前天”“是500”“是海龙不是老谷”,不要了发“撤销”。"
}

// ProgressLine is one person's year in a progress answer.
func ProgressLine(person string, t models.Tally) string {
	s := YearLine(person, t)
	if t.OpeningUnknown {
		return s + "(启用前的没导进来)"
	}
	var left []string
	yearly := false
	for _, k := range []models.Kind{models.KindVisit, models.KindContact, models.KindHelp} {
		for _, o := range t.Current() {
			yearly = yearly || o.Cycle == models.CycleYear
			if o.Kind == k && o.Missing() > 0 && o.Rest == "" { // while somebody is away only calls are asked for
				left = append(left, strconv.Itoa(o.Missing())+lackUnit(o))
			}
		}
	}
	switch {
	case len(left) == 0 && t.Met() && yearly:
		return s + ",今年够了。"
	case len(left) == 0:
		return s + "。"
	}
	return s + ",还差" + strings.Join(left, "、") + "。"
}

func lackUnit(o models.Obligation) string {
	switch {
	case o.Cycle == models.CycleWeek:
		return "次" + o.Name
	case o.Kind == models.KindContact:
		return "个电话"
	case o.Kind == models.KindHelp:
		return "件实事"
	}
	return "次走访"
}

// Progress is the answer to 进度.
func Progress(lines []string, allMet bool) string {
	s := strings.Join(lines, "\n")
	if !allMet {
		s += "\n做过没记的,补一句就行。"
	}
	return s
}

// RosterLine is one person of a roster.
func RosterLine(n int, name, place string, aliases []string) string {
	s := strconv.Itoa(n) + " " + name
	if len(aliases) > 0 {
		s += "(" + strings.Join(aliases, "、") + ")"
	}
	if place != "" {
		s += " " + place
	}
	return s
}

// Roster is the answer to 名单.
func Roster(lines []string) string {
	return fmt.Sprintf("您结对的有%d位:\n%s", len(lines), strings.Join(lines, "\n"))
}

// PhotoKept acknowledges a photo that waits for words.
const PhotoKept = "照片存下了。说一句是去谁家、做了啥,就一起记上。拍的时候别拍孩子正脸。"

// PhotoAttached acknowledges a photo of a record.
func PhotoAttached(people []string) string {
	return "照片存上了,归到" + strings.Join(people, "、") + "那条。不对就说是谁家的。"
}

// VoiceKept offers what a recording may be: words for the family of the one
// question that waits are the fourth choice.
func VoiceKept(number int, family string) string {
	s := "语音存下了,我还听不懂。是今天的哪样事?回数字:\n1 去看了  2 打了电话  3 别的(打几个字说)"
	if family != "" {
		s += fmt.Sprintf("  4 回给%s家的(提问 #%d)", family, number)
	}
	return s
}

// VoiceKeptToo is said while another question stands.
const VoiceKeptToo = "语音存下了。先回上面那一问,再一起记上。"

// FromVoice stands for the words of a record that began as a recording.
const FromVoice = "(语音)"

// PlaceKept acknowledges a place that goes with a record.
func PlaceKept(name string) string {
	return "刚才那条记在" + name + "了。位置只记到村,不发也行。"
}

// PlaceNotKept answers a place that goes with nothing.
const PlaceNotKept = "位置看到了,这里不存,也不用发。有事说一句就行。"

// PlaceInDanger are the words of a place for those on duty.
func PlaceInDanger(label, at string) string {
	return strings.TrimSpace("发来位置:"+label) + "(坐标 " + at + ")"
}

// VideoNotKept is said to a video.
const VideoNotKept = "视频这里存不下。发照片,或者说一句就行。"

// Plan answers what will be done.
func Plan(people []string, day models.Day, call bool) string {
	s := "好,"
	if day != "" {
		s += day.String()
	}
	switch {
	case len(people) > 0 && call:
		s += "给" + strings.Join(people, "、") + "打电话"
	case len(people) > 0:
		s += "去看" + strings.Join(people, "、")
	}
	if call {
		return s + "。现在不算次数,打通了说一句就记上。"
	}
	return s + "。现在不算次数,去过了回来说一句就记上。"
}

// CallAgain offers a reminder where somebody was not reached.
func CallAgain(person string, call bool) string {
	if call {
		return "没打通的不算次数,不要紧。要我明天早上提醒您再给" + person + "打,回1。"
	}
	return "没见上人的不算次数,不要紧。要我明天早上提醒您再去看" + person + ",回1。"
}

// NoValue is said to who does not know what a gift was worth.
const NoValue = "好,不补也行,去看了照样算。想起来了回个数就补上。"

// Yesterday asks about a day told just after midnight.
func Yesterday(day models.Day) string {
	return "(现在是凌晨,按" + day.String() + "记的;是昨天的事就回“是昨天”。)"
}

// HowToRecord is said to the menu's 记一笔.
const HowToRecord = "直接发一句就记上:谁、做了啥,哪天、值多少钱也可以说。\n比如:昨天去老谷家走访,送了米面油300块。照片直接发。"

// HowToAsk is said to the menu's 我想问.
const HowToAsk = "想问啥直接发,比如:残疾人两项补贴能不能一起领。"

// SameName tells people of one name apart: 谷军(吴坡村72岁).
func SameName(name, village string, age int) string {
	if age < 0 {
		return name + "(" + village + ")"
	}
	return fmt.Sprintf("%s(%s%d岁)", name, village, age)
}

// NothingToChoose answers a number where nothing was asked.
const NothingToChoose = "现在没有等您选的。要记一笔、要问啥,直接说。"

// NotYet refuses a day that is ahead.
func NotYet(day models.Day) string { return day.String() + "还没到,没有改。" }

// NoteWithdrawn is said where a kept note is taken back.
const NoteWithdrawn = "那条存下的原话撤掉了。"

// PhotoNotForFamilies is said to a family's photo.
const PhotoNotForFamilies = "照片这里先不收,证件、存折、病历更别发。有事打几个字问我。"

// VoiceNotYet is said to a family's voice message.
const VoiceNotYet = "我还听不懂语音,请打几个字。急事打110、120、12345。"

// Reported says where the correction of a month comes whose report stands already.
func Reported(day models.Day) string {
	return strconv.Itoa(int(day.Time().Month())) + "月的报表已经关账,这笔改动记进下一期的“补以前月份”。"
}
