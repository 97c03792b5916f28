package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"

	"aixin/models"
)

// work is something that takes longer than a page may: an import, a bulk move, a
// large workbook. How far it is stands in Redis, so that any replica can tell;
// what it does stands in the database.
type work struct {
	ID      string `json:"id"`
	Account string `json:"account"`
	Title   string `json:"title"`
	Done    int    `json:"done"`
	Total   int    `json:"total"`
	Over    bool   `json:"over"`
	Fault   string `json:"fault"`
	Text    string `json:"text"` // what came of it
	Link    string `json:"link"` // where that is
}

const (
	workLife = 24 * time.Hour
	workMost = 15 * time.Minute
)

// Percent is how far it is.
func (w work) Percent() int {
	if w.Total == 0 {
		return 0
	}
	return min(100, 100*w.Done/w.Total)
}

// begin starts work behind a page and gives the page that shows how far it is.
// The work outlives the request; do calls step as it goes on and tells what came
// of it and where that is.
func (s *site) begin(r *http.Request, me seat, title string, do func(ctx context.Context, step func(done, total int)) (text, link string, err error)) (page string, err error) {
	job := work{ID: models.NewID(s.Now()), Account: me.ID, Title: title}
	if err := s.saveWork(r.Context(), job); err != nil {
		return "", err
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(r.Context()), workMost)
	go func() {
		defer stop()
		defer func() {
			if p := recover(); p != nil {
				s.Log.Error("work failed", "work", job.ID, "panic", p)
				job.Over, job.Fault = true, "没做完,已经记下来了;请把编号 "+job.ID[:13]+" 告诉管理员。"
				s.keepWork(job)
			}
		}()
		last := -1
		text, link, err := do(ctx, func(done, total int) {
			job.Done, job.Total = done, total
			if p := job.Percent(); p != last {
				last = p
				s.keepWork(job)
			}
		})
		job.Over, job.Text, job.Link = true, text, link
		if err != nil {
			s.Log.Error("work failed", "work", job.ID, "err", err)
			job.Fault = "没做完,已经记下来了;请把编号 " + job.ID[:13] + " 告诉管理员。"
		}
		s.keepWork(job)
	}()
	return "/admin/work/" + job.ID, nil
}

func (s *site) saveWork(ctx context.Context, job work) error {
	text, err := json.Marshal(job)
	if err != nil {
		return err
	}
	return away(s.Redis.Set(ctx, "aixin:work:"+job.ID, text, workLife).Err())
}

// keepWork tells how far work is; that it cannot be told does not stop it.
func (s *site) keepWork(job work) {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Second)
	defer stop()
	if err := s.saveWork(ctx, job); err != nil {
		s.Log.Warn("progress not told", "work", job.ID, "err", err)
	}
}

// workPage shows how far somebody's work is; it looks again by itself until the
// work is over.
func (s *site) workPage(w http.ResponseWriter, r *http.Request, me seat) error {
	text, err := s.Redis.Get(r.Context(), "aixin:work:"+r.PathValue("id")).Bytes()
	if errors.Is(err, redis.Nil) {
		return s.noPage(w, r)
	}
	if err != nil {
		return away(err)
	}
	var job work
	if err := json.Unmarshal(text, &job); err != nil || job.Account != me.ID {
		return s.noPage(w, r)
	}
	if !job.Over {
		w.Header().Set("Refresh", "2")
	}
	return s.draw(w, r, me, http.StatusOK, "work", job)
}
