package main

import (
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"aixin/bot/wechatsim"
)

// What nobody may read in a card, an address, a log line or a metric. The people
// are such as nothing else here is called.
var (
	secretNames = []string{
		"端木晓禾", "晓禾", "禾娃", "端木桂香", "桂香", "公孙立柱", "立柱", "公孙守义", "守义", "欧阳守信", "守信", "13911113333", "13911114444", "13811112222", "620802201704",
		"620802195003",
	}
	secretThings = []string{
		"孤儿", "无人抚养", "残疾", "特困", "低保", "癫痫", "偏瘫", "透析", "不想活", "拿刀", "8765", "876543", "7654", "慰问金", "羊病", "漏雨", "棉衣", "没来过", "住院",
	}
	// A category's code may stand in the address of a list, which names nobody.
	secretCodes = []string{"orphan", "de_facto", "severe_disability", "extreme_poverty", "selfharm", "violence", "hospital"}
)

// discreet is a day of the service's life, all of which is overheard.
type discreet struct {
	*site
	t     *testing.T
	p     *process
	seen  map[string][]string // by channel: card, url, log, metric
	codes map[string]string
	web   *http.Client
}

// TestNothingTellsWhoHasWhat plays a whole day over HTTP, against the simulated
// platform: the register comes in, people bind, log, send photos and recordings,
// ask, answer, need, cry for help, complain, are reminded and noticed, take
// themselves out; an office looks at every page and takes out every sheet. No
// template message, no address, no log line and no metric bears a name, a category,
// an illness or a sum.
func TestNothingTellsWhoHasWhat(t *testing.T) {
	d := &discreet{site: newSiteOf(t, 1, "sqlite", "", ""), t: t, seen: map[string][]string{}, codes: map[string]string{}}
	d.env = append(d.env, "AIXIN_SERVER_PUBLIC_URL="+d.front, "AIXIN_WEB_REQUIRE_TOTP=false")
	d.register()
	d.p = d.start()
	d.env = append(d.env, "AIXIN_SERVER_OPS_LISTEN=127.0.0.1:0")
	d.day()
	d.pushes()
	d.office()
	d.phones()
	d.strangers()
	d.listen()
	d.scan()
}

func (d *discreet) saw(channel string, text ...string) {
	d.seen[channel] = append(d.seen[channel], text...)
}

// aixin runs a command, whose log is a log.
func (d *discreet) aixin(args ...string) string {
	d.t.Helper()
	var out, log bytes.Buffer
	cmd := exec.Command(d.bin, args...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = d.env, d.data, &out, &log
	if err := cmd.Run(); err != nil {
		d.t.Fatalf("%v: %v\n%s%s", args, err, &out, &log)
	}
	d.saw("log", log.String())
	return out.String()
}

// register brings the people in as a county does, and gives out their codes.
func (d *discreet) register() {
	book := filepath.Join(d.data, "register.xlsx")
	sheets(d.t, book, map[string][][]any{
		"干部": {{"姓名", "手机号", "单位", "职务", "所属地区"}, {"欧阳守信", "13811112222", "峡门乡卫生院", "医师", "崆峒区/峡门乡"}},
		"关爱对象": {
			{"姓名", "身份证号", "编号", "出生日期", "类别", "供养方式", "所属地区", "别名", "监护人姓名", "监护人手机号", "需求"},
			{"端木晓禾", "", "Q-1", "2017-04-05", "孤儿", "—", "崆峒区/峡门乡/吴坡村", "禾娃", "端木桂香", "13911113333", "癫痫,常年吃药"},
			{"公孙立柱", "", "Q-2", "1950-03-03", "困难重度残疾人", "—", "崆峒区/峡门乡/吴坡村", "", "公孙守义", "13911114444", "偏瘫"},
		},
		"结对关系": {{"干部手机号", "编号", "条线", "开始日期"}, {"13811112222", "Q-1", "结对", "2024-01-01"}, {"13811112222", "Q-2", "结对", "2024-01-01"}},
	})
	d.aixin("import", book)
	for _, role := range []string{"cadre", "guardian"} {
		out := filepath.Join(d.data, role+".csv")
		d.aixin("invitations", "--role", role, "--out", out)
		raw, err := os.ReadFile(out)
		if err != nil {
			d.t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))).ReadAll()
		if err != nil {
			d.t.Fatal(err)
		}
		for _, row := range rows {
			d.codes[row[1]] = row[len(row)-1]
		}
	}
	for _, who := range []string{"cadre", "aunt", "brother"} {
		d.sim.Add(wechatsim.Person{OpenID: "oDiscreet_" + who, Name: who, Followed: true})
	}
}

