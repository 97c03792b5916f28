package xlsx

import (
	"fmt"
	"strings"

	"aixin/models"
)

// value gives a measure as a cell: money in yuan, else a number.
func value(m models.Measure, n int64) any {
	if m.Money() {
		return models.Fen(n)
	}
	return n
}

func (p *printer) cover() {
	r := p.Report
	const columns = 8
	p.widths(24, 10, 14, 14, 14, 14, 14, 14)
	p.banner(fmt.Sprintf("%s“结对帮扶·爱心甘肃”%s(%s)", r.Name, r.Kind.Label(), r.Period), "", columns)
	p.banner("", fmt.Sprintf("统计期:%s 至 %s  数据截至:%s  状态:%s", string(r.Period.From()), string(r.Period.To()), p.moment(r.AsOf), p.standing()), columns)
	top := r.Places[0]
	p.heads("指标", "单位", r.Period.Span(), "补以前月份", "上期", "增减", "本年累计", "其中启用前")
	for m := range models.Measures {
		total := top.Year[m] + openingOf(top, m)
		p.put(m.Label(), m.Unit(), value(m, top.Now[m]), value(m, top.Late[m]), value(m, top.Previous[m]), value(m, top.Now[m]-top.Previous[m]),
			value(m, total), value(m, openingOf(top, m)))
	}
	p.put("启用前办的实事(不分类)", "件", "", "", "", "", top.Opening[2], top.Opening[2])
	p.row++
	p.heads("对账", "", "", "", "", "", "", "")
	s := top.Stock
	if r.UnitID == "" {
		p.put(fmt.Sprintf("在册 %d = 上期末 %d + 新增 %d - 退出 %d%s", s.End, s.Start, s.In, s.Out, moved(s)), "平")
		p.put(fmt.Sprintf("在册 %d = 已结对 %d + 待匹配 %d", s.End, s.Paired, s.Unpaired), "平")
	}
	d := top.Duty
	p.put(fmt.Sprintf("结对 %d = 够了 %d + 还差 %d + 近况不便 %d + 期初未知 %d", d.Pairings, d.Met, d.Short(), d.Excused, d.Unknown), "平")
	p.put("各月 + 补以前月份 = 本年累计(逐项核过,见“逐月对账”)", "平")
	if n := top.Before; n != (models.Figures{}) {
		p.put(fmt.Sprintf("本期另收到以前年度的补录和更正(不入本年):走访 %d 人次,联系 %d 人次", n[models.VisitPersons], n[models.ContactTimes]), "")
	}
	p.row++
	p.put("填报:", "", "审核:", "", "签发:"+p.SignedBy, "", "日期:", "")
	for _, n := range p.Notes {
		p.put("更正 " + p.moment(n.At) + ":" + n.Words)
	}
	if p.Hash != "" {
		p.put("校验码 " + p.Hash)
	}
}

func moved(s models.Headcount) string {
	if s.MovedIn == 0 && s.MovedOut == 0 {
		return ""
	}
	return fmt.Sprintf(" + 迁入 %d - 迁出 %d", s.MovedIn, s.MovedOut)
}

// openingOf is what opening figures add to a measure; helps are not told apart.
func openingOf(row models.ReportRow, m models.Measure) int64 {
	switch m {
	case models.ContactTimes:
		return row.Opening[0]
	case models.VisitPersons:
		return row.Opening[1]
	}
	return 0
}

func (p *printer) name(row models.ReportRow) string {
	return strings.Repeat("  ", row.Level) + row.Name
}

func (p *printer) figures(rows []models.ReportRow, first string) {
	heads := []string{first}
	widths := []float64{28}
	for m := range models.Measures {
		heads = append(heads, fmt.Sprintf("%s(%s)", m.Label(), m.Unit()))
		widths = append(widths, 12)
	}
	heads = append(heads, "补以前月份 走访", "补以前月份 联系", "本年 走访", "本年 联系", "本年 实事类", "本年 资助(元)")
	p.widths(append(widths, 12)...)
	p.banner(fmt.Sprintf("%s %s", p.Period, p.Period.Span())+"六项指标 "+first, "少于3人的地方并到“其他”里。", 10)
	p.heads(heads...)
	for _, row := range rows {
		cells := []any{p.name(row)}
		for m := range models.Measures {
			cells = append(cells, value(m, row.Now[m]))
		}
		y := row.Year
		cells = append(cells, row.Late[models.VisitPersons], row.Late[models.ContactTimes], y[models.VisitPersons]+row.Opening[1], y[models.ContactTimes]+row.Opening[0],
			y[models.PolicyFiled]+y[models.PolicyGot]+y[models.Difficulties]+y[models.Deeds]+row.Opening[2], models.Fen(y[models.AidMoneyFen]+y[models.AidGoodsFen]))
		p.put(cells...)
	}
}

