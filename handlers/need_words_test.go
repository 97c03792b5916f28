package handlers

import (
	"slices"
	"strings"
	"testing"

	"aixin/models"
)

// A sentence becomes its needs: category/department/clock, in order.
func TestNeedsTold(t *testing.T) {
	for text, want := range map[string]string{
		"房漏雨,娃没棉衣":        "住房/housing/fortnight 生活/civil_affairs/day",
		"房漏雨娃没棉衣":         "住房/housing/fortnight 生活/civil_affairs/day",
		"房漏雨。娃没棉衣,学费也交不起": "住房/housing/fortnight 生活/civil_affairs/day 教育/education/week",
		"房顶漏得很,炕也塌了":      "住房/housing/fortnight",
		"家里断粮了":           "生活/civil_affairs/urgent",
		"墙倒了,没地方住":        "住房/housing/urgent",
		"没煤了,娃冻得手都肿了":     "生活/civil_affairs/day",
		"我想换个轮椅":          "医疗/dpf/fortnight",
		"老汉咳嗽得厉害":         "医疗/health/day",
		"住院费报销不了":         "医疗/insurance/week",
		"娃还没上户口":          "户籍/police/fortnight",
		"儿子找不上活":          "就业/hrss/fortnight",
		"老人没人照看":          "养老/civil_affairs/week",
		"工地上拖欠工资,要不回来":    "就业/hrss/fortnight",
		"停电两天了":           "生活/civil_affairs/week",
		"娃没书包":            "教育/education/week",
		"想要个爱心妈妈":         "教育/womens_fed/week",
		"盼有个温暖包":          "生活/youth_league/week",
		"娃没棉衣,请团委帮一下":     "生活/youth_league/day",
		"昨天下了一夜,屋里漏水":     "住房/housing/fortnight",
		"家里啥都没有":          "",
		"房漏雨咋办":           "",
		"低保咋办哩":           "",
		"房子修好了,不漏雨了":      "",
		"房漏雨,找人修好了":       "",
		"房漏雨,修好了,娃没棉衣":    "生活/civil_affairs/day",
		"谢谢王干部,棉衣收到了":     "",
		"羊圈边上的水管子谁给修哩":    "",
		"今天下雪了没":          "",
		"护理补贴半年没来过了":      "",
		"娃考上高中了":          "",
		"娃不想念书了":          "",
		"心里木乱,睡不着":        "",
		"我的帮扶干部是谁,电话多少":   "",
		"有人说交800保证金就给补助":  "",
		"给王干部捎句话:羊病了":     "",
		"明天我不在家":          "",
		"一直没人来过":          "",
		"好的":              "",
		"我们家一切都好":         "",
		"记录说上月来过,其实没来":    "",
		"干部一年来几回":         "",
		"孙女叫人欺负了":         "",
		"娃他妈跑了五年了":        "",
		"药吃完了,没人去取":       "医疗/health/day",
		"家里没水了":           "生活/civil_affairs/week",
		"自来水管冻裂了":         "生活/civil_affairs/week",
		"被子薄得很,孩子没件厚衣服":   "生活/civil_affairs/day",
		"窑洞裂了个大口子":        "住房/housing/fortnight",
		"腿疼得厉害,没钱看病":      "医疗/health/day",
		"我要办残疾证,走不动路":     "医疗/dpf/fortnight",
		"娃不爱说话,需要个心理老师":   "心理/health/week",
		"另外还有娃的学费没着落":     "教育/education/week",
		"奶奶想住敬老院":         "养老/civil_affairs/week",
		"身份证丢了":           "户籍/police/fortnight",
		"助听器坏了,听不见":       "医疗/dpf/fortnight",
		"房顶漏雨,另外暖气也不热":    "住房/housing/fortnight 生活/civil_affairs/day",
	} {
		var got []string
		for _, n := range needTables().told(text) {
			got = append(got, strings.Join([]string{string(n.category), n.department, string(n.clock)}, "/"))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %q, want %q", text, s, want)
		}
	}
}

