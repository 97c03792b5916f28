package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"aixin/bot"
	"aixin/bot/wechat"
	"aixin/configs"
	"aixin/handlers"
	"aixin/handlers/say"
	"aixin/models"
)

type wechatCmd struct {
	Check     wechatCheckCmd     `cmd:"" help:"逐项核对公众号:令牌、白名单、时钟、模板、菜单、回调。"`
	Menu      wechatMenuCmd      `cmd:"" help:"发布公众号菜单。"`
	Templates wechatTemplatesCmd `cmd:"" help:"列出账号里的消息模板、各有哪些栏目、哪个设置在用。"`
}

// templateKeys are the platform's field keys that a template setting fills.
func templateKeys(cfg configs.Config, name string) []string {
	var keys []string
	for field := range say.SampleCards(time.Time{})[name].Fields() {
		keys = append(keys, templateKinds(cfg)[name].Key(field, cfg.WeChat.TemplateFields[name]))
	}
	slices.Sort(keys)
	return keys
}

// templateKinds are the kinds of the templates by the names of the settings.
func templateKinds(cfg configs.Config) map[string]models.TemplateKind {
	kinds := map[string]models.TemplateKind{}
	for name, kind := range cfg.WeChat.TemplateKinds.ByName() {
		kinds[name] = models.TemplateKind(kind)
	}
	return kinds
}

// platform is a client of the account's own. It shares no token: a token of
// another process would hide that this machine may not ask for one, and asking
// takes none away.
func (e *env) platform() (*wechat.Client, error) {
	cfg, err := configs.Load(e.configFile, os.Environ())
	if err != nil {
		return nil, err
	}
	if e.cfg = cfg; cfg.WeChat.AppID == "" || cfg.WeChat.AppSecret.Reveal() == "" {
		return nil, errors.New("还没有填公众号:设置 wechat.app_id 和 wechat.app_secret(AIXIN_WECHAT_APP_ID、AIXIN_WECHAT_APP_SECRET)")
	}
	return wechat.NewClient(wechat.Options{
		AppID: cfg.WeChat.AppID, AppSecret: cfg.WeChat.AppSecret.Reveal(), BaseURL: cfg.WeChat.APIBaseURL, Now: e.clock.Real,
	}), nil
}

type wechatMenuCmd struct{}

// Help is shown by aixin wechat menu --help.
func (wechatMenuCmd) Help() string {
	return `发布三份菜单:没绑定的人看默认的(记一笔、我的进度、更多),干部、管理员看干部的,监护人看家长的。
后两份凭标签“` + handlers.TagCadre + `”“` + handlers.TagFamily + `”,没有就建;给谁打哪个标签,aixin serve 在绑定、解绑后自己打。
原来的菜单会被换掉;可以反复运行。手机上五分钟左右更新。`
}

// Run publishes the menu.
func (c *wechatMenuCmd) Run(e *env) error {
	client, err := e.platform()
	if err != nil {
		return err
	}
	if err := publishMenus(e.ctx, client, strings.TrimRight(e.cfg.Server.PublicURL, "/")); err != nil {
		return errors.New(platformAdvice(err))
	}
	fmt.Fprintln(e.stdout, "菜单发布好了:默认的、干部的、家长的。手机上取消关注再关注,马上能看到新的。")
	return nil
}

type wechatTemplatesCmd struct{}

// Run lists the templates of the account.
func (c *wechatTemplatesCmd) Run(e *env) error {
	client, err := e.platform()
	if err != nil {
		return err
	}
	list, err := client.Templates(e.ctx)
	if err != nil {
		return errors.New(platformAdvice(err))
	}
	ids := e.cfg.WeChat.Templates.ByName()
	used := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(ids)) {
		used[ids[name]] = append(used[ids[name]], name)
	}
	out := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(out, "模板编号\t标题\t栏目\t用在")
	for _, t := range list {
		setting := strings.Join(used[t.ID], "、")
		if setting == "" {
			setting = "—"
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", t.ID, t.Title, strings.Join(t.Keys, " "), setting)
		delete(used, t.ID)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(used)) {
		if id != "" {
			fmt.Fprintf(e.stdout, "设置里的 %s(%s)账号里没有。\n", id, strings.Join(used[id], "、"))
		}
	}
	if names := used[""]; len(names) > 0 {
		fmt.Fprintf(e.stdout, "还没设的:%s。各要的栏目:\n", strings.Join(names, "、"))
		for _, name := range names {
			fmt.Fprintf(e.stdout, "  %s:%s\n", name, strings.Join(templateKeys(e.cfg, name), " "))
		}
	}
	return nil
}

// platformAdvice says what a refusal of the platform asks a person to do.
func platformAdvice(err error) string {
	var e *bot.SendError
	if !errors.As(err, &e) {
		return err.Error()
	}
	switch e.Code {
	case 0:
		return fmt.Sprintf("连不上微信接口(%s):看本机能不能上外网、wechat.api_base_url 对不对", e.Reason)
	case 40164, 61004:
		ip := "本机的出口地址"
		if m := ipInReason.FindString(e.Reason); m != "" {
			ip = m
		}
		return fmt.Sprintf("不在 IP 白名单(%d):到公众号后台“基本配置”的 IP 白名单里加上 %s", e.Code, ip)
	case 40013, 41002:
		return fmt.Sprintf("AppID 不对(%d):到公众号后台重抄 wechat.app_id", e.Code)
	case 40001, 40125, 41004:
		return fmt.Sprintf("AppSecret 不对(%d):到公众号后台重置并重抄 wechat.app_secret", e.Code)
	case 40243:
		return "AppSecret 被冻结(40243):到公众号后台解冻"
	case 89503:
		return "要管理员同意(89503):请公众号管理员在手机上点同意,再试一次"
	case 48001, 50001:
		return fmt.Sprintf("账号没有这个接口的权限(%d):看是不是认证过的服务号", e.Code)
	case 45009:
		return "今天的次数用完了(45009):零点后再试"
	case 45056:
		return "标签满 100 个了(45056):到公众号后台“用户管理”删掉不用的,再运行一次"
	case 65316:
		return "个性化菜单跳去的网站超过三个(65316):到公众号后台删掉别的个性化菜单,再运行一次"
	}
	return fmt.Sprintf("微信回了 %d:%s", e.Code, e.Reason)
}
