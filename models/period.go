package models

import (
	"fmt"
	"regexp"
	"strconv"
)

// ReportKind is one of the three reports (月报告、季调度、年总结).
type ReportKind string

// The kinds of reports.
const (
	ReportMonthly   ReportKind = "monthly"
	ReportQuarterly ReportKind = "quarterly"
	ReportAnnual    ReportKind = "annual"
)

// Label is the office's name of a kind.
func (k ReportKind) Label() string {
	return map[ReportKind]string{ReportMonthly: "月报告", ReportQuarterly: "季调度", ReportAnnual: "年总结"}[k]
}

// Period is what a report is about: a month, a quarter or a year, as its first
// and last month.
type Period struct {
	Kind        ReportKind
	First, Last Month
}

var (
	quarterForm = regexp.MustCompile(`^(\d{4})Q([1-4])$`)
	yearForm    = regexp.MustCompile(`^\d{4}$`)
)

// ParsePeriod reads 2026-10, 2026Q3 or 2026, as the kind wants it.
func ParsePeriod(kind ReportKind, s string) (Period, error) {
	switch kind {
	case ReportMonthly:
		m, err := ParseMonth(s)
		return Period{kind, m, m}, err
	case ReportQuarterly:
		part := quarterForm.FindStringSubmatch(s)
		if part == nil {
			return Period{}, fmt.Errorf("季度应写成 2026Q3 这样:%q", s)
		}
		year, _ := strconv.Atoi(part[1]) // the form holds digits only
		quarter, _ := strconv.Atoi(part[2])
		first := NewMonth(year, quarter*3-2)
		return Period{kind, first, first.Add(2)}, nil
	case ReportAnnual:
		if !yearForm.MatchString(s) {
			return Period{}, fmt.Errorf("年份应写成 2026 这样:%q", s)
		}
		year, _ := strconv.Atoi(s)
		return Period{kind, NewMonth(year, 1), NewMonth(year, 12)}, nil
	}
	return Period{}, fmt.Errorf("没有这种报表:%q", string(kind))
}

// Key is the period as commands and rows write it: 2026-10, 2026Q3, 2026.
func (p Period) Key() string {
	switch p.Kind {
	case ReportQuarterly:
		return fmt.Sprintf("%04dQ%d", p.Year(), p.Last.Number()/3)
	case ReportAnnual:
		return fmt.Sprintf("%04d", p.Year())
	}
	return string(p.Last)
}

// String is the period as people say it.
func (p Period) String() string {
	switch p.Kind {
	case ReportQuarterly:
		return fmt.Sprintf("%d年%s季度", p.Year(), []string{"一", "二", "三", "四"}[p.Last.Number()/3-1])
	case ReportAnnual:
		return fmt.Sprintf("%d年", p.Year())
	}
	return p.Last.String()
}

// Year is the year to which the period belongs.
func (p Period) Year() int { return p.Last.Year() }

// Before is the period of the same length before this one.
func (p Period) Before() Period {
	n := 1
	for m := p.First; m != p.Last; m = m.Add(1) {
		n++
	}
	return Period{p.Kind, p.First.Add(-n), p.Last.Add(-n)}
}

// From is the first day, To the last one.
func (p Period) From() Day { return p.First.First() }

// To is the last day.
func (p Period) To() Day { return p.Last.Last() }

// Span names the column of the period's own figures: 本月、本季、全年.
func (p Period) Span() string {
	return map[ReportKind]string{ReportMonthly: "本月", ReportQuarterly: "本季", ReportAnnual: "全年"}[p.Kind]
}
