package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"aixin/models"
	"aixin/models/store"
)

const accountsPath = "/admin/accounts"

type accountsView struct {
	Scope  string
	Roles  []option
	Places []option
	States []option
	Total  int64
	Rows   []accountRow
	Orders []orderRow
	Pager  pager
	May    bool
}

type accountRow struct{ Login, Name, Role, Place, State, Phone, Factor, Seen, Link string }

// orderRow is an order as its list shows it.
type orderRow struct {
	ID, What, Account, Link, To, Reason, By, At, State string
	Open, Own                                          bool
}

// accountList shows who has an account in the area, and what waits for a second
// person.
func (s *site) accountList(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, q := r.Context(), r.URL.Query()
	f := store.AccountFilter{Role: models.AccountRole(q.Get("role")), Region: q.Get("region"), Disabled: q.Get("state") == "off"}
	v := accountsView{Scope: me.Scope, May: me.may(models.ObjectAccount, models.Write), States: []option{{"", "在用", !f.Disabled}, {"off", "停用的", f.Disabled}}}
	for _, role := range models.AccountRoles {
		v.Roles = append(v.Roles, option{string(role), role.Label(), role == f.Role})
	}
	var err error
	if v.Places, err = places(r, me.st, me.Region, f.Region); err != nil {
		return err
	}
	rows, total, err := me.st.AccountPage(ctx, f, q.Get("after"), pageSize+1)
	if err != nil {
		return err
	}
	v.Total = total
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		v.Pager.Older = accountsPath + "?" + url.Values{"role": {string(f.Role)}, "region": {f.Region}, "state": {q.Get("state")}, "after": {rows[pageSize-1].Login}}.Encode()
	}
	if v.Rows, err = s.accountRows(ctx, me, rows); err != nil {
		return err
	}
	if v.Orders, err = s.orderRows(ctx, me, "", 30); err != nil {
		return err
	}
	return s.draw(w, r, me, http.StatusOK, "accounts", v)
}

