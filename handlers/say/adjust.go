package say

import (
	"strconv"
	"strings"

	"aixin/models"
)

// HandedToYou tells the next cadre whom somebody hands over.
func HandedToYou(people []string, from string, on models.Day) string {
	return on.String() + "起," + names(people) + "由您来联系," + handedBy(from) + "\n发“名单”看,发“交接”看前面答应过什么、还有什么没办完。"
}

// LineBegins tells a cadre of a one-to-one service that begins.
func LineBegins(people []string, line string, on models.Day) string {
	return on.String() + "起," + names(people) + "的" + line + "由您来做。去过、打过电话,照样说一句就记上。"
}

func handedBy(from string) string {
	if from == "" {
		return "以前没有结对干部。"
	}
	return "是" + from + "交过来的。"
}

// HandedOn tells the cadre who hands over.
func HandedOn(people []string, to string, on models.Day) string {
	return names(people) + on.String() + "起交给" + to + "了,提醒也转过去了。还有要交代的,给" + to + "打个电话就行。"
}

// NewCadreFor tells a family who comes from now on.
func NewCadreFor(person, cadre, unit string, on models.Day) string {
	return on.String() + "起,联系" + person + "的干部是" + cadre + "(" + unit + ")。有事照样在这里说,会转给" + cadre + "。"
}

// StillUncovered tells an office that somebody is without a cadre.
func StillUncovered(n int) string {
	return "有" + strconv.Itoa(n) + "位对象一天多没有结对干部了。管理台“结对与调整”里有建议的人选,点一下就配上。"
}

// AdjustmentDecided tells an office what became of its request.
func AdjustmentDecided(kind models.AdjustmentKind, state models.AdjustmentState, on models.Day, why string) string {
	switch state {
	case models.AdjustmentReturned:
		return "您报的“" + kind.Label() + "”退回来了:" + why + "\n改好再报一次就行。"
	case models.AdjustmentApproved:
		return "您报的“" + kind.Label() + "”批了," + on.String() + "生效。"
	}
	return "您报的“" + kind.Label() + "”办好了," + on.String() + "起算。"
}

// AdjustCard calls somebody into the chat; it names nobody.
func AdjustCard(at models.Day) Card {
	return Card{{"标题", "thing1", "结对有一项变动"}, {"时间", "time2", at.Time().Format("2006年1月2日")}, {"说明", "thing3", "回“交接”看"}}
}

// NoHandover answers 交接 where there is none.
const NoHandover = "这半年没有交接给您的。"

// HandoverLine is one person of the cards that a cadre was handed.
type HandoverLine struct {
	Person, Place, From string
	On                  models.Day
	Needs               string
	Plan                []string // as PlanLeft says a measure
	Promised            []models.Day
	Open                []string // 诉求 #34 …
	Last                models.Day
}

// PlanLeft says a measure of the plan that is not done yet.
func PlanLeft(words string, due models.Day) string {
	if due == "" {
		return words
	}
	return words + "(" + due.String() + "前)"
}

// String writes the card, a line for each of its parts.
func (l HandoverLine) String() string {
	s := l.Person + "(" + l.Place + "):" + l.On.String() + "起归您"
	if l.From != "" {
		s += ",原来是" + l.From
	}
	if l.Last != "" {
		s += ",上次联系" + l.Last.String()
	}
	if l.Needs != "" {
		s += "\n要紧的:" + l.Needs
	}
	if len(l.Plan) > 0 {
		s += "\n计划里还有:" + strings.Join(l.Plan, ";")
	}
	for _, d := range l.Promised {
		s += "\n说过" + d.String() + "去看"
	}
	for i, o := range l.Open {
		if i == 0 {
			s += "\n没办完:"
		} else {
			s += ";"
		}
		s += o
	}
	return s
}

func names(people []string) string {
	if len(people) <= 3 {
		return join(people)
	}
	return join(people[:3]) + "等" + strconv.Itoa(len(people)) + "人"
}

func join(people []string) string {
	s := ""
	for i, p := range people {
		if i > 0 {
			s += "、"
		}
		s += p
	}
	return s
}
