package web

import (
	"strings"
	"testing"
)

func TestCharts(t *testing.T) {
	c := bars("每月<走访>", "月份", []string{"1月", "2月"}, series{"走访", "visit", []float64{3, 12}}, series{"联系", "contact", []float64{5}})
	svg := string(c.SVG)
	for _, want := range []string{`role="img"`, "每月&lt;走访&gt;", "1月 走访 3", "2月 走访 12", ">12<", `class="bar contact"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %q in %s", want, svg)
		}
	}
	if strings.Contains(svg, "style=") || strings.Contains(svg, "<走访>") {
		t.Error("a style or an open tag in the drawing")
	}
	if got := c.Rows[1]; got[0] != "2月" || got[1] != "12" || got[2] != "0" || len(c.Head) != 3 {
		t.Errorf("the table: %v %v", c.Head, c.Rows)
	}
	i := intervals("一致率", "县", []rate{{"崆峒区", 0.95, 0.86, 0.98, 57, 60}})
	if row := strings.Join(i.Rows[0], " "); row != "崆峒区 60 57 95.0% 86.0%—98.0%" {
		t.Errorf("the table: %s", row)
	}
	if got := roundUp(13); got != 20 {
		t.Errorf("13 rounds up to %v", got)
	}
}
