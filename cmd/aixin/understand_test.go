package main

import (
	"strings"
	"testing"

	"aixin/handlers/understand"
)

// A file as it comes: from Windows, with empty lines, and with lines that are
// broken. What is whole is answered, what is not is named.
func TestUnderstandLinesOfAnyFile(t *testing.T) {
	const whole = `{"id":"a","today":"2026-11-21","roster":[{"name":"谷军"}],"text":"昨天走访了谷军"}`
	for _, c := range []struct {
		name, in string
		lines    int
		faults   []string
	}{
		{"byte order mark", "\xef\xbb\xbf" + whole + "\r\n", 1, nil},
		{"empty lines", "\r\n  \n" + whole + "\n\n\t\n" + whole, 2, nil},
		{"nothing", "", 0, nil},
		{"a broken line between", whole + "\n{bad\n" + whole, 2, []string{"第 2 行"}},
		{"no object", "null\n[1]\n\"x\"\n" + whole, 1, []string{"第 1 行", "第 2 行", "第 3 行"}},
		{"a wrong field", `{"today":"2026-11-21","text":5}` + "\n" + whole, 1, []string{"第 1 行", "text 的写法不对"}},
		{"no day", `{"today":"2026-13-41","text":"走访"}` + "\n" + whole, 1, []string{"第 1 行"}},
		{"many", strings.Repeat("{\n", 25) + whole, 1, []string{"第 20 行", "还有 5 行"}},
		{"too long", whole + "\n" + strings.Repeat("x", longestLine+1), 1, []string{"第 2 行太长"}},
	} {
		var out strings.Builder
		err := understandLines(understand.New(), strings.NewReader(c.in), &out)
		if got := strings.Count(out.String(), `"intent":"log"`); got != c.lines || got != strings.Count(out.String(), "\n") {
			t.Errorf("%s: %d lines answered, want %d:\n%s", c.name, got, c.lines, out.String())
		}
		if (err != nil) != (len(c.faults) > 0) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, f := range c.faults {
			if !strings.Contains(err.Error(), f) {
				t.Errorf("%s: %q is not in\n%v", c.name, f, err)
			}
		}
	}
}
