package say

import (
	"fmt"
	"strings"

	"aixin/models"
)

// ConsentRead points to the notice in the question for the consent that binds.
const ConsentRead = "想先看怎么用您的信息,回“须知”。"

// ConsentMeans explains the consent to who asks what it is.
const ConsentMeans = "就是以后您在微信上问事、捎话,我给您答、替您转。不花钱,不影响待遇,随时能撤。愿意就回“同意”(或1),不愿意回“不同意”;想细看回“须知”。"

// ConsentReadChild is it for the guardian of a child under 14, who agrees for the
// child by the separate rules.
const ConsentReadChild = "孩子不满14岁,您同意,就是替他也同意了;照片、病情后面另外问。想先看怎么用,回“须知”;专管孩子的,回“娃须知”。"

// AskSensitive asks for the separate consent; of a child under 14 the guardian by
// the separate rules. It is a step of its own, in words to be read aloud.
func AskSensitive(child bool) string {
	if child {
		return "再问一件,跟刚才的分开说:给娃办事时,他的照片、病情、残疾上的事,能不能收下给办事的人看?1 能 2 不收\n不收也照样给娃办,到时候当面说。"
	}
	return "这件要单独问您:办事要用到照片、病情、残疾情况时,能不能收?1 能 2 不收\n不收也照样给您办,只是这些当面说。"
}

// SensitiveGiven and SensitiveRefused answer the choice.
const (
	SensitiveGiven   = "好,记下了。证件、存折、病历还是别发,当面给干部看。要撤回发“撤回同意”。"
	SensitiveRefused = "好,照片和病情都不收。有这样的事当面说,或打12345。"
)

// AskRenew asks about a notice that has changed, or the rules for children, below
// what was answered, and only once. renews tells that something of it needs a yes
// before it is done.
func AskRenew(version, changed string, child, renews bool) string {
	what, word := "怎么用您的信息,须知改过了", "须知"
	if child {
		what, word = "娃的信息怎么用,娃须知改过了", "娃须知"
	}
	s := "还有一件,不急:" + what + "(" + version + "),改的是:" + strings.TrimRight(changed, "。") + "。\n照新的行不行?1 同意 2 不同意。"
	if renews {
		return s + "没回之前,新改的那样不用,别的照旧;全文回“" + word + "”。"
	}
	return s + "不回也行,都照旧;全文回“" + word + "”。"
}

// Renewed and NotRenewed answer the choice.
func Renewed(version string) string {
	return "好,照新须知(" + version + ")记下了。哪天想撤,发“撤回同意”。"
}

// NotRenewed keeps everything as it was.
const NotRenewed = "好,还照您原先同意的办,新改的那样不用。待遇一样不少。"

// NoticeSeen follows the notice for who has not agreed to this version.
const NoticeSeen = "\n照这一版,回1;不照,回2,还按您原先同意的办。"

// SensitiveFirst is said to a photo before that consent.
const SensitiveFirst = "照片先没有收。"

// WhichConsent asks which of several consents is withdrawn.
func WhichConsent(given []models.Purpose) string {
	var lines []string
	for i, p := range given {
		label := p.Label()
		switch p {
		case models.PurposeChat:
			label += "(撤了就等于解绑)"
		case models.PurposeChild:
			label += "(照片、病情也一起撤)"
		}
		lines = append(lines, fmt.Sprintf("%d %s", i+1, label))
	}
	return "撤回哪样?回数字就行,0 都不撤。\n" + strings.Join(lines, "\n")
}

// PurposeWithdrawn is said after one purpose was withdrawn.
func PurposeWithdrawn(p models.Purpose) string {
	return "好,“" + p.Label() + "”撤回了,往后不再用。别的照旧,待遇一样不少。"
}

// ConsentKept is said to 都不撤.
const ConsentKept = "好,都没动。"

// Held is what the service holds of a family beside its card.
type Held struct {
	Questions, Needs int
	Given            []Given
	Paper            bool
}

// Given is a purpose that was agreed to, and the version of the text that was: the
// newest, and whether there were earlier ones.
type Given struct {
	Purpose models.Purpose
	Version string
	Earlier string
}

