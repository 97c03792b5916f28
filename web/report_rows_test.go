package web

import (
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var reportLink = regexp.MustCompile(`href="((?:/admin/(?:activities|people[?]|pairings|today|reports/view)[^"]*)|#[a-z]+)"`)

// The numbers of a report open their rows: of the period, the one before, the year,
// each place and unit, and what must balance; every address is a page.
func TestReportNumbersOpenTheirRows(t *testing.T) {
	eachWorld(t, func(w *world) {
		t := w.t
		w.year()
		w.clock.Set(time.Date(2026, 12, 17, 2, 0, 0, 0, time.UTC))
		w.account("shi1", "city", county{region: "6208"}, "江城")
		me := w.signIn("shi1")
		const path = "/admin/reports/view?kind=monthly&period=2026-11"
		w.drawn(path, me)
		body := w.ask("GET", path, nil, me).body
		body = body[strings.Index(body, "六项指标"):]
		seen := map[string]bool{}
		for _, m := range reportLink.FindAllStringSubmatch(body, -1) {
			to := html.UnescapeString(m[1])
			if seen[to] {
				continue
			}
			seen[to] = true
			if id, here := strings.CutPrefix(to, "#"); here {
				if !strings.Contains(body, `id="`+id+`"`) {
					t.Errorf("%s is nowhere on the page", to)
				}
			} else if a := w.ask("GET", to, nil, me); a.StatusCode != 200 {
				t.Errorf("%s: %d", to, a.StatusCode)
			}
		}
		// What later months brought: as many rows as the report says.
		added := regexp.MustCompile(`href="([^"]*kind=visit[^"]*known=[^"]*)">(\d+)<`).FindStringSubmatch(body)
		if added == nil {
			t.Fatal("补以前月份 opens nothing")
		}
		if list := w.ask("GET", html.UnescapeString(added[1]), nil, me).body; !strings.Contains(list, "\u5171 <b>"+added[2]+"</b>") {
			t.Errorf("补以前月份 is %s, its list\n%s", added[2], list)
		}
		for _, want := range []string{"from=2026-11-01&kind=visit", "from=2026-10-01&kind=visit", "from=2026-01-01&kind=visit", "from=2026-11-01&kind=aid&region=620822", "kind=contact&region=620822", "people?region=620822", "people?region=6208", "pairings/waiting", "#shorts", "&unit=", "&known=", "today/came?from=2026-11-01", "today/movedout?from="} {
			found := false
			for to := range seen {
				found = found || strings.Contains(to, want)
			}
			if !found {
				t.Errorf("nothing opens %s: %v", want, slices.Sorted(maps.Keys(seen)))
			}
		}
	})
}
