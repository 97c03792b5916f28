package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

const noticesPath = "/admin/notices"

type noticesView struct {
	Scope   string
	Write   bool
	Waiting int // for approval
	Rows    []noticeRow
}

type noticeRow struct {
	No                            int
	Link, When, Whom, Text, State string
	Counts                        []noticeCount
}

type noticeCount struct {
	State, Word, Link string
	N                 int
	Chosen            bool
}

func (s *site) noticeList(w http.ResponseWriter, r *http.Request, me seat) error {
	view := noticesView{Scope: me.Scope, Write: desk.MayNotify(me.Account)}
	rows, err := me.st.Notices(r.Context(), 30)
	if err != nil {
		return err
	}
	for _, n := range rows {
		row := noticeRow{No: n.No(), Link: noticesPath + "/" + n.ID, When: s.clock(n.SentAt), Whom: n.Audience, Text: brief(n.Body.Reveal()), State: n.State.Label()}
		counts, err := me.st.NoticeCounts(r.Context(), n.ID)
		if err != nil {
			return err
		}
		row.State = s.noticeState(n, counts)
		row.Counts = countsOf(counts, row.Link, "")
		if n.State == models.NoticeWaiting {
			view.Waiting++
		}
		view.Rows = append(view.Rows, row)
	}
	return s.draw(w, r, me, http.StatusOK, "notices", view)
}

func brief(text string) string {
	if r := []rune(text); len(r) > 24 {
		return string(r[:24]) + "…"
	}
	return text
}

// noticeState says how far a notice is.
func (s *site) noticeState(n models.Notice, counts map[string]int) string {
	switch {
	case n.State != models.NoticeGoing:
		return n.State.Label()
	case n.DueAt.Time().After(s.Now()):
		return "定时 " + say.Moment(n.DueAt.Time().In(s.Zone))
	case counts[store.DeliveryPlanned] == 0:
		return "发完了"
	}
	return n.State.Label()
}

func countsOf(counts map[string]int, link, chosen string) (out []noticeCount) {
	for _, state := range say.DeliveryStates {
		if n := counts[state]; n > 0 {
			out = append(out, noticeCount{State: state, Word: say.DeliveryWord(state), N: n, Link: link + "?state=" + state, Chosen: state == chosen})
		}
	}
	return out
}

// composeView is the form of a notice with its preview above it.
type composeView struct {
	form
	Scope                                        string
	To, Places, Units, Categories, Lines, Duties []option
	Crafts, Contacts                             []option
	Preview                                      *desk.NoticePreview
	Starts, Due                                  string
	Missing                                      []string
	Fields                                       []confirmField
	Marks                                        string
	Most                                         int
}

// composeFields are what the form of a notice has.
var composeFields = []string{"to", "region", "unit", "category", "line", "duty", "craft", "contact", "list", "body", "at", "urgent"}

func (s *site) noticeCompose(w http.ResponseWriter, r *http.Request, me seat) error {
	if !desk.MayNotify(me.Account) {
		return s.noPage(w, r)
	}
	return s.drawCompose(w, r, me, http.StatusOK, composeView{form: form{Values: url.Values{"to": {"cadre"}}}})
}

func (s *site) drawCompose(w http.ResponseWriter, r *http.Request, me seat, status int, v composeView) error {
	v.Scope, v.Most = me.Scope, models.NoticeLength
	v.Marks = "{" + strings.Join(models.Placeholders[models.RoleCadre], "} {") + "}"
	choose := func(name string, pairs ...string) (all []option) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, option{pairs[i], pairs[i+1], v.Get(name) == pairs[i]})
		}
		return all
	}
	v.To = choose("to", "cadre", "干部", "guardian", "家长(监护人、照护机构、本人)")
	v.Duties = choose("duty", "short", "今年还差的", "met", "今年够了的")
	v.Contacts = choose("contact", "guardian", "监护人", "institution", "照护机构", "self", "关爱对象本人")
	named := func(name string, words []string) []option {
		var pairs []string
		for _, word := range words {
			pairs = append(pairs, word, word)
		}
		return choose(name, pairs...)
	}
	lists, err := me.st.Lists(r.Context())
	if err != nil {
		return err
	}
	v.Categories, v.Lines = s.choices(lists, models.ListCategory, v.Get("category")), s.choices(lists, models.ListLine, v.Get("line"))
	v.Crafts = named("craft", []string{"普通", "教师", "医护", "心理", "基层"})
	if me.Role != models.AccountUnit {
		units, err := s.unitsFor(r.Context(), me)
		if err != nil {
			return err
		}
		for _, u := range units {
			v.Units = append(v.Units, option{u.ID, u.Name, u.ID == v.Get("unit")})
		}
		if v.Places, err = places(r, me.st, me.Region, v.Get("region")); err != nil {
			return err
		}
	}
	return s.draw(w, r, me, status, "notice-new", v)
}

