package say

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"aixin/models"
)

// Need is a need as people are shown it.
type Need struct {
	Number int
	Family string // whose; "" where the reader knows
	Words  string
	Office string      // where it is, or goes
	Within models.Span // of what nobody has taken yet
}

func (n Need) whose() string {
	if n.Family == "" || strings.Contains(n.Words, n.Family) {
		return ""
	}
	return n.Family + "家"
}

// span is when an answer is to be expected; it is no promise.
func (n Need) span() string {
	if n.Within.Workdays == 0 {
		return "接手后一般" + n.Within.String() + "内有回音"
	}
	return "接手后一般" + n.Within.String() + "内有结果"
}

// AskNeeds shows a family what was understood, and asks once.
func AskNeeds(needs []Need) string {
	const ask = "\n要转吗?1 转 2 不转"
	if len(needs) == 1 {
		n := needs[0]
		return "听明白了:" + short(n.Words, 30) + ",归" + n.Office + "看," + n.span() + "。" + ask
	}
	s := fmt.Sprintf("听明白了,是%d件事:", len(needs))
	for i, n := range needs {
		s += "\n" + []string{"一", "二", "三", "四", "五", "六"}[i] + "、" + short(n.Words, 20) + ",归" + n.Office + "看," + n.span()
	}
	return s + ask
}

// NeedsRaised tells a family what was passed on. Where nobody could be told, the
// office of a need is empty.
func NeedsRaised(needs []Need, morning bool) string {
	var gone, kept []string
	for _, n := range needs {
		if n.Office == "" {
			kept = append(kept, "#"+strconv.Itoa(n.Number))
			continue
		}
		gone = append(gone, fmt.Sprintf("诉求 #%d(%s)转%s", n.Number, short(n.Words, 10), n.Office))
	}
	var parts []string
	switch {
	case len(gone) > 0 && morning:
		parts = append(parts, "记下了,天亮就转:"+strings.Join(gone, ";")+"。")
	case len(gone) > 0:
		parts = append(parts, "好,"+strings.Join(gone, ";")+"。")
	}
	if len(kept) > 0 {
		parts = append(parts, "诉求 "+strings.Join(kept, "、")+" 记下了,可眼下这里没人接,请打12345或去乡镇民政办说一声。")
	}
	return strings.Join(parts, "") + fmt.Sprintf("\n发“诉求 %d”看到哪步。急事打12345;人有危险打110、120。", needs[0].Number)
}

// NeedsReported tells a cadre what became of a report.
func NeedsReported(needs []Need) string {
	var lines []string
	for _, n := range needs {
		if n.Office == "" {
			lines = append(lines, fmt.Sprintf("诉求 #%d %s“%s”记下了,眼下这里没人接,请打乡镇民政办或12345。", n.Number, n.whose(), short(n.Words, 20)))
			continue
		}
		lines = append(lines, fmt.Sprintf("诉求 #%d %s“%s”转%s,%s。", n.Number, n.whose(), short(n.Words, 20), n.Office, n.span()))
	}
	return strings.Join(lines, "\n") + "\n不算实事,办结了再问您记不记。"
}

// Urged is a matter that was asked after, and who has it.
type Urged struct {
	Need   bool
	Number int
	With   string
}

// Hurried answers a family that asks when at last.
func Hurried(all []Urged) string {
	var parts []string
	for _, u := range all {
		name := "提问"
		if u.Need {
			name = "诉求"
		}
		parts = append(parts, fmt.Sprintf("%s #%d(%s)", name, u.Number, u.With))
	}
	return "替您催了一声:" + strings.Join(parts, "、") + "。有回话马上告诉您;发“进度”看到哪步,等不及打12345。"
}

// NeedAlready is said to the same need again.
func NeedAlready(number int) string {
	return fmt.Sprintf("这件已经转了(诉求 #%d)。发“诉求 %d”看到哪步。", number, number)
}

// NeedNotPassed is said to 不转.
const NeedNotPassed = "好,没有转。想转了再说一遍。"

// AskNeedLog asks whether a need that a log speaks of is passed on.
func AskNeedLog(words, office string) string {
	return fmt.Sprintf("“%s”要转%s吗?1 转 2 不转", short(words, 20), office)
}

// WhoseNeed asks a cadre whose need it is.
func WhoseNeed(names []string) string { return "是谁家的事?回数字就行。" + Choices(names) }

// NotOnRoster is said of a need of somebody else's people, told beside a log.
func NotOnRoster(name string) string {
	return "“" + name + "”不在您名下,那件事没有转;要转,请结对干部报或打12345。"
}

// NeedNobody is said to a cadre without people.
const NeedNobody = "名册里您名下还没有人,这件没转成。请打12345反映。"

// NeedUnknown answers a number that is nobody's, or not to be seen.
func NeedUnknown(number int) string { return fmt.Sprintf("诉求 #%d:没有这个编号。", number) }

// NeedState is where a need stands.
type NeedState struct {
	Need
	Raised, Taken, Due, Done models.Day
	State                    models.NeedState
	Paused                   string // why it rests
	Returned                 bool
	Result                   string
	Rating                   models.Rating
}

