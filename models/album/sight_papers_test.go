package album_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"sync"
	"testing"

	"github.com/golang/freetype/truetype"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
)

// The pictures of this test are drawn: papers and screens of several kinds as a
// telephone would take them, and homes, fields and people as a visit shows them.

const fontFile = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"

var typeface = sync.OnceValues(func() (*truetype.Font, error) {
	raw, err := os.ReadFile(fontFile)
	if err != nil {
		return nil, err
	}
	return truetype.Parse(raw)
})

type sheet struct {
	t   *testing.T
	r   *rand.Rand
	img *image.RGBA
}

func newSheet(t *testing.T, r *rand.Rand, w, h int, ground color.Color) *sheet {
	s := &sheet{t, r, image.NewRGBA(image.Rect(0, 0, w, h))}
	draw.Draw(s.img, s.img.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	return s
}

func (s *sheet) box(x, y, w, h int, c color.Color) {
	draw.Draw(s.img, image.Rect(x, y, x+w, y+h), image.NewUniform(c), image.Point{}, draw.Src)
}

func (s *sheet) frame(x, y, w, h int, c color.Color) {
	for _, b := range [][4]int{{x, y, w, 2}, {x, y + h, w, 2}, {x, y, 2, h}, {x + w, y, 2, h}} {
		s.box(b[0], b[1], b[2], b[3], c)
	}
}

func (s *sheet) write(x, y, size int, c color.Color, words string) {
	s.t.Helper()
	f, err := typeface()
	if err != nil {
		s.t.Fatalf("%v (scripts/need.sh installs the font)", err)
	}
	face := truetype.NewFace(f, &truetype.Options{Size: float64(size), DPI: 72})
	d := font.Drawer{Dst: s.img, Src: image.NewUniform(c), Face: face, Dot: fixed.P(x, y)}
	d.DrawString(words)
}

const someWords = "平凉市崆峒区峡门乡吴坡村民政残疾人证姓名性别出生住址身份证号码监护人联系电话发证机关有效期限签发日期户主与关系公民诊断记录医嘱费用合计金额余额支出存入备注审核人经办申请补助救助困难家庭"

func (s *sheet) words(n int) string {
	all := []rune(someWords)
	out := make([]rune, n)
	for i := range out {
		out[i] = all[s.r.IntN(len(all))]
	}
	return string(out)
}

func (s *sheet) digits(n int) string {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte('0' + s.r.IntN(10))
	}
	return string(out)
}

var (
	inkBlack = color.RGBA{35, 32, 38, 255}
	inkBlue  = color.RGBA{60, 110, 170, 255}
	inkRed   = color.RGBA{170, 30, 40, 255}
	inkGold  = color.RGBA{225, 185, 90, 255}
)

// papers are documents flat on a table, before the camera.
var papers = map[string]func(s *sheet) *sheet{
	"page": func(s *sheet) *sheet {
		p := newSheet(s.t, s.r, 720, 980, color.RGBA{244, 243, 238, 255})
		p.write(200, 80, 36, inkBlack, p.words(9))
		for y := 140; y < 930; y += 32 {
			p.write(60, y, 21, inkBlack, p.words(18+s.r.IntN(10)))
		}
		return p
	},
	"record": func(s *sheet) *sheet { // of a hospital: a form with gaps
		p := newSheet(s.t, s.r, 760, 960, color.RGBA{240, 240, 240, 255})
		p.write(230, 70, 32, inkBlack, p.words(8))
		for y := 120; y < 920; y += 40 {
			p.box(40, y+10, 680, 2, inkBlack)
			p.write(50, y, 20, inkBlack, p.words(4)+":")
			p.write(180, y, 22, inkBlue, p.words(5+s.r.IntN(16)))
		}
		return p
	},
	"household": func(s *sheet) *sheet { // the register's page: a table
		p := newSheet(s.t, s.r, 760, 540, color.RGBA{232, 236, 226, 255})
		p.write(270, 50, 28, inkBlack, "常住人口登记卡")
		for y := 80; y < 520; y += 40 {
			p.frame(30, y, 700, 40, inkBlack)
			for x := 30; x < 700; x += 175 {
				p.frame(x, y, 175, 40, inkBlack)
				p.write(x+8, y+28, 20, inkBlack, p.words(3+s.r.IntN(4)))
			}
		}
		return p
	},
	"id card": func(s *sheet) *sheet {
		p := newSheet(s.t, s.r, 860, 540, color.RGBA{214, 228, 238, 255})
		for i := range 5 {
			p.write(60, 90+i*62, 28, inkBlue, p.words(2))
			p.write(170, 90+i*62, 32, inkBlack, p.words(4+s.r.IntN(7)))
		}
		p.write(60, 470, 28, inkBlue, "公民身份号码")
		p.write(300, 472, 38, inkBlack, p.digits(18))
		p.box(610, 90, 190, 250, color.RGBA{228, 210, 196, 255})
		p.box(660, 120, 90, 100, color.RGBA{60, 50, 48, 255})
		p.box(640, 240, 130, 100, color.RGBA{70, 80, 110, 255})
		return p
	},
	"disability": func(s *sheet) *sheet { // an open booklet
		p := newSheet(s.t, s.r, 900, 600, color.RGBA{236, 230, 214, 255})
		p.box(448, 0, 4, 600, color.RGBA{170, 165, 150, 255})
		for i := range 11 {
			p.write(40, 70+i*46, 24, inkBlack, p.words(3)+":"+p.words(3+s.r.IntN(8)))
			p.write(490, 70+i*46, 24, inkBlack, p.words(3)+":"+p.words(3+s.r.IntN(8)))
		}
		return p
	},
	"passbook": func(s *sheet) *sheet {
		p := newSheet(s.t, s.r, 860, 560, color.RGBA{226, 238, 226, 255})
		for y := 40; y < 540; y += 30 {
			p.write(30, y, 20, inkBlack, p.digits(8)+"  "+p.words(3)+"   "+p.digits(5)+".00    "+p.digits(6)+".00   "+p.digits(4))
			p.box(30, y+6, 800, 1, inkBlue)
		}
		return p
	},
	"slip": func(s *sheet) *sheet { // a long receipt
		p := newSheet(s.t, s.r, 420, 900, color.RGBA{247, 246, 243, 255})
		for y := 50; y < 880; y += 30 {
			p.write(30, y, 21, inkBlack, p.words(6)+"  "+p.digits(2)+"  "+p.digits(3)+".00")
		}
		return p
	},
}

