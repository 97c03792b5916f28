package say

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"aixin/models"
)

// QuestionFor is how the cadre, or an office, gets a family's question.
func QuestionFor(family string, q models.Question, office string) string {
	if office != "" {
		office = "(" + office + ")"
	}
	if q.PhotoID != "" && q.Words.Empty() {
		return fmt.Sprintf("%s家发来语音(提问 #%d)%s,声音随后就到。\n听了发“回复 %d 加您的话”,我原话转;打电话更快,打完回“%d 电话说过了”。", family, q.Number, office, q.Number, q.Number)
	}
	return fmt.Sprintf("%s家问(提问 #%d)%s:“%s”\n发“回复 %d 加您的话”,我原话转;打电话更快,打完回“%d 电话说过了”。", family, q.Number, office, q.Words.Reveal(), q.Number, q.Number)
}

// CarryFor is how the cadre gets a family's message or thanks.
func CarryFor(family string, q models.Question) string {
	return fmt.Sprintf("%s家捎话(#%d):“%s”\n想回就发“回复 %d 加您的话”,不回也行。", family, q.Number, q.Words.Reveal(), q.Number)
}

// ComplaintFor is how the county gets a complaint.
func ComplaintFor(family, place, cadre, unit string, q models.Question) string {
	about := "还没有结对干部"
	if cadre != "" {
		about = "结对干部是" + unit + "的" + cadre
	}
	return fmt.Sprintf("有家属反映(反映 #%d):“%s”\n是%s%s家,%s。请核实,别让被反映的人知道是谁说的;查清了发“回复 %d 加您的话”,我原话转。", q.Number, q.Words.Reveal(), place, family, about, q.Number)
}

// AnswerFor is how the family gets the answer, or a cadre's own words; relay is
// the family for which somebody else gets them.
func AnswerFor(officer, relay string, q models.Question) string {
	words := "“" + q.Answer.Reveal() + "”"
	if q.Answer.Empty() {
		words = "语音,声音随后就到。"
	}
	switch {
	case q.State == models.QuestionTold && relay != "":
		return fmt.Sprintf("%s请您捎给%s家:%s", officer, relay, words)
	case q.State == models.QuestionTold:
		return fmt.Sprintf("%s捎话给您:%s", officer, words)
	}
	return fmt.Sprintf("%s回您(提问 #%d):%s", officer, q.Number, words)
}

// Office is who answers where no cadre does.
const Office = "管这事的同志"

// QuestionCard tells that something with a number is there; its words stand in
// the chat.
func QuestionCard(number int, what string, at time.Time) Card {
	return Card{
		{"编号", "character_string1", strconv.Itoa(number)},
		{"说明", "thing2", what},
		{"时间", "time3", at.Format("2006年1月2日 15:04")},
	}
}

// CardQuestion is its second field for who answers.
func CardQuestion(number int) string {
	return fmt.Sprintf("有家属问事,回“提问 %d”看", number)
}

// CardAnswer is it for a family, CardTold of words that answer nothing.
const (
	CardAnswer = "有回话了,点开或回“进度”看"
	CardTold   = "干部捎来话,点开或回“进度”看"
)

// Replied is said to the cadre whose words went to the family.
func Replied(number int, family string, late bool) string {
	if late {
		return fmt.Sprintf("提问 #%d 的回话记下了。%s家两天没来过消息,可能要等来了才看到,急的话打个电话。", number, family)
	}
	return fmt.Sprintf("好,提问 #%d 原话转给%s家了。", number, family)
}

// ReplyEmpty asks for the words.
func ReplyEmpty(number int, family string) string {
	return fmt.Sprintf("给%s家回啥话(提问 #%d)?打字或按住说话发语音都行。", family, number)
}

// QuestionNotAsked answers a family a number that it never had.
func QuestionNotAsked(number int) string {
	return fmt.Sprintf("您没有提问 #%d。发“进度”看您问过的。", number)
}

// QuestionUnknown answers a number that is nobody's, or somebody else's.
func QuestionUnknown(number int) string {
	return fmt.Sprintf("您这里没有提问 #%d。发“提问”看还有哪些等您回。", number)
}

// QuestionOver answers a question that was settled before.
func QuestionOver(number int, day models.Day, arrived, family string) string {
	return fmt.Sprintf("提问 #%d %s已经回过了%s,这句没有转。还要说就发“转告%s家:您的话”,或打个电话。", number, day, arrived, family)
}

// QuestionState tells what became of a question that is looked at again.
func QuestionState(q models.Question, day models.Day, arrived string) string {
	switch {
	case q.State == models.QuestionClosed:
		return fmt.Sprintf("%s说过了,已了结。", day)
	case q.Answer.Empty():
		return fmt.Sprintf("%s用语音回了%s。", day, arrived)
	}
	return fmt.Sprintf("%s回了“%s”%s。", day, short(q.Answer.Reveal(), 40), arrived)
}

// SpokenOver answers 12 电话说过了.
func SpokenOver(number int, receipt string) string {
	if receipt == "" {
		return fmt.Sprintf("好,提问 #%d 了结。", number)
	}
	return fmt.Sprintf("好,提问 #%d 了结。%s", number, receipt)
}

// SpokenWords is what a button says for 电话说过了.
const SpokenWords = "电话说过了"

// SpokenToo answers it where today's call is on record already.
func SpokenToo(number int) string {
	return fmt.Sprintf("好,提问 #%d 了结。今天的电话记过了,不重记。", number)
}

// WhichSpoken asks which of several questions was talked over.
func WhichSpoken(number int, lines []string) string {
	return fmt.Sprintf("哪条说过了?带上号码回,比如“%d 电话说过了”。\n", number) + strings.Join(lines, "\n")
}

// AskPassOn asks whether plain words are an answer to the family.
func AskPassOn(number int, family, words string) string {
	return fmt.Sprintf("“%s”转给%s家(提问 #%d)吗?1 转 2 不转", short(words, 20), family, number)
}

// NotPassedOn is said to 不转.
const NotPassedOn = "好,没有转。"

// OpenQuestions lists what waits for a cadre.
func OpenQuestions(lines []string) string {
	if len(lines) == 0 {
		return "现在没有等您回的提问。"
	}
	return strings.Join(lines, "\n") + "\n回哪条就发“回复 号码 加您的话”。"
}

// OpenQuestion is a line of that list.
func OpenQuestion(family, cadre string, q models.Question, day models.Day) string {
	words := "“" + short(q.Words.Reveal(), 30) + "”"
	if q.Words.Empty() {
		words = "(语音)"
	}
	name := "提问"
	if q.State == models.QuestionComplaint {
		name = "反映"
	}
	if cadre != "" {
		words += fmt.Sprintf("(在%s那里,替他回发“回复 %s %d 加您的话”)", cadre, cadre, q.Number)
	}
	return fmt.Sprintf("%s #%d %s %s家:%s", name, q.Number, day, family, words)
}
