package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

type exportCmd struct {
	From   string `help:"从哪天起(含),写成 2026-01-01。" placeholder:"D"`
	To     string `help:"到哪天止(含),写成 2026-11-30。" placeholder:"D"`
	AsOf   string `help:"按哪天结束时系统里知道的来导,写成 2026-10-31:之后才记的不算,之后才撤改的照原样。" placeholder:"D"`
	Format string `default:"jsonl" enum:"jsonl,csv,xlsx" help:"jsonl、csv 或 xlsx。"`
	All    bool   `help:"连撤回和更正前的也要。"`
	Out    string `help:"写到哪个文件(只有本人可读);不写就打印出来。" placeholder:"FILE"`
}

// Help is shown by aixin export activities --help.
func (exportCmd) Help() string {
	return `把走访、联系、实事、资助逐条写出来,一条一行,按发生日期排,同一天按登记先后。含全名,每次导出都记审计。

例:aixin export activities --from 2026-01-01 --to 2026-11-30 --format xlsx --out 活动.xlsx

重出上月的数:加 --as-of 2026-10-31,后来的补录、更正、撤回都不算,哪天导都一样。

字段:person, kind, channel, help, date, amount_yuan, cadre, note, photos, source, status, person_id, cadre_id, unit, fund(钱从哪来:own 个人、unit 单位、public 财政、society 社会), checklist(走访时四必查看到的)。不适用的 channel、help 和没说数目的 amount_yuan 是空。`
}

// Run writes the activities of a span.
func (c *exportCmd) Run(e *env) error {
	want, err := c.query()
	if err != nil {
		return err
	}
	asOf, err := c.known()
	if err != nil {
		return err
	}
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	st := db.System("export")
	detail := fmt.Sprintf("%s..%s as of %q format %s all %t", string(want.From), string(want.To), string(asOf), c.Format, want.All)
	if err := st.Note(e.ctx, "export", "activities", detail); err != nil {
		return err
	}
	rows := st.Export(e.ctx, want)
	if asOf != "" {
		rows = st.ExportAsOf(e.ctx, want, endOf(asOf, e.cfg.Zone()))
	}
	write := func(w io.Writer) error { return exportActivities(rows, c.Format, w) }
	if c.Out == "" {
		return write(e.stdout)
	}
	if err := privateFile(c.Out, write); err != nil {
		return fmt.Errorf("%s 没写成:%w", c.Out, reason(err))
	}
	return nil
}

// query checks the dates.
func (c *exportCmd) query() (q store.ExportQuery, err error) {
	if c.From == "" || c.To == "" {
		return q, errors.New("请写明起止日期,比如 --from 2026-01-01 --to 2026-11-30")
	}
	if q.From, err = models.ParseDay(c.From); err != nil {
		return q, fmt.Errorf("--from %w", err)
	}
	if q.To, err = models.ParseDay(c.To); err != nil {
		return q, fmt.Errorf("--to %w", err)
	}
	if q.To < q.From {
		return q, fmt.Errorf("--to %s 早于 --from %s,前后颠倒了", c.To, c.From)
	}
	q.All = c.All
	return q, nil
}

// known is the day by whose end a row must have been known; "" for now.
func (c *exportCmd) known() (models.Day, error) {
	if c.AsOf == "" {
		return "", nil
	}
	d, err := models.ParseDay(c.AsOf)
	if err != nil {
		return "", fmt.Errorf("--as-of %w", err)
	}
	return d, nil
}

// endOf is the last moment of a day in the zone where people read dates.
func endOf(d models.Day, zone *time.Location) models.Instant {
	next := d.Add(1).Time()
	return models.InstantOf(time.Date(next.Year(), next.Month(), next.Day(), 0, 0, 0, 0, zone)) - 1
}

