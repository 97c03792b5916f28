package town

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"testing"

	"aixin/models"
)

const today = models.Day("2026-11-21")

// print is a fingerprint of everything in a town.
func print(t Town) string {
	h := fnv.New64a()
	fmt.Fprintln(h, t.Units, t.Cadres, t.Recipients, t.Pairings)
	for a := range t.Activities {
		amount := int64(-1)
		if a.AmountFen != nil {
			amount = *a.AmountFen
		}
		a.AmountFen = nil
		fmt.Fprintln(h, a, amount)
	}
	return fmt.Sprintf("%x", h.Sum64())
}

func TestDeterminism(t *testing.T) {
	if a, b := print(Demo(today)), print(Demo(today)); a != b {
		t.Errorf("two demos: %s, %s", a, b)
	}
	one := City(1, 300, 270, 2, today)
	if a, b, c := print(one), print(one), print(City(1, 300, 270, 2, today)); a != b || a != c {
		t.Errorf("one city: %s, read again %s, made again %s", a, b, c)
	}
	if print(one) == print(City(2, 300, 270, 2, today)) {
		t.Error("two seeds make the same city")
	}
}

// whole checks what holds in every town.
func whole(t *testing.T, town Town) {
	t.Helper()
	units, cadres, people := map[string]bool{}, map[string]Cadre{}, map[string]Recipient{}
	phones, ids := map[string]string{}, map[string]bool{}
	for _, u := range town.Units {
		if units[u.Name] || u.Region == "" {
			t.Errorf("unit %+v: twice or nowhere", u)
		}
		units[u.Name] = true
	}
	for _, c := range town.Cadres {
		if !units[c.Unit] || c.Name == "" || c.Region == "" || cadres[c.Key].Key != "" || phones[c.Phone] != "" {
			t.Errorf("cadre %+v", c)
		}
		cadres[c.Key], phones[c.Phone] = c, c.Name
	}
	seen := map[models.Category]int{}
	modes := map[models.CareMode]int{}
	for _, r := range town.Recipients {
		if people[r.Key].Key != "" || r.Name == "" || len(r.Categories) == 0 || r.Region == "" || r.Birth >= today || r.EnteredOn < r.Birth {
			t.Errorf("recipient %+v", r)
		}
		people[r.Key] = r
		for _, c := range r.Categories {
			seen[c]++
		}
		if r.ExitedOn == "" {
			modes[r.CareMode]++
		}
		if (r.IDNumber == "") == (r.Number == "") {
			t.Errorf("%s: one of id number and 编号: %q, %q", r.Name, r.IDNumber, r.Number)
		}
		if id := r.IDNumber; id != "" {
			if len(id) != 18 || ids[id] || !strings.HasPrefix(id, "620899") || id[17:] != checkDigit(id[:17]) || id[6:14] != strings.ReplaceAll(string(r.Birth), "-", "") {
				t.Errorf("%s: id number %s", r.Name, id)
			}
			ids[id] = true
		}
		if years := (models.Recipient{Birth: models.Conceal(string(r.Birth))}).Age(today); years < 18 && r.ExitedOn == "" {
			if len(r.Contacts) == 0 || r.Contacts[0].Kind != models.ContactGuardian && r.Contacts[0].Kind != models.ContactInstitution {
				t.Errorf("%s, %d, has no guardian", r.Name, years)
			}
		}
		for _, c := range r.Contacts {
			if len(c.Phone) != 11 || !strings.HasPrefix(c.Phone, "199") || phones[c.Phone] != "" && phones[c.Phone] != c.Name {
				t.Errorf("%s: contact %+v", r.Name, c)
			}
			phones[c.Phone] = c.Name
		}
		county, _, _ := strings.Cut(r.Region, "/")
		if !slices.ContainsFunc(models.Counties, func(c models.Region) bool { return c.Name == county }) {
			t.Errorf("%s lives in %s", r.Name, r.Region)
		}
	}
	for _, c := range []models.Category{models.CategoryOrphan, models.CategoryDeFactoUnattended, models.CategorySevereDisability, models.CategoryExtremePoverty, models.CategoryOther} {
		if seen[c] == 0 {
			t.Errorf("nobody is %s", c)
		}
	}
	if modes[scattered] == 0 || modes[centralized] == 0 {
		t.Errorf("care modes %v", modes)
	}
	held := map[string][]Pairing{}
	for _, p := range town.Pairings {
		if cadres[p.Cadre].Key == "" || people[p.Recipient].Key == "" || p.From == "" || p.To != "" && (p.To < p.From || p.Reason == "") {
			t.Errorf("pairing %+v", p)
		}
		if left := cadres[p.Cadre].LeftOn; left != "" && (p.To == "" || p.To > left) {
			t.Errorf("pairing %+v outlasts its cadre, who left on %s", p, string(left))
		}
		if p.Line == models.LinePairing {
			for _, q := range held[p.Recipient] {
				if (q.To == "" || p.From <= q.To) && (p.To == "" || q.From <= p.To) {
					t.Errorf("%s has two lead pairings: %+v, %+v", p.Recipient, p, q)
				}
			}
			held[p.Recipient] = append(held[p.Recipient], p)
		}
	}
	pairs := map[Pairing]Pairing{}
	for _, p := range town.Pairings {
		pairs[Pairing{Cadre: p.Cadre, Recipient: p.Recipient, Line: p.Line}] = p
	}
	records := map[string]string{}
	for a := range town.Activities {
		p, ok := pairs[Pairing{Cadre: a.Cadre, Recipient: a.Recipient, Line: a.Line}]
		if !ok || a.Day < p.From || p.To != "" && a.Day > p.To || a.Day >= today || a.RecordedOn < a.Day || a.RecordedOn > today {
			t.Fatalf("activity %+v of pairing %+v", a, p)
		}
		if (a.Kind == models.KindContact) != (a.Channel != "") || (a.Kind == models.KindHelp) != (a.Help != "") || a.Note == "" {
			t.Fatalf("activity %+v", a)
		}
		if who := a.Cadre + string(a.Day); records[a.Record] != "" && records[a.Record] != who {
			t.Fatalf("record %s is of two people or days", a.Record)
		} else {
			records[a.Record] = who
		}
	}
}

