package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
	"aixin/web/webtest"
)

// need makes one that waits in a county, of its first person.
func (w *world) need(c county) string {
	w.t.Helper()
	st := w.db.System("test")
	p, err := st.Recipient(ctx, c.people[0])
	if err != nil {
		w.t.Fatal(err)
	}
	n := models.Need{
		Role: models.RoleGuardian, AskerID: "c" + c.people[0][1:], RecipientID: p.ID, Region: p.Region, Category: "住房", Department: "housing",
		Clock: models.ClockFortnight, Words: models.Conceal("屋顶漏雨"), State: models.NeedPassed,
	}
	if err := st.AddNeed(ctx, &n); err != nil {
		w.t.Fatal(err)
	}
	return n.ID
}

// danger makes a red case of a county's first person.
func (w *world) danger(c county) string {
	w.t.Helper()
	st := w.db.System("test")
	p, err := st.Recipient(ctx, c.people[0])
	if err != nil {
		w.t.Fatal(err)
	}
	d := models.Danger{Level: models.DangerRed, Kind: "selfharm", Speaker: "guardian:x", RecipientID: p.ID, Region: p.Region, Words: models.Conceal("不想活了")}
	if err := st.AddDanger(ctx, &d); err != nil {
		w.t.Fatal(err)
	}
	return d.ID
}

// disputed marks a visit of a county's first person as not so.
func (w *world) disputed(c county) string {
	w.t.Helper()
	st := w.db.System("test")
	p, err := st.Recipient(ctx, c.people[0])
	if err != nil {
		w.t.Fatal(err)
	}
	rec := models.Record{CadreID: c.cadre}
	acts := []models.Activity{{RecipientID: p.ID, Kind: models.KindVisit, Day: "2026-11-05"}}
	if err := st.AddRecord(ctx, &rec, acts); err != nil {
		w.t.Fatal(err)
	}
	d := models.Dispute{ActivityID: acts[0].ID, RecipientID: p.ID, CadreID: c.cadre, Region: p.Region, Day: "2026-11-05", Words: models.Conceal("那天没人来")}
	if err := st.OpenDispute(ctx, &d); err != nil {
		w.t.Fatal(err)
	}
	return d.ID
}

func TestDispute(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, county := w.disputed(w.here), w.signIn("kongtong1")
		w.want(w.ask("GET", "/admin/disputes", nil, county), 200, "11月5日", "待核")
		w.want(w.ask("GET", "/admin/disputes/"+id, nil, county), 200, "那天没人来", "核了,没来")
		w.want(w.ask("GET", "/admin/disputes/"+id, nil, w.signIn("jingchuan1")), 404)
		w.wantTo(w.ask("POST", "/admin/disputes/"+id, url.Values{"do": {"upheld"}, "words": {"问了邻居"}}, county), "/admin/disputes/"+id)
		w.want(w.ask("GET", "/admin/disputes/"+id, nil, county), 200, "记录撤了", "问了邻居")
	})
}

// noted is an Orders that keeps what it was told.
type noted struct{ told []string }

func (n *noted) Need(_ context.Context, a models.Account, _, word, words string) (string, error) {
	n.told = append(n.told, string(a.Role)+" "+word+" "+words)
	return "记下了。", nil
}

func (n *noted) Danger(_ context.Context, a models.Account, _, word, words string) (string, error) {
	n.told = append(n.told, string(a.Role)+" "+word+" "+words)
	return "接齐了。", nil
}

func (n *noted) Spoken(_ context.Context, cadreID string, q models.Question) (string, error) {
	n.told = append(n.told, cadreID+" spoke of "+q.ID)
	return "了结了。", nil
}

