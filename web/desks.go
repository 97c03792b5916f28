package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"aixin/models"
	"aixin/models/store"
)

// Orders are what an office does about needs and dangers; the conversations take
// the same ones. They answer with what the office is told.
type Orders interface {
	Need(ctx context.Context, a models.Account, id, word, words string) (said string, err error)
	Danger(ctx context.Context, a models.Account, id, word, words string) (said string, err error)
	Spoken(ctx context.Context, cadreID string, q models.Question) (said string, err error)
}

// deskView is a list of a desk: what waits, what is over.
type deskView struct {
	Me    seat
	Title string
	Path  string
	Show  string
	Tabs  []option
	Notes []string // above the list
	Head  string   // of the column of clocks
	Rows  []deskRow
	Empty string
}

// deskRow is one matter on a list, without its words.
type deskRow struct {
	ID, What, Who, Place, State, Clock string
	Late, Urgent                       bool
}

// matterView is one matter with the steps that the office may take.
type matterView struct {
	form
	Me     seat
	Title  string
	Path   string
	ID     string
	State  string
	Late   bool
	Urgent bool
	Facts  [][2]string
	Words  string // "" where they are not for this seat
	Hidden bool
	Media  []medium // what was sent with the words
	Steps  []step
	Sheet  []string // to be printed
}

// step is an action of a form.
type step struct {
	Do, Label string
	Words     string // the label of the words that it takes; "" for none
	Main      bool
}

// Asks is the label of the one field for words: which step takes which.
func (v matterView) Asks() string {
	var parts []string
	asks, same := "", true
	for _, s := range v.Steps {
		if s.Words == "" {
			continue
		}
		parts = append(parts, "“"+s.Label+"”写"+s.Words)
		same, asks = same && (asks == "" || asks == s.Words), s.Words
	}
	if len(parts) == 0 || same {
		return asks
	}
	return "写一句(" + strings.Join(parts, ",") + ")"
}

// place is where something is, "" for a place that is not in the tree.
func (s *site) place(ctx context.Context, st *store.Store, code string) (string, error) {
	places, err := st.PlaceNames(ctx, []string{code}) // from memory, once met
	return strings.ReplaceAll(places[code], "/", " "), err
}

// masked is how recipients stand on a desk, by id.
func masked(ctx context.Context, st *store.Store, ids ...string) (map[string]string, error) {
	rows, err := st.Recipients(ctx, ids)
	who := make(map[string]string, len(ids))
	for _, id := range ids {
		who[id] = "不清楚是谁"
	}
	for _, r := range rows {
		who[r.ID] = models.MaskName(r.Name.Reveal()) + "家"
	}
	return who, err
}

// of gathers one thing of each row.
func of[R any](rows []R, id func(R) string) (ids []string) {
	for _, r := range rows {
		ids = append(ids, id(r))
	}
	return ids
}

// taken does a step of a form with its words, and goes back to the matter.
func (s *site) taken(w http.ResponseWriter, r *http.Request, me seat, page string, steps []step, do func(word, words string) (string, error)) error {
	in, err := readForm(r)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(steps, func(st step) bool { return st.Do == in.Get("do") })
	if i < 0 {
		return s.done(w, r, page, "没有动:请点一个要办的。")
	}
	words := s.Clean(in.Get("words"))
	if steps[i].Words != "" && words == "" {
		return s.done(w, r, page, "没有动:"+steps[i].Label+"要写上"+steps[i].Words+"。")
	}
	said, err := do(steps[i].Do, words)
	if errors.Is(err, store.ErrLost) {
		said, err = "没有动:别人刚办过这一件,先看看现在的样子。", nil
		if words != "" {
			said += "您写的是:" + words
		}
	}
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(said, "\n")
	return s.done(w, r, page, first)
}

// needs is the desk of needs: what waits, what went past its time, whom to
// telephone because no word came.
func (s *site) needs(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	view := deskView{Me: me, Title: "诉求", Path: "/admin/needs", Show: r.URL.Query().Get("show"), Empty: "没有等着办的诉求。家里说了难处、干部报了,就到这里。"}
	if view.Show != "call" && view.Show != "over" {
		view.Show = "open"
	}
	if view.Show != "open" {
		view.Empty = "没有。"
	}
	view.Tabs = []option{{"open", "等着办的", view.Show == "open"}, {"call", "没回访到,要打电话的", view.Show == "call"}, {"over", "办完的", view.Show == "over"}}
	rows, err := me.st.NeedsShown(ctx, view.Show, 300)
	if err != nil {
		return err
	}
	who, err := masked(ctx, me.st, of(rows, func(n models.Need) string { return n.RecipientID })...)
	if err != nil {
		return err
	}
	now := models.InstantOf(s.Now())
	for _, n := range rows {
		if me.Role == models.AccountDepartment && !me.HandlesNeed(n) {
			continue
		}
		row := deskRow{ID: n.ID, What: "诉求 #" + itoa(n.Number) + " " + needOf(n), State: n.State.Label()}
		row.Late = n.State.Running() && n.DueAt != 0 && n.DueAt < now && n.PausedAt == 0
		row.Clock, row.Who = s.needClock(n), who[n.RecipientID]
		if row.Place, err = s.place(ctx, me.st, n.Region); err != nil {
			return err
		}
		view.Rows = append(view.Rows, row)
	}
	return s.draw(w, r, me, http.StatusOK, "desk", view)
}

