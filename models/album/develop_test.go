package album_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"math/bits"
	"sync"
	"testing"

	"aixin/models/album"
)

func TestDevelopTakesMetadataOut(t *testing.T) {
	plain := scene(640, 480)
	jpg := asJPEG(plain)
	planted := splice(jpg, 2, // after the start-of-image marker
		segment(0xE0, "JFIF\x00SECRET-app0"),
		segment(0xE1, "Exif\x00\x00"+exifBlock(binary.LittleEndian, 1, "2026:11:20 15:04:05")+"SECRET-exif-gps"),
		segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00SECRET-xmp"),
		segment(0xE2, "ICC_PROFILE\x00\x01\x01SECRET-icc"),
		segment(0xED, "Photoshop 3.0\x008BIMSECRET-iptc"),
		segment(0xFE, "SECRET-comment"))
	planted = append(planted, "SECRET-trailer"...)

	pngPlanted := splice(asPNG(plain), 33, // after the header chunk
		chunk("tEXt", "Comment\x00SECRET-text"),
		chunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00SECRET-itxt"),
		chunk("eXIf", "SECRET-exif"))

	for kind, data := range map[string][]byte{"jpeg": planted, "png": pngPlanted} {
		t.Run(kind, func(t *testing.T) {
			pic := develop(t, data)
			sum := sha256.Sum256(data)
			if pic.Kind != kind || pic.Type != "image/jpeg" || pic.SHA256 != hex.EncodeToString(sum[:]) {
				t.Errorf("got kind %s, type %s, sum %s", pic.Kind, pic.Type, pic.SHA256)
			}
			for name, out := range map[string][]byte{"Data": pic.Data, "Thumb": pic.Thumb} {
				if bytes.Contains(out, []byte("SECRET")) {
					t.Errorf("%s still holds planted metadata", name)
				}
				for _, marker := range markers(t, out) {
					if marker >= 0xE0 && marker <= 0xEF || marker == 0xFE {
						t.Errorf("%s has a segment %#x", name, marker)
					}
				}
			}
			got := decode(t, pic.Data)
			if pic.Width != 640 || pic.Height != 480 || got.Bounds().Dx() != 640 || got.Bounds().Dy() != 480 {
				t.Errorf("size %d × %d, want 640 × 480", pic.Width, pic.Height)
			}
			wantColour(t, got, 5, 5, red)
			wantColour(t, got, 634, 474, blue)
		})
	}
	if got := develop(t, planted).TakenAt; got != "2026-11-20 15:04:05" {
		t.Errorf("TakenAt = %q", got)
	}
}

// The stored picture has red at its top left and green at its top right; where
// each must come to stand follows from the EXIF standard.
func TestDevelopTurnsUpright(t *testing.T) {
	type corners struct{ topLeft, topRight, bottomLeft, bottomRight color.RGBA }
	want := []corners{
		{red, green, white, blue}, // 1
		{green, red, blue, white},
		{blue, white, green, red},
		{white, blue, red, green},
		{red, white, green, blue},
		{white, red, blue, green},
		{blue, green, white, red},
		{green, blue, red, white}, // 8
	}
	for i, w := range want {
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			data := splice(asJPEG(scene(400, 200)), 2, segment(0xE1, "Exif\x00\x00"+exifBlock(order, uint16(i+1), "")))
			pic := develop(t, data)
			width, height := 400, 200
			if i >= 4 {
				width, height = height, width
			}
			if pic.Width != width || pic.Height != height {
				t.Errorf("orientation %d: %d × %d", i+1, pic.Width, pic.Height)
				continue
			}
			got := decode(t, pic.Data)
			wantColour(t, got, 5, 5, w.topLeft)
			wantColour(t, got, width-6, 5, w.topRight)
			wantColour(t, got, 5, height-6, w.bottomLeft)
			wantColour(t, got, width-6, height-6, w.bottomRight)
		}
	}
}

func TestDevelopSizes(t *testing.T) {
	for _, c := range []struct{ w, h, wantW, wantH int }{
		{1, 1, 1, 1}, {2048, 10, 2048, 10}, {3000, 1500, 2048, 1024}, {100, 4096, 50, 2048}, {30000, 2, 2048, 1},
	} {
		pic := develop(t, asPNG(image.NewGray(image.Rect(0, 0, c.w, c.h))))
		if pic.Width != c.wantW || pic.Height != c.wantH {
			t.Errorf("%d × %d became %d × %d, want %d × %d", c.w, c.h, pic.Width, pic.Height, c.wantW, c.wantH)
		}
		if thumb := decode(t, pic.Thumb).Bounds(); max(thumb.Dx(), thumb.Dy()) > 320 {
			t.Errorf("thumb of %d × %d", thumb.Dx(), thumb.Dy())
		}
	}
}

// Eyes and letters are fine stripes; in the thumb stripes have become one grey.
func TestDevelopBlursTheThumb(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 640, 640))
	for i := range img.Pix {
		if i%640/10%2 == 0 {
			img.Pix[i] = 255
		}
	}
	thumb := decode(t, develop(t, asPNG(img)).Thumb)
	for x := 20; x < 300; x++ {
		if g := color.GrayModel.Convert(thumb.At(x, 160)).(color.Gray).Y; g < 90 || g > 165 {
			t.Fatalf("a stripe shows at %d: %d", x, g)
		}
	}
}

