package album_test

import "image/color"

func (s *sheet) person(x, y, size int) {
	skin := color.RGBA{uint8(190 + s.r.IntN(40)), uint8(145 + s.r.IntN(30)), uint8(115 + s.r.IntN(30)), 255}
	coat := color.RGBA{uint8(s.r.IntN(200)), uint8(s.r.IntN(160)), uint8(s.r.IntN(180)), 255}
	s.box(x-size, y+size, 2*size, 3*size, coat)
	for k := range 8 {
		s.box(x-size+k*size/4, y+size, 2, 3*size, color.RGBA{coat.R / 2, coat.G / 2, coat.B / 2, 255})
	}
	s.blob(x, y, size*7/10, skin)
	s.blob(x, y-size/2, size*6/10, color.RGBA{40, 36, 34, 255})
	s.blob(x-size/4, y, size/12+1, inkBlack)
	s.blob(x+size/4, y, size/12+1, inkBlack)
}

func (s *sheet) rough(x0, y0, w, h int, c color.RGBA, spread int) {
	for y := y0; y < y0+h; y += 3 {
		for x := x0; x < x0+w; x += 3 {
			k := s.r.IntN(2*spread) - spread
			s.box(x, y, 3, 3, color.RGBA{clamp(int(c.R) + k), clamp(int(c.G) + k), clamp(int(c.B) + k), 255})
		}
	}
}

func clamp(v int) uint8 { return uint8(max(0, min(255, v))) }

func (s *sheet) room() {
	s.box(0, 0, 1280, 640, color.RGBA{clamp(170 + s.r.IntN(70)), clamp(165 + s.r.IntN(60)), clamp(150 + s.r.IntN(60)), 255})
	s.box(0, 640, 1280, 320, color.RGBA{120, 100, 80, 255})
	s.box(780, 90, 320, 300, color.RGBA{235, 242, 250, 255})
	s.frame(780, 90, 320, 300, color.RGBA{90, 70, 50, 255})
	s.box(938, 90, 8, 300, color.RGBA{90, 70, 50, 255})
}