// A cadre's report names people and offices.
func TestNeedsReported(t *testing.T) {
	named := func(clause string) string {
		for _, n := range []string{"谷军", "老谷", "海龙"} {
			if strings.Contains(clause, n) {
				return n
			}
		}
		return ""
	}
	for text, want := range map[string][]string{
		"谷军家房顶漏雨,得住建看看":      {"谷军 housing 谷军家房顶漏雨,得住建看看"},
		"老谷家房漏雨,海龙没棉衣":       {"老谷 housing 老谷家房漏雨", "海龙 civil_affairs 海龙没棉衣"},
		"去了老谷家,房顶漏雨,没煤烧":     {"老谷 housing 去了老谷家,房顶漏雨", "老谷 civil_affairs 没煤烧"},
		"老谷家门口的路没人修,请镇上协调一下": {"老谷 civil_affairs 老谷家门口的路没人修,请镇上协调一下"},
		"海龙的事需要派出所给看看":       {"海龙 police 海龙的事需要派出所给看看"},
	} {
		var got []string
		for _, n := range needTables().reported(text, named) {
			got = append(got, n.person+" "+n.department+" "+n.words)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", text, got)
		}
	}
}

// Every kind goes to an office that there is, by a clock that there is.
func TestNeedWordsFile(t *testing.T) {
	w, err := readNeedWords(needWordsFile)
	if err != nil {
		t.Fatal(err)
	}
	reached := map[string]bool{}
	for _, k := range w.kinds {
		if models.DepartmentOf(k.department).ID != k.department {
			t.Errorf("no department %q", k.department)
		}
		if !slices.Contains([]models.NeedClock{models.ClockDay, models.ClockWeek, models.ClockFortnight}, k.clock) {
			t.Errorf("no clock %q", k.clock)
		}
		if k.words == nil && k.things == nil || k.category == "" {
			t.Errorf("an empty kind: %+v", k)
		}
		reached[k.department] = true
	}
	for _, d := range models.Departments {
		if !reached[d.ID] {
			t.Errorf("nothing goes to %s", d.Name)
		}
	}
}

// Stops come in both widths.
func TestNeedStops(t *testing.T) {
	wide := strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xFEE0
		}
		return r
	}, "房漏雨,娃没棉衣;学费交不起!")
	if wide == narrow(wide) {
		t.Fatal("the sentence has no wide stop")
	}
	if got := needTables().told(wide); len(got) != 3 || got[0].words != "房漏雨" {
		t.Errorf("%+v", got)
	}
	if got := needTables().told(wide + string(rune(0xFF1F))); got != nil {
		t.Errorf("a question is a need: %+v", got)
	}
	for _, order := range []string{"接 34", "接" + string(rune(0xFF03)) + "34", "办结 34" + string(rune(0xFF0C)) + "好了", string(rune(0x8f6c)) + "34民政"} {
		if needOrderForm.FindStringSubmatch(narrow(order)) == nil {
			t.Errorf("no order: %s", order)
		}
	}
}

// A log speaks of a need besides where it calls for somebody.
func TestNeedsBesideLog(t *testing.T) {
	for text, want := range map[string]string{
		"今天去看了老谷,房顶漏雨,得住建看看":   "房顶漏雨,得住建看看",
		"走访老谷,墙裂了,需要修一下":       "墙裂了,需要修一下",
		"今天去看了老谷,送了一件棉衣":       "",
		"去看了老谷,他家没煤了":          "",
		"去看了老谷,房顶漏雨,找人修好了":     "",
		"给海龙打了电话,没书包,请教育局帮忙协调": "没书包,请教育局帮忙协调",
	} {
		var got []string
		for _, n := range needTables().beside(text, func(string) string { return "" }) {
			got = append(got, n.words)
		}
		if s := strings.Join(got, ";"); s != want {
			t.Errorf("%s: %q, want %q", text, s, want)
		}
	}
}
