package web

import (
	"fmt"
	"io"
	"net/http"
	"unicode/utf8"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

type filingView struct {
	form
	Proof   string
	MayFull bool
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
	return s.drawFiling(w, r, me, http.StatusOK, form{})
}

func (s *site) drawFiling(w http.ResponseWriter, r *http.Request, me seat, status int, f form) error {
	ctx, until := r.Context(), s.today()
	count, rows, err := me.st.FilingDesk(ctx, me.Region, until, filingShown)
	if err != nil {
		return err
	}
	view := filingView{form: f, Proof: s.proofLabel(r), MayFull: me.may(models.ObjectFiling, models.Reveal), Count: count, Until: until.String(), More: max(0, count.New+count.Changed+count.Deleted-len(rows)), MayTick: me.may(models.ObjectFiling, models.Write)}
	for _, f := range rows {
		row := filingRow{
			ID: f.ID, Action: f.Action.Label(), Day: f.Day.String(), What: f.Kind.Label(), Person: models.MaskName(f.Recipient.Name.Reveal()), Number: f.Recipient.Number,
			Place: nearer(f.Township, me.Scope), Cadre: models.MaskName(f.Cadre.Name.Reveal()),
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
	return s.draw(w, r, me, status, "filing", view)
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
	return s.sendFiling(w, r, rows, nil, "")
}

// filePassword is the shortest password of a file with id numbers.
const filePassword = 8

// fullFilingBook hands out the sheets with names and id numbers in full, to who
// may see them, for a reason, after the second factor, in a file that opens with
// a password only (users.md 五.2).
func (s *site) fullFilingBook(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	password := r.PostFormValue("password")
	f.Values.Del("password")
	switch n := utf8.RuneCountInString(password); {
	case n < filePassword:
		f.wrong("password", "打开文件的口令至少 8 个字。")
	case n > 60:
		f.wrong("password", "口令太长,60 个字以内。")
	}
	if err := s.why(r, me, &f); err != nil {
		return err
	}
	if !f.OK() {
		return s.drawFiling(w, r, me, http.StatusUnprocessableEntity, f)
	}
	rows, err := me.st.Filing(ctx, me.Region, s.today(), exportMost, true)
	if err != nil {
		return err
	}
	var ids []string
	for _, row := range rows {
		ids = append(ids, row.RecipientID)
	}
	numbers, err := me.st.IDNumbers(ctx, ids)
	if err != nil {
		return err
	}
	detail := fmt.Sprintf("rows=%d people=%d %s", len(rows), len(numbers), f.Get("reason"))
	if err := me.st.Note(ctx, "filing.reveal", "account:"+me.ID, detail); err != nil {
		return err
	}
	return s.sendFiling(w, r, rows, numbers, password)
}

func (s *site) sendFiling(w http.ResponseWriter, r *http.Request, rows []store.FilingRow, numbers map[string]string, password string) error {
	sheets := make([]xlsx.FilingSheet, 3)
	at := map[store.FilingAction]*xlsx.FilingSheet{}
	for i, a := range []store.FilingAction{store.FilingNew, store.FilingChanged, store.FilingDeleted} {
		sheets[i].Name, at[a] = a.Label(), &sheets[i]
	}
	for _, f := range rows {
		line := xlsx.FilingLine{ActivityRow: exportRow(f.ActivityLine), Place: f.Township, Old: f.Old, IDNumber: numbers[f.RecipientID]}
		if password != "" {
			line.Person, line.Cadre, line.Note = f.Recipient.Name.Reveal(), f.Cadre.Name.Reveal(), f.Note.Reveal()
		}
		at[f.Action].Lines = append(at[f.Action].Lines, line)
	}
	return s.sendBook(w, r, "录省系统-"+s.today().Time().Format("20060102"), func(out io.Writer) error { return xlsx.WriteFiling(out, sheets, password) })
}