// String tells step, office and the day to expect.
func (s NeedState) String() string {
	head := fmt.Sprintf("诉求 #%d %s%s“%s”:", s.Number, s.Raised, s.whose(), short(s.Words, 20))
	switch {
	case s.Paused != "":
		return head + s.Office + "暂停着,因为:" + s.Paused + "。"
	case s.State == models.NeedTaken:
		return head + s.Office + s.Taken.String() + "接的,预计" + s.Due.String() + "前有结果。"
	case s.State == models.NeedDone:
		return head + s.Office + s.Done.String() + "办结:" + s.Result + "。等家里一句话。"
	case s.State == models.NeedClosed:
		return head + s.Done.String() + "办结:" + s.Result + "。家里:" + s.Rating.Label() + "。"
	case s.Office == "":
		return head + "眼下这里没人接,请打12345或去乡镇民政办。"
	case s.Rating == models.RatingBad:
		return head + "没办好,退回" + s.Office + "重办,还没人接。"
	case s.Returned:
		return head + "转到" + s.Office + "看该谁管,还没人接。"
	}
	return head + "转到" + s.Office + "了,还没人接;" + s.span() + "。"
}

// NeedSheet is a need for an office, with what it can answer.
type NeedSheet struct {
	NeedState
	Place, From, For string // For: the department that has nobody here
}

// String shows the need.
func (s NeedSheet) String() string {
	text := fmt.Sprintf("诉求 #%d:%s家(%s)“%s”,%s说的。", s.Number, s.Family, s.Place, s.Words, s.From)
	if s.For != "" {
		text += "该" + s.For + "管,那里没人接,请代转代回。"
	}
	if s.State.Running() && s.State != models.NeedTaken {
		return text + "\n接了发“接 " + strconv.Itoa(s.Number) + "”," + s.Within.String() + "内要有结果;" + s.orders()
	}
	state := s.NeedState
	state.Family = ""
	text += "\n" + state.String()
	if s.State == models.NeedTaken {
		text += "\n" + s.orders()
	}
	return text
}

func (s NeedSheet) orders() string {
	return fmt.Sprintf("办完发“办结 %d 结果”,不归您管发“退回 %d 原因”。", s.Number, s.Number)
}

// NeedAgain, NeedLate and NeedUnhappy stand before a sheet.
const (
	NeedAgain   = "家里说没办好,请再办一次。"
	NeedLate    = "到日子了还没办完,请催一催。"
	NeedUnhappy = "办了两次,家里还是不满意,请核一核。"
	NeedUrged   = "家里又问了一回,请看看办到哪步了。"
)

// NeedTook answers 接 34.
func NeedTook(number int, due models.Day) string {
	return fmt.Sprintf("好,诉求 #%d 您接了,%s前要有结果。\n办完发“办结 %d 结果”;要等家里,发“暂停 %d 原因”。", number, due, number, number)
}

// NeedTookSoon answers it for an urgent one.
func NeedTookSoon(number int, due time.Time) string {
	return fmt.Sprintf("好,诉求 #%d 您接了,是急事,%s前要有结果。\n办完发“办结 %d 结果”。", number, due.Format("15:04"), number)
}

// NeedTakenBy is said to who comes second.
func NeedTakenBy(number int, office string) string {
	return fmt.Sprintf("诉求 #%d %s已经接了。", number, office)
}

// NeedOver is said to an order about a need that is done.
func NeedOver(number int) string { return fmt.Sprintf("诉求 #%d 已经办结了。", number) }

// NeedFinished answers 办结.
func NeedFinished(number int, asked bool) string {
	if !asked {
		return fmt.Sprintf("诉求 #%d 办结了。家里没有人在微信上,请打个电话问一声满不满意。", number)
	}
	return fmt.Sprintf("诉求 #%d 办结了,问过家里再了结。", number)
}

// NeedReturned answers 退回.
func NeedReturned(number int, to string) string {
	return fmt.Sprintf("诉求 #%d 退回了,转给%s看该谁管。", number, to)
}

// NeedNowhere answers 退回 where there is nobody above.
func NeedNowhere(number int) string {
	return fmt.Sprintf("诉求 #%d 上头没有人可退。该谁管发“转 %d 民政局”这样转过去。", number, number)
}

// NeedPassed answers 转.
func NeedPassed(number int, to string) string {
	return fmt.Sprintf("诉求 #%d 转给%s了。", number, to)
}

// NeedNoOffice answers 转 to an office that has nobody here.
func NeedNoOffice(number int, to string) string {
	return fmt.Sprintf("%s在这里没人接,没有转。请打电话转过去,办完发“办结 %d 结果”代回。", to, number)
}

// NeedNoSuchOffice answers 转 to a word that names no office.
func NeedNoSuchOffice() string {
	var names []string
	for _, d := range models.Departments {
		names = append(names, d.Name)
	}
	return "没认出是哪个部门,没有转。能转的有:" + strings.Join(names, "、") + "。"
}

// NeedPaused and NeedResumed answer 暂停 and 继续.
func NeedPaused(number int) string {
	return fmt.Sprintf("诉求 #%d 暂停了,不催。好了发“继续 %d”。", number, number)
}

