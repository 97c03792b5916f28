package answer

import (
	"testing"
	"time"
)

func TestTime(t *testing.T) {
	s := time.Now()
	b := Default()
	t.Log(time.Since(s), len(b.index.samples), len(b.index.rarity))
	s = time.Now()
	taught()
	t.Log(time.Since(s))
}
