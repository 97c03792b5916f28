package say

import (
	"fmt"
	"strings"
	"time"

	"aixin/models"
)

// Danger is what is said at once to who spoke of danger: whom to call, always
// with 110, 120, 12345 and 12356 side by side. Nothing in it claims that anybody
// has been told (users.md 三.4).
func Danger(kind string, staff bool) string {
	s := dangerWords[kind]
	if s == "" {
		s = "人有危险马上打110,受伤、急病打120。也可打12345,心里难受打12356(心理援助)。"
	}
	if staff {
		if kind == "selfharm" {
			s = "我很担心。现在就让人陪着,离开危险的东西,别一个人待着。马上打12356(心理援助)或110、120,12345也有人接。"
		}
		s += "\n您是工作人员,发现了必须马上报告:先打110,再报乡镇和县民政局。"
	}
	return s
}

// Ambulance comes first where the harm is done.
const Ambulance = "先打120,一分钟别等,喝的啥、伤在哪跟接线员说。"

const harmWords = "先保证安全,马上打110;受伤打120。留好衣物、照片等,不要反复盘问孩子。" +
	"也可打12345(未成年人保护)、12356(心理援助)、12355、妇联12338、法律援助12348;可以申请人身安全保护令。"

var dangerWords = map[string]string{
	"selfharm":   "我很担心您。现在请让身边一个人陪着您,离开危险的东西。马上打12356(心理援助)或110、120,12345也有人接。",
	"child_harm": harmWords,
	"sexual":     harmWords,
	"violence": "先躲到有人的地方,能打就打110;受伤打120。伤和衣物先别洗,拍张照留着。" +
		"也可打12345、妇联12338、12356(心理援助),法律援助12348;可以申请人身安全保护令。",
	"illness": "马上打120,照接线员说的做,别自己挪动病人。有危险打110。别的难处打12345,心里慌打12356。",
	"missing": "马上打110报警,不用等24小时;受伤打120。同时叫村上一起找。也可打12345、12356。",
	"neglect": "先看人安不安全:有危险打110,病了伤了打120。再打12345说清在哪、是谁,那边管未成年人和老人的保护。心里难受打12356。",
}

// DangerTaken is said later, once people on duty have acknowledged a case.
const DangerTaken = "值班员已经知道了,会有人联系您。"

// DangerSheet is what somebody on duty needs to know of a case: no name, the
// number of the person in the register.
type DangerSheet struct {
	Number    int
	Red       bool
	AtRisk    bool   // the phone may be in the hands of who does the harm
	Speaker   string // 监护人, 干部 …
	Words     string
	Recipient string // 编号, "" where it is not known
	Place     string
	Cadre     string // who was last in touch, with the unit
	At        time.Time
}

func (s DangerSheet) title() string {
	if s.Red {
		return fmt.Sprintf("红色预警 %d", s.Number)
	}
	return fmt.Sprintf("黄色预警 %d", s.Number)
}

// String says the sheet.
func (s DangerSheet) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "【%s】%s %s说:“%s”", s.title(), s.At.Format("1月2日15:04"), s.Speaker, s.Words)
	switch {
	case s.Recipient != "":
		fmt.Fprintf(&b, "\n对象编号 %s,%s。", s.Recipient, s.Place)
	case s.Place != "":
		fmt.Fprintf(&b, "\n在%s,是哪位对象还不清楚。", s.Place)
	default:
		b.WriteString("\n没有绑定,不知道是谁家。")
	}
	if s.Cadre != "" {
		b.WriteString("最近联系的干部:" + s.Cadre + "。")
	}
	return b.String()
}

// Alert is the sheet with what to do.
func Alert(s DangerSheet) string {
	do := "请马上打电话核实"
	switch {
	case s.AtRisk:
		do = "请马上核实:先找派出所和村上的人。手机可能在施害人手里,打过去先别提这事"
	case !s.Red:
		do = "请今天打电话核实"
	}
	return fmt.Sprintf("%s\n%s。您接了就回“收到 %d”,弄错了回“误报 %d 原因”。", s, do, s.Number, s.Number)
}

// AlertMore tells those who know of a case what was said since.
func AlertMore(s DangerSheet) string { return "又有话来,看末尾一句:\n" + s.String() }

// AlarmVoice stands for the words of a recording that came after an alarm.
const AlarmVoice = "(语音,声音随后就到)"

// DangerHeard answers what is said after words of danger and only those on duty
// can use. Where somebody else may be reading it says nothing of the matter.
func DangerHeard(kind string, atRisk bool) string {
	switch {
	case atRisk:
		return "好,记下了。急了就打110、120、12345、12356。"
	case kind != "selfharm":
		return "好,这句也记下了。人要紧,急了打120、110;别的难处打12345,心里慌打12356。"
	}
	return "我听着呢,这句也记下了。身边有人就让他陪着您;难受打12356,急了打110、120、12345。"
}

