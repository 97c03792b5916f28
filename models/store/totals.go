package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"aixin/models"
)

// Five years of a city are two million activities: too many to count for a page.
// So the months are counted once a night, by township and kind, as of a horizon
// two days back, and a page adds what was recorded or taken back since, and the
// days of months that it does not show whole. What it says is exact, however old
// the count is; only what came in with a moment before the horizon after the
// count, as a journal of more than two days does, waits for the next night.

// totalsBack is how far before the count its horizon lies.
const totalsBack = 48 * time.Hour

// totalsMoved is how many people may have moved since the count before all are
// counted one by one instead.
const totalsMoved = 500

// marks of the count in use: its horizon, and when it was made.
const totalsMark = "month_total"

// wideTotal is what a wide list comes to, of one kind.
type wideTotal struct {
	KindTotal
	Entered int64 // of these, in the provincial system
}

// counting names a count: rows recorded by the horizon, people where they lived
// when it was made.
type counting struct{ horizon, made models.Instant }

func (s *Store) counting(ctx context.Context) (c counting, err error) {
	text, err := s.Mark(ctx, totalsMark)
	if err == nil && text != "" {
		_, err = fmt.Sscan(text, &c.horizon, &c.made)
	}
	return c, err
}

// standsAt is what stood at the horizon.
const standsAt = "a.recorded_at <= @horizon AND (a.voided_at = 0 OR a.voided_at > @horizon)"

// enteredAt is what was in the provincial system then.
const enteredAt = "e.entered_at <= @horizon AND (e.removed_at = 0 OR e.removed_at > @horizon)"

// monthTotal is what a township did in a month, of one kind.
type monthTotal struct {
	Horizon     models.Instant
	Month       models.Month
	Place, Kind string
	N, Entered  int
	Fen         int64
}

func (monthTotal) TableName() string { return "month_total" }

// RecountTotals counts all months anew, in one pass over the activities.
func (s *Store) RecountTotals(ctx context.Context) error {
	c := counting{horizon: s.Now().Add(-totalsBack), made: s.Now()}
	before, err := s.counting(ctx)
	if err != nil || before.horizon >= c.horizon {
		return err
	}
	// Read first and written after: INSERT … SELECT would hold up who records.
	var rows []monthTotal
	err = s.q(ctx).Raw(`SELECT SUBSTR(a.day, 1, 7) AS month, SUBSTR(r.region, 1, 9) AS place, a.kind, COUNT(*) AS n, COALESCE(SUM(a.amount_fen), 0) AS fen,
SUM(CASE WHEN e.activity_id IS NULL THEN 0 ELSE 1 END) AS entered
FROM activity a`+s.then()+` recipient r ON r.id = a.recipient_id LEFT JOIN province_entry e ON e.activity_id = a.id AND `+enteredAt+`
WHERE `+standsAt+` GROUP BY SUBSTR(a.day, 1, 7), SUBSTR(r.region, 1, 9), a.kind`, map[string]any{"horizon": c.horizon}).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return err // what moves in may tell of long ago: it is counted after
	}
	for i := range rows {
		rows[i].Horizon = c.horizon
	}
	if err := s.InTx(ctx, func(tx *Store) error { return tx.Create(ctx, &rows) }); err != nil {
		return err
	}
	if err := s.SetMark(ctx, totalsMark, fmt.Sprint(c.horizon, " ", c.made)); err != nil {
		return err
	}
	// The count before stays for who is reading by it.
	return s.q(ctx).Exec("DELETE FROM month_total WHERE horizon NOT IN ?", []models.Instant{before.horizon, c.horizon}).Error
}

// wholeMonths is the stretch of months that lie in from to to whole; a last month
// that is not over counts as whole if nothing is wanted to be left out of it.
func wholeMonths(from, to, today models.Day) (first, last models.Month, ok bool) {
	if from == "" {
		from = "0001-01-01"
	}
	if to == "" || to >= today {
		to = models.NewDay(9998, 12, 31)
	}
	if first = models.MonthOf(from); first.First() < from {
		first = first.Add(1)
	}
	if last = models.MonthOf(to); last.Last() > to {
		last = last.Add(-1)
	}
	return first, last, first <= last
}

// wide counts the activities of a place by kind, with those of them that are in
// the provincial system where asked; ok is false where counting them one by one
// is as quick, or no count was made yet.
func (s *Store) wide(ctx context.Context, f ActivityFilter, entered bool) (rows []wideTotal, ok bool, err error) {
	if f.Unit != "" || f.Cadre != "" || f.Person != "" || f.Known[1] != 0 {
		return nil, false, nil
	}
	if _, _, ok := wholeMonths(f.From, f.To, models.DayOf(s.Now().Time(), time.UTC)); !ok {
		return nil, false, nil
	}
	on, err := s.footing(ctx, f.Region)
	if err != nil {
		return nil, false, err
	}
	return s.wideOn(ctx, on, f, entered)
}

