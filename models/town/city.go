package town

import (
	"fmt"
	"math/rand/v2"

	"aixin/models"
)

// The real size (domain.md §1.2).
const (
	CityRecipients = 22427
	CityCadres     = 20518
)

// City is a synthetic city: so many recipients and cadres on the register today,
// besides those who left in the years before, paired and with their activities
// of that time. The proportions are the programme's (domain.md §1.4, §1.5).
func City(seed uint64, recipients, cadres, years int, today models.Day) Town {
	c := &city{
		Rand: rand.New(rand.NewPCG(seed, 1)), numbers: newNumbers(), seed: seed,
		today: today, start: models.NewDay(today.Year()-years, today.Time().Month(), today.Time().Day()),
		places: cityMap(),
	}
	c.makeUnits(cadres)
	for i := range cadres {
		c.cadre(i)
	}
	c.here = len(c.Cadres)
	for i := range recipients {
		c.recipient(i)
	}
	c.leavers(recipients*years*13/1000, cadres*years*12/1000)
	c.services()
	c.Activities = c.activities()
	return c.Town
}

type city struct {
	Town
	*rand.Rand
	*numbers
	seed         uint64
	today, start models.Day
	places       []township
	here         int // cadres[:here] are there today
	households   int
}

// unitKinds are the units of a township, with the posts there.
var unitKinds = []struct {
	name  string
	posts []string
	odds  [3]int // of a thousand: teachers, medics, counsellors
}{
	{"人民政府", []string{"干事", "科员", "四级主任科员", "副镇长", "民政干事"}, [3]int{}},
	{"中心小学", []string{"教师", "班主任", "教导主任"}, [3]int{125, 0, 28}},
	{"卫生院", []string{"医师", "护士", "公卫专干"}, [3]int{0, 480, 0}},
	{"初级中学", []string{"教师", "班主任", "总务主任"}, [3]int{125, 0, 28}},
	{"幼儿园", []string{"教师", "保育员"}, [3]int{125, 0, 28}},
	{"供销社", []string{"职工", "主任"}, [3]int{}},
	{"林业站", []string{"站长", "技术员"}, [3]int{}},
	{"水管所", []string{"所长", "技术员"}, [3]int{}},
}

// makeUnits gives each township a government, a school and so on until there
// are about 40 cadres a unit.
func (c *city) makeUnits(cadres int) {
	for _, kind := range unitKinds {
		for _, place := range c.places {
			if len(c.Units) > 0 && len(c.Units)*40 >= cadres {
				return
			}
			c.Units = append(c.Units, Unit{place.county + place.name + kind.name, place.path})
		}
	}
}

func (c *city) cadre(i int) {
	unit := i % len(c.Units)
	kind := unitKinds[unit/len(c.places)]
	s := sex(c.IntN(2))
	years := 24 + c.IntN(36)
	k := Cadre{
		Key: fmt.Sprintf("C%05d", len(c.Cadres)+1), Name: surname(c.Rand) + given(c.Rand, s, years), Phone: c.phone(),
		Unit: c.Units[unit].Name, Post: pick(c.Rand, kind.posts), Region: c.Units[unit].Region,
	}
	// 4,818 + 1,432 + 1,859 + 320 of 20,518; any unit sends people to villages.
	switch n := c.IntN(1000); {
	case n < kind.odds[0]:
		k.Speciality = models.SpecialityTeacher
	case n < kind.odds[0]+kind.odds[1]:
		k.Speciality = models.SpecialityMedic
	case n < kind.odds[0]+kind.odds[1]+kind.odds[2]:
		k.Speciality = models.SpecialityCounsellor
	case chance(c.Rand, 28):
		k.Speciality, k.Post = models.SpecialityGrassroots, pick(c.Rand, []string{"驻村干部", "村干部", "网格员"})
	}
	c.Cadres = append(c.Cadres, k)
}

