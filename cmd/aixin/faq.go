package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"aixin/handlers/answer"
	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
)

type faqCmd struct {
	Check  faqCheckCmd  `cmd:"" help:"检查一份政策库:错处、该复核的、没会签的、太长的。有错退出码是 1。"`
	Import faqImportCmd `cmd:"" help:"把一份政策库收作新版本,一两分钟内生效。"`
	Export faqExportCmd `cmd:"" help:"写出在用的(或某一版)政策库。"`
	Gaps   faqGapsCmd   `cmd:"" help:"答不上来的问题,分好组,多的在前;没有姓名。"`
}

type faqCheckCmd struct {
	File string `arg:"" optional:"" help:"政策库(YAML);不写就查程序自带的。" type:"existingfile"`
}

// Run lints a base. It needs no settings and no database.
func (c *faqCheckCmd) Run(e *env) error {
	base := answer.Default()
	if c.File != "" {
		var err error
		if _, base, err = readBase(c.File); err != nil {
			return err
		}
	}
	zone := time.FixedZone("", 8*3600)
	faults := tellFindings(e.stdout, base, models.DayOf(e.clock.Now(), zone))
	if faults > 0 {
		return exitCode(1)
	}
	return nil
}

// tellFindings writes what there is to look at and counts the faults.
func tellFindings(w io.Writer, base *answer.Base, today models.Day) (faults int) {
	found := base.Check(today)
	for _, f := range found {
		kind := "看看"
		if f.Fault {
			kind = "错"
			faults++
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", kind, f.Entry, f.Words)
	}
	fmt.Fprintf(w, "%d 条,错 %d 处,可看的 %d 处\n", len(base.Entries()), faults, len(found)-faults)
	return faults
}

func readBase(file string) ([]byte, *answer.Base, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	base, err := answer.Load(raw)
	if err != nil {
		return nil, nil, fmt.Errorf("政策库 %s 有错:%w", file, err)
	}
	return raw, base, nil
}

type faqImportCmd struct {
	File string `arg:"" help:"政策库(YAML)。" type:"existingfile"`
	Note string `help:"这一版改了什么,谁同意的。" placeholder:"WORDS"`
}

// Run takes a base in as the newest version, unless it has faults.
func (c *faqImportCmd) Run(e *env) error {
	raw, base, err := readBase(c.File)
	if err != nil {
		return err
	}
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	if faults := tellFindings(e.stderr, base, models.DayOf(e.clock.Now(), e.cfg.Zone())); faults > 0 {
		return errors.New("有错,没有收;改好再来")
	}
	st := db.System("faq import")
	p, fresh, err := st.AddPolicy(e.ctx, raw, c.Note)
	if err != nil {
		return err
	}
	if !fresh {
		fmt.Fprintf(e.stdout, "和第 %d 版一样,没有另收。\n", p.Version)
		return nil
	}
	fmt.Fprintf(e.stdout, "收作第 %d 版(%s),一两分钟内生效。\n", p.Version, p.Hash[:12])
	return st.Note(e.ctx, "policy", fmt.Sprintf("policy:%d", p.Version), p.Hash)
}

type faqExportCmd struct {
	Version int    `help:"第几版;不写就是在用的。" placeholder:"N"`
	Out     string `help:"写到哪个文件;不写就打印出来。" placeholder:"FILE.yaml"`
}

// Run writes a version as it was taken in; where none was, the shipped one.
func (c *faqExportCmd) Run(e *env) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	p, err := db.System("faq export").Policy(e.ctx, c.Version)
	switch {
	case errors.Is(err, store.ErrNotFound) && c.Version == 0:
		p.Body = string(answer.Shipped())
	case errors.Is(err, store.ErrNotFound):
		return fmt.Errorf("没有第 %d 版", c.Version)
	case err != nil:
		return err
	}
	if c.Out == "" {
		_, err = io.WriteString(e.stdout, p.Body)
		return err
	}
	return os.WriteFile(c.Out, []byte(p.Body), 0o644)
}

type faqGapsCmd struct {
	Days int `default:"90" help:"看最近几天的。" placeholder:"N"`
	Top  int `default:"30" help:"最多几组。" placeholder:"N"`
}

// Run shows what was not answered, grouped, with the entries nearest to it.
func (c *faqGapsCmd) Run(e *env) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	st := db.System("faq gaps")
	base, err := desk.PolicyInForce(e.ctx, st)
	if err != nil {
		return err
	}
	gaps, questions, err := desk.PolicyGaps(e.ctx, st, base.Base, c.Days)
	if err != nil {
		return err
	}
	for _, g := range gaps[:min(c.Top, len(gaps))] {
		fmt.Fprintf(e.stdout, "%d\t%s\t近的条目:%s\n", len(g.Questions), strings.Join(desk.Sample(g.Questions), " / "), strings.Join(g.Nearest, " "))
	}
	fmt.Fprintf(e.stderr, "最近 %d 天答不上来的 %d 句,分成 %d 组\n", c.Days, questions, len(gaps))
	return nil
}
