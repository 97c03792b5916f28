package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"gorm.io/gorm"

	"aixin/models"
)

// besides adds to a report what is not counted from activities: needs,
// donations, spot checks and the burden.
func (s *Store) besides(ctx context.Context, ask models.ReportAsk, r *models.Report) error {
	if ask.Unit.ID == "" {
		for _, add := range []func(context.Context, models.ReportAsk, *models.Report) error{s.reportNeeds, s.reportDonations, s.reportChecks} {
			if err := add(ctx, ask, r); err != nil {
				return err
			}
		}
	}
	return s.reportBurden(ctx, ask, r)
}

// span is the period in moments: from its first to its last, none after the
// report's own.
func span(ask models.ReportAsk) (from, to models.Instant) {
	return models.StartOf(ask.Period.From(), ask.Zone), min(models.StartOf(ask.Period.To().Add(1), ask.Zone)-1, ask.AsOf())
}

func (s *Store) reportNeeds(ctx context.Context, ask models.ReportAsk, r *models.Report) error {
	from, to := span(ask)
	return s.q(ctx).Raw(`SELECT department, clock,
SUM(CASE WHEN raised_at >= @from THEN 1 ELSE 0 END) AS raised,
SUM(CASE WHEN done_at BETWEEN @from AND @to AND (due_at = 0 OR done_at <= due_at) THEN 1 ELSE 0 END) AS in_time,
SUM(CASE WHEN done_at BETWEEN @from AND @to AND due_at > 0 AND done_at > due_at THEN 1 ELSE 0 END) AS late,
SUM(CASE WHEN done_at = 0 OR done_at > @to THEN 1 ELSE 0 END) AS open,
SUM(CASE WHEN (done_at = 0 OR done_at > @to) AND due_at > 0 AND due_at < @to AND paused_at = 0 THEN 1 ELSE 0 END) AS overdue,
SUM(CASE WHEN closed_at BETWEEN @from AND @to AND rating = 'good' THEN 1 ELSE 0 END) AS good,
SUM(CASE WHEN closed_at BETWEEN @from AND @to AND rating = 'fair' THEN 1 ELSE 0 END) AS fair,
SUM(CASE WHEN closed_at BETWEEN @from AND @to AND rating = 'bad' THEN 1 ELSE 0 END) AS bad,
SUM(CASE WHEN closed_at BETWEEN @from AND @to AND rating = 'unreached' THEN 1 ELSE 0 END) AS unreached
FROM need WHERE raised_at <= @to AND region LIKE @region GROUP BY department, clock ORDER BY department, clock`,
		map[string]any{"from": from, "to": to, "region": digits(ask.Region.Code) + "%"}).Scan(&r.Needs).Error
}

func (s *Store) reportDonations(ctx context.Context, ask models.ReportAsk, r *models.Report) error {
	d := &r.Donations
	end := ask.AsOf()
	stands := "created_at <= @end AND (voided_at = 0 OR voided_at > @end)"
	args := map[string]any{"from": ask.Period.From(), "to": ask.Period.To(), "end": end, "region": digits(ask.Region.Code) + "%"}
	var in []struct {
		Goods  bool
		N      int
		Period models.Fen
		Total  models.Fen
	}
	err := s.q(ctx).Raw(`SELECT goods, SUM(CASE WHEN day >= @from THEN 1 ELSE 0 END) AS n, SUM(CASE WHEN day >= @from THEN amount_fen ELSE 0 END) AS period, SUM(amount_fen) AS total
FROM donation WHERE day <= @to AND region LIKE @region AND `+stands+` GROUP BY goods`, args).Scan(&in).Error
	if err != nil {
		return err
	}
	for _, g := range in {
		d.Gifts += g.N
		if g.Goods {
			d.GoodsIn, d.GoodsLeft = g.Period, g.Total
		} else {
			d.MoneyIn, d.MoneyLeft = g.Period, g.Total
		}
	}
	var out []struct {
		Goods                 bool
		N                     int
		Period, Total, Handed models.Fen
	}
	err = s.q(ctx).Raw(`SELECT d.goods, SUM(CASE WHEN u.day >= @from THEN 1 ELSE 0 END) AS n,
SUM(CASE WHEN u.day >= @from THEN u.amount_fen ELSE 0 END) AS period, SUM(u.amount_fen) AS total,
SUM(CASE WHEN u.handed_on BETWEEN @from AND @to THEN u.amount_fen ELSE 0 END) AS handed
FROM donation_use u JOIN donation d ON d.id = u.donation_id
WHERE u.day <= @to AND d.region LIKE @region AND u.created_at <= @end AND (u.voided_at = 0 OR u.voided_at > @end)
AND d.created_at <= @end AND (d.voided_at = 0 OR d.voided_at > @end) GROUP BY d.goods`, args).Scan(&out).Error
	for _, g := range out {
		d.Uses += g.N
		if g.Goods {
			d.GoodsUsed, d.GoodsHanded = g.Period, g.Handed
			d.GoodsLeft -= g.Total
		} else {
			d.MoneyUsed, d.MoneyHanded = g.Period, g.Handed
			d.MoneyLeft -= g.Total
		}
	}
	return err
}

