package say

import (
	"fmt"
	"strings"

	"aixin/models"
)

// Weekly is what there is to say to a cadre this week, over all people and
// reasons: how many, never who.
type Weekly struct {
	Today                   models.Day
	Visits, Contacts, Helps int        // people for whom something is owed
	By                      models.Day // the next day by which it should be done
	Birthdays               int
	Birthday                models.Day // the first of them
	Festival                string     // in words: 6月1日是儿童节
	Idea                    string     // what one could do for it
	FestivalOn              models.Day
	Questions               int
	Month                   models.Day // whose summary it is; "" for none
	Did                     [3]int     // in that month's year: visits, contacts, things
}

// fieldRoom is how many characters a field of a card has (users.md 六).
const fieldRoom = 20

// Owes tells whether a duty is open.
func (w Weekly) Owes() bool { return w.Visits+w.Contacts+w.Helps > 0 }

// Empty tells whether there is nothing to say; questions have a way of their own
// and only go along.
func (w Weekly) Empty() bool {
	return !w.Owes() && w.Birthdays == 0 && w.Festival == "" && w.Month == ""
}

// OnlySummary tells whether last month's summary is all there is.
func (w Weekly) OnlySummary() bool {
	return w.Month != "" && !w.Owes() && w.Birthdays == 0 && w.Festival == ""
}

// period is the part of the year that a duty is asked for.
func period(by models.Day) string {
	switch by.Time().Month() {
	case 6:
		return "上半年"
	case 12:
		return "今年"
	}
	return "这季度"
}

// duties say what is owed: one duty in full, several in short.
func (w Weekly) duties() (out []string) {
	kinds := []struct {
		n    int
		word string
	}{{w.Visits, "走访"}, {w.Contacts, "联系"}, {w.Helps, "实事"}}
	for _, k := range kinds {
		if k.n == w.Visits+w.Contacts+w.Helps && k.n > 0 {
			return []string{fmt.Sprintf("有%d户%s还差%s", k.n, period(w.By), k.word)}
		}
		if k.n > 0 {
			out = append(out, fmt.Sprintf("%d户差%s", k.n, k.word))
		}
	}
	return out
}

func (w Weekly) phrases() []string {
	out := w.duties()
	switch {
	case w.Birthdays == 1 && w.Birthday == w.Today:
		out = append(out, "1位今天过生日")
	case w.Birthdays == 1:
		out = append(out, fmt.Sprintf("1位%s过生日", shortDay(w.Birthday)))
	case w.Birthdays > 1:
		out = append(out, fmt.Sprintf("%d位7天内过生日", w.Birthdays))
	}
	if w.Festival != "" {
		out = append(out, w.Festival)
	}
	if w.Questions > 0 {
		out = append(out, fmt.Sprintf("%d个提问等您回", w.Questions))
	}
	if w.Month != "" {
		out = append(out, SummaryTitle(w.Month)+"点开看")
	}
	return out
}

func shortDay(d models.Day) string {
	return fmt.Sprintf("%d月%d日", d.Time().Month(), d.Time().Day())
}

// ShortDay writes a day without its weekday, for a card.
func ShortDay(d models.Day) string { return shortDay(d) }

// Feast says on which day a festival is.
func Feast(name, words string, on models.Day) string {
	if words != "" {
		return fmt.Sprintf(words, shortDay(on))
	}
	return shortDay(on) + "是" + name
}

// pack joins as many phrases as fit a field and gives the rest.
func pack(phrases []string) (field string, rest []string) {
	for i, p := range phrases {
		longer := strings.TrimSpace(field + " " + p)
		if len([]rune(longer)) > fieldRoom {
			return field, phrases[i:]
		}
		field = longer
	}
	return field, nil
}

// tooNear is how close an occasion may be to be joined with a visit that is owed.
const tooNear = 3

// Good is the day to go or to call: what is owed is best done for an occasion.
func (w Weekly) Good() models.Day {
	by := w.By
	for _, d := range []models.Day{w.Birthday, w.FestivalOn} {
		if d != "" && (by == "" || d < by) && (!w.Owes() || d.Sub(w.Today) >= tooNear) {
			by = d
		}
	}
	return models.GoodDay(w.Today, by)
}

func (w Weekly) advice() string {
	before := w.Good().String()
	if w.Good() > w.Today {
		before += "前"
	}
	switch {
	case w.Visits+w.Helps > 0:
		return before + "去一趟"
	case w.Contacts > 0:
		return before + "打个电话"
	case w.Birthdays > 0:
		return before + "捎句祝福"
	}
	return before + w.Idea
}

// Card words the week.
func (w Weekly) Card() Card {
	if w.OnlySummary() {
		c := SummaryCard(w.Month, w.Month.Year() == w.Today.Year(), w.Did[0], w.Did[1], w.Did[2])
		if w.Questions > 0 {
			c[2].Value = fmt.Sprintf("%d个提问等您回", w.Questions)
		}
		return c
	}
	what, rest := pack(w.phrases())
	more, _ := pack(rest)
	switch {
	case more != "":
	case w.Owes():
		more = "去过没记的,补一句就行"
	case w.Birthdays > 0:
		more = "点开看是哪位"
	default:
		more = "去了、打了,说一句就记上"
	}
	return Card{{"事项", "thing1", what}, {"建议", "thing2", w.advice()}, {"说明", "thing3", more}}
}

