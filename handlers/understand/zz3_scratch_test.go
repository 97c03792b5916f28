package understand

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestXX(t *testing.T) {
	u := New()
	for _, text := range strings.Split(os.Getenv("T"), "|") {
		for _, ro := range [][]Person{{{"谷军", []string{"老谷"}}}, {{"谷军", []string{"老谷"}}, {"马海龙", []string{"海龙"}}}} {
			r := u.Understand(Input{Text: text, Today: "2026-11-21", Roster: ro})
			fmt.Print(text, " => ", r.Intent)
			for _, l := range lines(r.Label().Activities, true) {
				fmt.Print(" | ", l)
			}
			fmt.Println()
		}
	}
}
