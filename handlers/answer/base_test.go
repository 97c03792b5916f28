package answer

import (
	"slices"
	"strings"
	"testing"
)

const entry = `
- id: a
  category: 低保
  question: 低保怎么申请?
  variants: [想办低保找谁]
  answer: 到乡镇申请。
  source: 《社会救助暂行办法》
  hotline: "12345"
`

func TestLoadNamesFaults(t *testing.T) {
	for name, c := range map[string]struct{ yaml, want string }{
		"no list":        {"a: 1", "读不出"},
		"empty":          {"", "一条也没有"},
		"double id":      {entry + entry, "a:编号用了两次"},
		"no id":          {strings.Replace(entry, "id: a", "id: ", 1), "第1条:没有编号"},
		"reserved id":    {strings.Replace(entry, "id: a", "id: crisis", 1), "编号不能用 crisis"},
		"empty answer":   {strings.Replace(entry, "到乡镇申请。", `" "`, 1), "a:没有回答"},
		"no source":      {strings.Replace(entry, "《社会救助暂行办法》", `""`, 1), "a:没有依据"},
		"empty variant":  {strings.Replace(entry, "想办低保找谁", `"?"`, 1), "a:有一种问法是空的"},
		"asked by two":   {entry + strings.Replace(entry, "id: a", "id: b", 1), "和 a 的一样"},
		"not yaml":       {"\t:", "读不出"},
		"several faults": {strings.Replace(strings.Replace(entry, "id: a", "id: ", 1), "到乡镇申请。", `""`, 1), "没有回答"},
	} {
		_, err := Load([]byte(c.yaml))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestASmallBaseOfOnesOwn(t *testing.T) {
	b, err := Load([]byte(entry + `
- id: bus
  category: 出行
  question: 乡村公交几点发车?
  variants: [去县城的班车啥时候走, 公交末班车几点]
  answer: 每天早上七点头班。
  source: 县交通局公告
  hotline: "12345"
`))
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Ask("公交头班几点发车", ""); got.ID != "bus" {
		t.Errorf("got %+v", got)
	}
	if got := b.Ask("想办个低保,找谁", ""); got.ID != "a" {
		t.Errorf("got %+v", got)
	}
}

func TestEntriesAreCopies(t *testing.T) {
	b := Default()
	b.Entries()[0].Answer = ""
	e, ok := b.Entry("dibao-apply")
	if !ok || e.Category != "低保" || b.Entries()[0].Answer == "" {
		t.Errorf("entry %+v, found %v", e, ok)
	}
	if _, ok := b.Entry("none"); ok {
		t.Error("none is no entry")
	}
}

func TestTheBaseAnswersItsOwnWording(t *testing.T) {
	b := Default()
	for _, e := range b.Entries() {
		for _, q := range append([]string{e.Question}, e.Variants...) {
			if got := b.Ask(q, ""); got.ID != e.ID && !slices.Contains(got.Choices, e.ID) {
				t.Errorf("%q: want %s, got %+v", q, e.ID, got)
			}
		}
	}
}

func TestOutcomes(t *testing.T) {
	b := Default()
	for _, text := range []string{"", "   ", "???", "😂😂", "\x00\xff", strings.Repeat("啊", 5000)} {
		if got := b.Ask(text, "guardian"); got.ID != None {
			t.Errorf("%.20q: %+v", text, got)
		}
	}
	if got := b.Ask("我不想活了,药都攒好了", "guardian"); got.ID != Crisis || got.Score != 1 {
		t.Errorf("got %+v", got)
	}
	for _, q := range lines[question](t, "questions.jsonl") {
		got := b.Ask(q.Text, q.Role)
		if got.Score < 0 || got.Score > 1 {
			t.Fatalf("%q: score %v", q.Text, got.Score)
		}
		if n := len(got.Choices); n == 1 || n > 3 || n > 0 && got.Choices[0] != got.ID {
			t.Fatalf("%q: %+v", q.Text, got)
		}
	}
}

func TestTheSameTeachingGivesTheSameAnswers(t *testing.T) {
	again, err := Load(shipped)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range lines[question](t, "questions.jsonl")[:100] {
		if a, b := Default().Ask(q.Text, q.Role), again.Ask(q.Text, q.Role); a.ID != b.ID || a.Score != b.Score {
			t.Fatalf("%q: %+v, then %+v", q.Text, a, b)
		}
	}
}

func BenchmarkAsk(b *testing.B) {
	base := Default()
	base.Ask("低保咋办哩", "")
	for b.Loop() {
		base.Ask("娃他妈跑了五年了,没一点消息,能办个啥", "guardian")
	}
}

func BenchmarkAskLong(b *testing.B) {
	base := Default()
	tale := strings.Repeat("我今年七十二了,儿子在煤矿上出了事,媳妇改嫁到外省再没回来,屋里就我跟两个碎孙子,", 4) + "低保咋申请哩"
	for b.Loop() {
		base.pick(tale, "guardian")
	}
}

func BenchmarkAlarm(b *testing.B) {
	log := "今天走访了三户,老人血压正常,送了米面油,跟邻居聊了聊庄稼,后来到学校看了娃,老师说表现不错,又给打了电话,都好"
	Alarm(log, "")
	for b.Loop() {
		Alarm(log, "cadre")
	}
}

func BenchmarkLoad(b *testing.B) {
	spoken()
	for b.Loop() {
		if _, err := Load(shipped); err != nil {
			b.Fatal(err)
		}
	}
}

// A base that an office changed has to learn its own wording.
func BenchmarkLoadChanged(b *testing.B) {
	body := []byte(strings.Replace(string(shipped), "怎么办残疾证", "残疾证明在哪达弄", 1))
	for b.Loop() {
		if _, err := Load(body); err != nil {
			b.Fatal(err)
		}
	}
}

// TestBriefAnswers: no answer is more than four sentences at once, and none loses a word.
func TestBriefAnswers(t *testing.T) {
	kept := 0
	for _, e := range Default().Entries() {
		first, more := e.Brief()
		if first+more != e.Answer {
			t.Errorf("%s: %q and %q are not the answer", e.ID, first, more)
		}
		n := len(strings.FieldsFunc(first, func(r rune) bool { return strings.ContainsRune("\u3002!?", r) }))
		if n > brief && !strings.Contains(e.Answer, "120") {
			t.Errorf("%s: %d sentences at once", e.ID, n)
		}
		if more != "" {
			kept++
		}
	}
	if kept == 0 {
		t.Error("nothing is kept for later")
	}
}
