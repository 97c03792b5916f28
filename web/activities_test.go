package web

import (
	"bytes"
	"fmt"
	"html"
	"image/jpeg"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"aixin/models"
	"aixin/models/album"
)

var linkForm = regexp.MustCompile(`href="([^"]*)" data-testid="(older|newer|export)"`)

func links(body string) map[string]string {
	out := map[string]string{}
	for _, m := range linkForm.FindAllStringSubmatch(body, -1) {
		out[m[2]] = html.UnescapeString(m[1])
	}
	return out
}

var dayForm = regexp.MustCompile(`datetime="([0-9-]+)"`)

func days(body string) (all []string) {
	for _, m := range dayForm.FindAllStringSubmatch(body, -1) {
		all = append(all, m[1])
	}
	return all
}

func TestActivitiesList(t *testing.T) {
	eachWorld(t, func(w *world) {
		me := w.signIn("kongtong1")
		a := w.ask("GET", "/admin/activities", nil, me)
		w.want(a, 200, "崆峒区</p>", "共 <b>6</b> 条", "走访 2", "联系 2", "资助 2(600元)", "谷**", "H001", "欧阳**", "崆峒区财政局", `<td class="place">峡门乡</td>`, "/admin/photo/"+w.here.photo,
			`value="2026-01-01"`, `value="2026-11-21"`)
		for query, words := range map[string][]string{
			"?kind=visit":                           {"共 <b>2</b> 条", `<option value="visit" selected>`},
			"?from=2026-11-03&to=2026-11-03":        {"共 <b>2</b> 条", `value="2026-11-03"`},
			"?from=&to=&unit=" + w.here.unit:        {"共 <b>6</b> 条", `" selected>崆峒区财政局`},
			"?from=&to=&unit=x":                     {"按这些条件没有记录", "看全部"},
			"?from=&to=&region=620821":              {"按这些条件没有记录"},
			"?from=&to=&region=620802001":           {"共 <b>6</b> 条", `<option value="620802001" selected>峡门乡`, "吴坡村"},
			"?from=&to=&person=" + w.here.people[0]: {"共 <b>3</b> 条", "只看 谷**(H001)"},
			"?from=&to=&cadre=" + w.here.cadre:      {"共 <b>6</b> 条", "只看 欧阳**(崆峒区财政局)"},
			"?from=&to=&cadre=" + w.there.cadre:     {"按这些条件没有记录", "只看 选中的人"},
		} {
			w.want(w.ask("GET", "/admin/activities"+query, nil, me), 200, words...)
		}
		// What was typed stays where something is wrong with it.
		for query, words := range map[string][]string{
			"?from=11.3&to=2026-11-03&kind=aid":       {"开始日期要写成", `value="11.3"`, `value="2026-11-03"`, `<option value="aid" selected>`},
			"?from=2026-11-05&to=2026-11-03":          {"换过来就好"},
			"?kind=%3Cscript%3Ealert(1)%3C/script%3E": {"没有这个类别"},
			"?from=%22%3E%3Cscript%3E":                {"&#34;&gt;&lt;script&gt;"},
		} {
			a := w.ask("GET", "/admin/activities"+query, nil, me)
			w.want(a, 422, words...)
			if strings.Contains(a.body, "<script") {
				t.Errorf("%s got through", query)
			}
		}
	})
}

// Turning pages there and back shows each activity once, in order, also where
// many fall on a day.
func TestTurningPages(t *testing.T) {
	eachWorld(t, func(w *world) {
		st := w.db.System("test")
		p, err := st.PairingsOf(ctx, w.here.people[:1])
		if err != nil {
			t.Fatal(err)
		}
		var acts []models.Activity
		for i := range 70 {
			acts = append(acts, models.Activity{Kind: models.KindContact, Channel: models.ChannelPhone, Day: models.Day(fmt.Sprintf("2026-0%d-11", 1+i/20))})
		}
		w.record(w.here, p[0], acts)
		me, path := w.signIn("kongtong1"), "/admin/activities"
		var forth, back []string
		var last string
		for range 9 {
			a := w.ask("GET", path, nil, me)
			w.want(a, 200, "共 <b>76</b> 条")
			forth = append(forth, days(a.body)...)
			last = path
			if path = links(a.body)["older"]; path == "" {
				break
			}
		}
		if len(forth) != 76 || strings.Join(forth, "") < strings.Join(forth[1:], "") {
			t.Errorf("%d activities on the way there", len(forth))
		}
		for path = last; path != ""; {
			a := w.ask("GET", path, nil, me)
			back = append(days(a.body), back...)
			path = links(a.body)["newer"]
			if len(back) > 100 {
				break
			}
		}
		if strings.Join(back, " ") != strings.Join(forth, " ") {
			t.Errorf("the way back shows %d activities:\n%v\n%v", len(back), forth, back)
		}
	})
}

