package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"aixin/models"
	"aixin/models/store"
)

type flagsView struct {
	Rows     []flagRow
	Tracks   []trackRow
	MayClose bool
	Fault    string
	For      string // whose words were not taken
	Words    string
	Pager    pager
}

type flagRow struct{ ID, Kind, Why, Innocent, Day, Rows string }

type trackRow struct {
	Kind                  string
	Open, Held, Dismissed int
	Precision             string
}

const flagsPage = 30

// flags are records that somebody should look at, each with what is usually
// behind it. They name no cadre: the rows do, to who may see them.
func (s *site) flags(w http.ResponseWriter, r *http.Request, me seat) error {
	return s.showFlags(w, r, me, "", http.StatusOK)
}

func (s *site) showFlags(w http.ResponseWriter, r *http.Request, me seat, fault string, status int) error {
	ctx := r.Context()
	skip, _ := strconv.Atoi(r.FormValue("skip")) // a wrong number begins at the first
	skip = max(0, skip)
	found, err := me.st.Flags(ctx, models.FlagOpen, skip, flagsPage+1)
	if err != nil {
		return err
	}
	view := flagsView{MayClose: me.may(models.ObjectFlag, models.Write), Fault: fault, For: r.PathValue("id"), Words: r.PostFormValue("reason")}
	if len(found) > flagsPage {
		found, view.Pager.Older = found[:flagsPage], fmt.Sprintf("/admin/flags?skip=%d", skip+flagsPage)
	}
	if skip > 0 {
		view.Pager.Newer = fmt.Sprintf("/admin/flags?skip=%d", max(0, skip-flagsPage))
	}
	for _, f := range found {
		day := string(f.Day)
		link := "/admin/activities?cadre=" + f.CadreID + "&from=" + day + "&to=" + day
		if f.Kind == models.FlagRush {
			link = "/admin/activities?unit=" + f.UnitID + "&from=" + string(models.MonthOf(f.Day).First()) + "&to=" + day
		}
		view.Rows = append(view.Rows, flagRow{f.ID, f.Kind.Label(), f.Explain(), f.Kind.Innocent(), f.Day.String(), link})
	}
	tracks, err := me.st.FlagTracks(ctx)
	if err != nil {
		return err
	}
	for _, t := range tracks {
		row := trackRow{t.Kind.Label(), t.Open, t.Held, t.Dismissed, "—"}
		if n := t.Held + t.Dismissed; n > 0 {
			row.Precision = percent(float64(t.Held) / float64(n))
		}
		view.Tracks = append(view.Tracks, row)
	}
	return s.draw(w, r, me, status, "flags", view)
}

// closeFlag writes what somebody found.
func (s *site) closeFlag(w http.ResponseWriter, r *http.Request, me seat) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	flag, err := me.st.Flag(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	flag.State, flag.Reason = models.FlagState(f.Get("state")), models.Conceal(f.Get("reason"))
	if flag.State != models.FlagDismissed && flag.State != models.FlagHeld || f.Get("reason") == "" || len([]rune(f.Get("reason"))) > 300 {
		return s.showFlags(w, r, me, "写一句看到了什么(300字以内),再点“没问题”或“要抽查”。", http.StatusUnprocessableEntity)
	}
	err = me.st.InTx(r.Context(), func(tx *store.Store) error {
		if err := tx.CloseFlag(r.Context(), flag, me.ID); err != nil {
			return err
		}
		if flag.State == models.FlagHeld && flag.RecordID != "" {
			if err := tx.CheckRecord(r.Context(), flag, s.today()); err != nil {
				return err
			}
		}
		return tx.Note(r.Context(), "flag."+string(flag.State), "flag:"+flag.ID, string(flag.Kind))
	})
	if errors.Is(err, store.ErrLost) {
		return s.done(w, r, "/admin/flags", "这一条刚才有人看过了。")
	}
	if err != nil {
		return err
	}
	if flag.State == models.FlagHeld {
		return s.done(w, r, "/admin/flags", "转去抽查了,和别的户混在一起问。")
	}
	return s.done(w, r, "/admin/flags", "记上了,没问题。")
}
