package picture_test

import (
	"bytes"
	"image/png"
	"os"
	"testing"

	"golang.org/x/image/font/gofont/goregular"

	"aixin/handlers/picture"
)

var sheet = picture.Sheet{
	Title: "崆峒区 10月小结", Sub: "结对帮扶·爱心甘肃 截至11月2日 9:00",
	Facts: []picture.Fact{{Number: "4305", Label: "户在结对"}, {Number: "3120", Label: "户10月见到记录"}, {Number: "23", Label: "户90天没见到记录", Alarm: true}, {Number: "7", Label: "人待匹配", Alarm: true}, {Number: "0", Label: "件诉求超时"}, {Number: "86%", Label: "单位绑定率"}},
	Bars:  []picture.Bar{{Label: "联系 全年4次", Done: 2977, All: 4305}, {Label: "走访 全年2次", Done: 3977, All: 4305}, {Label: "实事 全年1件", Done: 1200, All: 4305}},
	Foot:  "没见到记录不等于没去;没绑定微信的单位可能去了没记。",
}

func TestPNG(t *testing.T) {
	var file []byte
	for _, place := range picture.FontPlaces {
		if b, err := os.ReadFile(place); err == nil {
			file = b
			break
		}
	}
	if file == nil {
		t.Fatalf("no font at %v: apt-get install fonts-wqy-microhei", picture.FontPlaces)
	}
	p, err := picture.NewPainter(file)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := p.PNG(sheet)
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("AIXIN_TEST_SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(dir+"/summary-picture.png", raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil || img.Bounds().Dx() != 750 || len(raw) > 1<<20 {
		t.Fatalf("%v, %d bytes: %v", img.Bounds(), len(raw), err)
	}
	// The bar of 走访 is green up to its share and no further.
	at := func(x int) bool { r, g, _, _ := img.At(x, 170+2*132+96+66).RGBA(); return g > 2*r }
	if share := 44 + 662*3977/4305; !at(share-5) || at(share+5) {
		t.Error("the bar does not end where its number does")
	}
	again, err := p.PNG(sheet)
	if err != nil || !bytes.Equal(raw, again) {
		t.Errorf("the same sheet gives another picture: %v", err)
	}
}

func TestAFontWithoutChineseIsRefused(t *testing.T) {
	if _, err := picture.NewPainter(goregular.TTF); err == nil {
		t.Error("a Latin font was taken")
	}
	if _, err := picture.NewPainter([]byte("<html>")); err == nil {
		t.Error("a page was taken for a font")
	}
}
