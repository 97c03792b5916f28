package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"aixin/models"
	"aixin/models/store"
)

type exportPairingsCmd struct {
	AsOf   string `help:"按哪天结束时系统里知道的来导,写成 2026-10-31:之后才加的不出,之后才结束的还没结束;不写就是现在。" placeholder:"D"`
	Format string `default:"jsonl" enum:"jsonl,csv" help:"jsonl 或 csv。"`
	Ended  bool   `help:"已经结束的也要。"`
	Out    string `help:"写到哪个文件(只有本人可读);不写就打印出来。" placeholder:"FILE"`
}

// Help is shown by aixin export pairings --help.
func (exportPairingsCmd) Help() string {
	return `把结对台账逐对写出来:谁和谁、哪条线、从哪天起、到哪天止、为什么。含全名,每次导出都记审计。

例:aixin export pairings --as-of 2026-10-31 --format csv --out 十月底结对.csv

字段:person, person_id, number, line, cadre, cadre_id, unit, from, to, reason。同一天的台账,哪天导都一样。`
}

// pairingLine is a pairing as jsonl and csv write it; to is null while it lasts.
type pairingLine struct {
	Person   string      `json:"person"`
	PersonID string      `json:"person_id"`
	Number   string      `json:"number"`
	Line     models.Line `json:"line"`
	Cadre    string      `json:"cadre"`
	CadreID  string      `json:"cadre_id"`
	Unit     string      `json:"unit"`
	From     models.Day  `json:"from"`
	To       *models.Day `json:"to"`
	Reason   string      `json:"reason"`
}

var pairingHeadings = []string{"person", "person_id", "number", "line", "cadre", "cadre_id", "unit", "from", "to", "reason"}

// Run writes the ledger of a moment.
func (c *exportPairingsCmd) Run(e *env) error {
	day, err := (&exportCmd{AsOf: c.AsOf}).known()
	if err != nil {
		return err
	}
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	st := db.System("export")
	at := st.Now()
	if day == "" {
		day = models.DayOf(at.Time(), e.cfg.Zone())
	} else {
		at = endOf(day, e.cfg.Zone())
	}
	if err := st.Note(e.ctx, "export", "pairings", fmt.Sprintf("as of %s format %s ended %t", string(day), c.Format, c.Ended)); err != nil {
		return err
	}
	write := func(w io.Writer) error { return exportPairings(st.LedgerAsOf(e.ctx, at), day, c.Ended, c.Format, w) }
	if c.Out == "" {
		return write(e.stdout)
	}
	if err := privateFile(c.Out, write); err != nil {
		return fmt.Errorf("%s 没写成:%w", c.Out, reason(err))
	}
	return nil
}

func exportPairings(rows iter.Seq2[store.LedgerLine, error], day models.Day, ended bool, format string, w io.Writer) error {
	table := csv.NewWriter(w)
	if format == "csv" {
		if err := table.Write(pairingHeadings); err != nil {
			return err
		}
	}
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	for l, err := range rows {
		if err != nil {
			return err
		}
		if !ended && !l.Holds(day) {
			continue
		}
		p := pairingLine{
			Person: l.Recipient.Name.Reveal(), PersonID: l.RecipientID, Number: l.Recipient.Number, Line: l.Line, Cadre: l.Cadre.Name.Reveal(), CadreID: l.CadreID,
			Unit: l.Unit, From: l.FromDay, Reason: l.Reason,
		}
		if l.ToDay != "" {
			p.To = &l.ToDay
		}
		if format == "jsonl" {
			err = lines.Encode(p)
		} else {
			err = table.Write([]string{
				plainCell(p.Person), p.PersonID, p.Number, string(p.Line), plainCell(p.Cadre), p.CadreID, plainCell(p.Unit), string(p.From), string(l.ToDay), p.Reason,
			})
		}
		if err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}
