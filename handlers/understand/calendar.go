package understand

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"aixin/models"
)

//go:embed calendar.txt
var calendarText string

// calendar is the lunar calendar of 2000–2050 (calendar.txt, made by gen).
type calendar struct {
	years map[int]lunarYear
	names map[rune][]dayName // words for days, by their first letter
}

// dayName is a word for a day: one of dateWords, clockWords, holidays or terms.
type dayName struct {
	word  string
	size  int // in letters
	near  *dateWord
	clock bool
	feast *holiday
	term  int // index of a solar term, -1 for none
}

type lunarYear struct {
	newYear models.Day
	months  []int // lengths, in order
	leap    int   // index in months of the leap month, -1 without
	terms   [24]models.Day
}

// termNames are the solar terms in the order of the year.
var termNames = [24]string{
	"小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至",
	"小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至",
}

// loadCalendar reads the committed table; it is part of the program, so a line
// that cannot be read is a bug and panics.
func loadCalendar() *calendar {
	c := &calendar{years: map[int]lunarYear{}, names: map[rune][]dayName{}}
	for line := range strings.Lines(calendarText) {
		f := strings.Fields(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		if len(f) != 4 {
			panic(fmt.Sprintf("calendar.txt: %q", line))
		}
		year := mustInt(f[0])
		y := lunarYear{newYear: monthDay(year, f[1]), leap: -1}
		for i, m := range strings.Split(f[2], ",") {
			if rest, ok := strings.CutPrefix(m, "*"); ok {
				y.leap, m = i, rest
			}
			y.months = append(y.months, mustInt(m))
		}
		for i, t := range strings.Split(f[3], ",") {
			y.terms[i] = monthDay(year, t)
		}
		c.years[year] = y
	}
	c.nameDays()
	return c
}

// nameDays indexes every word for a day.
func (c *calendar) nameDays() {
	add := func(word string, n dayName) {
		first, _ := utf8.DecodeRuneInString(word)
		n.word, n.size = word, utf8.RuneCountInString(word)
		c.names[first] = append(c.names[first], n)
	}
	for i := range dateWords {
		add(dateWords[i].word, dayName{near: &dateWords[i], term: -1})
	}
	for _, w := range clockWords {
		add(w, dayName{clock: true, term: -1})
	}
	for i := range holidays {
		for name := range strings.FieldsSeq(holidays[i].names) {
			add(name, dayName{feast: &holidays[i], term: -1})
		}
	}
	for i, name := range termNames {
		add(name, dayName{term: i})
	}
}

func mustInt(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic("calendar.txt: " + err.Error())
	}
	return n
}

func monthDay(year int, mmdd string) models.Day {
	return models.NewDay(year, time.Month(mustInt(mmdd[:2])), mustInt(mmdd[2:]))
}

// lunar returns the solar day of a day of the lunar year; day 0 is the last day
// of the month before, day 31 stands for the last day of the month.
func (c *calendar) lunar(year, month, day int) (models.Day, bool) {
	y, ok := c.years[year]
	if !ok || month < 1 || month > 12 {
		return "", false
	}
	index := month - 1
	if y.leap >= 0 && index >= y.leap {
		index++
	}
	if index >= len(y.months) {
		return "", false
	}
	offset := 0
	for _, n := range y.months[:index] {
		offset += n
	}
	return y.newYear.Add(offset + min(day, y.months[index]) - 1), true
}

// term returns the day of a solar term in a year.
func (c *calendar) term(year, index int) (models.Day, bool) {
	y, ok := c.years[year]
	return y.terms[index], ok
}

// holiday is a named day: fixed, lunar, or the nth weekday of a month.
type holiday struct {
	names      string // separated by spaces
	month, day int
	lunar      bool
	week       int            // nth Sunday of month when not 0
	moves      map[int]string // the day of each year, where no rule gives it: MMDD
}

