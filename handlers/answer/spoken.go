package answer

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed concepts.yaml
var conceptsData []byte

// language is what the words of a question mean.
type language struct {
	General   []string            `yaml:"general"`   // concepts that say how one asks, not what about
	Strangers []string            `yaml:"strangers"` // concepts that are somebody else's business
	Kin       map[string][]string `yaml:"kin"`       // one character for many kin → their words
	Concepts  map[string][]string `yaml:"concepts"`  // concept → the words that say it

	names   []string
	lexicon *lexicon
	kin     *lexicon // by the character
}

var spoken = sync.OnceValue(func() *language {
	lang := &language{lexicon: newLexicon(), kin: newLexicon()}
	if err := yaml.Unmarshal(conceptsData, lang); err != nil {
		panic("answer: concepts.yaml: " + err.Error())
	}
	for name := range lang.Concepts {
		lang.names = append(lang.names, name)
	}
	slices.Sort(lang.names)
	for class, name := range lang.names {
		for _, word := range lang.Concepts[name] {
			lang.lexicon.add(plain(word), class)
		}
	}
	for sign, words := range lang.Kin {
		for _, word := range words {
			lang.kin.add(word, int([]rune(sign)[0]))
		}
	}
	return lang
})

// anyKin writes whoever of a family is meant as one character.
func (lang *language) anyKin(text []rune) []rune {
	out := make([]rune, 0, len(text))
	for at := 0; at < len(text); {
		size, kin := lang.kin.longest(text, at)
		if size == 0 {
			out = append(out, text[at])
			at++
			continue
		}
		out = append(out, rune(kin[0]))
		at += size
	}
	return out
}

// wants is how a text asks that has none of the words of asking.
var wants = regexp.MustCompile(`[不没否][,，。!！ ]*$|有没有|行不|成不|可不|是不是|够不够|凭何|如何|为何|何时|是否|条件|标准|材料|手续`)

// bare is whether a text is but a topic (医保报销, 残疾的事) and nobody else's: it
// asks what there is to know, of which more than one entry may speak.
func bare(text string) bool {
	word := plain(text)
	runes := []rune(word)
	return len(runes) <= 6 && !strings.HasSuffix(word, "了") && spoken().whose(spoken().concepts(runes)) != "another's"
}

// concepts are the ideas that a text names, sorted.
func (lang *language) concepts(runes []rune) []string {
	var out []string
	for at := 0; at < len(runes); {
		size, classes := lang.lexicon.longest(runes, at)
		for _, c := range classes {
			if name := lang.names[c]; !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
		at += max(size, 1)
	}
	slices.Sort(out)
	return out
}
