package web

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"aixin/models"
	"aixin/models/album"
	"aixin/models/store/storetest"
	"aixin/web/webtest"
)

var update = flag.Bool("update", false, "rewrite golden files")

// Every phone page in each of its states, at 360 pixels: looked at by the checks of
// webtest, kept as a picture, and read aloud as a screen reader does, which is held
// against a file. A phone page of the routes that is not among them fails the test.
func TestEveryPhonePageReadAloud(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	orders := &noted{}
	w.site.Orders = orders
	w.site.MP3 = func(_ context.Context, amr []byte) ([]byte, error) { return amr, nil }
	st := w.db.System("test")
	const family, stranger, county = "oGuardianH", "oStranger0000000000000000000", "oCounty00000000000000000000"
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(st.Bind(ctx, family, models.RoleGuardian, "c"+w.here.people[0][1:]))
	w.bindAdmin("kongtong1", county)
	open, cadre := w.question(w.here), w.here.openid
	visit := w.confirmation(w.here)
	pictured := models.Question{
		State: models.QuestionOpen, Role: models.RoleGuardian, AskerID: "c" + w.here.people[0][1:], OpenID: models.Conceal(family),
		RecipientID: w.here.people[0], CadreID: w.here.cadre, Words: models.Conceal("院墙裂了这么宽"), PhotoID: w.picture(w.here),
	}
	must(st.AddQuestion(ctx, &pictured))
	talked := models.Question{
		State: models.QuestionOpen, Role: models.RoleGuardian, AskerID: "c" + w.here.people[0][1:], OpenID: models.Conceal(family), RecipientID: w.here.people[0], CadreID: w.here.cadre,
		Words: models.Conceal("给我打个电话"),
	}
	must(st.AddQuestion(ctx, &talked))
	must(st.SettleQuestion(ctx, talked, models.QuestionClosed, "电话说过了"))

	who, been := "", map[string]bool{}
	var told strings.Builder
	b := webtest.Open(t)
	look := func(name, as, path, sees string) {
		t.Helper()
		if as != who {
			w.carry(b, w.arrive(as)) // another's phone
			who = as
		}
		if path != "" {
			b.Do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile), chromedp.Navigate(w.url+path))
		}
		b.Sees(sees)
		b.Looks("phone-" + name + "-360")
		fmt.Fprintf(&told, "== %s\n%s\n", name, b.Reads())
		_, pattern := w.site.routed(path)
		been[pattern] = true
	}
	look("summary", cadre, "/h/summary", "谷军平")
	look("summary-before", cadre, "/h/summary?year=2025", "2025年进度")
	look("summary-family", family, "/h/summary", "给结对干部看的")
	look("summary-nobody", stranger, "/h/summary", "还没绑定")
	look("office", county, "/h/office", "崆峒区要看的")
	look("office-nobody", stranger, "/h/office", "给管理员看的")
	look("question", cadre, "/h/question/"+open, "水管子谁给修")
	look("question-empty", cadre, "/h/question/"+open+"?empty=1", "还没写话")
	look("question-voice", cadre, "/h/question/"+w.recording(w.here, "#!AMR\n"), "点开就能听")
	look("question-picture", cadre, "/h/question/"+pictured.ID, "院墙裂了")
	look("question-waits", family, "/h/question/"+open, "那里还没回话")
	look("question-talked", family, "/h/question/"+talked.ID, "电话说过了")
	look("question-told", family, "/h/question/"+w.spoken(w.here, "#!AMR\n"), "捎来的话")
	look("question-others", stranger, "/h/question/"+open, "没有这一页")
	look("question-answer", cadre, "/h/question/"+open, "水管子谁给修")
	b.Do(chromedp.SendKeys("#words", "村上管,下周修"), chromedp.Click(webtest.ID("send")))
	look("question-answered", cadre, "", "欧阳干部的回话")
	look("question-over", cadre, "/h/question/"+pictured.ID, "院墙裂了")
	b.Do(chromedp.Click(webtest.ID("spoken")))
	b.At("done=1")
	if want := w.here.cadre + " spoke of " + pictured.ID; len(orders.told) != 1 || orders.told[0] != want {
		t.Errorf("the button told %q, not %q", orders.told, want)
	}
	look("visit", family, "/h/visit/"+visit, "来过您家吗")
	look("visit-missing", family, "/h/visit/"+visit+"?missing=1", "还没选")
	b.Do(chromedp.Click(webtest.ID("said-no")), chromedp.SendKeys("#words", "那天都不在家"), chromedp.Click(webtest.ID("send")))
	look("visit-said", family, "", "谁也不会知道是您说的")
	look("visit-again", family, "/h/visit/"+visit, "谁也不会知道是您说的")
	w.cookie["nobody"] = PhoneCookie(false) + "=none"
	look("again", "nobody", "/h/enter?code=code-x&state=x", "再试一次")
	look("nowhere", family, "/h/nothing", "没有这一页")

	for _, rt := range w.site.routes() {
		at, get := strings.CutPrefix(rt.pattern, "GET ")
		if !get || rt.session != phone || been[rt.pattern] {
			continue
		}
		switch last := at[strings.LastIndex(at, "/")+1:]; last {
		case "picture", "sound", "answer": // of a page above
		default:
			t.Errorf("%s was not looked at", rt.pattern)
		}
	}
	const file = "testdata/phone.golden"
	if *update {
		must(os.WriteFile(file, []byte(told.String()), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	must(err)
	if string(want) != told.String() {
		t.Errorf("the pages read otherwise (-update writes it):\n%s", told.String())
	}
}

// routed finds the route of an address.
func (s *site) routed(path string) (http.Handler, string) {
	mux := http.NewServeMux()
	for _, rt := range s.routes() {
		mux.HandleFunc(rt.pattern, func(http.ResponseWriter, *http.Request) {})
	}
	r, err := http.NewRequest("GET", "http://x"+path, nil)
	if err != nil {
		panic(err)
	}
	return mux.Handler(r)
}

// picture is one that was stored, of nothing yet.
func (w *world) picture(c county) string {
	w.t.Helper()
	st := w.db.System("test")
	pic, err := album.Develop(aPicture())
	if err != nil {
		w.t.Fatal(err)
	}
	p := models.Photo{RecordID: st.NewID(), CadreID: c.cadre, Kind: "image"}
	if err := st.AddPhoto(ctx, &p); err != nil {
		w.t.Fatal(err)
	}
	p.State, p.BlobKey, p.Mime, p.StoredAt = models.PhotoStored, "photo/"+p.ID, pic.Type, st.Now()
	box, err := st.Keys().Seal("photo."+p.ID, pic.Data)
	if err == nil {
		err = w.album.Put(ctx, p.BlobKey, box)
	}
	if err == nil {
		err = st.SavePhoto(ctx, p)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return p.ID
}
