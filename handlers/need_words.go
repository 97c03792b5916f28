package handlers

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"aixin/models"
)

//go:embed need_words.yaml
var needWordsFile []byte

// needWords are the tables by which a sentence becomes needs.
type needWords struct {
	lacks, past, urgent *regexp.Regexp
	kinds               []needKind
}

type needKind struct {
	category      models.NeedCategory
	department    string
	clock         models.NeedClock
	words, things *regexp.Regexp // nil for none
}

var needTables = sync.OnceValue(func() *needWords {
	w, err := readNeedWords(needWordsFile)
	if err != nil {
		panic(err) // a shipped file of ours; a test reads it
	}
	return w
})

func readNeedWords(raw []byte) (*needWords, error) {
	var file struct {
		Lacks, Past, Urgent string
		Kinds               []struct{ Category, Department, Clock, Words, Things string }
	}
	if err := yaml.Unmarshal(raw, &file); err != nil {
		return nil, fmt.Errorf("handlers: need words: %w", err)
	}
	var bad error
	compile := func(s string) *regexp.Regexp {
		if s == "" {
			return nil
		}
		re, err := regexp.Compile(s)
		if err != nil {
			bad = fmt.Errorf("handlers: need words: %w", err)
		}
		return re
	}
	w := &needWords{lacks: compile(file.Lacks), past: compile(file.Past), urgent: compile(file.Urgent)}
	for _, k := range file.Kinds {
		w.kinds = append(w.kinds, needKind{models.NeedCategory(k.Category), k.Department, models.NeedClock(k.Clock), compile(k.Words), compile(k.Things)})
	}
	return w, bad
}

// needSaid is one need as a sentence tells it.
type needSaid struct {
	words      string
	category   models.NeedCategory
	department string
	clock      models.NeedClock
	person     string // whom it is about, where the sentence names several
}

var (
	needBreaks = regexp.MustCompile(`[,。.;、!\s]+|还有|另外|再就是|再一个|并且|而且`)
	needAsks   = regexp.MustCompile(`[?]|吗|咋|怎么|怎样|多少|谁|啥|什么|哪|能不能|可不可以|有没有|行不行`)
)

// narrow writes full-width digits, letters and stops as plain ones.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		case r == 0x3000:
			return ' '
		}
		return r
	}, s)
}

// split takes a sentence apart into needs. A clause that names none belongs to
// the one before it, or to the first. named tells whom a clause names.
func (w *needWords) split(text string, named func(clause string) string) (out []needSaid) {
	var lead []string
	person := ""
	for _, clause := range w.clauses(narrow(text)) {
		if p := named(clause); p != "" {
			person = p
		}
		k, found := w.kindOf(clause)
		last := len(out) - 1
		switch {
		case !found && last >= 0 && w.past.MatchString(clause):
			out = out[:last] // 房漏雨,修好了
		case !found && last < 0:
			lead = append(lead, clause)
		case !found:
			out[last].words += "," + clause
			out[last].also(clause)
		case last >= 0 && out[last].category == k.category && out[last].person == person:
			out[last].words += "," + clause
			out[last].also(clause)
			if w.urgent.MatchString(clause) {
				out[last].clock = models.ClockUrgent
			}
		default:
			n := needSaid{words: strings.Join(append(lead, clause), ","), category: k.category, department: k.department, clock: k.clock, person: person}
			if w.urgent.MatchString(clause) {
				n.clock = models.ClockUrgent
			}
			lead = nil
			n.also(n.words)
			out = append(out, n)
		}
	}
	return out
}

// also takes the office that a clause names for its need.
func (n *needSaid) also(clause string) {
	if d, ok := models.DepartmentNamed(clause); ok {
		n.department = d.ID
	}
}

// clauses cuts a sentence at its stops, and where speech without stops goes from
// one kind of need to another.
func (w *needWords) clauses(text string) (out []string) {
	for _, part := range needBreaks.Split(text, -1) {
		for part != "" {
			cut := w.nextKind(part)
			out = append(out, part[:cut])
			part = part[cut:]
		}
	}
	return out
}

// nextKind is where a clause that tells two kinds of needs by their own words
// goes over to the second: after the first one's words.
func (w *needWords) nextKind(clause string) int {
	end, category := -1, models.NeedCategory("")
	for _, k := range w.kinds {
		if k.words == nil {
			continue
		}
		if at := k.words.FindStringIndex(clause); at != nil && (end < 0 || at[1] < end) {
			end, category = at[1], k.category
		}
	}
	if end < 0 {
		return len(clause)
	}
	for _, k := range w.kinds {
		if k.words != nil && k.category != category && k.words.MatchString(clause[end:]) {
			return end
		}
	}
	return len(clause)
}

func (w *needWords) kindOf(clause string) (needKind, bool) {
	if w.past.MatchString(clause) {
		return needKind{}, false
	}
	for _, k := range w.kinds {
		if k.words != nil && k.words.MatchString(clause) || k.things != nil && k.things.MatchString(clause) && w.lacks.MatchString(clause) {
			return k, true
		}
	}
	return needKind{}, false
}

// reported are the needs in a cadre's report, which is one for sure: where the
// tables find none it is a need of daily life.
func (w *needWords) reported(text string, named func(string) string) []needSaid {
	out := w.split(text, named)
	if len(out) == 0 {
		n := needSaid{words: strings.TrimSpace(text), category: "生活", department: models.BackstopDepartment, clock: models.ClockWeek, person: named(text)}
		n.also(text)
		out = append(out, n)
	}
	return out
}

// needCalls are words that call for somebody else to see to it.
var needCalls = regexp.MustCompile(`需要|得(让|找|请|叫|给|有)|反映|协调|帮忙|(得|请|让|找|要)[^,]{0,3}(住建|教育|医保|卫健|残联|人社|公安|派出所|妇联|团委|民政|镇上|乡上|村上)`)

// beside are the needs that a log speaks of besides and calls somebody for,
// without the words of the log before them.
func (w *needWords) beside(text string, named func(string) string) (out []needSaid) {
	if !needCalls.MatchString(text) {
		return nil // most logs, at the cost of one look
	}
	for _, s := range w.split(text, named) {
		for i, clause := range w.clauses(s.words) {
			if _, found := w.kindOf(clause); found {
				s.words = strings.Join(w.clauses(s.words)[i:], ",")
				break
			}
		}
		if needCalls.MatchString(s.words) {
			out = append(out, s)
		}
	}
	return out
}

// told are the needs in a family's words; a question is none.
func (w *needWords) told(text string) []needSaid {
	if needAsks.MatchString(narrow(text)) || len([]rune(text)) > 200 {
		return nil
	}
	return w.split(text, func(string) string { return "" })
}