// say has somebody type, and gives the reply.
func (d *discreet) say(who, text string) string {
	d.t.Helper()
	r, err := d.sim.Text(d.t.Context(), "oDiscreet_"+who, text)
	if err != nil || r.Fault != "" {
		d.t.Fatalf("%s: %v %s", text, err, r.Fault)
	}
	return r.Text
}

func (d *discreet) hears(reply string, parts ...string) {
	d.t.Helper()
	for _, part := range parts {
		if !strings.Contains(reply, part) {
			d.t.Fatalf("no %q in %q", part, reply)
		}
	}
}

func (d *discreet) day() {
	ctx := d.t.Context()
	d.hears(d.say("cadre", "绑定 "+d.codes["欧阳守信"]), "绑好了")
	for who, name := range map[string]string{"aunt": "端木桂香", "brother": "公孙守义"} {
		d.hears(d.say(who, "绑定 "+d.codes[name]), "同意")
		d.hears(d.say(who, "同意"), "绑好了")
	}
	d.say("aunt", "1") // photos and illness
	d.hears(d.say("cadre", "昨天去看了禾娃,送了8765.43元慰问金,癫痫药够吃"), "8765.43")
	d.hears(d.say("cadre", "给公孙立柱打了电话,偏瘫好些了"), "公孙立柱")
	for i := 1; i <= 2; i++ {
		if _, err := d.sim.Photo(ctx, "oDiscreet_cadre", wechatsim.SamplePhoto(i)); err != nil {
			d.t.Fatal(err)
		}
	}
	d.say("cadre", "公孙立柱住院了")
	// Whatever the policy base makes of it, the cadre is asked.
	reply := d.say("aunt", "禾娃的癫痫药费7654元,能报多少")
	if strings.Contains(reply, "回0") {
		reply = d.say("aunt", "0")
	} else if !strings.Contains(reply, "提问") {
		reply = d.say("aunt", "1")
	}
	d.hears(reply, "提问 #1")
	if _, err := d.sim.Photo(ctx, "oDiscreet_aunt", wechatsim.SamplePhoto(1)); err != nil {
		d.t.Fatal(err)
	}
	d.say("aunt", "1")
	if _, err := d.sim.Voice(ctx, "oDiscreet_brother", wechatsim.SampleVoice(), ""); err != nil {
		d.t.Fatal(err)
	}
	d.hears(d.say("cadre", "回复 1 禾娃的癫痫药费能报,周五带票来"), "原话转给")
	d.hears(d.say("brother", "房漏雨,娃没棉衣"), "要转吗")
	d.hears(d.say("brother", "1"), "诉求 #1")
	d.say("brother", "给欧阳干部捎句话:羊病了")
	d.hears(d.say("brother", "干部一直没来过"), "反映 #")
	d.hears(d.say("aunt", "他叔拿刀要砍我孙子端木晓禾"), "110")
	if _, err := d.sim.Voice(ctx, "oDiscreet_aunt", wechatsim.SampleVoice(), ""); err != nil {
		d.t.Fatal(err)
	}
	d.hears(d.say("aunt", "不想活了"), "12356")
	d.say("brother", "谁看过我家资料")
	d.say("brother", "删除我的资料")
	d.say("brother", "1")
	d.sim.Settle()
}

// pushes sends what nobody asked for: a notice by the county, the reminders of a
// Thursday and the summary of a month's start.
func (d *discreet) pushes() {
	reply, err := d.sim.Text(d.t.Context(), officeOpenID, "发通知 低保复核的材料周五前交,公孙立柱家的8765元也算上")
	if err != nil {
		d.t.Fatal(err)
	}
	code := regexp.MustCompile(`回 (\d{4})`).FindStringSubmatch(reply.Text)
	if code == nil {
		d.t.Fatalf("no code: %s", reply.Text)
	}
	if _, err := d.sim.Text(d.t.Context(), officeOpenID, code[1]); err != nil {
		d.t.Fatal(err)
	}
	now := time.Now().In(time.FixedZone("CST", 8*3600))
	thursday := now.AddDate(0, 0, 7+(4-int(now.Weekday())+7)%7)
	month := time.Date(now.Year(), now.Month()+2, 1, 15, 0, 0, 0, now.Location())
	for _, at := range []time.Time{time.Date(thursday.Year(), thursday.Month(), thursday.Day(), 15, 0, 0, 0, thursday.Location()), month.AddDate(0, 0, 9), month.AddDate(0, 0, 14)} {
		d.aixin("remind", "--at", at.Format(time.RFC3339), "--send")
	}
	d.aixin("report", "monthly", "--period", now.Format("2006-01"), "--out", filepath.Join(d.data, "month.xlsx"))
	d.aixin("export", "activities", "--from", now.AddDate(0, -1, 0).Format(time.DateOnly), "--to", now.Format(time.DateOnly), "--format", "jsonl", "--out", filepath.Join(d.data, "a.jsonl"))
}

