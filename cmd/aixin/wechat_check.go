package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"aixin/bot/wechat"
	"aixin/configs"
	"aixin/handlers/say"
	"aixin/models"
)

type wechatCheckCmd struct{}

// Help is shown by aixin wechat check --help.
func (wechatCheckCmd) Help() string {
	return `一项一行:“好”就是好,“错”后面写着怎么办,“看”是能用但值得看一眼。有一个“错”,退出码就是 1。

先让 aixin serve 跑起来再查,回调才查得到。`
}

// checkup is one look at an account.
type checkup struct {
	*env
	client *wechat.Client
	faults int
}

func (c *checkup) good(what, format string, args ...any) {
	fmt.Fprintf(c.stdout, "好  %s:%s\n", what, fmt.Sprintf(format, args...))
}

func (c *checkup) look(what, format string, args ...any) {
	fmt.Fprintf(c.stdout, "看  %s:%s\n", what, fmt.Sprintf(format, args...))
}

func (c *checkup) fault(what, format string, args ...any) {
	c.faults++
	fmt.Fprintf(c.stdout, "错  %s:%s\n", what, fmt.Sprintf(format, args...))
}

// Run looks at everything that stands between this program and the account, and
// goes on after a fault.
func (w *wechatCheckCmd) Run(e *env) error {
	c := &checkup{env: e}
	c.settings()
	client, err := e.platform()
	if err != nil {
		c.fault("公众号", "%v", err)
		return exitCode(1)
	}
	c.client = client
	c.drift()
	if c.token() {
		c.templates()
		c.menu()
		c.quotas()
	} else {
		c.look("模板、菜单、次数", "令牌没拿到,查不了;先解决上面的")
	}
	c.callback()
	if c.faults > 0 {
		return exitCode(1)
	}
	return nil
}

func (c *checkup) settings() {
	cfg, err := configs.Read(c.configFile, os.Environ(), true)
	var faults configs.Faults
	switch {
	case err == nil:
		c.good("设置", "齐了")
		for _, w := range cfg.Warnings() {
			c.look("设置", "%s", w)
		}
	case errors.As(err, &faults):
		for _, f := range faults {
			c.fault("设置", "%s", f)
		}
	default:
		c.fault("设置", "%v", err)
	}
}

// mayDrift is how far the clocks may be apart: pushes are refused at 5 minutes.
const mayDrift = 30 * time.Second

// drift compares this machine's clock with the Date of an answer of the API.
func (c *checkup) drift() {
	ctx, cancel := context.WithTimeout(c.ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, c.cfg.WeChat.APIBaseURL, nil)
	if err != nil {
		c.fault("接口", "wechat.api_base_url 不是网址")
		return
	}
	began := c.clock.Real()
	rsp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		c.fault("接口", "连不上 %s(%s):看本机能不能上外网、wechat.api_base_url 对不对", req.URL.Host, connectionTrouble(err))
		return
	}
	rsp.Body.Close()
	theirs, err := http.ParseTime(rsp.Header.Get("Date"))
	if err != nil {
		c.look("时钟", "对方没有说现在几点,比不了")
		return
	}
	// The header has whole seconds, and was written while we waited.
	ours := began.Add(c.clock.Real().Sub(began) / 2)
	ahead := ours.Sub(theirs.Add(500 * time.Millisecond))
	word := "快"
	if ahead < 0 {
		word = "慢"
	}
	if ahead.Abs() > mayDrift {
		c.fault("时钟", "本机比微信%s %d 秒:开启时间同步(chrony 或 ntp),差 5 分钟消息就收不进来", word, int(ahead.Abs().Seconds()))
		return
	}
	c.good("时钟", "和微信一致")
}

// ipInReason is the address that the platform saw and refused.
var ipInReason = regexp.MustCompile(`\b\d{1,3}(?:\.\d{1,3}){3}\b`)

func (c *checkup) token() bool {
	ips, err := c.client.CallbackIPs(c.ctx)
	if err != nil {
		c.fault("令牌", "%s", platformAdvice(err))
		return false
	}
	c.good("令牌", "拿到了,AppID、AppSecret、IP 白名单都对;微信会从 %d 个地址推消息来", len(ips))
	return true
}

