package say

// AskMeasure asks whether a measure of the plan was done by what was logged.
func AskMeasure(measure string) string {
	return "计划里“" + measure + "”,这次算做到了吗?回“算”就勾上。"
}

// MeasureTicked names the record by which it was.
func MeasureTicked(measure string, by Done) string {
	return "计划里“" + measure + "”勾上了,凭这条:" + Things([]Done{by}) + "。"
}

// MeasureLeft is said where it was not.
const MeasureLeft = "好,计划里先留着。"

// MeasureGone is said where plan or record changed meanwhile.
const MeasureGone = "计划或这条记录刚才改过了,没有勾。"

// MeasureSaid is how the trail of changes tells a tick that was answered in the chat.
const MeasureSaid = "公众号里答的“算”"

// MeasureOpen says that a measure is to be done again, as what had done it was
// taken back or is about somebody else.
func MeasureOpen(measure string) string { return "计划里“" + measure + "”又放开了。" }
