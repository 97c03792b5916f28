package understand

import (
	"strings"
	"time"

	"aixin/models"
)

// dateMention is a day named in the text.
type dateMention struct {
	day    models.Day // the latest such day not after today, or the day ahead
	ahead  models.Day // the next such day, for plans; "" when the same
	future bool       // says itself that it is ahead: 明天, 下周三
	vague  bool       // no single day: 前几天, 上周
	same   bool       // the day told last: 当天
	shift  int        // days after the day told last: 第二天
	month  int        // the month told, so that 8号和23号 share it
	feast  bool       // a festival or solar term
	edge   bool       // 月底: of this month or of the last
	clock  bool       // only a time of day; no word about the day
}

// dateWord is a word that stands for a day.
type dateWord struct {
	word string
	m    dateMention
	off  int
}

var dateWords = []dateWord{
	{word: "大大前天", off: -4},
	{word: "大前天", off: -3},
	{word: "上前天", off: -3},
	{word: "大前儿", off: -3},
	{word: "前天", off: -2},
	{word: "前日", off: -2},
	{word: "前儿", off: -2},
	{word: "前个儿", off: -2},
	{word: "前个", off: -2},
	{word: "前晚", off: -2},
	{word: "前夜", off: -2},
	{word: "先一天", off: -2},
	{word: "昨天", off: -1},
	{word: "昨日", off: -1},
	{word: "昨儿个", off: -1},
	{word: "昨儿", off: -1},
	{word: "昨个", off: -1},
	{word: "昨晚上", off: -1},
	{word: "昨晚", off: -1},
	{word: "昨夜", off: -1},
	{word: "昨下午", off: -1},
	{word: "昨上午", off: -1},
	{word: "昨早", off: -1},
	{word: "昨后晌", off: -1},
	{word: "夜来个", off: -1},
	{word: "夜来", off: -1},
	{word: "夜个", off: -1},
	{word: "夜儿", off: -1},
	{word: "昨", off: -1},
	{word: "今天", off: 0},
	{word: "今日", off: 0},
	{word: "今儿个", off: 0},
	{word: "今儿", off: 0},
	{word: "今个", off: 0},
	{word: "今早上", off: 0},
	{word: "今早", off: 0},
	{word: "今晨", off: 0},
	{word: "今晚", off: 0},
	{word: "今上午", off: 0},
	{word: "今下午", off: 0},
	{word: "今后晌", off: 0},
	{word: "刚才", off: 0},
	{word: "刚刚", off: 0},
	{word: "才刚", off: 0},
	{word: "方才", off: 0},
	{word: "当下", off: 0},
	{word: "这会", off: 0},
	{word: "将才", off: 0},
	{word: "明天", off: 1, m: dateMention{future: true}},
	{word: "明日", off: 1, m: dateMention{future: true}},
	{word: "明儿个", off: 1, m: dateMention{future: true}},
	{word: "明儿", off: 1, m: dateMention{future: true}},
	{word: "明早", off: 1, m: dateMention{future: true}},
	{word: "明晚", off: 1, m: dateMention{future: true}},
	{word: "明后天", off: 1, m: dateMention{future: true}},
	{word: "明个", off: 1, m: dateMention{future: true}},
	{word: "明上午", off: 1, m: dateMention{future: true}},
	{word: "明下午", off: 1, m: dateMention{future: true}},
	{word: "大后天", off: 3, m: dateMention{future: true}},
	{word: "后天", off: 2, m: dateMention{future: true}},
	{word: "后日", off: 2, m: dateMention{future: true}},
	{word: "后儿", off: 2, m: dateMention{future: true}},
	{word: "外后天", off: 3, m: dateMention{future: true}},
	{word: "外后日", off: 3, m: dateMention{future: true}},
	{word: "过两天", off: 2, m: dateMention{future: true}},
	{word: "过几天", off: 3, m: dateMention{future: true}},
	{word: "过些天", off: 3, m: dateMention{future: true}},
	{word: "过两日", off: 2, m: dateMention{future: true}},
	{word: "过一阵", off: 7, m: dateMention{future: true}},
	{word: "改天", off: 3, m: dateMention{future: true}},
	{word: "改日", off: 3, m: dateMention{future: true}},
	{word: "下下周", off: 14, m: dateMention{future: true}},
	{word: "下周", off: 7, m: dateMention{future: true}},
	{word: "下星期", off: 7, m: dateMention{future: true}},
	{word: "下礼拜", off: 7, m: dateMention{future: true}},
	{word: "下个礼拜", off: 7, m: dateMention{future: true}},
	{word: "下个星期", off: 7, m: dateMention{future: true}},
	{word: "下个月", off: 30, m: dateMention{future: true}},
	{word: "下月", off: 30, m: dateMention{future: true}},
	{word: "明年", off: 365, m: dateMention{future: true}},
	{word: "前几天", off: -3, m: dateMention{vague: true}},
	{word: "前些天", off: -3, m: dateMention{vague: true}},
	{word: "前两天", off: -2, m: dateMention{vague: true}},
	{word: "前一阵", off: -7, m: dateMention{vague: true}},
	{word: "前段时间", off: -7, m: dateMention{vague: true}},
	{word: "前不久", off: -7, m: dateMention{vague: true}},
	{word: "前阵子", off: -7, m: dateMention{vague: true}},
	{word: "上上周", off: -14, m: dateMention{vague: true}},
	{word: "上周", off: -7, m: dateMention{vague: true}},
	{word: "上星期", off: -7, m: dateMention{vague: true}},
	{word: "上礼拜", off: -7, m: dateMention{vague: true}},
	{word: "上个礼拜", off: -7, m: dateMention{vague: true}},
	{word: "上个星期", off: -7, m: dateMention{vague: true}},
	{word: "当天", m: dateMention{same: true}},
	{word: "当日", m: dateMention{same: true}},
	{word: "那天", m: dateMention{same: true}},
	{word: "同一天", m: dateMention{same: true}},
	{word: "同天", m: dateMention{same: true}},
	{word: "同日", m: dateMention{same: true}},
	{word: "当晚", m: dateMention{same: true}},
	{word: "第一天", m: dateMention{same: true}},
	{word: "头一天", m: dateMention{same: true}},
	{word: "第二天", m: dateMention{shift: 1}},
	{word: "次日", m: dateMention{shift: 1}},
	{word: "转天", m: dateMention{shift: 1}},
	{word: "隔天", m: dateMention{shift: 1}},
	{word: "第三天", m: dateMention{shift: 2}},
}

