package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

type reportCmd struct {
	Monthly   monthlyCmd   `cmd:"" help:"月报告:aixin report monthly --period 2026-10 --out 月报.xlsx"`
	Quarterly quarterlyCmd `cmd:"" help:"季调度:aixin report quarterly --period 2026Q3 --out 季度.xlsx"`
	Annual    annualCmd    `cmd:"" help:"年总结:aixin report annual --period 2026 --out 年终.xlsx"`
	Province  provinceCmd  `cmd:"" help:"录省系统的三张表:要新录、要改、要删;也用来整批勾“已录”。"`
}

// Help is shown by aixin report --help.
func (reportCmd) Help() string {
	return `出交得上去的表。六项指标、任务进度、还差名单、存量、四个一对一、诉求、捐赠、抽查、负担和口径都在一本里。
数按发生日归月;次月15日关账(遇休息日提前),之后才知道的记进“补以前月份”。各月加补录栏不等于全年,或者存量对不上,就不出表,并说是哪一个数。
名单含全名,每次出表都记审计;--masked 只写姓。签发过的期,出的是签发时的数。`
}

type (
	monthlyCmd   struct{ reportFlags }
	quarterlyCmd struct{ reportFlags }
	annualCmd    struct{ reportFlags }
)

// reportMemory is what the heap of a report is kept below while that is possible.
const reportMemory = 72 << 20

type reportFlags struct {
	Period string `required:"" help:"哪一期:2026-10、2026Q3 或 2026。" placeholder:"P"`
	Region string `default:"6208" help:"哪里:区划代码,或写成 崆峒区、崆峒区/峡门乡。" placeholder:"CODE"`
	Unit   string `help:"只出一个单位的,写单位全称。" placeholder:"NAME"`
	Masked bool   `help:"名单里只写姓。"`
	Sign   bool   `help:"签发:从此同一期的数不再变。要已关账。"`
	Out    string `required:"" help:"写到哪个文件(只有本人可读)。" placeholder:"FILE.xlsx"`
}

// Run writes the month's report.
func (c *monthlyCmd) Run(e *env) error { return c.write(e, models.ReportMonthly) }

// Run writes the quarter's.
func (c *quarterlyCmd) Run(e *env) error { return c.write(e, models.ReportQuarterly) }

// Run writes the year's.
func (c *annualCmd) Run(e *env) error { return c.write(e, models.ReportAnnual) }

func (c *reportFlags) write(e *env, kind models.ReportKind) error {
	period, err := models.ParsePeriod(kind, c.Period)
	if err != nil {
		return fmt.Errorf("--period %w", err)
	}
	// The service runs beside it: rather more collecting than more memory.
	debug.SetGCPercent(40)
	debug.SetMemoryLimit(reportMemory)
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	st := db.System("report")
	ask, err := c.ask(e, st, period)
	if err != nil {
		return err
	}
	detail := fmt.Sprintf("%s %s region=%s unit=%s masked=%t", kind, period.Key(), ask.Region.Code, ask.Unit.ID, c.Masked)
	if err := st.Note(e.ctx, "report", "report", detail); err != nil {
		return err
	}
	signed, err := c.report(e.ctx, st, ask)
	if err != nil {
		return fmt.Errorf("没有出表:%w", err)
	}
	names, err := st.ReportNames(e.ctx, signed.Report, c.Masked)
	if err != nil {
		return err
	}
	book := xlsx.ReportBook{Report: signed.Report, Zone: e.cfg.Zone(), SignedAt: signed.SignedAt, Hash: signed.Hash, Names: names}
	for _, n := range signed.Notes {
		book.Notes = append(book.Notes, xlsx.ReportRemark{At: n.At, Words: n.Words})
	}
	if err := privateFile(c.Out, func(w io.Writer) error { return xlsx.WriteReport(w, book) }); err != nil {
		return fmt.Errorf("%s 没写成:%w", c.Out, reason(err))
	}
	top := signed.Places[0]
	fmt.Fprintf(e.stdout, "%s%s(%s)写好了:走访 %d 人次,联系 %d 人次,在册 %d,名单 %d 对。\n", signed.Name, kind.Label(), period,
		top.Now[models.VisitPersons], top.Now[models.ContactTimes], top.Stock.End, len(signed.Shorts))
	return nil
}

func (c *reportFlags) report(ctx context.Context, st *store.Store, ask models.ReportAsk) (store.SignedReport, error) {
	if !c.Sign {
		return st.Report(ctx, ask)
	}
	signed, err := st.SignReport(ctx, ask)
	if errors.Is(err, store.ErrOpen) {
		return signed, fmt.Errorf("%s还没关账,%s录完才能签发", ask.Period, ask.Calendar.CloseOn(ask.Period.Last))
	}
	return signed, err
}

// ask names the place and the moment.
func (c *reportFlags) ask(e *env, st *store.Store, period models.Period) (ask models.ReportAsk, err error) {
	calendar, err := st.Calendar(e.ctx)
	if err != nil {
		return ask, err
	}
	ask = models.ReportAsk{
		Period: period, Calendar: calendar, Zone: e.cfg.Zone(), Now: models.InstantOf(e.clock.Now()),
	}
	if period.From() > models.DayOf(e.clock.Now(), ask.Zone) {
		return ask, fmt.Errorf("%s还没到", period)
	}
	if ask.Region, err = st.FindRegion(e.ctx, c.Region); errors.Is(err, store.ErrNotFound) {
		return ask, fmt.Errorf("没有这个地区:%q,写代码(620802)或名称(崆峒区/峡门乡)", c.Region)
	} else if err != nil {
		return ask, err
	}
	if c.Unit == "" {
		return ask, nil
	}
	units, err := st.Units(e.ctx)
	for _, u := range units {
		if u.Name == c.Unit {
			ask.Unit = u
			return ask, nil
		}
	}
	return ask, errors.Join(err, fmt.Errorf("没有这个单位:%q", c.Unit))
}
