package understand

import (
	"strings"
	"unicode/utf8"

	"aixin/models"
)

// lunarDay reads 农历三月初八, 正月初六, 腊月二十三, 大年初二, 五月初五.
func (d dayReader) lunarDay(r []rune, i int) (dateMention, int) {
	j, told := i, false
	for _, w := range []string{"农历", "阴历", "古历", "老历", "旧历"} {
		if hasAt(r, j, w) {
			j, told = j+2, true
		}
	}
	if hasAt(r, j, "的") && told {
		j++
	}
	month := 0
	switch {
	case hasAt(r, j, "正月"):
		month, j, told = 1, j+2, true
	case hasAt(r, j, "大年"):
		month, j, told = 1, j+2, true
		if n, k := readSmall(r, j); n >= 29 { // the eve is of the year before
			return d.lunarOn(12, 31, i, k)
		}
	case hasAt(r, j, "腊月"):
		month, j, told = 12, j+2, true
	case hasAt(r, j, "冬月"):
		month, j, told = 11, j+2, true
	case at(r, j) == '初' && !strings.ContainsRune("上读念月年", at(r, j-1)) && d.newYearNear():
		month, told = 1, true // 初三去拜年, only around the new year
		if _, k := readSmall(r, j+1); strings.ContainsRune("的学年班毕级", at(r, k)) && at(r, k) != 0 {
			return dateMention{}, i
		}
	default:
		m, k := readSmall(r, j)
		if k == j || at(r, k) != '月' || m < 1 || m > 12 {
			return dateMention{}, i
		}
		month, j = m, k+1
	}
	if at(r, j) == '份' {
		return dateMention{}, i
	}
	first := at(r, j) == '初'
	if first {
		j++
	} else if at(r, j) == '廿' {
		n, k := readSmall(r, j+1)
		if k == j+1 {
			n = 0
		}
		return d.lunarOn(month, 20+n, i, k)
	}
	day, k := readSmall(r, j)
	if k == j || day < 1 || day > 30 || !told && !first || at(r, k) == '号' || at(r, k) == '日' && !told {
		return dateMention{}, i
	}
	return d.lunarOn(month, day, i, k)
}

func (d dayReader) lunarOn(month, day, i, end int) (dateMention, int) {
	m, ok := d.latest(func(y int) (models.Day, bool) { return d.c.lunar(y, month, day) })
	if !ok {
		return dateMention{}, i
	}
	return m, end
}

// newYearNear reports whether the lunar new year was within 40 days.
func (d dayReader) newYearNear() bool {
	m, ok := d.latest(func(y int) (models.Day, bool) { return d.c.lunar(y, 1, 1) })
	return ok && d.today.Sub(m.day) <= 40
}

// holiday reads a festival or solar term, with 前一天 or 第二天 after it. It is
// no date where it only colours goods or wishes: 送春节慰问品, 祝六一快乐.
func (d dayReader) holiday(r []rune, i int) (dateMention, int) {
	var m dateMention
	j := i
	for _, n := range d.c.names[r[i]] {
		if n.near != nil || n.clock || n.size <= j-i || !hasAt(r, i, n.word) {
			continue
		}
		v, ok := d.latest(func(y int) (models.Day, bool) {
			if n.feast != nil {
				return d.c.on(*n.feast, y)
			}
			return d.c.term(y, n.term)
		})
		if ok {
			m, j = v, i+n.size
			m.feast = true
		}
	}
	if j == i {
		return m, i
	}
	if strings.ContainsRune("月号日班", at(r, j)) && at(r, j) != 0 || isDigit(at(r, j)) {
		return dateMention{}, i
	}
	for _, w := range []string{"快乐", "礼", "慰问金", "慰问品", "物资", "福利", "红包", "粥", "饭", "米", "面", "饺子", "的饺子", "的粽子", "的月饼", "还早", "还没", "还有", "快了", "月饼", "粽子", "汤圆", "祝福", "问候", "愉快", "安康", "路", "小学", "中学", "村", "社", "蛋糕", "节礼", "节日", "快到", "快要", "马上", "要到", "将至", "来临", "节快到", "节马上", "天热", "天冷", "天气"} {
		if hasAt(r, j, w) {
			return dateMention{}, i
		}
	}
	if hasAt(r, i-2, "过了") || hasAt(r, i-2, "过个") || hasAt(r, i-2, "送了") || hasAt(r, i-2, "买了") || hasAt(r, i-2, "带了") || hasAt(r, i-2, "煮了") || hasAt(r, i-2, "包了") || (strings.ContainsRune("祝送过买领发吃包的", at(r, i-1)) || hasAt(r, i-2, "快到") || hasAt(r, i-2, "马上") || hasAt(r, i-2, "临近")) && at(r, i-1) != 0 {
		return dateMention{}, i
	}
	if at(r, j) == '节' {
		j++
	}
	for _, w := range []struct {
		word  string
		shift int
	}{{"前一天", -1}, {"头一天", -1}, {"前两天", -2}, {"前天", -1}, {"前三天", -3}, {"第二天", 1}, {"后一天", 1}, {"次日", 1}, {"后第二天", 2}, {"前夕", -1}} {
		if hasAt(r, j, w.word) {
			if w.word == "前夕" && m.ahead != "" && m.ahead.Sub(d.today) < 16 {
				return dateMention{day: d.today, ahead: m.ahead, vague: true}, j + 2
			}
			m.day = m.day.Add(w.shift)
			if m.ahead != "" && m.ahead.Add(w.shift) <= d.today {
				m.day = m.ahead.Add(w.shift) // 立秋前一天, said on that day
			}
			if m.day > d.today {
				m.day = d.today
			}
			return m, j + utf8.RuneCountInString(w.word)
		}
	}
	for _, w := range []string{"前后", "期间", "假期", "放假", "当天", "那天", "这天", "当日", "晚上", "的时候"} {
		if hasAt(r, j, w) {
			if (w == "前后" || w == "期间") && m.ahead != "" && m.ahead.Sub(d.today) < 8 {
				return dateMention{day: d.today, ahead: m.ahead, vague: true}, j + 2
			}
			return m, j + utf8.RuneCountInString(w)
		}
	}
	if at(r, j) == '前' || at(r, j) == '后' { // 春节前: some day, not this one
		return dateMention{day: d.today, ahead: m.ahead, vague: true}, j + 1
	}
	return m, j
}
