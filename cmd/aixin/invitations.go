package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

type invitationsCmd struct {
	Role      string `required:"" enum:"cadre,guardian,recipient,admin" help:"给谁发:cadre 干部,guardian 监护人,recipient 成年对象本人,admin 管理员。" placeholder:"ROLE"`
	Out       string `help:"写到哪个文件(只有本人可读):.csv 一张表,.xlsx 一个单位一张表,.html 带二维码、可打印剪开;不写就打印出来。" placeholder:"FILE"`
	All       bool   `help:"已绑定的人也发(换了手机时用)。"`
	Permanent bool   `help:"打印的二维码长期可用(一个公众号最多十万个);不写则 30 天。"`
	Unit      string `help:"只要这个单位的:干部按所在单位,监护人和对象按结对干部的单位。" placeholder:"单位全称"`
}

// Help is shown by aixin invitations --help.
func (invitationsCmd) Help() string {
	return `每行是:角色,姓名,单位,手机尾号,关爱对象,绑定码。本人在公众号里发“绑定 <码>”就绑上了。

例:aixin invitations --role cadre --unit 峡门乡人民政府 --out 干部绑定码.csv
例:aixin invitations --role guardian --unit 峡门乡人民政府 --out 监护人绑定码.html   打印出来剪开,扫一扫就绑

码 180 天有效,用一次就失效;再运行会另发新码,旧码在用掉一个之前也还能用。库里不存码的原文,这份文件请妥善保管,发完删掉。`
}

// Run makes the codes and the list.
func (c *invitationsCmd) Run(e *env) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	st := db.System("invitations")
	role := models.Role(c.Role)
	people, err := invitees(e.ctx, st, role, models.DayOf(e.clock.Now(), e.cfg.Zone()), c.Unit, c.All)
	if err != nil {
		return err
	}
	if len(people) == 0 {
		fmt.Fprintln(e.stderr, "没有要发码的人:都已绑定,或名册里还没有。")
	}
	if err := st.Note(e.ctx, "invitations", c.Role, fmt.Sprintf("%d codes", len(people))); err != nil {
		return err
	}
	list, err := c.form(e)
	if err != nil {
		return err
	}
	rows, err := desk.MakeCodes(e.ctx, st, role, people)
	if err != nil {
		return err
	}
	if c.Out == "" {
		return list(e.stdout, rows)
	}
	if err := privateFile(c.Out, func(w io.Writer) error { return list(w, rows) }); err != nil {
		return fmt.Errorf("%s 没写成:%w", c.Out, reason(err))
	}
	fmt.Fprintf(e.stderr, "绑定码 %d 个,写在 %s\n", len(people), c.Out)
	return nil
}

// form chooses how the list is written, by the file's name.
func (c *invitationsCmd) form(e *env) (func(io.Writer, []xlsx.InvitationRow) error, error) {
	switch strings.ToLower(filepath.Ext(c.Out)) {
	case ".xlsx":
		return xlsx.WriteInvitations, nil
	case ".html":
		client, err := e.platform()
		if err != nil {
			return nil, err
		}
		return func(w io.Writer, rows []xlsx.InvitationRow) error {
			return writeSlips(e.ctx, w, client, rows, e.clock.Now().In(e.cfg.Zone()), c.Permanent, func(done int) {
				if done%500 == 0 {
					fmt.Fprintf(e.stderr, "已做 %d 张\n", done)
				}
			})
		}, nil
	}
	return writeInvitations, nil
}

var errNoAccounts = errors.New("还没有管理员账号,没有码可发:先用 aixin admin create 建账号")

// invitees lists the people of a role who are to get a code, unit by unit.
func invitees(ctx context.Context, st *store.Store, role models.Role, today models.Day, unit string, all bool) (people []store.Invitee, err error) {
	switch role {
	case models.RoleCadre:
		people, err = st.CadreInvitees(ctx)
	case models.RoleGuardian:
		people, err = st.ContactInvitees(ctx)
	case models.RoleRecipient:
		people, err = st.RecipientInvitees(ctx, today)
	case models.RoleAdmin:
		people, err = st.AdminInvitees(ctx)
	}
	if err != nil {
		return nil, err
	}
	if role == models.RoleAdmin && len(people) == 0 {
		return nil, errNoAccounts
	}
	if role == models.RoleGuardian || role == models.RoleRecipient {
		units, err := st.CaringUnits(ctx, role)
		if err != nil {
			return nil, err
		}
		for i := range people {
			people[i].Unit = units[people[i].SubjectID]
		}
	}
	if unit != "" && !slices.ContainsFunc(people, func(p store.Invitee) bool { return p.Unit == unit }) {
		return nil, fmt.Errorf("没有“%s”的人:单位要写全称,和名册里一样", unit)
	}
	bound, err := st.BoundSubjects(ctx, role)
	people = slices.DeleteFunc(people, func(p store.Invitee) bool {
		return unit != "" && p.Unit != unit || !all && bound[p.SubjectID]
	})
	slices.SortStableFunc(people, func(a, b store.Invitee) int { return strings.Compare(a.Unit, b.Unit) })
	return people, err
}

// writeInvitations writes the list as lines.
func writeInvitations(w io.Writer, rows []xlsx.InvitationRow) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"角色", "姓名", "单位", "手机尾号", "关爱对象", "绑定码"}); err != nil {
		return err
	}
	for _, r := range rows {
		if err := out.Write([]string{r.Role, plainCell(r.Name), plainCell(r.Unit), r.PhoneEnd, plainCell(r.Recipient), r.Code}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// plainCell keeps a text from becoming a formula in a spreadsheet.
func plainCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}
