package web

import (
	"fmt"
	"io"
	"net/http"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

type filingView struct {
	Count   store.FilingCount
	Until   string
	Rows    []filingRow
	More    int
	MayTick bool
}

type filingRow struct{ ID, Action, Day, What, Person, Number, Place, Cadre, Old string }

// filingShown is how many rows stand on the page; all are in the workbook.
const filingShown = 200

// filing is what has to be entered, changed and deleted in the provincial system
// since it was last ticked.
func (s *site) filing(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx, until := r.Context(), s.today()
	count, rows, err := me.st.FilingDesk(ctx, me.Region, until, filingShown)
	if err != nil {
		return err
	}
	view := filingView{Count: count, Until: until.String(), More: max(0, count.New+count.Changed+count.Deleted-len(rows)), MayTick: me.may(models.ObjectFiling, models.Write)}
	for _, f := range rows {
		row := filingRow{
			ID: f.ID, Action: f.Action.Label(), Day: f.Day.String(), What: f.Kind.Label(), Person: models.MaskName(f.Recipient.Name.Reveal()), Number: f.Recipient.Number,
			Place: f.Township, Cadre: models.MaskName(f.Cadre.Name.Reveal()),
		}
		if f.AmountFen != nil {
			row.What += " " + models.Fen(*f.AmountFen).Yuan()
		}
		if f.Old != nil {
			row.Old = "省系统里是 " + f.Old.Day.String() + f.Old.Kind.Label()
			if f.Old.AmountFen != nil {
				row.Old += models.Fen(*f.Old.AmountFen).Yuan()
			}
		}
		view.Rows = append(view.Rows, row)
	}
	return s.draw(w, r, me, http.StatusOK, "filing", view)
}

// tickFiling notes the rows that somebody entered.
func (s *site) tickFiling(w http.ResponseWriter, r *http.Request, me seat) error {
	if _, err := readForm(r); err != nil {
		return err
	}
	ctx, until := r.Context(), s.today()
	if r.PostFormValue("all") == "yes" {
		sure, err := s.sure(w, r, me, confirm{
			Title: "全部勾成已录", Lines: []string{"截至" + until.String() + "的三张表,全都勾上。", "勾后又改又撤的,下次会再出来。"}, Label: "都录完了,勾上", Back: "/admin/filing",
		})
		if !sure || err != nil {
			return err
		}
		n, err := me.st.TickAll(ctx, me.Region, until)
		if err != nil {
			return err
		}
		if err := me.st.Note(ctx, "filing.tick", "account:"+me.ID, fmt.Sprintf("all until=%s rows=%d", string(until), n)); err != nil {
			return err
		}
		return s.done(w, r, "/admin/filing", fmt.Sprintf("勾了 %d 条。", n))
	}
	ids := r.PostForm["id"]
	n, err := me.st.Tick(ctx, me.Region, until, ids)
	if err != nil {
		return err
	}
	if err := me.st.Note(ctx, "filing.tick", "account:"+me.ID, fmt.Sprintf("rows=%d", n)); err != nil {
		return err
	}
	text := fmt.Sprintf("勾了 %d 条。", n)
	if n < len(ids) {
		text += fmt.Sprintf("另有 %d 条在您看的时候改过了,再看一眼。", len(ids)-n)
	}
	return s.done(w, r, "/admin/filing", text)
}

// filingBook hands out the three sheets, masked as the page is.
func (s *site) filingBook(w http.ResponseWriter, r *http.Request, me seat) error {
	rows, err := me.st.Filing(r.Context(), me.Region, s.today(), exportMost, false)
	if err != nil {
		return err
	}
	if err := me.st.Note(r.Context(), "filing.export", "account:"+me.ID, fmt.Sprintf("rows=%d masked", len(rows))); err != nil {
		return err
	}
	sheets := make([]xlsx.FilingSheet, 3)
	at := map[store.FilingAction]*xlsx.FilingSheet{}
	for i, a := range []store.FilingAction{store.FilingNew, store.FilingChanged, store.FilingDeleted} {
		sheets[i].Name, at[a] = a.Label(), &sheets[i]
	}
	for _, f := range rows {
		at[f.Action].Lines = append(at[f.Action].Lines, xlsx.FilingLine{ActivityRow: exportRow(f.ActivityLine), Place: f.Township, Old: f.Old})
	}
	return s.sendBook(w, r, "录省系统-"+s.today().Time().Format("20060102"), func(out io.Writer) error { return xlsx.WriteFiling(out, sheets) })
}
