package xlsx

import (
	"slices"
	"strings"
)

// Fault is something wrong, or worth a look, in one row of a workbook.
type Fault struct {
	Code string // I101 …, stable: people write them on paper
	Text string // one Chinese sentence that says what to do; it never holds an id number
}

// String is how the fault stands in the column 原因.
func (f Fault) String() string { return f.Code + " " + f.Text }

// The codes. Some need the register and are given by the caller; they stand
// here so that there is one list of them.
const (
	CodeMissing       = "I101" // 必填的没填
	CodeIDNumber      = "I102" // 身份证号不对
	CodeBirth         = "I103" // 出生日期不对,或和身份证号不一致
	CodeAge           = "I104" // 年龄和类别不合
	CodeRegion        = "I105" // 地区不认识
	CodeDuplicate     = "I106" // 文件里重复
	CodeInRegister    = "I107" // 名册里已有
	CodeSimilar       = "I108" // 疑似同一人
	CodeUnlisted      = "I109" // 查不到这位干部或对象
	CodeCaseload      = "I110" // 一人结对偏多
	CodePaired        = "I111" // 已经结对
	CodeDates         = "I112" // 日期读不出、前后颠倒、还没到或重叠
	CodePhone         = "I113" // 手机号不对,或多人共用
	CodeRepaired      = "I114" // 已自动整理
	CodeDisability    = "I115" // 残疾等级和类别不合
	CodeGuardian      = "I116" // 监护人不合适
	CodeBackwards     = "I117" // 状态倒退
	CodeLunar         = "I118" // 农历日期
	CodeIgnored       = "I119" // 空行、合计行
	CodeClosedMonth   = "I120" // 动到已关账的月份
	CodeSameName      = "I121" // 同一干部名下同名
	CodeNotAllowed    = "I122" // 不在可选范围里
	CodeRowNotHandled = "I123" // 没有处理到
)

// remarks is what the checks found in one row; each row type embeds it.
type remarks struct {
	Faults   []Fault // the row cannot be imported
	Warnings []Fault // it can, and 原因 says what to look at
}

func (r *remarks) fault(code, text string)   { r.Faults = append(r.Faults, Fault{code, text}) }
func (r *remarks) warning(code, text string) { r.Warnings = append(r.Warnings, Fault{code, text}) }
func (r *remarks) bad() bool                 { return len(r.Faults) > 0 }

// reasons joins faults into the cell 原因.
func reasons(lists ...[]Fault) string {
	var parts []string
	for _, f := range slices.Concat(lists...) {
		parts = append(parts, f.String())
	}
	return strings.Join(parts, "\n")
}
