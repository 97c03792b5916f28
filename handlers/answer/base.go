// Package answer finds, for a question in plain words, the entry of the policy
// base that answers it, or says that none does, or that someone is in danger.
// It is pure: the base and what is known of how people talk are data shipped
// with the program. faq.yaml holds the answers, concepts.yaml the ideas that
// questions name and asked.bin what each sign of a question weighs for and against
// each entry; danger.yaml holds the rules of danger, senses.yaml what words mean and
// ear.bin what each weighs for and against danger. All of it is made ready at
// first use; a call of Default and one of Alarm("", "") at start get it done
// before the first message.
package answer

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed faq.yaml
var shipped []byte

// Entry is one question of the policy base with its signed-off answer.
type Entry struct {
	ID       string   `yaml:"id"`
	Category string   `yaml:"category"`
	Question string   `yaml:"question"`
	Variants []string `yaml:"variants"`
	Answer   string   `yaml:"answer"`
	Source   string   `yaml:"source"`
	Hotline  string   `yaml:"hotline"`
	// Region is the code of the place that it is for; empty: all of the city.
	Region string `yaml:"region,omitempty"`
	// Effective and Review are the days from which it holds and by which it must
	// be looked at again.
	Effective string `yaml:"effective,omitempty"`
	Review    string `yaml:"review,omitempty"`
	// Signed are the offices that signed it off.
	Signed []string `yaml:"signed,omitempty"`
}

// brief is how many sentences of an answer are said at once: people read slowly, or
// have it read out.
const brief = 4

// Brief is the answer's first sentences and what is kept for who asks for more: word
// for word, so that no sum and no condition is lost. A number for danger is never kept back.
func (e Entry) Brief() (first, more string) {
	said := 0
	for i, r := range e.Answer {
		if !strings.ContainsRune("\u3002!?\uff01\uff1f", r) {
			continue
		}
		if said++; said == brief {
			first, more = e.Answer[:i+utf8.RuneLen(r)], e.Answer[i+utf8.RuneLen(r):]
			break
		}
	}
	if strings.TrimSpace(more) == "" || strings.Contains(more, "110") || strings.Contains(more, "120") {
		return e.Answer, ""
	}
	return first, more
}

// Base is a policy base that is ready to be asked. It is safe for concurrent use.
type Base struct {
	entries []Entry
	byID    map[string]int
	asked   map[string]string // an entry's own wording, without its signs → its id
	index   *index
}

// Default is the base that ships with the program, built once.
var Default = sync.OnceValue(func() *Base {
	b, err := Load(shipped)
	if err != nil {
		panic("answer: shipped base: " + err.Error())
	}
	return b
})

// Load reads a base and makes it ready. The error is Faults and names every faulty
// entry.
func Load(data []byte) (*Base, error) {
	b, err := readBase(data)
	if err == nil {
		b.index = newIndex(b.entries)
	}
	return b, err
}

func readBase(data []byte) (*Base, error) {
	entries, faults := Read(data)
	if len(faults) > 0 {
		return nil, faults
	}
	b := &Base{entries: entries, byID: make(map[string]int, len(entries)), asked: map[string]string{}}
	for i, e := range entries {
		b.byID[e.ID] = i
		for _, q := range e.wordings() {
			b.asked[plain(q)] = e.ID
		}
	}
	return b, nil
}

// Entries returns a copy of the entries, in the order of the base.
func (b *Base) Entries() []Entry {
	return append([]Entry(nil), b.entries...)
}

// Entry returns the entry with this id.
func (b *Base) Entry(id string) (Entry, bool) {
	i, ok := b.byID[id]
	if !ok {
		return Entry{}, false
	}
	return b.entries[i], true
}

// Shipped is the text of the base that ships with the program.
func Shipped() []byte { return append([]byte(nil), shipped...) }
