package main

import "fmt"

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"逐行核对审计链,说出第一处对不上的。"`
}

type auditVerifyCmd struct {
	Head string `help:"上次核对时抄下的链头,如 \"120 abc…\":那一行必须还在。" placeholder:"HEAD"`
}

// Run goes through the audit chain; exit 1 where it does not hold.
func (c *auditVerifyCmd) Run(e *env) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	st := db.System("audit verify")
	for n := 1; n > 0 && err == nil; {
		n, err = st.SealAudit(e.ctx, 500)
	}
	if err != nil {
		return err
	}
	found, err := st.VerifyAudit(e.ctx, c.Head)
	if err != nil {
		return err
	}
	if found.Broken > 0 {
		fmt.Fprintf(e.stdout, "第 %d 行对不上:%s。它前面的 %d 行没有问题。\n", found.Broken, found.Fault, found.Rows)
		return exitCode(1)
	}
	fmt.Fprintf(e.stdout, "%d 行,一环扣一环,没有问题。\n链头 %s(抄下来放在别处,下次用 --head 对)\n", found.Rows, found.Head)
	return nil
}
