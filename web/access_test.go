package web

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// visitors are who may stand before a page.
var visitors = []string{"nobody", "own county", "other county", "own unit", "other unit", "duty", "own phone", "other phone", "strange phone"}

func (w *world) cookieOf(who string) string {
	switch who {
	case "own county":
		return w.signIn("kongtong1")
	case "other county":
		return w.signIn("jingchuan1")
	case "own unit":
		return w.signIn("kongtong2")
	case "other unit":
		return w.signIn("jingchuan2")
	case "duty":
		return w.signIn("kongtong3")
	case "own phone":
		return w.arrive(w.here.openid)
	case "other phone":
		return w.arrive(w.there.openid)
	case "strange phone":
		return w.arrive("oStranger0000000000000000000")
	}
	return "x=y"
}

// probe is one address of a route and who gets a page or a file from it (200);
// everybody else is sent away. All addresses are those of "here".
type probe struct {
	path string
	form url.Values
	in   []string
}

var (
	offices = []string{"own county", "other county", "own unit", "other unit"}
	phones  = []string{"own phone", "other phone", "strange phone"}
)

func (w *world) probes() map[string][]probe {
	here := w.here
	list := []probe{
		{path: "", in: offices},
		{path: "?from=&to=", in: offices},
		{path: "?from=&to=&region=" + here.region, in: offices},
		{path: "?from=&to=&region=%25", in: offices},
		{path: "?from=&to=&unit=" + here.unit, in: offices},
		{path: "?from=&to=&cadre=" + here.cadre, in: offices},
		{path: "?from=&to=&person=" + here.people[0], in: offices},
		{path: "?from=&to=&older=2027-01-01.z", in: offices},
		{path: "?from=&to=&newer=2020-01-01.0", in: offices},
	}
	at := func(base string) (all []probe) {
		for _, p := range list {
			all = append(all, probe{path: base + p.path, in: p.in})
		}
		return all
	}
	return map[string][]probe{
		"GET /admin/static/{file}": {
			{path: "/admin/static/" + w.site.static.named["console.css"], in: visitors},
			{path: "/admin/static/console.css"},
			{path: "/admin/static/..%2fdoc.go"},
		},
		"GET /admin/{$}":             {{path: "/admin/"}},
		"GET /admin/signin":          {{path: "/admin/signin", in: append([]string{"nobody"}, phones...)}, {path: "/admin/signin?to=//evil.example/", in: append([]string{"nobody"}, phones...)}},
		"POST /admin/signin":         {{path: "/admin/signin", form: url.Values{"login": {"kongtong1"}, "password": {"wrong wrong wrong"}}}},
		"GET /admin/password":        {{path: "/admin/password", in: append([]string{"duty"}, offices...)}},
		"POST /admin/password":       {{path: "/admin/password", form: url.Values{"old": {"wrong wrong"}, "new": {"山高水长路远"}, "again": {"山高水长路远"}}}},
		"GET /admin/factor":          {{path: "/admin/factor"}},
		"POST /admin/factor":         {{path: "/admin/factor", form: url.Values{"code": {"123456"}}}},
		"GET /admin/factor/enrol":    {{path: "/admin/factor/enrol", in: append([]string{"duty"}, offices...)}},
		"POST /admin/factor/enrol":   {{path: "/admin/factor/enrol", form: url.Values{"code": {"123456"}}}},
		"GET /admin/factor/qr.png":   {{path: "/admin/factor/qr.png", in: append([]string{"duty"}, offices...)}},
		"GET /admin/activities":      at("/admin/activities"),
		"GET /admin/activities.xlsx": at("/admin/activities.xlsx"),
		"GET /admin/photo/{id}": {
			{path: "/admin/photo/" + here.photo, in: []string{"own county", "own unit"}},
			{path: "/admin/photo/" + w.there.photo, in: []string{"other county", "other unit"}},
			{path: "/admin/photo/x"},
			{path: "/admin/photo/" + here.photo + ".thumb"},
			{path: "/admin/photo/%25"},
		},
		"/admin/":              {{path: "/admin/nowhere"}, {path: "/admin/activities/x"}, {path: "/admin/photo/"}},
		"GET /h/static/{file}": {{path: "/h/static/" + w.site.static.named["phone.css"], in: visitors}, {path: "/h/static/%2e%2e"}},
		"GET /h/enter":         {{path: "/h/enter"}, {path: "/h/enter?code=code-" + here.openid + "&state=x"}},
		"GET /h/summary": {
			{path: "/h/summary", in: phones},
			{path: "/h/summary?cadre=" + here.cadre, in: phones},
			{path: "/h/summary?openid=" + here.openid + "&year=2025", in: phones},
		},
		"GET /h/office":                {{path: "/h/office", in: phones}},
		"GET /h/office/picture":        {{path: "/h/office/picture"}},
		"GET /h/visit/{id}":            {{path: "/h/visit/" + w.confirmation(here)}, {path: "/h/visit/x"}},
		"POST /h/visit/{id}":           {{path: "/h/visit/x", form: url.Values{"said": {"no"}}}},
		"GET /h/question/{id}":         {{path: "/h/question/" + w.question(here), in: []string{"own phone"}}, {path: "/h/question/" + w.question(w.there), in: []string{"other phone"}}, {path: "/h/question/x"}},
		"POST /h/question/{id}":        {{path: "/h/question/" + w.question(here), form: url.Values{"words": {""}}}},
		"GET /h/question/{id}/sound":   {{path: "/h/question/" + w.question(here) + "/sound"}, {path: "/h/question/x/sound"}},
		"GET /h/question/{id}/answer":  {{path: "/h/question/" + w.question(here) + "/answer"}, {path: "/h/question/x/answer"}},
		"GET /h/question/{id}/picture": {{path: "/h/question/" + w.question(here) + "/picture"}, {path: "/h/question/x/picture"}},
		"/h/":                          {{path: "/h/nowhere"}, {path: "/h/summary/" + here.cadre}},
		"POST /admin/signout":          {{path: "/admin/signout", form: url.Values{}}}, // last: it ends what the others need
	}
}

