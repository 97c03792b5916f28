package understand

import (
	"strings"
	"time"
	"unicode/utf8"

	"aixin/models"
)

// monthDay reads 2026年11月15日, 去年12月28号, 11月15日, 11.15, 11/15, 15号,
// 上个月20号, 上月底, 月初.
func (d dayReader) monthDay(r []rune, i, lastMonth int) (dateMention, int) {
	if isDigit(at(r, i-1)) || at(r, i-1) == '.' && isDigit(at(r, i-2)) {
		return dateMention{}, i
	}
	j, year, past := i, 0, 0
	switch {
	case hasAt(r, j, "今年"):
		year, j = d.today.Year(), j+2
	case hasAt(r, j, "去年"):
		year, j = d.today.Year()-1, j+2
	case hasAt(r, j, "前年"):
		year, j = d.today.Year()-2, j+2
	case digitsFrom(r, j) == 4 && (r[j] == '2' && r[j+1] == '0') && strings.ContainsRune("年-./", at(r, j+4)) && at(r, j+4) != 0:
		year, j = 2000+int(r[j+2]-'0')*10+int(r[j+3]-'0'), j+5
	}
	if at(r, j) == '的' && year > 0 {
		j++
	}
	if year == 0 {
		for _, w := range []struct {
			word string
			past int
		}{{"上上个月", -2}, {"上上月", -2}, {"上个月", -1}, {"上月", -1}, {"这个月", 0}, {"本月", 0}, {"当月", 0}, {"下个月", 1}, {"下月", 1}} {
			if hasAt(r, j, w.word) {
				return d.inMonth(r, i, j+utf8.RuneCountInString(w.word), w.past)
			}
		}
		if at(r, j) == '月' && !isHan(at(r, i-1)) || at(r, j) == '月' && !strings.ContainsRune("上下这本个一二三四五六七八九十正腊冬每", at(r, i-1)) {
			if m, k := d.inMonth(r, i, j+1, past); k > j+1 && strings.ContainsRune("底初中末", at(r, j+1)) {
				return m, k
			}
		}
	}
	a, k := readSmall(r, j)
	if hasAt(r, j, "元月") {
		a, k = 1, j+1
	}
	if k == j {
		return dateMention{}, i
	}
	sep := at(r, k)
	switch {
	case sep == '月':
		k++
		if at(r, k) == '份' {
			k++
		}
		b, l := readSmall(r, k)
		for _, w := range []string{"的最后一天", "最后一天"} {
			if hasAt(r, k, w) {
				m, _ := d.edge(r, a, year, k)
				return m, k + utf8.RuneCountInString(w)
			}
		}
		if l == k {
			if strings.ContainsRune("底初中末", at(r, k)) && at(r, k) != 0 && a >= 1 && a <= 12 {
				return d.edge(r, a, year, k)
			}
			return dateMention{}, i
		}
		if at(r, l) == '日' || at(r, l) == '号' {
			l++
		} else if !isDigit(at(r, k)) && !isDigit(at(r, j)) && year == 0 {
			return dateMention{}, i // 八月十五 is lunar (lunarDay)
		} else if isUnitOfMoney(r, l) || isMeasure(at(r, l)) || at(r, l) == '户' || at(r, l) == '家' {
			return dateMention{}, i
		}
		return d.solar(year, a, b, i, l)
	case (sep == '.' || sep == '/' || sep == '-') && isDigit(at(r, j)):
		b, l := readSmall(r, k+1)
		if l == k+1 || isUnitOfMoney(r, l) || isMeasure(at(r, l)) || at(r, l) == '万' || at(r, l) == '%' || at(r, l) == '.' && year == 0 || at(r, l) == '米' || at(r, l) == '×' {
			return dateMention{}, i
		}
		if sep == '.' && year == 0 && (l-k-1 == 1 && digitsFrom(r, j) == 1 && at(r, l) != '号' && at(r, l) != '日' && !startsClause(r, j)) {
			return dateMention{}, i
		}
		if year == 0 && !startsClause(r, j) && at(r, l) != '号' && at(r, l) != '日' && sep != '.' && sep != '/' {
			return dateMention{}, i
		}
		if at(r, l) == '日' || at(r, l) == '号' {
			l++
		}
		return d.solar(year, a, b, i, l)
	case sep == '号' || sep == '日' && isDigit(at(r, j)) || sep == '日' && a > 10:
		if year != 0 || a < 1 || a > 31 || sep == '号' && numbered(r, k+1) || strings.ContainsRune("第月年", at(r, i-1)) && at(r, i-1) != 0 {
			return dateMention{}, i
		}
		return d.dayOfMonth(a, lastMonth), k + 1
	case lastMonth > 0 && (sep == '、' || sep == '和') && at(r, i-1) == '、':
		return dateMention{}, i
	}
	return dateMention{}, i
}