// String says it.
func (h Held) String() string {
	s := fmt.Sprintf("存着:名册里的姓名、住处、类别,问过的%d件、诉求%d件。", h.Questions, h.Needs)
	if len(h.Given) > 0 {
		var parts []string
		for i := 0; i < len(h.Given); {
			var names []string
			by := h.Given[i]
			for ; i < len(h.Given) && h.Given[i].Version == by.Version && h.Given[i].Earlier == by.Earlier; i++ {
				names = append(names, h.Given[i].Purpose.Label())
			}
			if by.Earlier != "" {
				by.Version += ",早先" + by.Earlier
			}
			parts = append(parts, strings.Join(names, "、")+"(须知"+by.Version+")")
		}
		s += "您同意的:" + strings.Join(parts, ",")
		if h.Paper {
			s += ",纸上签的"
		}
		s += "。"
	}
	return s + "\n也可发:谁看过我家资料、撤回同意、删除我的资料。"
}

// LookLine is one time somebody looked: the post and the time, no name.
type LookLine struct{ When, Post string }

// Looks is the answer to 谁看过我家资料.
func Looks(lines []LookLine) string {
	if len(lines) == 0 {
		return "这里没有人看过您家资料的记录。往后谁看都会记下,随时能查。"
	}
	var out []string
	for _, l := range lines {
		out = append(out, l.When+" "+l.Post)
	}
	return "看过或改过您家资料的(只写岗位):\n" + strings.Join(out, "\n") + "\n觉得不对就说一声,我报给县上查。"
}

// AskErase tells what can be deleted and what the law keeps, and asks.
const AskErase = "能删:您的微信号、电话、问过的话、照片和录音。\n按规定要留:名册、走访和发放的台账、谁看过的记录,只存不用。\n会有人先跟您核实是本人,核实了告诉您一声,马上就删。要删回1,不删回2。"

// EraseAsked is said when the wish went to an office, EraseAlready to a second one.
func EraseAsked(number int, reached bool) string {
	if !reached {
		return fmt.Sprintf("记下了(删除 #%d)。县上还没人在这里接,请打12345说一声“删除 #%d”,或去乡镇民政办。", number, number)
	}
	return fmt.Sprintf("记下了(删除 #%d),报给县上了,会有人打电话核实是您本人。核实了告诉您一声,马上就删。", number)
}

// EraseKept is said to 不删.
const EraseKept = "好,没有动。"

// EraseFor is how an office gets the wish.
func EraseFor(number int, relation, family, place string) string {
	return fmt.Sprintf("有人要删自己的资料(删除 #%d):%s%s家的%s。\n请先打电话或当面核实是本人,再回“删除 %d 已核身 怎么核的”;核不上回“删除 %d 不删 原因”。", number, place, family, relation, number, number)
}

// EraseForm tells an office how to answer.
func EraseForm(number int) string {
	return fmt.Sprintf("请写清怎么核的身,比如:删除 %d 已核身 打登记的电话核过", number)
}

// EraseUnknown answers a number that is not this office's, EraseOver one that is
// closed.
func EraseUnknown(number int) string {
	return fmt.Sprintf("您这里没有要办的“删除 #%d”。", number)
}

// EraseDone answers the office.
func EraseDone(number int) string {
	return fmt.Sprintf("记下了(删除 #%d),回执一发就删:微信号、电话、问过的话、照片和录音。名册和台账按规定留着,怎么核的已存档。", number)
}

// EraseRefusedOffice answers the office that did not delete.
func EraseRefusedOffice(number int) string {
	return fmt.Sprintf("好,删除 #%d 没有办,原因告诉对方了。", number)
}

// EraseReceipt is the last message to who asked.
func EraseReceipt(number int) string {
	return fmt.Sprintf("核实过了(删除 #%d):这条发出,您的微信号、电话、问过的话、照片和录音马上就删。名册和台账按规定留着,只存不用。往后要再用,找乡镇要码。", number)
}

// EraseRefused tells who asked why nothing was deleted.
func EraseRefused(number int, why string) string {
	return fmt.Sprintf("删除 #%d 没有办:%s。不服可以打12345,或去县民政局。", number, why)
}

// RelayOnly is said to a neighbour or a village cadre.
const RelayOnly = "您是帮着捎话的联系人:有要您转告的,我发给您;他家的事、待遇在这里看不了。要反映情况打12345,人有危险打110、120。"

// PaperConsent answers a consent that was entered from paper.
func PaperConsent(name, version string) string {
	return "记上了:" + name + "家的纸质同意(须知" + version + ")。原件请留好。"
}

// PaperNobody is said where the name is nobody's on the roster.
const PaperNobody = "名下没找着这个人。写法:登记同意 老谷"
