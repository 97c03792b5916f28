package main

import (
	"errors"
	"fmt"

	"aixin/models"
	"aixin/models/store"
)

type listsGroup struct {
	List listsListCmd `cmd:"" help:"列出类别、供养方式、条线、四必查现在有哪些,和改过的。"`
	Set  listsSetCmd  `cmd:"" help:"加一项、改名或停用,从某天起。"`
}

type listsListCmd struct{}

// Run lists what is offered now, and the changes in the order they were made.
func (listsListCmd) Run(e *env) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	lists, err := db.System("lists command").Lists(e.ctx)
	if err != nil {
		return err
	}
	today := models.DayOf(e.clock.Now(), e.cfg.Zone())
	for _, name := range models.ListNames {
		words := lists.Names(name, today)
		if words == "" {
			words = "还没有填"
		}
		fmt.Fprintf(e.stdout, "%s:%s\n", name.Label(), words)
	}
	for _, c := range lists {
		if c.RecordedAt != 0 {
			fmt.Fprintf(e.stdout, "改过:%s 定,%s起:%s(%s)\n", models.DayOf(c.RecordedAt.Time(), e.cfg.Zone()), string(c.FromDay), c, c.Author)
		}
	}
	return nil
}

type listsSetCmd struct {
	List   string `arg:"" help:"哪张清单:类别、供养方式、条线、四必查。"`
	Word   string `arg:"" help:"哪一项;清单里没有的就是新加。"`
	From   string `help:"从哪天起,如 2027-01-01;不写从今天起。" placeholder:"DAY"`
	Rename string `help:"改成这个名字。" placeholder:"WORD"`
	Also   string `help:"名册里还会写成什么,用顿号隔开。" placeholder:"LIST"`
	Gone   bool   `help:"从那天起停用;已经登记的人不变。"`
	DryRun bool   `help:"只说会怎样,不写。"`
}

// Help is shown by aixin lists set --help.
func (listsSetCmd) Help() string {
	return `改一项是添一版,旧的还在:过去的报表照旧的名字。
例:aixin lists set 类别 安置帮教人员 --also 帮教对象 --from 2027-01-01
   aixin lists set 四必查 吃穿
   aixin lists set 条线 心理抚慰 --rename 心理关爱`
}

// Run adds a version of an entry.
func (c *listsSetCmd) Run(e *env) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	today := models.DayOf(e.clock.Now(), e.cfg.Zone())
	next := models.Choice{Name: c.Word, Others: c.Also, FromDay: today, Gone: c.Gone}
	for _, name := range models.ListNames {
		if name.Label() == c.List {
			next.List = name
		}
	}
	if c.From != "" {
		if next.FromDay, err = models.ParseDay(c.From); err != nil {
			return err
		}
	}
	return db.System("lists command").InTx(e.ctx, func(tx *store.Store) error {
		lists, err := tx.Lists(e.ctx)
		if err != nil {
			return err
		}
		code, known := lists.Code(next.List, c.Word, next.FromDay)
		if !known && (c.Gone || c.Rename != "") {
			return errors.New(c.List + "里没有“" + c.Word + "”")
		}
		change := next
		if known {
			before := lists.Entry(next.List, code, next.FromDay)
			change.Code, change.Name = code, before.Name
			if c.Also == "" {
				change.Others = before.Others
			}
		}
		if c.Rename != "" {
			change.Name = c.Rename
		}
		if change, err = lists.Change(change, today); err != nil {
			return err
		}
		if c.DryRun {
			fmt.Fprintf(e.stdout, "会改成:%s,%s起(没有写)\n", change, string(change.FromDay))
			return nil
		}
		if err := tx.AddChoice(e.ctx, &change); err != nil {
			return err
		}
		fmt.Fprintf(e.stdout, "改好了:%s,%s起\n", change, string(change.FromDay))
		return nil
	})
}