// Why explains the message to who runs the service.
func (w Weekly) Why() string {
	out := w.duties()
	if w.Owes() {
		out[len(out)-1] += "(" + shortDay(w.By) + "前要做到)"
	}
	if w.Birthdays > 0 {
		out = append(out, fmt.Sprintf("%d位7天内过生日,最早%s", w.Birthdays, shortDay(w.Birthday)))
	}
	if w.Festival != "" {
		out = append(out, w.Festival)
	}
	if w.Questions > 0 {
		out = append(out, fmt.Sprintf("顺带说%d个没回的提问", w.Questions))
	}
	if w.Month != "" {
		out = append(out, fmt.Sprintf("%s(%s)", SummaryTitle(w.Month), string(w.Month[:7])))
	}
	if !w.OnlySummary() {
		out = append(out, "好日子"+w.Good().String())
	}
	return strings.Join(out, ";")
}

// Why a message comes later, or not at all.
const (
	LaterQuiet   = ";免打扰,往后排"
	LaterCap     = ";每周只发一条,往后排"
	LaterSeldom  = ";本人要少提醒,往后排"
	LaterAsked   = ";按本人说的时候发"
	NotReachable = ";没绑定微信,发不到,请打电话"
)

// Entry is what an office is told of the month's entries into the province's
// system.
type Entry struct {
	Month               models.Day
	Today               models.Day
	Settle, Close, Sign models.Day
}

// Card words it: the first word while figures may still change, the last one
// once they are settled.
func (e Entry) Card() Card {
	what := fmt.Sprintf("%d月的记录可以录了", e.Month.Time().Month())
	if e.Today >= e.Settle {
		what = fmt.Sprintf("%d月的数定了,还没录的补录", e.Month.Time().Month())
	}
	return Card{{"事项", "thing1", what}, {"建议", "thing2", e.Close.String() + "前录完"}, {"说明", "thing3", shortDay(e.Sign) + "签发,录完就不用管"}}
}

// Why explains it.
func (e Entry) Why() string {
	return fmt.Sprintf("%d月录入:%s定稿、%s录完、%s签发(遇休息日提前)", e.Month.Time().Month(), shortDay(e.Settle), shortDay(e.Close), shortDay(e.Sign))
}

var weekdayNames = [...]string{"", "周一", "周二", "周三", "周四", "周五", "周六", "周日"}

func hourName(weekday, minute int) string {
	part := "早上"
	switch {
	case minute >= 18*60:
		part = "晚上"
	case minute >= 13*60:
		part = "下午"
	case minute >= 9*60:
		part = "上午"
	}
	return fmt.Sprintf("%s%s%d:%02d", weekdayNames[weekday], part, minute/60, minute%60)
}

// stillComes is what no choice holds back.
const stillComes = "家属的提问、单位通知和急事照样发。"

// RemindHeld is said where somebody wants no reminders for a while.
func RemindHeld(from models.Day) string {
	return "好,先不提醒了," + from.String() + "起照旧。" + stillComes
}

// RemindHour is said where somebody names another hour.
func RemindHour(weekday, minute int) string {
	return "好,以后每周的提醒改到" + hourName(weekday, minute) + "。碰上免打扰就顺延到它过了。"
}

// RemindSeldom is said where somebody wants fewer.
func RemindSeldom(weeks int) string {
	return fmt.Sprintf("好,以后%d周最多提醒一条。%s要改回来,发“恢复提醒”。", weeks, stillComes)
}

// RemindOff is said where somebody wants none.
const RemindOff = "好,以后不提醒了。还差啥,发“进度”随时看。" + stillComes + "要改回来,发“恢复提醒”。"

// RemindTogether is said where somebody wants none about one person.
func RemindTogether(name string) string {
	return "提醒是几户合成一条说的,单独停不了一户。" + name + "要是住院、外出了,说一声,就不提走访了;想都歇歇,发“这周别提醒了”。"
}

// RemindBack is said where somebody wants them again.
func RemindBack(weekday, minute int) string {
	return "好,提醒恢复了:每周最多一条," + hourName(weekday, minute) + "。没有要办的就不发。"
}

// RemindSetting tells when reminders come.
func RemindSetting(weekday, minute, every int, off bool, from models.Day) string {
	s := fmt.Sprintf("提醒%s发,%d周最多一条,没有要办的不发。", hourName(weekday, minute), max(1, every/7))
	switch {
	case off:
		s = "提醒是关着的。要打开,发“恢复提醒”。"
	case from != "":
		s += "现在歇着," + from.String() + "起照旧。"
	}
	return s + "\n要改就说:这周别提醒了、提醒改到周五早上、以后少提醒。"
}