// NeedResumed tells the new day.
func NeedResumed(number int, due models.Day) string {
	return fmt.Sprintf("诉求 #%d 接着办,%s前要有结果。", number, due)
}

// NeedNotTaken is said to 暂停 and 继续 of a need that nobody works on, or that
// does not rest.
func NeedNotTaken(number int) string {
	return fmt.Sprintf("诉求 #%d 现在不用这样。发“诉求 %d”看到哪步。", number, number)
}

// NeedReason asks for the words that an order lacks.
func NeedReason(word string, number int) string {
	what, example := "原因", "等家里交材料"
	switch word {
	case "办结":
		what, example = "结果", "瓦换好了,不漏了"
	case "退回":
		example = "这事归住建局"
	}
	return fmt.Sprintf("请把%s一起发来,比如:%s %d %s", what, word, number, example)
}

// NeedTakenNews, NeedMovedNews and NeedLateNews tell who asked.
func NeedTakenNews(number int, words, office string, due models.Day) string {
	return fmt.Sprintf("诉求 #%d(%s)%s接了,预计%s前有结果。", number, short(words, 10), office, due)
}

// NeedMovedNews tells that another office looks at it.
func NeedMovedNews(number int, words, office string) string {
	return fmt.Sprintf("诉求 #%d(%s)转到%s了,有人接了告诉您。等不及打12345。", number, short(words, 10), office)
}

// NeedLateNews tells that it takes longer.
func NeedLateNews(number int, words, office string) string {
	return fmt.Sprintf("诉求 #%d(%s)还没办完,报到%s催了。等不及打12345。", number, short(words, 10), office)
}

// NeedDoneNews tells the cadre who reported it.
func NeedDoneNews(number int, family, result string) string {
	return fmt.Sprintf("诉求 #%d %s家的事办结了:%s。", number, family, result)
}

// AskRating asks the family's word.
func AskRating(number int, words, office, result string) string {
	return fmt.Sprintf("诉求 #%d(%s)%s说办结了:%s。\n办好了吗?1 满意 2 一般 3 不满意", number, short(words, 10), office, result)
}

// Rated answers it.
func Rated(number int, r models.Rating) string {
	if r == models.RatingBad {
		return fmt.Sprintf("记下了,诉求 #%d 退回去再办,办完再问您。等不及打12345。", number)
	}
	return fmt.Sprintf("好,诉求 #%d 了结了。再有事直接说。", number)
}

// RatedBadAgain answers the second 不满意.
func RatedBadAgain(number int) string {
	return fmt.Sprintf("记下了,诉求 #%d 报给县上核。您也可以打12345。", number)
}

// OfferHelp offers a cadre to record a solved need; day is that of a difficulty
// which is recorded already and may be the same.
func OfferHelp(number int, family, result string, day models.Day) string {
	s := fmt.Sprintf("诉求 #%d %s家的事办结了:%s。", number, family, result)
	if day != "" {
		return s + "\n" + day.String() + "已记过一件实事。同一件回2,不再记;另一件回1,记成解决困难。"
	}
	return s + "\n记成解决困难吗?1 记 2 不记"
}

// NothingToRate is said to a rating that nothing was asked for.
const NothingToRate = "现在没有等您评的诉求。有事直接说。"

// ByTownship is where a need goes whose department has nobody here.
func ByTownship(department string) string { return "乡镇,由乡镇找" + department }

// DepartmentHelp is how a department uses the bot.
const DepartmentHelp = "有诉求来了我告诉您。接了发“接 34”,办完发“办结 34 结果”,不归您管发“退回 34 原因”,要等家里发“暂停 34 原因”。\n发“诉求”看还有哪些等办。"

// HelpNotRecorded is said to 不记.
const HelpNotRecorded = "好,不记。"

// HelpRecorded stands before the receipt.
func HelpRecorded(number int, receipt string) string {
	return fmt.Sprintf("诉求 #%d 记成实事了。%s", number, receipt)
}

// HelpUnpaired is said where the pairing has ended since.
const HelpUnpaired = "这家现在不在您名下,没有记。"

// OpenNeeds lists what an office has to do.
func OpenNeeds(lines []string, more bool) string {
	if len(lines) == 0 {
		return "现在没有等您办的诉求。"
	}
	s := strings.Join(lines, "\n")
	if more {
		s += "\n(只列前面的,办一件少一件)"
	}
	return s + "\n看哪件就发“诉求 号码”。"
}

// NoNeeds is said to 诉求 of who has none.
const NoNeeds = "您还没有转过诉求。家里有难处直接说一句就行。"

// CardNeed is the second field of a QuestionCard for an office.
func CardNeed(number int) string { return fmt.Sprintf("有诉求要看,回“诉求 %d”", number) }

// CardNeedNews is it for who asked.
func CardNeedNews(number int) string {
	return fmt.Sprintf("有进展了,回“诉求 %d”看", number)
}

// CardRating is it for the family's word.
func CardRating(number int) string { return fmt.Sprintf("办好了吗?回“诉求 %d”", number) }
