package models

import (
	"slices"
	"strings"
	"testing"
)

func TestPrivacy(t *testing.T) {
	words := func(version string) string { return "(须知 " + version + ")随时能“撤回同意”" }
	p := Privacy{
		Notice: []PrivacyText{
			{Version: "3", Words: words("3"), Changed: "改了三"},
			{Version: "2", Words: words("2"), Changed: "改了二", Renews: []Purpose{PurposeSensitive}},
			{Version: "1", Words: words("1")},
		},
		Child: []PrivacyText{{Version: "1娃", Words: words("1娃")}},
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		purpose Purpose
		child   bool
		want    []string
	}{
		{PurposeSensitive, false, []string{"3", "2"}},
		{PurposeConfirm, false, []string{"3", "2", "1"}},
		{PurposeSensitive, true, []string{"1娃"}},
		{PurposeChild, true, []string{"1娃"}},
	} {
		if got := p.Holding(tc.purpose, tc.child); !slices.Equal(got, tc.want) || p.Version(tc.purpose, tc.child) != tc.want[0] {
			t.Errorf("%s child %t: %v, not %v", tc.purpose, tc.child, got, tc.want)
		}
	}
	if changed, newer := Since(p.Notice, "1"); changed != "改了三;改了二" || !newer {
		t.Errorf("%q %t", changed, newer)
	}
	if _, newer := Since(p.Notice, "3"); newer {
		t.Error("nothing is newer than the newest")
	}
	for what, spoil := range map[string]func(p *Privacy){
		"一版也没有":    func(p *Privacy) { p.Child = nil },
		"不能重":      func(p *Privacy) { p.Notice[0].Version = "2"; p.Notice[0].Words = words("2") },
		"正文里要写版本号": func(p *Privacy) { p.Notice[0].Words = "撤回同意" },
		"一屏看完":     func(p *Privacy) { p.Notice[0].Words += strings.Repeat("字", 500) },
		"changed":  func(p *Privacy) { p.Notice[0].Changed = "" },
		"renews":   func(p *Privacy) { p.Notice[0].Renews = []Purpose{PurposeChat} },
	} {
		bad := Privacy{Notice: slices.Clone(p.Notice), Child: slices.Clone(p.Child)}
		spoil(&bad)
		if err := bad.Check(); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
