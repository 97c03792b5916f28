package say

import (
	"fmt"
	"strings"

	"aixin/models"
)

// PrivacyNotice is what people agree to: one screen. A change of its words needs a
// new models.PrivacyVersion.
const PrivacyNotice = "【怎么用您的信息】(须知 " + models.PrivacyVersion + ")\n" +
	"谁在用:县民政局办的结对帮扶,受托单位只管维护。\n" +
	"用什么:您的微信、名册里的姓名和住处,您发来的话、照片、语音。\n" +
	"干什么:答您的问题、转您的话、办您的诉求;一月最多问您一次来没来过。不给商家。\n" +
	"不收:身份证、银行卡、密码、证件照。发来了我不留。\n" +
	"存多久:聊天90天;解绑后30天内抹掉微信号;帮扶台账按规定留存。\n" +
	"您说了算:发“我的资料”看,“谁看过我家资料”查,“撤回同意”“删除我的资料”随时行。不影响待遇。\n" +
	"孩子不满14岁,由监护人替他同意;照片、病情另外单独问。"

// ConsentRead points to the notice in the question for the consent that binds.
const ConsentRead = "想先看怎么用您的信息,回“须知”。"

// ConsentMeans explains the consent to who asks what it is.
const ConsentMeans = "就是以后您在微信上问事、捎话,我给您答、替您转。不花钱,不影响待遇,随时能撤。愿意就回“同意”(或1),不愿意回“不同意”;想细看回“须知”。"

// ConsentReadChild is it for the guardian of a child under 14, who agrees for the
// child by the separate rules.
const ConsentReadChild = "孩子不满14岁,您同意,就是替他也同意了;照片、病情后面另外问。想先看怎么用,回“须知”;专管孩子的,回“娃须知”。"

// ChildRules are the separate rules for children under 14: one screen, to be read
// aloud. A change of its words needs a new models.ChildRulesVersion.
const ChildRules = "【不满14岁的孩子,他的信息怎么用】(" + models.ChildRulesVersion + ")\n" +
	"谁替他做主:您是监护人,您说了算;孩子大些了,也问问他愿不愿意。\n" +
	"用这些:姓名、年岁、住哪个村、名册里的类别、要帮啥。身份证号锁在名册里,聊天里不收。\n" +
	"干什么:给孩子跑补助、找老师、看病、送东西;不给商家,不上网,不当宣传。\n" +
	"照片、病情、残疾:要另外问您,您不点头就不收。不拍孩子正脸。\n" +
	"谁看得着:结对干部和管这事的人,看一回记一回;发“谁看过我家资料”就能查。\n" +
	"存多久:聊天90天;不办了、撤了就不再用;台账按规定留着,只存不用。\n" +
	"撤回、改、删:发“撤回同意”“我的资料”“删除我的资料”,哪天都行,补助一样不少。\n" +
	"不放心:打12345,说是孩子的信息。"

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

// Given is a purpose that was agreed to, and the version of the text that was.
type Given struct {
	Purpose models.Purpose
	Version string
}

// String says it.
func (h Held) String() string {
	s := fmt.Sprintf("存着:名册里的姓名、住处、类别,问过的%d件、诉求%d件。", h.Questions, h.Needs)
	if len(h.Given) > 0 {
		var parts []string
		for i := 0; i < len(h.Given); {
			var names []string
			version := h.Given[i].Version
			for ; i < len(h.Given) && h.Given[i].Version == version; i++ {
				names = append(names, h.Given[i].Purpose.Label())
			}
			parts = append(parts, strings.Join(names, "、")+"(须知"+version+")")
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
const AskErase = "能删:您的微信号、电话、问过的话和照片。\n按规定要留:名册、走访和发放的台账、谁看过的记录,只存不用。\n会有人先跟您核实是本人,再删,删完告诉您。要删回1,不删回2。"

// EraseAsked is said when the wish went to an office, EraseAlready to a second one.
func EraseAsked(number int, reached bool) string {
	if !reached {
		return fmt.Sprintf("记下了(删除 #%d)。县上还没人在这里接,请打12345说一声“删除 #%d”,或去乡镇民政办。", number, number)
	}
	return fmt.Sprintf("记下了(删除 #%d),报给县上了,会有人打电话核实是您本人。核实了就删,删完告诉您。", number)
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
	return fmt.Sprintf("记下了(删除 #%d),回执一发就删:微信号、电话、问过的话和照片。名册和台账按规定留着,怎么核的已存档。", number)
}

// EraseRefusedOffice answers the office that did not delete.
func EraseRefusedOffice(number int) string {
	return fmt.Sprintf("好,删除 #%d 没有办,原因告诉对方了。", number)
}

// EraseReceipt is the last message to who asked.
func EraseReceipt(number int) string {
	return fmt.Sprintf("您要删的都删了(删除 #%d):微信号、电话、问过的话和照片。名册和台账按规定留着,只存不用。往后要再用,找乡镇要码。", number)
}

// EraseRefused tells who asked why nothing was deleted.
func EraseRefused(number int, why string) string {
	return fmt.Sprintf("删除 #%d 没有办:%s。不服可以打12345,或去县民政局。", number, why)
}

// RelayOnly is said to a neighbour or a village cadre.
const RelayOnly = "您是帮着捎话的联系人:有要您转告的,我发给您;他家的事、待遇在这里看不了。要反映情况打12345,人有危险打110、120。"

// PaperConsent answers a consent that was entered from paper.
func PaperConsent(name string) string {
	return "记上了:" + name + "家的纸质同意(须知" + models.PrivacyVersion + ")。原件请留好。"
}

// PaperNobody is said where the name is nobody's on the roster.
const PaperNobody = "名下没找着这个人。写法:登记同意 老谷"