// needOf names a need without its words: the department whose it is.
func needOf(n models.Need) string { return models.DepartmentOf(n.Department).Name }

func (s *site) needClock(n models.Need) string {
	switch {
	case n.PausedAt != 0:
		return "暂停"
	case n.State == models.NeedTaken:
		return s.clock(n.DueAt) + " 前办完"
	case n.State.Running() && n.NextAt != 0:
		return s.clock(n.NextAt) + " 没人接往上报"
	case n.State == models.NeedDone:
		return "等家里评"
	}
	return ""
}

func (s *site) needMatter(r *http.Request, me seat) (v matterView, n models.Need, err error) {
	ctx := r.Context()
	if n, err = me.st.Need(ctx, r.PathValue("id")); err != nil {
		return v, n, err
	}
	if me.Role == models.AccountDepartment && !me.HandlesNeed(n) {
		return v, n, store.ErrNotFound
	}
	v = matterView{Me: me, Title: "诉求 #" + itoa(n.Number), Path: "/admin/needs", ID: n.ID, State: n.State.Label()}
	who, err := masked(ctx, me.st, n.RecipientID)
	if err != nil {
		return v, n, err
	}
	where, err := s.place(ctx, me.st, n.Region)
	if err != nil {
		return v, n, err
	}
	v.Late = n.State.Running() && n.DueAt != 0 && n.DueAt < models.InstantOf(s.Now()) && n.PausedAt == 0
	v.Facts = [][2]string{{"谁家", who[n.RecipientID]}, {"在哪", where}, {"归谁", needOf(n)}, {"报的时间", s.clock(n.RaisedAt)}, {"时限", me.st.Hours().Limits(n.Clock).Do.String()}, {"期限", s.needClock(n)}}
	v.Facts = append(v.Facts, [][2]string{{"接的时间", s.clock(n.TakenAt)}, {"办结", s.clock(n.DoneAt)}, {"家里评", n.Rating.Label()}}...)
	if !me.HandlesNeed(n) {
		v.Hidden = true
		return v, n, nil
	}
	v.Words = n.Words.Reveal()
	v.Facts = append(v.Facts, [][2]string{{"结果", n.Result.Reveal()}, {"原因", n.Reason.Reveal()}}...)
	if me.may(models.ObjectNeed, models.Write) && n.State.Running() {
		switch {
		case n.PausedAt != 0:
			v.Steps = []step{{Do: "继续", Label: "继续办", Main: true}}
		case n.State == models.NeedTaken:
			v.Steps = []step{{Do: "办结", Label: "办结", Words: "结果", Main: true}, {Do: "暂停", Label: "暂停", Words: "原因"}}
		default:
			v.Steps = []step{{Do: "接", Label: "我来办", Main: true}}
		}
		v.Steps = append(v.Steps, step{Do: "转", Label: "转给别的部门", Words: "部门名称"}, step{Do: "退回", Label: "退回上一级", Words: "原因"})
	}
	v.Sheet = []string{"转办单 诉求 #" + itoa(n.Number), "转:" + needOf(n), "家在:" + where, "说的是:" + v.Words, "报的时间:" + s.clock(n.RaisedAt) + ",时限 " + me.st.Hours().Limits(n.Clock).Do.String(), "办理结果:", "经办人:          日期:"}
	return v, n, nil
}

// need is one need with the steps that the office may take.
func (s *site) need(w http.ResponseWriter, r *http.Request, me seat) error {
	v, n, err := s.needMatter(r, me)
	if err != nil {
		return err
	}
	if !v.Hidden {
		if err := me.st.Note(r.Context(), "need_read", "need:"+n.ID, ""); err != nil {
			return err
		}
	}
	return s.draw(w, r, me, http.StatusOK, "matter", v)
}

func (s *site) orderNeed(w http.ResponseWriter, r *http.Request, me seat) error {
	v, n, err := s.needMatter(r, me)
	if err != nil {
		return err
	}
	return s.taken(w, r, me, "/admin/needs/"+n.ID, v.Steps, func(word, words string) (string, error) {
		return s.Orders.Need(r.Context(), me.Account, n.ID, word, words)
	})
}