// exportLine is an activity as jsonl and csv write it; null is what does not apply.
type exportLine struct {
	Person     string       `json:"person"`
	Kind       models.Kind  `json:"kind"`
	Channel    *string      `json:"channel"`
	Help       *string      `json:"help"`
	Date       models.Day   `json:"date"`
	AmountYuan *json.Number `json:"amount_yuan"`
	Cadre      string       `json:"cadre"`
	Note       string       `json:"note"`
	Photos     int          `json:"photos"`
	Source     string       `json:"source"`
	Status     string       `json:"status"`
	PersonID   string       `json:"person_id"`
	CadreID    string       `json:"cadre_id"`
	Unit       string       `json:"unit"`
	Fund       *string      `json:"fund,omitempty"`
	Checklist  *string      `json:"checklist,omitempty"`
}

var exportHeadings = []string{
	"person", "kind", "channel", "help", "date", "amount_yuan", "cadre", "note", "photos", "source", "status", "person_id", "cadre_id", "unit", "fund", "checklist",
}

func exportLineOf(r store.ExportRow) exportLine {
	l := exportLine{
		Person: r.Person, Kind: r.Kind, Channel: orNull(r.Channel), Help: orNull(r.Help), Date: r.Day, Cadre: r.Cadre, Note: r.Note.Reveal(),
		Photos: r.Photos, Source: string(r.Source), Status: string(r.Status), PersonID: r.RecipientID, CadreID: r.CadreID, Unit: r.Unit, Fund: orNull(r.Fund), Checklist: orNull(r.Found),
	}
	if r.AmountFen != nil {
		yuan := json.Number(models.Fen(*r.AmountFen).Number())
		l.AmountYuan = &yuan
	}
	return l
}

func orNull[T ~string](v T) *string {
	if v == "" {
		return nil
	}
	s := string(v)
	return &s
}

func (l exportLine) cells() []string {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	return []string{
		plainCell(l.Person), string(l.Kind), text(l.Channel), text(l.Help), string(l.Date), text((*string)(l.AmountYuan)), plainCell(l.Cadre),
		plainCell(l.Note), strconv.Itoa(l.Photos), l.Source, l.Status, l.PersonID, l.CadreID, plainCell(l.Unit), text(l.Fund), plainCell(text(l.Checklist)),
	}
}

// exportActivities writes the rows as they come from the database.
func exportActivities(rows iter.Seq2[store.ExportRow, error], format string, w io.Writer) error {
	if format == "xlsx" {
		return exportWorkbook(rows, w)
	}
	buf := bufio.NewWriter(w)
	put, end := jsonLines(buf), buf.Flush
	if format == "csv" {
		out := csv.NewWriter(buf)
		if err := out.Write(exportHeadings); err != nil {
			return err
		}
		put = func(l exportLine) error { return out.Write(l.cells()) }
		end = func() error { out.Flush(); return errors.Join(out.Error(), buf.Flush()) }
	}
	for r, err := range rows {
		if err == nil {
			err = put(exportLineOf(r))
		}
		if err != nil {
			return errors.Join(err, end())
		}
	}
	return end()
}

func jsonLines(w io.Writer) func(exportLine) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return func(l exportLine) error { return enc.Encode(l) }
}

func exportWorkbook(rows iter.Seq2[store.ExportRow, error], w io.Writer) error {
	var failed error
	err := xlsx.WriteActivities(w, func(yield func(xlsx.ActivityRow) bool) {
		for r, err := range rows {
			if err != nil {
				failed = err
				return
			}
			row := xlsx.ActivityRow{
				Person: r.Person, PersonID: r.RecipientID, Cadre: r.Cadre, CadreID: r.CadreID, Unit: r.Unit, Kind: r.Kind, Channel: r.Channel,
				Help: r.Help, Day: r.Day, AmountFen: r.AmountFen, Photos: r.Photos, Source: r.Source, Status: r.Status, Note: r.Note.Reveal(), Fund: r.Fund, Found: r.Found,
			}
			if !yield(row) {
				return
			}
		}
	})
	return errors.Join(failed, err)
}
