package answer

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed phrasings.yaml
var phrasingsData []byte

// language is what the shipped data knows about how people ask.
type language struct {
	General   []string            `yaml:"general"`   // concepts that say how one asks, not what about
	Strangers []string            `yaml:"strangers"` // concepts that are somebody else's business
	Concepts  map[string][]string `yaml:"concepts"`  // concept → the words that say it
	Phrasings map[string][]string `yaml:"phrasings"` // entry id, or none → more ways of asking it

	names   []string
	lexicon *lexicon
}

var spoken = sync.OnceValue(func() *language {
	lang := &language{lexicon: newLexicon()}
	if err := yaml.Unmarshal(phrasingsData, lang); err != nil {
		panic("answer: phrasings.yaml: " + err.Error())
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
	return lang
})

// tells is whether a text asks and wants nothing: what was done, thanks, a greeting.
func tells(text string) bool {
	return !strings.ContainsAny(text, "?？吗呢咋怎啥么哪谁几多想要求请帮能该算给让找问寻") && !wants.MatchString(text)
}

var wants = regexp.MustCompile(`[不没否][,，。!！ ]*$|有没有|行不|成不|可不|是不是|够不够|凭何|如何|为何|何时|是否|条件|标准|材料|手续`)

// bare is whether a text is but a topic (医保报销, 残疾的事) and nobody else's: it
// asks what there is to know, of which more than one entry may speak.
func bare(text string) bool {
	word := plain(text)
	return len([]rune(word)) <= 6 && !strings.HasSuffix(word, "了") && spoken().strangeness(text) < stranger
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

// strangeness weighs the chance that a text is none of the base's business,
// by the ideas it names: somebody else's, or the programme's own.
func (lang *language) strangeness(text string) float64 {
	weight := 1.0
	for _, name := range lang.concepts([]rune(plain(text))) {
		switch {
		case slices.Contains(lang.Strangers, name):
			return stranger
		case !slices.Contains(lang.General, name):
			weight = familiar
		}
	}
	return weight
}

// braces cuts a row at its braces: what stands between them is a part with one
// choice, {a|b} one with two.
func braces(row string) (parts [][]string) {
	for rest := row; rest != ""; {
		before, after, found := strings.Cut(rest, "{")
		parts = append(parts, []string{before})
		if !found {
			break
		}
		choices, tail, _ := strings.Cut(after, "}")
		parts = append(parts, strings.Split(choices, "|"))
		rest = tail
	}
	return parts
}

// unfold writes out the braces of each line: "{a|b}{c|d|e}" gives ac, bd, ae, and
// so on until each choice has stood against two of the others.
func unfold(rows []string) []string {
	var out []string
	for _, row := range rows {
		parts, longest := braces(row), 1
		for _, part := range parts {
			longest = max(longest, len(part))
		}
		turns := longest
		if longest > 1 {
			turns = 2 * longest
		}
		for turn := range turns {
			var text strings.Builder
			for k, part := range parts {
				shift := 0
				if turn >= longest {
					shift = k // the second time round, meet others
				}
				text.WriteString(part[(turn+shift)%len(part)])
			}
			out = append(out, text.String())
		}
	}
	return out
}