// grounds are what papers lie on, or what stands around people.
var grounds = map[string]func(s *sheet){
	"wood": func(s *sheet) {
		base := 90 + s.r.IntN(70)
		for y := range s.img.Rect.Dy() {
			k := base + int(14*math.Sin(float64(y)/19+3*math.Sin(float64(y)/71)))
			s.box(0, y, s.img.Rect.Dx(), 1, color.RGBA{uint8(k + 40), uint8(k), uint8(k * 6 / 10), 255})
		}
	},
	"dark cloth": func(s *sheet) { s.box(0, 0, 4000, 4000, color.RGBA{45, 52, 70, 255}) },
	"flowers": func(s *sheet) {
		s.box(0, 0, 4000, 4000, color.RGBA{190, 90, 100, 255})
		for range 90 {
			s.blob(s.r.IntN(s.img.Rect.Dx()), s.r.IntN(s.img.Rect.Dy()), 10+s.r.IntN(26), color.RGBA{uint8(150 + s.r.IntN(100)), uint8(60 + s.r.IntN(90)), uint8(80 + s.r.IntN(90)), 255})
		}
	},
}

func (s *sheet) blob(x, y, r int, c color.RGBA) {
	for dy := -r; dy <= r; dy++ {
		half := int(math.Sqrt(float64(r*r - dy*dy)))
		s.box(x-half, y+dy, 2*half+1, 1, c)
	}
}

// lay puts a paper on a ground, turned and as large as a share of the frame.
func lay(s *sheet, paper *image.RGBA, share, degrees float64) {
	b, p := s.img.Bounds(), paper.Bounds()
	scale := math.Sqrt(share * float64(b.Dx()*b.Dy()) / float64(p.Dx()*p.Dy()))
	scale = min(scale, 0.97*float64(b.Dx())/float64(p.Dx()), 0.97*float64(b.Dy())/float64(p.Dy()))
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	sin, cos = sin*scale, cos*scale
	cx, cy := float64(b.Dx())/2, float64(b.Dy())/2
	px, py := float64(p.Dx())/2, float64(p.Dy())/2
	m := f64.Aff3{cos, -sin, cx - cos*px + sin*py, sin, cos, cy - sin*px - cos*py}
	xdraw.ApproxBiLinear.Transform(s.img, m, paper, p, xdraw.Over, nil)
}

// shot is what a camera and WeChat make of it: uneven light, a soft lens, grain,
// JPEG.
func shot(s *sheet) *image.RGBA {
	b := s.img.Bounds()
	gx, gy := s.r.Float64()*0.4-0.2, s.r.Float64()*0.4-0.2
	var grain [4096]float64
	rough := 2 + s.r.Float64()*4
	for i := range grain {
		grain[i] = s.r.NormFloat64() * rough
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			i := s.img.PixOffset(x, y)
			light := 0.92 + gx*float64(x)/float64(b.Dx()) + gy*float64(y)/float64(b.Dy())
			n := grain[s.r.IntN(len(grain))]
			for c := range 3 {
				s.img.Pix[i+c] = uint8(max(0, min(255, float64(s.img.Pix[i+c])*light+n)))
			}
		}
	}
	soft := image.NewRGBA(image.Rect(0, 0, b.Dx()*2/3, b.Dy()*2/3))
	xdraw.ApproxBiLinear.Scale(soft, soft.Bounds(), s.img, b, xdraw.Src, nil)
	back := image.NewRGBA(b)
	xdraw.ApproxBiLinear.Scale(back, b, soft, soft.Bounds(), xdraw.Src, nil)
	return pressed(s.t, back, 78)
}

