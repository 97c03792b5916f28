package answer

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestTry(t *testing.T) {
	p := os.Getenv("TRY")
	if p == "" {
		t.Skip()
	}
	d, _ := os.ReadFile(p)
	for l := range strings.Lines(string(d)) {
		l = strings.TrimSpace(l)
		told := rules().readAll(l)
		f, _, _ := rules().ruled(told)
		fmt.Println("T", Alarm(l, ""), f, fmt.Sprintf("%.2f", taught().hear(told)), Default().Ask(l, "").ID, l)
	}
}