// The festivals of the Islamic year, on the days they are kept in the north-west.
// They move by about eleven days a year: a year more is one entry more.
var (
	fastEnds = map[int]string{
		2020: "0524", 2021: "0513", 2022: "0503", 2023: "0422", 2024: "0410", 2025: "0331",
		2026: "0320", 2027: "0310", 2028: "0227", 2029: "0215", 2030: "0205",
	}
	sacrifice = map[int]string{
		2020: "0731", 2021: "0720", 2022: "0710", 2023: "0629", 2024: "0617", 2025: "0607",
		2026: "0527", 2027: "0517", 2028: "0505", 2029: "0424", 2030: "0414",
	}
)

// holidays are the days people name instead of a date. Longer names first where
// one begins another.
var holidays = []holiday{
	{names: "元旦节 元旦 阳历年", month: 1, day: 1},
	{names: "三八妇女节 三八节 妇女节 三八", month: 3, day: 8},
	{names: "植树节", month: 3, day: 12},
	{names: "五一劳动节 五一节 劳动节 五一", month: 5, day: 1},
	{names: "五四青年节 青年节 五四", month: 5, day: 4},
	{names: "六一儿童节 六一节 儿童节 六一", month: 6, day: 1},
	{names: "七一建党节 建党节 七一 党的生日", month: 7, day: 1},
	{names: "八一建军节 建军节 八一", month: 8, day: 1},
	{names: "教师节", month: 9, day: 10},
	{names: "十一国庆节 国庆节 国庆 十一黄金周", month: 10, day: 1},
	{names: "国际残疾人日", month: 12, day: 3},
	{names: "平安夜", month: 12, day: 24},
	{names: "圣诞节", month: 12, day: 25},
	{names: "情人节", month: 2, day: 14},
	{names: "母亲节", month: 5, week: 2},
	{names: "全国助残日 助残日", month: 5, week: 3},
	{names: "父亲节", month: 6, week: 3},
	{names: "开斋节 尔德节 尔代节 肉孜节 开斋", moves: fastEnds},
	{names: "古尔邦节 古尔邦 宰牲节 忠孝节", moves: sacrifice},
	{names: "春节 大年初一 过年那天 年初一 农历新年", month: 1, day: 1, lunar: true},
	{names: "元宵节 元宵 正月十五 灯节", month: 1, day: 15, lunar: true},
	{names: "龙抬头 二月二", month: 2, day: 2, lunar: true},
	{names: "三月三", month: 3, day: 3, lunar: true},
	{names: "端午节 端阳节 端午 端阳 五月五 五月端午", month: 5, day: 5, lunar: true},
	{names: "六月六", month: 6, day: 6, lunar: true},
	{names: "七夕节 七夕 七月七", month: 7, day: 7, lunar: true},
	{names: "中元节 七月十五 七月半", month: 7, day: 15, lunar: true},
	{names: "中秋节 中秋 八月十五 八月节", month: 8, day: 15, lunar: true},
	{names: "重阳节 重阳 九月九 老人节 老年节 敬老节", month: 9, day: 9, lunar: true},
	{names: "十月一 寒衣节", month: 10, day: 1, lunar: true},
	{names: "腊八节 腊八 腊月八", month: 12, day: 8, lunar: true},
	{names: "小年", month: 12, day: 23, lunar: true},
	{names: "除夕 大年三十 年三十 腊月三十 三十晚上 大年夜 年三十晚", month: 12, day: 31, lunar: true},
}

// on returns the holiday's day of a year (of a lunar year for a lunar one).
func (c *calendar) on(h holiday, year int) (models.Day, bool) {
	switch {
	case h.moves != nil:
		mmdd, ok := h.moves[year]
		if !ok {
			return "", false
		}
		return monthDay(year, mmdd), true
	case h.lunar:
		return c.lunar(year, h.month, h.day)
	case h.week > 0:
		first := models.NewDay(year, time.Month(h.month), 1)
		return first.Add((7-int(first.Weekday()))%7 + 7*(h.week-1)), true
	}
	return models.NewDay(year, time.Month(h.month), h.day), true
}
