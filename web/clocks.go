package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"aixin/models"
	"aixin/models/store"
)

const clocksPath = "/admin/settings/clocks"

// knobGroups are the parts of the page: what each is for, and what becomes of what
// is under way when it is changed.
var knobGroups = []struct{ Name, Label, Why, Effect string }{
	{models.KnobsQuiet, "免打扰", "这些时候不推送,等过了再发;红色预警照样马上发,两小时内说过话的照样答。", "还没发出去的,照新的时候发。"},
	{models.KnobsQuestion, "提问", "家里的提问没人回,一步一步往上报。", "已经在等的,走到下一步起照新的算。"},
	{models.KnobsNeed, "诉求", "过了“多久接手”没人接,或者过了“多久办结”没办完,都往上报一级。", "已经接手的,答应的日子不变;以后接的照新的算。"},
	{models.KnobsDanger, "预警", "红色要两个人接,黄色要一个人接;没人接就叫上一级。", "正在等的这一级照原来的等,下一级起照新的等。"},
}

type clocksView struct {
	form
	Groups   []knobGroup
	Changes  []knobChange
	MayWrite bool
	Editing  string // the group in the form
	Fields   []field
	Set      bool // something of the group was set here
}

type knobGroup struct {
	Name, Label, Why, Link string
	Rows                   []knobRow
}

type knobRow struct{ Name, Label, Value, Source, Key string }

type knobChange struct{ Label, Old, New, From, Said, Author string }

// clocks shows the hours and clocks that hold and where each comes from, and to
// the city's office the form for one group of them.
func (s *site) clocks(w http.ResponseWriter, r *http.Request, me seat) error {
	f := form{Values: url.Values{}}
	if group := r.FormValue("group"); me.may(models.ObjectClock, models.Write) {
		f.Values.Set("group", group)
		rows, err := me.st.Settings(r.Context())
		if err != nil {
			return err
		}
		hours := me.st.ProcessHours().With(rows, me.st.Now())
		for _, k := range models.Knobs {
			f.Values.Set(k.Name, k.Value(hours))
		}
	}
	return s.showClocks(w, r, me, f, http.StatusOK)
}

func (s *site) showClocks(w http.ResponseWriter, r *http.Request, me seat, f form, status int) error {
	rows, err := me.st.Settings(r.Context())
	if err != nil {
		return err
	}
	var authors []string
	for _, row := range rows {
		authors = append(authors, strings.TrimPrefix(row.Author, "account:"))
	}
	logins, err := me.st.Logins(r.Context(), authors)
	if err != nil {
		return err
	}
	who := func(row models.Setting) string {
		if login := logins[strings.TrimPrefix(row.Author, "account:")]; login != "" {
			return login
		}
		return "命令行"
	}
	v := clocksView{form: f, MayWrite: me.may(models.ObjectClock, models.Write)}
	base, now := me.st.ProcessHours(), me.st.Now()
	hours := base.With(rows, now)
	for _, g := range knobGroups {
		group := knobGroup{Name: g.Name, Label: g.Label, Why: g.Why}
		if v.MayWrite {
			group.Link = clocksPath + "?group=" + g.Name + "#change"
		}
		if v.MayWrite && f.Get("group") == g.Name {
			v.Editing = g.Label
		}
		for _, k := range models.Knobs {
			if k.Group != g.Name {
				continue
			}
			row := knobRow{Name: k.Name, Label: k.Label, Value: k.Words(k.Value(hours)), Source: "程序自带"}
			said, set := k.In(rows, now)
			switch {
			case set:
				row.Source = who(said) + " " + s.clock(said.RecordedAt) + " 在这里改的"
			case k.Key != "":
				row.Source, row.Key = "配置", k.Key
			}
			group.Rows = append(group.Rows, row)
			if v.Editing == g.Label {
				v.Set, v.Fields = v.Set || set, append(v.Fields, knobField(f, k))
			}
		}
		v.Groups = append(v.Groups, group)
	}
	for i, row := range rows {
		k, ok := models.KnobNamed(row.Name)
		if !ok {
			continue
		}
		c := knobChange{Label: k.Label, Old: k.Words(k.Value(base.With(rows[:i], row.FromAt))), New: k.Words(row.Value), From: s.clock(row.FromAt), Said: s.clock(row.RecordedAt), Author: who(row)}
		if row.Cleared {
			c.New = k.Words(k.Value(base)) + "(照配置)"
		}
		if row.FromAt > now {
			c.From += ",还没到"
		}
		v.Changes = append([]knobChange{c}, v.Changes...)
	}
	return s.draw(w, r, me, status, "clocks", v)
}

