package wechatsim

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"sync"
)

// SamplePhoto returns a picture drawn in code: 1 a farmhouse, 2 rice and oil at
// a door. nil for any other number.
func SamplePhoto(n int) []byte {
	switch n {
	case 1:
		return farmhouse()
	case 2:
		return riceAndOil()
	}
	return nil
}

// SampleVoice returns three seconds of silence in AMR (4.75 kbit/s).
func SampleVoice() []byte {
	b := []byte("#!AMR\n")
	for range 3 * 50 {
		b = append(b, 0x04)
		b = append(b, make([]byte, 12)...)
	}
	return b
}

const sampleW, sampleH = 640, 480

var farmhouse = sync.OnceValue(func() []byte {
	return draw(func(x, y float64) color.RGBA {
		ridge := 230 + 34*math.Sin(x/83) + 18*math.Sin(x/31+1)
		switch {
		case inside(x, y, 230, 350, 250, 110): // wall
			switch {
			case inside(x, y, 335, 372, 42, 88):
				return rgb(0x7a4a2b) // door
			case inside(x, y, 258, 366, 46, 42), inside(x, y, 432, 366, 46, 42):
				if math.Mod(x, 23) < 3 || math.Mod(y, 21) < 3 {
					return rgb(0xd9c9a8)
				}
				return rgb(0x5d7f93) // panes
			}
			return shade(0xd8b98c, 6*math.Sin(x/5)+4*math.Sin(y/3))
		case y > 300 && y < 352 && math.Abs(x-355) < 172-(352-y)*0.55: // roof
			return shade(0x8d4b3a, 14*math.Sin(y*0.9))
		case y < 130 && math.Hypot(x-520, y-92) < 34:
			return rgb(0xffe9a6) // sun
		case y < ridge:
			return blend(0x9cc9e4, 0xe9f2ee, y/260)
		case y < 400+6*math.Sin(x/40):
			return shade(0x8fa06a, 10*math.Sin(x/17+y/13)) // loess hills with grass
		}
		return shade(0xc3a577, 8*math.Sin(x/9)*math.Sin(y/7)) // yard
	})
})

var riceAndOil = sync.OnceValue(func() []byte {
	return draw(func(x, y float64) color.RGBA {
		sack := func(cx float64, base uint32) (color.RGBA, bool) {
			w := 78 + 8*math.Sin(y/22)
			if y < 190 || y > 410 || math.Abs(x-cx) > w {
				return color.RGBA{}, false
			}
			if math.Abs(x-cx) < 48 && y > 255 && y < 335 {
				return rgb(0xb3362b), true // label
			}
			return shade(base, 9*math.Sin((x-cx)/4)+7*math.Sin(y/4)-math.Abs(x-cx)/6), true
		}
		if c, ok := sack(180, 0xf1ece0); ok {
			return c
		}
		if c, ok := sack(350, 0xe7dfc6); ok {
			return c
		}
		switch {
		case inside(x, y, 470, 170, 30, 34):
			return rgb(0xc8102e) // cap
		case inside(x, y, 440, 204, 90, 206):
			if y > 270 && y < 340 {
				return rgb(0xfff3c4)
			}
			return shade(0xe6a91e, 22*math.Cos((x-485)/24))
		case y > 390:
			return shade(0xa9825a, 9*math.Sin(y/3)+5*math.Sin(x/41)) // floor
		case x < 26 || x > 614:
			return rgb(0x6b2f23) // door posts
		}
		return shade(0xc9b08a, 5*math.Sin(x/13)+5*math.Sin(y/19)) // wall
	})
})

func draw(at func(x, y float64) color.RGBA) []byte {
	img := image.NewRGBA(image.Rect(0, 0, sampleW, sampleH))
	for y := range sampleH {
		for x := range sampleW {
			img.SetRGBA(x, y, at(float64(x), float64(y)))
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 82}); err != nil {
		panic(err) // a drawn picture encodes
	}
	return b.Bytes()
}

func inside(x, y, left, top, w, h float64) bool {
	return x >= left && x < left+w && y >= top && y < top+h
}

func rgb(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255}
}

func shade(hex uint32, by float64) color.RGBA {
	c := rgb(hex)
	f := func(v uint8) uint8 { return uint8(max(0, min(255, float64(v)+by))) }
	return color.RGBA{f(c.R), f(c.G), f(c.B), 255}
}

func blend(a, b uint32, t float64) color.RGBA {
	p, q := rgb(a), rgb(b)
	t = max(0, min(1, t))
	f := func(v, w uint8) uint8 { return uint8(float64(v)*(1-t) + float64(w)*t) }
	return color.RGBA{f(p.R, q.R), f(p.G, q.G), f(p.B, q.B), 255}
}
