package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"aixin/models"
	"aixin/models/store"
)

const plansPath = "/admin/plans"

type plansView struct {
	Scope  string
	States []option
	Rows   []planRow
	Pager  pager
}

type planRow struct{ Name, Number, Place, State, Measures, Review, Link string }

// plans lists the plans of a place; how many there are is asked of nobody.
func (s *site) plans(w http.ResponseWriter, r *http.Request, me seat) error {
	q := r.URL.Query()
	state := models.PlanState(q.Get("state"))
	v := plansView{Scope: me.Scope, States: []option{{"", "都看", state == ""}, {string(models.PlanDraft), "等着批", state == models.PlanDraft}, {string(models.PlanApproved), "在用", state == models.PlanApproved}}}
	lines, err := me.st.PlanPage(r.Context(), state, q.Get("after"), pageSize+1)
	if err != nil {
		return err
	}
	if len(lines) > pageSize {
		lines = lines[:pageSize]
		v.Pager.Older = plansPath + "?state=" + string(state) + "&after=" + lines[pageSize-1].ID
	}
	for _, l := range lines {
		row := planRow{
			Name: models.MaskName(l.Recipient.Name.Reveal()), Number: l.Recipient.Number, State: l.State.Label(), Link: plansPath + "/" + l.RecipientID,
			Measures: strconv.Itoa(l.Done) + "/" + strconv.Itoa(l.Done+l.Open), Review: s.date(l.ReviewOn),
		}
		if l.State == models.PlanApproved && l.ReviewOn <= s.today() {
			row.Review += "(该看了)"
		}
		v.Rows = append(v.Rows, row)
	}
	return s.draw(w, r, me, http.StatusOK, "plans", v)
}

type planView struct {
	form
	ID, Name, Number    string
	State, Version      string
	Review              models.Day
	Needs, Goals        string
	Material, Spirit    []measureRow
	Lines               []option
	Blank               []int // places for more measures
	MayWrite, MayOffer  bool
	Draft, Fresh        bool
	Older               []string
	Activities          []option
	DraftedBy, Approved string
	lists               models.Lists
}

type measureRow struct {
	ID, Side, Line, LineName, Words, Owner string
	Due, Done                              models.Day
	Lines                                  []option
}

// blankMeasures is how many empty places a plan's form has beside what there is.
const blankMeasures = 3

