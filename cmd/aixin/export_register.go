package main

import (
	"errors"
	"fmt"
	"io"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/web/xlsx"
)

type exportRegisterCmd struct {
	Out string `required:"" help:"写到哪个文件(.xlsx,只有本人可读)。" placeholder:"FILE.xlsx"`
}

// Help is shown by aixin export register --help.
func (exportRegisterCmd) Help() string {
	return `把在册的名册写成工作簿:干部、关爱对象、结对关系、联系人、近况、代管六张表,列和模板一样;改了再 aixin import 回来,没改的行是“未变”。
含全名、证件号、电话,每次导出都记审计;用完删掉。

例:aixin export register --out 名册.xlsx`
}

// Run writes the register as a workbook.
func (c *exportRegisterCmd) Run(e *env) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	st, today := db.System("export"), models.DayOf(e.clock.Now(), e.cfg.Zone())
	lists, err := st.Lists(e.ctx)
	if err != nil {
		return err
	}
	reg, err := desk.RegisterRows(e.ctx, st, today)
	if err != nil {
		return err
	}
	if len(reg.Cadres)+len(reg.Recipients) == 0 {
		return errors.New("名册是空的,没有写")
	}
	if err := st.Note(e.ctx, "export", "register", fmt.Sprintf("cadres %d recipients %d pairings %d", len(reg.Cadres), len(reg.Recipients), len(reg.Pairings))); err != nil {
		return err
	}
	if err := privateFile(c.Out, func(w io.Writer) error { return xlsx.WriteRegister(w, reg, lists, today) }); err != nil {
		return fmt.Errorf("%s 没写成:%w", c.Out, reason(err))
	}
	fmt.Fprintf(e.stderr, "干部 %d、关爱对象 %d、结对 %d,写在 %s\n", len(reg.Cadres), len(reg.Recipients), len(reg.Pairings), c.Out)
	return nil
}
