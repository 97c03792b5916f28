package models

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Craft is what a cadre's work is good for, beyond the common duties.
type Craft string

// The crafts, of the speciality or of the unit.
const (
	CraftTeaching   Craft = "teaching"
	CraftMedicine   Craft = "medicine"
	CraftCounsel    Craft = "counsel"
	CraftGrassroots Craft = "grassroots"
)

var unitCrafts = []struct {
	craft Craft
	words []string
}{
	{CraftTeaching, []string{"学校", "小学", "中学", "幼儿园", "教育", "教体", "职专", "一中", "二中", "学区"}},
	{CraftMedicine, []string{"卫生院", "医院", "卫健", "卫生健康", "医保", "疾控", "残联", "残疾人"}},
	{CraftCounsel, []string{"心理", "妇联", "团委"}},
	{CraftGrassroots, []string{"乡人民政府", "镇人民政府", "街道", "村委会", "居委会", "社区"}},
}

// CraftOf reads a cadre's craft from the speciality, else from the unit's name.
func CraftOf(s Speciality, unit string) Craft {
	switch s {
	case SpecialityTeacher:
		return CraftTeaching
	case SpecialityMedic:
		return CraftMedicine
	case SpecialityCounsellor:
		return CraftCounsel
	case SpecialityGrassroots:
		return CraftGrassroots
	}
	for _, u := range unitCrafts {
		for _, w := range u.words {
			if strings.Contains(unit, w) {
				return u.craft
			}
		}
	}
	return ""
}

// craftWords say why a craft fits.
var craftWords = map[Craft]string{
	CraftTeaching: "搞教育的,能帮着上学", CraftMedicine: "医疗残联口的,能帮着康复看病", CraftCounsel: "做心理和妇女儿童工作的,好说心里话", CraftGrassroots: "基层干部,离得近、常能上门",
}

var wishCrafts = []struct {
	craft Craft
	words []string
}{
	{CraftTeaching, []string{"上学", "学习", "作业", "功课", "辅导", "学费", "念书"}},
	{CraftMedicine, []string{"康复", "看病", "吃药", "轮椅", "辅具", "治疗", "住院", "护理"}},
	{CraftCounsel, []string{"心里", "心理", "说话", "陪伴", "孤单", "不爱说"}},
	{CraftGrassroots, []string{"挑水", "做饭", "取暖", "煤", "房", "地里", "跑腿"}},
}

// Seeker is a recipient for whom a cadre is looked for.
type Seeker struct {
	ID, Region, Household string
	Before                []string // cadres who were paired with the person
	Not                   string   // the one who was replaced
	crafts                [4]Craft // that suit, the wished ones first
	wished, suits         int
}

// NewSeeker reads what would suit a person: what is wished for, then what the
// category speaks for.
func NewSeeker(r Recipient) Seeker {
	s := Seeker{ID: r.ID, Region: r.Region, Household: r.Household}
	add := func(c Craft) {
		if !slices.Contains(s.crafts[:s.suits], c) {
			s.crafts[s.suits] = c
			s.suits++
		}
	}
	wish := r.Needs.Reveal()
	for _, w := range wishCrafts {
		if slices.ContainsFunc(w.words, func(word string) bool { return strings.Contains(wish, word) }) {
			add(w.craft)
		}
	}
	s.wished = s.suits
	if r.Is(CategoryOrphan) || r.Is(CategoryDeFactoUnattended) {
		add(CraftTeaching)
	}
	if r.Is(CategorySevereDisability) {
		add(CraftMedicine)
	}
	if r.Is(CategoryExtremePoverty) && r.CareMode == CareModeScattered {
		add(CraftGrassroots)
	}
	return s
}

// Helper is a cadre who may be proposed.
type Helper struct {
	ID         string
	Region     string // where the cadre works, as near as it is known
	Craft      Craft
	Load       int      // people paired with now
	Households []string // whom they belong to
}

// Proposal is a cadre for a person, with the reasons in words.
type Proposal struct {
	CadreID string
	Score   int
	Why     []string
}

// MatchLimit is the caseload beyond which nobody is proposed.
const MatchLimit = 3