// readNotice makes a draft of the form.
func (s *site) readNotice(r *http.Request, tx *store.Store, me seat, f *form) (d desk.NoticeDraft, missing []string, err error) {
	d = desk.NoticeDraft{Body: f.Get("body"), Urgent: f.Get("urgent") != "", Audience: models.Audience{
		Role: models.Role(f.Get("to")), Region: f.Get("region"), UnitID: f.Get("unit"), Duty: models.DutyState(f.Get("duty")),
		Category: models.Category(f.Get("category")), Line: models.Line(f.Get("line")), Contact: models.ContactKind(f.Get("contact")),
	}}
	if s.Clean != nil {
		d.Body = s.Clean(d.Body)
	}
	if craft, ok := models.SpecialityNames[f.Get("craft")]; ok && f.Get("craft") != "" {
		d.Audience.Speciality = &craft
	}
	if at := f.Get("at"); at != "" {
		t, err := time.ParseInLocation("2006-01-02T15:04", at, s.Zone)
		if err != nil {
			f.wrong("at", "时间写成 2026-12-01 09:00 这样。")
		}
		d.At = models.InstantOf(t)
	}
	if list := f.Get("list"); list != "" {
		d.Audience.List, missing, err = desk.FindList(r.Context(), tx, me.Account, d.Audience.Role, list)
		if err == nil && len(d.Audience.List) == 0 {
			f.wrong("list", "名单上的人在您管的范围里一个也没找到。")
		}
	}
	return d, missing, err
}

// noticeSubmit shows what a notice would do, and hands it in once that was seen.
func (s *site) noticeSubmit(w http.ResponseWriter, r *http.Request, me seat) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	v := composeView{form: f}
	var row models.Notice
	err = me.st.InTx(r.Context(), func(tx *store.Store) error {
		d, missing, err := s.readNotice(r, tx, me, &v.form)
		if err != nil || !v.OK() {
			return err
		}
		if v.Get("do") == "send" {
			row, err = s.Notices.Submit(r.Context(), tx, me.Account, d)
			return err
		}
		p, err := s.Notices.Preview(r.Context(), tx, me.Account, d)
		v.Preview, v.Missing = &p, missing
		return err
	})
	var refused desk.NoticeRefused
	switch {
	case errors.As(err, &refused):
		v.Preview = nil
		v.wrong("", refused.Error())
	case err != nil:
		return err
	case row.State == models.NoticeWaiting:
		return s.done(w, r, noticesPath+"/"+row.ID, "存好了。人多,请另一位管理员打开这一页批。")
	case row.ID != "":
		return s.done(w, r, noticesPath+"/"+row.ID, "交出去了,这一页看送到多少。")
	}
	status := http.StatusOK
	if !v.OK() {
		status = http.StatusUnprocessableEntity
	}
	if p := v.Preview; p != nil {
		if p.Starts.After(s.Now().Add(time.Minute)) {
			v.Starts = say.Moment(p.Starts)
		}
		for _, name := range composeFields {
			if value := v.Get(name); value != "" {
				v.Fields = append(v.Fields, confirmField{name, value})
			}
		}
	}
	return s.drawCompose(w, r, me, status, v)
}

// noticeView is one notice with what became of it.
type noticeView struct {
	No                                        int
	State, When, Whom, Text, Author, Approver string
	Act                                       string // where forms go
	Counts                                    []noticeCount
	All, Done, Percent, Calls                 int
	Urgent                                    bool
	Approve, Alone, Pause, Resume, Cancel     bool
	Resend                                    int
	People                                    []desk.NoticePerson
	Next, State0                              string
	Phone                                     bool // may close by telephone
}

