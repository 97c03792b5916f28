package handlers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"sort"
	"strings"
	"time"

	"aixin/bot"
	"aixin/handlers"
	"aixin/handlers/picture"
	"aixin/models"
	"aixin/models/album"
	"aixin/models/store"
)

// office makes a bound account of a role and lets it speak; one that is there
// only speaks. A unit's liaison is written with the name of its cadre.
func (s *stage) office(name string, role models.AccountRole, where string) error {
	s.who = name
	if s.codes["@"+name] != "" {
		return nil
	}
	st := s.db.System("test")
	a := models.Account{Name: models.Conceal(name), Login: fmt.Sprint("account", len(s.codes)), Password: "$argon2id$test", Role: role, Department: name}
	switch {
	case role == models.AccountUnit:
		c, err := st.Cadre(s.ctx, s.codes[where])
		if err != nil {
			return err
		}
		a.UnitID, a.Region = c.UnitID, c.Region
	case where == "平凉市":
		a.Region = models.CityCode
	default:
		code, _, err := st.EnsureRegion(s.ctx, where)
		if err != nil {
			return err
		}
		a.Region = code
	}
	if err := st.AddAccount(s.ctx, &a); err != nil {
		return err
	}
	s.codes["@"+name] = a.ID
	return st.Bind(s.ctx, "o_"+name, models.RoleAdmin, a.ID)
}

// deliver does what the loops of a process do until nothing is due, and tells
// who got what.
func (s *stage) deliver() string {
	st := s.db.System("test")
	s.must(handlers.Escalate(s.ctx, st, s.clock.Now()))
	s.must(handlers.ClimbNeeds(s.ctx, st, s.clock.Now(), zone))
	s.must(handlers.ClimbQuestions(s.ctx, st, s.clock.Now(), zone))
	s.must(handlers.DrawConfirmations(s.ctx, st, s.chat.Privacy, s.ask, s.clock.Now(), zone))
	post := &post{}
	shelf, err := album.Open(s.ctx, "file://"+s.album)
	s.must(err)
	jobs := map[string]bot.Job{
		handlers.FetchPhoto:   (&handlers.Fetcher{Platform: post, Album: shelf}).Fetch,
		handlers.ForgetPerson: handlers.Eraser{Album: shelf}.Forget,
		handlers.PassVoice:    (&handlers.Courier{Media: post, Album: shelf}).Pass,
		handlers.PassAnswer:   (&handlers.Courier{Media: post, Album: shelf}).PassAnswer,
		handlers.PassAlarm:    (&handlers.Courier{Media: post, Album: shelf}).PassAlarm,
	}
	if s.chat.Pictures {
		raw, err := os.ReadFile(picture.FontPlaces[0])
		s.must(err)
		painter, err := picture.NewPainter(raw)
		s.must(err)
		artist := &handlers.Artist{Media: post, Painter: painter, Zone: zone, Now: s.clock.Now}
		jobs[handlers.OfficePicture], jobs[handlers.ReportPicture] = artist.Draw, artist.DrawReport
	}
	outbox := s.outbox()
	for range 10 {
		if !s.runDeliveries(st, outbox, post) && !s.runJobs(st, jobs) {
			break
		}
	}
	sort.SliceStable(post.sent, func(i, j int) bool { return post.sent[i].to < post.sent[j].to })
	var b strings.Builder
	for _, m := range post.sent {
		fmt.Fprintf(&b, "* %s ← %s\n", m.to, strings.ReplaceAll(m.what, "\n", "\n  "))
	}
	return b.String()
}

func (s *stage) outbox() *handlers.Outbox {
	return &handlers.Outbox{Templates: map[string]string{"question_reply": "T1", "need_update": "T2"}, Zone: zone, Now: s.clock.Now}
}

func (s *stage) runDeliveries(st *store.Store, outbox *handlers.Outbox, p *post) (some bool) {
	rows, err := st.LeaseDeliveries(s.ctx, "test", time.Minute, 100, "")
	s.must(err)
	for _, d := range rows {
		out, err := outbox.Prepare(s.ctx, st, d)
		s.must(err)
		to := bot.OpenID(d.OpenID.Reveal())
		switch {
		case out.Cancel != "":
			s.must(st.FinishDelivery(s.ctx, d, store.DeliveryCancelled, out.Cancel, ""))
		case !out.Wait.IsZero():
			s.must(st.PostponeDelivery(s.ctx, d, models.InstantOf(out.Wait), out.Reason))
		case out.Unreachable != "":
			s.must(st.FinishDelivery(s.ctx, d, store.DeliveryFailed, out.Unreachable, ""))
		case out.Card != nil && out.Text == "":
			p.SendCard(s.ctx, to, *out.Card)
			_, err := st.AcceptDeliveries(s.ctx, []store.Accepted{{Delivery: d, Job: d.ID}})
			s.must(err)
		default:
			p.SendText(s.ctx, to, out.Text)
			s.must(st.FinishDelivery(s.ctx, d, store.DeliveryDelivered, "", ""))
		}
	}
	return len(rows) > 0
}

