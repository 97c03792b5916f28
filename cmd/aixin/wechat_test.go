package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"aixin/bot"
	"aixin/bot/wechat"
	"aixin/bot/wechatsim"
	"aixin/handlers"
)

// account is a simulated platform with a callback that listens, and the settings
// that fit both.
type account struct {
	t        *testing.T
	sim      *wechatsim.Sim
	settings map[string]string
	date     time.Duration // by how much the platform's Date is off
}

// classicTemplate is the id of a template of the old kind.
const classicTemplate = "classic-notice-xxxxxxxxxxxxxxxxxxxxxxxxxxxx"

func newAccount(t *testing.T) *account {
	a := &account{t: t}
	callback, err := wechat.NewCallback(wechat.Settings{AppID: demoAppID, Token: demoToken, AESKey: demoAESKey},
		func(context.Context, bot.Message) (bot.Answer, error) { return bot.Answer{}, nil }, time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/wechat/callback", callback)
	service := httptest.NewServer(mux)
	t.Cleanup(service.Close)
	a.sim = wechatsim.New(wechatsim.Config{
		AppID: demoAppID, AppSecret: demoSecret, Token: demoToken, AESKey: demoAESKey, Account: "gh_test",
		CallbackURL: service.URL + "/wechat/callback", PublicURL: service.URL, Now: time.Now,
		Templates: append(wechatsim.DefaultTemplates(), wechatsim.Template{
			ID: classicTemplate, Title: "老的通知", Content: "{{first.DATA}}\n标题:{{keyword1.DATA}}\n时间:{{keyword2.DATA}}\n说明:{{keyword3.DATA}}\n{{remark.DATA}}",
		}),
	})
	t.Cleanup(a.sim.Close)
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(a.date).UTC().Format(http.TimeFormat))
		a.sim.API().ServeHTTP(w, r)
	}))
	t.Cleanup(api.Close)
	a.settings = map[string]string{
		"SERVER_PUBLIC_URL": service.URL, "WECHAT_APP_ID": demoAppID, "WECHAT_APP_SECRET": demoSecret, "WECHAT_TOKEN": demoToken,
		"WECHAT_ENCODING_AES_KEY": demoAESKey, "WECHAT_API_BASE_URL": api.URL,
	}
	for _, tpl := range wechatsim.DefaultTemplates() {
		a.settings["WECHAT_TEMPLATES_"+strings.ToUpper(tpl.Name)] = tpl.ID
	}
	return a
}

func (a *account) run(args ...string) (code int, out string) {
	a.t.Helper()
	for key, value := range a.settings {
		a.t.Setenv("AIXIN_"+key, value)
	}
	defer func() {
		for key := range a.settings {
			os.Unsetenv("AIXIN_" + key)
		}
	}()
	var b bytes.Buffer
	code = run(context.Background(), append([]string{"wechat"}, args...), strings.NewReader(""), &b, &b)
	for _, secret := range []string{demoSecret, demoToken, demoAESKey} {
		if strings.Contains(b.String(), secret) {
			a.t.Errorf("%v prints a secret:\n%s", args, b.String())
		}
	}
	return code, b.String()
}

// client speaks to the account as the program does.
func (a *account) client() *wechat.Client {
	return wechat.NewClient(wechat.Options{AppID: demoAppID, AppSecret: demoSecret, BaseURL: a.settings["WECHAT_API_BASE_URL"], Now: time.Now})
}

// faults are the lines of a check that begin with a word.
func marked(out, word string) (lines []string) {
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, word) {
			lines = append(lines, strings.TrimSpace(strings.TrimPrefix(line, word)))
		}
	}
	return lines
}

