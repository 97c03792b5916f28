package web

import (
	"errors"
	"net/http"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
)

const templatesPath = "/admin/settings/templates"

// templateUses are the template messages: what each is for, and what it means to
// have none.
var templateUses = []struct{ Name, Label, Missing string }{
	{"alert", "预警", "值班的人两天没跟公众号说过话,红色预警就到不了他手机上。"},
	{"duty_reminder", "差额提醒", "两天没说过话的干部收不到每周那一条,列进“联系不上”。"},
	{"monthly_summary", "每月小结", "两天没说过话的干部收不到小结,列进“联系不上”。"},
	{"notice", "通知", "两天没说过话的人收不到通知,要打电话。"},
	{"question_reply", "提问有了答复", "家里两天没说过话就收不到答复,干部要打电话。"},
	{"need_update", "诉求有了进展", "家里和干部两天没说过话就收不到进展。"},
}

type templatesView struct {
	form
	Rows     []templateRow
	Tries    []tryRow
	MayWrite bool
	Bound    bool
}

type templateRow struct {
	Name, Label, Key, ID, Missing string
}

type tryRow struct{ Label, At, State, Reason string }

// templatesMissing counts the template messages without an id.
func (s *site) templatesMissing() (n int) {
	for _, u := range templateUses {
		if s.Templates[u.Name] == "" {
			n++
		}
	}
	return n
}

// templateList shows which template ids are set, and what became of the test sends
// to oneself.
func (s *site) templateList(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	v := templatesView{MayWrite: me.may(models.ObjectTemplate, models.Write)}
	labels := map[string]string{}
	for _, u := range templateUses {
		labels[u.Name] = u.Label
		row := templateRow{Name: u.Name, Label: u.Label, Key: "wechat.templates." + u.Name, Missing: u.Missing}
		if id := s.Templates[u.Name]; id != "" {
			row.ID = "…" + id[max(0, len(id)-6):]
		}
		v.Rows = append(v.Rows, row)
	}
	if !v.MayWrite {
		return s.draw(w, r, me, http.StatusOK, "templates", v)
	}
	_, err := me.st.BindingOf(ctx, models.RoleAdmin, me.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	v.Bound = err == nil
	tries, err := me.st.DeliveriesTo(ctx, desk.KindTry, me.ID, 10)
	if err != nil {
		return err
	}
	for _, d := range tries {
		v.Tries = append(v.Tries, tryRow{labels[d.Payload.Reveal()], s.clock(d.CreatedAt), deliveryStates[d.State], d.Reason})
	}
	return s.draw(w, r, me, http.StatusOK, "templates", v)
}

// tryTemplate sends a card of one template to the visitor's own phone.
func (s *site) tryTemplate(w http.ResponseWriter, r *http.Request, me seat) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if s.Templates[f.Get("name")] == "" {
		return s.done(w, r, templatesPath, "这个模板还没设编号,试不了。")
	}
	err = me.st.InTx(r.Context(), func(tx *store.Store) error { return desk.TryTemplate(r.Context(), tx, me.ID, f.Get("name")) })
	switch {
	case errors.Is(err, store.ErrNotFound):
		return s.done(w, r, templatesPath, "您的账号还没绑微信,试不了。先在“绑定码”发一个给自己。")
	case err != nil:
		return err
	}
	return s.done(w, r, templatesPath, "发了,看手机;到没到,过几秒在下面看。")
}
