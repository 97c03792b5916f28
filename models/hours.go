package models

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Hours are the times that an office keeps towards people: when nothing is pushed
// to them, and how long their matters wait for somebody.
type Hours struct {
	QuietCadres   []Window
	QuietFamilies []Window
	Question      QuestionClock
	Needs         map[NeedClock]NeedLimits
	Danger        DangerClock
}

// DangerClock says how long a case waits before it goes a step up.
type DangerClock struct{ RedMinutes, YellowMinutes int }

// ShippedHours hold where nobody says otherwise; quiet hours are the settings'.
func ShippedHours() Hours {
	return Hours{Question: DefaultQuestionClock, Needs: maps.Clone(needClocks), Danger: DangerClock{RedMinutes: 5, YellowMinutes: 240}}
}

// Limits are the time limits of a clock of needs; an unknown one is a week's.
func (h Hours) Limits(c NeedClock) NeedLimits {
	if l, ok := h.Needs[c]; ok {
		return l
	}
	return h.Needs[ClockWeek]
}

// Patience is how long a case of danger waits for somebody before it goes a step
// up.
func (h Hours) Patience(l DangerLevel) time.Duration {
	if l == DangerYellow {
		return time.Duration(h.Danger.YellowMinutes) * time.Minute
	}
	return time.Duration(h.Danger.RedMinutes) * time.Minute
}

// Check finds hours that contradict each other.
func (h Hours) Check() error {
	if q := h.Question; q.Unit < q.Remind || q.County < q.Unit {
		return errors.New("提醒本人、告诉单位、报县上要一个比一个不早")
	}
	return nil
}

// Setting is one version of a knob, said at the console or by a command. Nothing is
// overwritten; the newest that has begun holds, and a cleared one gives the knob
// back to the settings of the process.
type Setting struct {
	ID         string `gorm:"primaryKey"`
	Name       string // of the knob
	Value      string
	Cleared    bool
	FromAt     Instant
	RecordedAt Instant
	Author     string
}

// Knob is one value of the hours that an office may set.
type Knob struct {
	Name, Group, Label string
	Key                string // of the settings file, where there is one
	Unit               string // behind a number; "" for hours of the day
	Least, Most        int
	number             func(*Hours) *int
	windows            func(*Hours) *[]Window
	limits             func(*NeedLimits) *int
	clock              NeedClock
}

// The groups of knobs.
const (
	KnobsQuiet    = "quiet"
	KnobsQuestion = "question"
	KnobsNeed     = "need"
	KnobsDanger   = "danger"
)

// Knobs are all that can be set, in the order of the page.
var Knobs = append([]Knob{
	{Name: "quiet_cadres", Group: KnobsQuiet, Label: "干部免打扰", Key: "push.quiet_hours", windows: func(h *Hours) *[]Window { return &h.QuietCadres }},
	{Name: "quiet_families", Group: KnobsQuiet, Label: "监护人和对象免打扰", Key: "push.quiet_hours_guardian", windows: func(h *Hours) *[]Window { return &h.QuietFamilies }},
	{Name: "question_remind", Group: KnobsQuestion, Label: "没回,提醒本人", Key: "question.remind_after", Unit: "个工作日", Least: 1, Most: 60, number: func(h *Hours) *int { return &h.Question.Remind }},
	{Name: "question_unit", Group: KnobsQuestion, Label: "没回,告诉单位联络员", Key: "question.unit_after", Unit: "个工作日", Least: 1, Most: 60, number: func(h *Hours) *int { return &h.Question.Unit }},
	{Name: "question_county", Group: KnobsQuestion, Label: "没回,报县上", Key: "question.county_after", Unit: "个工作日", Least: 1, Most: 60, number: func(h *Hours) *int { return &h.Question.County }},
	{Name: "question_hear", Group: KnobsQuestion, Label: "语音没人听,告诉单位联络员", Key: "question.hear_within", Unit: "个工作小时", Least: 1, Most: 40, number: func(h *Hours) *int { return &h.Question.Hear }},
	{Name: "danger_red", Group: KnobsDanger, Label: "红色预警没有两个人接,报上一级", Unit: "分钟", Least: 1, Most: 30, number: func(h *Hours) *int { return &h.Danger.RedMinutes }},
	{Name: "danger_yellow", Group: KnobsDanger, Label: "黄色预警没人接,报上一级", Unit: "分钟", Least: 30, Most: 1440, number: func(h *Hours) *int { return &h.Danger.YellowMinutes }},
}, needKnobs()...)

// needClockWords say for whom a clock of needs runs.
var needClockWords = map[NeedClock]string{ClockUrgent: "急的(断水断电、病重)", ClockDay: "当天要办的", ClockWeek: "一般的", ClockFortnight: "要跑手续的"}

// Label is the word for a clock of needs.
func (c NeedClock) Label() string { return needClockWords[c] }

