// Package say holds every sentence the bot utters, as typed functions: result
// first, one question at a time, few words, no office jargon (users.md 六).
package say

import (
	"fmt"
	"strings"
	"time"

	"aixin/models"
)

// Journalled is said while the database is away.
const Journalled = "已收到,恢复后自动登记。"

// Failed is said when something broke; nothing is lost.
func Failed(id string) string {
	return "没丢:您的话已存下,我们会看。这条暂时没处理成,稍后再发一次也行。(编号 " + id + ")"
}

// Welcome greets who follows.
const Welcome = "您好,这里是“结对帮扶·爱心甘肃”平凉,问政策、找结对干部、记走访都行。\n请发“绑定 ”加8位绑定码,比如:绑定 A3CD7EFG\n没有码,找单位联络员或乡镇要。急事打110、120、12345。"

// HowToBind is said to a stranger.
const HowToBind = "还没绑定,先不记。请发“绑定 ”加8位绑定码,比如:绑定 A3CD7EFG\n没有码:干部找单位联络员,家属找结对干部或村上要。急事打110、120、12345。"

// BindNeedsCode is said to a bare 绑定.
const BindNeedsCode = "请把8位绑定码一起发来,比如:绑定 A3CD7EFG"

// CodeMalformed is said to what cannot be a code.
const CodeMalformed = "绑定码是8位字母和数字,这个不像。请照纸条再发一次,比如:绑定 A3CD7EFG"

// CodeUnknown is said to a code that never was.
func CodeUnknown(left int) string {
	if left <= 0 {
		return "没有这个绑定码。请核对纸条,或找联络员、乡镇重新要一个。"
	}
	return fmt.Sprintf("没有这个绑定码。请照纸条核对,再试%d次。", left)
}

// CodeWait is said after too many wrong codes.
func CodeWait(until time.Time) string {
	return fmt.Sprintf("试了好几次都不对,先歇一会儿,%s 以后再发。码在纸条上,或找联络员要。", until.Format("15:04"))
}

// CodeUsed is said to a code that was used.
const CodeUsed = "这个码已经用过了。换手机了就找联络员或乡镇再要一个新码。"

// CodeExpired is said to a code past its time.
const CodeExpired = "这个码过期了(半年内有效)。请找联络员或乡镇要一个新码。"

// BoundCadre is said to a cadre who has just bound.
func BoundCadre(name string, people []string) string {
	s := "绑好了," + models.Surname(name) + "同志。"
	if len(people) == 0 {
		return s + "名册里您名下暂时没有结对的人,联络员排好后会告诉您。"
	}
	return s + "您结对的有:" + strings.Join(people, "、") + "。\n以后去了、打了电话,发一句就行,比如:昨天去老谷家走访,送了米面油300块。"
}

// Seat is somebody as a code names one: by surname and unit.
type Seat struct{ Surname, Unit string }

func (s Seat) String() string {
	if s.Unit == "" {
		return s.Surname + "同志"
	}
	return s.Surname + "同志(" + s.Unit + ")"
}

// AskRebind asks before a phone becomes another's.
func AskRebind(now, next Seat) string {
	return "这个微信现在绑的是" + now.String() + ",这个码是" + next.String() + "的。\n改绑成" + next.Surname + "同志吗?改了就不再收" + now.Surname + "同志的事。回“是”改绑,回“否”不动。"
}

// RebindRefused is said to 否.
const RebindRefused = "好,没有改,还是原来的。那个码请交给本人用。"

// AlreadyBound is said when the same person binds again.
const AlreadyBound = "您已经绑好了,直接说事就行。"

// Consent asks a guardian for the one consent that binds.
func Consent(surname string) string {
	return "您是" + surname + "家的联系人吧?同意的话回“同意”(或1):我们只用您的微信答您的问题、转达您的话。不同意回“不同意”,不影响待遇。"
}

// BoundGuardian is said after 同意.
const BoundGuardian = "绑好了。有事直接发来问,比如:低保咋办。急事打110、120、12345。"

// ConsentRefused is said after 不同意.
const ConsentRefused = "好的,没有绑定,什么也没存。想好了再发绑定码。有事可打12345。"

// BoundAdmin is said to an administrator.
const BoundAdmin = "绑好了。"

// ConsentAgain is said to anything but yes or no while 同意 is awaited.
const ConsentAgain = "先回“同意”(或1)才能绑上;不愿意就回“不同意”。急事打110、120、12345。"

// Unbound is said after 解绑.
const Unbound = "已解绑,不再给您发消息。记过的都还在。要再用,找联络员要新码。"

// UnboundHome is it for a family.
const UnboundHome = "解绑了,不再给您发消息。该有的待遇一样不少。要再用,找干部或村上要新码;有事打12345。"

// NotBoundAnyway is said to 解绑 of a stranger.
const NotBoundAnyway = "您没有绑定,不用解。"

// CadreHelp is how a cadre uses the bot.
const CadreHelp = "去了、打了电话,发一句就记上:\n“昨天去老谷家走访,送了米面油300块”“给海龙打了电话”\n照片直接发。也可发:进度 名单 撤销。说错了直接说“是前天”“是500”。"

// GuardianHelp is how a guardian uses the bot.
const GuardianHelp = "想问啥直接发,比如:低保咋办、护理补贴怎么停了。\n也可发:进度、我的信息、谁来过。人有危险先打110、120。"

// AdminHelp is how an administrator uses the bot.
const AdminHelp = "这里可发:帮助、解绑。更多的在管理台。"

// DutyHelp is it for somebody on duty.
const DutyHelp = "来了预警我马上告诉您。接了回“收到 7”,看内容发“预警 7”,交代下一班发“交班 7 加您的话”,办完发“结案 7 结果”,弄错了发“误报 7 原因”。\n发“预警”看还有哪些没结。"

// NotUnderstood answers a cadre's sentence that says nothing to log or ask.
const NotUnderstood = "收到。这句我没记成走访或联系。要记就说谁、做了啥,比如:“今天给海龙打了电话”。发“帮助”看怎么用。"

// NotReached answers an attempt that failed.
const NotReached = "没打通、没见上人的不算次数,不要紧。下回通了、见上了,说一句就记上。"

// Thanks answers small talk.
const Thanks = "好的。有要记的随时发一句。"

// Cancelled is said to 取消.
const Cancelled = "好,这条没有记。"

// NothingToCancel is said to 取消 when nothing is asked.
const NothingToCancel = "现在没有等您回答的事。要收回上一条,发“撤销”。"

// NothingToUndo is said to 撤销 of who has no record.
const NothingToUndo = "没有可撤的记录。"

// NothingMore is said to 更多 when all was said.
const NothingMore = "没有更多了。"

// MoreOfAnswer follows the first sentences of an answer of the policy base.
const MoreOfAnswer = "\n要看全的,回“更多”。"

// More stands at the end of a cut answer.
const More = "\n(没完,回“更多”接着看)"

// Private is the advice where numbers were removed.
const Private = "身份证号、银行卡号、密码别在这里发,我没有存。请您把那条也删掉。"

// KeptAsNote is said where two questions did not help.
const KeptAsNote = "先原话存下了,没算次数。想好是谁、做了啥,再发一句就记上。"
