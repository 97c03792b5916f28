package album

import (
	"image"
	"math"
	"slices"

	"golang.org/x/image/draw"
)

// Look is what a picture seems to show beside people and their homes.
type Look string

// The looks of which a picture of a visit has none.
const (
	LookNone   Look = ""
	LookPaper  Look = "paper"  // a page of print, or a card
	LookScreen Look = "screen" // a screen, or its picture
)

// What the recogniser goes by. A picture of a visit that is taken for a paper
// costs more than a paper that is not seen, so each has to hold clearly.
const (
	sightSide  = 512 // the longer side at which it looks
	sightBlock = 16

	printShare  = 0.04 // of all blocks, those of the largest group that are print
	printSpread = 0.09 // of the picture, the box around that group
	printDense  = 0.33 // of that box, its blocks of print
	printAside  = 0.30 // how far its middle lies beside the picture's, at most: it may be one page of two,
	printAbove  = 0.18 // and above or below it
	busyMost    = 0.20 // of what lies outside it, blocks that are busy and no print
	rowsClear   = 1.50 // how much clearer rows are in one direction than in most
	printMuch   = 0.15 // from this share on the last two need hold less clearly:
	busyMore    = 0.50
	rowsSome    = 1.20

	flatShare   = 0.60 // of a picture as tall as a telephone, pixels quite like their neighbours
	tonesShare  = 0.62 // and pixels of the eight commonest tones
	inkedScreen = 0.04 // and blocks of print
	telephone   = 1.9  // how much taller than wide
	flatElse    = 0.80 // the same of any other picture
	tonesElse   = 0.85

	gridBlocks = 0.18 // of the blocks of a photographed screen, those with its grid
	gridAgain  = 0.35 // how well the grid comes again there
)

// Sight tells what a picture seems to show. photo is upright and as large as
// there is, for the grid of a screen is fine.
func Sight(photo *image.RGBA) Look {
	small := fit(photo, sightSide, draw.ApproxBiLinear)
	g := grayOf(small)
	if g.w < 4*sightBlock || g.h < 4*sightBlock {
		return LookNone
	}
	p := g.print()
	if p.screen(g, small) {
		return LookScreen
	}
	busy, rows := busyMost, rowsClear
	if p.share >= printMuch {
		busy, rows = busyMore, rowsSome
	}
	if p.share >= printShare && p.spread >= printSpread && p.dense >= printDense && p.aside <= printAside && p.above <= printAbove && p.busy <= busy && p.rows >= rows {
		return LookPaper
	}
	if gridded(photo) >= gridBlocks {
		return LookScreen
	}
	return LookNone
}

// screen tells a screen's own picture: print on grounds without any grain, in few
// tones, and most likely as tall as a telephone.
func (p printed) screen(g gray, small *image.RGBA) bool {
	flat, few := flatElse, tonesElse
	if float64(g.h) >= telephone*float64(g.w) {
		flat, few = flatShare, tonesShare
	}
	if g.flat() < flat || tones(small) < few {
		return false
	}
	if g.dark() { // light letters
		for i, v := range g.v {
			g.v[i] = 255 - v
		}
		p = g.print()
	}
	return p.inked >= inkedScreen
}

// dark tells whether most of a picture is.
func (g gray) dark() bool {
	n := 0
	for _, v := range g.v {
		if v < 90 {
			n++
		}
	}
	return n > len(g.v)/2
}

// gray is the brightness of a picture.
type gray struct {
	w, h int
	v    []uint8
}

func grayOf(img *image.RGBA) gray {
	b := img.Bounds()
	g := gray{b.Dx(), b.Dy(), make([]uint8, b.Dx()*b.Dy())}
	for y := range g.h {
		row := img.Pix[y*img.Stride:]
		for x := range g.w {
			p := row[4*x : 4*x+3]
			g.v[y*g.w+x] = uint8((299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])) / 1000)
		}
	}
	return g
}

// printed is what is known of the print in a picture.
type printed struct {
	inked  float64 // blocks of print, of all
	share  float64 // those of the largest group, of all
	spread float64 // the box around it, of the picture
	dense  float64 // its blocks, of that box
	aside  float64 // how far its middle lies from the picture's, of its width
	above  float64 // and of its height
	busy   float64 // blocks outside that are busy and no print, of those outside
	rows   float64 // how clear its rows are
}

