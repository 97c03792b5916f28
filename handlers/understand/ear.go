package understand

import (
	_ "embed"
	"math"
	"slices"
	"strconv"
	"strings"

	"aixin/models"
)

// ear is a linear model beside the rules. It has heard the labelled messages of
// testdata and says how strongly a stretch of text tells each of its outcomes:
// the logit is above 0 where it is likelier than not. Rules know what they were
// written for; the ear leans to what is likeliest where words are new.
type ear struct {
	outs int
	rows map[uint32]int32 // gram → row
	w    []float32        // rows × outs; row 0 is what holds without any gram
}

//go:embed ear.txt
var earText string

// loadEars reads ear.txt: a line "[outs]" opens an ear; each line is a gram and,
// by outcome, its weights in twentieths. teach_test.go writes it.
func loadEars() (clause, whole *ear) {
	var ears []*ear
	var e *ear
	for line := range strings.Lines(earText) {
		line = strings.TrimSuffix(line, "\n")
		switch line[0] {
		case '#':
			continue
		case '[':
			e = &ear{rows: map[uint32]int32{}}
			e.outs, _ = strconv.Atoi(line[1 : len(line)-1])
			ears = append(ears, e)
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		letters := []rune(name)
		e.rows[gram(byte(letters[0]), letters[1:])] = int32(len(e.w) / e.outs)
		row := make([]float32, e.outs)
		for f := range strings.FieldsSeq(rest) {
			k, v, _ := strings.Cut(f, ":")
			out, _ := strconv.Atoi(k)
			twentieths, _ := strconv.Atoi(v)
			row[out] = float32(twentieths) / 20
		}
		e.w = append(e.w, row...)
	}
	return ears[0], ears[1]
}

// gram hashes the letters of one feature; view is the letter of the view they
// were seen in.
func gram(view byte, r []rune) uint32 {
	h := (uint32(2166136261) ^ uint32(view)) * 16777619
	for _, c := range r {
		h = (h ^ uint32(c&0xff)) * 16777619
		h = (h ^ uint32(c>>8)) * 16777619
	}
	return h
}

// feed tells the grams of a stretch of text one by one; who hears them keeps none.
type feed func(emit func(view byte, r []rune))

// grams emits every stretch of up to n letters of s, its ends marked.
func grams(emit func(byte, []rune), view byte, s string, n int) {
	buf := make([]rune, 0, len(s)+2)
	buf = append(buf, '^')
	for _, c := range s {
		buf = append(buf, c)
	}
	buf = append(buf, '$')
	for i := range buf {
		for k := i + 1; k <= min(i+n, len(buf)); k++ {
			emit(view, buf[i:k])
		}
	}
}

// pairsOf emits two letters of s with up to far letters between them.
func pairsOf(emit func(byte, []rune), s string, far int) {
	r := []rune(s)
	pair := make([]rune, 2)
	for i := range r {
		for k := i + 2; k < min(i+2+far, len(r)); k++ {
			pair[0], pair[1] = r[i], r[k]
			emit('g', pair)
		}
	}
}

// hear returns the logits of what is fed. Long texts hold more grams that say
// nothing, so what they add up to is weighed by their number.
func (e *ear) hear(f feed) []float32 {
	out := make([]float32, e.outs)
	copy(out, e.w)
	n := 2
	f(func(view byte, r []rune) {
		n++
		if row, ok := e.rows[gram(view, r)]; ok {
			for k, v := range e.w[int(row)*e.outs : int(row+1)*e.outs] {
				out[k] += v
			}
		}
	})
	for k := range out {
		out[k] *= earScale(n)
	}
	return out
}

func earScale(n int) float32 { return float32(8 / math.Sqrt(float64(n))) }

// clauseGrams are what clause i is heard by: its own words, with the known ones
// as tags and as written, and less of its neighbours'.
func (m *message) clauseGrams(i int) feed {
	return func(emit func(byte, []rune)) {
		c := &m.clauses[i]
		grams(emit, 't', c.tagged, 3)
		pairsOf(emit, c.tagged, 7)
		if c.plain != c.tagged {
			grams(emit, 'p', c.plain, 3)
		}
		if i > 0 {
			grams(emit, '<', m.clauses[i-1].tagged, 2)
		} else {
			emit('<', nil)
		}
		if i+1 < len(m.clauses) {
			grams(emit, '>', m.clauses[i+1].tagged, 2)
		} else {
			emit('>', nil)
		}
		if c.stop > stopSpace {
			emit('s', []rune{c.stop})
		}
	}
}

// wholeGrams are what the intent of a message is heard by.
func (m *message) wholeGrams(all string) feed {
	return func(emit func(byte, []rune)) {
		grams(emit, 'w', all, 3)
		grams(emit, 't', m.taggedAll(), 2)
		size := 'a'
		for n := len(all); n > 4; n /= 2 {
			size++
		}
		emit('n', []rune{size})
		emit('c', []rune{'a' + rune(min(len(m.clauses), 6))})
	}
}

// heardEvents are the outcomes of a clause, in the order of the ear.
var heardEvents = []event{
	{kind: models.KindVisit},
	{kind: models.KindContact, channel: models.ChannelPhone},
	{kind: models.KindContact, channel: models.ChannelWeChat},
	{kind: models.KindContact, channel: models.ChannelSMS},
	{kind: models.KindContact, channel: models.ChannelVideo},
	{kind: models.KindAid},
	{kind: models.KindHelp, help: models.HelpDeed},
	{kind: models.KindHelp, help: models.HelpDifficulty},
	{kind: models.KindHelp, help: models.HelpPolicy},
}

func outcome(e event) int {
	return slices.IndexFunc(heardEvents, func(o event) bool {
		return o.kind == e.kind && o.channel == e.channel && o.help == e.help
	})
}

// intents are the outcomes of a message, in the order of the ear.
var intents = []Intent{IntentLog, IntentProgress, IntentRoster, IntentUndo, IntentAmend, IntentHelp, IntentReportNeed, IntentPlan, IntentOther}

// How sure the ear must be to speak against the rules, in logits. Found by
// holding each stranger's table out; what comes of it hangs little on them.
const (
	earDenies = -3.5 // an event the rules saw is none
	earUnsure = -0.5 // help of one kind, where another is likelier
	earAdds   = 0.6  // one they did not see is told
	earDoubts = 1.0  // what they logged is a plan, a question, a correction
	earKnows  = 1.5  // one of its events is surely told
	earVoids  = 3.0  // what they logged records nothing
	earLogs   = 4.0  // what they took for something else records what was told
	earTurns  = 3.0  // of two other intents, its own
)

// overhear corrects what the rules read in clause i where the ear is sure.
func (m *message) overhear(events []event, i int) []event {
	e := m.u.clauseEar
	if e == nil {
		return events
	}
	logit := e.hear(m.clauseGrams(i))
	sub := 0 // the likeliest kind of help
	for k, o := range heardEvents {
		if o.kind == models.KindHelp && (sub == 0 || logit[k] > logit[sub]) {
			sub = k
		}
	}
	var out []event
	for _, e := range events {
		k := outcome(e)
		if e.kind == models.KindHelp && k != sub && logit[k] < earUnsure && logit[sub] > earUnsure {
			e, k = heardEvents[sub], sub // a difficulty solved, not a deed
			e.stage = stageHeard(e, &m.clauses[i])
		}
		if logit[k] > m.denies {
			out = append(out, e)
			m.sure = max(m.sure, logit[k])
		}
	}
	for k, o := range heardEvents {
		if logit[k] < m.adds || slices.ContainsFunc(out, func(e event) bool { return outcome(e) == k || e.kind == models.KindHelp && o.kind == e.kind }) {
			continue
		}
		o.stage = stageHeard(o, &m.clauses[i])
		out = append(out, o)
	}
	return out
}

// stageHeard is how far a policy was taken that the rules did not see.
func stageHeard(e event, c *clause) models.PolicyStage {
	switch {
	case e.help != models.HelpPolicy:
		return ""
	case policyObtained.MatchString(c.tagged):
		return models.PolicyObtained
	case policyTold.MatchString(c.tagged):
		return models.PolicyExplained
	}
	return models.PolicyApplied
}

// weigh settles the intent between the rules and the ear; acts is the number of
// activities told.
func (m *message) weigh(ruled Intent, all string, acts int) Intent {
	e := m.u.wholeEar
	if e == nil {
		return ruled
	}
	logit := e.hear(m.wholeGrams(all))
	best := 0
	for k := range logit {
		if logit[k] > logit[best] {
			best = k
		}
	}
	heard, over := intents[best], logit[best]-logit[slices.Index(intents, ruled)]
	switch {
	case ruled == IntentOther && logit[best] < 0:
		return ruled
	case heard == IntentLog:
		if over < earLogs || acts == 0 && ruled != IntentOther {
			return ruled
		}
	case ruled == IntentLog:
		if over < earDoubts || heard == IntentOther && (over < earVoids || m.sure > earKnows) {
			return ruled
		}
	case ruled != IntentOther && over < earTurns:
		return ruled
	}
	return heard
}

// keenWalk walks again where the message surely records something and no clause
// was surely heard to: the likelier things count then.
func (m *message) keenWalk() *walk {
	m.denies, m.adds = 2*earDenies, -earAdds
	return m.walk()
}
