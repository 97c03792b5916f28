package configs

import (
	"strings"
	"testing"
)

const aesKey Secret = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

// served is a configuration that serve accepts.
func served() Config {
	c := Default()
	c.WeChat.AppID, c.WeChat.AppSecret, c.WeChat.Token, c.WeChat.EncodingAESKey = "wx1", "sec", "tok", aesKey
	return c
}

func TestValidate(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"as it is":     func(*Config) {},
		"test account": func(c *Config) { c.WeChat.EncodingAESKey = "" },
		"simulator": func(c *Config) {
			c.WeChat.APIBaseURL, c.Server.PublicURL = "http://127.0.0.1:1/x", "http://localhost:8080"
		},
		"IPv6 loopback": func(c *Config) { c.WeChat.APIBaseURL = "http://[::1]:1" },
		"any ports":     func(c *Config) { c.Server.Listen, c.Server.OpsListen = "127.0.0.1:0", "127.0.0.1:0" },
		"mysql": func(c *Config) {
			c.Database.Driver, c.Database.DSN = "mysql", "app:p@ss:w/rd@tcp(db:3306)/aixin?tls=true"
			c.Redis.Addrs = []string{"r:6379"}
		},
		"mysql by socket": func(c *Config) {
			c.Database.Driver, c.Database.DSN = "mysql", "root@unix(/run/db.sock)/aixin"
			c.Redis.Addrs = []string{"r:6379"}
		},
		"s3":             func(c *Config) { c.Storage.URL = "s3://k:s@host:9000/bucket?region=r" },
		"s3, keys apart": func(c *Config) { c.Storage = Storage{"s3://host/bucket", "k", "s"} },
		"folder":         func(c *Config) { c.Storage.URL = "file:///srv/photos" },
		"no quiet":       func(c *Config) { c.Push.QuietHours, c.Push.QuietHoursGuardian = "", " " },
		"30 days":        func(c *Config) { c.Binding.EraseAfterUnfollow = Span(30 * day) },
		"fields": func(c *Config) {
			c.WeChat.TemplateFields = map[string]map[string]string{"alert": {"a": "character_string12", "b": "const"}}
		},
	} {
		c := served()
		change(&c)
		if err := c.Validate(true); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := Default()
	if err := c.Validate(false); err != nil {
		t.Errorf("a command needs no account, but: %v", err)
	}

	for _, bad := range []struct {
		key    string
		change func(*Config)
	}{
		{"wechat.app_id", func(c *Config) { c.WeChat.AppID = "" }},
		{"wechat.app_secret", func(c *Config) { c.WeChat.AppSecret = "" }},
		{"wechat.token", func(c *Config) { c.WeChat.Token = "to ken" }},
		{"wechat.encoding_aes_key", func(c *Config) { c.WeChat.EncodingAESKey = aesKey[:42] }},
		{"wechat.encoding_aes_key", func(c *Config) { c.WeChat.EncodingAESKey = aesKey + "=" }},
		{"wechat.encoding_aes_key", func(c *Config) { c.WeChat.EncodingAESKey, c.WeChat.PreviousAESKey = "", aesKey }},
		{"wechat.previous_aes_key", func(c *Config) { c.WeChat.PreviousAESKey = "old" }},
		{"wechat.api_base_url", func(c *Config) { c.WeChat.APIBaseURL = "http://api.weixin.qq.com" }},
		{"wechat.api_base_url", func(c *Config) { c.WeChat.APIBaseURL = "" }},
		{"wechat.api_base_url", func(c *Config) { c.WeChat.APIBaseURL = "http://127.0.0.1@far.example" }},
		{"wechat.template_kinds.alert", func(c *Config) { c.WeChat.TemplateKinds.Alert = "old" }},
		{"wechat.template_fields.party", func(c *Config) { c.WeChat.TemplateFields = map[string]map[string]string{"party": nil} }},
		{"wechat.template_fields.alert.a", func(c *Config) { c.WeChat.TemplateFields = map[string]map[string]string{"alert": {"a": "Thing 1"}} }},
		{"server.listen", func(c *Config) { c.Server.Listen = "8080" }},
		{"server.ops_listen", func(c *Config) { c.Server.OpsListen = c.Server.Listen }},
		{"server.public_url", func(c *Config) { c.Server.PublicURL = "http://ax.example" }},
		{"server.public_url", func(c *Config) { c.Server.PublicURL = "https://ax.example/deep" }},
		{"server.public_url", func(c *Config) { c.Server.PublicURL = "ax.example" }},
		{"database.driver", func(c *Config) { c.Database.Driver = "postgres" }},
		{"database.dsn", func(c *Config) { c.Database.DSN = ":memory:" }},
		{"database.dsn", func(c *Config) { c.mysql("app:hush@db:3306/aixin") }},
		{"database.dsn", func(c *Config) { c.mysql("app:hush@tcp(db:3306)") }},
		{"database.dsn", func(c *Config) { c.mysql("app:hush@tcp(db:3306)/") }},
		{"database.dsn", func(c *Config) { c.mysql("") }},
		{"database.max_open", func(c *Config) { c.Database.MaxOpen = -1 }},
		{"redis.addrs", func(c *Config) { c.Redis.Addrs = []string{"r:1", "redis://r:1", "x"} }},
		{"storage.url", func(c *Config) { c.Storage.URL = "cos://k:hush@h/b" }},
		{"storage.url", func(c *Config) { c.Storage.URL = "file://data" }},
		{"storage.url", func(c *Config) { c.Storage.URL = "s3://k:hush@h/" }},
		{"storage.url", func(c *Config) { c.Storage.URL = "s3://k:hu/sh@h/b" }},
		{"storage.access_key", func(c *Config) { c.Storage.URL = "s3://h/b" }},
		{"data_dir", func(c *Config) { c.DataDir = "" }},
		{"time_zone", func(c *Config) { c.TimeZone = "Asia/Pingliang" }},
		{"time_zone", func(c *Config) { c.TimeZone = "" }},
		{"time_zone", func(c *Config) { c.TimeZone = "Local" }},
		{"push.quiet_hours", func(c *Config) { c.Push.QuietHours = "21:00-25:00" }},
		{"push.quiet_hours", func(c *Config) { c.Push.QuietHours = "21:00-08:00," }},
		{"push.quiet_hours_guardian", func(c *Config) { c.Push.QuietHoursGuardian = "21:00-21:00" }},
		{"push.rate_per_second", func(c *Config) { c.Push.RatePerSecond = 0 }},
		{"question", func(c *Config) { c.Question.UnitAfter = 1 }},
		{"question.hear_within", func(c *Config) { c.Question.HearWithin = 0 }},
		{"question.confirm_percent", func(c *Config) { c.Question.ConfirmPercent = 101 }},
		{"record.keep_words", func(c *Config) { c.Record.KeepWords = Span(6 * day) }},
		{"binding.erase_after_unfollow", func(c *Config) { c.Binding.EraseAfterUnfollow = Span(31 * day) }},
	} {
		c := served()
		bad.change(&c)
		err := c.Validate(true)
		faults, _ := err.(Faults)
		if len(faults) != 1 || !strings.HasPrefix(faults[0], bad.key+" ") {
			t.Errorf("want one fault of %s, got %v", bad.key, err)
		} else if strings.Contains(err.Error(), "hush") {
			t.Errorf("a fault shows a secret: %v", err)
		}
	}

	// All at once.
	all := Config{Database: Database{Driver: "?"}}
	if faults, _ := all.Validate(true).(Faults); len(faults) != 13 {
		t.Errorf("an empty configuration has %d faults:\n%v", len(faults), faults)
	}
}

func (c *Config) mysql(dsn Address) {
	c.Database.Driver, c.Database.DSN, c.Redis.Addrs = "mysql", dsn, []string{"r:1"}
}
