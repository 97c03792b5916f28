package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whoever types a command wrongly is told so in Chinese, with code 2, on stderr only.
func TestWrongCommandsAreToldPlainly(t *testing.T) {
	for args, want := range map[string]string{
		"nosuch":                            "没有“nosuch”这个命令",
		"serve --migrat":                    `是不是 "--migrate"`,
		"serve --nosuch":                    "没有 --nosuch 这个选项",
		"report monthly":                    "还要写 --out=FILE.xlsx, --period=P",
		"admin disable":                     "还要写 <login>",
		"export activities --format pdf":    `--format 只能是 "jsonl","csv","xlsx",不能是 "pdf"`,
		"bench callback --for x":            `--for 的值 "x" 不对`,
		"remind --dry-run --send":           "--dry-run 和 --send 不能一起用",
		"demo --listen":                     "--listen 后面要写值",
		"answer --base /no/such/place.yaml": "没有 /no/such/place.yaml 这个文件",
		"":                                  "没写要做什么",
	} {
		var out, told strings.Builder
		code := run(t.Context(), strings.Fields(args), strings.NewReader(""), &out, &told)
		if code != 2 || out.Len() > 0 || !strings.Contains(told.String(), want) || !strings.Contains(told.String(), "--help") {
			t.Errorf("%q: code %d, out %q, told %q, want %q", args, code, out.String(), told.String(), want)
		}
	}
}

// A database that cannot be used is told with what to do about it.
func TestFaultsOfTheDatabaseAreToldWithARemedy(t *testing.T) {
	junk := filepath.Join(t.TempDir(), "junk.db")
	if err := os.WriteFile(junk, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ driver, dsn, want string }{
		{"mysql", "u:hush@tcp(127.0.0.1:1)/x", "连不上数据库"},
		{"sqlite", filepath.Join(t.TempDir(), "no", "such", "x.db"), "数据库文件打不开"},
		{"sqlite", junk, "不是 SQLite 数据库"},
	} {
		data := t.TempDir()
		t.Setenv("AIXIN_DATA_DIR", data)
		t.Setenv("AIXIN_DATABASE_DRIVER", c.driver)
		t.Setenv("AIXIN_DATABASE_DSN", c.dsn)
		var out, said strings.Builder
		if code := run(t.Context(), []string{"keys", "init"}, strings.NewReader(""), &out, &said); code != 0 {
			t.Fatal(said.String())
		}
		said.Reset()
		code := run(t.Context(), []string{"migrate"}, strings.NewReader(""), &out, &said)
		if code != 1 || !strings.Contains(said.String(), c.want) || strings.Contains(said.String(), "hush") {
			t.Errorf("%s: code %d, %s", c.dsn, code, said.String())
		}
	}
}