func knobField(f form, k models.Knob) field {
	if k.Unit == "" {
		return f.Field(k.Name, k.Label, "text", "写成 21:00-08:00,几段用逗号隔开;空着就是不设。")
	}
	return f.Field(k.Name, k.Label+"("+k.Unit+")*", "number", "")
}

// setClocks adds versions of what was changed in one group, after they were read
// once more in words.
func (s *site) setClocks(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	rows, err := me.st.Settings(ctx)
	if err != nil {
		return err
	}
	from := me.st.Now()
	if at := f.Get("from"); at != "" {
		t, err := time.ParseInLocation("2006-01-02T15:04", at, s.Zone)
		if err != nil || t.Before(s.Now().Add(-time.Minute)) || t.After(s.Now().AddDate(1, 0, 0)) {
			f.wrong("from", "选一个以后的时候;空着就是现在。")
		} else {
			from = max(from, models.InstantOf(t))
		}
	}
	before := me.st.ProcessHours().With(rows, from)
	after, effect := before, ""
	for _, g := range knobGroups {
		if g.Name == f.Get("group") {
			effect = g.Effect
		}
	}
	if effect == "" {
		f.wrong("", "先在下面选要改哪一组。")
	}
	var changes []models.Setting
	var lines []string
	for _, k := range models.Knobs {
		if k.Group != f.Get("group") {
			continue
		}
		_, set := k.In(rows, from)
		old := k.Value(before)
		if f.Get("clear") == "yes" {
			if set {
				changes = append(changes, models.Setting{Name: k.Name, Cleared: true, FromAt: from})
				lines = append(lines, k.Label+":"+k.Words(old)+" → "+k.Words(k.Value(me.st.ProcessHours()))+"(照配置)")
			}
			continue
		}
		if err := k.Turn(&after, f.Get(k.Name)); err != nil {
			f.wrong(k.Name, err.Error()+"。")
		} else if value := k.Value(after); value != old {
			changes = append(changes, models.Setting{Name: k.Name, Value: value, FromAt: from})
			lines = append(lines, k.Label+":"+k.Words(old)+" → "+k.Words(value))
		}
	}
	if err := after.Check(); err != nil {
		f.wrong("", err.Error()+"。")
	}
	if f.OK() && len(changes) == 0 {
		f.wrong("", "和现在的一样,没有要改的。")
	}
	if !f.OK() {
		return s.showClocks(w, r, me, f, http.StatusUnprocessableEntity)
	}
	when := "一分钟内全市都照新的。"
	if from > me.st.Now() {
		when = s.clock(from) + " 起全市都照新的。"
	}
	sure, err := s.sure(w, r, me, confirm{Title: "改这几样?", Lines: append(lines, when, effect), Label: "改", Back: clocksPath + "?group=" + url.QueryEscape(f.Get("group")) + "#change"})
	if !sure || err != nil {
		return err
	}
	err = me.st.InTx(ctx, func(tx *store.Store) error {
		for i := range changes {
			k, _ := models.KnobNamed(changes[i].Name)
			if err := tx.Set(ctx, &changes[i], k.Value(before)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = me.st.RefreshSettings(ctx)
	}
	if err != nil {
		return err
	}
	return s.done(w, r, clocksPath, "改好了:"+strings.Join(lines, ";")+"。")
}
