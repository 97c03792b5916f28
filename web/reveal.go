package web

import (
	"errors"
	"net/http"
	"unicode/utf8"

	"aixin/models"
	"aixin/models/store"
)

// reveal shows a person in full, for a reason that is written down before
// anything is shown. A minor, or an id number, also takes the grant of another
// administrator and the second factor again.
func (s *site) reveal(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	in, err := readForm(r)
	if err != nil {
		return err
	}
	f, err := me.st.Person(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	v, err := s.personView(r, me, f)
	if err != nil {
		return err
	}
	v.form = in
	identity := in.Get("what") == "identity"
	guarded := identity || v.Child
	status := http.StatusUnprocessableEntity
	switch reason := in.Get("reason"); {
	case utf8.RuneCountInString(reason) < 4:
		v.wrong("reason", "写明为什么要看,比如“电话回访核实地址”。谁、什么时候、为什么都会记下来。")
	case guarded && !v.MayIdentity:
		return s.noPage(w, r)
	case guarded && !v.Granted:
		v.wrong("reason", "未成年人和证件号要先请"+grantedBy+"批。")
	case guarded:
		var fault string
		if fault, status, err = s.again(r, me, r.PostFormValue("proof")); err != nil {
			return err
		} else if fault != "" {
			v.wrong("proof", fault)
		}
	}
	if !v.OK() {
		return s.draw(w, r, me, status, "person", v)
	}
	action := "reveal.person"
	if guarded {
		action = "reveal.identity"
	}
	if err := me.st.Note(ctx, action, "recipient:"+v.ID, in.Get("reason")); err != nil {
		return err
	}
	p := f.Recipient
	v.Full = &fullPerson{Name: p.Name.Reveal(), Address: p.Address.Reveal(), Aliases: p.Aliases.Reveal(), Needs: p.Needs.Reveal()}
	if guarded {
		v.Full.Birth = p.Birth.Reveal()
	}
	if identity {
		v.Full.IDNumber = p.IDNumber.Reveal()
	}
	for _, c := range f.Contacts {
		v.Full.Contacts = append(v.Full.Contacts, contactRow{contactKinds[c.Kind], c.Name.Reveal(), c.Phone.Reveal()})
	}
	v.Looked = append([]lookRow{{s.clock(models.InstantOf(s.Now())), actorWords("account:"), actionWords(action), in.Get("reason")}}, v.Looked...)
	return s.draw(w, r, me, http.StatusOK, "person", v)
}

// askGrant asks for sight of a minor, or of an id number.
func (s *site) askGrant(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, id := r.Context(), r.PathValue("id")
	in, err := readForm(r)
	if err != nil {
		return err
	}
	p, err := me.st.Recipient(ctx, id)
	if err != nil {
		return err
	}
	back := peoplePath + "/" + id
	if utf8.RuneCountInString(in.Get("reason")) < 4 {
		return s.done(w, r, back, "没有请成:写明为什么要看。")
	}
	err = me.st.InTx(ctx, func(tx *store.Store) error {
		if err := tx.AskGrant(ctx, p, in.Get("reason")); err != nil {
			return err
		}
		return tx.Note(ctx, "grant.ask", "recipient:"+id, in.Get("reason"))
	})
	if err != nil {
		return err
	}
	return s.done(w, r, back, "已经请"+grantedBy+"批,批了 3 小时内能看。")
}

type grantsView struct {
	Rows []grantRow
	May  bool
}

type grantRow struct {
	ID, Person, Link, Reason, At, State string
	Open                                bool
}

// grants lists what was asked for in the own place.
func (s *site) grants(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	rows, err := me.st.Grants(ctx, 100)
	if err != nil {
		return err
	}
	var ids []string
	for _, g := range rows {
		ids = append(ids, g.RecipientID)
	}
	people, err := me.st.Recipients(ctx, ids)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, p := range people {
		names[p.ID] = models.MaskName(p.Name.Reveal()) + "(" + p.Number + ")"
	}
	v := grantsView{May: me.may(models.ObjectGrant, models.Write)}
	for _, g := range rows {
		row := grantRow{ID: g.ID, Person: names[g.RecipientID], Link: peoplePath + "/" + g.RecipientID, Reason: g.Reason.Reveal(), At: s.clock(g.AskedAt)}
		switch {
		case g.DecidedAt == 0:
			row.State, row.Open = "等着批", v.May && g.AccountID != me.ID
			if g.AccountID == me.ID {
				row.State = "自己请的,等别人批"
			}
		case g.UntilAt == 0:
			row.State = "没有批"
		case g.UntilAt > models.InstantOf(s.Now()):
			row.State = "看到 " + s.clock(g.UntilAt)
		default:
			row.State = "到时了"
		}
		v.Rows = append(v.Rows, row)
	}
	return s.draw(w, r, me, http.StatusOK, "grants", v)
}

// decideGrant gives or refuses sight; never one's own.
func (s *site) decideGrant(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	in, err := readForm(r)
	if err != nil {
		return err
	}
	give := in.Get("give") == "yes"
	err = me.st.InTx(ctx, func(tx *store.Store) error {
		g, err := tx.DecideGrant(ctx, r.PathValue("id"), give)
		if err != nil {
			return err
		}
		return tx.Note(ctx, map[bool]string{true: "grant.give", false: "grant.refuse"}[give], "recipient:"+g.RecipientID, "account:"+g.AccountID)
	})
	if errors.Is(err, store.ErrLost) {
		return s.done(w, r, "/admin/grants", "这一条已经有人办了。")
	}
	if err != nil {
		return err
	}
	return s.done(w, r, "/admin/grants", map[bool]string{true: "批了,3 小时后自己到期。", false: "没有批,已经记下。"}[give])
}
