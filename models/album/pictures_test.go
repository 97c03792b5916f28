package album_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"aixin/models/album"
)

var (
	red   = color.RGBA{220, 30, 30, 255}
	green = color.RGBA{30, 200, 30, 255}
	blue  = color.RGBA{30, 30, 220, 255}
	white = color.RGBA{255, 255, 255, 255}
)

// scene has red, green, white and blue quarters, row by row from the top left.
func scene(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := red
			switch {
			case x >= w/2 && y >= h/2:
				c = blue
			case y >= h/2:
				c = white
			case x >= w/2:
				c = green
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func asJPEG(img image.Image) []byte   { return encodeJPEG(img, 95) }
func poorJPEG(img image.Image) []byte { return encodeJPEG(img, 30) }

func encodeJPEG(img image.Image, quality int) []byte {
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality}); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

func asPNG(img image.Image) []byte {
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

func splice(data []byte, at int, parts ...[]byte) []byte {
	out := bytes.Clone(data[:at])
	out = append(out, bytes.Join(parts, nil)...)
	return append(out, data[at:]...)
}

func segment(marker byte, body string) []byte {
	out := binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(body)+2))
	return append(out, body...)
}

func chunk(kind, body string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(out, kind+body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE([]byte(kind+body)))
}

// pngHeader is a PNG that promises a size and has no pixels.
func pngHeader(w, h uint32, depth byte) []byte {
	body := binary.BigEndian.AppendUint32(nil, w)
	body = binary.BigEndian.AppendUint32(body, h)
	body = append(body, depth, 6, 0, 0, 0)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", string(body))...)
}

// exifBlock is a TIFF header, IFD0 with the orientation and a way to the EXIF
// directory, which has the time.
func exifBlock(order binary.ByteOrder, orientation uint16, taken string) string {
	var b bytes.Buffer
	write := func(v any) { binary.Write(&b, order, v) }
	if order == binary.LittleEndian {
		b.WriteString("II")
	} else {
		b.WriteString("MM")
	}
	write(uint16(42))
	write(uint32(8))
	write(uint16(2)) // entries, then their 24 bytes and the next offset: ends at 38
	write(uint16(0x0112))
	write(uint16(3))
	write(uint32(1))
	write(orientation)
	write(uint16(0))
	write(uint16(0x8769))
	write(uint16(4))
	write(uint32(1))
	write(uint32(38))
	write(uint32(0))
	write(uint16(1))
	write(uint16(0x9003))
	write(uint16(2))
	write(uint32(len(taken) + 1))
	write(uint32(56))
	write(uint32(0))
	b.WriteString(taken + "\x00")
	return b.String()
}

// markers lists the segments of a JPEG up to its scan.
func markers(t *testing.T, data []byte) (list []byte) {
	t.Helper()
	for i := 2; i+4 <= len(data) && data[i] == 0xFF; {
		list = append(list, data[i+1])
		if data[i+1] == 0xDA {
			return list
		}
		i += 2 + int(binary.BigEndian.Uint16(data[i+2:]))
	}
	t.Fatalf("no scan after %x", list)
	return nil
}

func develop(t *testing.T, data []byte) album.Picture {
	t.Helper()
	pic, err := album.Develop(data)
	if err != nil {
		t.Fatal(err)
	}
	return pic
}

func decode(t *testing.T, data []byte) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func wantColour(t *testing.T, img image.Image, x, y int, want color.RGBA) {
	t.Helper()
	r, g, b, _ := img.At(x, y).RGBA()
	for _, pair := range [][2]int{{int(r >> 8), int(want.R)}, {int(g >> 8), int(want.G)}, {int(b >> 8), int(want.B)}} {
		if d := pair[0] - pair[1]; d > 25 || d < -25 {
			t.Errorf("at %d,%d: %s, want about %v", x, y, colourName(r, g, b), want)
			return
		}
	}
}

func colourName(r, g, b uint32) string {
	return hex.EncodeToString([]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8)})
}
