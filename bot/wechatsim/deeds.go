package wechatsim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// deed is what the page (or a test from outside) has a phone do.
type deed struct {
	OpenID      string  `json:"openid"`
	Do          string  `json:"do"`
	Text        string  `json:"text"`
	ID          string  `json:"id"`
	Key         string  `json:"key"`
	URL         string  `json:"url"`
	Scene       string  `json:"scene"`
	Sample      int     `json:"sample"`
	Lat         float64 `json:"lat"`
	Lng         float64 `json:"lng"`
	On          bool    `json:"on"`
	Recognition string  `json:"recognition"`
	Wait        bool    `json:"wait"` // answer with the reply; else at once
}

var errDeed = errors.New("wechatsim: no such deed")

func (s *Sim) do(ctx context.Context, d deed) (Reply, error) {
	switch d.Do {
	case "text":
		return s.Text(ctx, d.OpenID, d.Text)
	case "choose":
		return s.Choose(ctx, d.OpenID, d.ID, d.Text)
	case "sample":
		data := SamplePhoto(d.Sample)
		if data == nil {
			return Reply{}, errDeed
		}
		return s.Photo(ctx, d.OpenID, data)
	case "voice":
		return s.Voice(ctx, d.OpenID, SampleVoice(), d.Recognition)
	case "place":
		return s.Place(ctx, d.OpenID, d.Lat, d.Lng, d.Text)
	case "click":
		return s.Click(ctx, d.OpenID, d.Key)
	case "view":
		return s.View(ctx, d.OpenID, d.URL)
	case "scan":
		return s.Scan(ctx, d.OpenID, d.Scene)
	case "follow":
		return s.Follow(ctx, d.OpenID, d.Scene)
	case "unfollow":
		return s.Unfollow(ctx, d.OpenID)
	case "block":
		return Reply{}, s.Block(d.OpenID, d.On)
	}
	return Reply{}, errDeed
}

func (s *Sim) postAct(w http.ResponseWriter, r *http.Request) {
	var d deed
	if !readJSON(w, r, &d) {
		return
	}
	s.perform(w, d.OpenID, d.Wait, func(ctx context.Context) (Reply, error) { return s.do(ctx, d) })
}

// postPhoto takes the picture itself as the body.
func (s *Sim) postPhoto(w http.ResponseWriter, r *http.Request) {
	limit := int64(mediaTypes["image"].size)
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		http.Error(w, "照片太大,最多 10 MB", http.StatusRequestEntityTooLarge)
		return
	}
	if mediaTypes["image"].kinds[sniff(data)] == "" {
		http.Error(w, "这不是照片", http.StatusUnsupportedMediaType)
		return
	}
	q := r.URL.Query()
	s.perform(w, q.Get("openid"), q.Get("wait") != "", func(ctx context.Context) (Reply, error) {
		return s.Photo(ctx, q.Get("openid"), data)
	})
}

// perform does it and answers with the reply, or at once without: the page has
// few connections and learns of the reply by its stream. What a phone has sent
// is sent, so a page that goes away ends nothing.
func (s *Sim) perform(w http.ResponseWriter, openid string, wait bool, do func(context.Context) (Reply, error)) {
	s.mu.Lock()
	_, known := s.phones[openid]
	s.mu.Unlock()
	if !known {
		http.Error(w, "没有这个人", http.StatusNotFound)
		return
	}
	if !wait {
		go func() {
			if _, err := do(s.life); err != nil {
				s.log.Warn("the page's deed failed", "error", err)
			}
		}()
		w.WriteHeader(http.StatusAccepted)
		return
	}
	reply, err := do(s.life)
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	writeJSON(w, "application/json", object{
		"kind": reply.Kind, "text": reply.Text, "media_id": reply.MediaID,
		"fault": reply.Fault, "deliveries": reply.Deliveries,
	})
}

func (s *Sim) postClock(w http.ResponseWriter, r *http.Request) {
	var in struct {
		To string `json:"to"`
	}
	if !readJSON(w, r, &in) {
		return
	}
	now := s.now()
	to, ok := clockTarget(in.To, now)
	if !ok || s.cfg.Shift == nil {
		http.Error(w, "时间不能这样拨", http.StatusBadRequest)
		return
	}
	s.cfg.Shift(to.Sub(now))
	s.mu.Lock()
	s.wake("clock")
	s.mu.Unlock()
	s.serveState(w, r)
}

// clockTarget is where a button of the page moves the clock; always forward.
func clockTarget(button string, now time.Time) (time.Time, bool) {
	y, m, d := now.Date()
	at := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 8, 30, 0, 0, now.Location()) }
	switch button {
	case "hour":
		return now.Add(time.Hour), true
	case "tomorrow":
		return at(y, m, d+1), true
	case "monday":
		return at(y, m, d+(7-int(now.Weekday()))%7+1), true
	case "fifteenth":
		return at(y, m+1, 15), true
	}
	return time.Time{}, false
}

// postPerson brings a stranger who follows the account.
func (s *Sim) postPerson(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name string `json:"name"`
	}
	if !readJSON(w, r, &in) {
		return
	}
	s.mu.Lock()
	name := in.Name
	if name == "" {
		name = fmt.Sprintf("新朋友%d", len(s.order)+1)
	}
	s.mu.Unlock()
	p := Person{
		OpenID: NewOpenID(), Name: name, Role: "路人", Note: "刚关注,还没绑定",
		Try: []string{"你好", "帮助"},
	}
	s.Add(p)
	go s.Follow(s.life, p.OpenID, "")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	json.NewEncoder(w).Encode(object{"openid": p.OpenID})
}