// visits are what a visit looks like, some with print in them.
var visits = map[string]func(s *sheet){
	"people in a room": func(s *sheet) {
		s.room()
		for i := range 2 + s.r.IntN(3) {
			s.person(240+i*260, 330+s.r.IntN(60), 80)
		}
	},
	"couplets": func(s *sheet) {
		s.rough(0, 0, 1280, 960, color.RGBA{150, 110, 85, 255}, 22)
		s.box(420, 200, 440, 760, color.RGBA{110, 70, 50, 255})
		for _, x := range []int{330, 880} {
			s.box(x, 180, 80, 700, inkRed)
			for y := 250; y < 880; y += 95 {
				s.write(x+8, y, 66, inkGold, s.words(1))
			}
		}
		s.box(440, 100, 400, 80, inkRed)
		s.write(490, 165, 66, inkGold, s.words(4))
		s.person(640, 420, 90)
	},
	"gift bags": func(s *sheet) {
		s.room()
		for i := range 4 {
			x := 120 + i*270
			s.box(x, 520, 220, 330, color.RGBA{clamp(230 - i*20), clamp(230 - i*10), 220, 255})
			s.write(x+30, 640, 70, inkRed, s.words(2))
			s.write(x+40, 720, 26, inkBlue, s.words(4)+"10kg")
		}
		s.person(300, 260, 70)
		s.person(820, 250, 70)
	},
	"certificate in hand": func(s *sheet) {
		s.room()
		s.person(430, 300, 100)
		s.box(350, 480, 170, 120, color.RGBA{246, 244, 236, 255})
		for y := 500; y < 600; y += 18 {
			s.write(360, y, 11, inkBlack, s.words(13))
		}
		s.person(840, 310, 95)
	},
	"calendar": func(s *sheet) {
		s.room()
		s.box(160, 90, 240, 330, color.RGBA{250, 248, 240, 255})
		s.box(160, 90, 240, 130, inkRed)
		for y := 250; y < 410; y += 26 {
			s.write(172, y, 15, inkBlack, s.digits(2)+"   "+s.digits(2)+"   "+s.digits(2)+"   "+s.digits(2)+"   "+s.digits(2))
		}
		s.person(760, 330, 110)
	},
	"notice board": func(s *sheet) { // the rules on the wall, with people before them
		s.room()
		s.box(60, 60, 620, 380, color.RGBA{235, 240, 248, 255})
		s.write(200, 120, 40, inkRed, s.words(8))
		for y := 170; y < 430; y += 32 {
			s.write(90, y, 20, inkBlack, s.words(26))
		}
		for i := range 4 {
			s.person(180+i*290, 420, 95)
		}
	},
	"field": func(s *sheet) {
		for y := range 420 {
			s.box(0, y, 1280, 1, color.RGBA{clamp(120 + y/5), clamp(160 + y/6), 235, 255})
		}
		s.rough(0, 420, 1280, 540, color.RGBA{90, 120, 50, 255}, 45)
		s.person(600, 480, 70)
	},
	"snow": func(s *sheet) {
		s.box(0, 0, 1280, 960, color.RGBA{236, 238, 242, 255})
		for range 60 {
			x, y := s.r.IntN(1280), 300+s.r.IntN(600)
			s.box(x, y-s.r.IntN(120), 3+s.r.IntN(5), 120, color.RGBA{70, 60, 55, 255})
		}
		s.person(500, 500, 60)
	},
	"brick wall": func(s *sheet) {
		s.box(0, 0, 1280, 960, color.RGBA{205, 198, 190, 255})
		for y := 0; y < 960; y += 34 {
			for x := -((y / 34) % 2) * 40; x < 1280; x += 80 {
				s.box(x+3, y+3, 74, 28, color.RGBA{clamp(150 + s.r.IntN(40)), clamp(80 + s.r.IntN(25)), 65, 255})
			}
		}
		s.person(640, 420, 110)
	},
	"corn": func(s *sheet) {
		s.box(0, 0, 1280, 960, color.RGBA{120, 90, 40, 255})
		for range 2600 {
			s.blob(s.r.IntN(1280), 160+s.r.IntN(800), 9, color.RGBA{clamp(215 + s.r.IntN(40)), clamp(160 + s.r.IntN(50)), clamp(40 + s.r.IntN(40)), 255})
		}
	},
	"sheep": func(s *sheet) {
		s.rough(0, 0, 1280, 960, color.RGBA{125, 115, 70, 255}, 35)
		for range 14 {
			x, y := 100+s.r.IntN(1080), 300+s.r.IntN(560)
			for range 26 {
				s.blob(x+s.r.IntN(120)-60, y+s.r.IntN(70)-35, 22, color.RGBA{clamp(215 + s.r.IntN(30)), clamp(210 + s.r.IntN(30)), clamp(195 + s.r.IntN(30)), 255})
			}
			s.blob(x+70, y-10, 16, color.RGBA{50, 45, 40, 255})
		}
	},
	"quilt": func(s *sheet) {
		for y := 0; y < 960; y += 40 {
			for x := 0; x < 1280; x += 40 {
				c := color.RGBA{235, 230, 225, 255}
				if (x/40+y/40)%2 == 0 {
					c = color.RGBA{clamp(170 + s.r.IntN(30)), 60, 80, 255}
				}
				s.box(x, y, 40, 40, c)
			}
		}
		s.person(620, 380, 120)
	},
	"blinds": func(s *sheet) {
		for y := 0; y < 960; y += 22 {
			s.box(0, y, 1280, 12, color.RGBA{240, 240, 236, 255})
			s.box(0, y+12, 1280, 10, color.RGBA{150, 150, 150, 255})
		}
		s.person(700, 430, 120)
	},
	"yard": func(s *sheet) {
		s.box(0, 0, 1280, 300, color.RGBA{190, 210, 240, 255})
		for x := 0; x < 1280; x += 24 {
			s.box(x, 300, 12, 130, color.RGBA{110, 70, 60, 255})
			s.box(x+12, 300, 12, 130, color.RGBA{140, 95, 80, 255})
		}
		s.rough(0, 430, 1280, 530, color.RGBA{150, 130, 100, 255}, 18)
		for i := range 3 {
			s.person(300+i*300, 450, 75)
		}
	},
	"shelf": func(s *sheet) { // goods in a shop, each with a little print
		s.box(0, 0, 1280, 960, color.RGBA{90, 80, 75, 255})
		for y := 30; y < 930; y += 180 {
			for x := 20; x < 1240; x += 95 {
				s.box(x, y, 85, 150, color.RGBA{clamp(60 + s.r.IntN(190)), clamp(60 + s.r.IntN(190)), clamp(60 + s.r.IntN(190)), 255})
				s.write(x+6, y+80, 34, color.White, s.words(2))
			}
		}
	},
}
