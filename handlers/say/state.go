package say

import (
	"strings"
	"time"

	"aixin/models"
)

// StateSet is the receipt of a state.
func StateSet(person string, s models.State, from models.Day) string {
	line := "记下了:" + person + s.Label() + "(" + from.String() + "起)。这期间不催走访,有空打个电话就行。"
	return line + "\n" + StateEnds(person, s)
}

// StateEnds tells how a state ends.
func StateEnds(person string, s models.State) string {
	return "到时说一句“" + person + backWord(s) + "”。"
}

func backWord(s models.State) string {
	if s == models.StateHospital {
		return "出院了"
	}
	return "回来了"
}

// KinState answers what is told of a relative.
const KinState = "知道了。说的是家里人,他本人的走访提醒照旧。家里情况变了,会影响补助的,请告诉乡镇民政办核一下。"

// StateNone is said to the end of a state that nobody told of.
const StateNone = "好。这里没记过他外出、住院,走访照常提醒。"

// StateAlready is said where the state is known.
func StateAlready(person string, s models.State, from models.Day) string {
	return person + s.Label() + "记着呢(" + from.String() + "起)。" + StateEnds(person, s)
}

// StateOver is the receipt of its end.
func StateOver(person string, s models.State, from, back models.Day) string {
	return "记下了:" + person + back.String() + backWord(s) + "(" + from.String() + "起" + s.Label() + "的)。走访照常提醒。"
}

// StateNot is said where a state was denied or taken back.
func StateNot(person string, s models.State) string {
	return "改回来了:" + person + "没有" + s.Label() + ",走访照常提醒。"
}

// StateAgain is said where the end of a state was taken back.
func StateAgain(person string, s models.State) string {
	return "改回来了:" + person + "还在" + s.Label() + "。"
}

// AskOne asks for one of several people.
func AskOne(names []string) string { return "是哪位?" + Choices(names) + "\n回数字。" }

// AskGone asks what a soft word for leaving means.
func AskGone(person string) string {
	return person + "是外出了,还是人不在了?1 外出  2 去世"
}

// Deceased answers a death.
func Deceased(person string) string {
	return "节哀。" + person + "的提醒都停了。乡镇会来核实,手续他们办,您不用填表。我听错了就回“没有”。"
}

// DeceasedAlready is said where it was told before.
const DeceasedAlready = "已经记下了,提醒都停了。乡镇会来核实,您不用填表。"

// DeceasedNot is said where it was heard wrongly.
func DeceasedNot(person string, told bool) string {
	s := "对不起,听错了。" + person + "的提醒都恢复了。"
	if told {
		s += "乡镇那边也去说了,不用核实。"
	}
	return s
}

// DeceasedFor asks the offices to look into it.
func DeceasedFor(person, place string, on models.Day, cadre, unit string) string {
	return "请核实:" + place + "的" + person + ",干部" + cadre + "(" + unit + ")说已去世(" + on.String() + "报)。名册和手续请乡镇办,别让家里填表。"
}

// DeceasedForNot takes that back.
func DeceasedForNot(person, place, cadre string) string {
	return "不用核实了:" + place + "的" + person + ",干部" + cadre + "说是听错了。"
}

// StateCard calls an office into the chat.
func StateCard(at time.Time) Card {
	return Card{{"标题", "thing1", "有一户情况请核实"}, {"时间", "time2", at.Format("2006年1月2日 15:04")}, {"说明", "thing3", "回“看核实”看"}}
}

// ToVerify lists what an office is to look into.
func ToVerify(lines []string) string {
	if len(lines) == 0 {
		return "现在没有等核实的。"
	}
	return strings.Join(lines, "\n")
}

// ProgressDeceased stands for the year of who has died.
func ProgressDeceased(person string) string { return person + ":已报去世,不再提醒。" }

// InState marks a name with its state: 谷军(住院).
func InState(person string, s models.State) string {
	if s == "" {
		return person
	}
	return person + "(" + s.Label() + ")"
}