// footing is the count of the months as it holds for a place, with who has left it
// and come to it since.
type footing struct {
	counting
	region     string
	gone, come []string
	ok         bool // there is a count
}

func (s *Store) footing(ctx context.Context, asked string) (on footing, err error) {
	if on.region, on.ok = s.wideRegion(asked); !on.ok {
		return on, nil
	}
	if on.counting, err = s.counting(ctx); err != nil || on.horizon == 0 {
		on.ok = false
		return on, err
	}
	on.gone, on.come, err = s.movedSince(ctx, on.region, on.made)
	return on, err
}

// wideOn is wide on a footing that was read before.
func (s *Store) wideOn(ctx context.Context, on footing, f ActivityFilter, entered bool) (rows []wideTotal, ok bool, err error) {
	first, last, ok := wholeMonths(f.From, f.To, models.DayOf(s.Now().Time(), time.UTC))
	region, c, gone, come := on.region, on.counting, on.gone, on.come
	if !ok || !on.ok || len(gone)+len(come) > totalsMoved {
		return nil, false, nil
	}
	args := map[string]any{
		"horizon": c.horizon, "from": first.First(), "to": last.Last(), "firstMonth": first, "lastMonth": last,
		"place": region + "%", "kind": f.Kind, "start": f.From, "end": f.To, "gone": gone, "come": come,
	}
	var parts []string
	add := func(sign, in, from, where string) {
		in = map[bool]string{true: in, false: "0"}[entered]
		parts = append(parts, fmt.Sprintf("SELECT a.kind, %s1 AS n, %sCOALESCE(a.amount_fen, 0) AS fen, %s%s AS entered FROM %s WHERE %s", sign, sign, sign, in, from, where))
	}
	here, only := "", ""
	if region != models.CityCode {
		here = " AND a.recipient_id IN (SELECT id FROM recipient WHERE region LIKE @place)"
	}
	if f.Kind != "" {
		only = " AND a.kind = @kind"
	}
	parts = append(parts, "SELECT kind, n, fen, entered FROM month_total a WHERE horizon = @horizon AND month BETWEEN @firstMonth AND @lastMonth AND place LIKE @place"+only)
	within := " AND a.day BETWEEN @from AND @to" + here + only
	const isIn = "(CASE WHEN a.id IN (SELECT activity_id FROM province_entry WHERE removed_at = 0) THEN 1 ELSE 0 END)"
	const wasIn = "(CASE WHEN a.id IN (SELECT e.activity_id FROM province_entry e WHERE " + enteredAt + ") THEN 1 ELSE 0 END)"
	add("", isIn, s.by("activity a", "activity_recorded"), "a.recorded_at > @horizon AND a.voided_at = 0"+within)
	add("-", wasIn, s.by("activity a", "activity_total"), "a.voided_at > @horizon AND a.recorded_at <= @horizon"+within)
	if f.From != "" && f.From < first.First() {
		add("", isIn, "activity a", "a.voided_at = 0 AND a.day >= @start AND a.day < @from"+here+only)
	}
	if f.To != "" && f.To > last.Last() {
		add("", isIn, "activity a", "a.voided_at = 0 AND a.day <= @end AND a.day > @to"+here+only)
	}
	if len(gone) > 0 {
		add("-", wasIn, "activity a", "a.recipient_id IN @gone AND a.day BETWEEN @from AND @to AND "+standsAt+only)
	}
	if len(come) > 0 {
		add("", wasIn, "activity a", "a.recipient_id IN @come AND a.day BETWEEN @from AND @to AND "+standsAt+only)
	}
	if entered {
		// What was entered or taken out since, of what the count holds as standing.
		parts = append(parts,
			"SELECT a.kind, 0, 0, 1 FROM "+s.by("province_entry e", "province_entry_entered")+s.then()+" activity a ON a.id = e.activity_id WHERE e.entered_at > @horizon AND e.removed_at = 0 AND a.recorded_at <= @horizon AND a.voided_at = 0"+within,
			"SELECT a.kind, 0, 0, -1 FROM "+s.by("province_entry e", "province_entry_removed")+s.then()+" activity a ON a.id = e.activity_id WHERE e.removed_at > @horizon AND e.entered_at <= @horizon AND a.recorded_at <= @horizon AND a.voided_at = 0"+within)
	}
	err = s.q(ctx).Raw("SELECT kind, SUM(n) AS n, SUM(fen) AS fen, SUM(entered) AS entered FROM ("+strings.Join(parts, " UNION ALL ")+") t GROUP BY kind HAVING SUM(n) <> 0", args).Scan(&rows).Error
	return rows, err == nil, err
}

