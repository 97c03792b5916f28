package handlers

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"aixin/handlers/say"
	"aixin/models"
)

// The words by which people say what they want of reminders:
//
//	这周别提醒了  最近不要再催我  这三天别提醒        → hold
//	提醒改到周五早上  提醒换成礼拜二下午4点            → hour
//	以后少提醒  提醒太多了  别老催                    → seldom
//	以后别提醒了  把提醒关了                          → off
//	恢复提醒  还是提醒我吧                            → back
//	什么时候提醒  提醒设置                            → tell
var (
	remindTell   = regexp.MustCompile(`^(提醒设置|(什么时候|啥时候|几点|星期几|周几)(会|来|发)?提醒(我)?.?|提醒(是)?(什么时候|啥时候|几点|周几)(发|来)?.?)$`)
	remindBack   = regexp.MustCompile(`恢复(发)?提醒|提醒(恢复|打开|开开|照旧|改回来)|(还是|可以|继续|接着|重新|照常)(给我|发)?提醒(我|吧|了)`)
	remindSeldom = regexp.MustCompile(`少(发)?(点|些)?(给我)?(提醒|催)|(提醒|催)(的|得)?(少|稀)(点|些|一点|一些)|(提醒|催)(的|得)?太(多|勤|密|频)|(别|不要|不用)(老|总|一直|天天)(是)?(提醒|催)`)
	remindNot    = regexp.MustCompile(`(别|不要|不用|甭|莫|不必|先不)(再)?(给我|给咱)?(发)?(提醒|催)|(提醒|催)(先)?(停|关|免|取消)|(关|停|取消|退订|关闭|停止|停掉|关掉)(了|掉)?(所有)?(的)?提醒`)
	remindHour   = regexp.MustCompile(`提醒.{0,6}(改|换|挪|放|调|定)(到|在|成|为)?`)
	holdDays     = regexp.MustCompile(`(\d{1,2}|[一二两三四五六七八九十])(天|日|周|个星期|个礼拜|个月)`)
	hourWeekday  = regexp.MustCompile(`(周|星期|礼拜)([一二三四五六日天])`)
	hourClock    = regexp.MustCompile(`(\d{1,2}|[一二两三四五六七八九十]{1,2})(点|:|时)(半|\d{2})?`)
)

