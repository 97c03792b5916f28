package understand

import (
	"maps"
	"runtime"
	"strings"
	"sync"
	"testing"

	"aixin/models"
)

// TestRuleExamples holds every rule to the sentences beside it.
func TestRuleExamples(t *testing.T) {
	u := New()
	roster := []Person{
		{"谷军", []string{"老谷", "谷叔"}},
		{"马海龙", []string{"海龙", "龙龙"}},
		{"王桂花", []string{"王奶奶"}},
		{"白玉梅", []string{"白奶奶"}},
		{"慕占祥", []string{"慕爷"}},
		{"豆建平", []string{"老豆"}},
		{"欧阳春梅", []string{"春梅", "欧阳姨"}},
		{"田禾", nil},
		{"米雪", nil},
		{"何改香", []string{"何婶"}},
		{"杨军", []string{"老杨"}},
		{"李文博", nil},
		{"贺兰英", []string{"贺奶奶"}},
		{"安小宝", []string{"小宝"}},
		{"罗引弟", []string{"引弟"}},
		{"柳芳", nil},
		{"卯玲玲", []string{"玲玲"}},
		{"程秀英", []string{"程奶奶"}},
		{"上官小虎", []string{"小虎"}},
		{"曹德旺", []string{"老曹"}},
		{"敬永福", []string{"敬爷"}},
		{"漆桂香", []string{"漆婶"}},
		{"景俊杰", []string{"俊杰"}},
		{"单福贵", nil},
		{"纪成才", []string{"老纪"}},
		{"卜学文", []string{"学文"}},
		{"关秀琴", []string{"关婶"}},
		{"何家乐", []string{"乐乐"}},
		{"尚德福", []string{"尚爷"}},
		{"杨翠花", []string{"杨姨"}},
		{"赵兰英", []string{"赵奶奶"}},
		{"何家宝", []string{"宝宝"}},
	}
	render := func(text string) clause {
		m := u.begin(Input{Text: text, Today: "2026-11-21", Roster: roster})
		return m.build(m.tokens)
	}
	all := map[string]table{
		"visit": visitRules, "noVisit": noVisit, "absent": absent, "missedCall": missedCall, "gotThrough": gotThrough, "othersDid": othersDid,
		"plan": planRules, "difficulty": difficultyRules, "deed": deedRules, "deedByHelping": deedByHelping, "aid": aidRules, "noAid": noAid,
	}
	maps.Copy(all, links)
	for name, rules := range all {
		for _, r := range rules {
			for _, eg := range r.eg {
				c := render(eg)
				if !r.re.MatchString(c.tagged) && !r.re.MatchString(c.plain) {
					t.Errorf("%s: %s does not take its example %q (%s | %s)", name, r.pattern, eg, c.tagged, c.plain)
				}
				if r.need != "" && !strings.ContainsAny(c.tagged, r.need) && !strings.ContainsAny(c.plain, r.need) {
					t.Errorf("%s: none of %q is in the example %q", name, r.need, eg)
				}
			}
		}
	}
}