func TestDevelopGIFAndTransparency(t *testing.T) {
	img := image.NewPaletted(image.Rect(0, 0, 60, 40), color.Palette{color.Transparent, red})
	for y := range 40 {
		for x := range 30 {
			img.SetColorIndex(x, y, 1)
		}
	}
	var buf bytes.Buffer
	if err := gif.Encode(&buf, img, nil); err != nil {
		t.Fatal(err)
	}
	pic := develop(t, buf.Bytes())
	if pic.Kind != "gif" {
		t.Errorf("kind %s", pic.Kind)
	}
	got := decode(t, pic.Data)
	wantColour(t, got, 5, 20, red)
	wantColour(t, got, 55, 20, white)
}

func TestDHash(t *testing.T) {
	base := develop(t, asPNG(scene(800, 600))).DHash
	for name, data := range map[string][]byte{
		"smaller":   asPNG(scene(400, 300)),
		"poorer":    poorJPEG(scene(800, 600)),
		"commented": splice(asJPEG(scene(800, 600)), 2, segment(0xFE, "x")),
	} {
		if d := bits.OnesCount64(base ^ develop(t, data).DHash); d > 6 {
			t.Errorf("%s: distance %d, want ≤ 6", name, d)
		}
	}
	mirrored := splice(asJPEG(scene(800, 600)), 2, segment(0xE1, "Exif\x00\x00"+exifBlock(binary.BigEndian, 2, "")))
	if d := bits.OnesCount64(base ^ develop(t, mirrored).DHash); d <= 6 {
		t.Errorf("another picture: distance %d, want > 6", d)
	}
}

func TestDevelopRefuses(t *testing.T) {
	good := asJPEG(scene(64, 64))
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"nothing":         {nil, album.ErrNotImage},
		"an error body":   {[]byte(`{"errcode":40007,"errmsg":"invalid media_id"}`), album.ErrNotImage},
		"a page":          {[]byte("<html></html>"), album.ErrNotImage},
		"a name alone":    {[]byte{0xFF, 0xD8, 0xFF}, album.ErrNotImage},
		"half a picture":  {good[:len(good)/2], album.ErrNotImage},
		"a scan too many": {append(bytes.Clone(good), bytes.Repeat([]byte{0xFF, 0xDA}, 200)...), album.ErrNotImage},
		"11 MiB":          {make([]byte, 10<<20+1), album.ErrTooLarge},
		"50 MP":           {pngHeader(10000, 5000, 8), album.ErrTooLarge},
		"30 MP deep":      {pngHeader(6000, 5000, 16), album.ErrTooLarge},
		"2 Gpx":           {pngHeader(1<<30, 2, 8), album.ErrTooLarge},
	} {
		pic, err := album.Develop(c.data)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if pic.Data != nil {
			t.Errorf("%s: a picture beside the error", name)
		}
	}
}

func TestDevelopInParallel(t *testing.T) {
	data := asJPEG(scene(300, 300))
	want := develop(t, data)
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			if pic, err := album.Develop(data); err != nil || !bytes.Equal(pic.Data, want.Data) {
				t.Errorf("differs, %v", err)
			}
		})
	}
	wg.Wait()
}

func FuzzDevelop(f *testing.F) {
	img := scene(32, 24)
	jpg := asJPEG(img)
	f.Add(jpg)
	f.Add(asPNG(img))
	f.Add(splice(jpg, 2, segment(0xE1, "Exif\x00\x00"+exifBlock(binary.LittleEndian, 6, "2026:11:20 15:04:05"))))
	f.Add(splice(jpg, 2, segment(0xE1, "Exif\x00\x00II*\x00\xff\xff\xff\xff")))
	f.Add(splice(jpg, 2, segment(0xE1, "Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08")))
	f.Add(splice(jpg, 2, []byte{0xFF, 0xFF, 0xFF, 0xE1, 0, 0}))
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
	f.Add(pngHeader(6000, 5000, 8))
	f.Fuzz(func(t *testing.T, data []byte) {
		pic, err := album.Develop(data)
		if err != nil {
			if !errors.Is(err, album.ErrNotImage) && !errors.Is(err, album.ErrTooLarge) {
				t.Fatalf("untyped error: %v", err)
			}
			return
		}
		if b := decode(t, pic.Data).Bounds(); b.Dx() != pic.Width || b.Dy() != pic.Height || max(b.Dx(), b.Dy()) > 2048 {
			t.Fatalf("%v, said %d × %d", b, pic.Width, pic.Height)
		}
		if pic.TakenAt != "" && len(pic.TakenAt) != len("2006-01-02 15:04:05") {
			t.Fatalf("taken at %q", pic.TakenAt)
		}
	})
}

func BenchmarkDevelop12MP(b *testing.B) {
	data := asJPEG(scene(4000, 3000))
	for b.Loop() {
		if _, err := album.Develop(data); err != nil {
			b.Fatal(err)
		}
	}
}
