package handlers

import (
	"regexp"
	"strconv"
	"time"

	"aixin/models"
)

// How long somebody looks after a colleague's people, as people say it.
//
//	代管一个月  代管半个月  先管两周  管十天
//	到12月31日  到下月5号  到月底  到下个月底  到年底  到这周末
//	从12月1日到12月20日  明天起代管一周
var (
	spanFor   = regexp.MustCompile(`(\d{1,3}|半|[一两二三四五六七八九十]{1,2})个?(天|日|周|星期|礼拜|月)(?:[^\d底初]|$)`)
	spanDay   = regexp.MustCompile(`[到至](?:(\d{1,2})月|(下个?月))?(\d{1,2})[日号]`)
	spanEnd   = regexp.MustCompile(`(下个?)?月底|(年底|年末)|(这|本)周|(下周)`)
	spanFrom  = regexp.MustCompile(`从?(?:(\d{1,2})月)?(\d{1,2})[日号](?:起|开始|到|至)`)
	spanBegin = regexp.MustCompile(`(明天|后天|下周一)(起|开始|到)`)
)

// deputyLongest is how many days somebody may be looked after for another.
const deputyLongest = 366

// deputyDays reads from when and until when. No end: "".
func deputyDays(text string, today models.Day) (from, to models.Day) {
	from = today
	if m := spanFrom.FindStringSubmatch(text); m != nil {
		from = dayAhead(m[1], "", m[2], today)
	} else if m := spanBegin.FindStringSubmatch(text); m != nil {
		from = map[string]models.Day{"明天": today.Add(1), "后天": today.Add(2), "下周一": today.Monday().Add(7)}[m[1]]
	}
	year, month, _ := today.Time().Date()
	if m := spanDay.FindStringSubmatch(text); m != nil {
		to = dayAhead(m[1], m[2], m[3], from)
	} else if m := spanFor.FindStringSubmatch(text); m != nil {
		n := numberWord(m[1])
		switch m[2] {
		case "周", "星期", "礼拜":
			n *= 7
		case "月":
			if m[1] == "半" {
				n = 15
				break
			}
			t := from.Time().AddDate(0, n, -1)
			return from, models.NewDay(t.Year(), t.Month(), t.Day())
		}
		to = from.Add(n - 1)
	} else if m := spanEnd.FindStringSubmatch(text); m != nil {
		switch {
		case m[1] != "":
			to = models.NewDay(year, month+2, 0)
		case m[2] != "":
			to = models.NewDay(year, time.December, 31)
		case m[3] != "":
			to = today.Monday().Add(6)
		case m[4] != "":
			to = today.Monday().Add(13)
		default:
			to = models.NewDay(year, month+1, 0)
		}
	}
	if to == "" || to < from || to > from.Add(deputyLongest) {
		return from, ""
	}
	return from, to
}

// dayAhead is the next such day, on or after a day.
func dayAhead(month, next, day string, after models.Day) models.Day {
	d, _ := strconv.Atoi(day)
	year, m, _ := after.Time().Date()
	switch {
	case month != "":
		n, _ := strconv.Atoi(month)
		if on := models.NewDay(year, time.Month(n), d); on >= after {
			return on
		}
		return models.NewDay(year+1, time.Month(n), d)
	case next != "":
		return models.NewDay(year, m+1, d)
	}
	if on := models.NewDay(year, m, d); on >= after {
		return on
	}
	return models.NewDay(year, m+1, d)
}

func numberWord(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	digits := map[rune]int{'一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	n := 0
	for _, r := range s {
		if r == '十' {
			n = max(n, 1) * 10
			continue
		}
		n += digits[r]
	}
	return n
}
