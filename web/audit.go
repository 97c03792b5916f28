package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"aixin/models"
	"aixin/models/store"
)

type auditView struct {
	Scope, Action, Person, Who string
	Kinds                      []option
	Rows                       []auditRow
	Pager                      pager
}

type auditRow struct{ At, Who, WhoLink, What, On, OnLink, Detail, Change, Seq string }

const auditPath = "/admin/audit"

// auditPage lists who read in full, took out or changed what. Whom a row is about
// is opened, never named here.
func (s *site) auditPage(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, q := r.Context(), r.URL.Query()
	f := store.AuditFilter{Person: q.Get("person"), Actor: q.Get("actor"), Action: q.Get("action"), Before: q.Get("before")}
	v := auditView{Scope: me.Scope, Action: f.Action, Person: f.Person, Who: f.Actor}
	for _, k := range []option{{"reveal", "看全", false}, {"grant", "授权", false}, {"export", "导出", false}, {"import", "导入", false}, {"plan", "一人一策", false}, {"signin", "登录", false}, {"account", "账号", false}, {"notice", "通知", false}, {"need", "诉求", false}, {"danger", "预警", false}, {"adjust", "调整", false}, {"check", "抽查", false}, {"report", "报表", false}, {"filing", "录省系统", false}, {"policy", "政策库", false}, {"setting", "时限和免打扰", false}, {"roster", "预警值班", false}} {
		k.Chosen = k.Value == f.Action
		v.Kinds = append(v.Kinds, k)
	}
	rows, err := me.st.AuditTrail(ctx, f, pageSize+1)
	if err != nil {
		return err
	}
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		v.Pager.Older = auditPath + "?" + url.Values{"person": {f.Person}, "actor": {f.Actor}, "action": {f.Action}, "before": {rows[pageSize-1].ID}}.Encode()
	}
	var ids []string
	for _, a := range rows {
		if id, ok := strings.CutPrefix(a.Actor, "account:"); ok {
			ids = append(ids, id)
		}
	}
	logins, err := me.st.Logins(ctx, ids)
	if err != nil {
		return err
	}
	for _, a := range rows {
		row := auditRow{At: s.clock(a.At), Who: actorWords(a.Actor), What: actionWords(a.Action), Detail: s.detailWords(a.Detail)}
		if id, ok := strings.CutPrefix(a.Actor, "account:"); ok {
			row.Who, row.WhoLink = logins[id], auditPath+"?"+url.Values{"actor": {a.Actor}}.Encode()
		}
		noun, id, _ := strings.Cut(a.Object, ":")
		switch {
		case noun == "recipient" && me.may(models.ObjectPerson, models.See):
			row.On, row.OnLink = "关爱对象", peoplePath+"/"+id
		case noun == "cadre" && me.may(models.ObjectCadre, models.See):
			row.On, row.OnLink = "干部", cadresPath+"/"+id
		default:
			row.On = map[string]string{"recipient": "关爱对象", "cadre": "干部", "account": "账号", "need": "诉求", "danger": "预警", "question": "提问", "batch": "导入"}[noun]
		}
		if me.may(models.ObjectAudit, models.Reveal) {
			row.Change = a.Delta.Reveal()
		}
		v.Rows = append(v.Rows, row)
	}
	return s.draw(w, r, me, http.StatusOK, "audit", v)
}

type healthView struct {
	Parts []healthPart
	Chain store.ChainState
	Jobs  []kindTotal
	Sent  []kindTotal
	At    string
}

type healthPart struct {
	Name, Word string
	OK         bool
}

// health says how the service is, for people: what answers, what waits.
func (s *site) health(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	v := healthView{At: s.clock(models.InstantOf(s.Now()))}
	part := func(name string, err error) {
		word := "正常"
		if err != nil {
			word = "连不上"
		}
		v.Parts = append(v.Parts, healthPart{name, word, err == nil})
	}
	part("数据库", s.DB.Ping(ctx))
	part("缓存", s.Redis.Ping(ctx).Err())
	var err error
	if v.Chain, err = me.st.AuditState(ctx); err != nil {
		return err
	}
	jobs, sent, err := me.st.Waiting(ctx)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(jobs)) {
		v.Jobs = append(v.Jobs, kindTotal{Label: jobWords(name), N: jobs[name]})
	}
	for _, state := range []string{store.DeliveryPlanned, store.DeliveryAccepted, store.DeliveryDelivered, store.DeliveryFailed, store.DeliveryRefused, store.DeliveryUnknown} {
		v.Sent = append(v.Sent, kindTotal{Label: deliveryStates[state], N: sent[state]})
	}
	return s.draw(w, r, me, http.StatusOK, "health", v)
}
