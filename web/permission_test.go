package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"aixin/models"
)

// samples fill the {…} of a route with something of "here". A route that needs
// one and has none fails the test: add a line.
func (w *world) samples() map[string]string {
	change := w.changeOf(w.here, "nobody").ID
	desk, draft := w.deskOf(w.here), w.policyDraft()
	return map[string]string{
		"GET /admin/checks/{id}": desk.check, "POST /admin/checks/{id}": desk.check, "POST /admin/flags/{id}": desk.flag,
		"GET /admin/donations/{id}": desk.donation, "POST /admin/donations/{id}": desk.donation,
		"GET /admin/photo/{id}":  w.here.photo,
		"GET /admin/people/{id}": w.here.people[0], "POST /admin/people/{id}/reveal": w.here.people[0], "POST /admin/people/{id}/grant": w.here.people[0],
		"POST /admin/grants/{id}": w.grant(), "GET /admin/cadres/{id}": w.here.cadre, "POST /admin/cadres/{id}/reveal": w.here.cadre,
		"GET /admin/units/{id}":   w.here.unit,
		"GET /admin/imports/{id}": "01JD0000000000000000000000", "POST /admin/imports/{id}": "01JD0000000000000000000000",
		"GET /admin/imports/{id}/report.xlsx": "01JD0000000000000000000000", "POST /admin/imports/{id}/undo": "01JD0000000000000000000000",
		"GET /admin/plans/{id}": w.here.people[0], "POST /admin/plans/{id}": w.here.people[0],
		"POST /admin/plans/{id}/approve": w.planOf(w.here.people[0]), "POST /admin/plans/{id}/tick": w.here.people[0],
		"GET /admin/work/{id}":     "01JD0000000000000000000000",
		"GET /admin/disputes/{id}": w.disputed(w.here), "POST /admin/disputes/{id}": w.disputed(w.here),
		"GET /admin/needs/{id}": w.need(w.here), "POST /admin/needs/{id}": w.need(w.here), "GET /admin/cases/{id}": w.danger(w.here), "POST /admin/cases/{id}": w.danger(w.here),
		"GET /admin/questions/{id}/{medium}": w.question(w.here), "GET /admin/cases/{id}/{medium}": w.danger(w.here),
		"GET /admin/questions/{id}": w.question(w.here), "POST /admin/questions/{id}": w.question(w.here),
		"GET /admin/adjustments/{id}": change, "POST /admin/adjustments/{id}": change, "GET /admin/handovers/{id}": w.handoverOf(w.here),
		"GET /admin/notices/{id}": w.noticeHere(), "POST /admin/notices/{id}": w.noticeHere(),
		"GET /admin/policy/{id}": "orphan-definition", "POST /admin/policy/{id}": "orphan-definition", "GET /admin/policy/drafts/{id}": draft, "POST /admin/policy/drafts/{id}": draft,
		"POST /admin/settings/roster/{id}": w.shift(),
		"GET /admin/today/{list}":          listUnseen,
		"GET /admin/accounts/{id}":         w.liaison(), "POST /admin/accounts/{id}": w.liaison(), "POST /admin/orders/{id}": w.order(),
	}
}

// liaison is an account here, below the county's office.
func (w *world) liaison() string {
	w.t.Helper()
	a, err := w.db.System("test").AccountByLogin(ctx, "kongtong2")
	if err != nil {
		w.t.Fatal(err)
	}
	return a.ID
}

// order asks for a change of that account.
func (w *world) order() string {
	w.t.Helper()
	o := models.AccountOrder{AccountID: w.liaison(), Kind: models.OrderFactor, Role: models.AccountUnit, Region: w.here.region, Reason: models.Conceal("手机丢了")}
	if err := w.db.System("test").AskAccount(ctx, &o); err != nil {
		w.t.Fatal(err)
	}
	return o.ID
}

// shift puts the person on duty here on the roster.
func (w *world) shift() string {
	w.t.Helper()
	a, err := w.db.System("test").AccountByLogin(ctx, "kongtong3")
	if err != nil {
		w.t.Fatal(err)
	}
	d := models.DutyShift{AccountID: a.ID, Region: w.here.region, FromAt: models.InstantOf(w.clock.Now())}
	if err := w.db.System("test").AddShift(ctx, &d); err != nil {
		w.t.Fatal(err)
	}
	return d.ID
}