// mayRead tells which county's words somebody may read at the console.
func (w *world) mayRead(who string) *county {
	switch who {
	case "own county", "own unit", "own phone":
		return &w.here
	case "other county", "other unit", "other phone":
		return &w.there
	}
	return nil
}

func TestEveryRouteShowsOnlyWhatIsOnesOwn(t *testing.T) {
	eachWorld(t, func(w *world) {
		t := w.t
		probes := w.probes()
		var patterns []string
		for _, r := range w.site.routes() {
			patterns = append(patterns, r.pattern)
			if len(probes[r.pattern]) == 0 && r.object == "" { // the others: permission_test.go
				t.Errorf("no row for the route %q: say who may see it", r.pattern)
			}
		}
		for p := range probes {
			if !slices.Contains(patterns, p) {
				t.Errorf("%q is no route", p)
			}
		}
		// Ending sessions comes last.
		slices.SortFunc(patterns, func(a, b string) int {
			last := func(p string) int { return strings.Count(p, "signout") }
			return last(a) - last(b)
		})
		asked := 0
		for _, pattern := range patterns {
			method, _, _ := strings.Cut(pattern, " ")
			if strings.HasPrefix(method, "/") {
				method = "GET"
			}
			for _, p := range probes[pattern] {
				for _, who := range visitors {
					a := w.ask(method, p.path, p.form, w.cookieOf(who))
					asked++
					if got, want := a.StatusCode == http.StatusOK, slices.Contains(p.in, who); got != want {
						t.Errorf("%s %s for %s: %d, in: %v", method, p.path, who, a.StatusCode, want)
					}
					if a.StatusCode >= 500 {
						t.Errorf("%s %s for %s: %d\n%s", method, p.path, who, a.StatusCode, a.body)
					}
					w.leaks(fmt.Sprintf("%s %s for %s", method, p.path, who), who, a)
				}
			}
			if err := w.client.Del(ctx, w.site.tries.key("address", "127.0.0.1"), w.site.tries.key("login", "kongtong1")).Err(); err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("%d requests over %d routes", asked, len(patterns))
		// The test sees something: the own county's words do come.
		if a := w.ask("GET", "/admin/activities", nil, w.again("kongtong1")); !strings.Contains(a.body, "谷**") || !strings.Contains(a.body, w.here.words[0]) {
			t.Errorf("the own list is empty:\n%s", a.body)
		}
	})
}

func (w *world) again(login string) string {
	delete(w.cookie, login)
	return w.signIn(login)
}

// leaks looks through an answer for what its reader may not know.
func (w *world) leaks(what, who string, a answer) {
	text := a.body + fmt.Sprint(a.Header)
	if strings.HasPrefix(a.body, "PK") {
		text += w.cells(a.body)
	}
	phone := strings.HasSuffix(who, "phone")
	may := w.mayRead(who)
	for _, c := range []*county{&w.here, &w.there} {
		for _, name := range c.names {
			if strings.Contains(text, name) && (!phone || may == nil || may.region != c.region) {
				w.t.Errorf("%s shows the name %s", what, name)
			}
		}
		for _, word := range c.words {
			if strings.Contains(text, word) && (may == nil || may.region != c.region) {
				w.t.Errorf("%s shows %s", what, word)
			}
		}
	}
	for _, s := range []string{"米面油", "199000", w.here.openid, w.there.openid, "v1:", "$argon2id"} {
		if strings.Contains(a.body, s) {
			w.t.Errorf("%s shows %s", what, s)
		}
	}
}

// cells is the text of a workbook.
func (w *world) cells(body string) string {
	w.t.Helper()
	book, err := excelize.OpenReader(strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	defer book.Close()
	text := ""
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			w.t.Fatal(err)
		}
		text += fmt.Sprint(rows)
	}
	return text
}

// aPicture is a photo of stripes.
func aPicture() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			img.Set(x, y, color.RGBA{uint8(150 + x/8), uint8(120 + y/4), 90, 255})
		}
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		panic(err)
	}
	return buf.Bytes()
}
