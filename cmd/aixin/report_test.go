package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// reportTown is a small synthetic city with what makes counting hard: entries
// and withdrawals after a month was closed, in this year and for the one before,
// opening figures, and states.
func reportTown(t *testing.T, driver string, seed uint64) (*store.DB, *sql.DB, *time.Location) {
	t.Helper()
	dsn := storetest.DSN(t, driver)
	keys, err := store.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(store.Options{Driver: driver, DSN: dsn, Keys: keys, Now: func() time.Time { return storetest.Now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	city := seedCmd{Recipients: 160, Cadres: 140, Years: 2, Seed: seed}
	if _, err := city.fill(context.Background(), db, models.DayOf(storetest.Now, zone), func(int) {}); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close() })
	day := func(d models.Day) models.Instant { return models.StartOf(d, zone) + 3_600_000 }
	for _, change := range []struct {
		sql  string
		args []any
	}{
		// Taken back in late October, entered in November, corrected in September.
		{"UPDATE activity SET voided_at = ?, status = 'withdrawn' WHERE day BETWEEN '2026-03-01' AND '2026-09-30' AND id LIKE '%3_'", []any{day("2026-10-28")}},
		{"UPDATE activity SET recorded_at = ? WHERE day BETWEEN '2026-02-01' AND '2026-08-31' AND id LIKE '%5_'", []any{day("2026-11-05")}},
		{"UPDATE activity SET voided_at = ?, status = 'corrected' WHERE day BETWEEN '2026-01-01' AND '2026-05-31' AND id LIKE '%7_'", []any{day("2026-09-18")}},
		{"UPDATE activity SET recorded_at = ? WHERE day BETWEEN '2025-10-01' AND '2025-12-31' AND id LIKE '%b_'", []any{day("2026-10-20")}},
		{"UPDATE activity SET voided_at = ? WHERE day BETWEEN '2025-12-01' AND '2025-12-31' AND id LIKE '%d_'", []any{day("2026-03-20")}},
		{"UPDATE pairing SET opening_as_of = '2026-04-30', opening_contacts = 2, opening_visits = 1, opening_helps = 1 WHERE line = 'pairing' AND from_day < '2026-04-01' AND id LIKE '%9_'", nil},
		{"UPDATE pairing SET opening_unknown = TRUE, opening_as_of = '2026-04-30' WHERE line = 'pairing' AND id LIKE '%k_'", nil},
	} {
		if _, err := raw.Exec(change.sql, anys(change.args)...); err != nil {
			t.Fatal(change.sql, err)
		}
	}
	return db, raw, zone
}

func anys(args []any) []any {
	for i, a := range args {
		if v, ok := a.(models.Instant); ok {
			args[i] = int64(v)
		}
	}
	return args
}

// counted asks the database itself for a measure: days from one to another, as
// known at a moment, of a place or a unit. None of the program's counting is in it.
func counted(t *testing.T, raw *sql.DB, m models.Measure, from, to models.Day, at models.Instant, where string) int64 {
	t.Helper()
	home := "CASE WHEN r.household = '' THEN r.id ELSE r.household END"
	rows := fmt.Sprintf(`FROM activity a JOIN recipient r ON r.id = a.recipient_id JOIN cadre c ON c.id = a.cadre_id LEFT JOIN pairing p ON p.id = a.pairing_id
WHERE a.day >= '%s' AND a.day <= '%s' AND a.recorded_at <= %d AND (a.voided_at = 0 OR a.voided_at > %d) AND %s
AND (a.kind = 'aid' OR p.id IS NULL OR p.opening_unknown OR p.opening_as_of = '' OR substr(p.opening_as_of, 1, 4) <> substr(a.day, 1, 4) OR a.day > p.opening_as_of)`,
		string(from), string(to), at, at, where)
	distinct := func(what, kind string) string {
		return "SELECT count(*) FROM (SELECT DISTINCT " + what + " " + rows + " AND a.kind = '" + kind + "') x"
	}
	items := func(help string) string {
		return "SELECT COALESCE(SUM(n), 0) FROM (SELECT MAX(k) AS n FROM (SELECT count(*) AS k, a.record_id AS record, a.day AS day, " + home + " AS home " + rows +
			" AND a.kind = 'help' AND " + help + " GROUP BY a.record_id, a.day, " + home + ", r.id) x GROUP BY record, day, home) y"
	}
	query := map[models.Measure]string{
		models.VisitPersons: distinct("a.recipient_id, a.day", "visit"),
		models.VisitHomes:   distinct(home+", a.day", "visit"),
		models.ContactTimes: distinct("a.id", "contact"),
		models.ContactHomes: distinct(home+", a.day", "contact"),
		models.PolicyTold:   items("a.help = 'policy' AND a.stage = 'publicized'"),
		models.PolicyFiled:  items("a.help = 'policy' AND a.stage = 'applied'"),
		models.PolicyGot:    items("a.help = 'policy' AND a.stage NOT IN ('publicized', 'applied')"),
		models.Difficulties: items("a.help = 'difficulty'"),
		models.Deeds:        items("a.help = 'deed'"),
		models.AidGifts:     distinct("a.id", "aid"),
		models.AidMoneyFen:  "SELECT COALESCE(SUM(a.amount_fen), 0) " + rows + " AND a.kind = 'aid' AND NOT a.goods",
		models.AidGoodsFen:  "SELECT COALESCE(SUM(a.amount_fen), 0) " + rows + " AND a.kind = 'aid' AND a.goods",
		models.AidUnvalued:  "SELECT count(*) " + rows + " AND a.kind = 'aid' AND a.amount_fen IS NULL",
	}[m]
	var n int64
	if err := raw.QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	return n
}

func askFor(t *testing.T, kind models.ReportKind, period string, region models.Region, zone *time.Location) models.ReportAsk {
	t.Helper()
	p, err := models.ParsePeriod(kind, period)
	if err != nil {
		t.Fatal(err)
	}
	return models.ReportAsk{Period: p, Region: region, Calendar: models.DefaultCalendar, Zone: zone, Now: models.InstantOf(storetest.Now)}
}

// Every figure of every line agrees with a query that knows nothing of how the
// report counts.
func TestReportAgreesWithSQL(t *testing.T) {
	for _, driver := range []string{"sqlite", "mysql"} {
		t.Run(driver, func(t *testing.T) {
			db, raw, zone := reportTown(t, driver, 1)
			st := db.System("test")
			city := models.Region{Code: models.CityCode, Name: "平凉市"}
			for _, c := range []struct {
				kind   models.ReportKind
				period string
			}{{models.ReportMonthly, "2026-10"}, {models.ReportMonthly, "2026-11"}, {models.ReportQuarterly, "2026Q3"}, {models.ReportAnnual, "2026"}} {
				ask := askFor(t, c.kind, c.period, city, zone)
				r, err := st.BuildReport(context.Background(), ask)
				if err != nil {
					t.Fatal(err)
				}
				figuresAgree(t, raw, ask, r)
				dutiesAgree(t, raw, ask, r)
				stockAgrees(t, raw, ask, r)
			}
		})
	}
}

func figuresAgree(t *testing.T, raw *sql.DB, ask models.ReportAsk, r *models.Report) {
	t.Helper()
	closes, year := ask.Closes(), ask.Period.Year()
	lines := map[string]models.ReportRow{"r.region LIKE '6208%'": r.Places[0]}
	for _, row := range r.Places[1:] {
		if ask.Period.Kind == models.ReportMonthly && row.Merged == 0 && len(lines) < 4 {
			lines["r.region LIKE '"+row.Code+"%'"] = row
		}
	}
	units := 0
	for _, row := range r.Units {
		if ask.Period.Kind == models.ReportMonthly && row.Merged == 0 && units < 2 {
			units++
			lines["c.unit_id = '"+row.Code+"'"] = row
		}
	}
	for where, row := range lines {
		for m := range models.Measures {
			var now, late, before int64
			for month := ask.Period.First.Number(); month <= ask.Period.Last.Number(); month++ {
				this, first := models.NewMonth(year, month), models.NewMonth(year, 1).First()
				now += counted(t, raw, m, this.First(), this.Last(), closes[month], where)
				if month > 1 {
					last := this.First().Add(-1)
					late += counted(t, raw, m, first, last, closes[month], where) - counted(t, raw, m, first, last, closes[month-1], where)
				}
				before += counted(t, raw, m, "2000-01-01", first.Add(-1), closes[month], where) - counted(t, raw, m, "2000-01-01", first.Add(-1), closes[month-1], where)
			}
			if row.Now[m] != now || row.Late[m] != late || row.Before[m] != before {
				t.Errorf("%s %s %s: %d late %d before %d, and the database says %d late %d before %d", r.Period.Key(), row.Name, m.Label(), row.Now[m], row.Late[m], row.Before[m], now, late, before)
			}
			all := counted(t, raw, m, models.NewMonth(year, 1).First(), ask.Period.To(), ask.AsOf(), where)
			if row.Year[m] != all {
				t.Errorf("%s %s %s of the year: %d, and the database says %d", r.Period.Key(), row.Name, m.Label(), row.Year[m], all)
			}
		}
	}
	if r.Period.Kind == models.ReportMonthly && (r.Places[0].Late == models.Figures{}) {
		t.Errorf("%s: nothing is late, the test tries nothing", r.Period.Key())
	}
}

// dutiesAgree counts the pairings by 0, 1, 2, 3, 4+ in the database.
func dutiesAgree(t *testing.T, raw *sql.DB, ask models.ReportAsk, r *models.Report) {
	t.Helper()
	end, year := string(ask.End()), ask.Period.Year()
	for k, kind := range []string{"contact", "visit", "help"} {
		what, opening := "a.id", []string{"p.opening_contacts", "p.opening_visits", "p.opening_helps"}[k]
		if kind == "visit" {
			what = "a.day"
		}
		query := fmt.Sprintf(`SELECT CASE WHEN n > 4 THEN 4 ELSE n END AS n, count(*) FROM (
SELECT p.id, (SELECT count(DISTINCT %s) FROM activity a WHERE a.recipient_id = p.recipient_id AND (a.pairing_id = p.id OR a.cadre_id = p.cadre_id) AND a.day >= p.from_day AND a.kind = '%s' AND a.day BETWEEN '%d-01-01' AND '%s'
 AND a.recorded_at <= %d AND (a.voided_at = 0 OR a.voided_at > %d) AND NOT (a.help = 'policy' AND a.stage = 'publicized') AND (p.opening_as_of = '' OR a.day > p.opening_as_of)) +
 CASE WHEN p.opening_as_of = '' THEN 0 ELSE %s END AS n
FROM pairing p JOIN recipient r ON r.id = p.recipient_id WHERE p.line = 'pairing' AND p.from_day <= '%s' AND (p.to_day = '' OR p.to_day >= '%s')
 AND r.entered_on <= '%s' AND (r.exited_on = '' OR r.exited_on > '%s') AND NOT p.opening_unknown) x GROUP BY CASE WHEN n > 4 THEN 4 ELSE n END`,
			what, kind, year, end, ask.AsOf(), ask.AsOf(), opening, end, end, end, end)
		rows, err := raw.Query(query)
		if err != nil {
			t.Fatal(err, query)
		}
		var spread [5]int
		for rows.Next() {
			var n, count int
			if err := rows.Scan(&n, &count); err != nil {
				t.Fatal(err)
			}
			spread[n] = count
		}
		rows.Close()
		if got := r.Places[0].Duty.Spread[k]; got != spread || rows.Err() != nil {
			t.Errorf("%s %s: spread %v, and the database says %v", r.Period.Key(), kind, got, spread)
		}
	}
	d := r.Places[0].Duty
	if d.Unknown == 0 || d.Short() != len(r.Shorts)-d.Unknown-d.Excused || d.Met+d.Short()+d.Excused+d.Unknown != d.Pairings {
		t.Errorf("%s: %+v with a list of %d", r.Period.Key(), d, len(r.Shorts))
	}
}

func stockAgrees(t *testing.T, raw *sql.DB, ask models.ReportAsk, r *models.Report) {
	t.Helper()
	var start, in, end, out, paired int
	day := string(ask.End())
	if err := raw.QueryRow(fmt.Sprintf(`SELECT
 (SELECT count(*) FROM recipient WHERE entered_on < '%[2]s' AND (exited_on = '' OR exited_on >= '%[2]s')),
 (SELECT count(*) FROM recipient WHERE entered_on BETWEEN '%[2]s' AND '%[1]s'),
 (SELECT count(*) FROM recipient WHERE entered_on <= '%[1]s' AND (exited_on = '' OR exited_on > '%[1]s')),
 (SELECT count(*) FROM recipient WHERE exited_on BETWEEN '%[2]s' AND '%[1]s'),
 (SELECT count(DISTINCT p.recipient_id) FROM pairing p JOIN recipient r ON r.id = p.recipient_id
  WHERE p.line = 'pairing' AND p.from_day <= '%[1]s' AND (p.to_day = '' OR p.to_day >= '%[1]s') AND r.entered_on <= '%[1]s' AND (r.exited_on = '' OR r.exited_on > '%[1]s'))`,
		day, string(ask.Period.From()))).Scan(&start, &in, &end, &out, &paired); err != nil {
		t.Fatal(err)
	}
	if s := r.Places[0].Stock; s.Start != start || s.In != in || s.End != end || s.Out != out || s.Paired != paired || !s.Balances() {
		t.Errorf("%s: %+v, and the database says start %d, in %d, end %d, out %d, paired %d", r.Period.Key(), s, start, in, end, out, paired)
	}
}

// What was signed stays to the digit, and the year refuses to come out when rows
// of a signed month were changed past the program.
func TestSignedReportStays(t *testing.T) {
	for _, driver := range []string{"sqlite", "mysql"} {
		t.Run(driver, func(t *testing.T) {
			ctx := context.Background()
			db, raw, zone := reportTown(t, driver, 2)
			st, city := db.System("test"), models.Region{Code: models.CityCode, Name: "平凉市"}
			if _, err := st.SignReport(ctx, askFor(t, models.ReportMonthly, "2026-11", city, zone)); !errors.Is(err, store.ErrOpen) {
				t.Fatalf("a month that is not closed was signed: %v", err)
			}
			october, year := askFor(t, models.ReportMonthly, "2026-10", city, zone), askFor(t, models.ReportAnnual, "2026", city, zone)
			signed, err := st.SignReport(ctx, october)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := st.BuildReport(ctx, year); err != nil {
				t.Fatalf("the year does not agree with a month just signed: %v", err)
			}
			if err := st.NoteReport(ctx, signed.ID, "多记1次"); err != nil {
				t.Fatal(err)
			}
			// Told and taken back in the ordinary way: the next month's business.
			if _, err := raw.Exec("UPDATE activity SET voided_at = ? WHERE day LIKE '2026-10-0%'", int64(models.InstantOf(storetest.Now))-1000); err != nil {
				t.Fatal(err)
			}
			if _, err := st.BuildReport(ctx, year); err != nil {
				t.Errorf("a correction in time stopped the year: %v", err)
			}
			// Taken out past the program.
			if _, err := raw.Exec("DELETE FROM activity WHERE day LIKE '2026-10-1%' AND kind = 'visit'"); err != nil {
				t.Fatal(err)
			}
			again, err := st.Report(ctx, october)
			if err != nil || again.Hash != signed.Hash || again.Places[0].Now != signed.Places[0].Now || len(again.Notes) != 1 {
				t.Errorf("the signed report changed: %v %v", again.Hash, err)
			}
			var unbalanced models.Unbalanced
			if _, err := st.BuildReport(ctx, year); !errors.As(err, &unbalanced) || !strings.Contains(err.Error(), "2026年10月的“走访探视”对不上:签发时是") {
				t.Errorf("the year came out: %v", err)
			}
			if _, err := raw.Exec("UPDATE report SET numbers = REPLACE(numbers, '\"Level\":0', '\"Level\":9')"); err != nil {
				t.Fatal(err)
			}
			if _, err := st.Report(ctx, october); err == nil {
				t.Error("a signed report that was tampered with came out")
			}
		})
	}
}
