package xlsx

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"aixin/models"
)

// The words for what was done and how.
var (
	deeds = choices[Deed]{
		{"走访", Deed{Kind: models.KindVisit}, []string{"走访探视", "走访慰问", "入户走访", "上门走访", "入户", "上门", "上门看望", "探视", "探访", "看望", "慰问", "家访", "每周看望", "入户探访", "面对面"}},
		{"联系", Deed{Kind: models.KindContact}, []string{"联系交流", "沟通联系", "联系沟通", "日常联系", "联络", "交流"}},
		{"电话", Deed{Kind: models.KindContact, Channel: models.ChannelPhone}, []string{"电话联系", "打电话", "电话沟通", "电话访问", "电话慰问"}},
		{"短信", Deed{Kind: models.KindContact, Channel: models.ChannelSMS}, []string{"短信联系", "发短信"}},
		{"微信", Deed{Kind: models.KindContact, Channel: models.ChannelWeChat}, []string{"微信联系", "微信沟通"}},
		{"视频", Deed{Kind: models.KindContact, Channel: models.ChannelVideo}, []string{"视频联系", "视频通话", "视频探视"}},
		{"实事", Deed{Kind: models.KindHelp, Help: models.HelpDeed}, []string{"帮办实事", "办实事", "做实事", "办理实事", "实事办理", "帮办事项"}},
		{"解决困难", Deed{Kind: models.KindHelp, Help: models.HelpDifficulty}, []string{"帮助解决困难", "解决问题", "解难"}},
		{"落实政策", Deed{Kind: models.KindHelp, Help: models.HelpPolicy, Stage: models.PolicyObtained}, []string{"政策落实", "帮助落实政策"}},
		{"宣传政策", Deed{Kind: models.KindHelp, Help: models.HelpPolicy, Stage: models.PolicyExplained}, []string{"政策宣传", "政策宣讲", "宣讲政策"}},
		{"资助", Deed{Kind: models.KindAid}, []string{"资助帮扶", "捐助", "捐款", "捐物", "捐赠", "捐款捐物", "款物", "物资", "慰问金", "帮扶资金", "资金帮扶", "物资帮扶", "爱心捐赠"}},
	}
	ways = choices[models.Channel]{
		{"电话", models.ChannelPhone, []string{"打电话", "电话联系", "通话", "手机"}},
		{"短信", models.ChannelSMS, []string{"发短信", "手机短信"}},
		{"微信", models.ChannelWeChat, []string{"微信联系", "微信语音", "微信聊天"}},
		{"视频", models.ChannelVideo, []string{"视频通话", "微信视频", "视频联系"}},
		{"当面", "", []string{"上门", "入户", "见面", "面谈", "面对面", "实地", "现场", "走访", "入户走访", "到家", "—", "-", "/", "无"}},
	}
)

// funds are whose money an aid is; of what is not the cadre's own, several who
// went together tell the same sum.
var funds = choices[models.Fund]{
	{"个人", models.FundOwn, []string{"自己", "自费", "本人", "干部个人"}},
	{"单位", models.FundUnit, []string{"单位经费", "公款", "工会"}},
	{"财政", models.FundPublic, []string{"财政资金", "民政资金", "救助金"}},
	{"社会", models.FundSociety, []string{"社会捐赠", "社会力量", "企业", "慈善"}},
}

// history reads a row of past activities.
func (l *line) history(today models.Day, tenThousands bool) (h HistoryRow) {
	r := &h.remarks
	h.Place = Place{l.sheet, l.row}
	h.Cadres, h.Unit = l.went(r), packed(l.text(headUnit))
	h.PersonNumber, h.PersonName = packed(l.text(headNumber)), packed(l.text(headPersonName))
	if len(list(l.text(headPersonName))) > 1 || len(l.several(headNumber)) > 1 {
		r.fault(CodeNotAllowed, "一行只写一位对象;几位的请分成几行,款物各写各的。")
	}
	if s := l.text(headRecipientID); s != "" && strings.Trim(s, "-—无/") != "" {
		number, problem := idNumber(s)
		if problem != "" {
			r.fault(CodeIDNumber, problem+"。")
		}
		h.PersonID = number
	} else if h.PersonNumber == "" && h.PersonName == "" {
		r.fault(CodeMissing, "没写是哪位关爱对象,请填身份证号、编号或姓名。")
	}
	if l.text(headDay) == "" {
		r.fault(CodeMissing, "日期没填,请补上。")
	}
	h.Day = l.date(r, headDay, CodeDates, today)
	h.Note = l.text(headContent)
	if n := []rune(h.Note); len(n) > 1000 {
		h.Note = string(n[:1000])
		r.warning(CodeRepaired, "内容超过 1000 字,后面的没有收。")
	}
	amount := l.amount(r, tenThousands)
	h.Deeds = l.deeds(r, amount)
	fund := models.FundOf(h.Note)
	if l.text(headFund) != "" {
		fund = choose(l, r, headFund, funds)
	}
	for i := range h.Deeds {
		if h.Deeds[i].Kind == models.KindAid {
			h.Deeds[i].Fund = fund
		}
	}
	l.tidied(r)
	return h
}

