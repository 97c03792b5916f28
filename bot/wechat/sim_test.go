package wechat_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"aixin/bot"
	"aixin/bot/wechat"
	"aixin/bot/wechatsim"
)

// The callback and the client against the whole simulator, over real HTTP.
func TestAgainstTheSimulator(t *testing.T) {
	for name, key := range map[string]string{"sealed": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "plain": ""} {
		t.Run(name, func(t *testing.T) {
			const app, token, secret = "wx0123456789abcdef", "tOkEn", "0123456789abcdef0123456789abcdef"
			var got []bot.Message
			h, err := wechat.NewCallback(wechat.Settings{AppID: app, Token: token, AESKey: key}, func(_ context.Context, m bot.Message) (bot.Answer, error) {
				got = append(got, m)
				if m.Kind != bot.KindText {
					return bot.Answer{}, nil
				}
				return bot.Answer{Reply: bot.Reply{Text: "记上了:" + m.Text}, At: time.Now()}, nil
			}, time.Now, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			callback := httptest.NewServer(h)
			defer callback.Close()
			sim := wechatsim.New(wechatsim.Config{AppID: app, AppSecret: secret, Token: token, AESKey: key, Account: "gh_1", CallbackURL: callback.URL, Now: time.Now})
			defer sim.Close()
			api := httptest.NewServer(sim.API())
			defer api.Close()
			who := wechatsim.Person{OpenID: "oABCDEFGHIJKLMNOPQRSTUVWXYZ1", Name: "王敏", Followed: true}
			sim.Add(who)
			ctx := t.Context()
			if err := sim.CheckURL(ctx); err != nil {
				t.Fatal(err)
			}
			r, err := sim.Text(ctx, who.OpenID, "昨天去老谷家]]>走访")
			if err != nil || r.Text != "记上了:昨天去老谷家]]>走访" {
				t.Errorf("%+v %v", r, err)
			}
			c := wechat.NewClient(wechat.Options{AppID: app, AppSecret: secret, BaseURL: api.URL, Now: time.Now})
			if err := c.SendText(ctx, bot.OpenID(who.OpenID), "晚到的答复"); err != nil {
				t.Error(err)
			}
			var e *bot.SendError
			if err := c.SendText(ctx, "oNobodyNobodyNobodyNobody001", "x"); !errors.As(err, &e) || e.Code != 40003 {
				t.Error(err)
			}
			templates, err := c.Templates(ctx)
			if err != nil || len(templates) == 0 || len(templates[0].Keys) == 0 {
				t.Errorf("%+v %v", templates, err)
			}
			jpeg := append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), strings.Repeat("x", 500)...)
			if _, err := sim.Photo(ctx, who.OpenID, jpeg); err != nil {
				t.Fatal(err)
			}
			photo := got[len(got)-1]
			data, _, err := c.FetchMedia(ctx, photo.MediaID, 1<<20)
			if err != nil || photo.Kind != bot.KindImage || string(data) != string(jpeg) {
				t.Error(len(data), err)
			}
			if _, _, err := c.FetchMedia(ctx, "gone", 1<<20); !errors.As(err, &e) || e.Code != 40007 || e.Action != bot.ActRetry {
				t.Error(err)
			}
			id, err := c.UploadMedia(ctx, "image", "a.jpg", jpeg)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.SendMedia(ctx, bot.OpenID(who.OpenID), "image", id); err != nil {
				t.Error(err)
			}
			if err := c.CreateMenu(ctx, []byte(`{"button":[{"type":"click","name":"记一笔","key":"record"}]}`)); err != nil {
				t.Error(err)
			}
			if _, err := sim.Click(ctx, who.OpenID, "record"); err != nil || got[len(got)-1].EventKey != "record" {
				t.Error(err, got[len(got)-1])
			}
			if menu, err := c.Menu(ctx); err != nil || !strings.Contains(string(menu), "记一笔") {
				t.Error(string(menu), err)
			}
			ticket, _, err := c.QRCode(ctx, "bind-1", time.Hour)
			if err != nil || ticket == "" {
				t.Error(err)
			}
			back, err := sim.Authorize(who.OpenID, c.OAuthURL(callback.URL+"/h/1", "st1"))
			if err != nil {
				t.Fatal(err)
			}
			_, code, _ := strings.Cut(back, "code=")
			code, _, _ = strings.Cut(code, "&")
			if id, err := c.OAuthOpenID(ctx, code); err != nil || string(id) != who.OpenID {
				t.Error(id, err)
			}
			if ips, err := c.CallbackIPs(ctx); err != nil || len(ips) == 0 {
				t.Error(ips, err)
			}
		})
	}
}