// AlertCard tells somebody on duty that a case waits; what it is stands in the
// answer to 收到.
func AlertCard(number int, at time.Time) Card {
	how := fmt.Sprintf("回“收到 %d”看内容", number)
	if number == 0 { // the database is away: there is no number yet
		how = "正在抢修,请先打电话问乡镇"
	}
	return Card{
		{"事项", "thing1", "有一条预警等人接"},
		{"时间", "time2", at.Format("2006年1月2日 15:04")},
		{"说明", "thing3", how},
	}
}

// AlertOutage is sent to those on duty while the database is away.
func AlertOutage(words string, at time.Time) string {
	return fmt.Sprintf("【红色预警】%s 有人说:“%s”\n数据库暂时不通,查不到是谁家;一恢复就补编号和对象。请守着手机,并先打电话告诉本级值班领导。", at.Format("1月2日15:04"), words)
}

// AlertNumber follows an AlertOutage once the database is back.
func AlertNumber(s DangerSheet) string {
	return fmt.Sprintf("%s 发过的那条,补上编号和对象:\n%s", s.At.Format("15:04"), Alert(s))
}

// DangerAcked answers 收到 7.
func DangerAcked(s DangerSheet, missing int) string {
	hear := ""
	if strings.Contains(s.Words, "语音") {
		hear = fmt.Sprintf("\n录音没到手机上就发“预警 %d”,声音再来一遍;管理台上也能听。", s.Number)
	}
	if missing > 0 {
		return fmt.Sprintf("记下了,预警 %d 您接了,还差%d位同事回“收到 %d”。\n%s", s.Number, missing, s.Number, s) + hear
	}
	return fmt.Sprintf("记下了,预警 %d 接齐了,不再往上报。处理完回“结案 %d 结果”。\n%s", s.Number, s.Number, s) + hear
}

// WhichDanger answers 收到 without a number where several cases wait.
func WhichDanger(numbers []int) string {
	var ways []string
	for _, n := range numbers {
		ways = append(ways, fmt.Sprintf("“收到 %d”", n))
	}
	return fmt.Sprintf("有%d起预警等人接,是哪一起?带上号码回:%s", len(numbers), strings.Join(ways, "或"))
}

// DangerLine is a case in the list of those that are not closed, without its words.
func DangerLine(d models.Danger, place string, zone *time.Location) string {
	state := "等人接"
	if d.State == models.DangerTaken {
		state = "有人在办"
	}
	if place == "" {
		place = "不知道在哪"
	}
	return fmt.Sprintf("%s %s %s,%s", DangerSheet{Number: d.Number, Red: d.Level == models.DangerRed}.title(), d.RaisedAt.Time().In(zone).Format("1月2日15:04"), place, state)
}

// OpenDangers is the list.
func OpenDangers(lines []string) string {
	if len(lines) == 0 {
		return "没有没结的预警。"
	}
	return strings.Join(lines, "\n") + "\n看哪起就发“预警 号码”。"
}

// DangerUnknown answers a number that is not there, or not for this office.
func DangerUnknown(number int) string {
	return fmt.Sprintf("没有您这里该接的预警 %d,请核对号码。", number)
}

// DangerOver answers a case that is closed.
func DangerOver(number int) string { return fmt.Sprintf("预警 %d 已经结了。", number) }

// DangerReason asks why a case is to be closed.
func DangerReason(word string, number int) string {
	if word == "交班" {
		return fmt.Sprintf("请把要交代的一起发,比如:交班 %d 邻居陪着,晚上八点再打一次", number)
	}
	return fmt.Sprintf("请写上原因一起发,比如:%s %d 打过电话,人没事", word, number)
}

// DangerClosed answers 误报 and 结案.
func DangerClosed(number int) string {
	return fmt.Sprintf("好,预警 %d 结了,原因记下了。", number)
}

// DangerNoted answers a note that stays with a case.
func DangerNoted(number int) string { return fmt.Sprintf("记在预警 %d 里了。", number) }

// DangerAgain is the note of further words of the same speaker.
func DangerAgain(at time.Time, words string) string {
	return at.Format("1月2日15:04") + " 又说:" + words
}

// DangerNote is the note of a close.
func DangerNote(word string, at time.Time, reason string) string {
	return at.Format("1月2日15:04") + " " + word + ":" + reason
}

// UrgentVoice is the word of a case that began with a voice message.
func UrgentVoice(number int) string {
	return fmt.Sprintf("(夜里发来语音,提问 #%d,对方回了1,说是急事)", number)
}
