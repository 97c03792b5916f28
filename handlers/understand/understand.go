// Package understand turns what a cadre typed or said into what it means: the
// intent and the activities of nlu/guideline.md. It is pure: text, roster and
// today go in, a Result comes out; it does no I/O, reads no clock and keeps no
// state between messages.
//
// A message goes through five steps: it is cleaned (text.go); people, days, money
// and known words are found in it (scan.go with people.go, hearing.go,
// strangers.go, dates.go, monthday.go, lunarday.go, numbers.go and words.txt); it
// is cut into clauses (clause.go); each clause is read for events by the tables in
// rules.go, helprules.go and aidrules.go (events.go, visit.go, contact.go, help.go,
// policy.go, aid.go, money.go, prices.go); and the clauses are walked in order,
// carrying persons and days on (walk.go, whom.go, when.go, takeback.go), with the
// clauses that lean on others (links.go, again.go, late.go, learn.go), and joined
// (merge.go). Questions and
// requests that record nothing are told apart in intent.go and amend.go. Beside
// the rules an ear (ear.go), taught by the labelled messages of testdata, is heard
// on every clause and on the intent: where it is sure it adds or denies what the
// rules read in words they were not written for.
package understand

import (
	"unicode/utf8"

	"aixin/models"
)

// Intent is what the sender wants; the values are those of nlu/guideline.md.
type Intent string

// The intents.
const (
	IntentLog        Intent = "log"
	IntentProgress   Intent = "progress"
	IntentRoster     Intent = "roster"
	IntentUndo       Intent = "undo"
	IntentAmend      Intent = "amend"
	IntentHelp       Intent = "help"
	IntentReportNeed Intent = "report_need"
	IntentPlan       Intent = "plan"
	IntentOther      Intent = "other"
)

// What a Result may be missing.
const (
	MissingWho  = "who"
	MissingWhen = "when"
	MissingWhat = "what"
)

// Person is one entry of the cadre's roster.
type Person struct {
	Name    string   `json:"name"`
	Aliases []string `json:"aliases"`
}

// Input is one message with the roster of its sender and the day of sending.
type Input struct {
	Text   string     `json:"text"`
	Today  models.Day `json:"today"`
	Roster []Person   `json:"roster"`
}

// Activity is one thing done for one person on one day.
type Activity struct {
	Kind      models.Kind
	Person    string // roster name; a name not in the roster as typed; "" unknown
	Date      models.Day
	Channel   models.Channel     // contact only
	Help      models.Help        // help only
	Stage     models.PolicyStage // policy only
	AmountFen *models.Fen        // aid only; nil when not told
	Split     bool               // the amount is an even share of a told total
	Clause    string             // the words it came from
}

// Amendment is what an amend message changes; a zero field was not told.
type Amendment struct {
	Date      models.Day
	AmountFen *models.Fen
	Person    string // the right person
	NotPerson string // the wrong one
	Kind      models.Kind
	Channel   models.Channel

	OldKind    models.Kind // what it was recorded as, where that is told
	OldChannel models.Channel

	Add   []Activity // things to add to the record
	Whole bool       // something is wrong but nothing was told to put instead
}

// Result is the meaning of a message.
type Result struct {
	Intent     Intent
	Activities []Activity
	Missing    []string // MissingWho, MissingWhen, MissingWhat
	Amend      Amendment
	Persons    []string   // roster names spoken of
	Candidates []string   // roster names it could be when the person is missing
	Date       models.Day // the day a plan names; it may be ahead
	Others     []string   // names as typed that are not in the roster
}

// maxRunes bounds the work on one message; a WeChat text holds at most 2,048
// bytes, pasted diaries a little more.
const maxRunes = 1500

// Understander holds the tables. It is safe for concurrent use.
type Understander struct {
	words    *wordTable
	sounds   *soundTable
	calendar *calendar

	clauseEar, wholeEar *ear
}

// New loads the tables.
func New() *Understander {
	u := &Understander{words: loadWords(), sounds: loadSounds(), calendar: loadCalendar()}
	u.clauseEar, u.wholeEar = loadEars()
	return u
}

// Understand says what a message means.
func (u *Understander) Understand(in Input) Result {
	if !utf8.ValidString(in.Text) || in.Today == "" {
		return Result{Intent: IntentOther}
	}
	return u.begin(in).decide()
}

// begin reads a message up to its clauses.
func (u *Understander) begin(in Input) *message {
	runes := clean(in.Text)
	if len(runes) > maxRunes {
		runes = runes[:maxRunes]
	}
	m := &message{
		u: u, runes: runes, text: string(runes), today: in.Today, roster: in.Roster,
		names: u.namesOf(in.Roster), days: u.calendar.at(in.Today), denies: earDenies, adds: earAdds,
	}
	m.scan()
	m.split()
	return m
}

// message is the working state of one call.
type message struct {
	u            *Understander
	runes        []rune // the cleaned text
	text         string // the same as a string
	today        models.Day
	roster       []Person
	names        *nameIndex
	days         dayReader
	tokens       []token
	clauses      []clause
	denies, adds float32 // how sure the ear must be (ear.go)
	sure         float32 // how sure it was of the likeliest event

	taught func(i int, told []event) // hears what each clause told; for the ear's lessons
}
