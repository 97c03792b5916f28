package handlers

import (
	"regexp"
	"slices"
	"strings"

	"aixin/handlers/understand"
	"aixin/models/store"
)

// notMine is the first name in a report of needs that nobody of the roster
// bears, as far as a need is told with it: what was understood as a name, or what
// stands before a need's words as one would (谷军房顶漏雨). An unknown name is
// never replaced by the only person of a roster.
func (t *talk) notMine(text string, others []string, roster []store.Paired) string {
	tables, mine, last := needTables(), calledIn(roster), ""
	for _, clause := range tables.clauses(narrow(text)) {
		i := slices.IndexFunc(others, func(o string) bool { return strings.Contains(clause, o) })
		switch at := tables.start(clause); {
		case mine(clause) != "":
			last = ""
		case i >= 0:
			last = others[i]
		case at > 0:
			if name := t.namedBefore(clause[:at]); name != "" {
				last = name
			}
		}
		if _, need := tables.kindOf(clause); need && last != "" {
			return last
		}
	}
	if len(tables.split(text, mine)) == 0 && mine(text) == "" && len(others) > 0 {
		return others[0] // a need that the tables do not know
	}
	return ""
}

// ownPart is what a report tells of people whom it names of the roster, beside
// somebody else's needs; "" where it tells nothing of them.
func ownPart(text, other string, people []store.Paired) string {
	mine := calledIn(people)
	var own []string
	for _, s := range needTables().split(text, func(clause string) string {
		if id := mine(clause); id != "" || !strings.Contains(clause, other) {
			return id
		}
		return other
	}) {
		if s.person != "" && s.person != other {
			own = append(own, s.words)
		}
	}
	return strings.Join(own, ";")
}

// namedBefore is the name that words begin with, as the understanding would hear
// it before 家.
func (t *talk) namedBefore(words string) string {
	words = behindName.ReplaceAllString(words, "")
	for _, n := range []int{3, 2} {
		if r := []rune(words); len(r) >= n {
			m := t.Understand.Understand(understand.Input{Text: string(r[:n]) + "家走访了", Today: t.today})
			if slices.Contains(m.Others, string(r[:n])) {
				return string(r[:n])
			}
		}
	}
	return ""
}

// behindName is what comes between a name and the words of a need.
var behindName = regexp.MustCompile(`[需缺没想要得的这那家].*`)

// start is where the words of a clause's need begin; -1 where there are none.
func (w *needWords) start(clause string) int {
	k, found := w.kindOf(clause)
	if !found {
		return -1
	}
	first := -1
	for _, re := range []*regexp.Regexp{k.words, k.things} {
		if re == nil {
			continue
		}
		if at := re.FindStringIndex(clause); at != nil && (first < 0 || at[0] < first) {
			first = at[0]
		}
	}
	return first
}
