package album_test

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"aixin/models/album"
)

func TestSight(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	const each = 3
	found, all := 0, 0
	for name, paper := range papers {
		n := 0
		for i := range each {
			w, h := 1280, 960
			if i%3 == 0 {
				w, h = 960, 1280
			}
			ground := []string{"wood", "dark cloth", "flowers"}[i%3]
			s := newSheet(t, r, w, h, color.White)
			grounds[ground](s)
			lay(s, paper(s).img, 0.35+0.5*r.Float64(), r.Float64()*16-8)
			if look := album.Sight(shot(s)); look == album.LookPaper {
				n++
			} else {
				keepPicture(t, fmt.Sprintf("missed-%s-%d", name, i), s.img)
			}
		}
		t.Logf("paper  %-22s %d of %d", name, n, each)
		found, all = found+n, all+each
	}
	if found < all*80/100 {
		t.Errorf("papers: %d of %d", found, all)
	}
	seen, shown := 0, 0
	for name, screen := range screens {
		n := 0
		for range each {
			if look := album.Sight(screen(newSheet(t, r, 8, 8, color.White))); look != album.LookNone {
				n++
			}
		}
		t.Logf("screen %-22s %d of %d", name, n, each)
		seen, shown = seen+n, shown+each
	}
	if seen < shown*90/100 {
		t.Errorf("screens: %d of %d", seen, shown)
	}
	wrong, visited := 0, 0
	for name, visit := range visits {
		n := 0
		for i := range each {
			s := newSheet(t, r, 1280, 960, color.White)
			visit(s)
			if look := album.Sight(shot(s)); look != album.LookNone {
				n++
				keepPicture(t, fmt.Sprintf("wrong-%s-%d", name, i), s.img)
			}
		}
		t.Logf("visit  %-22s %d of %d taken for something else", name, n, each)
		wrong, visited = wrong+n, visited+each
	}
	t.Logf("papers %d of %d, screens %d of %d, visits taken wrong %d of %d", found, all, seen, shown, wrong, visited)
	if wrong > 0 {
		t.Errorf("%d of %d pictures of visits were taken for papers or screens", wrong, visited)
	}
}

// Small and odd pictures are no papers, and break nothing.
func TestSightOfLittle(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {63, 400}, {64, 64}, {4000, 70}} {
		img := image.NewRGBA(image.Rect(0, 0, size[0], size[1]))
		if look := album.Sight(img); look != album.LookNone {
			t.Errorf("%v: %q", size, look)
		}
	}
}

func BenchmarkSight(b *testing.B) {
	img := image.NewRGBA(image.Rect(0, 0, 1280, 960))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = uint8(r.IntN(256))
	}
	for b.Loop() {
		album.Sight(img)
	}
}