func TestExport(t *testing.T) {
	eachWorld(t, func(w *world) {
		me := w.signIn("kongtong1")
		page := w.ask("GET", "/admin/activities?from=2026-11-01&to=&kind=aid", nil, me)
		a := w.ask("GET", links(page.body)["export"], nil, me)
		w.want(a, 200)
		if !strings.Contains(a.Header.Get("Content-Disposition"), url.PathEscape("走访联系记录-20261121.xlsx")) {
			t.Error(a.Header)
		}
		book, err := excelize.OpenReader(strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows("活动")
		if err != nil || len(rows) != 3 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		if got := strings.Join(rows[2], "|"); !strings.HasPrefix(got, "谷**|H001|欧阳**|") || !strings.Contains(got, "崆峒区财政局|资助|||2026-11-02|300.00|0|微信|有效") {
			t.Error(got)
		}
		w.audited("export.activities", 1)
		w.want(w.ask("GET", "/admin/activities.xlsx?from=x", nil, me), 422, "开始日期要写成")
		w.audited("export.activities", 1)
	})
}

func TestPhotoIsBlurred(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.ask("GET", "/admin/photo/"+w.here.photo, nil, w.signIn("kongtong1"))
		w.want(a, 200)
		img, err := jpeg.Decode(bytes.NewReader([]byte(a.body)))
		if err != nil || img.Bounds().Dx() != 320 || a.Header.Get("Content-Type") != "image/jpeg" || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%v %v", err, a.Header)
		}
		// A record that was taken back shows its picture no more.
		rec, err := w.db.System("test").LastRecord(ctx, w.here.cadre)
		if err == nil {
			err = w.db.System("test").WithdrawRecord(ctx, rec.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		w.want(w.ask("GET", "/admin/photo/"+w.here.photo, nil, w.signIn("kongtong1")), 404)
	})
}

// A unit's cadre may look after somebody in another county: the unit and that
// county see what was done, the unit's own county does not.
func TestAcrossTheBorder(t *testing.T) {
	eachWorld(t, func(w *world) {
		p := models.Pairing{ID: w.db.System("test").NewID(), CadreID: w.here.cadre, RecipientID: w.there.people[0], Line: models.LinePairing, FromDay: "2026-01-01"}
		w.create(&p)
		w.record(w.here, p, []models.Activity{{Kind: models.KindHelp, Help: models.HelpDifficulty, Day: "2026-11-20"}})
		pic, err := album.Develop(aPicture())
		if err != nil {
			t.Fatal(err)
		}
		photo := w.photo(w.here, pic.Thumb)
		for login, want := range map[string]struct {
			total  string
			status int
		}{"kongtong2": {"共 <b>7</b> 条", 200}, "jingchuan1": {"共 <b>7</b> 条", 200}, "kongtong1": {"共 <b>6</b> 条", 404}, "jingchuan2": {"共 <b>6</b> 条", 404}} {
			me := w.signIn(login)
			list := w.ask("GET", "/admin/activities", nil, me)
			if w.want(list, 200, want.total); strings.Contains(list.body, "解决困难") != (want.status == 200) {
				t.Errorf("%s: the wrong list", login)
			}
			w.want(w.ask("GET", "/admin/photo/"+photo, nil, me), want.status)
		}
		// The county that sees her work can pick her unit.
		w.want(w.ask("GET", "/admin/activities?unit="+w.here.unit, nil, w.signIn("jingchuan1")), 200, "崆峒区财政局", "共 <b>1</b> 条", "欧阳**")
	})
}

func TestWhatAUnitAndADutyOfficerSee(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.ask("GET", "/admin/activities", nil, w.signIn("kongtong2"))
		w.want(a, 200, `data-testid="scope">崆峒区财政局`, "单位联络员", "共 <b>6</b> 条")
		if strings.Contains(a.body, `name="unit"`) || strings.Contains(a.body, `name="region"`) {
			t.Error("a unit is asked to choose")
		}
		duty := w.signIn("kongtong3")
		w.wantTo(w.ask("GET", "/admin/", nil, duty), "/admin/people")
		w.want(w.ask("GET", "/admin/activities", nil, duty), 404)
		w.account("pingliang1", models.AccountCity, county{region: models.CityCode}, "卫长河")
		w.want(w.ask("GET", "/admin/activities", nil, w.signIn("pingliang1")), 200, "共 <b>12</b> 条", "崆峒区 峡门乡", "泾川县 高平镇", "泾川县教育局")
	})
}
