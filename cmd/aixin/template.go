package main

import (
	"fmt"
	"os"

	"aixin/models"
	"aixin/web/xlsx"
)

type templateCmd struct {
	Out   string `help:"写到哪个文件。" default:"名册模板.xlsx" placeholder:"FILE"`
	Lists bool   `help:"类别、供养方式、条线照库里改过的清单(aixin lists);不写照方案原定的,不用连数据库。"`
}

// Run writes the empty register workbook; a file that is there is left alone.
func (c *templateCmd) Run(e *env) error {
	lists, on := models.ShippedLists(), models.Day("")
	if c.Lists {
		db, stop, err := e.store()
		if err != nil {
			return err
		}
		defer stop()
		on = models.DayOf(e.clock.Now(), e.cfg.Zone())
		if lists, err = db.System("template").Lists(e.ctx); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("没有写:%s 已经有了,或这里不能写", c.Out)
	}
	err = xlsx.WriteTemplate(f, lists, on)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		fmt.Fprintf(e.stdout, "空的名册工作簿写好了:%s\n填好后:aixin import %s --dry-run\n", c.Out, c.Out)
	}
	return err
}
