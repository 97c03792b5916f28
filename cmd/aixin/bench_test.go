package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"aixin/models/store/storetest"
)

// Each bench runs through on a small city and prints its figures; how large they
// are is for people to read.
func TestBench(t *testing.T) {
	bin, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	bench := func(env []string, args ...string) (string, error) {
		cmd := exec.Command(bin, append([]string{"bench"}, args...)...)
		cmd.Dir, cmd.Env = dir, append([]string{"TMPDIR=" + dir, "HOME=" + dir}, env...)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	size := []string{"--recipients", "120", "--cadres", "100"}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"callback", "--for", "1s", "--phones", "4"}, `合计 +[1-9]\d* .*\n4 部手机:每秒 [1-9]\d* 条;转为稍后回复 \d+ 条,没答好 0 条`},
		{[]string{"push"}, `通知 100 人:(?s:.*)平台收下卡片 100 张`},
		{[]string{"import"}, `首次导入 .*干部:导入 100,更新 0,未变 0,错误 0;关爱对象:导入 120,(?s:.*)再导一次 .*未变 100,错误 0`},
		{[]string{"web", "--times", "2"}, `县 /admin/ (?s:.*)市 /admin/ (?s:.*)一位干部的名单和进度`},
		{[]string{"report"}, `monthly 20\d\d-\d\d +[\d.]+ +[1-9]\d* +平凉市月报告(?s:.*)annual 20\d\d .*年总结`},
		{[]string{"remind", "--times", "1"}, `算一遍该提醒谁 +1 .*duty:[1-9](?s:.*)市的清单 +1 .*admin summary:[1-9]`},
	} {
		t.Run(c.args[0], func(t *testing.T) {
			out, err := bench(nil, append(c.args, size...)...)
			if err != nil || !regexp.MustCompile(c.want).MatchString(out) {
				t.Errorf("%v\n%s", err, out)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "aixin-bench-*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
	// The configured database is used while it is empty, and left alone after.
	t.Run("configured", func(t *testing.T) {
		s := newSiteOf(t, 0, "mysql", storetest.DSN(t, "mysql"), storetest.RedisAddr(t))
		args := append([]string{"import", "--configured"}, size...)
		if out, err := bench(s.env, args...); err != nil || !strings.Contains(out, "mysql;名册") || !strings.Contains(out, "首次导入") {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, kind := range []string{"import", "callback", "push", "web", "remind"} {
			args[0] = kind
			if out, err := bench(s.env, args...); err == nil || !strings.Contains(out, "没有动它") {
				t.Errorf("%s on people: %v\n%s", kind, err, out)
			}
		}
	})
}