const noticePeople = 100

func (s *site) notice(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	n, err := me.st.Notice(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	counts, err := me.st.NoticeCounts(ctx, n.ID)
	if err != nil {
		return err
	}
	at := noticesPath + "/" + n.ID
	v := noticeView{
		No: n.No(), State: s.noticeState(n, counts), When: s.clock(n.SentAt), Whom: n.Audience, Text: n.Body.Reveal(), Act: at,
		Urgent: n.Urgent, State0: r.URL.Query().Get("state"),
	}
	if !slices.Contains(say.DeliveryStates, v.State0) {
		v.State0 = ""
	}
	v.Counts = countsOf(counts, at, v.State0)
	for state, c := range counts {
		v.All += c
		if state != store.DeliveryPlanned && state != store.DeliveryHeld {
			v.Done += c
		}
	}
	if v.All > 0 {
		v.Percent = 100 * v.Done / v.All
	}
	v.Calls = counts[store.DeliveryFailed] + counts[store.DeliveryRefused]
	if me.may(models.ObjectNotice, models.Write) {
		mine := n.AccountID == me.ID
		v.Approve, v.Alone = n.State == models.NoticeWaiting && !mine, n.State == models.NoticeWaiting && mine
		v.Pause, v.Resume = n.State == models.NoticeGoing && counts[store.DeliveryPlanned] > 0, n.State == models.NoticePaused
		v.Cancel = n.State != models.NoticeCancelled && counts[store.DeliveryPlanned]+counts[store.DeliveryHeld] > 0
		if n.State == models.NoticeGoing {
			v.Resend = v.Calls
		}
		v.Phone = true
	}
	if v.People, err = s.Notices.People(ctx, me.st, me.Account, n, v.State0, r.URL.Query().Get("after"), noticePeople); err != nil {
		return err
	}
	if len(v.People) == noticePeople {
		v.Next = at + "?" + url.Values{"state": {v.State0}, "after": {v.People[noticePeople-1].DeliveryID}}.Encode()
	}
	if n.State == models.NoticeGoing && counts[store.DeliveryPlanned] > 0 && !n.DueAt.Time().After(s.Now()) && v.State0 == "" {
		w.Header().Set("Refresh", "5")
	}
	return s.draw(w, r, me, http.StatusOK, "notice", v)
}

// noticeAct does something with a notice.
func (s *site) noticeAct(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, at := r.Context(), noticesPath+"/"+r.PathValue("id")
	n, err := me.st.Notice(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	act := r.PostFormValue("do")
	if act == "cancel" {
		ok, err := s.sure(w, r, me, confirm{
			Title: "取消这条通知?", Lines: []string{"没发的不再发,已经发出的收不回来。"}, Label: "取消通知", Back: at,
		})
		if err != nil || !ok {
			return err
		}
	}
	said := "没有动。"
	err = me.st.InTx(ctx, func(tx *store.Store) (err error) {
		switch act {
		case "approve":
			n, err = s.Notices.Approve(ctx, tx, me.Account, n, r.PostFormValue("why"))
			said = say.NoticeApproved(n.No(), n.People)
		case "pause", "resume", "cancel":
			turn := map[string]desk.NoticeTurn{"pause": desk.Notices.Pause, "resume": desk.Notices.Resume, "cancel": desk.Notices.Cancel}[act]
			n, err = turn(s.Notices, ctx, tx, me.Account, n)
			said = say.NoticeMoved(n.No(), n.State)
		case "resend":
			again, left, err := s.Notices.Resend(ctx, tx, me.Account, n, false)
			said = say.NoticeAgain(n.No(), again, left)
			return err
		case "phoned":
			err = s.Notices.Phoned(ctx, tx, me.Account, n, r.PostFormValue("who"))
			said = "记下了:已打电话告知。"
		}
		return err
	})
	var refused desk.NoticeRefused
	if errors.As(err, &refused) {
		said, err = refused.Error(), nil
	}
	if err != nil {
		return err
	}
	return s.done(w, r, at, said)
}