// templates holds the configured templates against those of the account: one
// field that does not fit, and the platform refuses the whole message.
func (c *checkup) templates() {
	list, err := c.client.Templates(c.ctx)
	if err != nil {
		c.fault("模板", "%s", platformAdvice(err))
		return
	}
	ids := c.cfg.WeChat.Templates.ByName()
	for _, name := range slices.Sorted(maps.Keys(ids)) {
		id := ids[name]
		i := slices.IndexFunc(list, func(t wechat.Template) bool { return t.ID == id })
		switch {
		case id == "":
			c.look("模板", "wechat.templates.%s 没设:这类推送只发得到 48 小时内说过话的人", name)
		case i < 0:
			c.fault("模板", "wechat.templates.%s 的编号账号里没有:用 aixin wechat templates 看有哪些,再重抄", name)
		default:
			c.template(name, list[i])
		}
	}
}

func (c *checkup) template(name string, t wechat.Template) {
	fields := say.SampleCards(time.Time{})[name].Fields()
	for field := range c.cfg.WeChat.TemplateFields[name] {
		if _, known := fields[field]; !known {
			c.fault("模板", "wechat.template_fields.%s 里的 %s 程序没有这一栏:左边只能写 %s", name, field, strings.Join(slices.Sorted(maps.Keys(fields)), "、"))
			return
		}
	}
	classic := slices.ContainsFunc(t.Keys, func(k string) bool { return strings.HasPrefix(k, "keyword") })
	if kind := templateKinds(c.cfg)[name]; classic != (kind == models.ClassicTemplate) && len(c.cfg.WeChat.TemplateFields[name]) == 0 {
		is, set := "类目模板", "category"
		if classic {
			is, set = "老模板", "classic"
		}
		c.fault("模板", "wechat.templates.%s(“%s”)是%s,设置不是:把 wechat.template_kinds.%s 写成 %s", name, t.Title, is, name, set)
		return
	}
	ours := templateKeys(c.cfg, name)
	theirs := slices.DeleteFunc(slices.Clone(t.Keys), func(k string) bool { return k == "first" || k == "remark" })
	without := func(all, some []string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(k string) bool { return slices.Contains(some, k) })
	}
	lack, extra := without(ours, theirs), without(theirs, ours)
	if len(lack)+len(extra) == 0 {
		c.good("模板", "wechat.templates.%s 是“%s”,栏目对得上", name, t.Title)
		return
	}
	c.fault("模板", "wechat.templates.%s(“%s”)栏目对不上,程序填 %s,模板要 %s:在 wechat.template_fields.%s 里写明对应,或换一个栏目一样的模板",
		name, t.Title, strings.Join(ours, " "), strings.Join(theirs, " "), name)
}

// menu holds the menus of the account against the program's, each by itself.
func (c *checkup) menu() {
	have, there, err := readMenu(c.ctx, c.client)
	var want published
	if err := json.Unmarshal(menuJSON, &want.Menu); err != nil {
		panic(err) // a text of ours
	}
	switch {
	case err != nil:
		c.fault("菜单", "%s", platformAdvice(err))
		return
	case !there:
		c.fault("菜单", "还没发布:运行 aixin wechat menu")
		return
	case !sameMenu(have.Menu.Button, want.Menu.Button):
		c.fault("菜单", "账号上的默认菜单和程序的不一样(多半在公众号后台改过):运行 aixin wechat menu 重新发布")
	default:
		c.good("菜单", "默认的发布了,和程序的一样")
	}
	tags, err := c.client.Tags(c.ctx)
	if err != nil {
		c.fault("标签", "%s", platformAdvice(err))
		return
	}
	for _, label := range labels {
		ids, newest := have.of(tags[label])
		switch {
		case tags[label] == 0:
			c.fault("标签", "账号里没有“%s”,这些人只看得到默认菜单:运行 aixin wechat menu", label)
		case len(ids) == 0:
			c.fault("菜单", "没有“%s”的个性化菜单:运行 aixin wechat menu", label)
		case !sameMenu(newest, menuOf(label, strings.TrimRight(c.cfg.Server.PublicURL, "/"))):
			c.fault("菜单", "“%s”的个性化菜单和程序的不一样:运行 aixin wechat menu 重新发布", label)
		default:
			c.good("菜单", "“%s”的发布了,和程序的一样", label)
		}
	}
}

