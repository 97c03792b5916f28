package web

import (
	"net/url"
	"strings"
	"testing"

	"aixin/models"
)

// child gives the first person of a county a birth and an id number.
func (w *world) born(id, birth, number string) {
	w.t.Helper()
	st := w.db.System("test")
	r, err := st.Recipient(ctx, id)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Birth, r.IDNumber, r.Address = models.Conceal(birth), models.Conceal(number), models.Conceal("吴坡村三社 12 号")
	r.UpdatedAt = st.Now()
	if err := st.Save(ctx, &r); err != nil {
		w.t.Fatal(err)
	}
}

func TestPersonIsMaskedUntilAsked(t *testing.T) {
	eachWorld(t, func(w *world) {
		grown, child := w.here.people[0], w.here.people[1]
		w.born(grown, "1956-03-02", "62080219560302001X")
		w.born(child, "2015-06-01", "620802201506010029")
		county := w.signIn("kongtong1")
		page := w.ask("GET", "/admin/people/"+grown, nil, county)
		w.want(page, 200, "谷**", "70 岁", "联系 1/4 走访 1/2")
		for _, hidden := range []string{"谷军平", "三社", "001X", "1956"} {
			if strings.Contains(page.body, hidden) {
				t.Errorf("the page shows %s", hidden)
			}
		}
		reveal := func(id string, v url.Values) answer { return w.post("/admin/people/"+id+"/reveal", v, county) }
		w.want(reveal(grown, url.Values{"reason": {"看"}}), 422, "写明为什么要看")
		w.audited("reveal.person", 0)
		full := reveal(grown, url.Values{"reason": {"电话回访核实地址"}})
		w.want(full, 200, "谷军平", "吴坡村三社", "电话回访核实地址")
		if strings.Contains(full.body, "001X") {
			t.Error("the id number came without a grant")
		}
		w.want(w.ask("GET", "/admin/people/"+grown, nil, county), 200, "看了全名和联系方式", "电话回访核实地址")
		// A minor: nobody alone.
		w.want(reveal(child, url.Values{"reason": {"电话回访核实地址"}}), 422, "要先请")
		w.wantTo(w.post("/admin/people/"+child+"/grant", url.Values{"reason": {"核对低保材料"}}, county), "/admin/people/"+child)
		g, err := w.db.As(models.Actor{Account: w.idOf("kongtong1")}).GrantFor(ctx, child)
		if err != nil || g.ID == "" {
			t.Fatalf("no grant: %v", err)
		}
		if a := w.post("/admin/grants/"+g.ID, url.Values{"give": {"yes"}}, county); a.StatusCode != 404 {
			t.Errorf("one's own grant was given: %d", a.StatusCode)
		}
		w.account("kongtong9", models.AccountCounty, w.here, "批准人")
		other := w.signIn("kongtong9")
		w.want(w.ask("GET", "/admin/grants", nil, other), 200, "核对低保材料", "马**")
		w.wantTo(w.post("/admin/grants/"+g.ID, url.Values{"give": {"yes"}}, other), "/admin/grants")
		w.want(reveal(child, url.Values{"reason": {"核对低保材料"}, "what": {"identity"}, "proof": {"wrong"}}), 422, "密码不对")
		w.want(reveal(child, url.Values{"reason": {"核对低保材料"}, "what": {"identity"}, "proof": {password}}), 200, "马海龙", "620802201506010029", "2015-06-01")
		w.audited("reveal.identity", 1)
		w.clock.Add(4 * 3600e9)
		county = w.again("kongtong1")
		w.want(reveal(child, url.Values{"reason": {"核对低保材料"}, "proof": {password}}), 422, "要先请")
		// A unit's liaison sees its people, masked, and reveals nobody.
		unit := w.again("kongtong2")
		w.want(w.ask("GET", "/admin/people/"+grown, nil, unit), 200, "谷**")
		w.want(w.post("/admin/people/"+grown+"/reveal", url.Values{"reason": {"电话回访核实地址"}}, unit), 404)
		// Search.
		w.want(w.post("/admin/find", url.Values{"q": {"gujunping"}}, county), 200, "谷**", "H001")
		w.want(w.post("/admin/find", url.Values{"q": {"司马长安"}}, county), 200, "没有找到")
	})
}

func (w *world) idOf(login string) string {
	w.t.Helper()
	a, err := w.db.System("test").AccountByLogin(ctx, login)
	if err != nil {
		w.t.Fatal(err)
	}
	return a.ID
}
