package understand

import (
	_ "embed"
	"strings"
)

//go:embed words.txt
var wordsText string

// wordTable finds the longest known word at a place of the text.
type wordTable struct{ byFirst map[rune][]word }

type word struct {
	rest  []rune // after the first rune
	class byte
}

// loadWords reads words.txt.
func loadWords() *wordTable {
	t := &wordTable{byFirst: map[rune][]word{}}
	var class byte
	for line := range strings.Lines(wordsText) {
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			class = line[1]
		default:
			for w := range strings.FieldsSeq(line) {
				r := []rune(w)
				t.byFirst[r[0]] = append(t.byFirst[r[0]], word{r[1:], class})
			}
		}
	}
	return t
}

// at returns the class of the longest word at i and the index after it. Where a
// word stands in two classes the first one listed wins.
func (t *wordTable) at(r []rune, i int) (byte, int) {
	var class byte
	end := i
	for _, w := range t.byFirst[r[i]] {
		if n := len(w.rest); i+1+n > end && i+1+n <= len(r) {
			match := true
			for k, c := range w.rest {
				if r[i+1+k] != c {
					match = false
					break
				}
			}
			if match {
				class, end = w.class, i+1+n
			}
		}
	}
	return class, end
}