// clockWords are times of day: they say nothing of the day, but where no day
// was told they mean today.
var clockWords = []string{"大清早", "一大早", "一早", "早上", "早晨", "清早", "赶早", "早起", "上午", "前晌", "晌午", "中午", "下午", "后晌", "傍晚", "擦黑", "晚上", "黑里", "黑了", "夜里", "晚夕", "凌晨", "半夜", "半下午", "早间", "午后", "饭后"}

// dayReader reads days as seen from today.
type dayReader struct {
	c     *calendar
	today models.Day
}

func (c *calendar) at(today models.Day) dayReader { return dayReader{c, today} }

// read returns the day named at i and the index after it, or i.
func (d dayReader) read(r []rune, i, lastMonth int) (dateMention, int) {
	best, end := dateMention{}, i
	take := func(m dateMention, j int) {
		if j > end {
			best, end = m, j
		}
	}
	for _, w := range d.c.names[r[i]] {
		switch {
		case w.near == nil || !hasAt(r, i, w.word):
		case w.word == "改日" && at(r, i+2) == '期':
		case w.word == "昨" && isHan(at(r, i+1)) && !strings.ContainsRune("去给跟和在到", at(r, i+1)):
		default:
			m := w.near.m
			m.day = d.today.Add(w.near.off)
			take(m, i+w.size)
		}
	}
	take(d.ago(r, i))
	take(d.weekday(r, i))
	take(d.monthDay(r, i, lastMonth))
	take(d.lunarDay(r, i))
	take(d.holiday(r, i))
	if end == i {
		for _, w := range d.c.names[r[i]] {
			if w.clock && hasAt(r, i, w.word) {
				take(dateMention{clock: true}, i+w.size)
			}
		}
	}
	return best, end
}

// latest returns the day on or before today among the candidates of three
// years, and the next one from today on.
func (d dayReader) latest(of func(year int) (models.Day, bool)) (dateMention, bool) {
	m, year := dateMention{}, d.today.Year()
	for y := year - 2; y <= year+1; y++ {
		day, ok := of(y)
		if !ok {
			continue
		}
		if day <= d.today {
			m.day = day
		} else if m.ahead == "" {
			m.ahead = day
		}
	}
	return m, m.day != ""
}

