package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store/storetest"
	"aixin/web/webtest"
)

// sendBase uploads a whole policy base.
func (w *world) sendBase(body, reason, cookie string) answer {
	w.t.Helper()
	var buf bytes.Buffer
	m := multipart.NewWriter(&buf)
	m.WriteField("reason", reason)
	if part, err := m.CreateFormFile("file", "../../base.yaml"); err != nil {
		w.t.Fatal(err)
	} else if _, err = part.Write([]byte(body)); err != nil {
		w.t.Fatal(err)
	}
	m.Close()
	req, err := http.NewRequest("POST", w.url+policyPath+"/upload", &buf)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	req.Header.Set("Cookie", cookie)
	resp, err := still.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	var out bytes.Buffer
	out.ReadFrom(resp.Body)
	return answer{resp, out.String()}
}

// openDraft is the address of the only draft that waits.
func (w *world) openDraft() string {
	w.t.Helper()
	drafts, err := w.db.System("test").PolicyDrafts(ctx)
	if err != nil || len(drafts) != 1 {
		w.t.Fatalf("%d drafts: %v", len(drafts), err)
	}
	return policyPath + "/drafts/" + drafts[0].ID
}

func (w *world) base() desk.PolicyBase {
	w.t.Helper()
	b, err := desk.PolicyInForce(ctx, w.db.System("test"))
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// A whole base is uploaded, its faults stand at their entries, its differences are
// seen before a second account signs it.
func TestAWholeBaseIsSignedByTwo(t *testing.T) {
	eachWorld(t, func(w *world) {
		t := w.t
		w.account("shi1", models.AccountCity, county{region: models.CityCode}, "江城")
		w.account("bianji1", models.AccountEditor, county{region: models.CityCode}, "江编")
		w.account("bianji2", models.AccountEditor, w.here, "江县编")
		city, editor, near := w.signIn("shi1"), w.signIn("bianji1"), w.signIn("bianji2")
		text := w.ask("GET", "/admin/policy.yaml", nil, editor).body
		w.want(w.sendBase("", "换新", editor), 422, "选一个政策库文件", "换新")
		w.want(w.sendBase(text, "", editor), 422, "要写")
		w.want(w.sendBase("\xff\xfe", "换新", editor), 422, "不是文字")
		w.want(w.sendBase("a: [", "换新", editor), 422, "读不出", "换新")
		w.want(w.sendBase(text, "换新", editor), 422, "没有要改的")

		changed := strings.Replace(text, "hotline: \"12345\"", "hotline: \"0933-8213456\"", 1)
		changed += "\n- id: bus-time\n  category: 出行\n  question: 乡村公交几点发车?\n  variants: [去县城的班车几点, 末班车几点]\n  answer: 早上七点头班。\n  source: 交通局公告\n  hotline: \"12345\"\n  review: \"2027-06-30\"\n"
		i, j := strings.Index(changed, "- id: orphan-apply"), 0
		j = i + 2 + strings.Index(changed[i+2:], "\n- id: ")
		changed = changed[:i] + changed[j+1:]
		faulty := strings.Replace(changed, "  question: 乡村公交几点发车?", "  question: 什么样的孩子可以认定为孤儿?", 1)
		faulty = strings.Replace(faulty, "\"2027-06-30\"", "明年", 1)
		w.want(w.sendBase(faulty, "换新", editor), 422, "和 orphan-definition 的一样", "review 不是日子:明年", "加 1 条", "有错,没有收")
		if drafts, err := w.db.System("test").PolicyDrafts(ctx); err != nil || len(drafts) != 0 {
			t.Fatalf("a base with faults is kept: %v %v", drafts, err)
		}
		w.want(w.sendBase(changed, "换新", near), 422, "不归您这里管的条目", "不归这里")
		w.want(w.sendBase(changed, "按省里新文件改", editor), 303)
		sign := w.openDraft()
		w.want(w.ask("GET", sign, nil, city), 200, "加 1 条、改 1 条、去掉 1 条", "乡村公交几点发车", "0933-8213456", "<del>12345</del>", "去掉:", "按省里新文件改", "签,照这稿答")
		w.want(w.ask("GET", sign, nil, editor), 200, "自己拟的不能自己签")
		w.want(w.ask("GET", sign, nil, near), 200, "不归您这里签")
		w.post(sign, url.Values{"give": {"yes"}, "version": {"0"}}, editor)
		w.post(sign, url.Values{"give": {"yes"}, "version": {"0"}}, near)
		w.post(sign, url.Values{"give": {"no"}, "version": {"0"}}, near)
		if v := w.base().Version; v != 0 {
			t.Fatalf("version %d without a second", v)
		}
		w.want(w.post(sign, url.Values{"give": {"yes"}, "version": {"0"}}, city), 303)
		b := w.base()
		if _, ok := b.Entry("orphan-apply"); ok || b.Version != 1 || b.Body != changed {
			t.Errorf("version %d, still there: %v", b.Version, ok)
		}
		if e, _ := b.Entry("bus-time"); e.Answer != "早上七点头班。" {
			t.Errorf("the new entry: %+v", e)
		}
		w.want(w.ask("GET", sign, nil, city), 303)
	})
}

// A county's editors write and sign the entries of their own place, and only those.
func TestACountysEditorsKeepTheirOwnEntries(t *testing.T) {
	eachWorld(t, func(w *world) {
		t := w.t
		w.account("bianji2", models.AccountEditor, w.here, "江县编")
		w.account("bianji3", models.AccountEditor, w.there, "江泾编")
		near, county, far := w.signIn("bianji2"), w.signIn("kongtong1"), w.signIn("bianji3")
		w.want(w.ask("GET", policyPath+"/orphan-definition", nil, near), 200, "归市里的编辑改")
		typed := url.Values{
			"question": {"区上的临时救助点在哪儿?"}, "category": {"救助"}, "variants": {"临时救助去哪办\n救助点几点开门\n救助站电话"}, "answer": {"在区民政局一楼,工作日上午。"},
			"source": {"区民政局公告"}, "hotline": {"12345"}, "region": {""}, "effective": {""}, "review": {"2027-06-30"}, "signed": {"区民政局"}, "reason": {"新设的点"},
		}
		w.want(w.post(policyPath+"/orphan-definition", typed, near), 422, "不归您这里")
		w.want(w.post(policyPath+"/new", typed, near), 422, "选您这里管的地方", "区上的临时救助点在哪儿?", "救助站电话")
		typed.Set("region", w.there.region)
		w.want(w.post(policyPath+"/new", typed, near), 422, "选您这里管的地方")
		typed.Set("region", w.here.region)
		typed.Set("question", "什么样的孩子可以认定为孤儿?")
		w.want(w.post(policyPath+"/new", typed, near), 422, "和 orphan-definition 的一样")
		typed.Set("question", "区上的临时救助点在哪儿?")
		w.want(w.post(policyPath+"/new", typed, near), 303)
		sign := w.openDraft()
		w.post(sign, url.Values{"give": {"yes"}, "version": {"0"}}, far)
		if v := w.base().Version; v != 0 {
			t.Fatal("another county signed it")
		}
		w.want(w.ask("GET", sign, nil, county), 200, "加:区上的临时救助点在哪儿?", "崆峒区")
		w.want(w.post(sign, url.Values{"give": {"yes"}, "version": {"0"}}, county), 303)
		found := w.base().Found("区上的临时救助点")
		if len(found) != 1 || found[0].Region != w.here.region || len(found[0].Variants) != 3 {
			t.Fatalf("the entry: %+v", found)
		}
		page := policyPath + "/" + found[0].ID
		w.want(w.ask("GET", page, nil, far), 200, "的编辑改")
		w.want(w.post(page, url.Values{"do": {"remove"}, "why": {"撤了"}}, far), 422, "不归您这里")
		w.want(w.post(page, url.Values{"do": {"remove"}, "why": {""}}, near), 422, "要写")
		w.want(w.post(page, url.Values{"do": {"remove"}, "why": {"点撤了"}}, near), 303)
		w.want(w.ask("GET", w.openDraft(), nil, county), 200, "去掉:区上的临时救助点在哪儿?", "点撤了")
		w.want(w.post(w.openDraft(), url.Values{"give": {"yes"}, "version": {"1"}}, county), 303)
		if found := w.base().Found("区上的临时救助点"); len(found) != 0 || w.base().Version != 2 {
			t.Errorf("still there: %v", found)
		}
	})
}

// What is to be reviewed soon, is late or has no day stands on a list of its own.
func TestPoliciesDueForReview(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	editor := w.signIn("kongtong1")
	text := w.ask("GET", "/admin/policy.yaml", nil, editor).body
	day := func(n int) string { return string(w.site.today().Add(n)) }
	i := 0
	lines := strings.Split(text, "\n")
	for k, l := range lines {
		if strings.HasPrefix(l, "- id: ") {
			lines[k] = l + "\n  review: \"" + map[int]string{0: day(400), 1: day(29), 2: day(-3)}[min(i, 3)%3] + "\""
			i++
		}
	}
	if _, _, err := w.db.System("test").AddPolicy(ctx, []byte(strings.Join(lines, "\n")), "test"); err != nil {
		t.Fatal(err)
	}
	a := w.ask("GET", policyPath+"?due=1", nil, editor)
	w.want(a, 200, "该复核的", "正在核对")
	late, soon := strings.Index(a.body, w.site.date(w.site.today().Add(-3))), strings.Index(a.body, w.site.date(w.site.today().Add(29)))
	if late < 0 || soon < late || strings.Contains(a.body, "orphan-definition\"") {
		t.Errorf("the late first, then the near: %d %d", late, soon)
	}
}

func TestWholeBaseInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.account("shi1", models.AccountCity, county{region: models.CityCode}, "江城")
	w.account("bianji1", models.AccountEditor, county{region: models.CityCode}, "江编")
	b := webtest.Open(t)
	w.carry(b, w.signIn("bianji1"))
	text := w.ask("GET", "/admin/policy.yaml", nil, w.signIn("bianji1")).body
	send := func(body string) {
		file := filepath.Join(t.TempDir(), "政策库.yaml")
		if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		b.Goto(w.url + policyPath + "/upload")
		b.Do(chromedp.SetUploadFiles(webtest.ID("file"), []string{file}), chromedp.SendKeys(webtest.ID("reason"), "按省里新文件改了两条"), chromedp.Click(webtest.ID("send")))
	}
	send(strings.Replace(text, "id: orphan-apply", "id: orphan-definition", 1))
	b.Sees("编号用了两次")
	b.Both("policy-upload-faults")
	send(strings.Replace(text, "hotline: \"12345\"", "hotline: \"0933-8213456\"", 2))
	b.Sees("看看改了哪些")
	b.Both("policy-whole")
	w.carry(b, w.signIn("shi1"))
	b.Goto(w.url + w.openDraft())
	b.Do(chromedp.Click(webtest.ID("give")))
	b.Sees("收作第1版")
	b.Goto(w.url + policyPath + "?due=1")
	b.Both("policy-due")
	b.Goto(w.url + policyPath + "/new")
	b.Both("policy-new")
	for _, e := range b.Errors() {
		if !strings.Contains(e, "status of 422") {
			t.Errorf("the browser complained: %s", e)
		}
	}
}
