package say

import (
	"fmt"
	"strings"

	"aixin/models"
)

// Week is the receipt of 这周都看了.
type Week struct {
	Day     models.Day
	Call    bool
	Seen    []string
	Left    []string // not this time
	Resting []string // in hospital, away
	Before  int      // recorded this week already
	Years   []string
}

// String says it.
func (w Week) String() string {
	var lines []string
	switch {
	case len(w.Seen) > 0 && w.Call:
		lines = append(lines, fmt.Sprintf("记上了:%s 这周%d位打电话代看:%s。", w.Day, len(w.Seen), strings.Join(w.Seen, "、")))
	case len(w.Seen) > 0:
		lines = append(lines, fmt.Sprintf("记上了:%s 这周%d位都看过:%s。", w.Day, len(w.Seen), strings.Join(w.Seen, "、")))
	case len(w.Left) > 0 || len(w.Resting) > 0:
		lines = append(lines, "这周别的人早先都记过了,没有重记。")
	default:
		lines = append(lines, "这周的早先都记过了,没有重记。")
	}
	if w.Before > 0 && len(w.Seen) > 0 {
		lines = append(lines, fmt.Sprintf("另有%d位这周早先记过。", w.Before))
	}
	if len(w.Left) > 0 {
		lines = append(lines, "还没看:"+strings.Join(w.Left, "、")+"。")
	}
	if len(w.Resting) > 0 {
		lines = append(lines, "这周不用去:"+strings.Join(w.Resting, "、")+"。")
	}
	lines = append(lines, w.Years...)
	return strings.Join(lines, "\n")
}

// WeekWho asks whom 除了… means.
func WeekWho(typed string) string {
	return "您每周看望的人里没有“" + typed + "”,先没记。把名字说全再发一次,或直接发“都看了”。"
}
