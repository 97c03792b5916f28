package answer

import (
	"os"
	"strings"
	"testing"
)

func TestFresh(t *testing.T) {
	path := os.Getenv("FRESH")
	if path == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(path)
	var f, d, w, c int
	for line := range strings.Lines(string(data)) {
		p := strings.Split(strings.TrimSpace(line), "|")
		for _, s := range p[1:] {
			s, role, _ := strings.Cut(s, "@")
			g := Alarm(s, role)
			if p[0] == "D" {
				d++
				if g.Level != Calm {
					f++
				} else {
					t.Logf("MISS %s", s)
				}
			} else {
				c++
				if g.Level != Calm {
					w++
					t.Logf("WOLF %s %v", s, g)
				}
			}
		}
	}
	t.Logf("recall %d/%d wolf %d/%d", f, d, w, c)
}
