package desk

import (
	"fmt"
	"strconv"
	"time"

	"aixin/handlers/picture"
	"aixin/models"
	"aixin/models/store"
)

// ReportSheet is a report as one picture for the chat: the figures of its first
// page, no names, no ranking.
func ReportSheet(r store.SignedReport, zone *time.Location) picture.Sheet {
	top := r.Places[0]
	n, d := top.Now, top.Duty
	fact := func(n int64, label string) picture.Fact {
		return picture.Fact{Number: strconv.FormatInt(n, 10), Label: label}
	}
	yuan := func(f int64, label string) picture.Fact {
		return picture.Fact{Number: models.Fen(f).Number(), Label: label}
	}
	state := "预出,未关账,数还会变"
	switch {
	case r.SignedAt != 0:
		state = "已签发"
	case r.Closed:
		state = "已关账,等签发"
	}
	at := r.AsOf.Time().In(zone)
	s := picture.Sheet{
		Title: fmt.Sprintf("%s %s%s", r.Name, r.Period, r.Kind.Label()),
		Sub:   fmt.Sprintf("结对帮扶·爱心甘肃 %s", state),
		Facts: []picture.Fact{
			fact(n[models.VisitPersons], "走访人次"), fact(n[models.ContactTimes], "联系人次"), fact(n[models.PolicyGot], "件政策办成"),
			fact(n[models.Difficulties], "件困难解决"), fact(n[models.Deeds], "件实事"), yuan(n[models.AidMoneyFen]+n[models.AidGoodsFen], "元资助(含物资)"),
		},
		Bars: []picture.Bar{
			{Label: "联系 今年够了的", Done: d.MetBy[0], All: d.Counted()},
			{Label: "走访 今年够了的", Done: d.MetBy[1], All: d.Counted()},
			{Label: "实事 今年够了的", Done: d.MetBy[2], All: d.Counted()},
		},
		Foot: fmt.Sprintf("数据截至%d月%d日%s;没见到记录不等于没去。", at.Month(), at.Day(), at.Format("15:04")),
	}
	if r.UnitID == "" {
		s.Facts = append(s.Facts, fact(int64(top.Stock.End), "人在册"), fact(int64(top.Stock.Paired), "人已结对"),
			picture.Fact{Number: strconv.Itoa(top.Stock.Unpaired), Label: "人待匹配", Alarm: top.Stock.Unpaired > 0})
	}
	return s
}
