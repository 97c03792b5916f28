package models

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestOwes(t *testing.T) {
	year := Pairing{Line: LinePairing, FromDay: "2026-01-01"}
	summer := Pairing{Line: LinePairing, FromDay: "2026-07-10"}
	for _, tc := range []struct {
		name  string
		p     Pairing
		have  Tally
		today Day
		want  string
	}{
		{"winter has time", year, Tally{}, "2026-02-26", ""},
		{"a contact a quarter, from March on", year, Tally{}, "2026-03-01", "contact 1 2026Q1 30"},
		{"and once more before its end", year, Tally{}, "2026-03-17", "contact 1 2026Q1 14"},
		{"spring has time", year, Tally{Contacts: 1}, "2026-04-29", ""},
		{"the first half is asked for in May", year, Tally{Contacts: 1}, "2026-05-01", "visit 1 2026H1 61"},
		{"again in June, with the second contact", year, Tally{Contacts: 1}, "2026-06-02", "visit 1 2026H1 30;contact 1 2026Q2 30"},
		{"one visit is enough by summer", year, Tally{Contacts: 2, Visits: 1}, "2026-06-30", ""},
		{"what the first half lacks is still lacking in autumn", year, Tally{Contacts: 3}, "2026-09-01", "visit 1 2026Q3 30"},
		{"one visit is enough by October", year, Tally{Visits: 1}, "2026-10-30", ""},
		{"all are asked for in November", year, Tally{Contacts: 4, Visits: 1, Helps: 1}, "2026-10-31", "visit 1 2026H2 61"},
		{"none so far", year, Tally{}, "2026-12-31", "visit 2 2026H2 14;contact 4 2026Q4 14;help 1 2026 14"},
		{"done", year, Tally{Contacts: 4, Visits: 2, Helps: 1}, "2026-12-31", ""},
		{"paired last week", Pairing{Line: LinePairing, FromDay: "2026-11-20"}, Tally{}, "2026-11-27", ""},
		{"paired in summer", summer, Tally{Contacts: 3}, "2026-08-05", ""},
		{"paired in summer, November", summer, Tally{Contacts: 4, Helps: 1}, "2026-11-05", "visit 2 2026H2 61"},
		{"ended", Pairing{Line: LinePairing, FromDay: "2026-01-01", ToDay: "2026-10-01"}, Tally{}, "2026-11-05", ""},
		{"a service line owes nothing", Pairing{Line: LineTutoring, FromDay: "2026-01-01"}, Tally{}, "2026-11-05", ""},
		{"unknown opening figures", year, Tally{OpeningUnknown: true}, "2026-12-01", ""},
	} {
		var got []string
		for _, o := range Owes(tc.p, done(tc.p, tc.have, tc.today)) {
			got = append(got, fmt.Sprint(o.Kind, " ", o.N, " ", o.Name, " ", o.Step))
		}
		if s := strings.Join(got, ";"); s != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, s, tc.want)
		}
	}
}

// done is the tally of a pairing with so many of each done in its first days.
func done(p Pairing, have Tally, today Day) Tally {
	f := Facts{Pairing: p}
	for _, k := range []Kind{KindContact, KindVisit, KindHelp} {
		n := map[Kind]int{KindContact: have.Contacts, KindVisit: have.Visits, KindHelp: have.Helps}[k]
		for i := range n {
			f.Activities = append(f.Activities, Activity{Kind: k, Day: p.FromDay.Add(i)})
		}
	}
	f.Pairing.OpeningUnknown = have.OpeningUnknown
	return Reckon(DefaultRules(), f, today)
}

func TestGoodDay(t *testing.T) {
	for _, tc := range []struct {
		name            string
		today, by, want Day
	}{
		{"Wednesday of next week", "2026-11-26", "2026-12-31", "2026-12-02"},
		{"not after the line", "2026-11-26", "2026-11-30", "2026-11-30"},
		{"the line is a Sunday", "2026-11-26", "2026-11-29", "2026-11-27"},
		{"a holiday week", "2026-09-24", "2026-12-31", "2026-09-30"},
		{"the week before the spring festival, which begins on Sunday", "2026-02-12", "2026-02-17", "2026-02-14"},
		{"inside the long holiday", "2026-02-16", "2026-12-31", "2026-02-25"},
		{"nothing but rest is left", "2026-10-02", "2026-10-04", "2026-10-04"},
		{"the last day", "2026-12-31", "2026-12-31", "2026-12-31"},
	} {
		if got := GoodDay(tc.today, tc.by); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestNextBirthday(t *testing.T) {
	lunar := func(year, month, day int) (Day, bool) { // the moon of this test runs a month late
		return NewDay(year, time.Month(month+1), day), true
	}
	for _, tc := range []struct {
		birth, from, want Day
		by                Lunar
	}{
		{"2015-12-03", "2026-11-26", "2026-12-03", nil},
		{"2015-11-26", "2026-11-26", "2026-11-26", nil},
		{"2015-11-25", "2026-11-26", "2027-11-25", nil},
		{"2012-02-29", "2026-02-25", "2026-02-28", nil},
		{"2012-02-29", "2028-02-25", "2028-02-29", nil},
		{"1950-08-15", "2026-09-10", "2026-09-15", lunar},
		{"1950-12-30", "2026-01-20", "2026-01-30", lunar}, // of the lunar year before
	} {
		if got, ok := NextBirthday(tc.birth, tc.from, tc.by); !ok || got != tc.want {
			t.Errorf("%s from %s: %s, want %s", tc.birth, tc.from, got, tc.want)
		}
	}
	if _, ok := NextBirthday("", "2026-01-01", nil); ok {
		t.Error("a birthday of nobody knows when")
	}
}

func TestPushChoiceNext(t *testing.T) {
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	friday := PushChoice{Weekday: 5, Minute: 9 * 60}
	for _, tc := range []struct {
		c        PushChoice
		in, want string
	}{
		{PushChoice{}, "2026-11-26 15:00", "2026-11-26 15:00"},
		{friday, "2026-11-26 15:00", "2026-11-27 09:00"},
		{friday, "2026-11-27 09:00", "2026-11-27 09:00"},
		{friday, "2026-11-27 09:01", "2026-12-04 09:00"},
		{PushChoice{HoldUntil: InstantOf(at("2026-11-30 00:00"))}, "2026-11-26 15:00", "2026-11-30 00:00"},
		{PushChoice{Weekday: 4, Minute: 900, HoldUntil: InstantOf(at("2026-11-30 00:00"))}, "2026-11-26 15:00", "2026-12-03 15:00"},
	} {
		if got := tc.c.Next(at(tc.in), zone).Format("2006-01-02 15:04"); got != tc.want {
			t.Errorf("%+v at %s: %s, want %s", tc.c, tc.in, got, tc.want)
		}
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