func needKnobs() (knobs []Knob) {
	for _, c := range []NeedClock{ClockUrgent, ClockDay, ClockWeek, ClockFortnight} {
		unit, most := "个工作日", 60
		if c == ClockUrgent {
			unit, most = "小时", 72
		}
		for _, part := range []struct {
			name, label string
			at          func(*NeedLimits) *Span
		}{
			{"take", "多久接手", func(l *NeedLimits) *Span { return &l.Take }},
			{"do", "接手后多久办结", func(l *NeedLimits) *Span { return &l.Do }},
		} {
			knobs = append(knobs, Knob{
				Name: "need_" + string(c) + "_" + part.name, Group: KnobsNeed, Label: c.Label() + "," + part.label, Unit: unit, Least: 1, Most: most, clock: c,
				limits: func(l *NeedLimits) *int {
					if c == ClockUrgent {
						return &part.at(l).Hours
					}
					return &part.at(l).Workdays
				},
			})
		}
	}
	return knobs
}

// KnobNamed finds a knob.
func KnobNamed(name string) (Knob, bool) {
	i := slices.IndexFunc(Knobs, func(k Knob) bool { return k.Name == name })
	if i < 0 {
		return Knob{}, false
	}
	return Knobs[i], true
}

// Value is how the hours have the knob, as it is typed.
func (k Knob) Value(h Hours) string {
	switch {
	case k.windows != nil:
		return WindowsText(*k.windows(&h))
	case k.limits != nil:
		l := h.Limits(k.clock)
		return strconv.Itoa(*k.limits(&l))
	}
	return strconv.Itoa(*k.number(&h))
}

// Words are a value with its unit.
func (k Knob) Words(value string) string {
	if value == "" && k.windows != nil {
		return "不设"
	}
	return value + k.Unit
}

// Turn sets the knob to what was typed.
func (k Knob) Turn(h *Hours, typed string) error {
	if k.windows != nil {
		w, err := ParseWindows(typed)
		if err != nil {
			return err
		}
		if asleep(w) > longestQuiet {
			return errors.New("一天至少留4小时能推送")
		}
		*k.windows(h) = w
		return nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(typed))
	if err != nil || n < k.Least || n > k.Most {
		return fmt.Errorf("写%d到%d的整数", k.Least, k.Most)
	}
	if k.limits != nil {
		h.Needs = maps.Clone(h.Needs)
		l := h.Needs[k.clock]
		*k.limits(&l) = n
		h.Needs[k.clock] = l
		return nil
	}
	*k.number(h) = n
	return nil
}

// longestQuiet leaves a part of the day in which people can be reached.
const longestQuiet = 20 * time.Hour

func asleep(windows []Window) (sum time.Duration) {
	for _, w := range windows {
		sum += (w.To - w.From + 24*time.Hour) % (24 * time.Hour)
	}
	return sum
}

// In finds the version of the knob that holds at a moment; ok is false where the
// settings of the process do.
func (k Knob) In(rows []Setting, at Instant) (s Setting, ok bool) {
	for _, r := range rows {
		later := r.FromAt > s.FromAt || r.FromAt == s.FromAt && r.RecordedAt >= s.RecordedAt
		if r.Name == k.Name && r.FromAt <= at && later {
			s, ok = r, !r.Cleared
		}
	}
	return s, ok
}

// With are the hours with what offices set, as it holds at a moment. What cannot be
// read leaves what was.
func (h Hours) With(rows []Setting, at Instant) Hours {
	for _, k := range Knobs {
		if s, ok := k.In(rows, at); ok {
			next := h
			if k.Turn(&next, s.Value) == nil {
				h = next
			}
		}
	}
	return h
}

// ParseWindows reads hours of the day: 21:00-08:00,12:30-14:30; nothing is none.
func ParseWindows(text string) (windows []Window, err error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	text = strings.NewReplacer("\uff0c", ",", "\u3001", ",", "\uff1a", ":", "\u2014\u2014", "-", "\u2014", "-", "\u2013", "-", "~", "-", "\uff5e", "-").Replace(text)
	for part := range strings.SplitSeq(text, ",") {
		from, to, ok := strings.Cut(strings.TrimSpace(part), "-")
		if !ok {
			return nil, fmt.Errorf("%q 要写成 21:00-08:00", part)
		}
		var w Window
		if w.From, err = parseClock(from); err != nil {
			return nil, err
		}
		if w.To, err = parseClock(to); err != nil {
			return nil, err
		}
		if w.From == w.To {
			return nil, fmt.Errorf("%q 的起止一样", part)
		}
		windows = append(windows, w)
	}
	return windows, nil
}

func parseClock(text string) (time.Duration, error) {
	t, err := time.Parse("15:04", strings.TrimSpace(text))
	if err != nil {
		return 0, fmt.Errorf("%q 不是 00:00 到 23:59 的时刻", text)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

// WindowsText writes windows as they are typed.
func WindowsText(windows []Window) string {
	var parts []string
	clock := func(d time.Duration) string { return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60) }
	for _, w := range windows {
		parts = append(parts, clock(w.From)+"-"+clock(w.To))
	}
	return strings.Join(parts, ",")
}
