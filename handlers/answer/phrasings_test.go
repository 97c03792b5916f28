package answer

import (
	"os"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// phrasings are the ways of asking of phrasings.yaml: entry id, or none → rows with braces.
var phrasings = sync.OnceValue(func() map[string][]string {
	data, err := os.ReadFile("phrasings.yaml")
	if err != nil {
		panic(err)
	}
	var ways map[string][]string
	if err := yaml.Unmarshal(data, &ways); err != nil {
		panic(err)
	}
	return ways
})

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
