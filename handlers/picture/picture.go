// Package picture draws the summary of an office as one PNG that reads well in a
// chat. It needs a font with Chinese letters, which is found on the system or
// installed as a package; none is shipped.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"sync"

	"github.com/golang/freetype/truetype"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// FontPlaces are where Debian's packages put fonts with Chinese letters.
var FontPlaces = []string{
	"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
	"/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
	"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
	"/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
}

// Sheet is what a picture says: counts and no names.
type Sheet struct {
	Title, Sub string
	Facts      []Fact // large numbers, three to a row
	Bars       []Bar
	Foot       string
}

// Fact is a number with what it counts.
type Fact struct {
	Number, Label string
	Alarm         bool // something is to be done
}

// Bar is how many of all.
type Bar struct {
	Label     string
	Done, All int
}

// Painter draws sheets with one font.
type Painter struct {
	open  func(size int) (font.Face, error)
	mu    sync.Mutex
	faces map[int]font.Face
}

// NewPainter reads a font file, single or a collection; one without Chinese
// letters is refused.
func NewPainter(file []byte) (*Painter, error) {
	p := &Painter{faces: map[int]font.Face{}}
	// freetype reads WenQuanYi, whose tables opentype refuses; opentype reads Noto,
	// whose outlines freetype does not know.
	if f, err := truetype.Parse(file); err == nil {
		if f.Index('结') == 0 {
			return nil, errNoChinese
		}
		p.open = func(size int) (font.Face, error) {
			return truetype.NewFace(f, &truetype.Options{Size: float64(size), DPI: 72, Hinting: font.HintingFull}), nil
		}
		return p, nil
	}
	all, err := opentype.ParseCollection(file)
	if err != nil {
		return nil, fmt.Errorf("picture: no font: %w", err)
	}
	f, err := all.Font(0)
	if err != nil {
		return nil, fmt.Errorf("picture: no font: %w", err)
	}
	if i, err := f.GlyphIndex(nil, '结'); err != nil || i == 0 {
		return nil, errNoChinese
	}
	p.open = func(size int) (font.Face, error) {
		return opentype.NewFace(f, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingFull})
	}
	return p, nil
}

var errNoChinese = errors.New("picture: the font has no Chinese letters")

func (p *Painter) face(size int) (font.Face, error) {
	if f := p.faces[size]; f != nil {
		return f, nil
	}
	f, err := p.open(size)
	if err == nil {
		p.faces[size] = f
	}
	return f, err
}

// The measures of a sheet, in pixels: as wide as a phone shows it sharply.
const (
	width  = 750
	margin = 44
	header = 170
	factH  = 132
	barH   = 96
	footH  = 96
)

var (
	ink   = color.RGBA{0x1f, 0x23, 0x29, 0xff}
	soft  = color.RGBA{0x5c, 0x63, 0x70, 0xff}
	line  = color.RGBA{0xe6, 0xe8, 0xeb, 0xff}
	green = color.RGBA{0x07, 0x80, 0x3f, 0xff}
	red   = color.RGBA{0xb3, 0x26, 0x1e, 0xff}
	white = color.RGBA{0xff, 0xff, 0xff, 0xff}
	pale  = color.RGBA{0xd5, 0xee, 0xe0, 0xff}
)

// PNG draws a sheet.
func (p *Painter) PNG(s Sheet) ([]byte, error) {
	p.mu.Lock() // faces are not safe for two at once
	defer p.mu.Unlock()
	rows := (len(s.Facts) + 2) / 3
	c := &canvas{p: p, img: image.NewRGBA(image.Rect(0, 0, width, header+rows*factH+len(s.Bars)*barH+footH))}
	c.fill(c.img.Bounds(), white)
	c.fill(image.Rect(0, 0, width, header), green)
	c.text(margin, 78, 44, s.Title, white, width-2*margin)
	c.text(margin, 132, 27, s.Sub, pale, width-2*margin)
	cell := (width - 2*margin) / 3
	for i, f := range s.Facts {
		x, y := margin+i%3*cell, header+i/3*factH
		tint := ink
		if f.Alarm {
			tint = red
		}
		c.text(x, y+74, 50, f.Number, tint, cell-16)
		c.text(x, y+112, 24, f.Label, soft, cell-12)
	}
	y := header + rows*factH
	for _, b := range s.Bars {
		c.bar(y, b)
		y += barH
	}
	c.fill(image.Rect(margin, y+14, width-margin, y+16), line)
	c.text(margin, y+60, 24, s.Foot, soft, width-2*margin)
	if c.err != nil {
		return nil, c.err
	}
	var out bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	err := enc.Encode(&out, c.img)
	return out.Bytes(), err
}

// canvas is a picture in the making; the first fault stays.
type canvas struct {
	p   *Painter
	img *image.RGBA
	err error
}

func (c *canvas) fill(r image.Rectangle, tint color.Color) {
	draw.Draw(c.img, r, image.NewUniform(tint), image.Point{}, draw.Src)
}

// bar shows a part of a whole, with both numbers.
func (c *canvas) bar(y int, b Bar) {
	c.text(margin, y+40, 28, b.Label, ink, 300)
	number := fmt.Sprintf("%d / %d 户", b.Done, b.All)
	c.text(width-margin-c.wide(28, number), y+40, 28, number, ink, 400)
	full := width - 2*margin
	c.fill(image.Rect(margin, y+56, margin+full, y+76), line)
	if b.All > 0 {
		c.fill(image.Rect(margin, y+56, margin+full*min(b.Done, b.All)/b.All, y+76), green)
	}
}

func (c *canvas) wide(size int, s string) int {
	face, err := c.p.face(size)
	if err != nil {
		c.err = err
		return 0
	}
	return font.MeasureString(face, s).Ceil()
}

// text writes a line on its base, cut where it would not fit.
func (c *canvas) text(x, y, size int, s string, tint color.Color, room int) {
	face, err := c.p.face(size)
	if err != nil {
		c.err = err
		return
	}
	r := []rune(s)
	for len(r) > 1 && font.MeasureString(face, string(r)).Ceil() > room {
		r = append(r[:len(r)-2], '…')
	}
	d := font.Drawer{Dst: c.img, Src: image.NewUniform(tint), Face: face, Dot: fixed.P(x, y)}
	d.DrawString(string(r))
}
