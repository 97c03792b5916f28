package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

// reportWanted is which report a page is about.
type reportWanted struct {
	Kind   models.ReportKind
	Period string
	Region string
}

func (q reportWanted) query() string {
	return url.Values{"kind": {string(q.Kind)}, "period": {q.Period}, "region": {q.Region}}.Encode()
}

// draftLife is how long a drawn-up report that nobody signed is kept: a city's
// takes seconds to count.
const draftLife = 6 * time.Hour

// draft is such a report.
type draft struct {
	At     models.Instant
	Report *models.Report
}

func draftKey(ask models.ReportAsk) string {
	return "aixin:report:" + string(ask.Period.Kind) + ":" + ask.Period.Key() + ":" + ask.Region.Code + ":" + ask.Unit.ID
}

// wanted reads which report is asked for: within one's region, or of one's unit.
func (s *site) wanted(r *http.Request, me seat) (reportWanted, models.ReportAsk, error) {
	q := reportWanted{models.ReportKind(r.FormValue("kind")), r.FormValue("period"), r.FormValue("region")}
	if q.Kind == "" {
		q.Kind = models.ReportMonthly
	}
	if q.Period == "" {
		q.Period = string(models.MonthOf(s.today()).Add(-1))
	}
	if q.Region == "" || me.UnitID != "" {
		q.Region = me.Region
	}
	ask := models.ReportAsk{Zone: s.Zone, Now: models.InstantOf(s.Now())}
	period, err := models.ParsePeriod(q.Kind, q.Period)
	if err != nil || period.From() > s.today() || !models.Holds(me.Region, q.Region) {
		return q, ask, store.ErrNotFound
	}
	ask.Period = period
	if ask.Region, err = me.st.FindRegion(r.Context(), q.Region); err != nil {
		return q, ask, err
	}
	if me.UnitID != "" {
		if ask.Unit, err = me.st.Unit(r.Context(), me.UnitID); err != nil {
			return q, ask, err
		}
	}
	ask.Calendar, err = me.st.Calendar(r.Context())
	return q, ask, err
}

// ready finds a report that need not be counted: a signed one, or a draft.
func (s *site) ready(ctx context.Context, me seat, ask models.ReportAsk) (store.SignedReport, models.Instant, error) {
	signed, err := me.st.SignedReport(ctx, ask.Period, ask.Region.Code, ask.Unit.ID)
	if !errors.Is(err, store.ErrNotFound) {
		return signed, signed.SignedAt, err
	}
	packed, err := s.Redis.Get(ctx, draftKey(ask)).Bytes()
	if errors.Is(err, redis.Nil) {
		return signed, 0, store.ErrNotFound
	}
	if err != nil {
		return signed, 0, away(err)
	}
	var d draft
	plain, err := gzip.NewReader(bytes.NewReader(packed))
	if err == nil {
		err = json.NewDecoder(plain).Decode(&d)
	}
	return store.SignedReport{Report: d.Report}, d.At, err
}

func (s *site) keepDraft(ctx context.Context, ask models.ReportAsk, r *models.Report) error {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if err := errors.Join(json.NewEncoder(z).Encode(draft{models.InstantOf(s.Now()), r}), z.Close()); err != nil {
		return err
	}
	return away(s.Redis.Set(ctx, draftKey(ask), packed.Bytes(), draftLife).Err())
}