// scarce is the share of a day's calls, in hundredths, below which one should look.
const scarce = 10

// quotas tells whether the day's calls of what pushes need are nearly used up.
func (c *checkup) quotas() {
	for _, api := range []struct{ name, path string }{
		{"模板消息", "/cgi-bin/message/template/send"}, {"客服消息", "/cgi-bin/message/custom/send"},
	} {
		switch limit, left, err := c.client.Quota(c.ctx, api.path); {
		case err != nil:
			c.fault("次数", "%s", platformAdvice(err))
			return
		case limit == 0:
			c.good("次数", "%s今天不限次数", api.name)
		case left == 0:
			c.fault("次数", "%s今天的 %d 次用完了,没发的零点后接着发:等不及就在公众号后台清零(一个月十次)", api.name, limit)
		case left*100 < limit*scarce:
			c.look("次数", "%s今天只剩 %d 次(共 %d 次)", api.name, left, limit)
		default:
			c.good("次数", "%s今天还剩 %d 次", api.name, left)
		}
	}
}

// callback does what saving the server settings in the console does: a signed
// GET whose echostr must come back as it is.
func (c *checkup) callback() {
	base := strings.TrimRight(c.cfg.Server.PublicURL, "/")
	if base == "" || c.cfg.WeChat.Token.Reveal() == "" {
		c.fault("回调", "没有 server.public_url 或 wechat.token,查不了:先填上")
		return
	}
	ts, nonce, echo := strconv.FormatInt(c.clock.Real().Unix(), 10), rand.Text()[:10], rand.Text()
	q := url.Values{"signature": {wechat.Sign(c.cfg.WeChat.Token.Reveal(), ts, nonce)}, "timestamp": {ts}, "nonce": {nonce}, "echostr": {echo}}
	ctx, cancel := context.WithTimeout(c.ctx, 5*time.Second) // the platform waits no longer
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/wechat/callback?"+q.Encode(), nil)
	if err != nil {
		c.fault("回调", "server.public_url 不是网址")
		return
	}
	rsp, err := http.DefaultTransport.RoundTrip(req) // the platform follows no redirect either
	if err != nil {
		c.fault("回调", "%s 连不上(%s):看域名解析、端口、证书、防火墙,aixin serve 在不在跑", req.URL.Host, connectionTrouble(err))
		return
	}
	defer rsp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(rsp.Body, 1<<10))
	switch {
	case err == nil && rsp.StatusCode == http.StatusOK && string(body) == echo:
		c.good("回调", "%s/wechat/callback 通,令牌 Token 对;公众号后台的服务器地址就填它", base)
	case rsp.StatusCode == http.StatusForbidden:
		c.fault("回调", "那边不认这个 Token:正在跑的 aixin serve 和这里的 wechat.token 不一样,改成同一个再重启")
	case rsp.StatusCode/100 == 3:
		c.fault("回调", "被转到了别处(%d):微信不跟着转,server.public_url 要写最后的地址", rsp.StatusCode)
	default:
		c.fault("回调", "回答不对(HTTP %d):%s 后面不是 aixin serve,看反向代理转到哪里", rsp.StatusCode, req.URL.Host)
	}
}

// connectionTrouble says in a few words why there was no answer. The whole error
// would hold the address with its query.
func connectionTrouble(err error) string {
	var dns *net.DNSError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &dns):
		return "域名解析不了"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "等了太久"
	case strings.Contains(err.Error(), "refused"):
		return "端口没开"
	case strings.Contains(err.Error(), "x509"), strings.Contains(err.Error(), "tls"):
		return "证书不对"
	}
	return "连接断了"
}
