package main

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"testing"

	"aixin/handlers/answer"
)

// The base is checked, taken in once, given back byte by byte, by its version,
// and one with faults is not taken.
func TestFaqCommands(t *testing.T) {
	for _, driver := range []string{"sqlite", "mysql"} {
		t.Run(driver, func(t *testing.T) {
			aixin := clerk(t, driver)
			if code, out, errs := aixin("faq", "check"); code != 0 || !strings.Contains(out, "错 0 处") {
				t.Errorf("the shipped base: %d %s %s", code, out, errs)
			}
			if code, out, _ := aixin("faq", "export"); code != 0 || out != string(answer.Shipped()) {
				t.Errorf("export before any import: %d, %d bytes", code, len(out))
			}
			if code, _, _ := aixin("faq", "export", "--version", "1"); code == 0 {
				t.Error("a version that is not there was exported")
			}

			shipped := string(answer.Shipped())
			changed := shipped + "\n# 第二版\n"
			broken := strings.Replace(shipped, "\n    answer:", "\n    anwser:", 1)
			if broken == shipped {
				broken = strings.Replace(shipped, "\n  answer:", "\n  anwser:", 1)
			}
			for name, text := range map[string]string{"one.yaml": shipped, "two.yaml": changed, "broken.yaml": broken} {
				if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if code, _, _ := aixin("faq", "check", "broken.yaml"); code == 0 || broken == shipped {
				t.Error("a base with a fault passed the check")
			}
			if code, _, _ := aixin("faq", "import", "broken.yaml"); code == 0 {
				t.Error("a base with a fault was taken in")
			}
			for _, step := range []struct{ file, says string }{
				{"one.yaml", "收作第 1 版"}, {"one.yaml", "和第 1 版一样"}, {"two.yaml", "收作第 2 版"},
			} {
				if code, out, errs := aixin("faq", "import", step.file, "--note", "试"); code != 0 || !strings.Contains(out, step.says) {
					t.Errorf("%s: %d %s %s", step.file, code, out, errs)
				}
			}
			for _, want := range []struct {
				args []string
				text string
			}{{nil, changed}, {[]string{"--version", "1"}, shipped}, {[]string{"--version", "2"}, changed}} {
				if code, out, errs := aixin(append([]string{"faq", "export"}, want.args...)...); code != 0 || out != want.text {
					t.Errorf("export %v: %d, %d of %d bytes, %s", want.args, code, len(out), len(want.text), errs)
				}
			}
			if code, out, _ := aixin("faq", "export", "--out", "back.yaml"); code != 0 || out != "" {
				t.Errorf("export to a file: %d %s", code, out)
			}
			if back, err := os.ReadFile("back.yaml"); err != nil || string(back) != changed {
				t.Errorf("%d bytes came back: %v", len(back), err)
			}
		})
	}
}

// The gaps are grouped, the largest first; a shorter list is cut; none is said so.
func TestFaqGaps(t *testing.T) {
	aixin := clerk(t, "sqlite")
	if code, out, errs := aixin("faq", "gaps"); code != 0 || out != "" || !strings.Contains(errs, "0 句") {
		t.Errorf("no gaps: %d %q %q", code, out, errs)
	}
	e := &env{ctx: context.Background(), clock: &clock{}, stdout: &strings.Builder{}, stderr: &strings.Builder{}, log: slog.New(slog.DiscardHandler)}
	st := openStore(t, e)
	for _, words := range []string{"水窖漏了找谁修", "水窖漏水了谁修哩", "拖拉机的油咋加"} {
		if err := st.AddUnanswered(e.ctx, words, "620802"); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errs := aixin("faq", "gaps", "--top", "1")
	if code != 0 || strings.Count(out, "\n") != 1 || !strings.HasPrefix(out, "2\t") || !strings.Contains(out, "水窖") || !strings.Contains(errs, "3 句,分成 2 组") {
		t.Errorf("%d\n%s%s", code, out, errs)
	}
}