// drawReport counts a report behind a page.
func (s *site) drawReport(w http.ResponseWriter, r *http.Request, me seat) error {
	q, ask, err := s.wanted(r, me)
	if err != nil {
		return err
	}
	page, err := s.begin(r, me, ask.Region.Name+ask.Period.String()+ask.Period.Kind.Label(), func(ctx context.Context, step func(done, total int)) (string, string, error) {
		step(0, 1)
		report, err := me.st.BuildReport(ctx, ask)
		var unbalanced models.Unbalanced
		if errors.As(err, &unbalanced) {
			return "没有出表:" + unbalanced.Error(), "/admin/reports", nil
		}
		if err != nil {
			return "", "", err
		}
		return "算好了。", "/admin/reports/view?" + q.query(), s.keepDraft(ctx, ask, report)
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, page, http.StatusSeeOther)
	return nil
}

// signReport freezes a closed report, by the office whose it is.
func (s *site) signReport(w http.ResponseWriter, r *http.Request, me seat) error {
	q, ask, err := s.wanted(r, me)
	if err != nil {
		return err
	}
	if ask.Region.Code != me.Region {
		return store.ErrNotFound // signed by its own office
	}
	back := "/admin/reports/view?" + q.query()
	if ask.Now <= ask.Calendar.ClosedAt(ask.Period.Last, s.Zone) {
		return s.done(w, r, back, fmt.Sprintf("还没关账,%s录完才能签发。", ask.Calendar.CloseOn(ask.Period.Last)))
	}
	sure, err := s.sure(w, r, me, confirm{
		Title: "签发" + ask.Region.Name + ask.Period.String() + ask.Period.Kind.Label(),
		Lines: []string{"签发以后,这一期的数不再变。", "再发现有错,写一条更正说明附在后面;补录和更正记进下一期的“补以前月份”。"},
		Label: "签发", Back: back,
	})
	if !sure || err != nil {
		return err
	}
	page, err := s.begin(r, me, "签发"+ask.Period.String()+ask.Period.Kind.Label(), func(ctx context.Context, step func(done, total int)) (string, string, error) {
		step(0, 1)
		_, err := me.st.SignReport(ctx, ask)
		var unbalanced models.Unbalanced
		if errors.As(err, &unbalanced) {
			return "没有签发:" + unbalanced.Error(), back, nil
		}
		return "签发好了。", back, err
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, page, http.StatusSeeOther)
	return nil
}

// noteReport adds a dated correction to a signed report.
func (s *site) noteReport(w http.ResponseWriter, r *http.Request, me seat) error {
	q, ask, err := s.wanted(r, me)
	if err != nil {
		return err
	}
	if ask.Region.Code != me.Region {
		return store.ErrNotFound
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	back := "/admin/reports/view?" + q.query()
	signed, err := me.st.SignedReport(r.Context(), ask.Period, ask.Region.Code, ask.Unit.ID)
	if errors.Is(err, store.ErrNotFound) {
		return s.done(w, r, back, "这一期还没签发,有错直接改记录。")
	}
	if err != nil {
		return err
	}
	if f.Get("words") == "" {
		return s.done(w, r, back, "写一句更正什么再存。")
	}
	if err := me.st.NoteReport(r.Context(), signed.ID, f.Get("words")); err != nil {
		return err
	}
	return s.done(w, r, back, "更正记上了,原来的数不动。")
}

// reportBook hands out the workbook, masked as the page is.
func (s *site) reportBook(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	q, ask, err := s.wanted(r, me)
	if err != nil {
		return err
	}
	report, _, err := s.ready(ctx, me, ask)
	if errors.Is(err, store.ErrNotFound) {
		http.Redirect(w, r, "/admin/reports/view?"+q.query(), http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	if err := me.st.Note(ctx, "report", "account:"+me.ID, fmt.Sprintf("%s %s region=%s unit=%s masked", q.Kind, q.Period, ask.Region.Code, ask.Unit.ID)); err != nil {
		return err
	}
	names, err := me.st.ReportNames(ctx, report.Report, true)
	if err != nil {
		return err
	}
	book := xlsx.ReportBook{Report: report.Report, Zone: s.Zone, SignedAt: report.SignedAt, Hash: report.Hash, Names: names}
	for _, n := range report.Notes {
		book.Notes = append(book.Notes, xlsx.ReportRemark{At: n.At, Words: n.Words})
	}
	if report.SignedBy != "" {
		book.SignedBy = s.signer(ctx, me, report.SignedBy)
	}
	return s.sendBook(w, r, report.Name+report.Period.String()+report.Kind.Label(), func(out io.Writer) error { return xlsx.WriteReport(out, book) })
}

// signer is the name of the account that signed.
func (s *site) signer(ctx context.Context, me seat, actor string) string {
	if id, ok := strings.CutPrefix(actor, "account:"); ok {
		if a, err := s.DB.As(models.Actor{Account: me.ID, Region: models.CityCode}).Account(ctx, id); err == nil {
			return a.Name.Reveal()
		}
	}
	return ""
}

// periodsOf lists the periods of a year that can be looked at, the newest first.
func (s *site) periodsOf(kind models.ReportKind, year int) (keys []string) {
	n := map[models.ReportKind]int{models.ReportMonthly: 12, models.ReportQuarterly: 4, models.ReportAnnual: 1}[kind]
	for i := n; i > 0; i-- {
		key := map[models.ReportKind]string{
			models.ReportMonthly: string(models.NewMonth(year, i)), models.ReportQuarterly: strconv.Itoa(year) + "Q" + strconv.Itoa(i), models.ReportAnnual: strconv.Itoa(year),
		}[kind]
		if p, err := models.ParsePeriod(kind, key); err == nil && p.From() <= s.today() {
			keys = append(keys, key)
		}
	}
	return keys
}
