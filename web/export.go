package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

// exportMost is the most activities of one workbook: what a browser waits for.
const exportMost = 100_000

// exportActivities hands out the list as a workbook, masked as the page is, and
// says so in the audit before the first byte.
func (s *site) exportActivities(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	ask, filter, faults := s.readAsked(r.URL.Query())
	if len(faults) > 0 {
		s.message(w, r, http.StatusUnprocessableEntity, message{Title: "表没有导出", Text: strings.Join(faults, ""), Link: ask.link(listPath, nil), Label: "回去改"})
		return nil
	}
	totals, err := me.st.ActivityTotals(ctx, filter)
	if err != nil {
		return err
	}
	_, n := sums(totals)
	if n > exportMost {
		s.message(w, r, http.StatusUnprocessableEntity, message{
			Title: "条数太多", Text: fmt.Sprintf("这里有 %d 条,一次最多导出 %d 条。把日期或地区缩小一点再导。", n, exportMost),
			Link: ask.link(listPath, nil), Label: "回去改",
		})
		return nil
	}
	if err := me.st.Note(ctx, "export.activities", "account:"+me.ID, exportDetail(filter, n)); err != nil {
		return err
	}
	return s.sendBook(w, r, "走访联系记录-"+s.today().Time().Format("20060102"), func(out io.Writer) error {
		var broke error
		err := xlsx.WriteActivities(out, func(yield func(xlsx.ActivityRow) bool) {
			for line, err := range me.st.EachActivity(ctx, filter) {
				if broke = err; err != nil || !yield(exportRow(line)) {
					return
				}
			}
		})
		return errors.Join(broke, err)
	})
}

// sendBook hands out a workbook. It is written whole first: half of one would
// open as damaged.
func (s *site) sendBook(w http.ResponseWriter, r *http.Request, name string, write func(io.Writer) error) error {
	select { // a workbook in the making takes memory and disk
	case s.exports <- struct{}{}:
		defer func() { <-s.exports }()
	case <-r.Context().Done():
		return r.Context().Err()
	}
	tmp, err := os.CreateTemp("", "aixin-*.xlsx")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	if err := write(tmp); err != nil {
		return err
	}
	size, err := tmp.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = tmp.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	h.Set("Content-Disposition", `attachment; filename="aixin.xlsx"; filename*=UTF-8''`+url.PathEscape(name+".xlsx"))
	h.Set("Content-Length", fmt.Sprint(size))
	if _, err := io.Copy(w, tmp); err != nil {
		s.Log.Debug("workbook not taken", "err", err)
	}
	return nil
}

// exportDetail tells the audit what was taken out, in ids.
func exportDetail(f store.ActivityFilter, n int64) string {
	parts := []string{fmt.Sprintf("rows=%d masked from=%s to=%s", n, string(f.From), string(f.To))}
	for _, p := range [][2]string{{"kind", string(f.Kind)}, {"region", f.Region}, {"unit", f.Unit}, {"cadre", f.Cadre}, {"person", f.Person}} {
		if p[1] != "" {
			parts = append(parts, p[0]+"="+p[1])
		}
	}
	return strings.Join(parts, " ")
}

func exportRow(l store.ActivityLine) xlsx.ActivityRow {
	return xlsx.ActivityRow{
		Person: models.MaskName(l.Recipient.Name.Reveal()), PersonID: l.Recipient.Number,
		Cadre: models.MaskName(l.Cadre.Name.Reveal()), CadreID: l.CadreID, Unit: l.Unit,
		Kind: l.Kind, Channel: l.Channel, Help: l.Help, Day: l.Day, AmountFen: l.AmountFen,
		Photos: len(l.Photos), Source: l.Source, Status: l.Status, Fund: l.Fund, Found: l.Found,
	}
}