func (p *printer) duties() {
	t := p.Target
	p.widths(28, 10)
	p.banner("任务进度", fmt.Sprintf("一对一年至少联系 %d 次、走访 %d 次、实事 %d 件;看的是到 %s 为止的本年数。", t.Contacts, t.Visits, t.Helps, string(p.Period.To())), 12)
	heads := []string{"地区、单位", "结对数", "期初未知", "三项都够", "占比", "近况不便", "还差"}
	for _, kind := range []string{"联系", "走访", "实事"} {
		heads = append(heads, kind+"够", "占比", kind+" 0", "1", "2", "3", "4+")
	}
	p.heads(heads...)
	for _, rows := range [][]models.ReportRow{p.Places, p.Units} {
		for _, row := range rows {
			d := row.Duty
			cells := []any{p.name(row), d.Pairings, d.Unknown, d.Met, share{d.Met, d.Counted()}, d.Excused, d.Short()}
			for k := range 3 {
				cells = append(cells, d.MetBy[k], share{d.MetBy[k], d.Counted()})
				for _, n := range d.Spread[k] {
					cells = append(cells, n)
				}
			}
			p.put(cells...)
		}
	}
}

func (p *printer) shorts() {
	p.widths(14, 16, 12, 26, 30, 8, 8, 8, 10, 10, 10, 14, 30)
	p.banner(p.ShortTitle(), "本系统没见到记录,不等于没去;先问单位是没去还是没记。", 13)
	p.heads("对象", "对象编号", "结对干部", "单位", "所在地", "联系", "走访", "实事", "还差联系", "还差走访", "还差实事", "最近一次", "说明")
	if len(p.Shorts) == 0 {
		p.put("没有,都够了。")
	}
	for _, s := range p.Shorts {
		person, number, cadre, unit, place := p.Names(s)
		note := ""
		switch {
		case s.Unknown:
			note = "启用前做过的没导进来,不算差"
		case s.Excused != "":
			note = s.Excused.Label() + ",不算差"
		}
		p.put(person, number, cadre, unit, place, s.Tally[0], s.Tally[1], s.Tally[2],
			s.Lack[0], s.Lack[1], s.Lack[2], string(s.LastSeen), note)
	}
}

func (p *printer) stock() {
	p.widths(28, 11)
	p.banner("存量进出", "期末 = 上期末 + 新增 - 退出 + 迁入 - 迁出;同一地方里面的搬动不算。", 14)
	p.heads("地区", "上期末", "新增", "退出", "迁入", "迁出", "期末在册", "核对", "已结对", "待匹配", "结对率", "干部上期末", "干部新增", "干部退出", "干部期末")
	for _, row := range p.Places {
		s := row.Stock
		p.put(p.name(row), s.Start, s.In, s.Out, s.MovedIn, s.MovedOut, s.End, "平", s.Paired, s.Unpaired, share{s.Paired, s.End}, s.CadreStart, s.CadreIn, s.CadreOut, s.CadreEnd)
	}
	p.row++
	p.heads("退出原因", "人数")
	for _, o := range p.Outs {
		reason := o.Reason
		if reason == "" {
			reason = "没写原因"
		}
		p.put(reason, o.N)
	}
}

func (p *printer) lines() {
	p.widths(28, 12)
	services := p.Told()
	p.banner("四个一对一", "在结 = 期末有这条线结对的人;服务到 = 其中本期有记录的人。", 1+3*len(services))
	heads := []string{"地区、单位"}
	for _, l := range services {
		heads = append(heads, l.Name+" 在结", "服务到", "走访人次")
	}
	p.heads(heads...)
	for _, rows := range [][]models.ReportRow{p.Places, p.Units} {
		for _, row := range rows {
			cells := []any{p.name(row)}
			for _, l := range row.Lines {
				cells = append(cells, l.People, l.Served, l.Visits)
			}
			p.put(cells...)
		}
	}
}

