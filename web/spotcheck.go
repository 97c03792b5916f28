package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
)

type checksView struct {
	Months         []option
	Month          models.Month
	Key            string // 2026-11
	SeedHash, Seed string
	Sentence, Note string
	Chart          *chart
	Rows           []checkLine
	All            bool
	MayDraw        bool
	Frame          int
	Sizes          []option
	Wait           string // why nothing can be drawn yet
	Pager          pager
}

type checkLine struct {
	Link, Person, Number, Place, Day, State string
	Kind                                    string
}

const checksPage = 40

// checks is the phone list of a month, with what was found so far.
func (s *site) checks(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	last := models.MonthOf(s.today()).Add(-1)
	view := checksView{Month: last, All: r.FormValue("all") == "1"}
	if m, err := models.ParseMonth(r.FormValue("month")); err == nil {
		view.Month = m
	}
	view.Key = string(view.Month)
	for i := range 6 {
		m := last.Add(1 - i)
		view.Months = append(view.Months, option{"/admin/checks?month=" + string(m), m.String(), m == view.Month})
	}
	seed, err := me.st.CheckSeed(ctx, view.Month)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	view.SeedHash = seed.Hash
	if seed.RevealedAt != 0 {
		view.Seed = seed.Seed.Reveal()
	}
	counts, err := me.st.CheckCounts(ctx, view.Month)
	if err != nil {
		return err
	}
	if len(counts) > 0 {
		view.Sentence, view.Note = counts[0].Sentence(), counts[0].Footnote()
		if c := checkChart(counts); c.SVG != "" {
			view.Chart = &c
		}
	} else if me.may(models.ObjectSpotCheck, models.Write) && me.Role != models.AccountChecker {
		if err := s.offerDraw(r, me, &view, seed); err != nil {
			return err
		}
	}
	skip, _ := strconv.Atoi(r.FormValue("skip")) // a wrong number begins at the first
	rows, err := me.st.CheckPage(ctx, view.Month, !view.All, max(0, skip), checksPage+1)
	if err != nil {
		return err
	}
	link := func(skip int) string {
		return fmt.Sprintf("/admin/checks?month=%s&all=%s&skip=%d", string(view.Month), map[bool]string{true: "1"}[view.All], max(0, skip))
	}
	if len(rows) > checksPage {
		rows, view.Pager.Older = rows[:checksPage], link(skip+checksPage)
	}
	if skip > 0 {
		view.Pager.Newer = link(skip - checksPage)
	}
	for _, c := range rows {
		view.Rows = append(view.Rows, s.checkLine(c))
	}
	return s.draw(w, r, me, http.StatusOK, "checks", view)
}

// offerDraw says how many would be drawn for which interval, or why not yet.
func (s *site) offerDraw(r *http.Request, me seat, view *checksView, seed models.CheckSeed) error {
	end := models.StartOf(view.Month.Add(1).First(), s.Zone)
	switch {
	case models.InstantOf(s.Now()) < end:
		view.Wait = view.Month.String() + "还没过完,下月初再抽。"
		return nil
	case seed.Hash == "" || seed.CommittedAt >= end:
		view.Wait = "这个月的种子没在月底前公布校验码,抽了也没人信。从公布过的月份起再抽。"
		return nil
	}
	frame, err := me.st.DrawFrame(r.Context(), me.Region, view.Month)
	if err != nil {
		return err
	}
	view.Frame, view.MayDraw = len(frame), len(frame) > 0
	if !view.MayDraw {
		view.Wait = view.Month.String() + "没有走访记录,没有可抽的。"
	}
	for _, half := range []float64{0.12, 0.1, 0.08, 0.05, 0.03} {
		view.Sizes = append(view.Sizes, option{
			strconv.FormatFloat(half, 'f', 2, 64), fmt.Sprintf("抽 %d 户,误差上下%.0f个百分点", models.SampleSize(len(frame), half), 100*half), half == 0.1,
		})
	}
	return nil
}

func (s *site) checkLine(c store.CheckLine) checkLine {
	l := checkLine{
		Link: "/admin/checks/" + c.ID, Person: models.MaskName(c.Recipient.Name.Reveal()), Number: c.Recipient.Number, Place: strings.ReplaceAll(c.Township, "/", " "), Day: c.Day.String(),
	}
	switch {
	case c.NeedsSecond():
		l.State, l.Kind = "等第二个人核", "help"
	case c.AskedAt != 0:
		l.State, l.Kind = c.Final().Label(), "visit"
	case c.AskFrom > s.today():
		l.State = c.AskFrom.String() + "起打"
	default:
		l.State, l.Kind = "还没打", "contact"
	}
	return l
}

// drawChecks draws a month once.
func (s *site) drawChecks(w http.ResponseWriter, r *http.Request, me seat) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	back := "/admin/checks?month=" + f.Get("month")
	month, err := models.ParseMonth(f.Get("month"))
	half, err2 := strconv.ParseFloat(f.Get("half"), 64)
	if err != nil || err2 != nil || half <= 0 || half > 0.5 {
		return s.done(w, r, "/admin/checks", "选好哪个月、抽多少再抽。")
	}
	if month >= models.MonthOf(s.today()) {
		return s.done(w, r, back, month.String()+"还没过完,下月再抽。")
	}
	n, err := me.st.DrawChecks(r.Context(), me.Region, month, half, s.Zone)
	if errors.Is(err, store.ErrNoSeed) {
		return s.done(w, r, back, "这个月的种子没在月底前公布校验码,不能抽。")
	}
	if err != nil {
		return err
	}
	return s.done(w, r, back, fmt.Sprintf("抽了 %d 户,种子公开在下面。", n))
}

