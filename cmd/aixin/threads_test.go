package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"aixin/models/town"
	"aixin/web/webtest"
)

// simState is what the simulator tells of its people.
type simState struct {
	People []struct{ OpenID, Name, Role, Note, Code string }
}

func stateOf(t *testing.T, base string) (s simState) {
	t.Helper()
	resp, err := http.Get(base + "/sim/state")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

// chat types in the chat page as one of its people, changing the phone only
// where it is another's: the page draws itself anew then.
type chat struct {
	*webtest.Tab
	who string
}

func (c *chat) as(openid string) {
	if c.who == openid {
		return
	}
	// The list of people may be drawn anew, and move, under a click.
	chosen := fmt.Sprintf("decodeURIComponent(location.hash.slice(1)) === %q", openid)
	for try := 0; try < 5 && c.Eval(chosen) != true; try++ {
		c.Click("person-" + openid)
		time.Sleep(400 * time.Millisecond)
	}
	c.See(chosen)
	c.who = openid
}

func speak(c *chat, openid, text string) {
	c.as(openid)
	c.Type("chat-input", text+"\r")
}

func postJSON(t *testing.T, address, body string) {
	t.Helper()
	resp, err := http.Post(address, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode >= 300 {
		t.Fatalf("%s: %s", address, resp.Status)
	}
}

// TestThreadsInTheBrowser plays in the demo what the three kinds of users do:
// a question and its answer, danger and who takes it, a notice, the summary card
// and the page behind it.
func TestThreadsInTheBrowser(t *testing.T) {
	base, _ := demo(t)
	postJSON(t, base+"/sim/clock", `{"to":"tomorrow"}`) // half past eight: nobody sleeps
	var guardian, code string
	for _, p := range stateOf(t, base).People {
		if p.Role == "监护人" && strings.HasPrefix(p.Note, "马海龙") {
			guardian, code = p.OpenID, p.Code
		}
	}
	if guardian == "" {
		t.Fatal("no guardian of 马海龙 in the demo")
	}
	tab := &chat{Tab: webtest.Open(t)}
	tab.Goto(base + "/sim/")

	speak(tab, guardian, "绑定 "+code)
	tab.Says("您是马家的联系人吧")
	speak(tab, guardian, "同意")
	tab.Says("绑好了")
	speak(tab, guardian, "低保咋办哩")
	tab.Says("户籍地的乡镇政府")
	speak(tab, guardian, "娃的校服裤子短了在哪达能换哩")
	tab.Says("提问 #1")
	tab.Shot("thread-question")
	tab.as("oDemo_C01") // silent so far: a card, and the words when asked for
	tab.Says("回“提问 1”看")
	speak(tab, "oDemo_C01", "提问 1")
	tab.Says("娃的校服裤子短了")
	speak(tab, "oDemo_C01", "回复 1 我周五带去学校换")
	tab.Says("原话转给马海龙家了")
	tab.as(guardian)
	tab.Says("我周五带去学校换")
	tab.Shot("thread-answer")

	speak(tab, guardian, "我真的不想活了")
	for _, number := range []string{"110", "120", "12345", "12356"} {
		tab.Says(number)
	}
	tab.Shot("thread-danger")
	for _, duty := range []string{"oDemo_A2", "oDemo_A3"} {
		tab.as(duty)
		tab.Says("预警")
		speak(tab, duty, "收到 1")
		tab.Says("不想活了")
	}
	tab.Shot("thread-duty")
	tab.as(guardian)
	tab.Says("值班员已经知道了")

	speak(tab, "oDemo_A1", "发通知 本周五下午三点开短会,村上的事先安排好。")
	tab.Says("确认就回")
	text, _ := tab.Eval(`document.querySelector('[data-testid="chat-log"]').textContent`).(string)
	confirm := regexp.MustCompile(`确认就回 (\d{4})`).FindStringSubmatch(text)
	if confirm == nil {
		t.Fatalf("no code in %q", text)
	}
	speak(tab, "oDemo_A1", confirm[1])
	tab.Says("在发了")
	tab.as("oDemo_C04") // silent so far: no window, so a card
	tab.Says("工作通知")
	speak(tab, "oDemo_C04", "看通知")
	tab.Says("本周五下午三点开短会")
	tab.Shot("thread-notice")

	postJSON(t, base+"/sim/clock", `{"to":"fifteenth"}`)
	cards := time.Now().Add(20 * time.Second)
	owner := ""
	for owner == "" && time.Now().Before(cards) {
		time.Sleep(300 * time.Millisecond)
		for i := 1; i <= boundCadres && owner == ""; i++ {
			id := fmt.Sprintf("oDemo_C%02d", i)
			resp, err := http.Get(base + "/sim/inbox?openid=" + url.QueryEscape(id))
			if err != nil {
				t.Fatal(err)
			}
			raw, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if bytes.Contains(raw, []byte("小结")) {
				owner = id
			}
		}
	}
	if owner == "" {
		t.Fatal("no summary card came")
	}
	cardsAreDiscreet(t, base)
	tab.Size(360, 740)
	tab.Goto(base + "/sim/open?openid=" + owner + "&url=" + url.QueryEscape(base+"/h/summary"))
	tab.See(`document.body.textContent.includes("走访")`)
	tab.Fits()
	tab.Shot("thread-summary-360")
	if errs := tab.Errors(); len(errs) > 0 {
		t.Errorf("the pages complained: %v", errs)
	}
}

// cardsAreDiscreet looks at every card that came to anybody: no name, category,
// illness or sum, neither in its fields nor in its address.
func cardsAreDiscreet(t *testing.T, base string) {
	t.Helper()
	demo := town.Demo("2026-11-21")
	private := []string{"孤儿", "残疾", "特困", "低保", "事实无人", "不想活", "元", "校服"}
	for _, r := range demo.Recipients {
		private = append(private, r.Name)
		for _, c := range r.Contacts {
			private = append(private, c.Name)
		}
	}
	for _, c := range demo.Cadres {
		private = append(private, c.Name)
	}
	cards := 0
	for _, p := range stateOf(t, base).People {
		resp, err := http.Get(base + "/sim/inbox?openid=" + url.QueryEscape(p.OpenID))
		if err != nil {
			t.Fatal(err)
		}
		var items []struct {
			Kind, URL string
			Fields    []struct{ Value string }
		}
		err = json.NewDecoder(resp.Body).Decode(&items)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range items {
			if item.Kind != "card" {
				continue
			}
			cards++
			text := item.URL
			for _, f := range item.Fields {
				text += "|" + f.Value
			}
			for _, w := range private {
				if w != "" && strings.Contains(text, w) {
					t.Errorf("a card says %q: %s", w, text)
				}
			}
		}
	}
	if cards < 5 {
		t.Errorf("only %d cards were seen", cards)
	}
}

// metricsAreDiscreet looks at what a process tells its monitor.
func metricsAreDiscreet(t *testing.T, ops string) {
	t.Helper()
	resp, err := http.Get("http://" + ops + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body)
	if !bytes.Contains(raw, []byte("aixin_message_seconds")) {
		t.Errorf("no metrics:\n%.300s", raw)
	}
	for _, w := range []string{"谷军", "oTest", "干部", "慰问"} {
		if bytes.Contains(raw, []byte(w)) {
			t.Errorf("a metric holds %q", w)
		}
	}
}

// TestTheDemosConsole signs in with the account that the demo prints and takes
// the list out as a workbook.
func TestTheDemosConsole(t *testing.T) {
	base, _ := demo(t)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	resp, err := client.PostForm(base+"/admin/signin", url.Values{"login": {demoLogin}, "password": {demoPassword}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp, err = client.Get(base + "/admin/activities"); err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK || !bytes.Contains(page, []byte("走访")) {
		t.Fatalf("%s\n%.400s", resp.Status, page)
	}
	if bytes.Contains(page, []byte("谷军")) {
		t.Error("a name stands unmasked")
	}
}
