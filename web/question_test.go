package web

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"aixin/models"
	"aixin/models/store/storetest"
	"aixin/web/webtest"
)

// question makes one that waits with a county's cadre.
func (w *world) question(c county) string {
	w.t.Helper()
	st := w.db.System("test")
	if rows, err := st.QuestionsOf(ctx, []string{"c" + c.people[0][1:]}, 9); err == nil {
		for _, q := range rows {
			if !q.Words.Empty() {
				return q.ID
			}
		}
	}
	q := models.Question{
		State: models.QuestionOpen, Role: models.RoleGuardian, AskerID: "c" + c.people[0][1:], OpenID: models.Conceal("oGuardian" + c.openid[1:2]),
		RecipientID: c.people[0], CadreID: c.cadre, Words: models.Conceal("水管子谁给修"),
	}
	if err := st.AddQuestion(ctx, &q); err != nil {
		w.t.Fatal(err)
	}
	return q.ID
}

// recording gives a question a sound that was stored.
func (w *world) recording(c county, data string) string {
	w.t.Helper()
	st := w.db.System("test")
	p := w.sound(st.NewID(), data)
	q := models.Question{ID: p.RecordID, PhotoID: p.ID, State: models.QuestionOpen, Role: models.RoleGuardian, AskerID: st.NewID(), RecipientID: c.people[0], CadreID: c.cadre}
	if err := st.AddQuestion(ctx, &q); err != nil {
		w.t.Fatal(err)
	}
	return q.ID
}

func TestQuestionPage(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, cookie := w.question(w.here), w.arrive(w.here.openid)
		st := w.db.System("test")
		if err := st.Bind(ctx, "oGuardianH", models.RoleGuardian, "c"+w.here.people[0][1:]); err != nil {
			t.Fatal(err)
		}
		family := w.arrive("oGuardianH")
		w.want(w.ask("GET", "/h/question/"+id, nil, family), 200, "水管子谁给修", "那里还没回话")
		w.want(w.ask("GET", "/h/question/"+id, nil, cookie), 200, "水管子谁给修", "谷军平家", `<label for="words"`)
		w.want(w.ask("GET", "/h/question/"+id, nil, w.arrive(w.there.openid)), 404)
		w.want(w.ask("POST", "/h/question/"+id, url.Values{"words": {"不该能回"}}, family), 404)
		w.wantTo(w.ask("POST", "/h/question/"+id, url.Values{"words": {" "}}, cookie), "/h/question/"+id+"?empty=1")
		w.wantTo(w.ask("POST", "/h/question/"+id, url.Values{"words": {"明天去修"}}, cookie), "/h/question/"+id+"?done=1")
		w.wantTo(w.ask("POST", "/h/question/"+id, url.Values{"words": {"第二句"}}, cookie), "/h/question/"+id+"?done=1")
		w.want(w.ask("GET", "/h/question/"+id, nil, family), 200, "欧阳干部的回话", "明天去修")
		d, err := st.DeliveryUnder(ctx, "answer/"+id)
		if err != nil || d.SubjectID != id {
			t.Errorf("no answer is on its way: %v", err)
		}

		voice := w.recording(w.here, "#!AMR\nhello")
		w.want(w.ask("GET", "/h/question/"+voice, nil, cookie), 200, "回公众号发“提问", "存到手机里听")
		w.site.MP3 = func(context.Context, []byte) ([]byte, error) { return nil, errors.New("not today") }
		raw := w.ask("GET", "/h/question/"+w.recording(w.here, "#!AMR\nhello")+"/sound", nil, cookie)
		if w.want(raw, 200, "#!AMR\nhello"); raw.Header.Get("Content-Type") != "audio/amr" || !strings.Contains(raw.Header.Get("Content-Disposition"), "voice.amr") {
			t.Errorf("%v", raw.Header)
		}
		w.want(w.ask("GET", "/h/question/"+voice+"/sound", nil, w.arrive(w.there.openid)), 404)
		w.site.MP3 = func(_ context.Context, amr []byte) ([]byte, error) { return append([]byte("ID3"), amr...), nil }
		w.want(w.ask("GET", "/h/question/"+voice, nil, cookie), 200, "<audio controls", `aria-labelledby="sound"`)
		if q, _ := st.Question(ctx, voice); q.HeardAt != 0 {
			t.Error("heard before it was played")
		}
		a := w.ask("GET", "/h/question/"+voice+"/sound", nil, cookie)
		if w.want(a, 200, "ID3#!AMR"); a.Header.Get("Content-Type") != "audio/mpeg" {
			t.Errorf("%v", a.Header)
		}
		if q, _ := st.Question(ctx, voice); q.HeardAt == 0 {
			t.Error("played and not noted")
		}
	})
}

