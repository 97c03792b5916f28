package understand

import (
	"os"
	"testing"
)

// dump shows how each line of /tmp/h12/try.txt-like input is read.
func TestH12Dump(t *testing.T) {
	file := os.Getenv("H12")
	if file == "" {
		t.Skip()
	}
	u := New()
	for _, l := range readLabelled(t, file) {
		m := u.begin(l.Input)
		t.Logf("%s %s", l.ID, l.Text)
		for i := range m.clauses {
			c := &m.clauses[i]
			t.Logf("    | %s | %s | %v", c.plain, c.tagged, m.detect(c, &flow{}))
		}
		r := m.decide().Label()
		t.Logf("    => %s %q", r.Intent, lines(r.Activities, true))
	}
}