type checkView struct {
	form
	ID, Back               string
	Person, Number, Place  string
	Day, Deed              string
	Phones                 []checkPhone
	Asked, Second, TooSoon string
	Closed                 bool
	Open                   bool // shown in full to who asks
	Answers                []checkQuestion
	Outcomes               []option
}

type checkPhone struct{ Who, Name, Phone string }

type checkQuestion struct {
	Name, Text string
	Weight     int
	Options    []option
}

// checkQuestions are asked by weight: the first must agree, the second may
// differ, the third is about how the family is.
var checkQuestions = []struct {
	name, text string
	weight     int
}{
	{"came", "最近有没有人到家里来看过?", 1},
	{"when", "大概是不是这个日子前后?", 1},
	{"who", "来的是不是结对干部?", 1},
	{"given", "记的给了东西、办了事,对不对?", 2},
	{"again", "还愿不愿意是这个人来?", 3},
}

// check is one household to be called, masked until who asks opens it.
func (s *site) check(w http.ResponseWriter, r *http.Request, me seat) error {
	line, err := me.st.Check(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.showCheck(w, r, me, line, form{}, http.StatusOK)
}

func (s *site) showCheck(w http.ResponseWriter, r *http.Request, me seat, line store.CheckLine, f form, status int) error {
	ctx, second := r.Context(), line.NeedsSecond()
	view := checkView{
		form: f, ID: line.ID, Back: "/admin/checks?month=" + string(line.Month), Person: models.MaskName(line.Recipient.Name.Reveal()),
		Number: line.Recipient.Number, Place: nearer(line.Township, me.Scope), Day: line.Day.String(), Closed: line.AskedAt != 0 && !second,
	}
	if view.Closed {
		view.Asked = "已经问过:" + line.Final().Label()
	}
	if second {
		view.Second = "第一位问到的是不实。请另一位再问一遍,问完才算数;先不要告诉单位和干部。"
	}
	if line.AskFrom > s.today() {
		view.TooSoon = line.AskFrom.String() + "起才打这一户。"
	}
	mine := line.MayCheck(me.Account, second) && !view.Closed && view.TooSoon == ""
	view.Open = mine && me.may(models.ObjectSpotCheck, models.Reveal) && f.Get("open") == "yes"
	switch {
	case view.Open:
		// Written down before anything is shown.
		if err := me.st.Note(ctx, "check.open", "recipient:"+line.RecipientID, "spotcheck:"+line.ID); err != nil {
			return err
		}
		view.Person = line.Recipient.Name.Reveal()
		contacts, err := me.st.CheckContacts(ctx, line.SpotCheck)
		if err != nil {
			return err
		}
		for _, c := range contacts {
			view.Phones = append(view.Phones, checkPhone{c.Kind.Label(), c.Name.Reveal(), c.Phone.Reveal()})
		}
	case !mine && !view.Closed && view.TooSoon == "":
		view.Second = "这一户要由别的人来问:同一个单位的、第一次问过的,都不行。"
		view.Closed = true
	}
	for _, q := range checkQuestions {
		view.Answers = append(view.Answers, checkQuestion{q.name, q.text, q.weight, []option{
			{"yes", "是", f.Get(q.name) == "yes"}, {"no", "不是", f.Get(q.name) == "no"}, {"unsure", "说不清", f.Get(q.name) == "unsure"},
		}})
	}
	for _, o := range models.Outcomes {
		view.Outcomes = append(view.Outcomes, option{string(o), o.Label(), f.Get("outcome") == string(o)})
	}
	return s.draw(w, r, me, status, "check", view)
}

// recordCheck opens a household for who asks, or writes what the family said.
func (s *site) recordCheck(w http.ResponseWriter, r *http.Request, me seat) error {
	line, err := me.st.Check(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	outcome := models.Outcome(f.Get("outcome"))
	if f.Get("open") == "yes" && !f.Values.Has("state") {
		return s.showCheck(w, r, me, line, f, http.StatusOK)
	}
	if outcome.Label() == "" {
		f.wrong("", "选一个结果再存。")
		return s.showCheck(w, r, me, line, f, http.StatusUnprocessableEntity)
	}
	answers := desk.CheckAnswers{
		Came: f.Get("came"), When: f.Get("when"), Who: f.Get("who"), Given: f.Get("given"), Again: f.Get("again"), State: f.Get("state"), Words: f.Get("words"),
	}
	err = desk.RecordCheck(r.Context(), me.st, me.Account, line.ID, answers, outcome, s.Now(), s.Zone)
	switch {
	case errors.Is(err, desk.ErrAnswers):
		f.wrong("", "结果和上面的回答对不上:说没人来过的不能算一致,说来过的不能算不实。")
	case errors.Is(err, desk.ErrNotYours):
		f.wrong("", "这一户要由别的单位、别的人来问。")
	case errors.Is(err, desk.ErrTooEarly):
		f.wrong("", "还没到打这一户的日子。")
	case errors.Is(err, store.ErrLost):
		f.wrong("", "这一户刚才有人问过了,没有覆盖。")
	case err != nil:
		return err
	}
	if !f.OK() {
		return s.showCheck(w, r, me, line, f, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/admin/checks?month="+string(line.Month), "记上了。")
}
