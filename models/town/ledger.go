package town

import (
	"fmt"
	"iter"
	"math/rand/v2"

	"aixin/models"
)

// leavers adds those who were there and are no more: people who died or moved
// away, and cadres whose person went to another.
func (c *city) leavers(people, cadres int) {
	days := c.today.Sub(c.start)
	if days < 30 {
		return
	}
	for range people {
		r := c.newPerson(c.places[c.IntN(len(c.places))])
		r.ExitedOn = c.start.Add(15 + c.IntN(days-15))
		r.EnteredOn = max(c.start, r.Birth)
		switch years := c.today.Year() - r.Birth.Year(); {
		case years < 18:
			r.ExitReason = pick(c.Rand, []string{"迁出", "不再符合"})
		case years >= 60:
			r.ExitReason = pick(c.Rand, []string{"亡故", "亡故", "亡故", "迁出"})
		default:
			r.ExitReason = pick(c.Rand, []string{"迁出", "不再符合", "亡故"})
		}
		if r.EnteredOn >= r.ExitedOn {
			continue
		}
		c.Recipients = append(c.Recipients, r)
		c.Pairings = append(c.Pairings, Pairing{
			Cadre: c.Cadres[c.IntN(c.here)].Key, Recipient: r.Key, Line: models.LinePairing,
			From: r.EnteredOn, To: r.ExitedOn, Reason: r.ExitReason,
		})
	}
	// A pairing of somebody still there is cut in two; the earlier part goes to
	// the cadre who left. Now and then the next one is a few days late.
	kept := c.Pairings
	for i := range cadres {
		at := (i*7919 + c.IntN(7)) % len(kept)
		p := &kept[at]
		if p.To != "" || c.today.Sub(p.From) < 40 {
			continue
		}
		c.cadre(c.IntN(len(c.Units)))
		k := &c.Cadres[len(c.Cadres)-1]
		k.Speciality = models.SpecialityNone
		k.LeftOn = p.From.Add(10 + c.IntN(c.today.Sub(p.From)-20))
		k.LeftReason = pick(c.Rand, []string{"换岗", "换岗", "退休", "机构改革", "调离"})
		before := Pairing{Cadre: k.Key, Recipient: p.Recipient, Line: p.Line, From: p.From, To: k.LeftOn, Reason: k.LeftReason}
		p.From = k.LeftOn.Add(1)
		if chance(c.Rand, 10) {
			p.From = p.From.Add(1 + c.IntN(9))
		}
		c.Pairings = append(c.Pairings, before)
	}
}

// services adds the four one-to-one lines: a weekly visit for each scattered
// person by somebody of the township, and the others in their real proportion.
func (c *city) services() {
	add := func(r *Recipient, cadre int, line models.Line) {
		c.Pairings = append(c.Pairings, Pairing{Cadre: c.Cadres[cadre].Key, Recipient: r.Key, Line: line, From: r.EnteredOn, To: r.ExitedOn, Reason: r.ExitReason})
	}
	grassroots, bySpeciality := map[string][]int{}, map[models.Speciality][]int{}
	for i, k := range c.Cadres[:c.here] {
		bySpeciality[k.Speciality] = append(bySpeciality[k.Speciality], i)
		if k.Speciality == models.SpecialityGrassroots {
			grassroots[k.Region] = append(grassroots[k.Region], i)
		}
	}
	for i := range c.Recipients {
		r := &c.Recipients[i]
		child := r.Categories[0] == models.CategoryOrphan || r.Categories[0] == models.CategoryDeFactoUnattended
		if r.CareMode == scattered {
			if near := grassroots[townshipOf(r.Region)]; len(near) > 0 {
				add(r, pick(c.Rand, near), models.LineFamilyCare)
			}
		}
		for _, service := range []struct {
			line models.Line
			by   models.Speciality
			whom bool
			odds int
		}{
			{models.LineTutoring, models.SpecialityTeacher, child, 72},
			{models.LineRehab, models.SpecialityMedic, r.Categories[0] == models.CategorySevereDisability, 60},
			{models.LineCounsel, models.SpecialityCounsellor, true, 3},
		} {
			if by := bySpeciality[service.by]; service.whom && len(by) > 0 && chance(c.Rand, service.odds) {
				add(r, pick(c.Rand, by), service.line)
			}
		}
	}
}

