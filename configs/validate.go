package configs

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"aixin/models"
)

// Validate names all that is wrong, each with what to do about it, as Faults.
// With serve it also asks for what only the running service needs.
func (c *Config) Validate(serve bool) error {
	var faults Faults
	fault := func(key, format string, args ...any) {
		faults = append(faults, key+" "+fmt.Sprintf(format, args...))
	}
	c.checkServer(fault)
	c.checkWeChat(fault, serve)
	c.checkStores(fault)

	if c.DataDir == "" {
		fault("data_dir", "是空的:写一个放数据的目录,如 ./data")
	}
	if _, err := time.LoadLocation(c.TimeZone); err != nil || c.TimeZone == "" || c.TimeZone == "Local" {
		fault("time_zone", "不是时区名:写成 Asia/Shanghai 这样")
	}
	if _, err := models.ParseWindows(c.Push.QuietHours); err != nil {
		fault("push.quiet_hours", "读不懂,%v;几段用逗号隔开,不要免打扰就留空", err)
	}
	if _, err := models.ParseWindows(c.Push.QuietHoursGuardian); err != nil {
		fault("push.quiet_hours_guardian", "读不懂,%v;几段用逗号隔开,不要免打扰就留空", err)
	}
	if c.Push.ApproveAbove < 0 {
		fault("push.approve_above", "不能小于 0")
	}
	if c.Push.RatePerSecond < 1 || c.Push.RatePerSecond > 500 {
		fault("push.rate_per_second", "要在 1 到 500 之间")
	}
	if q := c.Question; q.RemindAfter < 1 || q.UnitAfter < q.RemindAfter || q.CountyAfter < q.UnitAfter || q.CountyAfter > 60 {
		fault("question", "几个工作日要从 1 起,提醒、单位、县上一个比一个不早,最多 60")
	}
	if c.Question.ConfirmPercent < 0 || c.Question.ConfirmPercent > 100 {
		fault("question.confirm_percent", "要在 0 到 100 之间")
	}
	if c.Question.HearWithin < 1 || c.Question.HearWithin > 40 {
		fault("question.hear_within", "要在 1 到 40 个工作小时之间")
	}
	if c.Record.KeepWords < Span(7*day) {
		fault("record.keep_words", "最少 7d")
	}
	if c.Binding.EraseAfterUnfollow > Span(30*day) {
		fault("binding.erase_after_unfollow", "最多 30d")
	}
	for _, text := range c.Web.AllowNetworks {
		if _, err := parseNetwork(text); err != nil {
			fault("web.allow_networks", "里的 %q 不是网段:写成 10.1.0.0/16 或一个地址", text)
		}
	}
	if len(faults) > 0 {
		return faults
	}
	return nil
}

// Warnings names what works but is worth a second look before going live.
func (c *Config) Warnings() []string {
	var list []string
	if c.WeChat.EncodingAESKey == "" {
		list = append(list, "wechat.encoding_aes_key 没有填:消息按明文收,只适合测试号")
	}
	if c.Server.PublicURL == "" {
		list = append(list, "server.public_url 没有填:消息里不带手机页的链接")
	}
	if c.Database.Driver == "mysql" && len(c.Redis.Addrs) == 0 {
		list = append(list, "redis.addrs 没有填:用进程里自带的,只能跑一个 aixin serve;要跑几个,让它们共用一个 Redis,写 地址:6379")
	}
	if host, _, err := net.SplitHostPort(c.Server.OpsListen); err == nil && !loopback(host) {
		list = append(list, "server.ops_listen 不只本机可达:请确认外网访问不到它")
	}
	return list
}

func (c *Config) checkServer(fault func(key, format string, args ...any)) {
	for _, a := range []struct{ key, address string }{
		{"server.listen", c.Server.Listen},
		{"server.ops_listen", c.Server.OpsListen},
	} {
		if _, port, err := net.SplitHostPort(a.address); err != nil || port == "" {
			fault(a.key, "要写成 地址:端口,如 127.0.0.1:9090;所有地址写 :8080")
		}
	}
	if c.Server.Listen != "" && c.Server.Listen == c.Server.OpsListen && !strings.HasSuffix(c.Server.Listen, ":0") {
		fault("server.ops_listen", "不能和 server.listen 相同")
	}
	if c.Server.PublicURL != "" {
		u, ok := webURL(c.Server.PublicURL)
		if !ok {
			fault("server.public_url", "要以 https:// 开头,只有本机地址可以用 http://")
		} else if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
			fault("server.public_url", "只写到域名和端口,后面不带路径")
		}
	}
}

