package web

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
)

type changesView struct {
	Me    seat
	Tabs  ledgerTabs
	Show  string // open, done, alone
	Kinds []option
	Rows  []changeRow
	Older string
}

// changeRow is a change request on the list.
type changeRow struct {
	ID, Kind, State, Who, To, Reason, On, Asked string
	Alone, Waits                                bool
}

// changes lists the requests: those that wait, those settled, and those that one
// person decided alone.
func (s *site) changes(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, q := r.Context(), r.URL.Query()
	view := changesView{Me: me, Show: q.Get("show")}
	f := store.AdjustmentFilter{Kind: models.AdjustmentKind(q.Get("kind"))}
	switch view.Show {
	case "done":
		f.States = []models.AdjustmentState{models.AdjustmentDone, models.AdjustmentReturned, models.AdjustmentWithdrawn, models.AdjustmentUndone}
	case "alone":
		f.Alone = true
	default:
		view.Show, f.States = "open", []models.AdjustmentState{models.AdjustmentProposed, models.AdjustmentApproved}
	}
	var err error
	if view.Tabs, err = s.ledgerTabs(r, me, "changes"); err != nil {
		return err
	}
	rows, err := me.st.Adjustments(ctx, f, q.Get("after"), pairingPage+1)
	if err != nil {
		return err
	}
	if len(rows) > pairingPage {
		rows = rows[:pairingPage]
		view.Older = changesPath + "?show=" + view.Show + "&after=" + rows[pairingPage-1].ID
	}
	who, err := s.parties(r, me, rows)
	if err != nil {
		return err
	}
	for _, k := range models.AdjustmentKinds {
		view.Kinds = append(view.Kinds, option{Value: string(k), Text: k.Label()})
	}
	for _, a := range rows {
		view.Rows = append(view.Rows, who.row(a, s.Zone))
	}
	return s.draw(w, r, me, http.StatusOK, "changes", view)
}

// named are the people and units of change requests, masked.
type named struct {
	people map[string]models.Recipient
	cadres map[string]models.Cadre
	units  map[string]string
	lists  models.Lists
}

func (s *site) parties(r *http.Request, me seat, rows []models.Adjustment) (n named, err error) {
	if n.lists, err = me.st.Lists(r.Context()); err != nil {
		return n, err
	}
	var recipients, cadres []string
	for _, a := range rows {
		recipients, cadres = append(recipients, a.RecipientID), append(cadres, a.CadreID, a.ToCadreID)
	}
	if n.people, n.cadres, err = me.st.Parties(r.Context(), recipients, cadres); err != nil {
		return n, err
	}
	units, err := me.st.Units(r.Context())
	n.units = map[string]string{}
	for _, u := range units {
		n.units[u.ID] = u.Name
	}
	return n, err
}

func (n named) person(id string) string {
	r, ok := n.people[id]
	if !ok {
		return ""
	}
	return models.MaskName(r.Name.Reveal()) + "(" + r.Number + ")"
}

func (n named) cadre(id string) string {
	c, ok := n.cadres[id]
	if !ok {
		return ""
	}
	return models.MaskName(c.Name.Reveal()) + "(" + n.units[c.UnitID] + ")"
}

// who says whom a change is about, and whom or what it goes to.
func (n named) who(a models.Adjustment) (who, to string) {
	draft, _ := a.Drafted()
	switch a.Kind {
	case models.AdjustUnitMerge:
		return n.units[a.UnitID], n.units[a.ToUnitID]
	case models.AdjustCadreIn, models.AdjustCadreOut:
		if who = n.cadre(a.CadreID); who == "" {
			who = models.MaskName(draft.Name) + "(" + n.units[a.UnitID] + ")"
		}
	default:
		if who = n.person(a.RecipientID); who == "" {
			who = models.MaskName(draft.Name)
		}
	}
	return who, n.cadre(a.ToCadreID)
}

