package say

import (
	"fmt"
	"strings"

	"aixin/models"
)

// TellTo names whose family gets words, and through whom where nobody of it is
// bound.
func TellTo(family, via string) string {
	if via != "" {
		return family + "家(他家没绑微信,托" + via + "捎)"
	}
	return family + "家"
}

// TellWhat asks for the words.
func TellWhat(to []string) string {
	return "给" + strings.Join(to, "、") + "捎啥话?打字或按住说话发语音都行。"
}

// AskTell reads the words back before they go.
func AskTell(to, away []string, words string) string {
	what := "这段语音"
	if words != "" {
		what = "“" + short(words, 60) + "”"
	}
	s := what + "转给" + strings.Join(to, "、") + "吗?1 转 2 不转"
	if len(away) > 0 {
		s += "\n" + strings.Join(away, "、") + "家没人绑微信,得打电话。"
	}
	return s
}

// TellNobody is said where nobody of the families is bound.
func TellNobody(away []string) string {
	if len(away) == 0 {
		return "他家没人绑微信,转不到。打个电话吧,打完说一句就记上。"
	}
	return strings.Join(away, "、") + "家没人绑微信,转不到。打个电话吧,打完说一句就记上;要他绑,发“给" + away[0] + "家发码”。"
}

// ToldLine is a cadre's words for one family.
type ToldLine struct {
	Number  int
	Family  string
	Words   string // "" for a recording
	Day     models.Day
	Arrived string
}

// ToldOn is said when they are on their way.
func ToldOn(lines []ToldLine, morning bool) string {
	var to []string
	for _, l := range lines {
		to = append(to, fmt.Sprintf("%s家(#%d)", l.Family, l.Number))
	}
	when := "转给"
	if morning {
		when = "天亮就转给"
	}
	return "好," + when + strings.Join(to, "、") + "。送到没有,发“转告”看。"
}

// ToldLately is the answer to 转告.
func ToldLately(lines []ToldLine) string {
	if len(lines) == 0 {
		return "您还没有托我转过话。要转就说,比如:转告谷家:明天上午我来。"
	}
	var out []string
	for _, l := range lines {
		words, arrived := "“"+short(l.Words, 20)+"”", l.Arrived
		if l.Words == "" {
			words = "(语音)"
		}
		if arrived == "" {
			arrived = "(正在送)"
		}
		out = append(out, fmt.Sprintf("#%d %s 给%s家:%s%s", l.Number, l.Day, l.Family, words, arrived))
	}
	return strings.Join(out, "\n")
}

// RepliedByVoice is said to the cadre whose recording went to the family.
func RepliedByVoice(number int, family string, late bool) string {
	if late {
		return fmt.Sprintf("提问 #%d 的语音记下了。%s家两天没来过消息,要点开卡片才听得到,急的话打个电话。", number, family)
	}
	return fmt.Sprintf("好,您的语音原样转给%s家了(提问 #%d)。", family, number)
}

// ToldFor is how a cadre sees such words again.
func ToldFor(family string, q models.Question) string {
	words := "“" + q.Answer.Reveal() + "”"
	if q.Answer.Empty() {
		words = "(语音)"
	}
	return fmt.Sprintf("您给%s家捎的话(#%d):%s", family, q.Number, words)
}

// WhichReply asks to whom plain words go.
func WhichReply(words string, options []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "“%s”是回哪家的?回数字就转;都不是回0。", short(words, 20))
	for i, o := range options {
		fmt.Fprintf(&b, "\n%d %s", i+1, o)
	}
	return b.String()
}

// ReplyOption is one of those questions.
func ReplyOption(family string, q models.Question) string {
	words := "“" + short(q.Words.Reveal(), 15) + "”"
	if q.Words.Empty() {
		words = "(语音)"
	}
	return fmt.Sprintf("%s家%s(提问 #%d)", family, words, q.Number)
}