// plan is one person's plan: what is in force or being drafted, drawn up from
// needs and services where there is none.
func (s *site) plan(w http.ResponseWriter, r *http.Request, me seat) error {
	v, err := s.planView(r, me, r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.draw(w, r, me, http.StatusOK, "plan", v)
}

func (s *site) planView(r *http.Request, me seat, id string) (planView, error) {
	ctx, today := r.Context(), s.today()
	p, err := me.st.Recipient(ctx, id)
	if err != nil {
		return planView{}, err
	}
	v := planView{ID: id, Name: models.MaskName(p.Name.Reveal()), Number: p.Number, MayWrite: me.may(models.ObjectPlan, models.Write)}
	plan, measures, older, err := me.st.Plan(ctx, id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return v, err
	}
	if err == nil {
		v.State, v.Version, v.Review = plan.State.Label(), strconv.Itoa(plan.Version), plan.ReviewOn
		v.Needs, v.Goals, v.Draft = plan.Needs.Reveal(), plan.Goals.Reveal(), plan.State == models.PlanDraft
		v.DraftedBy = s.clock(plan.DraftedAt)
		v.Approved = s.clock(plan.ApprovedAt)
		v.MayOffer = v.MayWrite && v.Draft && me.Role != models.AccountDepartment
		for _, o := range older {
			v.Older = append(v.Older, "第 "+strconv.Itoa(o.Version)+" 版,"+o.State.Label()+","+s.clock(o.DraftedAt))
		}
	} else {
		v.Fresh = true
		needs, _, _, err := me.st.OpenMatters(ctx, id)
		if err != nil {
			return v, err
		}
		pairings, err := me.st.PairingsOf(ctx, []string{id})
		if err != nil {
			return v, err
		}
		var ids []string
		for _, x := range pairings {
			ids = append(ids, x.CadreID)
		}
		named, err := me.st.CadreNames(ctx, ids)
		if err != nil {
			return v, err
		}
		owners := map[string]string{}
		for id, c := range named {
			owners[id] = models.MaskName(c.Name) + "(" + c.Unit + ")"
		}
		v.Needs, measures = models.DraftPlan(needs, pairings, owners, today)
	}
	if v.lists, err = me.st.Lists(ctx); err != nil {
		return v, err
	}
	v.Material, v.Spirit = s.measureRows(v.lists, measures)
	v.Lines = s.choices(v.lists, models.ListLine, "")
	for i := range blankMeasures {
		v.Blank = append(v.Blank, i)
	}
	return v, nil
}

// savePlan keeps a draft: over the one there is, or as the next version.
func (s *site) savePlan(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, id := r.Context(), r.PathValue("id")
	in, err := readForm(r)
	if err != nil {
		return err
	}
	p, err := me.st.Recipient(ctx, id)
	if err != nil {
		return err
	}
	if me.Role == models.AccountDepartment {
		return s.noPage(w, r) // a department ticks its own measures
	}
	lists, err := me.st.Lists(ctx)
	if err != nil {
		return err
	}
	measures, fault := readMeasures(in, lists, s.today())
	if fault != "" {
		v, err := s.planView(r, me, id)
		if err != nil {
			return err
		}
		v.form, v.Needs, v.Goals = in, in.Get("needs"), in.Get("goals")
		v.wrong("", fault)
		v.Material, v.Spirit = s.measureRows(v.lists, measures)
		return s.draw(w, r, me, http.StatusUnprocessableEntity, "plan", v)
	}
	plan := models.CarePlan{RecipientID: p.ID, Needs: models.Conceal(in.Get("needs")), Goals: models.Conceal(in.Get("goals"))}
	err = me.st.InTx(ctx, func(tx *store.Store) error {
		before, _, _, err := tx.Plan(ctx, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		row, rows := plan, append([]models.PlanMeasure(nil), measures...)
		if err := tx.SavePlan(ctx, &row, rows); err != nil {
			return err
		}
		return tx.NoteChange(ctx, "plan.save", "recipient:"+id, "第 "+strconv.Itoa(row.Version)+" 版", before.Goals.Reveal(), row.Goals.Reveal())
	})
	if err != nil {
		return err
	}
	return s.done(w, r, plansPath+"/"+id, "存好了,是草稿;乡镇批了才算数。")
}

// readMeasures takes the measures of the form: those with words. Something wrong
// is said once; what was typed stays.
func readMeasures(in form, lists models.Lists, on models.Day) (all []models.PlanMeasure, fault string) {
	v := in.Values
	for i, words := range v["words"] {
		get := func(name string) string {
			if i < len(v[name]) {
				return v[name][i]
			}
			return ""
		}
		if words == "" {
			continue
		}
		m := models.PlanMeasure{Side: models.PlanSide(get("side")), Line: models.Line(get("line")), Words: models.Conceal(words), Owner: models.Conceal(get("owner"))}
		if m.Side != models.SideSpirit {
			m.Side = models.SideMaterial
		}
		if !lists.Has(models.ListLine, string(m.Line), on) {
			m.Line = models.LinePairing
		}
		for _, d := range []struct {
			name string
			into *models.Day
		}{{"due", &m.DueOn}, {"done", &m.DoneOn}} {
			if text := get(d.name); text != "" {
				day, err := models.ParseDay(text)
				if err != nil {
					fault = "日期要写成 2026-12-20 这样。"
				}
				*d.into = day
			}
		}
		all = append(all, m)
	}
	if fault == "" && len(all) > 40 {
		fault = "一份策最多 40 条措施,拣要紧的写。"
	}
	if len([]rune(in.Get("needs"))) > 2000 || len([]rune(in.Get("goals"))) > 2000 {
		fault = "需求和目标各写 2000 字以内。"
	}
	return all, fault
}

// measureRows are the two columns of a plan.
func (s *site) measureRows(lists models.Lists, all []models.PlanMeasure) (material, spirit []measureRow) {
	for _, m := range all {
		row := measureRow{
			m.ID, string(m.Side), string(m.Line), lists.Line(m.Line, s.today()), m.Words.Reveal(), m.Owner.Reveal(), m.DueOn, m.DoneOn,
			s.choices(lists, models.ListLine, string(m.Line)),
		}
		if m.Side == models.SideSpirit {
			spirit = append(spirit, row)
		} else {
			material = append(material, row)
		}
	}
	return material, spirit
}

// approvePlan puts the draft in force.
func (s *site) approvePlan(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, id := r.Context(), r.PathValue("id")
	if err := r.ParseForm(); err != nil {
		return err
	}
	plan, _, _, err := me.st.Plan(ctx, id)
	if err != nil {
		return err
	}
	if me.Role == models.AccountDepartment {
		return s.noPage(w, r)
	}
	review := s.today().Add(models.PlanReviewAfter)
	err = me.st.InTx(ctx, func(tx *store.Store) error {
		if err := tx.ApprovePlan(ctx, plan, review); err != nil {
			return err
		}
		return tx.Note(ctx, "plan.approve", "recipient:"+id, "第 "+strconv.Itoa(plan.Version)+" 版")
	})
	if errors.Is(err, store.ErrLost) {
		return s.done(w, r, plansPath+"/"+id, "这一版已经有人批了,或者又改过。")
	}
	if err != nil {
		return err
	}
	return s.done(w, r, plansPath+"/"+id, "批了。"+strings.ReplaceAll(string(review), "-", ".")+" 再一起看一遍。")
}

// tickMeasure notes that a measure was done today, or that it was not after all.
func (s *site) tickMeasure(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, id := r.Context(), r.PathValue("id")
	in, err := readForm(r)
	if err != nil {
		return err
	}
	_, measures, _, err := me.st.Plan(ctx, id)
	if err != nil {
		return err
	}
	lists, err := me.st.Lists(ctx)
	if err != nil {
		return err
	}
	for _, m := range measures {
		if m.ID != in.Get("measure") {
			continue
		}
		day := s.today()
		if m.DoneOn != "" {
			day = ""
		}
		err = me.st.InTx(ctx, func(tx *store.Store) error {
			if err := tx.TickMeasure(ctx, m.ID, day, ""); err != nil {
				return err
			}
			return tx.NoteChange(ctx, "plan.tick", "recipient:"+id, lists.Line(m.Line, s.today()), string(m.DoneOn), string(day))
		})
		if err != nil {
			return err
		}
		return s.done(w, r, plansPath+"/"+id, map[bool]string{true: "勾上了。", false: "取消了。"}[day != ""])
	}
	return s.noPage(w, r)
}