// spoken is a cadre's own words for a family, as a recording.
func (w *world) spoken(c county, data string) string {
	w.t.Helper()
	st := w.db.System("test")
	question, err := st.Question(ctx, w.recording(c, data))
	if err != nil {
		w.t.Fatal(err)
	}
	told := models.Question{
		Role: models.RoleGuardian, AskerID: "c" + c.people[0][1:], RecipientID: c.people[0], CadreID: c.cadre, AnswerPhotoID: question.PhotoID,
	}
	if err := st.AddTold(ctx, &told); err != nil {
		w.t.Fatal(err)
	}
	return told.ID
}

func TestSpokenAnswer(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	if err := w.db.System("test").Bind(ctx, "oGuardianH", models.RoleGuardian, "c"+w.here.people[0][1:]); err != nil {
		t.Fatal(err)
	}
	family, stranger := w.arrive("oGuardianH"), w.arrive(w.there.openid)
	id := w.spoken(w.here, "#!AMR\nhello")
	w.want(w.ask("GET", "/h/question/"+id, nil, family), 200, "捎来的话", "声音在公众号里听", "存到手机里听")
	w.want(w.ask("GET", "/h/question/"+id+"/answer", nil, family), 200, "#!AMR\nhello")
	w.site.MP3 = func(_ context.Context, amr []byte) ([]byte, error) { return append([]byte("ID3"), amr...), nil }
	w.want(w.ask("GET", "/h/question/"+id, nil, family), 200, "<audio controls", `aria-labelledby="spoken"`)
	w.want(w.ask("GET", "/h/question/"+id+"/answer", nil, family), 200, "ID3#!AMR")
	w.want(w.ask("GET", "/h/question/"+id+"/answer", nil, w.arrive(w.here.openid)), 200, "ID3#!AMR")
	w.want(w.ask("GET", "/h/question/"+id, nil, stranger), 404)
	w.want(w.ask("GET", "/h/question/"+id+"/answer", nil, stranger), 404)
	w.want(w.ask("GET", "/h/question/"+w.question(w.here)+"/answer", nil, family), 404)
}

func TestQuestionPageInChromium(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	w.site.MP3 = func(_ context.Context, amr []byte) ([]byte, error) { return amr, nil }
	who := w.here.openid
	b := w.browser(&who)
	b.Do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile), chromedp.Navigate(w.url+"/h/question/"+w.recording(w.here, "#!AMR\n")))
	b.Sees("点开就能听")
	b.Looks("question-voice-360")
	b.Do(chromedp.Navigate(w.url + "/h/question/" + w.spoken(w.here, "#!AMR\n")))
	b.Sees("捎来的话")
	b.Looks("question-spoken-360")
	w.site.MP3 = nil
	b.Do(chromedp.Navigate(w.url + "/h/question/" + w.recording(w.here, "#!AMR\n")))
	b.Sees("存到手机里听")
	b.Looks("question-save-360")
	b.Do(chromedp.Navigate(w.url + "/h/question/" + w.question(w.here)))
	b.Sees("水管子谁给修")
	b.Looks("question-open-360")
	b.Do(chromedp.SendKeys("#words", "村上管,下周修"), chromedp.Click(webtest.ID("send")))
	b.Sees("欧阳干部的回话")
	b.Looks("question-answered-360")
}

// confirmation asks the guardian of a county's first person about a visit.
func (w *world) confirmation(c county) string {
	w.t.Helper()
	st := w.db.System("test")
	ask := models.Confirmation{
		ActivityID: st.NewID(), RecipientID: c.people[0], CadreID: c.cadre, Region: c.region, Day: "2026-11-18", Role: models.RoleGuardian, SubjectID: "c" + c.people[0][1:], Week: "2026-11-16",
	}
	if err := st.AddConfirmation(ctx, &ask); err != nil {
		w.t.Fatal(err)
	}
	return ask.ID
}

func TestVisitPage(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, "sqlite", clock.Now), clock)
	st := w.db.System("test")
	id, who := w.confirmation(w.here), "oGuardianH"
	if err := st.Bind(ctx, who, models.RoleGuardian, "c"+w.here.people[0][1:]); err != nil {
		t.Fatal(err)
	}
	cadre := w.arrive(w.here.openid)
	w.want(w.ask("GET", "/h/visit/"+id, nil, cadre), 404)
	w.want(w.ask("POST", "/h/visit/"+id, url.Values{"said": {"no"}}, cadre), 404)
	b := w.browser(&who)
	b.Do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile), chromedp.Navigate(w.url+"/h/visit/"+id))
	b.Sees("欧阳干部来过您家吗")
	b.Looks("visit-360")
	b.Do(chromedp.Click(webtest.ID("said-no")), chromedp.SendKeys("#words", "那天都不在家"), chromedp.Click(webtest.ID("send")))
	b.Sees("谁也不会知道是您说的")
	b.Looks("visit-said-360")
	c, err := st.Confirmation(ctx, id)
	if err != nil || c.Answer != models.SaidNo || c.Words.Reveal() != "那天都不在家" {
		t.Errorf("%+v %v", c, err)
	}
}
