package models

import "testing"

func TestFieldsOfTemplates(t *testing.T) {
	for _, tc := range []struct {
		kind          TemplateKind
		key, in, want string
	}{
		{CategoryTemplate, "thing1", "有2户今年还差走访", "有2户今年还差走访"},
		{CategoryTemplate, "thing1", "一二三四五六七八九十一二三四五六七八九十一", "一二三四五六七八九十一二三四五六七八九…"},
		{CategoryTemplate, "thing1", "两\n行", "两 行"},
		{CategoryTemplate, "thing1", "", "-"},
		{CategoryTemplate, "thing1", "好好好好好好好好好好😀😀😀😀😀😀", "好好好好好好好好好好😀😀😀😀…"},
		{CategoryTemplate, "character_string1", "提问 #12", "#12"},
		{CategoryTemplate, "phrase1", "已办结ok了吗呢", "已办结了吗"},
		{CategoryTemplate, "number1", "约12户", "12"},
		{CategoryTemplate, "letter1", "A-1b", "Ab"},
		{CategoryTemplate, "phone_number1", "电话 0933-8212345", "0933-8212345"},
		{CategoryTemplate, "time2", "2026年11月20日 15:01", "2026年11月20日 15:01"},
		{ClassicTemplate, "keyword2", "2026年11月20日 15:01", "2026年11月20日 15:01"},
		{ClassicTemplate, "keyword1", "一二三四五六七八九十一二三四五六七八九十一", "一二三四五六七八九十一二三四五六七八九…"},
		{ClassicTemplate, "keyword1", "两\n行", "两 行"},
		{ClassicTemplate, "number1", "约12户", "约12户"}, // a classic key is only a name
		{ClassicTemplate, "keyword3", "", "-"},
	} {
		if got := tc.kind.Fit(tc.key, tc.in); got != tc.want {
			t.Errorf("%s %s %q: %q, want %q", tc.kind, tc.key, tc.in, got, tc.want)
		}
	}
	named := map[string]string{"thing3": "phrase9"}
	for _, tc := range []struct {
		kind        TemplateKind
		field, want string
	}{
		{CategoryTemplate, "thing1", "thing1"},
		{CategoryTemplate, "thing3", "phrase9"},
		{ClassicTemplate, "time2", "keyword2"},
		{ClassicTemplate, "thing3", "phrase9"},
		{"", "thing1", "thing1"},
	} {
		if got := tc.kind.Key(tc.field, named); got != tc.want {
			t.Errorf("%s %s: %q, want %q", tc.kind, tc.field, got, tc.want)
		}
	}
}
