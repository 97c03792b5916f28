package town

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"aixin/models"
)

// Demo is the small town of the demo: two townships, four units, twelve cadres
// and thirty people, with a year of activities before today. 王敏 looks after
// 谷军, 马海龙 and 王桂花.
func Demo(today models.Day) Town {
	d := demo{today: today, numbers: newNumbers(), start: today.Add(-365)}
	d.Units = slices.Clone(demoUnits)
	for i, c := range demoCadres {
		d.Cadres = append(d.Cadres, Cadre{
			Key: fmt.Sprintf("C%02d", i+1), Name: c.name, Phone: d.phone(), Unit: c.unit, Post: c.post,
			Region: regionOf(demoUnits, c.unit), Speciality: c.speciality,
		})
	}
	for i, p := range demoPeople {
		key := fmt.Sprintf("R%02d", i+1)
		d.person(key, p)
		d.pair(p.cadre, key, models.LinePairing, p.done)
	}
	for _, s := range demoServices {
		d.pair(s.cadre, d.keyOf(s.person), s.line, [3]int{})
	}
	activities := d.activities
	slices.SortStableFunc(activities, func(a, b Activity) int { return strings.Compare(string(a.Day), string(b.Day)) })
	d.Activities = slices.Values(activities)
	return d.Town
}

// demo is the town in the making.
type demo struct {
	Town
	*numbers
	today, start models.Day
	activities   []Activity
}

func regionOf(units []Unit, name string) string {
	return units[slices.IndexFunc(units, func(u Unit) bool { return u.Name == name })].Region
}

func (d *demo) keyOf(person string) string {
	return d.Recipients[slices.IndexFunc(d.Recipients, func(r Recipient) bool { return r.Name == person })].Key
}

func (d *demo) person(key string, p demoPerson) {
	birthday := p.birthday
	if birthday == soon {
		birthday = string(d.today.Add(5))[5:]
	}
	var month, day int
	fmt.Sscanf(birthday, "%d-%d", &month, &day) // the table is ours
	r := Recipient{
		Key: key, Name: p.name, Birth: born(p.age, month, day, d.today), Categories: p.categories, CareMode: p.mode,
		Region: p.region, Address: p.address, Household: p.household, Needs: p.needs, EnteredOn: "2023-05-25",
	}
	if p.number != "" {
		r.Number = p.number
	} else {
		r.IDNumber = d.id(r.Birth, p.sex)
	}
	if r.EnteredOn < r.Birth {
		r.EnteredOn = r.Birth
	}
	if p.aliases != "" {
		r.Aliases = strings.Split(p.aliases, "、")
	}
	if p.contact.Name != "" {
		c := p.contact
		if c.Phone = d.phoneOf(c.Name); c.Phone == "" {
			c.Phone = d.phone()
		}
		r.Contacts = []Contact{c}
	}
	d.Recipients = append(d.Recipients, r)
}

// phoneOf is the phone of a contact who is one for somebody else already.
func (d *demo) phoneOf(name string) string {
	for _, r := range d.Recipients {
		for _, c := range r.Contacts {
			if c.Name == name {
				return c.Phone
			}
		}
	}
	return ""
}

// pair makes a pairing and what was done in it: all that was due last year, and
// done (contacts, visits, things) this year.
func (d *demo) pair(cadre, recipient string, line models.Line, done [3]int) {
	c := d.Cadres[slices.IndexFunc(d.Cadres, func(c Cadre) bool { return c.Name == cadre })]
	p := Pairing{Cadre: c.Key, Recipient: recipient, Line: line, From: d.Recipients[slices.IndexFunc(d.Recipients, func(r Recipient) bool { return r.Key == recipient })].EnteredOn}
	d.Pairings = append(d.Pairings, p)
	n := uint64(len(d.Pairings))
	w := diary{Rand: rand.New(rand.NewPCG(7, n)), Pairing: p, key: fmt.Sprintf("D%02d", n)}
	newYear := models.NewDay(d.today.Year(), 1, 1)
	switch line {
	case models.LineFamilyCare:
		d.weeks(&w)
	case models.LinePairing:
		d.spread(&w, max(d.start, p.From), newYear, [3]int{4, 2, 1})
		d.spread(&w, newYear, d.today, done)
	default:
		d.spread(&w, newYear, d.today, [3]int{0, 2, 0})
	}
}

// spread puts so many contacts, visits and things done into the days from first
// until before end. Visits bring a gift now and then. The last fifth of the
// time stays empty, so that nothing collides with what is tried in the demo.
func (d *demo) spread(w *diary, first, end models.Day, done [3]int) {
	days := max(0, end.Sub(first))
	at := func(i, n, shift int) models.Day {
		return first.Add(days * 4 / 5 * (10*i + shift) / (10 * max(1, n)))
	}
	for i := range done[0] {
		w.newRecord()
		day := at(i, done[0], 3)
		d.activities = append(d.activities, w.contact(day, day))
	}
	for i := range done[1] {
		w.newRecord()
		day := at(i, done[1], 6)
		d.activities = append(d.activities, w.visit(day, day))
		if i%2 == 1 {
			d.activities = append(d.activities, w.aid(day, day))
		}
	}
	for i := range done[2] {
		w.newRecord()
		day := at(i, done[2], 8)
		d.activities = append(d.activities, w.help(day, day))
	}
}

// weeks is a year of weekly visits with a gap here and there; 高有才 was not
// seen in the last fortnight.
func (d *demo) weeks(w *diary) {
	end := d.today
	if w.Recipient == d.keyOf("高有才") {
		end = d.today.Add(-16)
	}
	for monday := d.start.Monday(); monday < end; monday = monday.Add(7) {
		day := monday.Add(w.IntN(5))
		if day < d.start || day >= end || w.IntN(12) == 0 {
			continue
		}
		w.newRecord()
		a := w.visit(day, day)
		a.Note = pick(w.Rand, weekNotes)
		d.activities = append(d.activities, a)
	}
}
