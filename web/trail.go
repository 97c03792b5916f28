package web

import (
	"regexp"
	"strings"

	"aixin/models"
	"aixin/models/store"
)

// The trail is kept in words of the program; here they become people's.

// looked says who looked at, or changed, what: offices, not names.
func (s *site) looked(rows []store.Audit) (out []lookRow) {
	for _, a := range rows {
		out = append(out, lookRow{s.clock(a.At), actorWords(a.Actor), actionWords(a.Action), s.detailWords(a.Detail)})
	}
	return out
}

func actorWords(actor string) string {
	kind, _, _ := strings.Cut(actor, ":")
	return map[string]string{"account": "管理员", "cadre": "结对干部", "contact": "家属", "system": "程序"}[kind]
}

// actions are what was done; a test finds every one that is written down.
var actions = map[string]string{
	"reveal.person": "看了全名和联系方式", "reveal.identity": "看了证件号和未成年人资料", "grant.ask": "申请查看", "grant.give": "批了查看", "grant.refuse": "没有批查看",
	"plan.save": "改了一人一策", "plan.approve": "批了一人一策", "plan.tick": "勾了一条措施",
	"state": "记了近况", "state_end": "近况结束", "state_void": "近况收回", "states_read": "看了近况",
	"signin": "登录", "signin.refused": "登录没成", "password": "改密码", "sitting.end": "让别处退出", "factor.enrol": "开两步验证", "factor.recovery": "用了恢复码", "factor.drop": "取消两步验证",
	"export": "导出", "export.activities": "导出记录", "import": "导入名册", "import.activities": "导入记录", "import.undo": "撤回导入",
	"notice": "发通知", "notice.approve": "批了通知", "notice.cancel": "取消通知", "notice.pause": "暂停通知", "notice.resume": "接着发通知", "notice.resend": "再发通知", "notice.phoned": "打电话告知",
	"need_read": "看了诉求", "need_order": "办诉求", "question_read": "看了提问", "danger_read": "看了预警", "danger_heard": "听了预警的录音", "question_heard": "看听了提问的照片、录音", "danger_ack": "接了预警", "danger_note": "预警记了一笔", "danger_close": "预警办结",
	"dispute_read": "看了家里的说法", "dispute_close": "核了家里的说法", "check.draw": "抽样", "check.open": "看了要打电话的一户", "check.outcome": "记了抽查结果", "flag.held": "提示要抽查", "flag.dismissed": "提示没问题",
	"bind": "绑定", "unbind": "解绑", "invite": "发绑定码", "invitations": "发绑定码", "consent_paper": "登记纸质同意", "consent_withdrawn": "收回同意", "consent_renewed": "重新同意了新须知", "consent_not_renewed": "没有同意新须知",
	"erase": "抹去微信号", "erase_asked": "请求删除", "erase_verified": "核了删除", "erase_refused": "没有删除", "erase_done": "删好了",
	"handover_asked": "请交接", "handover.read": "看了交接卡", "behalf": "代记", "behalf_back": "代记收回", "delegation_end": "代管到期", "digest_read": "看了清单",
	"pair": "配了干部", "adjust.propose": "报了调整", "adjust.approve": "批了调整", "adjust.return": "退回调整", "adjust.withdraw": "撤回调整", "adjust.undo": "复原调整", "adjust.done": "调整生效",
	"account.create": "新建账号", "account.list": "列出账号", "account.disable": "停用账号", "account.enable": "启用账号", "account.password": "重发首个密码", "account.ask": "报账号变动", "account.give": "批了账号变动", "account.refuse": "没有批账号变动",
	"filing.reveal": "下载含证件号的录省表", "filing.export": "下载录省表", "filing.tick": "勾已录", "report": "下载报表", "report.sign": "签发报表", "report.picture": "要了一张图", "report.province": "下载录省表",
	"donation.add": "登记捐赠", "donation.use": "安排捐赠", "donation.hand": "捐赠交到手", "policy": "换政策库", "setting": "改时限和免打扰", "roster": "排预警值班", "template.try": "试发模板", "policy.propose": "拟政策", "policy.give": "签政策", "policy.refuse": "退回政策",
	"rule": "改任务规则", "list": "改清单", "calendar": "改工作日历", "seed": "搬进编的城",
}

func actionWords(action string) string {
	if w, ok := actions[action]; ok {
		return w
	}
	return "别的事"
}

// detailNames are the words of the program in what is kept beside an action.
var detailNames = map[string]string{
	"people": "人", "unbound": "没绑定", "state": "状态", "going": "在发", "waiting": "等批", "scheduled": "定了时间", "urgent": "急件", "true": "是", "false": "不是",
	"rows": "行", "masked": "遮着", "from": "从", "to": "到", "until": "到", "all": "全部", "region": "地区", "unit": "单位", "role": "岗位", "kind": "类别", "person": "对象", "cadre": "干部",
	"frame": "总户数", "drawn": "抽了", "half": "误差", "seed": "种子", "codes": "个码", "page": "网页", "cadres": "干部", "recipients": "关爱对象", "pairings": "结对", "besides": "别的",
	"New": "新加", "Updated": "更新", "Same": "没变", "Failed": "有错", "complete": "完整", "agrees": "一致", "minor": "小异", "unreached": "联系不上",
	"upheld": "没来,记录撤了", "rejected": "来过,记录照旧", "monthly": "月报告", "quarterly": "季调度", "annual": "年总结", "phone": "电话",
	"county": "县级", "city": "市级", "township": "乡镇", "department": "部门经办", "duty": "值班员", "checker": "核查员", "auditor": "审计员", "editor": "政策编辑",
	"swap": "更换干部", "recipient_in": "对象新增", "recipient_out": "对象退出", "cadre_in": "干部新增", "cadre_out": "干部退出", "move": "对象迁移", "line_in": "一对一新增", "line_out": "一对一结束",
	"ended": "结束", "begun": "新起", "erasure": "删除", "password": "密码", "factor": "两步验证", "change": "变动", "enable": "启用", "disable": "停用", "sessions": "退出",
}

var (
	wordInDetail  = regexp.MustCompile(`[A-Za-z_]+`)
	thingInDetail = regexp.MustCompile(`\b[a-z_]+:[0-9a-z]{20,}\b`) // its page says which
	dayInDetail   = regexp.MustCompile(`\b\d{4}-\d\d-\d\d\b`)
)

// detailWords puts people's words into what is kept beside an action; what is a
// name or a number stays.
func (s *site) detailWords(detail string) string {
	text := thingInDetail.ReplaceAllString(detail, "")
	text = dayInDetail.ReplaceAllStringFunc(text, func(d string) string { return s.date(models.Day(d)) })
	text = wordInDetail.ReplaceAllStringFunc(text, func(w string) string {
		if name, ok := detailNames[w]; ok {
			return name
		}
		return w
	})
	return strings.NewReplacer("=", " ", "{", "(", "}", ")").Replace(text)
}

// jobWords names work that waits in the background.
func jobWords(kind string) string {
	if w, ok := jobs[kind]; ok {
		return w
	}
	return "别的"
}

var jobs = map[string]string{
	"photo": "取照片和语音", "pass_voice": "转家长的语音", "pass_answer": "转回话的录音", "pass_alarm": "转报警的录音", "pass_code": "送绑定码", "adjust": "到日子生效的调整", "forget": "删除资料",
}
