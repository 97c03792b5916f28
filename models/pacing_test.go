package models

import (
	"testing"
	"time"
)

func TestVisitsBehind(t *testing.T) {
	year := Pairing{Line: LinePairing, FromDay: "2026-01-01"}
	for _, tc := range []struct {
		name   string
		p      Pairing
		have   int
		today  Day
		behind int
		half   string
	}{
		{"spring has time", year, 0, "2026-03-15", 0, ""},
		{"the first half is asked for in May", year, 0, "2026-05-01", 1, "2026H1"},
		{"and not before", year, 0, "2026-04-29", 0, ""},
		{"one visit is enough by summer", year, 1, "2026-06-30", 0, "2026H1"},
		{"what the first half lacks is still lacking in autumn", year, 0, "2026-09-01", 1, "2026H1"},
		{"one visit is enough by October", year, 1, "2026-10-30", 0, "2026H1"},
		{"all are asked for in November", year, 1, "2026-10-31", 1, "2026H2"},
		{"none so far", year, 0, "2026-12-31", 2, "2026H2"},
		{"done", year, 2, "2026-12-31", 0, "2026H2"},
		{"paired last week", Pairing{Line: LinePairing, FromDay: "2026-11-20"}, 0, "2026-11-27", 0, ""},
		{"paired in summer", Pairing{Line: LinePairing, FromDay: "2026-07-10"}, 0, "2026-09-01", 0, ""},
		{"paired in summer, November", Pairing{Line: LinePairing, FromDay: "2026-07-10"}, 0, "2026-11-05", 2, "2026H2"},
		{"ended", Pairing{Line: LinePairing, FromDay: "2026-01-01", ToDay: "2026-10-01"}, 0, "2026-11-05", 0, ""},
		{"a service line owes no visits", Pairing{Line: LineTutoring, FromDay: "2026-01-01"}, 0, "2026-11-05", 0, ""},
	} {
		n, half := VisitsBehind(tc.p, Tally{Visits: tc.have}, DefaultTarget, tc.today)
		if n != tc.behind || n > 0 && half != tc.half {
			t.Errorf("%s: %d %s, want %d %s", tc.name, n, half, tc.behind, tc.half)
		}
	}
	if n, _ := VisitsBehind(year, Tally{OpeningUnknown: true}, DefaultTarget, "2026-12-01"); n != 0 {
		t.Error("something was claimed of unknown opening figures")
	}
}

func TestAwake(t *testing.T) {
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	quiet := []Window{{21 * time.Hour, 8 * time.Hour}, {12*time.Hour + 30*time.Minute, 14*time.Hour + 30*time.Minute}}
	for in, want := range map[string]string{
		"2026-11-21 10:00": "2026-11-21 10:00",
		"2026-11-21 12:30": "2026-11-21 14:30",
		"2026-11-21 14:30": "2026-11-21 14:30",
		"2026-11-21 20:59": "2026-11-21 20:59",
		"2026-11-21 21:00": "2026-11-22 08:00",
		"2026-11-21 23:59": "2026-11-22 08:00",
		"2026-11-21 00:00": "2026-11-21 08:00",
		"2026-11-21 07:59": "2026-11-21 08:00",
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", in, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := Awake(at, quiet, zone).In(zone).Format("2006-01-02 15:04"); got != want {
			t.Errorf("%s: awake at %s, want %s", in, got, want)
		}
	}
}

func TestFitField(t *testing.T) {
	for _, tc := range []struct{ key, in, want string }{
		{"thing1", "有2户今年还差走访", "有2户今年还差走访"},
		{"thing1", "一二三四五六七八九十一二三四五六七八九十一", "一二三四五六七八九十一二三四五六七八九…"},
		{"thing1", "两\n行", "两 行"},
		{"thing1", "", "-"},
		{"character_string1", "提问 #12", "#12"},
		{"phrase1", "已办结ok了吗呢", "已办结了吗"},
		{"number1", "约12户", "12"},
		{"time2", "2026年11月20日 15:01", "2026年11月20日 15:01"},
	} {
		if got := FitField(tc.key, tc.in); got != tc.want {
			t.Errorf("%s %q: %q, want %q", tc.key, tc.in, got, tc.want)
		}
	}
}

func TestCount(t *testing.T) {
	visit := func(d Day) Activity { return Activity{Kind: KindVisit, Day: d} }
	rows := []Activity{
		visit("2026-03-05"), visit("2026-03-05"), visit("2026-07-01"),
		{Kind: KindContact, Channel: ChannelPhone, Day: "2026-02-01"},
		{Kind: KindContact, Channel: ChannelVideo, Day: "2026-02-01"},
		{Kind: KindHelp, Help: HelpPolicy, Stage: PolicyExplained, Day: "2026-04-01"},
		{Kind: KindHelp, Help: HelpDeed, Day: "2026-04-01"},
		{Kind: KindAid, Day: "2026-04-01"},
	}
	if got := Count(Pairing{}, rows, 2026).Line(DefaultTarget); got != "联系 2/4 走访 2/2 实事 1/1" {
		t.Error(got)
	}
	opening := Pairing{OpeningAsOf: "2026-06-30", OpeningContacts: 3, OpeningVisits: 1}
	if got := Count(opening, rows, 2026).Line(DefaultTarget); got != "联系 3/4 走访 2/2 实事 0/1" {
		t.Error("opening figures:", got)
	}
	if got := Count(opening, rows, 2027).Line(DefaultTarget); got != "联系 2/4 走访 2/2 实事 1/1" {
		t.Error("opening figures of another year:", got)
	}
}