// print looks for print: dark strokes on a ground that is flat from block to
// block, in rows.
func (g gray) print() (p printed) {
	bw, bh := g.w/sightBlock, g.h/sightBlock
	kinds := make([]byte, bw*bh) // 'p' print, 'b' busy
	ink := make([]bool, g.w*g.h)
	for by := range bh {
		for bx := range bw {
			kinds[by*bw+bx] = g.block(bx*sightBlock, by*sightBlock, ink)
		}
	}
	group := largest(kinds, bw, bh)
	all := float64(bw * bh)
	prints, busy := 0, 0
	x0, y0, x1, y1 := bw, bh, -1, -1
	for i, k := range kinds {
		x, y := i%bw, i/bw
		if k == 'p' {
			prints++
		}
		if group[i] {
			x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
		}
	}
	p.inked = float64(prints) / all
	if x1 < 0 {
		return p
	}
	inside, mine := (x1-x0+1)*(y1-y0+1), 0
	for i, k := range kinds {
		x, y := i%bw, i/bw
		in := x >= x0 && x <= x1 && y >= y0 && y <= y1
		if group[i] && k == 'p' {
			mine++
		}
		if !in && k == 'b' {
			busy++
		}
	}
	p.share, p.spread, p.dense = float64(mine)/all, float64(inside)/all, float64(mine)/float64(inside)
	p.aside, p.above = math.Abs(float64(x0+x1+1)/float64(2*bw)-0.5), math.Abs(float64(y0+y1+1)/float64(2*bh)-0.5)
	if out := bw*bh - inside; out > 0 {
		p.busy = float64(busy) / float64(out)
	}
	p.rows = g.rows(ink, x0*sightBlock, y0*sightBlock, (x1+1)*sightBlock, (y1+1)*sightBlock)
	return p
}

// block tells whether a block is print, and notes its ink.
func (g gray) block(x0, y0 int, ink []bool) byte {
	var hist [256]int
	for y := y0; y < y0+sightBlock; y++ {
		for x := x0; x < x0+sightBlock; x++ {
			hist[g.v[y*g.w+x]]++
		}
	}
	const n = sightBlock * sightBlock
	at := func(share float64) int {
		left := int(share * n)
		for v, k := range hist {
			if left -= k; left < 0 {
				return v
			}
		}
		return 255
	}
	dark, ground := at(0.04), at(0.70)
	contrast := ground - dark
	if contrast < 34 {
		return 0
	}
	limit := ground - contrast*45/100
	inked, across, down, sum, squares, plain := 0, 0, 0, 0.0, 0.0, 0
	for y := y0; y < y0+sightBlock; y++ {
		before := false
		for x := x0; x < x0+sightBlock; x++ {
			v := int(g.v[y*g.w+x])
			now := v < limit
			if now {
				inked++
				ink[y*g.w+x] = true
			} else if v > ground-contrast/4 {
				plain++
				sum += float64(v)
				squares += float64(v) * float64(v)
			}
			if x > x0 && now != before {
				across++
			}
			if y > y0 && now != (int(g.v[(y-1)*g.w+x]) < limit) {
				down++
			}
			before = now
		}
	}
	share := float64(inked) / n
	mean := sum / float64(max(1, plain))
	even := math.Sqrt(max(0, squares/float64(max(1, plain))-mean*mean)) / float64(contrast)
	if share > 0.03 && share < 0.45 && min(across, down) >= 20 && plain > n*35/100 && even < 0.11 && ground > 95 {
		return 'p'
	}
	return 'b'
}

// largest is the largest group of blocks of print, over gaps of one block.
func largest(kinds []byte, bw, bh int) []bool {
	seen, best, most := make([]bool, len(kinds)), []int(nil), 0
	for start, k := range kinds {
		if k != 'p' || seen[start] {
			continue
		}
		todo, group := []int{start}, []int(nil)
		seen[start] = true
		for len(todo) > 0 {
			i := todo[len(todo)-1]
			todo, group = todo[:len(todo)-1], append(group, i)
			for dy := -2; dy <= 2; dy++ {
				for dx := -2; dx <= 2; dx++ {
					x, y := i%bw+dx, i/bw+dy
					if j := y*bw + x; x >= 0 && y >= 0 && x < bw && y < bh && kinds[j] == 'p' && !seen[j] {
						seen[j] = true
						todo = append(todo, j)
					}
				}
			}
		}
		if len(group) > most {
			best, most = group, len(group)
		}
	}
	out := make([]bool, len(kinds))
	for _, i := range best {
		out[i] = true
	}
	return out
}

