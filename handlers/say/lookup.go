package say

import (
	"fmt"
	"strings"

	"aixin/models"
)

// Recorded tells what was recorded lately.
func Recorded(lines []string) string {
	if len(lines) == 0 {
		return "这两天没见到记录。再发一句就记上,不会重。"
	}
	return "记上了的:\n" + strings.Join(lines, "\n")
}

// LastSeen tells when a person was last visited and called this year.
func LastSeen(person string, visit, contact models.Day) string {
	switch {
	case visit == "" && contact == "":
		return person + ":今年还没见到记录。"
	case visit == "":
		return person + ":今年没见到走访记录,上次联系" + contact.String() + "。"
	case contact == "":
		return person + ":上次走访" + visit.String() + ",今年没见到联系记录。"
	}
	return person + ":上次走访" + visit.String() + ",上次联系" + contact.String() + "。"
}

// Times tells how the year stands, and how often and when one kind was done.
func Times(person string, t models.Tally, kind models.Kind, days []models.Day) string {
	s := YearLine(person, t)
	if len(days) == 0 {
		return s + ",今年没见到" + kind.Label() + "记录。"
	}
	var parts []string
	for _, d := range days {
		parts = append(parts, d.String())
	}
	return fmt.Sprintf("%s,今年%s%d次:%s。", s, kind.Label(), len(days), strings.Join(parts, "、"))
}

// HowCounted is the rule of the year.
func HowCounted(rules models.RuleSet) string {
	var parts []string
	last := models.Cycle("")
	for _, r := range rules {
		if r.Line != models.LinePairing || r.Number == 0 {
			continue
		}
		head, unit := "", "次"
		if r.Cycle != last {
			head, last = strings.Replace(r.Cycle.Label(), "每年", "一年", 1)+"要", r.Cycle
		}
		if r.Kind == models.KindHelp {
			unit = "件"
		}
		parts = append(parts, fmt.Sprintf("%s%s%d%s", head, r.Name, r.Number, unit))
	}
	return strings.Join(parts, "、") + "。同一天去几趟算一次;视频算联系;只宣讲政策、送钱物不算实事。"
}

// Counted lists what was counted for a person, and what was not and why.
func Counted(person string, t models.Tally, acts []models.Activity) string {
	var done, not []string
	for _, c := range t.Credits {
		a := acts[c.Index]
		d := Done{Kind: a.Kind, Channel: a.Channel, Help: a.Help, Stage: a.Stage, AmountFen: a.AmountFen}
		words := fmt.Sprintf("%d月%d日%s", a.Day.Time().Month(), a.Day.Time().Day(), d.thing())
		if c.Why == "" {
			done = append(done, words)
		} else {
			not = append(not, words+"("+c.Why+")")
		}
	}
	s := YearLine(person, t)
	if t.Opened != (models.Target{}) {
		done = append([]string{fmt.Sprintf("启用前联系%d次、走访%d次、实事%d件", t.Opened.Contacts, t.Opened.Visits, t.Opened.Helps)}, done...)
	}
	switch {
	case len(done) > 0:
		s += ":" + strings.Join(done, "、") + "。"
	case len(not) == 0:
		s += ":今年没见到记录。"
	}
	if len(not) > 0 {
		s += "\n没算的:" + strings.Join(not, "、") + "。"
	}
	for _, o := range t.Current() {
		if o.Reason != "" {
			s += "\n" + o.Name + ":" + o.Reason + "。"
		}
	}
	return s
}

// Digest is the year of a cadre in figures.
type Digest struct {
	Year                          int
	Until                         models.Day
	People, Visits, Contacts      int
	Deeds, Difficulties, Policies int
	Gifts                         int
	AidFen                        int64
}

// String is a paragraph made of the figures alone.
func (d Digest) String() string {
	s := fmt.Sprintf("%d年截至%s,结对关爱%d人,走访探视%d人次、联系交流%d人次", d.Year, d.Until.Time().Format("1月2日"), d.People, d.Visits, d.Contacts)
	for _, p := range []struct {
		n    int
		word string
	}{{d.Deeds, "帮办实事%d件"}, {d.Difficulties, "解决困难%d件"}, {d.Policies, "宣传落实政策%d件"}} {
		if p.n > 0 {
			s += "," + fmt.Sprintf(p.word, p.n)
		}
	}
	if d.Gifts > 0 {
		s += fmt.Sprintf(",资助%d次", d.Gifts)
		if d.AidFen > 0 {
			s += "、折合" + models.Fen(d.AidFen).Yuan()
		}
	}
	return s + "。\n(都是记过的数,请核对;具体事例您自己添。)"
}

// PlanReminder promises a word on the day.
const PlanReminder = "到那天早上提醒您一句。"

// PlanCard reminds of what the cadre said they would do.
func PlanCard(people int, call bool) Card {
	if call {
		return Card{
			{"事项", "thing1", fmt.Sprintf("您说好今天给%d户打电话", people)},
			{"建议", "thing2", "吃饭的点上好打通"},
			{"说明", "thing3", "打通了,发一句就记上"},
		}
	}
	return Card{
		{"事项", "thing1", fmt.Sprintf("您说好今天去看%d户", people)},
		{"建议", "thing2", "路上慢点,不急"},
		{"说明", "thing3", "去过了,发一句就记上"},
	}
}
