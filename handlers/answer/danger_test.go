package answer

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

type sentence struct{ Text, Role, Level string }

type alarms struct{ found, real, wolf, calm, level int }

func (a *alarms) count(s sentence) (Danger, bool) {
	got := Alarm(s.Text, s.Role)
	if s.Level == "calm" {
		a.calm++
		if got.Level != Calm {
			a.wolf++
		}
	} else {
		a.real++
		if got.Level != Calm {
			a.found++
		}
		if got.Level.String() == s.Level {
			a.level++
		}
	}
	return got, (got.Level == Calm) == (s.Level == "calm")
}

// atLeast prints the figures and fails below a recall or above a rate of false alarms.
func (a *alarms) atLeast(t *testing.T, name string, recall, wolf float64) {
	t.Helper()
	r, w := float64(a.found)/float64(a.real), float64(a.wolf)/float64(a.calm)
	t.Logf("%s: recall %d/%d = %.3f, false alarms %d/%d = %.4f, level right %d", name, a.found, a.real, r, a.wolf, a.calm, w, a.level)
	if r < recall || w > wolf && a.wolf > 1 { // one alarm in a small set is no rate
		t.Errorf("%s: below %.2f recall or above %.3f false alarms", name, recall, wolf)
	}
}

// TestRuleExamples holds each rule of danger.yaml to the examples beside it.
func TestRuleExamples(t *testing.T) {
	for _, r := range rules().Rules {
		for _, text := range r.Hits {
			if got, _, _ := rules().ruled(rules().readAll(text)); got.Level == Calm {
				t.Errorf("%s: missed %q", r.Kind, text)
			}
		}
		for _, text := range r.Misses {
			if got := Alarm(text, ""); got.Level != Calm {
				t.Errorf("%s: false alarm on %q: %v", r.Kind, text, got)
			}
		}
	}
}

// TestPlainStatements: these must never be missed, whatever is tuned.
func TestPlainStatements(t *testing.T) {
	for _, c := range []struct{ text, kind string }{
		{"我不想活了", "selfharm"},
		{"不想活咧", "selfharm"},
		{"不 想 活 了", "selfharm"},
		{"想紫砂", "selfharm"},
		{"自鲨", "selfharm"},
		{"我要喝农药", "selfharm"},
		{"他要上吊", "selfharm"},
		{"她跳崖了", "selfharm"},
		{"娃割腕了", "selfharm"},
		{"药都攒好了", "selfharm"},
		{"我走了以后娃就托付给你们", "selfharm"},
		{"孙女叫人摸了下面", "sexual"},
		{"后爸打娃,身上有伤", "child_harm"},
		{"娃被锁在屋里", "child_harm"},
		{"男人又打我了", "violence"},
		{"儿子拿刀要砍我", "violence"},
		{"老人几天没吃饭没人管", "neglect"},
		{"娃一个人在家没人管", "neglect"},
		{"老人叫不醒", "illness"},
		{"我爸吐血了", "illness"},
		{"奶奶昏过去了", "illness"},
		{"煤烟中毒了", "illness"},
		{"娃不见了", "missing"},
		{"老人走失了", "missing"},
	} {
		for _, role := range []string{"guardian", "child", "cadre"} {
			if got := Alarm(c.text, role); got.Level == Calm || got.Kind != c.kind {
				t.Errorf("%s from %s: %v", c.text, role, got)
			}
		}
		report := "今天走访了两户,送了米面油,打扫了院子,一切都好。最后一户," + c.text + "。明天再去看看,顺便带点药。"
		if got := Alarm(report, "cadre"); got.Level == Calm {
			t.Errorf("missed in a report: %s", c.text)
		}
	}
}

// TestAskingUndoesNoDanger: who asks for what one may apply for is mostly calm, but
// not who is beaten now; and want or a fever alone is a need, no alarm.
func TestAskingUndoesNoDanger(t *testing.T) {
	for text, danger := range map[string]bool{
		"昨黑了男人又捶我,低保能单独办不":   true,
		"后爸拿火钳烫娃,监护人能换成我不":   true,
		"娃从早上走丢到现在,要去哪里报案":   true,
		"我爸刚跌倒半边不会动,卫生院能报多少": true,
		"表哥晚上老摸我,我能申请住校不":    true,
		"两天没吃的了饿得走不动,能申请救助吗": true,
		"我想喝农药,丧葬费有多少":       true,
		"前年他打我离了婚,娃的低保咋办":    false,
		"老汉中风三年了,护理补贴多少":     false,
		"家暴的能申请啥":            false,
		"娃发烧三天了":             false,
		"没煤了娃冻得不行":           false,
		"房子塌了半边没人来看,娃的书费也没交": false,
		"爹妈都没了,跟着他二爸,孤儿的钱咋领": false,
		"我老了一身病,哪天走了孙子归谁管":   false,
	} {
		if got := Alarm(text, "guardian"); (got.Level != Calm) != danger {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// TestOrdinaryTextsAreCalm runs the recogniser over questions of the policy
// base and over ordinary logs: nothing there is an alarm.
func TestOrdinaryTextsAreCalm(t *testing.T) {
	var texts []string
	for _, e := range Default().Entries() {
		texts = append(texts, append([]string{e.Question}, e.Variants...)...)
	}
	for _, ways := range phrasings() {
		texts = append(texts, unfold(ways)...)
	}
	for _, q := range lines[question](t, "questions.jsonl") {
		texts = append(texts, q.Text)
	}
	if path := os.Getenv("ANSWER_LOGS"); path != "" { // one {"text": …} a line
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			var m struct{ Text string }
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, m.Text)
		}
	}
	started := time.Now()
	wolf := 0
	for _, text := range texts {
		if got := Alarm(text, ""); got.Level != Calm {
			wolf++
			t.Logf("%q: %v", text, got)
		}
	}
	t.Logf("false alarms %d of %d ordinary texts, %v each", wolf, len(texts), time.Since(started)/time.Duration(len(texts)))
	if wolf*1000 > len(texts) {
		t.Errorf("more than 1 in 1000")
	}
}
