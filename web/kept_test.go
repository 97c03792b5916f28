package web

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"aixin/models/store/storetest"
)

// Every form that is refused comes back with what was typed, but for passwords,
// and says what is wrong.
func TestFormsKeepWhatWasTyped(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	city := w.here
	city.region = "6208"
	w.account("city1", "city", city, "江总揽")
	samples := w.samples()
	const typed = "写了半天<的>话"
	kept := map[string]bool{}
	for _, login := range []string{"kongtong1", "city1"} {
		me := w.signIn(login)
		for _, rt := range w.site.routes() {
			method, path, _ := strings.Cut(rt.pattern, " ")
			if method != http.MethodPost || rt.object == "" || path == "/admin/imports" { // a file is chosen again
				continue
			}
			if i := strings.Index(path, "{"); i >= 0 {
				path = path[:i] + samples[rt.pattern] + path[strings.Index(path, "}")+1:]
			}
			for _, kind := range []string{"", "swap", "recipient_in", "cadre_in"} {
				form := url.Values{}
				for _, name := range fieldNames {
					form.Set(name, typed)
				}
				form.Set("kind", kind)
				form.Set("open", "yes") // a household is in sight of who asks it
				form.Set("key", "visit")
				form.Set("list", "category")
				form.Set("group", "quiet")
				form.Set("do", "preview")
				form.Set("proof", "not it")
				a := w.post(path, form, me)
				if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, `<form method="post" action="`+path+`" class="`) {
					continue // taken, or not this seat's to fill in
				}
				kept[rt.pattern] = true
				if !strings.Contains(a.body, html.EscapeString(typed)) {
					t.Errorf("%s %s: what was typed is gone", rt.pattern, kind)
				}
				if !strings.Contains(a.body, `role="alert"`) || strings.Contains(a.body, "not it") {
					t.Errorf("%s %s: no word of what is wrong, or a password shown again", rt.pattern, kind)
				}
			}
		}
	}
	if len(kept) < 14 {
		t.Errorf("only %d forms were refused: %v", len(kept), kept)
	}
	t.Logf("%d forms", len(kept))
}
