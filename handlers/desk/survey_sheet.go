package desk

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"aixin/handlers/picture"
	"aixin/models"
	"aixin/models/store"
)

// Office is what an account's page and picture show.
type Office struct {
	Place  string
	At     time.Time
	Counts Counts
	Parts  []Part
}

// LookFor surveys what an account answers for, with the names behind it.
func LookFor(ctx context.Context, st *store.Store, a models.Account, now time.Time, zone *time.Location) (Office, error) {
	in := AreaOf(a)
	survey, err := Look(ctx, st, in, now, zone)
	if err != nil {
		return Office{}, err
	}
	o := Office{At: now.In(zone), Counts: survey.For(in)}
	if o.Parts, err = survey.Lists(ctx, st, in); err != nil {
		return Office{}, err
	}
	o.Place, err = placeOf(ctx, st, a)
	return o, err
}

// placeOf names what an account answers for.
func placeOf(ctx context.Context, st *store.Store, a models.Account) (string, error) {
	switch {
	case a.UnitID != "":
		return st.UnitName(ctx, a.UnitID)
	case a.Region == models.CityCode:
		return "平凉市", nil
	}
	r, err := st.Region(ctx, a.Region)
	return r.Name, err
}

// Sheet is the picture of an office's month: counts, no names, no ranking.
func (o Office) Sheet() picture.Sheet {
	c := o.Counts
	month := models.MonthOf(c.Today).Add(-1)
	fact := func(n int, label string, alarm bool) picture.Fact {
		return picture.Fact{Number: strconv.Itoa(n), Label: label, Alarm: alarm && n > 0}
	}
	s := picture.Sheet{
		Title: fmt.Sprintf("%s %d月小结", o.Place, month.Number()),
		Sub:   fmt.Sprintf("结对帮扶·爱心甘肃 截至%d月%d日%s", o.At.Month(), o.At.Day(), o.At.Format("15:04")),
		Facts: []picture.Fact{
			fact(c.Pairings, "户在结对", false), fact(c.SeenLately, fmt.Sprintf("户%d月以来见到记录", month.Number()), false), fact(c.Unseen90, "户90天没见到记录", true),
			fact(c.Unpaired, "人待匹配", true), fact(c.Needs, "件诉求超时", true),
		},
		Bars: []picture.Bar{
			{Label: "联系 今年够了的", Done: c.Met.Contacts, All: c.Owed.Contacts},
			{Label: "走访 今年够了的", Done: c.Met.Visits, All: c.Owed.Visits},
			{Label: "实事 今年够了的", Done: c.Met.Helps, All: c.Owed.Helps},
		},
		Foot: "没见到记录不等于没去;没绑定微信的可能去了没记。",
	}
	if c.Cadres > 0 {
		s.Facts = append(s.Facts, picture.Fact{Number: fmt.Sprintf("%d%%", c.Bound*100/c.Cadres), Label: "单位绑定率"})
	}
	return s
}