func (p *printer) found() {
	p.widths(28, 12)
	p.banner("四必查", "走访时答了的才算,一人一天一样算一次;没答不等于没看。", 1+2*len(p.Checklist))
	heads := []string{"地区、单位"}
	for _, item := range p.Checklist {
		heads = append(heads, item.Name+" 看过", "有情况")
	}
	p.heads(heads...)
	for _, rows := range [][]models.ReportRow{p.Places, p.Units} {
		for _, row := range rows {
			cells := []any{p.name(row)}
			for _, n := range row.Found {
				cells = append(cells, n.Looked, n.Bad)
			}
			p.put(cells...)
		}
	}
}

var clockNames = map[models.NeedClock]string{
	models.ClockUrgent: "2小时", models.ClockDay: "1个工作日", models.ClockWeek: "7个工作日", models.ClockFortnight: "15个工作日",
}

func (p *printer) needs() {
	p.widths(16, 12)
	p.banner("诉求办理", "按承办部门和时限;时限从接手起算,等家里的时间不算。", 11)
	p.heads("部门", "时限", "本期提出", "按时办结", "超时办结", "期末在办", "其中超时", "满意", "一般", "不满意", "未回访到", "满意率")
	if len(p.Needs) == 0 {
		p.put("本期没有诉求。")
	}
	for _, n := range p.Needs {
		p.put(models.DepartmentOf(n.Department).Name, clockNames[n.Clock], n.Raised, n.InTime, n.Late, n.Open, n.Overdue, n.Good, n.Fair, n.Bad, n.Unreached,
			share{n.Good, n.Good + n.Fair + n.Bad})
	}
}

func (p *printer) donations() {
	d := p.Donations
	p.widths(18, 16)
	p.banner("捐赠", "社会捐的钱物单记一本账,不算进干部的资助。", 7)
	p.heads("", "收到(元)", "安排(元)", "交到手(元)", "期末未安排(元)")
	p.put("资金", d.MoneyIn, d.MoneyUsed, d.MoneyHanded, d.MoneyLeft)
	p.put("物资折价", d.GoodsIn, d.GoodsUsed, d.GoodsHanded, d.GoodsLeft)
	p.put("合计", d.MoneyIn+d.GoodsIn, d.MoneyUsed+d.GoodsUsed, d.MoneyHanded+d.GoodsHanded, d.MoneyLeft+d.GoodsLeft)
	p.put(fmt.Sprintf("本期收到 %d 笔,安排 %d 次。", d.Gifts, d.Uses))
}

func (p *printer) checks() {
	p.widths(18, 12)
	p.banner("抽查", checkSentence(p.Report), 10)
	p.heads("地区", "抽到", "问到", "一致", "小异", "不实(两人核过)", "联系不上", "等第二人核", "还没问", "一致率(含小异)", "95%区间 低", "高")
	if len(p.Checks) == 0 {
		p.put("本期没有抽查。")
	}
	for _, c := range p.Checks {
		p.put(c.Name, c.Drawn, c.Reached(), c.Agrees, c.Minor, c.False, c.Unreached, c.Pending, c.Unasked, share{c.Agrees + c.Minor, c.Reached()},
			share{int(c.Low * 10000), 10000}, share{int(c.High * 10000), 10000})
	}
	for _, c := range p.Checks {
		if c.SeedHash != "" {
			p.put("种子的校验码(月底前公布):" + c.SeedHash)
			if c.Seed != "" {
				p.put("种子(抽完公布,拿它能抽出同一批):" + c.Seed)
			}
		}
	}
}

// checkSentence says the result first and the interval after (users.md 五.4).
func checkSentence(r *models.Report) string {
	if len(r.Checks) == 0 || r.Checks[0].Reached() == 0 {
		return ""
	}
	return r.Checks[0].Sentence() + "。" + r.Checks[0].Footnote()
}

