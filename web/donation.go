package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"aixin/models"
	"aixin/models/store"
)

type donationsView struct {
	form
	Rows    []donationRow
	MayGive bool
	Pager   pager
}

type donationRow struct{ Link, Number, Day, Donor, What, Amount, Used, Handed, Left, Purpose string }

const donationsPage = 50

// donations is the ledger of what was given to the place.
func (s *site) donations(w http.ResponseWriter, r *http.Request, me seat) error {
	return s.showDonations(w, r, me, form{}, http.StatusOK)
}

func (s *site) showDonations(w http.ResponseWriter, r *http.Request, me seat, f form, status int) error {
	skip, _ := strconv.Atoi(r.FormValue("skip")) // a wrong number begins at the first
	skip = max(0, skip)
	lines, err := me.st.Donations(r.Context(), skip, donationsPage+1)
	if err != nil {
		return err
	}
	view := donationsView{form: f, MayGive: me.may(models.ObjectDonation, models.Write)}
	if len(lines) > donationsPage {
		lines, view.Pager.Older = lines[:donationsPage], fmt.Sprintf("/admin/donations?skip=%d", skip+donationsPage)
	}
	if skip > 0 {
		view.Pager.Newer = fmt.Sprintf("/admin/donations?skip=%d", max(0, skip-donationsPage))
	}
	for _, d := range lines {
		view.Rows = append(view.Rows, s.donationRowOf(d))
	}
	return s.draw(w, r, me, status, "donations", view)
}

func (s *site) donationRowOf(d store.DonationLine) donationRow {
	what := "资金"
	if d.Goods {
		what = d.What
	}
	return donationRow{
		Link: "/admin/donations/" + d.ID, Number: fmt.Sprintf("%04d", d.Number), Day: s.date(d.Day), Donor: d.Donor.Reveal(), What: what, Amount: d.AmountFen.Yuan(),
		Used: d.Used.Yuan(), Handed: d.Handed.Yuan(), Left: d.Left().Yuan(), Purpose: d.Purpose,
	}
}

// sum reads an amount in yuan with at most two decimals.
func (f *form) sum(name string) models.Fen {
	yuan, cents, _ := strings.Cut(f.Get(name), ".")
	n, err := strconv.ParseInt(yuan, 10, 64)
	c, err2 := strconv.ParseInt((cents + "00")[:2], 10, 64)
	if err != nil || err2 != nil || len(cents) > 2 || n < 0 || c < 0 || n > 1e10 || n == 0 && c == 0 {
		f.wrong(name, "写成数字,如 300 或 256.50。")
		return 0
	}
	return models.Fen(n*100 + c)
}

// day reads a date that is not in the future.
func (s *site) pastDay(f *form, name string) models.Day {
	d, err := models.ParseDay(f.Get(name))
	switch {
	case err != nil:
		f.wrong(name, "选一个日子。")
	case d > s.today():
		f.wrong(name, "这个日子还没到。")
	}
	return d
}

// addDonation enters one.
func (s *site) addDonation(w http.ResponseWriter, r *http.Request, me seat) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d := models.Donation{
		Day: s.pastDay(&f, "day"), Donor: models.Conceal(f.Get("donor")), Goods: f.Get("form") == "goods", What: f.Get("what"), AmountFen: f.sum("amount"),
		Purpose: f.Get("purpose"), Region: me.Region,
	}
	if f.Get("donor") == "" {
		f.wrong("donor", "写是谁捐的;不愿留名的写“爱心人士”。")
	}
	if d.Goods && d.What == "" {
		f.wrong("what", "写是什么、多少,如 棉衣200件。")
	}
	if len([]rune(d.What)) > 60 || len([]rune(d.Purpose)) > 60 || len([]rune(f.Get("donor"))) > 60 {
		f.wrong("", "每栏最多60个字。")
	}
	if !f.OK() {
		return s.showDonations(w, r, me, f, http.StatusUnprocessableEntity)
	}
	if err := me.st.InTx(r.Context(), func(tx *store.Store) error {
		if err := tx.AddDonation(r.Context(), &d); err != nil {
			return err
		}
		return tx.Note(r.Context(), "donation.add", "donation:"+d.ID, d.AmountFen.Yuan())
	}); err != nil {
		return err
	}
	return s.done(w, r, "/admin/donations/"+d.ID, fmt.Sprintf("记上了,收据号 %04d。", d.Number))
}

type donationView struct {
	form
	donationRow
	ID      string
	Uses    []useRow
	Places  []option
	MayGive bool
}

type useRow struct{ ID, Day, Amount, Place, People, Note, Handed string }

// donation is one with where it went.
func (s *site) donation(w http.ResponseWriter, r *http.Request, me seat) error {
	return s.showDonation(w, r, me, form{}, http.StatusOK)
}

func (s *site) showDonation(w http.ResponseWriter, r *http.Request, me seat, f form, status int) error {
	ctx := r.Context()
	line, uses, err := me.st.Donation(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	places, err := me.st.RegionsBelow(ctx, []string{line.Region})
	if err != nil {
		return err
	}
	view := donationView{form: f, donationRow: s.donationRowOf(line), ID: line.ID, MayGive: me.may(models.ObjectDonation, models.Write)}
	names := map[string]string{line.Region: "本级"}
	view.Places = append(view.Places, option{line.Region, "本级", f.Get("region") == line.Region})
	for _, p := range places {
		names[p.Code] = p.Name
		view.Places = append(view.Places, option{p.Code, p.Name, f.Get("region") == p.Code})
	}
	for _, u := range uses {
		view.Uses = append(view.Uses, useRow{u.ID, s.date(u.Day), u.AmountFen.Yuan(), names[u.Region], fmt.Sprint(u.People), u.Note.Reveal(), s.date(u.HandedOn)})
	}
	return s.draw(w, r, me, status, "donation", view)
}

// useDonation allots a part, or notes that one was handed over.
func (s *site) useDonation(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	line, _, err := me.st.Donation(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	back := "/admin/donations/" + line.ID
	if use := f.Get("use"); use != "" {
		day := s.pastDay(&f, "handed")
		if !f.OK() {
			return s.done(w, r, back, "写清哪天交到手的再存。")
		}
		if err := me.st.HandOver(ctx, line.ID, use, day); err != nil && !errors.Is(err, store.ErrLost) {
			return err
		}
		return s.done(w, r, back, "交到手记上了。")
	}
	people, err := strconv.Atoi(f.Get("people"))
	if err != nil || people < 1 || people > 100_000 {
		f.wrong("people", "写多少人受益。")
	}
	u := models.DonationUse{
		DonationID: line.ID, Day: s.pastDay(&f, "day"), AmountFen: f.sum("amount"), Region: f.Get("region"), People: people, Note: models.Conceal(f.Get("note")),
	}
	if !models.Holds(line.Region, u.Region) || strings.Trim(u.Region, "0123456789") != "" || len(u.Region) > 12 {
		f.wrong("region", "选给哪里。")
	}
	if f.OK() {
		if err = me.st.UseDonation(ctx, &u); errors.Is(err, store.ErrTooMuch) {
			f.wrong("amount", "这一笔只剩 "+line.Left().Yuan()+" 没安排。")
		} else if err != nil {
			return err
		}
	}
	if !f.OK() {
		return s.showDonation(w, r, me, f, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, back, "安排记上了。")
}
