package handlers

import "testing"

func TestValueOf(t *testing.T) {
	for plain, want := range map[string]value{
		"80": {fen: 8000}, "八十块": {fen: 8000}, "大约80元": {fen: 8000}, "每袋80": {fen: 8000, unit: "袋"}, "一袋80块": {fen: 8000, unit: "袋"}, "80一袋": {fen: 8000, unit: "袋"},
		"每户80元": {fen: 8000}, "各80": {fen: 8000}, "一共240": {fen: 24000, total: true}, "总共二百四": {fen: 24000, total: true}, "80块左右": {fen: 8000}, "值120吧": {fen: 12000},
	} {
		if got, ok := valueOf(plain); !ok || got != want {
			t.Errorf("%s: %+v %v, want %+v", plain, got, ok, want)
		}
	}
	for _, plain := range []string{"明天去", "谢谢", "给老谷打了电话", "没有"} {
		if got, ok := valueOf(plain); ok {
			t.Errorf("%s: %+v", plain, got)
		}
	}
	if n := pieces("三户都看望了,各送三袋面", "袋"); n != 3 {
		t.Errorf("三袋: %d", n)
	}
	if n := pieces("各送一袋面", "袋"); n != 1 {
		t.Errorf("一袋: %d", n)
	}
}
