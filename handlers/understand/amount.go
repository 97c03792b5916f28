package understand

import "aixin/models"

// Amount reads a text that is nothing but a sum: 300, 300元, 三百块, 两百五.
func Amount(s string) (models.Fen, bool) {
	r := clean(s)
	n, end := readMoney(r, 0)
	if end == 0 {
		n, end = readNumber(r, 0)
	}
	if end == 0 || end != len(r) || n.vague {
		return 0, false
	}
	return models.Fen(n.cents), true
}
