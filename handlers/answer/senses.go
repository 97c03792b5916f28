package answer

import (
	_ "embed"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed senses.yaml
var sensesData []byte

// senseBook tells what words mean to the ear: senses.yaml, numbered in its order.
type senseBook struct {
	lexicon *lexicon
	words   map[string][]string // by the name of the sense
	danger  [2]rune             // the first sense of danger, and the first after them
}

var senses = sync.OnceValue(func() *senseBook {
	var file yaml.Node // a mapping would lose the order
	if err := yaml.Unmarshal(sensesData, &file); err != nil {
		panic("answer: senses.yaml: " + err.Error())
	}
	b := &senseBook{lexicon: newLexicon(), words: map[string][]string{}}
	groups := file.Content[0].Content
	next := 0
	for i := 0; i < len(groups); i += 2 {
		first := next
		pairs := groups[i+1].Content
		for k := 1; k < len(pairs); k += 2 {
			b.words[pairs[k-1].Value] = strings.Fields(pairs[k].Value)
			for _, word := range b.words[pairs[k-1].Value] {
				runes := []rune(plain(word))
				if size, _ := b.lexicon.longest(runes, 0); size < len(runes) {
					b.lexicon.add(string(runes), next) // else an earlier sense has it
				}
			}
			next++
		}
		if groups[i].Value == "danger" {
			b.danger = [2]rune{rune(first), rune(next)}
		}
	}
	return b
})

// rows are the senses of a sentence's words, a row for each clause.
func (b *senseBook) rows(text []rune) [][]rune {
	var rows [][]rune
	var row []rune
	for at := 0; at <= len(text); {
		if at == len(text) || text[at] == comma {
			if len(row) > 0 {
				rows = append(rows, row)
			}
			row = nil
			at++
			continue
		}
		size, classes := b.lexicon.longest(text, at)
		if size > 0 {
			row = append(row, rune(classes[0]))
		}
		at += max(size, 1)
	}
	return rows
}

func (b *senseBook) ofDanger(sense rune) bool { return sense >= b.danger[0] && sense < b.danger[1] }
