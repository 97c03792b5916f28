package handlers

import (
	"testing"

	"aixin/models"
)

// A measure is asked about only where the note plainly is it.
func TestMeasureFits(t *testing.T) {
	for _, c := range []struct {
		measure, note string
		help          models.Help
		want          bool
	}{
		{"冬天前送棉被", "送了棉被", "", true},
		{"冬天前送棉被", "给老谷家晒了棉被", "", false},
		{"冬天前送棉被", "棉被还没送去", "", false},
		{"修房顶", "房顶修好了", "", true},
		{"申请低保", "帮他申请了低保", models.HelpPolicy, true},
		{"申请低保", "宣传了低保政策", models.HelpPolicy, false},
		{"申请低保", "申请了临时救助", models.HelpPolicy, false},
		{"理发", "给谷军理发", "", true},
		{"给谷军买轮椅", "去看了谷军", "", false},
		{"看望老人", "上门看望了老人", "", false},
		{"每周上门看望,拉家常", "上门看望,拉家常", "", false},
		{"年底前解决困难一件", "水管冻了给接上了", models.HelpDifficulty, true},
		{"年底前解决困难一件", "水管冻了给接上了", models.HelpDeed, false},
		{"年底前解决困难一件", "去坐了坐", "", false},
		{"", "去坐了坐", "", false},
	} {
		if got := measureFits(c.measure, c.note, c.help, "谷军", ""); got != c.want {
			t.Errorf("%s by %s %s: %v", c.measure, c.note, c.help, got)
		}
	}
}
