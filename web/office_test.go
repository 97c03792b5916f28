package web

import (
	"bytes"
	"image/png"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"aixin/handlers/picture"
	"aixin/models"
	"aixin/models/store/storetest"
)

// testPainter draws with the font that the machine has (fonts-wqy-microhei).
func testPainter(t *testing.T) *picture.Painter {
	t.Helper()
	for _, place := range picture.FontPlaces {
		raw, err := os.ReadFile(place)
		if err != nil {
			continue
		}
		p, err := picture.NewPainter(raw)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	t.Fatalf("no font at %v", picture.FontPlaces)
	return nil
}

// bindAdmin gives an account's holder a phone.
func (w *world) bindAdmin(login, openid string) {
	w.t.Helper()
	st := w.db.System("test")
	a, err := st.AccountByLogin(ctx, login)
	if err == nil {
		err = st.Bind(ctx, openid, models.RoleAdmin, a.ID)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestOfficePage(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.bindAdmin("kongtong1", "oCounty00000000000000000000")
		w.bindAdmin("kongtong2", "oUnit0000000000000000000000")
		w.bindAdmin("kongtong3", "oDuty0000000000000000000000")
		county := w.ask("GET", "/h/office", nil, w.arrive("oCounty00000000000000000000"))
		w.want(county, 200, "崆峒区要看的", "今年还差(2户)", "谷军平", "欧阳建国", "/h/office/picture")
		unit := w.ask("GET", "/h/office", nil, w.arrive("oUnit0000000000000000000000"))
		w.want(unit, 200, "崆峒区财政局要看的", "马海龙")
		for _, a := range []answer{county, unit} {
			if strings.Contains(a.body, "司马长安") || strings.Contains(a.body, "慕容秋菊") {
				t.Error("the page shows another county's people")
			}
		}
		// Neither a cadre nor who is on duty sees an office's list.
		for _, openid := range []string{w.here.openid, "oDuty0000000000000000000000", "oStranger0000000000000000000"} {
			a := w.ask("GET", "/h/office", nil, w.arrive(openid))
			if w.want(a, 200, "给管理员看的"); strings.Contains(a.body, "谷军平") {
				t.Error("somebody else sees the list")
			}
			w.want(w.ask("GET", "/h/office/picture", nil, w.arrive(openid)), 404)
		}
		drawn := w.ask("GET", "/h/office/picture", nil, w.arrive("oCounty00000000000000000000"))
		if _, err := png.Decode(bytes.NewReader([]byte(drawn.body))); err != nil || drawn.StatusCode != 200 {
			t.Errorf("no picture: %d %v", drawn.StatusCode, err)
		}
	})
}

func TestOfficePageOnAPhone(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.bindAdmin("kongtong1", "oCounty00000000000000000000")
	who := "oCounty00000000000000000000"
	b := w.browser(&who)
	b.Do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile), chromedp.Navigate(w.url+"/h/office"))
	b.Sees("今年还差(2户)")
	b.Looks("office-360")
	for _, e := range b.Errors() {
		t.Errorf("the browser complained: %s", e)
	}
}