// proposalsEach is how many cadres are proposed for one person.
const proposalsEach = 3

// Match proposes cadres for people, at most three each, the best first. Who has
// been put first for somebody counts as taken by one more for the next, so that
// two thousand people are not all sent to the same teacher. A person decides.
func Match(seekers []Seeker, helpers []Helper) map[string][]Proposal {
	byCounty := map[string][]int{}
	loads := make([]int, len(helpers))
	for i, h := range helpers {
		loads[i] = h.Load
		county := CityCode
		if len(h.Region) >= 6 {
			county = h.Region[:6]
		}
		byCounty[county] = append(byCounty[county], i)
	}
	out := make(map[string][]Proposal, len(seekers))
	type scored struct{ at, score int }
	better := func(a, b scored) bool {
		return cmp.Or(b.score-a.score, loads[a.at]-loads[b.at], strings.Compare(helpers[a.at].ID, helpers[b.at].ID)) < 0
	}
	best := make([]scored, 0, proposalsEach+1)
	for i := range seekers {
		s := &seekers[i]
		best = best[:0]
		county := s.Region[:min(6, len(s.Region))]
		for _, group := range [][]int{byCounty[county], byCounty[CityCode]} {
			for _, i := range group {
				h := &helpers[i]
				if h.ID == s.Not {
					continue
				}
				known := slices.Contains(s.Before, h.ID)
				kin := s.Household != "" && slices.Contains(h.Households, s.Household)
				if loads[i] >= MatchLimit && !kin {
					continue
				}
				// The few best are kept in order; most fall off the end at once.
				next := scored{i, s.score(h, loads[i], known, kin)}
				if len(best) == proposalsEach && !better(next, best[proposalsEach-1]) {
					continue
				}
				best = append(best, next)
				for n := len(best) - 1; n > 0 && better(best[n], best[n-1]); n-- {
					best[n], best[n-1] = best[n-1], best[n]
				}
				best = best[:min(proposalsEach, len(best))]
			}
			if len(best) >= proposalsEach {
				break // the city's own are asked where the county has too few
			}
		}
		for n, b := range best {
			h := &helpers[b.at]
			out[s.ID] = append(out[s.ID], Proposal{h.ID, b.score, s.why(h, loads[b.at])})
			if n == 0 {
				loads[b.at]++
			}
		}
	}
	return out
}

// The weights: the same household first, then nearness, then craft, then a light
// caseload.
func (s *Seeker) score(h *Helper, load int, known, kin bool) int {
	n := 10 * shared(s.Region, h.Region)
	if i := slices.Index(s.crafts[:s.suits], h.Craft); h.Craft != "" && i >= 0 {
		if n += 12; i < s.wished {
			n += 8
		}
	}
	if known {
		n += 15
	}
	if kin {
		n += 60
	}
	return n - 6*load
}

// shared counts the levels of place that two codes have in common below the
// city: 1 the county, 2 the township, 3 the village.
func shared(a, b string) int {
	n := 0
	for i, end := range [...]int{6, 9, 12} {
		if len(a) >= end && len(b) >= end && a[:end] == b[:end] {
			n = i + 1
		}
	}
	return n
}

func (s *Seeker) why(h *Helper, load int) (words []string) {
	if s.Household != "" && slices.Contains(h.Households, s.Household) {
		words = append(words, "已结对这一户的家人")
	}
	switch shared(s.Region, h.Region) {
	case 3:
		words = append(words, "同村")
	case 2:
		words = append(words, "同乡镇")
	case 1:
		words = append(words, "同县")
	default:
		words = append(words, "市直单位")
	}
	if i := slices.Index(s.crafts[:s.suits], h.Craft); h.Craft != "" && i >= 0 {
		word := craftWords[h.Craft]
		if i < s.wished {
			word += ",正合家里的需求"
		}
		words = append(words, word)
	}
	if slices.Contains(s.Before, h.ID) {
		words = append(words, "以前结过对,熟悉")
	}
	if load == 0 {
		return append(words, "现在没有结对的人")
	}
	return append(words, "现在结对 "+strconv.Itoa(load)+" 人")
}
