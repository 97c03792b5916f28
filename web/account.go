package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"aixin/models"
	"aixin/models/store"
)

type accountView struct {
	newAccountView
	ID     string
	Row    accountRow
	Off    bool // disabled
	May    bool // the visitor may change it
	Open   bool // something waits for a second person
	Sits   []sittingRow
	Orders []orderRow
	Audit  string
}

// accountPage is one account: what it is for, where it is signed in, what was
// asked for.
func (s *site) accountPage(w http.ResponseWriter, r *http.Request, me seat) error {
	a, err := me.st.Account(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.drawAccount(w, r, me, http.StatusOK, a, form{Values: placed(a, "")}, "")
}

// placed is an account as the form that changes it.
func placed(a models.Account, unit string) url.Values {
	return url.Values{"role": {string(a.Role)}, "region": {a.Region}, "unit": {unit}, "department": {a.Department}}
}

func (s *site) drawAccount(w http.ResponseWriter, r *http.Request, me seat, status int, a models.Account, f form, first string) error {
	ctx := r.Context()
	rows, err := s.accountRows(ctx, me, []models.Account{a})
	if err != nil {
		return err
	}
	v := accountView{ID: a.ID, Row: rows[0], Off: a.DisabledAt != 0, May: s.mayManage(me, a)}
	v.form, v.First, v.Login, v.Proof = f, first, a.Login, s.proofLabel(r)
	if a.UnitID != "" && f.Get("unit") == "" {
		f.Values.Set("unit", rows[0].Place)
	}
	if v.May {
		if err := s.offer(r, me, f, &v.newAccountView); err != nil {
			return err
		}
	}
	sits, err := s.sittings(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, x := range sits {
		v.Sits = append(v.Sits, sittingRow{x, s.clock(x.Since), s.clock(x.Seen)})
	}
	if v.Orders, err = s.orderRows(ctx, me, a.ID, 20); err != nil {
		return err
	}
	v.Open = slices.ContainsFunc(v.Orders, func(o orderRow) bool { return o.State == "等另一位批" })
	if me.may(models.ObjectAudit, models.See) {
		v.Audit = auditPath + "?" + url.Values{"actor": {"account:" + a.ID}}.Encode()
	}
	return s.draw(w, r, me, status, "account", v)
}

// mayManage tells whether a visitor changes an account: one of the area, of a
// role that the own one appoints, never the own.
func (s *site) mayManage(me seat, a models.Account) bool {
	return me.may(models.ObjectAccount, models.Write) && a.ID != me.ID && me.Role.Appoints(a.Role) && models.Holds(me.Region, a.Region)
}

// changeAccount shuts an account out at once, and asks for what lets somebody in.
func (s *site) changeAccount(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	a, err := me.st.Account(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !s.mayManage(me, a) {
		return s.noPage(w, r)
	}
	to, do := a, f.Get("do")
	if do == string(models.OrderChange) {
		if to, err = s.placement(ctx, me, &f); err != nil {
			return err
		}
	}
	if err := s.why(r, me, &f); err != nil {
		return err
	}
	if !f.OK() {
		for name, was := range placed(a, "") {
			if !f.Values.Has(name) {
				f.Values[name] = was
			}
		}
		return s.drawAccount(w, r, me, http.StatusUnprocessableEntity, a, f, "")
	}
	back, reason := accountsPath+"/"+a.ID, f.Get("reason")
	switch do {
	case "disable":
		err = me.st.InTx(ctx, func(tx *store.Store) error {
			return errors.Join(tx.DisableAccount(ctx, a.ID), tx.Note(ctx, "account.disable", "account:"+a.ID, reason))
		})
		return s.shutOut(w, r, a.ID, back, "停用了,登着的已退出,绑定的微信也解了。", err)
	case "sessions":
		err = me.st.Note(ctx, "sitting.end", "account:"+a.ID, reason)
		return s.shutOut(w, r, a.ID, back, "都退出了。", err)
	case "password":
		first := FirstPassword()
		hash, err := s.gate.hash(ctx, first)
		if err != nil {
			return err
		}
		err = me.st.InTx(ctx, func(tx *store.Store) error {
			return errors.Join(tx.SetPassword(ctx, a.ID, hash, 0), tx.Note(ctx, "account.password", "account:"+a.ID, reason))
		})
		if err != nil {
			return err
		}
		if err := s.Redis.Del(ctx, sittingsKey(a.ID)).Err(); err != nil {
			return away(err)
		}
		a.PasswordAt = 0
		return s.drawAccount(w, r, me, http.StatusOK, a, form{Values: placed(a, "")}, first)
	case string(models.OrderFactor), string(models.OrderEnable), string(models.OrderChange):
		o := models.AccountOrder{
			AccountID: a.ID, Kind: models.OrderKind(do), Role: to.Role, Region: to.Region, UnitID: to.UnitID, Department: to.Department, Reason: models.Conceal(reason),
		}
		err = me.st.InTx(ctx, func(tx *store.Store) error {
			if err := tx.AskAccount(ctx, &o); err != nil {
				return err
			}
			return tx.Note(ctx, "account.ask", "account:"+a.ID, do+" "+reason)
		})
		if errors.Is(err, store.ErrLost) {
			return s.done(w, r, back, "这个账号已有一件在等批,先办那一件。")
		}
		if err != nil {
			return err
		}
		return s.done(w, r, back, "报好了,等另一位管理员批。")
	}
	return s.noPage(w, r)
}

// shutOut ends an account's sessions after what was done to it.
func (s *site) shutOut(w http.ResponseWriter, r *http.Request, id, back, words string, err error) error {
	if err != nil {
		return err
	}
	if err := s.Redis.Del(r.Context(), sittingsKey(id)).Err(); err != nil {
		return away(err)
	}
	return s.done(w, r, back, words)
}

// decideAccount gives or refuses what somebody else asked for; after half an hour
// who is alone on duty decides the own, with the reason that was given
// (users.md 五.3). That is listed as 单人办理.
func (s *site) decideAccount(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	o, err := me.st.AccountOrder(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	a, err := me.st.Account(ctx, o.AccountID)
	if err != nil {
		return err
	}
	if a.ID == me.ID || !me.Role.Appoints(o.Role) || !me.Role.Appoints(a.Role) || !models.Holds(me.Region, o.Region) {
		return store.ErrNotFound
	}
	back, give, alone := accountsPath+"/"+o.AccountID, f.Get("give") == "yes", o.AskedBy == me.ID
	if alone && give && models.InstantOf(s.Now()) < o.AskedAt.Add(models.AloneAfter) {
		return s.done(w, r, back, "自己报的,请另一位管理员批。确实只有您一人在岗,报上 30 分钟后可以自己批,会列进“单人办理”。")
	}
	err = me.st.InTx(ctx, func(tx *store.Store) error {
		if err := tx.DecideAccount(ctx, o, give, alone && give); err != nil {
			return err
		}
		action := map[bool]string{true: "account.give", false: "account.refuse"}[give]
		return tx.NoteChange(ctx, action, "account:"+o.AccountID, string(o.Kind)+map[bool]string{true: " alone"}[alone && give],
			string(a.Role)+" "+a.Region, string(o.Role)+" "+o.Region)
	})
	if errors.Is(err, store.ErrLost) {
		return s.done(w, r, back, "这一件已经有人办了。")
	}
	if err != nil || !give {
		if err == nil {
			err = s.done(w, r, back, "没有批,已经记下。")
		}
		return err
	}
	return s.shutOut(w, r, a.ID, back, "批了。", nil)
}