func (p *printer) burden() {
	b := p.Burden
	months := p.Period.Last.Number() - p.Period.First.Number() + 1
	p.widths(34, 14, 60)
	p.banner("基层负担", "", 3)
	p.heads("项目", "数", "怎么算的")
	p.put("绑定微信的干部", b.Bound, "期末绑着的人数。")
	p.put("每人每月收到的推送", b.PushesEach(months), fmt.Sprintf("提醒、通知等主动发出的,本期共 %d 条;答复不算。", b.Pushes))
	p.put("每人每月发来的消息", b.MessagesEach(months), fmt.Sprintf("干部发给公众号的,本期共 %d 条。", b.Messages))
	p.put("记一次用多少秒(中位数)", b.MedianSeconds, fmt.Sprintf("从这件事的第一条消息到说清的那条,一条就说清的是0;本期共记 %d 次。", b.Logs))
}

func (p *printer) months() {
	p.widths(18, 13)
	heads := []string{"月份", "列"}
	for m := range models.Measures {
		heads = append(heads, m.Label())
	}
	p.banner("逐月对账", "各月按关账时知道的数,关账后补录、更正、撤回的记在知道的那个月“补以前月份”。各月加补录栏等于本年,不等就不出表。", 10)
	p.heads(append(heads, "来源")...)
	var sum models.Figures
	put := func(name, column string, f models.Figures, source string) {
		cells := []any{name, column}
		for m := range models.Measures {
			cells = append(cells, value(m, f[m]))
		}
		p.put(append(cells, source)...)
	}
	for _, m := range p.Months {
		source := "按记录"
		if m.Signed {
			source = "签发数"
		}
		put(m.Month.String(), "当月", m.Own, source)
		put(m.Month.String(), "补以前月份", m.Late, source)
		if m.Before != (models.Figures{}) {
			put(m.Month.String(), "补以前年度(不入本年)", m.Before, source)
		}
		sum = sum.Plus(m.Own).Plus(m.Late)
	}
	put("合计", "各月+补以前月份", sum, "")
	put("本年", "一次数出来", p.Places[0].Year, "平")
}

func (p *printer) definitions() {
	p.widths(24, 10, 90)
	p.banner("口径说明", "", 3)
	p.heads("项目", "单位", "怎么算的")
	for m := range models.Measures {
		p.put(m.Label(), m.Unit(), m.Meaning())
	}
	for _, d := range [][2]string{
		{"统计日", "按发生的那天归月,不按登记的那天。"},
		{"关账", "次月15日录完关账,遇休息日提前。关账后才补录、更正、撤回的,记在知道的那个月“补以前月份”。"},
		{"钱从哪来", "资助的钱和物分个人、单位、财政、社会,记在每条记录上;没说的空着。单位出的一笔几个人去送,只算一次。社会捐的另有捐赠台账。"},
		{"启用前", "导入名册时填的本年已做次数,代表截至日以前的;那以前又逐条补进来的不重复计。"},
		{"按户一件", "一条消息里替一户几口办的同一件事算1件;一口人办了几件就算几件。"},
		{"户", "名册里户编号相同的算一户;没有户编号的一人一户。"},
		{"分单位", "两个单位的人同一天看同一人,市县算1人次,各单位各算1人次,所以单位相加可能大于合计。"},
		{"任务够不够", "同一对一天几次走访算1次;只讲政策不抵实事;资助不抵实事。视频不抵走访。"},
		{"近况不便", "对象住院、外出、寄宿、羁押期间不算差,单列。"},
		{"期初未知", "名册有期初列而这一行空着的,不算差,也不进比例。"},
		{"存量", "期末在册 = 上期末 + 新增 - 退出 + 迁入 - 迁出。退出日当天起不在册;同月进出各计1。县间迁移在市表相抵。"},
		{"四个一对一", "帮学助教、医疗康复、心理抚慰、亲情关怀四条线的结对。"},
		{"四必查", "走访后问的那几样,答了的才计,单位人次;内容由市里定。有情况的要不要转部门另问,转了的在“诉求办理”。"},
		{"捐赠", "社会捐款捐物,单记台账;不与资助相加。"},
		{"抽查", "按县、类别、是否每周看望分层,由种子抽出;种子的校验码月底前公布,抽完公布种子。不实要两个人核过才算。区间按Wilson 95%。"},
		{"诉求时限", "从接手起按工作日算,2小时的按钟点;暂停的时间扣除。"},
		{"少于3人", "不足3人的地方或单位并入“其他”,不单列。"},
		{"不排名", "本表不给干部排名,不作考核扣分依据;“没见到记录”不等于没去。"},
	} {
		p.put(d[0], "", d[1])
	}
}
