package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"aixin/models"
	"aixin/web/webtest"
)

// looked is a visit that looked at what the office asks for.
func (w *world) looked() {
	w.t.Helper()
	st := w.db.System("test")
	pairings, err := st.LastingPairings(ctx, w.here.people[0], "")
	if err != nil {
		w.t.Fatal(err)
	}
	for i, name := range []string{"吃穿", "用药"} {
		w.create(&models.Choice{ID: st.NewID(), List: models.ListChecklist, Code: fmt.Sprint("own", i+1), Name: name, Rank: i, FromDay: "2026-01-01"})
	}
	rec := w.record(w.here, pairings[0], []models.Activity{{Kind: models.KindVisit, Day: "2026-11-12"}})
	if _, err := st.KeepFindings(ctx, rec, map[string]bool{"own1": true, "own2": false}); err != nil {
		w.t.Fatal(err)
	}
}

// A county counts its November, looks at it, signs it, and corrects it by a note.
func TestReportToSignOff(t *testing.T) {
	webtest.Each(t, func(t *testing.T, b *webtest.Tab) {
		w, clock := journey(t)
		w.looked()
		clock.Set(time.Date(2026, 12, 17, 2, 0, 0, 0, time.UTC))
		w.comes(b, "kongtong1", "/admin/reports", "已关账,等签发")
		b.Look("reports")
		b.Goto(w.url + "/admin/reports/view?kind=monthly&period=2026-11")
		b.Sees("这一期还没算")
		b.Look("report-none")
		b.Click("draw")
		b.Sees("算好了")
		b.Shot("report-work")
		b.Click("result")
		b.Sees("六项指标")
		b.Sees("各月 + 补以前月份 = 本年累计 ✓")
		b.Sees("四必查有情况(人次):用药1")
		b.Sees("看过(人次)")
		b.Look("report")
		book, err := excelize.OpenReader(strings.NewReader(b.Download(t.TempDir(), webtest.ID("download"))))
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		rows, err := book.GetRows("还差名单")
		if err != nil || len(rows) < 3 || strings.Contains(strings.Join(rows[3], ""), "谷军平") {
			t.Errorf("the workbook's list: %v %v", rows, err)
		}
		b.Click("sign")
		b.Sees("签发以后,这一期的数不再变")
		b.Look("report-sign")
		b.Click("sure")
		b.Sees("签发好了")
		b.Goto(w.url + "/admin/reports/view?kind=monthly&period=2026-11")
		b.Sees("已签发,数不再变")
		if v := b.Eval(`!!document.querySelector('[data-testid=sign], [data-testid=draw]')`); v != false {
			t.Error("a signed report can be signed or counted again")
		}
		b.Type("words", "柳湖镇11月走访多记1次,12月补记栏已冲。")
		b.Click("note")
		b.Sees("柳湖镇11月走访多记1次")
		b.Look("report-signed")
	})
}