func TestMenuWords(t *testing.T) {
	u := New()
	for text, want := range map[string]Intent{"帮助": IntentHelp, "进度": IntentProgress, "名单": IntentRoster, "撤销": IntentUndo, "取消": IntentUndo, "": IntentOther, "?": IntentHelp, "。": IntentOther} {
		if got := u.Understand(Input{Text: text, Today: "2026-11-21"}).Intent; got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestMissing(t *testing.T) {
	u := New()
	roster := []Person{{"张丽", []string{"丽丽"}}, {"张立", []string{"立子"}}, {"谷军", []string{"老谷"}}}
	for _, c := range []struct {
		text       string
		missing    string
		candidates string
	}{
		{"今天去家里看了", "who", "张丽 张立 谷军"},
		{"给张利打了电话", "who", "张丽 张立"},
		{"上周去看了老谷", "when", ""},
		{"昨天去看了老谷", "", ""},
		{"今天又去了一趟,给老谷把水管修好了", "", ""},
		{"打了个电话,老谷说身体好着", "", ""},
		{"化肥两袋260,给老谷的", "", ""},
		{"给两个人打了电话", "who", "张丽 张立 谷军"},
		{"开斋节前后去看了老谷", "", ""},
		{"前几天给家里送了面", "who when", "张丽 张立 谷军"},
		{"老谷家", "what", ""},
	} {
		r := u.Understand(Input{Text: c.text, Today: "2026-11-21", Roster: roster})
		if got := strings.Join(r.Missing, " "); got != c.missing {
			t.Errorf("%q misses %q, want %q", c.text, got, c.missing)
		}
		if got := strings.Join(r.Candidates, " "); got != c.candidates {
			t.Errorf("%q may mean %q, want %q", c.text, got, c.candidates)
		}
	}
}

func TestStageAndSplit(t *testing.T) {
	u := New()
	in := Input{Today: "2026-11-21", Roster: []Person{{"谷军", nil}, {"马海龙", nil}, {"王桂花", nil}}}
	for text, want := range map[string]models.PolicyStage{
		"给谷军讲了低保政策": models.PolicyExplained, "帮谷军申请了临时救助": models.PolicyApplied, "谷军的低保批下来了": models.PolicyObtained,
	} {
		in.Text = text
		r := u.Understand(in)
		if len(r.Activities) != 1 || r.Activities[0].Stage != want {
			t.Errorf("%q gives %+v, want the stage %s", text, r.Activities, want)
		}
	}
	in.Text = "给三户共送了1000元"
	var sum models.Fen
	acts := u.Understand(in).Activities
	for _, a := range acts {
		if a.AmountFen == nil || !a.Split {
			t.Fatalf("%q: %+v is no even share", in.Text, a)
		}
		sum += *a.AmountFen
	}
	if len(acts) != 3 || sum != 100000 {
		t.Errorf("%q shares %d fen among %d, want 100000 among 3", in.Text, sum, len(acts))
	}
}

func TestConcurrent(t *testing.T) {
	u := New()
	in := Input{Text: "昨天去老谷家走访,送了米面油价值300元", Today: "2026-11-21", Roster: []Person{{"谷军", []string{"老谷"}}}}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if n := len(u.Understand(in).Activities); n != 2 {
					t.Errorf("%d activities, want 2", n)
				}
			}
		})
	}
	wg.Wait()
}

// TestLoad holds the tables to their budget of memory; BenchmarkNew tells the time.
func TestLoad(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	u := New()
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 15<<20 {
		t.Errorf("the tables keep %d bytes", kept)
	}
	runtime.KeepAlive(u)
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New()
	}
}

func BenchmarkUnderstand(b *testing.B) {
	u := New()
	all := readLabelled(b, "testdata/dev.jsonl")
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		u.Understand(all[i%len(all)].Input)
	}
}

func FuzzUnderstand(f *testing.F) {
	u := New()
	all := readLabelled(f, "testdata/dev.jsonl")
	for _, l := range all {
		f.Add(l.Text)
	}
	for _, s := range []string{"¥", "1万2", "十", "百十块", "各", "除了", "×3", "13月40日", "二月三十", "99999999999999元", "七八百", "大年", "𠮷家去了", "昨", "\xff", strings.Repeat("去老谷家", 500)} {
		f.Add(s)
	}
	roster := all[0].Roster
	names := map[string]bool{"": true}
	for _, p := range roster {
		names[p.Name] = true
	}
	f.Fuzz(func(t *testing.T, text string) {
		const today = models.Day("2026-11-21")
		r := u.Understand(Input{Text: text, Today: today, Roster: roster})
		folded := string(clean(text))
		for _, a := range r.Activities {
			if !names[a.Person] && !strings.Contains(folded, a.Person) {
				t.Errorf("%q invents %q", text, a.Person)
			}
			if a.Date > today || a.Date == "" {
				t.Errorf("%q gives the day %s", text, a.Date)
			}
			if a.AmountFen != nil && *a.AmountFen < 0 {
				t.Errorf("%q gives %d fen", text, *a.AmountFen)
			}
		}
		if r.Intent != IntentLog && len(r.Activities) > 0 || r.Intent == IntentLog && len(r.Activities) == 0 {
			t.Errorf("%q is %s with %d activities", text, r.Intent, len(r.Activities))
		}
	})
}

// TestRunOn bounds the work on speech without a stop, as long as a message may
// be: twice the words take about twice the memory.
func TestRunOn(t *testing.T) {
	u := New()
	in := Input{Today: "2026-11-21", Roster: []Person{{"谷军", []string{"老谷"}}, {"马海龙", []string{"海龙"}}}}
	for _, s := range []string{"去老谷家", "昨天去了老谷家还给海龙打电话又送了300元", "老谷 海龙 ", "昨天", "了 我 "} {
		work := func(runes int) float64 {
			in.Text = strings.Repeat(s, runes/len([]rune(s)))
			return testing.AllocsPerRun(1, func() { u.Understand(in) })
		}
		if half, whole := work(maxRunes/2), work(maxRunes); whole > 2.5*half {
			t.Errorf("%s…: %.0f allocations, %.0f for half of it", s, whole, half)
		}
	}
}
