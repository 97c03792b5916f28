package album

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // the kinds of picture that WeChat hands on
	"image/jpeg"
	_ "image/png"

	"golang.org/x/image/draw"
)

var (
	// ErrNotImage says that the bytes are no picture that can be read.
	ErrNotImage = errors.New("album: not an image")
	// ErrTooLarge says that a picture has too many bytes or pixels.
	ErrTooLarge = errors.New("album: image too large")
)

const (
	maxBytes  = 10 << 20
	maxPixels = 40_000_000
	maxScans  = 100 // of a progressive JPEG: real ones have about ten
	longSide  = 2048
	thumbSide = 320
	blurSide  = 16
	quality   = 85
)

// Picture is a photo made fit to keep: upright, at most 2048 pixels long,
// without any metadata.
type Picture struct {
	Data          []byte // JPEG, always encoded anew, so nothing of the original's metadata survives
	Thumb         []byte // JPEG of at most 320 pixels, blurred beyond recognition
	Width, Height int    // of Data
	Kind          string // of what came in: "jpeg", "png" or "gif"
	Type          string // of Data and Thumb: "image/jpeg"
	SHA256        string // of what came in, in hex
	DHash         uint64 // perceptual: alike pictures differ in few bits
	Look          Look   // what it seems to show beside a visit
	TakenAt       string // the camera's own local time, "2006-01-02 15:04:05", or empty
}

// darkroom holds the pictures being worked on: each may need 4 bytes a pixel
// and more, so two at a time.
var darkroom = make(chan struct{}, 2)

// Develop checks what came in and makes a Picture of it. It never panics,
// whatever the bytes; its errors are ErrNotImage and ErrTooLarge.
func Develop(data []byte) (pic Picture, err error) {
	if len(data) > maxBytes {
		return Picture{}, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(data))
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return Picture{}, ErrNotImage
	}
	// Sixteen bits a channel take twice the memory.
	pixels := int64(config.Width) * int64(config.Height)
	if config.ColorModel == color.NRGBA64Model || config.ColorModel == color.RGBA64Model {
		pixels *= 2
	}
	if pixels > maxPixels {
		return Picture{}, fmt.Errorf("%w: %d × %d pixels", ErrTooLarge, config.Width, config.Height)
	}
	// A small file can ask for a walk over all pixels some 100,000 times.
	if kind == "jpeg" && bytes.Count(data, []byte{0xFF, 0xDA}) > maxScans {
		return Picture{}, fmt.Errorf("%w: too many scans", ErrNotImage)
	}

	darkroom <- struct{}{}
	defer func() {
		<-darkroom
		if p := recover(); p != nil {
			pic, err = Picture{}, fmt.Errorf("%w: %v", ErrNotImage, p)
		}
	}()
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return Picture{}, ErrNotImage
	}
	orientation, takenAt := exif(data)
	photo := turn(fit(img, longSide, draw.ApproxBiLinear), orientation)
	small := fit(photo, thumbSide, draw.BiLinear)
	sum := sha256.Sum256(data)
	pic = Picture{
		Width: photo.Bounds().Dx(), Height: photo.Bounds().Dy(),
		Kind: kind, Type: "image/jpeg",
		SHA256: hex.EncodeToString(sum[:]), DHash: dHash(small), Look: Sight(photo), TakenAt: takenAt,
	}
	if pic.Data, err = encode(photo); err != nil {
		return Picture{}, err
	}
	if pic.Thumb, err = encode(blur(small)); err != nil {
		return Picture{}, err
	}
	return pic, nil
}

// fit draws img on white, made smaller to at most side pixels.
func fit(img image.Image, side int, scaler draw.Scaler) *image.RGBA {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(dst, dst.Bounds(), image.White, image.Point{}, draw.Src)
	if w == b.Dx() && h == b.Dy() {
		draw.Draw(dst, dst.Bounds(), img, b.Min, draw.Over)
	} else {
		scaler.Scale(dst, dst.Bounds(), img, b, draw.Over, nil)
	}
	return dst
}

// turn applies an EXIF orientation (1 to 8).
func turn(src *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		dst = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			var p image.Point
			switch orientation {
			case 2:
				p = image.Pt(w-1-x, y)
			case 3:
				p = image.Pt(w-1-x, h-1-y)
			case 4:
				p = image.Pt(x, h-1-y)
			case 5:
				p = image.Pt(y, x)
			case 6:
				p = image.Pt(h-1-y, x)
			case 7:
				p = image.Pt(h-1-y, w-1-x)
			case 8:
				p = image.Pt(y, w-1-x)
			}
			dst.SetRGBA(p.X, p.Y, src.RGBAAt(x, y))
		}
	}
	return dst
}

// blur throws the details away: what is left is a picture of 16 pixels, drawn
// large again with soft edges.
func blur(img *image.RGBA) *image.RGBA {
	tiny := fit(img, blurSide, draw.BiLinear)
	dst := image.NewRGBA(img.Bounds())
	draw.BiLinear.Scale(dst, dst.Bounds(), tiny, tiny.Bounds(), draw.Src, nil)
	return dst
}

// dHash has a bit for each of 8 × 8 neighbours: is the right one brighter?
func dHash(img image.Image) uint64 {
	gray := image.NewGray(image.Rect(0, 0, 9, 8))
	draw.BiLinear.Scale(gray, gray.Bounds(), img, img.Bounds(), draw.Src, nil)
	var hash uint64
	for y := range 8 {
		for x := range 8 {
			hash <<= 1
			if gray.GrayAt(x, y).Y < gray.GrayAt(x+1, y).Y {
				hash |= 1
			}
		}
	}
	return hash
}

func encode(img image.Image) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("album: encode: %w", err)
	}
	return out.Bytes(), nil
}
