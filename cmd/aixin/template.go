package main

import (
	"fmt"
	"os"

	"aixin/web/xlsx"
)

type templateCmd struct {
	Out string `help:"写到哪个文件。" default:"名册模板.xlsx" placeholder:"FILE"`
}

// Run writes the empty register workbook; a file that is there is left alone.
func (c *templateCmd) Run(e *env) error {
	f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("没有写:%s 已经有了,或这里不能写", c.Out)
	}
	err = xlsx.WriteTemplate(f)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		fmt.Fprintf(e.stdout, "空的名册工作簿写好了:%s\n填好后:aixin import %s --dry-run\n", c.Out, c.Out)
	}
	return err
}
