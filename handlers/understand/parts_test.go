package understand

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"aixin/models"
)

// showAmend renders an amendment as one line.
func showAmend(a Amendment) string {
	var out []string
	add := func(name string, v any, told bool) {
		if told {
			out = append(out, fmt.Sprint(name, "=", v))
		}
	}
	add("date", string(a.Date), a.Date != "")
	if a.AmountFen != nil {
		add("fen", *a.AmountFen, true)
	}
	add("person", a.Person, a.Person != "")
	add("not", a.NotPerson, a.NotPerson != "")
	add("kind", a.Kind, a.Kind != "")
	add("channel", a.Channel, a.Channel != "")
	for _, x := range a.Add {
		fen := models.Fen(0)
		if x.AmountFen != nil {
			fen = *x.AmountFen
		}
		add("add", fmt.Sprint(x.Kind, ":", fen), true)
	}
	add("whole", a.Whole, a.Whole)
	return strings.Join(out, " ")
}

func TestAmendment(t *testing.T) {
	u := New()
	roster := []Person{{"谷军", []string{"老谷"}}, {"马海龙", []string{"海龙"}}}
	for text, want := range map[string]string{
		"日期改成昨天":            "date=2026-11-20",
		"上一条时间应该是11月15号":    "date=2026-11-15",
		"不是今天是前天":           "date=2026-11-19",
		"更正一下,上条是前天的事":      "date=2026-11-19",
		"不是500是300元":        "fen=30000",
		"金额少写了个零,应该是1000":   "fen=100000",
		"是500不是300":         "fen=50000",
		"刚才那条人弄错了,是马海龙不是谷军": "person=马海龙 not=谷军",
		"不是老谷是海龙":           "person=马海龙 not=谷军",
		"名字打错了,应该是海龙,不是老谷":  "person=马海龙 not=谷军",
		"照片是老谷家的":           "person=谷军",
		"改成视频":              "kind=contact channel=video",
		"是微信不是电话":           "kind=contact channel=wechat",
		"刚那条不是走访,是打的电话":     "kind=contact channel=phone",
		"再加一桶油80元":          "add=aid:8000",
		"日期写错了":             "whole=true",
	} {
		r := u.Understand(Input{Text: text, Today: "2026-11-21", Roster: roster})
		if r.Intent != IntentAmend {
			t.Errorf("%s is %s", text, r.Intent)
		}
		if got := showAmend(r.Amend); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestPlanDay(t *testing.T) {
	u := New()
	for text, want := range map[string]models.Day{
		"明天去看老谷": "2026-11-22", "下周三打算去看老谷": "2026-11-25", "后天陪老谷去复查": "2026-11-23", "周二准备去老谷家": "2026-11-24",
	} {
		r := u.Understand(Input{Text: text, Today: "2026-11-21", Roster: []Person{{"谷军", []string{"老谷"}}}})
		if r.Intent != IntentPlan || r.Date != want || !slices.Equal(r.Persons, []string{"谷军"}) {
			t.Errorf("%s: %s on %s for %v, want a plan on %s for 谷军", text, r.Intent, r.Date, r.Persons, want)
		}
	}
}

// TestDays reads one day from the start of each text, as seen from a Saturday.
func TestDays(t *testing.T) {
	u := New()
	const today = models.Day("2026-11-21")
	for text, want := range map[string]models.Day{
		"今天": today, "今儿个": today, "刚才": today, "昨天": "2026-11-20", "夜来": "2026-11-20", "昨晚": "2026-11-20", "前天": "2026-11-19", "大前天": "2026-11-18",
		"五天前": "2026-11-16", "10天以前": "2026-11-11", "两周前": "2026-11-07", "半个月前": "2026-11-06", "一个月前": "2026-10-21",
		"周三": "2026-11-18", "这周三": "2026-11-18", "周日": "2026-11-15", "上周三": "2026-11-11", "上上周三": "2026-11-04", "礼拜五": "2026-11-20", "上个星期天": "2026-11-15", "周六": today,
		"11月15日": "2026-11-15", "12月28日": "2025-12-28", "11.15号": "2026-11-15", "11/15": "2026-11-15", "15号": "2026-11-15", "28号": "2026-10-28", "2026年3月5日": "2026-03-05", "去年12月28号": "2025-12-28",
		"十一月十五号": "2026-11-15", "上个月20号": "2026-10-20", "上月底": "2026-10-31", "10月底": "2026-10-31", "月初": "2026-11-01",
		"正月初六": "2026-02-22", "腊月二十三": "2026-02-10", "五月初五": "2026-06-19", "农历十月初一": "2026-11-09", "八月十五": "2026-09-25",
		"开斋节": "2026-03-20", "古尔邦节": "2026-05-27", "大年三十": "2026-02-16", "元月15号": "2026-01-15", "10月最后一天": "2026-10-31", "中秋节": "2026-09-25", "除夕": "2026-02-16", "春节": "2026-02-17", "元宵节": "2026-03-03", "端午": "2026-06-19", "重阳节": "2026-10-18", "腊八": "2026-01-26",
		"清明": "2026-04-05", "立冬": "2026-11-07", "冬至": "2025-12-21", "小雪": "2025-11-22", "六一": "2026-06-01", "国庆节": "2026-10-01", "母亲节": "2026-05-10", "助残日": "2026-05-17", "元旦": "2026-01-01", "中秋节前一天": "2026-09-24", "国庆节第二天": "2026-10-02",
		"明天": "2026-11-22", "下周三": "2026-11-25", "后天": "2026-11-23", "3天后": "2026-11-24",
	} {
		m, end := u.calendar.at(today).read([]rune(text), 0, 0)
		if m.day != want || end != len([]rune(text)) {
			t.Errorf("%s is %s (%d letters), want %s", text, string(m.day), end, string(want))
		}
		if m.future != (want > today) {
			t.Errorf("%s: future is %v", text, m.future)
		}
	}
	for _, text := range []string{"八号楼", "送", "3袋", "11.5元", "祝六一快乐", "五一小学", "一周", "1.2万", "本周三户"} {
		r := []rune(text)
		for i := range r {
			if m, end := u.calendar.at(today).read(r, i, 0); end > i && !m.clock {
				t.Errorf("%s holds the day %s", text, string(m.day))
			}
		}
	}
}

func TestMoney(t *testing.T) {
	for text, want := range map[string]int64{
		"300元": 30000, "300": 30000, "三百块": 30000, "两百五": 25000, "1.2万": 1200000, "一万二": 1200000, "五十块钱": 5000, "百十块": 11000, "伍佰元": 50000, "三十来块": 3000, "256.5元": 25650,
		"2000多元": 200000, "一千五百块": 150000, "¥88": 8800, "三块五": 350, "8毛": 80, "一百零五": 10500, "3千5": 350000, "1万2": 1200000, "六百四十元": 64000, "2,000元": 200000, "十五块": 1500, "一百八": 18000,
	} {
		fen, ok := Amount(text)
		if !ok || int64(fen) != want {
			t.Errorf("%s is %d fen (%v), want %d", text, fen, ok, want)
		}
	}
	for _, text := range []string{"几百块", "七八百块", "三袋", "", "元", "一"} {
		if fen, ok := Amount(text); ok && text != "一" {
			t.Errorf("%q is no sum, got %d", text, fen)
		}
	}
}

func TestScrub(t *testing.T) {
	for text, want := range map[string]string{
		"身份证11010519491231002X请查":         "身份证〔身份证号〕请查",
		"身份证 110105 19491231 002x":        "身份证 〔身份证号〕",
		"老证件110105491231002":              "老证件〔身份证号〕",
		"卡号6222020200112233445不对":         "卡号〔银行卡号〕不对", // whoever mistypes one digit gives the others away
		"卡6222 0202 0011 2233 445":        "卡〔银行卡号〕",
		"身份证620802195412031212":           "身份证〔身份证号〕",
		"13893312345 20261120":            "13893312345 20261120",
		"快递单号SF1234567890123":             "快递单号SF1234567890123",
		"银行卡4111111111111111":             "银行卡〔银行卡号〕",
		"密码是abc12345":                     "密码是〔密码〕",
		"验证码:482913,快点":                   "验证码:〔密码〕,快点",
		"电话13893312345":                   "电话13893312345",
		"11010519491231002Y":              "〔银行卡号〕Y",
		"昨天2026年11月20日送了2000元":            "昨天2026年11月20日送了2000元",
		"两户4000元,3袋×45元,2026-11-20 15:30": "两户4000元,3袋×45元,2026-11-20 15:30",
		"密码忘了":                            "密码忘了",
	} {
		got, found := Scrub(text)
		if got != want {
			t.Errorf("%s becomes %s, want %s", text, got, want)
		}
		if (got != text) != (len(found) > 0) {
			t.Errorf("%s: found %v", text, found)
		}
	}
}

// Photos told of beside a doing do not make it a correction.
func TestPhotosBesideADoing(t *testing.T) {
	roster := []Person{{Name: "谷军", Aliases: []string{"老谷"}}, {Name: "马海龙", Aliases: []string{"海龙"}}}
	for text, want := range map[string]Intent{
		"刚才去看了海龙,照片是他的":      IntentLog,
		"今天去了老谷家,这几张照片是他家院子": IntentLog,
		"照片是老谷家的":            IntentAmend,
		"照片是老谷家的,不是海龙家的":     IntentAmend,
	} {
		if got := New().Understand(Input{Text: text, Today: "2026-11-22", Roster: roster}); got.Intent != want {
			t.Errorf("%s is %s, want %s", text, got.Intent, want)
		}
	}
}