var (
	firstPassword = regexp.MustCompile(`登录名 (\S+)\n[\s\S]*首个密码 (\S+)`)
	anyLink       = regexp.MustCompile(`(?:href|src|action)="([^"]*)"`)
	spoken        = regexp.MustCompile(`https?://[^\s"“”<>]+`)
)

// browser is one that keeps its cookies, and whose every address is overheard.
func (d *discreet) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		d.saw("url", r.URL.String())
		return nil
	}}
}

// open fetches a page and keeps the addresses on it.
func (d *discreet) open(method, path string, form url.Values) (page string, found []string) {
	d.t.Helper()
	body := io.Reader(nil)
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(d.t.Context(), method, "http://"+d.p.addr+path, body)
	if err != nil {
		d.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	d.saw("url", req.URL.String())
	resp, err := d.web.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 500 {
		d.t.Fatalf("%s %s: %s %v", method, path, resp.Status, err)
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		return "", nil
	}
	for _, m := range anyLink.FindAllStringSubmatch(string(raw), -1) {
		link := strings.ReplaceAll(m[1], "&amp;", "&")
		d.saw("url", link)
		if strings.HasPrefix(link, "/admin/") && m[0][0] != 'a' {
			found = append(found, link)
		}
	}
	return string(raw), found
}

// office signs in as a county's administrator, walks through every page that can
// be reached, looks for people by name and takes the sheets out.
func (d *discreet) office() {
	first := firstPassword.FindStringSubmatch(d.aixin("admin", "create", "--name", "司徒管", "--role", "county", "--region", "崆峒区"))
	if first == nil {
		d.t.Fatal("no password was printed")
	}
	d.web = d.browser()
	d.open("POST", "/admin/signin", url.Values{"login": {first[1]}, "password": {first[2]}})
	const own = "山高水长路远人不老12"
	d.open("POST", "/admin/password", url.Values{"old": {first[2]}, "new": {own}, "again": {own}})
	queue, been := []string{"/admin/", "/admin/people", "/admin/cases", "/admin/needs", "/admin/questions"}, map[string]int{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		kind := regexp.MustCompile(`[A-Z0-9]{26}|\d+`).ReplaceAllString(path, "*")
		if been[path] > 0 || been[kind] > 5 || strings.Contains(path, "signout") {
			continue
		}
		been[path], been[kind] = 1, been[kind]+1
		_, found := d.open("GET", path, nil)
		queue = append(queue, found...)
	}
	if len(been) < 60 {
		d.t.Errorf("only %d pages were reached", len(been))
	}
	for _, name := range []string{"端木晓禾", "禾娃", "13911113333", "公孙"} {
		_, found := d.open("POST", "/admin/find", url.Values{"q": {name}, "name": {name}, "words": {name}})
		for _, link := range found {
			if strings.HasPrefix(link, "/admin/people/") && been[link] < 2 {
				been[link] = 2
				d.open("GET", link, nil)
				d.open("POST", link+"/reveal", url.Values{"reason": {"核对端木晓禾的低保材料"}})
			}
		}
	}
}

// phones opens the pages of cards, as the people they came to.
func (d *discreet) phones() {
	opened := 0
	for _, who := range []string{"oDiscreet_cadre", "oDiscreet_aunt", "oDiscreet_brother", officeOpenID} {
		d.web = d.browser()
		d.web.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
			d.saw("url", r.URL.String())
			if r.URL.Host == "open.weixin.qq.com" {
				return http.ErrUseLastResponse
			}
			return nil
		}
		for _, path := range append([]string{"/h/summary", "/h/office"}, d.pagesFor(who)...) {
			resp, err := d.web.Get("http://" + d.p.addr + path)
			if err != nil {
				d.t.Fatal(err)
			}
			resp.Body.Close()
			if to := resp.Header.Get("Location"); resp.StatusCode == http.StatusSeeOther {
				back, err := d.sim.Authorize(who, to)
				if err != nil {
					d.t.Fatal(err)
				}
				d.open("GET", strings.TrimPrefix(back, d.front), nil)
			}
			if page, _ := d.open("GET", path, nil); page != "" {
				opened++
			}
		}
	}
	if opened < 9 {
		d.t.Errorf("only %d phone pages were opened", opened)
	}
}

