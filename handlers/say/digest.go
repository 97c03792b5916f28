package say

import (
	"fmt"
	"strings"
	"time"

	"aixin/models"
)

// OfficeDigest is what an office is to look after, in numbers.
type OfficeDigest struct {
	Place                   string
	At                      time.Time
	Monthly                 bool
	Unseen90, Unseen180     int
	Visits, Contacts, Helps int
	Behind                  int // pairings for which any of them is
	Unpaired, Needs, Moved  int
	Weekly                  int // people of the weekly visits without a record for two weeks
	Cadres, Bound           int
	Close                   models.Day
	Entry                   *Entry // goes along where it is due
}

// Card calls the office to the list; it bears counts only.
func (d OfficeDigest) Card() Card {
	var parts []string
	for _, p := range []struct {
		n    int
		word string
	}{
		{d.Needs, "%d件诉求超时"},
		{d.Unseen90, "%d户90天没见到记录"},
		{d.Unpaired, "%d人待匹配"},
		{d.Weekly, "%d户两周没看望"},
		{d.Behind, "%d户今年还差"},
		{d.Moved, "%d条变动要录"},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf(p.word, p.n))
		}
	}
	what, _ := pack(parts)
	title := "本周要看的"
	if d.Monthly {
		title = "本月要看的"
	}
	more := "回“看清单”看是哪些"
	if d.Entry != nil {
		more = fmt.Sprintf("%d月的%s前录完", d.Entry.Month.Time().Month(), shortDay(d.Entry.Close))
	}
	return Card{{"清单", "thing1", title}, {"内容", "thing2", what}, {"说明", "thing3", more}}
}

// Text says it in the chat: counts, duty by duty.
func (d OfficeDigest) Text() string {
	lines := []string{fmt.Sprintf("%s 截至%d月%d日%s", d.Place, d.At.Month(), d.At.Day(), d.At.Format("15:04"))}
	if d.Unseen90 > 0 {
		s := fmt.Sprintf("本系统90天以上没见到记录:%d户", d.Unseen90)
		if d.Unseen180 > 0 {
			s += fmt.Sprintf(",其中180天以上%d户", d.Unseen180)
		}
		lines = append(lines, s+d.rate())
	}
	var short []string
	for _, p := range []struct {
		n    int
		word string
	}{{d.Visits, "走访%d户"}, {d.Contacts, "联系%d户"}, {d.Helps, "实事%d户"}} {
		if p.n > 0 {
			short = append(short, fmt.Sprintf(p.word, p.n))
		}
	}
	if len(short) > 0 {
		lines = append(lines, "今年还差:"+strings.Join(short, "、"))
	}
	for _, p := range []struct {
		n    int
		word string
	}{
		{d.Unpaired, "待匹配:%d人"}, {d.Needs, "超时的诉求:%d件"}, {d.Weekly, "每周看望两周没记:%d户"},
	} {
		if p.n > 0 {
			lines = append(lines, fmt.Sprintf(p.word, p.n))
		}
	}
	if d.Moved > 0 {
		lines = append(lines, fmt.Sprintf("名册变动要录:%d条,%s前", d.Moved, d.Close))
	}
	if d.Entry != nil {
		lines = append(lines, fmt.Sprintf("%d月的记录:%s前录完", d.Entry.Month.Time().Month(), d.Entry.Close))
	}
	if len(lines) == 1 {
		return lines[0] + ":没有要办的。"
	}
	return strings.Join(append(lines, "回“看清单”看是哪些。"), "\n")
}

// Empty tells whether there is nothing to do.
func (d OfficeDigest) Empty() bool {
	return d.Unseen90+d.Visits+d.Contacts+d.Helps+d.Unpaired+d.Needs+d.Moved+d.Weekly == 0
}

// rate is the share of cadres who are bound: who is not may have gone and not
// told.
func (d OfficeDigest) rate() string {
	if d.Cadres == 0 {
		return ""
	}
	return fmt.Sprintf("(单位绑定率%d%%,没绑的可能去了没记)", d.Bound*100/d.Cadres)
}

// Why explains the digest to who runs the service.
func (d OfficeDigest) Why(every string) string {
	return every + "的清单:" + strings.ReplaceAll(strings.TrimSuffix(d.Text(), "\n回“看清单”看是哪些。"), "\n", ";")
}

// DigestLine is a person on an office's list.
func DigestLine(name, place, cadre, unit, note string) string {
	parts := []string{name}
	if place != "" {
		parts = append(parts, place)
	}
	if cadre != "" {
		parts = append(parts, cadre+"("+unit+")")
	}
	if note != "" {
		parts = append(parts, note)
	}
	return strings.Join(parts, " ")
}

// DigestMore ends a list that goes on.
func DigestMore(n int) string { return fmt.Sprintf("…还有%d,在管理台看全部", n) }

// PictureComes is said where a picture was asked for.
const PictureComes = "图在画,马上发来。"

// DigestSet is said where an office chose how often it comes.
func DigestSet(every string) string {
	switch every {
	case models.DigestWeek:
		return "好,清单每周一早上9点发,没有要办的不发。随时发“看清单”也行。"
	case models.DigestMonth:
		return "好,清单每月头一个工作日早上9点发,没有要办的不发。随时发“看清单”也行。"
	}
	return "好,清单不发了。要看,发“看清单”。要再发,回“清单每周发”。"
}

// ReportPictureComes is said where a month's report was asked for as a picture.
func ReportPictureComes(m models.Month) string {
	return fmt.Sprintf("%d月月报的图在画,一会儿发来。", m.Number())
}

// NoPictures is said where no font is installed.
const NoPictures = "这里画不了图。月报在管理台“报表”里看。"
