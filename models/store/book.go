package store

import (
	"context"
	"slices"
	"strings"

	"aixin/models"
)

// MonthPlace is what a place has on record of a month: row by row, and by what
// stands in the provincial system and what does not.
type MonthPlace struct {
	Place                   string // its code, one level below the place that was asked for
	Detail, Entered, Wanted int64
}

// MonthBook is a month of a place counted on three ways that must agree: row by
// row, as months are counted for lists and charts, and as entered or not.
type MonthBook struct {
	MonthPlace
	Report int64
	Below  []MonthPlace
}

// Balanced tells whether the three agree.
func (b MonthBook) Balanced() bool {
	return b.Detail == b.Report && b.Detail == b.Entered+b.Wanted
}

// Balanced tells whether what is on record is entered or waits.
func (p MonthPlace) Balanced() bool { return p.Detail == p.Entered+p.Wanted }

// MonthBook counts a month.
func (s *Store) MonthBook(ctx context.Context, region string, month models.Month) (b MonthBook, err error) {
	totals, err := s.ActivityTotals(ctx, ActivityFilter{Region: region, From: month.First()})
	if err != nil {
		return b, err
	}
	for _, t := range totals {
		b.Report += t.N
	}
	level := min(len(digits(region))+3, 12)
	if region == models.CityCode {
		level = 6
	}
	rows := s.filtered(ctx, ActivityFilter{Region: region, From: month.First()}, true).
		Joins("JOIN recipient r ON r.id = recipient_id").Group("place")
	const place = "SUBSTR(r.region, 1, ?) AS place, "
	if err := rows.Select(place+"COUNT(*) AS detail, SUM(CASE WHEN EXISTS (SELECT 1 FROM province_entry e WHERE e.activity_id = activity.id AND e.removed_at = 0) THEN 0 ELSE 1 END) AS wanted", level).Scan(&b.Below).Error; err != nil {
		return b, err
	}
	var entered []MonthPlace
	err = s.filtered(ctx, ActivityFilter{Region: region, From: month.First()}, true).
		Joins("JOIN recipient r ON r.id = recipient_id").Joins("JOIN province_entry e ON e.activity_id = activity.id AND e.removed_at = 0").Group("place").
		Select(place+"COUNT(*) AS entered", level).Scan(&entered).Error
	in := map[string]int64{}
	for _, e := range entered {
		in[e.Place] = e.Entered
	}
	for i := range b.Below {
		p := &b.Below[i]
		p.Entered = in[p.Place]
		b.Detail, b.Entered, b.Wanted = b.Detail+p.Detail, b.Entered+p.Entered, b.Wanted+p.Wanted
	}
	slices.SortFunc(b.Below, func(x, y MonthPlace) int { return strings.Compare(x.Place, y.Place) })
	return b, err
}