func (n named) row(a models.Adjustment, zone *time.Location) changeRow {
	row := changeRow{
		ID: a.ID, Kind: a.Kind.Label(), State: a.State.Label(), Reason: a.Reason, On: a.EffectiveOn.String(), Alone: a.Alone,
		Asked: models.DayOf(a.ProposedAt.Time(), zone).String(), Waits: a.State == models.AdjustmentProposed,
	}
	row.Who, row.To = n.who(a)
	if a.Kind == models.AdjustSwap {
		row.Who += ":" + n.cadre(a.CadreID)
	}
	if line := n.lists.Line(a.Line, a.EffectiveOn); a.Kind == models.AdjustLineIn || a.Kind == models.AdjustLineOut {
		row.Who += ":" + line
	}
	return row
}

type changeView struct {
	Me        seat
	Row       changeRow
	Note      string
	Decision  string
	Facts     [][2]string
	Will      []string // what approving it does
	Cards     []option
	Decide    bool // the office may
	Own       bool // the visitor asked for it
	Withdraw  bool
	Undo      bool
	Fault     string
	Words     string // as typed, where they were not taken
	Earliest  string // from when the own request may be approved
	CanFollow bool
}

// change shows one request with what it would do, and the decision.
func (s *site) change(w http.ResponseWriter, r *http.Request, me seat) error {
	return s.drawChange(w, r, me, http.StatusOK, "")
}

