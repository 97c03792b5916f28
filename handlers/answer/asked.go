package answer

import (
	_ "embed"
	"encoding/binary"
	"math"
	"slices"
	"sync"
)

//go:embed asked.bin
var askedData []byte

//go:generate go test -run ^TestAskingIsTaught$ . -update

// knowledge is what was taught of how people ask for the shipped entries: how much
// each sign speaks for each of them. It was learned from faq.yaml, phrasings.yaml and
// testdata and is shipped as asked.bin: asked_test.go teaches it.
type knowledge struct {
	lessons uint64   // the seal of what it was taught
	classes []string // ids of entries, and None
	bias    []float64
	seals   []uint64 // of the wordings of the base that it was taught, sorted
	marks   []uint32 // of the signs, sorted
	rarity  []uint8  // of each sign, in steps
	from    []uint32 // where each sign's weights begin
	class   []uint8  // of each weight
	weight  []int8
	step    float64 // of the weights
	rarest  float64
}

const rarityStep = 1.0 / 20

var taughtToAsk = sync.OnceValue(func() *knowledge { return decodeAsked(askedData) })

// taught is whether an entry's wording was among the lessons.
func (k *knowledge) taught(id, wording string) bool {
	_, ok := slices.BinarySearch(k.seals, seal(id, wording))
	return ok
}

// numberOf is the place of a mark among sorted ones, or -1.
func numberOf(marks []uint32, mark uint32) int {
	if at, ok := slices.BinarySearch(marks, mark); ok {
		return at
	}
	return -1
}

// decodeAsked reads what encodeAsked wrote.
func decodeAsked(data []byte) *knowledge {
	number := func() int {
		v, n := binary.Uvarint(data)
		data = data[n:]
		return int(v)
	}
	float := func() float64 {
		v := math.Float32frombits(binary.LittleEndian.Uint32(data))
		data = data[4:]
		return float64(v)
	}
	long := func() uint64 {
		v := binary.LittleEndian.Uint64(data)
		data = data[8:]
		return v
	}
	k := &knowledge{lessons: long(), step: float()}
	for range number() {
		size := number()
		k.classes = append(k.classes, string(data[:size]))
		data = data[size:]
		k.bias = append(k.bias, float())
	}
	k.seals = make([]uint64, number())
	for i := range k.seals {
		k.seals[i] = long()
	}
	signs, weights := number(), number()
	k.marks = make([]uint32, signs)
	k.rarity = make([]uint8, signs)
	k.from = make([]uint32, 1, signs+1)
	k.class = make([]uint8, 0, weights)
	k.weight = make([]int8, 0, weights)
	var last uint32
	for i := range k.marks {
		last += uint32(number())
		k.marks[i], k.rarity[i] = last, data[0]
		many := int(data[1])
		data = data[2:]
		for range many {
			k.class = append(k.class, data[0])
			k.weight = append(k.weight, int8(data[1]))
			data = data[2:]
		}
		k.from = append(k.from, uint32(len(k.class)))
	}
	k.rarest = float64(slices.Max(k.rarity)) * rarityStep
	return k
}
