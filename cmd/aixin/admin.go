package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"aixin/models"
	"aixin/models/store"
	"aixin/web"
)

type adminCmd struct {
	Create   adminCreateCmd   `cmd:"" help:"新建管理账号,首个密码只打印这一次。"`
	List     adminListCmd     `cmd:"" help:"列出账号。"`
	Password adminPasswordCmd `cmd:"" help:"给账号发一个新的首个密码;登着的都会退出。"`
	Factor   adminFactorCmd   `cmd:"" help:"手机丢了:取消账号的两步验证,下次登录重新开。"`
	Disable  adminDisableCmd  `cmd:"" help:"停用账号,连同它绑定的微信。"`
}

type adminCreateCmd struct {
	Name       string `help:"姓名。" required:"" placeholder:"姓名"`
	Role       string `help:"岗位:city 市级、county 县级、township 乡镇、unit 单位联络员、department 部门经办、duty 值班员、checker 核查员、auditor 审计员、editor 政策编辑。" required:"" enum:"city,county,township,unit,department,duty,checker,auditor,editor" placeholder:"ROLE"`
	Region     string `help:"管哪里,写成 平凉市、崆峒区 或 崆峒区/峡门乡。单位联络员可以不写,按单位的。" placeholder:"PATH"`
	Unit       string `help:"单位联络员的单位,和名册里写的一样。" placeholder:"NAME"`
	Department string `help:"部门经办的部门,如 民政局。" placeholder:"NAME"`
	Login      string `help:"登录名:3 到 32 个小写字母、数字、点、横线。不写就起一个,如 kongtong1。" placeholder:"NAME"`
}

// Run makes the account and prints its first password once.
func (c *adminCreateCmd) Run(e *env) error {
	name, login := strings.TrimSpace(c.Name), strings.ToLower(strings.TrimSpace(c.Login))
	role := models.AccountRole(c.Role)
	switch {
	case name == "" || len([]rune(name)) > 40:
		return errors.New("--name 要写姓名,40 个字以内")
	case login != "" && !models.ValidLogin(login):
		return errors.New("--login 用 3 到 32 个小写字母、数字、点、横线,第一个是字母或数字")
	case role == models.AccountUnit && c.Unit == "":
		return errors.New("单位联络员要写 --unit,和名册里的单位名一样")
	case role != models.AccountUnit && c.Unit != "":
		return errors.New("--unit 只给单位联络员(--role unit)")
	case role == models.AccountDepartment && strings.TrimSpace(c.Department) == "":
		return errors.New("部门经办要写 --department,如 民政局")
	case role != models.AccountUnit && c.Region == "":
		return errors.New("要写 --region,如 平凉市、崆峒区 或 崆峒区/峡门乡")
	}
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	first := web.FirstPassword()
	hash, err := web.HashPassword(first)
	if err != nil {
		return err
	}
	a := models.Account{Name: models.Conceal(name), Login: login, Password: hash, Role: role, Department: strings.TrimSpace(c.Department)}
	var created []string
	st := db.System("admin create")
	// A generated login may be taken by another process meanwhile: the next one then.
	for range 5 {
		err = st.InTx(e.ctx, func(tx *store.Store) (err error) {
			if created, err = c.place(e, tx, &a); err != nil {
				return err
			}
			if login == "" {
				if a.Login, err = tx.FreeLogin(e.ctx, a.Region); err != nil {
					return err
				}
			}
			if err := tx.AddAccount(e.ctx, &a); err != nil {
				return err
			}
			return tx.Note(e.ctx, "account.create", "account:"+a.ID, fmt.Sprintf("role=%s region=%s", a.Role, a.Region))
		})
		if login != "" || !store.IsDuplicate(err) {
			break
		}
	}
	if store.IsDuplicate(err) {
		return fmt.Errorf("登录名 %s 已经有人用了,换一个", a.Login)
	}
	if err != nil {
		return err
	}
	for _, path := range created {
		fmt.Fprintf(e.stderr, "注意:名册里原来没有 %s,已新建。写错了就停用这个账号重来。\n", path)
	}
	fmt.Fprintf(e.stdout, "账号建好了。首个密码只显示这一次,请当面交给本人;第一次登录就要换掉。\n登录名 %s\n首个密码 %s\n岗位 %s\n", a.Login, first, a.Role.Label())
	return nil
}