func TestDemo(t *testing.T) {
	town := Demo(today)
	whole(t, town)
	if len(town.Units) != 4 || len(town.Cadres) != 12 || len(town.Recipients) != 30 {
		t.Errorf("%d units, %d cadres, %d recipients", len(town.Units), len(town.Cadres), len(town.Recipients))
	}
	year := map[string]models.Tally{}
	var rows []models.Activity
	first := today
	for a := range town.Activities {
		first = min(first, a.Day)
		if a.Line == models.LinePairing && a.Day.Year() == today.Year() {
			rows = append(rows, models.Activity{RecipientID: a.Recipient, Kind: a.Kind, Help: a.Help, Stage: a.Stage, Day: a.Day})
		}
	}
	if span := today.Sub(first); span < 330 || span > 366 {
		t.Errorf("activities begin %d days ago", span)
	}
	var wangs []string
	for _, p := range town.Pairings {
		if p.Cadre == "C01" && p.Line == models.LinePairing {
			mine := slices.DeleteFunc(slices.Clone(rows), func(a models.Activity) bool { return a.RecipientID != p.Recipient })
			r := town.Recipients[slices.IndexFunc(town.Recipients, func(r Recipient) bool { return r.Key == p.Recipient })]
			year[r.Name] = models.Reckon(models.DefaultRules(), models.Facts{Pairing: models.Pairing{RecipientID: p.Recipient, Line: p.Line, FromDay: p.From}, Activities: mine}, today)
			wangs = append(wangs, r.Name+" "+strings.Join(r.Aliases, "、"))
		}
	}
	if got := strings.Join(wangs, ";"); town.Cadres[0].Name != "王敏" || got != "谷军 老谷、谷叔;马海龙 海龙、龙龙;王桂花 王奶奶" {
		t.Errorf("%s looks after %s", town.Cadres[0].Name, got)
	}
	for name, want := range map[string]string{
		"谷军": "联系 1/4 走访 1/2 实事 0/1", "马海龙": "联系 3/4 走访 2/2 实事 0/1", "王桂花": "联系 4/4 走访 2/2 实事 1/1",
	} {
		if got := year[name].Line(); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	names, houses := map[string]int{}, map[string]int{}
	for _, r := range town.Recipients {
		names[r.Name]++
		if r.Household != "" {
			houses[r.Household]++
		}
	}
	if names["马兰英"] != 2 || houses["H06"] != 3 {
		t.Errorf("namesakes %d, household of %d", names["马兰英"], houses["H06"])
	}
	ma := town.Recipients[1]
	if ma.Contacts[0].Name != "王桂兰" || ma.Contacts[0].Called != "马奶奶" || (models.Recipient{Birth: models.Conceal(string(ma.Birth))}).Age(today) != 9 {
		t.Errorf("马海龙: %+v", ma)
	}
}

// On any day of the year the demo is whole and begins with the same figures.
func TestDemoOnAnyDay(t *testing.T) {
	for day := models.Day("2027-01-02"); day < "2028-03-05"; day = day.Add(3) {
		visits := 0
		for a := range Demo(day).Activities {
			if a.Day >= day || a.Day < day.Add(-365) {
				t.Fatalf("on %s: activity of %s", string(day), string(a.Day))
			}
			if a.Recipient == "R01" && a.Cadre == "C01" && a.Kind == models.KindVisit && a.Day.Year() == day.Year() {
				visits++
			}
		}
		if visits != 1 {
			t.Errorf("on %s 谷军 has %d visits", string(day), visits)
		}
	}
}

func TestCity(t *testing.T) {
	town := City(1, 2200, 2000, 3, today)
	whole(t, town)
	var active, here, left, exited, late, catchUp int
	for _, c := range town.Cadres {
		if c.LeftOn == "" {
			here++
		} else {
			left++
		}
	}
	for _, r := range town.Recipients {
		if r.ExitedOn == "" {
			active++
		} else {
			exited++
		}
	}
	kinds := map[models.Kind]int{}
	for a := range town.Activities {
		if a.Line == models.LinePairing {
			kinds[a.Kind]++
		}
		if wait := a.RecordedOn.Sub(a.Day); wait > 31 {
			catchUp++
		} else if wait > 0 {
			late++
		}
	}
	if active != 2200 || here != 2000 {
		t.Errorf("%d recipients and %d cadres today", active, here)
	}
	if left < 40 || exited < 60 || late == 0 || catchUp == 0 {
		t.Errorf("%d cadres left, %d people exited, %d records late, %d very late", left, exited, late, catchUp)
	}
	perYear := func(k models.Kind) float64 { return float64(kinds[k]) / 2200 / 3 }
	if v, c, h := perYear(models.KindVisit), perYear(models.KindContact), perYear(models.KindHelp); v < 2 || v > 3.5 || c < 3.3 || c > 5.3 || h < 0.5 || h > 1.5 {
		t.Errorf("a year %.1f visits, %.1f contacts, %.1f things done", v, c, h)
	}
}

// A city may be of any size.
func TestSmallCities(t *testing.T) {
	for _, n := range []int{0, 1, 7} {
		town := City(3, n, n, 1, today)
		if len(town.Cadres) < n || len(town.Recipients) < n {
			t.Errorf("city of %d: %d cadres, %d recipients", n, len(town.Cadres), len(town.Recipients))
		}
		for range town.Activities {
		}
	}
}

func BenchmarkCity(b *testing.B) {
	var n int
	for b.Loop() {
		n = 0
		for range City(1, CityRecipients, CityCadres, 1, today).Activities {
			n++
		}
	}
	b.ReportMetric(float64(n), "activities")
}
