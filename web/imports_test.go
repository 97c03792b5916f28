package web

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// workbook is a register with good rows and twenty faults.
func workbook(t *testing.T, extra string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	set := func(sheet string, rows [][]any) {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	cadres := [][]any{{"姓名", "手机号", "单位", "职务", "所属地区", "专业"}}
	people := [][]any{{"姓名", "身份证号", "类别", "供养方式", "所属地区", "住址", "别名", "监护人姓名", "监护人手机号", "需求"}}
	for i := range 5 {
		cadres = append(cadres, []any{"赵" + string("甲乙丙丁戊"[3*i:3*i+3]), fmt.Sprintf("1391111000%d", i), "崆峒区某局", "科员", "崆峒区", "普通"})
		people = append(people, []any{"钱" + string("甲乙丙丁戊"[3*i:3*i+3]), "", "其他", "—", "崆峒区/峡门乡/吴坡村", extra, "", "", "", ""})
	}
	for i := range 20 {
		cadres = append(cadres, []any{"孙" + string("甲乙丙丁戊"[3*(i%5):3*(i%5)+3]), fmt.Sprintf("12%d", i), "崆峒区某局", "", "崆峒区", "普通"})
	}
	set("干部", cadres)
	set("关爱对象", people)
	set("结对关系", [][]any{{"干部手机号", "关爱对象身份证号", "条线", "开始日期"}})
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func (w *world) upload(name string, data []byte, cookie string) answer {
	w.t.Helper()
	var body bytes.Buffer
	mw := multipart.NewWriter(&body)
	part, err := mw.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = mw.Close()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	req, err := http.NewRequest("POST", w.url+"/admin/imports", &body)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", mw.FormDataContentType())
	req.Header.Set("Cookie", cookie)
	resp, err := still.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{resp, string(text)}
}

var resultLink = regexp.MustCompile(`href="(/admin/imports[^"]*)" data-testid="result"`)

// finish waits for work and gives the page of its result.
func (w *world) finish(a answer, cookie string) (string, answer) {
	w.t.Helper()
	at := a.Header.Get("Location")
	for range 200 {
		page := w.ask("GET", at, nil, cookie)
		if m := resultLink.FindStringSubmatch(page.body); m != nil {
			return m[1], w.ask("GET", m[1], nil, cookie)
		}
		if strings.Contains(page.body, "没做完") {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.t.Fatalf("the work did not end: %d %s", a.StatusCode, a.body)
	return "", answer{}
}

func TestImportIsTriedThenStoredThenTakenBack(t *testing.T) {
	eachWorld(t, func(w *world) {
		county, st := w.signIn("kongtong1"), w.db.System("test")
		before, _, err := st.CountPeople(ctx)
		if err != nil {
			t.Fatal(err)
		}
		a := w.upload(`..\..\<script>alert(1)</script>.xlsx`, workbook(t, "=HYPERLINK(\"x\")"), county)
		at, page := w.finish(a, county)
		w.want(page, 200, "还没有导入", "手机号", `<td class="num" data-label="有错">20</td>`)
		if strings.Contains(page.body, "<script") {
			t.Error("the file's name became part of the page")
		}
		if n, _, _ := st.CountPeople(ctx); n != before {
			t.Errorf("trying stored %d people", n-before)
		}
		_, page = w.finish(w.post(at, url.Values{}, county), county)
		w.want(page, 200, "导入好了")
		if n, _, _ := st.CountPeople(ctx); n != before+5 {
			t.Errorf("%d people came in", n-before)
		}
		if r := w.ask("GET", at+"/report.xlsx", nil, county); r.StatusCode != 200 || !strings.HasPrefix(r.body, "PK") {
			t.Errorf("the report: %d", r.StatusCode)
		}
		if other := w.ask("GET", at, nil, w.signIn("jingchuan1")); other.StatusCode != 404 {
			t.Errorf("another county opens it: %d", other.StatusCode)
		}
		list := w.ask("GET", "/admin/imports", nil, county)
		m := regexp.MustCompile(`action="(/admin/imports/[^"]+/undo)"`).FindStringSubmatch(list.body)
		if m == nil {
			t.Fatal("nothing to take back")
		}
		w.want(w.post(m[1], url.Values{}, county), 200, "整批撤回?")
		w.finish(w.post(m[1], url.Values{"sure": {"yes"}}, county), county)
		if n, _, _ := st.CountPeople(ctx); n != before {
			t.Errorf("%d people stayed", n-before)
		}
		// What is no workbook, of another county, or too large, changes nothing.
		w.want(w.upload("x.xlsx", []byte("PK not really"), county), 422)
		w.want(w.upload("x.xlsx", workbook(t, ""), w.signIn("jingchuan1")), 422, "不在泾川县")
		w.want(w.upload("x.xlsx", bytes.Repeat([]byte("a"), uploadMost+1<<20), county), 413)
		if n, _, _ := st.CountPeople(ctx); n != before {
			t.Errorf("%d people came of bad files", n-before)
		}
		w.want(w.ask("GET", "/admin/audit", nil, county), 200, "导入名册", "kongtong1")
		w.want(w.ask("GET", "/admin/health", nil, county), 200, "正常", "审计链")
	})
}

// Script in every text field, formulas, and paths: nothing changes but what the
// form is for, and all of it shows as text.
func TestHostileInputIsText(t *testing.T) {
	eachWorld(t, func(w *world) {
		const evil = `"><script>alert(1)</script>'--=cmd|' /C calc'!A0`
		county, id := w.signIn("kongtong1"), w.here.people[0]
		posts := map[string]url.Values{
			"/admin/find": {"q": {evil}}, "/admin/people/" + id + "/reveal": {"reason": {evil}, "what": {evil}, "proof": {evil}},
			"/admin/people/" + id + "/grant": {"reason": {evil}}, "/admin/cadres/" + w.here.cadre + "/reveal": {"reason": {evil}},
			"/admin/plans/" + id:           {"needs": {evil}, "goals": {evil}, "words": {evil}, "owner": {evil}, "side": {evil}, "line": {evil}, "due": {evil}, "done": {evil}},
			"/admin/plans/" + id + "/tick": {"measure": {evil}}, "/admin/sittings": {"id": {evil}},
		}
		for at, form := range posts {
			if a := w.post(at, form, county); a.StatusCode >= 500 || strings.Contains(a.body, "<script") {
				t.Errorf("POST %s: %d", at, a.StatusCode)
			}
		}
		w.post("/admin/plans/"+id, url.Values{"needs": {evil}, "goals": {evil}, "words": {evil}, "owner": {evil}}, county)
		q := "?" + url.Values{
			"region": {evil}, "category": {evil}, "mode": {evil}, "state": {evil}, "after": {evil}, "unit": {evil}, "person": {evil}, "actor": {evil},
			"action": {evil}, "before": {evil}, "from": {evil}, "to": {evil}, "kind": {evil}, "cadre": {evil}, "older": {evil}, "newer": {evil}, "q": {evil},
		}.Encode()
		for _, rt := range w.site.routes() {
			at, get := strings.CutPrefix(rt.pattern, "GET ")
			if !get || rt.object == "" || strings.Contains(at, "{") && !strings.HasSuffix(at, "{id}") {
				continue
			}
			at = strings.Replace(at, "{id}", id, 1)
			if a := w.ask("GET", at+q, nil, county); a.StatusCode >= 500 || strings.Contains(a.body, "<script") {
				t.Errorf("GET %s: %d\n%.2000s", at, a.StatusCode, a.body)
			}
		}
		r, err := w.db.System("test").Recipient(ctx, id)
		if err != nil || r.Name.Reveal() != w.here.names[1] {
			t.Errorf("the person was changed: %v", err)
		}
	})
}