// then joins another table, in this order.
func (s *Store) then() string {
	return map[string]string{"sqlite": " CROSS JOIN", "mysql": " STRAIGHT_JOIN"}[s.db.driver]
}

// by reads a table by one of its indexes, where the database guesses badly.
func (s *Store) by(table, index string) string {
	if s.db.driver == "sqlite" {
		return table + " INDEXED BY " + index
	}
	return table + " FORCE INDEX (" + index + ")"
}

// wideRegion is the place that a list of the actor's is about, where it is one
// that the count knows: the city, a county or a township.
func (s *Store) wideRegion(asked string) (region string, ok bool) {
	a := s.actor
	switch {
	case a.System != "":
		region = models.CityCode
	case a.Account != "" && a.Unit == "" && a.Region != "" && s.inArea(models.ObjectActivity):
		region = a.Region
	default:
		return "", false
	}
	if asked = digits(asked); asked != "" {
		if !models.Holds(region, asked) {
			return "", false
		}
		region = asked
	}
	return region, len(region) <= 9
}

// movedSince lists who has left a place for another since a count was made, and
// who has come to it.
func (s *Store) movedSince(ctx context.Context, region string, made models.Instant) (gone, come []string, err error) {
	if region == models.CityCode {
		return nil, nil, nil
	}
	var steps []struct{ SubjectID, FromRegion, Region string }
	err = s.q(ctx).Table("movement m").Select("m.subject_id, m.from_region, r.region").Joins("JOIN recipient r ON r.id = m.subject_id").
		Where("m.noun = ? AND m.recorded_at > ? AND m.from_region <> ''", models.NounRecipient, made).Order("m.recorded_at, m.id").Scan(&steps).Error
	seen := map[string]bool{}
	for _, m := range steps {
		if seen[m.SubjectID] {
			continue // where somebody lived first is where the count has them
		}
		seen[m.SubjectID] = true
		switch was, is := models.Holds(region, m.FromRegion), models.Holds(region, m.Region); {
		case was && !is:
			gone = append(gone, m.SubjectID)
		case is && !was:
			come = append(come, m.SubjectID)
		}
	}
	return gone, come, err
}

// unentered lists the months in which the count holds activities of a place that
// were not in the provincial system, the oldest first; ok is false where there is no
// count to go by.
func (s *Store) unentered(ctx context.Context, on footing) (months []models.Month, ok bool, err error) {
	if !on.ok || len(on.come) > totalsMoved {
		return nil, false, nil
	}
	err = s.q(ctx).Table("month_total").Where("horizon = ? AND place LIKE ?", on.horizon, on.region+"%").
		Group("month").Having("SUM(n) > SUM(entered)").Order("month").Pluck("month", &months).Error
	return months, true, err
}

// MonthTotals count the actor's place for some months, by kind: the night's count
// with what came and went since. Who has moved since counts where the night found
// them. Nil where the place is no area.
func (s *Store) MonthTotals(ctx context.Context, from, to models.Month) (map[models.Month]map[models.Kind]int64, error) {
	region, ok := s.wideRegion("")
	if !ok {
		return nil, nil
	}
	c, err := s.counting(ctx)
	if err != nil {
		return nil, err
	}
	here := ""
	if region != models.CityCode {
		here = " AND a.recipient_id IN (SELECT id FROM recipient WHERE region LIKE @place)"
	}
	const since = " UNION ALL SELECT SUBSTR(a.day, 1, 7), a.kind, %s FROM %s WHERE %s AND a.day BETWEEN @first AND @last%s"
	var rows []struct {
		Month models.Month
		Kind  models.Kind
		N     int64
	}
	err = s.q(ctx).Raw("SELECT month, kind, SUM(n) AS n FROM (SELECT month, kind, n FROM month_total WHERE horizon = @horizon AND place LIKE @place AND month BETWEEN @from AND @to"+
		fmt.Sprintf(since, "1", s.by("activity a", "activity_recorded"), "a.recorded_at > @horizon AND a.voided_at = 0", here)+
		fmt.Sprintf(since, "-1", s.by("activity a", "activity_total"), "a.voided_at > @horizon AND a.recorded_at <= @horizon", here)+") t GROUP BY month, kind",
		map[string]any{"horizon": c.horizon, "place": region + "%", "from": from, "to": to, "first": from.First(), "last": to.Last()}).Scan(&rows).Error
	out := map[models.Month]map[models.Kind]int64{}
	for _, r := range rows {
		if out[r.Month] == nil {
			out[r.Month] = map[models.Kind]int64{}
		}
		out[r.Month][r.Kind] = r.N
	}
	return out, err
}
