package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
)

const (
	pairingsPath = "/admin/pairings"
	waitingPath  = "/admin/pairings/waiting"
	changesPath  = "/admin/adjustments"
	pairingPage  = 40
	waitingPage  = 20
)

// ledgerTabs are the four lists that the ledger is looked at by.
type ledgerTabs struct {
	Here             string
	Waiting, Changes int64
	Write            bool
	Asks             bool // may propose changes
}

// ledgerTabs counts what stands on the tabs; who has counted those that wait
// already says so.
func (s *site) ledgerTabs(r *http.Request, me seat, here string, waiting ...store.Waiting) (t ledgerTabs, err error) {
	t = ledgerTabs{Here: here, Write: me.may(models.ObjectPairing, models.Write), Asks: me.may(models.ObjectChange, models.Write)}
	if here == "waiting" {
		t.Waiting = int64(len(waiting))
	} else if t.Waiting, err = me.st.CountWaiting(r.Context(), "", s.today()); err != nil {
		return t, err
	}
	t.Changes, err = me.st.CountAdjustments(r.Context())
	return t, err
}

type pairingsView struct {
	Me     seat
	Tabs   ledgerTabs
	Lines  []option
	Places []option
	Units  []option
	Ended  bool
	Total  int64
	Rows   []ledgerRow
	Older  string
}

// ledgerRow is one row of the ledger, as it may be shown.
type ledgerRow struct {
	ID, Person, Number, Place, Cadre, Unit, Line string
	LineCode                                     string
	RecipientID, CadreID                         string
	PersonLink, CadreLink                        string
	From, To                                     string
	Reason                                       string
	Lead                                         bool
}

// pairingsList shows the ledger: who is paired with whom, since when, and until
// when and why.
func (s *site) pairingsList(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, q := r.Context(), r.URL.Query()
	f := store.LedgerFilter{Region: q.Get("region"), Unit: q.Get("unit"), Line: models.Line(q.Get("line")), Ended: q.Get("ended") != "", On: s.today()}
	view := pairingsView{Me: me, Ended: f.Ended}
	here := "now"
	if f.Ended {
		here = "ended"
	}
	var err error
	if view.Tabs, err = s.ledgerTabs(r, me, here); err != nil {
		return err
	}
	lists, err := me.st.Lists(ctx)
	if err != nil {
		return err
	}
	view.Lines = s.choices(lists, models.ListLine, string(f.Line))
	if me.Role != models.AccountUnit {
		if view.Places, err = places(r, me.st, me.Region, f.Region); err != nil {
			return err
		}
		units, err := s.unitsFor(ctx, me)
		if err != nil {
			return err
		}
		for _, u := range units {
			view.Units = append(view.Units, option{u.ID, u.Name, u.ID == f.Unit})
		}
	}
	lines, total, err := me.st.LedgerPage(ctx, f, q.Get("after"), pairingPage+1)
	if err != nil {
		return err
	}
	if view.Total = total; len(lines) > pairingPage {
		lines = lines[:pairingPage]
		more := url.Values{"after": {lines[pairingPage-1].ID}}
		for _, name := range []string{"region", "unit", "line", "ended"} {
			if v := q.Get(name); v != "" {
				more.Set(name, v)
			}
		}
		view.Older = pairingsPath + "?" + more.Encode()
	}
	link := func(o models.Object, to string) string {
		if me.may(o, models.See) {
			return to
		}
		return ""
	}
	for _, l := range lines {
		view.Rows = append(view.Rows, ledgerRow{
			PersonLink: link(models.ObjectPerson, peoplePath+"/"+l.RecipientID), CadreLink: link(models.ObjectCadre, cadresPath+"/"+l.CadreID),
			ID: l.ID, Person: models.MaskName(l.Recipient.Name.Reveal()), Number: l.Recipient.Number, Place: nearer(l.Place, me.Scope),
			Cadre: models.MaskName(l.Cadre.Name.Reveal()), Unit: l.Unit, Line: lists.Line(l.Line, s.today()), LineCode: string(l.Line), RecipientID: l.RecipientID, CadreID: l.CadreID,
			From: s.date(l.FromDay), To: s.date(l.ToDay), Reason: l.Reason, Lead: l.Line == models.LinePairing,
		})
	}
	return s.draw(w, r, me, http.StatusOK, "pairings", view)
}

type waitingView struct {
	Me    seat
	Tabs  ledgerTabs
	Today models.Day
	Total int
	Rows  []waitingRow
	Fault string
	Next  string
}

type waitingRow struct {
	ID, Person, Number, Place, Needs string
	Since                            string
	Days                             int // without a cadre
	Late                             bool
	Proposals                        []proposalRow
}

type proposalRow struct{ CadreID, Cadre, Unit, Why string }

// waitingList shows who has no cadre, since when, and whom the matching proposes.
func (s *site) waitingList(w http.ResponseWriter, r *http.Request, me seat) error {
	return s.drawWaiting(w, r, me, http.StatusOK, "")
}