func TestWechatCheck(t *testing.T) {
	a := newAccount(t)
	if code, out := a.run("check"); code != 1 || len(marked(out, "错")) != 1 || !strings.Contains(out, "运行 aixin wechat menu") {
		t.Fatalf("no menu yet: %d\n%s", code, out)
	}
	if code, out := a.run("menu"); code != 0 || len(a.sim.Menu()) != 3 {
		t.Fatalf("menu: %d %s", code, out)
	}
	if code, out := a.run("check"); code != 0 || len(marked(out, "好")) != 15 || len(marked(out, "看")) != 0 {
		t.Fatalf("all is well: %d\n%s", code, out)
	}
	// One fault at a time: it is named in one line that says what to do.
	for _, c := range []struct {
		name   string
		change map[string]string
		fault  *wechatsim.Fault
		date   time.Duration
		seed   func(*wechat.Client) error
		want   string
	}{
		{name: "a wrong secret", change: map[string]string{"WECHAT_APP_SECRET": "another-secret"}, want: "令牌:AppSecret 不对(40125)"},
		{name: "a wrong app id", change: map[string]string{"WECHAT_APP_ID": "wxanother0000000aa"}, want: "令牌:AppID 不对(40013)"},
		{
			name: "an address that is not on the white list", fault: &wechatsim.Fault{Path: "/cgi-bin/stable_token", ErrCode: 40164, ErrMsg: "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist"},
			want: "令牌:不在 IP 白名单(40164):到公众号后台“基本配置”的 IP 白名单里加上 203.0.113.9",
		},
		{name: "another token", change: map[string]string{"WECHAT_TOKEN": "anothertoken"}, want: "回调:那边不认这个 Token"},
		{name: "a public address where nobody listens", change: map[string]string{"SERVER_PUBLIC_URL": "http://127.0.0.1:1"}, want: "回调:127.0.0.1:1 连不上(端口没开)"},
		{name: "a public address of something else", change: map[string]string{"SERVER_PUBLIC_URL": a.settings["WECHAT_API_BASE_URL"]}, want: "回调:回答不对(HTTP 200)"},
		{name: "a clock behind", date: 10 * time.Minute, want: "时钟:本机比微信慢 "},
		{name: "a clock ahead", date: -time.Minute, want: "时钟:本机比微信快 "},
		{name: "a template that is not there", change: map[string]string{"WECHAT_TEMPLATES_ALERT": strings.Repeat("x", 43)}, want: "模板:wechat.templates.alert 的编号账号里没有"},
		{
			name: "a template with other fields", change: map[string]string{"WECHAT_TEMPLATES_NOTICE": a.settings["WECHAT_TEMPLATES_DUTY_REMINDER"]},
			want: "模板:wechat.templates.notice(“待办事项提醒”)栏目对不上,程序填 thing1 thing3 time2,模板要 thing1 thing2 thing3",
		},
		{name: "a template of the old kind", change: map[string]string{"WECHAT_TEMPLATES_NOTICE": classicTemplate}, want: "模板:wechat.templates.notice(“老的通知”)是老模板,设置不是:把 wechat.template_kinds.notice 写成 classic"},
		{name: "a template that is not of the old kind", change: map[string]string{"WECHAT_TEMPLATE_KINDS_NOTICE": "classic"}, want: "模板:wechat.templates.notice(“工作通知”)是类目模板,设置不是:把 wechat.template_kinds.notice 写成 category"},
		{name: "an API that is away", change: map[string]string{"WECHAT_API_BASE_URL": "http://127.0.0.1:1"}, want: "令牌:连不上微信接口"},
		{name: "a busy platform", fault: &wechatsim.Fault{Path: "/cgi-bin/menu/get", ErrCode: -1}, want: "菜单:微信回了 -1"},
		{name: "templates that may not be read", fault: &wechatsim.Fault{Path: "/cgi-bin/template/get_all_private_template", ErrCode: 48001}, want: "模板:账号没有这个接口的权限(48001)"},
		{name: "tags that may not be read", fault: &wechatsim.Fault{Path: "/cgi-bin/tags/get", ErrCode: 48001}, want: "标签:账号没有这个接口的权限(48001)"},
		{name: "quotas that may not be read", fault: &wechatsim.Fault{Path: "/cgi-bin/openapi/quota/get", ErrCode: -1}, want: "次数:微信回了 -1"},
		{
			name: "a default menu that somebody changed", want: "菜单:账号上的默认菜单和程序的不一样",
			seed: func(c *wechat.Client) error {
				return c.CreateMenu(t.Context(), []byte(`{"button":[{"type":"click","name":"别的","key":"other"}]}`))
			},
		},
		{
			name: "a menu of a label that somebody changed", want: "菜单:“爱心-家长”的个性化菜单和程序的不一样",
			seed: func(c *wechat.Client) error {
				tags, err := c.Tags(t.Context())
				if err != nil {
					return err
				}
				_, err = c.AddConditionalMenu(t.Context(), fmt.Appendf(nil, `{"button":[{"type":"click","name":"别的","key":"other"}],"matchrule":{"tag_id":"%d"}}`, tags[handlers.TagFamily]))
				return err
			},
		},
		{
			name: "a menu of a label that is gone", want: "菜单:没有“爱心-干部”的个性化菜单:运行 aixin wechat menu",
			seed: func(c *wechat.Client) error {
				tags, err := c.Tags(t.Context())
				if err != nil {
					return err
				}
				have, _, err := readMenu(t.Context(), c)
				if err != nil {
					return err
				}
				ids, _ := have.of(tags[handlers.TagCadre])
				return c.DropConditionalMenu(t.Context(), ids[0])
			},
		},
		{
			name: "a label that somebody deleted", want: "标签:账号里没有“爱心-干部”",
			seed: func(c *wechat.Client) error { a.sim.DropTag(handlers.TagCadre); return nil },
		},
		{
			name: "a day's calls used up", want: "次数:模板消息今天的 100000 次用完了",
			seed: func(*wechat.Client) error { a.sim.UseUp("/cgi-bin/message/template/send", 100_000); return nil },
		},
		{name: "a setting that is broken", change: map[string]string{"WECHAT_ENCODING_AES_KEY": "short"}, want: "设置:wechat.encoding_aes_key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := maps.Clone(a.settings)
			defer func() {
				a.settings, a.date = before, 0
				a.sim.Faults().Clear()
				a.sim.UseUp("/cgi-bin/message/template/send", 0)
				if code, out := a.run("menu"); code != 0 {
					t.Error(out)
				}
			}()
			a.settings = maps.Clone(before)
			maps.Copy(a.settings, c.change)
			a.date = c.date
			if c.fault != nil {
				a.sim.Faults().Add(*c.fault)
			}
			if c.seed != nil {
				if err := c.seed(a.client()); err != nil {
					t.Fatal(err)
				}
			}
			code, out := a.run("check")
			named := marked(out, "错")
			if code != 1 || !slices.ContainsFunc(named, func(line string) bool { return strings.HasPrefix(line, c.want) }) {
				t.Errorf("%d\n%s", code, out)
			}
			limit := 1
			if c.change["SERVER_PUBLIC_URL"] != "" {
				limit = 2 // the menu leads elsewhere too
			}
			if len(named) > limit && c.change["WECHAT_API_BASE_URL"] == "" {
				t.Errorf("one fault, but %v", named)
			}
		})
	}
	// A template of the old kind is well where the settings say so.
	a.settings["WECHAT_TEMPLATES_NOTICE"], a.settings["WECHAT_TEMPLATE_KINDS_NOTICE"] = classicTemplate, "classic"
	if code, out := a.run("check"); code != 0 || !strings.Contains(out, "wechat.templates.notice 是“老的通知”,栏目对得上") {
		t.Errorf("a classic template: %d\n%s", code, out)
	}
	delete(a.settings, "WECHAT_TEMPLATE_KINDS_NOTICE")
	// Without templates the account works, and the check says what that means.
	for key := range a.settings {
		if strings.Contains(key, "TEMPLATES") {
			delete(a.settings, key)
		}
	}
	if code, out := a.run("check"); code != 0 || len(marked(out, "看")) != 6 {
		t.Errorf("no templates: %d\n%s", code, out)
	}
	for _, key := range []string{"WECHAT_APP_ID", "WECHAT_APP_SECRET"} {
		delete(a.settings, key)
	}
	for _, command := range []string{"check", "menu", "templates"} {
		if code, out := a.run(command); code != 1 || !strings.Contains(out, "wechat.app_id") {
			t.Errorf("%s without an account: %d %s", command, code, out)
		}
	}
}

func TestWechatTemplates(t *testing.T) {
	a := newAccount(t)
	a.settings["WECHAT_TEMPLATES_ALERT"] = ""
	a.settings["WECHAT_TEMPLATES_NOTICE"] = "gone"
	code, out := a.run("templates")
	for _, want := range []string{
		a.settings["WECHAT_TEMPLATES_DUTY_REMINDER"] + "  待办事项提醒  thing1 thing2 thing3", "duty_reminder\n",
		"设置里的 gone(notice)账号里没有。", "还没设的:alert。", "alert:thing1 thing3 time2",
	} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("no %q: %d\n%s", want, code, out)
		}
	}
	a.sim.Faults().Add(wechatsim.Fault{Path: "/cgi-bin/template/get_all_private_template", ErrCode: 48001})
	if code, out := a.run("templates"); code != 1 || !strings.Contains(out, "48001") {
		t.Errorf("refused: %d %s", code, out)
	}
}