// Each role sees its own desks, and words only where it handles the matter.
func TestDesksByRole(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.site.Orders = &noted{}
		need, danger, question := w.need(w.here), w.danger(w.here), w.question(w.here)
		for _, role := range models.AccountRoles {
			w.account("desk-"+string(role), role, w.here, "江"+string(role))
		}
		for _, tc := range []struct {
			path, words string
			reads       []models.AccountRole // the words; others that get in see that they are sealed
		}{
			{"/admin/needs/" + need, "屋顶漏雨", []models.AccountRole{models.AccountCounty, models.AccountTownship}},
			{"/admin/cases/" + danger, "不想活了", []models.AccountRole{models.AccountCounty, models.AccountTownship, models.AccountDuty}},
			{"/admin/questions/" + question, "水管子谁给修", []models.AccountRole{models.AccountCounty, models.AccountTownship, models.AccountUnit}},
		} {
			for _, role := range models.AccountRoles {
				a := w.ask("GET", tc.path, nil, w.signIn("desk-"+string(role)))
				reads := false
				for _, r := range tc.reads {
					reads = reads || r == role
				}
				if role != models.AccountCity && strings.Contains(a.body, tc.words) != reads {
					t.Errorf("%s for %s: reads %t, %d", tc.path, role, !reads, a.StatusCode)
				}
			}
		}
		county := w.signIn("desk-county")
		w.wantTo(w.ask("POST", "/admin/needs/"+need, url.Values{"do": {"退回"}}, county), "/admin/needs/"+need)
		w.want(w.ask("GET", "/admin/needs/"+need, nil, county), 200, "没有动:退回上一级要写上原因")
		w.ask("POST", "/admin/needs/"+need, url.Values{"do": {"接"}}, county)
		w.ask("POST", "/admin/cases/"+danger, url.Values{"do": {"结案"}, "words": {"人没事"}}, w.signIn("desk-duty"))
		if told := w.site.Orders.(*noted).told; len(told) != 2 || told[0] != "county 接 " || told[1] != "duty 结案 人没事" {
			t.Errorf("%q", told)
		}
		w.ask("POST", "/admin/questions/"+question, url.Values{"do": {"answer"}, "words": {"明天去修"}}, county)
		if q, err := w.db.System("test").Question(ctx, question); err != nil || q.Answer.Reveal() != "明天去修" || q.AccountID == "" {
			t.Errorf("%+v %v", q, err)
		}
	})
}

func TestDesksInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.site.Orders = &noted{}
	need, danger := w.need(w.here), w.danger(w.here)
	w.danger(w.here)
	who := w.here.openid
	b := w.browser(&who)
	b.Do(chromedp.Navigate(w.url + "/admin/"))
	b.Sees("登录名")
	b.Do(chromedp.SendKeys(webtest.ID("login"), "kongtong1"), chromedp.SendKeys(webtest.ID("password"), password+"\r"))
	b.Sees("周知远")
	for _, size := range []struct {
		name   string
		action func()
	}{
		{"1280", func() { b.Size(1280, 900) }},
		{"390", func() { b.Do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile)) }},
	} {
		size.action()
		b.Do(chromedp.Navigate(w.url + "/admin/needs"))
		b.Sees("住建局")
		b.Looks("needs-" + size.name)
		b.Do(chromedp.Navigate(w.url + "/admin/needs/" + need))
		b.Sees("屋顶漏雨")
		b.Looks("need-" + size.name)
		b.Do(chromedp.Navigate(w.url + "/admin/cases"))
		b.Sees("红色预警")
		b.Looks("cases-" + size.name)
		b.Do(chromedp.Navigate(w.url + "/admin/cases/" + danger))
		b.Sees("不想活了")
		b.Looks("case-" + size.name)
		b.Do(chromedp.Navigate(w.url + "/admin/questions"))
		b.Sees("提问")
		b.Looks("questions-" + size.name)
	}
}

