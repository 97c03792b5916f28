package main

import (
	"errors"
	"fmt"
	"io"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

type provinceCmd struct {
	Region string `default:"6208" help:"哪里:区划代码或名称。" placeholder:"CODE"`
	Until  string `help:"到哪天为止发生的(含);不写是今天。" placeholder:"D"`
	Masked bool   `help:"只写姓,不写内容。"`
	Tick   bool   `help:"写进表的都勾上“已录”;勾后又改又撤的,下次再出来。"`
	Out    string `required:"" help:"写到哪个文件(只有本人可读)。" placeholder:"FILE.xlsx"`
}

// Help is shown by aixin report province --help.
func (provinceCmd) Help() string {
	return `三张表:要新录、要改、要删,都是上次勾过“已录”以后的。带对象编号,不带证件号。
逐行勾在管理台“录省系统”里;这里 --tick 是整批勾。以前已经录过的,第一次用 --until 写明到哪天,整批勾掉。

例:aixin report province --region 崆峒区 --out 录省系统.xlsx`
}

// filingMost is the most new rows of one workbook; the rest comes next time.
const filingMost = 100_000

// Run writes the three sheets.
func (c *provinceCmd) Run(e *env) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	until := models.DayOf(e.clock.Now(), e.cfg.Zone())
	if c.Until != "" {
		if until, err = models.ParseDay(c.Until); err != nil {
			return fmt.Errorf("--until %w", err)
		}
	}
	st := db.System("report province")
	region, err := st.FindRegion(e.ctx, c.Region)
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("没有这个地区:%q", c.Region)
	}
	if err != nil {
		return err
	}
	rows, err := st.Filing(e.ctx, region.Code, until, filingMost, !c.Masked)
	if err != nil {
		return err
	}
	detail := fmt.Sprintf("region=%s until=%s rows=%d masked=%t tick=%t", region.Code, string(until), len(rows), c.Masked, c.Tick)
	if err := st.Note(e.ctx, "report.province", "filing", detail); err != nil {
		return err
	}
	if err := privateFile(c.Out, func(w io.Writer) error { return xlsx.WriteFiling(w, filingSheets(rows, c.Masked), "") }); err != nil {
		return fmt.Errorf("%s 没写成:%w", c.Out, reason(err))
	}
	n := map[store.FilingAction]int{}
	ids := make([]string, len(rows))
	for i, r := range rows {
		n[r.Action]++
		ids[i] = r.ID
	}
	fmt.Fprintf(e.stdout, "%s到%s:要新录 %d 条、要改 %d 条、要删 %d 条。\n", region.Name, until, n[store.FilingNew], n[store.FilingChanged], n[store.FilingDeleted])
	if !c.Tick {
		return nil
	}
	ticked, err := st.Tick(e.ctx, region.Code, until, ids)
	if err == nil {
		fmt.Fprintf(e.stdout, "勾了 %d 条。\n", ticked)
	}
	return err
}

func filingSheets(rows []store.FilingRow, masked bool) []xlsx.FilingSheet {
	mask := func(n string) string { return n }
	if masked {
		mask = models.MaskName
	}
	var sheets []xlsx.FilingSheet
	for _, action := range []store.FilingAction{store.FilingNew, store.FilingChanged, store.FilingDeleted} {
		s := xlsx.FilingSheet{Name: action.Label()}
		for _, r := range rows {
			if r.Action != action {
				continue
			}
			s.Lines = append(s.Lines, xlsx.FilingLine{
				ActivityRow: xlsx.ActivityRow{
					Person: mask(r.Recipient.Name.Reveal()), PersonID: r.Recipient.Number, Cadre: mask(r.Cadre.Name.Reveal()), CadreID: r.CadreID, Unit: r.Unit,
					Kind: r.Kind, Channel: r.Channel, Help: r.Help, Day: r.Day, AmountFen: r.AmountFen, Note: r.Note.Reveal(),
				},
				Place: r.Township, Old: r.Old,
			})
		}
		sheets = append(sheets, s)
	}
	return sheets
}
