package answer

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"strings"
	"sync"

	_ "embed"
)

//go:embed ear.bin
var earData []byte

//go:generate go test -run ^TestEarIsTaught$ . -update

// ear weighs all that is heard in a text for and against danger. What each piece
// weighs was learned from the sentences of heard_danger.txt and heard_calm.txt, of
// phrasings.yaml and of testdata, and is shipped as ear.bin: teach_test.go teaches it.
type ear struct {
	marks   []uint32 // of the pieces, sorted
	weights []int8   // of each, in steps
	step    float64
	bias    float64
}

// weight is what a piece speaks for danger; 0 for one that was never heard.
func (e *ear) weight(mark uint32) float64 {
	if at := numberOf(e.marks, mark); at >= 0 {
		return float64(e.weights[at]) * e.step
	}
	return 0
}

var taught = sync.OnceValue(func() *ear { return decode(earData) })

// hear gives the odds of danger as a logarithm: above 0 it is likelier than not.
func (e *ear) hear(told []*reading) float64 {
	var z, sum float64
	rules().pieces(told, func(p piece, loud float64) {
		z += e.weight(p.mark()) * loud
		sum += loud * loud
	})
	if sum == 0 {
		return e.bias
	}
	return e.bias + z/math.Sqrt(sum)
}

// piece is something to hear. Of a sort: up to four characters on end, senses of a
// clause in a row, classes of words that meet, a frame, a rule that holds.
type piece struct {
	sort       byte
	a, b, c, d rune
}

const (
	characters byte = iota
	nearChars       // two that stand near each other
	senseRow
	senseSkip // two senses with one between them
	noDanger  // no sense of danger in it
	senseMeet // two senses of one sentence
	classes
	animalOnly
	frameOpen
	ruleHolds
	anyRule
)

// How loud each is.
const (
	loudChar, loudPair, loudTriple, loudFour = 1.0, 1.0, 0.8, 0.4
	loudNear, nearby                         = 0.35, 8 // and how near

	loudSense, loudRow, loudLongRow, loudSkip, loudMeet = 1.0, 1.5, 1.2, 1.0, 0.6

	loudClass, loudClasses = 0.9, 0.5
	loudFrame              = 1.5
	loudRule               = 2.0
)

// mark is the number that a piece's weight is kept under.
func (p piece) mark() uint32 {
	h := fnv.New32a()
	var b [17]byte
	b[0] = p.sort
	for i, r := range [...]rune{p.a, p.b, p.c, p.d} {
		binary.LittleEndian.PutUint32(b[1+4*i:], uint32(r))
	}
	_, _ = h.Write(b[:])
	return h.Sum32()
}

// pieces gives each piece of a text once.
func (b *rulebook) pieces(told []*reading, heard func(p piece, loud float64)) {
	seen := make(map[piece]bool, 512)
	add := func(p piece, loud float64) {
		if !seen[p] {
			seen[p] = true
			heard(p, loud)
		}
	}
	for i, r := range told {
		r.characters(add)
		r.senses(add)
		var met []rune
		for n, class := range b.named {
			if len(r.at[class]) > 0 {
				met = append(met, 1+rune(n))
			}
		}
		for n, one := range met {
			add(piece{sort: classes, a: one}, loudClass)
			for _, other := range met[:n] {
				add(piece{sort: classes, a: other, b: one}, loudClasses)
			}
		}
		if len(r.at[b.animal]) > 0 && len(r.at[b.person]) == 0 {
			add(piece{sort: animalOnly}, loudFrame)
		}
		for n, f := range b.frames {
			if _, ok := f.opens(r); ok {
				add(piece{sort: frameOpen, a: rune(n)}, loudFrame)
			}
		}
		for n, rule := range b.Rules {
			if _, ok := b.holds(rule, told, i); ok {
				add(piece{sort: anyRule}, loudRule)
				add(piece{sort: ruleHolds, a: rune(n)}, loudRule)
			}
		}
	}
}

// characters are heard one by one, up to four on end, and two that stand near each other.
func (r *reading) characters(add func(piece, float64)) {
	text := r.raw
	for i, c := range text {
		add(piece{sort: characters, a: c}, loudChar)
		if i > 0 {
			add(piece{sort: characters, a: text[i-1], b: c}, loudPair)
		}
		if i > 1 {
			add(piece{sort: characters, a: text[i-2], b: text[i-1], c: c}, loudTriple)
		}
		if i > 2 {
			add(piece{sort: characters, a: text[i-3], b: text[i-2], c: text[i-1], d: c}, loudFour)
		}
		for j := max(0, i-nearby); j < i-1; j++ {
			add(piece{sort: nearChars, a: text[j], b: c}, loudNear)
		}
	}
}

// senses are heard in the order in which they stand, and in that they meet.
func (r *reading) senses(add func(piece, float64)) {
	var all []rune
	dire := false
	book := senses()
	for _, row := range book.rows(r.raw) {
		for i, one := range row {
			p := piece{sort: senseRow, a: 1 + one}
			add(p, loudSense)
			dire = dire || book.ofDanger(one)
			if i+1 < len(row) {
				p.b = 1 + row[i+1]
				add(p, loudRow)
			}
			if i+2 < len(row) {
				p.c = 1 + row[i+2]
				add(p, loudLongRow)
				add(piece{sort: senseSkip, a: p.a, c: p.c}, loudSkip)
			}
		}
		all = append(all, row...)
	}
	if !dire {
		add(piece{sort: noDanger}, loudRule)
	}
	for i, one := range all {
		for _, other := range all[:i] {
			if one != other {
				add(piece{sort: senseMeet, a: 1 + min(one, other), b: 1 + max(one, other)}, loudMeet)
			}
		}
	}
}

// loudest are the words of a text that speak most for danger.
func (e *ear) loudest(told []*reading) string {
	var words string
	var most float64
	for _, r := range told {
		r.characters(func(p piece, _ float64) {
			if w := e.weight(p.mark()); w > most && p.sort == characters && p.b != 0 {
				words, most = strings.TrimRight(string([]rune{p.a, p.b, p.c}), "\x00"), w
			}
		})
	}
	return words
}

// An ear is shipped as its bias and the step of its weights, then for each piece the
// distance of its mark from the one before and its weight in steps.
const earScale = 1 << 16

func decode(data []byte) *ear {
	number := func() float64 {
		v, n := binary.Varint(data)
		data = data[n:]
		return float64(v)
	}
	e := &ear{bias: number() / earScale, step: number() / earScale}
	count := int(number())
	e.marks, e.weights = make([]uint32, count), make([]int8, count)
	var mark uint32
	for i := range count {
		gap, n := binary.Uvarint(data)
		mark += uint32(gap)
		e.marks[i], e.weights[i] = mark, int8(data[n])
		data = data[n+1:]
	}
	return e
}
