package models

// Measure is one number of the reports.
type Measure int

// The measures: the six figures with their parts (domain.md §1.6).
const (
	VisitPersons Measure = iota // 走访探视 人次: a person, a day
	VisitHomes                  // 户次: a household, a day
	ContactTimes                // 联系交流 人次
	ContactHomes                // 户次: a household, a day
	PolicyTold                  // 政策 宣讲
	PolicyFiled                 // 政策 代为申请
	PolicyGot                   // 政策 办成
	Difficulties                // 解决困难
	Deeds                       // 帮办实事
	AidGifts                    // 资助 人次
	AidMoneyFen                 // 资助资金
	AidGoodsFen                 // 物资折合
	AidUnvalued                 // 没说数目的
	Measures                    // how many there are
)

var measureWords = [Measures]struct{ label, unit, meaning string }{
	{"走访探视", "人次", "见了面的走访。一位对象一天算1人次,同一天去几回、去几个人都算1。"},
	{"走访探视(户)", "户次", "同上,一户一天算1户次。"},
	{"联系交流", "人次", "电话、短信、微信、视频,一位对象一次算1人次。视频不抵走访。"},
	{"联系交流(户)", "户次", "一户一天算1户次。"},
	{"宣传政策", "件", "把政策讲给本人或家里听。单列,不算实事。"},
	{"代办政策申请", "件", "帮着申请了,还没有结果的。按户一件。"},
	{"落实政策", "件", "办成了的。按户一件。"},
	{"解决困难", "件", "修房、学费、看病、卖农产品等。按户一件。"},
	{"帮办实事", "件", "打扫、代买、接送、辅导等。按户一件。"},
	{"资助", "人次", "给钱或给东西,一位对象一次算1人次。"},
	{"资助资金", "元", "给的钱,元。不含捐赠台账。"},
	{"资助物资折合", "元", "给的东西按说的价折合,元。不含捐赠台账。"},
	{"没说数目的资助", "笔", "没说多少钱的,只计笔数,不估价。"},
}

// Label is the name of a measure, Unit what it is counted in, Meaning how it is
// counted, as the sheet of definitions prints it.
func (m Measure) Label() string { return measureWords[m].label }

// Unit is what a measure is counted in.
func (m Measure) Unit() string { return measureWords[m].unit }

// Meaning says how a measure is counted.
func (m Measure) Meaning() string { return measureWords[m].meaning }

// Money tells whether a measure is in fen.
func (m Measure) Money() bool { return m == AidMoneyFen || m == AidGoodsFen }

// Figures are the values of all measures.
type Figures [Measures]int64

// Plus adds two.
func (f Figures) Plus(g Figures) Figures {
	for i := range f {
		f[i] += g[i]
	}
	return f
}

// Minus takes one from the other.
func (f Figures) Minus(g Figures) Figures {
	for i := range f {
		f[i] -= g[i]
	}
	return f
}

// YearFigures are the figures of one place or unit through a year, by month: Own
// as known when the month closed, Late what later months brought for earlier
// ones of the year (补以前月份), Before what they brought for earlier years.
// Index 0 is January.
type YearFigures struct {
	Own, Late, Before [12]Figures
	Total             Figures // counted at once, from the first day to the last
}

// Sum is all months with their late columns.
func (y *YearFigures) Sum() (sum Figures) {
	for i := range 12 {
		sum = sum.Plus(y.Own[i]).Plus(y.Late[i])
	}
	return sum
}

// Plus adds what another place has.
func (y *YearFigures) Plus(z *YearFigures) {
	for i := range 12 {
		y.Own[i], y.Late[i], y.Before[i] = y.Own[i].Plus(z.Own[i]), y.Late[i].Plus(z.Late[i]), y.Before[i].Plus(z.Before[i])
	}
	y.Total = y.Total.Plus(z.Total)
}

// counting goes through activities household by household and puts each where it
// belongs: the month of its day as known when that month closed, and the change
// since in the month that brought it.
type counting struct {
	year   int
	upTo   int            // the last month that is counted, 1 to 12
	closes [13]Instant    // [0] is the end of the year before, [m] of month m
	sinks  []*YearFigures // whom an item is put to
	items  map[item][]int // rows by what makes one item
	order  []item         // in which they came: the same every time
	rows   []*Activity    // of this household
}