func (s *stage) runJobs(st *store.Store, jobs map[string]bot.Job) (some bool) {
	rows, err := st.LeaseJobs(s.ctx, "test", time.Minute, 100)
	s.must(err)
	for _, j := range rows {
		err := jobs[j.Kind](s.ctx, st, j.SubjectID, j.Attempts)
		var give bot.ErrGiveUp
		switch {
		case err == nil:
			s.must(st.FinishJob(s.ctx, j, store.JobDone, ""))
		case errors.As(err, &give):
			s.must(st.FinishJob(s.ctx, j, store.JobDead, err.Error()))
		default:
			s.must(st.RetryJob(s.ctx, j, st.Now().Add(time.Second), err.Error()))
		}
	}
	return len(rows) > 0
}

// post is the platform: it keeps what was sent, in order.
type post struct{ sent []sent }

type sent struct{ to, what string }

func (p *post) put(to bot.OpenID, what string) {
	p.sent = append(p.sent, sent{strings.TrimPrefix(string(to), "o_"), what})
}

func (p *post) SendText(_ context.Context, to bot.OpenID, text string) error {
	p.put(to, text)
	return nil
}

func (p *post) SendCard(_ context.Context, to bot.OpenID, c bot.Card) (string, error) {
	var fields []string
	for k, v := range c.Fields {
		fields = append(fields, k+"="+v)
	}
	sort.Strings(fields)
	p.put(to, "[卡片 "+strings.Join(fields, " ")+"]")
	return "", nil
}

func (p *post) FetchMedia(_ context.Context, mediaID string, _ int64) ([]byte, string, error) {
	if strings.HasPrefix(mediaID, "paper") {
		var b bytes.Buffer
		err := jpeg.Encode(&b, paper(), nil)
		return b.Bytes(), "image/jpeg", err
	}
	if strings.HasPrefix(mediaID, "picture") {
		var b bytes.Buffer
		err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil)
		return b.Bytes(), "image/jpeg", err
	}
	return []byte("#!AMR\n" + mediaID), "audio/amr", nil
}

// paper is a page of strokes on a table.
func paper() image.Image {
	img := image.NewGray(image.Rect(0, 0, 960, 720))
	fill := func(x, y, w, h int, c uint8) {
		draw.Draw(img, image.Rect(x, y, x+w, y+h), image.NewUniform(color.Gray{Y: c}), image.Point{}, draw.Src)
	}
	fill(0, 0, 960, 720, 90)
	fill(150, 60, 660, 600, 240)
	for y, n := 100, 1; y < 620; y += 28 {
		for x := 190; x < 760; x += 22 {
			for range 4 {
				n = (n*1103515245 + 12345) & 0x7fffffff
				fill(x+(n>>16)%12, y+(n>>8)%12, 3, 9, 40)
				fill(x+(n>>20)%12, y+(n>>12)%12, 9, 3, 40)
			}
		}
	}
	return img
}

func (p *post) UploadMedia(_ context.Context, kind, _ string, data []byte) (string, error) {
	return kind, nil
}

func (p *post) SendMedia(_ context.Context, to bot.OpenID, kind, mediaID string) error {
	p.put(to, "["+map[string]string{"voice": "语音", "image": "照片"}[kind]+"]")
	return nil
}

// relay binds a neighbour of a recipient.
func (s *stage) relay(name, recipient string) error {
	s.who = name
	st := s.db.System("test")
	guardian, err := st.Contact(s.ctx, s.codes[recipient+"的监护人"])
	if err != nil {
		return err
	}
	c := models.Contact{ID: st.NewID(), RecipientID: guardian.RecipientID, Kind: models.ContactNeighbour, Name: models.Conceal(name)}
	if err := st.Create(s.ctx, &c); err != nil {
		return err
	}
	return st.Bind(s.ctx, "o_"+name, models.RoleGuardian, c.ID)
}

// plan signs a person's plan: 送棉被 by 王敏.
func (s *stage) plan(name string, lines []string) error {
	guardian, err := s.db.System("test").Contact(s.ctx, s.codes[name+"的监护人"])
	if err != nil {
		return err
	}
	var measures []models.PlanMeasure
	for _, l := range lines {
		words, owner, _ := strings.Cut(l, " by ")
		measures = append(measures, models.PlanMeasure{Side: models.SideMaterial, Line: models.LinePairing, Words: models.Conceal(words), Owner: models.Conceal(owner), DueOn: "2026-12-31"})
	}
	return s.db.System("test").InTx(s.ctx, func(tx *store.Store) error {
		p := models.CarePlan{RecipientID: guardian.RecipientID}
		if err := tx.SavePlan(s.ctx, &p, measures); err != nil {
			return err
		}
		return tx.ApprovePlan(s.ctx, p, "2027-06-30")
	})
}