// townshipOf is the path of a place's township.
func townshipOf(path string) string {
	slashes := 0
	for i := range path {
		if path[i] == '/' {
			if slashes++; slashes == 2 {
				return path[:i]
			}
		}
	}
	return path
}

// activities runs through the pairings; each has its own source of chance, so
// that the order of reading changes nothing.
func (c *city) activities() iter.Seq[Activity] {
	pairings, start, today, seed := c.Pairings, c.start, c.today, c.seed
	calendar := make([]models.Day, 0, today.Sub(start))
	for d := start; d < today; d = d.Add(1) {
		calendar = append(calendar, d)
	}
	return func(yield func(Activity) bool) {
		for i, p := range pairings {
			from := max(0, p.From.Sub(start))
			to := len(calendar)
			if p.To != "" {
				to = min(to, p.To.Sub(start)+1)
			}
			if from >= to {
				continue
			}
			k := keeper{
				diary: diary{Rand: rand.New(rand.NewPCG(seed, uint64(i)+2)), Pairing: p, key: fmt.Sprintf("P%06d", i)},
				days:  calendar[from:to], today: today, yield: yield,
			}
			if !k.keep() {
				return
			}
		}
	}
}

// keeper keeps the diary of one pairing in the city, well or badly.
type keeper struct {
	diary
	days  []models.Day
	today models.Day
	late  int // of a hundred records, how many come days after
	yield func(Activity) bool
}

func (k *keeper) keep() bool {
	care := k.IntN(100) // 3 in 100 did nothing on record, 15 little
	k.late = []int{2, 2, 5, 20, 60}[k.IntN(5)]
	switch {
	case k.Line == models.LineFamilyCare:
		monday := k.days[0].Monday().Add(7).Sub(k.days[0]) % 7
		for week := monday; week+7 <= len(k.days); week += 7 {
			if chance(k.Rand, 80) && !k.write(models.KindVisit, k.days[week+k.IntN(7)]) {
				return false
			}
		}
		return true
	case care < 3:
		return true
	}
	// In a year about 4.3 contacts, 2.8 visits and 1 thing done (domain.md §1.6).
	odds := [3]int{5, 3, 1}
	if care < 18 {
		odds = [3]int{2, 1, 0}
	}
	if k.Line != models.LinePairing {
		odds = [3]int{1, 3, 0}
	}
	for year := 0; year < len(k.days); year += 365 {
		part := k.days[year:min(year+365, len(k.days))]
		// The kinds of the year's activities, in the order of their days.
		step := max(1, 365/max(1, odds[0]+odds[1]+odds[2]))
		for at := k.IntN(step); at < len(part); at += step/2 + 1 + k.IntN(step) {
			kind := models.KindContact
			switch n := k.IntN(odds[0] + odds[1] + odds[2]); {
			case n < odds[2]:
				kind = models.KindHelp
			case n < odds[2]+odds[1]:
				kind = models.KindVisit
			}
			if !k.write(kind, part[at]) {
				return false
			}
		}
	}
	return true
}

// write yields one message: an activity, and perhaps a gift with a visit.
func (k *keeper) write(kind models.Kind, day models.Day) bool {
	k.newRecord()
	recorded := day
	if chance(k.Rand, k.late) {
		wait := 1 + k.IntN(10)
		if k.IntN(10) == 0 {
			wait += 31 // 补录
		}
		recorded = min(day.Add(wait), k.today)
	}
	switch kind {
	case models.KindContact:
		return k.yield(k.contact(day, recorded))
	case models.KindHelp:
		return k.yield(k.help(day, recorded))
	}
	a := k.visit(day, recorded)
	if k.Line == models.LineFamilyCare {
		a.Note = pick(k.Rand, weekNotes)
		return k.yield(a)
	}
	if !k.yield(a) || chance(k.Rand, 22) && !k.yield(k.aid(day, recorded)) {
		return false
	}
	if k.IntN(200) == 0 { // sent once more, in other words
		k.newRecord()
		return k.yield(k.visit(day, recorded))
	}
	return true
}
