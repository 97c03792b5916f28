package configs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestNothingPrintsASecret(t *testing.T) {
	c := served()
	c.WeChat.AppSecret, c.WeChat.Token, c.WeChat.PreviousAESKey = "hush1", "hush2", "hush3"
	c.WeChat.EncodingAESKey = "hush4"
	c.Redis.Password, c.Storage.SecretKey = "hush5", "hush6"
	c.Database.DSN = "app:hush7/@x:y@tcp(db:3306)/aixin"
	c.Storage.URL = "s3://key:hush8@host/bucket?region=r"
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "config", c, "secret", c.Redis.Password, "dsn", c.Database.DSN)
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "config", c, "wechat", &c.WeChat)
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	prints := map[string]string{"Masked": c.Masked(), "slog": log.String(), "JSON": string(asJSON)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		prints[verb] = fmt.Sprintf(verb, c) + fmt.Sprintf(verb, &c.Redis.Password) + fmt.Sprintf(verb, c.Database.DSN)
	}
	for how, text := range prints {
		if strings.Contains(text, "hush") || strings.Contains(text, "68757368") {
			t.Errorf("%s shows a secret: %s", how, text)
		}
	}
	for _, want := range []string{"app:******@tcp(db:3306)/aixin", "s3://key:******@host/bucket?region=r", "app_id: wx1", "app_secret: '******'", "undo_within: 1d", `password: '******'`} {
		if !strings.Contains(c.Masked(), want) {
			t.Errorf("Masked lacks %q:\n%s", want, c.Masked())
		}
	}
	if got := Default().Masked(); strings.Contains(got, mask) {
		t.Errorf("an empty secret is shown as set:\n%s", got)
	}
	for address, want := range map[Address]string{
		"":                               "",
		"./data/a.db":                    "./data/a.db",
		"file:a.db?x=1":                  "file:a.db?x=1",
		"file:///srv/x":                  "file:///srv/x",
		"root@tcp(h:1)/a":                "root@tcp(h:1)/a",
		"app:hush@db":                    mask,
		"app:hush tcp(h)/a":              mask,
		"s3://k:hu@sh@host/b":            "s3://k:******@host/b",
		"s3://k:1/hush@host/b":           mask,
		"s3://k:hu/sh@host/b":            mask,
		"s3://host/b":                    "s3://host/b",
		"app:hush@tcp(h)/a?loc=Asia/Hot": mask,
	} {
		if got := address.String(); got != want {
			t.Errorf("%q is shown as %q, want %q", address.Reveal(), got, want)
		}
	}
}