// sound gives something a recording that was stored.
func (w *world) sound(recordID, data string) models.Photo {
	w.t.Helper()
	st := w.db.System("test")
	p := models.Photo{RecordID: recordID, Kind: "voice"}
	if err := st.AddPhoto(ctx, &p); err != nil {
		w.t.Fatal(err)
	}
	p.State, p.BlobKey, p.Mime = models.PhotoStored, "photo/voice/"+p.ID, "audio/amr"
	box, err := w.db.Keys().Seal("photo."+p.ID, []byte(data))
	if err == nil {
		err = w.album.Put(ctx, p.BlobKey, box)
	}
	if err == nil {
		err = st.SavePhoto(ctx, p)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// Who takes cases of a place hears what was spoken, as MP3, and that is noted;
// to nobody else it is there.
func TestRecordingsOfACase(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.site.Orders = &noted{}
		w.site.MP3 = func(_ context.Context, amr []byte) ([]byte, error) { return append([]byte("ID3"), amr...), nil }
		id := w.danger(w.here)
		first, second := w.sound(id, "#!AMR\nfirst"), w.sound(id, "#!AMR\nsecond")
		late := models.Photo{RecordID: id, Kind: "voice"}
		if err := w.db.System("test").AddPhoto(ctx, &late); err != nil {
			t.Fatal(err)
		}
		for _, role := range models.AccountRoles {
			w.account("hear-"+string(role), role, w.here, "江"+string(role))
		}
		duty, page := w.signIn("hear-duty"), "/admin/cases/"+id
		a := w.ask("GET", page, nil, duty)
		w.want(a, 200, "点开就能听", `src="`+page+"/"+first.ID+`"`, `src="`+page+"/"+second.ID+`"`, "还在路上")
		sound := w.ask("GET", page+"/"+first.ID, nil, duty)
		if w.want(sound, 200, "ID3#!AMR\nfirst"); sound.Header.Get("Content-Type") != "audio/mpeg" {
			t.Errorf("%v", sound.Header)
		}
		w.want(w.ask("GET", page+"/"+late.ID, nil, duty), 404)
		w.want(w.ask("GET", page+"/"+w.sound(w.danger(w.there), "#!AMR\nelsewhere").ID, nil, duty), 404)
		for _, role := range []models.AccountRole{models.AccountUnit, models.AccountDepartment, models.AccountChecker, models.AccountAuditor, models.AccountEditor} {
			w.want(w.ask("GET", page+"/"+first.ID, nil, w.signIn("hear-"+string(role))), 404)
		}
		w.want(w.ask("GET", page+"/"+first.ID, nil, w.signIn("jingchuan1")), 404)
		rows, err := w.db.System("test").AuditTrail(ctx, store.AuditFilter{Action: "danger"}, 9)
		if err != nil || len(rows) == 0 || rows[0].Action != "danger_heard" || rows[0].Object != "danger:"+id || rows[0].Detail != "photo="+first.ID {
			t.Errorf("the audit: %+v %v", rows, err)
		}
	})
}

// An office that answers hears a question's recording at the console too.
func TestRecordingOfAQuestionAtTheConsole(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.site.MP3 = func(_ context.Context, amr []byte) ([]byte, error) { return append([]byte("ID3"), amr...), nil }
	id := w.recording(w.here, "#!AMR\nhello")
	q, err := w.db.System("test").Question(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	county, page := w.signIn("kongtong1"), "/admin/questions/"+id
	w.want(w.ask("GET", page, nil, county), 200, "点开就能听", `src="`+page+"/"+q.PhotoID+`"`)
	w.want(w.ask("GET", page+"/"+q.PhotoID, nil, county), 200, "ID3#!AMR")
	if q, _ = w.db.System("test").Question(ctx, id); q.HeardAt == 0 {
		t.Error("played and not noted")
	}
	w.want(w.ask("GET", page+"/"+q.PhotoID, nil, w.signIn("jingchuan1")), 404)
}

// The page of a case with its recordings, as somebody on duty sees it.
func TestRecordingsOfACaseInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.site.Orders = &noted{}
	w.site.MP3 = func(_ context.Context, amr []byte) ([]byte, error) { return amr, nil }
	id := w.danger(w.here)
	w.sound(id, "#!AMR\n")
	late := models.Photo{RecordID: id, Kind: "voice"}
	if err := w.db.System("test").AddPhoto(ctx, &late); err != nil {
		t.Fatal(err)
	}
	b := webtest.Open(t)
	w.carry(b, w.signIn("kongtong1"))
	b.Goto(w.url + "/admin/cases/" + id)
	b.Sees("点开就能听")
	b.Both("case-sound")
	if heard := b.Reads(); !strings.Contains(heard, "audio") || !strings.Contains(heard, "还在路上") {
		t.Errorf("it reads:\n%s", heard)
	}
}
