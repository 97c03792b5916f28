package answer

import (
	"testing"
)

// TestOrdinaryLogsAreCalm: the messages that handlers/understand was developed
// on are ordinary work, by whoever writes them, and next to none is an alarm.
func TestOrdinaryLogsAreCalm(t *testing.T) {
	var wolf, all int
	for _, text := range rowsOf(t, "heard_logs.txt") {
		for _, role := range []string{"cadre", "guardian"} {
			all++
			if got := Alarm(text, role); got.Level != Calm {
				wolf++
				t.Logf("%q from %s: %v", text, role, got)
			}
		}
	}
	t.Logf("false alarms %d of %d", wolf, all)
	if wolf*1000 > all {
		t.Errorf("more than 1 in 1000")
	}
}
