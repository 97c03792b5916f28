package say

import (
	"fmt"
	"strings"
	"time"

	"aixin/models"
)

// NoticeCard tells that a notice is there; its words stand behind the link.
func NoticeCard(day, moment string) Card {
	return Card{
		{"标题", "thing1", "有一条工作通知"},
		{"时间", "time2", day + " " + moment},
		{"说明", "thing3", "回“看通知”看全文"},
	}
}

// NoticeText is a notice in the chat.
func NoticeText(body string) string { return "【通知】" + body }

// HowToNotice tells an administrator how to send one.
const HowToNotice = "发通知这样写:发通知 内容(发给您所管地区的全体干部;发给家长写“发通知给家长 内容”)。会先给您看人数和样子,回确认码才发。\n也可发:通知进度、暂停通知、继续通知、取消通知、补发通知。"

// NoticePreview shows what will go to whom.
type NoticePreview struct {
	Whom                                     string
	Reach, Unbound, Refusing, HadTwo, HadOne int
	ByText                                   int
	Samples                                  []string
	Starts                                   string // "" at once
	Approval                                 bool
}

// Text says it with the code that confirms.
func (p NoticePreview) Text(code string) string {
	s := fmt.Sprintf("发给%s %d 人", p.Whom, p.Reach)
	for _, part := range []struct {
		n    int
		word string
	}{
		{p.Unbound, "另有 %d 人没绑定、收不到"}, {p.Refusing, "%d 人拒收"}, {p.HadTwo, "%d 人本周已收过两条、这次不发"}, {p.HadOne, "其中 %d 人本周已收过一条"},
	} {
		if part.n > 0 {
			s += "," + fmt.Sprintf(part.word, part.n)
		}
	}
	s += "。"
	if p.Starts != "" {
		s += p.Starts + "开始发。"
	}
	s += "样子:\n" + strings.Join(p.Samples, "\n") + "\n"
	if p.Approval {
		s += "人多,确认后要另一位管理员同意才发。"
	}
	return s + "确认就回 " + code + ",不发回“取消”。"
}

// NoticeNobody is said where nobody would get it.
func NoticeNobody(whom string, unbound, hadTwo int) string {
	if hadTwo > 0 {
		return fmt.Sprintf("没有发:%s本周都已收过两条(%d 人)。下周再发,或打电话。", whom, hadTwo)
	}
	return fmt.Sprintf("没有发:%s还没有绑定的(没绑定的 %d 人)。先发绑定码。", whom, unbound)
}

// Refusals of a notice, each with what to do.
const (
	NoticeTooLong    = "没有发:通知太长了,请压到 300 字以内,再发一次。"
	NoticeEmpty      = "没有发:还没写内容。"
	NoticeOutside    = "没有发:选的地区或单位不归您管。"
	NoticeNotYours   = "没有动:这件事不归您的账号。"
	NoticeWhom       = "没有发:先选发给干部还是家长。"
	NoticePast       = "没有发:定的时间已经过了,改个时间,或者现在就发。"
	NoticeTooFar     = "没有发:定时最多提前 60 天。"
	NoticeUrgentList = "没有发:急件只能发给列出名字的人。"
	NoticeListLong   = "没有发:名单最多 500 人,再多请按地区或单位选。"
	NoticeNoUnit     = "没有发:名册里没有这个单位。"
	NoticeNoPerson   = "没有记:这个人已经收到,或者不归您管。"
	NoticeNoPlace    = "没有发:没有这个地区。"
)

// NoticePlaceholder refuses words in braces that cannot be filled in.
func NoticePlaceholder(unknown, known []string) string {
	return fmt.Sprintf("没有发:%s 填不了。能用的有 {%s}。", strings.Join(unknown, "、"), strings.Join(known, "}、{"))
}

// NoticeNotWaiting is said where there is nothing to approve.
func NoticeNotWaiting(no int, state string) string {
	return fmt.Sprintf("通知 #%d 不在等批(%s)。", no, state)
}

// NoticeOwnApproval refuses one's own approval.
func NoticeOwnApproval(from time.Time) string {
	return "没有批:人多的通知要另一位管理员批。确实只有您一人在岗,到 " + from.Format("15:04") + " 后写明原因可以自己批。"
}

// NoticeCannot refuses a change that the notice's state does not allow.
func NoticeCannot(no int, state string) string {
	return fmt.Sprintf("没有动:通知 #%d 现在是“%s”。", no, state)
}

// NoticeWaits is said once a large one is handed in.
func NoticeWaits(no, people int) string {
	return fmt.Sprintf("通知 #%d 存好了,%d 人。请另一位管理员发“批准通知 %d”,批了就发。", no, people, no)
}

// NoticeGoing is said once it is on its way.
func NoticeGoing(people int) string {
	return fmt.Sprintf("在发了,共 %d 人。回“通知进度”看送到多少。", people)
}

