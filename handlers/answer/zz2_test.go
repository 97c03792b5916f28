package answer
import ("testing";"os";"fmt";"strings")
func TestTry(t *testing.T) {
	p := os.Getenv("TRY"); if p == "" { t.Skip() }
	d, _ := os.ReadFile(p)
	for l := range strings.Lines(string(d)) { l = strings.TrimSpace(l); told := rules().readAll(l); fmt.Println("T", Alarm(l, ""), rules().ruled(told), fmt.Sprintf("%.2f", taught().hear(told)), Default().Ask(l,"").ID, l) }
}
