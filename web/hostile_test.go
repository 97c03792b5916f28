package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"aixin/models/store/storetest"
)

// fieldNames are the fields of the console's forms.
var fieldNames = strings.Fields(`name login reason words needs goals side line owner due done measure body region unit place department why note state came
	outcome donor goods purpose amount day use to on q id give do sent number from cycle share grace spacing kind recipient cadre title said text how password proof
	answer source effective review signed question category variants hotline why weeks who over group quiet_cadres quiet_families until`)

// A script in every field of every form shows as text on every page, and breaks
// none of them; so does what a spreadsheet would take for a formula.
func TestHostileWordsAreText(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	me, samples := w.signIn("kongtong1"), w.samples()
	const script, quote = `<script>alert(1)</script>`, `"><img src=x onerror=alert(2)>`
	posted := 0
	for _, words := range []string{script, quote, `=HYPERLINK("http://evil.example","x")`, "../../etc/passwd\x00", strings.Repeat("长", 4000)} {
		form := url.Values{}
		for _, name := range fieldNames {
			form.Set(name, words)
		}
		form.Set("reason", words+"核对")
		form.Set("proof", password)
		for _, rt := range w.site.routes() {
			method, path, _ := strings.Cut(rt.pattern, " ")
			if method != http.MethodPost || rt.object == "" || strings.Contains(path, "sittings") {
				continue
			}
			if i := strings.Index(path, "{"); i >= 0 {
				path = path[:i] + samples[rt.pattern] + path[strings.Index(path, "}")+1:]
			}
			a := w.post(path, form, me)
			posted++
			if a.StatusCode >= 500 || strings.Contains(a.body, script) || strings.Contains(a.body, quote) {
				t.Errorf("%s with %.20q: %d\n%.400s", rt.pattern, words, a.StatusCode, a.body)
			}
		}
	}
	for _, rt := range w.site.routes() {
		path, get := strings.CutPrefix(rt.pattern, "GET ")
		if !get || rt.object == "" {
			continue
		}
		path = strings.TrimSuffix(path, "{$}")
		if i := strings.Index(path, "{"); i >= 0 {
			path = path[:i] + samples[rt.pattern] + path[strings.Index(path, "}")+1:]
		}
		for _, query := range []string{"", "?" + url.Values{"q": {script}, "from": {script}, "state": {quote}, "region": {quote}, "after": {script}, "kind": {quote}, "period": {script}}.Encode()} {
			a := w.ask("GET", path+query, nil, me)
			if a.StatusCode >= 500 || strings.Contains(a.body, script) || strings.Contains(a.body, quote) {
				t.Errorf("GET %s: %d\n%.400s", path+query, a.StatusCode, a.body)
			}
		}
	}
	if posted < 100 {
		t.Errorf("only %d forms", posted)
	}
}
