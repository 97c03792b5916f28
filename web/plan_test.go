package web

import (
	"net/url"
	"strings"
	"testing"

	"aixin/models"
)

func TestPlanIsDraftedApprovedAndTicked(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, st := w.here.people[0], w.db.System("test")
		need := models.Need{
			Role: models.RoleGuardian, AskerID: id, RecipientID: id, CadreID: w.here.cadre, Region: w.here.region, Category: "住房", Department: "housing",
			Clock: models.ClockWeek, Words: models.Conceal("房顶漏雨"), State: models.NeedPassed,
		}
		if err := st.AddNeed(ctx, &need); err != nil {
			t.Fatal(err)
		}
		county := w.signIn("kongtong1")
		page := w.ask("GET", "/admin/plans/"+id, nil, county)
		w.want(page, 200, "房顶漏雨", "住建局", "还没有存")
		form := url.Values{
			"needs": {"房顶漏雨"}, "goals": {"入冬前修好"}, "side": {"material", "spirit"}, "words": {"修房顶", "每月谈一次心"}, "line": {"pairing", "counsel"},
			"owner": {"住建局", "心理老师"}, "due": {"2026-12-10", "十二月"}, "done": {"", ""},
		}
		w.want(w.post("/admin/plans/"+id, form, county), 422, "日期要写成", "每月谈一次心", "入冬前修好")
		form["due"] = []string{"2026-12-10", "2026-12-31"}
		w.wantTo(w.post("/admin/plans/"+id, form, county), "/admin/plans/"+id)
		w.want(w.ask("GET", "/admin/plans/"+id, nil, county), 200, "草稿", "心理抚慰", "批这一版")
		w.wantTo(w.post("/admin/plans/"+id+"/approve", url.Values{}, county), "/admin/plans/"+id)
		plan, measures, _, err := st.Plan(ctx, id)
		if err != nil || plan.State != models.PlanApproved || len(measures) != 2 || plan.ReviewOn == "" {
			t.Fatalf("%+v %d %v", plan, len(measures), err)
		}
		w.wantTo(w.post("/admin/plans/"+id+"/tick", url.Values{"measure": {measures[0].ID}}, county), "/admin/plans/"+id)
		w.want(w.ask("GET", "/admin/plans/"+id, nil, county), 200, "✓", "还没办好")
		if open, err := st.OpenMeasures(ctx, []string{id}); err != nil || len(open) != 1 {
			t.Errorf("%d open, %v", len(open), err)
		}
		// The next version leaves the one in force alone until it is approved.
		form["goals"] = []string{"明年开春种上地"}
		w.wantTo(w.post("/admin/plans/"+id, form, county), "/admin/plans/"+id)
		if _, _, older, err := st.Plan(ctx, id); err != nil || len(older) != 1 || older[0].State != models.PlanApproved {
			t.Errorf("%v %v", older, err)
		}
		w.want(w.ask("GET", "/admin/plans", nil, county), 200, "谷**", "草稿")
		w.want(w.ask("GET", "/admin/people/"+id, nil, county), 200, "改了一人一策", "批了一人一策", "第 2 版")
		if a := w.ask("GET", "/admin/plans/"+id, nil, w.signIn("jingchuan1")); a.StatusCode != 404 || strings.Contains(a.body, "房顶") {
			t.Errorf("another county's: %d", a.StatusCode)
		}
	})
}
