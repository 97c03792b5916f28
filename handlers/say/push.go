package say

import (
	"fmt"
	"strings"

	"aixin/models"
)

// Card is the words of a template message: three fields, none with a name, a
// category, an illness or a sum.
type Card [3]struct{ Label, Key, Value string }

// Text says the card as a message.
func (c Card) Text() string {
	var lines []string
	for _, f := range c {
		if f.Value != "" {
			lines = append(lines, f.Label+":"+f.Value)
		}
	}
	return strings.Join(lines, "\n")
}

// Fields are the values by the keys of the shipped templates.
func (c Card) Fields() map[string]string {
	out := map[string]string{}
	for _, f := range c {
		out[f.Key] = f.Value
	}
	return out
}

// SummaryTitle names a month's summary.
func SummaryTitle(month models.Day) string { return fmt.Sprintf("%d月小结", month.Time().Month()) }

// SummaryCard comes after a month and tells how far the cadre's own year is.
func SummaryCard(month models.Day, thisYear bool, visits, contacts, helps int) Card {
	year := "今年"
	if !thisYear {
		year = "去年"
	}
	return Card{
		{"月份", "thing1", SummaryTitle(month)},
		{"内容", "thing2", fmt.Sprintf("%s走访%d次 联系%d次 实事%d件", year, visits, contacts, helps)},
		{"说明", "thing3", "点开看每户还差啥"},
	}
}

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
const HowToNotice = "发通知这样写:发通知 内容(发给您所管地区的全体干部)。会先给您看人数和样子,回确认码才发。\n也可发:通知进度。"

// NoticePreview shows what will go to whom.
func NoticePreview(place string, bound, unbound, recently int, body, code string) string {
	s := fmt.Sprintf("发给%s的干部 %d 人", place, bound)
	if unbound > 0 {
		s += fmt.Sprintf(",另有 %d 人没绑定、收不到", unbound)
	}
	if recently > 0 {
		s += fmt.Sprintf(",其中 %d 人本周已收过两条、这次不发", recently)
	}
	return s + "。样子:\n" + NoticeText(body) + "\n确认就回 " + code + ",不发回“取消”。"
}

// NoticeNobody is said where nobody would get it.
func NoticeNobody(place string, unbound int) string {
	return fmt.Sprintf("没有发:%s还没有绑定的干部(没绑定的 %d 人)。先发绑定码。", place, unbound)
}

// NoticeTooLong refuses a text that would not fit.
const NoticeTooLong = "没有发:通知太长了,请压到 300 字以内,再发一次。"

// NoticeGoing is said once it is on its way.
func NoticeGoing(people int) string {
	return fmt.Sprintf("在发了,共 %d 人。回“通知进度”看送到多少。", people)
}

// NoticeWrongCode is said to another code.
const NoticeWrongCode = "确认码不对,没有发。照上面的码再回一次,或回“取消”。"

// NoticeProgress counts a notice.
func NoticeProgress(people, delivered, accepted, waiting, refused, unreachable, unknown, unbound int) string {
	s := fmt.Sprintf("共 %d 人:送到 %d", people, delivered)
	for _, p := range []struct {
		n    int
		word string
	}{{accepted, "已发出等回音"}, {waiting, "还在发"}, {refused, "拒收"}, {unreachable, "发不到"}, {unknown, "不明"}} {
		if p.n > 0 {
			s += fmt.Sprintf(",%s %d", p.word, p.n)
		}
	}
	if unbound > 0 {
		s += fmt.Sprintf("。没绑定 %d 人,请打电话", unbound)
	}
	return s + "。"
}

// NoNoticeForYou is said to 看通知 where there is none.
const NoNoticeForYou = "现在没有给您的通知。"

// NoNotice is said where there is none.
const NoNotice = "您还没发过通知。"
