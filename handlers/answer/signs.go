package answer

import (
	"slices"
	"strings"
)

// A sign is a piece of a question that tells what it is about, under the number that
// its weight is kept under.
type sign struct {
	mark uint32
	loud float64
}

const (
	chars    byte = iota // up to three on end
	apart                // two that stand near each other
	sounds               // of two on end, to a careless ear
	idea                 // a concept that is named
	ideas                // two of them
	business             // whose business the concepts are
	asker
)

// How loud each is.
const (
	loudOne, loudTwo, loudThree = 1.2, 1.0, 0.3
	loudApart, near             = 0.4, 7 // and how near
	loudSounds                  = 0.6
	loudIdea, loudIdeas         = 1.0, 0.5
	loudBusiness, loudAsker     = 2.0, 0.8

	begins, ends = 40, 80 // what is read of a long tale: who it is about, and what is asked
)

// markOf is the number of a sign.
func markOf(sort byte, pieces ...string) uint32 {
	h := uint32(2166136261) ^ uint32(sort)
	h *= 16777619
	for _, p := range pieces {
		for i := range len(p) {
			h = (h ^ uint32(p[i])) * 16777619
		}
		h = (h ^ '+') * 16777619
	}
	return h
}

// signsOf are the signs of a question, each once, in the order of their marks.
func signsOf(text, role string) []sign {
	full := []rune(plain(text))
	if len(full) > begins+ends {
		full = slices.Concat(full[:begins], full[len(full)-ends:])
	}
	lang := spoken()
	runes := lang.anyKin(full)
	seen := make(map[uint32]float64, 12*len(runes))
	add := func(loud float64, sort byte, pieces ...string) {
		seen[markOf(sort, pieces...)] = loud
	}
	var before string
	for i, r := range runes {
		one := string(r)
		sound := syllable(r)
		add(loudOne, chars, one)
		if i > 0 {
			add(loudTwo, chars, string(runes[i-1:i+1]))
			add(loudSounds, sounds, before, sound)
		}
		if i > 1 {
			add(loudThree, chars, string(runes[i-2:i+1]))
		}
		for j := max(0, i-near); j < i-1; j++ {
			add(loudApart, apart, string(runes[j]), one)
		}
		before = sound
	}
	concepts := lang.concepts(full)
	if tells(text) && !bare(text) {
		concepts = append(concepts, told)
	}
	for i, a := range concepts {
		add(loudIdea, idea, a)
		for _, b := range concepts[:i] {
			add(loudIdeas, ideas, b, a)
		}
	}
	if len(runes) > 0 {
		add(loudBusiness, business, lang.whose(concepts))
	}
	if role == "cadre" || role == "child" {
		add(loudAsker, asker, role)
	}
	out := make([]sign, 0, len(seen))
	for mark, loud := range seen {
		out = append(out, sign{mark, loud})
	}
	slices.SortFunc(out, func(a, b sign) int {
		if a.mark < b.mark {
			return -1
		}
		return 1
	})
	return out
}

// whose business the concepts of a question are.
func (lang *language) whose(concepts []string) string {
	whose := "nobody's"
	for _, name := range concepts {
		switch {
		case slices.Contains(lang.Strangers, name):
			return "another's"
		case !slices.Contains(lang.General, name) && name != told:
			whose = "ours"
		}
	}
	return whose
}

// told is the concept of a text that asks nothing.
const told = "陈述"

// tells is whether a text asks and wants nothing: what was done, thanks, a greeting.
func tells(text string) bool {
	return !strings.ContainsAny(text, "?？吗呢咋怎啥么哪谁几多想要求请帮能该算给让找问寻") && !wants.MatchString(text)
}
