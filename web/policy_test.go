package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"aixin/handlers"
	"aixin/models"
	"aixin/models/store/storetest"
	"aixin/web/webtest"
)

// policyDraft proposes new words for an entry.
func (w *world) policyDraft() string {
	w.t.Helper()
	d := models.PolicyDraft{Entry: "orphan-apply", Answer: "到乡镇办。", Source: "新办法", Review: "2027-12-31", Signed: "市民政局", Reason: "换依据"}
	if err := w.db.System("test").AddPolicyDraft(ctx, &d); err != nil {
		w.t.Fatal(err)
	}
	return d.ID
}

// What one account proposes and another signs is what the chat answers; nobody
// signs their own, and what has a fault is kept as typed.
func TestPolicyIsChangedByTwo(t *testing.T) {
	eachWorld(t, func(w *world) {
		t := w.t
		w.account("bianji1", models.AccountEditor, county{region: models.CityCode}, "江编")
		w.account("shi1", models.AccountCity, county{region: models.CityCode}, "江城")
		editor, city, unit := w.signIn("bianji1"), w.signIn("shi1"), w.signIn("kongtong2")
		const page = policyPath + "/orphan-definition"
		w.want(w.ask("GET", policyPath, nil, editor), 200, "什么样的孩子可以认定为孤儿", "程序自带的", "没写")
		if a := w.ask("GET", policyPath+"?q="+url.QueryEscape("孤儿 跨省通办"), nil, editor); strings.Contains(a.body, page+`"`) || !strings.Contains(a.body, policyPath+"/orphan-apply") {
			t.Errorf("the search: %s", a.body)
		}
		w.want(w.ask("GET", policyPath+"?q=zzz", nil, editor), 200, "没有哪一条有这些字")
		if a := w.ask("GET", page, nil, unit); a.StatusCode != 200 || strings.Contains(a.body, `name="answer"`) {
			t.Errorf("a unit's liaison: %d, or gets the form", a.StatusCode)
		}
		if a := w.ask("GET", "/admin/policy.yaml", nil, unit); !strings.Contains(a.body, "- id: orphan-definition") {
			t.Errorf("the file: %d", a.StatusCode)
		}

		today := w.site.today()
		typed := url.Values{
			"answer": {"父母都不在的孩子,去乡镇民政办认定。"}, "source": {"新文件〔2026〕9号"}, "effective": {string(today)}, "review": {string(today)},
			"signed": {"市民政局、市教育局"}, "reason": {"换了新文件"},
		}
		w.want(w.post(page, typed, editor), 422, "选今天以后的日子", "去乡镇民政办认定", "新文件〔2026〕9号")
		typed.Set("review", string(today.Add(30)))
		typed.Set("effective", string(today.Add(60)))
		w.want(w.post(page, typed, editor), 422, "review 不在 effective 之后", "去乡镇民政办认定")
		typed.Set("effective", string(today))
		if a := w.post(page, typed, unit); a.StatusCode != 404 {
			t.Errorf("a liaison proposes: %d", a.StatusCode)
		}
		w.want(w.post(page, typed, editor), 303)
		st := w.db.System("test")
		drafts, err := st.PolicyDrafts(ctx)
		if err != nil || len(drafts) != 1 {
			t.Fatalf("%d drafts: %v", len(drafts), err)
		}
		w.want(w.post(page, typed, city), 303)
		if again, err := st.PolicyDrafts(ctx); err != nil || len(again) != 1 {
			t.Errorf("two drafts of one entry: %d %v", len(again), err)
		}

		shelf, sign := &handlers.Shelf{}, policyPath+"/drafts/"+drafts[0].ID
		told := func() string {
			t.Helper()
			if err := shelf.Refresh(ctx, st); err != nil {
				t.Fatal(err)
			}
			e, _ := shelf.Base().Entry(shelf.Base().Ask("什么样的孩子可以认定为孤儿?", "guardian").ID)
			return e.Answer
		}
		before := told()
		w.want(w.ask("GET", page, nil, editor), 200, "自己拟的不能自己签")
		w.post(sign, url.Values{"give": {"yes"}, "version": {"0"}}, editor)
		w.post(sign, url.Values{"give": {"yes"}, "version": {"7"}}, city)
		if got := told(); got != before {
			t.Errorf("in force unsigned: %s", got)
		}
		w.want(w.ask("GET", policyPath, nil, city), 200, "等另一个账号签的", "换了新文件")
		w.want(w.ask("GET", page, nil, city), 200, "签,照这稿答", "去乡镇民政办认定")
		w.want(w.post(sign, url.Values{"give": {"yes"}, "version": {"0"}}, city), 303)
		if got := told(); got != "父母都不在的孩子,去乡镇民政办认定。" || got == before {
			t.Errorf("signed, and the chat says %s", got)
		}
		w.want(w.ask("GET", page, nil, editor), 200, "市民政局、市教育局", string(today.Add(30)))
		p, err := st.Policy(ctx, 0)
		if err != nil || p.Version != 1 || !strings.Contains(p.Note, "bianji1拟,shi1签") || !strings.HasPrefix(p.Body, "#") {
			t.Errorf("version %d, %q: %v", p.Version, p.Note, err)
		}
		w.post(sign, url.Values{"give": {"yes"}, "version": {"1"}}, city)
		if n, err := st.PolicyVersion(ctx); err != nil || n != 1 {
			t.Errorf("signed twice: version %d %v", n, err)
		}
		w.clock.Add(31 * 24 * 3600e9)
		w.cookie = map[string]string{}
		w.want(w.ask("GET", page, nil, w.signIn("bianji1")), 200, "现在答“正在核对”")
	})
}

// What nothing answers is shown in groups to those who can mend it.
func TestPolicyGapsInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.account("shi1", models.AccountCity, county{region: models.CityCode}, "江城")
	w.want(w.ask("GET", policyPath+"/gaps", nil, w.signIn("shi1")), 200, "这些天问的都答上了")
	for _, words := range []string{"水窖漏了找谁修", "水窖漏水了谁修哩", "拖拉机的油咋加"} {
		if err := w.db.System("test").AddUnanswered(ctx, words, w.here.region); err != nil {
			t.Fatal(err)
		}
	}
	if a := w.ask("GET", policyPath+"/gaps", nil, w.signIn("jingchuan1")); a.StatusCode != 200 || strings.Contains(a.body, "水窖") {
		t.Errorf("another county reads them: %d", a.StatusCode)
	}
	b := webtest.Open(t)
	b.Do(chromedp.Navigate(w.url+policyPath), chromedp.SendKeys(webtest.ID("login"), "shi1"), chromedp.SendKeys(webtest.ID("password"), password+"\r"))
	b.Sees("政策库")
	both(b, "policies")
	b.Do(chromedp.Click(webtest.ID("gaps")))
	b.Sees("水窖漏了找谁修")
	both(b, "policy-gaps")
	w.policyDraft()
	b.Do(chromedp.Navigate(w.url + policyPath + "/orphan-definition"))
	b.Sees("改这一条")
	both(b, "policy-form")
	b.Do(chromedp.Navigate(w.url + policyPath + "/orphan-apply"))
	b.Sees("等签的一稿")
	both(b, "policy-draft")
	b.Do(chromedp.Click(webtest.ID("give")))
	b.Sees("收作第1版")
	for _, e := range b.Errors() {
		t.Errorf("the browser complained: %s", e)
	}
}
