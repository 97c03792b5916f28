package understand

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// lesson is one stretch of text, as rows of weights, and what it tells.
type lesson struct {
	rows []int32
	n    int // grams fed, those not kept too
	told []bool
}

// school gathers lessons and makes an ear of them.
type school struct {
	outs    int
	rows    map[uint32]int32
	names   []string
	lessons []lesson
}

func newSchool(outs int) *school {
	return &school{outs: outs, rows: map[uint32]int32{}, names: []string{"*"}}
}

func (s *school) add(f feed, told []bool) {
	l := lesson{rows: []int32{0}, told: told}
	f(func(view byte, r []rune) {
		h := gram(view, r)
		row, ok := s.rows[h]
		if !ok {
			row = int32(len(s.names))
			s.rows[h] = row
			s.names = append(s.names, string(rune(view))+string(r))
		}
		l.rows = append(l.rows, row)
	})
	l.n = len(l.rows)
	s.lessons = append(s.lessons, l)
}

// minSeen is how many lessons must hold a gram for it to be learnt.
const minSeen = 2

// teach runs a logistic regression over the lessons.
func (s *school) teach() *ear {
	const epochs, rate = 20, 0.1
	seen := make([]int, len(s.names))
	for _, l := range s.lessons {
		last := map[int32]bool{}
		for _, row := range l.rows {
			if !last[row] {
				last[row] = true
				seen[row]++
			}
		}
	}
	for i := range s.lessons {
		s.lessons[i].rows = slices.DeleteFunc(s.lessons[i].rows, func(r int32) bool { return seen[r] < minSeen })
	}
	w := make([]float32, len(s.names)*s.outs)
	g := make([]float32, len(w))
	order := make([]int, len(s.lessons))
	for i := range order {
		order[i] = i
	}
	seed := uint32(7)
	sum := make([]float32, s.outs)
	for range epochs {
		for i := len(order) - 1; i > 0; i-- {
			seed = seed*1664525 + 1013904223
			j := int(seed>>8) % (i + 1)
			order[i], order[j] = order[j], order[i]
		}
		for _, at := range order {
			l := s.lessons[at]
			clear(sum)
			for _, row := range l.rows {
				for k, v := range w[int(row)*s.outs : int(row+1)*s.outs] {
					sum[k] += v
				}
			}
			norm := earScale(l.n + 1)
			for k := range sum {
				sum[k] *= norm
				d := float32(1 / (1 + math.Exp(-float64(sum[k]))))
				if l.told[k] {
					d--
				}
				if d < 0.002 && d > -0.002 {
					continue
				}
				d *= norm
				for _, row := range l.rows {
					x := int(row)*s.outs + k
					g[x] += d * d
					w[x] -= rate * d / (float32(math.Sqrt(float64(g[x]))) + 0.1)
				}
			}
		}
	}
	return &ear{outs: s.outs, rows: s.rows, w: w}
}

// pupil is a labelled message read by the rules alone.
type pupil struct {
	labelled
	m     *message
	all   string
	told  [][]bool // by clause; nil where the rules do not get there
	first Label
}

// readPupils reads the tables of testdata and the phrases.
func readPupils(t testing.TB, u *Understander) map[string][]pupil {
	sets := map[string][]pupil{}
	files, _ := filepath.Glob("testdata/*.jsonl")
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".jsonl")
		for _, l := range readLabelled(t, f) {
			r := u.Understand(l.Input).Label()
			right := r.Intent == l.Intent && slices.Equal(lines(l.Activities, true), lines(r.Activities, true))
			p := newPupil(u, l, right)
			p.first = r
			sets[name] = append(sets[name], p)
		}
	}
	for _, f := range readPhrases(t) {
		r := u.Understand(f.Input)
		l := labelled{Input: f.Input, Intent: IntentLog}
		if in, ok := strings.CutPrefix(f.want, "intent:"); ok {
			l.Intent = Intent(in)
		} else if f.want == "none" {
			l.Intent = r.Intent
		}
		p := newPupil(u, l, f.got(r) == f.want)
		if n := len(p.m.clauses); len(p.told) == 0 && (n == 1 || n == 2) { // what the rules do not see
			p.told = make([][]bool, n)
			for i := range p.told {
				p.told[i] = make([]bool, len(heardEvents))
			}
			for k, o := range heardEvents {
				s := strings.TrimSuffix(string(o.kind)+":"+string(o.channel), ":")
				if o.help != "" {
					s = string(o.help)
				}
				p.told[n-1][k] = slices.Contains(strings.Fields(f.want), s)
			}
		}
		sets["phrases"] = append(sets["phrases"], p)
	}
	return sets
}

// newPupil notes what each clause of a message told where the rules got it right
// by themselves, and that none did where nothing is told.
func newPupil(u *Understander, l labelled, right bool) pupil {
	p := pupil{labelled: l, m: u.begin(l.Input)}
	p.all = p.m.plainAll()
	if right || l.Intent != IntentLog && l.Intent != IntentOther {
		p.told = make([][]bool, len(p.m.clauses))
		for i := range p.told {
			p.told[i] = make([]bool, len(heardEvents))
		}
	}
	if right {
		p.m.taught = func(i int, events []event) {
			for _, e := range events {
				p.told[i][outcome(e)] = true
			}
		}
		p.m.walk()
		p.m.taught = nil
	}
	return p
}