// item is what counts as one: a person's day, a household's day, a gift.
type item struct {
	measure Measure
	person  string // "" for what counts by household
	day     Day
	id      string // of a row or a record where each counts for itself
}

// known tells whether an activity stood on record at a moment.
func known(a *Activity, at Instant) bool {
	return a.RecordedAt <= at && (a.VoidedAt == 0 || a.VoidedAt > at)
}

// household counts the activities of one household into the sinks.
func (c *counting) household(rows []*Activity, sinks ...*YearFigures) {
	c.rows, c.sinks = rows, sinks
	c.items, c.order = map[item][]int{}, c.order[:0]
	for i, a := range rows {
		switch a.Kind {
		case KindVisit:
			c.put(i, item{VisitPersons, a.RecipientID, a.Day, ""}, item{VisitHomes, "", a.Day, ""})
		case KindContact:
			c.put(i, item{ContactTimes, a.RecipientID, a.Day, a.ID}, item{ContactHomes, "", a.Day, ""})
		case KindHelp:
			c.put(i, item{helpMeasure(a), "", a.Day, a.RecordID})
		case KindAid:
			c.put(i, item{AidGifts, a.RecipientID, a.Day, a.ID})
			switch {
			case a.AmountFen == nil:
				c.put(i, item{AidUnvalued, a.RecipientID, a.Day, a.ID})
			case a.Goods:
				c.put(i, item{AidGoodsFen, a.RecipientID, a.Day, a.ID})
			default:
				c.put(i, item{AidMoneyFen, a.RecipientID, a.Day, a.ID})
			}
		}
	}
	for _, it := range c.order {
		c.settle(it, c.items[it])
	}
}

func helpMeasure(a *Activity) Measure {
	switch {
	case a.Help == HelpDeed:
		return Deeds
	case a.Help == HelpDifficulty:
		return Difficulties
	case a.Stage == PolicyExplained:
		return PolicyTold
	case a.Stage == PolicyApplied:
		return PolicyFiled
	}
	return PolicyGot
}

func (c *counting) put(row int, items ...item) {
	for _, it := range items {
		if _, there := c.items[it]; !there {
			c.order = append(c.order, it)
		}
		c.items[it] = append(c.items[it], row)
	}
}

// settle puts an item into its month, and what became of it later into the
// months in which that became known.
func (c *counting) settle(it item, rows []int) {
	month := 0 // of an earlier year
	if it.day.Year() == c.year {
		month = MonthOf(it.day).Number()
	}
	at := func(m int) int64 { return c.worth(it, rows, c.closes[m]) }
	was := at(month)
	if month > 0 {
		c.add(func(y *YearFigures) *Figures { return &y.Own[month-1] }, it.measure, was)
		c.add(func(y *YearFigures) *Figures { return &y.Total }, it.measure, at(c.upTo))
	}
	for m := month + 1; m <= c.upTo; m++ {
		now := at(m)
		if now == was {
			continue
		}
		c.add(func(y *YearFigures) *Figures {
			if month == 0 {
				return &y.Before[m-1]
			}
			return &y.Late[m-1]
		}, it.measure, now-was)
		was = now
	}
}

func (c *counting) add(to func(*YearFigures) *Figures, m Measure, n int64) {
	if n == 0 {
		return
	}
	for _, sink := range c.sinks {
		to(sink)[m] += n
	}
}

// worth is what an item counts at a moment. What was told of several people of
// a household at once is one thing done, or as many as the most that one has.
func (c *counting) worth(it item, rows []int, at Instant) (n int64) {
	switch it.measure {
	case AidMoneyFen, AidGoodsFen:
		for _, i := range rows {
			if known(c.rows[i], at) {
				n += *c.rows[i].AmountFen
			}
		}
		return n
	case PolicyTold, PolicyFiled, PolicyGot, Difficulties, Deeds:
		each := map[string]int64{}
		for _, i := range rows {
			if a := c.rows[i]; known(a, at) {
				each[a.RecipientID]++
				n = max(n, each[a.RecipientID])
			}
		}
		return n
	}
	for _, i := range rows {
		if known(c.rows[i], at) {
			return 1
		}
	}
	return 0
}