// reportChecks counts the drawn checks, all first and then by county. Those that
// were added to the list by hand make no rate.
func (s *Store) reportChecks(ctx context.Context, ask models.ReportAsk, r *models.Report) error {
	var rows []models.SpotCheck
	err := s.q(ctx).Omit("origin", "answers", "second_answers").Where("month BETWEEN ? AND ? AND region LIKE ? AND created_at <= ?",
		ask.Period.First, ask.Period.Last, digits(ask.Region.Code)+"%", ask.AsOf()).Order("region, id").Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return err
	}
	counts := models.CountChecks(rows, ask.Region.Code, ask.AsOf())
	if len(counts) == 0 {
		return nil
	}
	counts[0].Name = ask.Region.Name
	if ask.Region.Code != models.CityCode {
		counts = counts[:1]
	}
	if ask.Period.Kind == models.ReportMonthly {
		seed, err := s.CheckSeed(ctx, ask.Period.Last)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		counts[0].SeedHash = seed.Hash
		if seed.RevealedAt != 0 && seed.RevealedAt <= ask.AsOf() {
			counts[0].Seed = seed.Seed.Reveal()
		}
	}
	r.Checks = counts
	return nil
}

// reportBurden counts what went to and came from the cadres of the place: pushes
// that nobody asked for, messages, and how long a log took from the first
// message of its exchange to the receipt. Messages that are erased are not
// counted any more; the signed report keeps what was.
func (s *Store) reportBurden(ctx context.Context, ask models.ReportAsk, r *models.Report) error {
	from, to := span(ask)
	mine := func(q *gorm.DB, column string) *gorm.DB {
		if ask.Unit.ID != "" {
			return q.Where(column+" IN (SELECT id FROM cadre WHERE unit_id = ?)", ask.Unit.ID)
		}
		if ask.Region.Code == models.CityCode {
			return q
		}
		return q.Where(column+" IN (SELECT id FROM cadre WHERE region LIKE ?)", digits(ask.Region.Code)+"%")
	}
	count := func(q *gorm.DB, into *int) error {
		var n int64
		err := q.Count(&n).Error
		*into = int(n)
		return err
	}
	bound := mine(s.q(ctx).Model(&models.Binding{}), "subject_id").Where("role = ? AND bound_at <= ? AND (ended_at = 0 OR ended_at > ?)", models.RoleCadre, to, to)
	if err := count(bound.Distinct("subject_id"), &r.Burden.Bound); err != nil {
		return err
	}
	pushes := mine(s.q(ctx).Model(&Delivery{}), "subject_id").
		Where("role = ? AND kind <> 'late' AND state IN ? AND done_at BETWEEN ? AND ?", models.RoleCadre, []string{DeliveryAccepted, DeliveryDelivered}, from, to)
	if err := count(pushes, &r.Burden.Pushes); err != nil {
		return err
	}
	logs := mine(s.q(ctx).Model(&models.Record{}), "cadre_id").Where("inbound_key <> '' AND recorded_at BETWEEN ? AND ?", from, to)
	if err := count(logs, &r.Burden.Logs); err != nil {
		return err
	}
	written := mine(s.q(ctx).Model(&models.Binding{}), "subject_id").Where("role = ?", models.RoleCadre).Select("openid_idx")
	var rows []struct {
		Sender     string
		ReceivedAt models.Instant
		KeyHash    string
	}
	if r.Burden.Bound == 0 {
		return nil
	}
	err := s.q(ctx).Model(&Inbound{}).Select("sender", "received_at", "key_hash").Where("received_at BETWEEN ? AND ? AND sender IN (?)", from, to, written).
		Order("sender, received_at").Find(&rows).Error
	if err != nil {
		return err
	}
	r.Burden.Messages = len(rows)
	var keys []string
	recorded := logs.Session(&gorm.Session{})
	if err := recorded.Pluck("inbound_key", &keys).Error; err != nil {
		return err
	}
	wrote := make(map[string]bool, len(keys))
	for _, k := range keys {
		wrote[k] = true
	}
	var took []int
	var began, last models.Instant
	sender := ""
	for _, m := range rows {
		if m.Sender != sender || m.ReceivedAt-last > exchangeGap {
			sender, began = m.Sender, m.ReceivedAt
		}
		last = m.ReceivedAt
		if wrote[m.KeyHash] {
			took = append(took, int(m.ReceivedAt-began)/1000)
			began = m.ReceivedAt
		}
	}
	if len(took) > 0 {
		slices.Sort(took)
		r.Burden.MedianSeconds = took[len(took)/2]
	}
	return nil
}

// exchangeGap is how long somebody is silent before the next message begins a
// new exchange, in milliseconds.
const exchangeGap = models.Instant(10 * 60 * 1000)

// reportRow is a signed report.
type reportRow struct {
	ID       string `gorm:"primaryKey"`
	Kind     models.ReportKind
	Period   string
	Region   string
	UnitID   string
	Numbers  string
	Hash     string
	SignedBy string
	SignedAt models.Instant
}

func (reportRow) TableName() string { return "report" }

// signedMonths reads the signed monthly reports of the place in the year, before
// the report's own end.
func (s *Store) signedMonths(ctx context.Context, ask models.ReportAsk) ([]models.Frozen, error) {
	var rows []reportRow
	err := s.q(ctx).Where("kind = ? AND region = ? AND unit_id = ? AND period BETWEEN ? AND ?", models.ReportMonthly, ask.Region.Code, ask.Unit.ID,
		models.NewMonth(ask.Period.Year(), 1), ask.Period.Last).Order("period").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	out := make([]models.Frozen, 0, len(rows))
	for _, row := range rows {
		var r models.Report
		if err := json.Unmarshal([]byte(row.Numbers), &r); err != nil {
			return nil, err
		}
		out = append(out, models.Frozen{Month: models.Month(row.Period), Rows: r.Places})
	}
	return out, nil
}