// teachAll makes the ears of all tables but those held out.
func teachAll(sets map[string][]pupil, held ...string) (clauses, whole *school) {
	cs, ws := newSchool(len(heardEvents)), newSchool(len(intents))
	seen := map[string]bool{}
	for _, h := range held {
		for _, p := range sets[h] {
			seen[p.Text] = true
		}
	}
	var names []string
	for name := range sets {
		if !slices.Contains(held, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, p := range sets[name] {
			if seen[p.Text] {
				continue
			}
			is := make([]bool, len(intents))
			is[slices.Index(intents, p.Intent)] = true
			ws.add(p.m.wholeGrams(p.all), is)
			for i := range p.told {
				cs.add(p.m.clauseGrams(i), p.told[i])
			}
		}
	}
	return cs, ws
}

type tally struct{ n, intents, wholes, want, got, both, helps, helpsRight int }

func (y *tally) add(l labelled, r Label) bool {
	w, g := lines(l.Activities, true), lines(r.Activities, true)
	y.n++
	y.want, y.got, y.both = y.want+len(w), y.got+len(g), y.both+common(w, g)
	hw, hg := helpsOf(l.Activities), helpsOf(r.Activities)
	y.helps, y.helpsRight = y.helps+len(hw), y.helpsRight+common(hw, hg)
	if r.Intent == l.Intent {
		y.intents++
	}
	if r.Intent == l.Intent && slices.Equal(w, g) {
		y.wholes++
		return true
	}
	return false
}

func (y tally) String() string {
	ratio := func(a, b int) float64 { return float64(a) / float64(max(b, 1)) }
	return fmt.Sprintf("%d messages, intent %.3f, F1 %.3f, whole %.3f, help %.3f", y.n, ratio(y.intents, y.n), ratio(2*y.both, y.want+y.got), ratio(y.wholes, y.n), ratio(y.helpsRight, y.helps))
}

// write adds the ear to ear.txt.
func (s *school) write(b *strings.Builder) {
	e := s.teach()
	fmt.Fprintf(b, "[%d]\n", e.outs)
	for row, name := range s.names {
		var weights strings.Builder
		for k, v := range e.w[row*e.outs : (row+1)*e.outs] {
			if h := int(math.Round(float64(v) * 20)); h != 0 {
				fmt.Fprintf(&weights, " %d:%d", k, h)
			}
		}
		if row == 0 || weights.Len() > 0 {
			b.WriteString(name + weights.String() + "\n")
		}
	}
}

var teachNow = flag.Bool("teach", false, "write ear.txt from the tables of testdata")

// TestEarIsTaught holds ear.txt to the tables it was taught from; with -teach it
// writes it anew.
func TestEarIsTaught(t *testing.T) {
	u := New()
	u.clauseEar, u.wholeEar = nil, nil
	if *teachNow {
		cs, ws := teachAll(readPupils(t, u))
		var b strings.Builder
		fmt.Fprintf(&b, "# Taught by %d messages: go test ./handlers/understand -run TestEarIsTaught -teach\n", len(ws.lessons))
		cs.write(&b)
		ws.write(&b)
		if err := os.WriteFile("ear.txt", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	n := len(readPhrases(t))
	files, _ := filepath.Glob("testdata/*.jsonl")
	for _, f := range files {
		n += len(readLabelled(t, f))
	}
	if want := fmt.Sprintf("# Taught by %d messages:", n); !strings.HasPrefix(earText, want) {
		t.Errorf("ear.txt does not begin %q; teach it anew: go test ./handlers/understand -run TestEarIsTaught -teach", want)
	}
}

var heldOut = flag.String("held", "stranger12 stranger13", "the tables TestUnseen keeps from the ear, all at once")

// TestUnseen measures messages the ear has not heard, beside the rules alone.
func TestUnseen(t *testing.T) {
	u := New()
	u.clauseEar, u.wholeEar = nil, nil
	held := strings.Fields(*heldOut)
	sets := readPupils(t, u)
	cs, ws := teachAll(sets, held...)
	u.clauseEar, u.wholeEar = cs.teach(), ws.teach()
	for _, name := range held {
		var rules, both tally
		for _, p := range sets[name] {
			r := u.Understand(p.Input).Label()
			was, is := rules.add(p.labelled, p.first), both.add(p.labelled, r)
			if !is || !was {
				t.Logf("%s: %s %s %s %s\n  want  %s %q\n  rules %s %q\n  both  %s %q", verdict(was, is), p.ID, p.Today, p.Text, rosterOf(p.Input), p.Intent, lines(p.Activities, true), p.first.Intent, lines(p.first.Activities, true), r.Intent, lines(r.Activities, true))
			}
		}
		t.Logf("%s, the rules alone: %s", name, rules)
		t.Logf("%s, with the ear:    %s", name, both)
		if both.wholes < rules.wholes || both.intents < rules.intents {
			t.Errorf("%s: the ear does harm", name)
		}
	}
}

func verdict(was, is bool) string {
	switch {
	case is:
		return "mended"
	case was:
		return "spoilt"
	}
	return "wrong"
}

func rosterOf(in Input) (s string) {
	for _, p := range in.Roster {
		s += p.Name + strings.Join(p.Aliases, "/") + " "
	}
	return s
}
