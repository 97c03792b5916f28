package web

import (
	"errors"
	"net/http"
	"strconv"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

func itoa(n int) string { return strconv.Itoa(n) }

// questions is the desk of questions: what lies with the office or came up to it,
// and complaints where they are for it.
func (s *site) questions(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	view := deskView{Me: me, Title: "提问", Head: "等了多久", Path: "/admin/questions", Show: "open", Empty: "没有等着回的提问。干部没及时回的、没有干部的,会到这里。"}
	rows, err := me.st.OpenQuestions(ctx, "")
	if err == nil {
		var late []models.Question
		late, err = me.st.LateQuestions(ctx)
		rows = append(rows, late...)
	}
	if err != nil {
		return err
	}
	who, err := masked(ctx, me.st, of(rows, func(q models.Question) string { return q.RecipientID })...)
	if err != nil {
		return err
	}
	for _, q := range rows {
		if !me.MayHear(q) {
			continue
		}
		row := deskRow{ID: q.ID, What: questionName(q), State: questionState(q), Late: q.Step > 1}
		row.Clock = strconv.Itoa(models.Workdays(models.DayOf(q.AskedAt.Time(), s.Zone), s.today())) + "个工作日了"
		row.Who = who[q.RecipientID]
		view.Rows = append(view.Rows, row)
	}
	return s.draw(w, r, me, http.StatusOK, "desk", view)
}

func questionName(q models.Question) string {
	if q.State == models.QuestionComplaint {
		return "反映 #" + itoa(q.Number)
	}
	return "提问 #" + itoa(q.Number)
}

func questionState(q models.Question) string {
	switch {
	case !q.Waits():
		return "回过了"
	case q.State == models.QuestionComplaint:
		return "等核实"
	case q.CadreID != "":
		return "在结对干部那里"
	}
	return "等单位回"
}

func (s *site) questionMatter(r *http.Request, me seat) (v matterView, q models.Question, err error) {
	ctx := r.Context()
	if q, err = me.st.Question(ctx, r.PathValue("id")); err != nil {
		return v, q, err
	}
	if !me.MayHear(q) {
		return v, q, store.ErrNotFound
	}
	v = matterView{Me: me, Title: questionName(q), Path: "/admin/questions", ID: q.ID, State: questionState(q), Late: q.Step > 1 && q.Waits()}
	who, err := masked(ctx, me.st, q.RecipientID)
	if err != nil {
		return v, q, err
	}
	v.Facts = [][2]string{{"谁家", who[q.RecipientID]}, {"问的时间", s.clock(q.AskedAt)}}
	if !q.Waits() {
		v.Facts = append(v.Facts, [2]string{"回的时间", s.clock(q.AnsweredAt)})
	}
	if !me.may(models.ObjectQuestion, models.Write) || !me.Answers(me.Region, me.UnitID) {
		v.Hidden = true
		return v, q, nil
	}
	if v.Words = q.Words.Reveal(); q.Recording() {
		v.Words = "(语音)"
	}
	if p, err := me.st.QuestionMedium(ctx, q.ID); err == nil {
		v.Media = s.media(v, p)
	} else if !errors.Is(err, store.ErrNotFound) {
		return v, q, err
	}
	if !q.Waits() {
		v.Facts = append(v.Facts, [2]string{"回的话", q.Answer.Reveal()})
		return v, q, nil
	}
	v.Steps = []step{{Do: "answer", Label: "原话转给家里", Words: "要转的话", Main: true}, {Do: "spoken", Label: "电话说过了,了结"}}
	return v, q, nil
}

// questionDesk is one question with its answer, or a field for it.
func (s *site) questionDesk(w http.ResponseWriter, r *http.Request, me seat) error {
	v, q, err := s.questionMatter(r, me)
	if err != nil {
		return err
	}
	if !v.Hidden {
		if err := me.st.Note(r.Context(), "question_read", "recipient:"+q.RecipientID, "question:"+q.ID); err != nil {
			return err
		}
	}
	return s.draw(w, r, me, http.StatusOK, "matter", v)
}

func (s *site) orderQuestion(w http.ResponseWriter, r *http.Request, me seat) error {
	v, q, err := s.questionMatter(r, me)
	if err != nil {
		return err
	}
	return s.taken(w, r, me, "/admin/questions/"+q.ID, v.Steps, func(word, words string) (said string, err error) {
		err = me.st.InTx(r.Context(), func(tx *store.Store) error {
			if word == "spoken" {
				said = "了结了。"
				return tx.SettleQuestion(r.Context(), q, models.QuestionClosed, say.SpokenWords)
			}
			said = "记下了,马上转给家里。"
			return desk.AnswerQuestion(r.Context(), tx, q, words)
		})
		return said, err
	})
}

// cases is the desk of dangers: what is open in the places of the seat.
func (s *site) cases(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	view := deskView{Me: me, Title: "预警", Head: "什么时候报的", Path: "/admin/cases", Show: r.URL.Query().Get("show"), Empty: "没有没结的预警。"}
	if view.Show != "over" {
		view.Show = "open"
	}
	view.Tabs = []option{{"open", "没结的", view.Show == "open"}, {"over", "结了的", view.Show == "over"}}
	rows, err := me.st.Dangers(ctx, view.Show == "over", 200)
	if err != nil {
		return err
	}
	for _, d := range rows {
		row := deskRow{ID: d.ID, What: dangerName(d), State: dangerState(d), Clock: s.clock(d.RaisedAt), Urgent: d.State == models.DangerOpen && d.Level == models.DangerRed}
		if row.Place, err = s.place(ctx, me.st, d.Region); err != nil {
			return err
		}
		view.Rows = append(view.Rows, row)
	}
	return s.draw(w, r, me, http.StatusOK, "desk", view)
}

func dangerName(d models.Danger) string {
	return map[models.DangerLevel]string{models.DangerRed: "红色预警 ", models.DangerYellow: "黄色预警 "}[d.Level] + itoa(d.Number)
}

func dangerState(d models.Danger) string {
	return map[models.DangerState]string{models.DangerOpen: "等人接", models.DangerTaken: "有人在办", models.DangerClosed: "结了"}[d.State]
}

func (s *site) caseMatter(r *http.Request, me seat) (v matterView, d models.Danger, err error) {
	ctx := r.Context()
	if d, err = me.st.Danger(ctx, r.PathValue("id")); err != nil {
		return v, d, err
	}
	v = matterView{Me: me, Title: dangerName(d), Path: "/admin/cases", ID: d.ID, State: dangerState(d), Urgent: d.State == models.DangerOpen && d.Level == models.DangerRed, Late: d.State == models.DangerOpen}
	where, err := s.place(ctx, me.st, d.Region)
	if err != nil {
		return v, d, err
	}
	v.Facts = [][2]string{{"时间", s.clock(d.RaisedAt)}, {"在哪", where}}
	if !me.TakesDanger(d.Region) || !me.may(models.ObjectDanger, models.Reveal) {
		v.Hidden = true
		return v, d, nil
	}
	number := "不清楚"
	if p, err := me.st.Recipient(ctx, d.RecipientID); err == nil {
		number = p.Number
	}
	v.Words = d.Words.Reveal()
	v.Facts = append(v.Facts, [2]string{"对象编号", number})
	sounds, err := me.st.DangerSounds(ctx, d.ID)
	if err != nil {
		return v, d, err
	}
	v.Media = s.media(v, sounds...)
	if d.State != models.DangerClosed {
		v.Steps = []step{{Do: "收到", Label: "我接了", Main: d.State == models.DangerOpen}, {Do: "交班", Label: "记一笔(交班、进展)", Words: "话"}, {Do: "结案", Label: "结案", Words: "结果"}, {Do: "误报", Label: "误报", Words: "原因"}}
	}
	v.Sheet = []string{
		"强制报告单 " + dangerName(d), "报告时间:" + s.clock(models.InstantOf(s.Now())), "发现时间:" + s.clock(d.RaisedAt), "地点:" + where, "对象编号:" + number,
		"情况(原话):" + v.Words, "已打:□110  □120  □12345  □乡镇民政  □县民政局", "报告人:          单位:          电话:",
		"依据:未成年人保护法第十一条、反家庭暴力法第十四条(发现了应当立即报告)",
	}
	return v, d, nil
}

// dangerCase is one case, with its words for who takes cases of the place.
func (s *site) dangerCase(w http.ResponseWriter, r *http.Request, me seat) error {
	v, d, err := s.caseMatter(r, me)
	if err != nil {
		return err
	}
	if !v.Hidden {
		if err := me.st.Note(r.Context(), "danger_read", "danger:"+d.ID, ""); err != nil {
			return err
		}
	}
	return s.draw(w, r, me, http.StatusOK, "matter", v)
}

func (s *site) orderCase(w http.ResponseWriter, r *http.Request, me seat) error {
	v, d, err := s.caseMatter(r, me)
	if err != nil {
		return err
	}
	return s.taken(w, r, me, "/admin/cases/"+d.ID, v.Steps, func(word, words string) (string, error) {
		return s.Orders.Danger(r.Context(), me.Account, d.ID, word, words)
	})
}
