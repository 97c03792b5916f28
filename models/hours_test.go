package models

import (
	"slices"
	"strconv"
	"testing"
	"time"
)

func TestEveryKnobTurns(t *testing.T) {
	base := ShippedHours()
	base.QuietCadres, _ = ParseWindows("21:00-08:00,12:30-14:30")
	names := map[string]bool{}
	for _, k := range Knobs {
		if names[k.Name] || k.Label == "" || k.Group == "" {
			t.Errorf("knob %+v", k)
		}
		names[k.Name] = true
		value := strconv.Itoa(k.Least + 7)
		if k.Unit == "" {
			value = "22:00-06:30"
		}
		h := base
		if err := k.Turn(&h, value); err != nil || k.Value(h) != value {
			t.Errorf("%s: %q %v", k.Name, k.Value(h), err)
		}
		if k.Unit != "" && k.Value(base) == value {
			t.Errorf("%s turned the base, too", k.Name)
		}
		for _, wrong := range []string{"x", "-1", "99999", "25:00-26:00"} {
			if err := k.Turn(&h, wrong); err == nil {
				t.Errorf("%s takes %q", k.Name, wrong)
			}
		}
	}
	if l := base.Limits("nothing"); l != base.Needs[ClockWeek] {
		t.Errorf("an unknown clock: %v", l)
	}
	if base.Patience(DangerRed) != 5*time.Minute || base.Patience(DangerYellow) != 4*time.Hour {
		t.Error("the shipped patience")
	}
}

func TestTheNewestSettingThatHasBegunHolds(t *testing.T) {
	base := ShippedHours()
	red, _ := KnobNamed("danger_red")
	rows := []Setting{
		{Name: "danger_red", Value: "8", FromAt: 100, RecordedAt: 100},
		{Name: "danger_red", Value: "3", FromAt: 900, RecordedAt: 200}, // announced
		{Name: "danger_red", Value: "6", FromAt: 300, RecordedAt: 300},
		{Name: "danger_red", Cleared: true, FromAt: 2000, RecordedAt: 2000},
		{Name: "question_unit", Value: "oops", FromAt: 1, RecordedAt: 1},
		{Name: "gone", Value: "1", FromAt: 1, RecordedAt: 1},
	}
	for at, want := range map[Instant]string{50: "5", 100: "8", 299: "8", 300: "6", 900: "3", 1999: "3", 2000: "5"} {
		if got := red.Value(base.With(rows, at)); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
	if h := base.With(rows, 5000); h.Question != base.Question {
		t.Errorf("what cannot be read holds: %+v", h.Question)
	}
}

func TestQuietHoursAreReadAsTheyAreTyped(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "21:00-08:00": "21:00-08:00", "21\uff1a00\uff5e8:00\uff0c12:30\u201414:30": "21:00-08:00,12:30-14:30",
	} {
		if w, err := ParseWindows(text); err != nil || WindowsText(w) != want {
			t.Errorf("%q: %q %v", text, WindowsText(w), err)
		}
	}
	for _, wrong := range []string{"21:00", "08:00-08:00", "25:00-26:00", "a-b"} {
		if _, err := ParseWindows(wrong); err == nil {
			t.Errorf("%q is read", wrong)
		}
	}
	h := ShippedHours()
	k, _ := KnobNamed("quiet_cadres")
	if err := k.Turn(&h, "00:00-12:00,12:00-23:00"); err == nil {
		t.Error("nobody could be reached")
	}
}

func TestRosterGaps(t *testing.T) {
	shift := func(who string, from, until Instant) DutyShift {
		return DutyShift{AccountID: who, FromAt: from, UntilAt: until}
	}
	for name, c := range map[string]struct {
		shifts []DutyShift
		want   []RosterGap
	}{
		"nobody":       {nil, []RosterGap{{0, 100, 0}}},
		"two":          {[]DutyShift{shift("a", 0, 0), shift("b", 0, 0)}, nil},
		"twice one":    {[]DutyShift{shift("a", 0, 0), shift("a", 0, 0)}, []RosterGap{{0, 100, 1}}},
		"handed over":  {[]DutyShift{shift("a", 0, 0), shift("b", 0, 50), shift("c", 50, 100)}, nil},
		"late and off": {[]DutyShift{shift("a", 0, 80), shift("b", 20, 100)}, []RosterGap{{0, 20, 1}, {80, 100, 1}}},
		"then nobody":  {[]DutyShift{shift("a", 0, 30), shift("b", 0, 60)}, []RosterGap{{30, 60, 1}, {60, 100, 0}}},
	} {
		if got := RosterGaps(c.shifts, 0, 100); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestARosterThatIsShortCallsAll(t *testing.T) {
	duty := func(id string) Account { return Account{ID: id, Role: AccountDuty} }
	town := Account{ID: "t", Role: AccountTownship}
	for name, c := range map[string]struct {
		roster, standing []Account
		least            int
		want             string
	}{
		"none":        {nil, []Account{duty("a"), duty("b")}, 2, "ab"},
		"two of four": {[]Account{duty("a"), duty("c")}, []Account{duty("a"), duty("b"), duty("c"), duty("d")}, 2, "ac"},
		"one of four": {[]Account{duty("a")}, []Account{duty("a"), duty("b"), duty("c")}, 2, "abc"},
		"a clerk":     {[]Account{{ID: "k", Role: AccountCounty}, duty("a")}, []Account{duty("a"), duty("b")}, 2, "ak"},
		"yellow":      {[]Account{duty("a")}, []Account{duty("a"), duty("b"), town}, 1, "at"},
	} {
		got := ""
		for _, a := range Called(c.roster, c.standing, c.least) {
			got += a.ID
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