func (s *site) drawWaiting(w http.ResponseWriter, r *http.Request, me seat, status int, fault string) error {
	ctx, today := r.Context(), s.today()
	view := waitingView{Me: me, Today: today, Fault: fault}
	waiting, err := me.st.WaitingOn(ctx, "", today)
	if err != nil {
		return err
	}
	if view.Tabs, err = s.ledgerTabs(r, me, "waiting", waiting...); err != nil {
		return err
	}
	view.Total = len(waiting)
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	from := min(max(page, 0)*waitingPage, len(waiting))
	if from+waitingPage < len(waiting) {
		view.Next = waitingPath + "?page=" + strconv.Itoa(page+1)
	}
	waiting = waiting[from:min(from+waitingPage, len(waiting))]
	found, err := desk.Propositions(ctx, me.st, waiting)
	if err != nil {
		return err
	}
	township := func(p store.Waiting) string { return p.Region[:min(9, len(p.Region))] }
	codes := make([]string, len(waiting))
	for i, p := range waiting {
		codes[i] = township(p)
	}
	places, err := me.st.PlaceNames(ctx, codes)
	if err != nil {
		return err
	}
	for _, p := range waiting {
		row := waitingRow{ID: p.ID, Person: models.MaskName(p.Name.Reveal()), Number: p.Number, Place: nearer(places[township(p)], me.Scope), Since: s.date(p.Since)}
		if p.Since != "" {
			row.Days = today.Sub(p.Since)
			row.Late = row.Days > 1
		}
		for _, n := range found[p.ID] {
			row.Proposals = append(row.Proposals, proposalRow{n.CadreID, models.MaskName(n.Cadre.Name.Reveal()), n.Unit, strings.Join(n.Why, ";")})
		}
		view.Rows = append(view.Rows, row)
	}
	return s.draw(w, r, me, status, "waiting", view)
}

// acceptProposal pairs a person with the cadre that somebody of the office chose.
func (s *site) acceptProposal(w http.ResponseWriter, r *http.Request, me seat) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if f.Get("recipient") == "" || f.Get("cadre") == "" {
		return s.drawWaiting(w, r, me, http.StatusUnprocessableEntity, "先选一位干部,再点配上。")
	}
	if _, err := me.st.Recipient(r.Context(), f.Get("recipient")); err != nil {
		return err
	}
	_, err = desk.Pair(r.Context(), me.st, me.Account, f.Get("recipient"), f.Get("cadre"), s.today())
	var fault models.Fault
	if errors.As(err, &fault) {
		return s.drawWaiting(w, r, me, http.StatusConflict, fault.Error())
	}
	if err != nil {
		return err
	}
	return s.done(w, r, waitingPath, "配上了,从今天起算。干部和家里有微信的都会收到一句。")
}

type handoverView struct {
	Me                          seat
	Person, Number, Place, From string
	To, On, Needs, Read, Plan   string
	Promises                    []models.Day
	Open                        []string
	Asked                       int
	Last                        []string
	Back                        string
}

// handoverPage shows a hand-over card, masked: the next cadre reads the whole of
// it in the chat.
func (s *site) handoverPage(w http.ResponseWriter, r *http.Request, me seat) error {
	card, err := desk.HandoverCard(r.Context(), me.st, r.PathValue("id"), s.Zone)
	if err != nil {
		return err
	}
	view := handoverView{
		Me: me, Person: models.MaskName(card.Recipient.Name.Reveal()), Number: card.Recipient.Number, Place: nearer(townOf(card.Place), me.Scope),
		From: models.MaskName(card.From.Name.Reveal()), To: models.MaskName(card.To.Name.Reveal()), On: card.OnDay.String(),
		Promises: card.Promises, Asked: len(card.Asked), Back: changesPath + "/" + card.AdjustmentID,
	}
	if card.ReadAt != 0 {
		view.Read = models.DayOf(card.ReadAt.Time(), s.Zone).String()
	}
	if n := len(card.Plan); n > 0 {
		view.Plan = fmt.Sprintf("一人一策还有 %d 条没办,最早的到 %s;接手的干部在微信里看得到。", n, card.Plan[0].DueOn.String())
	}
	if card.Needs != "" {
		view.Needs = "名册里写着需求,接手的干部在微信里看得到。"
	}
	for _, n := range card.Open {
		view.Open = append(view.Open, "诉求 #"+strconv.Itoa(n.Number)+"("+string(n.Category)+","+n.State.Label()+")")
	}
	for _, a := range card.Last {
		view.Last = append(view.Last, a.Day.String()+" "+a.Kind.Label())
	}
	return s.draw(w, r, me, http.StatusOK, "handover", view)
}

// townOf cuts a path to its township.
func townOf(path string) string {
	parts := strings.Split(path, "/")
	return strings.Join(parts[:min(2, len(parts))], "/")
}