// smallNumbers are the numbers that people write for days and hours.
var smallNumbers = map[string]int{"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12}

func smallNumber(s string) int {
	if n, ok := smallNumbers[s]; ok {
		return n
	}
	n, _ := strconv.Atoi(s)
	return n
}

// reminderWords does what a cadre, or an office, wants of reminders.
func (t *talk) reminderWords(ctx context.Context, plain string) (string, bool, error) {
	if len([]rune(plain)) > 24 || !strings.ContainsAny(plain, "提催") || !strings.Contains(plain, "提醒") && !strings.Contains(plain, "催") {
		return "", false, nil
	}
	role, subject := models.RoleCadre, t.cadre
	if t.cadre == "" {
		role, subject = models.RoleAdmin, t.admin
	}
	choice, err := t.Tx.PushChoice(ctx, role, subject)
	if err != nil {
		return "", false, err
	}
	reply, known := t.wanted(&choice, plain)
	if !known {
		return "", false, nil
	}
	if role == models.RoleCadre {
		roster, err := t.as().Roster(ctx, t.cadre, t.today)
		if err != nil {
			return "", false, err
		}
		if who := named(roster, t.text); len(who) > 0 {
			return say.RemindTogether(who[0].Recipient.Name.Reveal()), true, nil
		}
	}
	return reply, true, t.Tx.SetPushChoice(ctx, choice)
}

// wanted reads a choice out of a sentence.
func (t *talk) wanted(c *models.PushChoice, plain string) (reply string, known bool) {
	usual := DefaultHour
	if c.Weekday != 0 {
		usual = Hour{c.Weekday, c.Minute}
	}
	switch {
	case remindTell.MatchString(plain):
		return say.RemindSetting(usual.Weekday, usual.Minute, c.Every, c.Off, t.held(*c)), true
	case remindBack.MatchString(plain):
		c.Off, c.Every, c.HoldUntil = false, 0, 0
		return say.RemindBack(usual.Weekday, usual.Minute), true
	case remindHour.MatchString(plain):
		h, ok := t.hourIn(plain, usual)
		if ok {
			c.Weekday, c.Minute, c.Off = h.Weekday, h.Minute, false
			return say.RemindHour(h.Weekday, h.Minute), true
		}
	case remindSeldom.MatchString(plain):
		c.Every = map[bool]int{true: 28, false: 14}[c.Every >= 14]
		return say.RemindSeldom(c.Every / 7), true
	case remindNot.MatchString(plain):
		until, ok := t.until(plain)
		if !ok {
			c.Off = true
			return say.RemindOff, true
		}
		c.HoldUntil = models.InstantOf(until)
		return say.RemindHeld(models.DayOf(until, t.Zone)), true
	}
	return "", false
}

func (t *talk) held(c models.PushChoice) models.Day {
	if c.HoldUntil == 0 || !c.HoldUntil.Time().After(t.Now) {
		return ""
	}
	return models.DayOf(c.HoldUntil.Time(), t.Zone)
}

// until is the morning from which reminders are welcome again; not ok where the
// sentence names no time.
func (t *talk) until(plain string) (time.Time, bool) {
	day := models.Day("")
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(plain, w) {
				return true
			}
		}
		return false
	}
	switch m := holdDays.FindStringSubmatch(plain); {
	case m != nil && m[2] == "个月":
		day = t.today.Add(30 * smallNumber(m[1]))
	case m != nil && (m[2] == "天" || m[2] == "日"):
		day = t.today.Add(smallNumber(m[1]))
	case m != nil:
		day = t.today.Add(7 * smallNumber(m[1]))
	case has("下周", "下星期", "下礼拜"):
		day = t.today.Monday().Add(14)
	case has("这周", "本周", "这星期", "这个星期", "这礼拜", "这个礼拜"):
		day = t.today.Monday().Add(7)
	case has("这个月", "本月", "这月"):
		day = models.MonthOf(t.today).Add(1).First()
	case has("今天", "明天"):
		day = t.today.Add(2)
	case has("最近", "近期", "这阵", "这段", "这几天", "这两天"):
		day = t.today.Add(14)
	default:
		return time.Time{}, false
	}
	d := day.Time()
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, t.Zone), true
}

// partsOfDay are the hours that people mean by a part of the day.
var partsOfDay = []struct {
	word   string
	minute int
}{{"早上", 8*60 + 30}, {"早晨", 8*60 + 30}, {"一早", 8*60 + 30}, {"上午", 9*60 + 30}, {"中午", 12 * 60}, {"下午", 15 * 60}, {"傍晚", 18 * 60}, {"晚上", 19*60 + 30}}

// hourIn reads 周五早上, 礼拜二下午4点. What would fall into the quiet hours goes
// to their end.
func (t *talk) hourIn(plain string, usual Hour) (Hour, bool) {
	h, found := usual, false
	if m := hourWeekday.FindStringSubmatch(plain); m != nil {
		h.Weekday, found = strings.Index("一二三四五六日", m[2])/len("一")+1, true
		if m[2] == "天" {
			h.Weekday = 7
		}
	}
	late := false
	for _, p := range partsOfDay {
		if strings.Contains(plain, p.word) {
			h.Minute, found, late = p.minute, true, p.minute > 12*60
			break
		}
	}
	if m := hourClock.FindStringSubmatch(plain); m != nil {
		hour := smallNumber(m[1])
		if late && hour < 12 {
			hour += 12
		}
		h.Minute, found = hour*60, hour < 24
		if m[3] == "半" {
			h.Minute += 30
		} else if n, err := strconv.Atoi(m[3]); err == nil {
			h.Minute += n
		}
	}
	return h, found
}