// went are the cadres of a row, one telephone or name after another in a cell.
// Where there are as many names as telephones the telephones say it; else both,
// and the register knows whose telephone it is.
func (l *line) went(r *remarks) (out []HistoryCadre) {
	phones, names := l.several(headCadrePhone), l.several(headCadreName)
	for i, p := range phones {
		c := HistoryCadre{Phone: l.phone(r, headCadrePhone, p)}
		if len(names) == len(phones) {
			c.Name = names[i]
		}
		out = append(out, c)
	}
	if len(names) != len(phones) {
		for _, name := range names {
			out = append(out, HistoryCadre{Name: name})
		}
	}
	if len(out) == 0 {
		r.fault(CodeMissing, "没写是哪位干部,请填干部手机号或姓名。")
	}
	return out
}

// several splits a cell that holds one thing after another, also one a line.
func (l *line) several(name string) []string {
	s := l.text(name)
	if col, ok := l.cols[name]; ok && strings.Contains(l.raw(col), "\n") {
		s, _ = clean(strings.ReplaceAll(l.raw(col), "\n", "、"))
	}
	return list(strings.ReplaceAll(s, "/", "、"))
}

// deeds tells what was done: by the kind, several of them as in 走访、实事, else
// by the way. What was given beside a visit is an aid of its own.
func (l *line) deeds(r *remarks, amount *int64) (out []Deed) {
	way, wayWord := models.Channel(""), packed(l.text(headChannel))
	if wayWord != "" {
		way = choose(l, r, headChannel, ways)
	}
	words := list(strings.NewReplacer("+", "、", "/", "、", "和", "、").Replace(l.text(headKind)))
	switch {
	case len(words) > 0:
	case way != "":
		words = []string{"联系"}
	case wayWord != "" && strings.Trim(wayWord, "—-/无") != "":
		words = []string{"走访"}
	default:
		r.fault(CodeMissing, "没写做了什么,请填类别:走访、联系、实事或资助。")
	}
	given := false
	for _, word := range words {
		d, ok := deeds.find(word)
		if !ok {
			r.fault(CodeNotAllowed, fmt.Sprintf("类别“%s”不认识,请从这些里选:%s。", word, deeds.words()))
			continue
		}
		switch {
		case d.Kind == models.KindContact && d.Channel == "" && way != "":
			d.Channel = way
		case d.Kind == models.KindContact && d.Channel == "" && wayWord != "" && strings.Trim(wayWord, "—-/无") != "":
			d = Deed{Kind: models.KindVisit}
			r.warning(CodeNotAllowed, fmt.Sprintf("方式写的是“%s”,当面去了,按走访记。", wayWord))
		case d.Kind == models.KindContact && d.Channel == "":
			r.warning(CodeMissing, "没写怎么联系的,按联系记,方式空着。")
		case d.Kind == models.KindVisit && way != "":
			d = Deed{Kind: models.KindContact, Channel: way}
			r.warning(CodeNotAllowed, fmt.Sprintf("方式写的是“%s”,没有当面去,按联系记。", wayWord))
		}
		if d.Kind == models.KindAid {
			d.AmountFen, given = amount, true
		}
		out = append(out, d)
	}
	if amount != nil && !given && len(out) > 0 {
		out = append(out, Deed{Kind: models.KindAid, AmountFen: amount})
	}
	return out
}

var moneyForm = regexp.MustCompile(`^(?:约|价值|折合|合计|共|¥|¥|人民币)*([0-9]+(?:\.[0-9]+)?)(万元|万|元|块|块钱)?(?:整|左右)?$`)

// amount reads a sum of money in fen; nil where there is none.
func (l *line) amount(r *remarks, tenThousands bool) *int64 {
	s := packed(l.text(headAmount))
	if strings.Trim(s, "-—–/无0.元") == "" {
		return nil
	}
	m := moneyForm.FindStringSubmatch(strings.ReplaceAll(s, ",", ""))
	if m == nil {
		r.fault(CodeNotAllowed, fmt.Sprintf("金额“%s”读不出来,请只写数字,比如 300。", s))
		return nil
	}
	yuan, err := strconv.ParseFloat(m[1], 64)
	if strings.HasPrefix(m[2], "万") || m[2] == "" && tenThousands {
		yuan *= 10_000
	}
	if err != nil || yuan > 10_000_000 {
		r.fault(CodeNotAllowed, fmt.Sprintf("金额“%s”太大了,请核对单位是不是元。", s))
		return nil
	}
	fen := int64(math.Round(yuan * 100))
	return &fen
}
