package say

import "fmt"

// Unanswered is word of a question that nobody answers, or of an answer that did
// not arrive.
type Unanswered struct {
	What      string // models.Step…
	Number    int
	Family    string
	Words     string // "" for a recording
	Cadre     string // who has it, for an office
	Days      int    // working days since
	Complaint bool
	Told      bool // the cadre's own words, which nobody asked for
}

// Card is the middle field of the card that says the same without a name.
func (u Unanswered) Card() string {
	switch {
	case u.What == "undelivered":
		return "回话没送到,点开看"
	case u.What == "unheard":
		return "有家属语音没人听"
	case u.What == "urged":
		return "有家属又问了一回,点开看"
	case u.Complaint:
		return "有反映还没人回"
	}
	return "有提问等人回,点开看"
}

// String says it in the chat.
func (u Unanswered) String() string {
	words := "“" + short(u.Words, 60) + "”"
	if u.Words == "" {
		words = "(语音)"
	}
	switch {
	case u.What == "undelivered" && u.Told:
		return fmt.Sprintf("您给%s家捎的话(#%d)没送到,他微信上收不着。请打个电话,打完回“%d 电话说过了”。", u.Family, u.Number, u.Number)
	case u.What == "undelivered":
		return fmt.Sprintf("提问 #%d 的回话没送到%s家,他微信上收不着。请打个电话,打完回“%d 电话说过了”。", u.Number, u.Family, u.Number)
	case u.What == "urged":
		return fmt.Sprintf("%s家又问了一回(提问 #%d):%s\n发“回复 %d 加您的话”;打电话更快,打完回“%d 电话说过了”。", u.Family, u.Number, words, u.Number, u.Number)
	case u.Complaint:
		return fmt.Sprintf("反映 #%d 有%d个工作日了,家里还等着回话:%s\n查清了发“回复 %d 加您的话”。", u.Number, u.Days, words, u.Number)
	case u.Cadre == "":
		return fmt.Sprintf("%s家还等着您回话(提问 #%d):%s\n发“回复 %d 加您的话”;打电话更快,打完回“%d 电话说过了”。", u.Family, u.Number, words, u.Number, u.Number)
	case u.What == "unheard":
		return fmt.Sprintf("%s家发给%s的语音(提问 #%d)半天没人听。请问问他;您听了也能回:回复 %s %d 加您的话。", u.Family, u.Cadre, u.Number, u.Cadre, u.Number)
	}
	return fmt.Sprintf("%s家问%s的事(提问 #%d)有%d个工作日没回:%s\n请问问他是不是忙不开;您也能回:回复 %s %d 加您的话。", u.Family, u.Cadre, u.Number, u.Days, words, u.Cadre, u.Number)
}

// Arrived says whether a message reached the other side; "" while it is under way.
func Arrived(arrived, failed bool) string {
	switch {
	case arrived:
		return "(已送达)"
	case failed:
		return "(未送达)"
	}
	return ""
}
