package web

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"aixin/models"
	"aixin/models/store/storetest"
	"aixin/web/webtest"
	"aixin/web/xlsx"
)

// picturer draws every code but the first as a green square.
type picturer struct{ file []byte }

func (p picturer) QRPicture(_ context.Context, scene string, _ time.Duration) ([]byte, error) {
	if !strings.HasPrefix(scene, "bind_") || len(scene) != len("bind_")+8 {
		return nil, context.Canceled
	}
	return p.file, nil
}

// unbind ends the binding of the cadre here.
func (w *world) unbind() {
	w.t.Helper()
	st := w.db.System("test")
	b, err := st.BindingOf(ctx, models.RoleCadre, w.here.cadre)
	if err == nil {
		_, err = st.Unbind(ctx, b.OpenIDIdx)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// Codes are made for who has none, told once, and counted by unit; another unit's
// are not to be had.
func TestInvitationsAreMadeByUnit(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.site.Codes = picturer{[]byte("png")}
		w.unbind()
		here := w.signIn("kongtong1")
		w.want(w.ask("GET", invitationsPath, nil, here), 200, "绑定码", "合计", "有码没绑")
		page := w.ask("GET", invitationsPath+"?role=cadre&unit="+w.here.unit, nil, here)
		w.want(page, 200, "没有码", "打印带二维码的卡片", "发给谁")
		staff, err := w.db.System("test").CadresByID(ctx, []string{w.here.cadre})
		if err != nil || len(staff) != 1 {
			w.t.Fatal(staff, err)
		}
		name := staff[0].Name.Reveal()
		if strings.Contains(page.body, name) {
			w.t.Error("a name stands in full on the page")
		}
		typed := url.Values{"role": {"cadre"}, "unit": {w.here.unit}, "who": {"lacking"}, "as": {"print"}}
		printed := w.ask("POST", invitationsPath, typed, here)
		w.want(printed, 200, name, "data:image/png;base64,cG5n", "现在就打印")
		code := regexp.MustCompile(`class="code">([0-9A-Z]{8})<`).FindStringSubmatch(printed.body)
		if code == nil {
			w.t.Fatal(printed.body)
		}
		if i, err := w.db.System("test").Invitation(ctx, code[1]); err != nil || i.SubjectID != w.here.cadre || i.Role != models.RoleCadre {
			w.t.Errorf("%+v %v", i, err)
		}
		w.want(w.ask("POST", invitationsPath, typed, here), 422, "没有要发码的人")
		w.want(w.ask("GET", invitationsPath+"?role=cadre&unit="+w.here.unit, nil, here), 200, "有码,到")
		typed.Set("who", w.here.cadre)
		typed.Set("as", "sheet")
		if a := w.ask("POST", invitationsPath, typed, here); a.StatusCode != 200 || !strings.Contains(a.Header.Get("Content-Type"), "spreadsheet") {
			w.t.Errorf("%d %s", a.StatusCode, a.Header)
		}
		typed.Set("unit", w.there.unit)
		if a := w.ask("POST", invitationsPath, typed, here); a.StatusCode != 404 {
			w.t.Errorf("codes of another county: %d", a.StatusCode)
		}
		w.want(w.ask("GET", invitationsPath+"?role=guardian", nil, here), 200, "家长和机构")
	})
}

func TestInvitationsInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	var square bytes.Buffer
	if err := png.Encode(&square, image.NewGray(image.Rect(0, 0, 120, 120))); err != nil {
		t.Fatal(err)
	}
	w.site.Codes = picturer{square.Bytes()}
	w.unbind()
	b := webtest.Open(t)
	b.Do(chromedp.Navigate(w.url+invitationsPath), chromedp.SendKeys(webtest.ID("login"), "kongtong1"), chromedp.SendKeys(webtest.ID("password"), password+"\r"))
	b.Sees("还没发码")
	both(b, "invitations")
	b.Do(chromedp.Navigate(w.url + invitationsPath + "?role=cadre&unit=" + w.here.unit))
	b.Sees("发给谁")
	both(b, "invitations-unit")
	b.Eval(`document.querySelectorAll("form[target],button[formtarget]").forEach(e => { e.removeAttribute("target"); e.removeAttribute("formtarget") })`)
	b.Click("print")
	b.Sees("现在就打印")
	both(b, "slips-screen")
	for _, e := range b.Errors() {
		t.Errorf("the browser complained: %s", e)
	}
}

// On A4 a card is never cut in two, and each unit begins a sheet of its own.
func TestSlipsOnPaper(t *testing.T) {
	var square bytes.Buffer
	if err := png.Encode(&square, image.NewGray(image.Rect(0, 0, 120, 120))); err != nil {
		t.Fatal(err)
	}
	var rows []xlsx.InvitationRow
	var pictures [][]byte
	for i := range 20 {
		rows = append(rows, xlsx.InvitationRow{Role: "监护人", Name: "赛买提·阿卜杜拉", Unit: "峡门乡人民政府", PhoneEnd: "1234", Recipient: "欧阳明月", Code: models.NewCode()})
		pictures = append(pictures, square.Bytes())
		if i >= 14 {
			rows[i].Unit, rows[i].Role, rows[i].Recipient = "平凉市第二人民医院", "干部", ""
		}
	}
	pictures[3] = nil
	var out bytes.Buffer
	if err := WriteSlips(&out, rows, pictures, time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC), false, "现在就打印"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "slips.html")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	b := webtest.Open(t)
	b.Goto("file://" + path)
	if sheets := b.Paper("slips"); sheets != 3 {
		t.Errorf("14 cards of one unit and 6 of another take %d sheets, want 2 and 1", sheets)
	}
}
