package handlers

import (
	"regexp"
	"strings"
	"testing"
)

// What families say beside asking. Care, need and policy are no complaints, and
// a question with thanks stays a question.
func TestWanted(t *testing.T) {
	for text, wants := range map[string]want{
		"给王干部捎句话:羊病了":     wantCarry,
		"麻烦转告干部明天我不在家":    wantCarry,
		"给他带个话,我到家了":      wantCarry,
		"告诉王干部娃回来了":       wantCarry,
		"谢谢王干部,娃考上高中了":    wantCarry,
		"多亏了王书记,房子修好了,谢谢": wantCarry,
		"王干部低保咋办,谢谢":      wantAnswer,
		"谢谢":              wantChat,
		"谢谢您!":            wantChat,
		"你好":              wantChat,
		"今天下雪了没":          wantChat,
		"一直没人来过":          wantComplaint,
		"今年就没见人来":         wantComplaint,
		"干部从来不管我们":        wantComplaint,
		"记录说上月来过,其实没来":    wantComplaint,
		"干部要我交两百块钱":       wantComplaint,
		"干部一直没来过向谁反映":     wantAnswer,
		"老人没人照看咋办":        wantAnswer,
		"我妈没人管,能不能送敬老院":   wantAnswer,
		"护理补贴半年没来过了":      wantAnswer,
		"低保咋办哩":           wantAnswer,
		"房漏雨,娃没棉衣":        wantAnswer,
		"下雪把房压塌了咋办":       wantAnswer,
		"我的帮扶干部是谁,电话多少":   wantCadre,
		"王干部电话是多少":        wantCadre,
	} {
		if got := wanted(text); got != wants {
			t.Errorf("%s: %d, want %d", text, got, wants)
		}
	}
}

func TestQuestionOrders(t *testing.T) {
	for text, want := range map[string][2]string{
		"回复 12 我明天去":    {"12", "我明天去"},
		"回复12我明天去":      {"12", "我明天去"},
		"回复#12,我明天去":    {"12", "我明天去"},
		"答复 提问 12:好":    {"12", "好"},
		"回复 12":         {"12", ""},
		"回复 12 两行\n第二行": {"12", "两行\n第二行"},
	} {
		m := replyOrder.FindStringSubmatch(text)
		if m == nil || m[1] != want[0] || m[2] != want[1] {
			t.Errorf("%s: %q", text, m)
		}
	}
	check := func(name string, order *regexp.Regexp, yes, no []string) {
		for _, s := range yes {
			if !order.MatchString(s) {
				t.Errorf("%s does not take %s", name, s)
			}
		}
		for _, s := range no {
			if order.MatchString(s) {
				t.Errorf("%s takes %s", name, s)
			}
		}
	}
	check("spoken", spokenOrder,
		[]string{"12 电话说过了", "12电话说过了", "12,电话打过了", "12 打过电话了", "12 已经说了", "12 当面说了", "提问12 说过了", "12号回过电话了", "#12 电话里说清楚了", "12 都说好了"},
		[]string{"12", "3户都打了电话", "2次走访", "5个都说了", "12 我明天去", "3 米面油", "给海龙打过电话了", "300元送过了"})
	check("reply", replyOrder, nil, []string{"回1", "回访3户", "回复一下老谷", "12 回复"})
	check("duty", dutyOrder,
		[]string{"收到 7", "收到7", "接 7", "接单7号", "误报 7 是电视", "结案 7,人没事"},
		[]string{"收到", "收到了", "接老谷去医院", "误报", "7 收到"})
	check("look", lookOrder, []string{"提问", "提问 12", "提问#12"}, []string{"提问题", "提问 老谷"})
}

func TestCarried(t *testing.T) {
	for text, want := range map[string]string{
		"给王干部捎句话:羊病了":  "羊病了",
		"麻烦转告干部明天我不在家": "明天我不在家",
		"谢谢王干部,娃考上高中了": "谢谢王干部,娃考上高中了",
		"给王干部带个话":      "给王干部带个话",
	} {
		if got := carried(text); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
	if strings.Contains(narrow("回复 12 好"), "1") == false {
		t.Error("full-width digits")
	}
}
