package web

import (
	"fmt"
	"net/http"

	"aixin/models"
	"aixin/models/store"
)

// disputes is what families say of visits: the rates of the last ninety days by
// county, the draws with their seeds, and the records that stand as 待核.
func (s *site) disputes(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	view := deskView{Me: me, Title: "家里的说法", Head: "什么时候说的", Path: "/admin/disputes", Empty: "没有待核的记录。家里说“记录上来过,其实没来”,就到这里。"}
	now := models.InstantOf(s.Now())
	rates, err := me.st.ConfirmRates(ctx, now.Add(-3*models.ConfirmEvery), now+1)
	if err != nil {
		return err
	}
	for _, c := range rates {
		name, err := s.place(ctx, me.st, c.Region)
		if err != nil {
			return err
		}
		view.Notes = append(view.Notes, fmt.Sprintf("%s:90天问了%d户,%d户说来过、%d户说没来、%d户记不清、%d户没回;说来过的占%.0f%%(95%%区间 %.0f%%—%.0f%%)",
			name, c.Asked, c.Yes, c.No, c.Unsure, c.Unknown, 100*c.Rate.Share, 100*c.Rate.Low, 100*c.Rate.High))
	}
	draws, err := me.st.Draws(ctx, 2)
	if err != nil {
		return err
	}
	for _, d := range draws {
		if d.DrawnAt == 0 {
			view.Notes = append(view.Notes, fmt.Sprintf("%s 起那周的种子已定,校验码 %.12s", d.Week, models.SeedHash(d.Seed)))
			continue
		}
		view.Notes = append(view.Notes, fmt.Sprintf("%s 抽的:%d次走访里问了%d户,种子 %s", d.Week, d.Frame, d.Asked, d.Seed))
	}
	rows, err := me.st.OpenDisputes(ctx)
	if err != nil {
		return err
	}
	who, err := masked(ctx, me.st, of(rows, func(d models.Dispute) string { return d.RecipientID })...)
	if err != nil {
		return err
	}
	for _, d := range rows {
		row := deskRow{ID: d.ID, What: d.Day.String() + "那次走访", State: "待核", Clock: s.clock(d.OpenedAt)}
		row.Who = who[d.RecipientID]
		if row.Place, err = s.place(ctx, me.st, d.Region); err != nil {
			return err
		}
		view.Rows = append(view.Rows, row)
	}
	return s.draw(w, r, me, http.StatusOK, "desk", view)
}

func (s *site) disputeMatter(r *http.Request, me seat) (v matterView, d models.Dispute, err error) {
	ctx := r.Context()
	if d, err = me.st.Dispute(ctx, r.PathValue("id")); err != nil {
		return v, d, err
	}
	v = matterView{Me: me, Title: d.Day.String() + "那次走访", Path: "/admin/disputes", ID: d.ID, State: map[string]string{"": "待核", models.DisputeUpheld: "没来,记录撤了", models.DisputeRejected: "来过,记录照旧"}[d.Outcome]}
	who, err := masked(ctx, me.st, d.RecipientID)
	if err != nil {
		return v, d, err
	}
	where, err := s.place(ctx, me.st, d.Region)
	if err != nil {
		return v, d, err
	}
	v.Facts = [][2]string{{"谁家", who[d.RecipientID]}, {"在哪", where}, {"说的时间", s.clock(d.OpenedAt)}, {"结的时间", s.clock(d.ClosedAt)}}
	office := me.Role == models.AccountCounty || me.Role == models.AccountCity
	if v.Hidden = !office; v.Hidden {
		return v, d, nil
	}
	v.Words = d.Words.Reveal()
	v.Facts = append(v.Facts, [2]string{"怎么核的", d.Reason.Reveal()})
	if d.ClosedAt == 0 {
		v.Steps = []step{{Do: models.DisputeUpheld, Label: "核了,没来", Words: "怎么核的"}, {Do: models.DisputeRejected, Label: "核了,来过", Words: "怎么核的"}}
	}
	return v, d, nil
}

// dispute is one record that a family says is not so.
func (s *site) dispute(w http.ResponseWriter, r *http.Request, me seat) error {
	v, d, err := s.disputeMatter(r, me)
	if err != nil {
		return err
	}
	if !v.Hidden {
		if err := me.st.Note(r.Context(), "dispute_read", "recipient:"+d.RecipientID, "dispute:"+d.ID); err != nil {
			return err
		}
	}
	return s.draw(w, r, me, http.StatusOK, "matter", v)
}

// closeDispute ends it: the record stands again, or is withdrawn.
func (s *site) closeDispute(w http.ResponseWriter, r *http.Request, me seat) error {
	v, d, err := s.disputeMatter(r, me)
	if err != nil {
		return err
	}
	return s.taken(w, r, me, "/admin/disputes/"+d.ID, v.Steps, func(outcome, reason string) (string, error) {
		return "记下了。", me.st.InTx(r.Context(), func(tx *store.Store) error {
			if err := tx.CloseDispute(r.Context(), d, outcome, reason); err != nil {
				return err
			}
			return tx.Note(r.Context(), "dispute_close", "recipient:"+d.RecipientID, outcome)
		})
	})
}