// planOf drafts a plan for somebody.
func (w *world) planOf(id string) string {
	w.t.Helper()
	p := models.CarePlan{RecipientID: id, Goals: models.Conceal("入冬前修好房")}
	err := w.db.System("test").SavePlan(ctx, &p, []models.PlanMeasure{{Side: models.SideMaterial, Line: models.LinePairing, Words: models.Conceal("修房顶")}})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// grant asks for sight of somebody here.
func (w *world) grant() string {
	w.t.Helper()
	a := w.account("grantor1", models.AccountCounty, w.here, "请批")
	st := w.db.As(a.Actor())
	p, err := st.Recipient(ctx, w.here.people[0])
	if err == nil {
		err = st.AskGrant(ctx, p, "核对资料")
	}
	if err != nil {
		w.t.Fatal(err)
	}
	g, err := st.GrantFor(ctx, p.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return g.ID
}

// everybodys are the routes whose sample is no row of a place.
var everybodys = []string{"GET /admin/today/{list}"}

// open are the routes whose sample is nowhere for anybody: work is its own
// account's.
var nowhere = []string{
	"GET /admin/imports/{id}", "POST /admin/imports/{id}", "GET /admin/imports/{id}/report.xlsx", "POST /admin/imports/{id}/undo",
	"GET /admin/work/{id}", "POST /admin/plans/{id}/tick",
	"GET /admin/questions/{id}/{medium}", "GET /admin/cases/{id}/{medium}",
}

// Every console route × every role, in the area and out of it: who has no cell
// in the table finds no page, nobody reaches what is of another area, and no
// answer shows a full name or another area's words.
func TestEveryRouteKeepsTheTable(t *testing.T) {
	eachWorld(t, func(w *world) {
		t := w.t
		type visitor struct {
			login string
			role  models.AccountRole
			here  bool
		}
		var visitors []visitor
		for _, role := range models.AccountRoles {
			for _, side := range []bool{true, false} {
				c, login := w.here, "here-"+string(role)
				if !side {
					c, login = w.there, "there-"+string(role)
				}
				if role == models.AccountCity && !side {
					continue // there is one city
				}
				c.region = map[bool]string{true: models.CityCode, false: c.region}[role == models.AccountCity]
				w.account(login, role, c, "江"+string(role))
				visitors = append(visitors, visitor{login, role, side})
			}
		}
		samples, known := w.samples(), map[models.Object]bool{}
		for _, p := range models.Permissions {
			known[p.Object] = true
		}
		asked := 0
		for _, rt := range w.site.routes() {
			if rt.object == "" {
				continue
			}
			if !known[rt.object] || rt.access == 0 {
				t.Errorf("%s: %q has no row in models/permission.go", rt.pattern, rt.object)
			}
			method, path, _ := strings.Cut(rt.pattern, " ")
			sample := samples[rt.pattern]
			path = strings.TrimSuffix(path, "{$}")
			if i := strings.Index(path, "{"); i >= 0 {
				if sample == "" {
					t.Errorf("%s: no sample; add one to samples in permission_test.go", rt.pattern)
				}
				path = path[:i] + sample + path[strings.Index(path, "}")+1:]
			}
			var form url.Values
			if method == "POST" {
				form = url.Values{}
			}
			if a := w.ask(method, path, form, "x=y"); a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/admin/signin") {
				t.Errorf("%s for nobody: %d", rt.pattern, a.StatusCode)
			}
			for _, v := range visitors {
				a := w.ask(method, path, form, w.signIn(v.login))
				asked++
				what := rt.pattern + " for " + v.login
				at, _ := models.Reach(v.role, rt.object)
				switch {
				case a.StatusCode >= 500:
					t.Errorf("%s: %d\n%s", what, a.StatusCode, a.body)
				case !models.Ever(v.role, rt.object).Allows(rt.access) && a.StatusCode != http.StatusNotFound:
					t.Errorf("%s: %d, which the table does not give", what, a.StatusCode)
				case !models.Ever(v.role, rt.object).Allows(rt.access), slices.Contains(nowhere, rt.pattern):
				case !v.here && sample != "" && !slices.Contains(everybodys, rt.pattern) && at != models.Elsewhere && a.StatusCode != http.StatusNotFound:
					t.Errorf("%s: %d, though it is of another area", what, a.StatusCode)
				case (v.here || sample == "") && at <= models.InArea && a.StatusCode == http.StatusNotFound:
					t.Errorf("%s: not found, though the table gives it", what)
				}
				who := map[bool]string{true: "own county", false: "other county"}[v.here]
				if v.role != models.AccountCity && (at != models.Elsewhere || !models.Ever(v.role, rt.object).Allows(rt.access)) {
					w.leaks(what, who, a)
				}
			}
		}
		t.Logf("%d requests", asked)
	})
}

// The navigation of a county shows five names; the rest is folded away, and all
// of it leads somewhere.
func TestNavigationIsMadeFromTheTable(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, role := range models.AccountRoles {
			first, more := w.site.navigation(role, models.ObjectActivity)
			if role == models.AccountCounty && (len(first) > 5 && len(more) > 0) {
				t.Errorf("a county's first line: %v", first)
			}
			for _, g := range more {
				first = append(first, g.Items...)
			}
			for _, n := range first {
				if n.Here != (n.Link == "/admin/activities") {
					t.Errorf("%s: here is %v", n.Link, n.Here)
				}
			}
		}
		if first, _ := w.site.navigation(models.AccountEditor, ""); len(first) > 1 {
			t.Errorf("an editor's: %v", first)
		}
	})
}