// recipient makes the next person and their lead pairing: every cadre has one
// person before any has two. Some share a household with the one before.
func (c *city) recipient(i int) {
	cadre := i
	if i >= c.here {
		cadre = c.IntN(c.here)
	}
	place := c.places[cadre%len(c.Units)%len(c.places)]
	r := c.newPerson(place)
	if i > 0 && chance(c.Rand, 7) && c.Recipients[i-1].CareMode != models.CareModeCentralized && r.CareMode != models.CareModeCentralized {
		mate := c.Recipients[i-1] // they also share the cadre
		r.Household, r.Region, r.Address = mate.Household, mate.Region, mate.Address
		if last := &c.Pairings[len(c.Pairings)-1]; last.Recipient == mate.Key && i >= c.here {
			cadre = c.indexOf(last.Cadre)
		}
	}
	c.Recipients = append(c.Recipients, r)
	if r.EnteredOn > c.today.Add(-10) && chance(c.Rand, 30) {
		return // 待匹配
	}
	c.Pairings = append(c.Pairings, Pairing{Cadre: c.Cadres[cadre].Key, Recipient: r.Key, Line: models.LinePairing, From: min(r.EnteredOn.Add(c.IntN(4)), c.today)})
}

func (c *city) indexOf(cadre string) int {
	var n int
	fmt.Sscanf(cadre, "C%d", &n) // keys are ours
	return n - 1
}

// newPerson makes somebody of a township who is on the register today.
func (c *city) newPerson(place township) Recipient {
	s := sex(c.IntN(2))
	r := Recipient{Key: fmt.Sprintf("R%05d", len(c.Recipients)+1), Region: pick(c.Rand, place.villages)}
	var years int
	switch n := c.IntN(1000); { // 334 + 1,700 + 9,210 of 22,427; the rest disabled, few others
	case n < 15:
		years, r.Categories = 3+c.IntN(15), orphan
	case n < 91:
		years, r.Categories = 3+c.IntN(15), deFacto
	case n < 502:
		years, r.Categories, r.CareMode = 60+c.IntN(32), poor, centralized
		if c.IntN(9210) < 5741 {
			r.CareMode = scattered
		}
		if chance(c.Rand, 4) {
			r.Categories = poorAndIll
		}
	case n < 990:
		years, r.Categories = 6+c.IntN(80), disabled
	default:
		years, r.Categories = 20+c.IntN(60), other
	}
	if r.Categories[0] == models.CategoryDeFactoUnattended && chance(c.Rand, 5) {
		r.Categories = deFactoIll
	}
	r.Birth = born(years, 1+c.IntN(12), 1+c.IntN(28), c.today)
	if c.IntN(150) > 0 {
		r.IDNumber = c.id(r.Birth, s)
	}
	if r.IDNumber == "" {
		r.Number = "T" + r.Key
	}
	family := surname(c.Rand)
	own := given(c.Rand, s, years)
	r.Name = family + own
	r.Aliases = aliases(c.Rand, family, own, s, years)
	c.households++
	r.Household = fmt.Sprintf("H%05d", c.households)
	r.Address = fmt.Sprintf("%d社", 1+c.IntN(8))
	if r.CareMode == centralized {
		r.Household, r.Address = "", "敬老院"
		r.Region = place.path
	}
	c.contacts(&r, family, years, place)
	if chance(c.Rand, 20) {
		r.Needs = pick(c.Rand, []string{"房顶漏雨", "取暖的煤不够", "想换轮椅", "孩子没人辅导", "看病来回不方便", "想学门手艺", "水管冬天冻"})
	}
	// 647 newcomers a year.
	r.EnteredOn = c.start
	if days := c.today.Sub(c.start); days > 0 && c.IntN(365*1000) < days*29 {
		r.EnteredOn = c.start.Add(c.IntN(days))
	}
	r.EnteredOn = max(r.EnteredOn, r.Birth)
	return r
}

// contacts gives a child a guardian and some grown-ups somebody to call.
func (c *city) contacts(r *Recipient, family string, years int, place township) {
	switch {
	case r.CareMode == centralized:
		r.Contacts = []Contact{house(place.county + place.name + "敬老院")}
	case years < 18:
		name, called := surname(c.Rand)+given(c.Rand, female, 60), family+"奶奶"
		if chance(c.Rand, 35) {
			name, called = family+given(c.Rand, male, 60), family+"爷爷"
		}
		r.Contacts = []Contact{guardian(name, called)}
	case chance(c.Rand, 30):
		r.Contacts = []Contact{relative(family+given(c.Rand, male, 40), "")}
	case chance(c.Rand, 20):
		r.Contacts = []Contact{self(r.Name)}
	case chance(c.Rand, 20):
		r.Contacts = []Contact{neighbour(surname(c.Rand) + given(c.Rand, male, 50))}
	}
	for i := range r.Contacts {
		r.Contacts[i].Phone = c.phone()
	}
}
