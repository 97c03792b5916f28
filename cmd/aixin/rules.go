package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"aixin/models"
)

type rulesGroup struct {
	List rulesListCmd `cmd:"" help:"列出现在的任务规则和改过的。"`
	Set  rulesSetCmd  `cmd:"" help:"改一条任务规则,从某天起算。"`
}

type rulesListCmd struct{}

// Run lists the rules in force, and the changes in the order they were made.
func (rulesListCmd) Run(e *env) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	rules, err := db.System("rules command").Rules(e.ctx)
	if err != nil {
		return err
	}
	lists, err := db.System("rules command").Lists(e.ctx)
	if err != nil {
		return err
	}
	today := models.DayOf(e.clock.Now(), e.cfg.Zone())
	fmt.Fprintln(e.stdout, "现在:")
	for _, r := range rules.On(today) {
		fmt.Fprintf(e.stdout, "  %-10s %s\n", r.Key, r.Words(lists, today))
	}
	for _, r := range rules {
		if r.RecordedAt == 0 {
			continue // as shipped
		}
		how := "下一个周期起"
		if r.AtOnce {
			how = "当期就算"
		}
		fmt.Fprintf(e.stdout, "改过:%s 定,%s起,%s:%s %s(%s)\n", models.DayOf(r.RecordedAt.Time(), e.cfg.Zone()), string(r.FromDay), how, r.Key, r.Words(lists, today), r.Author)
	}
	return nil
}

type rulesSetCmd struct {
	Key        string   `arg:"" help:"哪一条:contact visit help weekly,或新的编号。"`
	From       string   `help:"从哪天起,如 2027-01-01。" required:"" placeholder:"DAY"`
	AtOnce     bool     `help:"那天所在的周期就算;不写从下一个周期起,不追已经过了的。"`
	Name       string   `help:"名称,新规则要写。" placeholder:"WORD"`
	Kind       string   `help:"类别。" enum:",contact,visit,help" default:"" placeholder:"contact|visit|help"`
	Number     *int     `help:"一个周期几次;0 是不再要求。" placeholder:"N"`
	Cycle      string   `help:"周期。" enum:",year,half,month,week" default:"" placeholder:"year|half|month|week"`
	Line       *string  `help:"条线:结对、亲情关怀……" placeholder:"LINE"`
	Categories *string  `help:"只管这些类别,用顿号隔开;空为都管。" placeholder:"LIST"`
	CareMode   *string  `help:"只管这种供养方式:分散、集中……;空为都管。" placeholder:"WORD"`
	Share      string   `help:"换人、半路结对怎么折算:不折算、换人按天、都按天。" enum:",whole,handover,days" default:"" placeholder:"whole|handover|days"`
	Grace      *int     `help:"新结对几天内不催,剩下不到这么多天不算差。" placeholder:"DAYS"`
	Spacing    *int     `help:"两次至少隔几天。" placeholder:"DAYS"`
	Channels   []string `help:"哪些联系算:phone,sms,wechat,video。" placeholder:"LIST"`
	Stages     []string `help:"政策到哪步算实事:publicized,applied,implemented。" placeholder:"LIST"`
	Unit       string   `help:"实事按人、按户、按干部。" enum:",person,household,cadre" default:"" placeholder:"person|household|cadre"`
	DryRun     bool     `help:"只说会怎样,不写。"`
}

// Help is shown by aixin rules set --help.
func (rulesSetCmd) Help() string {
	return `规则按日子排着,改一条是添一版,旧的还在:过去的月份照旧的算。

  aixin rules set visit --number 3 --from 2027-01-01
  aixin rules set help --stages publicized,applied,implemented --from 2026-01-01 --at-once`
}

// Run adds a version of a rule: the one that is in force, with what was said.
func (c *rulesSetCmd) Run(e *env) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	st := db.System("rules command")
	rules, err := st.Rules(e.ctx)
	if err != nil {
		return err
	}
	from, err := models.ParseDay(c.From)
	if err != nil {
		return err
	}
	lists, err := st.Lists(e.ctx)
	if err != nil {
		return err
	}
	r, err := c.change(rules.Latest(c.Key), lists, from)
	if err != nil {
		return err
	}
	r.FromDay, r.AtOnce = from, c.AtOnce
	if err := r.Check(lists); err != nil {
		return err
	}
	if c.DryRun {
		fmt.Fprintf(e.stdout, "会改成:%s %s,%s起算(没有写)\n", r.Key, r.Words(lists, from), string(rules.Begins(r)))
		return nil
	}
	if err := st.AddRule(e.ctx, &r); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "改好了:%s %s,%s起算\n", r.Key, r.Words(lists, from), string(rules.Begins(r)))
	return nil
}

// change puts what was said into a rule.
func (c *rulesSetCmd) change(r models.Rule, lists models.Lists, on models.Day) (models.Rule, error) {
	r.Key = c.Key
	for _, set := range []struct {
		said string
		into *string
	}{
		{c.Name, &r.Name},
		{c.Kind, (*string)(&r.Kind)},
		{c.Cycle, (*string)(&r.Cycle)},
		{c.Share, (*string)(&r.Share)},
		{c.Unit, (*string)(&r.Unit)},
		{strings.Join(c.Channels, ","), &r.Channels},
		{strings.Join(c.Stages, ","), &r.Stages},
	} {
		if set.said != "" {
			*set.into = set.said
		}
	}
	for _, set := range []struct{ said, into *int }{{c.Number, &r.Number}, {c.Grace, &r.Grace}, {c.Spacing, &r.Spacing}} {
		if set.said != nil {
			*set.into = *set.said
		}
	}
	if c.Line != nil {
		line, ok := lists.Code(models.ListLine, *c.Line, on)
		if !ok {
			return r, errors.New("条线从这些里选:" + lists.Names(models.ListLine, on))
		}
		r.Line = models.Line(line)
	}
	if c.CareMode != nil {
		code, ok := lists.Code(models.ListCareMode, *c.CareMode, on)
		if !ok && *c.CareMode != "" && !lists.Has(models.ListCareMode, *c.CareMode, on) {
			return r, errors.New("供养方式从这些里选:" + lists.Names(models.ListCareMode, on))
		}
		r.CareMode = models.CareMode(cmp.Or(code, *c.CareMode))
	}
	if c.Categories != nil {
		var list []string
		for name := range strings.SplitSeq(*c.Categories, "、") {
			category, ok := lists.Code(models.ListCategory, name, on)
			if !ok && name != "" {
				return r, fmt.Errorf("没有这个类别:%s", name)
			}
			list = append(list, category)
		}
		r.Categories = strings.Join(list, ",")
	}
	return r, nil
}