func (s *site) accountRows(ctx context.Context, me seat, accounts []models.Account) (rows []accountRow, err error) {
	var ids, codes, units []string
	for _, a := range accounts {
		ids, codes, units = append(ids, a.ID), append(codes, a.Region), append(units, a.UnitID)
	}
	factor, bound, err := me.st.HasFactor(ctx, ids)
	if err != nil {
		return nil, err
	}
	where, named, err := areas(ctx, me.st, codes, units)
	if err != nil {
		return nil, err
	}
	yes := func(ok bool, is, isNot string) string {
		if ok {
			return is
		}
		return isNot
	}
	for _, a := range accounts {
		row := accountRow{
			Login: a.Login, Name: a.Name.Reveal(), Role: a.Role.Label(), Place: where[a.Region], State: "在用", Link: accountsPath + "/" + a.ID,
			Phone: yes(bound[a.ID], "绑了", "没绑"), Factor: yes(factor[a.ID], "开了", "没开"), Seen: s.clock(a.SeenAt),
		}
		if a.UnitID != "" {
			row.Place = named[a.UnitID]
		}
		if a.Department != "" {
			row.Role += "(" + a.Department + ")"
		}
		switch {
		case a.DisabledAt != 0:
			row.State = "停用"
		case a.PasswordAt == 0:
			row.State = "首个密码没换"
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// areas names the places and units that accounts are of.
func areas(ctx context.Context, st *store.Store, codes, units []string) (where, named map[string]string, err error) {
	if where, err = st.PlaceNames(ctx, codes); err == nil {
		named, err = st.UnitNames(ctx, units)
	}
	return where, named, err
}

// orderRows lists what was asked for about accounts, with who may decide it.
func (s *site) orderRows(ctx context.Context, me seat, account string, limit int) (rows []orderRow, err error) {
	orders, err := me.st.AccountOrders(ctx, account, limit)
	if err != nil || len(orders) == 0 {
		return nil, err
	}
	var ids, codes, units []string
	for _, o := range orders {
		ids, codes, units = append(ids, o.AccountID, o.AskedBy, o.DecidedBy), append(codes, o.Region), append(units, o.UnitID)
	}
	logins, err := me.st.Logins(ctx, ids)
	if err != nil {
		return nil, err
	}
	where, named, err := areas(ctx, me.st, codes, units)
	if err != nil {
		return nil, err
	}
	may := me.may(models.ObjectAccount, models.Write)
	for _, o := range orders {
		row := orderRow{
			ID: o.ID, What: o.Kind.Label(), Account: logins[o.AccountID], Link: accountsPath + "/" + o.AccountID, Reason: o.Reason.Reveal(),
			By: logins[o.AskedBy], At: s.clock(o.AskedAt), Own: o.AskedBy == me.ID, Open: may && o.DecidedAt == 0 && me.Role.Appoints(o.Role),
		}
		if o.Kind == models.OrderCreate || o.Kind == models.OrderChange {
			row.To = o.Role.Label() + "," + where[o.Region]
			if o.UnitID != "" {
				row.To = o.Role.Label() + "," + named[o.UnitID]
			}
		}
		switch {
		case o.DecidedAt == 0:
			row.State = "等另一位批"
		case o.Given && o.Alone:
			row.State = "单人办理 " + s.clock(o.DecidedAt)
		case o.Given:
			row.State = logins[o.DecidedBy] + " 批了 " + s.clock(o.DecidedAt)
		default:
			row.State = logins[o.DecidedBy] + " 没有批"
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// placement reads which role an account is to have and where; what is wrong is
// noted in the form.
func (s *site) placement(ctx context.Context, me seat, f *form) (a models.Account, err error) {
	a.Role, a.Region, a.Department = models.AccountRole(f.Get("role")), f.Get("region"), ""
	if !me.Role.Appoints(a.Role) {
		f.wrong("role", "选一个您能发的岗位。")
		return a, nil
	}
	switch a.Role {
	case models.AccountUnit:
		units, err := me.st.UnitsNamed(ctx, f.Get("unit"))
		if err != nil {
			return a, err
		}
		i := slices.IndexFunc(units, func(u models.Unit) bool { return models.Holds(me.Region, u.Region) })
		if i < 0 {
			f.wrong("unit", "名册里没有这个单位,或者它不归您这里管。照名册里的全称写。")
			return a, nil
		}
		a.UnitID, a.Region = units[i].ID, units[i].Region
		return a, nil
	case models.AccountDepartment:
		a.Department = f.Get("department")
		if !slices.ContainsFunc(models.Departments, func(d models.Department) bool { return d.Name == a.Department }) {
			f.wrong("department", "选一个部门。")
		}
	}
	if _, err := me.st.Region(ctx, a.Region); errors.Is(err, store.ErrNotFound) || !models.Holds(me.Region, a.Region) {
		f.wrong("region", "选一个地方。")
	} else if err != nil {
		return a, err
	}
	if hint := a.Role.RegionHint(a.Region); hint != "" {
		f.wrong("region", hint+"。")
	}
	return a, nil
}

// why reads the reason and the proof that the visitor is who signed in.
func (s *site) why(r *http.Request, me seat, f *form) error {
	f.Values.Del("proof") // not into the page again
	if utf8.RuneCountInString(f.Get("reason")) < 3 {
		f.wrong("reason", "写一句为什么,比如“王某接替张某”。")
	}
	if !f.OK() {
		return nil
	}
	fault, _, err := s.again(r, me, r.PostFormValue("proof"))
	if fault != "" {
		f.wrong("proof", fault)
	}
	return err
}

// proofLabel names what is asked for again before an account is touched.
func (s *site) proofLabel(r *http.Request) string {
	if s.hasFactor(r) {
		return "您自己手机上的验证码*"
	}
	return "您自己的密码*"
}

type newAccountView struct {
	form
	Roles, Places, Departments []option
	Proof                      string
	First                      string // the first password, shown once
	Login, Role                string
}

func (s *site) newAccount(w http.ResponseWriter, r *http.Request, me seat) error {
	return s.drawNewAccount(w, r, me, http.StatusOK, form{Values: url.Values{}})
}

func (s *site) drawNewAccount(w http.ResponseWriter, r *http.Request, me seat, status int, f form) error {
	v := newAccountView{form: f, Proof: s.proofLabel(r)}
	if err := s.offer(r, me, f, &v); err != nil {
		return err
	}
	return s.draw(w, r, me, status, "newaccount", v)
}

// offer fills what can be chosen for an account.
func (s *site) offer(r *http.Request, me seat, f form, v *newAccountView) error {
	for _, role := range models.AccountRoles {
		if me.Role.Appoints(role) {
			v.Roles = append(v.Roles, option{string(role), role.Label(), string(role) == f.Get("role")})
		}
	}
	for _, d := range models.Departments {
		v.Departments = append(v.Departments, option{d.Name, d.Name, d.Name == f.Get("department")})
	}
	rows, err := me.st.Townships(r.Context(), me.Region)
	if err != nil {
		return err
	}
	for _, p := range rows {
		v.Places = append(v.Places, option{p.Code, p.Path, p.Code == f.Get("region")})
	}
	return nil
}

// addAccount makes an account that can be used once a second person has nodded.
func (s *site) addAccount(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	name, login := f.Get("name"), strings.ToLower(f.Get("login"))
	if n := utf8.RuneCountInString(name); n < 2 || n > 40 {
		f.wrong("name", "写姓名。")
	}
	if login != "" && !models.ValidLogin(login) {
		f.wrong("login", "用 3 到 32 个小写字母、数字、点、横线,第一个是字母或数字。不写就起一个。")
	}
	a, err := s.placement(ctx, me, &f)
	if err == nil {
		err = s.why(r, me, &f)
	}
	if err != nil {
		return err
	}
	if !f.OK() {
		return s.drawNewAccount(w, r, me, http.StatusUnprocessableEntity, f)
	}
	first := FirstPassword()
	if a.Password, err = s.gate.hash(ctx, first); err != nil {
		return err
	}
	a.Name, a.Login, a.DisabledAt = models.Conceal(name), login, models.InstantOf(s.Now())
	for range 3 { // a number that somebody else takes meanwhile: the next one then
		err = me.st.InTx(ctx, func(tx *store.Store) (err error) {
			if login == "" {
				if a.Login, err = tx.FreeLogin(ctx, a.Region); err != nil {
					return err
				}
			}
			if err := tx.AddAccount(ctx, &a); err != nil {
				return err
			}
			o := models.AccountOrder{AccountID: a.ID, Kind: models.OrderCreate, Role: a.Role, Region: a.Region, UnitID: a.UnitID, Department: a.Department, Reason: models.Conceal(f.Get("reason"))}
			if err := tx.AskAccount(ctx, &o); err != nil {
				return err
			}
			return tx.Note(ctx, "account.create", "account:"+a.ID, "role="+string(a.Role)+" region="+a.Region)
		})
		if login != "" || !store.IsDuplicate(err) {
			break
		}
	}
	if store.IsDuplicate(err) {
		f.wrong("login", "这个登录名已经有人用了,换一个。")
		return s.drawNewAccount(w, r, me, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return s.draw(w, r, me, http.StatusOK, "newaccount", newAccountView{form: form{}, First: first, Login: a.Login, Role: a.Role.Label()})
}

type permissionsView struct {
	Roles []string
	Rows  []permissionRow
}

type permissionRow struct {
	Name  string
	Cells []string
}

// permissionPage is the table that everything goes by, for all to read.
func (s *site) permissionPage(w http.ResponseWriter, r *http.Request, me seat) error {
	var v permissionsView
	for _, role := range models.PermissionRoles {
		v.Roles = append(v.Roles, role.Label())
	}
	for _, p := range models.Permissions {
		row := permissionRow{Name: p.Name}
		for i := range p.Cells {
			row.Cells = append(row.Cells, p.Words(i))
		}
		v.Rows = append(v.Rows, row)
	}
	return s.draw(w, r, me, http.StatusOK, "permissions", v)
}
