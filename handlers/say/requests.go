package say

import (
	"fmt"
	"strings"

	"aixin/models"
)

// Handover answers who will move or retire.
func Handover(people []string, open int, told bool) string {
	s := fmt.Sprintf("您名下%d位:%s", len(people), strings.Join(people, "、"))
	if open > 0 {
		s += fmt.Sprintf(",还有%d条提问没回(发“提问”看)", open)
	}
	return s + "。" + liaisonTold(told) + "接手的人定下来前,结对还是您的。"
}

// Swap answers who cannot get on with somebody.
func Swap(person string, told bool) string {
	return liaisonTold(told) + "交接完之前," + person + "还是您结对,记过的都在。"
}

func liaisonTold(told bool) string {
	if told {
		return "转给单位联络员了。"
	}
	return "请给单位联络员打个电话,这里眼下转不到。"
}

// HandoverFor tells the liaison.
func HandoverFor(cadre, words string, people []string) string {
	return cadre + "说:“" + words + "”\n名下:" + strings.Join(people, "、") + "。请定接手的人,在管理台办。"
}

// NoNumbersHere refuses an id or telephone number in the chat.
const NoNumbersHere = "身份证号、电话、银行卡不在聊天里发。要用,请单位联络员或乡镇民政办按手续查。"

// MonthList lists a month's records for the office's entry.
func MonthList(month models.Day, lines []string) string {
	if len(lines) == 0 {
		return fmt.Sprintf("您%d月还没有记录,没有要录的。做过没记的,补一句就行。", month.Time().Month())
	}
	return fmt.Sprintf("您%d月记的:\n%s\n录省系统的表由单位联络员在管理台下载。", month.Time().Month(), strings.Join(lines, "\n"))
}

// Lives tells in which village somebody lives.
func Lives(person, place string) string {
	return person + "住" + place + "。门牌不在聊天里发。"
}

// Unwell offers to pass on what was said of somebody's health.
func Unwell(person string) string {
	return person + "要看病、要人管的话,再发一句“" + person + "需要看病”就转;急病先打120。"
}

// UnitChanged is said to a cadre whose unit or post changed.
const UnitChanged = "单位、职务要单位联络员在名册里改,请给他说一声。您名下的人和记录都不动。"

// PhoneChanged is said to who has another phone or number.
const PhoneChanged = "换手机不影响,同一个微信接着用。换了微信号,请联络员给您补个绑定码,新微信上发“绑定 码”,旧的自动停。手机号变了请联络员在名册里改。"

// UndoIsFinal is said to who wants what was taken back to stand again.
const UndoIsFinal = "撤了的不能自己回来,没丢:把那句话再发一遍就记上。"

// WrongPhoto is said to who sent a picture that does not belong there.
const WrongPhoto = "照片发错不要紧,只有您和获授权的核查员看得到。要去掉就发“撤销”,上一条连照片一起撤,再把那句话发一遍。"

// WrongRoster is said to who misses somebody in the roster, or has one too many.
const WrongRoster = "您名下的人以名册为准,调整过的会跟着变,记过的都在,没丢。发“名单”看现在有谁;对不上请问单位联络员。"

// Moved says what becomes of somebody who moved.
func Moved(person string, told bool) string {
	s := person + "搬家、迁户口要乡镇核了在名册里改,"
	if told {
		return s + "您这句已转给单位联络员。改之前结对和记录都照旧。"
	}
	return s + "请给单位联络员说一声,这里眼下转不到。改之前结对和记录都照旧。"
}
