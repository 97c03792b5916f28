package answer

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"aixin/models"
)

// Finding is something about an entry that an editor should look at. A fault
// keeps a base from being taken in; the others are told.
type Finding struct {
	Entry string
	Fault bool
	Words string
}

// longAnswer is how many characters are read aloud in about a minute.
const longAnswer = 240

var (
	baseRegion = regexp.MustCompile(`^6208\d{0,8}$`)
	amount     = regexp.MustCompile(`每(月|年|人)[^,。]{0,8}\d{2,}元`)
)

// Check reads a base as an editor would: dates and regions that cannot be, entries
// nobody signed, reviews that are due, answers that are too long, sums.
func (b *Base) Check(today models.Day) []Finding { return check(b.entries, today) }

func check(entries []Entry, today models.Day) (found []Finding) {
	for _, e := range entries {
		note := func(fault bool, format string, args ...any) {
			found = append(found, Finding{e.ID, fault, fmt.Sprintf(format, args...)})
		}
		for _, d := range []struct{ name, day string }{{"effective", e.Effective}, {"review", e.Review}} {
			if d.day == "" {
				continue
			}
			if _, err := models.ParseDay(d.day); err != nil {
				note(true, "%s 不是日子:%s(写成 2027-01-01)", d.name, d.day)
			}
		}
		if e.Region != "" && !baseRegion.MatchString(e.Region) {
			note(true, "region 不是平凉的代码:%s", e.Region)
		}
		if e.Effective != "" && e.Review != "" && e.Review <= e.Effective {
			note(true, "review 不在 effective 之后")
		}
		if e.Hotline == "" {
			note(true, "没有电话")
		}
		switch {
		case e.Review == "":
			note(false, "没写哪天复核(review)")
		case e.StaleOn(today):
			note(false, "%s 就该复核了,现在答“正在核对”", e.Review)
		}
		if len(e.Signed) == 0 {
			note(false, "没人会签(signed)")
		}
		if n := len([]rune(e.Answer)); n > longAnswer {
			note(false, "%d 个字,念起来太长", n)
		}
		if len(e.Variants) < 3 {
			note(false, "只有 %d 种问法", len(e.Variants))
		}
		if sum := amount.FindString(e.Answer); sum != "" {
			note(false, "写了金额“%s”,要有平凉现行依据", sum)
		}
	}
	slices.SortStableFunc(found, func(a, b Finding) int {
		switch {
		case a.Fault == b.Fault:
			return 0
		case a.Fault:
			return -1
		}
		return 1
	})
	return found
}

// StaleOn tells whether an entry should have been reviewed by a day: it is being
// checked, and its old words are not repeated.
func (e Entry) StaleOn(today models.Day) bool {
	return e.Review != "" && models.Day(e.Review) <= today
}

// HoldsIn tells whether an entry is in force in a place on a day.
func (e Entry) HoldsIn(region string, today models.Day) bool {
	if e.Effective != "" && models.Day(e.Effective) > today {
		return false
	}
	return e.Region == "" || strings.HasPrefix(region, e.Region)
}

// Gap is a group of questions that no entry answered, and the entries nearest to
// it: a candidate for a new one, or for more phrasings.
type Gap struct {
	Questions []string
	Nearest   []string // ids, best first
}

// alike is how many of the features of two questions must be shared for them to
// stand in one group.
const alike = 0.2

// Gaps groups questions that were not answered, the largest group first.
func (b *Base) Gaps(questions []string) (gaps []Gap) {
	var centres []map[uint32]bool
	for _, q := range questions {
		have := map[uint32]bool{}
		for _, s := range signsOf(q, "") {
			have[s.mark] = true
		}
		best, at := 0.0, -1
		for i, c := range centres {
			if s := shared(have, c); s > best {
				best, at = s, i
			}
		}
		if best < alike {
			centres, gaps, at = append(centres, have), append(gaps, Gap{}), len(gaps)
		}
		gaps[at].Questions = append(gaps[at].Questions, q)
	}
	for i := range gaps {
		gaps[i].Nearest = b.nearestTo(gaps[i].Questions[0])
	}
	slices.SortStableFunc(gaps, func(a, b Gap) int { return len(b.Questions) - len(a.Questions) })
	return gaps
}

func shared(a, b map[uint32]bool) float64 {
	both := 0
	for f := range a {
		if b[f] {
			both++
		}
	}
	return float64(both) / float64(max(1, len(a)+len(b)-both))
}

// nearestTo are the two entries that a text is likeliest to ask for, if it says
// anything that any entry is known by.
func (b *Base) nearestTo(text string) (ids []string) {
	likely := b.index.likely(text, "")[:len(b.entries)]
	order := make([]int, len(likely))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(likely[j], likely[i]) })
	for _, i := range order[:min(2, len(order))] {
		ids = append(ids, b.entries[i].ID)
	}
	return ids
}
