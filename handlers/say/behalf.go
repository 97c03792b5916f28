package say

import (
	"strconv"
	"strings"
)

// BehalfDone is the receipt of who recorded for a colleague.
func BehalfDone(colleague string, r Receipt, told bool) string {
	r.Hint, r.AskAmount = false, false
	s := "替" + colleague + r.String()
	if told {
		return s + "\n也发给" + colleague + "了,他说“不是”就撤。"
	}
	return s + "\n" + colleague + "没绑微信收不到,您跟他说一声。"
}

// BehalfTold tells the colleague what was recorded for them.
func BehalfTold(author string, r Receipt) string {
	r.Hint, r.AskAmount = false, false
	return author + "替您" + r.String() + "\n不是就回“不是”,7天内都行。"
}

// BehalfCard calls the colleague, or who recorded, into the chat.
func BehalfCard(day, moment string, back bool) Card {
	title := "有人替您记了一笔"
	if back {
		title = "代记的一笔撤了"
	}
	return Card{{"标题", "thing1", title}, {"时间", "time2", day + " " + moment}, {"说明", "thing3", "回“看代记”看"}}
}

// BehalfRefused confirms a 不是 to who said it.
func BehalfRefused(done []Done, author string, years []string) string {
	return "撤掉了:" + Things(done) + "\n也告诉" + author + "了。\n" + strings.Join(years, "\n")
}

// BehalfBack tells who recorded that it was not so.
func BehalfBack(colleague string, done []Done) string {
	return colleague + "说不是,您替他记的撤了:" + Things(done)
}

// BehalfTakenBack tells the colleague that the author took it back.
func BehalfTakenBack(author string, done []Done) string {
	return author + "替您记的那笔撤了:" + Things(done)
}

// BehalfUndone confirms to the author.
func BehalfUndone(colleague string, done []Done) string {
	return "撤掉了替" + colleague + "记的:" + Things(done)
}

// BehalfWhich asks which of several records is wrong.
func BehalfWhich(lines []string) string {
	return "哪条不是?" + Choices(lines) + "\n回数字;都不是就回“都”。"
}

// BehalfNobody is said where the unit has no such cadre.
func BehalfNobody(name string) string {
	return "没记:您单位没有叫" + name + "的结对干部,只能替本单位的人记。"
}

// BehalfSameName asks which colleague.
func BehalfSameName(name string, labels []string) string {
	return "您单位有" + people(len(labels)) + name + ":" + Choices(labels) + "\n回数字。"
}

// BehalfNotTheirs is said where the person is not the colleague's.
func BehalfNotTheirs(colleague, person string) string {
	return "没记:" + colleague + "名下没有" + person + "。替人记要写清他名下是谁。"
}

// BehalfHow is said where nothing to record was told.
func BehalfHow(colleague string) string {
	return "没记:没看出是给谁做了啥。像这样写:替" + colleague + "记:昨天去看了老谷。"
}

// BehalfAmend is said to a correction of what was recorded for a colleague.
func BehalfAmend(colleague string) string {
	return "那条是替" + colleague + "记的,没有改。先回“撤销”,再写一遍对的。"
}

// BehalfList lists what others recorded for the cadre, and what the cadre
// recorded for others.
func BehalfList(forMe, byMe []string) string {
	if len(forMe)+len(byMe) == 0 {
		return "这几天没有代记。"
	}
	var parts []string
	if len(forMe) > 0 {
		parts = append(parts, "别人替您记的:", strings.Join(forMe, "\n"), "不是就回“不是”。")
	}
	if len(byMe) > 0 {
		parts = append(parts, "您替别人记的:", strings.Join(byMe, "\n"))
	}
	return strings.Join(parts, "\n")
}

// BehalfLine is one line of that list.
func BehalfLine(other string, done []Done, refused bool) string {
	s := other + " " + strings.ReplaceAll(Things(done), "\n", ";")
	if refused {
		return other + ":撤了一笔"
	}
	return s
}

// Colleague tells colleagues of one name apart: 张三(办公室).
func Colleague(name, mark string) string {
	if mark == "" {
		return name
	}
	return name + "(" + mark + ")"
}

// Liaison stands for the author who is a unit's liaison.
const Liaison = "单位联络员"

func people(n int) string {
	if n == 2 {
		return "两位"
	}
	return strconv.Itoa(n) + "位"
}
