package answer

// lexicon finds many words in a text in one pass. A word may belong to several classes.
type lexicon struct {
	root *node
}

type node struct {
	next    map[rune]*node
	classes []int
}

func newLexicon() *lexicon { return &lexicon{root: &node{}} }

func (l *lexicon) add(word string, class int) {
	n := l.root
	for _, r := range word {
		if n.next == nil {
			n.next = map[rune]*node{}
		}
		child := n.next[r]
		if child == nil {
			child = &node{}
			n.next[r] = child
		}
		n = child
	}
	for _, c := range n.classes {
		if c == class {
			return
		}
	}
	n.classes = append(n.classes, class)
}

// longest is the length of the longest word that starts at text[at], or 0, and its classes.
func (l *lexicon) longest(text []rune, at int) (int, []int) {
	n, size, classes := l.root, 0, []int(nil)
	for i := at; i < len(text); i++ {
		if n = n.next[text[i]]; n == nil {
			break
		}
		if n.classes != nil {
			size, classes = i+1-at, n.classes
		}
	}
	return size, classes
}

// each reports every word of the text: its class and the half-open span it takes.
func (l *lexicon) each(text []rune, found func(class, from, to int)) {
	for at := range text {
		n := l.root
		for i := at; i < len(text); i++ {
			if n = n.next[text[i]]; n == nil {
				break
			}
			for _, c := range n.classes {
				found(c, at, i+1)
			}
		}
	}
}