func (s *site) drawChange(w http.ResponseWriter, r *http.Request, me seat, status int, fault string) error {
	ctx := r.Context()
	a, err := me.st.Adjustment(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	who, err := s.parties(r, me, []models.Adjustment{a})
	if err != nil {
		return err
	}
	open := a.State == models.AdjustmentProposed
	view := changeView{
		Me: me, Row: who.row(a, s.Zone), Note: a.Note.Reveal(), Decision: a.Decision.Reveal(), Fault: fault, Words: r.PostFormValue("words"), Own: a.ProposedBy == me.ID,
		Decide:   open && me.Decides(a.Region) && me.may(models.ObjectChange, models.Write),
		Withdraw: open && a.ProposedBy == me.ID,
		Undo:     a.Kind == models.AdjustUnitMerge && a.State == models.AdjustmentDone && me.Decides(a.Region),
	}
	if at := a.ProposedAt.Add(models.AloneAfter); view.Decide && view.Own && models.InstantOf(s.Now()) < at {
		view.Earliest = at.Time().In(s.Zone).Format("15:04")
	}
	if view.Facts, err = s.draftFacts(ctx, me, a, who); err != nil {
		return err
	}
	if view.Will, err = s.willDo(r, me, a, who); err != nil {
		return err
	}
	cards, err := me.st.HandoversOf(ctx, a.ID, "")
	if err != nil {
		return err
	}
	var ids []string
	for _, h := range cards {
		ids = append(ids, h.RecipientID)
	}
	people, _, err := me.st.Parties(ctx, ids, nil)
	if err != nil {
		return err
	}
	for _, h := range cards {
		text := "接手的干部看过了"
		switch {
		case h.ToCadreID == "":
			text = "还没有人接手"
		case h.ReadAt == 0:
			text = "接手的干部还没看"
		}
		r := people[h.RecipientID]
		view.Cards = append(view.Cards, option{Value: h.ID, Text: models.MaskName(r.Name.Reveal()) + "(" + r.Number + "):" + text, Chosen: h.ReadAt != 0})
	}
	return s.draw(w, r, me, status, "change", view)
}

// willDo says before a decision what follows from it.
func (s *site) willDo(r *http.Request, me seat, a models.Adjustment, who named) (lines []string, err error) {
	if !a.Open() {
		return nil, nil
	}
	ctx := r.Context()
	switch a.Kind {
	case models.AdjustUnitMerge:
		staff, err := me.st.UnitCadres(ctx, a.UnitID)
		if err != nil {
			return nil, err
		}
		return []string{
			fmt.Sprintf("%s 在册干部 %d 人,全部转到 %s。", who.units[a.UnitID], len(staff), who.units[a.ToUnitID]), "他们的结对都不变。", "30 天内可以整批复原。",
		}, nil
	case models.AdjustCadreOut:
		rows, err := me.st.LastingPairings(ctx, "", a.CadreID)
		if err != nil {
			return nil, err
		}
		next := "这些对象进“待匹配”,一天没人接手就告诉乡镇和县上。"
		if a.ToCadreID != "" {
			next = "都由 " + who.cadre(a.ToCadreID) + " 接手,两边和家里都会收到一句。"
		}
		return []string{fmt.Sprintf("结束 %d 对结对,到 %s 止。", len(rows), a.EffectiveOn.Add(-1).String()), next, "他的提醒停发,微信解绑,没用的绑定码作废。"}, nil
	case models.AdjustRecipientOut:
		rows, err := me.st.LastingPairings(ctx, a.RecipientID, "")
		if err != nil {
			return nil, err
		}
		return []string{fmt.Sprintf("结束 %d 对结对,%s当天还算。", len(rows), a.EffectiveOn.String()), "对他家的提醒和通知都停。"}, nil
	case models.AdjustSwap:
		if a.ToCadreID == "" {
			return []string{"原来的一对到 " + a.EffectiveOn.Add(-1).String() + " 止,对象进“待匹配”。"}, nil
		}
		return []string{"原来的一对到 " + a.EffectiveOn.Add(-1).String() + " 止," + a.EffectiveOn.String() + "起由 " + who.cadre(a.ToCadreID) + " 联系。", "没答的提问和没办完的诉求一起交过去。"}, nil
	case models.AdjustLineIn:
		return []string{who.lists.Line(a.Line, a.EffectiveOn) + ":" + a.EffectiveOn.String() + "起由 " + who.cadre(a.ToCadreID) + " 做;结对干部不变。", "他绑了微信的,会收到一句。"}, nil
	case models.AdjustLineOut:
		return []string{who.lists.Line(a.Line, a.EffectiveOn) + "到 " + a.EffectiveOn.String() + " 止,当天还算;结对干部不变。"}, nil
	case models.AdjustRecipientIn:
		next := "先进“待匹配”,一天没人接手就告诉乡镇和县上。"
		if a.ToCadreID != "" {
			next = a.EffectiveOn.String() + "起由 " + who.cadre(a.ToCadreID) + " 结对。"
		}
		return []string{"进名册;没有身份证号的给临时编号。", next}, nil
	case models.AdjustCadreIn:
		return []string{"进干部名册,可以给他结对、发绑定码。"}, nil
	case models.AdjustRecipientMove:
		return []string{"对象改到新的地区,结对不变。跨县的,两边县上各记一笔迁移;全市的数不变。"}, nil
	}
	return nil, nil
}

// decide approves or returns a request, takes the own one back, or puts a merge
// back.
func (s *site) decide(w http.ResponseWriter, r *http.Request, me seat) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	ctx, id := r.Context(), r.PathValue("id")
	here := changesPath + "/" + id
	said := ""
	switch f.Get("do") {
	case "approve", "return":
		var a models.Adjustment
		a, err = desk.Decide(ctx, me.st, me.Account, id, f.Get("do") == "approve", f.Get("words"), s.Zone)
		said = map[models.AdjustmentState]string{
			models.AdjustmentDone: "批了,已经办好。", models.AdjustmentApproved: "批了,到生效那天自动办。", models.AdjustmentReturned: "退回了,报的人会看到原因。",
		}[a.State]
	case "withdraw":
		err, said = desk.WithdrawAdjustment(ctx, me.st, me.Account, id), "撤回了。"
	case "undo":
		var back, kept int
		back, kept, err = desk.UndoMerge(ctx, me.st, me.Account, id, s.today())
		if said = fmt.Sprintf("复原了,%d 人转回原单位。", back); kept > 0 {
			said += fmt.Sprintf("另有 %d 人之后又动过,没有动他们。", kept)
		}
	default:
		return s.drawChange(w, r, me, http.StatusUnprocessableEntity, "请点下面的一个按钮。")
	}
	var fault models.Fault
	if errors.As(err, &fault) {
		return s.drawChange(w, r, me, http.StatusConflict, fault.Error())
	}
	if err != nil {
		return err
	}
	return s.done(w, r, here, said)
}
