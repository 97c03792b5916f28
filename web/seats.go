package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"aixin/models"
)

// keySitting names the session among those of its account.
const keySitting = "sitting"

// sitting is one session of an account, so that its holder sees where one is
// signed in, and can end it.
type sitting struct {
	ID      string         `json:"-"`
	Since   models.Instant `json:"since"`
	Seen    models.Instant `json:"seen"`
	Address string         `json:"address"`
	Browser string         `json:"browser"`
	Here    bool           `json:"-"`
}

func sittingsKey(account string) string { return "aixin:sittings:" + account }

// sit enters a session among those of its account.
func (s *site) sit(ctx context.Context, r *http.Request, account string) error {
	now := models.InstantOf(s.Now())
	id := models.NewID(s.Now())
	s.office.Put(ctx, keySitting, id)
	return s.saveSitting(ctx, account, id, sitting{Since: now, Seen: now, Address: remoteAddress(r), Browser: browserOf(r)})
}

func (s *site) saveSitting(ctx context.Context, account, id string, sit sitting) error {
	text, err := json.Marshal(sit)
	if err != nil {
		return err
	}
	pipe := s.Redis.TxPipeline()
	pipe.HSet(ctx, sittingsKey(account), id, text)
	pipe.Expire(ctx, sittingsKey(account), officeLife)
	_, err = pipe.Exec(ctx)
	return away(err)
}

// sits tells whether a session still stands, and notes that it was used.
func (s *site) sits(ctx context.Context, account string) (bool, error) {
	id := s.office.GetString(ctx, keySitting)
	text, err := s.Redis.HGet(ctx, sittingsKey(account), id).Bytes()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	if err != nil {
		return false, away(err)
	}
	var sit sitting
	if err := json.Unmarshal(text, &sit); err != nil {
		return false, err
	}
	if now := models.InstantOf(s.Now()); now > sit.Seen.Add(time.Minute) {
		sit.Seen = now
		return true, s.saveSitting(ctx, account, id, sit)
	}
	return true, nil
}

func browserOf(r *http.Request) string {
	agent := []rune(r.UserAgent())
	return string(agent[:min(len(agent), 120)])
}

// BrowserText names what somebody signed in with as an office does: 微信,安卓手机.
func (s sitting) BrowserText() string {
	first := func(names [][2]string, other string) string {
		for _, n := range names {
			if strings.Contains(s.Browser, n[0]) {
				return n[1]
			}
		}
		return other
	}
	program := first([][2]string{{"MicroMessenger", "微信"}, {"Edg", "微软浏览器"}, {"QQBrowser", "QQ浏览器"}, {"Firefox", "火狐浏览器"}, {"Chrome", "谷歌一类的浏览器"}, {"Safari", "苹果浏览器"}}, "别的程序")
	return program + "," + first([][2]string{{"Android", "安卓手机"}, {"iPhone", "苹果手机"}, {"iPad", "苹果平板"}, {"Windows", "Windows 电脑"}, {"Mac OS", "苹果电脑"}, {"Linux", "Linux 电脑"}}, "不认得的机器")
}

// sittings lists the sessions of an account that have not run out, newest first.
func (s *site) sittings(ctx context.Context, account string) (all []sitting, err error) {
	rows, err := s.Redis.HGetAll(ctx, sittingsKey(account)).Result()
	if err != nil {
		return nil, away(err)
	}
	here := s.office.GetString(ctx, keySitting)
	for id, text := range rows {
		var sit sitting
		if err := json.Unmarshal([]byte(text), &sit); err != nil {
			return nil, err
		}
		if sit.ID, sit.Here = id, id == here; models.InstantOf(s.Now()) < sit.Seen.Add(officeIdle) {
			all = append(all, sit)
		}
	}
	slices.SortFunc(all, func(a, b sitting) int { return int(b.Seen - a.Seen) })
	return all, nil
}

type sittingsView struct {
	Rows []sittingRow
}

type sittingRow struct {
	sitting
	SinceText, SeenText string
}

func (s *site) sittingsPage(w http.ResponseWriter, r *http.Request, me seat) error {
	all, err := s.sittings(r.Context(), me.ID)
	if err != nil {
		return err
	}
	var v sittingsView
	for _, x := range all {
		v.Rows = append(v.Rows, sittingRow{x, s.clock(x.Since), s.clock(x.Seen)})
	}
	return s.draw(w, r, me, http.StatusOK, "sittings", v)
}

// endSittings ends one session of the own account, or all others.
func (s *site) endSittings(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	all, err := s.sittings(ctx, me.ID)
	if err != nil {
		return err
	}
	n := 0
	for _, x := range all {
		if x.Here || f.Get("id") != "" && f.Get("id") != x.ID {
			continue
		}
		n++
		if err := s.Redis.HDel(ctx, sittingsKey(me.ID), x.ID).Err(); err != nil {
			return away(err)
		}
	}
	if n == 0 {
		return s.done(w, r, "/admin/sittings", "别处没有登着的。")
	}
	if err := me.st.Note(ctx, "sitting.end", "account:"+me.ID, ""); err != nil {
		return err
	}
	return s.done(w, r, "/admin/sittings", "那边已经退出了。")
}

// clock writes a moment as offices read it.
func (s *site) clock(at models.Instant) string {
	if at == 0 {
		return ""
	}
	return s.date(models.DayOf(at.Time(), s.Zone)) + " " + at.Time().In(s.Zone).Format("15:04")
}

// date shows a day as people read it, with its year where that is not this one;
// nothing for no day.
func (s *site) date(d models.Day) string {
	switch {
	case d == "":
		return ""
	case d.Year() == s.today().Year():
		return d.String()
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Time().Month(), d.Time().Day())
}