// place finds the account's region and unit; lower regions that are missing are
// made, and named.
func (c *adminCreateCmd) place(e *env, tx *store.Store, a *models.Account) (created []string, err error) {
	if a.Role == models.AccountUnit {
		units, err := tx.Units(e.ctx)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(units, func(u models.Unit) bool { return u.Name == strings.TrimSpace(c.Unit) })
		if i < 0 {
			return nil, fmt.Errorf("名册里没有单位“%s”,请照名册里的全名写", c.Unit)
		}
		a.UnitID, a.Region = units[i].ID, units[i].Region
	}
	if c.Region != "" {
		a.Region, created, err = tx.EnsureRegion(e.ctx, strings.Trim(strings.TrimSpace(c.Region), "/"))
		if errors.Is(err, store.ErrNotFound) {
			return nil, fmt.Errorf("没有“%s”:从县区写起,如 崆峒区/峡门乡;全市写 平凉市", c.Region)
		}
		if err != nil {
			return nil, err
		}
	}
	if hint := a.Role.RegionHint(a.Region); hint != "" {
		return nil, errors.New(hint)
	}
	return created, nil
}

type adminListCmd struct{}

// Run lists the accounts.
func (c *adminListCmd) Run(e *env) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	st := db.System("admin list")
	rows, err := st.Accounts(e.ctx)
	if err != nil {
		return err
	}
	places, err := st.Regions(e.ctx)
	if err != nil {
		return err
	}
	paths := map[string]string{}
	for _, p := range places {
		paths[p.Code] = p.Path
	}
	bound, err := st.BoundSubjects(e.ctx, models.RoleAdmin)
	if err != nil {
		return err
	}
	if err := st.Note(e.ctx, "account.list", "accounts", fmt.Sprintf("rows=%d", len(rows))); err != nil {
		return err
	}
	out := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(out, "登录名\t姓名\t岗位\t管哪里\t状态\t微信\t上次登录")
	for _, a := range rows {
		state, phone, last := "在用", "没绑", "—"
		switch {
		case a.DisabledAt != 0:
			state = "停用"
		case a.PasswordAt == 0:
			state = "首个密码没换"
		}
		if bound[a.ID] {
			phone = "绑了"
		}
		if a.SeenAt != 0 {
			last = models.DayOf(a.SeenAt.Time(), e.cfg.Zone()).String()
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", a.Login, a.Name.Reveal(), a.Role.Label(), paths[a.Region], state, phone, last)
	}
	return out.Flush()
}

type adminPasswordCmd struct {
	Login string `arg:"" help:"登录名。" placeholder:"NAME"`
}

// Run gives an account a new first password.
func (c *adminPasswordCmd) Run(e *env) error {
	first := web.FirstPassword()
	hash, err := web.HashPassword(first)
	if err != nil {
		return err
	}
	err = withAccount(e, c.Login, "account.password", func(tx *store.Store, a models.Account) error {
		return tx.SetPassword(e.ctx, a.ID, hash, 0)
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "换好了,只显示这一次:\n登录名 %s\n首个密码 %s\n", strings.ToLower(c.Login), first)
	return nil
}

type adminDisableCmd struct {
	Login string `arg:"" help:"登录名。" placeholder:"NAME"`
}

// Run ends an account.
func (c *adminDisableCmd) Run(e *env) error {
	err := withAccount(e, c.Login, "account.disable", func(tx *store.Store, a models.Account) error {
		return tx.DisableAccount(e.ctx, a.ID)
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s 停用了,登着的已退出,绑定的微信也解了。\n", strings.ToLower(c.Login))
	return nil
}

type adminFactorCmd struct {
	Login string `arg:"" help:"登录名。" placeholder:"NAME"`
}

// Run takes the second factor from an account whose phone is lost.
func (c *adminFactorCmd) Run(e *env) error {
	err := withAccount(e, c.Login, "factor.drop", func(tx *store.Store, a models.Account) error {
		return tx.DropFactor(e.ctx, a.ID)
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s 的两步验证取消了,下次登录用手机重新开。\n", strings.ToLower(c.Login))
	return nil
}

// withAccount does something with an account in use, and notes it.
func withAccount(e *env, login, action string, do func(*store.Store, models.Account) error) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	return db.System(action).InTx(e.ctx, func(tx *store.Store) error {
		a, err := tx.AccountByLogin(e.ctx, strings.ToLower(login))
		if errors.Is(err, store.ErrNotFound) || err == nil && a.DisabledAt != 0 {
			return fmt.Errorf("没有在用的账号 %s;aixin admin list 看有哪些", login)
		}
		if err != nil {
			return err
		}
		if err := do(tx, a); err != nil {
			return err
		}
		return tx.Note(e.ctx, action, "account:"+a.ID, "")
	})
}
