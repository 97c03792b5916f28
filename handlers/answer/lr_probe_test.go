package answer

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestLR(t *testing.T) {
	if os.Getenv("LR") == "" {
		t.Skip()
	}
	st := time.Now()
	e := taught()
	fmt.Println(time.Since(st))
	b := rules()
	type row struct {
		z       float64
		y, rule bool
		t       string
	}
	for _, name := range []string{"blind", "danger"} {
		var rows []row
		for _, s := range lines[sentence](t, name+".jsonl") {
			told := b.readAll(s.Text)
			rows = append(rows, row{e.hear(told), s.Level != "calm", b.ruled(told).Level != Calm, s.Text})
		}
		for _, veto := range []float64{-6, -3, -2.5, -2, -1.5} {
			for _, th := range []float64{0, 0.5, 1, 1.5, 2, 2.5} {
				var tp, fp, P, N int
				for _, r := range rows {
					hit := r.z > th || r.rule && r.z > veto
					if r.y {
						P++
						if hit {
							tp++
						}
					} else {
						N++
						if hit {
							fp++
						}
					}
				}
				fmt.Printf("%s veto %.1f th %.1f tp %d/%d fp %d/%d\n", name, veto, th, tp, P, fp, N)
			}
		}
		if os.Getenv("V") == name {
			slices.SortFunc(rows, func(a, b row) int {
				if a.z < b.z {
					return 1
				}
				return -1
			})
			for _, r := range rows {
				fmt.Printf("%5.2f y=%v r=%v %s\n", r.z, r.y, r.rule, strings.TrimSpace(r.t))
			}
		}
	}
}