// pagesFor lists the phone pages behind the cards on a phone.
func (d *discreet) pagesFor(openid string) (paths []string) {
	for _, item := range d.sim.Inbox(openid) {
		if u, err := url.Parse(item.URL); err == nil && item.URL != "" && !slices.Contains(paths, u.RequestURI()) {
			paths = append(paths, u.RequestURI())
		}
	}
	return paths
}

// strangers ask what is not there, and send what cannot be read. What they put
// into an address is theirs, but none of it may come into the log.
func (d *discreet) strangers() {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := func(method, path, kind, body string) {
		req, err := http.NewRequestWithContext(d.t.Context(), method, "http://"+d.p.addr+path, strings.NewReader(body))
		if err != nil {
			d.t.Fatal(err)
		}
		req.Header.Set("Content-Type", kind)
		resp, err := client.Do(req)
		if err != nil {
			d.t.Fatal(err)
		}
		resp.Body.Close()
	}
	for _, path := range []string{"/admin/people/端木晓禾", "/h/question/端木晓禾", "/nowhere/公孙立柱"} {
		ask("GET", (&url.URL{Path: path}).EscapedPath(), "", "")
	}
	ask("GET", "/wechat/callback?"+url.Values{"signature": {"端木晓禾"}, "timestamp": {"1"}, "nonce": {"残疾"}}.Encode(), "", "")
	ask("POST", "/wechat/callback", "text/xml", "<xml><Content>端木晓禾癫痫</Content>")
	ask("POST", "/admin/signin", "application/x-www-form-urlencoded", url.Values{"login": {"端木晓禾"}, "password": {"8765"}}.Encode())
}

// listen gathers what was sent, logged and counted.
func (d *discreet) listen() {
	d.sim.Settle()
	for _, who := range []string{"oDiscreet_cadre", "oDiscreet_aunt", "oDiscreet_brother", officeOpenID, dutyOpenID} {
		for _, item := range d.sim.Inbox(who) {
			d.saw("url", item.URL)
			for _, text := range []string{item.Text, item.Tail} {
				d.saw("url", spoken.FindAllString(text, -1)...)
			}
			for _, a := range item.Articles {
				d.saw("url", a.URL)
			}
			for _, f := range item.Fields {
				d.saw("card", f.Label+" "+f.Value)
			}
		}
	}
	d.mu.Lock()
	for _, call := range d.calls {
		address, body, _ := strings.Cut(call, " ")
		d.saw("url", address)
		d.saw("card", body)
	}
	d.mu.Unlock()
	for _, path := range []string{"/metrics", "/readyz", "/healthz"} {
		resp, err := http.Get("http://" + d.p.ops + path)
		if err != nil {
			d.t.Fatal(err)
		}
		raw, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		d.saw("metric", string(raw))
	}
	d.p.mu.Lock()
	d.saw("log", d.p.log.String())
	d.p.mu.Unlock()
}

// scan reads it all.
func (d *discreet) scan() {
	cards := strings.Join(d.seen["card"], "\n")
	for _, tpl := range wechatsim.DefaultTemplates() {
		if !strings.Contains(cards, tpl.ID) {
			d.t.Errorf("no card of %s was sent: nothing is known of it", tpl.Name)
		}
	}
	for channel, texts := range d.seen {
		d.t.Logf("%d of %s", len(texts), channel)
	}
	for channel, least := range map[string]int{"card": 10, "url": 300, "log": 1, "metric": 3} {
		if len(d.seen[channel]) < least {
			d.t.Errorf("only %d of %s were overheard", len(d.seen[channel]), channel)
		}
	}
	for channel, texts := range d.seen {
		words := append(slices.Clone(secretNames), secretThings...)
		if channel != "url" {
			words = append(words, secretCodes...)
		}
		if channel == "log" || channel == "metric" {
			words = append(words, "oDiscreet", "司徒")
		}
		for _, text := range texts {
			plain := text
			for range 2 {
				if un, err := url.QueryUnescape(plain); err == nil {
					plain = un
				}
			}
			for _, w := range words {
				for at := 0; ; at++ {
					i := strings.Index(plain[at:], w)
					if i < 0 {
						break
					}
					if at += i; !withinNumber(plain, at, len(w)) {
						d.t.Errorf("%s says %q: …%.200s…", channel, w, plain[max(0, at-100):])
						break
					}
				}
			}
		}
	}
}

// withinNumber tells that digits only are a part of a longer number: of a time, of
// a nonce.
func withinNumber(text string, at, n int) bool {
	digit := func(i int) bool {
		return i >= 0 && i < len(text) && (text[i] >= '0' && text[i] <= '9' || text[i] == '.')
	}
	return digit(at) && (digit(at-1) || digit(at+n))
}
