package say

import (
	"fmt"
	"strings"

	"aixin/models"
)

// AskVisit is the one question to a family about a visit on record.
func AskVisit(officer string, day models.Day) string {
	return fmt.Sprintf("%s,%s来过您家吗?1 是 2 否 3 记不清\n您咋回,他看不到。想补一句就写在后面,不回也行。", day, officer)
}

// CardVisit is the middle field of the card that calls to it.
const CardVisit = "想问您一句,点开回一下"

// VisitSaid answers a family's word on a visit.
func VisitSaid(said models.Said) string {
	switch said {
	case models.SaidNo:
		return "记下了。谁也不会知道是您说的。有难处随时说。"
	case models.SaidUnsure:
		return "好,记不清也没关系。有难处随时说。"
	}
	return "好,谢谢您。有难处随时说。"
}

// VisitAsked is said to a second answer.
const VisitAsked = "您已经回过了,不用再回。"

// WhichVisit asks which of several visits on record did not take place.
func WhichVisit(days []models.Day) string {
	var parts []string
	for i, d := range days {
		parts = append(parts, fmt.Sprintf("%d %s", i+1, d))
	}
	return "记录上写着这几次上门,哪次没来?回数字;都没来回0。\n" + strings.Join(parts, "  ")
}

// DisputeTaken is said when a record was marked.
func DisputeTaken(number int, days []models.Day, told bool) string {
	var parts []string
	for _, d := range days {
		parts = append(parts, d.String())
	}
	s := fmt.Sprintf("您反映的我记下了(反映 #%d),%s那条记录已标“待核”,会有别的单位的人核实,不经过他本人。", number, strings.Join(parts, "、"))
	if !told {
		return s + "县上还没人在这里接,请再打12345说一遍。"
	}
	return s + "您也可以打12345。"
}
