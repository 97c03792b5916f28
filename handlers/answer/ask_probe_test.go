package answer

import "testing"

func TestBQ(t *testing.T) {
	b := Default()
	var r, n, q, s, ch int
	for _, w := range lines[question](t, "blind_questions2.jsonl") {
		g := b.Ask(w.Text, w.Role)
		if w.Answer == "none" {
			s++
			if g.ID == "none" {
				q++
			} else {
				t.Log(w.Text, g)
			}
		} else {
			n++
			if g.ID == w.Answer {
				r++
			} else {
				t.Log(w.Text, w.Answer, g)
			}
		}
		if g.Choices != nil {
			ch++
		}
	}
	t.Logf("right %d/%d quiet %d/%d torn %d", r, n, q, s, ch)
}