// ago reads 五天前, 10天以前, 两周前, 半个月前, 3天后.
func (d dayReader) ago(r []rune, i int) (dateMention, int) {
	n, j := readNumber(r, i)
	count := int(n.cents / 100)
	if j == i {
		if at(r, i) != '半' {
			return dateMention{}, i
		}
		count, j = 0, i+1
	}
	if isDigit(at(r, i-1)) || n.vague || count > 400 {
		return dateMention{}, i
	}
	if at(r, j) == '个' {
		j++
	}
	unit := 0
	switch {
	case at(r, j) == '天' || at(r, j) == '日':
		unit, j = 1, j+1
	case at(r, j) == '周':
		unit, j = 7, j+1
	case hasAt(r, j, "星期") || hasAt(r, j, "礼拜"):
		unit, j = 7, j+2
	case at(r, j) == '月':
		unit, j = 30, j+1
	default:
		return dateMention{}, i
	}
	back := -count * unit
	day := d.today.Add(back)
	if unit == 30 {
		day = monthsFrom(d.today, -count)
		if at(r, i) == '半' {
			day = d.today.Add(-15)
		}
	}
	switch {
	case hasAt(r, j, "以前") || hasAt(r, j, "之前"):
		return dateMention{day: day}, j + 2
	case at(r, j) == '前':
		return dateMention{day: day}, j + 1
	case (hasAt(r, j, "以后") || hasAt(r, j, "之后")) && at(r, i-1) != '了':
		return dateMention{day: d.today.Add(-back), future: true}, j + 2
	case at(r, j) == '后' && at(r, i-1) != '了' && !strings.ContainsRune("来续", at(r, j+1)):
		return dateMention{day: d.today.Add(-back), future: true}, j + 1
	}
	return dateMention{}, i
}

// monthsFrom returns the same day of another month, or its last day.
func monthsFrom(day models.Day, n int) models.Day {
	t := day.Time()
	first := models.NewDay(t.Year(), t.Month()+time.Month(n), 1)
	last := models.NewDay(t.Year(), t.Month()+time.Month(n)+1, 0)
	return min(first.Add(t.Day()-1), last)
}

// weekday reads 周三, 这礼拜五, 上周日, 上上周三, 下周一, 周末.
func (d dayReader) weekday(r []rune, i int) (dateMention, int) {
	j, week, told := i, 0, false
	switch {
	case hasAt(r, j, "上上") || hasAt(r, j, "大上"):
		j, week, told = j+2, -2, true
	case hasAt(r, j, "下下"):
		j, week, told = j+2, 2, true
	case at(r, j) == '上':
		j, week, told = j+1, -1, true
	case at(r, j) == '下':
		j, week, told = j+1, 1, true
	case at(r, j) == '这' || at(r, j) == '本':
		j++
	}
	if at(r, j) == '个' && j > i {
		j++
	}
	switch {
	case at(r, j) == '周':
		j++
	case hasAt(r, j, "星期") || hasAt(r, j, "礼拜"):
		j += 2
	default:
		return dateMention{}, i
	}
	if j-1 == i && strings.ContainsRune("每一两三四半几", at(r, i-1)) && at(r, i-1) != 0 {
		return dateMention{}, i
	}
	const names = "一二三四五六日"
	k := strings.IndexRune(names, at(r, j))
	switch c := at(r, j); {
	case c == 0:
		return dateMention{}, i
	case k >= 0:
		k /= 3
	case c == '天':
		k = 6
	case c == '末':
		k = 5
	case c >= '1' && c <= '7' && !isDigit(at(r, j+1)):
		k = int(c - '1')
	default:
		return dateMention{}, i
	}
	if at(r, j+1) == '户' && k > 0 {
		return dateMention{}, i // 本周|三户都看了
	}
	day := d.today.Monday().Add(7*week + k)
	m := dateMention{day: day}
	switch {
	case week > 0:
		m.future = true
	case !told && day > d.today:
		m.day, m.ahead = day.Add(-7), day
		if at(r, i) == '这' || at(r, i) == '本' {
			m.future = at(r, j) == '末'
		}
		if m.future {
			m.day = day
		}
	case !told:
		m.ahead = day.Add(7)
		if day == d.today {
			m.ahead = day
		}
	}
	if at(r, j) == '末' && !told && d.today.Weekday() == time.Sunday {
		m.day = d.today
	}
	return m, j + 1
}
