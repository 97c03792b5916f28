package handlers

import (
	"regexp"
	"strings"

	"aixin/handlers/say"
)

// What a family wants, beside asking.
type want int

const (
	wantAnswer want = iota
	wantCarry
	wantComplaint
	wantCadre
	wantChat
)

var (
	carryHeads  = regexp.MustCompile(`(捎|带)(句|个|一句|一个|给|几句)?话|转告|(告诉|跟|给|和)[^,,。]{0,6}(干部|书记|主任|同志|老师)[^,,。]{0,2}(说一声|说一下|说句|说,|说:|:|:)|告诉[^,,。]{0,4}(干部|书记|主任|同志)`)
	toWhom      = regexp.MustCompile(`^.{0,2}(干部|书记|主任|同志)[ ::,,说]*`)
	thanksWords = regexp.MustCompile(`(谢谢|感谢|多谢|谢了|谢).{0,6}(干部|书记|主任|同志|老师|你们|他)|(干部|书记|主任|同志|老师).{0,10}(谢谢|感谢|辛苦|多亏)`)
	neverCame   = regexp.MustCompile(`(没人|没有人|没见人|没见过人|没个人|不见人|不见个人)来|没有?来过|干部.{0,8}(没来|不来|没见|不见|不管|没管|没帮|态度|骂|收.{0,3}钱|要.{0,3}钱|[要让叫].{0,4}交.{0,6}钱|拿.{0,4}(回扣|好处))|[没不]见.{0,4}干部|(记录|本本|上面).{0,8}来过.{0,8}没来`)
	notPeople   = regexp.MustCompile(`钱|补贴|补助|低保|费|证|卡|药|到账|通知|短信|水|电`)
	asking      = regexp.MustCompile(`[??]|吗|咋|怎么|怎样|多少|哪|啥|什么|能不能|可不可以|有没有|几`)
	hearsay     = regexp.MustCompile(`怎么办|咋办|向谁|找谁|跟谁|哪里反映|哪里说|谁管`)
	whoIsCadre  = regexp.MustCompile(`干部.{0,4}(是谁|叫啥|叫什么|哪个|哪位|哪一个)|(谁|哪个|哪位)是.{0,4}干部|干部.{0,6}(电话|号码|联系方式)`)
	greeting    = regexp.MustCompile(`^(你好|您好|在吗|在不在|在不|喂|嗨|早上好|晚上好|下午好|早|hello|hi|嗯|哦|好|好的|行|知道了|收到|测试|没事|没事了|再见|吃了吗|你是谁|你是机器人吗|你叫啥)[啊呀吗呢了的哈哦!!。~~]*$`)
	thanksOnly  = regexp.MustCompile(`^.{0,4}(谢谢|多谢|感谢|谢了|辛苦了?)(你|您|你们|啊|了|哈|呀)*[!!。~~]*$`)
	bareNumber  = regexp.MustCompile(`^.{0,8}〔[^〕]*〕[。.!]?$`)
	besides     = regexp.MustCompile(`我?的?(身份证|银行卡|卡|密码)?(号码|号)?(是|:)?〔[^〕]*〕|(我|俺)?(不识字|不认字|没念过书|不会打字)[,。 ]`)
	goodNews    = regexp.MustCompile(`考上|考取|录取|找到(工作|活)|(病|腿|眼睛|身体).{0,4}好了|毕业`)
	weather     = regexp.MustCompile(`^.{0,8}(下雪|下雨|天气|刮风|冷不冷|热不热|几度).{0,6}$`)
)

// wanted tells what a family's words are for by how they are put.
func wanted(text string) want {
	s := strings.Trim(text, "。.!?~ ")
	switch {
	case carryHeads.MatchString(s), thanksWords.MatchString(s) && !thanksOnly.MatchString(s) && !asking.MatchString(s):
		return wantCarry
	case greeting.MatchString(strings.ToLower(s)), thanksOnly.MatchString(s), weather.MatchString(s):
		return wantChat
	case whoIsCadre.MatchString(s):
		return wantCadre
	case neverCame.MatchString(s) && !hearsay.MatchString(s) && !(notPeople.MatchString(s) && !strings.Contains(s, "干部")):
		return wantComplaint
	}
	return wantAnswer
}

func smallTalk(text string) string {
	switch {
	case weather.MatchString(text):
		return say.Weather
	case strings.Contains(text, "谢") || strings.Contains(text, "辛苦"):
		return say.YouAreWelcome
	}
	return say.SmallTalk
}

// beside leaves out of a question what is said beside it: a number that was
// taken out, and that one cannot read.
func beside(text string) string {
	if rest := strings.Trim(besides.ReplaceAllString(text, ""), " ,。:"); len([]rune(rest)) > 3 {
		return rest
	}
	return text
}

// carried takes the way of putting it off a message: 给王干部捎句话:羊病了.
func carried(text string) string {
	loc := carryHeads.FindStringIndex(text)
	if loc == nil {
		return text
	}
	rest := strings.TrimLeft(text[loc[1]:], " :,。说")
	if rest = toWhom.ReplaceAllString(rest, ""); rest != "" {
		return rest
	}
	return text
}
