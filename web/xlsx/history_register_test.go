package xlsx

import (
	"bytes"
	"testing"

	"aixin/models/town"

	"aixin/models"
)

// A register that is written and read again is the same register.
func TestWriteRegister(t *testing.T) {
	two := 2
	reg := read(t, streamed(t, register(town.City(3, 300, 280, 1, today))))
	reg.Pairings[0].OpeningVisits, reg.Pairings[0].OpeningAsOf = &two, today
	var b bytes.Buffer
	must(t, WriteRegister(&b, reg, models.ShippedLists(), today))
	again := read(t, b.Bytes())
	equal(t, "cadres", again.Cadres, reg.Cadres)
	equal(t, "recipients", again.Recipients, reg.Recipients)
	equal(t, "sizes", []int{len(again.Pairings), *again.Pairings[0].OpeningVisits}, []int{len(reg.Pairings), 2})
	again.Pairings[0], reg.Pairings[0] = PairingRow{}, PairingRow{}
	equal(t, "pairings", again.Pairings, reg.Pairings)
}