func pressed(t *testing.T, img image.Image, quality int) *image.RGBA {
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	got, err := jpeg.Decode(&buf)
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(got.Bounds())
	draw.Draw(out, out.Bounds(), got, image.Point{}, draw.Src)
	return out
}

// screens are pictures of screens.
var screens = map[string]func(s *sheet) *image.RGBA{
	"chat": func(s *sheet) *image.RGBA {
		p := newSheet(s.t, s.r, 720, 1560, color.RGBA{237, 237, 237, 255})
		p.write(270, 80, 34, inkBlack, p.words(5))
		for y := 150; y < 1450; {
			lines := 1 + s.r.IntN(3)
			mine := s.r.IntN(2)
			fill := color.RGBA{255, 255, 255, 255}
			if mine == 1 {
				fill = color.RGBA{149, 236, 105, 255}
			}
			p.box(110+mine*60, y, 440, lines*42+24, fill)
			p.box(24+mine*612, y, 60, 60, color.RGBA{uint8(s.r.IntN(200)), 120, 140, 255})
			for l := range lines {
				p.write(126+mine*60, y+44+l*42, 32, inkBlack, p.words(12))
			}
			y += lines*42 + 60
		}
		return pressed(s.t, p.img, 85)
	},
	"list": func(s *sheet) *image.RGBA {
		p := newSheet(s.t, s.r, 720, 1480, color.RGBA{255, 255, 255, 255})
		for y := 60; y < 1440; y += 92 {
			p.write(40, y+40, 30, inkBlack, p.words(6+s.r.IntN(8)))
			p.write(40, y+74, 22, color.RGBA{140, 140, 140, 255}, p.words(12)+p.digits(6))
			p.box(0, y+88, 720, 1, color.RGBA{225, 225, 225, 255})
		}
		return pressed(s.t, p.img, 85)
	},
	"bank": func(s *sheet) *image.RGBA {
		p := newSheet(s.t, s.r, 720, 1500, color.RGBA{245, 246, 250, 255})
		p.box(0, 0, 720, 300, color.RGBA{40, 90, 200, 255})
		p.write(40, 150, 30, color.White, "账户余额(元)")
		p.write(40, 230, 56, color.White, p.digits(5)+".00")
		for y := 340; y < 1460; y += 100 {
			p.box(20, y, 680, 90, color.White)
			p.write(40, y+40, 28, inkBlack, p.words(8))
			p.write(520, y+52, 30, inkRed, "-"+p.digits(3)+".00")
			p.write(40, y+76, 22, color.RGBA{150, 150, 150, 255}, p.digits(4)+"-"+p.digits(2)+"-"+p.digits(2))
		}
		return pressed(s.t, p.img, 85)
	},
	"dark": func(s *sheet) *image.RGBA {
		p := newSheet(s.t, s.r, 720, 1500, color.RGBA{18, 18, 20, 255})
		for y := 60; y < 1440; y += 60 {
			p.write(40, y+40, 30, color.RGBA{215, 215, 218, 255}, p.words(8+s.r.IntN(12)))
		}
		return pressed(s.t, p.img, 85)
	},
	"photographed": func(s *sheet) *image.RGBA { // a monitor's grid before the lens
		p := newSheet(s.t, s.r, 1280, 960, color.RGBA{232, 236, 240, 255})
		for y := 80; y < 900; y += 44 {
			p.write(80, y, 26, inkBlack, p.words(20+s.r.IntN(20)))
		}
		pitch := 4 + s.r.IntN(5)
		for y := range 960 {
			for x := range 1280 {
				k := 0.62 + 0.38*math.Abs(math.Sin(math.Pi*float64(x)/float64(pitch)))*math.Abs(math.Sin(math.Pi*float64(y)/float64(pitch)))
				i := p.img.PixOffset(x, y)
				for c := range 3 {
					p.img.Pix[i+c] = uint8(max(0, min(255, float64(p.img.Pix[i+c])*k+s.r.NormFloat64()*3)))
				}
			}
		}
		return pressed(s.t, p.img, 85)
	},
}

// keepPicture writes a picture for who looks into a failure.
func keepPicture(t *testing.T, name string, img image.Image) {
	dir := os.Getenv("AIXIN_TEST_SCREENSHOTS")
	if dir == "" {
		return
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, nil); err == nil {
		err = os.WriteFile(dir+"/sight-"+name+".jpg", buf.Bytes(), 0o644)
		if err != nil {
			t.Log(err)
		}
	}
}