func (c *Config) checkWeChat(fault func(key, format string, args ...any), serve bool) {
	w := c.WeChat
	for _, must := range []struct{ key, value, where string }{
		{"wechat.app_id", w.AppID, "AppID"},
		{"wechat.app_secret", w.AppSecret.Reveal(), "AppSecret"},
		{"wechat.token", w.Token.Reveal(), "令牌 Token"},
	} {
		if must.value == "" && serve {
			fault(must.key, "没有填:到公众号后台的开发设置里抄 %s", must.where)
		} else if strings.ContainsAny(must.value, " \t\r\n") {
			fault(must.key, "里有空格或换行:到公众号后台重新抄 %s", must.where)
		}
	}
	for _, aes := range []struct {
		key   string
		value Secret
	}{
		{"wechat.encoding_aes_key", w.EncodingAESKey},
		{"wechat.previous_aes_key", w.PreviousAESKey},
	} {
		// The last character of a real key may have bits to spare, which a
		// strict decoder refuses.
		raw, err := base64.StdEncoding.DecodeString(aes.value.Reveal() + "=")
		if aes.value != "" && (err != nil || len(raw) != 32) {
			fault(aes.key, "不是 43 位的 EncodingAESKey:到公众号后台整段重抄,末尾不加 =")
		}
	}
	if w.PreviousAESKey != "" && w.EncodingAESKey == "" {
		fault("wechat.encoding_aes_key", "没有填,却有 previous_aes_key:新的密钥也要填")
	}
	if _, ok := webURL(w.APIBaseURL); !ok {
		fault("wechat.api_base_url", "要以 https:// 开头,只有本机地址可以用 http://;一般用默认的就好")
	}
	names := slices.Sorted(maps.Keys(w.Templates.ByName()))
	for _, name := range names {
		if kind := w.TemplateKinds.ByName()[name]; kind != "" && kind != "category" && kind != "classic" {
			fault("wechat.template_kinds."+name, "要写 category(类目模板)或 classic(老模板)")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.TemplateFields)) {
		if !slices.Contains(names, name) {
			fault(fieldsKey+"."+name, "没有这个模板,可用的是 %s", strings.Join(names, "、"))
		}
		for _, field := range slices.Sorted(maps.Keys(w.TemplateFields[name])) {
			if !platformKey.MatchString(w.TemplateFields[name][field]) {
				fault(fieldsKey+"."+name+"."+field, "要写平台的栏目名,如 thing1、time2")
			}
		}
	}
}

func (c *Config) checkStores(fault func(key, format string, args ...any)) {
	dsn := c.Database.DSN.Reveal()
	switch c.Database.Driver {
	case "sqlite":
		if strings.HasPrefix(dsn, ":memory:") {
			fault("database.dsn", "不能用 :memory:(每个连接各是一个空库):写文件名,或留空")
		}
	case "mysql":
		if d, ok := splitDSN(dsn); !ok || d.user == "" || d.name == "" {
			fault("database.dsn", "要写成 用户:密码@tcp(地址:3306)/库名")
		}
	default:
		fault("database.driver", "只能是 sqlite 或 mysql")
	}
	if c.Database.MaxOpen < 0 {
		fault("database.max_open", "不能是负数,0 表示由程序定")
	}
	for _, address := range c.Redis.Addrs {
		if host, port, err := net.SplitHostPort(address); err != nil || host == "" || port == "" {
			fault("redis.addrs", "每一项要写成 地址:6379")
			break
		}
	}
	if c.Storage.URL != "" {
		c.checkStorage(fault)
	}
}

func (c *Config) checkStorage(fault func(key, format string, args ...any)) {
	u, err := url.Parse(c.Storage.URL.Reveal())
	switch {
	case err != nil:
		fault("storage.url", "读不出:密钥里的 / @ : %% 要写成 %%2F %%40 %%3A %%25")
	case u.Scheme == "file":
		if u.Host != "" && u.Host != "localhost" || !strings.HasPrefix(u.Path, "/") {
			fault("storage.url", "目录要写成 file:///绝对路径")
		}
	case u.Scheme == "s3":
		if bucket := strings.Trim(u.Path, "/"); u.Host == "" || bucket == "" || strings.Contains(bucket, "/") {
			fault("storage.url", "对象存储要写成 s3://密钥编号:密钥@地址/桶名")
		}
		_, secret := u.User.Password()
		if !secret && (c.Storage.AccessKey == "" || c.Storage.SecretKey == "") {
			fault("storage.access_key", "没有填:写在 storage.access_key 和 storage.secret_key,或写进 storage.url")
		}
	default:
		fault("storage.url", "只能是 file:// 或 s3://")
	}
}

// platformKey is a field of a template as the platform names it.
var platformKey = regexp.MustCompile(`^[a-z]+(_[a-z]+)*[0-9]*$`)

// webURL accepts https anywhere and http on loopback.
func webURL(text string) (*url.URL, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return nil, false
	}
	return u, u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
