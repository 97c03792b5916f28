package main

import (
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
