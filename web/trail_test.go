package web

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"aixin/models/store/storetest"
)

var (
	notedAction = regexp.MustCompile(`\.Note(?:Change)?\([^"\n]*?, "([a-z_.]+)"`)
	jobKind     = regexp.MustCompile(`const [A-Za-z]+ = "([a-z_]+)"`)
)

// Whatever is written down anywhere in the program has words of its own on the
// pages that show the trail.
func TestTheTrailSpeaksPlainly(t *testing.T) {
	found := 0
	tree := os.DirFS("..")
	err := fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "cmd/aixin/bench") {
			return err
		}
		text, err := fs.ReadFile(tree, path)
		for _, m := range notedAction.FindAllStringSubmatch(string(text), -1) {
			found++
			if !strings.HasSuffix(m[1], ".") && actions[m[1]] == "" { // flag. goes on with a state
				t.Errorf("%s: %q has no words", path, m[1])
			}
		}
		if strings.HasPrefix(path, "handlers/") && strings.Contains(string(text), ".AddJob(ctx, ") {
			for _, m := range jobKind.FindAllStringSubmatch(string(text), -1) {
				if jobs[m[1]] == "" {
					t.Errorf("%s: the job %q has no words", path, m[1])
				}
			}
		}
		return err
	})
	if err != nil || found < 60 {
		t.Errorf("%d actions: %v", found, err)
	}
	clock := storetest.NewClock()
	s := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock).site
	for detail, want := range map[string]string{
		"rows=12 masked from=2026-01-01 to=2025-11-21": "行 12 遮着 从 1月1日(周四) 到 2025年11月21日",
		"people=1 unbound=0 state=going urgent=false":  "人 1 没绑定 0 状态 在发 急件 不是",
		"电话回访核实地址":                                     "电话回访核实地址",
	} {
		if got := s.detailWords(detail); got != want {
			t.Errorf("%q: %q", detail, got)
		}
	}
}