// numbered reports whether what stands at i is counted by numbers: 3号楼, but not
// 3号车奶奶家.
func numbered(r []rune, i int) bool {
	return at(r, i) != 0 && strings.ContainsRune("楼床线院门车机铁电矿", at(r, i)) &&
		!(at(r, i+1) != 0 && strings.ContainsRune("话联奶爷叔婶姨大老家嫂哥师", at(r, i+1)))
}

// startsClause reports whether a bare 11.15 at i stands where a date stands.
func startsClause(r []rune, i int) bool {
	return i == 0 || isStop(at(r, i-1)) || strings.ContainsRune("在于是到成为", at(r, i-1))
}

// readSmall reads a figure up to 99, in digits or characters.
func readSmall(r []rune, i int) (int, int) {
	if n := digitsFrom(r, i); n > 0 {
		if n > 2 {
			return 0, i
		}
		v := 0
		for k := range n {
			v = v*10 + int(r[i+k]-'0')
		}
		return v, i + n
	}
	j := i
	for strings.ContainsRune("一二三四五六七八九十", at(r, j)) && at(r, j) != 0 {
		j++
	}
	if j == i {
		return 0, i
	}
	n, end := readHan(r[:j], i)
	if end != j || n.vague || n.cents > 9900 {
		return 0, i
	}
	return int(n.cents / 100), j
}

// solar resolves month and day, of a year when one was told.
func (d dayReader) solar(year, month, day, i, end int) (dateMention, int) {
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return dateMention{}, i
	}
	of := func(y int) (models.Day, bool) {
		v := models.NewDay(y, time.Month(month), day)
		return v, v.Time().Day() == day
	}
	if year > 0 {
		v, ok := of(year)
		if !ok {
			return dateMention{}, i
		}
		return dateMention{day: v, future: v > d.today, month: month}, end
	}
	m, ok := d.latest(of)
	if !ok {
		return dateMention{}, i
	}
	m.month = month
	return m, end
}

// dayOfMonth resolves 15号: the latest such day, in the month told before when
// there was one (上个月8号和23号).
func (d dayReader) dayOfMonth(day, lastMonth int) dateMention {
	if lastMonth > 0 {
		if m, end := d.solar(0, lastMonth, day, 0, 1); end == 1 {
			return m
		}
	}
	var m dateMention
	t := d.today.Time()
	for k := 1; k >= -2; k-- {
		v := models.NewDay(t.Year(), t.Month()+time.Month(k), day)
		if v.Time().Day() != day {
			continue
		}
		if v > d.today {
			m.ahead = v
		} else {
			m.day = v
			break
		}
	}
	return m
}

// inMonth resolves what follows 上个月: 20号, 底, 初, 中旬; nothing is vague.
func (d dayReader) inMonth(r []rune, i, j, past int) (dateMention, int) {
	t := d.today.Time()
	first := models.NewDay(t.Year(), t.Month()+time.Month(past), 1)
	last := models.NewDay(t.Year(), t.Month()+time.Month(past)+1, 0)
	m := dateMention{future: past > 0, month: int(first.Time().Month())}
	if at(r, j) == '的' {
		j++
	}
	switch c := at(r, j); {
	case c == '底' || c == '末':
		m.day, j = last, j+1
		if past == 0 && last > d.today {
			m.day, m.ahead, m.edge = first.Add(-1), last, true
			m.future = strings.ContainsRune("个本当", at(r, j-2)) // 这个月底, not 月底
		}
		if m.future {
			m.day = last
		}
	case c == '初':
		m.day, j = first, j+1
	case c == '中':
		m.day, j = first.Add(14), j+1
		if at(r, j) == '旬' {
			j++
		}
		m.future = m.future || m.day > d.today
	default:
		day, k := readSmall(r, j)
		if k > j && day >= 1 && day <= 31 && (at(r, k) == '号' || at(r, k) == '日') {
			m.day, j = first.Add(day-1), k+1
			m.future = m.day > d.today
			break
		}
		if past == 0 {
			return dateMention{}, i
		}
		m.day, m.vague = monthsFrom(d.today, past), true
	}
	return m, j
}

// edge resolves 10月底, 3月初.
func (d dayReader) edge(r []rune, month, year, k int) (dateMention, int) {
	of := func(y int) (models.Day, bool) {
		switch at(r, k) {
		case '初':
			return models.NewDay(y, time.Month(month), 1), true
		case '中':
			return models.NewDay(y, time.Month(month), 15), true
		}
		return models.NewDay(y, time.Month(month)+1, 0), true
	}
	if at(r, k) == '中' && at(r, k+1) == '旬' {
		k++
	}
	if year > 0 {
		v, _ := of(year)
		return dateMention{day: v, future: v > d.today, month: month}, k + 1
	}
	m, _ := d.latest(of)
	m.month = month
	return m, k + 1
}