// rows tells how much more clearly the ink of a box lies in rows in its best
// direction than in most others.
func (g gray) rows(ink []bool, x0, y0, x1, y1 int) float64 {
	var spreads []float64
	size := (x1 - x0) + (y1 - y0)
	sums, counts := make([]int, size+2), make([]int, size+2)
	for turn := 0; turn < 180; turn += 3 {
		sin, cos := math.Sincos(float64(turn) * math.Pi / 180)
		clear(sums)
		clear(counts)
		low := min(0, cos*float64(y1-y0))
		for y := y0; y < y1; y += 2 {
			at := float64(y-y0)*cos - low
			for x := x0; x < x1; x++ {
				k := int(at+float64(x-x0)*sin) / 2
				counts[k]++
				if ink[y*g.w+x] || ink[(y+1)*g.w+x] {
					sums[k]++
				}
			}
		}
		var n, sum, squares float64
		for k, c := range counts {
			if c < 20 {
				continue // the corners
			}
			v := float64(sums[k]) / float64(c)
			n, sum, squares = n+1, sum+v, squares+v*v
		}
		if n > 8 && sum > 0 {
			mean := sum / n
			spreads = append(spreads, math.Sqrt(max(0, squares/n-mean*mean))/mean)
		}
	}
	if len(spreads) < 10 {
		return 0
	}
	slices.Sort(spreads)
	return spreads[len(spreads)-1] / max(0.01, spreads[len(spreads)/2])
}

// flat is the share of pixels that are quite like their neighbours: a screen's
// picture has no grain.
func (g gray) flat() float64 {
	n, flat := 0, 0
	for y := 1; y < g.h; y++ {
		for x := 1; x < g.w; x++ {
			v := int(g.v[y*g.w+x])
			n++
			if abs(v-int(g.v[y*g.w+x-1])) <= 1 && abs(v-int(g.v[(y-1)*g.w+x])) <= 1 {
				flat++
			}
		}
	}
	return float64(flat) / float64(max(1, n))
}

// tones is the share of pixels of the eight commonest colours, of 4096.
func tones(img *image.RGBA) float64 {
	var hist [4096]int
	n := 0
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:]
		for x := range img.Rect.Dx() {
			p := row[4*x : 4*x+3]
			hist[int(p[0]>>4)<<8|int(p[1]>>4)<<4|int(p[2]>>4)]++
			n++
		}
	}
	top := hist[:]
	slices.Sort(top)
	most := 0
	for _, k := range top[len(top)-8:] {
		most += k
	}
	return float64(most) / float64(max(1, n))
}

// gridded is the share of blocks of the full picture that have the fine grid of a
// photographed screen: brightness that comes again every few pixels, both ways
// and with one pitch.
func gridded(photo *image.RGBA) float64 {
	g := grayOf(photo)
	const side, reach = 64, 14
	var pitches []int
	blocks := 0
	for y := 0; y+side <= g.h; y += max(side, g.h/10) {
		for x := 0; x+side <= g.w; x += max(side, g.w/10) {
			blocks++
			across, a := g.pitch(x, y, 1, g.w, side, reach)
			down, d := g.pitch(x, y, g.w, 1, side, reach)
			if a > gridAgain && d > gridAgain && abs(across-down) <= 1 {
				pitches = append(pitches, across)
			}
		}
	}
	if blocks < 16 || len(pitches) == 0 {
		return 0
	}
	slices.Sort(pitches)
	middle, same := pitches[len(pitches)/2], 0
	for _, p := range pitches {
		if abs(p-middle) <= 1 {
			same++
		}
	}
	return float64(same) / float64(blocks)
}

// pitch is the distance at which a block's fine structure comes again along one
// axis, and how well.
func (g gray) pitch(x0, y0, step, across, side, reach int) (lag int, how float64) {
	base := y0*g.w + x0
	var corr [32]float64
	for line := range side {
		var d [128]float64
		at := base + line*across
		mean := 0.0
		for i := 1; i < side; i++ {
			d[i] = float64(g.v[at+i*step]) - float64(g.v[at+(i-1)*step])
			mean += d[i]
		}
		mean /= float64(side - 1)
		for i := 1; i < side; i++ {
			d[i] -= mean
		}
		for l := 0; l <= reach; l++ {
			for i := 1; i+l < side; i++ {
				corr[l] += d[i] * d[i+l] / float64(side-1-l)
			}
		}
	}
	if corr[0] < float64(side)*4 {
		return 0, 0 // nothing there
	}
	for l := 3; l <= reach; l++ {
		if v := corr[l] / corr[0]; v > how && corr[l] >= corr[l-1] && (l == reach || corr[l] >= corr[l+1]) {
			lag, how = l, v
		}
	}
	return lag, how
}

func abs(n int) int { return max(n, -n) }