// NoticeAt is said once it has its time.
func NoticeAt(people int, at string) string {
	return fmt.Sprintf("定好了,%s开始发,共 %d 人。改主意就回“取消通知”。", at, people)
}

// NoticeMoved is said after a change.
func NoticeMoved(no int, to models.NoticeState) string {
	return fmt.Sprintf("通知 #%d ", no) + map[models.NoticeState]string{
		models.NoticeGoing: "接着发了。", models.NoticePaused: "停下了,没发的先不发。回“继续通知”接着发。", models.NoticeCancelled: "取消了,没发的不再发;已经发出的收不回来。",
	}[to]
}

// NoticeApproved is said to who approved.
func NoticeApproved(no, people int) string {
	return fmt.Sprintf("批了,通知 #%d 在发了,共 %d 人。", no, people)
}

// NoticeAgain is said after sending again.
func NoticeAgain(no, again, left int) string {
	s := fmt.Sprintf("通知 #%d ", no)
	if again == 0 {
		s += "没有可补发的"
	} else {
		s += fmt.Sprintf("补发 %d 人", again)
	}
	if left > 0 {
		s += fmt.Sprintf(",还有 %d 人微信够不着,请打电话", left)
	}
	return s + "。"
}

// NoticeWrongCode is said to another code.
const NoticeWrongCode = "确认码不对,没有发。照上面的码再回一次,或回“取消”。"

// DeliveryWord is what became of a message for one person.
func DeliveryWord(state string) string {
	return map[string]string{
		"delivered": "送到", "accepted": "已发出等回音", "planned": "还在发", "held": "没发、等着", "refused": "拒收", "failed": "发不到", "unknown": "不明", "cancelled": "没发",
	}[state]
}

// DeliveryStates are the states in the order in which people read them.
var DeliveryStates = []string{"delivered", "accepted", "planned", "held", "refused", "failed", "unknown", "cancelled"}

// DeliveryWhy says why, in words for an office.
func DeliveryWhy(state, reason string) string {
	if state == "delivered" && reason != "told by telephone" {
		return ""
	}
	switch reason {
	case "not bound":
		return "没绑定微信,请打电话"
	case "the person refuses the account's messages", "failed:user block":
		return "对方拒收,请打电话"
	case "no template is set and no window is open":
		return "没设模板,也没有刚说过话,请打电话"
	case "two notices this week":
		return "本周已收过两条"
	case "told by telephone":
		return "已打电话告知"
	case "the notice was taken back":
		return "通知取消了"
	case "unbound since", "the person left the account":
		return "已经解绑,请打电话"
	case "quiet hours":
		return "免打扰时间,过后就发"
	case "sent again":
		return "补发"
	}
	switch state {
	case "refused":
		return "对方收不了,请打电话"
	case "failed":
		return "没发成,请打电话"
	case "unknown":
		return "不知道收到没有"
	}
	return ""
}

// NoticeProgress counts a notice by what became of it.
func NoticeProgress(no int, state models.NoticeState, counts map[string]int) string {
	all := 0
	var parts []string
	for _, s := range DeliveryStates {
		if n := counts[s]; n > 0 || s == "delivered" {
			all += n
			parts = append(parts, fmt.Sprintf("%s %d", DeliveryWord(s), n))
		}
	}
	head := fmt.Sprintf("通知 #%d 共 %d 人:", no, all)
	if state != models.NoticeGoing {
		head = fmt.Sprintf("通知 #%d(%s)共 %d 人:", no, state.Label(), all)
	}
	s := head + strings.Join(parts, ",")
	if n := counts["failed"] + counts["refused"]; n > 0 {
		s += fmt.Sprintf("。微信够不着的 %d 人,请打电话", n)
	}
	return s + "。"
}

// NoNoticeForYou is said to 看通知 where there is none.
const NoNoticeForYou = "现在没有给您的通知。"

// NoNotice is said where there is none.
const NoNotice = "您还没发过通知。"

// NoSuchNotice is said to a number that no notice has.
const NoSuchNotice = "没有这个编号的通知,或者它不归您管。"

// CadreCalled addresses a cadre in a notice.
func CadreCalled(surname string) string { return surname + "同志" }

// FamilyCalled addresses a family in a notice.
const FamilyCalled = "您好"

// FamilyOf names a family to an office.
func FamilyOf(name string) string { return name + " 家" }

// Households counts the people whom a cadre looks after.
func Households(n int) string { return fmt.Sprintf("%d户", n) }

// StillMissing says what a cadre's year lacks.
func StillMissing(m models.Target) string {
	var parts []string
	for _, p := range []struct {
		n    int
		word string
	}{{m.Contacts, "%d次联系"}, {m.Visits, "%d次走访"}, {m.Helps, "%d件实事"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf(p.word, p.n))
		}
	}
	if len(parts) == 0 {
		return "都够了"
	}
	return "还差" + strings.Join(parts, "、")
}

// Moment says a day and a time of it.
func Moment(at time.Time) string {
	return models.DayOf(at, at.Location()).String() + at.Format("15:04")
}
