package answer

import (
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// lesson is a sentence to learn from, as the pieces that are heard in it. What a
// stranger wrote weighs most, what was put together by lot least.
type lesson struct {
	danger bool
	weight float64
	pieces []heardPiece
}

const byStranger, byLot = 2, 0.3

type heardPiece struct {
	id    int32
	value float32
}

// school holds the lessons and the numbers of the pieces.
type school struct {
	ids   map[uint32]int
	marks []uint32
	rows  []int // of each piece: in how many rows it was heard
	last  []int // and which was the last
	row   int

	around  []string // ordinary messages, whose clauses stand around what is learned
	stories []string // questions as families tell them
}

// newSchool knows ordinary messages, and how families ask but for one set of questions.
func newSchool(t *testing.T, around []string, but string) *school {
	s := &school{ids: map[uint32]int{}, around: around}
	for _, name := range setNames(t) {
		if strings.HasPrefix(name, "stranger_questions") && name != but {
			for _, q := range lines[question](t, name) {
				if q.Answer != Crisis {
					s.stories = append(s.stories, q.Text)
				}
			}
		}
	}
	return s
}

// setNames are the files of testdata.
func setNames(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for i, path := range names {
		names[i] = filepath.Base(path)
	}
	return names
}

func (s *school) lesson(text string, danger bool) lesson {
	l := lesson{danger: danger, weight: 1}
	var sum float64
	rules().pieces(rules().readAll(text), func(p piece, loud float64) {
		mark := p.mark()
		id, known := s.ids[mark]
		if !known {
			id = len(s.marks)
			s.ids[mark] = id
			s.marks = append(s.marks, mark)
			s.rows = append(s.rows, 0)
			s.last = append(s.last, -1)
		}
		if s.last[id] != s.row {
			s.rows[id]++
			s.last[id] = s.row
		}
		l.pieces = append(l.pieces, heardPiece{int32(id), float32(loud)})
		sum += loud * loud
	})
	for i := range l.pieces {
		l.pieces[i].value /= float32(math.Sqrt(sum))
	}
	return l
}

// tellings writes out the braces of a row: {a|b} stands for each of its choices,
// drawn by lot where there are many ways, and @sense for each word of a sense.
func tellings(row string) []string {
	words := senses().words
	parts := braces(row)
	for i, choices := range parts {
		var part []string
		for _, choice := range choices {
			if sense, named := strings.CutPrefix(choice, "@"); named {
				part = append(part, words[sense]...)
			} else {
				part = append(part, choice)
			}
		}
		parts[i] = part
	}
	most := 30
	if strings.Contains(row, "@") {
		most = 120
	}
	ways := 1
	for _, p := range parts {
		ways = min(ways*len(p), 4*most)
	}
	lot := rand.New(rand.NewPCG(1, uint64(len(row))))
	var out []string
	for range 2 * min(ways, most) {
		var text strings.Builder
		for _, p := range parts {
			text.WriteString(p[lot.IntN(len(p))])
		}
		if len(out) < most && !slices.Contains(out, text.String()) {
			out = append(out, text.String())
		}
	}
	return out
}

// primer is what was made up to learn from.
func (s *school) primer(t *testing.T) []lesson {
	var out []lesson
	learn := func(danger bool, texts ...string) {
		for _, text := range texts {
			l := s.lesson(text, danger)
			l.weight = 1 / math.Sqrt(float64(len(texts)))
			out = append(out, l)
		}
	}
	for _, name := range []string{"heard_danger.txt", "heard_calm.txt"} {
		var texts []string
		danger := name == "heard_danger.txt"
		for _, row := range rowsOf(t, name) {
			s.row++
			told := tellings(row)
			learn(danger, told...)
			texts = append(texts, told...)
		}
		out = append(out, s.inReports(t, texts, danger)...)
	}
	for _, id := range slices.Sorted(maps.Keys(phrasings())) {
		for _, row := range phrasings()[id] {
			s.row++
			learn(false, unfold([]string{row})...)
		}
	}
	out = append(out, s.mixtures()...)
	for _, rule := range rules().Rules {
		s.row++
		learn(true, rule.Hits...)
		learn(false, rule.Misses...)
	}
	return out
}

// mixtures are clauses of ordinary logs and questions set side by side: nothing in
// particular, and calm.
func (s *school) mixtures() []lesson {
	var out []lesson
	mix := func(count, most int, texts []string) {
		var clauses []string
		for _, text := range texts {
			for _, clause := range clausesOf(text) {
				if len(clause) > 9 {
					clauses = append(clauses, clause)
				}
			}
		}
		lot := rand.New(rand.NewPCG(5, 8))
		s.row++
		for range count {
			text := clauses[lot.IntN(len(clauses))]
			for range lot.IntN(most) {
				text += "," + clauses[lot.IntN(len(clauses))]
			}
			l := s.lesson(text, false)
			l.weight = byLot
			out = append(out, l)
		}
	}
	short := slices.Clone(s.around)
	for _, id := range slices.Sorted(maps.Keys(phrasings())) {
		short = append(short, unfold(phrasings()[id])...)
	}
	mix(9000, 3, short)
	mix(6000, 4, s.stories)
	return out
}

// clausesOf cuts a text at every sign.
func clausesOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，。;；、 ?？", r) })
}

// sets are the lessons of testdata, by file.
func (s *school) sets(t *testing.T) map[string][]lesson {
	out := map[string][]lesson{}
	for _, name := range setNames(t) {
		if strings.Contains(name, "questions") {
			for _, q := range lines[question](t, name) {
				if q.Answer != Crisis {
					s.row++
					out[name] = append(out[name], s.lesson(q.Text, false))
				}
			}
			continue
		}
		for _, m := range lines[sentence](t, name) {
			s.row++
			l := s.lesson(m.Text, m.Level != "calm")
			l.weight = byStranger
			out[name] = append(out[name], l)
		}
	}
	return out
}

// logs are lessons of ordinary messages: calm.
func (s *school) logs(texts []string) []lesson {
	var out []lesson
	for _, text := range texts {
		s.row++
		out = append(out, s.lesson(text, false))
	}
	return out
}

// rowsOf are the lines of a file.
func rowsOf(t *testing.T, name string) []string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}

// asks are questions that who is in danger puts as well.
var asks = strings.Fields("能申请救助吗 低保能单独办不 该找谁 医院能报多少 要啥手续 监护人能换不 我能住校不 能去敬老院不 有啥补助没 公家管不管 法律援助咋申请 能给点钱不 去哪里办")

// inReports sets every so manyth sentence among clauses of ordinary logs or behind a
// way to begin (heard_around.txt), where it means the same: how one tells a thing
// says nothing for or against danger.
func (s *school) inReports(t *testing.T, texts []string, danger bool) []lesson {
	begin := rowsOf(t, "heard_around.txt")
	lot := rand.New(rand.NewPCG(2, 3))
	clause := func() string {
		clauses := clausesOf(s.around[lot.IntN(len(s.around))])
		return clauses[lot.IntN(len(clauses))]
	}
	s.row++
	var out []lesson
	for i, text := range texts {
		switch (i + lot.IntN(2)) % 12 {
		case 0:
			text = clause() + "," + text
		case 2:
			text += "," + clause()
		case 4:
			text = clause() + "," + text + "," + clause()
		case 6, 8, 10:
			text = begin[lot.IntN(len(begin))] + text
		case 11:
			if !danger {
				continue
			}
			text += "," + asks[lot.IntN(len(asks))] // which undoes no danger
		default:
			continue
		}
		l := s.lesson(text, danger)
		l.weight = byLot
		out = append(out, l)
	}
	return out
}
